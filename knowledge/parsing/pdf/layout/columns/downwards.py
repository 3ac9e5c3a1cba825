"""Chinese, Japanese and Korean text that is set from above to below, in columns that follow each other from right to left.

PDFium has such columns from left to right where they begin on one height, and those whose signs are drawn one by one as a line for
each sign.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.parsing.pdf.layout.columns.running_text import ColumnPart
from knowledge.parsing.pdf.lines import Line
from knowledge.parsing.pdf.page.page_text import is_east_asian

FEWEST = 4  # signs below each other that are a column
MOSTLY = 0.6  # of the signs of a page
APART = 0.5  # sizes between two signs below or beside each other
SAMPLE = 40  # signs of a page that tell whether they stand below each other
WIDE_BLANK = "\u3000"
SAME = 0.6  # sizes that signs of one column stand off each other
GAP = 2.5  # sizes within a column
FAR, NEAR = 60.0, 20.0  # points
Box = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(slots=True)
class _Piece:
    """Signs that follow each other in PDFium's text and on the page, downwards or across."""

    start: int
    end: int
    left: float
    bottom: float
    right: float
    top: float
    size: float
    signs: int = 1

    @property
    def middle(self) -> float:
        """Where it stands across the page."""
        return (self.left + self.right) / 2

    def follows(self, box: Box, down: bool) -> bool:
        """Stands a sign below or beside the last one?"""
        left, bottom, right, top = box
        if down:
            shared = min(self.right, right) - max(self.left, left)
            wide = min(self.right - self.left, right - left)
            return shared > 0.5 * wide and -0.4 * self.size < self.bottom - top < APART * self.size
        shared = min(self.top, top) - max(self.bottom, bottom)
        high = min(self.top - self.bottom, top - bottom)
        return shared > 0.5 * high and -0.4 * self.size < left - self.right < APART * self.size

    def take(self, at: int, box: Box) -> None:
        """Add a sign."""
        self.end, self.signs = at + 1, self.signs + 1
        self.left, self.bottom = min(self.left, box[0]), min(self.bottom, box[1])
        self.right, self.top = max(self.right, box[2]), max(self.top, box[3])


def lines_downwards(raw: str, box: Callable[[int], Box]) -> list[ColumnPart]:
    """The pieces of a page in the order in which they are read; [] where its text does not run downwards.

    ``box`` gives the cell of a character.
    """
    shown = [at for at, char in enumerate(raw) if char == WIDE_BLANK or not char.isspace()]
    if sum(is_east_asian(raw[at]) for at in shown) <= 0.5 * len(shown) or _run_across(shown, box):
        return []
    cells = {at: box(at) for at in shown}
    if not _run_down(cells):
        return []
    pieces = _pieces(cells, raw)
    columns = _columns(pieces)
    long = [column for column in columns if _signs(column) >= FEWEST]
    if sum(map(_signs, long)) < MOSTLY * len(shown):
        return []
    top, bottom = max(one[0].top for one in long), min(one[-1].bottom for one in long)
    outside = [one for one in columns if one[0].bottom >= top or one[-1].top <= bottom]
    rows = _rows([piece for column in outside for piece in column])
    inside = [one for one in columns if one[0].bottom < top and one[-1].top > bottom]
    ordered = [
        *(row for row in rows if row[0].bottom >= top),
        *_tiers(inside),
        *(row for row in rows if row[0].bottom < top),
    ]
    return [
        ColumnPart(piece.start, piece.end, "" if at else "\r\n")
        for line in ordered
        for at, piece in enumerate(line)
    ]


def _piece(at: int, cell: Box) -> _Piece:
    left, bottom, right, top = cell
    return _Piece(at, at + 1, *cell, max(min(right - left, top - bottom), 1.0))


def _run_across(shown: Sequence[int], box: Callable[[int], Box]) -> bool:
    """Do most of some signs stand right before the one that follows?"""
    looked = range(0, len(shown) - 1, max(1, len(shown) // SAMPLE))
    beside = sum(_piece(shown[n], box(shown[n])).follows(box(shown[n + 1]), False) for n in looked)
    return beside > 0.5 * len(looked)


def _run_down(cells: Mapping[int, Box]) -> bool:
    """Is the nearest sign of most of some signs the one above or below?"""
    middles = [((a + c) / 2, (b + d) / 2) for a, b, c, d in cells.values()]
    looked = below = 0
    for x, y in middles[:: max(1, len(middles) // SAMPLE)]:
        near = [(abs(x - u), abs(y - v)) for u, v in middles if 0.5 < abs(x - u) + abs(y - v) < FAR]
        if near:
            looked += 1
            across, up = min(near, key=sum)
            below += up > across
    return below > 0.7 * looked


def _pieces(cells: Mapping[int, Box], raw: str) -> list[_Piece]:
    """The signs, those together that follow each other downwards in PDFium's text, and the figures of one that lies."""
    pieces: list[_Piece] = []
    for at, cell in cells.items():
        last = pieces[-1] if pieces else None
        if last is not None and last.end == at:
            latin = not (is_east_asian(raw[at]) or is_east_asian(raw[at - 1]))
            if last.follows(cell, down=True) or latin and last.follows(cell, down=False):
                last.take(at, cell)
                continue
        pieces.append(_piece(at, cell))
    return pieces


def _columns(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Pieces that follow each other downwards without a gap."""
    columns: list[list[_Piece]] = []
    near: dict[int, list[list[_Piece]]] = {}  # by where they are, in parts of NEAR points
    for piece in sorted(pieces, key=lambda one: -one.top):
        cell = piece.left, piece.bottom, piece.right, piece.top
        place = round(piece.middle / NEAR)
        beside = [column for at in (place, place - 1, place + 1) for column in near.get(at, ())]
        fitting = [column for column in beside if column[-1].follows(cell, down=True)]
        if fitting:
            min(fitting, key=lambda one: abs(one[-1].right - piece.right)).append(piece)
            continue
        columns.append([piece])
        near.setdefault(place, []).append(columns[-1])
    return columns


def _rows(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Pieces outside the columns in lines from left to right."""
    rows: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda one: -one.top):
        if rows and rows[-1][0].top - piece.top < 0.6 * piece.size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def _signs(column: Sequence[_Piece]) -> int:
    return sum(piece.signs for piece in column)


def _tiers(columns: list[list[_Piece]]) -> list[list[_Piece]]:
    """The columns of tiers below each other, each tier from right to left, or in lines where it has no column; what stands in one
    column is one, up to wide gaps.
    """
    fewest, crossing = max(2, len(columns) // 10), len(columns) // 100
    for y in sorted({column[-1].bottom for column in columns}, reverse=True):
        above = [one for one in columns if one[0].top + one[-1].bottom > 2 * y]
        across = sum(one[0].top > y + 1 and one[-1].bottom < y - 1 for one in columns)
        if across <= crossing and fewest <= len(above) <= len(columns) - fewest:
            inside = {id(one) for one in above}
            below = [one for one in columns if id(one) not in inside]
            return [*_tiers(above), *_tiers(below)]
    if all(len(column) < 2 and column[0].signs < FEWEST for column in columns):
        return _rows([column[0] for column in columns])
    stacks: list[list[list[_Piece]]] = []
    for column in sorted(columns, key=lambda one: -one[0].middle):
        if stacks and stacks[-1][0][0].middle - column[0].middle < SAME * column[0].size:
            stacks[-1].append(column)
        else:
            stacks.append([column])
    made: list[list[_Piece]] = []
    for stack in stacks:
        last: list[_Piece] = []
        for column in sorted(stack, key=lambda one: -one[0].top):
            if last and last[-1].bottom - column[0].top < GAP * column[0].size:
                last += column
            else:
                made.append(last := [*column])
    return made


def goes_on_beside(last: Line, line: Line, lines: Sequence[Line]) -> bool:
    """Does a sentence go on in the next column, because it fills its own and that is not set in?"""
    longest = max(len(one.text) for one in lines if not one.level)
    return (
        not (last.level or line.level)
        and len(last.text) >= longest - 2
        and last.text[-1] not in "。！？」』"
        and abs(last.size - line.size) < 0.6
    )
