"""The route that checks a draft. It answers one line of JSON a sentence, so that the page can show how far it is.

Nothing of a draft is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from chatbot.answers.messages import NOTHING_TO_CHECK
from chatbot.errors import NoManuals
from chatbot.grounding.reply_check import LONGEST, check_draft, sentences_of
from ui.reply_check.results import ReplyReport

if TYPE_CHECKING:
    from chatbot.assistant import Assistant


class ReplyText(BaseModel):
    """A reply to be checked, and the product it is about ("" for none in particular)."""

    text: str = Field(max_length=LONGEST)
    product: str = Field(default="", max_length=200)


def draft_routes(assistant: Assistant) -> APIRouter:
    """Return the routes of the page "Check a reply"."""
    routes = APIRouter()

    @routes.post("/drafts/check")
    def check(draft: ReplyText) -> StreamingResponse:
        if not assistant.catalog.counts().manuals:
            raise NoManuals(NOTHING_TO_CHECK)
        total = len(
            sentences_of(draft.text)
        )  # what cannot be checked is refused before the answer begins
        return StreamingResponse(_rows(draft, total), media_type="application/x-ndjson")

    def _rows(draft: ReplyText, total: int) -> Iterator[str]:
        report = ReplyReport()
        for number, checked in enumerate(
            check_draft(
                assistant.catalog,
                assistant.search,
                draft.text,
                draft.product,
                assistant.second_opinion(),
            ),
            1,
        ):
            yield _line(done=number, total=total, html=str(report.row(checked)))
        yield _line(done=total, total=total, html=str(report.summary()), words=report.words())

    return routes


def _line(**row: object) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"
