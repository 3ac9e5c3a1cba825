"""What Tandem itself says in an answer, and the marks it sets. Words only."""

from __future__ import annotations

import re

UNANSWERED = "The manuals do not answer this."
WHICH_PRODUCT = (
    "Several products answer this, and not in the same words. Which product is it about?"
)
NOTHING_TO_CHECK = "There are no manuals yet, so there is nothing to check against."
NO_MANUALS = "There are no manuals yet, so there is nothing to answer from."
NO_SOURCE = "No source in the manuals: this answer comes from what the adapter has learnt."
NO_ANSWER = "The model gave no answer."
NOT_HELD = "What the model wrote does not stand in the manuals."
LITTLE_HELD = "Too little of what the model wrote stands in the manuals."
DIFFERS = "What the model wrote has other figures than the manuals."
CUT = "The model's answer reached its length limit and is cut off here."
NOT_KEPT = "This answer is not kept: {reason}."
QUOTES = "This answer quotes the manuals instead."
MARK = re.compile(r" ?\[\d+\]")


def without_marks(text: str) -> str:
    """An answer's text without the marks of its citations."""
    return MARK.sub("", text)
