"""Find columns of running text of which PDFium has made single lines, row by row. What is not surely one stays what it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.parsing.pdf.lines import Line

FEWEST = 4  # lines on both sides
GUTTER = 8.0  # points
FULL = 0.7  # of the longest line's length
RUNNING = 0.4  # share of the lines of a column that begin in the middle of a sentence


@dataclass(frozen=True, slots=True)
class ColumnPart:
    """A stretch of PDFium's text that lies in one column."""

    start: int
    end: int


def in_columns(
    lines: Sequence[Line], raw: str, edges: Callable[[Line], list[tuple[float, float]]]
) -> list[list[ColumnPart]]:
    """For each stretch of lines that are two columns: its pieces, the left column first. ``lines`` are in text order.

    ``edges`` gives (left, right) of each character of a line.
    """
    if sum(line.cells > 1 for line in lines) < FEWEST:
        return []
    found = []
    run: list[Line] = []
    gutter = (0.0, 0.0)
    for line in lines:
        widest = max(line.wide, key=lambda gap: gap[1] - gap[0], default=None)
        if widest is not None and run and line.y < run[-1].y:
            common = max(gutter[0], widest[0]), min(gutter[1], widest[1])
            if common[1] - common[0] >= GUTTER:
                run, gutter = [*run, line], common
                continue
        found += _pieces(run, gutter, raw, edges)
        run, gutter = ([line], widest) if widest else ([], (0.0, 0.0))
    return found + _pieces(run, gutter, raw, edges)


def _pieces(
    run: Sequence[Line],
    gutter: tuple[float, float],
    raw: str,
    edges: Callable[[Line], list[tuple[float, float]]],
) -> list[list[ColumnPart]]:
    if len(run) < FEWEST or not _may_run([line.text for line in run], 2):
        return []
    middle = (gutter[0] + gutter[1]) / 2
    sides: tuple[list[ColumnPart], list[ColumnPart]] = ([], [])
    for line in run:
        places = edges(line)
        right = next((at for at, place in enumerate(places) if place[0] > middle), len(places))
        left = right
        while left > 0 and raw[line.start + left - 1].isspace():
            left -= 1
        while right < len(places) and raw[line.start + right].isspace():
            right += 1
        if not left or right >= len(places):
            return []
        sides[0].append(ColumnPart(line.start, line.start + left))
        sides[1].append(ColumnPart(line.start + right, line.end))
    return [[*sides[0], *sides[1]]] if all(_running(side, raw) for side in sides) else []


def _running(side: Sequence[ColumnPart], raw: str) -> bool:
    """Is a column prose? Its lines have several words, go on from one to the next, and most reach its edge."""
    texts = [raw[piece.start : piece.end] for piece in side]
    longest = max(map(len, texts))
    full = sum(len(text) >= FULL * longest for text in texts) / len(texts)
    return full >= 0.6 and _may_run(texts, 1)


def _may_run(texts: Sequence[str], columns: int) -> bool:
    words = sum(len(text.split()) for text in texts) / len(texts)
    inner = sum(text[0].islower() for text in texts[1:]) / (len(texts) - 1)
    return words >= 4 * columns and inner >= RUNNING
