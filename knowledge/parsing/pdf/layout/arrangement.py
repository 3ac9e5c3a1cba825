"""Make a PDF page's text what a person sees: blanks where glyphs are far apart, small type as such, columns one after the
other, tables in rules row by row, and nothing that nobody sees.

PDFium's own text stays as it is on nearly all pages. Where it changes, ``PageLines.places`` says for each character which
one of PDFium's it is, so that it can be marked on the page; the same page always gives the same text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from knowledge.parsing.pdf.layout import tables as tables_of
from knowledge.parsing.pdf.layout.columns.backward import backward_lines
from knowledge.parsing.pdf.layout.columns.between_rules import columns_between_rules
from knowledge.parsing.pdf.layout.columns.downwards import lines_downwards
from knowledge.parsing.pdf.layout.columns.going_up import (
    MANY,
    PutInOrder,
    lines_written_later,
    put_in_order,
)
from knowledge.parsing.pdf.layout.columns.running_text import ColumnPart, in_columns
from knowledge.parsing.pdf.layout.fractions import (
    StackedFraction,
    stacked_fractions,
    write_fraction,
)
from knowledge.parsing.pdf.layout.latin_runs import with_runs_turned
from knowledge.parsing.pdf.layout.line_numbers import numbered_lines
from knowledge.parsing.pdf.layout.right_to_left import (
    is_right_to_left,
    lines_turned,
    mixed_lines_turned,
    with_words_turned,
)
from knowledge.parsing.pdf.layout.small_lines import DROPPED, join, set_small_type
from knowledge.parsing.pdf.layout.struck import struck
from knowledge.parsing.pdf.layout.tables import RuledTable, TableRow
from knowledge.parsing.pdf.lines import Line, PageLines, page_lines
from knowledge.parsing.pdf.page.measure import PageMeasure
from knowledge.parsing.pdf.page.page_extras import has_fields, is_covered, is_cropped
from knowledge.parsing.pdf.page.probe import Places, Probe, turn_to_read
from knowledge.parsing.pdf.page.stamps import note_pale, slanted_end, stands_across
from knowledge.parsing.pdf.page.word_gaps import word_gaps

Tables = Literal["all", "before", "ruled", "none"]
NEWER: tuple[Tables, ...] = ("all", "before")


@dataclass(slots=True)
class _Changes:
    """Places of PDFium's text: a blank goes before ``blanks``; ``instead`` has what a character becomes; ``unseen`` goes;
    ``slanted`` goes to the end of the page.
    """

    blanks: set[int] = field(default_factory=set)
    instead: dict[int, str] = field(default_factory=dict)
    unseen: list[tuple[int, int]] = field(default_factory=list)
    slanted: list[tuple[int, int]] = field(default_factory=list)
    columns: list[list[ColumnPart]] = field(default_factory=list)
    turned: list[list[ColumnPart]] = field(default_factory=list)  # parts of a line each
    mixed: list[list[ColumnPart]] = field(default_factory=list)  # the same, with their blanks
    tables: list[RuledTable] = field(default_factory=list)

    def __bool__(self) -> bool:
        moved = self.unseen or self.slanted or self.columns or self.turned or self.mixed
        return bool(self.blanks or self.instead or self.tables or moved)


@dataclass(slots=True)
class _Written:
    """A page's text with its changes: for each character the place in PDFium's (-1: there is none); how many at its end
    stand large across the page; and the rows of tables: (start, end, part of a table from 1, row).
    """

    text: str
    places: list[int]
    slanted: int
    rows: list[tuple[int, int, int, TableRow]]


def read_lines(
    page: Any, textpage: Any, into: PageLines, probe: Probe, tables: Tables = "all"
) -> None:
    """Fill ``into.lines``, and rewrite ``into.raw`` where it is not what a person sees.

    Without ``tables`` they stay PDFium's lines, and with those in rules only the others, as in texts that were stored long ago. As
    they were "before" words are parted by wide gaps alone, and columns by wide gutters.
    """
    into.raw = with_runs_turned(textpage, with_words_turned(textpage, into.raw, probe), probe)
    place: Callable[[int], int] = Places(textpage, into.raw)
    page_lines(page, textpage, into, probe, place)
    if into.cut:
        return
    turn = turn_to_read(page, textpage, probe)
    into.cropped = is_cropped(page)
    order = None
    backward = sum(line.backward for line in into.lines) >= MANY
    if tables == "all" and (backward or turn.angle != page.get_rotation()):
        order = _put_in_order(textpage, page, into, PageMeasure(textpage, probe, turn, place))
        place = order or place
    changes = _changes(textpage, page, into, PageMeasure(textpage, probe, turn, place), tables)
    if changes:
        _write_changes(textpage, page, into, probe, place, changes)
    if order:
        known = into.places or range(len(into.raw))
        into.places = [-1 if at < 0 else order.place_of(at) for at in known]


class _Ordered:
    """From a place in a text that was put in order to PDFium's index of a character."""

    def __init__(self, text: PutInOrder, place: Callable[[int], int]) -> None:
        self._text, self._place = text, place

    def __call__(self, at: int) -> int:
        return self._place(self._text.places[at])

    def place_of(self, at: int) -> int:
        """The place in PDFium's text; -1 for what was put in."""
        return -1 if at in self._text.added else self._text.places[at]


def _put_in_order(
    textpage: Any, page: Any, into: PageLines, measure: PageMeasure
) -> _Ordered | None:
    """Put the lines of a page in order that PDFium has from below, because it shows upright text sideways or upside down."""
    outside = [line for line in into.lines if _is_outside(line, into)]
    inside = [line for line in into.lines if not _is_outside(line, into)]
    if not all(line.level and not is_right_to_left(line.text) for line in inside):
        return None
    text = put_in_order(inside, outside, into.raw, measure.edges)
    if text is None:
        return None
    place = _Ordered(text, measure.place)
    into.raw, into.lines = text.raw, []
    page_lines(page, textpage, into, measure.probe, place)
    return place


def _write_changes(
    textpage: Any,
    page: Any,
    into: PageLines,
    probe: Probe,
    place: Callable[[int], int],
    changes: _Changes,
) -> None:
    """Write the text of a page with its changes, and its lines."""
    written = _rewritten(into.raw, changes)
    into.raw, into.places = written.text, written.places
    before = into.lines
    into.lines = _shifted(before, written, changes)
    if not into.lines:
        page_lines(page, textpage, into, probe, lambda at: place(max(written.places[at], 0)))
        for line in into.lines:
            line.slanted = line.start >= len(into.raw) - written.slanted
    if written.rows:
        into.lines = tables_of.with_rows(into, written.rows, before)


def _changes(
    textpage: Any, page: Any, into: PageLines, measure: PageMeasure, tables: Tables
) -> _Changes:
    changes = _Changes()
    seen = [line for line in into.lines if not _unseen(line, page, into, measure, changes)]
    level = [line for line in seen if line.level]
    numbered, fractions = list[tuple[Line, int]](), list[StackedFraction]()
    if tables in NEWER:  # texts that were stored long ago hold it
        fractions = [*stacked_fractions(page, level, into.raw, measure)]
        gone = [
            span
            for span in struck(page, level, into.raw, measure)
            if not any(span[0] < one.over[1] and one.over[0] < span[1] for one in fractions)
        ]
        changes.unseen += gone
        into.struck = len(gone)
        numbered = numbered_lines(level, measure.edges)
        changes.unseen += [(line.start, end) for line, end in numbered]
    changes.blanks, within = word_gaps(level, into.raw, measure, tables == "all")
    changes.instead |= dict.fromkeys(within, DROPPED)
    above = seen[0] if seen else None
    for line in seen[1:]:
        above = join(above or line, line, into.raw, measure, changes)
    for line in level:
        if line.small:
            set_small_type(line, into.raw, measure, changes)
    measure.instead = changes.instead
    if tables == "all" and (down := lines_downwards(into.raw, measure.box)):
        changes.columns, into.downwards = [down], True
        return changes
    prose = {line.start for line, _ in numbered}
    level = [line for line in level if line.start not in prose]
    _lay_out(page, seen, level, into, measure, tables, changes)
    if tables in NEWER and measure.turn.angle == 0:
        changes.turned = lines_turned(seen, measure.edges)
        changes.mixed = mixed_lines_turned(_outside(seen, changes), measure.edges)
        changes.turned += backward_lines(_outside(level, changes), into.raw, measure.edges)
        for one in fractions:
            if not any(table.start <= one.over[0] < table.end for table in changes.tables):
                write_fraction(one, into.raw, changes)
    return changes


def _lay_out(
    page: Any,
    seen: list[Line],
    level: list[Line],
    into: PageLines,
    measure: PageMeasure,
    tables: Tables,
    changes: _Changes,
) -> None:
    """Note the order of lines, the columns and the tables of a page."""
    if tables == "all" and has_fields(page) and (ordered := lines_written_later(level)):
        changes.columns.append(ordered)
        level = _outside(level, changes)
    strokes = measure.strokes(page) if tables == "all" else ([], [])
    changes.columns += columns_between_rules(level, *strokes, into.raw, measure.edges)
    level = _outside(level, changes)
    if tables != "none" and measure.turn.angle == 0:
        changes.tables = tables_of.tables_on(page, level, into, measure, tables in NEWER)
    level = _outside(level, changes)
    changes.columns += columns_between_rules(level, *strokes, into.raw, measure.edges, prose=True)
    level = _outside(level, changes)
    changes.columns += in_columns(level, into.raw, measure.edges, tables == "all")


def _outside(lines: list[Line], changes: _Changes) -> list[Line]:
    """The lines that are not written anew."""
    known = _moved(changes)
    return [one for one in lines if not any(a < one.end and one.start < b for a, b, _ in known)]


def _is_outside(line: Line, into: PageLines) -> bool:
    """Does a line stand outside the part of a page that is shown?"""
    return into.cropped and (
        line.right < 1 or line.left > into.width - 1
        or line.y > into.height - 1 or line.y + line.size < 1
    )  # fmt: skip


def _unseen(
    line: Line, page: Any, into: PageLines, measure: PageMeasure, changes: _Changes
) -> bool:
    """Note a line that nobody sees as such, and one that stands large across the page; True for these."""
    outside = _is_outside(line, into)
    angle, invisible, white = measure.look(line.start)
    stamped = stands_across(line, angle, into.lines, measure)
    covered = (invisible or white) and is_covered(page, line, measure.turn)
    hidden = invisible and not covered or white and not covered or 0 < line.size < 1
    if not (outside or stamped or hidden):
        if end := slanted_end(line, angle, measure):
            changes.slanted.append(end)
            note_pale(into, *end, measure)
        return False
    span = line.start, line.end + line.hyphen
    if stamped:
        note_pale(into, line.start, line.end, measure)
    (changes.unseen if outside or hidden else changes.slanted).append(span)
    into.unseen += hidden or outside
    return True


def _rewritten(raw: str, changes: _Changes) -> _Written:
    gone = [*changes.unseen, *changes.slanted]
    blank = {at: " " for start, end in gone for at in range(start, end)}
    instead = changes.instead | blank
    marks = sorted(changes.blanks | instead.keys())
    out: list[str] = []
    places: list[int] = []

    def put(text: str) -> None:
        out.append(text)
        places.extend([-1] * len(text))

    def copy(start: int, end: int) -> None:
        at = start
        for mark in marks[bisect_left(marks, start) : bisect_left(marks, end)]:
            out.append(raw[at:mark])
            places.extend(range(at, mark))
            at = mark
            if mark in changes.blanks and out and not out[-1][-1:].isspace():
                put(" ")
            if mark in instead:
                if instead[mark] != DROPPED:
                    out.append(instead[mark])
                    places.extend([mark] * len(instead[mark]))
                at = mark + 1
        out.append(raw[at:end])
        places.extend(range(at, end))

    rows: list[tuple[int, int, int, TableRow]] = []
    part = 0

    def copy_table(table: RuledTable) -> None:
        nonlocal part
        for held in table.parts:
            part += 1
            for row in held:
                if places and out[-1][-1:] != "\n":
                    put("\r\n")
                start = len(places)
                for piece in row.pieces:
                    put(piece) if isinstance(piece, str) else copy(*piece)
                rows.append((start, len(places), part, row))

    at = 0
    for start, end, what in _moved(changes):
        copy(at, start)
        if isinstance(what, RuledTable):
            copy_table(what)
        else:
            for number, piece in enumerate(what):
                if number and what not in changes.mixed:
                    put(" " if what in changes.turned else piece.before)
                copy(piece.start, piece.end)
        at = end
    copy(at, len(raw))
    body = len(places)
    for start, end in changes.slanted:
        out.append("\r\n" + raw[start:end])
        places.extend((-1, -1, *range(start, end)))
    return _Written("".join(out), places, len(places) - body, rows)


def _moved(changes: _Changes) -> list[tuple[int, int, list[ColumnPart] | RuledTable]]:
    """From where to where PDFium's text is written anew, and how, in its order."""
    moved: list[tuple[int, int, list[ColumnPart] | RuledTable]] = [
        *(
            (min(x.start for x in one), max(x.end for x in one), one)
            for one in (*changes.columns, *changes.turned, *changes.mixed)
        ),
        *((table.start, table.end, table) for table in changes.tables),
    ]
    return sorted(moved, key=lambda one: one[0])


def _shifted(lines: list[Line], written: _Written, changes: _Changes) -> list[Line]:
    """The lines in their new places where nothing but blanks was put in and tables were written; none where more has changed."""
    longer = any(new == DROPPED or len(new) != 1 for new in changes.instead.values())
    moved = changes.columns or changes.turned or changes.mixed
    if changes.unseen or changes.slanted or moved or longer:
        return []
    if changes.tables:
        inside = [(table.start, table.end) for table in changes.tables]
        lines = [line for line in lines if not any(a <= line.start < b for a, b in inside)]
    new_places = {at: new for new, at in enumerate(written.places)} if changes.tables else {}
    blanks = sorted(changes.blanks)
    for line in lines:
        line.start = new_places.get(line.start, line.start + bisect_left(blanks, line.start + 1))
        line.end = (
            new_places[line.end - 1] + 1 if new_places else line.end + bisect_left(blanks, line.end)
        )
        line.text = written.text[line.start : line.end]
    return lines
