"""The chat page's own routes beside Gradio's: conversations, sources, page images, votes, stop.

They answer small pieces of escaped HTML or JSON. Every id is looked up before it is used; no route takes a path.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from markupsafe import Markup
from pydantic import BaseModel, Field

from chatbot.accounts.errors import NoSuchPerson
from chatbot.conversations.suggestions import suggestions
from knowledge.errors import NoSuchPage
from knowledge.rendering import page_images
from ui.accounts.audit import note
from ui.chat import conversation_list, status_line
from ui.chat import turns as render
from ui.chat.model_status import Board
from ui.sources import views
from ui.sources.drafts import refuse_drafts
from ui.text.english import say
from ui.trials.pair import pairs_in
from ui.web import assets, layout
from ui.web.cancellation import RunningQuestions
from ui.web.requests import Key, Number, owner_of

if TYPE_CHECKING:
    from chatbot.assistant import Assistant


WIDTHS = (900, 1800)  # pixels of a page image: in the panel, and zoomed
FOREVER = "private, max-age=31536000, immutable"
FRESH = "private, no-cache"


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


def conversation_routes(assistant: Assistant) -> APIRouter:
    """Return the routes of the conversation list and of one conversation."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.get("/conversations")
    def listed(
        request: Request, search: str = "", zone: Annotated[int, Query(ge=-900, le=900)] = 0
    ) -> str:
        found = assistant.journal.conversations(owner_of(request), search[:200])
        colleagues = not request.state.caller.local
        now = datetime.now(UTC)
        return str(conversation_list.rail(found, search, now, zone, colleagues=colleagues))

    @routes.get("/conversations/{key}")
    def shown(request: Request, key: Key) -> str:
        reader = owner_of(request)
        turns = assistant.journal.turns(key, reader)
        owner = assistant.journal.owner(key, reader)
        every = [one for turn in turns for one in (*turn.earlier, turn)]
        since = views.since(assistant.catalog, [one.answer for one in every if one.answer])
        given = _given(assistant, owner) if owner != reader else ""
        compared = pairs_in(assistant, turns, reader, mine=owner == reader)
        return f"{given}{render.conversation(turns, since, compared)}"

    @routes.post("/conversations/{key}/rename", response_class=JSONResponse)
    def rename(request: Request, key: Key, body: Title) -> dict[str, bool]:
        assistant.journal.rename(key, owner_of(request), body.title)
        return {"done": True}

    @routes.post("/conversations/{key}/delete", response_class=JSONResponse)
    def delete(request: Request, key: Key) -> dict[str, bool]:
        assistant.journal.delete(key, owner_of(request))
        return {"done": True}

    @routes.post("/conversations/{key}/share", response_class=JSONResponse)
    def share(request: Request, key: Key) -> dict[str, bool]:
        assistant.journal.share(key, owner_of(request), on=True)
        note(assistant, request, "conversation.shared", key)
        return {"done": True}

    @routes.post("/conversations/{key}/unshare", response_class=JSONResponse)
    def unshare(request: Request, key: Key) -> dict[str, bool]:
        assistant.journal.share(key, owner_of(request), on=False)
        note(assistant, request, "conversation.unshared", key)
        return {"done": True}

    @routes.post("/conversations/{key}/restore", response_class=JSONResponse)
    def restore(request: Request, key: Key) -> dict[str, bool]:
        assistant.journal.restore(key, owner_of(request))
        return {"done": True}

    return routes


def _given(assistant: Assistant, owner: str) -> Markup:
    """Return who has given a conversation to its reader."""
    try:
        return render.given_by(assistant.accounts.by_id(owner).name)
    except NoSuchPerson:
        return render.given_by("")


def answer_routes(assistant: Assistant, stops: RunningQuestions) -> APIRouter:
    """Return the routes of one answer: votes, whether it is still being given, and its stop."""
    routes = APIRouter()

    @routes.post("/answers/{key}/rate")
    def rate(request: Request, key: Key, body: Vote) -> dict[str, bool]:
        assistant.journal.rate(key, owner_of(request), body.good, body.reason)
        return {"done": True}

    @routes.post("/answers/{key}/unrate")
    def unrate(request: Request, key: Key) -> dict[str, bool]:
        return {"done": assistant.journal.unrate(key, owner_of(request))}

    @routes.post("/answers/{key}/missing")
    def missing(request: Request, key: Key) -> dict[str, bool]:
        assistant.journal.report_missing(key, owner_of(request))
        return {"done": True}

    @routes.get("/asks/{ticket}")
    def running(request: Request, ticket: Key) -> dict[str, bool]:
        return {"running": stops.runs(ticket, str(request.state.owner))}

    @routes.post("/asks/{ticket}/stop")
    def stop(request: Request, ticket: Key) -> dict[str, bool]:
        return {"done": stops.stop(ticket, str(request.state.owner))}

    return routes


def page_routes(assistant: Assistant, board: Board) -> APIRouter:
    """Return the routes of what the chat page shows beside the conversation: start, status, page images."""
    routes = APIRouter()

    @routes.get("/start", response_class=HTMLResponse)
    def start(request: Request, product: Annotated[str, Query(max_length=200)] = "") -> str:
        note = status_line.demonstration(board.serving())
        return str(
            layout.start(
                assistant.catalog.counts(),
                suggestions(
                    assistant.catalog,
                    assistant.search,
                    assistant.settings.min_match,
                    product=product,
                ),
                note,
                may_add="manuals" in request.state.caller.rights,
            )
        )

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
        html += status_line.search_note(assistant.search.note())
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
        refuse_drafts(request, assistant.catalog, version_id)
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
