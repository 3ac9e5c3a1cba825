"""The texts of a page, parted where wide gaps are, in their rows and in the columns that they cover all together. Knows no
text order and no format.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol, TypeVar

ROW = 2.5  # points: what is nearer stands on one line
BESIDE = 0.75  # sizes by which a text may be higher than another and still stand beside it
GAP = 0.7  # sizes between two texts; words of one are nearer
SHORT_LINE = 70  # characters of a line that may have narrow columns
FEWEST_ROWS = 3


@dataclass(frozen=True, slots=True)
class Stretch:
    """A text with no wide gap in it, where it stands: up is positive, in points."""

    left: float
    right: float
    foot: float
    size: float
    text: str


class TextLine(Protocol):
    """A line of a page; ``cells`` counts its stretches with very wide gaps between them."""

    left: float
    right: float
    y: float
    size: float
    text: str
    cells: int


_Line = TypeVar("_Line", bound=TextLine)
TextRow = list[Stretch]


def row_run(stretches: Sequence[Stretch]) -> list[TextRow]:
    """The texts on each line, from left to right, the lines from above to below."""
    rows: list[TextRow] = []
    for one in sorted(stretches, key=lambda one: -one.foot):
        if rows and rows[-1][0].foot - one.foot < ROW:
            rows[-1].append(one)
        else:
            rows.append([one])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def merged(stretches: Sequence[Stretch]) -> list[tuple[float, float]]:
    """(left, right) of what texts cover all together, in columns with nothing between them."""
    found: list[tuple[float, float]] = []
    for one in sorted(stretches, key=lambda one: one.left):
        if found and one.left < found[-1][1] + 0.3 * one.size:
            found[-1] = found[-1][0], max(found[-1][1], one.right)
        else:
            found.append((one.left, one.right))
    return found


def held_by(one: Stretch, columns: Sequence[tuple[float, float]]) -> list[int]:
    """The columns that a text stands in, several where it spans them."""
    return [at for at, (left, right) in enumerate(columns) if one.left < right and left < one.right]


def stand_beside(lines: Sequence[TextLine]) -> bool:
    """Does any text stand beside another, wherever both are in the text order?"""
    rows = sorted(lines, key=lambda line: line.y)
    return any(line.cells > 1 for line in rows) or any(
        other.y - one.y < BESIDE * one.size and (one.right <= other.left or other.right <= one.left)
        for one, other in pairwise(rows)
    )


def stretches_on(
    lines: Sequence[_Line],
    edges: Callable[[_Line], Sequence[tuple[float, float]]],
    fewest: int = FEWEST_ROWS,
) -> list[Stretch]:
    """The texts of lines, in stretches where others stand beside them; none where fewer than ``fewest`` do.

    ``edges`` gives (left, right) of each character of a line.
    """
    beside = Counter(round(line.y / ROW) for line in lines)
    found: list[Stretch] = []
    rows = 0
    for line in lines:
        row = line.cells > 1 or beside[round(line.y / ROW)] > 1
        if row or (len(line.text) <= SHORT_LINE and " " in line.text):
            parts = _parted(line, edges(line))
            rows += row or len(parts) > 1
            found += parts
        else:
            found.append(Stretch(line.left, line.right, line.y, line.size, line.text))
    return found if rows >= fewest else []


def _parted(line: TextLine, edges: Sequence[tuple[float, float]]) -> list[Stretch]:
    """A line, parted at its wide gaps."""
    found: list[Stretch] = []
    start = last = 0
    inked = [at for at, char in enumerate(line.text) if not char.isspace() and at < len(edges)]
    for at in [*inked, -1]:
        if at < 0 or (at and edges[at][0] - edges[last][1] > GAP * line.size):
            text = line.text[start : last + 1]
            found.append(Stretch(edges[start][0], edges[last][1], line.y, line.size, text))
            start = at
        last = at
    return found
