"""The events of an answer on its way, from its route to its end."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot.conversations.types import Answer, Citation, Quotes, Route
from knowledge.types import Evidence


@dataclass(frozen=True, slots=True)
class Routed:
    """The route is known; ``approved``: it leads to an approved answer."""

    route: Route
    approved: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """The search is done; ``asked`` is the question as it was searched when that differs from what was typed."""

    evidence: tuple[Evidence, ...]
    match: float
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """What the manuals say themselves, to be read until a model's wording comes; no part of the answer's text."""

    quotes: Quotes


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer's text; joined, the tokens are the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class CitationMark:
    """The sentence that just ended cites source ``n``; the answer's text then has " [n]" there."""

    n: int


@dataclass(frozen=True, slots=True)
class CitationAdded:
    """The source behind a mark; it comes once, after the first mark with its number."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class Waiting:
    """The model server is busy; the question is at this place in line, 1 being the next."""

    place: int


@dataclass(frozen=True, slots=True)
class Reset:
    """Forget the tokens so far; the model server failed, and another text follows."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the agent should know, in words."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Always the last: the answer as it was stored."""

    answer: Answer


Event = (
    Routed
    | EvidenceFound
    | Waiting
    | Quoted
    | TextDelta
    | CitationMark
    | CitationAdded
    | Reset
    | Notice
    | Finished
)
