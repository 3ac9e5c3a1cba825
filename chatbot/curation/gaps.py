"""What agents did not get: questions that were refused, only offered sections, voted down, or reported as missing.

Read from the journal; all that is stored is which of them are off topic, and which are missing in the manuals.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from chatbot.conversations.tables import gaps, missing, off_topic, turns, votes

if TYPE_CHECKING:
    from chatbot.conversations.journal_file import JournalFile

# The gravest first; "bad" is an answer that was voted down, a refusal that was stays one
Why = Literal["reported", "bad", "unanswered", "choose"]
READ = 5_000  # turns, the newest ones
MOST = 200  # questions


@dataclass(frozen=True, slots=True)
class Gap:
    """A question as it was understood, asked in the same words of the same product ("" for any) ``times`` times.

    ``why`` counts what became of it; ``reasons`` are those given with a vote, the latest first; ``last`` is UTC in ISO 8601.
    ``missing``: an admin has noted it for the manuals' author.
    """

    question: str
    product: str
    times: int
    last: str
    why: tuple[tuple[Why, int], ...]
    reasons: tuple[str, ...] = ()
    missing: bool = False


def read_gaps(file: JournalFile) -> tuple[Gap, ...]:
    """The questions that agents did not get answered, last asked first, without those that are off topic. A wording that
    was replaced does not count.

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
        besides = {(row.question, row.product) for row in db.execute(sa.select(off_topic))}
        noted = {(row.question, row.product) for row in db.execute(sa.select(missing))}
        return _grouped(db.execute(query).all(), besides, noted)


def set_off_topic(file: JournalFile, question: str, product: str, said_at: str = "") -> None:
    """Keeps that a question of a product is none for the manuals, whoever asks it; without ``said_at``, that it is one again.

    Raises NotKept.
    """
    _set(file, off_topic, _key(question, product), said_at)


def set_missing(file: JournalFile, question: str, product: str, said_at: str = "") -> None:
    """Keeps that the manuals should answer a question of a product and do not; without ``said_at``, that nobody says so.

    Raises NotKept.
    """
    _set(file, missing, _key(question, product), said_at)


def _set(file: JournalFile, table: sa.Table, key: tuple[str, str], said_at: str) -> None:
    asked, product = key

    def write(db: sa.Connection) -> None:
        db.execute(table.delete().where((table.c.question == asked) & (table.c.product == product)))
        if said_at:
            db.execute(table.insert().values(question=asked, product=product, said_at=said_at))

    file.write(write)


def off_topic_questions(file: JournalFile) -> tuple[tuple[str, str], ...]:
    """The questions that are off topic, each with its product, as they are compared, the latest first. Raises NotKept."""
    query = sa.select(off_topic).order_by(off_topic.c.said_at.desc()).limit(MOST)
    with file.reading() as db:
        return tuple((row.question, row.product) for row in db.execute(query))


def reference(question: str, product: str) -> str:
    """Return a name for a question of a product that says nothing of it ("#" and ten hex digits): for a log without questions."""
    return "#" + hashlib.sha256("\n".join(_key(question, product)).encode()).hexdigest()[:10]


def _key(question: str, product: str) -> tuple[str, str]:
    """What makes two questions the same."""
    return " ".join(question.casefold().split()).rstrip("?.! "), product


def _said(name: str, else_: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """What an answer says of its question, as it was understood, or else what was sent."""
    return sa.func.coalesce(
        sa.func.nullif(sa.func.json_extract(turns.c.answer, f"$.{name}"), ""), else_
    )


def _grouped(
    rows: Iterable[Any], besides: Container[tuple[str, str]], noted: Container[tuple[str, str]]
) -> tuple[Gap, ...]:
    """Rows, newest first, as one gap for each question and product that is not ``besides`` the topic."""
    groups: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        if (key := _key(row.question, row.product)) not in besides:
            groups.setdefault(key, []).append(row)
    return tuple(
        Gap(
            same[0].question,
            same[0].product,
            len(same),
            same[0].asked_at,
            tuple(Counter(map(_why, same)).most_common()),
            tuple(dict.fromkeys(row.reason for row in same if row.good is False and row.reason)),
            key in noted,
        )
        for key, same in list(groups.items())[:MOST]
    )


def _why(row: Any) -> Why:
    if row.reported_at is not None:
        return "reported"
    if row.good is False and row.outcome not in ("unanswered", "choose"):
        return "bad"
    return "choose" if row.outcome == "choose" else "unanswered"
