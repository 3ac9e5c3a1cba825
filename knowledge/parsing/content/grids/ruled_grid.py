"""Find the grids that ruling lines make, which of their fields belong to one cell, and in which cell a word stands. Knows
no text and no format.

A grid is sure or none: its cells are rectangles, at least three rows high, unless fewer are asked for, and two columns wide all
together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import itemgetter
from typing import Protocol

Rule = tuple[float, float, float]  # where it lies; from; to; up is positive
TOUCH = 2.5  # points between two rules that meet
NEAR = 3.0  # points between the two strokes of a double rule
OPEN = 6.0  # points by which rules reach beyond the outermost rule of the other kind: an open side
MOST_RULES = 400  # of one direction; more are a drawing
MOST_FIELDS = 5000  # of a grid; more are a chart
FEWEST_ROWS, FEWEST_COLUMNS = 3, 2
CLOSE = 0.45  # sizes between two words that can be of one cell
SPLIT = 0.15  # sizes between two characters that can be in two cells
FINE = 4  # steps of a point in which the beginnings of words are compared

Begins = Counter[tuple[int, int]]  # how many words begin in a column at a place


@dataclass(frozen=True, slots=True)
class RuledGrid:
    """``xs`` rise from left to right, ``ys`` fall from above to below, ``depths`` are these below 0; ``cells`` numbers the
    cell at each row and column.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    depths: tuple[float, ...]
    cells: tuple[tuple[int, ...], ...]

    def cell(self, x: float, y: float) -> int | None:
        """The number of the cell at a place; None outside the grid."""
        column = bisect_right(self.xs, x) - 1
        row = bisect_right(self.depths, -y) - 1
        if 0 <= row < len(self.cells) and 0 <= column < len(self.cells[0]):
            return self.cells[row][column]
        return None


def ruled_grids(
    across: Sequence[Rule], down: Sequence[Rule], fewest: int = FEWEST_ROWS
) -> list[RuledGrid]:
    """The grids of rules that run across the page (y, from x, to x) and down it (x, from y, to y), from above to below, with
    ``fewest`` rows or more.
    """
    across, down = joined_rules(across), joined_rules(down)
    if not across or not down or max(len(across), len(down)) > MOST_RULES:
        return []
    groups = _touching(across, down)
    grids = (_grid(*group, fewest) for group in groups if len(group[0]) > 1 and group[1])
    return sorted((grid for grid in grids if grid is not None), key=lambda grid: -grid.ys[0])


def lined_grids(across: Sequence[Rule], others: Sequence[RuledGrid]) -> list[RuledGrid]:
    """The grids of one column that rules across the page alone make, all as long as each other, outside the ``others``."""
    free = [
        rule
        for rule in joined_rules(across)
        if not any(grid.ys[-1] - TOUCH <= rule[0] <= grid.ys[0] + TOUCH for grid in others)
    ]
    found: dict[tuple[float, float], list[float]] = {}
    for y, left, right in free if len(free) <= MOST_RULES else []:
        ends = (
            (one, other) for one, other in found if abs(one - left) + abs(other - right) <= TOUCH
        )
        found.setdefault(next(ends, (left, right)), []).append(y)
    made = []
    for (left, right), places in found.items():
        places.sort(reverse=True)
        ys = [places[0], *(y for above, y in pairwise(places) if above - y > NEAR)]
        if len(ys) > FEWEST_ROWS:
            rows = tuple((at,) for at in range(len(ys) - 1))
            made.append(RuledGrid((left, right), tuple(ys), tuple(-y for y in ys), rows))
    return sorted(made, key=lambda grid: -grid.ys[0])


def joined_rules(rules: Sequence[Rule]) -> list[Rule]:
    """Strokes that lie on one line and touch, as one rule."""
    out: list[Rule] = []
    row: list[Rule] = []
    for rule in [*sorted(rules), None]:
        if row and (rule is None or rule[0] - row[0][0] > TOUCH / 2):
            place = sum([one[0] for one in row]) / len(row)
            start, end = None, 0.0
            for _, first, last in sorted(row, key=itemgetter(1)):
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


class _Groups:
    """Numbers that become one group, pair by pair; a group goes by its least."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def of(self, at: int) -> int:
        """The group of a number."""
        while self._above[at] != at:
            self._above[at] = self._above[self._above[at]]
            at = self._above[at]
        return at

    def join(self, one: int, other: int) -> None:
        """Make one group of those of two numbers."""
        first, second = sorted((self.of(one), self.of(other)))
        self._above[second] = first


def _touching(across: Sequence[Rule], down: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """The rules in groups that hang together."""
    groups = _Groups(len(across) + len(down))
    for i, (y, left, right) in enumerate(across):
        for k, (x, low, high) in enumerate(down):
            if left - TOUCH <= x <= right + TOUCH and low - TOUCH <= y <= high + TOUCH:
                groups.join(i, len(across) + k)
    found: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for at, rule in enumerate([*across, *down]):
        found.setdefault(groups.of(at), ([], []))[at >= len(across)].append(rule)
    return list(found.values())


def _bounding(rules: list[Rule], others: list[Rule]) -> list[Rule]:
    """Rules that part cells: they run from a rule of the other kind, or an open side, to another. What ends in the middle of
    a cell is a line below words, or a tick of a chart.
    """
    first = min((start for _, start, _ in rules), default=0.0) + OPEN
    last = max((end for _, _, end in rules), default=0.0) - OPEN

    def meets(end: float, place: float) -> bool:
        return any(
            abs(at - end) <= TOUCH and low - TOUCH <= place <= high + TOUCH
            for at, low, high in others
        )

    return [
        (place, start, end)
        for place, start, end in rules
        if (start <= first or meets(start, place)) and (end >= last or meets(end, place))
    ]


def _grid(across: list[Rule], down: list[Rule], fewest: int) -> RuledGrid | None:
    across, down = _bounding(across, down), _bounding(down, across)
    xs, ys = _places(down, across), _places(across, down)[::-1]
    wide, high = len(xs) - 1, len(ys) - 1
    if high < fewest or wide < FEWEST_COLUMNS or high * wide > MOST_FIELDS:
        return None
    left, above = _near(down, xs), _near(across, ys)
    groups = _Groups(wide * high)
    for row in range(high):
        y = (ys[row] + ys[row + 1]) / 2
        for column in range(wide):
            x, field = (xs[column] + xs[column + 1]) / 2, row * wide + column
            if column and not _has_rule(left[column], y):
                groups.join(field - 1, field)
            if row and not _has_rule(above[row], x):
                groups.join(field - wide, field)
    cells = [[groups.of(row * wide + column) for column in range(wide)] for row in range(high)]
    if not _rectangles(cells):
        return None
    return RuledGrid(tuple(xs), tuple(ys), tuple(-y for y in ys), tuple(map(tuple, cells)))


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


def _near(rules: list[Rule], places: list[float]) -> list[list[Rule]]:
    """The rules that lie at each place."""
    return [[rule for rule in rules if abs(rule[0] - place) <= NEAR] for place in places]


def _has_rule(rules: list[Rule], middle: float) -> bool:
    return any(first < middle < last for _, first, last in rules)


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


@dataclass(frozen=True, slots=True)
class GridWord:
    """The characters [start:end], where they lie, and their cell; None where the first and last are in two."""

    start: int
    end: int
    left: float
    right: float
    foot: float
    cell: int | None


class WordPlaces(Protocol):
    """What is asked about characters."""

    def box(self, at: int) -> tuple[float, float, float, float]:
        """(left, bottom, right, top) of a character."""
        ...

    def begins(self, at: int) -> bool:
        """Was a character drawn apart from the one before it?"""
        ...


def begin_of(grid: RuledGrid, word: GridWord) -> tuple[int, int]:
    """The column and place where a word begins."""
    return bisect_right(grid.xs, word.left + 0.5), round(FINE * word.left)


def in_cells(
    words: Sequence[GridWord], size: float, grid: RuledGrid, page: WordPlaces, begun: Begins
) -> list[GridWord]:
    """The words of a line with their cells; none where it is not sure which.

    A word over a rule is cut where the next column's text begins, else it is the cell's in which it begins. ``begun`` has
    the words that are the first of their cell on their line.
    """
    out: list[GridWord] = []
    for word in words:
        for piece in [word] if word.cell is not None else _cut(word, size, grid, page, begun):
            if piece.cell is None:
                return []
            last = out[-1] if out else None
            if last and piece.cell != last.cell:
                near = piece.left - last.right < CLOSE * size
                if near and _aligned(begun, begin_of(grid, piece)) < (2 if piece is word else 1):
                    return []
            out.append(piece)
    return out


def _aligned(begun: Begins, begin: tuple[int, int]) -> int:
    """How many words begin where one does."""
    return sum(begun[begin[0], begin[1] + step] for step in (-1, 0, 1))


def _cut(
    word: GridWord, size: float, grid: RuledGrid, page: WordPlaces, begun: Begins
) -> list[GridWord]:
    """A word over a rule in its pieces."""
    pieces: list[GridWord] = []
    before: int | None = None
    for at in range(word.start, word.end):
        left, foot, right, top = page.box(at)
        here = grid.cell((left + right) / 2, (foot + top) / 2)
        new = GridWord(at, at + 1, left, right, foot, here)
        if pieces and here != before:
            apart = left - pieces[-1].right > SPLIT * size
            begins = page.begins(at) and _aligned(begun, begin_of(grid, new)) > 0
            here = here if apart or begins else before
        if not pieces or here != before:
            pieces.append(new)
        else:
            right = max(pieces[-1].right, right)
            pieces[-1] = replace(pieces[-1], end=at + 1, right=right)
        before = here
    return pieces
