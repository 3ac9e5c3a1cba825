"""A table that goes on at the top of the next page, without its head: what the page before leaves open, and which rows below
it stand in its columns. Knows no format.

Rows are taken for its own only where nothing speaks against it: as many columns at the same places, the same size, figures
where it has figures, and nothing that may be a head of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.parsing.content.grids.aligned_grid import (
    ALIGNED,
    FARTHEST,
    SAME,
    WRAPPED,
    are_short,
    goes_on,
    grid_in,
    runs,
)
from knowledge.parsing.content.grids.cells import Cell, Grid, filled
from knowledge.parsing.content.grids.heads import (
    FIGURE_CELL,
    MOSTLY,
    TableOrder,
    looks_like_head,
    share_of,
)
from knowledge.parsing.content.grids.ruled_grid import RuledGrid
from knowledge.parsing.content.grids.stretches import Stretch, TextRow, held_by, merged, row_run

SAME_RULE = 2.0  # points between the sides of a column on two pages
MOST_STRETCHES = 600
FEW_FIGURES = 0.2  # of a column of words


@dataclass(frozen=True, slots=True)
class OpenHead:
    """What the rows of a table go by: a label for each column, the rows of its head as they are written, whether only bold type
    tells these, and which columns hold figures, and which words.
    """

    labels: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    bold: bool = False
    figures: frozenset[int] = frozenset()
    words: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class OpenTable:
    """The last table of a page: its head, which has no labels where there is none; the sides of its columns; where it has no
    rules the texts in it; where it begins and ends, and the size of its type; the texts of its ``last`` row, which the end of
    the page may cut: none where a row may begin with an empty cell.
    """

    head: OpenHead
    sides: tuple[tuple[float, float], ...]
    top: float
    bottom: float
    size: float
    texts: tuple[Stretch, ...] = ()
    last: tuple[str, ...] = ()


def last_row(grid: Grid, order: TableOrder) -> tuple[str, ...]:
    """The texts of the last row below a head of which each row has a name in its first cell; () for another."""
    rows = [_texts(row) for row in grid[order.titles + order.heads :]]
    return rows[-1] if rows and all(row[0] for row in rows) else ()


def cut_row(grid: Grid, above: OpenTable) -> int | None:
    """Which row, below the heads that stand here again, is the rest of the one that the end of the page before cuts: it has
    no name of its own.
    """
    again = len(above.head.rows)
    heads = [_texts(row) for row in grid[:again]]
    at = again if again and tuple(heads) == above.head.rows else 0
    if not above.last or len(grid) <= at + 1:
        return None
    rest, row = _texts(grid[at]), _texts(grid[at + 1])
    cells = [cell for cell in grid[at] if cell and cell.text]
    if rest[0] or not row[0] or not cells or all(cell.bold or cell.head for cell in cells):
        return None
    fits = all(cut for text, cut in zip(rest, above.last, strict=False) if text)
    return at if fits else None


def head_of(grid: Grid, order: TableOrder, labels: Sequence[str]) -> OpenHead:
    """The head of a table's rows, below ``order`` of which its data begins."""
    start = order.titles + order.heads
    rows = grid[order.titles : start]
    bold = all(cell is None or not cell.text or cell.bold or cell.head for row in rows for cell in row)  # fmt: skip
    figures, words = _kinds(grid[start:])
    texts = tuple(_texts(row) for row in rows)
    return OpenHead(
        tuple(labels) if order.named else (), texts, bold and bool(rows), figures, words
    )


def rows_again(grid: Grid, order: TableOrder, head: OpenHead) -> int | None:
    """How many rows at the top of a part are the head of the table that it goes on with; None where it does not."""
    if not head.labels or not grid or len(grid[0]) != len(head.labels) or order.titles:
        return None
    again = len(head.rows)
    if len(grid) > again > 0 and tuple(_texts(row) for row in grid[:again]) == head.rows:
        return again
    if order.heads:
        return None
    first = grid[0]
    if filled(first) < 2 or not first[0] or not first[0].text:
        return None
    if all(cell is None or not cell.text or cell.bold or cell.head for cell in first):
        return None
    if not head.bold and looks_like_head(first, grid[1:]):
        return None
    figures, words = _kinds(grid)
    if figures & head.words or (head.figures and not figures & head.figures):
        return None
    return 0


def in_same_columns(sides: Sequence[tuple[float, float]], above: OpenTable) -> bool:
    """Have two tables in rules as many columns with the same sides?"""
    return len(sides) == len(above.sides) and all(
        abs(one - other) <= SAME_RULE
        for side, place in zip(sides, above.sides, strict=True)
        for one, other in zip(side, place, strict=True)
    )


def continued_grid(stretches: Sequence[Stretch], above: OpenTable) -> RuledGrid | None:
    """The grid of the first rows of a page that stand in the columns of a table without rules; a lone one that stands so above
    others, and not at their distance, is no row but a running head.
    """
    if len(merged(above.texts)) != len(above.sides):
        return None
    rows = row_run(stretches)
    starts = [at for at, row in enumerate(rows) if len(row) > 1 and _fits([row], above)]
    if not starts:
        return None
    run = _run_from(rows, starts[0])
    if len(run) == 1 and len(starts) > 1:
        run = _run_from(rows, starts[1])
    heads = int(_is_head(run[0], above))
    rest = (
        _rest_below(run[heads:], above)
        if heads
        else _rest_above(rows[: rows.index(run[0])], run[0], above)
    )
    body = run[heads + len(rest) :] if heads else run
    if not body or not _fits(body, above) or not are_short(run):
        return None
    columns = merged([*above.texts, *(one for row in (*run, *rest) for one in row)])
    grid = grid_in(body, columns)
    if grid and rest:
        grid = _with_row_above(grid, rest, body[0])
    if grid and rest and heads:
        grid = _with_row_above(grid, run[:heads], rest[0])
    return grid if not heads or rest else grid_in(run, columns)


def _is_head(row: TextRow, above: OpenTable) -> bool:
    """Is a row the head of a table again, in which nothing spans?"""
    return above.head.rows == (tuple(one.text for one in row),)


def _rest_below(rows: Sequence[TextRow], above: OpenTable) -> list[TextRow]:
    """The lines at the top of rows that have no name: the rest of a row that the page before begins."""
    end = next((at for at, row in enumerate(rows) if not _goes_on_with(row, above)), len(rows))
    return [*rows[:end]] if end < len(rows) else []


def _rest_above(before: Sequence[TextRow], row: TextRow, above: OpenTable) -> list[TextRow]:
    """The lines right above the first whole row of a page that are the rest of one."""
    rest: list[TextRow] = []
    for line in reversed(before):
        below = rest[0] if rest else row
        far = (WRAPPED if rest else FARTHEST) * line[0].size
        if line[0].foot - below[0].foot > far or not _goes_on_with(line, above):
            break
        rest.insert(0, line)
    return rest


def _goes_on_with(line: TextRow, above: OpenTable) -> bool:
    """May a line go on with the last row of a table: in its columns but the first, in cells that end no sentence?"""
    if not above.last or not _fits([line], above, named=False):
        return False
    columns = merged([*above.texts, *line])
    cut = [above.last[at] for one in line for at in held_by(one, columns)]
    return all(text and text[-1] not in ".!?:" for text in cut)


def _with_row_above(grid: RuledGrid, lines: Sequence[TextRow], below: TextRow) -> RuledGrid:
    """A grid with a row more at its top, for these lines."""
    first, last = lines[0][0], lines[-1][0]
    line = (last.foot + below[0].foot + below[0].size) / 2
    ys = (first.foot + first.size + 1, line, *grid.ys[1:])
    fresh = max(number for row in grid.cells for number in row) + 1
    row = tuple(range(fresh, fresh + len(grid.cells[0])))
    return RuledGrid(grid.xs, ys, tuple(-y for y in ys), (row, *grid.cells))


def _run_from(rows: Sequence[TextRow], start: int) -> list[TextRow]:
    """The rows from one on that go on with it, without lines below the last that do not."""
    run = [rows[start]]
    for row in rows[start + 1 :]:
        if not goes_on(run, row):
            break
        run.append(row)
    while len(run) > 1 and len(run[-1]) < 2 and run[-1][0].left <= run[0][0].left + run[-1][0].size:
        run.pop()
    return run


def _fits(run: Sequence[Sequence[Stretch]], above: OpenTable, named: bool = True) -> bool:
    """Does each text stand in one column of a table, and most of each column begin, end or have their middle where most of its do?

    A ``named`` row begins in the first column, any other in another one.
    """
    new = [one for row in run for one in row]
    columns = merged([*above.texts, *new])
    if len(columns) != len(above.sides) or abs(new[0].size - above.size) > 0.1 * above.size:
        return False
    if any(len(held_by(one, columns)) != 1 for one in new):
        return False
    if not run[0] or (held_by(run[0][0], columns) == [0]) != named:
        return False
    for at in range(len(columns)):
        own = [one for one in new if held_by(one, columns) == [at]]
        known = [one for one in above.texts if held_by(one, columns) == [at]]
        if own and (not _aligned_with(own, known) or (len(own) > 2 and runs(own))):
            return False
    return True


def _aligned_with(own: Sequence[Stretch], known: Sequence[Stretch]) -> bool:
    def places(texts: Sequence[Stretch]) -> list[list[float]]:
        return [
            [one.left for one in texts],
            [one.right for one in texts],
            [(one.left + one.right) / 2 for one in texts],
        ]

    for new, old in zip(places(own), places(known), strict=True):
        usual = max(old, key=lambda at: sum(abs(at - other) <= SAME for other in old))
        if sum(abs(at - usual) <= SAME for at in old) < ALIGNED * len(old):
            continue
        if sum(abs(at - usual) <= SAME for at in new) >= ALIGNED * len(new):
            return True
    return False


def _kinds(rows: Grid) -> tuple[frozenset[int], frozenset[int]]:
    """Which columns hold figures, and which words."""
    wide = max(map(len, rows), default=0)
    columns = [[row[at] for row in rows if at < len(row)] for at in range(wide)]
    shares = [share_of(FIGURE_CELL, [cell.text for cell in column if cell and cell.text]) for column in columns]  # fmt: skip
    full = [any(cell and cell.text for cell in column) for column in columns]
    return (
        frozenset(at for at, share in enumerate(shares) if share >= MOSTLY),
        frozenset(at for at, share in enumerate(shares) if full[at] and share <= FEW_FIGURES),
    )


def _texts(row: Sequence[Cell | None]) -> tuple[str, ...]:
    return tuple(cell.text if cell else "" for cell in row)
