"""PDFium's text of a page, with the pieces that it leaves out because its font, which is not in the file, gives them no width."""

from __future__ import annotations

import ctypes
from typing import Any

SPARSE = 600  # characters of a page below which all it draws is looked at
SAMPLE = 40  # characters of a page that tell whether they stand below each other
NO_WIDTH = 0.01  # points


def text_of(page: Any) -> tuple[Any, bool]:
    """The text page of a page, which the caller closes, and whether it has text that the page as it is drawn does not show.

    Raises pypdfium2.PdfiumError where there is none.
    """
    textpage = page.get_textpage()
    count = textpage.count_chars()
    if (count > SPARSE and not _downwards(textpage, count)) or not (found := _without_width(page)):
        return textpage, False
    for item in found:
        _draw(item, outlined=True)
    widened = page.get_textpage()
    unknown = _of_unknown_letters(widened)
    if dropped := [item for item in found if _address(item) in unknown]:
        for item in dropped:
            _draw(item, outlined=False)
        widened.close()
        widened = page.get_textpage()
    same = _signs(textpage) == _signs(widened)
    (widened if same else textpage).close()
    return (textpage, False) if same else (widened, True)


def _signs(textpage: Any) -> str:
    return "".join(textpage.get_text_range(errors="surrogatepass").split())


def is_east_asian(char: str) -> bool:
    """Is a character one of those that are also set from above to below: Chinese, Japanese or Korean, with their signs?"""
    return (
        "\u2e80" <= char <= "\ud7a3" or "\uf900" <= char <= "\ufaff" or "\ufe30" <= char <= "\uffef"
    )


def _downwards(textpage: Any, count: int) -> bool:
    """Do most of some East Asian characters stand right above the one that follows?"""
    from pypdfium2 import raw

    looked = below = 0
    for at in range(0, count - 1, max(1, count // SAMPLE)):
        one, other = (chr(raw.FPDFText_GetUnicode(textpage, at + more)) for more in (0, 1))
        if not (is_east_asian(one) and is_east_asian(other)):
            continue
        (left, bottom, right, _), (x, _, _, y) = (
            textpage.get_charbox(at + more, loose=True) for more in (0, 1)
        )
        looked += 1
        below += left <= x < right and y <= bottom + 1
    return below > 0.5 * looked


def _without_width(page: Any) -> list[Any]:
    """The pieces of text of a page that have no width."""
    from pypdfium2 import raw

    found = []
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=5):
        left, _, right, _ = item.get_bounds()
        fill = raw.FPDFTextObj_GetTextRenderMode(item) == raw.FPDF_TEXTRENDERMODE_FILL
        if fill and right - left < NO_WIDTH:
            found.append(item)
    return found


def _draw(item: Any, outlined: bool) -> None:
    """Give a piece of text an outline, which is a width, or take it away.

    PDFium measures a piece anew when it is moved, also by nothing.
    """
    from pypdfium2 import raw

    mode = raw.FPDF_TEXTRENDERMODE_FILL_STROKE if outlined else raw.FPDF_TEXTRENDERMODE_FILL
    raw.FPDFTextObj_SetTextRenderMode(item, mode)
    raw.FPDFPageObj_SetStrokeWidth(item, 1.0)
    raw.FPDFPageObj_Transform(item, 1, 0, 0, 1, 0, 0)


def _of_unknown_letters(textpage: Any) -> set[int]:
    """The addresses of the pieces of which the font does not say which letters they show."""
    from pypdfium2 import raw

    return {
        ctypes.cast(raw.FPDFText_GetTextObject(textpage, at), ctypes.c_void_p).value or 0
        for at in range(textpage.count_chars())
        if raw.FPDFText_HasUnicodeMapError(textpage, at) == 1
    }


def _address(item: Any) -> int:
    return ctypes.cast(item.raw, ctypes.c_void_p).value or 0
