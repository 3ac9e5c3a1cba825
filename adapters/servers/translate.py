"""The border to foreign packages: httpx's, httpcore's and ollama's exceptions become Tandem's, in one place.

For everything that talks to a model server, LangChain's ChatOllama included.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from adapters.errors import (
    BadReply,
    CannotLoad,
    ModelMissing,
    OutOfMemory,
    ServerBusy,
    ServerError,
    ServerRefused,
    ServerUnreachable,
    StreamBroken,
    TooSlow,
)
from adapters.types import Timeouts

if TYPE_CHECKING:
    import ollama

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


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turns what the packages raise in its block into a ServerError that names the server.

    Keep the block to the call itself: a ValueError of one's own would come out as BadReply.
    """
    import httpcore
    import httpx
    import ollama

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
    except ollama.ResponseError as error:
        raise refusal(url, error) from error
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


def refusal(url: str, error: ollama.ResponseError) -> ServerError:
    """The error for an answer of Ollama that is an error, by its status and its words.

    An error in mid-stream comes with status -1.
    """
    words = " ".join(str(error.error).split())[:LONGEST]
    if MEMORY.search(words):
        return OutOfMemory(f"The model server has too little memory: {words}")
    if error.status_code in (429, 503):
        return ServerBusy(f"The model server at {url} is busy{': ' + words if words else ''}.")
    if error.status_code == 404 and "not found" in words:
        return ModelMissing(f"The model server says: {words}")
    if LOADING.search(words):
        return CannotLoad(f"The model server cannot load the model: {words}")
    if error.status_code in (301, 302, 307, 308, 502, 504):
        return ServerUnreachable(f"{url} leads to no model server (HTTP {error.status_code}).")
    status = f" (HTTP {error.status_code})" if error.status_code > 0 else ""
    return ServerRefused(f"The model server refused{status}: {words or 'without a word'}")


def guarded(pieces: Iterable[Piece], url: str) -> Iterator[Piece]:
    """The pieces of a stream, with the exceptions of making them translated. What a consumer raises is left alone.

    Closing this generator closes the source, and with it the connection.
    """
    source = iter(pieces)
    try:
        while True:
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
    """Keyword arguments for ``ollama.Client`` (and ChatOllama's ``sync_client_kwargs``): our clock instead of none.

    A redirect is not followed: the configured addresses are the only ones that are ever called.
    """
    from adapters.servers.transport import ClockedTransport

    return {
        "transport": ClockedTransport(timeouts, stop),
        "timeout": None,
        "follow_redirects": False,
        "headers": {"Accept-Encoding": "identity"},
    }
