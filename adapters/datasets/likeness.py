"""How alike texts are: words, character 5-grams, Jaccard, and the pairs of a set that are alike. Pure.

The join is exact, not a sketch: texts are compared only where one of their rare 5-grams is the same, and two texts at
least as alike as asked always share one of those (prefix filtering).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

GRAM = 5  # characters
_WORD = re.compile(r"[^\W_]+(?:[.,:/-](?=\d)[^\W_]+|['’][^\W_]+|-[^\W_]+)*")
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class AlikePair:
    """Two texts by their places, and their Jaccard likeness from 0 to 1."""

    first: int
    second: int
    score: float


def words(text: str) -> list[str]:
    """The words of a text in lower case; numbers and codes ("1.5", "rb-110") are one word each."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [found.replace("’", "'") for found in _WORD.findall(folded)]


def normalised(text: str) -> str:
    """A text without case, punctuation and spacing: equal for texts that a reader takes for the same.

    A text that has no words is only stripped of its space.
    """
    return " ".join(words(text)) or " ".join(text.split())


def figures(text: str) -> frozenset[str]:
    """The numbers and codes of a text: its words that hold a digit."""
    return frozenset(word for word in words(text) if _FIGURE.search(word))


def grams(text: str) -> frozenset[str]:
    """The character 5-grams of a text; a shorter text is its own."""
    plain = f" {normalised(text)} "
    return frozenset(plain[i : i + GRAM] for i in range(max(1, len(plain) - GRAM + 1)))


def jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    """What two sets share, from 0 to 1."""
    if not first or not second:
        return 0.0
    shared = len(first & second)
    return shared / (len(first) + len(second) - shared)


def likeness(first: str, second: str) -> float:
    """How alike two texts are: the Jaccard likeness of their 5-grams."""
    return jaccard(grams(first), grams(second))


def alike_within(texts: Sequence[str], least: float) -> Iterator[AlikePair]:
    """Yield the pairs of one set that are at least so alike, each once, the first before the second."""
    yield from _joined(texts, range(len(texts)), range(len(texts)), least)


def alike_between(texts: Sequence[str], others: Sequence[str], least: float) -> Iterator[AlikePair]:
    """Yield the pairs of a text and one of the others; ``second`` is the place among the others."""
    both = [*texts, *others]
    cut = len(texts)
    for pair in _joined(both, range(cut, len(both)), range(cut), least):
        yield AlikePair(pair.first, pair.second - cut, pair.score)


def _joined(
    texts: Sequence[str], known: Sequence[int], asking: Sequence[int], least: float
) -> Iterator[AlikePair]:
    """Yield pairs of a text that asks and a known one. Where both are the same set, each pair comes once."""
    sets = [grams(text) for text in texts]
    common = Counter(gram for one in sets for gram in one)
    same = known is asking or list(known) == list(asking)
    index: dict[str, list[int]] = defaultdict(list)
    prefixes = [_rare(one, common, least) for one in sets]
    if not same:
        for i in known:
            for gram in prefixes[i]:
                index[gram].append(i)
    for i in asking:
        for j in sorted({j for gram in prefixes[i] for j in index[gram]}):
            short, long = sorted((len(sets[i]), len(sets[j])))
            if short < least * long:
                continue
            score = jaccard(sets[i], sets[j])
            if score >= least:
                yield AlikePair(*((j, i) if same else (i, j)), score)
        if same:
            for gram in prefixes[i]:
                index[gram].append(i)


def _rare(one: frozenset[str], common: Counter[str], least: float) -> list[str]:
    """The grams of which two sets that are alike share at least one: the rarest, as many as may differ and one more."""
    ordered = sorted(one, key=lambda gram: (common[gram], gram))
    return ordered[: len(ordered) - ceil(least * len(ordered) - 1e-9) + 1]
