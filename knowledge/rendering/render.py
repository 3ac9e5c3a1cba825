"""Draw a page of a PDF or an image, measure it, and find the boxes of a stretch of its text. Runs in the painting process.

Knows files, page numbers and text offsets; boxes are fractions of the page as it is shown, origin top left.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from knowledge.parsing.converted.ocr.images import is_pdf, open_image
from knowledge.parsing.pdf.layout.arrangement import Tables, read_lines
from knowledge.parsing.pdf.layout.over_pages import read_below
from knowledge.parsing.pdf.lines import BREAK, PageLines
from knowledge.parsing.pdf.page.field_values import add_field_values
from knowledge.parsing.pdf.page.page_extras import set_unreadable_aside
from knowledge.parsing.pdf.page.page_text import text_of
from knowledge.parsing.pdf.page.probe import Places, Probe, Rotation

# With which tables a text may have been stored, and whether with what is filled in behind its labels; the newest first
STORED: tuple[tuple[Tables, bool], ...] = (
    ("all", True), ("before", False), ("ruled", False), ("none", False),
)  # fmt: skip
QUALITY = 80  # of WebP: text stays crisp at about 60 KB a page
METHOD = 2  # of WebP: half the time of the default for 3 % more bytes
MOST_PIXELS = 16_000_000  # a page of 1 point by 14,400 must not become a bomb
LONGEST_SIDE = 16_383  # pixels, WebP's limit
Rect = tuple[float, float, float, float]  # left, bottom, right, top


def draw(path: Path, number: int, width: int) -> bytes:
    """The page as WebP, ``width`` pixels wide (less for extreme shapes). Raises IndexError for a page that is not there."""
    if not is_pdf(path):
        with open_image(path, path.name) as file:
            picture = file.page(number - 1)
            scale = min(_scale(picture.size, width), 1.0)
            size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
            image = picture.resize(size, reducing_gap=3.0).convert("RGB")
    else:
        with _page(path, number) as page:
            scale = _scale(page.get_size(), width)
            image = page.render(scale=scale).to_pil().convert("RGB")
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=METHOD)
    return out.getvalue()


def _scale(size: tuple[float, float], width: int) -> float:
    wide, high = size
    return min(
        (width - 1e-3) / wide,
        (MOST_PIXELS / (wide * high)) ** 0.5,
        LONGEST_SIDE / max(wide, high),
    )


def measure(path: Path, number: int) -> tuple[float, float]:
    """(width, height) of the page as it is shown, in points."""
    if not is_pdf(path):
        with open_image(path, path.name) as file:
            return file.points(file.page(number - 1))
    with _page(path, number) as page:
        return page.get_size()


def boxes(path: Path, number: int, start: int, end: int, length: int | None = None) -> list[Rect]:
    """One box for each run of words on a line of page text [start:end]: (left, top, right, bottom) in fractions.

    ``length`` is that of the page's text as it was stored: an older version may hold PDFium's own text.
    """
    with _opened(path) as document, _page_of(document, number) as page:
        textpage, _ = text_of(page)
        turn, probe = Rotation(page.get_rotation(), *page.get_bbox()), Probe()
        lines = PageLines(number, "", textpage.get_text_range(errors="surrogatepass"))
        text = lines.raw
        place, found = Places(textpage, text), []
        if text.strip():
            written = []
            for tables, in_place in STORED:
                lines = PageLines(number, "", text)
                read_lines(page, textpage, lines, probe, tables)
                if document.formenv:
                    set_unreadable_aside(page, textpage, lines)
                    add_field_values(page, textpage, document.formenv, lines, in_place)
                if length is None or length in (len(text), len(lines.raw)):
                    break
                written.append(lines)
            else:
                below = read_below(document, number, probe)
                more = len(written[0].raw) < (
                    length or 0
                )  # what fields and pictures say stands behind it
                lines = below if below and len(below.raw) == length else written[0 if more else -1]
        for first, last in _runs(lines, text, start, end, length):
            found += _line_boxes(textpage, place(first), place(last), probe)
        found = [turn.box(box) for box in found]
        textpage.close()
    return [shown for box in _apart(found) if (shown := _fractions(box, turn))]


def _runs(
    lines: PageLines, text: str, start: int, end: int, length: int | None
) -> Iterator[tuple[int, int]]:
    """First and last index in PDFium's text of every line in the page's text [start:end]."""
    own = lines.places is None or length == len(text) != len(lines.raw)
    written = text if own else lines.raw
    for first, last in _segments(written, max(0, start), min(end, len(written))):
        if own or lines.places is None:
            yield first, last
            continue
        known = [at for at in lines.places[first : last + 1] if at >= 0]
        begin = 0
        for at in range(1, len(known) + 1):  # what was put together is marked apart
            if at == len(known) or _apart_in(text, known[at - 1], known[at]):
                yield known[begin], known[at - 1]
                begin = at


def _apart_in(text: str, last: int, following: int) -> bool:
    """Does PDFium have words, or the end of a line, between two characters that stand one after the other?"""
    between = text[last + 1 : following]
    return following < last or "\n" in between or bool(between.strip(" \t\xa0\ufffe"))


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    if document.get_formtype():
        document.init_forms()
    try:
        yield document
    finally:
        document.close()


@contextmanager
def _page_of(document: Any, number: int) -> Iterator[Any]:
    if not 1 <= number <= len(document):
        raise IndexError(f"page {number} of {len(document)}")
    page = document[number - 1]
    try:
        yield page
    finally:
        page.close()


@contextmanager
def _page(path: Path, number: int) -> Iterator[Any]:
    with _opened(path) as document, _page_of(document, number) as page:
        yield page


def _segments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """First and last index of every line in text[start:end], white space cut off. A swallowed hyphen stays on its line."""
    at = start
    for part in BREAK.split(text[start:end]):
        first, at = at, at + len(part)
        stripped = part.strip()
        if stripped and stripped != "\ufffe":
            first += len(part) - len(part.lstrip())
            last = first + len(stripped) - 1
            yield first, last + (last + 1 < end and text[last + 1] == "\ufffe")


def _line_boxes(textpage: Any, first: int, last: int, probe: Probe) -> list[Rect]:
    """The boxes of one line in page space, as high as the font's cell, words on it merged into one stroke."""
    merged: list[Rect] = []
    cell = probe.box(textpage, first)
    upright = (
        abs(probe.box(textpage, last)[1] - cell[1]) < 0.5 * (cell[3] - cell[1]) or first == last
    )
    for left, bottom, right, top in probe.rectangles(textpage, first, last - first + 1):
        if upright and abs((bottom + top) / 2 - (cell[1] + cell[3]) / 2) < 0.5 * (
            cell[3] - cell[1]
        ):
            bottom, top = min(bottom, cell[1]), max(top, cell[3])
        if merged and _touch(merged[-1], (left, bottom, right, top)):
            one = merged.pop()
            left, bottom, right, top = (
                min(one[0], left),
                min(one[1], bottom),
                max(one[2], right),
                max(one[3], top),
            )
        merged.append((left, bottom, right, top))
    return merged


def _touch(one: Rect, other: Rect) -> bool:
    """Whether two boxes lie on one line with no more than a word space between them."""
    height = min(one[3] - one[1], other[3] - other[1])
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    between = max(one[0], other[0]) - min(one[2], other[2])
    return overlap > 0.5 * height and between < 1.2 * height


def _apart(found: list[Rect]) -> list[Rect]:
    """Boxes of neighbouring lines meet in the middle instead of overlapping, so that a tint stays even."""
    out = list(found)
    for at in range(1, len(out)):
        (l1, b1, r1, t1), (l2, b2, r2, t2) = out[at - 1], out[at]
        if b1 < t2 < t1 and b2 < b1 and l1 < r2 and l2 < r1:
            middle = (b1 + t2) / 2
            out[at - 1], out[at] = (l1, middle, r1, t1), (l2, b2, r2, middle)
    return out


def _fractions(box: Rect, turn: Rotation) -> Rect | None:
    """The part of a box that lies on the page, origin top left; None where nothing does."""
    left, right = (min(max(x / turn.width, 0.0), 1.0) for x in (box[0], box[2]))
    top, bottom = (min(max(1 - y / turn.height, 0.0), 1.0) for y in (box[3], box[1]))
    return (left, top, right, bottom) if left < right and top < bottom else None
