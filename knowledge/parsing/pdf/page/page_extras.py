"""What a PDF page's own text does not hold: values of form fields and notes on the page; and what of it cannot be read or seen.

Form values have no place in PDFium's text of the page, so they come at the end of the page's.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from typing import Any

from knowledge.parsing.clean import harmless
from knowledge.parsing.pdf.lines import Line, PageLines
from knowledge.parsing.pdf.page.probe import Rotation
from knowledge.types import Block, BlockKind

LONG = 8  # characters from which a line of unknown letters is no formula
SPARSE = 600  # characters of a page below which its drawn text is counted
_FIELD, _FREE_TEXT, _COMMENT = 20, 3, 1
_CHECK_BOX, _RADIO, _TEXT_KINDS = 2, 3, (4, 5, 6)
MOST_FIELDS, MOST_OPTIONS = 2000, 500
FAR = 1e5  # points
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]{3,}")
_MIXED = re.compile(r"[a-z][A-Z]")
_VOWELS = "aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýœ"
_COMMON = frozenset(
    """the and for with not are you der die das und den ist mit nicht les des est une pour dans los las que del con una por il di
    che per non sono não dos das uma com het een van niet och att som""".split()
)


def set_unreadable_aside(page: Any, textpage: Any, into: PageLines) -> None:
    """Take the lines whose font does not say which letters it shows, or gives them numbers of its own, out of ``into.lines``,
    and note the page.

    A page that draws much text of which PDFium has none is noted too.
    """
    from pypdfium2 import raw

    unknown, handle = raw.FPDFText_HasUnicodeMapError, textpage.raw

    def errs(at: int) -> bool:
        place = at if into.places is None else into.places[at]
        return place >= 0 and ("\ue000" <= into.raw[at] <= "\uf8ff" or unknown(handle, place) == 1)

    readable: list[Line] = []
    for line in into.lines:
        length = line.end - line.start
        step = max(1, length // 3)
        doubtful = length >= LONG and any(map(errs, range(line.start, line.end, step)))
        if not doubtful or sum(map(errs, range(line.start, line.end))) < 0.5 * length:
            readable.append(line)
    if implausible(into.raw):
        readable = []
    into.mute = _mute(page, textpage, into)
    into.garbled = len(readable) < len(into.lines) or into.mute
    into.lines[:] = readable
    into.lost = _lost(textpage, into)


def implausible(text: str) -> bool:
    """Can a text in Latin letters be no words of any language: by its vowels, by capitals amid its words, and because it
    has none of the commonest words? A font may say wrong letters as well as none.

    Of 453 pages of manuals none had vowels for less than .30 of its letters, or more than .11 of its words in mixed letters;
    of pages whose letters are shifted in the alphabet it was .20, of such with a part of them exchanged .97.
    """
    words = _LATIN_WORD.findall(text)
    if len(words) < 20 or any(word.lower() in _COMMON for word in words):
        return False
    mixed = sum(bool(_MIXED.search(word)) for word in words)
    letters = "".join(word.lower() for word in words if word[1:].islower())
    small = "".join(char for word in words for char in word if char.islower())
    few = len(letters) >= 300 and _vowels(letters) < 0.25
    return few or (mixed > 0.5 * len(words) and _vowels(small) < 0.2)


def _vowels(letters: str) -> float:
    """Their share of small letters."""
    return sum(map(letters.count, _VOWELS)) / max(len(letters), 1)


def _lost(textpage: Any, into: PageLines) -> int:
    """How many characters are drawn that PDFium's text leaves out, or has but a mark for, as for hyphens at line ends."""
    from pypdfium2 import raw

    handle, count = textpage.raw, textpage.count_chars()
    if raw.FPDFText_GetTextIndexFromCharIndex(handle, count - 1) == count - 1:
        marked = (at for at, char in enumerate(into.raw) if char == "\ufffe")
        places = [at if into.places is None else into.places[at] for at in marked]
    else:
        places = list(range(count))
    without = [at for at in places if 0 <= at < count and raw.FPDFText_GetUnicode(handle, at) == 0]
    boxes = (textpage.get_charbox(at) for at in without)
    return sum(right - left > 1 and top - bottom > 1 for left, bottom, right, top in boxes)


def _mute(page: Any, textpage: Any, into: PageLines) -> bool:
    """Does a page with little text draw much that gives none?"""
    from pypdfium2 import raw

    if len(into.raw) > SPARSE:
        return False
    drawn = [*page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=5)]
    without = sum(raw.FPDFTextObj_GetText(item, textpage, None, 0) <= 2 for item in drawn)
    return without >= 30 and without > 0.5 * len(drawn)


def add_field_values(page: Any, formenv: Any, into: PageLines) -> None:
    """Append what is filled in on a page, and texts that were put on it: "Set pressure: 2.8 bar"."""
    for text in _values(page, formenv, into):
        append_text(into, text, "item")


def append_text(into: PageLines, text: str, kind: BlockKind) -> None:
    """Put a block that has no place in PDFium's text behind a page's own text."""
    start = len(into.raw) + (2 if into.raw else 0)
    added = ("\r\n" if into.raw else "") + text
    if into.places is None:
        into.places = list(range(len(into.raw)))
    into.places += [-1] * len(added)
    into.raw += added
    into.extras.append(Block(kind, start, start + len(text)))


def _values(page: Any, formenv: Any, into: PageLines) -> Iterator[str]:
    from pypdfium2 import raw

    for index in range(min(raw.FPDFPage_GetAnnotCount(page), MOST_FIELDS)):
        note = raw.FPDFPage_GetAnnot(page, index)
        try:
            kind = raw.FPDFAnnot_GetSubtype(note)
            if kind == _FIELD and formenv is not None:
                text = _field(note, formenv, into)
            elif kind == _FREE_TEXT:
                text = _string(raw.FPDFAnnot_GetStringValue, note, b"Contents")
            else:
                text = ""
                into.comments += kind == _COMMENT
        finally:
            raw.FPDFPage_CloseAnnot(note)
        if text := " ".join(harmless(text).split()):
            yield text


def _field(note: Any, formenv: Any, into: PageLines) -> str:
    from pypdfium2 import raw

    kind = raw.FPDFAnnot_GetFormFieldType(formenv, note)
    value = _string(raw.FPDFAnnot_GetFormFieldValue, formenv, note).strip()
    if kind in (_CHECK_BOX, _RADIO):
        value = "" if value in ("", "Off") else "yes" if value in ("Yes", "On", "1") else value
    elif kind not in _TEXT_KINDS:
        return ""
    if chosen := _chosen(note, formenv):
        value = ", ".join(chosen)
    if not value:
        return ""
    name = _string(raw.FPDFAnnot_GetFormFieldAlternateName, formenv, note).strip()
    label = name or _label(note, into) or _string(raw.FPDFAnnot_GetFormFieldName, formenv, note)
    label = label.strip(" :")
    return f"{label}: {value}" if label and len(label) < 80 else value


def _chosen(note: Any, formenv: Any) -> list[str]:
    """What is chosen of a list of which several may be, in its order; [] where one at most is: it is the field's value."""
    from pypdfium2 import raw

    count = min(raw.FPDFAnnot_GetOptionCount(formenv, note), MOST_OPTIONS)
    places = [at for at in range(count) if raw.FPDFAnnot_IsOptionSelected(formenv, note, at)]
    labels = (_string(raw.FPDFAnnot_GetOptionLabel, formenv, note, at).strip() for at in places)
    return list(filter(None, labels)) if len(places) > 1 else []


def _label(note: Any, into: PageLines) -> str:
    """The text that stands before a field on its line, or close above it."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    if into.turned or not raw.FPDFAnnot_GetRect(note, box):
        return ""
    left, bottom, top = (
        box.left - into.origin[0],
        box.bottom - into.origin[1],
        box.top - into.origin[1],
    )
    beside = [
        line
        for line in into.lines
        if line.right <= left + 3 and bottom - 4 <= line.y + line.size / 2 <= top + 4
    ]
    if beside:
        return max(beside, key=lambda line: line.right).text
    above = [line for line in into.lines if 0 <= line.y - top < 6 and abs(line.left - left) < 6]
    return above[0].text if above else ""


def _string(call: Any, *arguments: Any) -> str:
    """What PDFium writes as UTF-16 into a buffer whose length it tells first."""
    length = call(*arguments, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    call(*arguments, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")


def is_cropped(page: Any) -> bool:
    """Does a crop box cut off a part of the page? Text that runs off a page without one is the manual's all the same."""
    shown, media = tuple(page.get_bbox()), page.get_mediabox(fallback_ok=False)
    if media is None or tuple(media) != shown:
        # A media box that is inherited is told only as the bounds of a page without a crop box
        page.set_cropbox(-FAR, -FAR, FAR, FAR)
        media = page.get_bbox()
        page.set_cropbox(*shown)
    return any(abs(one - other) > 1 for one, other in zip(media, shown, strict=True))


def is_covered(page: Any, line: Line, turn: Rotation) -> bool:
    """Does a picture or a filled area lie below a line? Then white letters show, and invisible ones are those of a scan."""
    import pypdfium2

    kinds = [
        pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,
        pypdfium2.raw.FPDF_PAGEOBJ_PATH,
        pypdfium2.raw.FPDF_PAGEOBJ_SHADING,
    ]
    x, y = (line.left + line.right) / 2, line.y + line.size / 2
    for item in page.get_objects(filter=kinds, max_depth=5):
        left, bottom, right, top = turn.box(item.get_bounds())
        if left - 1 <= x <= right + 1 and bottom - 1 <= y <= top + 1:
            return True
    return False
