"""The page that says how the knowledge is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chatbot.curation.health import health
from ui.accounts.page import page
from ui.accounts.sign_in import caller_of
from ui.web.html import day

if TYPE_CHECKING:
    from chatbot.assistant import Assistant
    from knowledge.library import Library


def health_routes(assistant: Assistant, library: Library) -> APIRouter:
    """Return the route of the page."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.get("/health")
    def shown(request: Request) -> Response:
        found = health(assistant, library, datetime.now(UTC).date())
        return page(
            "manuals/health.html", caller_of(request).shown, page="manuals", found=found, day=day
        )

    return routes
