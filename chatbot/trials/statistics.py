"""What votes say, as honest figures: they stay valid however often one looks, and never name a winner without reason.

Pure. A vote is decisive when it prefers one side; ties are counted beside it and never change a win rate. Everything for
"however often one looks" rests on Ville's inequality: a product of bets that is fair under a hypothesis exceeds 1/α with
probability at most α, at any time (J. Ville, 1939; A. Ramdas et al., "Game-theoretic statistics and safe anytime-valid
inference", Statistical Science 38(4), 2023).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

ALPHA = 0.05  # how often, at most, a difference is claimed where there is none
# Beta(a, a) over win rates: what is bet on before any vote. 10 puts most of it on 29 to 71 %: differences that matter and do
# not show by themselves. Chosen by tests/bench/bench_statistics.py; any value is valid, another one only needs more votes.
PRIOR = 10.0
BETS = (0.57, 0.6)  # win rates bet on where only "better" counts; chosen by the same bench
ALARMING = (
    0.75,
    0.9,
)  # shares bet on where a large difference has to be seen soon: six of six are enough
MOST = 100_000  # votes beyond which "how many more" is not worth an answer
ROUNDS = 500  # of the bootstrap


@dataclass(frozen=True, slots=True)
class WinRate:
    """How often one side wins of the decisive votes: the share, and the bounds that hold at every look (0 to 1).

    ``evidence`` is the e-value against "both win equally often": at least ``1 / alpha`` makes a difference.
    """

    wins: int
    losses: int
    low: float
    high: float
    evidence: float
    alpha: float = ALPHA

    @property
    def share(self) -> float:
        """Wins of all decisive votes; .5 without any."""
        decisive = self.wins + self.losses
        return self.wins / decisive if decisive else 0.5

    @property
    def decided(self) -> bool:
        """Whether one side is ahead beyond what equal sides would show at any of many looks."""
        return self.evidence >= 1 / self.alpha


def log_evidence(wins: int, losses: int, share: float = 0.5, prior: float = PRIOR) -> float:
    """Return the logarithm of the e-value against a win rate of exactly ``share``, by the beta mixture of likelihood ratios.

    B(a + wins, a + losses) / B(a, a) / (share^wins (1 - share)^losses), a martingale under ``share`` (H. Robbins,
    "Statistical methods related to the law of the iterated logarithm", Ann. Math. Stat. 41(5), 1970). ``share`` lies
    between 0 and 1, both excluded. Raises ValueError for negative counts.
    """
    if wins < 0 or losses < 0:
        raise ValueError("Votes cannot be fewer than none.")
    mixture = _log_beta(prior + wins, prior + losses) - _log_beta(prior, prior)
    return mixture - wins * math.log(share) - losses * math.log1p(-share)


def win_rate(wins: int, losses: int, alpha: float = ALPHA) -> WinRate:
    """Return the win rate with its confidence sequence: all shares that the votes do not refute at ``alpha``, at any look.

    The bounds are the two roots of ``log_evidence`` = log(1 / alpha), which is convex in the share (S. Howard et al.,
    "Time-uniform, nonparametric, nonasymptotic confidence sequences", Ann. Stat. 49(2), 2021, of which this is the exact
    case for votes). Raises ValueError for negative counts.
    """
    most = math.log(1 / alpha)
    best = min(max(wins / (wins + losses), 1e-9), 1 - 1e-9) if wins + losses else 0.5
    low = _root(wins, losses, most, inside=best, outside=1e-12) if wins else 0.0
    high = _root(wins, losses, most, inside=best, outside=1 - 1e-12) if losses else 1.0
    return WinRate(wins, losses, low, high, math.exp(min(log_evidence(wins, losses), 700)), alpha)


def better_evidence(wins: int, losses: int, bets: Sequence[float] = BETS) -> float:
    """Return the e-value against "wins at most half": large only where it wins more, whatever its rate was below .5.

    The mean over ``bets`` of the likelihood ratios against one half; each is at most fair under any rate up to .5.
    """
    logs = [wins * math.log(2 * bet) + losses * math.log(2 * (1 - bet)) for bet in bets]
    top = max(logs)
    return math.exp(min(top + math.log(sum(math.exp(one - top) for one in logs) / len(logs)), 700))


def votes_needed(wins: int, losses: int, alpha: float = ALPHA) -> int | None:
    """Return how many more decisive votes would decide, were they to fall as those so far; 0 when they have decided.

    None where none would within ``MOST`` (a win rate of about one half), or without any vote.
    """
    counted = wins + losses
    if not counted:
        return None
    share, needed = wins / counted, math.log(1 / alpha)

    def decides(more: int) -> bool:
        more_wins = round(share * (counted + more))
        return log_evidence(more_wins, counted + more - more_wins) >= needed

    if win_rate(wins, losses, alpha).decided:
        return 0
    reach = 1
    while not decides(reach):
        reach *= 2
        if reach > MOST:
            return None
    below, above = reach // 2, reach
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (below, middle) if decides(middle) else (middle, above)
    return above


def chance_of_fewer(before: tuple[int, int], now: tuple[int, int]) -> float:
    """Return how likely so few good ones now are, were their share as before: Fisher's exact test, one-sided (0 to 1).

    Both are (good, bad). The sum of the hypergeometric probabilities of as few or fewer good ones now, both sums given
    (R. A. Fisher, "The logic of inductive inference", J. Royal Stat. Soc. 98, 1935).
    """
    good, drawn = before[0] + now[0], sum(now)
    bad = before[1] + now[1]
    ways = math.comb(good + bad, drawn)
    least = max(0, drawn - bad)
    few = sum(math.comb(good, n) * math.comb(bad, drawn - n) for n in range(least, now[0] + 1))
    return few / ways


@dataclass(frozen=True, slots=True)
class Strength:
    """An arm's Bradley-Terry strength as its chance (0 to 1) to win against the mean arm, with 95 % of the bootstrap."""

    arm: str
    chance: float
    low: float
    high: float


Score = tuple[
    str, str, float
]  # (arm, other arm, 1 where the first won, 0 where the second, .5 for a tie)


def bradley_terry(scores: Sequence[Score], rounds: int = 1000) -> dict[str, float]:
    """Return each arm's strength as a logarithm, their mean 0.

    R. Bradley and M. Terry, "Rank analysis of incomplete block designs", Biometrika 39, 1952; fitted by D. Hunter's MM
    steps, "MM algorithms for generalized Bradley-Terry models", Ann. Stat. 32(1), 2004. A tie counts half for each. To
    each pair of arms half a win for either side is added, so that one without a defeat has a finite strength.
    """
    arms = sorted({arm for one in scores for arm in one[:2]})
    place = {arm: i for i, arm in enumerate(arms)}
    won = np.full((len(arms), len(arms)), 0.5)
    np.fill_diagonal(won, 0.0)
    for arm, other, score in scores:
        won[place[arm], place[other]] += score
        won[place[other], place[arm]] += 1 - score
    return dict(zip(arms, _fitted(won, rounds), strict=True))


def strengths(scores: Sequence[Score], seed: int = 0, rounds: int = ROUNDS) -> tuple[Strength, ...]:
    """Return the arms, the strongest first, each with the 2.5 and 97.5 percentiles of a bootstrap over votes.

    B. Efron, "Bootstrap methods: another look at the jackknife", Ann. Stat. 7(1), 1979. The same votes give the same
    figures. These bounds hold for one look; who is ahead is decided by ``leader``.
    """
    if not scores:
        return ()
    point = bradley_terry(scores)
    draw = np.random.default_rng(seed)
    drawn: dict[str, list[float]] = {arm: [] for arm in point}
    for _ in range(rounds):
        sample = [scores[i] for i in draw.integers(0, len(scores), len(scores))]
        fitted = bradley_terry(sample, 100)
        for arm, values in drawn.items():
            values.append(fitted.get(arm, 0.0))
    made = []
    for arm, strength in point.items():
        low, high = np.percentile(drawn[arm], (2.5, 97.5))
        made.append(Strength(arm, _chance(strength), _chance(float(low)), _chance(float(high))))
    return tuple(sorted(made, key=lambda one: -one.chance))


def leader(scores: Sequence[Score], alpha: float = ALPHA) -> str:
    """Return the arm that wins more than half of its decisive votes against all others together, or "" where none is sure.

    Each arm is tested at ``alpha`` by the number of arms (Bonferroni), at any look.
    """
    wins, losses = Counter[str](), Counter[str]()
    for arm, other, score in scores:
        if score != 0.5:
            first, second = (arm, other) if score > 0.5 else (other, arm)
            wins[first] += 1
            losses[second] += 1
    arms = {*wins, *losses}
    sure = [arm for arm in arms if better_evidence(wins[arm], losses[arm]) >= len(arms) / alpha]
    return max(sure, key=lambda arm: wins[arm] / (wins[arm] + losses[arm])) if sure else ""


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of paired differences, with 95 % of the bootstrap, over so many pairs."""

    mean: float
    low: float
    high: float
    pairs: int

    @property
    def sure(self) -> bool:
        """Whether the bounds leave no doubt which side is better."""
        return self.low > 0 or self.high < 0


def paired_difference(
    pairs: Sequence[tuple[float, float]], seed: int = 0, rounds: int = 2000
) -> Difference | None:
    """Return how much larger the first of each pair is on average; None without pairs. The same pairs give the same figures.

    P. Koehn, "Statistical significance tests for machine translation evaluation", EMNLP 2004: cases are drawn anew, each
    with both of its figures. These bounds hold for one look at one pair of modes.
    """
    if not pairs:
        return None
    differences = np.array([first - second for first, second in pairs])
    draw = np.random.default_rng(seed)
    means = differences[draw.integers(0, len(pairs), (rounds, len(pairs)))].mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return Difference(float(differences.mean()), float(low), float(high), len(pairs))


def agreement(units: Sequence[Mapping[str, Hashable]]) -> float | None:
    """Return Krippendorff's alpha for nominal values: 1 where those who judge agree, 0 where they do as chance would.

    Each unit is what was judged: who judged it, and how. Units that one alone judged do not count. None where nothing can
    be said: nobody judged the same, or all said one thing. K. Krippendorff, "Computing Krippendorff's alpha-reliability",
    2011, section C.
    """
    pairs: Counter[tuple[Hashable, Hashable]] = Counter()
    weights: dict[tuple[Hashable, Hashable], float] = {}
    for unit in units:
        values = list(unit.values())
        if len(values) < 2:
            continue
        pairs = Counter(
            (a, b) for i, a in enumerate(values) for j, b in enumerate(values) if i != j
        )
        for pair, times in pairs.items():
            weights[pair] = weights.get(pair, 0.0) + times / (len(values) - 1)
    totals: dict[Hashable, float] = {}
    for (value, _), weight in weights.items():
        totals[value] = totals.get(value, 0.0) + weight
    everything = sum(totals.values())
    expected = everything**2 - sum(total**2 for total in totals.values())
    if not expected:
        return None
    observed = sum(weight for (a, b), weight in weights.items() if a != b)
    return 1 - (everything - 1) * observed / expected


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _root(wins: int, losses: int, most: float, *, inside: float, outside: float) -> float:
    """Return the share between one that holds and one that is refuted at which the evidence reaches ``most``."""
    if log_evidence(wins, losses, outside) < most:
        return round(outside)
    for _ in range(60):
        middle = (inside + outside) / 2
        if log_evidence(wins, losses, middle) < most:
            inside = middle
        else:
            outside = middle
    return inside


def _fitted(won: np.ndarray, rounds: int) -> list[float]:
    played = won + won.T
    strength = np.ones(len(won))
    for _ in range(rounds):
        divided = np.divide(played, strength[:, None] + strength[None, :])
        np.fill_diagonal(divided, 0.0)
        new = won.sum(axis=1) / divided.sum(axis=1)
        new /= np.exp(np.mean(np.log(new)))
        settled = bool(np.max(np.abs(new - strength)) < 1e-9)
        strength = new
        if settled:
            break
    return [float(value) for value in np.log(strength)]


def _chance(strength: float) -> float:
    return 1 / (1 + math.exp(-strength))
