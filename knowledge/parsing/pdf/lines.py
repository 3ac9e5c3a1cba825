"""Read one PDF page into lines: text offsets, boxes and type style. Two style calls a line, none a character.

Works on PDFium's text of the page; an offset here is an index into ``get_text_range()``. Knows nothing of headings
or paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from knowledge.parsing.content.grids.continued import OpenTable
from knowledge.parsing.converted.ocr.notes import OcrNotes
from knowledge.parsing.pdf.page.probe import Probe, turn_to_read
from knowledge.types import Block, PlacedWord

# U+FFFE is PDFium's hyphen at a line end; the line end after it is swallowed
BREAK = re.compile("(\r\n|\ufffe)")
# A mark of a list, which often is in a font of signs
_ITEM_MARK = re.compile(
    r"(?:[^\w\s()\[\]{}\"'#$€%&<>]|[\uf000-\uf0ff]|[oØ](?=\s))\s+(?:[-–]\s+)?(?=\w)"
)
GUTTER = 8.0  # points between columns
BACK = 3.0  # sizes that a line goes back to other words; signs of a formula may lie nearer
ROW = 2.5  # points: lines nearer than this share a baseline


@dataclass(slots=True)
class Line:
    """One line of a page. ``y`` is its lower edge, up is positive; sizes and places are points as the page is shown."""

    page: int
    start: int
    end: int
    text: str
    left: float
    right: float
    y: float
    size: float
    font: str
    weight: int
    mono: bool  # first and last character in a fixed-pitch font
    uniform: bool = True  # last character in the style of the first
    lead_in: bool = False  # begins bold and ends lighter: a term and its explanation
    hyphen: bool = False  # ends in a swallowed hyphen
    row: bool = False  # shares its baseline with its neighbour in the text: a table cell
    cells: int = 1  # stretches of text with wide gaps between them
    wide: list[tuple[float, float]] = field(default_factory=list)  # those gaps, from x to x
    gaps: list[tuple[float, float]] = field(default_factory=list)  # the same and narrower ones
    backward: bool = False  # goes on left of where it was
    gap: float = 99.0  # distance to the line above it, in sizes
    furniture: bool = False  # running head or foot
    level: bool = True  # runs from left to right as the page is shown
    slanted: bool = False  # stands large across the page
    small: bool = False  # holds characters smaller than the others
    table: int = 0  # part of a table in rules that it is a row of, from 1
    filled: bool = False  # a value that was filled in stands behind its words
    last_size: float = 0.0  # size of the last character
    keys: tuple[str, str] | None = None  # normal forms, filled in by pdf_outline


@dataclass(slots=True)
class PageLines:
    """A page as PDFium gave it, or as layout/arrangement.py rewrote it. ``raw`` still holds "\\r\\n" and U+FFFE."""

    number: int
    label: str
    raw: str
    lines: list[Line] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0
    turned: bool = False
    undrawn: bool = False  # its picture does not show all of its text
    downwards: bool = False  # its text runs from above to below
    cut: bool = False
    image: bool = False
    broken: bool = False
    places: list[int] | None = None  # of each character in PDFium's text; None: all are their own
    pale: set[str] = field(default_factory=set)  # what stands across it in a light colour
    watermark: bool = False  # something stands across it that is no text
    unseen: int = 0  # lines that nobody sees
    struck: int = 0  # stretches that are struck out
    unread: tuple[int, int] = (0, 0)  # pieces of its text that cannot be, of how many
    garbled: bool = False  # holds text that cannot be read
    mute: bool = False  # draws much text that gives none
    lost: int = 0  # characters among others of which the font does not say what they are
    comments: int = 0  # notes that are not shown on the page
    stamps: int = 0  # put on the page, which may show text
    choices: int = 0  # lists of a form of which only what is chosen is in the text
    extras: list[Block] = field(default_factory=list)  # behind the page's text, in ``raw``
    origin: tuple[float, float] = (0.0, 0.0)  # of the visible page, in page space
    cropped: bool = False  # shows but a part of what is on it
    ocr: OcrNotes | None = None  # where OCR has read it
    words: list[PlacedWord] = field(default_factory=list)  # those that OCR has read, in ``raw``
    carried: OpenTable | None = None  # what the page before leaves open; to be told before reading
    went_on: float | None = None  # where the rows that go on with it begin
    left_open: OpenTable | None = None  # the table low on the page


def page_lines(
    page: Any, textpage: Any, into: PageLines, probe: Probe, place: Callable[[int], int]
) -> None:
    """Fill ``into.lines`` from ``into.raw``, in its order. ``place`` gives PDFium's index of a character."""
    turn = turn_to_read(page, textpage, probe)
    into.width, into.height, into.turned = turn.width, turn.height, turn.angle != 0
    into.origin = page.get_bbox()[:2]
    at = 0
    for part in BREAK.split(into.raw):
        start, at = at, at + len(part)
        text = part.strip()
        if text == "\ufffe" and into.lines:
            into.lines[-1].hyphen = True
        if not text or text == "\ufffe":
            continue
        start += len(part) - len(part.lstrip())
        first, last = place(start), place(start + len(text) - 1)
        a, b = turn.box(probe.box(textpage, first)), turn.box(probe.box(textpage, last))
        line = Line(
            into.number, start, start + len(text), text, a[0], b[2], a[1], *probe.style(textpage, first)
        )  # fmt: skip
        size, font, weight, mono = probe.style(textpage, last)
        line.last_size = size
        line.level = abs(a[1] - b[1]) < max(line.size, size) and b[2] > a[0]
        if (
            b[0] < a[0] - BACK * line.size
            and abs(a[1] - b[1]) < ROW
            and turn.is_level(probe.look(textpage, first)[0])
        ):
            line.level = line.backward = True
            cells = [turn.box(probe.box(textpage, place(at))) for at in range(start, line.end)]
            line.left, line.right = min(x[0] for x in cells), max(x[2] for x in cells)
        line.small = abs(size - line.size) > 0.15 * line.size
        line.mono = line.mono and mono  # a line of prose may begin with a word of code
        line.lead_in = font != line.font and weight < 0.8 * line.weight
        line.uniform = (font == line.font or weight >= line.weight) and abs(size - line.size) < 0.6
        if item := _ITEM_MARK.match(text):
            _set_like_its_text(line, probe.style(textpage, place(start + item.end())))
        into.lines.append(line)
    find_neighbours(into.lines)
    _count_cells(into.lines, [turn.box(box) for box in _rectangles(into, textpage, probe, place)])


def _rectangles(
    into: PageLines, textpage: Any, probe: Probe, place: Callable[[int], int]
) -> list[tuple[float, float, float, float]]:
    """Every stretch of text, in the order of the lines, which may not be PDFium's."""
    firsts = [place(line.start) for line in into.lines]
    lasts = [place(line.end - 1) for line in into.lines]
    if firsts == sorted(firsts) and all(map(int.__le__, firsts, lasts)):
        return probe.rectangles(textpage)
    found = []
    for line in into.lines:
        begun = last = -2
        for at in range(line.start, line.end):
            here = place(at)
            if here != last + 1:
                if begun >= 0:
                    found += probe.rectangles(textpage, begun, last - begun + 1)
                begun = here
            last = here
        found += probe.rectangles(textpage, begun, last - begun + 1)
    return found


def _set_like_its_text(line: Line, style: tuple[float, str, int, bool]) -> None:
    """Give a line that begins with the mark of a list the type of its text; bold behind a light mark it heads nothing."""
    if style[1] != line.font:
        line.uniform = line.uniform and style[2] <= 1.2 * line.weight
        line.size, line.font, line.weight = style[:3]


def find_neighbours(lines: list[Line]) -> None:
    """Fill in ``row`` and ``gap``. Only lines that overlap in x count as above each other, for columns."""
    for one, other in pairwise(lines):
        if abs(one.y - other.y) < ROW:
            one.row = other.row = True
    ordered = sorted(lines, key=lambda line: -line.y)
    for at, line in enumerate(ordered):
        for above in reversed(ordered[max(0, at - 8) : at]):
            if above.y > line.y + ROW and above.left < line.right and line.left < above.right:
                line.gap = (above.y - line.y) / max(line.size, 4)
                break


def _is_small(line: Line, left: float, bottom: float, right: float, top: float) -> bool:
    """May a rectangle hold a superscript or subscript? It is low, short, and off the line's foot; or as high as others, and far off."""
    size, foot = line.size, bottom - line.y
    if right - left > 3 * size or not 0.3 * size < top - bottom < size:
        return False
    if top - bottom >= 0.6 * size:
        return 0.4 * size < foot < 0.85 * size or -0.5 * size < foot < -0.05 * size
    return foot > 0.4 * size or foot < 0.15 * size and top - line.y < 0.6 * size


def _count_cells(lines: list[Line], rectangles: list[tuple[float, float, float, float]]) -> None:
    """Fill in ``cells``. Both lists are in text order, so each rectangle is looked for near the last one's line."""
    at, last = 0, None
    for left, bottom, right, top in rectangles:
        middle = (bottom + top) / 2
        for ahead in range(at, min(at + 4, len(lines))):
            line = lines[ahead]
            if (
                line.y - 1 <= middle <= line.y + 1.4 * line.size
                and line.left - 3 <= left
                and right <= line.right + max(3, 0.5 * line.size)  # with the blank at its end
            ):
                line.small = line.small or _is_small(line, left, bottom, right, top)
                beside = last if ahead == at else None
                line.backward = (
                    line.backward or beside is not None and right < beside - BACK * line.size
                )
                if beside is not None and left - beside >= GUTTER:
                    line.gaps.append((beside, left))
                if beside is not None and left - beside > max(12, 1.5 * line.size):
                    line.cells += 1
                    line.wide.append((beside, left))
                at, last = ahead, right
                break
