"""Words of right-to-left scripts whose letters PDFium gives as they stand from left to right. Told by where the letters are."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from knowledge.parsing.pdf.lines import Places, Probe

_WORD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]{2,}")  # Hebrew, Arabic and their kin


def with_words_turned(textpage: Any, raw: str, probe: Probe) -> str:
    """The text of a page, of the same length, with each such word from its right end to its left one.

    Letters that one sign shows together ("لا") keep their order.
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
        if rightwards <= leftwards or not level:
            return found[0]
        signs: list[str] = []
        for at, letter in enumerate(found[0]):
            if at and boxes[at] == boxes[at - 1]:
                signs[-1] += letter
            else:
                signs.append(letter)
        return "".join(reversed(signs))

    return _WORD.sub(turned, raw)
