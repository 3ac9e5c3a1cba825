"""Have tesseract read one picture of a page: its lines and words with their places and how sure it is of each.

What it says is taken as it is: no word is corrected. Knows nothing of files, formats or pages.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.parsing.sandbox.programs import ProgramFailed, ProgramRun, output_of, program

INSTALL = (
    "tesseract, which reads pictures of text, is not installed: apt install tesseract-ocr (and"
    " tesseract-ocr-deu for German and so on), brew install tesseract, or its installer for Windows"
)
NO_LANGUAGES = frozenset({"osd", "equ", "snum"})  # packs that are no language
ORIENTATION = "osd"
MANY = 6  # packs from which reading with all of them takes long
LISTING = 20.0  # seconds for the list of packs
_BOX = re.compile(r"\bbbox (-?\d+) (-?\d+) (-?\d+) (-?\d+)")
_NUMBER = re.compile(r"\b(textangle|x_size|x_wconf) (-?[\d.]+)")
_BASELINE = re.compile(r"\bbaseline (-?[\d.]+) (-?[\d.]+)")
Pixels = tuple[int, int, int, int]  # left, top, right, bottom; origin top left


@dataclass(frozen=True, slots=True)
class OcrWord:
    """A word, its box in pixels of the picture, and how sure tesseract is of it (0 to 100)."""

    text: str
    box: Pixels
    sure: float


@dataclass(frozen=True, slots=True)
class OcrLine:
    """A line of words. ``angle`` is 0, 90, 180 or 270: how far the text is turned against the clock; ``size`` is its
    height in pixels; ``paragraph`` numbers the paragraph that it stands in."""

    words: tuple[OcrWord, ...]
    box: Pixels
    angle: int
    size: float
    foot: float  # pixels from the lower edge of the box up to the line that letters stand on
    paragraph: int


@dataclass(frozen=True, slots=True)
class Ocr:
    """tesseract as it is installed here. ``seconds`` bounds one page; ``begun`` is told (page, of) before each."""

    program: str
    languages: tuple[str, ...]
    turns: bool  # it can tell how a page is turned
    seconds: float
    begun: Callable[[int, int], None]

    def read(self, picture: Any, dpi: int, straight: bool = False) -> list[OcrLine]:
        """The lines in a Pillow image; ``straight``: each right across it, whatever columns it has. Raises ProgramFailed."""
        packed = io.BytesIO()
        picture.save(packed, "PNG", compress_level=1)
        out = output_of(
            ProgramRun(
                (
                    self.program, "stdin", "stdout", "-l", "+".join(self.languages),
                    "--dpi", str(dpi), "--psm", "6" if straight else "1" if self.turns else "3", "hocr",
                ),
                self.seconds,
            ),
            packed.getvalue(),
        )  # fmt: skip
        return lines_in(out)


def installed(seconds: float = LISTING) -> tuple[str, tuple[str, ...]]:
    """The path of tesseract and its language packs; ("", ()) where it is missing or does not run."""
    found = program("tesseract")
    if not found:
        return "", ()
    try:
        told = output_of(ProgramRun((found, "--list-langs"), seconds)).decode("utf-8", "replace")
    except ProgramFailed:
        return "", ()
    packs = [line.strip() for line in told.splitlines()[1:] if line.strip()]
    return found, tuple(sorted(packs, key=lambda pack: (pack != "eng", pack)))


def choose(packs: Sequence[str], wanted: str) -> tuple[tuple[str, ...], str]:
    """The languages to read with, and in words why there is none. ``wanted``: codes with + or commas between, or ""."""
    there = tuple(pack for pack in packs if pack not in NO_LANGUAGES and "/" not in pack)
    named = tuple(name for name in re.split(r"[+,;\s]+", wanted.strip()) if name)
    missing = [name for name in named if name not in packs]
    if missing:
        return (), (
            f"TANDEM_OCR_LANGUAGES names {', '.join(missing)}, which tesseract does not have here"
            f" (it has {', '.join(there) or 'none'})"
        )
    if not named and not there:
        return (), "tesseract has no language here: install a pack, as tesseract-ocr-eng"
    return named or there, ""


def open_ocr(
    wanted: str, seconds: float, begun: Callable[[int, int], None]
) -> tuple[Ocr | None, str]:
    """tesseract, or None and in words what is missing."""
    path, packs = installed()
    if not path:
        return None, INSTALL
    languages, why = choose(packs, wanted)
    if why:
        return None, why
    return Ocr(path, languages, ORIENTATION in packs, seconds, begun), ""


def lines_in(hocr: bytes) -> list[OcrLine]:
    """The lines of tesseract's hOCR output, in its reading order."""
    from lxml import etree

    if not hocr.strip():
        return []
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    root = etree.fromstring(hocr, parser)
    found: list[OcrLine] = []
    if root is None:
        return found
    for number, paragraph in enumerate(root.iter("{*}p")):
        for line in paragraph:
            words = tuple(word for each in line if (word := _word(each)))
            title = line.get("title") or ""
            box = _BOX.search(title)
            if not words or not box:
                continue
            told = dict(_NUMBER.findall(title))
            base = _BASELINE.search(title)
            angle = round(float(told.get("textangle", 0)) / 90) * 90 % 360
            foot = max(0.0, -float(base[2])) if base else 0.0
            size = float(told.get("x_size", 0))
            found.append(OcrLine(words, _pixels(box), angle, size, foot, number))
    return found


def _word(element: Any) -> OcrWord | None:
    title = element.get("title") or ""
    text = "".join("".join(element.itertext()).split())
    box, told = _BOX.search(title), dict(_NUMBER.findall(title))
    if not text or not box:
        return None
    return OcrWord(text, _pixels(box), float(told.get("x_wconf", 0)))


def _pixels(found: re.Match[str]) -> Pixels:
    left, top, right, bottom = (int(group) for group in found.groups())
    return left, top, right, bottom
