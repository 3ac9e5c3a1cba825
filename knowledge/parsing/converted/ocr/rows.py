"""The tables without rules among the lines that OCR saw: torn ones, which are read again, and their rows, cell by cell.

tesseract takes the columns of such a table for columns of text, and drops what stands alone in them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from knowledge.parsing.content.grids.aligned_grid import aligned_grids
from knowledge.parsing.content.grids.cells import Cell, CellText
from knowledge.parsing.content.grids.ruled_grid import RuledGrid
from knowledge.parsing.content.grids.stretches import GAP, Stretch
from knowledge.parsing.content.tables import table_parts
from knowledge.parsing.converted.ocr.engine import OcrLine, OcrWord

FEWEST_TORN = 3  # pairs of short lines beside each other
SHORT = 4.0  # words of them on the average; those of columns of text have more
MOST_TURNED = 0.2  # of the words
KEPT = 0.97  # of what was sure before
MOSTLY = 0.6  # of a column are figures
_FIGURE, _POINTED = re.compile(r"\d"), re.compile(r"\d[.,]\d")
RowPiece = OcrWord | str


@dataclass(frozen=True, slots=True)
class _WordCell(Cell):
    """A cell with the words that stand in it."""

    words: tuple[OcrWord, ...] = ()


@dataclass(frozen=True, slots=True)
class OcrTable:
    """Rows, each with the words and signs that it is written with; ``lines`` are the places of its own among those seen."""

    lines: tuple[int, ...]
    parts: tuple[tuple[tuple[RowPiece, ...], ...], ...]
    doubtful: tuple[str, ...]  # in columns of figures, what is none


def is_torn(seen: Sequence[OcrLine]) -> bool:
    """Do short lines stand beside each other, as the cells of a row do? A narrow column is taken for a line that is turned."""
    turned = sum(len(line.words) for line in seen if line.angle)
    if turned > MOST_TURNED * sum(len(line.words) for line in seen):
        return False
    seen = [line for line in seen if not line.angle]
    torn: list[int] = []
    for at, line in enumerate(seen):
        beside = [
            other
            for k, other in enumerate(seen)
            if k != at
            and abs(other.box[1] + other.box[3] - line.box[1] - line.box[3]) < line.size
            and (other.box[0] > line.box[2] + line.size or other.box[2] < line.box[0] - line.size)
        ]
        if beside:
            torn.append(len(line.words))
    return len(torn) >= 2 * FEWEST_TORN and sum(torn) <= SHORT * len(torn)


def better(seen: list[OcrLine], again: list[OcrLine]) -> list[OcrLine]:
    """What was seen line by line right across the picture, where that holds tables and no less is sure; else as before."""
    before, now = (_sure(lines) for lines in (seen, again))
    return again if now >= KEPT * before and tables_in(again) else seen


def _sure(lines: Sequence[OcrLine]) -> float:
    """How many letters are sure, each as far as it is."""
    return sum(len(word.text) * word.sure for line in lines for word in line.words)


def tables_in(lines: Sequence[OcrLine]) -> list[OcrTable]:
    """The tables without rules that the level lines of a picture hold, from above to below."""
    level = [(number, line) for number, line in enumerate(lines) if not line.angle]
    slope = _slope([line for _, line in level])
    stretches, words = list[Stretch](), list[tuple[int, OcrWord, float, float]]()
    for number, line in level:
        foot = median(_place(word, slope)[1] for word in line.words)
        stretches += _parted(line, foot, slope)
        words += [(number, word, _place(word, slope)[0], foot) for word in line.words]
    found: list[OcrTable] = []
    for grid in aligned_grids(stretches):
        table = _table(grid, words)
        if table and not any(set(table.lines) & set(other.lines) for other in found):
            found.append(table)
    return found


def _slope(lines: Sequence[OcrLine]) -> float:
    """How far a picture is askew: pixels down for each to the right."""
    slopes = []
    for line in lines:
        first, last = line.words[0].box, line.words[-1].box
        if len(line.words) > 1 and last[0] - first[0] > 10 * max(line.size, 1):
            slopes.append((last[3] - first[3]) / (last[0] - first[0]))
    return median(slopes) if slopes else 0.0


def _place(word: OcrWord, slope: float) -> tuple[float, float]:
    """(middle, foot) of a word in the picture set straight; up is positive."""
    left, _, right, bottom = word.box
    middle = (left + right) / 2
    return middle + slope * bottom, slope * middle - bottom


def _parted(line: OcrLine, foot: float, slope: float) -> list[Stretch]:
    runs: list[list[OcrWord]] = [[line.words[0]]]
    for one, other in pairwise(line.words):
        if other.box[0] - one.box[2] > GAP * line.size:
            runs.append([])
        runs[-1].append(other)
    return [
        Stretch(
            run[0].box[0] + slope * run[0].box[3],
            run[-1].box[2] + slope * run[-1].box[3],
            foot,
            line.size,
            " ".join(word.text for word in run),
        )
        for run in runs
    ]


def _table(grid: RuledGrid, words: Sequence[tuple[int, OcrWord, float, float]]) -> OcrTable | None:
    held: dict[int, list[OcrWord]] = {}
    inside, outside = set[int](), set[int]()
    for number, word, x, foot in words:
        cell = grid.cell(x, foot + 1)
        (outside if cell is None else inside).add(number)
        if cell is not None:
            held.setdefault(cell, []).append(word)
    if inside & outside:
        return None  # a row goes on outside
    cells = {
        number: _WordCell(" ".join(w.text for w in held.get(number, ())), words=tuple(held.get(number, ())))
        for row in grid.cells
        for number in row
    }  # fmt: skip
    rows = [[cells[number] for number in row] for row in grid.cells]
    found = table_parts(rows)
    parts = tuple(tuple(tuple(_pieces(row)) for row in part.rows if row) for part in found)
    below = found[0].order.titles + max(1, found[0].order.heads)
    return OcrTable(tuple(sorted(inside)), parts, tuple(_doubtful(rows[below:])))


def _pieces(row: Sequence[str | CellText]) -> list[RowPiece]:
    """A row as words and what stands between them."""
    out: list[RowPiece] = []
    for one in row:
        if isinstance(one, str) or not isinstance(one.cell, _WordCell):
            out.append(str(one))
            continue
        for at, word in enumerate(one.cell.words):
            out += [*([" "] if at else []), word]
    return out


def _doubtful(rows: Sequence[Sequence[_WordCell]]) -> list[str]:
    """In columns of figures, cells of letters, and in those of figures with a point, figures without: "Tel" and
    "71" for "7.1"."""
    found: list[str] = []
    for column in zip(*rows, strict=True):
        texts = [cell.text for cell in column if cell.text]
        for kind in (_FIGURE, _POINTED):
            right = [text for text in texts if kind.search(text)]
            if MOSTLY * len(texts) <= len(right) < len(texts):
                found += [text for text in texts if text not in right and text.isalnum()]
    return list(dict.fromkeys(found))
