"""The running questions, and what ends one early: the stop button, a closed tab, a broken connection.

Knows tickets and sessions; nothing of what is asked, or of who answers it.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.datastructures import QueryParams

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

STREAM = "/gradio_api/queue/data"  # where a browser listens to its answers
GRACE = 0.3  # seconds in which a page that stays has opened its next stream
LONG_GRACE = 10.0  # the same, where it has asked again; a busy machine may take that long
MOST_SESSIONS = 20_000
Page = tuple[str, str]  # an owner, and the session of one of their open pages
EARLY = 200  # stops remembered whose question has not begun yet


@dataclass(slots=True, eq=False)
class Running:
    """A question on its way.

    Setting ``stop`` ends its work. Whoever does the work sets it too when done, so only ``wanted`` says that somebody
    asked for the end.
    """

    ticket: str = ""
    owner: str = ""
    session: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    wanted: bool = False

    def end(self) -> None:
        """Ask for the end."""
        self.wanted = True
        self.stop.set()


class RunningQuestions:
    """The running questions, by the ticket that their browser made up. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[Page, Running] = {}
        self._early: deque[Page] = deque(maxlen=EARLY)
        # By owner and session: its questions; the latest asker last
        self._asks: OrderedDict[Page, int] = OrderedDict()

    def asked(self, owner: str, session: str) -> None:
        """Note that an owner's page asks: its question begins, and its stream is opened, soon after."""
        page = (owner, session)
        with self._lock:
            self._asks[page] = self._asks.pop(page, 0) + 1
            while len(self._asks) > MOST_SESSIONS:
                self._asks.popitem(last=False)

    def asks(self, owner: str, session: str) -> int:
        """Return how many questions an owner's page has asked; 0 for somebody else's page."""
        with self._lock:
            return self._asks.get((owner, session), 0)

    def open(self, ticket: str, owner: str = "", session: str = "") -> Running:
        """Register a question; one that was stopped before it began is stopped at once."""
        running = Running(ticket, owner, session)
        with self._lock:
            self._running[owner, ticket] = running
            early = (owner, ticket) in self._early
        if early:
            running.end()
        return running

    def close(self, running: Running) -> None:
        """Forget a question that has ended."""
        with self._lock:
            self._running.pop((running.owner, running.ticket), None)

    def stop(self, ticket: str, owner: str = "") -> bool:
        """Ask an owner's running question to stop; False when there is none under this ticket, yet or any more."""
        with self._lock:
            running = self._running.get((owner, ticket))
            if running is None:
                self._early.append((owner, ticket))
        if running:
            running.end()
        return running is not None

    def runs(self, ticket: str, owner: str = "") -> bool:
        """Say whether an owner's question is being answered under this ticket."""
        with self._lock:
            return (owner, ticket) in self._running

    def leave(self, owner: str, session: str) -> None:
        """Stop the questions of an owner's page that is gone."""
        self._end(lambda one: bool(session) and (one.owner, one.session) == (owner, session))

    def end_all(self) -> None:
        """Stop every question, because the server ends."""
        self._end(lambda _: True)

    def _end(self, chosen: Callable[[Running], bool]) -> None:
        with self._lock:
            ending = [running for running in self._running.values() if chosen(running)]
        for running in ending:
            running.end()


class DisconnectMiddleware:
    """ASGI middleware: when a browser closes the stream of its answers, its questions end.

    Gradio notices this too, but only with the next piece of an answer, and a stalled model sends none. A page closes its
    stream after each answer and opens another after its next question, so a stream that ends must not take that question
    along: only a page that opens none is gone. One that has asked again is given longer.
    """

    def __init__(self, app: ASGIApp, stops: RunningQuestions) -> None:
        self.app = app
        self.stops = stops
        # By owner and session: the stream that was opened last
        self._latest: dict[Page, int] = {}
        self._numbers = itertools.count()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection; all but the streams pass untouched."""
        if scope["type"] != "http" or not scope["path"].endswith(STREAM):
            return await self.app(scope, receive, send)
        session = QueryParams(scope["query_string"]).get("session_hash", "")
        page = (str(scope.get("state", {}).get("owner", "")), session)
        self._latest[page] = stream = next(self._numbers)
        asked = await receive()
        gone = asyncio.create_task(self._gone(receive, page, stream))

        async def received() -> Message:
            nonlocal asked
            first, asked = asked, {}
            return first or await asyncio.shield(gone)

        try:
            await self.app(scope, received, send)
        finally:
            if not gone.done() and self._latest.get(page) == stream:
                del self._latest[
                    page
                ]  # it was answered to its end, or refused: nothing waits for it
            gone.cancel()

    async def _gone(self, receive: Receive, page: Page, stream: int) -> Message:
        asks = self.stops.asks(*page)
        while (message := await receive())["type"] != "http.disconnect":
            continue
        asyncio.get_running_loop().call_later(GRACE, self._left, page, stream, asks)
        return message

    def _left(self, page: Page, stream: int, asks: int) -> None:
        """Stop a page's questions unless it has opened another stream, or still may after asking again."""
        if self._latest.get(page) != stream:
            return
        if (now := self.stops.asks(*page)) != asks:
            asyncio.get_running_loop().call_later(LONG_GRACE, self._left, page, stream, now)
            return
        del self._latest[page]
        self.stops.leave(*page)
