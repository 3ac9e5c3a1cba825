"""What of right-to-left scripts PDFium gives as it stands from left to right: the letters of words, those that one sign shows, and
the parts of a line. Told by where they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from knowledge.parsing.pdf.layout.columns.running_text import ColumnPart
from knowledge.parsing.pdf.lines import Line
from knowledge.parsing.pdf.page.probe import Places, Probe

_WORD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]{2,}")  # Hebrew, Arabic and their kin
# One sign shows a lam and the alef behind it, and none an alef and a lam: "لا" is "no", and "ال" is "the"
_ALEF_LAM = re.compile("[\u0622\u0623\u0625\u0627]\u0644")
_LETTER = re.compile(r"[^\W\d_]")
_WORD_LETTER = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_BESIDE_FIGURES = re.compile(r"[#$%°€£]+(?=\d)|(?<=\d)[#$%°€£]+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
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


def is_right_to_left(text: str) -> bool:
    """Has a text words of such a script?"""
    return bool(_WORD.search(text))


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


def mixed_lines_turned(lines: Sequence[Line], edges: Edges) -> list[list[ColumnPart]]:
    """The stretches, in reading order, of each line that PDFium gives from its left end because it has more Latin words, though
    it begins at the right edge of a text of these scripts.
    """
    latin = {line.start: len(_LATIN.findall(line.text)) for line in lines}
    other = {line.start: len("".join(_WORD.findall(line.text))) for line in lines}
    own = [line for line in lines if other[line.start] > latin[line.start]]
    if not own or len(own) < sum(not count for count in other.values()):
        return []
    begun = [_sides(line, edges)[1] for line in own]
    found = []
    for line in lines:
        if not 0 < other[line.start] <= latin[line.start] or not line.level or line.hyphen:
            continue
        places = edges(line)
        right = max(right for _, right in places)
        from_left = places[0][0] < places[-1][0]
        if from_left and any(abs(right - edge) <= 0.5 * line.size for edge in begun):
            found.append(
                [ColumnPart(line.start + a, line.start + b) for a, b in _stretches(line.text)]
            )
    return found


def _stretches(text: str) -> list[tuple[int, int]]:
    """From where to where the words and signs of a line that is given from its left end stand, in the order of a line from the
    right: what is Latin stays together.
    """
    kinds = ["R" if _WORD_LETTER.match(char) else "L" if char.isalnum() else " " for char in text]
    for found in _BESIDE_FIGURES.finditer(text):
        kinds[found.start() : found.end()] = "L" * len(found[0])
    strong = [at for at, kind in enumerate(kinds) if kind != " "]
    for one, other in pairwise(strong):
        if kinds[one] == kinds[other] == "L":
            kinds[one:other] = "L" * (other - one)
    for found in _BRACKETS.finditer(text):
        if set(kinds[found.start() : found.end() - 1]) == {"L"}:
            kinds[found.end() - 1] = "L"
    units: list[tuple[int, int]] = []
    for at, kind in enumerate(kinds):
        if at and kind != " " and kind == kinds[at - 1]:
            units[-1] = (units[-1][0], at + 1)
        else:
            units.append((at, at + 1))
    return units[::-1]
