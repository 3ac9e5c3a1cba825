"""Are "and", "or", "because", "can" and "must" where the passage has them? Knows tokens and where they were found.

``of`` is the place in the passage of each token of the claim that was found.
"""

from __future__ import annotations

from chatbot.grounding.entailment.english import PATH
from chatbot.grounding.entailment.tokens import CLAUSE, SENTENCE, Prepared, Token


def other_links(claim: Prepared, passage: Prepared, of: dict[int, int]) -> bool:
    """Does the claim join with another word than the passage, or join what the passage does not?"""
    return any(not _same_link(claim, passage, of, i) for i in of)


def _same_link(claim: Prepared, passage: Prepared, of: dict[int, int], i: int) -> bool:
    ours, place = claim.tokens[i], of[i]
    theirs = passage.tokens[place]
    if ours.link == theirs.link or {ours.link, theirs.link} in ({"and", "then"}, {"", "then"}):
        return True
    if PATH in (ours.link, theirs.link):
        return (
            ours.later and theirs.link == PATH or theirs.later and ours.link == PATH
        )  # "tap A, then B" for "A > B"
    before = of.get(i - 1)
    moved = before is None or passage.tokens[before].sentence != theirs.sentence or before > place
    if not ours.link:
        return (
            moved and theirs.link == "and"
        )  # "Tap Menu and select Wi-Fi", of which only the second step is said
    if theirs.link:
        return False
    if ours.link in ("and", "then") and theirs.border == SENTENCE:
        return moved and not any(
            token.norm == "NOT" for token in claim.tokens[:i]
        )  # two sentences joined: "not A and B" denies B
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
