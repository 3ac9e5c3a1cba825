"""How near sentences are to a question: by words they share, by the meaning of their words, and as wholes. Knows texts only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from knowledge.search.embeddings import load_encoder
from knowledge.search.languages import AS_ENGLISH, content_stems, stems
from knowledge.search.sentence_encoder import load_sentence_encoder
from knowledge.search.wording.quantities import quantities

CLOSE = 2.0  # what the meaning of a sentence as a whole weighs in its window
COMPARED = 30  # sentences of a section that are compared as wholes, 5 ms each


class SharedWords:
    """The words of a question that carry meaning, as stems; "how heavy" is shared with what has a weight or a figure in kg."""

    def __init__(self, question: str, language: str) -> None:
        self._language = language
        self._asked = frozenset(content_stems(question, language) if question else ())
        named = quantities(stems(question, language)) if language in AS_ENGLISH else {}
        self._named = {word: terms for word, terms in named.items() if word in self._asked}

    def held(self, text: str) -> frozenset[str]:
        """Those of the words that a text has."""
        held = frozenset(stems(text, self._language))
        near = {w for w, terms in self._named.items() if any(held.issuperset(t) for t in terms)}
        return self._asked & (held | near)


def closeness(texts: Sequence[str], question: str, near: Sequence[float]) -> list[float]:
    """How near each sentence is to the question as a whole, times CLOSE; ``near`` where that cannot be told.

    Of a long section, only the sentences that are not far by their words are looked at.
    """
    encoder = load_sentence_encoder()
    if encoder is None or not texts:
        return list(near)
    asked = encoder.encode(question)
    looked = set(sorted(range(len(texts)), key=lambda i: -near[i])[:COMPARED])
    return [
        CLOSE * float(encoder.encode(text) @ asked) if i in looked else 0.0
        for i, text in enumerate(texts)
    ]


def meanings(texts: Sequence[str], question: str) -> list[float]:
    """Cosine of each sentence with the question by the vectors of their words; 0 where there is no encoder."""
    encoder = load_encoder()
    if encoder is None or not texts:
        return [0.0] * len(texts)
    vectors: np.ndarray = encoder.encode([question, *texts])
    return [float(value) for value in vectors[1:] @ vectors[0]]
