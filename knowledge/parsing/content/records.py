"""Read CSV, and JSON that holds questions and answers (also one object a line)."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from knowledge.errors import UnknownFormat
from knowledge.parsing.content.tables import SEPARATOR, Cell, table_blocks
from knowledge.parsing.document_builder import DocumentBuilder, flow_document
from knowledge.parsing.titles import shown_name, title_from_name
from knowledge.types import Document

DELIMITERS = ",;\t|"
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
    """The rows of a CSV file, each with the heads of its columns."""
    sample = "\n".join(text.splitlines()[:50])
    try:
        dialect: Any = csv.Sniffer().sniff(sample, DELIMITERS)
    except csv.Error:
        dialect = csv.excel_tab if sample.count("\t") > sample.count(",") else csv.excel
    lines = [
        [" ".join(value.split()) for value in row]
        for row in csv.reader(io.StringIO(text), dialect)
        if any(value.strip() for value in row)
    ]
    headed = len(lines) > 1 and all(any(map(str.isalpha, value)) for value in lines[0])
    headed = headed and len(set(lines[0])) == len(lines[0])
    rows = [
        [Cell(value, headed and number == 0) for value in line] for number, line in enumerate(lines)
    ]
    flow = DocumentBuilder()
    for block in table_blocks(rows):
        flow.add("table" if SEPARATOR in block else "text", block)
    return flow_document("text", title_from_name(file_name), [flow], warnings)


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
