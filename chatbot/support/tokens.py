"""Text to the tokens that are compared: normalised words with their kind, the border before them, and their place.

Knows words and punctuation; nothing of claims, passages or what supports what.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from chatbot.support import lexicon as words

SOFT, CONTENT, HARD = 0, 1, 2  # may differ; must be found; changes the truth of its clause
NO_BORDER, PHRASE, CLAUSE, SENTENCE = 0, 1, 2, 3
ADVERB = 0.01  # weight of "carefully": may be left out, but is preferred where it stands
WHICH_ONE = 1.5  # weight of "left": never left out, as other words are
WEIGHTY = 0.5  # from this weight on, a token cannot be passed over unseen
_ADVERB_LENGTH = 5

_TOKEN = re.compile(
    r"(?P<end>[.!?]+(?=\s|$)|;)|(?P<sep>[,:()\u2022]| - )"
    r"|(?P<word>-?\d+(?:[.,]\d+)*(?:~[\w/°µ]+)?(?!\w)|[^\W_](?:[\w.+/'=-]*[\w+])?)"
)


class Token(NamedTuple):
    """A word as it is compared. ``start`` and ``end`` are offsets into the text it was read from.

    ``weight`` is what passing over it costs: 0 in brackets, 1 for a content word, 100 for "not" and its like.
    ``passive`` marks the participle of "is done", ``number`` what begins like a number: units and most codes do
    too, ``later`` what stands right behind "then", ``gerund`` what ends in "-ing",
    ``joined`` what stands right behind "and" and its like.
    """

    norm: str
    kind: int
    border: int
    weight: float
    sentence: int
    start: int
    end: int
    passive: bool = False
    number: bool = False
    later: bool = False
    gerund: bool = False
    joined: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A text ready to be compared, as claim or as passage.

    ``modals`` are (index of the token behind it, strength: 0 may, 1 must, 2 should); ``places`` the indexes of each
    norm; ``sums`` the running weight; ``borders`` the border before each token, seen through what weighs nothing;
    ``clauses`` the number of the clause of each token.
    """

    text: str
    tokens: tuple[Token, ...]
    modals: tuple[tuple[int, int], ...]
    places: dict[str, list[int]]
    sums: tuple[float, ...]
    borders: tuple[int, ...]
    clauses: tuple[int, ...]


def is_number(norm: str) -> bool:
    """Does a norm begin like a number ("65~w")?"""
    return norm[0].isdigit() or norm[0] == "-"


@lru_cache(maxsize=4096)
def prepare(text: str, breaks: tuple[int, ...] = ()) -> Prepared:
    """A text ready to be compared; what was prepared before is kept.

    ``breaks`` are offsets at which a sentence begins although no full stop says so: rows of a table, items of a list.
    """
    return build(text, *_tokens(text, breaks))


def build(text: str, tokens: tuple[Token, ...], modals: tuple[tuple[int, int], ...]) -> Prepared:
    """The tables that the comparison looks things up in."""
    places: dict[str, list[int]] = {}
    sums, borders, clauses = [0.0], list[int](), list[int]()
    clause = 0
    for i, token in enumerate(tokens):
        places.setdefault(token.norm, []).append(i)
        sums.append(sums[-1] + token.weight)
        clause += token.border >= CLAUSE
        clauses.append(clause)
        opens = i == 0 or token.border == SENTENCE or tokens[i - 1].weight > WEIGHTY or tokens[i - 1].kind == HARD
        borders.append(token.border if opens else max(token.border, borders[-1]))
    return Prepared(text, tokens, modals, places, tuple(sums), tuple(borders), tuple(clauses))


class _Traced:
    """A text under rewriting that remembers which stretch of the original each of its characters stands for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts, self.ends = list(range(len(text))), list(range(1, len(text) + 1))

    def rewrite(self, pattern: re.Pattern[str], new: str | Callable[[re.Match[str]], str]) -> None:
        """Replaces every match; what is new stands for the whole of what it replaced."""
        if not pattern.search(self.text):
            return
        parts, starts, ends, at = list[str](), list[int](), list[int](), 0
        for match in pattern.finditer(self.text):
            made = new(match) if callable(new) else match.expand(new) if "\\" in new else new
            parts += [self.text[at : match.start()], made]
            starts += self.starts[at : match.start()]
            ends += self.ends[at : match.start()]
            if made:
                starts += [self.starts[match.start()]] * len(made)
                ends += [self.ends[max(match.start(), match.end() - 1)]] * len(made)
            at = match.end()
        self.text = "".join([*parts, self.text[at:]])
        self.starts, self.ends = starts + self.starts[at:], ends + self.ends[at:]


def _normalised(text: str) -> _Traced:
    traced = _Traced(text.translate(words.PLAIN))
    traced.rewrite(words.HYPHENATED, "")
    traced.rewrite(words.BROKEN, " ")
    traced.rewrite(words.GLUED, ". ")
    traced.rewrite(words.NUMBER_WORD, lambda match: words.NUMBERS[match[1].lower()] + " ")
    traced.rewrite(words.RANGE, " to ")
    traced.rewrite(words.UNIT_WORD, words.unit)
    traced.rewrite(words.UNIT, r"\1~\2")
    low = traced.text.lower()
    traced.text = low if len(low) == len(traced.text) else "".join(char.lower()[:1] for char in traced.text)
    for hints, pattern, new in words.REWRITES:
        if any(map(traced.text.__contains__, hints)):
            traced.rewrite(pattern, new)
    traced.rewrite(words.PHRASES, words.phrase)
    traced.rewrite(words.ON_ALONE, words.ON_STATE)
    return traced


def _tokens(text: str, breaks: tuple[int, ...]) -> tuple[tuple[Token, ...], tuple[tuple[int, int], ...]]:
    traced = _normalised(text)
    found: list[Token] = []
    modals: list[tuple[int, int]] = []
    border, depth, sentence, be, later, joined = SENTENCE, 0, 0, False, False, False
    word, pending = "", deque(sorted(breaks))
    for match in _TOKEN.finditer(traced.text):
        before, word = word, match[0]
        while pending and traced.starts[match.start()] >= pending[0]:
            pending.popleft()
            border, depth, sentence = SENTENCE, 0, sentence + 1
        if match["end"]:
            border, depth, sentence = SENTENCE, 0, sentence + 1
        elif match["sep"]:
            border = max(border, CLAUSE)
            depth += (word == "(") - (word == ")" and depth > 0)
        elif word in words.LISTING:
            border = max(border, CLAUSE)
            later, joined = later or word == "then", joined or word != "then"
        elif word in words.MODALS:
            modals.append((len(found), words.MODALS[word]))
            border = max(border, CLAUSE) if before == "you" else border
        elif word in words.BE:
            be = True
            continue
        elif word not in words.STOP and not (border == SENTENCE and word in words.LABELS):
            norm, kind, weight = _read(word, depth)
            if kind == SOFT:
                border = max(border, PHRASE)
            elif norm in words.CONDITIONS and norm != "ONLY":
                border = max(border, CLAUSE)
            start, end = traced.starts[match.start()], traced.ends[match.end() - 1]
            if word == "by" and before and found and words.participle(before):
                found[-1] = found[-1]._replace(passive=True)  # "a page written by Jim"
            passive, gerund = be and words.participle(word), kind == CONTENT and word.endswith("ing")
            found.append(Token(norm, kind, border, weight, sentence, start, end, passive, is_number(norm), later, gerund, joined))
            border, later, joined = NO_BORDER, False, False
            be = be and (kind == HARD or weight == ADVERB)  # "is not quickly done"
            continue
        be = False
    return tuple(found), tuple(modals)


def _read(word: str, depth: int) -> tuple[str, int, float]:
    """Norm, kind and weight of a word that is compared."""
    word = words.NUMBERS.get(word, word)
    if word in words.HARD:
        return words.HARD[word], HARD, 0 if depth else 100
    if word in words.SOFT:
        return word, SOFT, 0
    if word == words.ON_STATE:
        return "on", CONTENT, 1
    adverb = word.endswith("ly") and len(word) > _ADVERB_LENGTH
    return words.norm(word), CONTENT, 0 if depth else ADVERB if adverb else WHICH_ONE if word in words.TELLING else 1
