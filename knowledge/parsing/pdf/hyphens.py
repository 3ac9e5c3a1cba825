"""Clean a PDF page's text without changing its length, so that an offset stays PDFium's.

Decides for every hyphen that PDFium swallowed at a line end whether it vanishes or stays, by the manual's own words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from knowledge.parsing.clean import harmless

SWALLOWED = "\ufffe"
SOFT = "\u00ad"
# "G201-" and "rev": one word, and the hyphen is its own.
KEPT_HYPHEN = re.compile(r"(?<=\w)-\r\n(?=\w)(?!(?:and|or|und|oder|et|ou|y|o|e)\b)")
_BEFORE = re.compile(r"[\w-]*\Z")
_AFTER = re.compile(r"\w*")


def clean_texts(raws: Sequence[str]) -> list[str]:
    """The pages' texts in the same lengths.

    "\\r\\n" becomes " \\n" (two U+00AD after a hyphen inside a word), a swallowed hyphen U+00AD or "-", and a control
    character a space.

    Plain joining is wrong for 6 to 11 % of the swallowed hyphens ("right-hand"), hence the vote.
    """
    words = vocabulary(raws) if any(SWALLOWED in raw for raw in raws) else Counter()
    return [_clean(raw, words) for raw in raws]


def vocabulary(raws: Sequence[str]) -> Counter[str]:
    """How often each word stands in the manual, hyphenated words included. Words cut at a line end do not vote."""
    words: Counter[str] = Counter()
    for raw in raws:
        words.update(re.findall(r"(?<![\w\ufffe-])[^\W\d_]+(?:-\w+)*(?![\w\ufffe-])", raw.lower()))
    return words


def _clean(raw: str, words: Counter[str]) -> str:
    text = KEPT_HYPHEN.sub(f"-{SOFT}{SOFT}", raw).replace("\r\n", " \n").replace("\r", " ")
    if SWALLOWED not in text:
        return harmless(text)
    parts: list[str] = []
    at = 0
    for found in re.finditer(SWALLOWED, text):
        parts += (text[at : found.start()], _hyphen(text, found.start(), words))
        at = found.end()
    return harmless("".join((*parts, text[at:])))


def _hyphen(text: str, at: int, words: Counter[str]) -> str:
    left, right = _BEFORE.search(text[max(0, at - 40) : at]), _AFTER.match(text, at + 1)
    before, after = left[0].lower() if left else "", right[0].lower() if right else ""
    return "-" if words[f"{before}-{after}"] > words[before + after] else SOFT
