"""What a sheet's XML says beside its values: hidden columns and rows, spans, formulas without a stored value."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MOST_SPANS = 20_000


@dataclass(slots=True)
class SheetMarks:
    """``columns`` and ``rows`` are the hidden ones, from 1; ``spans`` are (top, left, bottom, right), sorted."""

    columns: set[int] = field(default_factory=set)
    rows: set[int] = field(default_factory=set)
    spans: list[tuple[int, int, int, int]] = field(default_factory=list)
    uncached: int = 0
    second_heads: set[int] = field(default_factory=set)

    def merged_at(self, row: int) -> Iterator[tuple[int, int, int, int]]:
        """The spans that cover a row."""
        for span in self.spans:
            if span[0] > row:
                return
            if row <= span[2]:
                yield span


def sheet_marks(archive: zipfile.ZipFile, member: str) -> SheetMarks:
    """One pass over the XML of a sheet; nothing is kept of its cells."""
    from lxml import etree

    marks = SheetMarks()
    tags = tuple(f"{_S}{name}" for name in ("col", "row", "c", "mergeCell"))
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
            elif name == "row":
                told = element.get("r", "")
                row = int(told) if told.isdigit() else row + 1
                if element.get("hidden") in ("1", "true"):
                    marks.rows.add(row)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
            elif len(marks.spans) < MOST_SPANS:
                marks.spans += _span(element.get("ref", ""))
    marks.spans.sort()
    # A cell of the head that spans columns has a second row of heads below it
    first = min((span[0] for span in marks.spans), default=0)
    if any(
        top == first and right > left and bottom == top for top, left, bottom, right in marks.spans
    ):
        marks.second_heads.add(first + 1)
    return marks


def _column(element: Any, marks: SheetMarks) -> None:
    first, last = element.get("min", ""), element.get("max", "")
    if element.get("hidden") in ("1", "true") and first.isdigit() and last.isdigit():
        marks.columns.update(range(int(first), min(int(last), 16_384) + 1))


def _span(reference: str) -> list[tuple[int, int, int, int]]:
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
