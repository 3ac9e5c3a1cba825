"""Read plain text: paragraphs by blank lines, list items, and headings only where they are clear. Knows no other format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from knowledge.parsing.clean import lines_normal
from knowledge.parsing.content.grids.cells import Cell
from knowledge.parsing.content.grids.spaced_columns import spaced_rows
from knowledge.parsing.content.tables import grid_blocks, table_blocks
from knowledge.parsing.document_builder import DocumentBuilder, flow_document
from knowledge.parsing.titles import sensible_title, title_from_name
from knowledge.types import Document

RULE = re.compile(r"\s*([=\-~*^#])\1{2,}\s*$")
ITEM = re.compile(r"\s*(?:[-*•o+–]|\(?\w{1,2}[.)]|Step \d+[.:])\s+\S")
NUMBERED = re.compile(r"(\d+(?:\.\d+)*)\.?\s+[^\W\d_].{1,80}$")
_DOTS = re.compile(r"\.{4,}|(?:\. ){3,}\.")  # between a name and its value
_BARRED = re.compile(r"\s*\|(.+)\|\s*$")
_BAR_RULE = re.compile(r"\s*[|+][-=:+| ]+[|+]\s*$")
LEVELS = {"=": 1, "#": 1, "*": 1}


def read_plain(text: str, file_name: str, warnings: tuple[str, ...] = ()) -> Document:
    """A Document out of plain text."""
    flow = DocumentBuilder()
    add_text(flow, text)
    first = flow.headings[0] if flow.headings else None
    title = sensible_title(first.title) if first and first.start == 0 else ""
    return flow_document("text", title or title_from_name(file_name), [flow], warnings)


def add_text(flow: DocumentBuilder, text: str) -> None:
    """Append plain text to a flow, block by block."""
    groups = [
        group.split("\n")
        for group in re.split(r"\n(?:[^\S\n]*\n)+", lines_normal(text).strip("\n"))
    ]
    groups = [kept for group in groups if (kept := [line for line in group if line.strip()])]
    for at, group in enumerate(groups):
        _group(flow, group, groups[at + 1] if at + 1 < len(groups) else [])


def _group(flow: DocumentBuilder, lines: list[str], following: list[str]) -> None:
    level, used = _heading(lines, following)
    if level:
        flow.heading(level, lines[0].strip())
        lines = lines[used:]
    for led, several in groupby(lines, key=lambda line: bool(_led(line))):
        part = list(several)
        rows = [_led(line) for line in part] if led else []
        if rows and not _contents(rows):
            grid = [[Cell(text) for text in row] for row in rows]
            for block in grid_blocks(grid, by_looks=False):
                flow.add("table", block)
        else:
            _paragraphs(flow, part)


def _led(line: str) -> tuple[str, ...]:
    """The name and the value of a line in which dots lead from one to the other ("Voltage ....... 230 V"), () for any other."""
    parts = tuple(part.strip() for part in _DOTS.split(line))
    return parts if len(parts) == 2 and all(parts) else ()


def _contents(rows: Sequence[Sequence[str]]) -> bool:
    """Are these the lines of a table of contents: page numbers that grow?"""
    pages = [int(row[1]) for row in rows if row[1].isdecimal()]
    return len(pages) == len(rows) and pages == sorted(pages)


def _paragraphs(flow: DocumentBuilder, lines: list[str]) -> None:
    block: list[str] = []
    for line in lines:
        if ITEM.match(line) and block:
            _write(flow, block)
            block = []
        block.append(line)
    if block:
        _write(flow, block)


def _write(flow: DocumentBuilder, lines: list[str]) -> None:
    if rows := _barred_rows(lines):
        for block in table_blocks(rows):
            flow.add("table", block)
    elif all(re.match(r"\s{4,}|\t", line) for line in lines) and not ITEM.match(lines[0]):
        flow.add("code", "\n".join(lines))
    elif sum(bool(re.search(r"\S {3,}\S|\t|\s\|\s", line)) for line in lines) >= max(
        2, 0.8 * len(lines)
    ):
        for block in table_blocks(rows) if (rows := spaced_rows(lines)) else ["\n".join(lines)]:
            flow.add("table", block)
    else:
        flow.add("item" if ITEM.match(lines[0]) else "text", "\n".join(lines))


def _barred_rows(lines: list[str]) -> list[list[Cell]]:
    """The rows of a table whose cells stand between bars, the first a head where a rule is below it; [] for other lines."""
    found = [_BARRED.match(line) for line in lines if not _BAR_RULE.match(line)]
    rows = [[part.strip() for part in one[1].split("|")] for one in found if one]
    if len(rows) < max(2, len(found)) or len({len(row) for row in rows}) > 1 or len(rows[0]) < 2:
        return []
    first = next(at for at, line in enumerate(lines) if not _BAR_RULE.match(line))
    headed = bool(_BAR_RULE.match(lines[first + 1])) and len(rows) < len(lines) - first
    return [[Cell(text, head=headed and not at) for text in row] for at, row in enumerate(rows)]


def _heading(lines: list[str], following: list[str]) -> tuple[int, int]:
    """(level, lines used) of a heading at the top of a group of lines, or (0, 0)."""
    first = lines[0].rstrip()
    if len(first) > 90 or not re.search(r"[^\W\d_]", first):
        return 0, 0
    rule = RULE.match(lines[1]) if len(lines) > 1 else None
    if rule and 0.6 * len(first.strip()) <= len(lines[1].strip()) <= len(first) + 10:
        return LEVELS.get(rule[1], 2), 2
    capitals = first.isupper() and len(re.findall(r"[^\W\d_]", first)) >= 4 and len(first) <= 60
    number = NUMBERED.match(first)
    alone = len(lines) == 1 or (
        not first.startswith(" ")
        and lines[1].startswith((" ", "\t"))
        and (not ITEM.match(first) or bool(capitals and number))
    )
    if not alone or first[-1] in ".,;:!?":
        return 0, 0
    if capitals:
        return 1, 1
    if number and len(lines) == 1 and following and not NUMBERED.match(following[0]):
        return number[1].count(".") + 1, 1
    return 0, 0
