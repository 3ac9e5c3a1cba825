"""Merged cells that hold an entry for each row that they span, as a person reads them: each row gets its own. Knows no format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.parsing.content.grids.cells import Cell, Grid

MOST_WORDS = 6  # of an entry; a longer text is about all rows
_SENTENCE = re.compile(r"[.!?;:,]$|^[(\[/+&–-]|^(?:and|or|und|oder|et|ou|y|o|e|en|of)\b|[-/&+]$")


def with_parts_apart(grid: Grid) -> Grid:
    """The rows, each with its own entry of the cells that hold as many as they span rows.

    "Filter" and "Filter seal" in one cell beside "3 months" and "12 months" are two rows. Sentences, lists and names that
    go on in the next line belong to all the rows, as does a cell with a single entry.
    """
    spans = _spans(grid)
    if not spans:
        return grid
    made = [list(row) for row in grid]
    for cell, rows in spans:
        if not _tells_apart(grid, cell, rows):
            continue
        for at, part in zip(rows, cell.parts, strict=True):
            own = replace(cell, text=part, down=1, parts=())
            made[at] = [own if one is cell else one for one in made[at]]
    return made


def _spans(grid: Grid) -> list[tuple[Cell, list[int]]]:
    """The cells that hold an entry for each of their rows, with those rows."""
    held: dict[int, tuple[Cell, list[int]]] = {}
    for at, row in enumerate(grid):
        for cell in {id(one): one for one in row if one and len(one.parts) > 1}.values():
            held.setdefault(id(cell), (cell, []))[1].append(at)
    return [
        (cell, rows)
        for cell, rows in held.values()
        if len(rows) == len(cell.parts) and not cell.head and are_entries(cell.parts)
    ]


def are_entries(parts: Sequence[str]) -> bool:
    """Are lines of a cell entries of a kind, each by itself, and neither sentences nor one name on several lines?"""
    if len(set(parts)) < len(parts):
        return False
    if any(len(part.split()) > MOST_WORDS or _SENTENCE.search(part) for part in parts):
        return False
    figures = {any(char.isdigit() for char in part) for part in parts}
    small = {part[0].islower() for part in parts}
    return len(figures) == len(small) == 1


def _tells_apart(grid: Grid, cell: Cell, rows: Sequence[int]) -> bool:
    """Does each row have cells of its own beside one that spans them, other than those of the other rows? Not the rows of a
    head, of which one spans columns.
    """
    beside = [
        [
            one
            for one in grid[at]
            if one and one.text and one is not cell and not _spans_all(grid, one, rows)
        ]
        for at in rows
    ]
    if rows[0] == 0 and any(one.across > 1 or one.head for row in beside for one in row):
        return False
    texts = [tuple(one.text for one in row) for row in beside]
    return all(texts) and len(set(texts)) == len(texts)


def _spans_all(grid: Grid, cell: Cell, rows: Sequence[int]) -> bool:
    return all(any(one is cell for one in grid[at]) for at in rows)
