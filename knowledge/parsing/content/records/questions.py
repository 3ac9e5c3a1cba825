"""Read JSON that holds questions and answers, in groups or not (also one object a line)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from knowledge.errors import UnknownFormat
from knowledge.parsing.content.left_out import left_out_warnings
from knowledge.parsing.document_builder import DocumentBuilder, flow_document, with_product
from knowledge.parsing.titles import sensible_title, shown_name, title_from_name
from knowledge.types import BlockKind, Document

_ASKS = tuple(
    "question q prompt instruction frage pregunta pergunta domanda vraag questions".split()
)
_ASKED = (*_ASKS, "title", "heading", "name")
_TOLD = tuple(
    "answer a answers text content body response responses output completion description acceptedanswer solution reply antwort"
    " antworten reponse réponse respuesta resposta risposta antwoord".split()
)
_GROUPED_BY = tuple(
    "category section topic group chapter name title label heading subject kategorie".split()
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


@dataclass(slots=True)
class _Group:
    """Records below one heading, "" for none, and what the file says beside them, with its names."""

    heading: str = ""
    level: int = 0
    records: list[Any] = field(default_factory=list)
    beside: list[tuple[str, Any]] = field(default_factory=list)


def read_json(text: str, file_name: str, warnings: tuple[str, ...] = ()) -> Document:
    """Questions as headings and answers as text, with a line for every other field: "Warning: Never open while hot".

    Groups of questions are headings, too. What belongs to no question stands before the first of its group. Raises
    UnknownFormat for JSON that holds no questions.
    """
    groups, named = _groups(text)
    records = [one for group in groups for one in group.records if isinstance(one, dict)]
    count = sum(_pair(record) is not None for record in records)
    if not count or count < SURE * len(records):
        raise UnknownFormat(
            f"{shown_name(file_name)} is JSON data without questions and answers, not a manual."
        )
    flow = DocumentBuilder()
    left_out: Counter[str] = Counter()
    for group in groups:
        if group.heading:
            flow.heading(group.level, group.heading)
        for name, value in group.beside:
            for line in _lines(name, value, left_out):
                flow.add("text", line)
        _write(flow, group.records, group.level + 1, left_out)
    said = left_out_warnings(_LONG_LISTS, left_out)
    title = sensible_title(named.get("title", "")) or title_from_name(file_name)
    document = flow_document("text", title, [flow], (*warnings, *said))
    return with_product(document, named.get("product", ""))


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
        questions = record[asked] if isinstance(record[asked], list) else [record[asked]]
        flow.heading(level, " ".join(text for _, text in _paragraphs(questions[0], left_out)))
        for kind, paragraph in chain(
            *(_paragraphs(one, left_out) for one in (*questions[1:], record[told]))
        ):
            flow.add(kind, paragraph)
        rest = {key: value for key, value in record.items() if key not in pair}
        for line in _lines("", rest, left_out):
            flow.add("text", line)


def _paragraphs(value: Any, left_out: Counter[str]) -> Iterator[tuple[BlockKind, str]]:
    """A question or an answer, block by block."""
    from knowledge.parsing.html import html_flow

    for line in [value] if isinstance(value, str) else _told_lines(value, left_out):
        if not _MARKED.search(line):
            yield from (("text", part) for part in line.split("\n"))
            continue
        page = html_flow(line, 1)[0].page()
        for block in page.blocks:
            kind: BlockKind = "text" if block.kind == "heading" else block.kind
            yield kind, page.text[block.start : block.end]


def _told_lines(value: Any, left_out: Counter[str]) -> Iterator[str]:
    """The lines of an answer in parts: of each its text, then what else is said of it."""
    for one in value if isinstance(value, list) else [value]:
        told = _told_in(one) if isinstance(one, dict) else ""
        if told:
            yield from _lines("", one[told], left_out)
            one = {key: more for key, more in one.items() if key != told}
        yield from _lines("", one, left_out)


def _groups(text: str) -> tuple[list[_Group], dict[str, str]]:
    """The groups of records in their order, or the objects of the lines as one; and how the file names itself."""
    try:
        data = _parsed(text)
    except ValueError:
        try:
            lines = [_parsed(line) for line in text.splitlines() if line.strip()]
            data = list(
                chain.from_iterable(one if isinstance(one, list) else [one] for one in lines)
            )
        except ValueError:
            return [], {}
    groups = [_Group()]
    if not isinstance(data, dict):
        _gather(data if isinstance(data, list) else [], "", 0, groups, groups[0])
        return groups, {}
    if not _has_groups(data):
        return [_Group(records=[data])], {}
    _gather(data, "", 0, groups, groups[0])
    return groups, {
        key.casefold(): value
        for key, value in data.items()
        if isinstance(value, str) and key.casefold() in ("title", "product")
    }


def _gather(data: Any, name: str, depth: int, groups: list[_Group], group: _Group) -> None:
    """Add a list or an object that holds questions: its records to its group, and groups for those within it.

    ``name`` goes before what an object says beside its questions.
    """
    if isinstance(data, list):
        for one in data:
            if not (isinstance(one, dict) and _has_groups(one, depth)):
                group.records.append(one)
                continue
            key = next(filter(None, (_key(one, name) for name in _GROUPED_BY)), "")
            if key:
                groups.append(_Group(" ".join(one[key].split()), group.level + 1))
                one = {other: value for other, value in one.items() if other != key}
            _gather(one, "", depth + 1, groups, groups[-1] if key else group)
        return
    held = [key for key, value in data.items() if _holds(value, depth)]
    rest = {key: value for key, value in data.items() if key not in held}
    group.beside += [(name, rest)] if rest else []
    grouped = [
        key for key in held if _is_grouped(data[key], depth)
    ]  # which bring headings of their own
    direct = [key for key in held if key not in grouped]
    for key in (*direct, *grouped):
        if len(direct) > 1 and key in direct:
            groups.append(_Group(_words(key), group.level + 1))
            _gather(data[key], "", depth + 1, groups, groups[-1])
        else:
            inner = f"{name}, {key}" if name else _words(key)
            _gather(data[key], inner, depth + 1, groups, group)


def _is_grouped(value: Any, depth: int) -> bool:
    """Is a list one of groups, each an object with questions in it?"""
    return isinstance(value, list) and any(
        isinstance(one, dict) and _has_groups(one, depth) for one in value
    )


def _key(record: dict[str, Any], name: str) -> str:
    """The name of a field with a text as the file writes it, "" where there is none."""
    return next(
        (
            key
            for key, value in record.items()
            if key.casefold() == name and isinstance(value, str) and value.strip()
        ),
        "",
    )


def _has_groups(data: dict[str, Any], depth: int = 0) -> bool:
    """Does an object hold questions, and is no question itself?"""
    pair = _pair(data)
    asks = pair is not None and pair[0].casefold() in _ASKS
    return not asks and any(_holds(value, depth) for value in data.values())


def _holds(value: Any, depth: int) -> bool:
    """Does a list or an object hold questions, at any depth?"""
    if depth >= DEEPEST:
        return False
    if isinstance(value, list):
        return any(
            isinstance(one, dict) and (_pair(one) or _has_groups(one, depth + 1)) for one in value
        )
    return isinstance(value, dict) and not _pair(value) and _has_groups(value, depth + 1)


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
    if values and all(
        key.rstrip().endswith("?") and len(held) == 1 for key, held in values.items()
    ):
        return [{"question": key, "answer": held[0]} for key, held in values.items()]
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


def _pair(record: dict[str, Any]) -> tuple[str, str] | None:
    """The names of the fields that hold the question and its answer."""
    names = {key.casefold(): key for key in reversed(record) if _said(record[key])}
    asked = next((names[k] for k in _ASKED if k in names and _asks(record[names[k]])), "")
    told = next((names[k] for k in _TOLD if k in names), "")
    return (asked, told) if asked and told and record[asked] != record[told] else None


def _asks(value: Any) -> bool:
    return (
        isinstance(value, str)
        or isinstance(value, list)
        and all(isinstance(one, str) for one in value)
    )


def _said(value: Any) -> bool:
    """Is a value text, a list of texts, or an object that has one?"""
    if isinstance(value, list):
        return bool(value) and all(not isinstance(one, list) and _said(one) for one in value)
    if isinstance(value, dict):
        return bool(_told_in(value))
    return isinstance(value, str) and not isinstance(value, _Figure) and bool(value.strip())


def _told_in(value: dict[str, Any]) -> str:
    """The name of the field that holds the text of a part of an answer."""
    texts = {
        key.casefold(): key
        for key in reversed(value)
        if isinstance(value[key], str) and _said(value[key])
    }
    return next((texts[name] for name in _TOLD if name in texts), "")


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
