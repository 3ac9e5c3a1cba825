"""Decides whether an aligned claim is held by the passage: nothing negated, conditioned, restricted or moved that was not.

Knows tokens and alignments. A chain that is cheap enough must still pass every rule here. Where a rule cannot tell, the
claim is not held.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from chatbot.grounding.entailment.alignment import Path, align
from chatbot.grounding.entailment.english import PATH
from chatbot.grounding.entailment.omissions import leaves_out
from chatbot.grounding.entailment.passive import active_forms
from chatbot.grounding.entailment.tokens import (
    ADVERB,
    CLAUSE,
    PHRASE,
    SENTENCE,
    SOFT,
    WEIGHTY,
    Prepared,
    Token,
)

FEWEST, ENOUGH = 2, 3  # words below which a claim is never found, or only as a whole sentence
LONGEST_CLAIM = 80  # tokens; a longer claim is only ever a quote
MOST_PLACES = 24  # at which a passage may have one word: the work grows with their square


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a passage that say a claim: places in the passage, and the place of each token of the claim.

    ``start`` and ``end`` are where the first and the last of them stand in the passage's text.
    """

    claim: Prepared
    places: frozenset[int]
    of: dict[int, int]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PassageTokens:
    """A passage as it stands; with the active forms of its passive sentences behind it, if it has any; and masked, with
    the index of each masked token."""

    plain: Prepared
    active: Prepared | None
    masked: tuple[Prepared, tuple[int, ...]]


def supports(claim: Prepared, passage: PassageTokens) -> Reading | None:
    """How the passage says the claim, as it stands or with one of its passive clauses turned round, or None."""
    if found := holds(claim, passage.plain):
        return found
    if not _needed(claim) - {"by"} <= passage.plain.places.keys():
        return None  # most passages end here, before any form of the claim is made
    if found := next(
        (found for form in active_forms(claim) if (found := holds(form, passage.plain))), None
    ):
        return found
    return holds(claim, passage.active) if passage.active else None


def holds(claim: Prepared, passage: Prepared) -> Reading | None:
    """How a text says the claim as it stands, or None."""
    if not _needed(claim) <= passage.places.keys():
        return None
    if len(claim.tokens) > LONGEST_CLAIM or not _crowded(passage).isdisjoint(
        token.norm for token in claim.tokens
    ):
        return None  # no sentence that a person would read
    needed = [token for token in claim.tokens if token.kind != SOFT]
    if len(needed) < FEWEST:
        return None
    readings = (_checked(claim, passage, path) for path in align(claim, passage))
    return next(
        (reading for reading in readings if reading and _says_enough(needed, passage, reading)),
        None,
    )


@lru_cache(maxsize=256)
def _needed(claim: Prepared) -> frozenset[str]:
    """Norms without which no passage says the claim; kept, for the claim is held against many."""
    return frozenset(token.norm for token in claim.tokens)


@lru_cache(maxsize=2048)
def _crowded(passage: Prepared) -> frozenset[str]:
    """Norms that the passage has in too many places; prepositions are no burden, for each has but one neighbour."""
    return frozenset(norm for norm, places in passage.places.items() if len(places) > MOST_PLACES)


def _says_enough(needed: list[Token], passage: Prepared, reading: Reading) -> bool:
    """A claim of two words can be found anywhere: it must be the whole of a sentence, but for what weighs nothing."""
    if len(needed) >= ENOUGH:
        return True
    sentences = {passage.tokens[place].sentence for place in reading.places}
    rest = sum(
        token.weight
        for place, token in enumerate(passage.tokens)
        if token.sentence in sentences and place not in reading.places
    )
    return len(sentences) == 1 and rest < WEIGHTY


def _checked(claim: Prepared, passage: Prepared, path: Path | None) -> Reading | None:
    """The reading of a chain, if it breaks no rule."""
    chain: list[int] = []
    of: dict[int, int] = {}
    while path is not None:
        chain.append(path.place)
        of[path.token] = path.place
        path = path.before
    places = frozenset(chain)
    if not chain or len(places) < len(chain):
        return None  # a word of the passage would be used twice
    sentences = {passage.tokens[place].sentence for place in places}
    if any(
        i not in of and token.weight == ADVERB and not _says(passage, sentences, token.norm)
        for i, token in enumerate(claim.tokens)
    ):
        return None
    if leaves_out(passage, places) or torn(claim, passage, of):
        return None
    if any(
        _renamed(claim, claim.tokens[i], passage, passage.tokens[place]) for i, place in of.items()
    ):
        return None
    if _moves(passage, of) > 1:
        return None  # "When A, B if C" with A and C in each other's place
    if other_links(claim, passage, of) or other_modals(claim, passage, of):
        return None
    spans = [passage.tokens[place] for place in places]
    return Reading(
        claim, places, of, min(token.start for token in spans), max(token.end for token in spans)
    )


def _renamed(claim: Prepared, ours: Token, passage: Prepared, theirs: Token) -> bool:
    """Is a name in the passage ("Power off", a capital within its sentence) said otherwise? A name has no synonym."""
    held, said = passage.text[theirs.start : theirs.end], claim.text[ours.start : ours.end]
    if not held[:1].isupper() or theirs.number or _bare(held) == _bare(said):
        return False
    return not any(
        token.start == theirs.start and token.border >= SENTENCE for token in passage.tokens
    )


def _bare(words: str) -> str:
    """A name without capitals, hyphens, blanks and a plural "s"."""
    return "".join(filter(str.isalnum, words.lower())).removesuffix("s")


def _moves(passage: Prepared, of: dict[int, int]) -> int:
    """How often the claim goes back in a sentence of the passage: once, where a clause changed places with the rest."""
    places = [of[i] for i in sorted(of)]
    pairs = zip(places, places[1:], strict=False)
    return sum(
        later < place and passage.tokens[later].sentence == passage.tokens[place].sentence
        for place, later in pairs
    )


def _says(passage: Prepared, sentences: set[int], norm: str) -> bool:
    return any(
        passage.tokens[place].sentence in sentences for place in passage.places.get(norm, ())
    )


def other_links(claim: Prepared, passage: Prepared, of: dict[int, int]) -> bool:
    """Does the claim join with another word than the passage, or join what the passage does not?"""
    return any(not _same_link(claim, passage, of, i) for i in of)


def _same_link(claim: Prepared, passage: Prepared, of: dict[int, int], i: int) -> bool:
    ours, place = claim.tokens[i], of[i]
    theirs = passage.tokens[place]
    if ours.link == theirs.link or {ours.link, theirs.link} in ({"and", "then"}, {"", "then"}):
        return True
    if PATH in (ours.link, theirs.link):
        # "tap A, then B" for "A > B"
        return ours.later and theirs.link == PATH or theirs.later and ours.link == PATH
    before = of.get(i - 1)
    moved = before is None or passage.tokens[before].sentence != theirs.sentence or before > place
    if not ours.link:
        # "Tap Menu and select Wi-Fi", of which only the second step is said
        return moved and theirs.link == "and"
    if theirs.link:
        return False
    if ours.link in ("and", "then") and theirs.border == SENTENCE:
        # Two sentences joined: "not A and B" denies B
        return moved and not any(token.norm == "NOT" for token in claim.tokens[:i])
    return _listed(passage, place) == ours.link and not moved


def _listed(passage: Prepared, place: int) -> str:
    """The one word that joins the list behind a comma: "a, b and c"; "" where there is none, or two."""
    if passage.tokens[place].border != CLAUSE:
        return ""
    sentence = passage.tokens[place].sentence
    links = {token.link for token in passage.tokens if token.sentence == sentence and token.link}
    return links.pop() if len(links) == 1 else ""


def other_modals(claim: Prepared, passage: Prepared, of: dict[int, int]) -> bool:
    """Does the claim say "may" where the passage says "must", or nothing, or the other way round?"""
    return any(not _same_modal(claim, i, passage, place) for i, place in of.items())


def _same_modal(claim: Prepared, i: int, passage: Prepared, place: int) -> bool:
    ours, theirs = claim.tokens[i], passage.tokens[place]
    said, held = ours.modal.removeprefix("you "), theirs.modal.removeprefix("you ")
    if said == held or {said, held} == {"", "will"}:
        return True
    if "will" in (said, held):
        return False
    denied = _denied(claim, i) or _denied(passage, place)
    if said and held:
        return {said, held} == {
            "can",
            "may",
        } and not denied  # "may not" is a guess or a ban, "cannot" neither
    modal, bare, at, text = (ours, theirs, place, passage) if said else (theirs, ours, i, claim)
    if not modal.modal.startswith("you ") or not _is_told(text, at, bare):
        return False
    return not denied or (bare.norm == "NOT" and (said or held) in ("must", "should"))


def _is_told(text: Prepared, at: int, token: Token) -> bool:
    """Does a clause begin here, as an instruction does?"""
    return text.borders[at] >= CLAUSE or at == 0 or token.border >= CLAUSE


def _denied(text: Prepared, at: int) -> bool:
    clause = text.clauses[at]
    return any(
        token.norm == "NOT" and text.clauses[other] == clause
        for other, token in enumerate(text.tokens)
    )


def torn(claim: Prepared, passage: Prepared, of: dict[int, int]) -> bool:
    """Where words changed their order: did one of them lose both its neighbours, without being a clause of its own?

    "Tap Confirm, and remove" is made of the words of "Tap Remove, and confirm"; each of them is next to others.
    """
    order = [i for i, token in enumerate(claim.tokens) if token.kind != SOFT and i in of]
    if all(of[later] > of[i] for i, later in zip(order, order[1:], strict=False)):
        return False
    for at, i in enumerate(order):
        beside = [order[other] for other in (at - 1, at + 1) if 0 <= other < len(order)]
        kept = any(_neighbours(passage, of[i], of[other]) for other in beside)
        if not kept and not (
            _stands_alone(claim, i, PHRASE) and _stands_alone(passage, of[i], CLAUSE)
        ):
            return True
    return False


def _neighbours(passage: Prepared, one: int, other: int) -> bool:
    left, right = sorted((one, other))
    same = passage.tokens[left].sentence == passage.tokens[right].sentence
    return same and passage.sums[right] - passage.sums[left + 1] < WEIGHTY


def _stands_alone(text: Prepared, at: int, border: int) -> bool:
    """Is there a border on both sides of a word?"""
    after = at + 1
    while after < len(text.tokens) and text.tokens[after].kind == SOFT:
        after += 1
    return (at == 0 or text.borders[at] >= border) and (
        after >= len(text.tokens) or text.borders[after] >= border
    )
