"""Which items of bullet lists an answer needs: bullets are independent of each other, numbered steps are not.

And what a sentence that ends in a colon introduces: without it the sentence says nothing.

Knows lines and what each has in common with the question; nothing of pages, windows or the library.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from knowledge.parsing.content.tables import SEPARATOR, labelled_cells

STEP = "1"  # the mark of a numbered item, and of one without a sign: nobody knows what it was, so it is not taken apart
LEAST = 1e-9  # an item that says anything says more than this
NEAR = 0.3  # cosine from which a line is near the question in meaning; items of other matters lie under .2, kindred ones over .35
MOST_INTRODUCED = 120  # words of a listing, table or list that stay with the sentence before it
_SIGN = re.compile(r"[•●▪◦‣⁃∙·■□➢➤✓*+–—\uf000-\uf0ff-]\s+")
_NUMBER = re.compile(
    r"(?:\w+\s)?\(?(?:\d{1,2}|[a-z])(?:[.)]|:)\s", re.I
)  # "3. ", "(b) ", "Step 3: "
# Sentences that introduce a procedure, whatever sign its items have: "To replace the filter:", "Follow these steps:".
_PROCEDURE = re.compile(
    r"(?:to|um|pour|para)\s|.*\b(?:steps?|order|procedure|sequence|schritten?|reihenfolge|étapes?|pasos?)\b",
    re.I,
)


_ALL = re.compile(
    r"\bevery(?!\s+(?:\d|few|second|minute|hour|time|day|night|morning|week|month|year|other|one|now)\b)|\b(?:all|list|overview|alle|sämtliche|tous|toutes|todos|todas|tutti|tutte)\b|\b(?:which|what)\b.*\b(?:are there|exist)\b",
    re.I,
)


_COMPARES = re.compile(
    r"\b(?:or|vs\.?|versus|compare[ds]?|comparison|differences?|differs?|than|both|respectively)\b",
    re.I,
)
NEARER = 0.1  # in meaning with words, by which one row answers before others with the same words
COMPARED_ROWS = 12  # of a table that is shown whole where things are compared


class ListLine(Protocol):
    """A sentence; ``mark`` is that of the list item it opens, or ""."""

    @property
    def text(self) -> str: ...
    @property
    def listed(self) -> bool: ...
    @property
    def mark(self) -> str: ...
    @property
    def shared(self) -> frozenset[str]: ...


class IntroducedLine(ListLine, Protocol):
    """A sentence or a row; ``row`` says which, ``code`` that it is one of a listing, ``size`` is its words."""

    @property
    def row(self) -> bool: ...
    @property
    def code(self) -> bool: ...
    @property
    def size(self) -> int: ...


def whole_table(
    question: str, lines: Sequence[IntroducedLine], heading: Collection[str]
) -> tuple[int, int] | None:
    """The first and last (exclusive) row of the table that a question asks for whole ("List all error codes"), or None.

    ``heading``: the question's words that stand in the section's heading; without one it asks for something else there.
    """
    rows = [i for i, line in enumerate(lines) if line.row and SEPARATOR in line.text]
    if len(rows) < 2 or not heading or not _ALL.search(question):
        return None
    return rows[0], rows[-1] + 1


def tied_rows(
    lines: Sequence[IntroducedLine],
    kept: Sequence[int],
    near: Sequence[float],
    compares: bool = False,
) -> list[int]:
    """The quoted lines with the rows that answer as well as the one quoted row, and are about as near to the question: none is
    taken where it names none, and all of a short table where it ``compares``.

    A row is named by a word of the question that other rows lack; "the price" stands in the head of all of them.
    """
    if compares and len(kept) == 1 and lines[kept[0]].row:
        return _table_round(lines, kept[0])
    if len(kept) != 1 or not lines[kept[0]].row or not lines[kept[0]].shared:
        return list(kept)
    named = lines[kept[0]].shared
    heads = labelled_cells(
        lines[kept[0]].text
    )  # which all of its table's rows have, and may say the words
    least = min(near) if heads else near[kept[0]] - NEARER
    tied = [
        i for i, line in enumerate(lines) if line.row and named <= line.shared and near[i] >= least
    ]
    return tied if len(tied) > 1 else [*tied, *_below_head(lines, kept[0])]


def _table_round(lines: Sequence[IntroducedLine], at: int) -> list[int]:
    """The rows of the table in which a row stands, or it alone where they are many."""
    first, last, cells = at, at + 1, lines[at].text.count(SEPARATOR)
    while first and lines[first - 1].row and lines[first - 1].text.count(SEPARATOR) == cells:
        first -= 1
    while last < len(lines) and lines[last].row and lines[last].text.count(SEPARATOR) == cells:
        last += 1
    return [*range(first, last)] if cells and last - first <= COMPARED_ROWS else [at]


def asks_to_compare(question: str) -> bool:
    """Does a question set things side by side: "Is the Mini or the Pro stronger?", "compare A and B"?"""
    return _COMPARES.search(question) is not None


def _below_head(lines: Sequence[IntroducedLine], at: int) -> list[int]:
    """The rows below a row that is their head, as far as that can be told: they have figures and it has none."""
    found: list[int] = []
    cells, end = lines[at].text.count(SEPARATOR), at + 1
    if not cells or any(map(str.isdigit, lines[at].text)) or (at and lines[at - 1].row):
        return found
    while end < len(lines) and lines[end].row and lines[end].text.count(SEPARATOR) == cells:
        found.append(end)
        end += 1
    figures = sum(any(map(str.isdigit, lines[i].text)) for i in found)
    return found if 2 * figures > len(found) else []


def introduces(line: ListLine) -> bool:
    """Does a sentence announce what follows it ("… as pairs of lines like this:")?"""
    return line.text.rstrip("\"'”’)").endswith((":", "："))


def introduced(lines: Sequence[IntroducedLine], at: int) -> int:
    """Where that ends (exclusive) which the line before ``at`` introduces; ``at`` itself where it introduces nothing.

    It is the next sentence, or all rows or items that follow, as far as they have at most MOST_INTRODUCED words; a list that
    has more, its first item.
    """
    if not 0 < at < len(lines) or not introduces(lines[at - 1]) or lines[at - 1].row:
        return at
    first, end, size = lines[at], at, 0
    if not (first.row or first.listed):
        return at + 1
    while end < len(lines) and (lines[end].row, lines[end].listed) == (first.row, first.listed):
        size += lines[end].size
        if size > MOST_INTRODUCED and end > at and (first.row or lines[end].mark):
            break
        end += 1
    return end


def with_listing(lines: Sequence[IntroducedLine], at: int) -> int:
    """Where the listing ends (exclusive) that begins at a line: a command belongs to the sentence that it stands below.

    ``at`` itself where none begins there, or one of more than MOST_INTRODUCED words.
    """
    if not 0 < at < len(lines) or lines[at - 1].row:
        return at
    end = next((i for i in range(at, len(lines)) if not lines[i].code), len(lines))
    return end if sum(line.size for line in lines[at:end]) <= MOST_INTRODUCED else at


def in_lists(lines: Sequence[IntroducedLine]) -> list[bool]:
    """Which lines belong to a list: its items, and the listings that stand below them."""
    found: list[bool] = []
    for line in lines:
        found.append(line.listed or (line.code and bool(found) and found[-1]))
    return found


def fewest_rows(
    lines: Sequence[IntroducedLine], left: int, right: int, near: Sequence[float]
) -> tuple[int, int]:
    """A window of table rows without the rows at its ends that add no word of the question; the row that is nearest to it by
    far stays, alone where it has all the words."""
    rows = [i for i in range(left, right) if lines[i].row and not lines[i].code]
    rows = [] if any(labelled_cells(lines[i].text) for i in rows) else rows
    rows.sort(key=lambda i: -near[i])
    by_far = len(rows) > 1 and near[rows[0]] - near[rows[1]] >= NEARER
    if by_far and lines[rows[0]].shared >= held_by(lines[left:right]) > frozenset():
        return rows[0], rows[0] + 1
    while (
        right - left > 1
        and lines[left].row
        and lines[left].shared <= held_by(lines[left + 1 : right])
    ):
        left += 1
    while (
        right - left > 1
        and lines[right - 1].row
        and lines[right - 1].shared <= held_by(lines[left : right - 1])
    ):
        right -= 1
    return left, right


def held_by(lines: Sequence[ListLine]) -> frozenset[str]:
    """The question's words that lines hold together."""
    return frozenset[str]().union(*(line.shared for line in lines))


def sign(text: str, start: int, end: int) -> int:
    """Length of the bullet, with the white space after it, that opens a line."""
    found = _SIGN.match(text, start, end)
    return found.end() - start if found else 0


def mark(text: str, start: int, end: int) -> str:
    """The mark of a list item: its bullet, or STEP."""
    length = sign(text, start, end)
    return text[start] if length and not _NUMBER.match(text, start + length, end) else STEP


def asks_all(question: str) -> bool:
    """Does a question ask for all of something, as "list every …"?"""
    return bool(_ALL.search(question))


class Trim:
    """The lines of a section of which a window is quoted, with the weight of the question's words and each line's nearness to it;
    ``every``: it asks for all of something."""

    def __init__(
        self,
        lines: Sequence[ListLine],
        weight: Mapping[str, float],
        near: Sequence[float],
        heading: frozenset[str],
        every: bool = False,
    ) -> None:
        self._lines, self._weight, self._near, self._heading = lines, weight, near, heading
        self._every = every

    def kept(self, left: int, right: int) -> list[int]:
        """The window's lines without the bullets that have nothing to do with the question.

        A list whose lead-in or heading says as much of the question as any item adds is itself the answer and stays
        whole. Of another, the items stay that share a word with the question or are near in meaning, with the lead-in.
        A list with none goes, lead-in and all, unless nothing else would answer, or all are asked for and its lead-in
        speaks of them.
        """
        lists = [(first, last, self._topic(first)) for first, last in self._runs(left, right)]
        top = max(
            (self._best(max(first, left), min(last, right), topic) for first, last, topic in lists),
            default=0.0,
        )
        leads: set[int] = set()
        out: set[int] = set()
        dropped: list[int] = []
        for first, last, topic in lists:
            items = set(range(max(first, left), min(last, right)))
            stay = self._stay(min(items), max(items) + 1, topic, max(top, LEAST))
            lead = self._lead(first, min(stay or items))
            if stay:
                leads |= lead
                out |= items - stay - lead
            elif self._every and any(map(self._says, lead)):
                leads |= lead
            elif self._spare(first, left, top) and any(
                map(self._says, set(range(left, right)) - items - lead)
            ):
                dropped += items
                out |= items | lead
        chosen = sorted((set(range(left, right)) | leads) - out)
        return self._tidy(chosen, leads, dropped)

    def _lead(self, first: int, item: int) -> set[int]:
        """The sentence ending in ":" that introduces a list, or the nested list that the item is in."""
        marks = ""
        for i in range(item, max(first - 1, 0) - 1, -1):
            if i < item and self._lines[i].text.endswith(":") and marks == self._lines[item].mark:
                return {i}
            marks = self._lines[i].mark or marks
        return set()

    def _spare(self, first: int, left: int, top: float) -> bool:
        """May a list without an item that answers go? Not where it belongs to prose that answers, and no item elsewhere does."""
        while first > left and not self._lines[first - 1].listed:
            first -= 1
            if top == 0 and self._says(first):
                return False
        return True

    def _tidy(self, chosen: list[int], leads: set[int], dropped: list[int]) -> list[int]:
        """Without the sentences that a list dropped at either end leaves over."""
        loose = [not (self._says(i) or self._lines[i].listed or i in leads) for i in chosen]
        left, right = 0, len(chosen)
        while left < right and loose[left] and min(dropped, default=chosen[left]) < chosen[left]:
            left += 1
        while (
            left < right
            and loose[right - 1]
            and max(dropped, default=chosen[right - 1]) > chosen[right - 1]
        ):
            right -= 1
        return chosen[left:right]

    def _runs(self, left: int, right: int) -> list[tuple[int, int]]:
        """First and last (exclusive) line of the section's bullet lists that the window touches.

        Not those that are a procedure, and not those amid steps, which are parts of a step.
        """
        lines, found, at = self._lines, [], 0
        steps = [i for i, line in enumerate(lines) if line.mark == STEP]
        while at < len(lines):
            end = at + 1
            if lines[at].listed:
                while end < len(lines) and lines[end].listed:
                    end += 1
                outer = next((line.mark for line in lines[at:end] if line.mark), STEP)
                part = bool(steps) and steps[0] < at and end <= steps[-1]
                part = part or any(_PROCEDURE.match(lines[i].text) for i in self._lead(at, at))
                if outer != STEP and not part and at < right and end > left:
                    found.append((at, end))
            at = end
        return found

    def _topic(self, first: int) -> frozenset[str]:
        """The question's words in the heading and in the two sentences before a list."""
        before: list[frozenset[str]] = []
        while len(before) < 2 and first > 0 and not self._lines[first - 1].listed:
            first -= 1
            before.append(self._lines[first].shared)
        return self._heading.union(*before)

    def _worth(self, words: frozenset[str]) -> float:
        return sum(self._weight.get(word, 0.0) for word in words)

    def _held(self, first: int, last: int) -> frozenset[str]:
        return held_by(self._lines[first:last])

    def _best(self, first: int, last: int, topic: frozenset[str]) -> float:
        """The most that one item says of the question beyond its list's topic."""
        return max(
            (self._worth(self._held(*unit) - topic) for unit in self._units(first, last)),
            default=0.0,
        )

    def _units(self, first: int, last: int) -> list[tuple[int, int]]:
        """The items of the outermost level, each with what is nested in it; a cut item at the top is one, too."""
        outer = next((line.mark for line in self._lines[first:last] if line.mark), STEP)
        starts = [i for i in range(first, last) if i == first or self._lines[i].mark == outer]
        return list(zip(starts, [*starts[1:], last], strict=True))

    def _stay(self, first: int, last: int, topic: frozenset[str], top: float) -> set[int]:
        """The lines of a list that stay."""
        marks = [line.mark for line in self._lines[first:last] if line.mark]
        if (marks and marks[0] == STEP) or self._worth(topic) >= top:
            return set(range(first, last))
        kept: set[int] = set()
        for start, end in self._units(first, last):
            inner = next((i for i in range(start + 1, end) if self._lines[i].mark), end)
            if not self._lines[inner - 1].text.endswith(
                ":"
            ):  # what is nested says more of its item: both or neither
                inner = end
            own = self._held(start, inner) - topic
            nested = self._stay(inner, end, topic | own, top) if inner < end else set[int]()
            if nested:
                kept |= {*range(start, inner), *nested}
            elif own or any(self._near[i] >= NEAR for i in range(start, inner)):
                kept |= {*range(start, end)}
        return kept

    def _says(self, i: int) -> bool:
        return bool(self._lines[i].shared) or self._near[i] >= NEAR
