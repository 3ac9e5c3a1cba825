"""The command on blind comparisons: what the votes of each trial say."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from chatbot.trials.results import Contest, Results, results
from chatbot.trials.types import Trial
from ui.cli.session import assistant_for, show
from ui.text.english import say
from ui.trials.words import Shown, shown


def trials(args: argparse.Namespace) -> int:
    assistant = assistant_for(args)
    try:
        found = [
            (trial, results(assistant.trials.votes(trial.id)))
            for trial in assistant.trials.listed()
        ]
    finally:
        assistant.close()
    lines = "\n\n".join(_lines(shown(trial, figures)) for trial, figures in found)
    show(args, {"trials": [_json(*one) for one in found]}, lines or say("trials.none"))
    return 0


def _lines(one: Shown) -> str:
    state = say("trials.state.ended") if one.trial.ended else say("trials.state.running")
    told = [f"{one.trial.name or say('trials.everyday')} [{state}]"]
    for row in one.rows:
        rate, contest = row.contest.rate, row.contest
        counts = (
            f"{rate.wins} : {rate.losses}, {contest.ties} about equal, {contest.neither} neither"
        )
        told.append(f"  {row.verdict}  ({counts})")
    return "\n".join([*told, *(f"  {text}" for text in (one.leader, *one.strengths) if text)])


def _json(trial: Trial, found: Results) -> dict[str, object]:
    return {
        "id": trial.id,
        "name": trial.name,
        "arms": trial.arms,
        "share": trial.share,
        "begun": trial.begun,
        "ended": trial.ended,
        "votes": found.votes,
        "contests": [_contest(one) for one in found.contests],
        "by_product": [{"product": one.of, **_contest(one)} for one in found.by_product],
        "by_kind": [{"kind": one.of, **_contest(one)} for one in found.by_kind],
        "strengths": [asdict(one) for one in found.strengths],
        "leader": found.leader,
        "agreement": found.agreement,
    }


def _contest(one: Contest) -> dict[str, object]:
    return {
        "arms": (one.arm, one.other),
        "wins": (one.rate.wins, one.rate.losses),
        "ties": one.ties,
        "neither": one.neither,
        "same": one.same,
        "without_vote": one.skipped + one.open,
        "rate": round(one.rate.share, 4),
        "low": round(one.rate.low, 4),
        "high": round(one.rate.high, 4),
        "ahead": one.ahead or "",
        "needed": one.needed,
    }
