"""Read CSV, and JSON that holds questions and answers (also one object a line)."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any

from knowledge.errors import UnknownFormat
from knowledge.parsing.content.grids.cells import filled
from knowledge.parsing.content.left_out import left_out_warnings
from knowledge.parsing.content.tables import Cell, sheet_blocks
from knowledge.parsing.document_builder import DocumentBuilder, flow_document
from knowledge.parsing.titles import shown_name, title_from_name
from knowledge.types import BlockKind, Document

DELIMITERS = ",;\t|"
LONGEST_FIELD = 2**31 - 1  # characters; the whole file has a limit of its own
LINES_AHEAD, FEW_AHEAD = 5_000, 20  # lines that a field may have; where many are not closed
AGAIN = 10  # times the lines of a file that may be read in vain
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
    "acceptedanswer",
)
# What only a web page holds: an answer that is one is read as one
_MARKED = re.compile(
    r"</(?:p|div|b|strong|i|em|u|ul|ol|li|a|span|h[1-6]|table|td|code)>|<br\s*/?>", re.I
)
SURE = 0.8  # share of the records that must have both
MOST_NUMBERS = 50  # of a list that says something to a reader
DEEPEST = 20  # objects inside objects
_LONG_LISTS = {
    "list": "{} list{} of more than 50 numbers {} left out.",
    "deep": "{} value{} inside more than 20 others {} left out.",
}


class _Figure(str):
    """A number of JSON as the file writes it: 1.10 is another version than 1.1."""


@dataclass(frozen=True, slots=True)
class _Records:
    """The records of one list, and the name that this list has, "" for none."""

    name: str
    records: list[Any]


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


def read_json(text: str, file_name: str, warnings: tuple[str, ...] = ()) -> Document:
    """Questions as headings and answers as text, with a line for every other field: "Warning: Never open while hot".

    What belongs to no question stands before the first. Raises UnknownFormat for JSON that holds no questions.
    """
    lists, beside = _records(text)
    records = [one for found in lists for one in found.records if isinstance(one, dict)]
    count = sum(_pair(record) is not None for record in records)
    if not count or count < SURE * len(records):
        raise UnknownFormat(
            f"{shown_name(file_name)} is JSON data without questions and answers, not a manual."
        )
    flow = DocumentBuilder()
    left_out: Counter[str] = Counter()
    for line in _lines("", beside, left_out):
        flow.add("text", line)
    for found in lists:
        if len(lists) > 1:
            flow.heading(1, _words(found.name))
        _write(flow, found.records, 1 + (len(lists) > 1), left_out)
    said = left_out_warnings(_LONG_LISTS, left_out)
    return flow_document("text", title_from_name(file_name), [flow], (*warnings, *said))


def _write(
    flow: DocumentBuilder, records: Sequence[Any], level: int, left_out: Counter[str]
) -> None:
    pairs = [_pair(record) if isinstance(record, dict) else None for record in records]
    loose = [record for record, pair in zip(records, pairs, strict=True) if not pair]
    for line in [line for one in loose for line in _lines("", one, left_out)]:
        flow.add("text", line)
    for record, pair in zip(records, pairs, strict=True):
        if not pair:
            continue
        asked, told = pair
        flow.heading(level, " ".join(text for _, text in _paragraphs(record[asked], left_out)))
        for kind, paragraph in _paragraphs(record[told], left_out):
            flow.add(kind, paragraph)
        rest = {key: value for key, value in record.items() if key not in pair}
        for line in _lines("", rest, left_out):
            flow.add("text", line)


def _paragraphs(value: Any, left_out: Counter[str]) -> Iterator[tuple[BlockKind, str]]:
    """A question or an answer, block by block."""
    from knowledge.parsing.html import html_flow

    for line in [value] if isinstance(value, str) else _lines("", value, left_out):
        if not _MARKED.search(line):
            yield from (("text", part) for part in line.split("\n"))
            continue
        page = html_flow(line, 1)[0].page()
        for block in page.blocks:
            kind: BlockKind = "text" if block.kind == "heading" else block.kind
            yield kind, page.text[block.start : block.end]


def _records(text: str) -> tuple[list[_Records], Any]:
    """The lists of records, or the objects of the lines; and what stands beside them."""
    try:
        data = _parsed(text)
    except ValueError:
        try:
            return [_Records("", [_parsed(line) for line in text.splitlines() if line.strip()])], {}
        except ValueError:
            return [], {}
    if isinstance(data, list):
        return [_Records("", data)], {}
    if not isinstance(data, dict):
        return [], {}
    lists: list[_Records] = []
    beside = {} if _pair(data) else _without_lists(data, lists, 0)
    return (lists, beside) if lists else ([_Records("", [data])], {})


def _parsed(text: str) -> Any:
    """JSON, its numbers as they are written. Raises ValueError."""
    return json.loads(
        text,
        parse_float=_Figure,
        parse_int=_Figure,
        parse_constant=_Figure,
        object_pairs_hook=_object,
    )


def _object(pairs: list[tuple[str, Any]]) -> Any:
    """An object; a name that it has several times has all values. An answer in JSON-LD is its text."""
    values: dict[str, list[Any]] = {}
    for key, value in pairs:
        values.setdefault(key, []).append(value)
    told = values.get("text", [None])[0]
    if values.get("@type") == ["Answer"] and isinstance(told, str):
        return told
    for key in [key for key in values if key.startswith("@")]:
        del values[key]  # says in JSON-LD what the object is
    if talk := _talk(values.get("messages", [None])[0]):
        del values["messages"]
        values |= {key: [value] for key, value in talk.items()}
    return {
        key: held[0]
        if len(held) == 1
        else list(chain.from_iterable(held))
        if all(isinstance(one, list) for one in held)
        else held
        for key, held in values.items()
    }


def _talk(messages: Any) -> dict[str, Any]:
    """A question and its answer out of the messages of a chat of two; {} for another."""
    if not isinstance(messages, list) or not all(isinstance(one, dict) for one in messages):
        return {}
    said = [one for one in messages if one.get("role") != "system"]
    if [one.get("role") for one in said] != ["user", "assistant"]:
        return {}
    return {"question": said[0].get("content"), "answer": said[1].get("content")}


def _without_lists(data: dict[str, Any], lists: list[_Records], depth: int) -> dict[str, Any]:
    """An object without the lists of questions in it, which are added to ``lists``."""
    rest: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, list) and any(isinstance(one, dict) and _pair(one) for one in value):
            lists.append(_Records(key, value))
        elif isinstance(value, dict) and depth < DEEPEST and not _pair(value):
            if inner := _without_lists(value, lists, depth + 1):
                rest[key] = inner
        else:
            rest[key] = value
    return rest


def _pair(record: dict[str, Any]) -> tuple[str, str] | None:
    """The names of the fields that hold the question and its answer."""
    names = {key.casefold(): key for key in reversed(record) if _said(record[key])}
    asked = next((names[k] for k in _ASKED if k in names and isinstance(record[names[k]], str)), "")
    told = next((names[k] for k in _TOLD if k in names), "")
    return (asked, told) if asked and told and record[asked] != record[told] else None


def _said(value: Any) -> bool:
    """Is a value text, or a list of texts?"""
    if isinstance(value, list):
        return bool(value) and all(not isinstance(one, list) and _said(one) for one in value)
    return isinstance(value, str) and not isinstance(value, _Figure) and bool(value.strip())


def _words(name: str) -> str:
    """The name of a field as words: "max_pressure" is "Max pressure"."""
    words = " ".join(re.sub(r"[_-]+", " ", name).split())
    return words[:1].upper() + words[1:]


def _lines(name: str, value: Any, left_out: Counter[str], depth: int = 0) -> Iterator[str]:
    """A value as lines that say what it is; the paragraphs of a text without a name are lines of their own."""
    label = f"{name}: " if name else ""
    if isinstance(value, dict) and depth < DEEPEST:
        for key, inner in value.items():
            words = " ".join(re.sub(r"[_-]+", " ", key).split())
            named = f"{name}, {words}" if name else _words(key)
            yield from _lines(named, inner, left_out, depth + 1)
    elif isinstance(value, list):
        if all(isinstance(one, _Figure) for one in value) and len(value) > MOST_NUMBERS:
            left_out["list"] += 1  # the place of a text in a space of meanings
        elif name and not any(isinstance(one, dict | list) for one in value):
            shown = ", ".join(filter(None, map(_scalar, value)))
            yield from [f"{label}{shown}"] if shown else []
        elif depth < DEEPEST:
            for one in value:
                yield from _lines(name, one, left_out, depth + 1)
        else:
            left_out["deep"] += 1
    elif isinstance(value, dict):
        left_out["deep"] += 1
    elif not name:
        yield from _scalar(value).split("\n")
    elif shown := _scalar(value):
        yield f"{label}{shown}"


def _scalar(value: Any) -> str:
    """A text, number or yes and no; "" for nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).strip()
