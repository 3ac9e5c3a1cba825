"""The border to model servers: what is sent is disarmed, what comes back is translated. For every kind of server.

Exceptions of httpx, httpcore and ollama become Tandem's; a model's thoughts stay out of its answer; a stream that ends
without saying that it is done is a fault.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from adapters.errors import (
    BadReply,
    CannotLoad,
    KeyRefused,
    ModelMissing,
    OutOfMemory,
    Repeating,
    ServerBusy,
    ServerError,
    ServerRefused,
    ServerUnreachable,
    Stopped,
    StreamBroken,
    TooSlow,
)
from adapters.types import Timeouts

Piece = TypeVar("Piece")

# Words of Ollama 0.24's scheduler and llama.cpp (server/sched.go, llm/server.go), read in their source.
MEMORY = re.compile(
    r"out of memory|more system memory|cudamalloc|unable to allocate|signal: killed", re.I
)
LOADING = re.compile(
    r"unable to load|runner (?:process )?has terminated|failed to load|not yet implemented|unsupported architecture"
    r"|does not exist in base|unexpected suffix|incorrect shape|arch mismatch|failed to initialize|model runner has unexpectedly",
    re.I,
)
# A server's message may quote a whole log.
LONGEST = 300
# Ollama ends a stream without a word when the model has said the same thing thirty times (llm/server.go, 0.24); 25 is
# less, because the first pieces may have come as one.
REPEATS = 25


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turns what the packages raise in its block into a ServerError that names the server.

    Keep the block to the call itself: a ValueError of one's own would come out as BadReply.
    """
    import httpcore
    import httpx

    try:
        yield
    except (
        httpcore.ConnectError,
        httpcore.ConnectTimeout,
        httpx.ConnectError,
        httpx.ConnectTimeout,
    ) as error:
        raise ServerUnreachable(f"No model server answers at {url}.") from error
    except (httpcore.TimeoutException, httpx.TimeoutException) as error:
        raise TooSlow(f"The model server at {url} did not answer in time.") from error
    except (httpcore.UnsupportedProtocol, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise ServerUnreachable(f"'{url}' is not the address of a model server.") from error
    except (httpcore.RemoteProtocolError, httpx.RemoteProtocolError) as error:
        raise _protocol(url, str(error)) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpx.TransportError) as error:
        raise StreamBroken(f"The connection to the model server at {url} broke.") from error
    except _ollamas_own() as error:
        raise refusal(url, error.status_code, str(error.error)) from error  # type: ignore[attr-defined]
    except ConnectionError as error:  # ollama's own word for "nobody answers"
        raise ServerUnreachable(f"No model server answers at {url}.") from error
    except (
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
        RecursionError,
        httpx.DecodingError,
    ) as error:
        raise BadReply(f"What came from {url} is not what a model server sends.") from error


def _protocol(url: str, words: str) -> ServerError:
    if "closed connection" in words or "disconnected" in words:
        return StreamBroken(
            f"The model server at {url} closed the connection before its answer was complete."
        )
    return BadReply(f"What came from {url} is not HTTP.")


def refusal(url: str, status: int, said: str) -> ServerError:
    """The error for an answer that is an error, by its HTTP status and the server's words.

    An error in mid-stream comes with status -1.
    """
    words = " ".join(said.split())[:LONGEST]
    if MEMORY.search(words):
        return OutOfMemory(f"The model server has too little memory: {words}")
    if status in (401, 403):
        return KeyRefused(f"The model server at {url} does not accept the API key (HTTP {status}).")
    if status in (429, 503):
        return ServerBusy(f"The model server at {url} is busy{': ' + words if words else ''}.")
    if status == 404 and ("not found" in words or "does not exist" in words):
        return ModelMissing(f"The model server says: {words}")
    if LOADING.search(words):
        return CannotLoad(f"The model server cannot load the model: {words}")
    if status in (301, 302, 307, 308, 502, 504):
        return ServerUnreachable(f"{url} leads to no model server (HTTP {status}).")
    number = f" (HTTP {status})" if status > 0 else ""
    return ServerRefused(f"The model server refused{number}: {words or 'without a word'}")


def _ollamas_own() -> tuple[type[Exception], ...]:
    """Ollama's exception for a refusal, where its package is loaded: what is not loaded cannot raise."""
    package = sys.modules.get("ollama")
    return (package.ResponseError,) if package else ()


def guarded(
    pieces: Iterable[Piece], url: str, stop: threading.Event | None = None
) -> Generator[Piece, None, None]:
    """The pieces of a stream, with the exceptions of making them translated. What a consumer raises is left alone.

    Closing this generator closes the source, and with it the connection. Raises Stopped for what came at once with an
    earlier piece and is still unread when ``stop`` is set: the transport looks only where it waits for more.
    """
    source = iter(pieces)
    try:
        while True:
            if stop is not None and stop.is_set():
                raise Stopped("The call was stopped.")
            with translated(url):
                try:
                    piece = next(source)
                except StopIteration:
                    return
            yield piece
    finally:
        if hasattr(source, "close"):
            source.close()


def client_options(timeouts: Timeouts, stop: threading.Event | None = None) -> dict[str, object]:
    """Keyword arguments for ``httpx.Client`` and ``ollama.Client``: our clock instead of none.

    A redirect is not followed: the configured addresses are the only ones that are ever called.
    """
    from adapters.servers.transport import ClockedTransport

    return {
        "transport": ClockedTransport(timeouts, stop),
        "timeout": None,
        "follow_redirects": False,
        "headers": {"Accept-Encoding": "identity"},
    }


class Ending:
    """Watches the pieces of one stream."""

    def __init__(self) -> None:
        self._last, self._times = "", 0

    def add(self, piece: str) -> None:
        """A piece, as it came."""
        word = piece.strip()
        self._times = self._times + 1 if word == self._last else 0
        self._last = word

    def fault(self) -> ServerError:
        """The error for a stream that ended before it was done."""
        if self._times >= REPEATS:
            return Repeating(
                "The model repeated itself without end, so the model server stopped it."
            )
        return StreamBroken("The model server stopped in the middle of its answer.")
