"""Opens the model servers that the settings name, each kind by its own client."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.servers.base import Address, ModelServer
from adapters.servers.circuit_breaker import CircuitBreaker
from adapters.servers.ollama import Ollama
from adapters.servers.openai import OpenAICompatible
from adapters.servers.pool import Servers
from adapters.servers.request_queue import RequestQueue
from adapters.types import Timeouts


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
