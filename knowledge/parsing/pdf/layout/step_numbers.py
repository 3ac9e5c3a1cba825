"""Find the steps whose numbers stand in much larger type beside them, "1" and not "1.", as quick guides and slides set them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, zip_longest

from knowledge.parsing.pdf.lines import Line

LARGER = 1.5  # times the type of the step
_ALONE, _WITH_STEP = re.compile(r"(\d{1,2})"), re.compile(r"(\d{1,2})\s+[^\W\d_].*")


def step_numbers(lines: Sequence[Line]) -> set[int]:
    """Where the lines of a page begin that are such a number, or begin with one. Only numbers that count on are steps."""
    found: list[tuple[int, int]] = []
    for line, below in zip_longest(lines, lines[1:]):
        number = _number(line, below)
        if number is not None and not line.table:
            found.append((number, line.start))
    steps: set[int] = set()
    for (one, start), (other, following) in pairwise(found):
        if other == one + 1:
            steps |= {start, following}
    return steps


def _number(line: Line, below: Line | None) -> int | None:
    if together := _WITH_STEP.fullmatch(line.text.strip()):
        return int(together[1]) if line.size >= LARGER * line.last_size > 0 else None
    alone = _ALONE.fullmatch(line.text.strip())
    if not alone or below is None or line.size < LARGER * below.size:
        return None
    beside = line.right - 1 <= below.left <= line.right + 4 * line.size
    high = line.y - 0.5 * line.size < below.y < line.y + 1.2 * line.size
    return int(alone[1]) if beside and high else None
