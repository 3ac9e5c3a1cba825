"""What is let through to Gradio's own routes: one event, asking, in the form that the chat page sends it.

Gradio takes any event for any function with any data, and fails on what it did not expect. Here the page's one kind of
request is a type; all else is refused in words before Gradio sees it. Knows nothing of answers.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse

from ui.text.english import say
from ui.web.cancellation import RunningQuestions
from ui.web.security import PAGES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

JOIN, DATA = "/gradio_api/queue/join", "/gradio_api/queue/data"
ID = r"^[A-Za-z0-9_-]{1,64}$"  # our own ids, the browser's tickets and Gradio's sessions
Id = Annotated[str, Field(pattern=ID)]


class AskEvent(BaseModel):
    """What the page sends with a question; a conversation's id is "" before its first answer.

    A question that is too long passes, within what a request may hold: the answer says so.
    """

    ticket: Id
    text: str
    mode: str = Field(default="auto", max_length=20)
    product: str = Field(default="", max_length=200)
    conversation: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,64}$")] = ""
    replaces: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,64}$")] = ""
    passage: Annotated[int, Field(ge=0, lt=1 << 63)] = 0
    fresh: bool = False


class Join(BaseModel):
    """A place in the queue for one question. Gradio's numbers name the function and what triggered it."""

    model_config = ConfigDict(strict=True)

    data: Annotated[list[None], Field(max_length=0)]
    event_data: AskEvent
    fn_index: int
    trigger_id: Annotated[int, Field(ge=0, lt=1 << 31)] | None = None
    session_hash: Id


class Gate:
    """ASGI middleware. ``functions`` are the numbers that Gradio gave to the chat page's own functions."""

    def __init__(self, app: ASGIApp, functions: Sequence[int], stops: RunningQuestions) -> None:
        self.app = app
        self.functions = functions
        self.stops = stops

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection; all but Gradio's queue and the pages pass untouched."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        try:
            return await self._let_through(scope, receive, send)
        except ClientDisconnect:  # who asked is gone; that is no fault, and there is nobody to tell
            log.info("%s: the browser left before the end", scope["path"])
        except RuntimeError as error:
            if not isinstance(error.__cause__, HTTPException):
                raise
            log.info("%s: Gradio ended a stream whose session is over", scope["path"])

    async def _let_through(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path in PAGES:  # a page's own scripts read its query; Gradio would take it for its own
            return await self.app({**scope, "query_string": b""}, receive, send)
        if path == JOIN:
            return await self._join(scope, receive, send)
        if path.endswith(JOIN):
            return await _refuse("fault.address", 404)(scope, receive, send)
        if path.endswith(DATA) and not self.stops.asks(
            scope["state"]["owner"], QueryParams(scope["query_string"]).get("session_hash", "")
        ):
            return await _refuse("fault.address", 404)(scope, receive, send)
        return await self.app(scope, receive, send)

    async def _join(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            join = Join.model_validate_json(await Request(scope, receive).body())
        except (ValidationError, ClientDisconnect):
            return await _refuse("fault.body", 422)(scope, receive, send)
        if join.fn_index not in self.functions:
            return await _refuse("fault.address", 404)(scope, receive, send)
        self.stops.asked(scope["state"]["owner"], join.session_hash)
        body = join.model_dump_json().encode()
        headers = [
            (name, value)
            for name, value in scope["headers"]
            if name not in (b"content-length", b"content-type")
        ]
        headers += [
            (b"content-length", str(len(body)).encode()),
            (b"content-type", b"application/json"),
        ]
        first = True

        async def replayed() -> Message:
            nonlocal first
            if first:
                first = False
                return {"type": "http.request", "body": body, "more_body": False}
            return await receive()

        return await self.app({**scope, "headers": headers}, replayed, send)


def _refuse(key: str, status: int) -> JSONResponse:
    return JSONResponse({"error": say(key), "hint": ""}, status)
