"""Reads real manuals (Markdown, PDF, HTML) and cuts them into passages of about 95 words.

Knows which manuals are for developing and which for testing, and which of their words are nouns; nothing of claims.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from vocabulary import NOT_NOUNS

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data"
Passage = tuple[str, ...]

_SENTENCE = re.compile(r'(?<=[.!?])["”)]?\s+(?=["“(]?[A-Z0-9])')
_HEADING = re.compile(r"(?m)^#+ .*$")
_LABEL = re.compile(r"^(NOTE|TIP|CAUTION|WARNING|Note|Tip|Caution|Warning):? (?=[A-Z])")
_PLAIN_WORD = re.compile(r"[\"'(]*[A-Za-z][A-Za-z'-]*[.,;:)\"'!?]*")
_LISTING = re.compile(r"[{}\\|$#=]|http|\. \.")
_NOUN = re.compile(
    r"\b(?:the|a|an|your|this|each|any) (?:[a-z]+ )?([a-z]{3,})"
    r"(?=[.,;:)]| (?:is|are|to|of|in|on|for|and|or|when|if|from|with|by|at|as|that|which|will|can|may|must|has)\b)"
)
LONGEST_PASSAGE, LONGEST_SENTENCE = 100, 80  # words


@dataclass(frozen=True, slots=True)
class Split:
    """One column of the table: its manuals, those that foreign parts are taken from, the seed, claims a kind."""

    name: str
    manuals: tuple[str, ...]
    foreign: tuple[str, ...]
    seed: int
    per: int


@dataclass(frozen=True, slots=True)
class Manual:
    """A manual as text, its passages, and its nouns."""

    name: str
    text: str
    passages: tuple[Passage, ...]
    nouns: frozenset[str]


def _phones(names: str) -> tuple[str, ...]:
    return tuple(f"markdown/galaxy-{name}.md" for name in names.split())


_DEBIAN, _MAN_PAGES, _INTEGRATOR = (
    "pdf/debian-reference.en.pdf",
    "pdf/LinuxCNC_Manual_Pages.pdf",
    "pdf/LinuxCNC_Integrator.pdf",
)
_SCHEMATICS, _KICAD = "html/eeschema.html", "html/getting_started_in_kicad.html"
_DEV = (*_phones("s10"), "pdf/LinuxCNC_Getting_Started.pdf")
_FRESH = (
    _INTEGRATOR,
    *_phones("tab-a-8.4 note-10-plus a01 s20-ultra-5g tab-s5e note-8 z-flip a71 s7"),
)
SPLITS = (
    Split("dev", _DEV, (_DEBIAN, _SCHEMATICS), seed=1, per=400),
    Split(
        "test",
        (_DEBIAN, _MAN_PAGES, *_phones("fit s7-active tab-s6 z-fold"), _SCHEMATICS, _KICAD),
        (*_DEV, _INTEGRATOR),
        seed=2,
        per=600,
    ),
    Split("fresh", _FRESH, (_DEBIAN, _SCHEMATICS, _MAN_PAGES), seed=3, per=600),
)


@lru_cache(maxsize=64)
def read(name: str) -> Manual:
    """The manual in a file; ``name`` is a whole path, or one within ``DATA``."""
    path = DATA / name
    text = _text(path).replace("’", "'").replace("‘", "'")
    return Manual(path.stem, text, tuple(_passages(text)), nouns(text))


def sentences(names: Iterable[str]) -> frozenset[str]:
    """All sentences in the passages of some manuals."""
    return frozenset(
        sentence for name in names for passage in read(name).passages for sentence in passage
    )


def good(sentence: str) -> bool:
    """Is it a whole sentence of running text, and not a heading, a listing or what is left of a table?"""
    words = sentence.split()
    plain = sum(bool(_PLAIN_WORD.fullmatch(word)) for word in words)
    whole = 6 <= len(words) <= 32 and sentence[-1] in ".!" and sentence[0].isupper()
    return whole and plain >= 0.7 * len(words) and not _LISTING.search(sentence)


def nouns(text: str) -> frozenset[str]:
    """Words that often stand where only a noun can stand."""
    everywhere = Counter(re.findall(r"[a-z]+", text))
    as_noun = Counter(match[1] for match in _NOUN.finditer(text))
    return frozenset(
        word
        for word, count in as_noun.items()
        if count >= max(2, 0.12 * everywhere[word])
        and word not in NOT_NOUNS
        and not word.endswith(("ing", "ed", "ly"))
    )


def _passages(text: str) -> Iterator[Passage]:
    for section in _HEADING.split(text):
        for passage in _grouped(_sentences(section)):
            if len(passage) <= 12 and any(map(good, passage)):
                yield passage


def _sentences(section: str) -> Iterator[str]:
    for paragraph in section.split("\n\n"):
        for sentence in _SENTENCE.split(re.sub(r"\s+", " ", paragraph).strip()):
            if said := _LABEL.sub("", sentence.strip()):
                yield said


def _grouped(said: Iterable[str]) -> Iterator[Passage]:
    """Neighbouring sentences, two or more, up to the longest passage; a sentence that is a whole page is left out."""
    held: list[str] = []
    size = 0
    for sentence in said:
        length = len(sentence.split())
        if size + length > LONGEST_PASSAGE and len(held) >= 2:
            yield tuple(held)
            held, size = [], 0
        if length < LONGEST_SENTENCE:
            held.append(sentence)
            size += length
    if len(held) >= 2:
        yield tuple(held)


def _text(path: Path) -> str:
    if path.suffix == ".pdf":
        return _paragraphs(_pages(path))
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".html":
        return text
    text = re.sub(r"(?s)<(script|style|pre).*?</\1>", " ", text)
    text = re.sub(r"</?(h\d)[^>]*>", "\n\n# ", text)
    text = re.sub(r"</(p|li|td|dt|div)>", "\n\n", text)
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def _pages(path: Path) -> Sequence[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    return [document[number].get_textpage().get_text_range() for number in range(len(document))]


def _paragraphs(pages: Sequence[str]) -> str:
    """Paragraphs out of a PDF's lines; a numbered line is a heading."""
    text = "\n".join(pages).replace("\r\n", "\n").replace("\x02", "").replace("\ufffe", "")
    text = re.sub(r"-\n(?=[a-z])", "", text)
    text = re.sub(r"\n(?=\d+(\.\d+)+ )", "\n\n# ", text).replace("\f", "\n")
    paragraphs = re.split(r"\n\s*\n|(?<=[.:])\n(?=[A-Z•])", text)
    return "\n\n".join(re.sub(r"\s*\n\s*", " ", paragraph) for paragraph in paragraphs)
