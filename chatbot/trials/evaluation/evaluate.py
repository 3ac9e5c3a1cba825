"""Runs a case file through search and answers, and reports figures by mode.

Measures only; it changes nothing and keeps nothing.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from chatbot.answers.messages import without_marks
from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Answer, Mode, Question
from chatbot.errors import BadCases, cause
from chatbot.trials.evaluation.batch import aside
from knowledge.types import Evidence

DEPTH = 10
SEPARATOR = " > "


@dataclass(frozen=True, slots=True)
class Case:
    """A question; ``answer`` and ``sections`` may be missing, then the figures that need them leave it out.

    ``nuggets`` are the facts that an answer has to hold; ``refuse``: the manuals do not answer it, and nor should Tandem.
    """

    question: str
    answer: str = ""
    manual: str = ""
    product: str = ""
    sections: tuple[str, ...] = ()
    nuggets: tuple[str, ...] = ()
    refuse: bool = False


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Figures of one mode over all cases; a figure is None when no case had what it needs.

    ``recall`` maps k to the share of cases with a right section among the first k passages; ``mrr`` is the mean
    reciprocal rank; ``states`` the share of sentences by state; ``abstained`` the share of questions not answered.
    """

    mode: Mode
    cases: int
    recall: dict[int, float] | None
    mrr: float | None
    rouge_l: float | None
    bleu: float | None
    numbers: float | None
    states: dict[str, float]
    abstained: float
    seconds_p50: float
    seconds_p95: float


def read_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a JSON-lines file; unknown keys are ignored. Raises BadCases, naming the line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadCases(f"The case file {path} cannot be read: {cause(error)}.") from error
    return cases_in(lines, str(path))


def cases_in(lines: Sequence[str], name: str) -> tuple[Case, ...]:
    """The cases of the lines of a file; see ``read_cases``."""
    cases = tuple(
        _case(line, f"{name}, line {n}") for n, line in enumerate(lines, 1) if line.strip()
    )
    if not cases:
        raise BadCases(f"The case file {name} holds no cases.")
    return cases


def _case(line: str, where: str) -> Case:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadCases(f"{where}: not JSON ({error}).") from error
    if (
        not isinstance(row, dict)
        or not isinstance(row.get("question"), str)
        or not row["question"].strip()
    ):
        raise BadCases(f"{where}: there is no question.")
    sections, nuggets = (_texts(row.get(key) or [], key, where) for key in ("sections", "nuggets"))
    answer, manual, product = (
        str(row[key]) if isinstance(row.get(key), str) else ""
        for key in ("answer", "manual", "product")
    )
    refuse = row.get("refuse") is True
    return Case(row["question"], answer, manual, product, sections, nuggets, refuse)


def _texts(value: object, key: str, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadCases(f"{where}: {key} must be a list of texts.")
    return tuple(value)


def _key(path: str) -> str:
    """A section path for comparing: case, white space and spacing round ">" do not count."""
    return re.sub(r"\s*>\s*", SEPARATOR, " ".join(path.split())).casefold()


def rank(case: Case, evidence: Sequence[Evidence]) -> int:
    """Place (from 1) of the first passage in a right section of the right manual; 0 when there is none."""
    wanted = {_key(section) for section in case.sections}
    for place, found in enumerate(evidence, 1):
        right = not case.manual or found.manual.name.casefold() == case.manual.casefold()
        if right and _key(SEPARATOR.join(found.passage.section)) in wanted:
            return place
    return 0


def rouge_l(answer: str, reference: str) -> float:
    """ROUGE-L F1 (Lin 2004) on lower-case letters and digits, as rouge-score counts it without stemming."""
    from rapidfuzz.distance import LCSseq

    held, wanted = (re.findall(r"[a-z0-9]+", text.lower()) for text in (answer, reference))
    common = LCSseq.similarity(held, wanted)
    return 2 * common / (len(held) + len(wanted)) if common else 0.0


def numbers_exact(answer: str, reference: str) -> float | None:
    """Share of the reference's numbers that stand in the answer; None when it has none."""
    held, wanted = (set(re.findall(r"\d+(?:[.,]\d+)*", text)) for text in (answer, reference))
    return len(wanted & held) / len(wanted) if wanted else None


def evaluate(
    assistant: Assistant,
    cases: Sequence[Case],
    mode: Mode,
    manual: str = "",
    progress: Callable[[int], None] | None = None,
) -> EvaluationReport:
    """Asks every case in one mode. ``manual`` stands for the manual of cases that name none."""
    ranks: list[int] = []
    answers: list[tuple[Case, Answer]] = []
    seconds: list[float] = []
    with aside(assistant):  # approved answers would be measured against themselves
        for done, case in enumerate(cases, 1):
            case = case if case.manual or not manual else replace(case, manual=manual)
            product = product_of(assistant, case)
            if case.sections:
                ranks.append(
                    rank(case, assistant.search.find(case.question, product, DEPTH).evidence)
                )
            begun = time.perf_counter()
            answers.append((case, ask_once(assistant, Question(case.question, mode, product))))
            seconds.append(time.perf_counter() - begun)
            if progress:
                progress(done)
    return _report(mode, ranks, answers, sorted(seconds))


def product_of(assistant: Assistant, case: Case) -> str:
    """The product filter of a case: as given, else that of the manual it names."""
    named = [
        m.product
        for m in assistant.catalog.manuals()
        if m.name.casefold() == case.manual.casefold()
    ]
    return case.product or (named[0] if named else "")


def _report(
    mode: Mode,
    ranks: Sequence[int],
    answers: Sequence[tuple[Case, Answer]],
    seconds: Sequence[float],
) -> EvaluationReport:
    judged = [(case.answer, without_marks(a.text)) for case, a in answers if case.answer]
    numbers = [
        share for wanted, text in judged if (share := numbers_exact(text, wanted)) is not None
    ]
    states = [sentence.state for _, answer in answers for sentence in answer.sentences]
    return EvaluationReport(
        mode,
        len(answers),
        {k: fmean(0 < place <= k for place in ranks) for k in (1, 5, 10)} if ranks else None,
        fmean(1 / place if place else 0.0 for place in ranks) if ranks else None,
        fmean(rouge_l(text, wanted) for wanted, text in judged) if judged else None,
        _bleu(judged) if judged else None,
        fmean(numbers) if numbers else None,
        {state: states.count(state) / len(states) for state in dict.fromkeys(states)},
        fmean(answer.outcome != "answered" for _, answer in answers),
        _percentile(seconds, 0.5),
        _percentile(seconds, 0.95),
    )


def _bleu(judged: Sequence[tuple[str, str]]) -> float:
    """Corpus BLEU-4 from 0 to 100, by sacrebleu with its default tokens and smoothing."""
    import sacrebleu

    return float(
        sacrebleu.corpus_bleu(
            [text for _, text in judged], [[wanted for wanted, _ in judged]]
        ).score
    )


def _percentile(ordered: Sequence[float], share: float) -> float:
    """The value that ``share`` of the sorted values do not exceed (nearest rank)."""
    return ordered[max(0, min(len(ordered) - 1, round(share * len(ordered)) - 1))]
