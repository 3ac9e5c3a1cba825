"""How the team's knowledge is: what is old, doubled, never cited or unreadable, and how many questions it answers.

Reads only, and no question's text. Each finding names what can be done about it by where it stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from chatbot.conversations.tables import cited, turns
from knowledge.errors import KnowledgeError
from knowledge.types import Job, Manual

if TYPE_CHECKING:
    from chatbot.assistant import Assistant
    from chatbot.conversations.journal_file import JournalFile
    from knowledge.catalog import Catalog
    from knowledge.library import Library

WEEKS = 12
MOST = 10  # sections that are cited most
DOUBLED = 0.5  # of the passages of the smaller manual, from which two manuals are near-duplicates
FALL = 0.1  # by which the share of answered questions falls from one week to the next for it to stand out
FEW = 10  # questions in a week below which a share says nothing
ANSWERED = ("answered",)
JUDGED = ("answered", "unanswered", "choose")


@dataclass(frozen=True, slots=True)
class ProductFreshness:
    """The manuals of a product ("" for those without one): how many, and when the newest was published."""

    product: str
    manuals: int
    newest: str


@dataclass(frozen=True, slots=True)
class DoubledManuals:
    """Two manuals that share passages: how many, and which share (0 to 1) of the smaller one that is."""

    one: Manual
    other: Manual
    passages: int
    share: float


@dataclass(frozen=True, slots=True)
class CitedSection:
    """A section of a searched manual, and how many answers cite it."""

    manual: Manual
    section: tuple[str, ...]
    page: int
    answers: int


@dataclass(frozen=True, slots=True)
class Week:
    """The questions of a week, which begins on a Monday: how many, and how many of them were answered.

    ``fell``: the share is clearly lower than in the week before; ``since`` are the new versions from whose publishing on
    it is, among questions of their product. ``published`` are the versions made searchable in it.
    """

    begins: date
    asked: int
    answered: int
    fell: bool
    published: tuple[Manual, ...]
    since: tuple[Manual, ...] = ()

    @property
    def share(self) -> float | None:
        """The share of questions that were answered, None without questions."""
        return self.answered / self.asked if self.asked else None


@dataclass(frozen=True, slots=True)
class Health:
    """All that is known of how the knowledge is; see the parts."""

    freshness: tuple[ProductFreshness, ...]
    warned: tuple[Manual, ...]
    failed: tuple[Job, ...]
    doubled: tuple[DoubledManuals, ...]
    uncited: tuple[Manual, ...]
    most_cited: tuple[CitedSection, ...]
    weeks: tuple[Week, ...]


def health(assistant: Assistant, library: Library, today: date) -> Health:
    """Look at everything. Raises NotKept, DataFolder."""
    file = assistant.journal.file
    with library.reading():
        manuals = library.manuals()
        counts = _citations(file)
        failed = tuple(job for job in library.jobs(500) if job.state in ("failed", "set aside"))
        return Health(
            _freshness(manuals),
            tuple(manual for manual in manuals if manual.warnings),
            failed,
            _doubled(library, manuals),
            tuple(m for m in manuals if not _cites(library, m, counts)) if counts else (),
            _most_cited(library, file),
            _weeks(file, library, today),
        )


def _freshness(manuals: Sequence[Manual]) -> tuple[ProductFreshness, ...]:
    by_product: defaultdict[str, list[Manual]] = defaultdict(list)
    for manual in manuals:
        by_product[manual.product].append(manual)
    found = [
        ProductFreshness(product, len(held), max(one.published or one.added for one in held))
        for product, held in by_product.items()
    ]
    return tuple(sorted(found, key=lambda one: one.newest))


def _doubled(catalog: Catalog, manuals: Sequence[Manual]) -> tuple[DoubledManuals, ...]:
    by_version = {manual.version_id: manual for manual in manuals}
    found = []
    for one, other, shared in catalog.shared_passages():
        pair = by_version[one], by_version[other]
        share = shared / max(1, min(manual.passages for manual in pair))
        if share >= DOUBLED:
            found.append(DoubledManuals(*pair, shared, min(1.0, share)))
    return tuple(sorted(found, key=lambda pair: -pair.share))


def _citations(file: JournalFile) -> frozenset[int]:
    """The versions that answers cite."""
    with file.reading() as db:
        return frozenset(row[0] for row in db.execute(sa.select(cited.c.version_id).distinct()))


def _cites(catalog: Catalog, manual: Manual, versions: Collection[int]) -> bool:
    return any(one.version_id in versions for one in catalog.versions_of(manual.id))


def _most_cited(catalog: Catalog, file: JournalFile) -> tuple[CitedSection, ...]:
    """The sections of what is searched that most answers cite."""
    c = cited.c
    query = sa.select(c.version_id, c.page, c.start, c.answer_id).order_by(c.cited_at.desc())
    with file.reading() as db:
        rows = db.execute(query.limit(20_000)).all()
    live = {manual.version_id: manual for manual in catalog.manuals()}
    answers: defaultdict[tuple[int, int, int], set[str]] = defaultdict(set)
    for row in rows:
        if row.version_id in live:
            answers[row.version_id, row.page, row.start].add(row.answer_id)
    sections: defaultdict[tuple[int, tuple[str, ...]], set[str]] = defaultdict(set)
    pages: dict[tuple[int, tuple[str, ...]], int] = {}
    often = sorted(answers, key=lambda place: -len(answers[place]))[: MOST * 10]
    for version_id, page, start in often:
        try:
            section = catalog.section(version_id, page, start).section
        except KnowledgeError:
            continue
        sections[version_id, section] |= answers[version_id, page, start]
        pages[version_id, section] = min(page, pages.get((version_id, section), page))
    found = [
        CitedSection(live[key[0]], key[1], pages[key], len(cited_by))
        for key, cited_by in sections.items()
    ]
    return tuple(sorted(found, key=lambda one: -one.answers)[:MOST])


def _weeks(file: JournalFile, catalog: Catalog, today: date) -> tuple[Week, ...]:
    """The last weeks with questions judged in them, the newest first."""
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    query = (
        sa.select(sa.func.substr(turns.c.asked_at, 1, 10), turns.c.outcome, sa.func.count())
        .where(turns.c.asked_at >= first.isoformat(), turns.c.outcome.in_(JUDGED))
        .group_by(sa.text("1"), turns.c.outcome)
    )
    asked: defaultdict[date, int] = defaultdict(int)
    answered: defaultdict[date, int] = defaultdict(int)
    with file.reading() as db:
        rows: Any = db.execute(query).all()
        for day, outcome, count in rows:
            week = _monday(date.fromisoformat(day))
            asked[week] += count
            answered[week] += count if outcome in ANSWERED else 0
    weeks: list[Week] = []
    manuals = catalog.published_since(first.isoformat())
    for n in range(WEEKS):
        week = first + timedelta(weeks=n)
        new = [m for m in manuals if m.published and _monday_of(m.published) == week]
        before = weeks[-1] if weeks else None
        now = Week(week, asked[week], answered[week], False, tuple(new))
        enough = before and min(before.asked, now.asked) >= FEW
        fell = bool(enough and before and (before.share or 0) - (now.share or 0) >= FALL)
        since = _since(file, manuals, week) if fell else ()
        weeks.append(Week(week, now.asked, now.answered, fell, now.published, since))
    return tuple(week for week in reversed(weeks) if week.asked)


def _since(file: JournalFile, manuals: Sequence[Manual], week: date) -> tuple[Manual, ...]:
    """The new versions, published in a week or the one before, after which fewer questions were answered than before."""
    first, end = week - timedelta(weeks=1), week + timedelta(weeks=1)
    said = sa.func.json_extract(turns.c.answer, "$.product")
    product = sa.func.coalesce(sa.func.nullif(said, ""), turns.c.product)
    query = sa.select(turns.c.asked_at, turns.c.outcome, product.label("product")).where(
        turns.c.asked_at >= first.isoformat(),
        turns.c.asked_at < end.isoformat(),
        turns.c.outcome.in_(JUDGED),
    )
    with file.reading() as db:
        rows: Any = db.execute(query).all()
    found = []
    for one in manuals:
        if one.version == 1 or not one.published or not first <= _monday_of(one.published) < end:
            continue
        asked = [row for row in rows if row.product in ("", one.product)]
        before = [row.outcome in ANSWERED for row in asked if row.asked_at < one.published]
        after = [row.outcome in ANSWERED for row in asked if row.asked_at >= one.published]
        enough = min(len(before), len(after)) >= FEW
        if enough and sum(before) / len(before) - sum(after) / len(after) >= FALL:
            found.append(one)
    return tuple(found)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _monday_of(moment: str) -> date:
    return _monday(date.fromisoformat(moment[:10]))
