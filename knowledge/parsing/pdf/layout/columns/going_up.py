"""Pages whose lines stand in another order than PDFium has them: from below to above, because the page shows upright text sideways
or upside down; and forms, whose labels are drawn behind all other text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.parsing.pdf.layout.columns.backward import from_the_left
from knowledge.parsing.pdf.layout.columns.running_text import ColumnPart, Edges
from knowledge.parsing.pdf.lines import ROW, Line

MOST_LINES = 500  # of a form
MANY = 3  # lines that go backward


@dataclass(frozen=True, slots=True)
class PutInOrder:
    """A page's text with its lines in another order, the place in PDFium's of each character (of one that is put in, that of the
    one before it), and which are put in.
    """

    raw: str
    places: list[int]
    added: set[int]


def put_in_order(
    lines: Sequence[Line], outside: Sequence[Line], raw: str, edges: Edges
) -> PutInOrder | None:
    """The text of a page with its lines from above to below, and each from the left; None where most of them follow each other so
    already, and few go backward. Lines ``outside`` the page that is seen come last.
    """
    backward = sum(line.backward for line in lines)
    going_up = lines_going_up(lines)
    ordered = going_up or (lines if backward >= MANY else [])
    if not ordered:
        return None
    text, places, added = "", list[int](), set[int]()
    by_start = {line.start: line for line in lines}
    for line in (*(by_start[one.start] for one in ordered), *outside):
        placed = [
            (at, *sides)
            for at, sides in enumerate(edges(line), line.start)
            if not raw[at].isspace()
        ]
        for part in from_the_left(placed, line.size):
            between = part.before if text and text[-1] != "\ufffe" else ""
            added |= set(range(len(text), len(text) + len(between)))
            text += between + raw[part.start : part.end]
            places += [places[-1] if places else 0] * len(between)
            places += range(part.start, part.end)
        if line.hyphen:
            text += "-" if going_up else raw[line.end]
            places.append(line.end)
    return PutInOrder(text, places, added)


def lines_going_up(lines: Sequence[Line]) -> list[ColumnPart]:
    """The lines of a page from above to below; [] where most of them follow each other so already."""
    up = sum(other.y > one.y + ROW for one, other in pairwise(lines))
    down = sum(other.y < one.y - ROW for one, other in pairwise(lines))
    if up <= down:
        return []
    return _by_rows(lines)


def lines_written_later(lines: Sequence[Line]) -> list[ColumnPart]:
    """Those lines of a form, from above to below, among which some stand that are written later; [] where none are.

    Such a line stands between two that follow each other in the text, below the one and above the other.
    """
    if len(lines) > MOST_LINES:
        return []
    first, last = len(lines), -1
    for at, line in enumerate(lines):
        for before in range(at - 2, -1, -1):
            above, below = lines[before], lines[before + 1]
            if (
                above.y > line.y + ROW
                and below.y < line.y - ROW
                and all(one.left < line.right and line.left < one.right for one in (above, below))
            ):
                first, last = min(first, before), at
                break
    return _by_rows(lines[first : last + 1]) if last >= 0 else []


def _by_rows(lines: Sequence[Line]) -> list[ColumnPart]:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: -line.y):
        if rows and rows[-1][0].y - line.y < ROW:
            rows[-1].append(line)
        else:
            rows.append([line])
    ordered = (line for row in rows for line in sorted(row, key=lambda line: line.left))
    return [ColumnPart(line.start, line.end + line.hyphen) for line in ordered]
