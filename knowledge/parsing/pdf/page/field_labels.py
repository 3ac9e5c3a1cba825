"""Where the printed label of a field of a form stands on its PDF page, and whether the name of a field is one for people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.parsing.pdf.lines import Line, PageLines
from knowledge.parsing.pdf.page.probe import Probe

LONGEST_LABEL = 80  # characters
CLOSE = 6.0  # points between a field and the label above it
NEAR = 18.0  # the same where the label says that it is one; and to the words behind a box to tick
LEVEL = 4.0  # points that a label may stand higher or lower than a field
APART = 1.5  # sizes between a label and other words of its line
Box = tuple[float, float, float, float]  # left, bottom, right, top in points of the page as shown

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*[.,:?]?|\d+|[&/–-]|\([^()]+\)")
_MIXED = re.compile(r"[^\W\d_]*[a-zß-ÿ][A-Z]")
# What programs that make forms call their fields by themselves
_BY_ITSELF = re.compile(
    r"(?:(?:text|check|radio|combo|list|drop|push|form|date|number|image|signature|auswahl|kombi|kontroll|options?|text-?)\s?-?"
    r"(?:field|box|button|down(?: list)?|feld|kästchen)?|field|button|group|undefined|untitled|fill|feld|gruppe|zone de texte)\s?\d*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Label:
    """A stretch of a line, from ``start`` to ``end`` of the page's text, that says what a field is for."""

    line: Line
    start: int
    end: int
    aside: bool = False  # stands above or below its field

    def text(self, into: PageLines) -> str:
        """Its words."""
        return into.raw[self.start : self.end].strip()


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words of a line, from place to place in the page's text, and from x to x."""

    start: int
    end: int
    left: float
    right: float


class FieldPlaces:
    """The fields of a page that is not turned among its lines; ``boxes`` are those of all its fields."""

    def __init__(
        self, textpage: Any, probe: Probe, into: PageLines, boxes: Sequence[Box | None]
    ) -> None:
        self._textpage, self._probe, self._into = textpage, probe, into
        self._boxes = [box for box in boxes if box is not None]

    def before(self, box: Box) -> Label | None:
        """What stands before a field on its height, or close above it, or close below it."""
        left, bottom, _, top = box
        row = min(self._in_row(box))
        beside = [
            Label(line, *span)
            for line in self._beside(box)
            if (span := self._left_of(line, row)) is not None
        ]
        if beside:
            return max(beside, key=lambda label: (label.line.right <= left + 3, label.line.right))
        near = []
        for line in self._into.lines:
            above, below = line.y - top, bottom - line.y - line.size
            if line.table or not (0 <= above < NEAR or 0 <= below < CLOSE):
                continue
            for part in self._stretches(line):
                said = self._into.raw[part.start : part.end]
                most = NEAR if said.rstrip().endswith(":") else CLOSE
                if abs(part.left - left) < CLOSE and (0 <= above < most or 0 <= below < CLOSE):
                    near.append(
                        (above < 0, abs(above), Label(line, part.start, part.end, aside=True))
                    )
        return min(near, key=lambda one: one[:2])[2] if near else None

    def shares(self, label: Label, box: Box) -> bool:
        """Do other fields stand beside a field, with no words between them, behind one label?"""
        return not label.aside and len(self._in_row(box)) > 1

    def head(self, box: Box) -> str:
        """The head of the column in which a field stands; "" for none, as where fields beside each other have the same."""
        heads = {one: self._above(one) for one in self._in_row(box)}
        return (
            heads.get(box, "")
            if all(heads.values()) and len({*heads.values()}) == len(heads)
            else ""
        )

    def _above(self, box: Box) -> str:
        """The nearest words above a field, across it or near."""
        middle = (box[0] + box[2]) / 2
        for line in sorted(self._into.lines, key=lambda line: line.y):
            if line.y < box[3] or line.table:
                continue
            parts = [
                part
                for part in self._stretches(line)
                if part.left - NEAR < box[2] and box[0] < part.right + NEAR
            ]
            if parts:
                part = min(parts, key=lambda part: abs((part.left + part.right) / 2 - middle))
                said = self._into.raw[part.start : part.end].strip()
                return said if len(said) < LONGEST_LABEL else ""
        return ""

    def _in_row(self, box: Box) -> list[Box]:
        """The fields beside each other among which a field stands, with no words between them."""
        middle = (box[1] + box[3]) / 2
        row = sorted(one for one in self._boxes if one[1] <= middle <= one[3])
        words = [edge[0] for line in self._beside(box) for _, edge in self._edges(line)]
        return [
            one
            for one in row
            if not any(min(one[2], box[2]) <= x <= max(one[0], box[0]) for x in words)
        ] or [box]

    def behind(self, box: Box) -> Label | None:
        """What stands behind a box to tick, up to the next field or a wide gap."""
        right = box[2]
        for line in self._beside(box):
            if line.right <= right:
                continue
            edges = self._edges(line)
            first = next((at for at, edge in edges if edge[0] >= right - 2), None)
            if first is None:
                continue
            limit = min(
                (one[0] for one in self._fields_beside(line) if one[0] > right), default=1e9
            )
            end, last = first, right + NEAR - APART * line.size
            for at, (left, far) in edges:
                if at < first:
                    continue
                if left > last + APART * line.size or (left + far) / 2 > limit:
                    break
                end, last = at + 1, far
            label = Label(line, first, end)
            if end > first and re.search(r"\w", label.text(self._into)):
                return label
        return None

    def cell(self, box: Box) -> tuple[Line, int] | None:
        """The row of a table in which a field stands, and the place of its empty cell, or beside the words of its cell."""
        line = next((line for line in self._beside(box) if line.table), None)
        if line is None or not (edges := self._edges(line)):
            return None
        last = max((edge for edge in edges if edge[1][1] <= box[0] + 3), default=None)
        following = min((edge for edge in edges if edge[1][0] >= box[2] - 3), default=None)
        start = line.start if last is None else last[0] + 1
        end = line.end if following is None else following[0]
        parts = [*re.finditer(r"[^|]*", self._into.raw[start:end])]
        parts = [
            one for at, one in enumerate(parts) if not at or parts[at - 1].end() != one.start()
        ]
        free = parts[last is not None : len(parts) - (following is not None)]
        left, right = (last[1][1] if last else -1e9), (following[1][0] if following else 1e9)
        fields = sorted(
            one for one in self._fields_beside(line) if one[0] >= left - 3 and one[2] <= right + 3
        )
        if len(fields) == len(free):
            part = free[fields.index(box)]
            return line, start + (part.start() + part.end() + 1) // 2
        if not free and len(fields) == 1 and right - box[2] < min(NEAR, box[0] - left):
            return line, end
        return None

    def _beside(self, box: Box) -> list[Line]:
        """The lines on the height of a field."""
        return [line for line in self._into.lines if line.level and _on_height(line, box)]

    def heads_another(self, label: Label) -> bool:
        """Are the words of a line that follow a label that of another field?"""
        if label.aside:
            return True
        rest = [edge for at, edge in self._edges(label.line) if at >= label.end]
        return bool(rest) and any(box[0] >= rest[0][0] for box in self._fields_beside(label.line))

    def _fields_beside(self, line: Line) -> list[Box]:
        return [box for box in self._boxes if _on_height(line, box)]

    def _left_of(self, line: Line, box: Box) -> tuple[int, int] | None:
        """From where to where a line holds the label of a field behind it, past other fields."""
        if line.left >= box[0]:
            return None
        others = [one for one in self._fields_beside(line) if line.left < one[2] <= box[0]]
        if line.right <= box[0] + 3 and not others and not line.table:
            return line.start, line.end
        since = max((one[2] for one in others), default=-1e9)
        inside = [
            at
            for at, (left, right) in self._edges(line)
            if left >= since - 2 and right <= box[0] + 3
        ]
        if line.table and inside:  # the last cell before the field
            bar = self._into.raw.rfind("|", line.start, inside[-1])
            inside = [at for at in inside if at > bar]
        return (inside[0], inside[-1] + 1) if inside else None

    def _stretches(self, line: Line) -> list[_Stretch]:
        """The parts of a line with wide gaps between them."""
        found: list[_Stretch] = []
        for at, (left, right) in self._edges(line):
            if found and left - found[-1].right < APART * line.size:
                found[-1] = _Stretch(found[-1].start, at + 1, found[-1].left, right)
            else:
                found.append(_Stretch(at, at + 1, left, right))
        return found

    def _edges(self, line: Line) -> list[tuple[int, tuple[float, float]]]:
        """(place in the page's text, (left, right)) of each character of a line that shows something."""
        into, found = self._into, []
        for at in range(line.start, line.end):
            place = at if into.places is None else into.places[at]
            if place < 0 or into.raw[at].isspace():
                continue
            left, _, right, _ = self._probe.box(self._textpage, place)
            found.append((at, (left - into.origin[0], right - into.origin[0])))
        return found


def _on_height(line: Line, box: Box) -> bool:
    """Does a line stand beside a field?"""
    return abs(line.y + line.size / 2 - (box[1] + box[3]) / 2) <= max(
        LEVEL, (box[3] - box[1]) / 2 + 1
    )


def said_by(name: str) -> str:
    """The name of a field as a label for people; "" for one that is for programs, as "cert_content_0" and "Text12"."""
    name = name.rsplit(".", 1)[-1].strip(" :")
    words = name.split()
    if len(name) < 3 or not all(map(_WORD.fullmatch, words)) or _BY_ITSELF.fullmatch(name):
        return ""
    if any(map(_MIXED.match, words)) or len(words) == 1 and not name[0].isupper():
        return ""
    return name
