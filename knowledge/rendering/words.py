"""The boxes that mark a quotation on a page that OCR has read: by the stored places of its words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.types import Box, PlacedWord

WHOLE = 10_000
SPACE = 1.2  # heights of a line; words further apart are marked apart


def word_boxes(words: Sequence[PlacedWord], start: int, end: int) -> tuple[Box, ...]:
    """One box for each run of words in page text [start:end]; of a word that it cuts, the share that lies in it."""
    merged: list[Box] = []
    for word in words:
        first, last = max(start, word.start), min(end, word.end)
        if first >= last:
            continue
        box = _part(word, first - word.start, last - word.start)
        if merged and (joined := _joined(merged[-1], box)):
            merged[-1] = joined
        else:
            merged.append(box)
    return tuple(merged)


def _part(word: PlacedWord, first: int, last: int) -> Box:
    """The box of the characters first to last of a word, as if all were as wide as each other."""
    box = Box(word.left / WHOLE, word.top / WHOLE, word.right / WHOLE, word.bottom / WHOLE)
    length = word.end - word.start
    if (first, last) == (0, length) or word.bottom - word.top > word.right - word.left:
        return box
    wide = box.right - box.left
    return replace(
        box, left=box.left + wide * first / length, right=box.left + wide * last / length
    )


def _joined(one: Box, other: Box) -> Box | None:
    """The box of two stretches of one line, which may run across the picture or along its side; None of two lines."""
    across = (one.top, one.bottom, other.top, other.bottom)
    along = (one.left, one.right, other.left, other.right)
    for (a, b, c, d), (e, f, g, h) in ((across, along), (along, across)):
        overlap, thin = min(b, d) - max(a, c), min(b - a, d - c)
        if overlap > 0.6 * thin and max(e, g) - min(f, h) < SPACE * max(b - a, d - c):
            return Box(
                min(one.left, other.left),
                min(one.top, other.top),
                max(one.right, other.right),
                max(one.bottom, other.bottom),
            )
    return None
