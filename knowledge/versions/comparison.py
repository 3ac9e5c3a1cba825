"""Two versions of a manual, or of two manuals, held against each other section by section, words marked.

Knows the tables; nothing of answers, routes or pages on a screen.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from knowledge.storage.engine import Database
from knowledge.storage.rows import page as page_of
from knowledge.storage.rows import version
from knowledge.text import readable
from knowledge.types import Manual
from knowledge.versions.diff import LONGEST, Piece, difference

if TYPE_CHECKING:
    from knowledge.catalog import Catalog

SectionChange = Literal["added", "removed", "changed", "renamed", "moved"]

ALIKE = 60  # per cent of words in common from which two sections of other names are one that was renamed
FEW = 2_500  # pairs of sections that are all compared
ROUND = 1  # paragraphs shown before and after one that changed


@dataclass(frozen=True, slots=True)
class SectionPlace:
    """A section of a version: its path of headings, and the page and printed label where it begins."""

    path: tuple[str, ...]
    page: int
    label: str
    start: int


@dataclass(frozen=True, slots=True)
class ChangedSection:
    """A section that differs: where it stood, where it stands, and its words; ``left_out`` counts equal paragraphs.

    ``before`` is None for a new one, ``after`` for one that is gone. A "renamed" one has the same words under another heading of its own, a "moved" one at another place.
    """

    kind: SectionChange
    before: SectionPlace | None
    after: SectionPlace | None
    pieces: tuple[Piece, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class VersionComparison:
    """What differs between two versions, in the order of the new one; ``same`` counts the sections that do not."""

    old: Manual
    new: Manual
    changes: tuple[ChangedSection, ...]
    same: int


@dataclass(frozen=True, slots=True)
class _Section:
    place: SectionPlace
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


def compare(catalog: Catalog, old: int, new: int) -> VersionComparison:
    """Hold two stored versions against each other, as they are at one moment. Raises NoSuchManual."""
    with catalog.reading():
        return compare_in(catalog.connections.db, old, new)


def compare_in(db: Database, old: int, new: int) -> VersionComparison:
    """As ``compare``, in the caller's transaction."""
    before, after = version(db, old), version(db, new)
    left, right = _sections(db, old), _sections(db, new)
    pairs = _pairs(left, right)
    moved = _moved(left, right, pairs)
    changes: list[tuple[float, ChangedSection]] = []
    same = 0
    for i, j in pairs.items():
        one, other = left[i], right[j]
        if one.paragraphs != other.paragraphs:
            pieces, left_out = paragraph_difference(one.paragraphs, other.paragraphs)
            changes.append((j, ChangedSection("changed", one.place, other.place, pieces, left_out)))
        elif one.place.path[-1:] != other.place.path[-1:]:
            changes.append((j, ChangedSection("renamed", one.place, other.place)))
        elif i in moved:
            changes.append((j, ChangedSection("moved", one.place, other.place)))
        elif one.paragraphs:
            same += 1
    changes += _alone(left, right, pairs)
    ordered = tuple(change for _, change in sorted(changes, key=lambda pair: pair[0]))
    return VersionComparison(before, after, ordered, same)


def _moved(
    left: Sequence[_Section], right: Sequence[_Section], pairs: dict[int, int]
) -> frozenset[int]:
    """The sections of the old version that stand under another heading now, or in another order.

    A section whose chapter has another name only goes with its chapter.
    """
    now = {left[i].place.path: right[j].place.path for i, j in pairs.items()}
    moved = set()
    for i, j in pairs.items():
        one, other = left[i].place.path, right[j].place.path
        above = now.get(one[:-1], one[:-1])
        if one[-1:] != other[-1:] or (one and above != other[:-1]):
            moved.add(i)
    rest = [i for i in sorted(pairs) if i not in moved]
    kept = _longest_rising([pairs[i] for i in rest])
    return frozenset(moved | {i for i in rest if pairs[i] not in kept})


def _longest_rising(numbers: Sequence[int]) -> frozenset[int]:
    """The longest subsequence of different numbers that rises (patience sorting, Fredman 1975)."""
    ends: list[int] = []  # the smallest end of a rising run of each length
    before: dict[int, int | None] = {}
    for number in numbers:
        at = bisect_right(ends, number)
        before[number] = ends[at - 1] if at else None
        ends[at : at + 1] = [number]
    kept: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return frozenset(kept)


def _alone(
    left: Sequence[_Section], right: Sequence[_Section], pairs: dict[int, int]
) -> list[tuple[float, ChangedSection]]:
    """The sections that only one version has, each with its place in the order of the new one."""
    found: list[tuple[float, ChangedSection]] = []
    taken = set(pairs.values())
    for j, section in enumerate(right):
        if j not in taken and (section.paragraphs or section.place.path):
            pieces = (Piece("added", section.text),)
            found.append((j, ChangedSection("added", None, section.place, pieces)))
    at = -1.0  # a removed section stands behind the one that it followed
    for i, section in enumerate(left):
        if i in pairs:
            at = pairs[i]
        elif section.paragraphs or section.place.path:
            pieces = (Piece("removed", section.text),)
            found.append((at + 0.5, ChangedSection("removed", section.place, None, pieces)))
    return found


def paragraph_difference(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[Piece, ...], int]:
    """The difference of two lists of paragraphs, word by word in those that differ, and how many equal ones are left out.

    Of the equal paragraphs those beside a change are shown. Nothing that differs is cut.
    """
    pieces: list[Piece] = []
    left_out = 0
    runs: list[tuple[bool, list[str], list[str]]] = []
    for step in Indel.opcodes(list(old), list(new)):
        same = step.tag == "equal"
        if runs and not same and not runs[-1][0]:
            runs[-1][1].extend(old[step.src_start : step.src_end])
            runs[-1][2].extend(new[step.dest_start : step.dest_end])
        else:
            runs.append(
                (
                    same,
                    list(old[step.src_start : step.src_end]),
                    list(new[step.dest_start : step.dest_end]),
                )
            )
    for at, (same, taken, given) in enumerate(runs):
        if same:
            head = taken[:ROUND] if at else []
            tail = (
                taken[max(ROUND if at else 0, len(taken) - ROUND) :] if at + 1 < len(runs) else []
            )
            hidden = len(taken) - len(head) - len(tail)
            left_out += hidden
            shown = [*head, *(["…"] if hidden else []), *tail]
            if shown:
                pieces.append(Piece("same", "\n".join(shown) + "\n"))
        else:
            pieces += _differing("\n".join(taken), "\n".join(given))
    return tuple(pieces), left_out


def _differing(old: str, new: str) -> list[Piece]:
    """The pieces of paragraphs that differ; of very long ones the whole of both, so that nothing is cut."""
    if not (old and new):
        return [Piece("removed" if old else "added", (old or new) + "\n")]
    if max(len(old), len(new)) > LONGEST:
        return [Piece("removed", old + "\n"), Piece("added", new + "\n")]
    pieces = difference(old, new)
    if all(piece.kind == "same" for piece in pieces):  # only blanks differ, as in a program
        return [Piece("removed", old + "\n"), Piece("added", new + "\n")]
    return [*pieces, Piece("same", "\n")]


def _pairs(left: Sequence[_Section], right: Sequence[_Section]) -> dict[int, int]:
    """Which section of the new version each of the old one has become: of the same path, words or, nearly, words."""
    pairs: dict[int, int] = {}
    keys: tuple[Callable[[_Section], Hashable], ...] = (
        lambda section: (section.place.path, section.paragraphs),
        lambda section: section.place.path,
        lambda section: section.paragraphs and (section.place.path[-1:], section.paragraphs),
        lambda section: section.paragraphs,
    )
    for key in keys:
        waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        for j in sorted(set(range(len(right))) - set(pairs.values())):
            waiting[key(right[j])].append(j)
        for i in range(len(left)):
            if i not in pairs and key(left[i]) and waiting[key(left[i])]:
                pairs[i] = waiting[key(left[i])].popleft()
    _pair_alike(left, right, pairs)
    taken = set(pairs.values())
    for i, section in enumerate(
        left
    ):  # a chapter that only holds sections goes with the first of them
        j = pairs.get(i + 1, 0) - 1
        free = i not in pairs and j >= 0 and j not in taken
        if free and not (section.paragraphs or right[j].paragraphs):
            pairs[i] = j
            taken.add(j)
    return pairs


def _pair_alike(left: Sequence[_Section], right: Sequence[_Section], pairs: dict[int, int]) -> None:
    """Add the pairs of sections that were renamed and changed: of many only those that share a paragraph or a title."""
    rest = [i for i, section in enumerate(left) if i not in pairs and section.paragraphs]
    free = {j for j in range(len(right)) if right[j].paragraphs} - set(pairs.values())
    few = len(rest) * len(free) <= FEW
    sharing: defaultdict[str, set[int]] = defaultdict(set)
    for j in free:
        for shared in (*right[j].paragraphs, *right[j].place.path[-1:]):
            sharing[shared].add(j)
    for i in rest:
        shared_with = (sharing[text] for text in (*left[i].paragraphs, *left[i].place.path[-1:]))
        near = free if few else set().union(*shared_with) & free
        best = process.extractOne(
            left[i].text,
            {j: right[j].text for j in near},
            scorer=fuzz.token_sort_ratio,
            score_cutoff=ALIKE,
        )
        if best:
            pairs[i] = best[2]
            free.discard(best[2])


def _sections(db: Database, version_id: int) -> list[_Section]:
    """The sections of a version with their paragraphs, in reading order."""
    rows = db.execute(
        "SELECT path, page, start FROM sections WHERE version_id = ? ORDER BY page, start",
        [version_id],
    ).fetchall()
    starts = [(page, start) for _, page, start in rows]
    texts: list[list[str]] = [[] for _ in rows]
    labels: dict[int, str] = {}
    numbers = db.execute(
        "SELECT number FROM pages WHERE version_id = ? ORDER BY number", [version_id]
    ).fetchall()
    for (number,) in numbers:
        page = page_of(db, version_id, number)
        labels[number] = page.label
        for block in sorted(page.blocks, key=lambda block: block.start):
            at = bisect_right(starts, (number, block.start)) - 1
            if at >= 0 and block.kind != "heading":
                text = page.text[block.start : block.end]
                texts[at].append(text.rstrip() if block.kind == "code" else readable(text))
    return [
        _Section(
            SectionPlace(tuple(json.loads(path)), page, labels.get(page, ""), start), tuple(text)
        )
        for (path, page, start), text in zip(rows, texts, strict=True)
    ]
