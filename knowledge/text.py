"""Pure functions on text: the readable form, words, stems, sentences. Knows nothing of files or databases."""

from __future__ import annotations

import hashlib
import re
import threading
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.types import Block, Page

Span = tuple[int, int]
SPLIT_LINES = ("code", "table")  # blocks whose lines are not joined to sentences
LONGEST_PIECE = 2304  # characters: four passages of 96 words

SOFT_HYPHEN = "\u00ad"
LONGEST_KEPT = 20_000  # characters of a text that stays ready to be searched
_SPACE = re.compile(r"\s+")
_RUN = re.compile(rf"[^\s{SOFT_HYPHEN}]+")
_WORD = re.compile(r"[^\W_]+(?:['’][a-z]+)?", re.I)
# Scripts without blanks between words, or with particles behind every word: Chinese and Japanese ideographs, kana, Hangul
IDEOGRAPHS = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HIRAGANA, KATAKANA, HANGUL = "\u3040-\u309f", "\u30a0-\u30ff\u31f0-\u31ff", "\uac00-\ud7a3"
_RUNS = re.compile(
    rf"[{IDEOGRAPHS}]+|[{HIRAGANA}]+|[{KATAKANA}]+|[{HANGUL}]+"
    rf"|[^{IDEOGRAPHS}{HIRAGANA}{KATAKANA}{HANGUL}]+"
)
_UNSPACED = re.compile(rf"[{IDEOGRAPHS}{HIRAGANA}{KATAKANA}{HANGUL}]")
_KANA_MARKS = "\u3099\u309a"  # without them, another syllable would be read
_NO_ASCII = re.compile(r"[^\x00-\x7f]+")
CHARACTERS_A_WORD = 2  # of these scripts

STOP_WORDS = frozenset(
    """a about all also am an and any are as at be been being but by can could did do does done for from get gets
    got had has have having he her here him his how i if in into is it its just know let like make many me more most much my
    need no not of on one or our out please possible she should so some such tell than that the their them then
    there these they this those to too up us use used user using was way we were what when where which who whom
    why will with would you your yours am im ive thing things want whether within without
    """.split()
)

# A full stop after these does not end a sentence.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[-])(?:e\.g|i\.e|etc|vs|cf|approx|incl|excl|max|min|typ|nom|no|nos|nr|fig|figs|tab|sec|sect|ch|chap|vol|pp"
    r"|ref|eq|ex|dept|temp|ca|resp|dr|mr|mrs|ms|st|z\.b|d\.h|u\.a|bzw|ggf|usw|inkl|exkl|abb"
    r"|kap|abschn|evtl|sog|vgl|std|zzgl|bspw|u|páx|pág|págs|núm|p\.ej|réf|chap|env)\.$|(?<!\d)(?<!\d\s)\b[a-z]\.$",
    re.I,
)
# Abbreviations that may be words as well: the full stop is theirs only before a number or a code ("Pos. A2"). Words that
# end many sentences ("part", "app", "page", "size") are none: "Open the app. 2 LEDs light up."
_BEFORE_NUMBER = re.compile(r"(?:^|[\s(\[])(?:pos|art|par|rev|ver|mind)\.$", re.I)
_NUMBER_AHEAD = re.compile(r"\s+[(\[]?(?:\d|[A-Z]{1,2}[-.]?\d)")
# "1." and "Step 2." at the beginning of a line number what follows them.
_LIST_NUMBER = re.compile(
    r"(?:\A|\n|[.!?…]\s|:\s(?=1\.))\s*\(?(?:(?:step|schritt)\s)?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-z])\.\Z",
    re.I,
)
_LETTER = re.compile(r"(?:^|\s)[A-Za-z]\.$")
_NEXT_IN_LIST = re.compile(r"\s+\d{1,2}\.\s")  # "1. Press A. 2. Press B."
_DAY = re.compile(r"\b(?:am|vom|zum|bis|ab|den|der|seit)\s\d{1,2}\.$", re.I)
_MONTH = re.compile(
    r"\s+(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
)
_LEADERS = re.compile(r"\.{4,}|(?:\s?\.){4,}")  # the dots between a name and its value
_BREAK = re.compile(
    r"[.!?…]+[\"'”’)\]¹²³⁰⁴-⁹]*(?=\s+[^\s\wa-z]*[A-Z0-9À-ÖØ-Þ•–\"'“‘(\[])|[。！？｡؟۔]+[」』”’）)]*|[.!?…]+[\"'”’)\]¹²³⁰⁴-⁹]*(?=\s*$)"
)
# Many scripts have no capital letters, and others more than Latin-1 holds: what follows is looked at when it is found.
_BREAK_ELSEWHERE = re.compile(r"[.!?…]+[\"'”’)\]¹²³⁰⁴-⁹]*(?=\s+[^\s\w]*([^\W\d_\x00-\xff]))")
_GLUED = re.compile(r"(?<=[a-z)”\"])[.!?](?=[A-Z][a-z]+[\s:,])")
_NAME_BEFORE = re.compile(r"(?:^|[^\w])[A-Z][\w-]*$")  # "Edge" of "Edge.Cuts"


def readable(raw: str) -> str:
    """Page text as a person reads it: hyphens at line ends closed, white space single."""
    return _SPACE.sub(" ", raw.replace(SOFT_HYPHEN, "")).strip()


_SAME = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'", "–": "-", "—": "-", "−": "-"}
)


def _plain(raw: str) -> str:
    """A text in lower case with plain quotation marks and dashes, one character for one."""
    plain = raw.translate(_SAME)
    # "İ" has two characters in lower case, and "Σ" another one at the end of a word.
    return plain.lower() if plain.isascii() else "".join(char.lower()[:1] for char in plain)


@lru_cache(maxsize=256)
def _squeezed(raw: str) -> tuple[str, Sequence[int]]:
    """A text for comparing: lower case, plain quotation marks and dashes, nothing between; and the place of each character."""
    low = _plain(raw)
    places, held = array("I"), list[str]()
    for run in _RUN.finditer(raw):
        places.extend(range(*run.span()))
        held.append(low[slice(*run.span())])
    return "".join(held), places


@lru_cache(maxsize=256)
def _needle(wanted: str) -> str:
    """What is looked for in a squeezed text."""
    return "".join(_RUN.findall(_plain(wanted)))


def _within(raw: str, place: int, start: int, end: int) -> bool:
    """Does a place lie inside a word or a number ("14.2" is one)?"""
    if not start < place < end:
        return False
    before, after = raw[max(start, place - 2) : place], raw[place : min(end, place + 2)]
    if before[-1].isalnum() and after[0].isalnum():
        return True
    split = before[-1].isdigit() and re.match(r"[.,]\d", after)
    return bool(split or (re.search(r"\d[.,]$", before) and after[0].isdigit()))


def locate(raw: str, wanted: str, start: int = 0, end: int | None = None) -> Span | None:
    """Span in raw[start:end] of the words ``wanted``, or None.

    White space, hyphens at line ends, case and the kind of quotation mark may differ; every other character must be
    there. Whole words only.
    """
    end = len(raw) if end is None else end
    # A passage is searched for many sentences; a page of a megabyte is not worth keeping.
    held, places = _squeezed(raw) if len(raw) <= LONGEST_KEPT else _squeezed.__wrapped__(raw)
    needle = _needle(wanted)
    last_place = bisect_left(places, end)
    at = held.find(needle, bisect_left(places, start), last_place) if needle else -1
    while at >= 0:
        first, last = places[at], places[at + len(needle) - 1] + 1
        if not (_within(raw, first, start, end) or _within(raw, last, start, end)):
            return first, last
        at = held.find(needle, at + 1, last_place)
    return None


def digest(text: str) -> str:
    """Content hash of a passage: SHA-256 of its readable text, 16 bytes in hex."""
    return hashlib.sha256(readable(text).encode("utf-8", "replace")).hexdigest()[:32]


def fold(text: str) -> str:
    """Lower case without diacritics, ligatures and wide letters as plain ones; kana and Hangul stay the syllables they are."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", _NO_ASCII.sub(_without_marks, decomposed))


def _without_marks(run: re.Match[str]) -> str:
    return "".join(c for c in run[0] if c in _KANA_MARKS or not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """Alphanumeric words, folded, with a possessive or contraction cut off ("don't" gives "don").

    Of Chinese, Japanese and Korean, every two neighbouring characters of one script are a word.
    """
    folded = fold(text)
    found = [match.group().split("'")[0].split("’")[0] for match in _WORD.finditer(folded)]
    if not _UNSPACED.search(folded):
        return found
    return [part for word in found for part in unspaced(word)]


def unspaced(word: str) -> list[str]:
    """The pairs of neighbouring characters of what has no blanks between words; a word of other scripts as it is."""
    if not _UNSPACED.search(word):
        return [word]
    return [pair for run in _RUNS.findall(word) for pair in _pairs(run)]


def unspaced_runs(text: str) -> list[str]:
    """The folded words of a text, those of scripts without blanks as long as they go on in one script."""
    return [
        run
        for match in _WORD.finditer(fold(text))
        for run in (
            _RUNS.findall(match.group()) if _UNSPACED.search(match.group()) else [match.group()]
        )
    ]


def _pairs(run: str) -> list[str]:
    if len(run) < 3 or not is_unspaced(run):
        return [run]
    return [run[at : at + 2] for at in range(len(run) - 1)]


def is_unspaced(word: str) -> bool:
    """Is a word of Chinese, Japanese or Korean?"""
    return bool(_UNSPACED.match(word))


def word_count(text: str) -> int:
    """How long a text is, in words; two characters of a script without blanks count as one."""
    spaced = text.split()
    if text.isascii():
        return len(spaced)
    characters = len(_UNSPACED.findall(text))
    others = sum(not _UNSPACED.search(word) for word in spaced) if characters else len(spaced)
    return others + -(-characters // CHARACTERS_A_WORD)


_STEMMERS = (
    threading.local()
)  # a stemmer works on a word inside itself, so two threads must not share one


def stemmer(algorithm: str):  # noqa: ANN201 - the library is untyped
    """This thread's stemmer of an algorithm, such as "porter" or "english". Raises KeyError for one that does not exist."""
    held = getattr(_STEMMERS, algorithm, None)
    if held is None:
        import snowballstemmer

        held = snowballstemmer.stemmer(algorithm)
        setattr(_STEMMERS, algorithm, held)
    return held


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Porter stem of a folded word, as FTS5's porter tokenizer makes it."""
    return stemmer("porter").stemWord(word)


def stems(text: str) -> list[str]:
    """Stems of all words of a text, in order."""
    return [stem(word) for word in words(text)]


def content_words(text: str) -> list[str]:
    """The words of a question that carry meaning; all of them when nothing but stop words is there."""
    everything = words(text)
    return [word for word in everything if word not in STOP_WORDS] or everything


def unique(items: Iterable[str]) -> list[str]:
    """The items without repetition, in order of first appearance."""
    return list(dict.fromkeys(items))


def _ends(text: str) -> Iterator[int]:
    dotted = (
        [found.span() for found in _LEADERS.finditer(text)] if ".." in text or ". ." in text else []
    )
    glued = (
        found
        for found in _GLUED.finditer(text)
        if not _NAME_BEFORE.search(text[max(0, found.start() - 30) : found.start()])
    )
    elsewhere = (
        found
        for found in (() if text.isascii() else _BREAK_ELSEWHERE.finditer(text))
        if not found[1].islower()
    )
    for match in sorted(
        [*_BREAK.finditer(text), *glued, *elsewhere], key=lambda found: found.end()
    ):
        if match.group() == "." and _names(text, match.start(), match.end()):
            continue
        # An ellipsis of three dots ends a sentence; dots that lead to a value do not
        if (
            any(start <= match.start() < end for start, end in dotted)
            and text[match.end() :].strip()
        ):
            continue
        yield match.end()


def _names(text: str, at: int, end: int) -> bool:
    """Is a full stop part of a word or of a list number, so that the sentence goes on?"""
    if _shortened(text, end):
        return True
    if _DAY.search(text[max(0, end - 9) : end]) and _MONTH.match(text, end):
        return True
    number = _LIST_NUMBER.search(text, max(0, at - 24), end)
    if number is None:
        return False
    # "tab. 2." numbers a table, and "Weight .... 20." is a value; both end their sentence
    before = number.start() + 1
    return not _shortened(text, before) and not _LEADERS.search(text, max(0, before - 8), before)


def _shortened(text: str, end: int) -> bool:
    """Does an abbreviation end here, or a word that is one before a number?"""
    before = text[max(0, end - 13) : end]
    if _ABBREVIATION.search(before):
        return not (_LETTER.search(before) and _NEXT_IN_LIST.match(text, end))
    return bool(_BEFORE_NUMBER.search(before) and _NUMBER_AHEAD.match(text, end))


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Spans of the sentences in text[start:end], white space outside; offsets are into ``text``.

    Every non-blank character lies in exactly one span.
    """
    end = len(text) if end is None else end
    piece, spans, position = text[start:end], [], 0
    for stop in [*_ends(piece), len(piece)]:
        part = piece[position:stop]
        if part.strip():
            left = position + len(part) - len(part.lstrip())
            spans.append((start + left, start + left + len(part.strip())))
        position = max(position, stop)
    return spans


def lines(text: str, start: int, end: int) -> list[Span]:
    """Spans of the non-blank lines in text[start:end]; for listings and tables."""
    spans, position = [], start
    for line in text[start:end].split("\n"):
        if line.strip():
            left = position + len(line) - len(line.lstrip())
            spans.append((left, left + len(line.strip())))
        position += len(line) + 1
    return spans


def pieces(page: Page, block: Block) -> list[Span]:
    """The smallest parts a passage may be cut between: lines of listings and tables, else sentences."""
    if block.kind in SPLIT_LINES:
        return lines(page.text, block.start, block.end)
    return [
        part
        for span in sentences(page.text, block.start, block.end)
        for part in _halves(page.text, span)
    ]


def _halves(text: str, span: Span) -> Iterator[Span]:
    """A sentence of more than LONGEST_PIECE is cut at white space, so that no passage grows without limit."""
    start, end = span
    while end - start > LONGEST_PIECE:
        cut = text.rfind(" ", start + LONGEST_PIECE // 2, start + LONGEST_PIECE)
        cut = cut if cut > start else start + LONGEST_PIECE
        yield start, cut
        start = cut
    if text[start:end].strip():
        yield start, end
