"""The page of who did what, and how the other pages note it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from chatbot.accounts.audit import AuditEntry, holding
from chatbot.curation.gaps import reference
from ui.accounts.page import NO_STORE, page
from ui.accounts.sign_in import caller_of
from ui.text.english import say
from ui.text.table import csv_lines

if TYPE_CHECKING:
    from chatbot.assistant import Assistant

SHOWN = 500  # entries on the page; the file holds all
LONGEST_SEARCH = 200


def note(assistant: Assistant, request: Request, deed: str, about: str = "") -> None:
    """Keep that whoever sends a request has just done something."""
    person = caller_of(request).person
    assistant.audit.note(person.name if person else "", deed, about)


def audit_routes(assistant: Assistant) -> APIRouter:
    """Return the routes of the audit page, and of its entries as a table to take along."""
    routes = APIRouter(default_response_class=HTMLResponse)

    def found(request: Request, search: str, questions: bool) -> Iterator[tuple[AuditEntry, str]]:
        known: dict[str, str] = {}
        if questions:
            known = _questions(assistant)
            note(assistant, request, "questions")
        entries = (_with_question(entry, known) for entry in assistant.audit.entries())
        return holding(((entry, say(f"audit.{entry.deed}")) for entry in entries), search)

    @routes.get("/audit")
    def audit(request: Request, search: str = "", questions: bool = False) -> Response:
        search = search[:LONGEST_SEARCH]
        listed = list(islice(found(request, search, questions), SHOWN + 1))
        return page(
            "accounts/audit.html", caller_of(request).shown,
            page="people", search=search, questions=questions, listed=listed[:SHOWN], more=len(listed) > SHOWN,
            shown=SHOWN,
        )  # fmt: skip

    @routes.get("/audit.csv")
    def exported(request: Request, search: str = "", questions: bool = False) -> Response:
        columns = ("audit.at", "audit.who", "audit.what", "audit.about")
        deeds = found(request, search[:LONGEST_SEARCH], questions)
        rows = ((e.at, e.who or say("audit.local"), deed, e.about) for e, deed in deeds)
        lines = csv_lines([say(column) for column in columns], rows)
        text = "\ufeff" + "".join(
            islice(lines, 2)
        )  # a log that cannot be read says so, as any page does
        headers = {"content-disposition": 'attachment; filename="audit.csv"', **NO_STORE}
        return StreamingResponse(chain([text], lines), media_type="text/csv", headers=headers)

    return routes


def _questions(assistant: Assistant) -> dict[str, str]:
    """Return the questions that are still kept, by what the log calls them."""
    known = {one.id: one.question for one in assistant.approved.listed()}
    gaps = [(gap.question, gap.product) for gap in assistant.journal.gaps()]
    for question, product in (*assistant.journal.off_topic(), *gaps):
        known[reference(question, product)] = question
    return known


def _with_question(entry: AuditEntry, known: dict[str, str]) -> AuditEntry:
    """Return an entry with the question that it was about, where that is known."""
    question = known.get(entry.about.rpartition(" ")[2])
    return replace(entry, about=f"{entry.about}: {question}") if question else entry
