"""What Tandem keeps of a person: taken along, erased on request, or erased when it is old."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from chatbot.conversations.journal_file import JournalFile
from chatbot.conversations.reading import KEPT, turn_in
from chatbot.conversations.tables import (
    cited,
    conversations,
    gaps,
    moment,
    sentences,
    shared,
    turns,
    votes,
)
from chatbot.curation.approved.store import erase_person
from chatbot.errors import NotKept
from chatbot.trials.store import Trials, forget
from chatbot.trials.types import AnswerPair

BY_ANSWER = (cited, votes, gaps, sentences)
AT_ONCE = 200  # conversations erased in one write
DAY = 24 * 3600.0  # seconds
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeptComparison:
    """Two answers that somebody was to compare, and the vote, "" while there is none; only then is not said what wrote them."""

    a: str
    b: str
    modes: tuple[str, str] | None
    vote: str
    reason: str
    support: tuple[str, str]


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """A question of a person's as it is kept. ``good`` is their vote, None for none; ``asked_at`` is UTC, ISO 8601."""

    conversation: str
    title: str
    asked_at: str
    question: str
    product: str
    answer: str
    good: bool | None
    reason: str
    compared: KeptComparison | None = None


def kept_of(file: JournalFile, owner: str) -> tuple[KeptQuestion, ...]:
    """Return everything that an owner asked, in order, deleted conversations too. Raises NotKept."""
    query = (
        KEPT.add_columns(conversations.c.title)
        .join(conversations, conversations.c.id == turns.c.conversation)
        .where(conversations.c.owner == owner)
    )
    with file.reading() as db:
        rows = db.execute(query.order_by(turns.c.id)).all()
    found = [(row.title, turn_in(row)) for row in rows]
    pairs = Trials(file).pairs([turn.id for _, turn in found], owner)
    return tuple(
        KeptQuestion(
            turn.question.conversation,
            title,
            turn.asked_at,
            turn.question.text,
            turn.question.product,
            turn.answer.text if turn.answer else "",
            turn.rating.good if turn.rating else None,
            turn.rating.reason if turn.rating else "",
            _compared(pairs.get(turn.id)),
        )
        for title, turn in found
    )


def _compared(pair: AnswerPair | None) -> KeptComparison | None:
    if pair is None:
        return None
    modes = pair.arms if pair.state else None
    return KeptComparison(pair.a.text, pair.b.text, modes, pair.state, pair.reason, pair.support)


def erase(file: JournalFile, owner: str) -> int:
    """Erase everything that an owner asked, with answers, votes, reports and proposals. Return how many conversations.

    Of an answer that was approved only who proposed and who approved it goes, of a comparison all but the vote. Raises NotKept.
    """
    erase_person(file, owner)
    return _erase(file, conversations.c.owner == owner)


def erase_older(file: JournalFile, days: int) -> int:
    """Erase the conversations that have not changed for so many days. Return how many. Raises NotKept."""
    return _erase(file, conversations.c.changed < moment(timedelta(days=days)))


def erase_daily(file: JournalFile, days: int, stop: threading.Event) -> None:
    """Erase what is older than so many days, now and each day, until told to stop."""
    while True:
        try:
            if erased := erase_older(file, days):
                log.info("%d conversations older than %d days were erased", erased, days)
        except NotKept as error:  # tomorrow is another day
            log.error("old conversations could not be erased: %s", error)
        if stop.wait(DAY):
            return


def _erase(file: JournalFile, which: sa.ColumnElement[bool]) -> int:
    """Erase some at a time, so that whoever asks a question meanwhile does not wait for long."""
    with file.reading() as db:
        ids = [str(row.id) for row in db.execute(sa.select(conversations.c.id).where(which))]
    for start in range(0, len(ids), AT_ONCE):
        _erase_these(file, ids[start : start + AT_ONCE])
    return len(ids)


def _erase_these(file: JournalFile, ids: Sequence[str]) -> None:
    def write(db: sa.Connection) -> None:
        answers = sa.select(turns.c.answer_id).where(turns.c.conversation.in_(ids))
        for table in BY_ANSWER:
            db.execute(table.delete().where(table.c.answer_id.in_(answers)))
        forget(db, answers)
        db.execute(turns.delete().where(turns.c.conversation.in_(ids)))
        db.execute(shared.delete().where(shared.c.conversation.in_(ids)))
        db.execute(conversations.delete().where(conversations.c.id.in_(ids)))

    file.write(write)
