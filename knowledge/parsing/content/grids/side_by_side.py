"""Tell lists of short records that stand beside each other, and are read column by column, from the rows of a table. Knows no page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from knowledge.parsing.content.grids.ruled_grid import RuledGrid
from knowledge.parsing.content.grids.stretches import Stretch

Cells = Sequence[Sequence[str]]  # row by row, "" where a column has no text

FEWEST_ROWS = 3
SAME_PLACE = 2.0  # points
LABELLED = 0.6  # share of the texts of each column that say themselves what they are
ONE_LABEL = 0.5  # share of these that one label may have
SAME_BEGIN = 0.3  # share of the full rows whose texts begin with one word
_LABEL = re.compile(r"([^\W\d_][^:|]{0,30}): \S")
_NUMBERED = re.compile(r"\(?([A-Z]{0,3}[- ]?)(\d{1,4})[.)]? \S")
_WORD = re.compile(r"[^\W\d_]{3,}")


def without_records(grids: Sequence[RuledGrid], stretches: Sequence[Stretch]) -> list[RuledGrid]:
    """The grids that hold no lists beside each other. Those whose columns begin at the same places are told together: gaps
    part the records of lists.
    """
    sure: list[RuledGrid] = []
    run: list[RuledGrid] = []
    rows: list[list[str]] = []
    begun: tuple[float, ...] = ()
    for grid in grids:
        texts, begins = _texts_in(grid, stretches)
        if len(begins) != len(begun) or any(
            abs(one - other) > SAME_PLACE for one, other in zip(begins, begun, strict=True)
        ):
            sure += [] if run and are_records(rows) else run
            run, rows, begun = [], [], begins
        run, rows = [*run, grid], [*rows, *texts]
    return sure + ([] if run and are_records(rows) else run)


def _texts_in(
    grid: RuledGrid, stretches: Sequence[Stretch]
) -> tuple[list[list[str]], tuple[float, ...]]:
    """The texts of a grid without rules, and where its columns begin."""
    places = {number: (at, column) for at, row in enumerate(grid.cells) for column, number in enumerate(row)}  # fmt: skip
    rows = [["" for _ in row] for row in grid.cells]
    begins = [*grid.xs[1:]]
    for one in stretches:
        number = grid.cell((one.left + one.right) / 2, one.foot + one.size / 3)
        if number is not None:
            at, column = places[number]
            rows[at][column] = f"{rows[at][column]} {one.text}".strip()
            begins[column] = min(begins[column], one.left)
    return rows, tuple(begins)


def are_records(rows: Cells) -> bool:
    """Are columns surely lists beside each other? Their texts bring labels of their own ("Power: 900 W", "Fuse: 4 A"), or are numbered on
    from the foot of each column to the top of the next, or begin with the same words beside each other, time and again.
    """
    columns = [[text for text in column if text] for column in zip(*rows, strict=True)]
    if len(columns) < 2 or any(len(column) < FEWEST_ROWS for column in columns):
        return False
    return all(map(_labelled, columns)) or _numbered_on(columns) or _begin_alike(rows)


def _labelled(texts: Sequence[str]) -> bool:
    """Do the texts of a column say what they are, and not all the same, as where each row says "was: ..." and "is: ..."?"""
    labels = Counter(label[1] for label in map(_LABEL.match, texts) if label)
    most = max(labels.values(), default=0)
    return labels.total() >= LABELLED * len(texts) and most <= ONE_LABEL * labels.total()


def _numbered_on(columns: Sequence[Sequence[str]]) -> bool:
    """Do numbers run down each column and on at the top of the next, in texts that all have one?"""
    found = [_NUMBERED.match(text) for column in columns for text in column]
    numbers = [(one[1], int(one[2])) for one in found if one]
    if len(numbers) < len(found):
        return False
    return all(one[0] == other[0] and other[1] == one[1] + 1 for one, other in pairwise(numbers))


def _begin_alike(rows: Cells) -> bool:
    """Have rows the same first word in each column, and that word more than once in it, before other texts?"""
    full = [row for row in rows if all(row)]
    begins = []
    for row in full:
        words = [_WORD.match(text) for text in row]
        first = {word[0] if word else "" for word in words}
        if len(first) == 1 and first != {""} and len({*row}) == len(row):
            begins += [*first]
    often = sum(count for count in Counter(begins).values() if count > 1)
    return bool(full) and often >= max(2, SAME_BEGIN * len(full))
