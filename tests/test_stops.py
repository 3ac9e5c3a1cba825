"""When a page closes the stream of its answers: a page that is gone takes its question along, one that stays does not."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ui.stops import GRACE, STREAM, HangUps, Stops


class Stream:
    """One connection of a browser to the stream of its answers, which it can close."""

    def __init__(self, guard: HangUps, session: str) -> None:
        self._closed = asyncio.Event()
        self._begun = False
        scope = {"type": "http", "path": STREAM, "query_string": f"session_hash={session}".encode()}
        self.task = asyncio.create_task(guard(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        if not self._begun:
            self._begun = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._closed.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        raise AssertionError("nothing is sent here")

    async def close(self) -> None:
        self._closed.set()
        await self.task


async def _until_closed(scope: Any, receive: Any, send: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


def _ended(between: bool) -> bool:
    """Close a stream behind which a question runs; ``between``: the page has opened its next stream by then, or soon after."""

    async def run() -> bool:
        stops = Stops()
        guard = HangUps(_until_closed, stops)
        first = Stream(guard, "s")
        await asyncio.sleep(0)
        asked = stops.open("t2", "s")
        await first.close()
        second = Stream(guard, "s") if between else None
        await asyncio.sleep(GRACE * 2)
        ended = asked.wanted
        if second:
            await second.close()
            await asyncio.sleep(GRACE * 2)
            assert asked.wanted, "a page that is gone in the end takes its question along"
        return ended

    # A thread of its own: while a browser is open, this one runs Playwright's loop.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()


def test_a_page_that_is_gone_takes_its_question_along() -> None:
    assert _ended(between=False)


def test_a_stream_that_ends_late_does_not_end_the_next_question() -> None:
    assert not _ended(between=True)
