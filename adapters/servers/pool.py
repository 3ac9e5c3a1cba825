"""Several Ollama servers behind one list of URLs: calls go to the first that answers.

The list comes from the configuration and from nowhere else. Knows nothing of what is asked.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from adapters.errors import ServerError, ServerUnreachable
from adapters.servers.circuit_breaker import CircuitBreaker
from adapters.servers.ollama import Ollama
from adapters.servers.request_queue import RequestQueue
from adapters.types import Timeouts

# How long an answer to "are you there?" is believed, in seconds. A call that fails says so by itself.
BELIEVED = 5.0


class Servers:
    """The configured servers, in the order in which they are tried."""

    def __init__(
        self, servers: Sequence[Ollama], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.all = tuple(servers)
        self._clock, self._lock = clock, threading.Lock()
        self._seen: dict[str, float] = {}

    def pick(self) -> Ollama:
        """The first server that answers and whose circuit breaker lets calls through.

        Raises ServerUnreachable, which names every server that was tried and why it was not taken.
        """
        reasons = []
        for server in self.all:
            if server.breaker.state == "open":
                reasons.append(f"{server.url}: failed too often just now")
                continue
            if self._believed(server):
                return server
            try:
                server.check()
            except ServerError as error:
                reasons.append(str(error).rstrip("."))
                continue
            with self._lock:
                self._seen[server.url] = self._clock()
            return server
        raise ServerUnreachable("; ".join(reasons) + "." if reasons else "No model server is set.")

    def _believed(self, server: Ollama) -> bool:
        with self._lock:
            seen = self._seen.get(server.url)
        return (
            seen is not None
            and self._clock() - seen < BELIEVED
            and server.breaker.state == "closed"
        )

    def invalidate(self, server: Ollama) -> None:
        """Forgets that a server answered: the next pick looks again. For callers whose call just failed."""
        with self._lock:
            self._seen.pop(server.url, None)

    def alive(self) -> bool:
        """Whether any server answers."""
        try:
            self.pick()
        except ServerError:
            return False
        return True


def open_ollama(
    urls: Sequence[str], timeouts: Timeouts | None = None, *, at_once: int = 1, waiting: int = 200
) -> Servers:
    """The servers at these URLs, each with a circuit breaker and a turnstile of its own. Connects to none yet.

    Raises ServerUnreachable for an URL that is none.
    """
    return Servers(
        [
            Ollama(
                url,
                timeouts,
                breaker=CircuitBreaker(),
                request_queue=RequestQueue(at_once, waiting),
            )
            for url in urls
        ]
    )
