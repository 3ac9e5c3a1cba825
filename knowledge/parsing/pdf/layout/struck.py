"""Find the letters of a PDF page that a stroke strikes out: a correction that was left to be seen is no text of the manual."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from knowledge.parsing.content.grids.ruled_grid import Rule
from knowledge.parsing.pdf.lines import Line
from knowledge.parsing.pdf.page.probe import Rotation

# Where such a stroke runs, in sizes above the lower edge of a line; one that underlines lies below .3, a rule above .9
LOW, HIGH = 0.36, 0.66
# Sizes between the ends of a stroke and those of the letters below it; PDFium adds the stroke's width to both
NEAR = 0.3
LEAST = 2  # letters and figures; one alone may be a sign that is drawn


class StrokesOnPage(Protocol):
    """What is asked of a page as it is shown."""

    @property
    def turn(self) -> Rotation: ...
    def rules(self, page: Any) -> tuple[list[Rule], list[Rule]]: ...
    def edges(self, line: Line) -> list[tuple[float, float]]: ...


def struck(
    page: Any, lines: Sequence[Line], raw: str, measure: StrokesOnPage
) -> list[tuple[int, int]]:
    """The stretches of a page's text that are struck out, as (start, end) in ``raw``."""
    across, _ = measure.rules(page)
    boxes = [measure.turn.box((left, y, right, y)) for y, left, right in across]
    found = [
        span
        for left, y, right, _ in boxes
        for line in lines
        if LOW * line.size <= y - line.y <= HIGH * line.size
        and line.left - NEAR * line.size <= left
        and right <= line.right + NEAR * line.size
        for span in _below(left, right, line, measure.edges(line))
    ]
    return [(start, end) for start, end in found if sum(map(str.isalnum, raw[start:end])) >= LEAST]


def _below(
    left: float, right: float, line: Line, edges: Sequence[tuple[float, float]]
) -> Iterator[tuple[int, int]]:
    """The letters of a line from where a stroke begins to where it ends, if letters begin and end there."""
    held = [n for n, (one, other) in enumerate(edges) if left < (one + other) / 2 < right]
    if not held:
        return
    near = NEAR * line.size
    begins = any(abs(edges[n][0] - left) <= near for n in held[:2])
    ends = any(abs(edges[n][1] - right) <= near for n in held[-2:])
    if begins and ends:
        yield line.start + held[0], line.start + held[-1] + 1
