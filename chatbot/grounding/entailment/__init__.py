"""Does a passage support a sentence that is not its very words? Rules on words, order, numbers and negations. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from chatbot.grounding.entailment.contradiction import masked
from chatbot.grounding.entailment.omissions import leaves_out, under_condition
from chatbot.grounding.entailment.passive import both_voices
from chatbot.grounding.entailment.rules import PassageTokens, supports
from chatbot.grounding.entailment.tokens import Prepared
from chatbot.grounding.entailment.tokens import prepare as tokens_of
from knowledge.text import Span, locate, sentences

_OPTION = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*|(?<!\w)\.{0,2}/[\w./-]+")
__all__ = ["Passage", "prepare", "quoted_span", "supported_span", "tokens_of"]


@lru_cache(maxsize=2048)
def prepare(text: str, breaks: tuple[int, ...] = ()) -> PassageTokens:
    """A passage ready to be compared with claims; what was prepared before is kept.

    ``breaks`` are offsets at which a sentence begins although no full stop says so: rows of a table, items of a list.
    """
    plain = tokens_of(text, breaks)
    return PassageTokens(plain, both_voices(plain), masked(plain))


def quoted_span(claim: str, passage: PassageTokens) -> Span | None:
    """Span of the claim's very words in the passage, or None; also None where the words are only a part of a sentence
    and what is left out may restrict or deny them: "use solvent" does not quote "do not use solvent".
    """
    text, bare = passage.plain.text, claim.rstrip(".!?")
    if locate(text, bare) is None:
        return None
    for words in (claim, bare):
        start = 0
        while span := locate(text, words, start):
            if (
                _options(words) == _options(text[slice(*span)])
                and not _cut(passage.plain, span)
                and not under_condition(text, span[0])
            ):
                return span
            start = span[0] + 1
    return None


def _options(text: str) -> list[str]:
    """Options and paths, in which a capital is another letter: "-c" is not "-C"."""
    return _OPTION.findall(text)


def _cut(passage: Prepared, span: Span) -> bool:
    """Does a stretch of the text leave out what may restrict the sentences that it lies in, or hold no word at all?"""
    places = frozenset(
        place for place, token in enumerate(passage.tokens) if span[0] <= token.start < span[1]
    )
    return not places or leaves_out(passage, places)


def supported_span(claim: str, passage: PassageTokens) -> Span | None:
    """Span in the passage's text of the whole sentences that say the claim, or None."""
    reading = supports(tokens_of(claim), passage)
    if reading is None or under_condition(passage.plain.text, reading.start):
        return None
    first, last = reading.start, reading.end
    spans = [span for span in _sentences(passage.plain.text) if span[1] > first and span[0] < last]
    return (spans[0][0], spans[-1][1]) if spans else (first, last)


@lru_cache(maxsize=256)
def _sentences(text: str) -> list[Span]:
    return sentences(text)
