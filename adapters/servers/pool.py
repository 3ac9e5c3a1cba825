"""Several model servers behind one list: calls go to the first that answers, whatever its kind.

The list comes from the configuration and from nowhere else. Knows nothing of what is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.errors import ServerError, ServerRefused, ServerUnreachable
from adapters.servers.base import ModelServer
from adapters.types import Model


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
