"""Which lines of a table without rules are the rest of the row above them, though its first column has text in both. Knows no
format.

A text goes on in small letters where no row begins so. That alone does not tell: the lines of a cell are nearer than rows are,
or none of its words would have stood behind the line above it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from knowledge.parsing.content.grids.stretches import TextRow

LIKE = 1.05  # of the least distance of two lines: the same one
FARTHER = 1.12  # of it: the distance of two rows
NEAR = 1.5  # sizes between the lines of a cell
MOSTLY, RARELY = 0.5, 0.1  # shares of texts that begin in small letters
TOLERANCE = 2  # characters more than a word, for the blank before it and because letters are not all as wide
FEWEST = 2  # lines that go on, or rows
_FIGURE = re.compile(r"\d")
_SMALL = re.compile(r"[(\"“]?[^\W\d_]")

Held = Sequence[Sequence[Sequence[int]]]  # the columns of each text, line by line


def wrapped_lines(run: Sequence[TextRow], held: Held) -> set[int]:
    """The numbers of the lines that go on with the row above; none where that is not sure."""
    pitches = [above[0].foot - row[0].foot for above, row in pairwise(run)]
    if len(pitches) < 3 or not 0 < min(pitches) <= NEAR * run[0][0].size:
        return set()
    return _by_distance(run, held, pitches) or _by_fit(run, held, pitches)


def _by_distance(run: Sequence[TextRow], held: Held, pitches: Sequence[float]) -> set[int]:
    """Where lines stand at two distances and the nearer ones begin in small letters; rows in groups do not."""
    least = min(pitches)
    near = {at for at, pitch in enumerate(pitches, 1) if pitch <= LIKE * least}
    far = [pitch for pitch in pitches if pitch >= FARTHER * least]
    if len(near) + len(far) < len(pitches) or len(far) < FEWEST:
        return set()
    rests = near - {1}  # what is below the first line may be the rest of a head
    room = _Room(run, held)
    for at in rests:
        if not _may_go_on(run[at], held[at]) or (len(rests) < FEWEST and room.is_left(at)):
            return set()
    begun = [one for at, row in enumerate(run) if at not in near for one in row]
    sure = _share([one for at in rests for one in run[at]]) >= MOSTLY and _share(begun) <= RARELY
    return near if sure else set()


def _by_fit(run: Sequence[TextRow], held: Held, pitches: Sequence[float]) -> set[int]:
    """Where all lines are as far from each other, and none of the words that go on would have stood on the line above."""
    rests = {at for at, row in enumerate(run) if any(begins_small(one.text) for one in row)}
    if len(rests) < FEWEST or len(run) - len(rests) <= FEWEST or 0 in rests:
        return set()
    room = _Room(run, held)
    for at in rests:
        alone = len(run[at]) == 1 and 0 not in held[at][0]  # goes on in any case
        if pitches[at - 1] > NEAR * run[at][0].size:
            return set()
        if not (alone or (_may_go_on(run[at], held[at]) and not room.is_left(at))):
            return set()
    return rests


class _Room:
    """How much room the lines of a table have left in their columns."""

    def __init__(self, run: Sequence[TextRow], held: Held) -> None:
        self._run, self._held = run, held
        self._right: dict[int, float] = {}
        for row, columns in zip(run, held, strict=True):
            for one, own in zip(row, columns, strict=True):
                self._right[own[-1]] = max(self._right.get(own[-1], one.right), one.right)

    def is_left(self, line: int) -> bool:
        """Could the first word of a text of a line stand behind the one above it?"""
        return any(self._left_for(line, text) for text in range(len(self._run[line])))

    def _left_for(self, line: int, text: int) -> bool:
        one, own = self._run[line][text], self._held[line][text]
        over = zip(self._run[line - 1], self._held[line - 1], strict=True)
        above = next((text.right for text, held in over if held == own), None)
        word = one.text.split()[0]
        wide = (one.right - one.left) * (len(word) + TOLERANCE) / len(one.text)
        return above is None or above + wide <= self._right[own[-1]]


def _may_go_on(row: TextRow, held: Sequence[Sequence[int]]) -> bool:
    """Does a text of a line begin in a small letter, and none as a name of a row does? A figure may be in the middle of one."""
    if not any(begins_small(one.text) for one in row):
        return False
    return 0 not in held[0] or begins_small(row[0].text) or bool(_FIGURE.search(row[0].text))


def _share(texts: TextRow) -> float:
    return sum(begins_small(one.text) for one in texts) / max(len(texts), 1)


def begins_small(text: str) -> bool:
    """Does a text begin in a small letter, as the rest of a sentence does?"""
    found = _SMALL.match(text)
    return found is not None and found[0][-1].islower()
