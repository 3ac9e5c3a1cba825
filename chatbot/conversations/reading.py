"""How conversations are read: whose they are, who else may read them, and what a row of the journal is.

Knows columns and conditions; nothing of files or pages.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from chatbot.conversations.stored_answer import loaded
from chatbot.conversations.tables import conversations, gaps, sentences, shared, turns, votes
from chatbot.conversations.types import Question, Rating, Turn

# Every turn with the vote on it, and whether it was reported.
KEPT = (
    sa.select(turns, votes.c.good, votes.c.reason, gaps.c.reported_at)
    .outerjoin(votes, votes.c.answer_id == turns.c.answer_id)
    .outerjoin(gaps, gaps.c.answer_id == turns.c.answer_id)
)


def is_shared() -> sa.ColumnElement[bool]:
    """The condition that a conversation may be read by colleagues."""
    return sa.exists().where(shared.c.conversation == conversations.c.id)


def readable_by(reader: str) -> sa.ColumnElement[bool]:
    """The condition that somebody may read a conversation: it is theirs, or its owner has given it to colleagues."""
    return (conversations.c.owner == reader) | (is_shared() & sa.not_(conversations.c.deleted))


def holds(word: str) -> sa.ColumnElement[bool]:
    """The condition that a conversation holds a word, in capitals or not."""
    here = turns.c.conversation == conversations.c.id
    said = turns.c.answer_id == sentences.c.answer_id
    asked = sa.exists().where(here, turns.c.question.icontains(word, autoescape=True))
    told = sa.exists().where(here, said, sentences.c.text.icontains(word, autoescape=True))
    return conversations.c.title.icontains(word, autoescape=True) | asked | told


def turn_in(row: Any) -> Turn:
    """A turn as it is stored, with the vote on it."""
    return Turn(
        Question(row.question, row.mode, row.product, row.conversation, replaces=row.replaces),
        loaded(row.answer) if row.answer else None,
        row.asked_at,
        row.answer_id,
        None if row.good is None else Rating(row.good, row.reason),
        row.reported_at is not None,
    )
