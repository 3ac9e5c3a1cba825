"""The routes of the source panel: a cited place, what became of it, page images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from chatbot.conversations.types import Citation
from ui.errors import NoSuchSource
from ui.sources import views
from ui.sources.diff import changes
from ui.sources.panel import panel
from ui.text.english import say
from ui.web.requests import Key, Number, PageNumber, owner_of

if TYPE_CHECKING:
    from chatbot.assistant import Assistant


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
