"""What the votes of a trial say: who wins how often, how sure that is, and what else was said. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from chatbot.conversations.types import Arm, Mode
from chatbot.curation.approved.same_question import key_of
from chatbot.routing.question_kind import KINDS, kind_of
from chatbot.trials.preferences import Preference
from chatbot.trials.statistics import (
    ALPHA,
    Score,
    Strength,
    WinRate,
    agreement,
    leader,
    strengths,
    votes_needed,
    win_rate,
)
from chatbot.trials.types import ARMS, PairVote

PREFERABLE: Mapping[Mode, Arm] = {"documents": "documents", "adapter": "adapter", "both": "both"}


@dataclass(frozen=True, slots=True)
class Contest:
    """One arm against another: how often each was preferred, what else was said, and the win rate of ``arm``.

    ``needed``: how many more decisive votes would decide, None where no number would. ``of`` is the product or the kind of
    question that the votes are on, "" for all together.
    """

    arm: Arm
    other: Arm
    rate: WinRate
    ties: int
    neither: int
    same: int
    skipped: int
    open: int
    needed: int | None
    of: str = ""

    @property
    def votes(self) -> int:
        """All votes, ties and "neither" too."""
        return self.rate.wins + self.rate.losses + self.ties + self.neither

    @property
    def ahead(self) -> Arm | None:
        """The arm that is ahead beyond doubt, None where none is."""
        if not self.rate.decided:
            return None
        return self.arm if self.rate.wins > self.rate.losses else self.other


@dataclass(frozen=True, slots=True)
class Results:
    """The figures of a trial. ``agreement`` is Krippendorff's alpha over questions that several people compared, None where
    there are none; ``supported`` says of each arm how often its sources were judged to support it: (yes, partly, no).
    ``strata``: how many pairs were shown with what answered, in order. ``repeated``: pairs that are not counted, because
    whoever asked had seen the same two answer the same question before.
    """

    contests: tuple[Contest, ...]
    by_product: tuple[Contest, ...]
    by_kind: tuple[Contest, ...]
    strengths: tuple[Strength, ...]
    leader: str
    agreement: float | None
    supported: Mapping[Arm, tuple[int, int, int]]
    reasons: Mapping[str, int]
    strata: tuple[tuple[str, str, int], ...]
    corrected: int
    repeated: int

    @property
    def votes(self) -> int:
        """All votes."""
        return sum(contest.votes for contest in self.contests)


def results(every: Sequence[PairVote]) -> Results:
    """Return what the votes say. Of several contests each is decided at 5 % by their number, so that all together claim a
    difference that is not there in at most 5 % of trials, and so for the contests by product (Bonferroni)."""
    votes = _first_seen(every)
    products = sorted({vote.product for vote in votes} - {""})
    by_product = [
        contest
        for product in products
        for contest in _contests([v for v in votes if v.product == product], product, len(products))
    ]
    asked = {
        kind: [v for v in votes if v.question and kind_of(v.question) == kind] for kind in KINDS
    }
    by_kind = [one for kind, held in asked.items() for one in _contests(held, kind, len(KINDS))]
    scores = [score for vote in votes for score in _score(vote)]
    more = len({arm for score in scores for arm in score[:2]}) > 2
    return Results(
        _contests(votes),
        tuple(by_product),
        tuple(by_kind),
        strengths(scores) if more else (),
        leader(scores) if more else "",
        agreement(_judged(votes)),
        _supported(votes),
        Counter(vote.reason for vote in votes if vote.reason),
        _strata(votes),
        sum(vote.corrected for vote in votes),
        len(every) - len(votes),
    )


def _first_seen(every: Sequence[PairVote]) -> list[PairVote]:
    """Return the pairs without those whose question the same person had seen answered by the same two before."""
    seen: set[tuple[str, str, str, frozenset[Arm]]] = set()
    first = []
    for vote in every:
        question = key_of(vote.question, vote.product)  # without the product's name
        unit = vote.voter, question, vote.product, frozenset(vote.arms)
        if vote.voter and unit in seen:
            continue
        if vote.state:
            seen.add(unit)
        first.append(vote)
    return first


def _contests(votes: Sequence[PairVote], of: str = "", families: int = 1) -> tuple[Contest, ...]:
    """Return each two arms that were shown side by side; ``families``: how many such lists are looked at together."""
    shown = defaultdict[tuple[Arm, Arm], list[PairVote]](list)
    for vote in votes:
        first, second = sorted(vote.arms, key=ARMS.index)
        shown[first, second].append(vote)
    alpha = ALPHA / (len(shown) * families or 1)
    return tuple(
        _contest(arm, other, shown[arm, other], of, alpha)
        for arm, other in combinations(ARMS, 2)
        if (arm, other) in shown
    )


def _contest(arm: Arm, other: Arm, votes: Sequence[PairVote], of: str, alpha: float) -> Contest:
    states = Counter(vote.state for vote in votes)
    winners = Counter(winner for vote in votes if (winner := winner_of(vote)))
    rate = win_rate(winners[arm], winners[other], alpha)
    return Contest(
        arm, other, rate, states["tie"], states["neither"], states["same"], states["skipped"], states[""],
        votes_needed(rate.wins, rate.losses, alpha), of,
    )  # fmt: skip


def winner_of(vote: PairVote) -> Arm | None:
    """Return the arm that was preferred, None where no side was."""
    if vote.state == "a":
        return vote.arms[0]
    return vote.arms[1] if vote.state == "b" else None


def preference_of(found: Results, product: str) -> Preference | None:
    """Return what Auto may prefer for a product: the mode that is surely ahead of each other one compared there, or None.

    Modes alone can be preferred; quotes without a model are not a mode.
    """
    here = [one for one in found.by_product if one.of == product and one.votes]
    sure = {one.ahead for one in here}
    for mode, arm in PREFERABLE.items():
        mine = [one for one in here if arm in (one.arm, one.other)]
        if arm in sure and all(one.ahead == arm for one in mine):
            least = min(mine, key=lambda one: max(one.rate.share, 1 - one.rate.share))
            rate = least.rate
            if least.arm == arm:
                return Preference(product, mode, rate.share, rate.low, rate.high)
            return Preference(product, mode, 1 - rate.share, 1 - rate.high, 1 - rate.low)
    return None


def _score(vote: PairVote) -> Iterable[Score]:
    """Yield the vote as Bradley-Terry takes it; a tie counts half for each, "neither" says nothing of the two."""
    first, second = vote.arms
    if (worth := {"a": 1.0, "b": 0.0, "tie": 0.5}.get(vote.state)) is not None:
        yield first, second, worth


def _judged(votes: Sequence[PairVote]) -> list[dict[str, str]]:
    """Return for each question and two arms who preferred what; of somebody who voted twice, the last."""
    units = defaultdict[tuple[str, str, Arm, Arm], dict[str, str]](dict)
    for vote in votes:
        if vote.state in ("a", "b", "tie", "neither") and vote.voter:
            first, second = sorted(vote.arms, key=ARMS.index)
            unit = key_of(vote.question, vote.product), vote.product, first, second
            units[unit][vote.voter] = winner_of(vote) or vote.state
    return list(units.values())


def _supported(votes: Sequence[PairVote]) -> dict[Arm, tuple[int, int, int]]:
    said = Counter(
        (arm, support)
        for vote in votes
        for arm, support in zip(vote.arms, vote.support, strict=True)
        if support
    )
    arms = [arm for arm in ARMS if any(known == arm for known, _ in said)]
    return {arm: (said[arm, "yes"], said[arm, "partly"], said[arm, "no"]) for arm in arms}


def _strata(votes: Sequence[PairVote]) -> tuple[tuple[str, str, int], ...]:
    """Return (what answered, since when, how many pairs) for each run of pairs with the same models, prompts and manuals."""
    runs: list[tuple[str, str, int]] = []
    for vote in votes:
        if runs and runs[-1][0] == vote.stratum:
            runs[-1] = (*runs[-1][:2], runs[-1][2] + 1)
        else:
            runs.append((vote.stratum, vote.made_at, 1))
    return tuple(runs)
