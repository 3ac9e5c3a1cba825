"""How near a question is to what an adapter was trained on. Reads the trained questions once, not for each question."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from knowledge.search.embeddings import Encoder, load_encoder
from knowledge.text import content_words, stem

ADAPTERS = 4  # whose questions are kept in memory, 1 KB each: the served one, a candidate, and those before


@dataclass(frozen=True, slots=True)
class _Questions:
    """Trained questions as they are compared: for each word the rows that have it and its weight, rare ones counting more;
    the weight of each row's words together; their meanings, float32 (n, dimensions), None without an encoder."""

    rows: dict[str, list[int]]
    weight: dict[str, float]
    totals: np.ndarray
    encoder: Encoder | None
    vectors: np.ndarray | None


def nearness(question: str, trained: Sequence[str]) -> float:
    """How near a question is to the nearest one of the training, 0 to 1.

    Half the cosine of their meanings, half the share of words they have in common (Dice, rare words counting more),
    so that "error E04" is not near to "error E05". Without an encoder the words alone count.
    """
    asked = _stems(question)
    if not trained or not asked:
        return 0.0
    known = _read(tuple(trained))
    unknown = math.log(1 + len(trained))
    shared = np.zeros(len(trained))
    for term in asked & known.rows.keys():
        shared[known.rows[term]] += known.weight[term]
    total = sum(known.weight.get(term, unknown) for term in asked)
    words = 2 * shared / (total + known.totals)
    if known.encoder is None or known.vectors is None:
        return float(words.max())
    cosines = known.vectors @ known.encoder.encode([question])[0]
    return float((0.5 * words + 0.5 * np.maximum(cosines, 0.0)).max())


@lru_cache(maxsize=ADAPTERS)
def _read(trained: tuple[str, ...]) -> _Questions:
    words = [_stems(text) for text in trained]
    rows = defaultdict[str, list[int]](list)
    for row, terms in enumerate(words):
        for term in terms:
            rows[term].append(row)
    weight = {term: math.log(1 + len(words) / (1 + len(held))) for term, held in rows.items()}
    totals = np.array([sum(weight[term] for term in terms) for terms in words])
    encoder = load_encoder()
    vectors = None if encoder is None else encoder.encode(list(trained))
    return _Questions(dict(rows), weight, totals, encoder, vectors)


def _stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, content_words(text)))
