"""What a sheet's XML says beside its values: hidden columns and rows, spans, heads, formulas without a stored value."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from knowledge.parsing.office.sheets.sheet_texts import rich_text

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MOST_SPANS = 20_000


@dataclass(slots=True)
class SheetMarks:
    """``columns`` and ``rows`` are the hidden ones, from 1; ``spans`` are (top, left, bottom, right), sorted.

    ``heads`` are the rows that the sheet itself calls heads, with their first and last column: of a table, of a filter;
    ``tables`` are the first and last rows of these; ``rich`` is what cells show that hold small or struck type, by row and column.
    """

    columns: set[int] = field(default_factory=set)
    rows: set[int] = field(default_factory=set)
    spans: list[tuple[int, int, int, int]] = field(default_factory=list)
    uncached: int = 0
    heads: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    tables: list[tuple[int, int]] = field(default_factory=list)
    rich: dict[tuple[int, int], str] = field(default_factory=dict)
    struck: Counter[str] = field(default_factory=Counter)

    def is_head(self, row: int, column: int) -> bool:
        """Is a cell, from 1, in a head by the sheet's own word?"""
        return any(left <= column <= right for left, right in self.heads.get(row, ()))

    def is_inside(self, row: int) -> bool:
        """Is a row, from 1, of a table by the sheet's own word?"""
        return any(top <= row <= bottom for top, bottom in self.tables)


def sheet_marks(archive: zipfile.ZipFile, member: str) -> SheetMarks:
    """One pass over the XML of a sheet; nothing is kept of its cells."""
    from lxml import etree

    marks = SheetMarks()
    tags = tuple(f"{_S}{name}" for name in ("col", "row", "c", "mergeCell", "autoFilter"))
    with archive.open(member) as file:
        events = etree.iterparse(
            file, tag=tags, resolve_entities=False, no_network=True, huge_tree=True, recover=True
        )
        row = 0
        for _, element in events:
            name = element.tag.rpartition("}")[2]
            if name == "col":
                _column(element, marks)
            elif name == "c":
                value = element.find(f"{_S}v")
                empty = value is None or not value.text
                marks.uncached += empty and element.find(f"{_S}f") is not None
                _rich(element, marks)
            elif name == "row":
                told = element.get("r", "")
                row = int(told) if told.isdigit() else row + 1
                if element.get("hidden") in ("1", "true"):
                    marks.rows.add(row)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
            elif name == "autoFilter":
                _heads(element.get("ref", ""), marks)
            elif len(marks.spans) < MOST_SPANS:
                marks.spans += _span(element.get("ref", ""))
    marks.spans.sort()
    _tables(archive, member, marks)
    return marks


def _tables(archive: zipfile.ZipFile, member: str, marks: SheetMarks) -> None:
    """The heads of the tables ("Format as table") of a sheet."""
    from lxml import etree

    folder, file = posixpath.split(member.lstrip("/"))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    names = set(archive.namelist())
    links = f"{folder}/_rels/{file}.rels"
    root = etree.fromstring(archive.read(links), parser) if links in names else None
    for link in () if root is None else root.iter("{*}Relationship"):
        target = posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/")
        if link.get("Type", "").endswith("/table") and target in names:
            table = etree.fromstring(archive.read(target), parser)
            if table is not None and table.get("headerRowCount", "1") != "0":
                _heads(table.get("ref", ""), marks)


def _rich(element: Any, marks: SheetMarks) -> None:
    """Note the text of a cell that is written in the sheet itself, if some of it is small or struck."""
    inner, at = (
        element.find(f"{_S}is"),
        re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", element.get("r", "")),
    )
    if inner is not None and at and (shown := rich_text(inner, marks.struck)) is not None:
        marks.rich[int(at[2]), _letters(at[1])] = shown


def _heads(reference: str, marks: SheetMarks) -> None:
    for top, left, bottom, right in _span(reference):
        if bottom > top:
            marks.heads.setdefault(top, []).append((left, right))
            marks.tables.append((top, bottom))


def _column(element: Any, marks: SheetMarks) -> None:
    first, last = element.get("min", ""), element.get("max", "")
    if element.get("hidden") in ("1", "true") and first.isdigit() and last.isdigit():
        marks.columns.update(range(int(first), min(int(last), 16_384) + 1))


def _span(reference: str) -> list[tuple[int, int, int, int]]:
    """(top, left, bottom, right) of "A1:C9", or nothing."""
    found = re.fullmatch(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})", reference)
    if not found:
        return []
    left, right = _letters(found[1]), _letters(found[3])
    return [(int(found[2]), left, int(found[4]), right)]


def _letters(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number
