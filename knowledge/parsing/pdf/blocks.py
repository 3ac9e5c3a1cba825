"""Turn the lines of a PDF page into blocks: reading order, paragraphs, items, listings, tables, captions.

Every block is one contiguous range of the page's text. Lines of contents pages and of the index belong to no block.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.parsing.pdf.cut_sentences import cut_at_column
from knowledge.parsing.pdf.headings import FoundHeading, has_leaders
from knowledge.parsing.pdf.layout.columns.downwards import goes_on_beside
from knowledge.parsing.pdf.layout.step_numbers import step_numbers
from knowledge.parsing.pdf.lines import Line, PageLines
from knowledge.parsing.pdf.page.contents_lists import UNIT, without_contents
from knowledge.types import Block, BlockKind

MARK = r"[•●▪◦‣⁃∙·■□☐☑☒○◉➢➤✓*–\uf000-\uf0ff-]"
ITEM = re.compile(rf"{MARK}\s|\(?\w{{1,2}}[.)]\s")
LONE_MARK = re.compile(rf"{MARK}$|\(?\d{{1,2}}[.)]$")
_LAST_FIGURE = re.compile(r"\d{1,2}\.")
_OPEN_END = re.compile(r"\s[^\W\d_]+$|,$")
CAPTION = re.compile(
    r"(figure|fig\.|table|abb|tab|abbildung|tabelle|tableau|figura|tabla)\w*\.?\s*\d", re.I
)
_PAGE = re.compile(r"\d+|[ivxlc]+")
PAGE_LIST = re.compile(r"(^|[\s,.])\d{1,4}(\s*[-–,]\s*\d{1,4})*\s*$")  # "socket, 12, 40-42"
INDEX = re.compile(
    r"((subject|keyword|command|general|concept|function|variable)s?\s+)?(index|stichwortverzeichnis|sachregister|register"
    r"|índice( alfabético| analítico)?|indice( analitico)?|index alphabétique)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Typesetting:
    """How a whole manual is set: in a typewriter font or not, and the largest line distance in a paragraph, in sizes."""

    mono: bool
    pitch: float


def setting_of(pages: Sequence[PageLines]) -> Typesetting:
    """Measured over all lines. The distance counts only below full lines, because those are the ones that wrap."""
    mono = total = 0
    distances: Counter[float] = Counter()
    for page in pages:
        lines = [line for line in page.lines if not line.furniture]
        edge = 0.85 * max((line.right for line in lines), default=0)
        mono += sum(line.end - line.start for line in lines if line.mono)
        total += sum(line.end - line.start for line in lines)
        for above, line in pairwise(lines):
            if (
                above.right > edge
                and above.size == line.size
                and abs(above.left - line.left) < line.size
            ):
                distances[round((above.y - line.y) / max(line.size, 1), 1)] += 1
    usual = max((d for d in distances if 0.9 <= d <= 2.2), key=lambda d: distances[d], default=1.2)
    return Typesetting(mono > 0.6 * total, max(1.6, 1.2 * usual))


def page_blocks(
    page: PageLines, headings: Sequence[FoundHeading], setting: Typesetting, contents: bool = False
) -> tuple[Block, ...]:
    """The page's blocks in reading order. ``contents`` says that it holds a contents list, which is left out."""
    starts = {heading.start: heading for heading in headings}
    lines = _reading_order(page.lines, page.downwards)
    lines = without_contents(lines) if contents else lines
    tables = _table_lines(lines, headings)
    builder = _Builder(page, starts, setting, step_numbers(lines))
    for line in lines:
        builder.take(line, tables.get(id(line), 0))
    for line in page.lines:
        if line.slanted and not line.furniture:
            builder.take(line, 0)
    return tuple(_with_captions(builder.done()))


def index_pages(pages: Sequence[PageLines], headings: Sequence[FoundHeading]) -> set[int]:
    """Numbers of the pages that hold the index: under a heading of that name, late, and full of page numbers."""
    marks = [h for h in headings if INDEX.match(h.title.strip()) and h.page > 0.6 * len(pages)]
    found: set[int] = set()
    for mark in marks:
        later = (
            h.page
            for h in headings
            if (h.page, h.start) > (mark.page, mark.start) and h.level <= mark.level
        )
        end = next(later, len(pages))
        for page in pages[mark.page - 1 : end]:
            body = [line for line in page.lines if not line.furniture]
            listed = sum(bool(PAGE_LIST.search(line.text)) for line in body)
            if body and listed >= 0.4 * len(body):
                found.add(page.number)
    return found


def _reading_order(lines: list[Line], in_order: bool) -> list[Line]:
    """Cut PDFium's order where it jumps up, then order the runs; single lines never move.

    Above goes first where runs overlap in x, else left goes first.
    """
    runs: list[list[Line]] = []
    for line in lines:
        if line.furniture or line.slanted:
            continue
        if runs and line.y <= runs[-1][-1].y + 1.5 * max(line.size, runs[-1][-1].size):
            runs[-1].append(line)
        else:
            runs.append([line])
    # More runs than that are a drawing, and ordering them is quadratic
    if in_order or len(runs) < 2 or len(runs) > 60:
        return [line for run in runs for line in run]
    boxes = [
        (min(x.left for x in run), max(x.right for x in run), max(x.y for x in run)) for run in runs
    ]

    def before(a: int, b: int) -> bool:
        overlap = boxes[a][0] < boxes[b][1] and boxes[b][0] < boxes[a][1]
        return boxes[a][2] > boxes[b][2] + 3 if overlap else boxes[a][0] < boxes[b][0]

    left, ordered = list(range(len(runs))), []
    while left:
        following = next(
            (i for i in left if not any(before(k, i) for k in left if k != i)), left[0]
        )
        left.remove(following)
        ordered += runs[following]
    return ordered


def _table_lines(lines: list[Line], headings: Sequence[FoundHeading]) -> dict[int, int]:
    """Which lines (by id) belong to which table (numbered from 1).

    Those in rules are known, and have numbers below 0. Another table is at least three rows in a row; up to two short lines between rows are the rest of a wrapped cell.
    """
    spans = [(h.start, h.end) for h in headings if h.whole]
    found: dict[int, int] = {}
    number = 0
    run: list[Line] = []
    pending: list[Line] = []
    rows: list[Line] = []

    def close() -> None:
        nonlocal number, run, pending, rows
        if len({round(line.y / 3) for line in rows}) >= (2 if _leads_to_values(run) else 3):
            number += 1
            found.update((id(line), number) for line in run)
        run, pending, rows = [], [], []

    for line in lines:
        if line.table:
            close()
            found[id(line)] = -line.table
            continue
        heading = any(start <= line.start < end for start, end in spans)
        is_row = (
            not heading and not line.mono and (line.cells > 1 or line.row) and not _item_mark(line)
        ) or (not heading and has_leaders(line.text))
        if heading or (run and not _follows((run + pending)[-1], line)):
            close()
        if is_row:
            run += [*pending, line]
            rows.append(line)
            pending = []
        elif run:
            pending.append(line)
            if len(pending) > 2:
                close()
    close()
    return found


def _leads_to_values(lines: Sequence[Line]) -> bool:
    """Do dots lead on all lines from a name to its value, and not to the number of a page?"""
    if not all(has_leaders(line.text) for line in lines):
        return False
    ends = [line.text.split()[-1] for line in lines]
    return any(map(UNIT.search, (line.text for line in lines))) or not all(
        map(_PAGE.fullmatch, ends)
    )


def _item_mark(line: Line) -> bool:
    """A lone bullet and its text share a baseline but are no table."""
    return bool(LONE_MARK.match(line.text) or ITEM.match(line.text))


def _follows(above: Line, line: Line) -> bool:
    return -1.5 * above.size < above.y - line.y < 3 * max(line.size, above.size)


class _Builder:
    """Grows blocks line by line."""

    def __init__(
        self,
        page: PageLines,
        headings: dict[int, FoundHeading],
        setting: Typesetting,
        steps: set[int],
    ) -> None:
        self._steps = steps  # where lines begin that are the large number of a step
        self._page, self._headings, self._setting = page, headings, setting
        self._blocks: list[list] = []  # [kind, start, end]
        self._last: Line | None = None
        self._table = 0
        self._heading: FoundHeading | None = None

    def take(self, line: Line, table: int) -> None:
        """Add a line: to the block before it, or as a new one."""
        kind = self._kind(line, table)
        if self._joins(line, kind, table):
            self._blocks[-1][2] = line.end
            if kind == "item":
                self._blocks[-1][0] = "item"
        else:
            self._blocks.append([kind, line.start, line.end])
        self._last, self._table = line, table

    def done(self) -> list[Block]:
        return [Block(*block) for block in self._blocks]

    def _kind(self, line: Line, table: int) -> BlockKind:
        if line.start in self._headings:
            self._heading = self._headings[line.start]
        if (
            self._heading
            and self._heading.whole
            and self._heading.start <= line.start < self._heading.end
        ):
            return "heading"
        if table:
            return "table"
        if line.mono and not self._setting.mono:
            return "code"
        if line.filled or line.start in self._steps:
            return "item"
        if (ITEM.match(line.text) or LONE_MARK.match(line.text)) and not self._ends(line):
            return "item"
        return "caption" if CAPTION.match(line.text) else "text"

    def _ends(self, line: Line) -> bool:
        """Does a line of nothing but a figure end the sentence of the line above it ("... below the mark / 10.")?"""
        last = self._last
        return (
            last is not None
            and not line.row
            and bool(_LAST_FIGURE.fullmatch(line.text))
            and bool(_OPEN_END.search(last.text))
            and abs(line.left - last.left) < line.size
            and abs(line.size - last.size) < 0.6
            and 0 < last.y - line.y < self._setting.pitch * line.size
        )

    def _joins(self, line: Line, kind: BlockKind, table: int) -> bool:
        last = self._last
        if (
            last is None
            or line.slanted
            or (line.filled or last.filled)
            and not table
            or line.start in self._headings
            or not self._contiguous(line)
        ):
            return False
        before = self._blocks[-1][0]
        if kind == "heading" or before == "heading":
            return kind == before
        if table or self._table:
            return table == self._table
        if last.start in self._steps and kind == "text":
            return last.text.strip().isdigit() or 0 < last.y - line.y < 2 * line.size
        if LONE_MARK.match(last.text) and last.row and abs(last.y - line.y) < last.size:
            return kind != "code"
        if kind == before == "code":
            return -0.5 * line.size < last.y - line.y < 3.5 * line.size
        if self._page.downwards and kind == before == "text":
            set_in = self._page.raw[line.start - 1 : line.start] == "\u3000"
            return not set_in and goes_on_beside(last, line, self._page.lines)
        if kind == before == "text" and cut_at_column(last, line, self._page.lines):
            return True
        if (
            kind not in ("text", before)
            or kind == "item"
            or before == "code"
            or abs(line.size - last.size) >= 0.6
        ):
            return False
        # Not where bold words only happen to begin a line
        new_term = line.lead_in and line.weight == last.weight
        return not new_term and 0 < last.y - line.y < self._setting.pitch * line.size

    def _contiguous(self, line: Line) -> bool:
        end = self._blocks[-1][2]
        return line.start >= end and not self._page.raw[end : line.start].strip("\r\n\t \ufffe\xa0")


def _with_captions(blocks: list[Block]) -> list[Block]:
    """The blocks with a table's caption taken into the table, where one touches the other."""
    out: list[Block] = []
    for block in blocks:
        above = out[-1] if out else None
        if (
            above is not None
            and 0 <= block.start - above.end <= 3
            and {above.kind, block.kind} == {"caption", "table"}
        ):
            out[-1] = Block("table", above.start, block.end)
        else:
            out.append(block)
    return out
