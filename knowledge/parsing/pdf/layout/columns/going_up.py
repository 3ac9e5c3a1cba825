"""Pages whose lines stand in another order than PDFium has them: from below to above, because the page shows upright text sideways
or upside down; and forms, whose labels are drawn behind all other text.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from knowledge.parsing.pdf.layout.columns.running_text import ColumnPart
from knowledge.parsing.pdf.lines import ROW, Line

MOST_LINES = 500  # of a form


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
