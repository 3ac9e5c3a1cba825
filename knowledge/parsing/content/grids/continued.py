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
    SAME,
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
    rules the texts in it; where it begins and ends, and the size of its type.
    """

    head: OpenHead
    sides: tuple[tuple[float, float], ...]
    top: float
    bottom: float
    size: float
    texts: tuple[Stretch, ...] = ()


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
    if not _fits(run, above) or not are_short(run):
        return None
    return grid_in(run, merged([*above.texts, *(one for row in run for one in row)]))


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


def _fits(run: Sequence[Sequence[Stretch]], above: OpenTable) -> bool:
    """Does each text stand in one column of a table, and most of each column begin, end or have their middle where most of its do?"""
    new = [one for row in run for one in row]
    columns = merged([*above.texts, *new])
    if len(columns) != len(above.sides) or abs(new[0].size - above.size) > 0.1 * above.size:
        return False
    if any(len(held_by(one, columns)) != 1 for one in new):
        return False
    if not run[0] or held_by(run[0][0], columns) != [0]:
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
