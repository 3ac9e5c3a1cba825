"""What kind of answer a question asks for, by how it is put. Pure; English only, others are "other"."""

from __future__ import annotations

import re
from typing import Literal, get_args

from knowledge.search.ranking import asks_figure

QuestionKind = Literal["steps", "figure", "yes or no", "meaning", "other"]
KINDS: tuple[QuestionKind, ...] = get_args(QuestionKind)
_STEPS = re.compile(
    r"\bhow (?:do|does|can|could|should|to|would)\b|\bsteps?\b|\b(?:set|get) .* up\b", re.I
)
_TO_DO = re.compile(r"\b(?:(?:do|should|must|can|shall|could) (?:i|we|you|one)|to do)\b", re.I)
_YES_NO = re.compile(
    r"^\W*(?:is|are|was|does|do|did|can|could|will|would|should|has|have|may|must)\b", re.I
)
_MEANING = re.compile(
    r"^\W*(?:what|which|why|who|where|when)\b|\bwhat(?:'s| is| are| does)\b", re.I
)


def in_one_sentence(question: str) -> bool:
    """Say whether one sentence answers a question: what asks for a figure or a meaning, not what to do."""
    return kind_of(question) in ("figure", "meaning") and not _TO_DO.search(question)


def kind_of(question: str) -> QuestionKind:
    """Return what a question asks for: steps to take, a figure, yes or no, what something is or why, or something else."""
    if asks_figure(question):
        return "figure"
    if _STEPS.search(question):
        return "steps"
    if _YES_NO.search(question):
        return "yes or no"
    return "meaning" if _MEANING.search(question) else "other"
