"""Several model servers behind one list: calls go to the first that answers, whatever its kind.

The list comes from the configuration and from nowhere else. Knows nothing of what is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.errors import ServerError, ServerRefused, ServerUnreachable
from adapters.servers.base import Address, ModelServer
from adapters.servers.circuit_breaker import CircuitBreaker
from adapters.servers.ollama import Ollama
from adapters.servers.openai import OpenAICompatible
from adapters.servers.request_queue import RequestQueue
from adapters.types import Model, Timeouts


@dataclass(frozen=True, slots=True)
class Found:
    """A server that answers, and the models that it listed when it was asked."""

    server: ModelServer
    models: tuple[Model, ...]


class Servers:
    """The configured servers, in the order in which they are tried."""

    def __init__(self, servers: Sequence[ModelServer]) -> None:
        self.all = tuple(servers)

    def look(self) -> Found:
        """The first server that answers and whose circuit breaker lets calls through, asked now.

        Raises ServerUnreachable, which names every server that was tried and why it was not taken; ServerRefused when
        there is one server, and it answers but refuses.
        """
        reasons = []
        for server in self.all:
            if server.breaker.state == "open":
                reasons.append(f"{server.url}: failed too often just now")
                continue
            try:
                return Found(server, server.models())
            except ServerRefused as error:
                if len(self.all) == 1:
                    raise
                reasons.append(str(error).rstrip("."))
            except ServerError as error:
                reasons.append(str(error).rstrip("."))
        raise ServerUnreachable("; ".join(reasons) + "." if reasons else "No model server is set.")

    def pick(self) -> ModelServer:
        """The server that ``look`` finds. Raises what it raises."""
        return self.look().server


def open_servers(
    wanted: Sequence[Address],
    timeouts: Timeouts | None = None,
    *,
    at_once: int = 1,
    waiting: int = 200,
    api_key: str = "",
) -> Servers:
    """The servers at these addresses, each with a circuit breaker and a request queue of its own. Connects to none yet.

    ``api_key`` is sent to OpenAI-compatible servers only. Raises BadAddress for an URL that is none.
    """
    return Servers(
        [_open(each, timeouts, RequestQueue(at_once, waiting), api_key) for each in wanted]
    )


def _open(
    wanted: Address, timeouts: Timeouts | None, request_queue: RequestQueue, api_key: str
) -> ModelServer:
    if wanted.kind == "openai":
        return OpenAICompatible(
            wanted.url,
            timeouts,
            breaker=CircuitBreaker(),
            request_queue=request_queue,
            api_key=api_key,
        )
    return Ollama(wanted.url, timeouts, breaker=CircuitBreaker(), request_queue=request_queue)
