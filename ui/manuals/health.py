"""The page that says how the knowledge is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chatbot.curation.disagreements import Disagreement, disagreements
from chatbot.curation.health import health
from knowledge.storage.watched import WatchedFolder
from ui.accounts.page import page
from ui.accounts.sign_in import caller_of
from ui.web.html import day

if TYPE_CHECKING:
    from chatbot.assistant import Assistant
    from knowledge.library import Library


def health_routes(assistant: Assistant, library: Library) -> APIRouter:
    """Return the route of the page."""
    routes = APIRouter(default_response_class=HTMLResponse)
    compared: tuple[int, tuple[Disagreement, ...]] = (-1, ())

    def disagree() -> tuple[Disagreement, ...]:
        """Return where manuals disagree; comparing them all takes seconds, so it is done once for each change."""
        nonlocal compared
        generation = library.generation()
        if compared[0] != generation:
            with library.reading():
                compared = generation, disagreements(library, library.manuals())
        return compared[1]

    @routes.get("/health")
    def shown(request: Request) -> Response:
        found = health(assistant, library, datetime.now(UTC).date())
        return page(
            "manuals/health.html",
            caller_of(request).shown,
            page="manuals",
            found=found,
            day=day,
            disagree=disagree(),
            watched=_watched(assistant, library),
        )

    return routes


def _watched(assistant: Assistant, library: Library) -> list[tuple[str, WatchedFolder | None]]:
    """Return the folders that are watched, each with what it was like when last looked at, None before that."""
    known = {each.folder: each for each in library.watched_folders()}
    return [(str(folder), known.get(str(folder))) for folder in assistant.settings.watched]
