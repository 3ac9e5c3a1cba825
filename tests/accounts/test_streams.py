"""What is remembered of streams: nothing of those that were refused, however many there were."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from starlette.types import Message, Receive, Scope, Send

from ui.web.cancellation import STREAM, DisconnectMiddleware, RunningQuestions
from ui.web.gate import Gate


def test_streams_that_are_refused_leave_nothing_behind() -> None:
    """An agent can ask for as many as they like, each under a name of 60,000 letters."""

    async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("the gate lets no such stream through")

    stops = RunningQuestions()
    middleware = DisconnectMiddleware(Gate(nothing, (), stops), stops)
    told: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            told.append(message["status"])

    async def many() -> None:
        for i in range(20):
            query = f"session_hash={i}".encode()
            state = {"owner": "bob"}
            scope = {"type": "http", "path": STREAM, "query_string": query, "state": state}
            await middleware(scope, receive, send)

    with ThreadPoolExecutor(
        1
    ) as thread:  # while a browser is open, this thread runs Playwright's loop
        thread.submit(asyncio.run, many()).result()
    assert told == [404] * 20
    assert middleware._latest == {}
