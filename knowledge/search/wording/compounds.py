"""Words that are written as one in a manual and apart in a question, or the other way round, by the library's own words. Pure.

German "Filterwechsel" and "den Filter wechseln"; Chinese, Japanese and Korean, which have no blanks, or particles behind
every word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Mapping, Sequence

from knowledge.search.languages import stem, stop_words
from knowledge.search.synonyms import Term
from knowledge.text import HANGUL, is_unspaced, unspaced, unspaced_runs

COMPOUNDING = frozenset({"da", "de", "nl", "no", "sv"})
PART, REST = 4, 3  # letters of a part of a compound, and of what is beside it
SHORTEST = 3  # letters of a word that may be half of another one
MOST = 12  # compounds that a word may stand for
_LINKS = ("", "s", "es", "n", "en", "er", "e")
_HOW_MUCH = re.compile("多.")  # Chinese asks "how long", "how heavy" by one character and another
_HANGUL = re.compile(rf"[{HANGUL}]")


def run_together(
    order: Sequence[str], wanted: Collection[str], known: Container[str], language: str
) -> dict[str, frozenset[tuple[str, ...]]]:
    """For two neighbouring stems of a question that a library writes as one word ("blue tooth"), that word, for both.

    ``order`` are all stems of the question, ``wanted`` those that carry meaning, ``known`` those of the library.
    """
    found: dict[str, frozenset[tuple[str, ...]]] = {}
    for one, other in zip(order, order[1:], strict=False):
        if min(len(one), len(other)) < SHORTEST or not {one, other} <= set(wanted):
            continue
        if (whole := stem(one + other, language)) in known:
            for word in (one, other):
                found[word] = found.get(word, frozenset()) | {(whole,)}
    return found


def joined(stems: Collection[str]) -> str:
    """The stems that may be compounds, a line each, to be looked through."""
    return "\n".join(["", *(s for s in stems if len(s) >= PART + REST and s.isalpha()), ""])


def parts_and_wholes(
    term: str, language: str, compounds: str, known: Mapping[str, int]
) -> frozenset[Term]:
    """What may stand in a manual for a stem: the compounds that begin or end with it, and the two words it is made of."""
    if len(term) < PART or not term.isalpha():
        return frozenset()
    found: set[Term] = {(whole,) for whole in _ending(term, compounds)}
    found |= {(whole,) for whole in _beginning(term, compounds)}
    for cut in range(REST, len(term) - REST + 1):
        last = term[cut:] if term[cut:] in known else stem(term[cut:], language)
        if last in known and (first := _first(term[:cut], language, known)):
            found.add((first, last))
    return frozenset(sorted(found)[:MOST])


def _first(part: str, language: str, known: Mapping[str, int]) -> str:
    for link in _LINKS:
        bare = part.removesuffix(link) if link else part
        if len(bare) >= REST and part.endswith(link):
            for one in (bare, stem(bare, language)):
                if one in known:
                    return one
    return ""


def _ending(term: str, compounds: str) -> list[str]:
    found, at = list[str](), compounds.find(f"{term}\n")
    while at >= 0 and len(found) < MOST:
        start = compounds.rfind("\n", 0, at) + 1
        if at - start >= REST:
            found.append(compounds[start : at + len(term)])
        at = compounds.find(f"{term}\n", at + 1)
    return found


def _beginning(term: str, compounds: str) -> list[str]:
    found, at = list[str](), compounds.find(f"\n{term}")
    while at >= 0 and len(found) < MOST:
        end = compounds.find("\n", at + 1)
        if end - at - 1 - len(term) >= REST:
            found.append(compounds[at + 1 : end])
        at = compounds.find(f"\n{term}", at + 1)
    return found


def segmented(text: str, language: str, known: Mapping[str, int]) -> list[str]:
    """The words of a question without blanks, cut where the library's words begin and end.

    Of every run of characters, the pairs that the library knows; what they leave is one word, if it is long enough and no
    stop word. Behind a known word, Korean has particles and endings, which are left out.
    """
    found = list[str]()
    for run in unspaced_runs(text):
        found += _segments(run, language, known) if is_unspaced(run) else [run]
    return found


def _segments(run: str, language: str, known: Mapping[str, int]) -> list[str]:
    pairs = unspaced(run)
    if len(run) < 3 or not any(pair in known for pair in pairs):
        return _without_stop_words(run, language, known) if len(run) > 2 else pairs
    held = [False] * len(run)
    for at, pair in enumerate(pairs):
        if pair in known:
            held[at] = held[at + 1] = True
    found, left = list[str](), ""
    for at, char in enumerate(run):
        left = "" if held[at] else left + char
        if at < len(pairs) and pairs[at] in known:
            found.append(pairs[at])
        ends = at + 1 == len(run) or held[at + 1]
        particles = at + 1 == len(run) and found and _HANGUL.match(run)
        if left and ends and not particles:
            found += _without_stop_words(left, language, known)
    return found


def _without_stop_words(run: str, language: str, known: Mapping[str, int]) -> list[str]:
    """What is left of a run; a character by itself only where no manual has it, not even as a part of a word."""
    if language == "zh":
        run = _HOW_MUCH.sub(" ", run)
    for word in sorted(stop_words(language), key=len, reverse=True):
        if is_unspaced(word):
            run = run.replace(word, " ")
    return [
        part for part in run.split() if len(part) > 1 or not any(part in word for word in known)
    ]
