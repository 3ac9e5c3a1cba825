"""What stands large across a PDF page: a watermark ("DRAFT"), which is no text of the manual, or a sentence, which is."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Protocol

from knowledge.parsing.pdf.lines import Line, PageLines

LARGE = 20.0  # points from which a slanted line stands across the page; a smaller one is a label
HUGE = 36.0  # points from which a level line may lie below the text
TIMES = 3.0  # the size of other lines
MOST_WORDS = 4  # of a watermark
SLANT = 0.1  # radians
_SAYS = re.compile(r"\d|[.:!?,;]\s|[.:!?]$")  # a figure or a sentence


class LooksOnPage(Protocol):
    """What is asked about the looks of characters, by their place in PDFium's text."""

    def look(self, at: int) -> tuple[float, bool, bool]:
        """(angle in radians, drawn without ink, white) of a character."""
        ...

    def pale(self, at: int) -> bool:
        """Is a character drawn in a light colour?"""
        ...

    def size(self, at: int) -> float:
        """The size of a character in points."""
        ...


def stands_across(line: Line, angle: float, lines: Sequence[Line], measure: LooksOnPage) -> bool:
    """Does a line stand large and slanted across the page, or pale up the page, or huge and pale below other lines?"""
    if _slant(angle) > SLANT:
        return line.size >= LARGE
    if not line.level and len(line.text) > 2:
        return line.size >= LARGE and measure.pale(line.start)
    return (
        line.level and line.size >= HUGE and _lies_below(line, lines) and measure.pale(line.start)
    )


def slanted_end(line: Line, angle: float, measure: LooksOnPage) -> tuple[int, int] | None:
    """The end of a line that stands across the page, or large up it: PDFium puts a stamp behind the line that it begins at."""

    def turned(at: int) -> bool:
        off = measure.look(at)[0] - angle
        return _slant(off) > SLANT or math.cos(off) < SLANT and measure.size(at) >= LARGE

    at = last = line.end - 1
    while at > line.start and turned(at):
        at -= 1
    return (at + 1, line.end) if line.start < at < last else None


def note_pale(into: PageLines, start: int, end: int, measure: LooksOnPage) -> None:
    """Note what stands across a page in a light colour."""
    if measure.pale(start):
        into.pale.add(into.raw[start:end].strip())


def mark_stamps(pages: Sequence[PageLines]) -> None:
    """Make furniture of what stands large across pages: of watermarks, and of all that is repeated but the first.

    A watermark is a few words without a figure or a sentence, and pale, or one word much larger than the text, or the same on
    most of several pages.
    """
    across = [(page, line) for page in pages for line in page.lines if line.slanted]
    times = Counter(
        text for page in pages for text in {one.text for one in page.lines if one.slanted}
    )
    seen: set[str] = set()
    for page, line in across:
        words = len(line.text.split())
        usual = median([one.size for one in page.lines if not one.slanted] or [line.size])
        repeated = 1 < times[line.text] > 0.5 * len(pages)
        looks = line.text in page.pale or words == 1 and line.size >= max(HUGE, TIMES * usual)
        if words <= MOST_WORDS and not _SAYS.search(line.text) and (looks or repeated):
            line.furniture = page.watermark = True
        else:
            line.furniture = line.text in seen
            seen.add(line.text)


def _lies_below(line: Line, lines: Sequence[Line]) -> bool:
    """Is there other text, much smaller, where the letters of a line are?"""
    return any(
        one is not line
        and TIMES * one.size <= line.size
        and line.left < one.right
        and one.left < line.right
        and line.y + 0.2 * line.size < one.y + 0.5 * one.size < line.y + 0.9 * line.size
        for one in lines
    )


def _slant(angle: float) -> float:
    """How far an angle, in radians, is from the nearest side of a page."""
    return min(angle % 1.5708, 1.5708 - angle % 1.5708)
