"""Write a table as lines of text in which every row says what its values are. Knows no format.

A row of three or more columns carries its heads ("Screw: M6 | Torque (Nm), dry: 10 | Tool: Key A"), so that a row that
is quoted, or found in the middle of a long table, explains itself. Where the heads are not sure, or a row has but a name
and a value, cells stay as they are ("M6 | 9 Nm"), and the first row is repeated above every stretch of a passage's length.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

SEPARATOR = " | "
LONGEST_LABEL = 60  # characters; a longer head is a text of its own
STRETCH = 70  # words of rows below one head; a passage holds 96
MOST_SPAN = 100  # columns; a cell that claims to span more is a slip, or means all
MOST_COLUMNS = 256  # spans end there
MOST_COVERED = 200_000  # places of one table that spans may fill


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as its format has it; ``head`` says that the format calls it one, ``across`` and ``down`` what it spans."""

    text: str
    head: bool = False
    across: int = 1
    down: int = 1


def table_blocks(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The table as blocks of lines, one row a line, each block with the head that its rows need."""
    grid = [row for row in _filled(rows) if any(cell and cell.text for cell in row)]
    if not grid:
        return []
    wide = max(map(len, grid))
    grid = [[*row, *[None] * (wide - len(row))] for row in grid]
    heads = _head_rows(grid)
    labels = _labels(grid[:heads])
    body = grid[heads:]
    named = sum(map(bool, labels)) > 1 and all(len(label) <= LONGEST_LABEL for label in labels)
    if body and wide > 2 and named:
        return ["\n".join(_labelled(row, labels) for row in body)]
    lines = [_plain(row) for row in grid]
    top = heads or int(len(grid) > 2 and all(cell and cell.text for cell in grid[0]))
    return _stretches(lines[:top], lines[top:])


def _filled(rows: Sequence[Sequence[Cell]]) -> list[list[Cell | None]]:
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


def _head_rows(grid: Sequence[Sequence[Cell | None]]) -> int:
    """How many rows at the top are heads: by the format's own word, else by what they hold."""
    count = 0
    while count < len(grid) and all(
        cell is None or cell.head or not cell.text for cell in grid[count]
    ):
        count += 1
    if count:
        return count if count < len(grid) else 0
    return int(_looks_like_head(grid))


def _looks_like_head(grid: Sequence[Sequence[Cell | None]]) -> bool:
    """A first row of short words, no two alike, above columns of which one holds figures and the head has none."""
    texts = [[cell.text if cell else "" for cell in row] for row in grid]
    first, rest = texts[0], texts[1:]
    if len(rest) < 2 or len(set(first)) < len(first):
        return False
    if not all(re.search(r"[^\W\d_]", text) and len(text) <= LONGEST_LABEL for text in first):
        return False
    for at, text in enumerate(first):
        column = [row[at] for row in rest if at < len(row) and row[at]]
        figures = sum(any(map(str.isdigit, value)) for value in column)
        if not any(map(str.isdigit, text)) and len(column) > 1 and figures >= 0.6 * len(column):
            return True
    return False


def _labels(heads: Sequence[Sequence[Cell | None]]) -> list[str]:
    """The head of each column: its cells from above to below, one that spans rows once."""
    if not heads:
        return []
    columns = zip(*heads, strict=True)
    return [
        ", ".join(dict.fromkeys(cell.text.rstrip(": ") for cell in column if cell and cell.text))
        for column in columns
    ]


def _labelled(row: Sequence[Cell | None], labels: Sequence[str]) -> str:
    """A row with its heads. A cell that spans columns has all of theirs; one that spans the table is a line of its own."""
    parts: list[str] = []
    at = 0
    while at < len(row):
        cell, end = row[at], at + 1
        while end < len(row) and row[end] is cell and cell is not None:
            end += 1
        if cell is not None and cell.text:
            named = " / ".join(dict.fromkeys(filter(None, labels[at:end])))
            whole = at == 0 and end == len(row)
            parts.append(cell.text if whole or not named else f"{named}: {cell.text}")
        at = end
    return SEPARATOR.join(parts)


def _plain(row: Sequence[Cell | None]) -> str:
    """The cells of a row; one that spans columns stands once. An empty cell in the middle keeps its place."""
    texts = [
        cell.text if cell else ""
        for at, cell in enumerate(row)
        if at == 0 or cell is None or row[at - 1] is not cell
    ]
    while texts and not texts[-1]:
        texts.pop()
    return SEPARATOR.join(texts[1:] if texts and not texts[0] else texts)


def _stretches(head: Sequence[str], lines: Sequence[str]) -> list[str]:
    """The lines in blocks that fit a passage, each below the head."""
    blocks: list[list[str]] = [[*head]]
    size = 0
    for line in lines:
        words = len(line.split())
        if head and size and size + words > STRETCH:
            blocks.append([*head])
            size = 0
        blocks[-1].append(line)
        size += words
    return ["\n".join(block) for block in blocks if block]
