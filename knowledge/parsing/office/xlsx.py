"""Read Excel files: one page per sheet, every row as "Header: value; Header: value", so that a row explains itself.

Values are written as the sheet shows them. Hidden sheets, columns and rows are left out and counted.
"""

from __future__ import annotations

import datetime
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from knowledge.errors import NoText
from knowledge.parsing.content.left_out import left_out_warnings
from knowledge.parsing.document_builder import DocumentBuilder, flow_document
from knowledge.parsing.office.number_formats import shown_number, stored
from knowledge.parsing.office.sheet_marks import SheetMarks, sheet_marks
from knowledge.parsing.titles import sensible_title, shown_name, title_from_name
from knowledge.types import Document

MOST_COLUMNS = 256
LONGEST_HEADER = 60  # characters; longer first rows are text
_SENTENCES = {
    "sheet": "{} hidden sheet{} {} left out.",
    "column": "{} hidden column{} {} left out.",
    "row": "{} hidden row{} {} left out.",
    "wide": "{} column{} after the first 256 {} left out.",
    "struck": "{} struck-out cell{} {} left out.",
    "formula": "{} formula{} without a stored value {} left out: open the file in its own program, save it and add it again.",
    "chart": "{} sheet{} with nothing but a chart {} not read.",
}


def read_sheets(path: Path, file_name: str, title: str) -> Document:
    """The manual in an XLSX file. ``title`` is the one in its properties, or ""."""
    absent = sys.modules.setdefault("numpy", None) is None  # type: ignore[arg-type]
    from openpyxl import load_workbook  # it would load numpy for nothing: .2 s

    if absent:
        del sys.modules["numpy"]
    with path.open("rb") as file:  # a path would be judged by its ending
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        return _document(book, file_name, title)


def _document(book: Any, file_name: str, title: str) -> Document:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    left_out: Counter[str] = Counter(
        sheet=len(book.worksheets) - len(visible), chart=len(book.chartsheets)
    )
    struck = any(font.strike for font in book._fonts)
    flows = []
    for number, sheet in enumerate(visible, 1):
        flow = DocumentBuilder(number, sheet.title)
        flow.heading(1, sheet.title)
        marks = sheet_marks(book._archive, sheet._worksheet_path)
        sheet.reset_dimensions()  # the declared size may be a lie
        left_out["formula"] += marks.uncached
        _Sheet(marks, flow, left_out, struck).write(sheet)
        flows.append(flow)
    warnings = left_out_warnings(_SENTENCES, left_out)
    if not any(block.kind != "heading" for flow in flows for block in flow.page().blocks):
        why = warnings[0][0].lower() + warnings[0][1:-1] if warnings else "its sheets are empty"
        raise NoText(f"{shown_name(file_name)} has no text: {why}.")
    return flow_document(
        "xlsx", sensible_title(title) or title_from_name(file_name), flows, warnings
    )


class _Sheet:
    """Writes the rows of one sheet into a flow."""

    def __init__(
        self, marks: SheetMarks, flow: DocumentBuilder, left_out: Counter[str], struck: bool
    ) -> None:
        self._marks, self._flow, self._left_out, self._struck = marks, flow, left_out, struck
        self._headers: list[str] | None = None
        self._above: dict[int, str] = {}  # column -> the value of a cell that spans down

    def write(self, sheet: Any) -> None:
        wide = 0
        columns = self._marks.columns
        hidden: set[int] = set()
        for number, cells in enumerate(sheet.iter_rows(), 1):
            wide = max(
                [
                    wide,
                    *(
                        at + 1
                        for at, cell in enumerate(cells[MOST_COLUMNS:], MOST_COLUMNS)
                        if cell.value is not None
                    ),
                ]
            )
            if number in self._marks.rows:
                self._left_out["row"] += any(cell.value is not None for cell in cells)
                continue
            seen = [
                None if at + 1 in columns else cell for at, cell in enumerate(cells[:MOST_COLUMNS])
            ]
            hidden |= {
                at for at, cell in enumerate(cells) if at + 1 in columns and cell.value is not None
            }
            self._row(number, seen)
        self._left_out["column"] += len(hidden)
        self._left_out["wide"] += max(0, wide - MOST_COLUMNS)

    def _row(self, number: int, cells: Sequence[Any]) -> None:
        values = [self._shown(cell) for cell in cells]
        raw = [None if cell is None else cell.value for cell in cells]
        if not any(values):
            return
        self._spread(number, values)
        filled = sum(map(bool, values))
        if self._headers is None and filled > 1 and len(set(filter(None, values))) > 1:
            self._headers = _headers(raw, values)
            if self._headers:
                return
        elif self._headers and number in self._marks.second_heads and _headers(raw, values):
            pairs = zip(self._headers, [*values, *[""] * len(self._headers)], strict=False)
            self._headers = [", ".join(dict.fromkeys(filter(None, pair))) for pair in pairs]
            return
        named = self._headers or []
        parts = (
            (named[at] if at < len(named) else "", value)
            for at, value in enumerate(values)
            if value
        )
        self._flow.add(
            "item", "; ".join(f"{name}: {value}" if name else value for name, value in parts)
        )

    def _spread(self, number: int, values: list[str]) -> None:
        """Write the value of a cell that spans rows or columns at each place that it covers."""
        for top, left, _, right in self._marks.merged_at(number):
            if left > len(values) or left > MOST_COLUMNS:
                continue
            if number == top:
                self._above[left] = values[left - 1]
            whole = right - left + 1 >= len(values)  # a title, not a value of every column
            for column in range(left, min(right, len(values)) + 1):
                covered = number > top or column > left
                if covered and not values[column - 1] and not (whole and column > left):
                    values[column - 1] = self._above.get(left, "")

    def _shown(self, cell: Any) -> str:
        if cell is None or cell.value is None:
            return ""
        value = cell.value
        if self._struck and cell.font is not None and cell.font.strike:
            self._left_out["struck"] += 1
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int | float):
            return shown_number(value, cell.number_format or "")
        return _shown(value)


def _headers(row: Sequence[Any], values: Sequence[str]) -> list[str]:
    """The first row with several cells, if all of them are short words, or years; else nothing."""
    full = [cell for cell in row if cell is not None]
    years = [cell for cell in full if isinstance(cell, int) and 1900 <= cell <= 2100]
    words = [cell for cell in full if isinstance(cell, str) and len(cell) <= LONGEST_HEADER]
    if len(years) + len(words) < len(full) or not words and len(years) < 2:
        return []
    if years and len(years) == 1 and len(full) == 2:  # "Built | 1999" is a name and a value
        return []
    return [" ".join(value.split()) for value in values]


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return stored(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return " ".join(re.sub(r"[\x00-\x1f]", " ", str(value)).split())
