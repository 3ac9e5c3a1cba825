"""A bounded queue in front of a server: so many at a time, the rest wait in a fair order and know their place.

Knows nothing of servers. The standard library's semaphore has neither an order nor a place to show.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import count
from math import ceil
from statistics import median

from adapters.errors import QueueFull

LAST = 10  # of those who went through, from which the next ones' wait is told


class RequestQueue:
    """Lets ``at_once`` callers through at a time; at most ``waiting`` more stand in line.

    Whoever waits with one request goes before the second of somebody else, though it came later, and so on; in the same
    round it goes by when they came.
    """

    def __init__(
        self, at_once: int = 1, waiting: int = 200, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.at_once, self.waiting, self._clock = at_once, waiting, clock
        self._took: deque[float] = deque(maxlen=LAST)
        self._line: list[Ticket] = []
        self._numbers, self._round = count(), 0
        self._last: dict[str, int] = {}  # the round of each caller's last request
        self._moved = threading.Condition()

    def enter(self, who: str = "") -> Ticket:
        """Takes a place in the line, at its end where nobody is told (``who``: whose request it is). Raises QueueFull.

        Whoever enters must leave.
        """
        with self._moved:
            if len(self._line) >= self.at_once + self.waiting:
                raise QueueFull(f"{self.waiting} questions already wait for the model server.")
            if not self._line:
                self._round, self._last = 0, {}
            place = max(self._round, self._last.get(who, -1) + 1) if who else self._round
            self._last[who] = place
            ticket = Ticket(self, who, place)
            self._line.append(ticket)
            self._settle()
            return ticket

    def _settle(self) -> None:
        """Put those who wait in order, by round and then as they came; whoever comes from now on begins in the round of those
        who are through."""
        through = self._line[: self.at_once]
        waiting = sorted(self._line[self.at_once :], key=lambda one: (one.round, one.number))
        self._line = [*through, *waiting]
        self._round = max((one.round for one in through), default=self._round)

    def expected_wait(self, place: int) -> float:
        """Seconds until the ``place``-th of those who wait is through, as the last ones went; 0 where none has gone yet.

        By their median, so that one for which the model was loaded first turns nobody away.
        """
        with self._moved:
            return ceil(place / self.at_once) * median(self._took) if self._took else 0.0

    def __len__(self) -> int:
        """How many are through or in line."""
        with self._moved:
            return len(self._line)


class Ticket:
    """A place in the line in a request queue. As a context manager it leaves at the end of the block."""

    def __init__(self, request_queue: RequestQueue, who: str, place: int) -> None:
        """``place``: the round in which it goes, 0 for the first."""
        self._queue, self.who, self.round = request_queue, who, place
        self.number = next(request_queue._numbers)
        self._through: float | None = None  # when it was let through

    @property
    def place(self) -> int:
        """0: through, may go ahead. k: the k-th of those who wait. -1: has left."""
        with self._queue._moved:
            return self._place()

    def _place(self) -> int:
        line = self._queue._line
        place = max(0, line.index(self) - self._queue.at_once + 1) if self in line else -1
        if place == 0 and self._through is None:
            self._through = self._queue._clock()
        return place

    def places(self, every: float = 0.5) -> Iterator[int]:
        """The waiting place, again and again until it is this ticket's turn; nothing if it is its turn at once.

        Yields when the place changes, and after ``every`` seconds in any case, so that a caller who wants to go
        away gets the chance to. Leaving from another thread ends it too.
        """
        place = self.place
        while place > 0:
            yield place
            with self._queue._moved:
                before = place
                self._queue._moved.wait_for(lambda: self._place() != before, timeout=every)  # noqa: B023
                place = self._place()

    def leave(self) -> None:
        """Frees the place, waiting or not; those behind move up. Leaving twice does nothing."""
        with self._queue._moved:
            if self in self._queue._line:
                self._queue._line.remove(self)
                self._queue._settle()
                if self._through is not None:
                    self._queue._took.append(self._queue._clock() - self._through)
                self._queue._moved.notify_all()

    def __enter__(self) -> Ticket:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()
