"""What is measured of an answer when a candidate stands against what is served. Pure.

A wrong number is no half success: "152" for "203" leaves the words alike, so an answer with one scores nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from rapidfuzz.distance import LCSseq

from adapters.datasets.cleaning import leftover
from adapters.datasets.likeness import figures, words

# Trained facts asked in other words; facts nobody trained, to be declined; facts whose passage has changed since, where the
# passage is right; answers whose style was trained.
GateSet = Literal["trained", "unseen", "changed", "style"]
GATE_SETS: tuple[GateSet, ...] = get_args(GateSet)
REPEATED = 4  # times that the same five words may stand in an answer before it counts as a loop


@dataclass(frozen=True, slots=True)
class GateCase:
    """A question and the answer that is wanted, "" where it has to be declined."""

    id: str
    set: GateSet
    question: str
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What an answer is worth: ``score`` from 0 to 1, whether it has a number that is not wanted, was declined, lost its form."""

    case: str
    set: GateSet
    score: float
    number_error: bool = False
    abstained: bool = False
    form_lost: bool = False


def result_of(case: GateCase, said: str, declines: Callable[[str], bool]) -> CaseResult:
    """Measure an answer; ``declines`` says whether a text is a refusal."""
    abstained, lost = declines(said), form_lost(said)
    if not case.wanted:
        wrong = bool(figures(said) - figures(case.question)) and not abstained
        return CaseResult(case.id, case.set, float(abstained and not lost), wrong, abstained, lost)
    strange = figures(said) - figures(case.wanted) - figures(case.question)
    missing = figures(case.wanted) - figures(said) - figures(case.question)
    wrong = bool(strange) and not abstained
    none = abstained or lost or wrong or bool(missing)
    return CaseResult(
        case.id, case.set, 0.0 if none else rouge_l(case.wanted, said), wrong, abstained, lost
    )


def rouge_l(wanted: str, said: str) -> float:
    """The F-measure of the longest common run of words, gaps allowed (ROUGE-L)."""
    ours, theirs = words(wanted), words(said)
    if not ours or not theirs:
        return float(wanted == said)
    return 2 * LCSseq.similarity(ours, theirs) / (len(ours) + len(theirs))


def form_lost(said: str) -> bool:
    """Say whether an answer is none in its form: empty, with leftovers of a template, or in a loop."""
    if not said.strip() or leftover(said):
        return True
    run = words(said)
    fives = Counter(tuple(run[i : i + 5]) for i in range(len(run) - 4))
    return max(fives.values(), default=0) >= REPEATED
