"""The figures of an evaluation in words and rows. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from chatbot.conversations.types import Arm
from chatbot.trials.evaluation.figures import ArmFigures, CaseFigures, arm_figures
from chatbot.trials.evaluation.runs import EvaluationRun, RunAnswer
from chatbot.trials.statistics import paired_difference
from ui.text.english import say

# What is told of a mode, as parts of a hundred or as numbers.
SHARES = (
    "rouge_l", "bleu", "numbers", "names", "nuggets", "held", "right_section", "recall_5", "mrr", "wrongly", "rightly",
)  # fmt: skip
NUMBERS = ("words", "read", "written", "first", "total", "score")
FEWEST = 10  # cases below which a bootstrap has too little to draw from
STANDS, HOLDS = (
    0.8,
    0.9,
)  # shares of a writer's answers that stand, and of their sentences that hold, from which it serves
COMPARED = ("rouge_l", "nuggets", "numbers", "names")


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure by its name, with a cell for each mode."""

    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case with its answers, one for each mode that is done; ``differs``: they do not all say the same."""

    place: int
    question: str
    wanted: str
    answers: tuple[RunAnswer, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """An evaluation as its page shows it; ``writer`` says whether the model that answers from documents is good enough for it,
    "" where none did or too few answers tell."""

    arms: tuple[Arm, ...]
    rows: tuple[FigureRow, ...]
    differences: tuple[str, ...]
    cases: tuple[CaseRow, ...]
    writer: str = ""


def measured(run: EvaluationRun, answers: Sequence[RunAnswer]) -> Measured:
    """Return the figures of a run, the differences between its modes that are sure, and its cases."""
    by_arm: defaultdict[Arm, list[RunAnswer]] = defaultdict(list)
    by_case: defaultdict[int, list[RunAnswer]] = defaultdict(list)
    for one in answers:
        by_arm[one.arm].append(one)
        by_case[one.place].append(one)
    arms = tuple(arm for arm in run.arms if arm in by_arm)
    figures = [_of(arm, by_arm[arm]) for arm in arms]
    return Measured(
        arms,
        tuple(row for name in ("cases", *SHARES, *NUMBERS) if (row := _row(name, figures))),
        tuple(
            told
            for arm, other in combinations(arms, 2)
            for what in COMPARED
            if (told := _difference(by_arm[arm], by_arm[other], what))
        ),
        tuple(_case(place, by_case[place], arms) for place in sorted(by_case)),
        writer_words([one.figures for one in by_arm.get("documents", ())]),
    )


def writer_words(answers: Sequence[CaseFigures]) -> str:
    """Return whether a model is good enough to answer from these manuals: how many of its answers stood, where the others gave
    way to quotes, and how many of their sentences the manuals hold."""
    asked = [one for one in answers if one.outcome == "answered" and one.read]
    stood = [one for one in asked if one.model]
    if len(asked) < FEWEST:
        return ""
    states = sum((Counter(one.states) for one in stood), Counter[str]())
    held = (states["verified"] + states["supported"]) / states.total() if states else 0.0
    good = len(stood) >= STANDS * len(asked) and held >= HOLDS
    return say(
        "evals.writer.good" if good else "evals.writer.bad",
        model=stood[0].model if stood else say("evals.writer.unnamed"),
        stood=len(stood), all=len(asked), held=f"{100 * held:.0f}",
    )  # fmt: skip


def beside(found: Measured, other: Measured) -> tuple[FigureRow, ...]:
    """Return the figures of two runs in one table: the cells of the other after those of the first, "–" for what it lacks."""
    none = tuple("–" for _ in other.arms)
    theirs = {row.name: row.cells for row in other.rows}
    mine = tuple("–" for _ in found.arms)
    known = {row.name for row in found.rows}
    both = [FigureRow(row.name, row.cells + theirs.get(row.name, none)) for row in found.rows]
    return (
        *both,
        *(FigureRow(row.name, mine + row.cells) for row in other.rows if row.name not in known),
    )


def _of(arm: Arm, answers: Sequence[RunAnswer]) -> ArmFigures:
    scores = [one.score for one in answers if one.score is not None]
    return arm_figures(arm, [one.figures for one in answers], scores)


def _row(name: str, figures: Sequence[ArmFigures]) -> FigureRow | None:
    values = [getattr(one, name) for one in figures]
    if all(value is None for value in values):
        return None
    return FigureRow(say(f"evals.figure.{name}"), tuple(_cell(name, value) for value in values))


def _cell(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    if name == "cases":
        return f"{value:,}"
    if name in SHARES:
        return f"{100 * value:.0f}"
    return f"{value:,.0f}" if name in ("words", "read", "written") else f"{value:.2f}"


def _difference(first: Sequence[RunAnswer], second: Sequence[RunAnswer], what: str) -> str:
    """Return which of two modes is better in a figure and by how much, "" where that is not sure."""
    there = {one.place: getattr(one.figures, what) for one in second}
    pairs = [
        (mine, theirs)
        for one in first
        if (mine := getattr(one.figures, what)) is not None
        and (theirs := there.get(one.place)) is not None
    ]
    found = paired_difference(pairs)
    if found is None or not found.sure or found.pairs < FEWEST:
        return ""
    arm, other, values = first[0].arm, second[0].arm, (found.mean, found.low, found.high)
    if found.mean < 0:
        arm, other, values = other, arm, (-found.mean, -found.high, -found.low)
    mean, low, high = (f"{100 * value:.0f}" for value in values)
    return say(
        "evals.difference",
        arm=say(f"arm.{arm}"), other=say(f"arm.{other}"), what=say(f"evals.figure.{what}"),
        mean=mean, low=low, high=high, n=found.pairs,
    )  # fmt: skip


def _case(place: int, answers: Sequence[RunAnswer], arms: Sequence[Arm]) -> CaseRow:
    ordered = tuple(sorted(answers, key=lambda one: arms.index(one.arm)))
    first = ordered[0].figures
    wanted = say("evals.wanted", text=first.reference) if first.reference else ""
    texts = {" ".join(one.figures.text.split()) for one in ordered}
    return CaseRow(
        place,
        first.question,
        say("evals.refuse") if first.refuse else wanted,
        ordered,
        len(texts) > 1,
    )
