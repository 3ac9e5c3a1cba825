"""Find columns with rules drawn down the page between them, of which PDFium has made single lines, row by row."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import combinations, pairwise
from statistics import median

from knowledge.parsing.content.grids.ruled_grid import Rule
from knowledge.parsing.pdf.layout.columns.backward import Placed, from_the_left
from knowledge.parsing.pdf.layout.columns.running_text import (
    FEWEST,
    ColumnPart,
    Edges,
    are_prose,
    inked,
)
from knowledge.parsing.pdf.lines import Line

NEAR = 3.0  # points between the ends of rules that are drawn side by side
OVER = 1.0  # points that a letter may reach over a rule
GROUP = 1.5  # usual distances of lines from which a group of lines begins
FEWEST_GAPS = 3  # between the groups of a column
MOSTLY = 0.6  # of them have lines beside them; the gaps between the rows of a table go through all its columns

_Column = list[tuple[Line, ColumnPart]]


def columns_between_rules(
    lines: Sequence[Line],
    down: Sequence[Rule],
    across: Sequence[Rule],
    raw: str,
    edges: Edges,
    prose: bool = False,
) -> list[list[ColumnPart]]:
    """For each stretch of lines with rules between its columns: its pieces, column by column from the left. ``lines`` are in
    text order, rules as the page is shown: (x, from, to) and (y, from, to).

    Of a table, whose rows begin side by side in its columns, or that rules run across, it stays what it is. Running text,
    which has no groups of lines to tell it from rows by, is only found as ``prose``.
    """
    found = []
    for xs, low, high in _side_by_side(down):
        if any(
            low + NEAR < y < high - NEAR and left < x < right
            for y, left, right in across
            for x in xs
        ):
            continue
        within = [
            line for line in lines if low - NEAR < line.y and line.y + line.size < high + line.size
        ]
        columns = _cut(within, xs, raw, edges)
        if not columns or not _are_columns([side for side in columns if side], raw, prose):
            continue
        pieces = [piece for side in columns for _, piece in side]
        start, end = min(one.start for one in pieces), max(one.end for one in pieces)
        if sum(inked(raw[one.start : one.end]) for one in pieces) == inked(raw[start:end]):
            found.append(pieces)
    return found


def _side_by_side(down: Sequence[Rule]) -> list[tuple[list[float], float, float]]:
    """Rules that are drawn from one height to another: (their places from the left, from, to)."""
    groups: list[tuple[list[float], float, float]] = []
    for x, low, high in sorted(down):
        for xs, bottom, top in groups:
            if abs(low - bottom) < NEAR and abs(high - top) < NEAR:
                xs.append(x)
                break
        else:
            groups.append(([x], low, high))
    return groups


def _cut(lines: Sequence[Line], xs: Sequence[float], raw: str, edges: Edges) -> list[_Column]:
    """The lines in their columns; [] where one runs across a rule, or too few are cut."""
    columns: list[_Column] = [[] for _ in range(len(xs) + 1)]
    cut = 0
    for line in lines:
        parts: list[tuple[int, list[Placed]]] = []  # column and its characters
        for at, (left, right) in enumerate(edges(line), line.start):
            if raw[at].isspace():
                continue
            column = bisect_right(xs, (left + right) / 2)
            if (
                column
                and left < xs[column - 1] - OVER
                or column < len(xs)
                and right > xs[column] + OVER
            ):
                return []
            if parts and parts[-1][0] == column:
                parts[-1][1].append((at, left, right))
            elif parts and parts[-1][0] > column:
                return []
            else:
                parts.append((column, [(at, left, right)]))
        cut += len(parts) > 1
        for column, placed in parts:
            columns[column] += ((line, part) for part in from_the_left(placed, line.size))
    return columns if cut >= FEWEST else []


def _are_columns(columns: Sequence[_Column], raw: str, prose: bool) -> bool:
    """Is what stands between rules read down: is it running text, or does it begin anew at places of its own?"""
    if len(columns) < 2:
        return False
    if prose:
        rows = sorted({line.start for side in columns for line, _ in side})
        return are_prose([[piece for _, piece in side] for side in columns], rows, raw)
    heights = [sorted({line.y for line, _ in side}, reverse=True) for side in columns]
    pitches = [one - other for side in heights for one, other in pairwise(side)]
    usual = median(pitches) if pitches else 0.0
    return any(
        _is_apart(one, other, usual) and _is_apart(other, one, usual)
        for one, other in combinations(heights, 2)
    )


def _is_apart(own: Sequence[float], other: Sequence[float], usual: float) -> bool:
    """Has a column groups of lines, with lines of another column beside the gaps between most of them?"""
    gaps = [(y, above) for above, y in pairwise(own) if above - y > GROUP * usual]
    beside = sum(any(y + usual / 2 < one < above - usual / 2 for one in other) for y, above in gaps)
    return len(gaps) >= FEWEST_GAPS and beside > MOSTLY * len(gaps)
