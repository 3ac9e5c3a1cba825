"""One spelling fix, from the library's own words. Pure but for RapidFuzz; knows nothing of the database."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache

from knowledge.text import fold

SHORTEST = 4
# British | American | what may follow
_ENGLISH = """
our | or | s ed ing ful able ite ites less
tre | ter | s d
bre | ber | s
is | iz | e ed es er ers ing able ation ations
ys | yz | e ed er ers ing
ogue | og | s
ence | ense | s d
elled | eled |
elling | eling |
mme | m | s
inium | inum |
"""


def closest(
    word: str, vocabulary: Sequence[str], counts: Mapping[str, int], known: Callable[[str], bool]
) -> str:
    """The library's word that ``word`` was most probably meant to be, or "".

    One edit (insert, delete, replace, swap neighbours) is allowed, two from ten letters on; the first letter
    must agree unless the first two were swapped. Nearest first, then the word in most passages. A word of one passage
    may be misspelt there: it must be ``known``.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    allowed = 1 if len(word) < 10 else 2
    near = process.extract(word, vocabulary, scorer=OSA.distance, score_cutoff=allowed, limit=20)
    fitting = [
        (distance, -counts[found], found)
        for found, distance, _ in near
        if (len(found) >= SHORTEST and sorted(found[:2]) == sorted(word[:2]) or found[0] == word[0])
        and _likely(word, found)
    ]
    trusted = (one for _, _, one in sorted(fitting) if counts[one] > 1 or known(one))
    return next(trusted, "")


def _likely(word: str, meant: str) -> bool:
    """Is one word typed for the other? No letter is added at the end, but the last again, and one of four letters lacks none
    there: "crypto" is no "crypt", and "dept" no "depth"."""
    if word[:-1] == meant:
        return word[-1] == meant[-1]
    return len(word) > SHORTEST or meant[:-1] != word


def names_by_case(text: str) -> frozenset[str]:
    """The words of a text, folded, that their capitals make names: "eSIM", "WhatsApp", and "NFC" where not all is in capitals."""
    inside = re.findall(r"\b[^\W\d_]*[a-z][A-Z][^\W\d_]*\b", text)
    short = re.findall(r"\b[A-Z]{2,4}\b", text) if text != text.upper() else []
    return frozenset(map(fold, [*inside, *short]))


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
        if better := closest(term, vocabulary, counts, known):
            fixes[term] = better
    return fixes


def swapped_stop_word(word: str, stop_words: Collection[str]) -> bool:
    """Is a word a stop word with two neighbouring letters in each other's place: "teh", "adn"?"""
    swaps = (word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(len(word) - 1))
    return len(word) > 2 and any(swap != word and swap in stop_words for swap in swaps)


def lacking_letter(word: str, vocabulary: Sequence[str]) -> frozenset[str]:
    """The library's words that a word becomes by one letter more between its first and its last: "reset" for "rest"."""
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    near = process.extract(word, vocabulary, scorer=Indel.distance, score_cutoff=1, limit=20)
    return frozenset(
        found
        for found, _, _ in near
        if len(found) > len(word) >= SHORTEST and (found[0], found[-1]) == (word[0], word[-1])
    )


def with_letter_more(
    terms: Sequence[str], known: Collection[str], vocabulary: Sequence[str]
) -> dict[str, frozenset[str]]:
    """For right English words that no manual has, where others of the question are mistyped: the library's words that they
    may lack a letter of, "reset" for "rest" in "rest teh pump". Both are looked for."""
    strange = (term for term in terms if term not in known and term.isalpha())
    near = ((term, lacking_letter(term, vocabulary)) for term in strange)
    return {term: found for term, found in near if found}


def other_english(word: str, counts: Collection[str]) -> str:
    """The library's word for an English one that is spelt otherwise in America or Britain ("centimetres"), or ""."""
    ways = (pattern.sub(other, word) for pattern, other in _ways())
    return next((way for way in ways if way != word and way in counts), "")


@lru_cache(maxsize=1)
def _ways() -> tuple[tuple[re.Pattern[str], str], ...]:
    """What to replace by what at the end of a word, both ways."""
    found = []
    for line in _ENGLISH.strip().splitlines():
        british, american, tails = map(str.strip, line.split("|"))
        tail = "(?=(?:" + "|".join(tails.split()) + ")?$)"
        for one, other in ((british, american), (american, british)):
            found.append((re.compile(f"(?<=[a-z]{{2}}){one}{tail}"), other))
    return tuple(found)
