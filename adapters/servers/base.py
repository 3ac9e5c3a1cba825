"""What Tandem uses of a model server, whatever its kind: the seam that a new kind of server is written to.

``ollama.py`` and ``openai.py`` are the two there are. Knows no package and no protocol.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, cast, get_args, runtime_checkable
from urllib.parse import urlsplit

from adapters.errors import BadAddress, CannotCreate, ServerUnreachable
from adapters.servers.circuit_breaker import CircuitBreaker
from adapters.servers.request_queue import RequestQueue
from adapters.types import ChatEnd, CreateStep, Message, Model, ModelInfo, Options, Timeouts

Kind = Literal["ollama", "openai"]
_KINDS = get_args(Kind)
CONNECT = 1.0  # seconds in which a server accepts a connection, or is taken to be down


def full_name(model: str) -> str:
    """A model's name with its tag: Ollama means "latest" when none is given."""
    return model if ":" in model.rpartition("/")[2] else f"{model}:latest"


def nobody(end: ChatEnd) -> None:
    """Tells nobody how an answer ended."""


@runtime_checkable
class ModelServer(Protocol):
    """A server that writes. Every call may raise a ServerError; ``chat`` also Stopped.

    Calls of a model go through ``breaker``. ``request_queue`` is for callers that want to tell people their place in
    line; nothing in a server enters it. Whether a server is there is asked in one way: by ``models``.
    """

    url: str
    kind: Kind
    breaker: CircuitBreaker
    request_queue: RequestQueue

    def models(self) -> tuple[Model, ...]:
        """The models that the server has, by name, within the limits of ``QUICK``; nothing listens: at once."""
        ...

    def model(self, name: str) -> Model:
        """One model. Raises ModelMissing."""
        ...

    def show(self, name: str) -> ModelInfo:
        """What the server says about a model. Raises ModelMissing."""
        ...

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
        """Answers piece by piece, without a thinking model's thoughts; ``ended`` is told how, after the last piece.

        Control tokens in messages are disarmed. Closing the generator closes the connection at once, and the server
        stops generating; so does setting ``stop`` from another thread, within 0.2 s. Raises StreamBroken when the
        answer stops before its end.
        """
        ...


@runtime_checkable
class ModelMaker(ModelServer, Protocol):
    """A server on which models can be made, as on Ollama."""

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
        """Makes a model from ``files``, or from a ``base`` that the server has, with a GGUF ``adapter`` if given."""
        ...

    def copy(self, source: str, destination: str) -> Model:
        """Gives a model a second name. Raises ModelMissing."""
        ...

    def delete(self, name: str) -> None:
        """Removes a model. Raises ModelMissing."""
        ...


def maker(server: ModelServer) -> ModelMaker:
    """The server, where models can be made on it. Raises CannotCreate, which says what to do instead."""
    if not isinstance(server, ModelMaker):
        raise CannotCreate(
            f"The model server at {server.url} serves models by name; Tandem cannot make one there."
        )
    return server


@dataclass(frozen=True, slots=True)
class Address:
    """A model server to use: its kind, and its URL without the kind."""

    kind: Kind
    url: str


def addresses(text: str) -> tuple[Address, ...]:
    """The servers of a setting such as "ollama+http://127.0.0.1:11434, openai+http://gpu-box:8000/v1"; "none" is none.

    An OpenAI-compatible address without a path gets "/v1". Raises BadAddress.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return () if parts == ["none"] else tuple(_address(part) for part in parts)


def _address(text: str) -> Address:
    kind, plus, url = text.partition("+")
    if not plus or kind not in _KINDS:
        if "@" in text:  # it may hold a password
            text = "An address"
        raise BadAddress(
            f"'{text}' does not say which kind of model server it is: put ollama+ or openai+ before its http://."
        )
    url = checked(url)
    if kind == "openai" and not urlsplit(url).path:
        url += "/v1"
    return Address(cast(Kind, kind), url)


def checked(url: str) -> str:
    """A server's URL without its last slash. Raises BadAddress for one that is none, or that holds a password."""
    try:
        parts = urlsplit(url)
        _ = parts.port
        sound = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        sound, parts = False, urlsplit("")
    if "@" in url.partition("://")[2].partition("/")[0]:
        raise BadAddress(
            "The address of a model server must not hold a name or a password; it would stand in every message."
        )
    if not sound or parts.query or parts.fragment:
        raise BadAddress(f"'{url}' is not the address of a model server.")
    return url.rstrip("/")


def reach(url: str) -> None:
    """Raises ServerUnreachable unless something accepts connections there. Needs no package: costs nothing where nobody does."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), timeout=CONNECT).close()
    except (OSError, ValueError) as error:
        raise ServerUnreachable(f"No model server answers at {url}.") from error
