"""The routes of what agents did not get, and of what is done about it: a section, another word, not our topic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from chatbot.curation.closing import ClosedGaps
from chatbot.curation.cures import answered_by, answered_in, approved_by, nearest_sections
from chatbot.curation.gaps import reference
from ui.accounts.audit import note
from ui.manuals.unanswered import gaps_csv, unanswered
from ui.web import layout
from ui.web.html import beginning
from ui.web.requests import Key, owner_of
from ui.web.templates import render

if TYPE_CHECKING:
    from chatbot.assistant import Assistant
    from chatbot.curation.gaps import Gap
    from knowledge.library import Library
    from knowledge.types import Manual

BEGINS = 240  # characters of a section that show whether it answers a question
LOOK, LOOK_ALL = 1.0, 20.0  # seconds in which gaps are looked up again, for the page and for a file
Asked = Annotated[str, Query(max_length=layout.MAX_QUESTION)]


class OpenQuestion(BaseModel):
    """A question that agents did not get answered, as the list shows it."""

    question: str = Field(min_length=1, max_length=layout.MAX_QUESTION)
    product: str = Field(default="", max_length=200)


class OffTopic(OpenQuestion):
    """``off``: the question is none for the manuals."""

    off: bool = True


class Missing(OpenQuestion):
    """``missing``: the manuals should answer the question."""

    missing: bool = True


class AnsweredIn(OpenQuestion):
    """``passage`` is one of the section in which the answer stands."""

    passage: int = Field(ge=1, lt=1 << 62)


class CustomersWord(BaseModel):
    """What customers call it, and what the manuals call it."""

    word: str = Field(max_length=200)
    means: str = Field(max_length=200)


def gap_routes(assistant: Assistant, library: Library) -> APIRouter:
    """Return the routes of what agents did not get: as the page shows it, and as a table to take along."""
    routes = APIRouter()
    closed = ClosedGaps(
        lambda text, product: answered_by(assistant, text, product),
        lambda: hash((library.generation(), assistant.approved.last_change())),
        lambda text, product: approved_by(assistant, text, product),
    )

    @routes.get("/manuals/gaps", response_class=HTMLResponse)
    def listed() -> str:
        now = closed.sort(assistant.journal.gaps(), LOOK)
        return str(unanswered(now, assistant.journal.off_topic()))

    @routes.post("/manuals/gaps/off-topic")
    def off_topic(request: Request, body: OffTopic) -> dict[str, bool]:
        assistant.journal.set_off_topic(body.question, body.product, body.off)
        note(assistant, request, "gap.off" if body.off else "gap.on", _named(body))
        return {"done": True}

    @routes.post("/manuals/gaps/missing")
    def missing(request: Request, body: Missing) -> dict[str, bool]:
        assistant.journal.set_missing(body.question, body.product, body.missing)
        note(assistant, request, "gap.missing" if body.missing else "gap.found", _named(body))
        return {"done": True}

    def saved(gaps: Sequence[Gap], name: str) -> Response:
        headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
        return Response("\ufeff" + gaps_csv(gaps), media_type="text/csv", headers=headers)

    @routes.get("/manuals/gaps.csv")
    def gaps() -> Response:
        return saved(closed.sort(assistant.journal.gaps(), LOOK_ALL).open, "unanswered")

    @routes.get("/manuals/missing.csv")
    def for_the_author() -> Response:
        left = closed.sort(assistant.journal.gaps(), LOOK_ALL).open
        return saved([gap for gap in left if gap.missing], "missing")

    routes.include_router(_cure_routes(assistant, library))
    return routes


def _named(gap: OpenQuestion) -> str:
    """Return what the log calls a question: by its product and its reference, never by its words."""
    return f"{gap.product} {reference(gap.question, gap.product)}".lstrip()


def _of_product(library: Library, name: str) -> Manual | None:
    """Return a manual of the product that a word names, None where it names none."""
    wanted = " ".join(name.split()).casefold()
    return next((m for m in library.manuals() if wanted and m.product.casefold() == wanted), None)


def _cure_routes(assistant: Assistant, library: Library) -> APIRouter:
    """Return the routes of the cures: the nearest sections, "answered here", customers' words."""
    routes = APIRouter()

    @routes.get("/manuals/gaps/near", response_class=HTMLResponse)
    def near(question: Asked = "", product: Annotated[str, Query(max_length=200)] = "") -> str:
        found = nearest_sections(assistant, question, product) if question.strip() else ()
        places = [
            (
                one,
                " › ".join(one.passage.section) or one.manual.name,
                beginning(one.passage.text, BEGINS),
            )
            for one in found
        ]
        return str(render("manuals/near.html", near=places, question=question, product=product))

    @routes.post("/manuals/gaps/answered")
    def answered(request: Request, body: AnsweredIn) -> dict[str, str | bool]:
        who = owner_of(request)
        made = answered_in(assistant, body.question, body.product, body.passage, who)
        note(assistant, request, "answer.approved", made.key)
        return {"key": made.key, "product": made.product, "closes": made.closes}

    @routes.post("/approved/{key}/undo")
    def undo(request: Request, key: Key) -> dict[str, bool]:
        assistant.approved.withdraw(key, owner_of(request))
        note(assistant, request, "answer.withdrawn", key)
        return {"done": True}

    @routes.get("/words", response_class=HTMLResponse)
    def words() -> str:
        return str(render("manuals/words.html", pairs=library.synonyms()))

    @routes.post("/words")
    def add_word(request: Request, body: CustomersWord) -> dict[str, str]:
        manual = _of_product(library, body.means)
        if manual is None:
            library.add_synonym(body.word, body.means)
            note(assistant, request, "word.added", f"{body.word}: {body.means}")
            return {"product": ""}
        names = [name for name, meant in library.other_names().items() if meant == manual.product]
        library.describe(manual.id, other_names=[*names, body.word])
        note(assistant, request, "manual.described", manual.name)
        return {"product": manual.product}

    @routes.post("/words/remove")
    def remove_word(request: Request, body: CustomersWord) -> dict[str, bool]:
        library.remove_synonym(body.word, body.means)
        note(assistant, request, "word.removed", f"{body.word}: {body.means}")
        return {"done": True}

    return routes
