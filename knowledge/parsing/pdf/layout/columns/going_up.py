"""Pages whose lines PDFium has from below to above, because the page shows upright text sideways or upside down."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from knowledge.parsing.pdf.layout.columns.running_text import ColumnPart
from knowledge.parsing.pdf.lines import ROW, Line


def lines_going_up(lines: Sequence[Line]) -> list[ColumnPart]:
    """The lines of a page from above to below; [] where most of them follow each other so already."""
    up = sum(other.y > one.y + ROW for one, other in pairwise(lines))
    down = sum(other.y < one.y - ROW for one, other in pairwise(lines))
    if up <= down:
        return []
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: -line.y):
        if rows and rows[-1][0].y - line.y < ROW:
            rows[-1].append(line)
        else:
            rows.append([line])
    ordered = (line for row in rows for line in sorted(row, key=lambda line: line.left))
    return [ColumnPart(line.start, line.end + line.hyphen) for line in ordered]
