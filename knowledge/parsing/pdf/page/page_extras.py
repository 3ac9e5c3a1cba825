"""What of a PDF page cannot be read or seen, and text that stands behind its own."""

from __future__ import annotations

import re
from typing import Any

from knowledge.parsing.pdf.lines import Line, PageLines
from knowledge.parsing.pdf.page.probe import Rotation
from knowledge.types import Block, BlockKind

LONG = 8  # characters from which a line of unknown letters is no formula
MANY = 5  # shorter ones of a page, of which one is no formula either
SPARSE = 600  # characters of a page below which its drawn text is counted
FAR = 1e5  # points
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]{3,}")
_SHOWN = re.compile(r"[^\s\x00-\x1f\x7f-\x9f]")
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

    def unsaid(line: Line) -> bool:
        shown = [at for at in range(line.start, line.end) if not into.raw[at].isspace()]
        places = [at if into.places is None else into.places[at] for at in shown]
        wrong = sum(at >= 0 and unknown(handle, at) == 1 for at in places)
        return wrong > 1 and wrong >= 0.5 * len(shown)

    # Pieces of large brackets, of which nothing is said
    into.lines[:] = [x for x in into.lines if len(x.text) >= LONG or _SHOWN.search(x.text)]
    readable: list[Line] = []
    for line in into.lines:
        length = line.end - line.start
        step = max(1, length // 3)
        doubtful = length >= LONG and any(map(errs, range(line.start, line.end, step)))
        if not _SHOWN.search(line.text):
            continue
        if not doubtful or sum(map(errs, range(line.start, line.end))) < 0.5 * length:
            readable.append(line)
    short = [line for line in readable if line.end - line.start < LONG and unsaid(line)]
    if len(short) >= MANY or short and len(readable) < len(into.lines):
        readable = [line for line in readable if not any(line is one for one in short)]
    if implausible(into.raw):
        readable = []
    silent = _silent(page, textpage, into)
    into.mute = silent[0] > 0
    into.unread = silent if into.mute else (len(into.lines) - len(readable), len(into.lines))
    into.garbled = into.unread[0] > 0
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


def _silent(page: Any, textpage: Any, into: PageLines) -> tuple[int, int]:
    """How many pieces of text give none, of how many a page draws; (0, 0) unless they are many and its text is little."""
    from pypdfium2 import raw

    if len(into.raw) > SPARSE:
        return 0, 0
    drawn = [*page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=5)]
    without = sum(raw.FPDFTextObj_GetText(item, textpage, None, 0) <= 2 for item in drawn)
    return (without, len(drawn)) if without >= 30 and without > 0.5 * len(drawn) else (0, 0)


def append_text(into: PageLines, text: str, kind: BlockKind) -> None:
    """Put a block that has no place in PDFium's text behind a page's own text."""
    start = len(into.raw) + (2 if into.raw else 0)
    added = ("\r\n" if into.raw else "") + text
    if into.places is None:
        into.places = list(range(len(into.raw)))
    into.places += [-1] * len(added)
    into.raw += added
    into.extras.append(Block(kind, start, start + len(text)))


def has_fields(page: Any) -> bool:
    """Is a page part of a form?"""
    from pypdfium2 import raw

    if page.formenv is None:
        return False
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        note = raw.FPDFPage_GetAnnot(page, index)
        try:
            if raw.FPDFAnnot_GetSubtype(note) == raw.FPDF_ANNOT_WIDGET:
                return True
        finally:
            raw.FPDFPage_CloseAnnot(note)
    return False


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
