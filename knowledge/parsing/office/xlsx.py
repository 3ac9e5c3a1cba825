"""Read Excel files: one page per sheet, every row as "Header: value; Header: value", so that a row explains itself."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from knowledge.errors import NoText
from knowledge.parsing.document_builder import DocumentBuilder, flow_document
from knowledge.parsing.titles import sensible_title, shown_name, title_from_name
from knowledge.types import Document

MOST_COLUMNS = 256
LONGEST_HEADER = 60  # characters; longer first rows are text


def read_sheets(path: Path, file_name: str, title: str) -> Document:
    """The manual in an XLSX file. ``title`` is the one in its properties, or ""."""
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]  # openpyxl would load it for nothing: .2 s
    from openpyxl import load_workbook

    with path.open("rb") as file:  # a path would be judged by its ending
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        return _document(book, file_name, title)


def _document(book: Any, file_name: str, title: str) -> Document:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    flows = []
    for number, sheet in enumerate(visible, 1):
        flow = DocumentBuilder(number, sheet.title)
        flow.heading(1, sheet.title)
        sheet.reset_dimensions()  # the declared size may be a lie
        _rows(sheet, flow)
        flows.append(flow)
    if not any(block.kind != "heading" for flow in flows for block in flow.page().blocks):
        raise NoText(f"{shown_name(file_name)} has no text: its sheets are empty.")
    hidden = len(book.worksheets) - len(visible)
    warnings = (
        (f"{hidden} hidden sheet{'s were' if hidden > 1 else ' was'} left out.",) if hidden else ()
    )
    return flow_document(
        "xlsx", sensible_title(title) or title_from_name(file_name), flows, warnings
    )


def _rows(sheet: Any, flow: DocumentBuilder) -> None:
    headers: Sequence[str] | None = None
    for row in sheet.iter_rows(values_only=True):
        values = [_shown(value) for value in row[:MOST_COLUMNS]]
        if not any(values):
            continue
        if headers is None and sum(map(bool, values)) > 1:
            headers = _headers(row)
            if headers:
                continue
        pairs = (
            (headers[at] if headers and at < len(headers) else "", value)
            for at, value in enumerate(values)
            if value
        )
        flow.add("item", "; ".join(f"{name}: {value}" if name else value for name, value in pairs))


def _headers(row: Sequence[Any]) -> list[str]:
    """The first row with several cells, if all of them are short words; else nothing."""
    cells = ["" if cell is None else cell for cell in row[:MOST_COLUMNS]]
    if not all(isinstance(cell, str) and len(cell) <= LONGEST_HEADER for cell in cells):
        return []
    return [" ".join(cell.split()) for cell in cells]


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return " ".join(str(value).split())
