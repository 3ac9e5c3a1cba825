"""Read Excel files: one page per sheet, its rows as tables like those of every other format.

Values are written as the sheet shows them. Hidden sheets, columns and rows are left out and counted.
A head is what the sheet calls one or shows as one (bold above rows that are not); else tables.py judges.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from knowledge.errors import NoText
from knowledge.parsing.content.grids.cells import Cell
from knowledge.parsing.content.left_out import left_out_warnings
from knowledge.parsing.content.tables import sheet_blocks
from knowledge.parsing.document_builder import DocumentBuilder, flow_document
from knowledge.parsing.office.number_formats import shown_number, shown_time, stored
from knowledge.parsing.office.sheets.date_formats import shown_moment
from knowledge.parsing.office.sheets.sheet_marks import SheetMarks, sheet_marks
from knowledge.parsing.office.sheets.sheet_texts import correct_strings, drawn_texts, shows_nothing
from knowledge.parsing.titles import sensible_title, shown_name, title_from_name
from knowledge.types import Document

MOST_COLUMNS = 256
_SENTENCES = {
    "sheet": "{} hidden sheet{} {} left out.",
    "column": "{} hidden column{} {} left out.",
    "row": "{} hidden row{} {} left out.",
    "wide": "{} column{} after the first 256 {} left out.",
    "struck": "{0} struck-out cell{1} or piece{1} of one {2} left out.",
    "unseen": "{} cell{} that nobody sees (white, or with a format that shows nothing) {} left out.",
    "comment": "{} comment{} on cells {} not read.",
    "formula": "{} formula{} without a stored value {} left out: open the file in its own program, save it and add it again.",
    "chart": "{} sheet{} with nothing but a chart {} not read.",
}


def read_sheets(path: Path, file_name: str, title: str) -> Document:
    """The manual in an XLSX file. ``title`` is the one in its properties, or ""."""
    from openpyxl import load_workbook

    with path.open("rb") as file:  # a path would be judged by its ending
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        return _document(book, file_name, title)


def _document(book: Any, file_name: str, title: str) -> Document:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    left_out: Counter[str] = Counter(
        sheet=len(book.worksheets) - len(visible), chart=len(book.chartsheets)
    )
    styled = any(font.strike or _is_white(font.color) for font in book._fonts)
    if visible:
        correct_strings(book._archive, visible[0]._shared_strings, left_out)
    flows = []
    for number, sheet in enumerate(visible, 1):
        flow = DocumentBuilder(number, sheet.title)
        flow.heading(1, sheet.title)
        marks = sheet_marks(book._archive, sheet._worksheet_path)
        sheet.reset_dimensions()  # the declared size may be a lie
        left_out["formula"] += marks.uncached
        left_out += marks.struck
        _Sheet(marks, flow, left_out, styled).write(sheet)
        for text, is_title in drawn_texts(book._archive, sheet._worksheet_path, left_out):
            flow.add("caption" if is_title else "text", text)
        flows.append(flow)
    warnings = left_out_warnings(_SENTENCES, left_out)
    if not any(block.kind != "heading" for flow in flows for block in flow.page().blocks):
        why = warnings[0][0].lower() + warnings[0][1:-1] if warnings else "its sheets are empty"
        raise NoText(f"{shown_name(file_name)} has no text: {why}.")
    return flow_document(
        "xlsx", sensible_title(title) or title_from_name(file_name), flows, warnings
    )


@dataclass(slots=True)
class _Span:
    """A cell that covers columns ``left`` to ``right`` and rows ``top`` to ``bottom``, from 1; ``seen`` once it has been written."""

    top: int
    left: int
    right: int
    bottom: int
    cell: Cell
    seen: bool = False


class _Sheet:
    """Writes the tables of one sheet into a flow."""

    def __init__(
        self, marks: SheetMarks, flow: DocumentBuilder, left_out: Counter[str], styled: bool
    ) -> None:
        self._marks, self._flow, self._left_out, self._styled = marks, flow, left_out, styled
        self._spans = deque(marks.spans)
        self._open: list[_Span] = []  # those that cover the row being read

    def write(self, sheet: Any) -> None:
        for kind, text in sheet_blocks(self._parts(sheet)):
            self._flow.add(kind, text)

    def _parts(self, sheet: Any) -> Iterator[list[list[Cell | None]]]:
        """The rows that are seen, parted above what the sheet calls a head, and at blank rows but those within what the
        sheet calls a table.
        """
        wide = 0
        hidden: set[int] = set()
        part: list[list[Cell | None]] = []
        for number, cells in enumerate(sheet.iter_rows(), 1):
            full = [at for at, cell in enumerate(cells) if cell.value is not None]
            wide = max(wide, full[-1] + 1 if full else 0)
            seen = number not in self._marks.rows
            self._left_out["row"] += bool(full) and not seen
            hidden |= {at for at in full if seen and at + 1 in self._marks.columns}
            row = self._row(number, cells[:MOST_COLUMNS], seen)
            blank = row is None and seen and not self._open and not self._marks.is_inside(number)
            if part and (blank or number in self._marks.heads):
                yield part
                part = []
            if row is not None:
                part.append(row)
        if part:
            yield part
        self._left_out["column"] += len(hidden)
        self._left_out["wide"] += max(0, wide - MOST_COLUMNS)

    def _row(self, number: int, cells: Sequence[Any], seen: bool) -> list[Cell | None] | None:
        """The cells that are seen, one that spans at each place it covers; None where a row has none of its own."""
        self._open = [span for span in self._open if span.bottom >= number]
        while self._spans and self._spans[0][0] <= number:
            top, left, bottom, right = self._spans.popleft()
            if bottom >= number and left <= len(cells):
                cell = self._cell(top, left, self._shown(cells[left - 1]), cells[left - 1])
                cell = replace(cell, parts=_lines(cells[left - 1], cell.text))
                self._open.append(_Span(top, left, min(right, MOST_COLUMNS), bottom, cell))
        if not seen:
            return None
        covering = {at: span for span in self._open for at in range(span.left, span.right + 1)}
        made: list[Cell | None] = []
        own = 0
        for at in range(1, max([len(cells), *covering]) + 1):
            if at in self._marks.columns:
                continue
            span = covering.get(at)
            value = (
                "" if span and (number, at) == (span.top, span.left) else self._shown_at(cells, at)
            )
            if span and not value:
                new = bool(span.cell.text) and not span.seen
                made.append(span.cell)
                span.seen = span.seen or new
            else:
                new = bool(value)
                made.append(self._cell(number, at, value, cells[at - 1]) if value else None)
            own += new
        return made if own else None

    def _cell(self, row: int, column: int, text: str, cell: Any) -> Cell:
        font = getattr(cell, "font", None)  # a blank one has none
        bold = bool(font is not None and font.bold)
        return Cell(text, self._marks.is_head(row, column), bold=bold)

    def _is_on_white(self, cell: Any) -> bool:
        """Has a cell no colour of its own, nor that of a table?"""
        return cell.fill.fill_type is None and not self._marks.is_inside(cell.row)

    def _shown_at(self, cells: Sequence[Any], at: int) -> str:
        return self._shown(cells[at - 1]) if at <= len(cells) else ""

    def _shown(self, cell: Any) -> str:
        if cell is None or cell.value is None:
            return ""
        value = cell.value
        if self._styled and cell.font is not None:
            if cell.font.strike:
                self._left_out["struck"] += 1
                return ""
            if _is_white(cell.font.color) and self._is_on_white(cell):
                self._left_out["unseen"] += 1
                return ""
        if shows_nothing(cell.number_format or ""):
            self._left_out["unseen"] += 1
            return ""
        if (rich := self._marks.rich.get((cell.row, cell.column))) is not None:
            return _shown(rich)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int | float):
            return shown_number(value, cell.number_format or "")
        if isinstance(value, datetime.timedelta):
            return shown_time(value, cell.number_format or "")
        if isinstance(value, datetime.date | datetime.time):
            return shown_moment(value, cell.number_format or "")
        return _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return stored(value)
    return " ".join(re.sub(r"[\x00-\x1f]", " ", str(value)).split())


def _lines(cell: Any, text: str) -> tuple[str, ...]:
    """The lines of a cell as they are shown, where it has several."""
    lines = [" ".join(line.split()) for line in str(cell.value).split("\n")]
    full = tuple(filter(None, lines))
    return full if len(full) > 1 and " ".join(full) == text else ()


def _is_white(colour: Any) -> bool:
    """Is a colour told as white? Those of a theme may be any."""
    return colour is not None and colour.type == "rgb" and str(colour.rgb)[-6:].upper() == "FFFFFF"
