"""An OpenAI-compatible model server (vLLM, llama.cpp, LM Studio, Ollama's /v1): lists models, streams chats.

Speaks HTTP itself, over the transport that keeps the clock: the openai package takes longer to import than Tandem to
start, tries failed calls again by itself, and has no deadline for a whole call. It cannot make models: an adapter is
loaded in the server, and used by the name under which the server lists it. Ollama is better asked as Ollama: its /v1
has no way to set the context length or to turn off its repeat penalty, which spoils codes and numbers.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from adapters.errors import BadReply, ModelMissing, ServerRefused, ServerUnreachable
from adapters.servers.base import Kind, checked, full_name, nobody, reach
from adapters.servers.circuit_breaker import CircuitBreaker
from adapters.servers.control_tokens import disarmed, without_thoughts
from adapters.servers.request_queue import RequestQueue
from adapters.servers.translate import Ending, client_options, guarded, refusal, translated
from adapters.types import QUICK, ChatEnd, Message, Model, ModelInfo, Options, Timeouts

if TYPE_CHECKING:
    import httpx

# Where servers say how many tokens a model reads: vLLM, LM Studio and others, then llama.cpp under "meta".
LENGTHS = ("max_model_len", "max_context_length", "context_length")
META_LENGTHS = ("n_ctx", "n_ctx_train")
# What changes from one listing to the next though the model is the same.
UNSTEADY = ("created", "permission")


class OpenAICompatible:
    """One OpenAI-compatible server; ``url`` ends where its "/models" begins, mostly in "/v1". See ModelServer."""

    kind: Kind = "openai"

    def __init__(
        self,
        url: str,
        timeouts: Timeouts | None = None,
        *,
        breaker: CircuitBreaker | None = None,
        request_queue: RequestQueue | None = None,
        api_key: str = "",
    ) -> None:
        self.url, self.timeouts = checked(url), timeouts or Timeouts()
        self.breaker = CircuitBreaker() if breaker is None else breaker
        self.request_queue = RequestQueue() if request_queue is None else request_queue
        self._key = api_key
        self._plain = False  # whether the server was seen to refuse what is beyond the standard

    def models(self) -> tuple[Model, ...]:
        """The models that the server lists, by name."""
        return tuple(_model(item) for item in self._listed())

    def model(self, name: str) -> Model:
        """One model. Raises ModelMissing."""
        return _model(self._entry(name))

    def show(self, name: str) -> ModelInfo:
        """What the list says about a model: its context length where given, and the base of a LoRA adapter (vLLM).

        Raises ModelMissing.
        """
        item = self._entry(name)
        parent = str(item.get("parent") or "")
        return ModelInfo("", _context_length(item), "", parent, bool(parent), ())

    def chat(
        self,
        model: str,
        messages: Sequence[Message],
        options: Options | None = None,
        *,
        stop: threading.Event | None = None,
        timeouts: Timeouts | None = None,
        ended: Callable[[ChatEnd], None] = nobody,
    ) -> Generator[str, None, None]:
        """Answers piece by piece, without a thinking model's thoughts; see ModelServer.chat."""
        asked = _asked(model, messages, options or Options())
        with self.breaker.attempt():
            events = self._events(asked, timeouts or self.timeouts, stop)
            pieces = without_thoughts(_contents(events, ended, self._hidden))
            try:
                yield from pieces
            finally:
                pieces.close()
                events.close()

    def _events(
        self, asked: Mapping[str, object], timeouts: Timeouts, stop: threading.Event | None
    ) -> Generator[object, None, None]:
        """The JSON values of a streamed chat. Asked again without what is beyond the standard where that is refused."""
        beyond = {} if self._plain else _beyond(asked)
        begun = False
        try:
            for event in self._stream({**asked, **beyond}, timeouts, stop):
                begun = True
                yield event
            return
        except ServerRefused as refused:
            if begun or not beyond or not any(f"HTTP {n}" in str(refused) for n in (400, 422)):
                raise
        for event in self._stream(asked, timeouts, stop):
            self._plain = True
            yield event

    def _stream(
        self, asked: Mapping[str, object], timeouts: Timeouts, stop: threading.Event | None
    ) -> Iterator[object]:
        with self._answer("POST", "/chat/completions", timeouts, stop, asked) as answer:
            kind = answer.headers.get("content-type", "")
            if not kind.startswith("text/event-stream"):
                raise BadReply(
                    f"{self.url} answered with {kind.partition(';')[0] or 'no content type'}, not a stream of events."
                )
            yield from guarded(_values(answer), self.url, stop)

    @contextmanager
    def _answer(
        self,
        method: str,
        path: str,
        timeouts: Timeouts,
        stop: threading.Event | None = None,
        asked: Mapping[str, object] | None = None,
    ) -> Iterator[httpx.Response]:
        """The server's answer with its body unread. Raises the ServerError for any status but 200."""
        import httpx

        options: dict[str, Any] = client_options(timeouts, stop)
        if self._key:
            options["headers"] = {
                **options["headers"],
                "Authorization": f"Bearer {self._key}",
            }
        with httpx.Client(**options) as client:
            with translated(self.url):
                request = client.build_request(method, self.url + path, json=asked)
                answer = client.send(request, stream=True)
            try:
                if answer.status_code != 200:
                    with translated(self.url):
                        body = answer.read()
                    raise refusal(self.url, answer.status_code, self._hidden(_said(body)))
                yield answer
            finally:
                answer.close()

    def _listed(self) -> list[dict[str, Any]]:
        reach(self.url)
        try:
            with self._answer("GET", "/models", QUICK) as answer, translated(self.url):
                found = json.loads(answer.read())["data"]
                items = [dict(item) for item in found if str(item["id"])]
        except ServerRefused as error:
            if "HTTP 404" in str(error) or isinstance(error, ModelMissing):
                raise ServerUnreachable(
                    f"{self.url} lists no models (HTTP 404); the address of an OpenAI-compatible server mostly ends in /v1."
                ) from error
            raise
        return sorted(items, key=lambda item: str(item["id"]))

    def _entry(self, name: str) -> dict[str, Any]:
        found = {str(item["id"]): item for item in self._listed()}
        for wanted in (name, full_name(name)):
            if wanted in found:
                return found[wanted]
        raise ModelMissing(f"The model server at {self.url} has no model '{name}'.")

    def _hidden(self, words: str) -> str:
        """A server's words without the API key, which some repeat."""
        return words.replace(self._key, "…") if self._key else words

    def __repr__(self) -> str:
        return f"OpenAICompatible({self.url!r})"


def _asked(model: str, messages: Sequence[Message], options: Options) -> dict[str, object]:
    asked: dict[str, object] = {
        "model": model, "stream": True, "temperature": options.temperature, "seed": options.seed,
        "max_tokens": options.num_predict,
        "messages": [{"role": each.role, "content": disarmed(each.content)} for each in messages],
    }  # fmt: skip
    if options.stop:
        asked["stop"] = list(options.stop)
    if options.think == "low":
        asked["reasoning_effort"] = "low"
    return asked


def _beyond(asked: Mapping[str, object]) -> dict[str, object]:
    """What vLLM, llama.cpp and LM Studio understand and a strict server may refuse: usage, and no thinking aloud.

    Servers do not list which models think, and thoughts would take the answer's tokens.
    """
    beyond: dict[str, object] = {"stream_options": {"include_usage": True}, "repeat_penalty": 1.0}
    if "reasoning_effort" not in asked:
        beyond["chat_template_kwargs"] = {"enable_thinking": False}
    return beyond


def _values(answer: httpx.Response) -> Iterator[object]:
    """The JSON values of a stream of server-sent events; ``[DONE]`` comes as None.

    Lines are cut at line feeds alone: httpx's own lines end at U+2028 too, which JSON may hold.
    """
    rest, data = b"", []
    for piece in answer.iter_raw():
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            line = line.rstrip(b"\r")
            if line.startswith(b"data:"):
                data.append(line[5:].strip())
            elif not line and data:
                yield _value(b"\n".join(data))
                data = []
    if data and not rest:  # a last event without the empty line after it
        yield _value(b"\n".join(data))
    elif rest.strip() == b"data: [DONE]":
        yield None


def _value(data: bytes) -> object:
    return None if data == b"[DONE]" else json.loads(data)


def _contents(
    events: Iterator[object], ended: Callable[[ChatEnd], None], hidden: Callable[[str], str]
) -> Iterator[str]:
    """The text of an answer. ``reasoning_content`` and ``reasoning`` are thoughts, and left out."""
    done, reason, ending = False, "", Ending()
    tokens = (0, 0)
    for event in events:
        if event is None:
            done = True
            break
        if not isinstance(event, dict):
            raise BadReply("The model server sent an event that is no JSON object.")
        if event.get("error"):
            raise refusal("", -1, hidden(_words(event["error"])))
        try:
            text, said_reason = _choice(event)
            tokens = _tokens(event) or tokens
        except (TypeError, ValueError, AttributeError, KeyError, IndexError) as error:
            raise BadReply("The model server sent an event of another form.") from error
        reason = said_reason or reason
        if text:
            ending.add(text)
            yield text
    if not done and not reason:
        raise ending.fault()
    ended(ChatEnd(reason == "length", *tokens))


def _choice(event: Mapping[str, Any]) -> tuple[str, str]:
    """An event's text, and why the answer ends with it ("" while it goes on)."""
    choices = event.get("choices") or []
    if not choices:
        return "", ""
    text = (choices[0].get("delta") or {}).get("content") or ""
    if not isinstance(text, str):
        raise ValueError("content is no text")
    return text, str(choices[0].get("finish_reason") or "")


def _tokens(event: Mapping[str, Any]) -> tuple[int, int] | None:
    usage = event.get("usage")
    if not usage:
        return None
    return int(usage.get("prompt_tokens") or 0), int(usage.get("completion_tokens") or 0)


def _said(body: bytes) -> str:
    """The words of an answer that is an error: OpenAI's form, FastAPI's, or the text as it is."""
    text = body.decode("utf-8", "replace")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return "" if text.lstrip().startswith("<") else text
    if isinstance(found, dict):
        return _words(found.get("error") or found.get("detail") or found.get("message") or "")
    return _words(found)


def _words(error: object) -> str:
    return str(error.get("message") or error) if isinstance(error, dict) else str(error)


def _model(item: Mapping[str, Any]) -> Model:
    steady = {key: value for key, value in item.items() if key not in UNSTEADY}
    digest = hashlib.sha256(json.dumps(steady, sort_keys=True).encode()).hexdigest()
    return Model(str(item["id"]), digest, 0, "", "", "")


def _context_length(item: Mapping[str, Any]) -> int:
    meta = item.get("meta")
    places = [item.get(name) for name in LENGTHS]
    places += [meta.get(name) for name in META_LENGTHS] if isinstance(meta, dict) else []
    return next((place for place in places if type(place) is int and place > 0), 0)
