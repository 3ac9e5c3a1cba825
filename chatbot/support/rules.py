"""Decides whether an aligned claim is held by the passage: nothing negated, conditioned or moved that was not.

Knows tokens and alignments. A chain that is cheap enough must still pass every rule here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from chatbot.support.align import BUDGET, Aligned, Path, align
from chatbot.support.lexicon import CONDITIONS, harmless
from chatbot.support.order import jumps_over, other_order, torn, trades_prepositions
from chatbot.support.tokens import CONTENT, HARD, NO_BORDER, SOFT, WEIGHTY, WHICH_ONE, Prepared, Token, build
from chatbot.support.voice import active_forms

FEWEST, ENOUGH = 2, 3  # words below which a claim is never found, or only as a whole sentence
FEWEST_MOVED = 4  # words from which on one of them may stand elsewhere in its clause
LONGEST_CLAIM = 60  # tokens; a longer claim is only ever a quote
MOST_PLACES = 24  # at which a passage may have one word: the work grows with their square
LONGEST_MOVED = 4  # words that may be moved together
MOVED = 0.2  # what that takes from the budget
TINY = 1e-9  # sums of prices are not exact
MAY, MUST = 0, 1


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a passage that say a claim: places in the passage, and the place of each token of ``claim``, which
    is the form of the claim that was found.

    ``start`` and ``end`` are where the first and the last of them stand in the passage's text.
    """

    claim: Prepared
    places: frozenset[int]
    of: dict[int, int]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as it stands; with the active forms of its passive sentences behind it, if it has any; and masked, with
    the index of each masked token."""

    plain: Prepared
    active: Prepared | None
    masked: tuple[Prepared, tuple[int, ...]]


def supports(claim: Prepared, passage: Passage, slack: bool = True) -> Reading | None:
    """How the passage says the claim, as it stands or with one of its passive clauses turned round, or None.

    Without ``slack`` no word of the passage may be left out, and none moved.
    """
    if not _needed(claim) <= passage.plain.places.keys():
        return None  # most passages end here, before any form of the claim is made
    for form in (claim, *active_forms(claim)):
        if found := _supports(form, passage.plain, slack):
            return found
    return _supports(claim, passage.active, slack) if passage.active else None


@lru_cache(maxsize=256)
def _needed(claim: Prepared) -> frozenset[str]:
    """Norms without which no passage says the claim; kept, for the claim is held against many."""
    return frozenset(token.norm for token in claim.tokens if token.kind != SOFT) - harmless()


@lru_cache(maxsize=2048)
def _hard_places(passage: Prepared) -> tuple[int, ...]:
    """Places of the passage's negations and conditions."""
    return tuple(place for place, token in enumerate(passage.tokens) if token.kind == HARD)


@lru_cache(maxsize=2048)
def _crowded(passage: Prepared) -> frozenset[str]:
    """Norms that the passage has in too many places."""
    return frozenset(norm for norm, places in passage.places.items() if len(places) > MOST_PLACES)


def _supports(claim: Prepared, passage: Prepared, slack: bool) -> Reading | None:
    claim = _without_harmless(claim, passage)
    needed = [token for token in claim.tokens if token.kind != SOFT]
    if len(claim.tokens) > LONGEST_CLAIM or not _crowded(passage).isdisjoint(token.norm for token in claim.tokens):
        return None  # no sentence that a person would read
    if len(needed) < FEWEST or not all(token.norm in passage.places for token in needed):
        return None
    found = align(claim, passage, slack)
    if found.broke < 0:
        readings = (checked(claim, passage, path) for cost, path in found.chains if cost <= BUDGET)
        return next((reading for reading in readings if reading and _says_enough(needed, passage, reading)), None)
    return _moved(claim, passage, found) if slack and len(needed) >= FEWEST_MOVED else None


def _without_harmless(claim: Prepared, passage: Prepared) -> Prepared:
    """The claim without the words that it may have beyond the passage; their border goes to the next word."""
    added = {i for i, token in enumerate(claim.tokens) if token.kind == CONTENT and token.norm in harmless() and token.norm not in passage.places}
    if not added:
        return claim
    tokens: list[Token] = []
    border, places = NO_BORDER, {}
    for i, token in enumerate(claim.tokens):
        places[i] = len(tokens)
        if i in added:
            border = max(border, token.border)
        else:
            tokens.append(token._replace(border=max(border, token.border)))
            border = NO_BORDER
    return build(claim.text, tuple(tokens), tuple((places.get(i, len(tokens)), strength) for i, strength in claim.modals))


def _says_enough(needed: list[Token], passage: Prepared, reading: Reading) -> bool:
    """A claim of two words can be found anywhere: it must be the whole of a sentence, but for what weighs nothing."""
    if len(needed) >= ENOUGH:
        return True
    sentences = {passage.tokens[place].sentence for place in reading.places}
    rest = sum(token.weight for place, token in enumerate(passage.tokens) if token.sentence in sentences and place not in reading.places)
    return len(sentences) == 1 and rest < WEIGHTY


def _moved(claim: Prepared, passage: Prepared, found: Aligned) -> Reading | None:
    """The claim with a few words that stand elsewhere in their clause: "the GPIO's value" for "the value of the GPIO"."""
    for start in range(found.broke, found.broke - LONGEST_MOVED, -1):
        for end in range(start + 1, min(start + LONGEST_MOVED, len(claim.tokens)) + 1):
            if start < 0 or not all(_may_be_moved(token) for token in claim.tokens[start:end]):
                continue
            if not (places := _run(claim, passage, start, end)):
                continue
            without = _without(claim, start, end)
            chains = align(without, passage, begun=found.ends[: start + 1], limit=BUDGET - MOVED + TINY).chains
            for place, (_, path) in product(places, chains):
                reading = checked(replace(without, modals=()), passage, path, range(place, place + end - start))
                if reading and _belongs(claim, passage, reading, (start, end), place):
                    return reading
    return None


def _may_be_moved(token: Token) -> bool:
    return token.kind == CONTENT and not token.number and token.norm[0] != "S"


def _run(claim: Prepared, passage: Prepared, start: int, end: int) -> list[int]:
    """Places at which the passage has the claim's tokens [start:end] one after the other."""
    norms = [token.norm for token in claim.tokens[start:end]]
    return [place for place in passage.places.get(norms[0], ()) if [token.norm for token in passage.tokens[place : place + len(norms)]] == norms]


def _without(claim: Prepared, start: int, end: int) -> Prepared:
    tokens = [*claim.tokens[:start], *claim.tokens[end:]]
    if start < len(tokens) and claim.tokens[start].border > tokens[start].border:
        tokens[start] = tokens[start]._replace(border=claim.tokens[start].border)
    return build(claim.text, tuple(tokens), claim.modals)


def _belongs(claim: Prepared, passage: Prepared, reading: Reading, moved: tuple[int, int], place: int) -> bool:
    """Do the moved words stand in the clause of one of their neighbours, and not with a preposition of their own twice?"""
    start, end = moved
    attached = end - start > 1 and end < len(claim.tokens) and claim.tokens[end].border == NO_BORDER  # "in the pump's cover": "in" leads to the cover
    if not attached and _by_preposition(claim, start, end) and _by_preposition(passage, place, place + end - start):
        return False
    beside = [reading.of[token] for token in (start - 1, start) if token in reading.of]
    return any(passage.clauses[other] == passage.clauses[place] for other in beside)


def _by_preposition(text: Prepared, start: int, end: int) -> bool:
    tokens = text.tokens
    return any(
        0 <= other < len(tokens) and tokens[other].kind == SOFT and tokens[other].sentence == tokens[start].sentence
        for other in (start - 1, end)
    )


def checked(claim: Prepared, passage: Prepared, path: Path | None, extra: range = range(0)) -> Reading | None:
    """The reading of a chain, if it breaks no rule. ``extra`` are the places of words outside the chain."""
    chain: list[int] = []
    of: dict[int, int] = {}
    while path is not None:
        chain.append(path.place)
        of[path.token] = path.place
        path = path.before
    places = frozenset(chain)
    if not chain or len(places) < len(chain) or not places.isdisjoint(extra):
        return None  # a word of the passage would be used twice
    sentences = {passage.tokens[place].sentence for place in places}
    if extra:
        if passage.tokens[extra[0]].sentence not in sentences:
            return None
        places |= set(extra)
    if _drops_something(passage, places, sentences) or jumps_over(passage, chain[::-1], places, sentences):
        return None
    if other_order(claim, of) or _means_another(passage, places) or _other_modal(claim, passage, of) or torn(claim, passage, of):
        return None
    if trades_prepositions(claim, passage, of):
        return None
    spans = [passage.tokens[place] for place in places]
    return Reading(claim, places, of, min(token.start for token in spans), max(token.end for token in spans))


def leaves_out(passage: Prepared, span: tuple[int, int]) -> bool:
    """Does a stretch of the passage's text leave out a negation or a condition of the sentences that it lies in?"""
    start, end = span
    places = frozenset(place for place, token in enumerate(passage.tokens) if start <= token.start < end)
    return _drops_something(passage, places, {passage.tokens[place].sentence for place in places})


def _drops_something(passage: Prepared, places: frozenset[int], sentences: set[int]) -> bool:
    """Was a negation in a touched clause, or a condition in a touched sentence, left out?"""
    touched = {passage.clauses[place] for place in places}
    left_out = (place for place in _hard_places(passage) if place not in places and passage.tokens[place].sentence in sentences)
    return any(
        passage.clauses[place] in touched or (passage.tokens[place].norm in CONDITIONS and passage.tokens[place].weight) for place in left_out
    )


def _means_another(passage: Prepared, places: frozenset[int]) -> bool:
    """Was a word left out that says which one is meant: "the lever" for "the left lever"?"""
    tokens = passage.tokens
    return any(
        place and tokens[place - 1].weight == WHICH_ONE and place - 1 not in places and tokens[place].border == NO_BORDER
        for place in places
    )


def _other_modal(claim: Prepared, passage: Prepared, of: dict[int, int]) -> bool:
    """Does the claim say "may" where the passage says "must", or the other way round?"""
    for i, place in of.items():
        said = {strength for at, strength in claim.modals if at == i}
        held = {strength for at, strength in passage.modals if at == place}
        if said and held and not said & held and {min(said), min(held)} == {MAY, MUST}:
            return True
    return False
