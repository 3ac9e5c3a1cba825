"""Where one word of a line of a PDF page ends and the next begins, by the gaps between glyphs: blanks that PDFium leaves out,
and such as stand within a word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from heapq import nsmallest
from itertools import pairwise
from statistics import median
from typing import Protocol

from knowledge.parsing.pdf.lines import Line

WIDE = 0.2  # sizes between two words; letters of one stay below .15
NARROW = 0.12  # the same in a line whose letters touch each other
OF_USUAL = 0.6  # of the usual gap between the words of such a line
TOUCHING = 0.05  # sizes between letters that do
OVERLAP = 0.3  # sizes that the second part of a word may begin before the first ends
APART = 0.15  # sizes between words from which blanks without room are none
MOSTLY = 0.85  # of the letters
FEWEST = 3  # gaps between words that tell which is usual
LAST_LATIN = "\u0250"
# lines of a page that were always measured; all were where one had a wide gap or looked like it
SAMPLED = 3
GLUED = re.compile(r"\d[.,]\d{4}|[%)\]]\$?\d|\d\$|[^\W\d_]{22}")


class GapsOnPage(Protocol):
    """What is asked about the characters of a page, by their place in PDFium's text."""

    def edges(self, line: Line) -> list[tuple[float, float]]:
        """(left, right) of each character of a line."""
        ...

    def glued(self, line: Line, raw: str) -> bool:
        """Is there no blank in one of the wide gaps of a line?"""
        ...

    def sheared(self, at: int) -> bool:
        """Is a character drawn sheared, so that its cell reaches over others?"""
        ...


def word_gaps(
    lines: Sequence[Line], raw: str, page: GapsOnPage, close: bool
) -> tuple[set[int], set[int]]:
    """The places before which a blank is missing, and those of blanks within a word.

    Without ``close`` only wide gaps are, and on pages on which some line is likely to have one, as in texts that were stored long
    ago.
    """
    sample = nsmallest(SAMPLED, lines, key=lambda line: line.start - line.end)
    looked = [
        line
        for line in lines
        if close
        or any(line is one for one in sample)
        or page.glued(line, raw)
        or GLUED.search(line.text)
    ]
    found = [_in_line(line, raw, page, close) for line in looked]
    if len(looked) < len(lines) and any(missing or within for missing, within in found):
        found = [_in_line(line, raw, page, close) for line in lines]
    return {at for one, _ in found for at in one}, {at for _, one in found for at in one}


def _in_line(line: Line, raw: str, page: GapsOnPage, close: bool) -> tuple[list[int], list[int]]:
    """The same for one line."""
    edges, size = page.edges(line), max(line.size, 1)
    text = raw[line.start : line.end]
    gaps = [
        right[0] - left[1] for left, right in pairwise(edges)
    ]  # before each character but the first
    words = _gaps_of_blanks(text, edges) if close else []
    missing = _missing(text, gaps, size, words)
    within = (
        _within(text, edges, size) if len(words) >= FEWEST and median(words) >= APART * size else []
    )
    return (
        [line.start + at for at in missing],
        [
            line.start + at
            for at in within
            if not (page.sheared(line.start + at - 1) or page.sheared(line.start + at + 1))
        ],
    )


def _missing(text: str, gaps: Sequence[float], size: float, words: Sequence[float]) -> list[int]:
    """Places in a line before which a blank is missing; ``words`` are the gaps that have one."""
    least = WIDE * size
    near = _between_words(text, gaps, size, words) if len(words) >= FEWEST else least
    found = []
    for at, gap in enumerate(gaps, 1):
        if gap <= near:
            continue
        one, other = text[at - 1], text[at]
        if one.isspace() or other.isspace() or other == "\ufffe":
            continue
        close = one.isalnum() and other.isalnum() and not (one.isdigit() and other.isdigit())
        if gap > (near if close else least):
            found.append((at, gap, near if close else least))
    if not found:
        return []
    usual = max(0.0, sorted(gaps)[len(gaps) // 2])  # of spaced lettering
    return [at for at, gap, needed in found if gap > usual + needed]


def _between_words(text: str, gaps: Sequence[float], size: float, words: Sequence[float]) -> float:
    """The least gap between words of a line whose letters touch each other and whose words stand apart as is usual; else a wide
    one.
    """
    letters = sorted(
        gap for at, gap in enumerate(gaps, 1) if text[at - 1].isalpha() and text[at].isalpha()
    )
    if len(letters) < FEWEST or letters[int(MOSTLY * len(letters))] > TOUCHING * size:
        return WIDE * size
    return min(WIDE * size, max(NARROW * size, OF_USUAL * median(words)))


def _gaps_of_blanks(text: str, edges: Sequence[tuple[float, float]]) -> list[float]:
    """The gaps between words that a single blank parts."""
    return [
        edges[at + 1][0] - edges[at - 1][1]
        for at in range(1, len(edges) - 1)
        if text[at] == " " and not (text[at - 1].isspace() or text[at + 1].isspace())
    ]


def _within(text: str, edges: Sequence[tuple[float, float]], size: float) -> list[int]:
    """The blanks between two letters that touch each other."""
    return [
        at
        for at in range(1, len(edges) - 1)
        if text[at] == " "
        and -OVERLAP * size < edges[at + 1][0] - edges[at - 1][1] < TOUCHING * size
        and _of_a_kind(text[at - 1], text[at + 1])
    ]


def _of_a_kind(one: str, other: str) -> bool:
    """Are two characters letters, and both Latin or both not? "π radians" is set in two fonts, whose letters may touch."""
    return one.isalpha() and other.isalpha() and (one < LAST_LATIN) == (other < LAST_LATIN)
