"""Questions that ask for the same thing, put together: by the meaning of the whole sentence, of one product, of the same codes.

For a list that a person reads; nothing is answered by it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from chatbot.curation.gaps import Gap
from knowledge.search.sentence_encoder import load_sentence_encoder

# Cosine of two questions by MiniLM from which they are taken for one. Of 17 pairs of our own, paraphrases lie at .62 to .91,
# others at .43 to .77 but where only a code differs (.87 and more).
ALIKE = 0.78
_CODE = re.compile(r"\w*\d[\w.,]*")


@dataclass(frozen=True, slots=True)
class GapGroup:
    """A question that agents did not get, the newest of its kind, and others like it; ``times`` counts them all."""

    first: Gap
    others: tuple[Gap, ...]

    @property
    def times(self) -> int:
        """How often any of them was asked."""
        return self.first.times + sum(gap.times for gap in self.others)


def grouped(gaps: Sequence[Gap]) -> tuple[GapGroup, ...]:
    """Return questions in their order, those that ask for the same with the first of them; without an encoder each alone."""
    firsts: list[tuple[Gap, list[Gap]]] = []
    for gap in gaps:
        others = next((held for first, held in firsts if _alike(first, gap)), None)
        if others is None:
            firsts.append((gap, []))
        else:
            others.append(gap)
    return tuple(GapGroup(first, tuple(others)) for first, others in firsts)


def _alike(one: Gap, other: Gap) -> bool:
    """Say whether two questions are of one product, name the same codes and numbers, and mean nearly the same."""
    if one.product != other.product or _codes(one.question) != _codes(other.question):
        return False
    meaning, vector = _vector(one.question), _vector(other.question)
    return meaning is not None and vector is not None and float(meaning @ vector) >= ALIKE


def _codes(question: str) -> frozenset[str]:
    return frozenset(code.rstrip(".,") for code in _CODE.findall(question.casefold()))


@lru_cache(maxsize=1_000)
def _vector(question: str) -> np.ndarray | None:
    encoder = load_sentence_encoder()
    return encoder.encode(question) if encoder else None
