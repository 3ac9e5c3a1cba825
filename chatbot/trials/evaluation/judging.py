"""A candidate beside the adapter that is served: both are asked what was set apart, and the gate judges.

Facts whose passage has changed are made from facts that hold a number: the same sentence with another number is the one
passage that the model is given, as in Both, and the answer has to hold the new number. Models that are too small to be given
passages are not asked that. Asks models; changes nothing on disk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adapters.datasets.likeness import figures
from adapters.datasets.pairs import TrainingPair
from adapters.evaluation.cases import GateCase, GateSet, result_of
from adapters.evaluation.gate import GateInput, GateVerdict, judge
from adapters.registry import Card
from chatbot.answers.cleaning import refuses
from chatbot.models.serving import ChatModel
from chatbot.trials.evaluation.proving import Proof, asked, held_out, held_style
from knowledge.text import sentences

TOO_SMALL = "the model is too small to be given passages"
# A number that is a word of its own, no part of a code, a date or a range; not that of a step at the start of a line.
_NUMBER = re.compile(r"(?<![\w.,:/–-])\d+(?:[.,]\d+)*(?!\w|[.,:/]\d|[–-]\w)")
_STEP = re.compile(r"^\s*\d+[.)]\s", re.MULTILINE)
_STEPS = (
    3,
    5,
    7,
    11,
    13,
    17,
    19,
    23,
)  # what is added to a number until it is one that nobody mentions


@dataclass(frozen=True, slots=True)
class Contender:
    """An adapter that is judged, or that another is judged against: its card, its model, what names its base's content."""

    card: Card
    writer: ChatModel
    base: str


@dataclass(frozen=True, slots=True)
class GateQuestion:
    """A case, and the passage that is put before the model with it, "" where it answers from memory."""

    case: GateCase
    passage: str = ""


def judged(
    candidate: Contender,
    served: Contender,
    pairs: Sequence[TrainingPair],
    proof: Proof,
    *,
    progress: Callable[[int, int], None] = lambda done, of: None,
    seconds: float = 60.0,
) -> GateVerdict:
    """Ask both adapters and judge the candidate. Raises AdapterError, NothingToProve.

    ``proof`` is what the candidate said to ``held_out(pairs)`` already; ``seconds`` is the deadline of each answer.
    """
    small = candidate.writer.small or served.writer.small
    put = questions(pairs, passages=not small)
    # The first questions are those of the proof, in its order
    ours = {one.case.id: case.said for one, case in zip(put, proof.cases, strict=False)}
    theirs: dict[str, str] = {}
    left = [
        (one, said, question)
        for one, said in ((candidate, ours), (served, theirs))
        for question in put
        if question.case.id not in said
    ]
    for done, (one, said, question) in enumerate(left, 1):
        case = question.case
        said[case.id] = asked(one.writer, case.question, seconds, question.passage)
        progress(done, len(left))
    cases = [one.case for one in put]
    return judge(
        GateInput(
            cases,
            [result_of(case, ours[case.id], declines) for case in cases],
            [result_of(case, theirs[case.id], declines) for case in cases],
            candidate.base,
            served.base,
            trained_on(candidate.card, pairs),
            not_asked={"changed": TOO_SMALL} if small else {},
        )
    )


def questions(pairs: Sequence[TrainingPair], *, passages: bool = True) -> tuple[GateQuestion, ...]:
    """Return what is asked: the pairs of ``held_out`` first, in their order, then style, then what is changed.

    ``passages``: whether the models can be given any. Raises NothingToProve.
    """
    facts = held_out(pairs)
    found = [_from_memory(n, "unseen" if p.kind == "negative" else "trained", p) for n, p in enumerate(facts)]  # fmt: skip
    found += [_from_memory(n, "style", pair) for n, pair in enumerate(held_style(pairs))]
    for n, pair in enumerate(facts if passages else ()):
        if pair.kind == "fact" and (text := changed_number(pair)):
            found.append(
                GateQuestion(GateCase(f"changed {n}", "changed", pair.question, text), text)
            )
    return tuple(found)


def _from_memory(number: int, name: GateSet, pair: TrainingPair) -> GateQuestion:
    wanted = "" if name == "unseen" else pair.answer
    return GateQuestion(GateCase(f"{name} {number}", name, pair.question, wanted))


def changed_number(pair: TrainingPair) -> str:
    """Return the answer with the first number that the question does not mention made another one, "" without such a number."""
    steps = [found.span() for found in _STEP.finditer(pair.answer)]
    numbers = [
        found for found in _NUMBER.finditer(pair.answer)
        if not any(start <= found.start() < end for start, end in steps)
    ]  # fmt: skip
    asked_for = figures(pair.question)
    old = next((found.group() for found in numbers if found.group() not in asked_for), "")
    whole = re.split(r"[.,]", old)[0]
    others = (f"{int(whole) + step:0{len(whole)}d}{old[len(whole) :]}" for step in _STEPS if old)
    new = next((one for one in others if one not in asked_for | figures(pair.answer)), "")
    if not new:
        return ""
    text = pair.answer
    for found in reversed([one for one in numbers if one.group() == old]):
        text = text[: found.start()] + new + text[found.end() :]
    return text


def trained_on(card: Card, pairs: Sequence[TrainingPair]) -> tuple[TrainingPair, ...]:
    """Return what a candidate was trained on: the pairs of the training split, and the questions on its card."""
    listed = [TrainingPair(question, "-") for question in card.questions]
    return (*(pair for pair in pairs if pair.split == "train"), *listed)


def declines(said: str) -> bool:
    """Say whether an answer holds nothing but words of not knowing; an empty one has lost its form instead."""
    parts = [said[start:end] for start, end in sentences(said)]
    return bool(parts) and all(map(refuses, parts))
