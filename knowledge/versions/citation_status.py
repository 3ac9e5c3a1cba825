"""What became of cited words: is their manual still searched in that version, does the live one hold them, what changed.

A citation is pinned to a version and is never rewritten; this only looks. Knows nothing of answers or pages on a screen.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from rapidfuzz import fuzz, process

from knowledge.catalog import Catalog
from knowledge.errors import NoSuchPage
from knowledge.storage.engine import Database
from knowledge.storage.rows import page as page_of
from knowledge.storage.rows import version
from knowledge.text import SOFT_HYPHEN, locate, readable
from knowledge.types import Manual
from knowledge.versions.diff import Piece, difference

CitationStatus = Literal["same", "moved", "changed", "removed"]

ALIKE = 70  # per cent that a passage must share with the cited words to be taken for what became of them
OFTEN = 50  # places of the same words that are looked at


@dataclass(frozen=True, slots=True)
class PinnedCitation:
    """Words as they were cited: page text [start:end] of a version, which is ``quote``; ``hash`` is their passage's."""

    version_id: int
    page: int
    start: int
    end: int
    section: tuple[str, ...]
    quote: str
    hash: str


@dataclass(frozen=True, slots=True)
class PlaceNow:
    """Where words stand in a version: page text [start:end]."""

    page: int
    label: str
    section: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CitationNow:
    """What became of cited words, the version that is searched now, and where they stand in it.

    "same": their version is the live one; "moved": another version is, and it holds the very same words at ``place``;
    "changed": it does not hold them; "removed": the manual was taken out.
    """

    state: CitationStatus
    live: Manual | None = None
    place: PlaceNow | None = None


@dataclass(frozen=True, slots=True)
class SectionDiff:
    """How the section of cited words changed up to the live version; no pieces when nothing there corresponds to it."""

    live: Manual
    section: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class _Passage:
    page: int
    label: str
    start: int
    end: int
    text: str
    hash: str
    section: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    """The passages of a version, and all of them as one text for a first look: passage i begins at ``starts[i]``.

    ``by_hash`` are their own texts for that look.
    """

    version_id: int
    passages: tuple[_Passage, ...]
    whole: str
    starts: tuple[int, ...]
    by_hash: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The paragraphs of a section as one text, a line each; ``places`` are (page, start, offset in the text) of each."""

    text: str
    places: tuple[tuple[int, int, int], ...]

    def offset(self, page: int, start: int) -> int:
        """Where the paragraph that holds a position begins in the text."""
        i = bisect_right([(at, begin) for at, begin, _ in self.places], (page, start)) - 1
        return self.places[i][2] if i >= 0 else 0


def states(catalog: Catalog, pins: Sequence[PinnedCitation]) -> tuple[CitationStatus, ...]:
    """What became of each citation. One query where nothing changed; texts are read only of manuals that did."""
    db = catalog.connections.db
    return _states(db, pins, _lives(db, pins))


def states_in(
    catalog: Catalog, pins: Sequence[PinnedCitation], version_id: int
) -> tuple[CitationStatus, ...]:
    """What each citation would become if this version of its manual were the live one."""
    return _states(catalog.connections.db, pins, {pin.version_id: version_id for pin in pins})


def _states(
    db: Database, pins: Sequence[PinnedCitation], lives: Mapping[int, int]
) -> tuple[CitationStatus, ...]:
    """What became of each citation where ``lives`` has the live version for that of each."""
    read: dict[int, _Held] = {}
    found: list[CitationStatus] = []
    for pin in pins:
        live = lives.get(pin.version_id, 0)
        if live and live != pin.version_id:
            if live not in read:
                read[live] = _held(db, live)
            there = _squashed(pin.quote) in read[live].by_hash.get(pin.hash, "") or _place(
                db, read[live], pin
            )
            found.append("moved" if there else "changed")
        else:
            found.append("same" if live else "removed")
    return tuple(found)


def now(catalog: Catalog, pin: PinnedCitation) -> CitationNow:
    """What became of one citation, and where its words stand now."""
    db = catalog.connections.db
    live = _lives(db, [pin]).get(pin.version_id, 0)
    if not live:
        return CitationNow("removed")
    manual = version(db, live)
    if live == pin.version_id:
        return CitationNow("same", manual)
    place = _place(db, _held(db, live), pin)
    return CitationNow("moved" if place else "changed", manual, place)


def changes(catalog: Catalog, pin: PinnedCitation) -> SectionDiff | None:
    """How the section of a citation changed up to the live version; None when no other version is searched."""
    db = catalog.connections.db
    live = _lives(db, [pin]).get(pin.version_id, 0)
    if live in (0, pin.version_id):
        return None
    manual = version(db, live)
    there = _nearest(_passages(db, live), pin)
    old, new = (
        _stretch(db, pin.version_id, pin.page, pin.start),
        there and _stretch(db, live, there.page, there.start),
    )
    if there is None or not new or not new.text:
        return SectionDiff(manual)
    begin = old.offset(pin.page, pin.start)
    cited = locate(old.text, pin.quote, begin) or (begin, begin)
    near = new.offset(there.page, there.start)
    return SectionDiff(
        manual, there.section, difference(old.text, new.text, cited, (near, near + len(there.text)))
    )


def _lives(db: Database, pins: Sequence[PinnedCitation]) -> dict[int, int]:
    """The live version of the manual of each cited version; 0 when there is none any more."""
    rows = db.execute(
        "SELECT v.id, coalesce(live.id, 0) FROM versions v LEFT JOIN versions live"
        " ON live.manual_id = v.manual_id AND live.state = 'live' WHERE v.id IN (SELECT value FROM json_each(?))",
        [json.dumps(sorted({pin.version_id for pin in pins}))],
    )
    return dict(rows.fetchall())


def _passages(db: Database, version_id: int) -> list[_Passage]:
    rows = db.execute(
        'SELECT p.page, p.label, p.start, p."end", p.body, p.hash, s.path FROM passages p'
        " JOIN sections s ON s.id = p.section_id WHERE p.version_id = ? ORDER BY p.id",
        [version_id],
    )
    return [_Passage(*[*row[:6], tuple(json.loads(row[6]))]) for row in rows]


def _held(db: Database, version_id: int) -> _Held:
    passages = _passages(db, version_id)
    texts = [_squashed(passage.text) for passage in passages]
    starts = tuple(accumulate(map(len, texts), initial=0))
    return _Held(
        version_id,
        tuple(passages),
        "".join(texts),
        starts,
        {p.hash: text for p, text in zip(passages, texts, strict=True)},
    )


def _squashed(text: str) -> str:
    """Text for a first look: what ``locate`` takes as equal is equal here."""
    return "".join(text.replace(SOFT_HYPHEN, "").split()).casefold()


def _place(db: Database, held: _Held, pin: PinnedCitation) -> PlaceNow | None:
    """Where a version holds the cited words: in the same passage, in the same section, or anywhere."""

    def order(run: tuple[_Passage, _Passage]) -> tuple[bool, bool]:
        return run[0].hash != pin.hash, run[0].section != pin.section

    for first, last in sorted(_candidates(held, pin.quote), key=order):
        text = page_of(db, held.version_id, first.page).text
        span = locate(text, pin.quote, first.start, last.end)
        if span:
            return PlaceNow(first.page, first.label, first.section, *span)
    return None


def _candidates(held: _Held, quote: str) -> Iterator[tuple[_Passage, _Passage]]:
    """First and last passage of each run on one page in which the words may stand; a quote may reach into the next."""
    passages, starts, wanted = held.passages, held.starts, _squashed(quote)
    at, seen = held.whole.find(wanted) if wanted else -1, 0
    while at >= 0 and seen < OFTEN:
        i, j = bisect_right(starts, at) - 1, bisect_right(starts, at + len(wanted) - 1) - 1
        if passages[i].page == passages[j].page and passages[i].start <= passages[j].start:
            yield passages[i], passages[j]
        at, seen = held.whole.find(wanted, at + 1), seen + 1


def _nearest(passages: Sequence[_Passage], pin: PinnedCitation) -> _Passage | None:
    """The passage that the cited words have become: in the section of that path, of that title, or alike anywhere."""
    quote = readable(pin.quote)
    same_path = [passage for passage in passages if passage.section == pin.section]
    same_title = [
        passage for passage in passages if pin.section and passage.section[-1:] == pin.section[-1:]
    ]
    for some, least in ((same_path if pin.section else [], 0), (same_title, 0), (passages, ALIKE)):
        best = process.extractOne(
            quote, [passage.text for passage in some], scorer=fuzz.partial_ratio, score_cutoff=least
        )
        if best:
            return some[best[2]]
    return None


def _stretch(db: Database, version_id: int, page: int, start: int) -> _Stretch:
    """The section round a position, paragraph by paragraph, over all its pages."""
    row = db.execute(
        'SELECT page, start, end_page, "end" FROM sections WHERE version_id = ?'
        " AND (page < ? OR (page = ? AND start <= ?)) ORDER BY page DESC, start DESC LIMIT 1",
        [version_id, page, page, start],
    ).fetchone()
    first, last = ((row[0], row[1]), (row[2], row[3])) if row else ((page, 0), (page + 1, 0))
    text, places = "", []
    for number in range(first[0], last[0] + 1):
        for begin, paragraph in _paragraphs(db, version_id, number):
            if first <= (number, begin) < last:
                places.append((number, begin, len(text)))
                text += paragraph + "\n"
    return _Stretch(text.rstrip("\n"), tuple(places))


def _paragraphs(db: Database, version_id: int, number: int) -> list[tuple[int, str]]:
    """Start and readable text of each paragraph, item, row or heading of a page, in the order of the text; [] where there is no such page."""
    try:
        page = page_of(db, version_id, number)
    except NoSuchPage:  # a section may end at the start of a page that does not exist
        return []
    blocks = sorted(page.blocks, key=lambda block: block.start)
    return [(block.start, readable(page.text[block.start : block.end])) for block in blocks]
