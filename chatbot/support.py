"""Does a passage support a sentence that is not its very words? Rules on words, numbers and negations. Pure.

"Supported" means: one sentence of the passage (two neighbouring ones, for a claim without numbers and codes) has all
numbers, codes and names of the claim, the same negations and conditions, and nearly all of its other words. It does not
mean proved: who does what to whom is not looked at.
"""

from __future__ import annotations

import re

from knowledge.text import STOP_WORDS, Span, sentences, stem, words

ENOUGH = 0.9  # share of the content words that must be there
WINDOW = 2  # neighbouring sentences of the passage that may be taken together
FEWEST = 3  # content words below which a sentence says too little to be matched
_EXACT = re.compile(r"\d+(?:[.,:]\d+)*|\b[A-Z]+[-/]?\d[\w/-]*|\b\w*\d\w*\b")
_HARD = frozenset(
    "not no never none neither nor without only unless except if before after until while less more than at most least"
    " must may cannot off on up down above below left right".split()
)
_CONTRACTED = re.compile(r"(\w+?)n['’]t\b", re.I)
_NUMBER_WORDS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "eleven": "11", "twelve": "12",
}  # fmt: skip


def supporting_window(claim: str, passage: str) -> Span | None:
    """Span of the first window of the passage that supports the claim, or None. Linear in both."""
    wanted = _content(claim)
    exact, hard = _exact(claim), _hard(claim)
    if len(wanted) + len(exact) < FEWEST:
        return None
    spans = sentences(passage)
    # Codes and numbers of two sentences must not be mixed: in a list of error codes, neighbours are the worst sources.
    for size in range(1, 2 if exact else WINDOW + 1):
        for first in range(len(spans) - size + 1):
            start, end = spans[first][0], spans[first + size - 1][1]
            if _supports(passage[start:end], wanted, exact, hard):
                return start, end
    return None


def _supports(window: str, wanted: frozenset[str], exact: frozenset[str], hard: frozenset[str]) -> bool:
    if not exact <= _exact(window) or hard != _hard(window):
        return False
    held = _content(window)
    return len(wanted & held) >= ENOUGH * len(wanted)


def _plain(text: str) -> str:
    return _CONTRACTED.sub(r"\1 not", text)


def _content(text: str) -> frozenset[str]:
    return frozenset(stem(_NUMBER_WORDS.get(word, word)) for word in words(_plain(text)) if word not in STOP_WORDS | _HARD)


def _exact(text: str) -> frozenset[str]:
    numbers = {_NUMBER_WORDS[word] for word in words(text) if word in _NUMBER_WORDS}
    return frozenset(found.rstrip(".,:").casefold() for found in _EXACT.findall(text)) | numbers


def _hard(text: str) -> frozenset[str]:
    return frozenset(words(_plain(text))) & _HARD
