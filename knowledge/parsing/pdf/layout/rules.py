"""Find the grids that the ruling lines of a PDF page make: what underlines words is none of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Protocol

from knowledge.parsing.content.grids.continued import OpenTable, in_same_columns
from knowledge.parsing.content.grids.ruled_grid import (
    FEWEST_ROWS,
    Rule,
    RuledGrid,
    WordPlaces,
    joined_rules,
    lined_grids,
    ruled_grids,
)
from knowledge.parsing.content.grids.stretches import stand_beside
from knowledge.parsing.pdf.lines import Line
from knowledge.parsing.pdf.page.probe import Rotation

NEAR_TEXT = 1.2  # points between the ends of a line below words and of these; PDFium adds its width


class PlacesOnPage(WordPlaces, Protocol):
    """What is asked about the characters of a page, by their place in PDFium's text."""

    turn: Rotation

    def rules(self, page: Any) -> tuple[list[Rule], list[Rule]]:
        """The straight strokes of the page, across it and down it, in page space."""
        ...

    def bold(self, at: int) -> bool:
        """Is a character set in bold type?"""
        ...

    def edges(self, line: Line) -> list[tuple[float, float]]:
        """(left, right) of each character of a line."""
        ...

    def joined(self, end: int, start: int) -> bool:
        """Is nothing left of what PDFium has between two places?"""
        ...


def grids_on(
    page: Any, lines: Sequence[Line], measure: PlacesOnPage, above: OpenTable | None
) -> tuple[list[RuledGrid], list[RuledGrid]]:
    """The grids of ruling lines on a page, as far as there may be text in them, and those of lines across it alone, whose columns
    are not known. Few rows are a grid only in the columns of a table that the page ``above`` leaves open.
    """
    if not stand_beside(lines):
        return [], []
    box, (across, down) = measure.turn.box, measure.rules(page)
    over = [box((left, y, right, y)) for y, left, right in joined_rules(across)]
    over = [one for one in over if not any(_in_text(one, line, measure) for line in lines)]
    along = [box((x, low, x, high)) for x, low, high in down]
    lying = [(one[1], one[0], one[2]) for one in over]
    grids = ruled_grids(
        lying,
        [(one[0], one[1], one[3]) for one in along],
        fewest=1 if above else FEWEST_ROWS,
    )
    kept = [
        grid
        for grid in grids
        if len(grid.cells) >= FEWEST_ROWS
        or (above and in_same_columns([*pairwise(grid.xs)], above))
    ]
    return kept, lined_grids(lying, kept)


def _in_text(stroke: tuple[float, float, float, float], line: Line, page: PlacesOnPage) -> bool:
    """Does a stroke run below the words of a line or through them, from where a character begins or to where one ends?"""
    left, y, right, _ = stroke
    if not 0.02 * line.size <= y - line.y <= 0.6 * line.size:
        return False
    if left < line.left - NEAR_TEXT or right > line.right + NEAR_TEXT:
        return False
    return any(
        abs(begin - left) < NEAR_TEXT or abs(end - right) < NEAR_TEXT
        for begin, end in page.edges(line)
    )
