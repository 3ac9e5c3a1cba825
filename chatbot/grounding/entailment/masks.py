"""Makes numbers, negations and opposites alike, so that two sentences can be seen to be about the same thing. Pure."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from chatbot.grounding.entailment.english import PHRASES, norm, phrase
from chatbot.grounding.entailment.tokens import CONTENT, NO_BORDER, Prepared, Token, build

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
