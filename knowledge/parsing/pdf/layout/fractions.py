"""Find the fractions of a PDF page that stand above and below a stroke, in the middle of a line: as text, "(Q × p)/600"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from knowledge.parsing.content.grids.ruled_grid import Rule
from knowledge.parsing.pdf.layout.small_lines import DROPPED
from knowledge.parsing.pdf.lines import Line
from knowledge.parsing.pdf.page.probe import Rotation

SHORTEST, LONGEST = 3.0, 120.0  # points of a stroke
MOST = 100  # such strokes of a page; more are a drawing
FAR = 1.6  # sizes between a stroke and a line with a part of the fraction
MIDDLE = 2.0  # points between the middles of a stroke and of what stands above or below it
LONGER = 8.0  # points that a stroke may be longer than both, with what PDFium adds for its width
BESIDE = 1.2  # sizes between a stroke and the text beside it
MEETS = 3.0  # points between strokes that are of one frame
AXIS = (
    0.15,
    0.45,
)  # sizes of a stroke above the foot of that text; the rule of a table runs below one
_ONE_TERM = re.compile(r"[\w.,%]+")


class TypeOnPage(Protocol):
    """Where the characters and strokes of a page are."""

    @property
    def turn(self) -> Rotation: ...
    def rules(self, page: Any) -> tuple[list[Rule], list[Rule]]: ...
    def edges(self, line: Line) -> list[tuple[float, float]]: ...
    def foot(self, at: int) -> float: ...


class TextMarks(Protocol):
    """Places of PDFium's text: a blank goes before ``blanks``; ``instead`` has what a character becomes."""

    blanks: set[int]
    instead: dict[int, str]


@dataclass(frozen=True, slots=True)
class _Sign:
    """A character where it stands; ``size`` is that of its line."""

    at: int
    left: float
    right: float
    foot: float
    size: float


@dataclass(frozen=True, slots=True)
class StackedFraction:
    """What stands above a stroke and below it, as (start, end) in PDFium's text; and what is next to it on its line."""

    over: tuple[int, int]
    under: tuple[int, int]
    before: int | None
    after: int | None


def stacked_fractions(
    page: Any, lines: Sequence[Line], raw: str, measure: TypeOnPage
) -> Iterator[StackedFraction]:
    """The fractions among level lines; none where the page is turned."""
    if measure.turn.angle:
        return
    across, down = measure.rules(page)
    bars = [bar for bar in across if SHORTEST <= bar[2] - bar[1] <= LONGEST]
    for bar in bars if len(bars) <= MOST else ():
        y, begin, end = bar
        left, _, right, _ = measure.turn.box((begin, y, end, y))
        if _is_of_frame(bar, across, down):
            continue
        low = y - measure.turn.page_place(0, 0)[1]
        near = [
            line
            for line in lines
            if abs(line.y - low) <= FAR * line.size
            and line.left <= right + BESIDE * line.size
            and left - BESIDE * line.size <= line.right
        ]
        signs = [sign for line in near for sign in _signs(line, raw, measure)]
        if len(near) > 1 and (found := _fraction(signs, raw, (left, right), y)):
            yield found


def write_fraction(one: StackedFraction, raw: str, marks: TextMarks) -> None:
    """Mark what makes a fraction text on its line: "(", ")", "/", and blanks where PDFium ends lines."""
    for start, end in (one.over, one.under):
        alone = _ONE_TERM.fullmatch(raw[start:end])
        for at in range(start, end):
            marks.instead.pop(at, None)
        if not alone:
            marks.instead[start] = f"({raw[start]}"
            marks.instead[end - 1] = f"{marks.instead.get(end - 1, raw[end - 1])})"
    start, (below, end) = one.over[0], one.under
    for at in range(one.over[1], below):
        marks.instead[at] = DROPPED
    marks.instead[below] = f"/{marks.instead.get(below, raw[below])}"
    marks.blanks.discard(below)
    if one.before is not None:
        _on_one_line(one.before + 1, start, marks)
    if one.after is not None:
        _on_one_line(end, one.after, marks)


def _on_one_line(start: int, end: int, marks: TextMarks) -> None:
    """One blank between two places of a text."""
    for at in range(start, end):
        marks.instead[at] = DROPPED
    marks.blanks.add(end)


def _is_of_frame(bar: Rule, across: Sequence[Rule], down: Sequence[Rule]) -> bool:
    """Does a stroke meet another one, as the rules of a table do?"""
    y, left, right = bar
    goes_on = any(
        one != bar
        and abs(one[0] - y) <= MEETS
        and one[1] - MEETS <= right
        and left - MEETS <= one[2]
        for one in across
    )
    return goes_on or any(
        left - MEETS <= x <= right + MEETS and low - MEETS <= y <= high + MEETS
        for x, low, high in down
    )


def _signs(line: Line, raw: str, measure: TypeOnPage) -> Iterator[_Sign]:
    for at, (left, right) in enumerate(measure.edges(line), line.start):
        if at < line.end and not raw[at].isspace():
            yield _Sign(at, left, right, measure.foot(at), line.size)


def _fraction(
    signs: Sequence[_Sign], raw: str, bar: tuple[float, float], y: float
) -> StackedFraction | None:
    left, right = bar
    within = [one for one in signs if left - 1 < (one.left + one.right) / 2 < right + 1]
    over = _part([one for one in within if one.foot > y], raw, bar)
    under = _part([one for one in within if one.foot < y], raw, bar)
    if not over or not under or raw[over[-1].at + 1 : under[0].at].strip():
        return None
    parts = (over, under)
    if right - left > max(part[-1].right - part[0].left for part in parts) + LONGER:
        return None
    axis = [
        one
        for one in signs
        if AXIS[0] * one.size <= y - one.foot <= AXIS[1] * one.size
        and under[0].foot + 0.1 * one.size < one.foot < over[0].foot - 0.1 * one.size
        and (0 <= left - one.right + 1 <= BESIDE * one.size or 0 <= one.left - right + 1 <= BESIDE * one.size)
    ]  # fmt: skip
    beside = {one.at for one in axis}
    if not beside:
        return None
    before, after = over[0].at - 1, under[-1].at + 1
    while before >= 0 and raw[before].isspace():
        before -= 1
    while after < len(raw) and raw[after].isspace():
        after += 1
    if before not in beside and after not in beside:
        return None  # what stands beside it is in another line of the text
    return StackedFraction(
        (over[0].at, over[-1].at + 1),
        (under[0].at, under[-1].at + 1),
        before if before in beside else None,
        after if after in beside else None,
    )


def _part(signs: Sequence[_Sign], raw: str, bar: tuple[float, float]) -> list[_Sign]:
    """What stands on one side of a stroke: on one foot, in one piece and in the middle of it; else nothing."""
    part = sorted(signs, key=lambda one: one.at)
    if not part or any(abs(one.foot - part[0].foot) > 0.5 for one in part):
        return []
    if len(part) != sum(not char.isspace() for char in raw[part[0].at : part[-1].at + 1]):
        return []
    middle = (part[0].left + part[-1].right) / 2
    return part if abs(middle - (bar[0] + bar[1]) / 2) <= MIDDLE else []
