"""Tables of plain text whose columns are set by blanks or tabs. Knows no format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.parsing.content.grids.cells import Cell

TAB = 8  # columns from one stop to the next
MOST_LINES = 2_000  # of a table whose columns are looked for
LEAST_GAP = 2  # blanks between columns
_PIECE = re.compile(rf"\S+(?: {{1,{LEAST_GAP - 1}}}\S+)*")
_RULE = re.compile(r"\s*[-=_+|]{3}[-=_+|\s]*$")


def spaced_rows(lines: Sequence[str]) -> list[list[Cell]]:
    """The rows of a table of three columns or more that all lines fill, or in which a cell is empty; [] for other lines, and where
    the columns are not sure."""
    return [] if len(lines) > MOST_LINES else _rows_by_place(lines) or _rows_by_tabs(lines)


def _rows_by_tabs(lines: Sequence[str]) -> list[list[Cell]]:
    """Rows that have as many tabs each, between which no column is empty."""
    rows = [[Cell(part.strip()) for part in line.split("\t")] for line in lines]
    if len(rows) < 3 or len(rows[0]) < 3 or any(len(row) != len(rows[0]) for row in rows):
        return []
    filled = [any(cell.text for cell in column) for column in zip(*rows, strict=True)]
    return rows_with_gaps(rows) if all(filled) else []


def _rows_by_place(lines: Sequence[str]) -> list[list[Cell]]:
    full = [line.expandtabs(TAB).rstrip() for line in lines if not _RULE.match(line)]
    pieces = [[found.span() for found in _PIECE.finditer(line)] for line in full]
    columns = _columns([span for row in pieces for span in row])
    if (
        len(full) < 3
        or any("|" in line for line in full)
        or not 3 <= len(columns) <= max(map(len, pieces))
    ):
        return []
    rows = []
    for line, spans in zip(full, pieces, strict=True):
        at = [next(n for n, (_, end) in enumerate(columns) if start < end) for start, _ in spans]
        if len(set(at)) < len(at):
            return []
        texts = {n: line[start:end] for n, (start, end) in zip(at, spans, strict=True)}
        rows.append([Cell(texts.get(n, "")) for n in range(len(columns))])
    full_rows = all(cell.text for row in rows for cell in row)
    return rows if full_rows else rows_with_gaps(rows)


def rows_with_gaps(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Rows of equal length with empty cells among their values; [] where there are none, and where a row is no row of its own.

    Names that begin above the second column are heads.
    """
    # A line without its first cell goes on with that above it
    headless = any(not row[0].text for row in rows[1:])
    lone = any(sum(bool(cell.text) for cell in row) < 2 for row in rows)
    gap = any(not cell.text for row in rows[1:] for cell in row)
    if not gap or headless or lone:
        return []
    corner = not rows[0][0].text and all(cell.text for cell in rows[0][1:])
    return [[replace(cell, head=corner) for cell in rows[0]], *rows[1:]]


def _columns(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The places that words of any line cover, as far as blanks of every line part them."""
    columns: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if columns and start < columns[-1][1] + LEAST_GAP:
            columns[-1] = (columns[-1][0], max(columns[-1][1], end))
        else:
            columns.append((start, end))
    return columns
