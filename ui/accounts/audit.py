"""The page of who did what, and how the other pages note it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chatbot.accounts.audit import AuditEntry, holding
from ui.accounts.page import NO_STORE, page
from ui.accounts.sign_in import caller_of
from ui.text.english import say
from ui.text.table import as_csv

if TYPE_CHECKING:
    from chatbot.assistant import Assistant

SHOWN, READ = 500, 20_000  # entries on the page, and looked through or exported


def note(assistant: Assistant, request: Request, deed: str, about: str = "") -> None:
    """Keep that whoever sends a request has just done something."""
    person = caller_of(request).person
    assistant.audit.note(person.name if person else "", deed, about)


def audit_routes(assistant: Assistant) -> APIRouter:
    """Return the routes of the audit page, and of its entries as a table to take along."""
    routes = APIRouter(default_response_class=HTMLResponse)

    def found(search: str) -> list[tuple[AuditEntry, str]]:
        entries = assistant.audit.entries(READ)
        in_words = ((entry, say(f"audit.{entry.deed}")) for entry in entries)
        return holding(in_words, search[:200])

    @routes.get("/audit")
    def audit(request: Request, search: str = "") -> Response:
        listed = found(search)
        return page(
            "accounts/audit.html", caller_of(request).shown,
            page="people", search=search[:200], listed=listed[:SHOWN], more=len(listed) > SHOWN, shown=SHOWN,
        )  # fmt: skip

    @routes.get("/audit.csv")
    def exported(search: str = "") -> Response:
        columns = ("audit.at", "audit.who", "audit.what", "audit.about")
        rows = ((e.at, e.who or say("audit.local"), deed, e.about) for e, deed in found(search))
        text = "\ufeff" + as_csv([say(column) for column in columns], rows)
        headers = {"content-disposition": 'attachment; filename="audit.csv"', **NO_STORE}
        return Response(text, media_type="text/csv", headers=headers)

    return routes
