"""One spelling fix, from the library's own words. Pure but for RapidFuzz; knows nothing of the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

SHORTEST = 4


def closest(word: str, vocabulary: Sequence[str], counts: Mapping[str, int]) -> str:
    """The library's word that ``word`` was most probably meant to be, or "".

    One edit (insert, delete, replace, swap neighbours) is allowed, two from ten letters on; the first letter
    must agree unless the first two were swapped. Nearest first, then the word in most passages.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    allowed = 1 if len(word) < 10 else 2
    near = process.extract(word, vocabulary, scorer=OSA.distance, score_cutoff=allowed, limit=20)
    fitting = [
        (distance, -counts[found], found)
        for found, distance, _ in near
        if len(found) >= SHORTEST and sorted(found[:2]) == sorted(word[:2]) or found[0] == word[0]
    ]
    return min(fitting)[2] if fitting else ""


def corrected(
    terms: Sequence[str],
    counts: Mapping[str, int],
    vocabulary: Sequence[str],
    known: Callable[[str], bool],
) -> dict[str, str]:
    """Which of these words to replace by which.

    ``counts`` maps the library's words to passages. Words with digits, words the library has, and words that are
    ``known`` in the language (a right word about something else) are left alone.
    """
    fixes = {}
    for term in terms:
        if len(term) < SHORTEST or not term.isalpha() or term in counts or known(term):
            continue
        if better := closest(term, vocabulary, counts):
            fixes[term] = better
    return fixes
