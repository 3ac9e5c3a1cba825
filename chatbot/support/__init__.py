"""Does a passage support a sentence that is not its very words? Rules on words, order, numbers and negations. Pure."""

from __future__ import annotations

from functools import lru_cache

from chatbot.support.rules import Passage, supports
from chatbot.support.tokens import prepare as tokens_of
from chatbot.support.voice import both_voices
from knowledge.text import Span, sentences

__all__ = ["Passage", "prepare", "supported_span"]


@lru_cache(maxsize=2048)
def prepare(text: str) -> Passage:
    """A passage ready to be compared with claims; what was prepared before is kept."""
    plain = tokens_of(text)
    return Passage(plain, both_voices(plain))


def supported_span(claim: str, passage: Passage) -> Span | None:
    """Span in the passage's text of the whole sentences that say the claim, or None."""
    reading = supports(tokens_of(claim), passage)
    if reading is None:
        return None
    first, last = reading.start, reading.end
    spans = [span for span in sentences(passage.plain.text) if span[1] > first and span[0] < last]
    return (spans[0][0], spans[-1][1]) if spans else (first, last)
