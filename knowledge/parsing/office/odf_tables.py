"""The tables of OpenDocument files: which cell stands at which place, without hidden rows and columns. Takes their XML.

In OpenDocument a cell that spans others stands at its first place, and a covered cell at each of the rest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from knowledge.parsing.content.tables import Cell, sheet_blocks
from knowledge.parsing.document_builder import DocumentBuilder
from knowledge.parsing.office.odf_styles import name_of, times_of, values_of

MOST_COLUMNS = 256
MOST_REPEATED = 200  # copies of a row that says something; empty ones fill a sheet to its end
MOST_CELLS = 500_000  # of one file
MOST_DIGITS = 30  # before or behind the point of a percentage
_UNSEEN = ("collapse", "filter")
Row = list[Cell | None]


@dataclass(slots=True)
class _Span:
    cell: Cell
    left: int  # rows that it still covers
    seen: bool = False  # has been written


@dataclass(slots=True)
class CellCount:
    """How many cells a file may still have."""

    left: int = MOST_CELLS


@dataclass(slots=True)
class OdfTable:
    """One table: ``words`` gives the text of a cell (with the style that its row or column names), ``says`` whether a text
    says something. What is left out is counted in ``left_out``.
    """

    words: Callable[[Any, str], str]
    says: Callable[[str], bool]
    left_out: Counter[str]
    cells: CellCount
    _spans: dict[int, _Span] = field(default_factory=dict)
    _hidden: set[int] = field(default_factory=set)
    _styles: dict[int, str] = field(default_factory=dict)
    _lost: set[int] = field(default_factory=set)  # hidden columns that say something
    _wide: set[int] = field(default_factory=set)  # columns after the last that is read
    is_covered: bool = (
        False  # does a cell that says something reach into the row that was read last?
    )

    def rows(self, table: Any) -> Iterator[Row | None]:
        """The rows that are seen, a cell that spans at each place it covers; None for one that says nothing of its own."""
        self._columns(table)
        for row, head in _rows(table):
            times = times_of(row, "number-rows-repeated")
            seen = values_of(row).get("visibility") not in _UNSEEN
            if self.cells.left <= 0:
                self.left_out["many"] += times * any(self.says(self.words(c, "")) for c in row)
                continue
            made, own = self._row(row, head, seen)
            fixed = {id(span.cell) for span in self._spans.values()}
            self.is_covered = any(self.says(span.cell.text) for span in self._spans.values())
            self._go_down(times)
            if not seen:
                self.left_out["lines"] += times * own
            elif not own:
                yield None
            else:
                copies = min(times, MOST_REPEATED)
                self.left_out["repeated"] += times - copies
                for _ in range(copies):
                    self.cells.left -= len(made)
                    yield made
                    made = [
                        cell if cell is None or id(cell) in fixed else Cell(cell.text, cell.head)
                        for cell in made
                    ]
        self.left_out["lines"] += len(self._lost)
        self.left_out["wide"] += len(self._wide)

    def _columns(self, table: Any) -> None:
        at = 0
        for column in _within(table, "table-column"):
            own, times = values_of(column), times_of(column, "number-columns-repeated")
            places = range(at, min(at + times, MOST_COLUMNS))
            if own.get("visibility") in _UNSEEN:
                self._hidden.update(places)
            self._styles |= dict.fromkeys(places, own.get("default-cell-style-name", ""))
            at += times

    def _row(self, row: Any, head: bool, seen: bool) -> tuple[Row, bool]:
        """The cells of a row at their places, and whether it says something that no row above it says."""
        default = values_of(row).get("default-cell-style-name", "")
        told = [e for e in row if name_of(e) in ("table-cell", "covered-table-cell")]
        covers = any(name_of(e) == "covered-table-cell" for e in told)
        own: dict[int, Cell] = {}
        begun: dict[int, _Span] = {}
        at = 0
        for element in told:
            while not covers and (at in self._spans or at in begun):
                at += 1  # a program that leaves covered cells out means what HTML means
            times = times_of(element, "number-columns-repeated")
            text = self.words(element, default or self._styles.get(at, ""))
            if name_of(element) == "covered-table-cell":
                self.left_out["covered"] += seen and self.says(text)
            elif self.says(text) or times == 1:
                self._put(element, Cell(text, head), range(at, at + times), own, begun)
            at += times
        self._spans |= begun
        width = max([*own, *self._spans], default=-1) + 1
        made: Row = []
        new = False
        for place in range(width):
            span, cell = self._spans.get(place), own.get(place)
            if place in self._hidden:
                self._lost |= {place} if seen and cell and self.says(cell.text) else set()
                continue
            if span and (cell is None or not self.says(cell.text)):
                cell = span.cell
                new = new or (self.says(cell.text) and not span.seen)
                span.seen = span.seen or seen
            else:
                new = new or (cell is not None and self.says(cell.text))
            made.append(cell)
        while made and (made[-1] is None or not self.says(made[-1].text)):
            made.pop()
        if not seen:
            new = any(self.says(cell.text) for cell in own.values())
        return made, new

    def _put(
        self,
        element: Any,
        cell: Cell,
        places: range,
        own: dict[int, Cell],
        begun: dict[int, _Span],
    ) -> None:
        across = times_of(element, "number-columns-spanned")
        down = times_of(element, "number-rows-spanned")
        if self.says(cell.text):
            self._wide.update(range(max(places.start, MOST_COLUMNS), min(places.stop, 20_000)))
        if len(places) == 1 and (across > 1 or down > 1):
            span = _Span(cell, down)
            for place in range(places.start, min(places.start + across, MOST_COLUMNS)):
                begun[place] = span
            return
        for place in range(places.start, min(places.stop, MOST_COLUMNS)):
            own[place] = Cell(
                cell.text, cell.head
            )  # each its own: one cell at several places is merged

    def _go_down(self, times: int) -> None:
        for span in {id(span): span for span in self._spans.values()}.values():
            span.left -= times
        self._spans = {at: span for at, span in self._spans.items() if span.left > 0}


def _within(element: Any, name: str) -> Iterator[Any]:
    """The columns of a table itself, not of one inside it."""
    for child in element:
        if name_of(child) == name:
            yield child
        elif name_of(child) in ("table-column-group", "table-header-columns", "table-columns"):
            yield from _within(child, name)


def _rows(table: Any, head: bool = False) -> Iterator[tuple[Any, bool]]:
    """The rows of a table, and whether each is a head."""
    for element in table:
        name = name_of(element)
        if name == "table-row":
            yield element, head
        elif name in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(element, head or name == "table-header-rows")


def as_html(grid: Sequence[Row]) -> str:
    """Rows whose cells hold HTML as a table in which each cell spans the places that it is seen at."""
    done: set[tuple[int, int]] = set()
    lines = []
    for top, row in enumerate(grid):
        cells = []
        for left, cell in enumerate(row):
            if (top, left) in done:
                continue
            if cell is None:
                cells.append("<td></td>")
                continue
            right, bottom = left + 1, top + 1
            while right < len(row) and row[right] is cell and (top, right) not in done:
                right += 1
            while bottom < len(grid) and _is_all(grid[bottom][left:right], cell, right - left):
                bottom += 1
            done |= {(r, c) for r in range(top, bottom) for c in range(left, right)}
            tag = "th" if cell.head else "td"
            cells.append(
                f'<{tag} colspan="{right - left}" rowspan="{bottom - top}">{cell.text}</{tag}>'
            )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(lines)}</table>"


def _is_all(cells: Row, cell: Cell, wide: int) -> bool:
    return len(cells) == wide and all(one is cell for one in cells)


def write_sheet(table: OdfTable, sheet: Any, flow: DocumentBuilder) -> None:
    """Write a sheet's tables, which blank rows part, into a flow; one that goes on below a blank row is one table."""
    part: list[Row] = []
    parts: list[list[Row]] = []
    for row in table.rows(sheet):
        if row is not None:
            part.append(row)
        elif part and not table.is_covered:
            parts.append(part)
            part = []
    for kind, text in sheet_blocks(filter(None, (*parts, part))):
        flow.add(kind, text)


def stored_value(cell: Any) -> str:
    """The value of a cell that has one but no text, as some programs write them; "" where it has none."""
    own = values_of(cell)
    kind, value = own.get("value-type", ""), own.get("value", "")
    if kind == "percentage":
        try:
            number = Decimal(value)
        except InvalidOperation:
            return value
        small = number.is_finite() and abs(number.adjusted()) < MOST_DIGITS
        return f"{number.scaleb(2).normalize():f}%" if small else value
    if kind == "currency":
        return " ".join(filter(None, (value, own.get("currency", ""))))
    if kind == "boolean":
        said = own.get("boolean-value", "")
        return {"true": "yes", "false": "no"}.get(said, said)
    if kind == "date":
        return re.sub(r"T00:00(?::00(?:\.0+)?)?$", "", own.get("date-value", "")).replace("T", " ")
    if kind == "time":
        told = own.get("time-value", "")
        time = re.fullmatch(r"PT(\d+)H(\d+)M(\d+)(?:[.,]0*)?S", told)
        return f"{int(time[1])}:{time[2]:0>2}:{time[3]:0>2}" if time else told
    return value or own.get("string-value", "")
