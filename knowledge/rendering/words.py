"""The boxes that mark a quotation on a page that OCR has read: by the stored places of its words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.types import Box, PlacedWord

WHOLE = 10_000
NARROW, WIDE = frozenset(".,:;'!|ijlI()[]/-\u2019"), frozenset("mwMW@%")
SPACE = 1.2  # heights of a line; words further apart are marked apart


def word_boxes(words: Sequence[PlacedWord], start: int, end: int, text: str) -> tuple[Box, ...]:
    """One box for each run of words in a page's ``text`` [start:end]; of a word that it cuts, the part that lies in it."""
    sideways = _runs_down(words)
    merged: list[Box] = []
    for word in words:
        first, last = max(start, word.start), min(end, word.end)
        if first >= last:
            continue
        box = _whole(word) if sideways else _part(word, first - word.start, last - word.start, text)
        if merged and _on_one_line(merged[-1], box, sideways):
            one = merged[-1]
            merged[-1] = Box(
                min(one.left, box.left),
                min(one.top, box.top),
                max(one.right, box.right),
                max(one.bottom, box.bottom),
            )
        else:
            merged.append(box)
    return tuple(merged)


def _runs_down(words: Sequence[PlacedWord]) -> bool:
    """Do the lines run along the side of the picture, because the page lay sideways in the scanner?"""
    long = [word for word in words if word.end - word.start > 3]
    tall = sum(word.bottom - word.top > word.right - word.left for word in long)
    return tall > 0.5 * len(long)


def _whole(word: PlacedWord) -> Box:
    return Box(word.left / WHOLE, word.top / WHOLE, word.right / WHOLE, word.bottom / WHOLE)


def _part(word: PlacedWord, first: int, last: int, text: str) -> Box:
    """The box of the characters first to last of a word, by the usual widths of its letters."""
    box = _whole(word)
    widths = [_width(char) for char in text[word.start : word.end]] or [1.0]
    wide = (box.right - box.left) / sum(widths)
    left = box.left + wide * sum(widths[:first])
    return replace(box, left=left, right=left + wide * sum(widths[first:last]))


def _width(char: str) -> float:
    """How wide a letter usually is, in widths of an "n"."""
    if char in NARROW:
        return 0.5
    return 1.5 if char in WIDE else 1.2 if char.isupper() else 1.0


def _on_one_line(one: Box, other: Box, sideways: bool) -> bool:
    """Do two stretches share a line, with no more than a word space between them?"""
    if sideways:
        overlap = min(one.right, other.right) - max(one.left, other.left)
        high = max(one.right - one.left, other.right - other.left)
        between = max(one.top, other.top) - min(one.bottom, other.bottom)
    else:
        overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
        high = max(one.bottom - one.top, other.bottom - other.top)
        between = max(one.left, other.left) - min(one.right, other.right)
    return overlap > 0.5 * high and between < SPACE * high
