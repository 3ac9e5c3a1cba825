"""Did the words of an aligned claim change their order so that it says something else? Knows tokens and where they were found.

``of`` is the place in the passage of each token of the claim that was found.
"""

from __future__ import annotations

from chatbot.support.lexicon import CONDITIONS
from chatbot.support.tokens import CLAUSE, HARD, PHRASE, SOFT, WEIGHTY, Prepared


def other_order(claim: Prepared, of: dict[int, int]) -> bool:
    """Does the claim say "then" before what the passage says first? "If it is red, then stop" gives no order."""
    for i, token in enumerate(claim.tokens):
        if not token.later or i not in of:
            continue
        before = [j for j in of if claim.clauses[j] == claim.clauses[i] - 1]  # not the purpose that opens the sentence
        conditional = any(other.kind == HARD and other.norm in CONDITIONS for other in claim.tokens[:i] if other.sentence == token.sentence)
        if not conditional and any(of[j] > of[i] for j in before):
            return True
    return False


def jumps_over(passage: Prepared, chain: list[int], places: frozenset[int], sentences: set[int]) -> bool:
    """Do clauses that changed places have more than one word between them that is not said?"""
    tokens = passage.tokens
    if not any(later < place and tokens[place].sentence == tokens[later].sentence for place, later in zip(chain, chain[1:], strict=False)):
        return False
    first, last = min(places), max(places)
    if passage.sums[last] - passage.sums[first] - sum(tokens[place].weight for place in places) <= 1.5:
        return False
    return any(
        tokens[place].weight > WEIGHTY and tokens[place].sentence in sentences and place not in places
        for place in range(first + 1, last)
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
        kept = any(_neighbours(passage, of[i], of[other]) for other in beside) or _governs(claim, passage, i, of)
        if not kept and not (_stands_alone(claim, i, PHRASE) and _stands_alone(passage, of[i], CLAUSE)):
            return True
    return False


def _neighbours(passage: Prepared, one: int, other: int) -> bool:
    left, right = sorted((one, other))
    same = passage.tokens[left].sentence == passage.tokens[right].sentence
    return same and passage.sums[right] - passage.sums[left + 1] < WEIGHTY


def _governs(claim: Prepared, passage: Prepared, at: int, of: dict[int, int]) -> bool:
    """Is a word the "not" of a list whose items changed places? "Do not store or place it" forbids both."""
    if claim.tokens[at].norm != "NOT" or at + 1 not in of:
        return False
    said = set(of.values())
    return all(place in said or passage.tokens[place].weight < WEIGHTY for place in range(of[at] + 1, of[at + 1]))


def trades_prepositions(claim: Prepared, passage: Prepared, of: dict[int, int]) -> bool:
    """Has one word of the claim the preposition that another has in the passage: "from A, B opens", "from B, A opens"?"""
    ours = {i: _preposition(claim, i) for i in of}
    theirs = {i: _preposition(passage, place) for i, place in of.items()}
    gained = {ours[i] for i in of if ours[i] and not theirs[i]}
    lost = {theirs[i] for i in of if theirs[i] and not ours[i]}
    return not gained.isdisjoint(lost)


def _preposition(text: Prepared, at: int) -> str:
    before = text.tokens[at - 1] if at else None
    return before.norm if before and before.kind == SOFT and before.sentence == text.tokens[at].sentence else ""


def _stands_alone(text: Prepared, at: int, border: int) -> bool:
    """Is there a border on both sides of a word?"""
    after = at + 1
    while after < len(text.tokens) and text.tokens[after].kind == SOFT:
        after += 1
    return (at == 0 or text.borders[at] >= border) and (after >= len(text.tokens) or text.borders[after] >= border)
