"""Read pages that are pictures: those of a PDF without usable text, and image files. Knows tesseract only as ``Ocr``."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from knowledge.parsing.converted.ocr.beside import add_sentences, has_pictures, pictures_beside
from knowledge.parsing.converted.ocr.engine import Ocr, OcrLine
from knowledge.parsing.converted.ocr.notes import NOTHING, OcrNotes
from knowledge.parsing.converted.ocr.pages import fill, unread_script
from knowledge.parsing.converted.ocr.rows import better, is_torn
from knowledge.parsing.pdf.lines import PageLines
from knowledge.parsing.sandbox.programs import ProgramFailed

DPI = 300  # at which the pages of a PDF are drawn
SMALL_DPI = 150  # below it, letters are too small to be made out, and the picture is enlarged
LARGEST = 3  # times
MOST_PIXELS = 25_000_000  # of what tesseract gets; an A4 page at 300 dpi has 9
FAINT = 24  # levels of grey between the darkest and the lightest spot of an empty page
PATIENCE = 3  # pages in a row that take too long; then no further one is tried
COVERS = 0.6  # share of a page that one picture covers, whose few drawn words are only a stamp
STAMP = 120  # characters


class PictureReader:
    """Reads pictures of pages of one file by what ``opening`` gives: tesseract, or None and what is missing.

    It is asked only once a page needs it.
    """

    def __init__(self, opening: Callable[[], tuple[Ocr | None, str]]) -> None:
        self._opening, self._opened, self._late = opening, False, 0
        self._ocr: Ocr | None = None
        self._why = ""

    @property
    def ocr(self) -> Ocr | None:
        """tesseract, None where it is missing."""
        if not self._opened:
            self._ocr, self._why = self._opening()
            self._opened = True
        return self._ocr

    @property
    def why(self) -> str:
        """What is missing, in words without a full stop, or ""."""
        return "" if self.ocr else self._why

    def read(self, picture: Any, width: float, into: PageLines, of: int) -> None:
        """Fill a page that is ``width`` points wide with what its picture says, and note it in ``into.ocr``."""
        if self.ocr is None:
            return
        if self._late >= PATIENCE:
            into.ocr = OcrNotes(fault="was not tried, because the pages before took too long")
            return
        low, high = picture.convert("L").getextrema()
        if high - low < FAINT:
            return
        if unread := unread_script(into.raw, self.ocr.languages):
            has = ", ".join(self.ocr.languages)
            into.ocr = OcrNotes(
                fault=f"was not tried, because tesseract has no language here for {unread} (it has {has})"
            )
            return
        made = self._seen(picture, width, into, of)
        if made is None:
            return
        seen, size, seconds = made
        notes = fill(into, seen, size, width)
        if notes is None and into.raw.strip():
            return  # a photograph with its caption
        into.ocr = notes or OcrNotes(fault=NOTHING)
        into.ocr.seconds = seconds

    def read_beside(self, page: Any, into: PageLines, of: int) -> None:
        """Add to a page that has text what large pictures of text on it say; note those that cannot be read."""
        if not has_pictures(page, into) or self._late >= PATIENCE:
            return
        whole = drawn(page)
        for picture in pictures_beside(page, into, whole):
            if self.ocr is None:
                into.ocr = OcrNotes(fault=f"left out a picture that may be of text: {self.why}")
                return
            width = picture.width * page.get_width() / whole.width
            if made := self._seen(picture, width, into, of):
                seen, size, seconds = made
                if notes := add_sentences(into, seen, size, width):
                    notes.seconds = seconds
                    into.ocr = notes.with_those_of(into.ocr)

    def _seen(
        self, picture: Any, width: float, into: PageLines, of: int
    ) -> tuple[list[OcrLine], tuple[int, int], float] | None:
        """The lines in a picture, its size as it was read, and the seconds that took; None, noted in ``into.ocr``, where that failed."""
        assert self.ocr is not None
        self.ocr.begun(into.number, of)
        started = time.monotonic()
        picture, dpi = _fitted(picture, width)
        try:
            seen = self.ocr.read(picture, dpi)
            if is_torn(seen):
                seen = better(seen, self.ocr.read(picture, dpi, straight=True))
        except ProgramFailed as error:
            self._late = self._late + 1 if error.late else 0
            ended = f"took longer than {self.ocr.seconds:g} seconds" if error.late else "broke off"
            into.ocr = OcrNotes(fault=ended)
            return None
        self._late = 0
        return seen, picture.size, time.monotonic() - started


def needs_reading(page: Any, into: PageLines) -> bool:
    """Say whether a PDF page's text is none, mostly unreadable, or no more than a stamp on a picture of the page."""
    from pypdfium2 import raw

    text = "".join(into.raw.split())
    if not text:
        return raw.FPDFPage_CountObjects(page) > 0
    kept = sum(len("".join(line.text.split())) for line in into.lines)
    if into.garbled:
        return kept < 0.5 * len(text) or into.mute
    if len(text) > STAMP:
        return False
    wide, high = page.get_size()
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = item.get_bounds()
        if abs((right - left) * (top - bottom)) > COVERS * wide * high:
            return True
    return False


def drawn(page: Any) -> Any:
    """A PDF page as a grey Pillow image; without what was filled in or noted on it, which is read as text."""
    wide, high = page.get_size()
    scale = min(DPI / 72, (MOST_PIXELS / max(wide * high, 1)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False, draw_annots=False)
    return bitmap.to_pil().convert("L")


def _fitted(picture: Any, width: float) -> tuple[Any, int]:
    """The picture with letters that are large enough, and its dots per inch."""
    from PIL import Image

    dpi = picture.width * 72 / width
    times = min(max(1.0, 2 * SMALL_DPI / dpi), LARGEST) if dpi < SMALL_DPI else 1.0
    times = min(times, (MOST_PIXELS / (picture.width * picture.height)) ** 0.5)
    if times != 1:
        size = max(1, round(picture.width * times)), max(1, round(picture.height * times))
        picture = picture.convert("L").resize(size, Image.Resampling.LANCZOS)
    return picture, min(max(round(picture.width * 72 / width), 70), 2400)
