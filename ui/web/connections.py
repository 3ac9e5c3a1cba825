"""A connection whose request does not arrive is closed: a browser sends its request at once, a hanging one holds a socket.

Uvicorn waits for ever for the rest of a request. Knows nothing of what is asked.
"""

from __future__ import annotations

import asyncio
import logging

from uvicorn.protocols.http.auto import AutoHTTPProtocol

log = logging.getLogger(__name__)


class ImpatientProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """HTTP, with a bound on waiting: ``seconds`` for a request's head, and for each next piece of its body."""

    seconds = 30.0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came, and wait for what is still owed."""
        super().data_received(data)
        answered = self.cycle is None or self.cycle.response_complete
        if answered and self._timer:  # still the same head: its time goes on running
            return
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if answered or self.cycle.more_body:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        if self._timer:
            self._timer.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self.seconds, self._end)

    def _end(self) -> None:
        if not self.transport.is_closing():
            log.info(
                "a connection was closed: its request did not arrive within %s s", self.seconds
            )
            self.transport.close()
