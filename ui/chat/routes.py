"""The chat page's own routes beside Gradio's: conversations, sources, page images, votes, stop.

They answer small pieces of escaped HTML or JSON. Every id is looked up before it is used; no route takes a path.
"""

from __future__ import annotations

import logging
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from adapters.errors import AdapterError
from chatbot.conversations.types import Citation
from chatbot.errors import ChatError, NoSuchConversation
from knowledge.errors import KnowledgeError, NoSuchManual, NoSuchPage, TooLarge, UploadQueueFull
from knowledge.rendering import page_images
from ui.chat import conversation_list, status_line
from ui.chat import turns as render
from ui.chat.model_status import Board
from ui.errors import NoSuchSource, NotOwned
from ui.sources import views
from ui.sources.diff import changes
from ui.sources.panel import panel
from ui.text.english import say
from ui.web import assets, layout
from ui.web.cancellation import RunningQuestions
from ui.web.gate import ID
from ui.web.security import HEADERS

if TYPE_CHECKING:
    from chatbot.assistant import Assistant

log = logging.getLogger(__name__)

WIDTHS = (900, 1800)  # pixels of a page image: in the panel, and zoomed
FOREVER = "private, max-age=31536000, immutable"
FRESH = "private, no-cache"
STATUS = {
    NoSuchConversation: 404,
    NoSuchSource: 404,
    NoSuchManual: 404,
    NoSuchPage: 404,
    NotOwned: 401,
    TooLarge: 413,
    UploadQueueFull: 503,
}


# What stands in an address: an id of our own form, and a number that a database can hold.
Key = Annotated[str, Path(pattern=ID)]
Number = Annotated[int, Path(ge=0, lt=1 << 31)]
PageNumber = Annotated[int, Query(ge=0, lt=1 << 31)]


class Title(BaseModel):
    """A new name for a conversation."""

    title: str = Field(min_length=1, max_length=200)


class Status(BaseModel):
    """What the page asks for every few seconds: the status line as HTML, the products, and the modes by name."""

    html: str
    products: tuple[str, ...]
    modes: dict[str, status_line.Mode]


class Vote(BaseModel):
    """What an agent thinks of an answer."""

    good: bool
    reason: str = Field(default="", max_length=500)


def owner_of(request: Request) -> str:
    """Return who this browser is. Raises NotOwned before its first page has set the cookie."""
    owner = str(request.state.owner)
    if not owner:
        raise NotOwned(say("fault.owner"))
    return owner


def add_fault_pages(app: FastAPI) -> None:
    """Answer our own errors in words, and unexpected ones with a reference that the log carries too."""

    def known(_: Request, error: Exception) -> JSONResponse:
        hint = str(getattr(error, "hint", ""))
        return JSONResponse({"error": str(error), "hint": hint}, STATUS.get(type(error), 400))

    def unknown(_: Request, error: Exception) -> JSONResponse:
        reference = log_fault(error)
        return JSONResponse(
            {"error": say("fault.unexpected", reference=reference), "hint": ""}, 500, HEADERS
        )

    def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        places = {str(fault["loc"][0]) for fault in error.errors()}
        missing = places <= {"path", "query"}
        return JSONResponse(
            {"error": say("fault.address" if missing else "fault.body"), "hint": ""},
            404 if missing else 422,
        )

    def refused(_: Request, error: HTTPException) -> JSONResponse:
        missing = error.status_code in (404, 405)
        return JSONResponse(
            {"error": say("fault.address" if missing else "fault.body"), "hint": ""},
            error.status_code,
        )

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    for kind in (ChatError, KnowledgeError, AdapterError):
        app.add_exception_handler(kind, known)
    app.add_exception_handler(Exception, unknown)


def log_fault(error: BaseException) -> str:
    """Log an unexpected error with its traceback; return the reference under which it is found."""
    reference = secrets.token_hex(4)
    log.error("fault %s", reference, exc_info=error)
    return reference


def conversation_routes(assistant: Assistant) -> APIRouter:
    """Return the routes of the conversation list and of one conversation."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.get("/conversations")
    def listed(
        request: Request, search: str = "", zone: Annotated[int, Query(ge=-900, le=900)] = 0
    ) -> str:
        found = assistant.journal.conversations(owner_of(request), search[:200])
        return str(conversation_list.rail(found, search, datetime.now(UTC), zone))

    @routes.get("/conversations/{key}")
    def shown(request: Request, key: Key) -> str:
        turns = assistant.journal.turns(key, owner_of(request))
        since = views.since(assistant.catalog, [turn.answer for turn in turns if turn.answer])
        return str(render.conversation(turns, since))

    @routes.post("/conversations/{key}/rename", response_class=JSONResponse)
    def rename(request: Request, key: Key, body: Title) -> dict[str, bool]:
        assistant.journal.rename(key, owner_of(request), body.title)
        return {"done": True}

    @routes.post("/conversations/{key}/delete", response_class=JSONResponse)
    def delete(request: Request, key: Key) -> dict[str, bool]:
        assistant.journal.delete(key, owner_of(request))
        return {"done": True}

    @routes.post("/conversations/{key}/restore", response_class=JSONResponse)
    def restore(request: Request, key: Key) -> dict[str, bool]:
        assistant.journal.restore(key, owner_of(request))
        return {"done": True}

    return routes


def source_routes(assistant: Assistant) -> APIRouter:
    """Return the routes of the source panel: a source as it was cited, where its words stand now, and what changed."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.get("/answers/{key}/sources/{n}")
    def source(request: Request, key: Key, n: Number, page: PageNumber = 0) -> str:
        return _panel(_cited(request, key, n), f"/answers/{key}/sources/{n}", page)

    @routes.get("/passages/{version_id}/{number}/{start}/{end}")
    def passage(
        version_id: Number, number: Number, start: Number, end: Number, page: PageNumber = 0
    ) -> str:
        citation = views.of_place(assistant.catalog, version_id, number, (start, end))
        return _panel(citation, f"/passages/{version_id}/{number}/{start}/{end}", page)

    @routes.get("/answers/{key}/sources/{n}/changes")
    def source_changes(request: Request, key: Key, n: Number) -> str:
        return _changes(_cited(request, key, n), f"/answers/{key}/sources/{n}")

    @routes.get("/answers/{key}/sources/{n}/now")
    def source_now(request: Request, key: Key, n: Number, page: PageNumber = 0) -> str:
        return _now(_cited(request, key, n), f"/answers/{key}/sources/{n}", page)

    @routes.get("/passages/{version_id}/{number}/{start}/{end}/now")
    def passage_now(
        version_id: Number, number: Number, start: Number, end: Number, page: PageNumber = 0
    ) -> str:
        citation = views.of_place(assistant.catalog, version_id, number, (start, end))
        return _now(citation, f"/passages/{version_id}/{number}/{start}/{end}", page)

    @routes.get("/passages/{version_id}/{number}/{start}/{end}/changes")
    def passage_changes(version_id: Number, number: Number, start: Number, end: Number) -> str:
        citation = views.of_place(assistant.catalog, version_id, number, (start, end))
        return _changes(citation, f"/passages/{version_id}/{number}/{start}/{end}")

    def _cited(request: Request, key: str, n: int) -> Citation:
        answer = assistant.journal.answer(key, owner_of(request))
        citation = next((c for c in answer.citations if c.n == n), None)
        if citation is None:
            raise NoSuchSource(say("fault.source"))
        return citation

    def _changes(citation: Citation, back: str) -> str:
        made = views.difference(assistant.catalog, citation)
        return str(changes(citation.manual, citation.version, made, back))

    def _now(citation: Citation, back: str, page: int) -> str:
        return str(panel(views.of_now(assistant.catalog, citation, back, page)))

    def _panel(citation: Citation, url: str, page: int) -> str:
        return str(panel(views.of_citation(assistant.catalog, citation, url, page)))

    return routes


def answer_routes(assistant: Assistant, stops: RunningQuestions) -> APIRouter:
    """Return the routes of one answer: votes, and the stop of a running one."""
    routes = APIRouter()

    @routes.post("/answers/{key}/rate")
    def rate(request: Request, key: Key, body: Vote) -> dict[str, bool]:
        assistant.journal.rate(key, owner_of(request), body.good, body.reason)
        return {"done": True}

    @routes.post("/answers/{key}/missing")
    def missing(request: Request, key: Key) -> dict[str, bool]:
        assistant.journal.report_missing(key, owner_of(request))
        return {"done": True}

    @routes.post("/asks/{ticket}/stop")
    def stop(ticket: Key) -> dict[str, bool]:
        return {"done": stops.stop(ticket)}

    return routes


def page_routes(assistant: Assistant, board: Board) -> APIRouter:
    """Return the routes of what the chat page shows beside the conversation: start, status, page images."""
    routes = APIRouter()

    @routes.get("/start", response_class=HTMLResponse)
    def start() -> str:
        note = status_line.demonstration(board.serving())
        return str(layout.start(assistant.catalog.counts(), assistant.suggestions(3), note))

    @routes.get("/tandem/{digest}/{name}")
    def asset(digest: str, name: Literal["tandem.js", "tandem.css"]) -> Response:
        kind = "text/javascript" if name.endswith(".js") else "text/css"
        keep = FOREVER if assets.address(name) == f"/tandem/{digest}/{name}" else FRESH
        return Response(assets.asset(name), media_type=kind, headers={"cache-control": keep})

    @routes.get("/status")
    def now() -> Status:
        serving = board.serving()
        if fault := assistant.catalog.fault():
            return Status(
                html=str(status_line.broken(fault)), products=(), modes=status_line.modes(serving)
            )
        html = status_line.line(assistant.catalog.counts(), serving, board.later(serving.card))
        return Status(
            html=str(html), products=assistant.catalog.products(), modes=status_line.modes(serving)
        )

    @routes.get("/pages/{version_id}/{number}.webp")
    def image(
        request: Request,
        version_id: Number,
        number: Number,
        v: str = "",
        width: Annotated[int, Query(ge=1, lt=1 << 31)] = WIDTHS[0],
    ) -> Response:
        manual = assistant.catalog.version(version_id)
        if width not in WIDTHS or not 1 <= number <= manual.pages:
            raise NoSuchPage(say("fault.source"))
        tag = f'"{manual.sha256[:12]}-{number}-{width}"'
        headers = {"etag": tag, "cache-control": FOREVER if v == manual.sha256[:12] else FRESH}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        picture = page_images.page_image(assistant.catalog, version_id, number, width)
        return Response(picture, media_type="image/webp", headers=headers)

    return routes
