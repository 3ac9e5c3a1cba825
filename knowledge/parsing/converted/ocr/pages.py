"""From what OCR saw of a page to the page's lines, text and the places of its words.

What cannot be made out is left out, counted and told; what is doubtful stays as it was seen, and is told as doubtful.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from knowledge.parsing.converted.ocr.engine import OcrLine, OcrWord, Pixels
from knowledge.parsing.converted.ocr.notes import OcrNotes
from knowledge.parsing.converted.ocr.rows import OcrTable, RowPiece, tables_in
from knowledge.parsing.pdf.lines import Line, PageLines, find_neighbours
from knowledge.types import PlacedWord

UNSURE, UNSURE_FIGURE = 60.0, 90.0  # below these a word, and one with a figure in it, is doubtful
ILLEGIBLE = 35.0  # mean of a line below which its words are specks and shadows
HOPELESS = 0.4  # share of words that must be sure for a page to hold text at all
STRAY = 0.34  # of the figures with the other mark, up to which those with this one are doubtful
LIKE = 0.13  # sizes nearer to each other than this are one: OCR measures, it does not know
FONT = "OCR"
SWALLOWED = "\ufffe"
_BROKEN = re.compile(r"[^\W\d_][-\u2010\u00ad\u00ac]$")
_DECIMAL = re.compile(r"\W?\d+([.,])\d{1,2}[^\W\d]{0,3}")
_SPECK = re.compile(r"[^\w%°€$£]+$")


# A script by the first word of its letters' Unicode names: what it is called, and tesseract's languages that are written in it
_SCRIPTS = {
    "CJK": ("Chinese or Japanese characters", "chi jpn"), "HIRAGANA": ("Japanese characters", "jpn"),
    "KATAKANA": ("Japanese characters", "jpn"), "HANGUL": ("Korean letters", "kor"),
    "CYRILLIC": ("Cyrillic letters", "rus ukr bul srp mkd bel kaz mon"), "GREEK": ("Greek letters", "ell grc"),
    "ARABIC": ("Arabic letters", "ara fas urd"), "HEBREW": ("Hebrew letters", "heb yid"), "THAI": ("Thai letters", "tha"),
    "DEVANAGARI": ("Devanagari letters", "hin mar nep san"),
}  # fmt: skip
MOSTLY = 0.5  # of a page's letters


def unread_script(text: str, languages: Sequence[str]) -> str:
    """What the letters are called that most of a page's own text is in, as far as it can be read, and that none of
    tesseract's languages has; "" where it has them. Of such a picture it would read a few figures, and those wrong."""
    letters = [unicodedata.name(char, "").partition(" ")[0] for char in text if char.isalpha()]
    if not letters:
        return ""
    script, count = Counter(letters).most_common(1)[0]
    called, spoken = _SCRIPTS.get(script, ("", ""))
    if count < MOSTLY * len(letters) or any(one[:3] in spoken.split() for one in languages):
        return ""
    return called


@dataclass(frozen=True, slots=True)
class _Seen:
    """A picture: its size in pixels, how its text is turned against the clock, and points a pixel."""

    width: int
    height: int
    angle: int
    scale: float

    def upright(self, box: Pixels) -> tuple[float, float, float, float]:
        """(left, bottom, right, top) in points, up positive, as somebody sees it who reads the text."""
        left, top, right, bottom = box
        if self.angle == 90:
            left, top, right, bottom = self.height - bottom, left, self.height - top, right
        elif self.angle == 180:
            left, right = self.width - right, self.width - left
            top, bottom = self.height - bottom, self.height - top
        elif self.angle == 270:
            left, top, right, bottom = top, self.width - right, bottom, self.width - left
        high = self.width if self.angle in (90, 270) else self.height
        k = self.scale
        return left * k, (high - bottom) * k, right * k, (high - top) * k

    def placed(self, start: int, end: int, box: Pixels) -> PlacedWord:
        left, top, right, bottom = box
        return PlacedWord(
            start,
            end,
            _share(left, self.width),
            _share(top, self.height),
            _share(right, self.width),
            _share(bottom, self.height),
        )


def fill(
    into: PageLines, seen: Sequence[OcrLine], size: tuple[int, int], width: float
) -> OcrNotes | None:
    """Put what OCR saw in a picture of ``size`` pixels into a page that is ``width`` points wide; None where it is no text."""
    notes = OcrNotes()
    legible = [line for line in seen if _mean(line.words) >= ILLEGIBLE]
    spoken = [word for line in legible for word in line.words if not _SPECK.match(word.text)]
    sure = sum(word.sure >= UNSURE for word in spoken)
    if not sure or sure < HOPELESS * len(spoken):
        return None
    notes.left_out = sum(
        any(not _SPECK.match(word.text) for word in line.words)
        for line in seen
        if _mean(line.words) < ILLEGIBLE
    )
    turned = Counter(line.angle for line in legible for _ in line.words).most_common(1)[0][0]
    picture = _Seen(*size, turned, width / size[0])
    into.raw, into.lines, into.words, into.places = "", [], [], None
    sideways = turned in (90, 270)
    high = size[1] * picture.scale
    into.width, into.height = (high, width) if sideways else (width, high)
    stray = _stray_marks(legible)
    kept = [
        replace(line, words=words)
        for line in legible
        if (words := tuple(w for w in line.words if w.sure >= UNSURE or not _SPECK.match(w.text)))
    ]
    tables = tables_in(kept)
    _write(into, kept, tables, picture)
    for line in kept:
        notes.words += len(line.words)
        notes.figures += sum(map(_has_figure, line.words))
        notes.unsure += [w.text for w in line.words if _is_doubtful(w) or w.text in stray]
    notes.unsure += [t for table in tables for t in table.doubtful if t not in notes.unsure]
    find_neighbours(into.lines)
    return notes


def _write(
    into: PageLines, lines: Sequence[OcrLine], tables: Sequence[OcrTable], picture: _Seen
) -> None:
    """Put the lines into a page, those of tables row by row."""
    first = {table.lines[0]: table for table in tables}
    inside = {at for table in tables for at in table.lines}
    last: OcrLine | None = None
    part = 0
    for at, line in enumerate(lines):
        for rows in first[at].parts if at in first else ():
            part += 1
            for row in rows:
                _add_row(into, row, line, part, picture)
        last = None if at in inside else last
        if at not in inside:
            _add(into, line, last, picture)
            last = line


def _add_row(
    into: PageLines, row: Sequence[RowPiece], line: OcrLine, part: int, picture: _Seen
) -> None:
    """Add the row of a table, in the style of a line of it."""
    into.raw += "\r\n" if into.raw else ""
    start, edges = len(into.raw), list[tuple[float, float, float, float]]()
    for piece in row:
        begin = len(into.raw)
        into.raw += piece if isinstance(piece, str) else piece.text
        if not isinstance(piece, str):
            into.words.append(picture.placed(begin, len(into.raw), piece.box))
            edges.append(picture.upright(piece.box))
    size = line.size * picture.scale
    into.lines.append(
        Line(
            into.number, start, len(into.raw), into.raw[start:], min(e[0] for e in edges),
            max(e[2] for e in edges), edges[-1][1], size, FONT, 400, False, table=part, last_size=size,
        )
    )  # fmt: skip


def _add(into: PageLines, line: OcrLine, last: OcrLine | None, picture: _Seen) -> None:
    before, words = into.raw, line.words
    if before:
        goes_on = last and last.paragraph == line.paragraph and words[0].text[0].islower()
        if goes_on and _BROKEN.search(before[-2:]):
            into.raw = before[:-1] + SWALLOWED
            into.lines[-1].text, into.lines[-1].end = into.lines[-1].text[:-1], len(into.raw) - 1
            into.lines[-1].hyphen = True
        else:
            into.raw += "\r\n"
    start = len(into.raw)
    for at, word in enumerate(words):
        into.raw += " " if at else ""
        begin = len(into.raw)
        into.raw += word.text
        into.words.append(picture.placed(begin, len(into.raw), _as_high(word.box, line)))
    left, bottom, right, top = picture.upright(line.box)
    size = line.size * picture.scale or top - bottom
    made = Line(
        into.number, start, len(into.raw), into.raw[start:], left, right,
        bottom, size, FONT, 400, False, level=line.angle == picture.angle, last_size=size,
    )  # fmt: skip
    edges = [picture.upright(word.box) for word in words]
    for one, other in pairwise(edges):
        if other[0] - one[2] > max(12, 1.5 * size):
            made.cells += 1
            made.wide.append((one[2], other[0]))
    into.lines.append(made)


def _as_high(box: Pixels, line: OcrLine) -> Pixels:
    """A word's box as high as its line's, so that a mark is an even stroke; along the line it stays the word's.

    Where a line is askew, its own box is much higher than its letters, and each word keeps its own.
    """
    left, top, right, bottom = box
    if line.angle in (90, 270):
        if line.box[2] - line.box[0] < 1.4 * max(line.size, 1):
            left, right = line.box[0], line.box[2]
    elif line.box[3] - line.box[1] < 1.4 * max(line.size, 1):
        top, bottom = line.box[1], line.box[3]
    return left, top, right, bottom


def settle_sizes(pages: Sequence[PageLines]) -> None:
    """Give lines whose measured sizes are near each other the same size, that of most of their characters."""
    lines = [line for page in pages if page.words for line in page.lines]
    weights: Counter[float] = Counter()
    for line in lines:
        weights[round(line.size, 1)] += line.end - line.start
    known: list[float] = []
    for size, _ in weights.most_common():
        if not any(abs(size - other) <= LIKE * other for other in known):
            known.append(size)
    for line in lines:
        near = min(known, key=lambda size: abs(size - line.size))
        line.size = line.last_size = near


def _is_doubtful(word: OcrWord) -> bool:
    return word.sure < (UNSURE_FIGURE if _has_figure(word) else UNSURE)


def _has_figure(word: OcrWord) -> bool:
    return any(char.isdigit() for char in word.text)


def _stray_marks(lines: Sequence[OcrLine]) -> frozenset[str]:
    """The figures with a comma on a page that writes them with a point, or the other way about.

    That is what tesseract confuses most, and is sure of. The number of a section, at the beginning of a line, has
    a point everywhere.
    """
    found: dict[str, list[str]] = {".": [], ",": []}
    for line in lines:
        for word in line.words[1:]:
            if match := _DECIMAL.fullmatch(word.text.rstrip(".,;:)")):
                found[match[1]].append(word.text)
    few, many = sorted(found.values(), key=len)
    return frozenset(few) if len(few) <= STRAY * len(many) else frozenset()


def _mean(words: Sequence[OcrWord]) -> float:
    return sum(word.sure for word in words) / len(words)


def _share(at: int, of: int) -> int:
    return min(max(round(10_000 * at / of), 0), 10_000)
