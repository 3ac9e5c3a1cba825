"""Write a table as lines of text in which every row says what its values are. Knows no format.

A row of three or more columns carries its heads ("Screw: M6 | Torque (Nm), dry: 10 | Tool: Key A"), so that a row that
is quoted, or found in the middle of a long table, explains itself; so does a name with a bare figure, whose unit is in
the head. Where the heads are not sure, or a row has but a name and a value that says its unit, cells stay as they are ("M6 | 9 Nm"), and the first row is repeated above every stretch of a passage's length.
A missed head costs little, a row of data taken for a head is lost: what is not sure is no head.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.types import BlockKind

SEPARATOR = " | "
LONGEST_LABEL = 60  # characters; a longer head is a text of its own
STRETCH = 70  # words of rows below one head; a passage holds 96
MOST_SPAN = 100  # columns; a cell that claims to span more is a slip, or means all
MOST_COLUMNS = 256  # spans end there
MOST_COVERED = 200_000  # places of one table that spans may fill
LONGEST_ROW = 2000  # characters; a longer row is cut into sentences like other text
_BAR = re.compile(r"(?:^|\s+)\|(?:\s+|$)")
# A figure, or a code: "3 years", "-5", "< 7", "€ 9", "E-12", "KX20"
_FIGURE = re.compile(r"[^\w(]{0,3}[A-Z]{0,4}[-. ]?\d")

Grid = Sequence[Sequence["Cell | None"]]  # a cell stands at every place that it covers


_LABELLED = re.compile(r"(?P<head>[^:|$<>\"']{1,80}): (?P<value>.*\S)", re.S)


def labelled_cells(row: str) -> list[tuple[str, str]]:
    """The (head, value) of each cell of a row that brings its heads along ("Bolt: M6 | Torque (Nm): 9"); [] for another text.

    "ls | more" is a command and no row.
    """
    found = [_LABELLED.fullmatch(cell) for cell in row.split(SEPARATOR)]
    cells = [(cell["head"], cell["value"]) for cell in found if cell]
    return cells if 1 < len(cells) == len(found) else []


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as its format has it; ``head`` says that the format calls it one, ``across`` and ``down`` what it spans."""

    text: str
    head: bool = False
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class TableOrder:
    """How many rows at the top are titles, and how many below them heads; whether the heads name what each row says, and
    how many rows stand above every stretch where they do not.
    """

    titles: int
    heads: int
    named: bool
    top: int


def table_blocks(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The table as blocks of lines, one row a line, each block with the head that its rows need."""
    return grid_blocks(_filled(rows))


def grid_blocks(places: Grid) -> list[str]:
    """``table_blocks`` of rows in which a cell that spans stands, as the same object, at each place that it covers."""
    full = [row for row in places if any(cell and cell.text for cell in row)]
    if not full:
        return []
    grid = _even(full)
    order = order_of(grid)
    above, grid = [_plain(row) for row in grid[: order.titles]], grid[order.titles :]
    if order.named:
        labels = _labels(grid[: order.heads])
        rows = [_labelled(row, labels) for row in grid[order.heads :]]
        return [*above, *_stretches([], rows)]
    lines = [_plain(row) for row in grid]
    return [*above, *_stretches(lines[: order.top], lines[order.top :])]


def order_of(grid: Grid) -> TableOrder:
    """What the rows of a table are; each has words and all have as many places."""
    titles = 0
    while titles < len(grid) - 1 and _is_title(grid[titles]):
        titles += 1
    grid = grid[titles:]
    wide, heads = len(grid[0]), _head_rows(grid)
    labels, body = _labels(grid[:heads]), grid[heads:]
    named = sum(map(bool, labels)) > 1 and all(len(label) <= LONGEST_LABEL for label in labels)
    named = named and bool(body) and (wide > 2 or (_is_sure(grid[0], labels) and _bare(body)))
    top = heads or int(len(grid) > 2 and all(cell and cell.text for cell in grid[0]))
    return TableOrder(titles, heads, named, top)


def _even(places: Grid) -> list[list[Cell | None]]:
    """The rows, all as long as the longest."""
    wide = max(map(len, places))
    return [[*row, *[None] * (wide - len(row))] for row in places]


def _is_sure(head: Sequence[Cell | None], labels: Sequence[str]) -> bool:
    """Is the head of two columns one by the format's word or by a unit? "Type | radial" above figures may be data."""
    return all(cell is None or cell.head for cell in head) or bool(
        re.search(r"[(\[][^()\[\]]{1,12}[)\]]$", labels[-1])
    )


def _bare(body: Grid) -> bool:
    """Are the values of names mostly figures, which say nothing without their head and its unit?"""
    values = [row[1].text for row in body if row[1] and row[1].text]
    bare = sum(not re.search(r"[^\W\d_]", value) for value in values)
    return bare > len(values) / 2


def block_kind(block: str) -> BlockKind:
    """The kind of a block of ``table_blocks``: a title and a row as long as a page are text."""
    return (
        "table" if SEPARATOR in block and len(block.partition("\n")[0]) <= LONGEST_ROW else "text"
    )


def has_head(places: Grid) -> bool:
    """Has a table a head of its own, or is its first row data? Titles above it are not asked about."""
    return bool(places) and _head_rows(_even(places)) > 0


def alike(places: Grid, others: Grid) -> bool:
    """Do rows go on with the columns of a table: figures below figures, and as many?"""
    above, below = _figure_columns(places[1:]), _figure_columns(others)
    return bool(above) and above == below


def _figure_columns(places: Grid) -> set[int]:
    wide = max(map(len, places), default=0)
    columns = ([row[at] for row in places if at < len(row)] for at in range(wide))
    texts = [[cell.text for cell in column if cell and cell.text] for column in columns]
    return {at for at, column in enumerate(texts) if column and all(map(_FIGURE.match, column))}


def _is_title(row: Sequence[Cell | None]) -> bool:
    """A row with nothing but one cell in its first column stands above a table, and heads no column."""
    first = row[0]
    if len(row) < 2 or first is None or first.head or not first.text:
        return False
    return all(cell is None or cell is first or not cell.text for cell in row)


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


def _head_rows(grid: Grid) -> int:
    """How many rows at the top are heads: by the format's own word, else by what they hold."""
    count = 0
    while count < len(grid) and all(
        cell is None or cell.head or not cell.text for cell in grid[count]
    ):
        count += 1
    if count == len(grid):
        return 0
    below = count or 1
    while below < len(grid) - 1 and _is_second_head(grid[below - 1], grid[below]):
        below += 1
    return below if count or _looks_like_head(grid[0], grid[below:]) else 0


def _is_second_head(above: Sequence[Cell | None], row: Sequence[Cell | None]) -> bool:
    """Does a row name the columns that heads above it span, and nothing else?"""
    own = [at for at, cell in enumerate(row) if cell and cell.text and cell is not above[at]]
    spanned = {
        at
        for at, cell in enumerate(above)
        if cell
        and cell.text
        and any(cell is other for other in (*above[:at][-1:], *above[at + 1 : at + 2]))
    }
    if not own or not spanned.issuperset(own):
        return False
    sure = any(cell and cell.text and cell is above[at] for at, cell in enumerate(row))
    texts = [cell.text for at in own if (cell := row[at])]
    if not sure and any(map(_FIGURE.match, texts)):
        return False
    return all(re.search(r"[^\W\d_]", text) for text in texts)


def _looks_like_head(first: Sequence[Cell | None], rest: Grid) -> bool:
    """A first row of short words, no two alike, above columns of which one holds two figures and the head none."""
    cells = [
        cell
        for at, cell in enumerate(first)
        if at == 0 or cell is None or cell is not first[at - 1]
    ]
    texts = [cell.text if cell else "" for cell in cells]
    if len(set(texts)) < len(texts):
        return False
    if not all(re.search(r"[^\W\d_]", text) and len(text) <= LONGEST_LABEL for text in texts):
        return False
    rest = [row for row in rest if not _is_title(row)]
    for at, head in enumerate(first):
        column = [cell.text for row in rest if at < len(row) and (cell := row[at]) and cell.text]
        figures = sum(bool(_FIGURE.match(value)) for value in column)
        plain = head and not any(map(str.isdigit, head.text))
        if plain and len(column) > 1 and figures >= 0.6 * len(column):
            return True
    return False


def _labels(heads: Sequence[Sequence[Cell | None]]) -> list[str]:
    """The head of each column: its cells from above to below, one that spans rows once."""
    if not heads:
        return []
    columns = zip(*heads, strict=True)
    return [
        ", ".join(
            dict.fromkeys(
                _kept_whole(cell.text).rstrip(": ") for cell in column if cell and cell.text
            )
        )
        for column in columns
    ]


def _labelled(row: Sequence[Cell | None], labels: Sequence[str]) -> str:
    """A row with its heads. A cell that spans columns has all of theirs; the only one of a row, a line across, has none."""
    if _is_title(row):
        return _plain(row)
    parts: list[str] = []
    at = 0
    while at < len(row):
        cell, end = row[at], at + 1
        while end < len(row) and row[end] is cell and cell is not None:
            end += 1
        if cell is not None and cell.text:
            named = " / ".join(dict.fromkeys(filter(None, labels[at:end])))
            whole = at == 0 and end == len(row)
            text = _kept_whole(cell.text)
            parts.append(text if whole or not named else f"{named}: {text}")
        at = end
    return SEPARATOR.join(parts)


def _plain(row: Sequence[Cell | None]) -> str:
    """The cells of a row; one that spans columns stands once. An empty cell in the middle keeps its place."""
    texts = [
        _kept_whole(cell.text) if cell else ""
        for at, cell in enumerate(row)
        if at == 0 or cell is None or row[at - 1] is not cell
    ]
    while texts and not texts[-1]:
        texts.pop()
    return SEPARATOR.join(texts[1:] if texts and not texts[0] else texts)


def _kept_whole(text: str) -> str:
    """A cell that does not read as two: a bar in it stands without the blanks that part cells."""
    return _BAR.sub("|", text) if "|" in text else text


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
