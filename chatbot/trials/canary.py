"""The trial of an adapter: a candidate beside what is served, on questions that either of them would answer, until it shows.

Knows the assistant and the trials; nothing of pages or of how pairs are made.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from adapters.errors import AdapterError, CardError
from adapters.registry import Card, Registry
from chatbot.conversations.types import Arm
from chatbot.curation.approved.same_question import key_of
from chatbot.models.serving import ModelStatus
from chatbot.trials.errors import ServedAlready
from chatbot.trials.statistics import ALARMING, ALPHA, better_evidence
from chatbot.trials.types import ADAPTERS, Ending, PairVote, Rival, Trial

if TYPE_CHECKING:
    from chatbot.assistant import Assistant

log = logging.getLogger(__name__)
BY_ITSELF = "Tandem"  # who ends a trial that ends by itself, in the audit log


@dataclass(frozen=True, slots=True)
class Contradictions:
    """How many questions were answered by both, and in how many the manuals contradict what each wrote; each question counts
    once. ``candidate_alone``: where they contradict the candidate and not the other one."""

    questions: int
    candidate: int
    served: int
    candidate_alone: int
    served_alone: int

    @property
    def sure(self) -> bool:
        """Whether the candidate is contradicted more often, beyond what equal ones would show at any of many looks."""
        return (
            better_evidence(self.candidate_alone, self.served_alone, ALARMING) >= 1 / ALPHA
            and self.candidate_alone > self.served_alone
        )


def begin(assistant: Assistant, name: str, share: int, most: int) -> Trial:
    """Begin the trial of an adapter beside what is served now, if anything; the trial that runs ends.

    ``share``: of a hundred questions asked in Auto that an adapter would answer; ``most``: votes after which it ends.
    Raises ServedAlready, AdapterError (no such card, not on the model server, another model by now), NotKept.
    """
    registry = assistant.models.registry
    card, served = registry.card(name), registry.serving()
    if served is not None and served.name == name:
        raise ServedAlready(f"'{name}' is served already.")
    assistant.models.writer_of(card)
    rivals = (_rival(card), _rival(served))
    title = f"{name} / {served.name}" if served else name
    key = assistant.trials.begin(title, ADAPTERS, share, most=most, rivals=rivals)
    return assistant.trials.one(key)


def settled(assistant: Assistant, trial: Trial | None) -> Trial | None:
    """Return a trial that runs, None for one of adapters that are not what they were: it ends here."""
    if trial is None or trial.rivals is None or trial.ended:
        return trial
    if why := _over(assistant.models.registry, trial.rivals):
        end(assistant, trial, why)
        return None
    return trial


def end(assistant: Assistant, trial: Trial, why: Ending) -> None:
    """End a trial that ends by itself; in that of an adapter the audit log says why."""
    if assistant.trials.end(trial.id, why) and trial.rivals is not None:
        assistant.audit.note(BY_ITSELF, f"adapter.trial.{why}", trial.rivals[0].name)


def asked(assistant: Assistant, trial: Trial, serving: ModelStatus) -> Mapping[Arm, ModelStatus]:
    """Return what each of both asks; nothing while one of them does not run."""
    if trial.rivals is None or serving.state != "up":
        return {}
    candidate, served = trial.rivals
    answering = serving.card.name if serving.adapter and serving.card else ""
    if answering != served.name:
        return {}
    try:
        card = assistant.models.registry.card(candidate.name)
        writer = assistant.models.writer_of(card)
    except AdapterError as error:
        log.warning("the trial of an adapter rests: %s", error)
        return {}
    writer = replace(writer, proved=card.covered_from is not None)
    return {
        "candidate": replace(serving, adapter=writer, card=card, reason=""),
        "served": serving,
    }


def contradictions(votes: Iterable[PairVote]) -> Contradictions:
    """Return how often the manuals contradict either side of the pairs of a trial of adapters, whether voted on or not."""
    seen: set[str] = set()
    found: list[tuple[bool, bool]] = []
    for vote in votes:
        key = key_of(vote.question, vote.product) if vote.question else ""
        if key in seen:
            continue
        seen |= {key} - {""}
        place = vote.arms.index("candidate")
        found.append((vote.wrong[place], vote.wrong[1 - place]))
    return Contradictions(
        len(found),
        sum(mine for mine, _ in found),
        sum(its for _, its in found),
        found.count((True, False)),
        found.count((False, True)),
    )


def end_if_worse(assistant: Assistant, trial: Trial) -> None:
    """End the trial of a candidate that the manuals contradict clearly more often. Raises NotKept."""
    if contradictions(assistant.trials.votes(trial.id)).sure:
        end(assistant, trial, "contradicted")


def _rival(card: Card | None) -> Rival:
    return Rival(card.name, card.digest) if card else Rival()


def _over(registry: Registry, rivals: tuple[Rival, Rival]) -> Ending:
    candidate, served = rivals
    now = registry.serving()
    if now is not None and now.name == candidate.name:
        return "promoted"
    try:
        held = registry.card(candidate.name)
    except CardError:
        return "changed"
    return "" if (_rival(held), _rival(now)) == (candidate, served) else "changed"
