"""Pictures of text on a PDF page that has text of its own: which they are, and what is read of them.

A manual is full of photographs, screenshots and drawings, whose few words would only be noise. So only what is light for the
most part is looked at, and only what reads as sentences is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from knowledge.parsing.converted.ocr.engine import OcrLine, Pixels
from knowledge.parsing.converted.ocr.notes import OcrNotes
from knowledge.parsing.converted.ocr.pages import UNSURE, fill
from knowledge.parsing.pdf.lines import PageLines
from knowledge.parsing.pdf.page.page_extras import append_text

LEAST = 0.15  # share of a page from which a picture on it is looked at
MOST = 3  # pictures of a page
LIGHT = 225  # the level of grey from which a spot is light
GROUND = 0.6  # of a picture of text is as light
SENTENCE = 5  # words of a line of a sentence
WORDS = 15  # that such lines have in a picture of text
MOSTLY = 0.6  # of its words are in such lines


def pictures_beside(page: Any, into: PageLines, picture: Any) -> list[Any]:
    """The parts of a drawn page that may be pictures of text."""
    parts = [picture.crop(box) for box in _boxes(page, into, picture.size)]
    return [part for part in parts if _is_light(part)][:MOST]


def has_pictures(page: Any, into: PageLines) -> bool:
    """Has an upright page a large picture without a text of its own on it?"""
    return next(_boxes(page, into, (1, 1)), None) is not None


def _boxes(page: Any, into: PageLines, size: tuple[int, int]) -> Iterator[Pixels]:
    """The places of such pictures in a drawing of the page."""
    from pypdfium2 import raw

    if page.get_rotation() or into.turned:
        return
    x, y, *_ = page.get_bbox()
    wide, high = page.get_size()
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = item.get_bounds()
        left, right = max(left - x, 0), min(right - x, wide)
        bottom, top = max(bottom - y, 0), min(top - y, high)
        if right <= left or top <= bottom or (right - left) * (top - bottom) < LEAST * wide * high:
            continue
        if not any(
            left < (line.left + line.right) / 2 < right and bottom < line.y + line.size / 2 < top
            for line in into.lines
        ):
            across, down = size[0] / wide, size[1] / high
            yield int(left * across), int((high - top) * down), int(right * across), int((high - bottom) * down)  # fmt: skip


def _is_light(picture: Any) -> bool:
    counts = picture.convert("L").histogram()
    return sum(counts[LIGHT:]) > GROUND * sum(counts)


def add_sentences(
    into: PageLines, seen: Sequence[OcrLine], size: tuple[int, int], width: float
) -> OcrNotes | None:
    """Put what OCR saw in a picture, ``width`` points wide, behind the text of the page; None where it is no sentences."""
    from knowledge.parsing.pdf.blocks import page_blocks, setting_of

    if not _reads_as_sentences(seen):
        return None
    part = PageLines(into.number, "", "")
    notes = fill(part, seen, size, width)
    if notes is None:
        return None
    for block in page_blocks(part, [], setting_of([part]), contents=False):
        append_text(into, part.raw[block.start : block.end], block.kind)
    return notes


def _reads_as_sentences(seen: Sequence[OcrLine]) -> bool:
    sure = [sum(w.sure >= UNSURE and any(map(str.isalnum, w.text)) for w in line.words) for line in seen]  # fmt: skip
    spoken = sum(count for count in sure if count >= SENTENCE)
    return spoken >= max(WORDS, MOSTLY * sum(len(line.words) for line in seen))
