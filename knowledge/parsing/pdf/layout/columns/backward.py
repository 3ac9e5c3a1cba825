"""Lines that PDFium has in another order than they are read, because their last column was drawn before another one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from knowledge.parsing.pdf.layout.columns.running_text import ColumnPart, Edges
from knowledge.parsing.pdf.layout.right_to_left import is_right_to_left
from knowledge.parsing.pdf.lines import BACK, Line

OVER = 1.0  # points that parts may reach over each other
Placed = tuple[int, float, float]  # a character's place in the text, its left and right side


def backward_lines(lines: Sequence[Line], raw: str, edges: Edges) -> list[list[ColumnPart]]:
    """For each line that goes on left of where it was: its parts from the left. None of one whose parts lie over each other, or of
    a script that is written from the right.
    """
    found = []
    for line in lines:
        if line.backward and not line.table and not is_right_to_left(line.text):
            placed = [
                (at, *sides)
                for at, sides in enumerate(edges(line), line.start)
                if not raw[at].isspace()
            ]
            if len(parts := from_the_left(placed, line.size)) > 1:
                found.append(parts)
    return found


def from_the_left(placed: Sequence[Placed], size: float) -> list[ColumnPart]:
    """The parts of a line, of such a size in points, from the left where it goes backward; else one part."""
    whole = [ColumnPart(placed[0][0], placed[-1][0] + 1)]
    if not any(other[1] < one[2] - BACK * size for one, other in pairwise(placed)):
        return whole
    parts: list[tuple[float, float, int, int]] = []  # left, right, start, end
    for at, left, right in placed:
        if parts and abs(left - parts[-1][1]) < size:
            parts[-1] = parts[-1][0], right, parts[-1][2], at + 1
        else:
            parts.append((left, right, at, at + 1))
    parts.sort()
    if any(one[1] > other[0] + OVER for one, other in pairwise(parts)):
        return whole
    return [
        ColumnPart(start, end, " " if at else "\r\n") for at, (_, _, start, end) in enumerate(parts)
    ]
