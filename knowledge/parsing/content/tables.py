"""Write a table as lines of text in which every row says what its values are. Knows no format.

A row of three or more columns carries its heads ("Screw: M6 | Torque (Nm), dry: 10 | Tool: Key A"), so that a row that
is quoted, or found in the middle of a long table, explains itself; so does a name with a bare figure, whose unit is in
the head. Where the heads are not sure, or a row has but a name and a value that says its unit, cells stay as they are ("M6 | 9 Nm"), and the first row is repeated above every stretch of a passage's length.
A missed head costs little, a row of data taken for a head is lost: what is not sure is no head. A row that may head the
rows below it ends the labels of those above.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

from knowledge.parsing.content.grids.cells import (
    Cell,
    CellText,
    Grid,
    Row,
    filled,
    joined,
    labels_of,
)
from knowledge.parsing.content.grids.continued import OpenHead, head_of, rows_again
from knowledge.parsing.content.grids.heads import (
    TableOrder,
    alike,
    order_of,
    sections_of,
    with_bold_heads,
)
from knowledge.parsing.content.grids.row_parts import with_parts_apart
from knowledge.types import BlockKind

SEPARATOR = " | "
STRETCH = 70  # words of rows below one head; a passage holds 96
MOST_SPAN = 100  # columns; a cell that claims to span more is a slip, or means all
MOST_COLUMNS = 256  # spans end there
MOST_COVERED = 200_000  # places of one table that spans may fill
LONGEST_ROW = 2000  # characters; a longer row is cut into sentences like other text

_LABELLED = re.compile(r"(?P<head>[^:|$<>\"']{1,80}): (?P<value>.*\S)", re.S)


def labelled_cells(row: str) -> list[tuple[str, str]]:
    """The (head, value) of each cell of a row that brings its heads along ("Bolt: M6 | Torque (Nm): 9"); [] for another text.

    "ls | more" is a command and no row.
    """
    found = [_LABELLED.fullmatch(cell) for cell in row.split(SEPARATOR)]
    cells = [(cell["head"], cell["value"]) for cell in found if cell]
    return cells if 1 < len(cells) == len(found) else []


@dataclass(frozen=True, slots=True)
class TablePart:
    """Rows as they are written, of which ``order`` says what they are, and what they go by. ``again`` says that they go on
    with the head of the table on the page before.
    """

    rows: list[Row]
    order: TableOrder
    head: OpenHead = OpenHead()
    again: bool = False


def table_blocks(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The table as blocks of lines, one row a line, each block with the head that its rows need."""
    return grid_blocks(_spread(rows))


def grid_blocks(places: Grid, by_looks: bool = True) -> list[str]:
    """``table_blocks`` of rows in which a cell that spans stands, as the same object, at each place that it covers.

    Without ``by_looks`` a head is only what the format calls one or shows as one.
    """
    full = [row for row in with_parts_apart(places) if any(cell and cell.text for cell in row)]
    blocks: list[str] = []
    for part in table_parts(_even(full), by_looks):
        lines, order = ["".join(map(str, row)) for row in part.rows], part.order
        blocks += lines[: order.titles]
        lines = lines[order.titles :]
        if order.named:
            blocks += _stretches([], lines[order.heads :])
        else:
            blocks += _stretches(lines[: order.top], lines[order.top :])
    return blocks


def sheet_blocks(parts: Iterable[Grid]) -> Iterator[tuple[BlockKind, str]]:
    """The blocks of a sheet, whose tables blank rows part. Rows with one cell each are items.

    Rows that may go on with those above the blank row (with their columns of figures, or as many columns without a head)
    have no head by its looks, and never that one's: whether they are of the same table or of another cannot be told.
    """
    above: Grid = ()
    headed = True
    for part in parts:
        lone = all(filled(row) < 2 for row in part)
        as_wide = max(map(len, above), default=0) == max(map(len, part))
        by_looks = not alike(above, part[1:]) and (headed or not as_wide)
        for block in grid_blocks(part, by_looks):
            for text in block.split("\n") if lone else [block]:
                yield ("item" if lone else block_kind(block)), text
        if not lone:
            above = part
            headed = bool(order_of(with_bold_heads(_even(part)), by_looks).heads)


def table_parts(
    grid: Grid, by_looks: bool = True, above: OpenHead | None = None
) -> list[TablePart]:
    """The rows as they are written, each in the part whose heads it has. Each has words and all have as many places.

    The first rows may go on with a table ``above``.
    """
    parts: list[TablePart] = []
    for rows, sure in sections_of(with_bold_heads(grid)):
        order = order_of(rows, by_looks) if sure else TableOrder(0, 0, False, 0)
        again = rows_again(rows, order, above) if above and not parts else None
        labels: list[Row] = []
        if again is not None and above:
            order, labels = TableOrder(0, again, True, 0), [[label] for label in above.labels]
        elif order.named:
            labels = labels_of(rows[order.titles : order.titles + order.heads])
        skip = order.titles + order.heads
        written = [_written(row, labels if at >= skip else []) for at, row in enumerate(rows)]
        texts = ["".join(map(str, label)) for label in labels]
        parts.append(TablePart(written, order, head_of(rows, order, texts), again is not None))
    return parts


def _even(places: Grid) -> list[list[Cell | None]]:
    """The rows, all as long as the longest, without columns that hold nothing."""
    wide = max(map(len, places), default=0)
    rows = [[*row, *[None] * (wide - len(row))] for row in places]
    full = [any(cell and cell.text for cell in column) for column in zip(*rows, strict=True)]
    return rows if all(full) else [list(compress(row, full)) for row in rows]


def block_kind(block: str) -> BlockKind:
    """The kind of a block of ``table_blocks``: a title and a row as long as a page are text."""
    return (
        "table" if SEPARATOR in block and len(block.partition("\n")[0]) <= LONGEST_ROW else "text"
    )


def _spread(rows: Sequence[Sequence[Cell]]) -> list[list[Cell | None]]:
    """The cells at every place that they cover; None where there is none."""
    grid: list[list[Cell | None]] = []
    open_cells: dict[int, tuple[int, Cell]] = {}  # column -> rows still to cover, cell
    covered = 0
    for row in rows:
        places: list[Cell | None] = []
        waiting = deque(row)
        covered += len(open_cells)
        if covered > MOST_COVERED:
            open_cells.clear()
        while waiting or len(places) in open_cells:
            at = len(places)
            if at in open_cells:
                left, cell = open_cells.pop(at)
                if left > 1:
                    open_cells[at] = (left - 1, cell)
                places.append(cell)
                continue
            cell = waiting.popleft()
            for column in range(at, at + _across(cell, at)):
                if len(places) != column:
                    break
                if cell.down > 1:
                    open_cells[column] = (cell.down - 1, cell)
                places.append(cell)
                if column + 1 in open_cells and cell.across > 1:
                    break
        # what spans down into this row to the right of its last cell
        for column in sorted(column for column in open_cells if column >= len(places)):
            left, cell = open_cells.pop(column)
            if left > 1:
                open_cells[column] = (left - 1, cell)
            places += [None] * (column - len(places)) + [cell]
        grid.append(places)
    return grid


def _across(cell: Cell, at: int) -> int:
    """How many columns a cell in column ``at`` covers."""
    return max(1, min(cell.across, MOST_SPAN, MOST_COLUMNS - at))


def _written(row: Sequence[Cell | None], labels: Sequence[Row]) -> Row:
    """A row with its heads, if there are any. A cell that spans columns has all of theirs; the only one of a row, a line
    across, has none. Without heads an empty cell in the middle keeps its place.
    """
    if filled(row) == 1 and row[0] and row[0].text:
        labels = []
    out: list[str | CellText] = []
    at = empty = 0
    while at < len(row):
        cell, end = row[at], at + 1
        while end < len(row) and row[end] is cell and cell is not None:
            end += 1
        if cell is None or not cell.text:
            empty += 1
        else:
            label = joined(labels[at:end], " / ")
            parted = SEPARATOR * (1 if labels else 1 + empty)
            out += [*([parted] if out else []), *label, *([": "] if label else []), CellText(cell)]
            empty = 0
        at = end
    return out


def _stretches(head: Sequence[str], lines: Sequence[str]) -> list[str]:
    """The lines in blocks that fit a passage, each below the head; a line as long as a page is a block of its own."""
    blocks: list[list[str]] = [[*head]]
    size = 0
    for line in lines:
        words = len(line.split())
        if len(line) > LONGEST_ROW:
            blocks += [[line], [*head]]
            size = 0
            continue
        if head and size and size + words > STRETCH:
            blocks.append([*head])
            size = 0
        blocks[-1].append(line)
        size += words
    if len(blocks) > 1 and blocks[-1] == [*head]:
        blocks.pop()
    return ["\n".join(block) for block in blocks if block]
