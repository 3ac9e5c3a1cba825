"""Find the tables that have no rules: rows of short texts that begin or end below each other, in columns that no row's text
crosses. Knows no text order and no format.

A grid is sure or none: what may be prose in columns, a numbered list or a list of contents stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from knowledge.parsing.content.grids.ruled_grid import RuledGrid
from knowledge.parsing.content.grids.spanned_heads import spanned_head
from knowledge.parsing.content.grids.stretches import (
    FEWEST_ROWS,
    Stretch,
    TextRow,
    held_by,
    merged,
    row_run,
)
from knowledge.parsing.content.grids.wrapped_cells import begins_small, wrapped_lines

FARTHEST = 2.6  # sizes between two lines of a table
WRAPPED = 1.5  # and between the lines of a cell
NEARER = 0.93  # of the usual distance of rows, below which a line goes on with the one above
MOST_WORDS = 6  # of a cell on the average
ALIGNED = 0.6  # share of the texts of a column that begin, end or stand in the middle below another
SAME = 2.0  # points
PROSE_WORDS, NARROW_WORDS = 4, 2.5  # of a line of prose, and in columns that all are
RUNNING = 0.4  # share of lines that begin in the middle of a sentence, in prose
_NUMBERED = re.compile(r"\(?\w{1,2}[.)]|[^\w\s]{1,2}|o")
_MARK = re.compile(r"[•●▪◦‣⁃∙·➢➤\uf000-\uf0ff](?:\s|$)")
_SENTENCE_ENDS = re.compile(r"[^\W\d_]{2}[.!?] [^\W\d_]")
_FIGURE = re.compile(r"\d")
_PROGRAM = re.compile(r"[^\W\d]{2}[._]+[^\W\d]")  # "axis.x.select", of what is typed as it stands


def aligned_grids(stretches: Sequence[Stretch]) -> list[RuledGrid]:
    """The grids of the tables that texts of a page make, from above to below."""
    found = []
    rows = row_run(stretches)
    start = end = 0  # of the rows that may be a table
    free = 0  # from here on rows are in no table
    for at, row in enumerate([*rows, []]):
        run = rows[start:end]
        if row and run and (goes_on(run, row) or _ends_name(run[0], run[-1], row)):
            end = at + 1
            continue
        if row and run and _begins_name(run, row, rows[at + 1] if at + 1 < len(rows) else []):
            end = at + 1
            continue
        while run and len(run[-1]) < 2:
            if len(run) > 1 and run[-1][0].left > run[0][0].left + run[-1][0].size:
                break  # the last line of the last row
            if len(run) > 1 and _ends_name(run[0], run[-2], run[-1]):
                break
            run.pop()
        for first, part in _grids_of(rows[free:start], run):
            found.append(part)
            free = start + first
        start, end = (at, at + 1) if len(row) > 1 else (at, at)
    return found


def _grids_of(before: Sequence[TextRow], run: Sequence[TextRow]) -> Iterator[tuple[int, RuledGrid]]:
    """The grid of a run with its length; where it makes none, those of its parts between lines that stand alone."""
    if not run:
        return
    if grid := _headed_grid(before, run) or _grid(run):
        yield len(run), grid
        return
    begun = 0
    alone = [at for at in range(1, len(run)) if _ends_name(run[0], run[at - 1], run[at])]
    for end in [*alone, len(run)] if alone else []:
        above = run[begun - 1 : begun] if begun else before
        while begun < end and len(run[begun]) < 2:
            begun += 1
        if begun < end and (grid := _headed_grid(above, run[begun:end]) or _grid(run[begun:end])):
            yield end, grid
        begun = end + 1


def _ends_name(first: TextRow, above: TextRow, row: TextRow) -> bool:
    """May a line that stands alone in the first column be the rest of the name of the row above it?"""
    left, pitch = row[0].left, above[0].foot - row[0].foot
    beside = abs(left - first[0].left) <= SAME and abs(left - above[0].left) <= SAME
    near = 0 < pitch <= WRAPPED * row[0].size
    return len(row) == 1 and beside and near and begins_small(row[0].text)


def _begins_name(run: Sequence[TextRow], row: TextRow, below: TextRow) -> bool:
    """Is a line that stands alone in the first column surely the beginning of the name of the row below it, which is nearer than
    rows are?
    """
    if len(row) != 1 or len(below) < 2 or len(run) < FEWEST_ROWS:
        return False
    one, rest, usual = row[0], below[0], median(a[0].foot - b[0].foot for a, b in pairwise(run))
    beside = abs(one.left - run[0][0].left) <= SAME and abs(one.left - rest.left) <= SAME
    alike = abs(one.size - rest.size) <= 0.2 * one.size and one.size == run[-1][0].size
    near = 0 < one.foot - rest.foot <= min(WRAPPED * one.size, NEARER * usual)
    above = run[-1][0].foot - one.foot
    return beside and alike and near and above <= usual / NEARER and _is_cut(one.text, rest.text)


def _is_cut(text: str, rest: str) -> bool:
    """Does a text end within brackets or before a small letter?"""
    return text.count("(") > text.count(")") or begins_small(rest)


def _headed_grid(before: Sequence[TextRow], run: Sequence[TextRow]) -> RuledGrid | None:
    """The grid of rows whose head has an upper row with spans; this may be a text that stands alone above them."""
    for rows in ([*before[-1:], *run], run):
        if len(rows) < 4:
            continue
        top, low, body = rows[0], rows[1], rows[2:]
        far = (WRAPPED if len(top) < 2 else FARTHEST) * low[0].size
        alike = abs(top[0].size - low[0].size) <= 0.2 * low[0].size
        if len(low) < 2 or not (0 < top[0].foot - low[0].foot <= far and alike):
            continue
        head = spanned_head(top, low, body, columns_of([low, *body]))
        if head and (grid := _grid([head.below, *body])):
            return head.above(grid)
    return None


def goes_on(run: Sequence[TextRow], row: TextRow) -> bool:
    """May a line belong to the table above it: as a row, or as the rest of a cell that is not in the first column?"""
    last, size = run[-1][0], row[0].size
    pitch = last.foot - row[0].foot
    if pitch > FARTHEST * max(size, 1) or abs(size - last.size) > 0.2 * max(size, last.size):
        return False
    if _is_item(row, run[0]) and not any(_MARK.match(above[0].text) for above in run):
        return False
    return len(row) > 1 or (pitch <= WRAPPED * size and row[0].left > run[0][0].left + size)


def _is_item(row: TextRow, first: TextRow) -> bool:
    """Is a line an item of a list that begins where the table does: a mark, and one text?"""
    lone = bool(_MARK.fullmatch(row[0].text))
    beside = row[0].left <= first[0].left + row[0].size
    return beside and len(row) == 1 + lone and bool(_MARK.match(row[0].text))


def _grid(run: Sequence[TextRow]) -> RuledGrid | None:
    if sum(len(row) > 1 for row in run) < FEWEST_ROWS or not are_short(run):
        return None
    columns = columns_of(run)
    if len(columns) < 2:
        return None
    return grid_in(run, columns, sure=False)


def grid_in(
    run: Sequence[TextRow], columns: Sequence[tuple[float, float]], sure: bool = True
) -> RuledGrid | None:
    """The grid of rows in given columns; None where it cannot be told which line belongs to which row, or, if not ``sure``,
    whether they are a table.
    """
    held = [[held_by(one, columns) for one in row] for row in run]
    if not all(all(row) for row in held):
        return None
    wrapped = wrapped_lines(run, held)
    joined = _joined(run, held, wrapped)
    if joined is None or not (sure or is_table(run, columns, joined, wrapped)):
        return None
    return _made(run, held, columns, joined)


def are_short(run: Sequence[TextRow]) -> bool:
    """Are the texts of rows short, and neither a program's nor a numbered list?"""
    texts = [one.text for row in run for one in row]
    if sum(len(text.split()) for text in texts) > MOST_WORDS * len(texts):
        return False
    if sum(bool(_PROGRAM.search(text)) for text in texts) >= 0.4 * len(texts):
        return False
    first = [row[0].text for row in run if len(row) > 1]
    return sum(bool(_NUMBERED.fullmatch(text)) for text in first) < 0.5 * len(first)


def columns_of(run: Sequence[TextRow]) -> list[tuple[float, float]]:
    """(left, right) of the columns: what the rows with the usual count of texts cover. A text of another row may span some."""
    usual = median(len(row) for row in run if len(row) > 1)
    every = merged([one for row in run for one in row])
    most = merged([one for row in run if len(row) >= usual for one in row])
    return most if len(most) > len(every) else every


def _joined(
    run: Sequence[TextRow], held: Sequence[Sequence[list[int]]], wrapped: set[int]
) -> list[int] | None:
    """For each line the row of the table that it belongs to; None where that cannot be told.

    A line without text in the first column goes on with the row above: where it is one text, or nearer than rows are, or
    below the first line, which it heads with it. So does one that is ``wrapped``.
    """
    pitches = [above[0].foot - row[0].foot for above, row in pairwise(run)]
    filled = [
        at not in wrapped and any(0 in columns for columns in row) for at, row in enumerate(held)
    ]
    starts = [pitch for pitch, begins in zip(pitches, filled[1:], strict=True) if begins]
    usual = median(starts[1:] or starts) if starts else 0.0
    rows, at = [0], 0
    for number in range(1, len(run)):
        near = number in wrapped if wrapped else pitches[number - 1] < NEARER * usual
        told = any(_FIGURE.search(one.text) or _MARK.match(one.text) for one in run[number])
        heads = at == 0 and not told
        if filled[number]:
            if _ends_name(run[0], run[number - 1], run[number]):
                return None
            below_head = number == 1 and near and heads and (not filled[0] or len(run) > 4)
            named = number > FEWEST_ROWS and _begins_name(run[: number - 1], *run[number - 1 : number + 1])  # fmt: skip
            at += 0 if below_head or named else 1
        elif not (near or heads or len(run[number]) == 1):
            return None
        rows.append(at)
    return rows if filled[0] or rows[:2] == [0, 0] else None


def is_table(
    run: Sequence[TextRow],
    columns: Sequence[tuple[float, float]],
    joined: Sequence[int],
    wrapped: set[int],
) -> bool:
    """Are the texts of columns short and below each other, and no prose or list of pages? ``joined`` has the row of each line, and
    ``wrapped`` those that go on with one.
    """
    if len(set(joined)) < FEWEST_ROWS:
        return False
    # Where cells surely wrap, and the first of each row names it, only what they begin with is looked at
    names = sum(len(one.text.split()) for row in run for one in row if held_by(one, columns) == [0])
    named = bool(wrapped) and names <= MOST_WORDS * len(set(joined))
    begun = [row for at, row in enumerate(run) if not (named and at in wrapped)]
    prose = True
    for at, _ in enumerate(columns):
        texts = [one for row in run for one in row if held_by(one, columns) == [at]]
        first = [one for row in begun for one in row if held_by(one, columns) == [at]]
        if len(texts) < 2 or not (_is_aligned(texts) and not runs(first or texts)):
            return False
        prose = prose and runs(first or texts, NARROW_WORDS)
    # Narrow columns of prose, where a sentence ends within a line; cells that begin small may be a table's
    if prose and any(_SENTENCE_ENDS.search(one.text) for row in run for one in row):
        return False
    last = [row[-1].text for row in run]
    return not (len(columns) == 2 and _lists_pages(last))


def _is_aligned(texts: Sequence[Stretch]) -> bool:
    edges = (
        [one.left for one in texts],
        [one.right for one in texts],
        [(one.left + one.right) / 2 for one in texts],
    )
    return any(
        sum(
            any(abs(edge - other) <= SAME for k, other in enumerate(places) if k != i)
            for i, edge in enumerate(places)
        )
        >= ALIGNED * len(places)
        for places in edges
    )


def runs(texts: Sequence[Stretch], least: float = PROSE_WORDS) -> bool:
    """Is a column prose? Its lines have several words and go on from one to the next."""
    words = sum(len(one.text.split()) for one in texts) / len(texts)
    inner = sum(one.text[:1].islower() for one in texts[1:]) / max(1, len(texts) - 1)
    return words >= least and inner >= RUNNING


def _lists_pages(texts: Sequence[str]) -> bool:
    """May a last column be page numbers, which rise?"""
    numbers = [int(text) for text in texts if text.isdigit()]
    rising = all(a <= b for a, b in pairwise(numbers))
    return len(numbers) >= 4 and len(numbers) >= 0.8 * len(texts) and rising


def _made(
    run: Sequence[TextRow],
    held: Sequence[Sequence[list[int]]],
    columns: Sequence[tuple[float, float]],
    joined: Sequence[int],
) -> RuledGrid:
    inner = [(one[1] + other[0]) / 2 for one, other in pairwise(columns)]
    xs = (columns[0][0] - 1, *inner, columns[-1][1] + 1)
    first, last = run[0][0], run[-1][0]
    ys = [first.foot + first.size + 1]
    for (above, row), (one, other) in zip(pairwise(run), pairwise(joined), strict=True):
        if one != other:
            ys.append((above[0].foot + row[0].foot + row[0].size) / 2)
    ys.append(last.foot - 0.3 * last.size - 1)
    wide = len(columns)
    cells = [[row * wide + at for at in range(wide)] for row in range(joined[-1] + 1)]
    for number, texts, places in zip(joined, run, held, strict=True):
        for text, spanned in zip(texts, places, strict=True):
            glued = number == 0 and joined.count(0) == 1 and len(texts) == wide - 1 > 1
            if glued or all(map(_FIGURE.match, text.text.split())):
                continue  # two texts of one column each
            for at in spanned[1:]:
                cells[number][at] = cells[number][spanned[0]]
    return RuledGrid(xs, tuple(ys), tuple(-y for y in ys), tuple(map(tuple, cells)))
