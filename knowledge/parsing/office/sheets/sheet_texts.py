"""What an Excel file says outside the plain values of its cells: text boxes, titles of charts, small and struck type in a cell."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

from knowledge.parsing.content.small_type import lowered, raised
from knowledge.parsing.office.drawings import chart_title

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_X = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_STRINGS = "xl/sharedStrings.xml"


def correct_strings(archive: zipfile.ZipFile, strings: list[Any], left_out: Counter[str]) -> None:
    """Set the shared texts that hold raised, lowered or struck type to what they show."""
    from lxml import etree

    if _STRINGS not in archive.namelist():
        return
    with archive.open(_STRINGS) as file:
        events = etree.iterparse(
            file,
            tag=f"{_S}si",
            resolve_entities=False,
            no_network=True,
            huge_tree=True,
            recover=True,
        )
        for at, (_, element) in enumerate(events):
            if at < len(strings) and (shown := rich_text(element, left_out)) is not None:
                strings[at] = shown
            element.clear()


def rich_text(element: Any, left_out: Counter[str]) -> str | None:
    """The text of runs as they show; None where none of them is raised, lowered or struck."""
    runs = element.findall(f"{_S}r")
    if not any(
        run.find(f"{_S}rPr/{_S}{tag}") is not None
        for run in runs
        for tag in ("vertAlign", "strike")
    ):
        return None
    out = ""
    for run in runs:
        text = "".join(t.text or "" for t in run.findall(f"{_S}t"))
        strike, small = (run.find(f"{_S}rPr/{_S}{tag}") for tag in ("strike", "vertAlign"))
        if strike is not None and strike.get("val", "1") not in ("0", "false"):
            left_out["struck"] += bool(text.strip())
            continue
        told = "" if small is None else small.get("val", "")
        out += (
            raised(text, out[-9:])
            if told == "superscript"
            else lowered(text)
            if told == "subscript"
            else text
        )
    return out


def drawn_texts(
    archive: zipfile.ZipFile, member: str, left_out: Counter[str]
) -> Iterator[tuple[str, bool]]:
    """(text, whether it is a chart's title) of what is drawn on a sheet. Counts the comments, which are not read."""
    for kind, target in _linked(archive, member):
        root = _parsed(archive, target)
        if root is None:
            continue
        if kind.endswith(("/comments", "/threadedComment")):
            left_out["comment"] += sum(1 for _ in root.iter("{*}comment", "{*}threadedComment"))
        elif kind.endswith("/drawing"):
            for shape in root.iter(f"{_X}sp"):
                told = shape.find(f"{_X}nvSpPr/{_X}cNvPr")
                if told is not None and told.get("hidden") in ("1", "true"):
                    continue
                for paragraph in shape.iter(f"{_A}p"):
                    yield "".join(t.text or "" for t in paragraph.iter(f"{_A}t")), False
            for inner, part in _linked(archive, target):
                if inner.endswith("/chart") and (chart := _parsed(archive, part)) is not None:
                    yield chart_title(chart), True


def _linked(archive: zipfile.ZipFile, member: str) -> Iterator[tuple[str, str]]:
    """(kind, member) of what a part of the file links to."""
    folder, file = posixpath.split(member.lstrip("/"))
    links = _parsed(archive, f"{folder}/_rels/{file}.rels")
    for link in () if links is None else links.iter("{*}Relationship"):
        target = posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/")
        if link.get("TargetMode") != "External":
            yield link.get("Type", ""), target


def _parsed(archive: zipfile.ZipFile, member: str) -> Any:
    from lxml import etree

    if member not in archive.namelist():
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    return etree.fromstring(archive.read(member), parser)


def shows_nothing(pattern: str) -> bool:
    """Does a number format show nothing, whatever the cell holds (";;;")?"""
    return pattern.count(";") >= 3 and not re.sub(r"[;\s]", "", pattern)
