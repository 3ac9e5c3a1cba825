"""Read CSV, and JSON that holds questions and answers (also one object a line)."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

from knowledge.errors import UnknownFormat
from knowledge.parsing.content.left_out import left_out_warnings
from knowledge.parsing.content.tables import Cell, block_kind, table_blocks
from knowledge.parsing.document_builder import DocumentBuilder, flow_document
from knowledge.parsing.titles import shown_name, title_from_name
from knowledge.types import Document

DELIMITERS = ",;\t|"
LONGEST_FIELD = 2**31 - 1  # characters; the whole file has a limit of its own
_NOT_CLOSED = {
    "quote": "{} line{} with a quotation mark that is never closed {} read as a row without quotation."
}
_ASKED = ("question", "q", "title", "heading", "prompt", "instruction", "name")
_TOLD = (
    "answer",
    "a",
    "text",
    "content",
    "body",
    "response",
    "output",
    "completion",
    "description",
)
SURE = 0.8  # share of the records that must have both


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
    for block in table_blocks([line for line in lines if any(cell.text for cell in line)]):
        flow.add(block_kind(block), block)
    said = left_out_warnings(_NOT_CLOSED, {"quote": open_quotes})
    return flow_document("text", title_from_name(file_name), [flow], (*warnings, *said))


def _rows(text: str, delimiter: str) -> tuple[list[list[str]], int]:
    """The rows, and how many lines have a quotation mark that is not closed: each of those is a row as it stands."""
    longest = csv.field_size_limit(LONGEST_FIELD)
    try:
        lines = list(io.StringIO(text, newline=""))
        rows: list[list[str]] = []
        at = open_quotes = 0
        while at < len(lines):
            rest = (lines[i] for i in range(at, len(lines)))
            reader = csv.reader(rest, delimiter=delimiter, strict=True, skipinitialspace=True)
            read = 0
            try:
                for row in reader:
                    rows.append(row)
                    read = reader.line_num
                break
            except csv.Error:
                row, whole = _row(lines[at + read], delimiter)
                rows.append(row)
                open_quotes += not whole
                at += read + 1
        return rows, open_quotes
    finally:
        csv.field_size_limit(longest)


def _row(line: str, delimiter: str) -> tuple[list[str], bool]:
    """The fields of one line that breaks the rules, and whether its quotation marks are closed."""
    kind: Any = {"delimiter": delimiter, "skipinitialspace": True}
    rows = list(csv.reader([line, "\x1e"], **kind))
    if rows[-1] == ["\x1e"]:
        return (rows[0] if len(rows) > 1 else []), True
    return next(csv.reader([line.rstrip("\r\n")], quoting=csv.QUOTE_NONE, **kind), []), False


def read_json(text: str, file_name: str, warnings: tuple[str, ...] = ()) -> Document:
    """Questions as headings and answers as text. Raises UnknownFormat for JSON that holds something else."""
    records = [record for record in _records(text) if isinstance(record, dict)]
    pairs = [pair for record in records if (pair := _pair(record))]
    if not pairs or len(pairs) < SURE * len(records):
        raise UnknownFormat(
            f"{shown_name(file_name)} is JSON data without questions and answers, not a manual."
        )
    flow = DocumentBuilder()
    for asked, told in pairs:
        flow.heading(1, asked)
        for paragraph in told.split("\n"):
            flow.add("text", paragraph)
    return flow_document("text", title_from_name(file_name), [flow], warnings)


def _records(text: str) -> list[Any]:
    """The objects of a list, of the only list in an object, or one a line."""
    try:
        data = json.loads(text)
    except ValueError:
        try:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError:
            return []
    if isinstance(data, dict):
        lists = [value for value in data.values() if isinstance(value, list)]
        data = lists[0] if len(lists) == 1 else [data]
    return data if isinstance(data, list) else []


def _pair(record: dict[str, Any]) -> tuple[str, str] | None:
    fields = {key.casefold(): value for key, value in record.items() if isinstance(value, str)}
    asked = next((fields[key] for key in _ASKED if fields.get(key, "").strip()), "")
    told = next((fields[key] for key in _TOLD if fields.get(key, "").strip()), "")
    return (asked, told) if asked and told and asked != told else None
