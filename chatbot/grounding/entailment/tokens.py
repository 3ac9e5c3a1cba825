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

from chatbot.grounding.entailment import english as words

SOFT, CONTENT, HARD = 0, 1, 2  # may differ; must be found; changes the truth of its clause
NO_BORDER, PHRASE, CLAUSE, SENTENCE = 0, 1, 2, 3
ADVERB = 0.01  # weight of "carefully": may be left out, but is preferred where it stands
WEIGHTY = 0.5  # from this weight on, a token cannot be passed over unseen

_TOKEN = re.compile(
    r"(?P<end>(?<!\.)[.!?](?!\.)[!?]*(?=\s|$)|;)|(?P<sep>[,:()\u2022]| - )"
    r"|(?P<word>[<>±≤≥=+]*-?\d+(?:[.,]\d+)*(?:~[\w/°µ]+)?(?!\w)|(?:(?<!\S)--?|(?<![\w/])\.{0,2}/)?[^\W_](?:[\w.+/'=-]*[\w+])?"
    r"|[<>=!±≤≥≠+|~^*/\\%#$@&-]+|\.{2,}(?=\S)|(?<=\S)\.{2,})"
)


class Token(NamedTuple):
    """A word as it is compared. ``start`` and ``end`` are offsets into the text it was read from.

    ``weight`` is what passing over it costs: 0 in brackets, 1 for a content word, 100 for "not" and its like.
    ``passive`` marks the participle of "is done", ``gerund`` what ends in "-ing"; ``number`` marks what begins like a number: units and most codes do too; ``later`` what stands right behind "then";
    ``link`` is the "and", "or" or "because" before it, ``modal`` the "can" or "must", with "you " where one is told so;
    ``bracket`` says that it stands in brackets.
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
    link: str = ""
    modal: str = ""
    bracket: bool = False

    @property
    def joined(self) -> bool:
        """Does it stand right behind "and" and its like?"""
        return bool(self.link)


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A text ready to be compared, as claim or as passage.

    ``places`` are the indexes of each norm; ``sums`` the running weight; ``borders`` the border before each token, seen
    through what weighs nothing; ``clauses`` the number of the clause of each token.
    """

    text: str
    tokens: tuple[Token, ...]
    places: dict[str, list[int]]
    sums: tuple[float, ...]
    borders: tuple[int, ...]
    clauses: tuple[int, ...]


def is_number(norm: str) -> bool:
    """Does a norm begin like a number ("65~w", "-5", "±2")? An option ("-s") does not."""
    bare = norm.lstrip("<>±≤≥=+-")
    return bare[:1].isdigit()


@lru_cache(maxsize=4096)
def prepare(text: str, breaks: tuple[int, ...] = ()) -> Prepared:
    """A text ready to be compared; what was prepared before is kept.

    ``breaks`` are offsets at which a sentence begins although no full stop says so: rows of a table, items of a list.
    """
    return build(text, _tokens(text, breaks))


def build(text: str, tokens: tuple[Token, ...]) -> Prepared:
    """The tables that the comparison looks things up in."""
    places: dict[str, list[int]] = {}
    sums, borders, clauses = [0.0], list[int](), list[int]()
    clause = 0
    for i, token in enumerate(tokens):
        places.setdefault(token.norm, []).append(i)
        sums.append(sums[-1] + token.weight)
        clause += token.border >= CLAUSE
        clauses.append(clause)
        opens = (
            i == 0
            or token.border == SENTENCE
            or tokens[i - 1].weight > WEIGHTY
            or tokens[i - 1].kind == HARD
        )
        borders.append(token.border if opens else max(token.border, borders[-1]))
    return Prepared(text, tokens, places, tuple(sums), tuple(borders), tuple(clauses))


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
    traced.text = (
        low if len(low) == len(traced.text) else "".join(char.lower()[:1] for char in traced.text)
    )
    for hints, pattern, new in words.REWRITES:
        if any(map(traced.text.__contains__, hints)):
            traced.rewrite(pattern, new)
    traced.rewrite(words.PHRASES, words.phrase)
    traced.rewrite(words.ON_ALONE, words.ON_STATE)
    return traced


@dataclass(slots=True)
class _State:
    """What is known between two tokens: the border that comes, and the small words that belong to the next one."""

    border: int = SENTENCE
    depth: int = 0
    sentence: int = 0
    later: bool = False
    be: bool = False
    link: str = ""
    modal: str = ""

    def begin(self) -> None:
        """Begins a new sentence."""
        self.border, self.depth, self.sentence, self.be, self.link, self.modal = (
            SENTENCE,
            0,
            self.sentence + 1,
            False,
            "",
            "",
        )

    def small(self, word: str, before: str) -> bool:
        """Takes a word that is no token; False for one that is."""
        self.be = (
            self.be
            and word not in words.LISTING
            and word not in words.MODALS
            or word in words.BE
            or word in ("was", "were")
        )
        if word in words.LISTING:
            self.border = max(self.border, CLAUSE)
            self.later = self.later or word == "then"
            self.link = (self.link or word) if word == "then" else words.LINKS.get(word, word)
        elif word in words.MODALS:
            told = before in ("you", "users")
            self.modal = (
                f"{self.modal} {words.MODALS[word]}".strip()
                if self.modal or not told
                else f"you {words.MODALS[word]}"
            )  # "may have to" are two
            self.border = max(self.border, CLAUSE) if told else self.border
        else:
            return (
                word in words.BE
                or word in words.STOP
                or (self.border == SENTENCE and word in words.LABELS)
            )
        return True


def _tokens(text: str, breaks: tuple[int, ...]) -> tuple[Token, ...]:
    traced = _normalised(text)
    found: list[Token] = []
    state = _State()
    word, pending = "", deque(sorted(breaks))
    for match in _TOKEN.finditer(traced.text):
        before, word = word, match[0]
        while pending and traced.starts[match.start()] >= pending[0]:
            pending.popleft()
            state.begin()
        if match["end"]:
            state.begin()
        elif match["sep"]:
            state.be = False
            state.border = max(state.border, CLAUSE)
            state.depth += (word == "(") - (word == ")" and state.depth > 0)
        elif not state.small(word, before):
            span = traced.starts[match.start()], traced.ends[match.end() - 1]
            norm, kind, weight = _read(
                text[slice(*span)] if word[0] in "-/." and not is_number(word) else word,
                state.depth,
            )
            if kind == SOFT:
                state.border = max(state.border, PHRASE)
            elif norm in words.CONDITIONS and norm != "ONLY":
                state.border = max(state.border, CLAUSE)
            if word == "by" and before and found and words.participle(before):
                found[-1] = found[-1]._replace(passive=True)  # "a page written by Jim"
            passive, gerund = (
                state.be and words.participle(word),
                kind == CONTENT and word.endswith("ing"),
            )
            token = Token(
                norm,
                kind,
                state.border,
                weight,
                state.sentence,
                *span,
                passive,
                is_number(norm),
                state.later,
                gerund,
            )
            found.append(
                token._replace(link=state.link, modal=state.modal, bracket=state.depth > 0)
            )
            # "is not quickly done"
            state.be = state.be and (kind == HARD or weight == ADVERB or word in ("was", "were"))
            state.border, state.later = NO_BORDER, False
            if weight != ADVERB:
                state.link = state.modal = ""  # "and carefully lift" is "and lift"
    return tuple(found)


def _read(word: str, depth: int) -> tuple[str, int, float]:
    """Norm, kind and weight of a word that is compared."""
    word = words.NUMBERS.get(word, word)
    if word in words.HARD:
        return words.HARD[word], HARD, 0 if depth else 100
    if word in words.SOFT:
        return words.SAME_SOFT.get(word, word), SOFT, 0
    if word == words.ON_STATE:
        return "on", CONTENT, 1
    # An option, a path or a sign is compared as it stands
    norm = words.norm(word) if word[0].isalnum() else word
    return norm, CONTENT, 0 if depth else ADVERB if word in words.DROPPED else 1
