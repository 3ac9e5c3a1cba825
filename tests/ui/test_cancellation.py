"""When a page closes the stream of its answers: a page that is gone takes its question along, one that stays does not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ui.web.cancellation import GRACE, STREAM, DisconnectMiddleware, Running, RunningQuestions


class Stream:
    """One connection of a browser to the stream of its answers, which it can close."""

    def __init__(self, guard: DisconnectMiddleware, session: str) -> None:
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


Play = Callable[[DisconnectMiddleware, RunningQuestions], Awaitable[Running]]


def _run(play: Play) -> Running:
    """Run in a thread of its own: while a browser is open, this one runs Playwright's loop."""

    async def run() -> Running:
        stops = RunningQuestions()
        return await play(DisconnectMiddleware(_until_closed, stops), stops)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()


def _asked(stops: RunningQuestions, ticket: str) -> Running:
    stops.asked("", "s")
    return stops.open(ticket, "", "s")


def test_a_page_that_is_gone_takes_its_question_along() -> None:
    async def play(guard: DisconnectMiddleware, stops: RunningQuestions) -> Running:
        question = _asked(stops, "t1")
        stream = Stream(guard, "s")
        await asyncio.sleep(0)
        await stream.close()
        await asyncio.sleep(GRACE * 2)
        return question

    assert _run(play).wanted


def test_a_stream_that_ends_late_does_not_end_the_next_question() -> None:
    async def play(guard: DisconnectMiddleware, stops: RunningQuestions) -> Running:
        _asked(stops, "t1")
        first = Stream(guard, "s")
        await asyncio.sleep(0)
        question = _asked(stops, "t2")
        await first.close()
        second = Stream(guard, "s")
        await asyncio.sleep(GRACE * 2)
        assert not question.wanted
        await second.close()
        await asyncio.sleep(GRACE * 2)
        return question

    assert _run(play).wanted, "a page that is gone in the end takes its question along"


def test_a_page_that_has_asked_again_is_given_time_to_open_its_stream(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ui.web.cancellation.LONG_GRACE", GRACE * 4)

    async def play(guard: DisconnectMiddleware, stops: RunningQuestions) -> Running:
        _asked(stops, "t1")
        first = Stream(guard, "s")
        await asyncio.sleep(0)
        await first.close()
        question = _asked(stops, "t2")
        await asyncio.sleep(GRACE * 2)
        assert not question.wanted
        await asyncio.sleep(GRACE * 4)
        return question

    assert _run(play).wanted, "a page that never comes back takes its question along"
