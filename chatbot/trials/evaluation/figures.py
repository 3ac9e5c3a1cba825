"""What is measured of one answer to one case, and of a mode over all cases. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from chatbot.answers.messages import without_marks
from chatbot.conversations.types import Answer, Arm
from chatbot.trials.evaluation.evaluate import Case, numbers_exact, rouge_l
from knowledge.text import content_words, sentences, stems

HELD = 0.75  # of the content words of a nugget, from which an answer holds it
# A code or a name on a screen: letters with a digit, capitals alone, or a word with a capital that begins no sentence.
_NAME = re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]+\b|\b[A-Z]{2,}\b|(?<=[a-z,] )[A-Z]\w+")


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """One answer to one case. Figures from 0 to 1, None where the case has not what they need; seconds of wall time.

    ``rank`` is the place of the first passage of a right section, 0 for none, None where no section is named. ``read`` and
    ``written`` are the model's tokens, None where none took part or its server does not count.
    """

    question: str
    reference: str
    text: str
    outcome: str
    refuse: bool
    rouge_l: float | None
    bleu: float | None
    numbers: float | None
    names: float | None
    nuggets: float | None
    rank: int | None
    states: Mapping[str, int]
    model: str
    words: int
    first: float | None
    total: float
    read: int | None = None
    written: int | None = None


@dataclass(frozen=True, slots=True)
class ArmFigures:
    """A mode over all cases that were run: means of what could be measured, None where nothing could.

    ``held`` is the share of judged sentences that a manual holds; ``wrongly`` and ``rightly``: shares of questions refused
    that have an answer, and that have none; ``score`` the mean of what people gave, 0 to 2.
    """

    arm: Arm
    cases: int
    rouge_l: float | None
    bleu: float | None
    numbers: float | None
    names: float | None
    nuggets: float | None
    held: float | None
    right_section: float | None
    recall_5: float | None
    mrr: float | None
    wrongly: float | None
    rightly: float | None
    words: float
    read: float | None
    written: float | None
    first: float | None
    total: float
    score: float | None


def figures_of(case: Case, answer: Answer, rank: int | None) -> CaseFigures:
    """Return what is measured of an answer; ``rank`` is that of the search."""
    answered = answer.outcome == "answered"
    text = without_marks(answer.text) if answered else ""
    told = without_marks(answer.text)
    judged = bool(case.answer)
    read, written = answer.tokens or (0, 0)
    return CaseFigures(
        case.question,
        case.answer,
        told,
        answer.outcome,
        case.refuse,
        rouge_l(text, case.answer) if judged else None,
        sentence_bleu(text, case.answer) if judged else None,
        numbers_exact(text, case.answer) if judged else None,
        names_exact(text, case.answer) if judged else None,
        nuggets_held(text, case.nuggets or _facts(case.answer)),
        rank,
        dict(Counter(part.state for part in answer.sentences if part.state != "none")),
        answer.model,
        len(text.split()),
        answer.seconds.get("first"),
        answer.seconds.get("total", 0.0),
        read or None,
        written or None,
    )


def _facts(reference: str) -> tuple[str, ...]:
    """Return the sentences of a reference answer, each as a fact that an answer has to hold."""
    return tuple(reference[start:end] for start, end in sentences(reference))


def sentence_bleu(text: str, reference: str) -> float:
    """BLEU-4 of one answer from 0 to 1, by sacrebleu with its default smoothing (exponential)."""
    import sacrebleu

    score = sacrebleu.sentence_bleu(text, [reference], use_effective_order=True).score
    return float(score) / 100


def names_exact(text: str, reference: str) -> float | None:
    """Share of the reference's codes and names that stand in the answer as they are written; None when it has none."""
    wanted = set(_NAME.findall(reference))
    return sum(name in text for name in wanted) / len(wanted) if wanted else None


def nuggets_held(text: str, nuggets: Sequence[str]) -> float | None:
    """Share of the facts that an answer has to hold and holds; None without any.

    A fact counts as held when ``HELD`` of its content words stand in the answer, stemmed: a lower bound of what a person
    would find (nugget recall: E. Voorhees, "Overview of the TREC 2003 question answering track").
    """
    said = set(stems(text))
    wanted = [set(stems(" ".join(content_words(nugget)))) for nugget in nuggets]
    facts = [words for words in wanted if words]
    if not facts:
        return None
    return fmean(len(words & said) >= HELD * len(words) for words in facts)


def arm_figures(arm: Arm, found: Sequence[CaseFigures], scores: Sequence[int] = ()) -> ArmFigures:
    """Return the means of a mode; ``scores`` are those that people gave. Raises ValueError without any case."""
    if not found:
        raise ValueError("A mode without answers has no figures.")
    states = sum((Counter(one.states) for one in found), Counter[str]())
    ranked = [one.rank for one in found if one.rank is not None]

    def refused(which: bool) -> float | None:
        return _mean([float(one.outcome != "answered") for one in found if one.refuse == which])

    def mean(of: Callable[[CaseFigures], float | None]) -> float | None:
        return _mean([value for one in found if (value := of(one)) is not None])

    return ArmFigures(
        arm,
        len(found),
        mean(lambda one: one.rouge_l),
        mean(lambda one: one.bleu),
        mean(lambda one: one.numbers),
        mean(lambda one: one.names),
        mean(lambda one: one.nuggets),
        (states["verified"] + states["supported"]) / states.total() if states else None,
        _mean([float(rank == 1) for rank in ranked]),
        _mean([float(0 < rank <= 5) for rank in ranked]),
        _mean([1 / rank if rank else 0.0 for rank in ranked]),
        refused(False),
        refused(True),
        fmean(one.words for one in found),
        mean(lambda one: one.read),
        mean(lambda one: one.written),
        mean(lambda one: one.first),
        fmean(one.total for one in found),
        _mean([float(score) for score in scores]),
    )


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None
