"""Which road a question takes, and why, in one sentence an agent understands. Pure: facts in, Route out."""

from __future__ import annotations

from chatbot.types import Mode, Route


def route(asked: Mode, match: float, min_match: float) -> Route:
    """The road for a question. ``match`` is the probability that the manuals answer, ``min_match`` its threshold."""
    if asked == "documents":
        return Route("documents", "You chose the documents.")
    if asked != "auto":
        return Route("documents", "No adapter is served, so the manuals answer.")
    if match < min_match:
        return Route("documents", "Nothing in the manuals matches well, and no adapter is served.")
    return Route("documents", "The manuals cover this, and no adapter is served.")
