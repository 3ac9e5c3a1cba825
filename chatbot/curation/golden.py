"""The golden questions of a team: those whose answers agents voted good. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from chatbot.conversations.stored_answer import loaded
from chatbot.conversations.tables import turns, votes

if TYPE_CHECKING:
    from chatbot.conversations.journal_file import JournalFile

MOST = 500  # the newest that are read


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question with the answer that was voted good, marks of its sources included; ``product`` is that of the answer."""

    question: str
    answer: str
    product: str


def found_good(file: JournalFile) -> tuple[GoldenQuestion, ...]:
    """Return the questions whose answers were voted good, the newest first, each wording once. Raises NotKept.

    A follow-up stands as it was understood, so that it can be asked alone.
    """
    query = (
        sa.select(turns.c.question, turns.c.product, turns.c.answer)
        .join(votes, votes.c.answer_id == turns.c.answer_id)
        .where(votes.c.good, turns.c.outcome == "answered", turns.c.answer.is_not(None))
        .order_by(turns.c.id.desc())
        .limit(MOST)
    )
    with file.reading() as db:
        rows = db.execute(query).all()
    found: dict[tuple[str, str], GoldenQuestion] = {}
    for row in rows:
        answer = loaded(row.answer)
        asked, product = answer.asked or row.question, row.product or answer.product or ""
        found.setdefault((asked.casefold(), product), GoldenQuestion(asked, answer.text, product))
    return tuple(found.values())
