"""What the figures of a trial mean, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot.trials.preferences import Preference
from chatbot.trials.results import Contest, Results, preference_of
from chatbot.trials.statistics import Strength
from chatbot.trials.types import Trial
from ui.text.english import say
from ui.web.html import day

ENOUGH = 10  # votes for one side or the other from which on it is said how many more would decide


@dataclass(frozen=True, slots=True)
class ContestRow:
    """A contest as a row of a table: the names of both, and the cells."""

    contest: Contest
    name: str
    verdict: str
    rate: str
    needed: str
    of: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A trial with its figures in words; ``leader`` is "" where only two are compared; ``preferable``: each
    product with what Auto may prefer for it, in words."""

    trial: Trial
    found: Results
    rows: tuple[ContestRow, ...]
    by_product: tuple[ContestRow, ...]
    by_kind: tuple[ContestRow, ...]
    strengths: tuple[str, ...]
    leader: str
    supported: tuple[str, ...]
    reasons: str
    agreement: str
    preferable: tuple[tuple[str, str], ...]


def shown(trial: Trial, found: Results) -> Shown:
    """Return a trial with its figures in words."""
    leader = ""
    if found.strengths:
        arm = found.leader
        leader = say("trials.leader", arm=say(f"arm.{arm}")) if arm else say("trials.leader.none")
    supported = (
        say("trials.supported.row", arm=say(f"arm.{arm}"), yes=yes, partly=partly, no=no)
        for arm, (yes, partly, no) in found.supported.items()
    )
    reasons = ", ".join(
        f"{say(f'pair.reason.{reason}')} {n}" for reason, n in sorted(found.reasons.items())
    )
    alpha = found.agreement
    return Shown(
        trial,
        found,
        tuple(map(_row, found.contests)),
        tuple(map(_row, found.by_product)),
        tuple(_row(one, say(f"trials.kind.{one.of}")) for one in found.by_kind),
        tuple(map(_strength, found.strengths)),
        leader,
        tuple(supported),
        say("trials.reasons", reasons=reasons) if reasons else "",
        "" if alpha is None else say("trials.agreement", alpha=f"{alpha:.2f}"),
        tuple(
            (product, say("trials.prefer", mode=say(f"mode.{made.mode}"), product=product))
            for product in sorted({contest.of for contest in found.by_product})
            if (made := preference_of(found, product))
        ),
    )


def preference_words(one: Preference) -> tuple[str, str]:
    """Return a product, and in words what Auto prefers for it and why."""
    return one.product, say(
        "trials.preferred",
        mode=say(f"mode.{one.mode}"), product=one.product, share=_percent(one.share), low=_percent(one.low),
        high=_percent(one.high), day=day(one.since),
    )  # fmt: skip


def _row(contest: Contest, of: str = "") -> ContestRow:
    arm, other = say(f"arm.{contest.arm}"), say(f"arm.{contest.other}")
    return ContestRow(
        contest,
        say("trials.versus", arm=arm, other=other),
        verdict(contest),
        _rate(contest.rate.share, contest.rate.low, contest.rate.high),
        _needed(contest),
        of or contest.of,
    )


def verdict(contest: Contest) -> str:
    """Return who is ahead, with the win rate and its bounds, or that no difference shows yet."""
    arm, other, rate = contest.arm, contest.other, contest.rate
    if contest.ahead is None:
        return say("trials.verdict.none", arm=say(f"arm.{arm}"), other=say(f"arm.{other}"))
    share, low, high = rate.share, rate.low, rate.high
    if contest.ahead == other:
        arm, other, share, low, high = other, arm, 1 - share, 1 - high, 1 - low
    return say(
        "trials.verdict.ahead",
        arm=say(f"arm.{arm}"), other=say(f"arm.{other}"), share=_percent(share), low=_percent(low), high=_percent(high),
    )  # fmt: skip


def _rate(share: float, low: float, high: float) -> str:
    return f"{_percent(share)} % ({_percent(low)} – {_percent(high)})"


def _needed(contest: Contest) -> str:
    if contest.ahead or contest.rate.wins + contest.rate.losses < ENOUGH:
        return ""
    if contest.needed is None:
        return say("trials.needed.never")
    return say("trials.needed", n=f"{contest.needed:,}")


def _strength(one: Strength) -> str:
    return say(
        "trials.strength",
        arm=say(f"arm.{one.arm}"), share=_percent(one.chance), low=_percent(one.low), high=_percent(one.high),
    )  # fmt: skip


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"
