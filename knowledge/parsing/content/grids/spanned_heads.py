"""Heads of two rows in tables without rules: which columns a text of the upper row heads. Knows no text order and no format.

A span is sure or none: the text reaches over several columns that have heads of their own below it, or stands in the middle
between them, or the same heads stand below each of the texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.parsing.content.grids.ruled_grid import RuledGrid
from knowledge.parsing.content.grids.stretches import Stretch, TextRow, held_by

Columns = Sequence[tuple[float, float]]
NEAR = 2.0  # points
OFF = (
    4.0,
    8.0,
)  # points, by which a text may stand beside the middle of columns: alone, and beside others
TITLE = 6.0  # points from the middle of the whole table, within which a lone text is its title
_FIGURE = re.compile(r"[^\w(]{0,3}\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNIT = re.compile(r"[^\W\d_]+|[°%€$£]")
_CAPTION = re.compile(r"(?:tab|table|tabelle|tableau|tabla|tabella|tabel)\b", re.I)


@dataclass(frozen=True, slots=True)
class SpannedHead:
    """The upper row of a head, and for each of its texts the columns that it heads; ``below`` are the heads under it, with
    those that stand in the upper row alone.
    """

    top: TextRow
    spans: tuple[tuple[int, ...], ...]
    below: TextRow

    def above(self, grid: RuledGrid) -> RuledGrid:
        """A grid whose first row are the heads below, with the upper row above it."""
        foot, low = self.top[0].foot, self.below[0]
        line = (foot + low.foot + low.size) / 2
        ys = (foot + self.top[0].size + 1, line, *grid.ys[1:])
        first = max(number for row in grid.cells for number in row) + 1
        cells = [*grid.cells[0]]  # what no text spans goes down
        for at, span in enumerate(self.spans):
            for column in span if len(span) > 1 else ():
                cells[column] = first + at
        xs = (*grid.xs[:-1], max(grid.xs[-1], self.top[-1].right + 1))
        return RuledGrid(xs, ys, tuple(-y for y in ys), (tuple(cells), *grid.cells))


def spanned_head(
    top: TextRow, low: TextRow, body: Sequence[TextRow], columns: Columns
) -> SpannedHead | None:
    """The head that two rows make above others; None where the upper one surely spans nothing."""
    beside = [held_by(one, columns) for one in low]
    heads = {held[0]: one for held, one in zip(beside, low, strict=True) if len(held) == 1}
    if len(heads) != len(low) or len(heads) < 2:
        return None
    spans = _spans(top, heads, columns)
    if spans is None or max(map(len, spans)) < 2:
        return None
    taken = [column for span in spans for column in span]
    if len({*taken}) < len(taken) or not _are_heads(heads, spans, body, columns):
        return None
    alone = [
        one for one, (at, *more) in zip(top, spans, strict=True) if not more and at not in heads
    ]
    below = [*low, *(replace(one, foot=low[0].foot) for one in alone)]
    return SpannedHead(top, tuple(spans), sorted(below, key=lambda one: one.left))


def _spans(
    top: TextRow, heads: dict[int, Stretch], columns: Columns
) -> list[tuple[int, ...]] | None:
    """The columns of each text of the upper row; None where one has none."""
    crossed = [held_by(one, columns) for one in top]
    if repeated := _repeated(crossed, heads):
        return repeated
    lone = len(top) == 1
    middle = [_in_the_middle(one, heads, columns, lone) for one in top]
    if lone and (not middle[0] or _is_title(top[0], columns)):
        return None
    every = {column for span in middle for column in span} >= heads.keys() - {0}
    spans: list[tuple[int, ...]] = []
    for one, held, span in zip(top, crossed, middle, strict=True):
        surely = len(held) != 1 or not (lone or _heads_one(one, columns, every))
        if span and surely:
            spans.append(span)
        elif len(held) == 1 or (held and 0 not in held and heads.keys() >= {*held}):
            spans.append(tuple(held))
        else:
            return None
    return spans


def _repeated(crossed: Sequence[Sequence[int]], heads: dict[int, Stretch]) -> list[tuple[int, ...]]:
    """The columns from each text of the upper row to the next, where the same heads stand below all of them."""
    if len(crossed) < 2 or not all(crossed) or crossed[0][0] == 0:
        return []
    begins = [held[0] for held in crossed]
    under = sorted(column for column in heads if column > 0)
    wide, more = divmod(len(under), len(begins))
    groups = [under[at : at + wide] for at in range(0, len(under), max(wide, 1))]
    if wide < 2 or more or any(begin not in group or {*held} - {*group} for begin, group, held in zip(begins, groups, crossed, strict=True)):  # fmt: skip
        return []
    texts = [[heads[column].text for column in group] for group in groups]
    same = all(text == texts[0] for text in texts) and len({*texts[0]}) == wide
    return [tuple(group) for group in groups] if same else []


def _in_the_middle(
    one: Stretch, heads: dict[int, Stretch], columns: Columns, lone: bool
) -> tuple[int, ...]:
    """The columns between whose sides a text stands in the middle; () for none."""
    place, crossed = (one.left + one.right) / 2, {*held_by(one, columns)}
    found: list[tuple[float, tuple[int, ...]]] = []
    for first in range(1, len(columns) - 1):
        for last in range(first + 1, len(columns)):
            span = tuple(range(first, last + 1))
            if not (heads.keys() >= {*span} and {*span} >= crossed):
                continue
            for left, right in _sides(first, last, columns)[: 1 if lone else 2]:
                inside = left - NEAR < one.left and one.right < right + NEAR
                off = abs(place - (left + right) / 2)
                if inside and off <= OFF[not lone]:
                    found.append((off, span))
    return min(found)[1] if found else ()


def _sides(first: int, last: int, columns: Columns) -> list[tuple[float, float]]:
    """Where columns may begin and end: with their texts, or with the room that these leave to the next column."""
    left, right = columns[first][0], columns[last][1]
    room = (right - left - sum(b - a for a, b in columns[first : last + 1])) / (last - first)
    after = columns[last + 1][0] if last + 1 < len(columns) else right + room
    return [(left, right), (left, after)]


def _heads_one(one: Stretch, columns: Columns, every: bool) -> bool:
    """May a text be the first line of the head of one column: does it begin or end with it, or stand in its middle? Not in the
    middle, where every column stands below such a text.
    """
    return any(
        abs(one.left - left) < NEAR
        or abs(one.right - right) < NEAR
        or (abs(one.left + one.right - left - right) < 2 * NEAR and not every)
        for left, right in (columns[at] for at in held_by(one, columns))
    )


def _is_title(one: Stretch, columns: Columns) -> bool:
    """May a lone text above a table be its title?"""
    middle = (columns[0][0] + columns[-1][1]) / 2
    return abs((one.left + one.right) / 2 - middle) < TITLE or bool(_CAPTION.match(one.text))


def _are_heads(
    heads: dict[int, Stretch],
    spans: Sequence[tuple[int, ...]],
    body: Sequence[TextRow],
    columns: Columns,
) -> bool:
    """Do heads, and no values, stand below what spans them? Figures do with a unit that the rows below lack, and years."""
    for column in (column for span in spans if len(span) > 1 for column in span):
        text = heads[column].text
        if not _FIGURE.match(text):
            continue
        values = [one.text for row in body for one in row if held_by(one, columns) == [column]]
        year, units = _YEAR.fullmatch(text), set(_UNIT.findall(text))
        if year and not any(map(_YEAR.fullmatch, values)):
            continue
        if not units or any(units & set(_UNIT.findall(value)) for value in values):
            return False
    return True
