"""Find tables, in ruling lines and without, of whose cells PDFium has made lines. What is not surely one stays what it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from knowledge.parsing.content.grids.aligned_grid import aligned_grids
from knowledge.parsing.content.grids.cells import Cell, Row, filled
from knowledge.parsing.content.grids.continued import (
    MOST_STRETCHES,
    OpenTable,
    continued_grid,
    cut_row,
    in_same_columns,
    last_row,
)
from knowledge.parsing.content.grids.parted_grid import parted_grid
from knowledge.parsing.content.grids.ruled_grid import (
    GridWord,
    RuledGrid,
    begin_of,
    in_cells,
)
from knowledge.parsing.content.grids.side_by_side import without_records
from knowledge.parsing.content.grids.stretches import stretches_on
from knowledge.parsing.content.tables import STRETCH, TablePart, table_parts
from knowledge.parsing.pdf.headings import has_leaders
from knowledge.parsing.pdf.hyphens import KEPT_HYPHEN
from knowledge.parsing.pdf.layout.rules import PlacesOnPage, grids_on
from knowledge.parsing.pdf.lines import Line, PageLines, find_neighbours

FEWEST_ROWS = 3  # of a table in rules with text in two cells
LOW = 0.3  # of a page's height, within which a table ends that may go on on the next page
EDGE = 0.12  # of a page's height, where boxes hold a running head or foot
LONGEST = 600  # characters of a row; a longer one is text in boxes
_RUN = re.compile(r"\S+")
Span = tuple[int, int]
Piece = Span | str


@dataclass(slots=True)
class _Held:
    """A cell while it is filled: its stretches of text, each on a line of its own."""

    spans: list[list[int]] = field(default_factory=list)
    feet: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _PageCell(Cell):
    """A cell as it stands on the page: what its text is made of, and the line that this begins on."""

    pieces: tuple[Piece, ...] = ()
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row as it is written: stretches of PDFium's text and what stands between them; and the line its own text begins on."""

    pieces: tuple[Piece, ...]
    line: Line
    right: float  # edge of the row


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table: PDFium's text [start:end], in its rows; ``parts`` are as long as passages. ``left`` is what it leaves open;
    ``again`` says that it goes on with what the page before does.
    """

    start: int
    end: int
    parts: tuple[tuple[TableRow, ...], ...]
    left: OpenTable
    again: bool


def tables_on(
    page: Any, lines: Sequence[Line], into: PageLines, measure: PlacesOnPage, aligned: bool = True
) -> list[RuledTable]:
    """The tables on a page: those in rules, and if ``aligned`` those without. ``lines`` are level and in text order."""
    found, ruled = list[RuledTable](), list[RuledGrid]()
    grids, lined = grids_on(page, lines, measure, into.carried)
    for ruled_grid in grids:
        carried = None if found else into.carried
        inside = [one for one in lines if ruled_grid.ys[-1] < one.y < ruled_grid.ys[0]]
        texts = stretches_on(inside, measure.edges, fewest=1) if aligned else []
        grid = parted_grid(ruled_grid, texts, carried)
        table = _table_in(grid, lines, into, measure, carried=carried)
        _add(table, found)
        if table or len(grid.cells) >= FEWEST_ROWS:
            ruled.append(grid)
    for lined_grid in lined if aligned else []:
        inside = [one for one in lines if lined_grid.ys[-1] < one.y < lined_grid.ys[0]]
        grid = parted_grid(lined_grid, stretches_on(inside, measure.edges, fewest=1))
        table = None if grid is lined_grid else _table_in(grid, lines, into, measure)
        _add(table, found)
        ruled += [grid] if table else []
    free = [one for one in lines if not any(g.ys[-1] < one.y < g.ys[0] for g in ruled)]
    plain = [line for line in free if not (line.mono or has_leaders(line.text))]
    if aligned and into.carried and into.carried.head.labels and not any(x.again for x in found):
        texts = stretches_on(plain, measure.edges, fewest=1)
        if grid_below := continued_grid(texts, into.carried):
            table = _table_in(grid_below, free, into, measure, carried=into.carried, below=True)
            _add(table if table and table.again else None, found)
    if aligned:
        texts = stretches_on(plain, measure.edges)
        for grid in without_records(aligned_grids(texts), texts):
            _add(_table_in(grid, free, into, measure), found)
    into.went_on = next((table.left.top for table in found if table.again), None)
    last = min((table.left for table in found), key=lambda one: one.bottom, default=None)
    into.left_open = last if last and last.bottom < LOW * into.height else None
    return sorted(found, key=lambda table: table.start)


def _add(table: RuledTable | None, found: list[RuledTable]) -> None:
    if table and not any(table.start < x.end and x.start < table.end for x in found):
        found.append(table)


def with_rows(
    into: PageLines, rows: Sequence[tuple[int, int, int, TableRow]], before: Sequence[Line]
) -> list[Line]:
    """The lines of a page with those of table rows as (start, end, part of a table, row). A row may begin with the text of a
    head, but stands where its own text does. All other lines have the gaps that they had ``before``.
    """
    first, last = rows[0][0], max(row[1] for row in rows)
    spans = [(start, end) for start, end, _, _ in rows]
    old = {line.text: line for line in before}
    made = [
        replace(
            row.line, start=start, end=end, text=into.raw[start:end], table=part, right=row.right,
            cells=1, wide=[], hyphen=False, lead_in=False, keys=None,
        )
        for start, end, part, row in rows
    ]  # fmt: skip
    others = []
    for line in into.lines:
        if first <= line.start < last and any(a <= line.start < b for a, b in spans):
            continue
        if known := old.get(line.text):
            line.cells, line.wide, line.small = known.cells, known.wide, known.small
        others.append(line)
    lines = sorted([*others, *made], key=lambda line: line.start)
    for line in lines:
        line.row = False
    find_neighbours(lines)
    return lines


def _table_in(
    grid: RuledGrid,
    lines: Sequence[Line],
    into: PageLines,
    page: PlacesOnPage,
    *,
    carried: OpenTable | None = None,
    below: bool = False,
) -> RuledTable | None:
    """The table in a grid, whose text is its alone and in one piece; the boxes of a running head or foot are none.

    What is ``carried`` from the page before heads its rows where that fits; those that stand ``below`` it, in its columns, may
    be few and at the edge of the page.
    """
    raw, left, right, top, bottom = into.raw, grid.xs[0], grid.xs[-1], grid.ys[0], grid.ys[-1]
    if not below and (top < EDGE * into.height or bottom > (1 - EDGE) * into.height):
        return None
    own = [
        line
        for line in lines
        if bottom - 1 < line.y + line.size / 3 < top and line.left < right and left < line.right
    ]
    held = _held_in(grid, own, raw, page) if own else None
    if held is None:
        return None
    cells = _cells(grid, held, own, raw, page)
    sides = _sides(grid, held)
    fits = carried and (below or in_same_columns(sides, carried))
    few = not below and sum(filled(row) > 1 for row in cells) < FEWEST_ROWS
    if not cells or (few and not fits):
        return None
    # At the top of a page a table may go on whose head stands on the page before
    above = sum(top < line.y < (1 - EDGE) * into.height for line in lines)
    head = carried.head if carried and fits else None
    if carried and fits and (at := cut_row(cells, carried)) is not None:
        name = carried.last[0]
        cells[at][0] = _PageCell(name, pieces=(name,))
    parts = table_parts(cells, into.number == 1 or above > 1, head)
    if few and not parts[0].again:
        return None
    made = tuple(made for part in parts for made in _parts(part, raw))
    left_open = OpenTable(parts[-1].head, sides, top, bottom, own[-1].size)
    if bottom < LOW * into.height and left_open.head.labels:
        rows = [y for y, numbers in zip(grid.ys, grid.cells, strict=False) if held.keys() & numbers]
        order, before = parts[-1].order, sum(len(part.rows) for part in parts[:-1])
        high = rows[min(before + order.titles + order.heads, len(rows) - 1)]
        data = stretches_on([line for line in own if line.y < high], page.edges, fewest=1)
        last = last_row(cells[before:], order)
        left_open = replace(left_open, texts=tuple(data[-MOST_STRETCHES:]), last=last)
    return RuledTable(own[0].start, own[-1].end + own[-1].hyphen, made, left_open, parts[0].again)


def _sides(grid: RuledGrid, held: dict[int, _Held]) -> tuple[tuple[float, float], ...]:
    """The sides of the columns of a grid that hold something."""
    full = [at for at in range(len(grid.xs) - 1) if any(row[at] in held for row in grid.cells)]
    return tuple((grid.xs[at], grid.xs[at + 1]) for at in full)


def _held_in(
    grid: RuledGrid, own: Sequence[Line], raw: str, page: PlacesOnPage
) -> dict[int, _Held] | None:
    """The cells that hold the text of lines; None where it cannot be told whose text one is."""
    words = [_words(line, raw, page, grid) for line in own]
    begun = Counter(
        begin_of(grid, word)
        for held_by in words
        for at, word in enumerate(held_by)
        if word.cell is not None and (at == 0 or word.cell != held_by[at - 1].cell)
    )
    held: dict[int, _Held] = {}
    for line, held_by in zip(own, words, strict=True):
        if not _fill(held, in_cells(held_by, line.size, grid, page, begun), page):
            return None
    # The rest of a line, or a line between, that stands elsewhere: whose text it is cannot be told
    taken = sum(_inked(raw[a:b]) for cell in held.values() for a, b in cell.spans)
    if taken != _inked(raw[own[0].start : own[-1].end + own[-1].hyphen]):
        return None
    if any(low - high > own[0].size for cell in held.values() for high, low in pairwise(cell.feet)):
        return None
    return held


def _inked(text: str) -> int:
    return sum(map(len, text.split()))


def _words(line: Line, raw: str, page: PlacesOnPage, grid: RuledGrid) -> list[GridWord]:
    """The words of a line; a line that lies in one cell is taken as one."""
    end, middle, inset = line.end + line.hyphen, line.y + 0.35 * line.size, 0.3 * line.size
    cell = grid.cell(line.left + inset, middle)
    if line.cells == 1 and cell is not None and cell == grid.cell(line.right - inset, middle):
        return [GridWord(line.start, end, line.left, line.right, line.y, cell)]
    words: list[GridWord] = []
    for found in _RUN.finditer(raw, line.start, end):
        first, last = found.start(), found.end() - 1 - found.group().endswith("\ufffe")
        if last < first:
            continue
        left, foot, edge, top = page.box(first)
        other = page.box(last)
        cell = grid.cell((left + edge) / 2, (foot + top) / 2)
        whole = cell == grid.cell((other[0] + other[2]) / 2, (other[1] + other[3]) / 2)
        words.append(GridWord(first, found.end(), left, other[2], foot, cell if whole else None))
    return words


def _fill(held: dict[int, _Held], words: Sequence[GridWord], page: PlacesOnPage) -> bool:
    """Put the words of a line into their cells; False where there are none."""
    now: int | None = None
    for word in words:
        cell = held.setdefault(word.cell or 0, _Held())
        if cell.spans and (word.cell == now or page.joined(cell.spans[-1][1], word.start)):
            cell.spans[-1][1] = word.end
        else:
            cell.spans.append([word.start, word.end])
            cell.feet.append(word.foot)
        now = word.cell
    return bool(words)


def _cells(
    grid: RuledGrid, held: dict[int, _Held], own: Sequence[Line], raw: str, page: PlacesOnPage
) -> list[list[_PageCell]]:
    """The rows and columns of a grid that hold something; none where they make no table."""
    made: dict[int, _PageCell] = {number: _PageCell("") for row in grid.cells for number in row}
    for number, cell in held.items():
        pieces, start = _flow([(a, b) for a, b in cell.spans], raw), cell.spans[0][0]
        line = next(line for line in reversed(own) if line.start <= start)
        text = _text(pieces, raw)
        made[number] = _PageCell(text, bold=page.bold(start), pieces=tuple(pieces), line=line)
    if not all(made[number].text for number in held):  # nothing but a hyphen
        return []
    rows = [numbers for numbers in grid.cells if held.keys() & numbers]
    wide = [at for at in range(len(grid.xs) - 1) if any(row[at] in held for row in rows)]
    if len(wide) < 2:
        return []
    if any(sum(len(made[number].text) for number in {*row}) > LONGEST for row in rows):
        return []
    return [[made[row[at]] for at in wide] for row in rows]


def _flow(stretches: Sequence[Span], raw: str) -> list[Piece]:
    """The lines of a cell one after the other; what a hyphen parts is put together."""
    out: list[Piece] = [*stretches[:1]]
    for (first, last), (start, end) in pairwise(stretches):
        word = f"{raw[first:last]}\r\n{raw[start:end]}"
        if raw[last - 1] != "\ufffe":
            out.append("\xad" if KEPT_HYPHEN.search(word) else " ")
        out.append((start, end))
    return out


def _text(pieces: Sequence[Piece], raw: str) -> str:
    text = "".join(one if isinstance(one, str) else raw[one[0] : one[1]] for one in pieces)
    return " ".join(text.replace("\ufffe", "").replace("\xad", "").split())


def _parts(part: TablePart, raw: str) -> list[tuple[TableRow, ...]]:
    """The rows in parts that fit a passage, each below the rows that head it where their labels do not."""
    rows, order = [_table_row(row, raw) for row in part.rows], part.order
    above = order.titles + (0 if order.named else order.top)
    head, parts = rows[order.titles : above], [rows[:above]]
    size = 0
    for row in rows[above:]:
        words = sum(len(raw[one[0] : one[1]].split()) for one in row.pieces if not isinstance(one, str))  # fmt: skip
        if head and size and size + words > STRETCH:
            parts.append([replace(one, line=row.line) for one in head])
            size = 0
        parts[-1].append(row)
        size += words
    return [*map(tuple, parts)]


def _table_row(row: Row, raw: str) -> TableRow:
    pieces: list[Piece] = []
    lines: list[Line] = []
    for one in row:
        if isinstance(one, str):
            pieces.append(one)
        elif isinstance(one.cell, _PageCell):
            pieces += _label(one.cell.pieces, raw) if one.label else one.cell.pieces
            lines += [one.cell.line] if one.cell.line and not one.label else []
    first, right = min(lines, key=lambda line: line.start), max(line.right for line in lines)
    return TableRow(tuple(pieces), first, right)


def _label(pieces: Sequence[Piece], raw: str) -> list[Piece]:
    """A head without its colon."""
    last = pieces[-1]
    while not isinstance(last, str) and last[1] > last[0] + 1 and raw[last[1] - 1] in ": ":
        last = last[0], last[1] - 1
    return [*pieces[:-1], last]
