"""Does the nearest sentence of the manuals give another figure for what is said in free wording? Pure; precise first.

The rules of ``entailment`` want the same words in the same order. Here most words must be shared, in any order, and the
figures must count the same: "needs 20 % battery" beside "a battery level of 30 % is required".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from chatbot.grounding.entailment import tokens_of
from chatbot.grounding.entailment.tokens import CONTENT, Prepared, Token
from chatbot.grounding.verifier import ITEM
from knowledge.text import readable, sentences

SHARED = 0.66  # share of a sentence's other words that the nearest one must have for its figures to be compared
SHARED_BESIDE = (
    0.75  # and of what is left without the words that its section and product are called by
)
FEWEST = 2  # words that the two must share
ELSEWHERE = 0.5  # share from which another sentence with the figure may be what is meant
_VALUE = re.compile(r"\d+(?:[.,]\d+)*")
_CODE = re.compile(r"([a-z]{1,4})-?(\d{1,6})([a-z]?)")
_NUMBER_OR_CODE = re.compile(r"[\w.+-]*\d[\w+-]*(?:[.,]\d+)*")

Figures = tuple[tuple[str, str], ...]


def otherwise(said: str, near: str, elsewhere: Iterable[str] = (), called: str = "") -> Figures:
    """Return the figures and codes in which the nearest sentence differs, as (said, held); () where that is not sure.

    It is not where a figure has no counterpart that counts the same, or more than one, or where one of the sentences
    ``elsewhere`` gives it too. What the section and product of the nearest sentence are ``called`` may be said beside it.
    """
    ours, theirs = tokens_of(ITEM.sub("", said)), tokens_of(readable(near))
    names = {token.norm for token in tokens_of(called).tokens}
    names -= {token.norm for token in theirs.tokens}
    figures = [t for t in ours.tokens if _is_figure(t) and (t.number or t.norm not in names)]
    words = _words(ours) - names
    shared = words & _words(theirs)
    enough = SHARED if words == _words(ours) else SHARED_BESIDE
    if not figures or len(shared) < FEWEST or len(shared) < enough * len(words):
        return ()
    found: list[tuple[str, str]] = []
    missing: list[str] = []
    for token in figures:
        if any(_same(token, other) for other in theirs.tokens):
            continue
        if (held := _counterpart(token, ours, theirs)) is None:
            return ()
        if not token.number and shared != words:  # another code is mostly another matter
            return ()
        found.append((_text(ours, token), _text(theirs, held)))
        missing.append(token.norm)
    if found and any(_gives(one, missing, words) for one in elsewhere):
        return ()
    return tuple(found)


def _is_figure(token: Token) -> bool:
    return token.number or bool(_CODE.fullmatch(token.norm))


def _words(text: Prepared) -> frozenset[str]:
    return frozenset(t.norm for t in text.tokens if t.kind == CONTENT and not _is_figure(t))


def _same(token: Token, other: Token) -> bool:
    if token.norm == other.norm:
        return True
    if not (token.number and other.number):
        return False
    return _value(token) == _value(other) and _unit(token) == _unit(other)


def _counterpart(token: Token, ours: Prepared, theirs: Prepared) -> Token | None:
    """Return the one figure of the other sentence that counts the same; None for none, or where either has several."""
    kind = _counts(token, ours)
    alike = [other for other in theirs.tokens if _is_figure(other)]
    alike = [other for other in alike if kind and _counts(other, theirs) == kind]
    own = [other for other in ours.tokens if _is_figure(other) and _counts(other, ours) == kind]
    return alike[0] if len(alike) == len(own) == 1 else None


def _counts(token: Token, text: Prepared) -> tuple[str, ...]:
    """Return what a figure counts: its unit, else the word behind it; of a code its letters and length. () for nothing."""
    if not token.number:
        code = _CODE.fullmatch(token.norm)
        return ("code", code[1], str(len(code[2])), code[3]) if code else ()
    if unit := _unit(token):
        return ("unit", unit)
    after = next((other for other in text.tokens if other.start > token.start), None)
    if after is None or after.kind != CONTENT or text.text[token.end : after.start].strip():
        return ()
    return ("word", after.norm) if not _is_figure(after) else ()


def _unit(token: Token) -> str:
    return token.norm.partition("~")[2]


def _value(token: Token) -> float | None:
    found = _VALUE.search(token.norm)
    try:
        return float(found[0].replace(",", ".")) if found else None
    except ValueError:  # "1.2.3", a number of sections
        return None


def _text(text: Prepared, token: Token) -> str:
    """Return a figure as it is written, with what it counts."""
    if token.number and not _unit(token):
        after = next((other for other in text.tokens if other.start > token.start), None)
        if after is not None:
            return text.text[token.start : after.end]
    return text.text[token.start : token.end]


def _gives(text: str, norms: Sequence[str], words: frozenset[str]) -> bool:
    """Does another sentence give one of these figures for what may be the same?"""
    held = tokens_of(readable(text))
    there = {token.norm for token in held.tokens}
    return any(norm in there for norm in norms) and len(words & _words(held)) >= ELSEWHERE * len(
        words
    )


def other_sentences(texts: Iterable[str], near: str) -> Iterator[str]:
    """Yield the lines and sentences of these texts, but for the nearest one."""
    for text in texts:
        for start, end in sentences(text):
            if (one := text[start:end]).strip() != near.strip():
                yield one


def new_codes(text: str, material: Sequence[str]) -> frozenset[str]:
    """Return the numbers and codes of a sentence that stand nowhere in the material, as they are written there."""
    known = {code for each in material for code in _NUMBER_OR_CODE.findall(each.casefold())}
    return frozenset(_NUMBER_OR_CODE.findall(text.casefold())) - known
