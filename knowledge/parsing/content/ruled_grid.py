"""Find the grids that ruling lines make, and which of their fields belong to one cell. Knows no text and no format.

A grid is sure or none: its cells are rectangles, at least three rows high and two columns wide all together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

Rule = tuple[float, float, float]  # where it lies; from; to; up is positive
TOUCH = 2.5  # points between two rules that meet
NEAR = 3.0  # points between the two strokes of a double rule
OPEN = 6.0  # points by which rules reach beyond the outermost rule of the other kind: an open side
MOST_RULES = 400  # of one direction; more are a drawing
FEWEST_ROWS, FEWEST_COLUMNS = 3, 2


@dataclass(frozen=True, slots=True)
class RuledGrid:
    """``xs`` rise from left to right, ``ys`` fall from above to below; ``cells`` numbers the cell at each row and column."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[tuple[int, ...], ...]

    def cell(self, x: float, y: float) -> int | None:
        """The number of the cell at a place; None outside the grid."""
        column = bisect_right(self.xs, x) - 1
        row = bisect_right(self.ys, -y, key=lambda place: -place) - 1
        if 0 <= row < len(self.cells) and 0 <= column < len(self.cells[0]):
            return self.cells[row][column]
        return None


def ruled_grids(across: Sequence[Rule], down: Sequence[Rule]) -> list[RuledGrid]:
    """The grids of rules that run across the page (y, from x, to x) and down it (x, from y, to y), from above to below."""
    across, down = _joined(across), _joined(down)
    if not across or not down or max(len(across), len(down)) > MOST_RULES:
        return []
    groups = _touching(across, down)
    grids = (_grid(*group) for group in groups)
    return sorted((grid for grid in grids if grid is not None), key=lambda grid: -grid.ys[0])


def _joined(rules: Sequence[Rule]) -> list[Rule]:
    """Strokes that lie on one line and touch, as one rule."""
    out: list[Rule] = []
    row: list[Rule] = []
    for rule in [*sorted(rules), None]:
        if row and (rule is None or rule[0] - row[0][0] > TOUCH / 2):
            place = fmean(one[0] for one in row)
            start, end = None, 0.0
            for _, first, last in sorted(row, key=lambda one: one[1:]):
                if start is None or first > end + TOUCH:
                    if start is not None:
                        out.append((place, start, end))
                    start, end = first, last
                end = max(end, last)
            if start is not None:
                out.append((place, start, end))
            row = []
        if rule is not None:
            row.append(rule)
    return out


def _touching(across: Sequence[Rule], down: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """The rules in groups that hang together."""
    group = list(range(len(across) + len(down)))

    def head(at: int) -> int:
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    for i, (y, left, right) in enumerate(across):
        for k, (x, low, high) in enumerate(down):
            if left - TOUCH <= x <= right + TOUCH and low - TOUCH <= y <= high + TOUCH:
                group[head(i)] = head(len(across) + k)
    found: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for at, rule in enumerate([*across, *down]):
        found.setdefault(head(at), ([], []))[at >= len(across)].append(rule)
    return list(found.values())


def _grid(across: list[Rule], down: list[Rule]) -> RuledGrid | None:
    xs, ys = _places(down, across), _places(across, down)[::-1]
    wide, high = len(xs) - 1, len(ys) - 1
    if high < FEWEST_ROWS or wide < FEWEST_COLUMNS:
        return None
    cells = [[row * wide + column for column in range(wide)] for row in range(high)]
    for row in range(high):
        y = (ys[row] + ys[row + 1]) / 2
        for column in range(wide):
            x = (xs[column] + xs[column + 1]) / 2
            if column and not _has_rule(down, xs[column], y):
                _merge(cells, cells[row][column - 1], cells[row][column])
            if row and not _has_rule(across, ys[row], x):
                _merge(cells, cells[row - 1][column], cells[row][column])
    if not _rectangles(cells):
        return None
    return RuledGrid(tuple(xs), tuple(ys), tuple(map(tuple, cells)))


def _places(rules: list[Rule], others: list[Rule]) -> list[float]:
    """Where rules lie, a double one once, and where those of the other kind end on an open side."""
    places: list[float] = []
    for place, _, _ in sorted(rules):
        if not places or place - places[-1] > NEAR:
            places.append(place)
    if places and others:
        first, last = min(rule[1] for rule in others), max(rule[2] for rule in others)
        before = [first] if first < places[0] - OPEN else []
        places = [*before, *places, *([last] if last > places[-1] + OPEN else [])]
    return places


def _has_rule(rules: list[Rule], place: float, middle: float) -> bool:
    return any(abs(at - place) <= NEAR and first < middle < last for at, first, last in rules)


def _merge(cells: list[list[int]], one: int, other: int) -> None:
    if one != other:
        for row in cells:
            row[:] = [one if cell == other else cell for cell in row]


def _rectangles(cells: list[list[int]]) -> bool:
    places: dict[int, list[tuple[int, int]]] = {}
    for row, numbers in enumerate(cells):
        for column, cell in enumerate(numbers):
            places.setdefault(cell, []).append((row, column))
    for held in places.values():
        rows, columns = {row for row, _ in held}, {column for _, column in held}
        if (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1) != len(held):
            return False
    return True
