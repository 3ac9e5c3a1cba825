"""The routes of the source panel: a cited place, what became of it, page images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from chatbot.conversations.types import Citation
from knowledge.catalog import Catalog
from ui.sources import views
from ui.sources.diff import changes
from ui.sources.drafts import refuse_drafts
from ui.sources.errors import NoSuchSource
from ui.sources.panel import panel
from ui.text.english import say
from ui.web.requests import Key, Number, PageNumber, owner_of

if TYPE_CHECKING:
    from chatbot.assistant import Assistant

PLACE = "/passages/{version_id}/{number}/{start}/{end}"


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a page of a version, as an address names it."""

    version_id: int
    page: int
    start: int
    end: int

    @property
    def address(self) -> str:
        """Where it is shown."""
        return f"/passages/{self.version_id}/{self.page}/{self.start}/{self.end}"


def place_in(version_id: Number, number: Number, start: Number, end: Number) -> Place:
    """Return the place that an address names."""
    return Place(version_id, number, start, end)


At = Annotated[Place, Depends(place_in)]


def source_routes(assistant: Assistant) -> APIRouter:
    """Return the routes of the source panel: a source as it was cited, where its words stand now, and what changed."""
    routes = APIRouter(default_response_class=HTMLResponse)
    catalog = assistant.catalog

    @routes.get("/answers/{key}/sources/{n}")
    def source(request: Request, key: Key, n: Number, page: PageNumber = 0) -> str:
        return _panel(catalog, _cited(request, key, n), f"/answers/{key}/sources/{n}", page)

    @routes.get("/answers/{key}/sources/{n}/changes")
    def source_changes(request: Request, key: Key, n: Number) -> str:
        return _changes(catalog, _cited(request, key, n), f"/answers/{key}/sources/{n}")

    @routes.get("/answers/{key}/sources/{n}/now")
    def source_now(request: Request, key: Key, n: Number, page: PageNumber = 0) -> str:
        return _now(catalog, _cited(request, key, n), f"/answers/{key}/sources/{n}", page)

    def _cited(request: Request, key: str, n: int) -> Citation:
        answer = assistant.answer(key, owner_of(request))
        citation = next((c for c in answer.citations if c.n == n), None)
        if citation is None:
            raise NoSuchSource(say("fault.source"))
        return citation

    routes.include_router(_place_routes(catalog))
    return routes


def _place_routes(catalog: Catalog) -> APIRouter:
    """Return the same routes for a place of a version that no answer cites."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.get(PLACE)
    def passage(request: Request, place: At, page: PageNumber = 0) -> str:
        return _panel(catalog, _placed(request, place), place.address, page)

    @routes.get(f"{PLACE}/now")
    def passage_now(request: Request, place: At, page: PageNumber = 0) -> str:
        return _now(catalog, _placed(request, place), place.address, page)

    @routes.get(f"{PLACE}/changes")
    def passage_changes(request: Request, place: At) -> str:
        return _changes(catalog, _placed(request, place), place.address)

    def _placed(request: Request, place: Place) -> Citation:
        refuse_drafts(request, catalog, place.version_id)
        return views.of_place(catalog, place.version_id, place.page, (place.start, place.end))

    return routes


def _changes(catalog: Catalog, citation: Citation, back: str) -> str:
    made = views.difference(catalog, citation)
    return str(changes(citation.manual, citation.version, made, back))


def _now(catalog: Catalog, citation: Citation, back: str, page: int) -> str:
    return str(panel(views.of_now(catalog, citation, back, page)))


def _panel(catalog: Catalog, citation: Citation, url: str, page: int) -> str:
    return str(panel(views.of_citation(catalog, citation, url, page)))
