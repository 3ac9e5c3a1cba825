"""Find the numbers that a draft or a legal text has in its margin, one beside each line: they are no part of what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.parsing.pdf.lines import ROW, Line

FEWEST = 5  # lines that are numbered without a gap
SAME = 2.0  # points between the edges of numbers that stand below each other
APART = 4.0  # points between a number and the text of its line
FULL = 0.7  # of the longest line's length
MOSTLY = 0.6  # share of the lines that are so long
RUNNING = 0.4  # share of the lines that begin in the middle of a sentence: those of a list do not
WORDS = 4  # of a line on the average
_NUMBER = re.compile(r"\d{1,4}(?=\s|$)")
_SENTENCE_END = re.compile(r"[^\W\d_]{2}[.!?](?:\s|$)")

Edges = Callable[[Line], Sequence[tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A line that begins with a number, or is one; where the number ends, and the text behind it begins and ends."""

    line: Line
    number: int
    end: int
    right: float
    text: str
    left: float


def numbered_lines(lines: Sequence[Line], edges: Edges) -> list[tuple[Line, int]]:
    """The lines of a page that have a number in its margin, with where this ends; ``lines`` are level.

    The numbers count up by one, one at each line of a running text and nothing left of them, or there are none.
    """
    begun = [line for line in lines if not line.mono and _NUMBER.match(line.text)]
    if len(begun) < FEWEST:
        return []
    column = _column(sorted((_read(line, edges(line)) for line in begun), key=lambda x: -x.line.y))
    if len(column) < FEWEST or any(
        one.number + 1 != other.number for one, other in pairwise(column)
    ):
        return []
    edge = max(one.right for one in column)
    own = {id(one.line) for one in column}
    others = [line for line in lines if id(line) not in own]
    if any(line.left < edge + APART for line in others):
        return []
    top, bottom = column[0].line.y + ROW, column[-1].line.y - ROW
    beside: dict[int, list[Line]] = {at: [] for at in range(len(column))}
    for line in (line for line in others if bottom < line.y < top):
        at = min(beside, key=lambda at: abs(column[at].line.y - line.y))
        if abs(column[at].line.y - line.y) > ROW:
            return []  # a line without a number
        beside[at].append(line)
    texts = [_text_of(one, beside[at]) for at, one in enumerate(column)]
    if None in texts or not _is_prose([text for text in texts if text and text[0]]):
        return []
    return [(one.line, one.end) for one in column]


def _read(line: Line, places: Sequence[tuple[float, float]]) -> _Numbered:
    number = _NUMBER.match(line.text)
    end = number.end() if number else 0
    text = line.text[end:].strip()
    behind = places[len(line.text) - len(line.text[end:].lstrip())][0] if text else line.right
    return _Numbered(line, int(line.text[:end]), line.start + end, places[end - 1][1], text, behind)


def _column(numbered: Sequence[_Numbered]) -> list[_Numbered]:
    """Those whose numbers begin or end below each other."""
    sides = [lambda one: one.line.left, lambda one: one.right]
    columns = [
        [one for one in numbered if abs(side(one) - side(first)) <= SAME]
        for side in sides
        for first in numbered[:1]
    ]
    return max(columns, key=len)


def _text_of(one: _Numbered, beside: Sequence[Line]) -> tuple[str, float] | None:
    """The text of a numbered line and its length in points; None where several stand beside the number."""
    if one.text:
        alone = not beside and one.line.cells <= 2 and one.left - one.right >= APART
        return (one.text, one.line.right - one.left) if alone else None
    if len(beside) > 1 or any(line.cells > 1 for line in beside):
        return None
    return (beside[0].text, beside[0].right - beside[0].left) if beside else ("", 0.0)


def _is_prose(texts: Sequence[tuple[str, float]]) -> bool:
    """Are lines a running text: long, of several words and with sentences that go on from one to the next?"""
    if len(texts) < FEWEST:
        return False
    longest = max(length for _, length in texts)
    full = sum(length >= FULL * longest for _, length in texts)
    words = sum(len(text.split()) for text, _ in texts)
    inner = sum(text[0].islower() for text, _ in texts[1:])
    return (
        full >= MOSTLY * len(texts)
        and words >= WORDS * len(texts)
        and inner >= RUNNING * (len(texts) - 1)
        and any(_SENTENCE_END.search(text) for text, _ in texts)
    )
