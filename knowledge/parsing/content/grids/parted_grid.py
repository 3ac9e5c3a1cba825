"""Part the cells that rules leave open, as in a box with rules between its rows alone, by the columns that the texts of all rows
stand in. Knows no format.

A grid is parted where its texts surely make a table with these columns; any other stays as its rules have it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from knowledge.parsing.content.grids.aligned_grid import are_short, columns_of, is_table
from knowledge.parsing.content.grids.continued import SAME_RULE, OpenTable
from knowledge.parsing.content.grids.ruled_grid import RuledGrid
from knowledge.parsing.content.grids.side_by_side import are_records
from knowledge.parsing.content.grids.stretches import (
    FEWEST_ROWS,
    Stretch,
    TextRow,
    held_by,
    row_run,
)
from knowledge.parsing.content.grids.wrapped_cells import begins_small

Columns = Sequence[tuple[float, float]]


def parted_grid(
    grid: RuledGrid, stretches: Sequence[Stretch], above: OpenTable | None = None
) -> RuledGrid:
    """A grid of rules whose open cells are parted by the texts on its page, or as those of the table that the page before
    leaves open; the grid itself where that is not sure.
    """
    inside = [one for one in stretches if _row_of(one, grid) is not None and _is_within(one, grid)]
    if above and (sides := _open_sides(grid, above)):
        parted = _with_sides(grid, sides, inside)
        return parted or grid
    run = row_run(inside)
    columns = columns_of(run) if any(len(row) > 1 for row in run) else []
    if len(columns) < 2 or not _has_open_cells(grid, inside, columns):
        return grid
    sides = _sides(grid, columns)
    first, last = _open_columns(grid, inside, columns)
    texts = [one for one in inside if columns[first][0] <= one.left < columns[last][1]]
    if not _is_sure(grid, texts, columns[first : last + 1]):
        return grid
    return _with_sides(grid, sides, inside) or grid


def _row_of(one: Stretch, grid: RuledGrid) -> int | None:
    """The ruled row that a text stands in."""
    middle = one.foot + 0.35 * one.size
    rows = enumerate(pairwise(grid.ys))
    return next((at for at, (top, bottom) in rows if bottom < middle < top), None)


def _is_within(one: Stretch, grid: RuledGrid) -> bool:
    return one.left < grid.xs[-1] and grid.xs[0] < one.right


def _open_sides(grid: RuledGrid, above: OpenTable) -> list[float]:
    """The sides of the columns of an open table if there are more than the rules of a grid make, and these too; [] for
    another.
    """
    sides = [above.sides[0][0], *(right for _, right in above.sides)]
    known = all(any(abs(x - side) <= SAME_RULE for side in sides) for x in grid.xs)
    same = known and abs(grid.xs[0] - sides[0]) + abs(grid.xs[-1] - sides[-1]) <= 2 * SAME_RULE
    return sides if same and len(sides) > len(grid.xs) else []


def _sides(grid: RuledGrid, columns: Columns) -> list[float]:
    """The sides of columns: rules, and the middle between two columns that none parts."""
    between = [
        (one[1] + other[0]) / 2
        for one, other in pairwise(columns)
        if not any(one[1] <= x <= other[0] for x in grid.xs)
    ]
    return sorted([*grid.xs, *between])


def _cell_of(one: Stretch, grid: RuledGrid) -> int | None:
    """The one ruled cell that a text stands in."""
    middle = one.foot + 0.35 * one.size
    begin, end = grid.cell(one.left + 1, middle), grid.cell(one.right - 1, middle)
    return begin if begin == end else None


def _in_open_cells(
    grid: RuledGrid, texts: Sequence[Stretch], columns: Columns
) -> dict[int, set[int]]:
    """The columns that texts stand in, for each ruled cell that holds two or more."""
    found: dict[int, set[int]] = {}
    for one in texts:
        cell = _cell_of(one, grid)
        if cell is not None and len(held := held_by(one, columns)) == 1:
            found.setdefault(cell, set()).update(held)
    return {cell: held for cell, held in found.items() if len(held) > 1}


def _has_open_cells(grid: RuledGrid, texts: Sequence[Stretch], columns: Columns) -> bool:
    """Do two rows or more have a cell with texts in several columns?"""
    cells = _in_open_cells(grid, texts, columns)
    return sum(any(cell in cells for cell in row) for row in grid.cells) > 1


def _open_columns(grid: RuledGrid, texts: Sequence[Stretch], columns: Columns) -> tuple[int, int]:
    """The first and the last column that a cell with several holds."""
    held = [at for places in _in_open_cells(grid, texts, columns).values() for at in places]
    return min(held), max(held)


def _is_sure(grid: RuledGrid, texts: Sequence[Stretch], columns: Columns) -> bool:
    """Do texts make a table with these columns, each ruled row one of its rows? The first has a text in each, but for a corner."""
    run = row_run(texts)
    rows = [_row_of(row[0], grid) for row in run]
    joined = [at for at in rows if at is not None]
    wrapped = {at for at, (one, other) in enumerate(pairwise(joined), 1) if one == other}
    held = [[held_by(one, columns) for one in row] for row in run]
    if len(joined) < len(run) or not all(all(row) for row in held) or not are_short(run):
        return False
    if any(0 in held[at][0] and not begins_small(run[at][0].text) for at in wrapped):
        return False  # a row of its own
    top = {at for row, places in zip(joined, held, strict=True) if row == joined[0] for one in places for at in one}  # fmt: skip
    corner = {0} if columns[0][0] < grid.xs[1] else set[int]()
    if {*range(len(columns))} - top - corner or sum(len(row) > 1 for row in run) < FEWEST_ROWS:
        return False
    return is_table(run, columns, joined, wrapped) and not are_records(_texts(run, columns))


def _texts(run: Sequence[TextRow], columns: Columns) -> list[list[str]]:
    return [
        [
            " ".join(one.text for one in row if held_by(one, columns)[0] == at)
            for at in range(len(columns))
        ]
        for row in run
    ]


def _with_sides(
    grid: RuledGrid, sides: Sequence[float], texts: Sequence[Stretch]
) -> RuledGrid | None:
    """A grid with more sides of columns, which part its open cells; None where a text stands over a rule."""
    columns = [*pairwise(sides)]
    rows = [
        [grid.cell((x + end) / 2, (top + bottom) / 2) or 0 for x, end in columns]
        for top, bottom in pairwise(grid.ys)
    ]
    held: list[list[list[int]]] = [[] for _ in rows]
    for one in texts:
        if (at := _row_of(one, grid)) is not None:
            held[at].append(held_by(one, columns))
    for row, spans in zip(rows, held, strict=True):
        if any(len({row[at] for at in span}) > 1 for span in spans):
            return None
    parted = _parted_cells(grid, rows, held)
    fresh = max(number for row in rows for number in row) + 1
    cells: list[tuple[int, ...]] = []
    for row, spans in zip(rows, held, strict=True):
        crossed = {at for span in spans for at in span[1:]}
        numbers = [*row]
        for at, cell in enumerate(row):
            if cell in parted:
                fresh += at not in crossed
                numbers[at] = fresh
        cells.append(tuple(numbers))
    return replace(grid, xs=tuple(sides), cells=tuple(cells))


def _parted_cells(
    grid: RuledGrid, rows: Sequence[Sequence[int]], held: Sequence[Sequence[Sequence[int]]]
) -> set[int]:
    """The cells of one row that hold texts beside each other, and those as wide, or within one ruled column, whose text may be
    of one of their columns: one that begins in the first column of all is the title of rows.
    """
    begun: dict[int, set[int]] = {}
    wide: dict[int, tuple[int, ...]] = {}
    for row, spans in zip(rows, held, strict=True):
        for cell in {*row}:
            wide[cell] = tuple(at for at, other in enumerate(row) if other == cell)
            begun.setdefault(cell, set()).update(span[0] for span in spans if row[span[0]] == cell)
    low = {cell for cell in wide if sum(cell in row for row in rows) == 1}
    full = {cell for cell in low if len(begun[cell]) > 1}
    widths = {wide[cell] for cell in full}
    narrow = {cell for cell in low if sum(cell in column for column in zip(*grid.cells, strict=True)) == 1}  # fmt: skip
    alike = {cell for cell in low if wide[cell] in widths or cell in narrow}
    return full | {cell for cell in alike if 0 not in begun[cell]}
