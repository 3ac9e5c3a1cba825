"""Aligns a claim with a passage: which words of the passage, in which order, would have to be read to say the claim.

A small dynamic programme over the places of equal words; each kind of jump has its price. Knows tokens only.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chatbot.support.lexicon import CONDITIONS
from chatbot.support.tokens import (
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
SKIP_SOFT = 0.2  # a preposition of the claim that is another one in the passage
INSIDE_CLAUSE = 0.4  # the claim begins in the middle of a clause
NEXT_CLAUSE, NEXT_SENTENCE = 0.25, 0.3  # from the end of one to the start of another
ITEMS_LEFT_OUT = 0.3
WORD_LEFT_OUT = 0.5
VERB_BEHIND = 0.3  # "Start X" said as "X starts"
ITEMS_REORDERED = 0.3
OPENING_MOVED = 0.4  # the phrase that opens a sentence said at its end
FARTHEST = 16  # tokens of list items that may be left out
KEPT = 6  # best alignments that are looked at
DEAREST = BUDGET + 1e-9  # a chain that costs as much is given up: sums of prices are not exact


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


@dataclass(frozen=True, slots=True)
class Aligned:
    """The best chains with their costs; ``broke`` is the claim's token at which every chain ended, or -1.

    ``ends`` holds, before each token, the place where each chain ended, with its cost: a claim that begins with the
    same tokens can go on from there.
    """

    chains: tuple[tuple[float, Path | None], ...]
    broke: int
    ends: tuple[Ends, ...]


def align(claim: Prepared, passage: Prepared, slack: bool = True, begun: Sequence[Ends] = (), limit: float = DEAREST) -> Aligned:
    """The cheapest chains through the passage. Without ``slack`` no word may be left out or moved.

    ``begun`` are the ``ends`` of a claim with the same first tokens; a chain that costs ``limit`` or more is given up.
    """
    past: list[Ends] = list(begun) or [{-1: (0.0, None)}]
    single = bool(claim.tokens) and claim.tokens[0].sentence == claim.tokens[-1].sentence
    for i in range(len(past) - 1, len(claim.tokens)):
        new: Ends = {}
        token = claim.tokens[i]
        skips, places = skippable(token, passage), passage.places.get(token.norm, ())
        movable = bool(places and claim.borders[i]) and _may_move(claim, i)
        bound = bool(places and claim.borders[i]) and single and _is_bound(claim, i)
        for place, (cost, path) in past[-1].items():
            if skips:
                _keep(new, place, cost + SKIP_SOFT, path)
            for at in places:
                if path is not None and slack and _verb_before(passage, path, place, at):
                    _keep(new, place, cost + VERB_BEHIND, Path(at, path, i))
                    continue
                price = _price(claim, passage, Step(path, place, i, at, movable, bound), slack)
                if cost + price < limit:
                    _keep(new, at, cost + price, Path(at, path, i))
        if not new:
            return Aligned((), i, tuple(past))
        past.append(new)
    return Aligned(tuple(sorted(past[-1].values(), key=lambda end: end[0])[:KEPT]), -1, tuple(past))


def _keep(ends: Ends, place: int, cost: float, path: Path | None) -> None:
    if place not in ends or cost < ends[place][0]:
        ends[place] = (cost, path)


def skippable(token: Token, passage: Prepared) -> bool:
    """May a claim have this token although the chain does not touch it?"""
    return token.kind == SOFT or (token.weight == ADVERB and token.norm in passage.places)


def _price(claim: Prepared, passage: Prepared, step: Step, slack: bool) -> float:
    """What it costs to go on from the end of a chain to another place of the passage."""
    at, last = step.at, step.last
    target = passage.tokens[at]
    if step.path is None:
        begins = passage.borders[at] >= CLAUSE or target.border
        return 0.0 if begins else INSIDE_CLAUSE if slack else NEVER
    if passage.tokens[at].number and not _beside(claim, passage, step):
        return NEVER
    same = target.sentence == passage.tokens[last].sentence
    if same and at > last:
        return _forward(passage, step, slack)
    return _jump(passage, step, slack) if claim.borders[step.token] else NEVER


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


def _forward(passage: Prepared, step: Step, slack: bool) -> float:
    at, last = step.at, step.last
    gap = passage.sums[at] - passage.sums[last + 1]
    if gap > WEIGHTY and slack:
        gap -= matched(passage, step.path, last, at)
    if gap < WEIGHTY:
        return 0.0
    if gap >= 100:
        return NEVER
    if CLAUSE in (passage.tokens[last + 1].border, passage.tokens[at].border):
        return ITEMS_LEFT_OUT if at - last < FARTHEST else NEVER
    numbers = passage.tokens[at].number or passage.tokens[last].number
    return WORD_LEFT_OUT if slack and gap < 1.5 and not numbers else NEVER


def _verb_before(passage: Prepared, path: Path, last: int, at: int) -> bool:
    """Is the place a known verb that opens its clause, with nothing but matched words between it and the chain's end?

    The chain stays where it is then: "Start the pump" is said as "the pump starts".
    """
    target = passage.tokens[at]
    if at >= last or target.sentence != passage.tokens[last].sentence or passage.borders[at] < CLAUSE or target.norm[0] != "S":
        return False
    between = passage.sums[last + 1] - passage.sums[at + 1]
    return abs(between - matched(passage, path, at, last + 1)) < WEIGHTY


def _jump(passage: Prepared, step: Step, slack: bool) -> float:
    tokens, last, at = passage.tokens, step.last, step.at
    same = tokens[at].sentence == tokens[last].sentence
    ends_item = at + 1 < len(tokens) and tokens[at + 1].border == CLAUSE and bool(tokens[at].weight)
    if same and tokens[last].border and ends_item and not passage.tokens[at].number:
        return ITEMS_REORDERED
    opens = last + 1 < len(tokens) and tokens[last + 1].border
    if slack and passage.borders[at] == SENTENCE and at < last and same and opens:
        return OPENING_MOVED
    if passage.borders[at] < CLAUSE or not _ends_clause(tokens, last):
        return NEVER
    if same:
        return NEXT_CLAUSE if at > last or step.movable else NEVER
    if step.bound:
        return NEVER
    return NEXT_SENTENCE if passage.borders[at] == SENTENCE and _ends_sentence(tokens, last) else NEVER


def _may_move(claim: Prepared, at: int) -> bool:
    """Does the clause here, or the one before, begin with a condition or a preposition?

    "To open it, turn the key" and "turn the key to open it" are one; the order of two steps says something.
    """
    if at and claim.tokens[at - 1].kind == SOFT:
        return True
    clause = claim.clauses[at]
    firsts = [claim.tokens[bisect_left(claim.clauses, number)] for number in (clause, clause - 1) if number >= claim.clauses[0]]
    return any(token.kind == SOFT or (token.kind == HARD and token.norm in CONDITIONS) for token in firsts)


def _is_bound(claim: Prepared, at: int) -> bool:
    """Does the clause here, or what opens the sentence, say what the other is done for, by or under? An "and" ends that."""
    first = at
    while first and claim.tokens[first - 1].kind == SOFT and not claim.tokens[first].joined:
        first -= 1
    if claim.tokens[first].joined or not first:
        return False
    opened = any(token.norm in PURPOSES or token.norm in CONDITIONS for token in (claim.tokens[first], claim.tokens[0]))
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
    while place < len(tokens) and tokens[place].weight < WEIGHTY and tokens[place].kind != HARD and tokens[place].border < CLAUSE:
        place += 1
    return place


def _ends_clause(tokens: Sequence[Token], place: int) -> bool:
    after = _next(tokens, place)
    return after >= len(tokens) or tokens[after].border >= CLAUSE


def _ends_sentence(tokens: Sequence[Token], place: int) -> bool:
    after = _next(tokens, place)
    return after >= len(tokens) or tokens[after].sentence != tokens[place].sentence
