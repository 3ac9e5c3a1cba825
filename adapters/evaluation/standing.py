"""How an adapter stands to the one that is served, by the verdict on its card. Pure; judges nothing itself."""

from __future__ import annotations

from typing import Literal

from adapters.registry import Card

# It is the served one; nothing is served; the gate let it pass, or not; it was not judged, or beside another than this one.
Standing = Literal["served", "alone", "passed", "held back", "unjudged", "elsewhere"]


def standing(card: Card, served: Card | None) -> Standing:
    """Return how an adapter stands to the served one, which counts as another where its content has changed."""
    if served is None:
        return "alone"
    if served.name == card.name:
        return "served"
    verdict = card.verdict
    if verdict is None:
        return "unjudged"
    if (verdict.against, verdict.digest) != (served.name, served.digest):
        return "elsewhere"
    return "passed" if verdict.passed else "held back"


def why_held_back(card: Card) -> str:
    """Return in one sentence which rules do not hold, "" without a verdict."""
    if card.verdict is None:
        return ""
    rules = "; ".join(
        f"{text[:1].lower()}{text[1:].rstrip('.')}" for text in card.verdict.failed.values()
    )
    return f"'{card.name}' is held back against '{card.verdict.against}', which is served: {rules}."
