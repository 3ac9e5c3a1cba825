"""Read CSV: rows with the heads of their columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from itertools import chain, groupby
from typing import Any

from knowledge.parsing.content.grids.cells import filled
from knowledge.parsing.content.left_out import left_out_warnings
from knowledge.parsing.content.tables import Cell, sheet_blocks
from knowledge.parsing.document_builder import DocumentBuilder, flow_document
from knowledge.parsing.titles import title_from_name
from knowledge.types import Document

DELIMITERS = ",;\t|"
LONGEST_FIELD = 2**31 - 1  # characters; the whole file has a limit of its own
LINES_AHEAD, FEW_AHEAD = 5_000, 20  # lines that a field may have; where many are not closed
AGAIN = 10  # times the lines of a file that may be read in vain
_NOT_CLOSED = {
    "quote": "{} line{} with a quotation mark that is never closed {} read as a row without quotation."
}


def read_csv(text: str, file_name: str, warnings: tuple[str, ...] = ()) -> Document:
    """The rows of a CSV file, each with the heads of its columns where the first row is clearly one."""
    told = re.match(r"sep=(.)\r?\n", text)  # Excel's own line
    text = text[told.end() :] if told else text
    sample = "\n".join(text.splitlines()[:50])
    try:
        delimiter = told[1] if told else csv.Sniffer().sniff(sample, DELIMITERS).delimiter
    except csv.Error:
        delimiter = "\t" if sample.count("\t") > sample.count(",") else ","
    rows, open_quotes = _rows(text, delimiter)
    lines = [[Cell(" ".join(value.split())) for value in row] for row in rows]
    flow = DocumentBuilder()
    for kind, block in sheet_blocks(_parts(lines)):
        flow.add(kind, block)
    said = left_out_warnings(_NOT_CLOSED, {"quote": open_quotes})
    return flow_document("text", title_from_name(file_name), [flow], (*warnings, *said))


def _parts(lines: list[list[Cell]]) -> list[list[list[Cell]]]:
    """The rows as blank ones part them, unless every other row is blank."""
    runs = [
        (is_filled, list(run)) for is_filled, run in groupby(lines, lambda row: filled(row) > 0)
    ]
    parts = [run for is_filled, run in runs if is_filled]
    every_other = bool(parts) and all(len(run) == 1 for run in parts)
    return [list(chain.from_iterable(parts))] if every_other else parts


def _rows(text: str, delimiter: str) -> tuple[list[list[str]], int]:
    """The rows, and how many lines have a quotation mark that is not closed: each of those is a row as it stands."""
    longest = csv.field_size_limit(LONGEST_FIELD)
    try:
        lines = list(io.StringIO(text, newline=""))
        rows: list[list[str]] = []
        at = open_quotes = again = 0
        while at < len(lines):
            rest = _Ahead(lines, at, LINES_AHEAD if again < AGAIN * len(lines) else FEW_AHEAD)
            reader = csv.reader(rest, delimiter=delimiter, strict=True, skipinitialspace=True)
            read = 0
            try:
                for row in reader:
                    rows.append(row)
                    read = rest.read = reader.line_num
                break
            except csv.Error:
                again += reader.line_num - read
                row, whole = _row(lines[at + read], delimiter)
                rows.append(row)
                open_quotes += not whole
                at += read + 1
        return rows, open_quotes
    finally:
        csv.field_size_limit(longest)


class _Ahead:
    """The lines from one on, as long as no row has more than so many: its quotation mark is never closed then.

    ``read``: the lines of the rows that are complete. Raises csv.Error.
    """

    def __init__(self, lines: Sequence[str], at: int, most: int) -> None:
        self._lines = lines
        self._at = self._first = at
        self._most = most
        self.read = 0

    def __iter__(self) -> _Ahead:
        return self

    def __next__(self) -> str:
        if self._at >= len(self._lines):
            raise StopIteration
        if self._at - self._first - self.read > self._most:
            raise csv.Error("a field is too long")
        self._at += 1
        return self._lines[self._at - 1]


def _row(line: str, delimiter: str) -> tuple[list[str], bool]:
    """The fields of one line that breaks the rules, and whether its quotation marks are closed."""
    kind: Any = {"delimiter": delimiter, "skipinitialspace": True}
    rows = list(csv.reader([line, "\x1e"], **kind))
    if rows[-1] == ["\x1e"]:
        return (rows[0] if len(rows) > 1 else []), True
    return next(csv.reader([line.rstrip("\r\n")], quoting=csv.QUOTE_NONE, **kind), []), False
