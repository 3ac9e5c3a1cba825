"""An Ollama server: every call with a deadline, every failure one of adapters.errors.

What a server can do is found by trying: its version says nothing (a build from source calls itself 0.0.0).
Knows nothing of cards, questions or conversations.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.errors import BadReply, ModelMissing, StreamBroken
from adapters.servers.base import Kind, checked, full_name, nobody, reach
from adapters.servers.circuit_breaker import CircuitBreaker
from adapters.servers.control_tokens import disarmed, without_thoughts
from adapters.servers.request_queue import RequestQueue
from adapters.servers.translate import Ending, client_options, guarded, translated
from adapters.types import (
    LONG,
    QUICK,
    ChatEnd,
    CreateStep,
    Message,
    Model,
    ModelInfo,
    Options,
    Timeouts,
)

if TYPE_CHECKING:
    import ollama as package


# What Ollama gives a model of whose template it knows nothing: the last message alone reaches it, and no rules.
BARE = re.compile(r"\s*\{\{-?\s*\.Prompt\s*-?\}\}\s*")


class Ollama:
    """One Ollama server, on which models can be made too. See ModelServer and ModelMaker."""

    kind: Kind = "ollama"

    def __init__(
        self,
        url: str,
        timeouts: Timeouts | None = None,
        *,
        breaker: CircuitBreaker | None = None,
        request_queue: RequestQueue | None = None,
    ) -> None:
        self.url, self.timeouts = checked(url), timeouts or Timeouts()
        self.breaker = CircuitBreaker() if breaker is None else breaker
        self.request_queue = (
            RequestQueue() if request_queue is None else request_queue
        )  # an empty one is false, having a length

    def _client(self, timeouts: Timeouts, stop: threading.Event | None = None) -> package.Client:
        import ollama

        return ollama.Client(host=self.url, **client_options(timeouts, stop))

    def models(self) -> tuple[Model, ...]:
        """The models that the server has, by name."""
        reach(self.url)
        with translated(self.url):
            found = [_model(item) for item in _listed(self._client(QUICK))]
        return tuple(sorted(found, key=lambda model: model.name))

    def model(self, name: str) -> Model:
        """One model. Raises ModelMissing."""
        found = [model for model in self.models() if model.name == full_name(name)]
        if not found:
            raise ModelMissing(f"The model server at {self.url} has no model '{name}'.")
        return found[0]

    def show(self, name: str) -> ModelInfo:
        """What the server says about a model. Raises ModelMissing."""
        with translated(self.url):
            return _shown(self._client(replace(QUICK, total=30.0, first_byte=30.0)).show(name))

    def blob(self, name: str) -> Path | None:
        """Where the weights of a model lie, as the server's own machine names it; None when it does not say."""
        with translated(self.url):
            said = self._client(replace(QUICK, total=30.0, first_byte=30.0)).show(name)
        found = re.search(r"^FROM (/.+|[A-Za-z]:.+)$", said.modelfile or "", re.M)
        return Path(found[1].strip()) if found else None

    def chat(
        self,
        model: str,
        messages: Sequence[Message],
        options: Options | None = None,
        *,
        stop: threading.Event | None = None,
        timeouts: Timeouts | None = None,
        keep_alive: str = "10m",
        ended: Callable[[ChatEnd], None] = nobody,
    ) -> Generator[str, None, None]:
        """Answers piece by piece, without a thinking model's thoughts; see ModelServer.chat."""
        options = options or Options()
        sent = [
            {"role": message.role, "content": disarmed(message.content)} for message in messages
        ]
        with self.breaker.attempt():
            parts = guarded(
                self._client(timeouts or self.timeouts, stop).chat(
                    model,
                    sent,
                    stream=True,
                    think=options.think,
                    options=_sent(options),
                    keep_alive=keep_alive,
                ),
                self.url,
                stop,
            )
            pieces = without_thoughts(_contents(parts, ended))
            try:
                yield from pieces
            finally:
                pieces.close()
                parts.close()

    def generate(
        self,
        model: str,
        prompt: str,
        options: Options | None = None,
        *,
        timeouts: Timeouts | None = None,
    ) -> str:
        """One whole answer to one user message."""
        return "".join(self.chat(model, [Message("user", prompt)], options, timeouts=timeouts))

    def embed(self, model: str, texts: Sequence[str]) -> tuple[tuple[float, ...], ...]:
        """One vector per text, of length 1. Raises BadReply when there are not as many."""
        if not texts:
            return ()
        with self.breaker.attempt():
            with translated(self.url):
                vectors = self._client(self.timeouts).embed(model, list(texts)).embeddings
            if len(vectors) != len(texts):
                raise BadReply(
                    f"The model server sent {len(vectors)} vectors for {len(texts)} texts."
                )
            return tuple(tuple(float(number) for number in vector) for vector in vectors)

    def create(
        self,
        name: str,
        *,
        base: str = "",
        files: Mapping[str, Path] | None = None,
        adapter: Path | None = None,
        template: str = "",
        parameters: Mapping[str, float | int | tuple[str, ...]] | None = None,
        progress: Callable[[CreateStep], None] = lambda step: None,
    ) -> Model:
        """Makes a model: from ``files`` (name to path, safetensors or GGUF), or from a ``base`` model that the
        server has, with a GGUF ``adapter`` if given.

        Raises ModelMissing when it lacks ``base`` (Ollama would try to download it), ServerRefused. That it was made
        does not mean that it loads: generate once.
        """
        if base:
            self.model(base)
        blobs = {file: self._put(path, progress) for file, path in (files or {}).items()}
        adapters = {adapter.name: self._put(adapter, progress)} if adapter else {}
        steps = self._client(LONG).create(
            name, from_=base or None, files=blobs or None, adapters=adapters or None, template=template or None,
            parameters={key: list(value) if isinstance(value, tuple) else value for key, value in (parameters or {}).items()},
            stream=True,
        )  # fmt: skip
        status = ""
        for step in guarded(steps, self.url):
            status = step.status or status
            progress(CreateStep(status, step.completed or 0, step.total or 0))
        if status != "success":
            raise StreamBroken(
                f"The model server at {self.url} stopped in the middle of making '{name}'."
            )
        return self.model(name)

    def _put(self, path: Path, progress: Callable[[CreateStep], None]) -> str:
        progress(CreateStep(f"sending {path.name}", 0, path.stat().st_size))
        with translated(self.url):
            return self._client(LONG).create_blob(path)

    def copy(self, source: str, destination: str) -> Model:
        """Gives a model a second name, at no cost. Raises ModelMissing."""
        with translated(self.url):
            self._client(QUICK).copy(source, destination)
        return self.model(destination)

    def delete(self, name: str) -> None:
        """Removes a model. Raises ModelMissing."""
        with translated(self.url):
            self._client(QUICK).delete(name)


def _contents(
    parts: Iterator[package.ChatResponse], ended: Callable[[ChatEnd], None]
) -> Iterator[str]:
    done, ending = False, Ending()
    end = ChatEnd(cut=False)
    for part in parts:
        if part.message.content:
            ending.add(part.message.content)
            yield part.message.content
        done = bool(part.done)
        if done:
            end = ChatEnd(
                part.done_reason == "length",
                part.prompt_eval_count or 0,
                part.eval_count or 0,
                (part.prompt_eval_duration or 0) / 1e9,
            )
    if not done:
        raise ending.fault()
    ended(end)


def _sent(options: Options) -> dict[str, object]:
    sent: dict[str, object] = {
        "temperature": options.temperature, "repeat_penalty": options.repeat_penalty,
        "seed": options.seed, "num_predict": options.num_predict,
    }  # fmt: skip
    if options.num_ctx:
        sent["num_ctx"] = options.num_ctx
    return {**sent, "stop": list(options.stop)} if options.stop else sent


def _listed(client: package.Client) -> list[dict[str, Any]]:
    """Return the server's list as it sent it: the package's own type leaves out where a model really runs."""
    import ollama

    class Tags(ollama.ListResponse):
        models: list[dict[str, Any]]  # type: ignore[assignment]

    return client._request(Tags, "GET", "/api/tags").models


def _model(item: Mapping[str, Any]) -> Model:
    details = item.get("details") or {}
    name = str(item.get("model") or item.get("name") or "")
    remote = str(item.get("remote_host") or "") or (
        "the cloud" if re.search(r"[:-]cloud$", name) else ""
    )
    return Model(
        name, str(item.get("digest") or ""), int(item.get("size") or 0), str(details.get("family") or ""),
        str(details.get("parameter_size") or ""), str(details.get("quantization_level") or ""), remote,
    )  # fmt: skip


def _parent(named: str) -> str:
    """The model that another was made from; "" where Ollama names the file of a model that was made from a file."""
    return "" if "sha256-" in named else named


def _shown(said: package.ShowResponse) -> ModelInfo:
    info = said.modelinfo or {}
    architecture = str(info.get("general.architecture", ""))
    modelfile = (said.modelfile or "").splitlines()
    numbers = {
        key.removeprefix(f"{architecture}."): value
        for key, value in info.items()
        if key.startswith(f"{architecture}.") and type(value) is int
    }
    return ModelInfo(
        architecture,
        numbers.get("context_length", 0),
        said.template or "",
        _parent((said.details and said.details.parent_model) or ""),
        any(line.startswith("ADAPTER ") for line in modelfile),
        tuple(str(word) for word in said.capabilities or ()),
        numbers,
        # A model with a renderer of Ollama's own shows this template, too.
        BARE.fullmatch(said.template or "") is None
        or any(line.startswith("RENDERER ") for line in modelfile),
    )
