"""What the page of models says of an adapter on trial: how it stands, what was voted, and what the manuals say of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatbot.trials import canary
from chatbot.trials.results import Contest, results
from chatbot.trials.types import Rival, Trial
from ui.text.english import count, say
from ui.trials.words import shown
from ui.web.html import day

if TYPE_CHECKING:
    from chatbot.assistant import Assistant


@dataclass(frozen=True, slots=True)
class TrialView:
    """The last trial of an adapter in words; ``rests`` says why nobody is asked though it runs, "" otherwise. ``counts`` are
    votes by their name, none while no pair was shown."""

    candidate: str
    trial_runs: bool
    title: str
    state: str
    rests: str
    verdict: str
    needed: str
    counts: tuple[tuple[str, int], ...]
    contradicted: str


def trial_view(assistant: Assistant) -> TrialView | None:
    """Return what is shown of the last trial of an adapter, None where there was none or its candidate is gone."""
    canary.settled(assistant, assistant.trials.running())
    found = next((one for one in assistant.trials.listed() if one.rivals), None)
    if found is None or found.rivals is None:
        return None
    candidate, served = found.rivals
    if candidate.name not in {card.name for card in assistant.models.registry.cards()}:
        return None
    votes = assistant.trials.votes(found.id)
    told = shown(found, results(votes))
    row = told.rows[0] if told.rows else None
    stays = found.ended or canary.asked(assistant, found, assistant.models.status())
    title = (
        say("models.trial", name=candidate.name, served=served.name)
        if served.name
        else say("models.trial.beside", name=candidate.name)
    )
    return TrialView(
        candidate.name, not found.ended, title, _state(found, candidate.name),
        "" if stays else say("models.trial.rests"), row.verdict if row else say("trials.votes.none"), row.needed if row else "",
        _counts(row.contest, candidate, served) if row else (), _contradicted(canary.contradictions(votes), candidate.name),
    )  # fmt: skip


def _state(trial: Trial, name: str) -> str:
    begun = day(trial.begun)
    if not trial.ended:
        most = count("votes", trial.most)
        return say("models.trial.runs", day=begun, share=trial.share, most=most, name=name)
    why = say(f"models.trial.why.{trial.why}" if trial.why else "models.trial.why", name=name)
    return say("models.trial.ended", day=begun, end=day(trial.ended), why=why)


def _counts(contest: Contest, candidate: Rival, served: Rival) -> tuple[tuple[str, int], ...]:
    before = (
        say("models.trial.before", served=served.name)
        if served.name
        else say("models.trial.nothing")
    )
    return (
        (say("models.trial.better", name=candidate.name), contest.rate.wins),
        (before, contest.rate.losses),
        (say("trials.table.tie"), contest.ties),
        (say("trials.table.neither"), contest.neither),
        (say("trials.table.same"), contest.same),
        (say("trials.table.open"), contest.skipped + contest.open),
    )


def _contradicted(found: canary.Contradictions, name: str) -> str:
    return say(
        "models.trial.contradicted",
        questions=count("questions", found.questions), name=name, candidate=found.candidate, served=found.served,
    )  # fmt: skip
