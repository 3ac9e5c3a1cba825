"""Approved answers on disk, in the journal's file: proposed, edited, approved, declined, withdrawn, found by a question.

Knows the table; nothing of manuals, so that it never says whether an answer is still current.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from chatbot.conversations.journal_file import JournalFile
from chatbot.conversations.tables import approved, moment, people
from chatbot.curation.approved.same_question import key_of
from chatbot.curation.approved.types import (
    LONGEST_TEXT,
    ApprovalState,
    ApprovedAnswer,
    Draft,
    NoSuchApproved,
    NotApproved,
    Tied,
)

FORM = 1  # of what is stored in ``tied``
# From which states one comes into another.
_BEFORE: Mapping[ApprovalState, tuple[ApprovalState, ...]] = {
    "approved": ("proposed", "declined", "withdrawn"),
    "declined": ("proposed",),
    "withdrawn": ("approved",),
}


class ApprovedAnswers:
    """The approved answers of a team. Safe for threads and for several processes; each call may raise NotKept."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    # Reading

    def listed(self) -> tuple[ApprovedAnswer, ...]:
        """Return all that were ever proposed, the last changed first."""
        with self._file.reading() as db:
            rows = db.execute(_WHOLE.order_by(approved.c.changed.desc())).all()
        return tuple(map(_answer_in, rows))

    def one(self, key: str) -> ApprovedAnswer:
        """Return one by its id. Raises NoSuchApproved."""
        with self._file.reading() as db:
            return _answer_in(_row(db, key))

    def proposed_by(self, who: str) -> tuple[ApprovedAnswer, ...]:
        """Return those that somebody (their id) proposed, the last changed first."""
        query = _WHOLE.where(approved.c.proposed_by == who).order_by(approved.c.changed.desc())
        with self._file.reading() as db:
            return tuple(map(_answer_in, db.execute(query).all()))

    def waiting(self) -> int:
        """Return how many wait for somebody to decide."""
        query = sa.select(sa.func.count()).where(approved.c.state == "proposed")
        with self._file.reading() as db:
            return int(db.execute(query).scalar_one())

    def last_change(self) -> str:
        """Return when anything of any of them last changed, "" without any."""
        with self._file.reading() as db:
            return db.execute(sa.select(sa.func.max(approved.c.changed))).scalar() or ""

    def answering(self, question_keys: Collection[str]) -> tuple[ApprovedAnswer, ...]:
        """Return the approved ones to any of these questions (as ``key_of`` gives them), the last approved first."""
        query = _WHOLE.where(approved.c.key.in_(question_keys), approved.c.state == "approved")
        with self._file.reading() as db:
            rows = db.execute(query.order_by(approved.c.decided_at.desc())).all()
        return tuple(map(_answer_in, rows))

    # Changing

    def propose(self, draft: Draft, who: str, answer_id: str) -> str:
        """Keep a proposal by somebody (their id). Return its id: that of the one before, where the same answer was proposed
        and nobody has decided yet. Raises NotApproved for a text that is empty or too long."""
        _check(draft)
        made = secrets.token_hex(8)

        def write(db: sa.Connection) -> None:
            nonlocal made
            waiting = sa.select(approved.c.id).where(
                approved.c.answer_id == answer_id,
                approved.c.proposed_by == who,
                approved.c.state == "proposed",
            )
            values = {**_values(draft), "proposed_at": moment(), "changed": moment()}
            if (held := db.execute(waiting).scalar()) is not None:
                made = str(held)
                db.execute(approved.update().where(approved.c.id == made).values(**values))
                return
            new = {"id": made, "answer_id": answer_id, "proposed_by": who, "state": "proposed"}
            db.execute(approved.insert().values(**new, decided_by="", decided_at="", **values))

        self._file.write(write)
        return made

    def edit(self, key: str, draft: Draft, who: str, seen: str) -> None:
        """Replace question, product, text and ties. One that is approved stays so, by whoever edits it.

        ``seen`` is ``changed`` of what they saw. Raises NoSuchApproved, and NotApproved: changed meanwhile, no text, or
        approved and without a source.
        """
        _check(draft)

        def write(db: sa.Connection) -> None:
            row = _row(db, key)
            _check_seen(row, seen)
            values = {**_values(draft), "changed": moment()}
            if row.state == "approved":
                _check_sources(draft.tied)
                values |= {"decided_by": who, "decided_at": moment()}
            db.execute(approved.update().where(approved.c.id == key).values(**values))

        self._file.write(write)

    def approve(self, key: str, who: str, seen: str) -> None:
        """Approve one that was proposed, declined or withdrawn, as it was seen. Raises NoSuchApproved, NotApproved."""

        def write(db: sa.Connection) -> None:
            row = _row(db, key)
            _check_seen(row, seen)
            _check_sources(_answer_in(row).tied)
            _decide(db, row, "approved", who)

        self._file.write(write)

    def decline(self, key: str, who: str) -> None:
        """Decline one that was proposed; it can still be approved. Raises NoSuchApproved, NotApproved."""
        self._file.write(lambda db: _decide(db, _row(db, key), "declined", who))

    def withdraw(self, key: str, who: str) -> None:
        """Use an approved one no more; it can be approved again. Raises NoSuchApproved, NotApproved."""
        self._file.write(lambda db: _decide(db, _row(db, key), "withdrawn", who))


_PROPOSER, _DECIDER = people.alias("proposer"), people.alias("decider")
_WHOLE = (
    sa.select(approved, _PROPOSER.c.name.label("proposer"), _DECIDER.c.name.label("decider"))
    .outerjoin(_PROPOSER, _PROPOSER.c.id == approved.c.proposed_by)
    .outerjoin(_DECIDER, _DECIDER.c.id == approved.c.decided_by)
)


def erase_person(file: JournalFile, who: str) -> None:
    """Erase what somebody proposed and nobody approved; what was approved stays, without who it was. Raises NotKept."""

    def write(db: sa.Connection) -> None:
        theirs = approved.c.proposed_by == who
        undecided = approved.c.state.in_(("proposed", "declined"))
        db.execute(approved.delete().where(theirs, undecided))
        db.execute(approved.update().where(theirs).values(proposed_by="", answer_id=""))
        db.execute(approved.update().where(approved.c.decided_by == who).values(decided_by=""))

    file.write(write)


def _values(draft: Draft) -> dict[str, str]:
    return {
        "key": key_of(draft.question, draft.product), "question": draft.question, "product": draft.product,
        "text": draft.text,
        "tied": json.dumps({"form": FORM, **_adapter().dump_python(draft.tied, mode="json")}),
    }  # fmt: skip


@cache
def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Tied)


def _answer_in(row: Any) -> ApprovedAnswer:
    tied = json.loads(row.tied)
    del tied["form"]
    return ApprovedAnswer(
        row.id, row.question, row.product, row.text, _adapter().validate_python(tied), row.state,
        row.proposer or "", row.proposed_at, row.decider or "", row.decided_at, row.answer_id, row.changed,
    )  # fmt: skip


def _row(db: sa.Connection, key: str) -> Any:
    row = db.execute(_WHOLE.where(approved.c.id == key)).first()
    if row is None:
        raise NoSuchApproved("There is no such approved answer.")
    return row


def _check(draft: Draft) -> None:
    if not draft.text.strip() or not draft.question.strip():
        raise NotApproved("A question and an answer are needed.")
    if len(draft.text) > LONGEST_TEXT or len(draft.question) > LONGEST_TEXT:
        raise NotApproved(f"Question and answer have at most {LONGEST_TEXT:,} characters each.")


def _check_seen(row: Any, seen: str) -> None:
    if row.changed != seen:
        raise NotApproved("Somebody has changed this answer meanwhile.")


def _check_sources(tied: Tied) -> None:
    if not tied.citations:
        raise NotApproved(
            "No sentence of this answer has a source in the manuals, so it cannot be approved."
        )


def _decide(db: sa.Connection, row: Any, state: ApprovalState, who: str) -> None:
    if row.state not in _BEFORE[state]:
        raise NotApproved("Somebody has decided on this answer meanwhile.")
    values = {"state": state, "decided_by": who, "decided_at": moment(), "changed": moment()}
    db.execute(approved.update().where(approved.c.id == row.id).values(**values))
