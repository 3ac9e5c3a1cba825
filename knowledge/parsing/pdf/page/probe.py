"""Ask PDFium about the characters and strokes of one page, and turn places into those of the page as it is shown."""

from __future__ import annotations

import ctypes
import math
import re
from bisect import bisect_left
from collections import Counter
from typing import Any

from knowledge.parsing.content.grids.ruled_grid import Rule

BOLD = re.compile(r"bold|black|heavy|semib|demi|cmbx|cmssbx|-bd|medi\b|sfbx|ecbx", re.I)
MONO = re.compile(r"mono|courier|cmtt|cmsltt|typewriter|consol|sftt|ectt|ttype", re.I)
MOST_PATHS = 3000  # of a page, and pieces of one; more are a drawing
SHEAR = 0.05  # how far the sides of a letter's cell are from being upright
SAMPLE = 300  # characters of a page that tell how its text is turned
MOSTLY = 0.8  # of them
THIN = 3.0  # points: an area that is a stroke


class Probe:
    """PDFium's per-character questions with their buffers and a cache of fonts. One per document."""

    def __init__(self) -> None:
        from pypdfium2 import raw

        self._raw = raw
        self._matrix, self._box = raw.FS_MATRIX(), raw.FS_RECTF()
        self._name, self._flags = ctypes.create_string_buffer(128), ctypes.c_int()
        self._wide, self._narrow = ctypes.c_float(), ctypes.c_float()
        self._sides = [ctypes.c_double() for _ in range(4)]
        self._colour = [ctypes.c_uint() for _ in range(4)]
        self._fonts: dict[tuple[bytes, int], tuple[str, int, bool]] = {}

    def box(self, textpage: Any, at: int) -> tuple[float, float, float, float]:
        """(left, bottom, right, top) of a character's cell in page space."""
        self._raw.FPDFText_GetLooseCharBox(textpage, at, self._box)
        return self._box.left, self._box.bottom, self._box.right, self._box.top

    def foot(self, textpage: Any, at: int) -> float:
        """The height in page space on which a character stands."""
        x, y = self._sides[:2]
        self._raw.FPDFText_GetCharOrigin(textpage, at, x, y)
        return y.value

    def edges(self, textpage: Any, first: int, last: int) -> list[tuple[float, float]]:
        """(left, right) of the cells of the characters first to last, in page space."""
        get, box, handle = self._raw.FPDFText_GetLooseCharBox, self._box, textpage.raw
        found = []
        for at in range(first, last + 1):
            get(handle, at, box)
            found.append((box.left, box.right))
        return found

    def index_at(self, textpage: Any, x: float, y: float) -> int:
        """PDFium's index of the character at a place of page space, or a negative number."""
        return self._raw.FPDFText_GetCharIndexAtPos(textpage, x, y, 2.0, 4.0)

    def style(self, textpage: Any, at: int) -> tuple[float, str, int, bool]:
        """(size in points, font name, weight, fixed pitch) of a character.

        The matrix is needed because Chromium's files scale there. Weight and pitch come from the font's name,
        because FPDFText_GetFontWeight and the FixedPitch flag are wrong for whole families of producers.
        """
        size = self._raw.FPDFText_GetFontSize(textpage, at)
        if self._raw.FPDFText_GetMatrix(textpage, at, self._matrix):
            size *= (self._matrix.c**2 + self._matrix.d**2) ** 0.5
        self._raw.FPDFText_GetFontInfo(textpage, at, self._name, 128, self._flags)
        key = self._name.value, self._flags.value
        if key not in self._fonts:
            self._fonts[key] = self._font(textpage, at, key)
        return (round(size, 1), *self._fonts[key])

    def sheared(self, textpage: Any, at: int) -> bool:
        """Is a character drawn sheared, as an italic without a face of its own?"""
        held = self._matrix
        if not self._raw.FPDFText_GetMatrix(textpage, at, held):
            return False
        return abs(held.a * held.c + held.b * held.d) > SHEAR * (held.a**2 + held.b**2)

    def item(self, textpage: Any, at: int) -> int:
        """The address of the object that draws a character."""
        return (
            ctypes.cast(self._raw.FPDFText_GetTextObject(textpage, at), ctypes.c_void_p).value or 0
        )

    def look(self, textpage: Any, at: int) -> tuple[float, bool, bool]:
        """(angle in radians, whether it is drawn without ink, whether it is white) of a character.

        The angle is that of its line: FPDFText_GetCharAngle takes a sheared letter, as an italic without a face of its
        own, for one that is turned.
        """
        raw, held = self._raw, self._matrix
        angle = math.atan2(held.b, held.a) if raw.FPDFText_GetMatrix(textpage, at, held) else 0.0
        red, green, blue, alpha = self._colour
        told = raw.FPDFText_GetFillColor(textpage, at, red, green, blue, alpha)
        white = bool(told) and min(red.value, green.value, blue.value) >= 250
        clear = bool(told) and alpha.value == 0
        item = raw.FPDFText_GetTextObject(textpage, at)
        mode = raw.FPDFTextObj_GetTextRenderMode(item) if item else 0
        return angle, mode in (3, 7) or clear, white and mode in (0, 4)

    def lightness(self, textpage: Any, at: int) -> float:
        """How light the darkest part of a character's colour is on white paper, up to 255."""
        red, green, blue, alpha = self._colour
        if not self._raw.FPDFText_GetFillColor(textpage, at, red, green, blue, alpha):
            return 0.0
        ink = alpha.value / 255
        return 255 - ink * (255 - min(red.value, green.value, blue.value))

    def upside_down(self, textpage: Any) -> bool:
        """Are some characters of a page drawn so?"""
        count = textpage.count_chars()
        looked = [at * count // 4 for at in range(1, 4)] if count > 3 else []
        told = (self._raw.FPDFText_GetMatrix(textpage, at, self._matrix) for at in looked)
        return sum(bool(known) and self._matrix.a < 0 > self._matrix.d for known in told) > 1

    def side(self, textpage: Any) -> int | None:
        """How far most of a page's text is turned, in degrees: 0, 90, 180 or 270; None where it stands this way and that."""
        count, sides = textpage.count_chars(), Counter[int]()
        for at in range(0, count, max(1, count // SAMPLE)):
            if self._raw.FPDFText_GetMatrix(textpage, at, self._matrix):
                angle = math.atan2(self._matrix.b, self._matrix.a)
                sides[round(math.degrees(angle) / 90) % 4 * 90] += 1
        if not sides:
            return None
        side, most = sides.most_common(1)[0]
        return side if most > MOSTLY * sides.total() else None

    def rectangles(
        self, textpage: Any, first: int = 0, count: int = -1
    ) -> list[tuple[float, float, float, float]]:
        """(left, bottom, right, top) of every stretch of text in a range of characters, in text order."""
        left, top, right, bottom = self._sides
        found = []
        for at in range(self._raw.FPDFText_CountRects(textpage, first, count)):
            self._raw.FPDFText_GetRect(textpage, at, left, top, right, bottom)
            found.append((left.value, bottom.value, right.value, top.value))
        return found

    def rules(self, page: Any) -> tuple[list[Rule], list[Rule]]:
        """The straight strokes of a page that run across it (y, from, to) and down it (x, from, to), in page space.

        Thin filled areas are strokes too. None at all where there are so many that they are a drawing.
        """
        raw, found = self._raw, (list[Rule](), list[Rule]())
        paths = [
            item
            for at in range(raw.FPDFPage_CountObjects(page))
            if raw.FPDFPageObj_GetType(item := raw.FPDFPage_GetObject(page, at))
            == raw.FPDF_PAGEOBJ_PATH
        ]
        if len(paths) > MOST_PATHS:
            return found
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        x, y, end, top = (ctypes.c_float() for _ in range(4))
        for item in paths:
            raw.FPDFPath_GetDrawMode(item, fill, stroke)
            drawn = fill.value or stroke.value
            if not drawn or not raw.FPDFPageObj_GetBounds(item, x, y, end, top):
                continue
            wide, high = end.value - x.value, top.value - y.value
            if min(wide, high) <= THIN:
                across = (y.value + top.value) / 2, x.value, end.value
                down = (x.value + end.value) / 2, y.value, top.value
                found[high > wide].append(down if high > wide else across)
                continue
            edges = self._strokes(item) if stroke.value else []
            for left, low, right, high in edges:
                if abs(low - high) < 0.5 < abs(left - right):
                    found[0].append(((low + high) / 2, min(left, right), max(left, right)))
                elif abs(left - right) < 0.5 < abs(low - high):
                    found[1].append(((left + right) / 2, min(low, high), max(low, high)))
        return found

    def _strokes(self, item: Any) -> list[tuple[float, float, float, float]]:
        """The edges of a path as (x, y, x, y) in page space; none of one that has curves or very many."""
        raw, matrix = self._raw, self._matrix
        count = raw.FPDFPath_CountSegments(item)
        if count > MOST_PATHS or not raw.FPDFPageObj_GetMatrix(item, matrix):
            return []
        x, y = self._wide, self._narrow
        edges: list[tuple[float, float, float, float]] = []
        begun = last = (0.0, 0.0)
        for at in range(count):
            segment = raw.FPDFPath_GetPathSegment(item, at)
            kind = raw.FPDFPathSegment_GetType(segment)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            here = (
                matrix.a * x.value + matrix.c * y.value + matrix.e,
                matrix.b * x.value + matrix.d * y.value + matrix.f,
            )
            if kind == raw.FPDF_SEGMENT_MOVETO:
                begun = here
            elif kind == raw.FPDF_SEGMENT_LINETO:
                edges.append((*last, *here))
            else:
                return []
            if raw.FPDFPathSegment_GetClose(segment):
                edges.append((*here, *begun))
            last = here
        return edges

    def _font(self, textpage: Any, at: int, key: tuple[bytes, int]) -> tuple[str, int, bool]:
        name = key[0].decode("utf-8", "replace").split("+")[-1]  # "ABCDEF+" marks a subset
        told = self._raw.FPDFText_GetFontWeight(textpage, at)
        weight = 1000 if BOLD.search(name) else told if 0 < told < 1000 else 400
        return (
            name,
            weight,
            bool(MONO.search(name)) or bool(key[1] & 1 and self._fixed(textpage, at)),
        )

    def _fixed(self, textpage: Any, at: int) -> bool:
        item = self._raw.FPDFText_GetTextObject(textpage, at)
        font = self._raw.FPDFTextObj_GetFont(item) if item else None
        if not font:
            return False
        return bool(
            self._raw.FPDFFont_GetGlyphWidth(font, ord("i"), 10, self._narrow)
            and self._raw.FPDFFont_GetGlyphWidth(font, ord("W"), 10, self._wide)
            and abs(self._narrow.value - self._wide.value) < 0.1
        )


class Places:
    """From an index into a page's text to PDFium's character index.

    PDFium counts UTF-16 units, and on a few pages (12 of 7,000) holds characters that its text leaves out.
    """

    def __init__(self, textpage: Any, text: str) -> None:
        from pypdfium2 import raw

        wide = bool(text) and max(text) > "\uffff"
        self._textpage, self._index = textpage, raw.FPDFText_GetCharIndexFromTextIndex
        self._wide = [at for at, char in enumerate(text) if char > "\uffff"] if wide else []
        self._same = len(text) + len(self._wide) == textpage.count_chars()

    def __call__(self, at: int) -> int:
        unit = at + bisect_left(self._wide, at)
        return unit if self._same else self._index(self._textpage, unit)


def turn_to_read(page: Any, textpage: Any, probe: Probe) -> Rotation:
    """From page space to the page as its text is read: as it is shown, but turned where it shows nearly all its text sideways or
    upside down.
    """
    shown = page.get_rotation()
    side = probe.side(textpage) if shown or probe.upside_down(textpage) else None
    return Rotation(shown if side is None else side, *page.get_bbox())


class Rotation:
    """From page space to the page as it is shown: rotation in degrees and the visible box; up stays positive."""

    def __init__(self, angle: int, left: float, bottom: float, right: float, top: float) -> None:
        self.angle = angle % 360
        self._left, self._bottom, self._right, self._top = left, bottom, right, top
        wide, high = right - left, top - bottom
        self.width, self.height = (high, wide) if self.angle in (90, 270) else (wide, high)

    def is_level(self, angle: float) -> bool:
        """Does text at an angle, in radians, run from left to right?"""
        return abs((angle - math.radians(self.angle) + 0.1) % (2 * math.pi)) < 0.2

    def page_place(self, x: float, y: float) -> tuple[float, float]:
        """The place in page space of a place as shown; only where the page is not turned."""
        return x + self._left, y + self._bottom

    def box(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """(left, bottom, right, top) as shown."""
        left, bottom, right, top = box
        if self.angle == 90:
            return (
                bottom - self._bottom,
                self._right - right,
                top - self._bottom,
                self._right - left,
            )
        if self.angle == 180:
            return self._right - right, self._top - top, self._right - left, self._top - bottom
        if self.angle == 270:
            return self._top - top, left - self._left, self._top - bottom, right - self._left
        return left - self._left, bottom - self._bottom, right - self._left, top - self._bottom
