"""Finds where a passage says the same as a claim but for a number, a negation or a word and its opposite. Pure.

That is a contradiction in a manual's own words; anything subtler is not found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from chatbot.grounding.entailment.english import PHRASES, norm, phrase
from chatbot.grounding.entailment.rules import PassageTokens, Reading, holds
from chatbot.grounding.entailment.tokens import CONTENT, NO_BORDER, Prepared, Token, build

MOST = 2  # differences above which two sentences are about two things
FEWEST = 2  # words that two sentences must share


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What the claim says, and what the passage says there; one is "" where only the other has a "not"."""

    said: str
    held: str
    number: bool


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A stretch of the passage's text that says otherwise, and in what."""

    start: int
    end: int
    differences: tuple[Mismatch, ...]


def contradiction(claim: Prepared, passage: PassageTokens) -> Contradiction | None:
    """Where the passage says otherwise, or None. Meant for claims that the passage does not support."""
    hidden, places = passage.masked
    ours_hidden, ours_at = masked(claim)
    reading = holds(ours_hidden, hidden)
    if reading is None:
        return None
    pairs = [
        (claim.tokens[ours_at[i]], passage.plain.tokens[places[place]])
        for i, place in reading.of.items()
    ]
    same = sum(ours.norm == theirs.norm for ours, theirs in pairs)
    other = [
        (ours, theirs)
        for ours, theirs in pairs
        if ours.norm != theirs.norm and alike_norm(ours) == alike_norm(theirs)
    ]
    found = [
        Mismatch(*_said_and_held(claim, ours, passage.plain, theirs), ours.number)
        for ours, theirs in other
    ]
    if _says_both(claim, passage.plain, reading, places, other):
        return None
    found += _negation(claim, passage, reading)
    if not 0 < len(found) <= MOST or same < max(FEWEST, len(found)):
        return None
    return Contradiction(reading.start, reading.end, tuple(found))


def _says_both(
    claim: Prepared,
    passage: Prepared,
    reading: Reading,
    places: tuple[int, ...],
    other: list[tuple[Token, Token]],
) -> bool:
    """Does one of the two say both of a word and its opposite? "Can be turned on and off" is not denied by "off"."""
    sentences = {passage.tokens[places[place]].sentence for place in reading.places}
    held = {token.norm for token in passage.tokens if token.sentence in sentences}
    said = {token.norm for token in claim.tokens}
    return any(
        theirs.norm in said or ours.norm in held for ours, theirs in other if not ours.number
    )


def _negation(claim: Prepared, passage: PassageTokens, reading: Reading) -> list[Mismatch]:
    """The "not" that only one of the two has."""
    plain, places = passage.plain, passage.masked[1]
    touched = {plain.clauses[places[place]] for place in reading.places}
    held = [
        token
        for i, token in enumerate(plain.tokens)
        if token.norm in NEGATIONS and plain.clauses[i] in touched
    ]
    said = [token for token in claim.tokens if token.norm in NEGATIONS]
    if len(held) % 2 == len(said) % 2:
        return []
    return [
        Mismatch(
            _words(claim, said[0]) if said else "", _words(plain, held[0]) if held else "", False
        )
    ]


def _said_and_held(
    claim: Prepared, ours: Token, passage: Prepared, theirs: Token
) -> tuple[str, str]:
    """The words that differ; numbers with what they count, if both count the same: "14 days" and "30 days"."""
    things = _counted(claim, ours), _counted(passage, theirs)
    if things[0] and things[1] and things[0].norm == things[1].norm:
        return claim.text[ours.start : things[0].end], passage.text[theirs.start : things[1].end]
    return _words(claim, ours), _words(passage, theirs)


def _counted(text: Prepared, token: Token) -> Token | None:
    """The plural right behind a number that has no unit of its own."""
    if not token.number or not _words(text, token).isdigit():
        return None
    after = next((other for other in text.tokens if other.start > token.start), None)
    if after is None or after.kind != CONTENT or text.text[token.end : after.start] != " ":
        return None
    return after if _words(text, after).endswith("s") else None


def _words(text: Prepared, token: Token) -> str:
    return text.text[token.start : token.end]


NEGATIONS = frozenset({"NOT", "WITHOUT"})
OPPOSITES = """left|right;open|close;up|down;minimum|maximum;raise|lower;lock|unlock;always|never;above|below;first|last;
horizontal|vertical;clockwise|counterclockwise;connect|disconnect;inside|outside;front|back;top|bottom;hot|cold;wet|dry;
long|short;high|low;more|less;insert|remove;attach|detach;loosen|tighten;internal|external;input|output;true|false;
turn on|turn off;before|after;second|minute|hour|day|week|month"""
_HARD = {"AFTER": "BEFORE", "UNLESS": "IF"}
_NUMBER = re.compile(r"[<>±≤≥=+]*-?\d+(?:[.,]\d+)*(?:~.*)?")


@lru_cache(maxsize=256)
def masked(text: Prepared) -> tuple[Prepared, tuple[int, ...]]:
    """The text without negations, its numbers and opposites made alike; and the index in the text of each token left."""
    kept: list[int] = []
    tokens: list[Token] = []
    border, link = NO_BORDER, ""
    for i, token in enumerate(text.tokens):
        border, link = max(border, token.border), link or token.link
        if token.norm in NEGATIONS:
            continue
        alike = token._replace(norm=alike_norm(token), border=border, link=link, modal="")
        tokens.append(alike._replace(kind=CONTENT, weight=1) if token.norm == "OFF" else alike)
        kept.append(i)
        border, link = NO_BORDER, ""
    return build(text.text, tuple(tokens)), tuple(kept)


def alike_norm(token: Token) -> str:
    """The norm with every number alike, and a word like its opposite."""
    if token.number:
        return _NUMBER.sub("0", token.norm, count=1)
    return _HARD.get(token.norm) or _alike().get(token.norm, token.norm)


@cache
def _alike() -> dict[str, str]:
    """What words that exclude each other are all called, by norm."""
    found = {"OFF": "=on", "on": "=on"}
    for group in OPPOSITES.replace("\n", "").split(";"):
        members = [norm(PHRASES.sub(phrase, word).strip()) for word in group.split("|")]
        found |= dict.fromkeys(members, f"={members[0]}")
    return found
