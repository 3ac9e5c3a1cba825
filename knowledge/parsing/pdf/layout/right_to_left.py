"""What of right-to-left scripts PDFium gives as it stands from left to right: the letters of words, those that one sign shows, and
the parts of a line. Told by where they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from knowledge.parsing.pdf.layout.columns import ColumnPart
from knowledge.parsing.pdf.lines import Line, Places, Probe

_WORD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]{2,}")  # Hebrew, Arabic and their kin
# One sign shows a lam and the alef behind it, and none an alef and a lam: "لا" is "no", and "ال" is "the"
_ALEF_LAM = re.compile("[\u0622\u0623\u0625\u0627]\u0644")
_LETTER = re.compile(r"[^\W\d_]")
SAME_FOOT = 1.0  # points
NEAR = 1.0  # sizes between the parts of a line

Edges = Callable[[Line], Sequence[tuple[float, float]]]


def with_words_turned(textpage: Any, raw: str, probe: Probe) -> str:
    """The text of a page, of the same length, with each such word from its right end to its left one.

    Letters that one sign shows together ("لا") keep their order, or get it.
    """
    if not _WORD.search(raw):
        return raw
    place = Places(textpage, raw)

    def turned(found: re.Match[str]) -> str:
        places = [place(at) for at in range(found.start(), found.end())]
        boxes = [probe.box(textpage, at) for at in places]
        rightwards = sum(other[0] > one[0] for one, other in pairwise(boxes))
        leftwards = sum(other[0] < one[0] for one, other in pairwise(boxes))
        level = abs(probe.foot(textpage, places[0]) - probe.foot(textpage, places[-1])) <= 1
        signs: list[str] = []
        for at, letter in enumerate(found[0]):
            if at and boxes[at] == boxes[at - 1]:
                signs[-1] += letter
            else:
                signs.append(letter)
        signs = [sign[::-1] if _ALEF_LAM.fullmatch(sign) else sign for sign in signs]
        return "".join(reversed(signs) if rightwards > leftwards and level else signs)

    return _WORD.sub(turned, raw)


def lines_turned(lines: Sequence[Line], edges: Edges) -> list[list[ColumnPart]]:
    """The parts of each line that PDFium has cut at a number and gives from its left end, from the right one. ``lines`` are in
    text order.
    """
    found: list[list[ColumnPart]] = []
    run: list[tuple[float, float, Line]] = []
    for line in [*lines, None]:
        sides = _sides(line, edges) if line and _is_part(line) else None
        if sides and run and line and _stands_right(run[-1], (*sides, line)):
            run.append((*sides, line))
            continue
        if len(run) > 1:
            found.append([ColumnPart(one.start, one.end) for _, _, one in reversed(run)])
        run = [(*sides, line)] if sides and line else []
    return found


def _is_part(line: Line) -> bool:
    """Has a line letters of these scripts alone?"""
    words = "".join(_WORD.findall(line.text))
    return bool(words) and len(words) == len(_LETTER.findall(line.text)) and not line.hyphen


def _sides(line: Line, edges: Edges) -> tuple[float, float]:
    places = edges(line)
    return min(left for left, _ in places), max(right for _, right in places)


def _stands_right(one: tuple[float, float, Line], other: tuple[float, float, Line]) -> bool:
    """Does a part of a line stand right of another, as near as words are?"""
    size = one[2].size
    level = abs(one[2].y - other[2].y) <= SAME_FOOT and size == other[2].size
    return level and -1 <= other[0] - one[1] <= NEAR * size
