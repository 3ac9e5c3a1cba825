"""How the answers of one adapter do from week to week, and whether they do worse of late. Reads only, and no question's text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from chatbot.conversations.tables import sentences, turns, votes
from chatbot.curation.usage import HELD
from chatbot.trials.statistics import ALPHA, chance_of_fewer

if TYPE_CHECKING:
    from chatbot.conversations.journal_file import JournalFile

WEEKS = 26  # that are read
LATELY = 4  # weeks that are held against those before
WRITES = ("adapter", "both")


@dataclass(frozen=True, slots=True)
class Tally:
    """Answers that an adapter wrote or took part in: the votes on them, how many were judged by the manuals, and how many of
    these hold in every sentence (``held``) or are contradicted in one.

    ``beyond`` counts those to questions that are not near what the adapter was trained on, ``beyond_wrong`` the contradicted of these.
    """

    answers: int = 0
    good: int = 0
    bad: int = 0
    judged: int = 0
    held: int = 0
    contradicted: int = 0
    beyond: int = 0
    beyond_wrong: int = 0

    def __add__(self, other: Tally) -> Tally:
        pairs = zip(self._figures(), other._figures(), strict=True)
        return Tally(*(mine + its for mine, its in pairs))

    def _figures(self) -> tuple[int, ...]:
        return (
            self.answers, self.good, self.bad, self.judged, self.held, self.contradicted, self.beyond, self.beyond_wrong,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AdapterWeek:
    """Seven days from ``first`` on (UTC)."""

    first: date
    tally: Tally


@dataclass(frozen=True, slots=True)
class Drift:
    """The weeks from the adapter's first answer on, and the last ``LATELY`` of them beside all before.

    ``votes_fell`` and ``held_fell`` say that the share of good votes, or of answers that hold, is lower than before, beyond
    chance: at most one adapter in twenty that does as well as ever is called worse in half a year, also where somebody looks
    every day (Fisher's exact test at ``ALPHA``, divided by the days).
    """

    weeks: tuple[AdapterWeek, ...]
    before: Tally
    lately: Tally

    @property
    def all(self) -> Tally:
        """All weeks together."""
        return self.before + self.lately

    @property
    def votes_fell(self) -> bool:
        """Whether agents vote worse than before."""
        return _fell((self.before.good, self.before.bad), (self.lately.good, self.lately.bad))

    @property
    def held_fell(self) -> bool:
        """Whether the manuals hold fewer of its answers than before."""
        before, now = self.before, self.lately
        return _fell((before.held, before.judged - before.held), (now.held, now.judged - now.held))


def drift(file: JournalFile, adapter: str, today: date) -> Drift:
    """Return how an adapter does, by the name on its card. Raises NotKept."""
    first = today - timedelta(days=7 * WEEKS - 1)
    rows = _read(file, adapter, first, today)
    tallies = [Tally() for _ in range(WEEKS)]
    for row in rows:
        tallies[(date.fromisoformat(row.day) - first).days // 7] += _tally(row)
    begun = next((n for n, tally in enumerate(tallies) if tally.answers), WEEKS)
    weeks = tuple(
        AdapterWeek(first + timedelta(days=7 * n), tallies[n]) for n in range(begun, WEEKS)
    )
    return Drift(
        weeks,
        sum((week.tally for week in weeks[:-LATELY]), Tally()),
        sum((week.tally for week in weeks[-LATELY:]), Tally()),
    )


def _read(file: JournalFile, adapter: str, first: date, last: date) -> Sequence[Any]:
    """The answers of an adapter with their votes, and how many of their sentences hold or are contradicted."""
    said = sa.func.json_extract

    def counted(*states: str) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((sentences.c.state.in_(states), 1), else_=0))

    judged = (
        sa.select(
            sentences.c.answer_id,
            sa.func.count().label("judged"),
            counted(*HELD).label("held"),
            counted("contradicted").label("contradicted"),
        )
        .where(sentences.c.state != "none")
        .group_by(sentences.c.answer_id)
        .subquery()
    )
    asked = (
        sa.select(
            sa.func.substr(turns.c.asked_at, 1, 10).label("day"),
            votes.c.good,
            judged.c.judged,
            judged.c.held,
            judged.c.contradicted,
            said(turns.c.answer, "$.signals.coverage").label("coverage"),
            said(turns.c.answer, "$.signals.covered_from").label("covered_from"),
        )
        .outerjoin(votes, votes.c.answer_id == turns.c.answer_id)
        .outerjoin(judged, judged.c.answer_id == turns.c.answer_id)
        .where(
            turns.c.asked_at >= first.isoformat(),
            turns.c.asked_at < (last + timedelta(days=1)).isoformat(),
            turns.c.outcome == "answered",
            said(turns.c.answer, "$.route.mode").in_(WRITES),
            said(turns.c.answer, "$.signals.adapter") == adapter,
        )
    )
    with file.reading() as db:
        return db.execute(asked).all()


def _tally(row: Any) -> Tally:
    beyond = (
        row.coverage is not None
        and row.covered_from is not None
        and row.coverage < row.covered_from
    )
    wrong = bool(row.contradicted)
    return Tally(
        1, row.good is True, row.good is False, bool(row.judged), bool(row.judged) and row.held == row.judged, wrong, beyond, beyond and wrong,
    )  # fmt: skip


def _fell(before: tuple[int, int], now: tuple[int, int]) -> bool:
    return sum(before) > 0 < sum(now) and chance_of_fewer(before, now) < ALPHA / (7 * WEEKS)
