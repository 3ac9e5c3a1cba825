"""HTTP with a deadline: one connection per call, which ends in time whatever the far end does.

httpx's own read timeout starts anew with every byte, so a server that sends one byte a second holds a caller for
ever. Here the socket itself keeps the clock. Knows nothing of models.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import Any, cast

import httpcore
import httpx

from adapters.errors import BadReply, Stopped, TooSlow
from adapters.types import Timeouts

# How often a waiting call looks whether it has been stopped, in seconds.
LOOK = 0.2


class _Clock:
    """The time of one call: when it must end, whether anything came, how much came."""

    def __init__(self, timeouts: Timeouts, stop: threading.Event | None) -> None:
        self.timeouts, self.stop = timeouts, stop
        self.end = time.monotonic() + timeouts.total
        self.received = 0

    def left(self, limit: float) -> float:
        """Seconds that a step may take. Raises Stopped, TooSlow (the call's deadline)."""
        if self.stop is not None and self.stop.is_set():
            raise Stopped("The call was stopped.")
        left = self.end - time.monotonic()
        if left <= 0:
            raise TooSlow(f"The model server did not finish within {self.timeouts.total:g} s.")
        return min(left, limit)

    def count(self, size: int) -> None:
        self.received += size
        if self.received > self.timeouts.most_bytes:
            raise BadReply(
                f"The model server sent more than {self.timeouts.most_bytes >> 20} MB in one answer."
            )


class _Stream(httpcore.NetworkStream):
    """A network stream that obeys a clock instead of the timeouts it is given."""

    def __init__(self, inner: httpcore.NetworkStream, clock: _Clock) -> None:
        self._inner, self._clock = inner, clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        timeouts = self._clock.timeouts
        limit = timeouts.between_bytes if self._clock.received else timeouts.first_byte
        until = time.monotonic() + limit
        while True:
            left = min(self._clock.left(limit), until - time.monotonic())
            if left <= 0:
                raise TooSlow(f"The model server was silent for {limit:g} s.")
            try:
                data = self._inner.read(
                    max_bytes, timeout=min(left, LOOK) if self._clock.stop else left
                )
            except httpcore.ReadTimeout:
                continue
            self._clock.count(len(data))
            return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        limit = self._clock.timeouts.between_bytes
        try:
            self._inner.write(buffer, timeout=self._clock.left(limit))
        except httpcore.WriteTimeout as error:
            raise TooSlow(f"The model server took nothing for {limit:g} s.") from error

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> _Stream:
        limit = self._clock.left(self._clock.timeouts.connect)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, limit), self._clock)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.SyncBackend):
    """Opens connections that obey a clock."""

    def __init__(self, clock: _Clock) -> None:
        super().__init__()
        self._clock = clock

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *where: Any, **more: Any
    ) -> _Stream:
        limit = self._clock.left(self._clock.timeouts.connect)
        return _Stream(super().connect_tcp(host, port, limit, *where, **more), self._clock)


class _Body(httpx.SyncByteStream):
    """The body of an answer; closing it closes the connection."""

    def __init__(self, pool: httpcore.ConnectionPool, stream: Iterable[bytes]) -> None:
        self._pool, self._stream = pool, stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        if hasattr(self._stream, "close"):
            self._stream.close()
        self._pool.close()


class ClockedTransport(httpx.BaseTransport):
    """A transport for httpx whose calls end in time, and soon after ``stop`` is set.

    Raises httpcore's exceptions for what happens on the wire, and TooSlow, Stopped and BadReply of its own.
    """

    def __init__(self, timeouts: Timeouts, stop: threading.Event | None = None) -> None:
        self._timeouts, self._stop = timeouts, stop

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Makes the call. The connection is used once, so that a restarted server is never met on an old one."""
        pool = httpcore.ConnectionPool(
            max_connections=1,
            network_backend=_Backend(_Clock(self._timeouts, self._stop)),
            retries=0,
        )
        url = request.url
        with ExitStack() as undo:
            undo.callback(pool.close)
            answer = pool.handle_request(
                httpcore.Request(
                    request.method,
                    httpcore.URL(
                        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                )
            )
            undo.pop_all()
        body = _Body(pool, cast("Iterable[bytes]", answer.stream))
        return httpx.Response(answer.status, headers=answer.headers, stream=body)
