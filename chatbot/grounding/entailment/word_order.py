"""Did the words of an aligned claim change their order so that it says something else? Knows tokens and where they were found.

``of`` is the place in the passage of each token of the claim that was found.
"""

from __future__ import annotations

from chatbot.grounding.entailment.tokens import CLAUSE, PHRASE, SOFT, WEIGHTY, Prepared


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
