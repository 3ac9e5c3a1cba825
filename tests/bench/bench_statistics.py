"""How often trials name a winner that is none, and how soon they find one that is: drawn trials, a look after each vote.

python tests/bench/bench_statistics.py [TRIALS]
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from chatbot.trials.statistics import better_evidence, log_evidence

TRIALS = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
VOTES = 1000


def table(of: Callable[[int, int], float], most: int) -> np.ndarray:
    """What ``of`` says of each number of wins and losses."""
    return np.array([[of(wins, losses) for losses in range(most + 1)] for wins in range(most + 1)])


def first(decided: np.ndarray) -> np.ndarray:
    """After which vote each trial claims a difference; one more than there are where it never does."""
    return np.where(decided.any(axis=1), decided.argmax(axis=1) + 1, decided.shape[1] + 1)


def two(
    evidence: np.ndarray, share: float, draw: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """When each trial of two arms claims a difference, the first winning with this chance; and whether it names the second."""
    wins = np.cumsum(draw.random((TRIALS, VOTES)) < share, axis=1)
    losses = np.arange(1, VOTES + 1) - wins
    claimed = first(evidence[wins, losses] >= math.log(20))
    at = np.minimum(claimed, VOTES) - 1
    rows = np.arange(TRIALS)
    return claimed, (claimed <= VOTES) & (wins[rows, at] < losses[rows, at])


def three(better: np.ndarray, edge: float, draw: np.random.Generator) -> tuple[float, float, float]:
    """Three arms, the first better by ``edge`` against either other: how often each is named within 600 votes."""
    named = [0, 0]
    for _ in range(TRIALS):
        wins, losses = np.zeros((601, 3), int), np.zeros((601, 3), int)
        for vote in range(1, 601):
            one, other = draw.permutation(3)[:2]
            chance = 0.5 + edge * (int(one == 0) - int(other == 0))
            winner, loser = (one, other) if draw.random() < chance else (other, one)
            wins[vote, winner] = losses[vote, loser] = 1
        sure = better[wins.cumsum(axis=0), losses.cumsum(axis=0)] >= 60
        if sure.any():
            arm = int(sure[int(sure.any(axis=1).argmax())].argmax())
            named[arm != 0] += 1
    return named[0] / TRIALS, named[1] / TRIALS, 1 - sum(named) / TRIALS


def main() -> None:
    draw = np.random.default_rng(14)
    begun = time.perf_counter()
    evidence, better = table(log_evidence, VOTES), table(better_evidence, 600)
    print(f"{TRIALS:,} trials, a look after each of {VOTES:,} votes")
    print("| first arm wins | a winner is named | the wrong one | votes until then, median |")
    print("| --- | --- | --- | --- |")
    for share in (0.5, 0.55, 0.6, 0.7):
        claimed, second = two(evidence, share, draw)
        median = f"{np.median(claimed):.0f}" if np.median(claimed) <= VOTES else "more"
        wrong = claimed <= VOTES if share == 0.5 else second
        print(
            f"| {share:.0%} | {np.mean(claimed <= VOTES):.1%} | {np.mean(wrong):.1%} | {median} |"
        )
    print("| three arms, 600 votes | the first is named | another one | none |")
    print("| --- | --- | --- | --- |")
    for edge in (0.0, 0.1):
        right, other, none = three(better, edge, draw)
        print(f"| one better by {100 * edge:.0f} points | {right:.1%} | {other:.1%} | {none:.1%} |")
    print(f"{time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
