"""What agents did not get: questions that were refused, only offered sections, voted down, or reported as missing.

Read from the journal; nothing is stored here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from chatbot.conversations.tables import gaps, turns, votes

if TYPE_CHECKING:
    from chatbot.conversations.journal_file import JournalFile

Why = Literal["reported", "bad", "unanswered", "choose"]  # the gravest first
READ = 5_000  # turns, the newest ones
MOST = 200  # questions


@dataclass(frozen=True, slots=True)
class Gap:
    """A question as it was understood, asked in the same words of the same product ("" for any) ``times`` times.

    ``why`` counts what became of it; ``reasons`` are those given with a vote, the latest first; ``last`` is UTC in ISO 8601.
    """

    question: str
    product: str
    times: int
    last: str
    why: tuple[tuple[Why, int], ...]
    reasons: tuple[str, ...] = ()


def read_gaps(file: JournalFile) -> tuple[Gap, ...]:
    """The questions that agents did not get answered, last asked first. A wording that was replaced does not count.

    Raises NotKept where the journal cannot be read.
    """
    replaced = sa.select(turns.c.replaces).where(turns.c.replaces != "")
    query = (
        sa.select(
            _said("asked", turns.c.question).label("question"), _said("product", turns.c.product).label("product"),
            turns.c.outcome, turns.c.asked_at,
            votes.c.good, votes.c.reason, gaps.c.reported_at,
        )
        .outerjoin(votes, votes.c.answer_id == turns.c.answer_id)
        .outerjoin(gaps, gaps.c.answer_id == turns.c.answer_id)
        .where(
            turns.c.answer_id.not_in(replaced),
            turns.c.outcome.in_(("unanswered", "choose"))
            | (votes.c.good == sa.false())
            | gaps.c.reported_at.is_not(None),
        )
        .order_by(turns.c.id.desc())
        .limit(READ)
    )  # fmt: skip
    with file.reading() as db:
        return _grouped(db.execute(query).all())


def _said(name: str, else_: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """What an answer says of its question, as it was understood, or else what was sent."""
    return sa.func.coalesce(
        sa.func.nullif(sa.func.json_extract(turns.c.answer, f"$.{name}"), ""), else_
    )


def _grouped(rows: Iterable[Any]) -> tuple[Gap, ...]:
    """Rows, newest first, as one gap for each question and product."""
    groups: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        key = (" ".join(row.question.casefold().split()).rstrip("?.! "), row.product)
        groups.setdefault(key, []).append(row)
    return tuple(
        Gap(
            same[0].question,
            same[0].product,
            len(same),
            same[0].asked_at,
            tuple(Counter(map(_why, same)).most_common()),
            tuple(dict.fromkeys(row.reason for row in same if row.good is False and row.reason)),
        )
        for same in list(groups.values())[:MOST]
    )


def _why(row: Any) -> Why:
    if row.reported_at is not None:
        return "reported"
    if row.good is False:
        return "bad"
    return "choose" if row.outcome == "choose" else "unanswered"
