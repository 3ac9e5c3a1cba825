"""Aligns a claim with a passage: which words of the passage, in which order, would have to be read to say the claim.

A small dynamic programme over the places of equal words; each kind of jump has its price. Knows tokens only.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from chatbot.grounding.entailment.english import CONDITIONS
from chatbot.grounding.entailment.tokens import (
    ADVERB,
    CLAUSE,
    HARD,
    SENTENCE,
    SOFT,
    WEIGHTY,
    Prepared,
    Token,
)

PURPOSES = frozenset({"to", "by", "for"})
BUDGET = 1.1  # what all jumps of a claim may cost together
NEVER = 9.0
INSIDE_CLAUSE = 0.4  # the claim begins in the middle of a clause
NEXT_CLAUSE, NEXT_SENTENCE = 0.25, 0.3  # from the end of one to the start of another
OPENING_MOVED = 0.4  # the phrase that opens a sentence said at its end
NEARER = 0.001  # of two places of one word the nearer is taken, and the one that begins a sentence
KEPT = 6  # best alignments that are looked at
DEAREST = BUDGET + 0.1  # a chain that costs as much is given up: that of nearness is not counted


class Path(NamedTuple):
    """A chain of matches, last first: the place in the passage, and the claim's token."""

    place: int
    before: Path | None
    token: int


Ends = dict[int, tuple[float, Path | None]]


class Step(NamedTuple):
    """A chain with the place where it stands, and where the claim's next token would take it.

    ``movable``: the clause that this token opens may change places with the one before; ``bound``: it says what the
    other is done for, by or under.
    """

    path: Path | None
    last: int
    token: int
    at: int
    movable: bool
    bound: bool


def align(claim: Prepared, passage: Prepared) -> tuple[Path, ...]:
    """The cheapest chains through the passage that have every word of the claim."""
    ends: Ends = {-1: (0.0, None)}
    single = bool(claim.tokens) and claim.tokens[0].sentence == claim.tokens[-1].sentence
    for i, token in enumerate(claim.tokens):
        new: Ends = {}
        places = passage.places.get(token.norm, ())
        movable = bool(places and claim.borders[i]) and _may_move(claim, i)
        bound = bool(places and claim.borders[i]) and single and _is_bound(claim, i)
        for place, (cost, path) in ends.items():
            if token.weight == ADVERB and places:
                _keep(new, place, cost, path)  # "carefully" may stand elsewhere in its sentence
            for at in places:
                price = _price(claim, passage, Step(path, place, i, at, movable, bound))
                if cost + price < DEAREST:
                    _keep(new, at, cost + price, Path(at, path, i))
        if not new:
            return ()
        ends = new
    best = sorted(ends.values(), key=lambda end: end[0])[:KEPT]
    return tuple(path for _, path in best if path)


def _keep(ends: Ends, place: int, cost: float, path: Path | None) -> None:
    if place not in ends or cost < ends[place][0]:
        ends[place] = (cost, path)


def _price(claim: Prepared, passage: Prepared, step: Step) -> float:
    """What it costs to go on from the end of a chain to another place of the passage."""
    at, last = step.at, step.last
    target = passage.tokens[at]
    if step.path is None:
        begins = passage.borders[at] >= CLAUSE or target.border
        return NEARER * (passage.borders[at] < SENTENCE) if begins else INSIDE_CLAUSE
    if target.number and not _beside(claim, passage, step):
        return NEVER
    same = target.sentence == passage.tokens[last].sentence
    if same and at > last:
        return _forward(passage, step)
    return _jump(passage, step) if claim.borders[step.token] else NEVER


def _beside(claim: Prepared, passage: Prepared, step: Step) -> bool:
    """A number belongs to its neighbour: only what weighs nothing may stand between."""
    at, last = step.at, step.last
    if at == last + 1:
        return True
    if at < last:
        return False
    between = passage.tokens[last + 1 : at]
    if all(token.weight < WEIGHTY and token.kind != HARD and not token.number for token in between):
        return True
    target = passage.tokens[at]
    return target.border == CLAUSE and bool(target.weight) and claim.borders[step.token] == CLAUSE


def _forward(passage: Prepared, step: Step) -> float:
    """Only what weighs nothing is passed over; a clause that was moved is not in the way either."""
    gap = passage.sums[step.at] - passage.sums[step.last + 1]
    if gap > WEIGHTY:
        gap -= matched(passage, step.path, step.last, step.at)
    return NEARER * (step.at - step.last - 1) if gap < WEIGHTY else NEVER


def _jump(passage: Prepared, step: Step) -> float:
    tokens, last, at = passage.tokens, step.last, step.at
    if at < last and (tokens[at].bracket or tokens[last].bracket):
        return NEVER
    same = tokens[at].sentence == tokens[last].sentence
    opens = last + 1 >= len(tokens) or tokens[last + 1].border
    # "From Settings, …"; of two steps none may be moved
    led = tokens[at].kind == SOFT or tokens[at].norm in CONDITIONS
    if led and passage.borders[at] == SENTENCE and at < last and same and opens:
        return OPENING_MOVED
    if passage.borders[at] < CLAUSE or not _ends_clause(tokens, last):
        return NEVER
    if same:
        return NEXT_CLAUSE if at > last or step.movable else NEVER
    if step.bound:
        return NEVER
    return (
        NEXT_SENTENCE
        if at > last and passage.borders[at] == SENTENCE and _ends_sentence(tokens, last)
        else NEVER
    )


def _may_move(claim: Prepared, at: int) -> bool:
    """Does the clause here, or the one before, begin with a condition or a preposition?

    "To open it, turn the key" and "turn the key to open it" are one; the order of two steps says something.
    """
    if at and claim.tokens[at - 1].kind == SOFT:
        return True
    clause = claim.clauses[at]
    firsts = [
        claim.tokens[bisect_left(claim.clauses, number)]
        for number in (clause, clause - 1)
        if number >= claim.clauses[0]
    ]
    return any(
        token.kind == SOFT or (token.kind == HARD and token.norm in CONDITIONS) for token in firsts
    )


def _is_bound(claim: Prepared, at: int) -> bool:
    """Does the clause here, or what opens the sentence, say what the other is done for, by or under? An "and" ends that."""
    first = at
    while first and claim.tokens[first - 1].kind == SOFT and not claim.tokens[first].joined:
        first -= 1
    if claim.tokens[first].joined or not first:
        return False
    opened = any(
        token.norm in PURPOSES or token.norm in CONDITIONS
        for token in (claim.tokens[first], claim.tokens[0])
    )
    return opened or claim.tokens[first].kind == SOFT


def matched(passage: Prepared, path: Path | None, left: int, right: int) -> float:
    """Weight of the chain's words strictly between two places."""
    total = 0.0
    while path is not None:
        if left < path.place < right:
            total += passage.tokens[path.place].weight
        path = path.before
    return total


def _next(tokens: Sequence[Token], place: int) -> int:
    place += 1
    while (
        place < len(tokens)
        and tokens[place].weight < WEIGHTY
        and tokens[place].kind != HARD
        and tokens[place].border < CLAUSE
    ):
        place += 1
    return place


def _ends_clause(tokens: Sequence[Token], place: int) -> bool:
    after = _next(tokens, place)
    return after >= len(tokens) or tokens[after].border >= CLAUSE


def _ends_sentence(tokens: Sequence[Token], place: int) -> bool:
    after = _next(tokens, place)
    return after >= len(tokens) or tokens[after].sentence != tokens[place].sentence
