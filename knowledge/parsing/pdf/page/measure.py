"""Where the characters and strokes of a PDF page are, as it is shown, by their place in PDFium's text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from knowledge.parsing.content.grids.ruled_grid import Rule
from knowledge.parsing.pdf.layout.small_lines import DROPPED
from knowledge.parsing.pdf.lines import Line
from knowledge.parsing.pdf.page.probe import Probe, Rotation

BOLD_FROM = 600
PALE = 150.0  # of 255, which is white


class PageMeasure:
    """Where the characters of a page are, as it is shown, by their place in PDFium's text."""

    def __init__(
        self, textpage: Any, probe: Probe, turn: Rotation, place: Callable[[int], int]
    ) -> None:
        self.textpage, self.probe, self.turn, self.place = textpage, probe, turn, place
        self.instead: dict[int, str] = {}
        self._edges: dict[int, list[tuple[float, float]]] = {}
        self._rules: tuple[list[Rule], list[Rule]] | None = None

    def rules(self, page: Any) -> tuple[list[Rule], list[Rule]]:
        """The straight strokes of the page, across it and down it, in page space."""
        if self._rules is None:
            self._rules = self.probe.rules(page)
        return self._rules

    def strokes(self, page: Any) -> tuple[list[Rule], list[Rule]]:
        """Those down the page and those across it, as it is shown: (x, from, to) and (y, from, to)."""
        across, down = self.rules(page)
        upright = [self.turn.box((x, low, x, high)) for x, low, high in down]
        lying = [self.turn.box((left, y, right, y)) for y, left, right in across]
        if self.turn.angle in (90, 270):
            upright, lying = lying, upright
        return [(x, low, high) for x, low, _, high in upright], [
            (y, left, right) for left, y, right, _ in lying
        ]

    def box(self, at: int) -> tuple[float, float, float, float]:
        """(left, bottom, right, top) of a character."""
        return self.turn.box(self.probe.box(self.textpage, self.place(at)))

    def size(self, at: int) -> float:
        """The size of a character in points."""
        return self.probe.style(self.textpage, self.place(at))[0]

    def foot(self, at: int) -> float:
        """The height on which a character stands; only where the page is not turned."""
        return self.probe.foot(self.textpage, self.place(at))

    def look(self, at: int) -> tuple[float, bool, bool]:
        """(angle in radians, drawn without ink, white) of a character."""
        return self.probe.look(self.textpage, self.place(at))

    def sheared(self, at: int) -> bool:
        """Is a character drawn sheared, so that its cell reaches over others?"""
        return self.probe.sheared(self.textpage, self.place(at))

    def pale(self, at: int) -> bool:
        """Is a character drawn in a light colour, or shines the page through it?"""
        return self.probe.lightness(self.textpage, self.place(at)) >= PALE

    def bold(self, at: int) -> bool:
        """Is a character set in bold type?"""
        return self.probe.style(self.textpage, self.place(at))[2] >= BOLD_FROM

    def begins(self, at: int) -> bool:
        """Was a character drawn apart from the one before it?"""
        one, other = (self.probe.item(self.textpage, self.place(x)) for x in (at - 1, at))
        return one != other

    def joined(self, end: int, start: int) -> bool:
        """Is nothing left of what PDFium has between two places?"""
        return all(self.instead.get(at) == DROPPED for at in range(end, start))

    def glued(self, line: Line, raw: str) -> bool:
        """Is there no blank in one of the wide gaps of a line?"""
        if line.cells > 1 and self.turn.angle:
            return True
        for _, right in line.wide:
            at = self.probe.index_at(
                self.textpage, *self.turn.page_place(right + 0.5, line.y + 0.4 * line.size)
            )
            at = at if self.place(line.start) == line.start else line.start
            if line.start < at < line.end and not raw[at - 1].isspace():
                return True
        return False

    def edges(self, line: Line) -> list[tuple[float, float]]:
        """(left, right) of each character of a line."""
        known = self._edges.get(line.start)
        if known is None:
            first, last = self.place(line.start), self.place(line.end - 1)
            if self.turn.angle == 0 and last - first == line.end - 1 - line.start:
                known = self.probe.edges(self.textpage, first, last)
            else:
                boxes = (self.box(at) for at in range(line.start, line.end))
                known = [(left, right) for left, _, right, _ in boxes]
            self._edges[line.start] = known
        return known
