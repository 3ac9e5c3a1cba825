"""Find columns of running text of which PDFium has made single lines, row by row. What is not surely one stays what it is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from knowledge.parsing.content.grids.side_by_side import are_records
from knowledge.parsing.pdf.lines import GUTTER, Line

FEWEST = 4  # lines on both sides
FULL = 0.7  # of the longest line's length
PITCH = 2.0  # sizes to a line that lies in one column alone
WORDS, NARROW_WORDS = 4, 3  # of a line on the average, in columns and narrow ones
NARROW_RUNNING = 0.5
RUNNING = 0.4  # share of the lines of a column that begin in the middle of a sentence

Gap = tuple[float, float]  # from x to x
Edges = Callable[[Line], Sequence[Gap]]
Gaps = Callable[[Line], Sequence[Gap]]


@dataclass(frozen=True, slots=True)
class ColumnPart:
    """A stretch of PDFium's text that lies in one column."""

    start: int
    end: int
    before: str = "\r\n"  # between the part before it and this one


def in_columns(
    lines: Sequence[Line], raw: str, edges: Edges, narrow: bool = True
) -> list[list[ColumnPart]]:
    """For each stretch of lines that are two or more columns: its pieces, column by column from the left. ``lines`` are in text
    order.

    ``edges`` gives (left, right) of each character of a line. Without ``narrow`` gutters they have wide ones, as in texts that
    were stored long ago.
    """
    wide = _stretches(lines, raw, edges, lambda line: line.wide)
    if not narrow:
        return wide
    inside = [(min(x.start for x in one), max(x.end for x in one)) for one in wide]
    free = [
        line
        for line in lines
        if not any(start < line.end and line.start < end for start, end in inside)
    ]
    return wide + _stretches(free, raw, edges, lambda line: line.gaps)


def _stretches(lines: Sequence[Line], raw: str, edges: Edges, gaps: Gaps) -> list[list[ColumnPart]]:
    """The same for lines with such gaps."""
    if sum(bool(gaps(line)) for line in lines) < FEWEST:
        return []
    found = []
    run: list[Line] = []
    gutters: list[Gap] = []
    for line in lines:
        common = _common(gutters, line, gaps) if run and _goes_down(run, line, gaps) else []
        if not common:
            found += _pieces(run, raw, edges, gaps)
            run, common = [], [*gaps(line)]
        run, gutters = ([*run, line], common) if common else ([], [])
    return found + _pieces(run, raw, edges, gaps)


def _goes_down(run: Sequence[Line], line: Line, gaps: Gaps) -> bool:
    """Does a line stand below others, and near if it lies in one column alone?"""
    pitch, near = run[-1].y - line.y, PITCH * max(line.size, 1)
    if len(run) > 1:
        near = min(near, 1.35 * median(max(one.y - other.y, 1) for one, other in pairwise(run)))
    return pitch > 0 and (bool(gaps(line)) or pitch <= near)


def _common(gutters: Sequence[Gap], line: Line, gaps: Gaps) -> list[Gap]:
    """What a line leaves free of gutters; a line in one column alone all beside it."""
    free = [(float("-inf"), line.left), *gaps(line), (line.right, float("inf"))]
    both = [(max(one[0], other[0]), min(one[1], other[1])) for one in gutters for other in free]
    return [gap for gap in both if gap[1] - gap[0] >= GUTTER]


def _pieces(run: Sequence[Line], raw: str, edges: Edges, gaps: Gaps) -> list[list[ColumnPart]]:
    """The pieces of lines in their columns, if these are prose and nothing between them is lost."""
    if sum(len(gaps(line)) > 0 for line in run) < FEWEST:
        return []
    parted = [_parts(line, raw, edges(line)) for line in run]
    columns = _columns([part[:2] for parts in parted if len(parts) > 1 for part in parts])
    while not gaps(run[-1]) and not any(
        abs(run[-1].left - left) < run[-1].size and run[-1].right < right + GUTTER
        for left, right in columns
    ):
        run, parted = run[:-1], parted[:-1]
    columns = _columns([part[:2] for parts in parted for part in parts])
    if len(columns) < 2:
        return []
    sides: list[list[ColumnPart]] = [[] for _ in columns]
    for parts in parted:
        taken = -1
        for left, _, part in parts:
            at = next(at for at, column in enumerate(columns) if column[0] <= left <= column[1])
            if at == taken:  # a wide gap within a column
                sides[at][-1] = ColumnPart(sides[at][-1].start, part.end)
            else:
                sides[at].append(part)
            taken = at
    rows = [line.start for line in run]
    if not are_prose(sides, rows, raw) and (
        any(line.mono for line in run) or not are_records(_side_by_side(sides, rows, raw))
    ):
        return []
    pieces = [piece for side in sides for piece in side]
    start, end = min(piece.start for piece in pieces), max(piece.end for piece in pieces)
    whole = sum(inked(raw[piece.start : piece.end]) for piece in pieces) == inked(raw[start:end])
    return [pieces] if whole else []


def _parts(line: Line, raw: str, places: Sequence[Gap]) -> list[tuple[float, float, ColumnPart]]:
    """(left, right) of the stretches of a line between its gaps, and their text."""
    found: list[tuple[float, float, ColumnPart]] = []
    inked = [at for at in range(len(places)) if not raw[line.start + at].isspace()]
    start = inked[0] if inked else 0
    for at, following in pairwise([*inked, -1]):
        if following < 0 or places[following][0] - places[at][1] >= GUTTER:
            part = ColumnPart(line.start + start, line.start + at + 1)
            right = max(place[1] for place in places[start : at + 1])
            found.append((places[start][0], right, part))
            start = following
    return found


def _columns(stretches: Sequence[Gap]) -> list[Gap]:
    """(left, right) of what stretches cover all together, with gutters between."""
    found: list[Gap] = []
    for left, right in sorted(stretches):
        if found and left < found[-1][1] + GUTTER:
            found[-1] = found[-1][0], max(found[-1][1], right)
        else:
            found.append((left, right))
    return found


def _side_by_side(
    sides: Sequence[Sequence[ColumnPart]], rows: Sequence[int], raw: str
) -> list[list[str]]:
    """The texts of columns as they stand beside each other; ``rows`` has the place of each line."""
    texts = [["" for _ in sides] for _ in rows]
    for column, side in enumerate(sides):
        for piece in side:
            texts[bisect_right(rows, piece.start) - 1][column] = raw[piece.start : piece.end]
    return texts


def inked(text: str) -> int:
    """How many characters of a text are no blanks."""
    return sum(map(len, text.split()))


def are_prose(sides: Sequence[Sequence[ColumnPart]], rows: Sequence[int], raw: str) -> bool:
    """Are columns prose? Each has enough lines, which go on from one to the next, and most but the last reach its edge. Heads
    may stand above all of them.

    In narrow ones lines do not begin sentences side by side, as the rows of a table do. ``rows`` has the place of each line.
    """
    written = [[raw[piece.start : piece.end] for piece in side] for side in sides]
    if all(len(texts[0]) < FULL * max(map(len, texts)) for texts in written):
        sides, written = [side[1:] for side in sides], [texts[1:] for texts in written]
    narrow = False
    begun: list[set[int]] = []
    for side, texts in zip(sides, written, strict=True):
        if len(side) < FEWEST:
            return False
        longest = max(map(len, texts))
        full = sum(len(text) >= FULL * longest for text in texts)
        words = sum(len(text.split()) for text in texts) / len(texts)
        inner = sum(text[0].islower() for text in texts[1:]) / (len(texts) - 1)
        narrow = narrow or words < WORDS
        if full < 0.6 * (len(texts) - (len(texts[-1]) < FULL * longest)) or words < NARROW_WORDS:
            return False
        if inner < (RUNNING if words >= WORDS else NARROW_RUNNING):
            return False
        places = (piece.start for piece in side[1:] if not raw[piece.start].islower())
        begun.append({bisect_right(rows, place) for place in places})
    beside = set.intersection(*begun)
    return not (narrow and len(beside) > 0.5 * min(map(len, begun)))
