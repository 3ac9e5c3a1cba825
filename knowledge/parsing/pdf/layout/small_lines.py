"""Small type on a PDF page: lines that PDFium cuts at a raised character are one, raised and lowered figures such characters."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Protocol

from knowledge.parsing.content.small_type import lowered, raised
from knowledge.parsing.pdf.lines import Line
from knowledge.parsing.pdf.page.probe import Rotation

SMALL = 0.85  # of a line's size: superscripts and subscripts are no larger; a browser prints them at .83
DROPPED = "\x00"  # what a character becomes that goes
# Also the mark of a footnote: "1)"
_FIGURES = re.compile(r"\(?[+−–-]?\d+(?:[.,/]\d+)*[+−–-]?\)?|[+−–-]")
# PDFium may cut a line at either side of the stroke
_FRACTION = re.compile(r"(\d{1,2})(?:\r\n)?[/⁄](?:\r\n)?(\d{1,3})(?!\d)")
_MARK = re.compile(r"\d{1,2}\)?")
LONGEST_MARK = 3  # characters of it
LONGEST_RAISED, LONGEST_LOWERED = 8, 2  # characters of small type


class TypeMeasures(Protocol):
    """Where the characters of a page are, by their place in PDFium's text."""

    turn: Rotation

    def size(self, at: int) -> float:
        """The size of a character in points."""

    def foot(self, at: int) -> float:
        """The height on which a character stands."""


class Marks(Protocol):
    """Places of PDFium's text: a blank goes before ``blanks``; ``instead`` has what a character becomes."""

    blanks: set[int]
    instead: dict[int, str]


def join(above: Line, line: Line, raw: str, measure: TypeMeasures, marks: Marks) -> Line:
    """PDFium ends a line after a raised character, or before one. Put its rest back; returns the line that it ends in."""
    after = above.last_size <= SMALL * line.size and abs(above.size - line.size) <= 1
    after = after and abs(above.y - line.y) <= 2
    if above.hyphen or not (after or _goes_on(above, line, raw, measure)):
        return line
    size, gap = max(above.size, line.size), line.left - above.right
    if not -0.3 * size < gap < 0.8 * size:
        return line
    between = range(above.end, line.start)
    for at in between:
        marks.instead[at] = DROPPED
    if gap > 0.15 * size or any(raw[at] == " " for at in between):
        marks.blanks.add(line.start)
    line.small = line.small or not after
    return replace(
        above, end=line.end, right=line.right, last_size=line.last_size, hyphen=line.hyphen
    )


def _goes_on(above: Line, line: Line, raw: str, measure: TypeMeasures) -> bool:
    """Are two lines of PDFium's one with small type where it was cut: does its full type stand at one height on both sides?

    A line of nothing but small type goes on with the one above where it is raised or lowered beside that one's end.
    """
    if measure.turn.angle or not (above.level and line.level):
        return False
    size = max(above.size, above.last_size, line.size, line.last_size)
    if min(above.last_size, line.size) > SMALL * size or line.left < above.left:
        return False
    last = _full(range(above.end - 1, above.start - 1, -1), size, raw, measure)
    first = _full(range(line.start, line.end), size, raw, measure)
    if last is None:
        return False
    small, foot = range(line.start, line.end if first is None else first), measure.foot(last)
    rises = [measure.foot(at) - foot for at in small if not raw[at].isspace()]
    if first is not None:
        return abs(measure.foot(first) - foot) <= 1
    few = len(rises) <= LONGEST_RAISED
    return few and all(0.15 * size < rise < 0.7 * size for rise in rises)


def _full(places: range, size: float, raw: str, measure: TypeMeasures) -> int | None:
    """The first of the places with a character of full size, behind no more small ones than are raised at once."""
    seen = 0
    for at in places:
        if raw[at].isspace():
            continue
        if measure.size(at) > SMALL * size:
            return at if abs(measure.size(at) - size) <= 1 else None
        seen += 1
        if seen > LONGEST_RAISED:
            return None
    return None


def set_small_type(line: Line, raw: str, measure: TypeMeasures, marks: Marks) -> None:
    """Figures that are smaller and higher, or lower, than the character that they follow become such characters.

    A smaller figure on a line of its own, or after a blank, is one in another type, and stays.
    """
    if measure.turn.angle:
        return
    before = line.start - 1
    while marks.instead.get(before) == DROPPED:  # PDFium's cut before it
        before -= 1
    joined = before < line.start - 1
    most = SMALL * max(line.size, line.last_size, measure.size(before) if joined else 0)
    at = line.start
    while at < line.end:
        end = at
        while end < line.end and not raw[end].isspace() and measure.size(end) <= most:
            end += 1
        if end == at and at > line.start and raw[at].isdigit() and not raw[at - 1].isspace():
            end = _shifted(line, raw, at, measure)
            text = raw[at:end]
            up = end > at and measure.foot(at) > measure.foot(at - 1)
            marks.instead |= dict(
                zip(range(at, end), raised(text) if up else lowered(text), strict=True)
            )
            at = max(end, at + 1)
            continue
        before = before if at == line.start else at - 1
        apart = at == line.start and (not joined or at in marks.blanks)
        if end > at and (fraction := _fraction(raw, at, most, measure, marks)):
            if raw[before].isdigit() and not apart:
                marks.blanks.add(at)
            end = fraction
        elif end > at and not apart and not raw[before].isspace():
            while end > at and raw[end - 1] in ".,;:":  # ends the sentence, whatever its size
                end -= 1
            marks.instead |= _set_small(raw, at, end, before, most / SMALL, measure)
        at = max(end, at + 1)


def _shifted(line: Line, raw: str, at: int, measure: TypeMeasures) -> int:
    """Where a mark of full size ends that stands higher or lower than the text on both sides, which stands on the line's foot; ``at``
    where none begins.
    """
    size, foot = measure.size(at - 1), measure.foot(at - 1)
    end = at
    while end < line.end and not raw[end].isspace() and end - at < LONGEST_MARK:
        if (
            not 0.25 * size < abs(measure.foot(end) - foot) < 0.6 * size
            or abs(measure.size(end) - size) > 0.2 * size
        ):
            break
        end += 1
    other = next((place for place in range(end, line.end) if not raw[place].isspace()), line.start)
    level = abs(measure.foot(other) - foot) <= 0.1 * size
    return end if level and _MARK.fullmatch(raw[at:end]) else at


def _fraction(raw: str, at: int, most: float, measure: TypeMeasures, marks: Marks) -> int:
    """Where a fraction in small type ends that begins ``at`` a place: figures, a stroke, and lower ones; 0 where there is none."""
    found = _FRACTION.match(raw, at)
    if found is None:
        return 0
    cuts = (place for place in range(at, found.end()) if raw[place] in "\r\n")
    if any(marks.instead.get(place) != DROPPED for place in cuts):
        return 0
    over, under = range(*found.span(1)), range(*found.span(2))
    small = all(measure.size(place) <= most for place in (*over, *under))
    falls = min(map(measure.foot, over)) - max(map(measure.foot, under))
    return found.end() if small and falls > 0.15 * most / SMALL else 0


def _set_small(
    raw: str, at: int, end: int, before: int, full: float, measure: TypeMeasures
) -> dict[int, str]:
    """What the small characters raw[at:end] become by the height on which they stand, seen from the one ``before``.

    All of them are figures that are raised or lowered, or all stay what they are: half a number is another number. So is
    one behind which a raised "3a" stands as large as it.
    """
    if end == at or measure.size(before) < 0.95 * full:
        return {}
    foot = measure.foot(before)
    rises = [measure.foot(place) - foot for place in range(at, end)]
    made: dict[int, str] = {}
    counted = raw[before].isdigit() and any(map(str.isdigit, raw[at:end]))
    while at < end:
        rise = rises[at - end]
        stop = next((i for i in range(at, end) if abs(rises[i - end] - rise) > 0.1 * full), end)
        text = raw[at:stop]
        if not (_FIGURES.fullmatch(text) or counted):
            return {}
        if stop - at <= LONGEST_RAISED and 0.15 * full < rise < 0.7 * full:
            small = raised(text)
        elif stop - at <= LONGEST_LOWERED and -0.4 * full < rise < -0.06 * full:
            small = lowered(text)
        else:
            return {}
        if len(small) == len(text):
            made |= dict(zip(range(at, stop), small, strict=True))
        else:  # "^(+0.05)"
            made |= dict(zip(range(at, stop), text, strict=True))
            made[at] = small[: small.index(text) + 1]
            made[stop - 1] += small[small.index(text) + len(text) :]
        at = stop
    return made
