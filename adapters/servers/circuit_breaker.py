"""A circuit breaker: after several failures in a row, calls fail at once instead of waiting for a dead server.

Knows nothing of servers: what counts as a failure is handed in, and so is the clock.
The packages looked at do less: pybreaker keeps time by the wall clock and calls under its lock in the half-open
state; circuitbreaker lets every caller through when half-open; purgatory brings a message bus.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from adapters.errors import (
    BadReply,
    ServerError,
    ServerResting,
    ServerUnreachable,
    StreamBroken,
    TooSlow,
)

State = Literal["closed", "open", "half-open"]

FAILURES = (ServerUnreachable, TooSlow, StreamBroken, BadReply)


class CircuitBreaker:
    """Closed: calls pass. Open: calls fail at once for ``rest`` seconds. Half-open: one call passes as a probe.

    ``failures`` in a row open it; a probe that succeeds closes it, one that fails opens it again. An outcome that
    says nothing about the server (a caller who goes away) changes nothing, but lets the next probe go.
    ``counted`` are the errors that count as failures; ``answers`` those after which the server is known to be well.
    """

    def __init__(
        self,
        failures: int = 3,
        rest: float = 10.0,
        *,
        clock: Callable[[], float] = time.monotonic,
        counted: tuple[type[Exception], ...] = FAILURES,
        answers: tuple[type[Exception], ...] = (ServerError,),
    ) -> None:
        self._limit, self._rest, self._clock = failures, rest, clock
        self._failures, self._answers = counted, answers
        self._lock = threading.Lock()
        self._failed = 0
        self._opened: float | None = None
        self._probing = False

    @property
    def state(self) -> State:
        """The state at this moment."""
        with self._lock:
            return self._state()

    def _state(self) -> State:
        if self._opened is None:
            return "closed"
        return "half-open" if self._clock() - self._opened >= self._rest else "open"

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Runs a call in its block. Raises ServerResting when the call must not be made now."""
        probe = self._enter()
        outcome = self._unknown
        try:
            yield
            outcome = self._success
        except self._failures:
            outcome = self._failure
            raise
        except self._answers:
            outcome = self._success
            raise
        finally:
            with self._lock:
                self._probing = self._probing and not probe
                outcome(probe)

    def _enter(self) -> bool:
        """Whether this call is the probe. Raises ServerResting."""
        with self._lock:
            state = self._state()
            if state == "closed":
                return False
            if state == "half-open" and not self._probing:
                self._probing = True
                return True
            left = max(0.0, self._rest - (self._clock() - (self._opened or 0.0)))
        when = f"in {left:.0f} s" if left >= 1 else "at any moment"
        raise ServerResting(
            f"The model server failed {self._limit} times in a row; it is tried again {when}."
        )

    def _failure(self, probe: bool) -> None:
        self._failed += 1
        if probe or self._failed >= self._limit:
            self._opened = self._clock()

    def _success(self, probe: bool) -> None:
        self._failed, self._opened = 0, None

    def _unknown(self, probe: bool) -> None:
        """The caller went away or failed by itself: nothing is known about the server."""
