"""What publishing a version does to what rests on the one before: earlier answers, adapters, kept questions.

Shows no question that was not voted on or unanswered: conversations are their owners'.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

from chatbot.conversations.tables import cited, turns, votes
from chatbot.curation.approved.places import pin_of
from chatbot.curation.cures import answered_by
from knowledge.errors import KnowledgeError, NoSuchPage
from knowledge.types import Evidence, Manual
from knowledge.versions.citation_status import PinnedCitation, states, states_in
from knowledge.versions.trial import as_if_published

if TYPE_CHECKING:
    from chatbot.assistant import Assistant
    from chatbot.conversations.journal_file import JournalFile
    from chatbot.curation.approved.types import ApprovedAnswer
    from knowledge.catalog import Catalog

READ = 50_000  # citations that are looked at, the newest first
KEPT = 100  # questions that are asked of a draft
TRIAL_SECONDS = 10.0  # for which others who change manuals wait while they are asked

_ASKING = threading.Lock()  # one trial at a time: each takes the library's turn to write

# "lost": answered now, not by the draft; "gained": the other way round; "other": from another section; "words": from the
# same section in other words.
Flip = Literal["lost", "gained", "other", "words"]


@dataclass(frozen=True, slots=True)
class LostPlace:
    """Words that answers cite and that a version does not hold: how many answers, and when last (UTC, ISO 8601)."""

    pin: PinnedCitation
    label: str
    answers: int
    last: str


@dataclass(frozen=True, slots=True)
class StaleAdapter:
    """An adapter, and how many of the passages that it was trained on a version does not hold any more."""

    name: str
    served: bool
    rests: int
    lost: int


@dataclass(frozen=True, slots=True)
class Impact:
    """What a version changes: ``answers`` cite words of the manual that are searched now, ``affected`` of them words that
    the version does not hold (``places``, those cited by most answers first); ``approved`` are the approved answers that
    become stale."""

    answers: int
    affected: int
    places: tuple[LostPlace, ...]
    adapters: tuple[StaleAdapter, ...]
    approved: tuple[ApprovedAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class FlippedQuestion:
    """A kept question that a version answers in another way, and the section that answers it now and then."""

    question: str
    product: str
    flip: Flip
    before: Evidence | None
    after: Evidence | None


@dataclass(frozen=True, slots=True)
class TrialResult:
    """How many of the kept questions were asked of a version, of how many, and those that come out otherwise."""

    asked: int
    kept: int
    flipped: tuple[FlippedQuestion, ...]


def in_use(assistant: Assistant, manual: Manual) -> bool:
    """Say whether answers, or what the served adapter was trained on, rest on a manual. Raises NotKept."""
    versions = _versions(assistant.catalog, manual)
    if assistant.journal.citing(versions):
        return True
    if any(
        one.state == "approved" and _cites(one, versions) for one in assistant.approved.listed()
    ):
        return True
    card = assistant.models.registry.serving()
    trained = frozenset(card.trained_on or ()) if card else frozenset()
    return bool(trained and trained & assistant.catalog.hashes_of(manual.version_id))


def _versions(catalog: Catalog, manual: Manual) -> frozenset[int]:
    """The versions of a manual; answers name them for good, also where it has become part of another manual."""
    return frozenset(one.version_id for one in catalog.versions_of(manual.id))


def _cites(one: ApprovedAnswer, versions: Collection[int]) -> bool:
    return any(citation.version_id in versions for citation in one.tied.citations)


def impact(assistant: Assistant, live: Manual, version_id: int) -> Impact:
    """Return what making a version the searched one instead of ``live`` does. Raises NotKept, NoSuchManual."""
    catalog = assistant.catalog
    with catalog.reading():
        rests = _pins(catalog, assistant.journal.file, _versions(catalog, live))
        pins = tuple(rests)
        now = states(catalog, pins)
        current = [pin for pin, state in zip(pins, now, strict=True) if state in ("same", "moved")]
        then = states_in(catalog, current, version_id)
        lost = [pin for pin, state in zip(current, then, strict=True) if state == "changed"]
        adapters = tuple(_stale(assistant, live, version_id))
        approved = tuple(_stale_approved(assistant, live, version_id))
        places = [_place(catalog, pin, rests[pin]) for pin in lost]
    answers = {answer for pin in current for answer, _ in rests[pin]}
    affected = {answer for pin in lost for answer, _ in rests[pin]}
    places.sort(key=lambda place: (-place.answers, place.pin.page, place.pin.start))
    return Impact(len(answers), len(affected), tuple(places), adapters, approved)


def _pins(
    catalog: Catalog, file: JournalFile, versions: Collection[int]
) -> dict[PinnedCitation, list[tuple[str, str]]]:
    """The places of a manual that answers cite, without their sections, each with the answers and when they were given."""
    c = cited.c
    query = (
        sa.select(c.version_id, c.page, c.start, c.end, c.hash, c.answer_id, c.cited_at)
        .where(c.version_id.in_(versions))
        .order_by(c.cited_at.desc())
        .limit(READ)
    )
    with file.reading() as db:
        rows = db.execute(query).all()
    pages: dict[tuple[int, int], str] = {}
    found: defaultdict[PinnedCitation, list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        where = (row.version_id, row.page)
        try:
            if where not in pages:
                pages[where] = catalog.page(*where).text
        except NoSuchPage:  # of a version that is no more
            continue
        quote = pages[where][row.start : row.end]
        pin = PinnedCitation(*where, row.start, row.end, (), quote, row.hash)
        found[pin].append((row.answer_id, row.cited_at))
    return found


def _place(catalog: Catalog, pin: PinnedCitation, cited_by: Sequence[tuple[str, str]]) -> LostPlace:
    label = catalog.page(pin.version_id, pin.page).label
    section = catalog.section(pin.version_id, pin.page, pin.start).section
    last = max(at for _, at in cited_by)
    return LostPlace(
        replace(pin, section=section), label, len({answer for answer, _ in cited_by}), last
    )


def _stale(assistant: Assistant, live: Manual, version_id: int) -> Iterator[StaleAdapter]:
    catalog, registry = assistant.catalog, assistant.models.registry
    held, coming = catalog.hashes_of(live.version_id), catalog.hashes_of(version_id)
    serving = registry.serving()
    for card in registry.cards():
        if rests := held & frozenset(card.trained_on or ()):
            served = serving is not None and serving.name == card.name
            yield StaleAdapter(card.name, served, len(rests), len(rests - coming))


def _stale_approved(
    assistant: Assistant, live: Manual, version_id: int
) -> Iterator[ApprovedAnswer]:
    """The approved answers whose places in a manual are current now and would not be with a version."""
    versions = _versions(assistant.catalog, live)
    for one in assistant.approved.listed():
        pins = [pin_of(c) for c in one.tied.citations if c.version_id in versions]
        if one.state == "approved" and pins:
            now = states(assistant.catalog, pins)
            then = states_in(assistant.catalog, pins, version_id)
            if "changed" in then and not {"changed", "removed"} & set(now):
                yield one


def try_kept_questions(
    assistant: Assistant, live: Manual, version_id: int, seconds: float = TRIAL_SECONDS
) -> TrialResult:
    """Ask the kept questions of the library as it is, and as it would be with a version published.

    Kept are those of approved answers, those that agents voted good, of answers that cite the manual, and those of its
    product that agents did not get answered. What is asked of the version ends after ``seconds``. Raises NotKept, KnowledgeError.
    """
    if not _ASKING.acquire(blocking=False):
        raise KnowledgeError("Kept questions are being asked already. Try again in some seconds.")
    try:
        questions = kept_questions(assistant, live)
        end = time.monotonic() + seconds
        before = list(_until(end, (answered_by(assistant, *each) for each in questions)))
        with as_if_published(assistant.catalog, version_id) as search:
            held = (answered_by(assistant, *each, search=search) for each in questions)
            after = list(_until(time.monotonic() + seconds, held))
    finally:
        _ASKING.release()
    flipped = [
        FlippedQuestion(text, product, kind, then, now)
        for (text, product), then, now in zip(questions, before, after, strict=False)
        if (kind := _flip(then, now))
    ]
    order: tuple[Flip, ...] = ("lost", "other", "words", "gained")
    flipped.sort(key=lambda one: order.index(one.flip))
    return TrialResult(min(len(before), len(after)), len(questions), tuple(flipped))


def _until(end: float, answers: Iterator[Evidence | None]) -> Iterator[Evidence | None]:
    """Yield answers until a moment (of ``time.monotonic``)."""
    while time.monotonic() <= end:
        try:
            yield next(answers)
        except StopIteration:
            return


def _flip(before: Evidence | None, after: Evidence | None) -> Flip | None:
    if before is None or after is None:
        return None if before is after else "lost" if after is None else "gained"
    if before.passage.hash == after.passage.hash:
        return None
    place = (before.manual.id, before.passage.section)
    return "words" if place == (after.manual.id, after.passage.section) else "other"


def kept_questions(assistant: Assistant, manual: Manual) -> tuple[tuple[str, str], ...]:
    """The questions that a manual is asked again, each with its product filter, at most KEPT. Raises NotKept."""
    versions = _versions(assistant.catalog, manual)
    good = (
        sa.select(turns.c.question, turns.c.product)
        .join(votes, votes.c.answer_id == turns.c.answer_id)
        .join(cited, cited.c.answer_id == turns.c.answer_id)
        .where(votes.c.good, cited.c.version_id.in_(versions))
        .group_by(turns.c.answer_id)
        .order_by(turns.c.id.desc())
        .limit(KEPT)
    )
    with assistant.journal.file.reading() as db:
        voted = [(row.question, row.product) for row in db.execute(good)]
    approved = [
        (one.question, one.product)
        for one in assistant.approved.listed()
        if one.state == "approved" and _cites(one, versions)
    ]
    gaps = assistant.journal.gaps()
    open_ = [(g.question, g.product) for g in gaps if g.product in ("", manual.product)]
    return tuple(dict.fromkeys([*approved, *voted, *open_]))[:KEPT]
