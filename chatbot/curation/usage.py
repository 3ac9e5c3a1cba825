"""How Tandem is used: questions by day, which modes answer, how that ends, how well it holds, and how long it takes.

Reads only, and no question's text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from chatbot.conversations.tables import sentences, turns, votes

if TYPE_CHECKING:
    from chatbot.conversations.journal_file import JournalFile

STAGES = ("search", "first", "total")
HELD = ("verified", "supported")
NO_QUESTION = "smalltalk"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included; of one product, "" for all."""

    first: date
    last: date
    product: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """The questions of a day (UTC): how many, how many of them were answered, and the votes on their answers."""

    day: date
    asked: int
    answered: int
    good: int
    bad: int


@dataclass(frozen=True, slots=True)
class StageTime:
    """How long a stage took: the median and the 95th percentile in seconds, of so many answers."""

    stage: str
    median: float
    slow: float
    answers: int


@dataclass(frozen=True, slots=True)
class Usage:
    """The figures of a period. ``modes``: answers by the mode that gave them; ``sentences`` their sentences by state;
    ``by_mode`` the same for each mode; ``mode_times`` how long whole answers took by mode. Days without questions are there, too.
    """

    period: Period
    days: tuple[Day, ...]
    modes: Mapping[str, int]
    outcomes: Mapping[str, int]
    sentences: Mapping[str, int]
    by_mode: Mapping[str, Mapping[str, int]]
    times: tuple[StageTime, ...]
    mode_times: Mapping[str, StageTime]

    @property
    def asked(self) -> int:
        """All questions."""
        return sum(day.asked for day in self.days)

    @property
    def supported(self) -> float | None:
        """The share (0 to 1) of judged sentences that a manual holds, None without any."""
        return share_held(self.sentences)


def share_held(states: Mapping[str, int]) -> float | None:
    """Return the share (0 to 1) of sentences that a manual holds, None without any."""
    judged = sum(states.values())
    return sum(states.get(state, 0) for state in HELD) / judged if judged else None


def usage(file: JournalFile, period: Period) -> Usage:
    """Return the figures of a period. Raises NotKept."""
    rows, states = _read(file, period)
    by_mode: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in states:
        by_mode[row.mode or ""][row.state] += row.n
    return Usage(
        period,
        _days(rows, period),
        Counter(row.mode for row in rows if row.mode),
        Counter(row.outcome for row in rows),
        sum(by_mode.values(), Counter[str]()),
        by_mode,
        tuple(time for stage in STAGES if (time := _time(rows, stage))),
        {
            mode: time
            for mode in sorted({row.mode for row in rows if row.mode})
            if (time := _time([row for row in rows if row.mode == mode], "total"))
        },
    )


def _read(file: JournalFile, period: Period) -> tuple[Sequence[Any], Sequence[Any]]:
    """The questions of a period with what is counted of their answers, and the sentences of these by mode and state."""
    said = sa.func.json_extract
    mode = said(turns.c.answer, "$.route.mode")
    about = sa.func.coalesce(
        sa.func.nullif(turns.c.product, ""), said(turns.c.answer, "$.product"), ""
    )
    here = [
        turns.c.asked_at >= period.first.isoformat(),
        turns.c.asked_at < (period.last + timedelta(days=1)).isoformat(),
        turns.c.outcome != NO_QUESTION,
    ]
    if period.product:
        here.append(about == period.product)
    seconds = [said(turns.c.answer, f"$.seconds.{stage}").label(stage) for stage in STAGES]
    asked = sa.select(
        sa.func.substr(turns.c.asked_at, 1, 10).label("day"), turns.c.outcome, mode.label("mode"), votes.c.good, *seconds
    ).outerjoin(votes, votes.c.answer_id == turns.c.answer_id)  # fmt: skip
    judged = (
        sa.select(mode.label("mode"), sentences.c.state, sa.func.count().label("n"))
        .join(sentences, sentences.c.answer_id == turns.c.answer_id)
        .where(sentences.c.state != "none")
        .group_by(sa.text("1"), sentences.c.state)
    )
    with file.reading() as db:
        return db.execute(asked.where(*here)).all(), db.execute(judged.where(*here)).all()


def _days(rows: Sequence[Any], period: Period) -> tuple[Day, ...]:
    asked, answered, good, bad = (Counter[str]() for _ in range(4))
    for row in rows:
        asked[row.day] += 1
        answered[row.day] += row.outcome == "answered"
        good[row.day] += row.good is True
        bad[row.day] += row.good is False
    every = (
        (period.first + timedelta(days=n)) for n in range((period.last - period.first).days + 1)
    )
    return tuple(
        Day(day, *(counted[day.isoformat()] for counted in (asked, answered, good, bad)))
        for day in every
    )


def _time(rows: Sequence[Any], stage: str) -> StageTime | None:
    values = [value for row in rows if (value := getattr(row, stage)) is not None]
    if not values:
        return None
    median, slow = np.percentile(values, (50, 95))
    return StageTime(stage, float(median), float(slow), len(values))
