"""Figures from votes: held against other libraries, against the defining equations, and against trials drawn at random."""

from __future__ import annotations

import math

import choix
import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats
from scipy.special import betaln

from chatbot.trials.statistics import (
    PRIOR,
    Score,
    agreement,
    better_evidence,
    bradley_terry,
    chance_of_fewer,
    leader,
    log_evidence,
    strengths,
    votes_needed,
    win_rate,
)

counts = st.integers(min_value=0, max_value=400)


@given(counts, counts, st.floats(0.05, 0.95))
def test_evidence_is_the_mixture_of_likelihood_ratios(wins: int, losses: int, share: float) -> None:
    expected = (
        betaln(PRIOR + wins, PRIOR + losses)
        - betaln(PRIOR, PRIOR)
        - wins * math.log(share)
        - losses * math.log1p(-share)
    )
    assert log_evidence(wins, losses, share) == pytest.approx(expected, abs=1e-7)


@given(st.tuples(counts, counts), st.tuples(counts, counts))
def test_the_chance_of_fewer_is_fishers(before: tuple[int, int], now: tuple[int, int]) -> None:
    expected = stats.fisher_exact([now, before], alternative="less").pvalue
    assert chance_of_fewer(before, now) == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_evidence_integrates_the_bets() -> None:
    """The closed form against the integral that it stands for."""

    def bet(rate: float) -> float:
        prior = math.exp((PRIOR - 1) * math.log(rate * (1 - rate)) - betaln(PRIOR, PRIOR))
        return prior * (rate / 0.5) ** 14 * ((1 - rate) / 0.5) ** 6

    whole, _ = integrate.quad(bet, 1e-9, 1 - 1e-9)
    assert math.exp(log_evidence(14, 6)) == pytest.approx(whole, rel=1e-6)


@given(counts, counts)
def test_the_bounds_hold_the_share_and_agree_with_the_verdict(wins: int, losses: int) -> None:
    rate = win_rate(wins, losses)
    assert 0 <= rate.low <= rate.share <= rate.high <= 1
    assert rate.decided == (not rate.low <= 0.5 <= rate.high)
    turned = win_rate(losses, wins)
    assert (turned.low, turned.high) == pytest.approx((1 - rate.high, 1 - rate.low), abs=1e-6)


def test_without_votes_nothing_is_known() -> None:
    rate = win_rate(0, 0)
    assert (rate.share, rate.low, rate.high, rate.decided) == (0.5, 0.0, 1.0, False)
    with pytest.raises(ValueError, match="fewer than none"):
        win_rate(-1, 3)


def first_claims(share: float, trials: int, votes: int, seed: int) -> np.ndarray:
    """After which vote each of many trials first claims a difference; ``votes`` + 1 where it never does."""
    draw = np.random.default_rng(seed)
    wins = np.cumsum(draw.random((trials, votes)) < share, axis=1)
    known: dict[tuple[int, int], bool] = {}
    first = np.full(trials, votes + 1)
    for trial, row in enumerate(wins):
        for shown, won in enumerate(row, 1):
            key = (int(won), shown - int(won))
            if key not in known:
                known[key] = log_evidence(*key) >= math.log(20)
            if known[key]:
                first[trial] = shown
                break
    return first


def test_equal_sides_are_hardly_ever_told_apart_however_often_one_looks() -> None:
    assert np.mean(first_claims(0.5, 500, 400, seed=3) <= 400) <= 0.05


def test_the_better_of_two_is_found_with_few_votes() -> None:
    assert np.median(first_claims(0.6, 200, 600, seed=4)) <= 250


def test_how_many_votes_are_missing() -> None:
    needed = votes_needed(30, 20)
    assert needed is not None
    decisive = 50 + needed
    wins = round(0.6 * decisive)
    assert win_rate(wins, decisive - wins).decided
    fewer = decisive - 3
    assert not win_rate(round(0.6 * fewer), fewer - round(0.6 * fewer)).decided
    assert votes_needed(80, 20) == 0
    assert votes_needed(0, 0) is None and votes_needed(50, 50) is None


def scores(*rows: tuple[str, str, int, int]) -> list[Score]:
    return [
        score
        for arm, other, wins, losses in rows
        for score in [(arm, other, 1.0)] * wins + [(arm, other, 0.0)] * losses
    ]


def test_strengths_are_those_that_choix_finds() -> None:
    votes = scores(("x", "y", 60, 40), ("y", "z", 55, 45), ("x", "z", 70, 30))
    # half a win for either side of each pair is added, as two halves of each of many copies
    data = (
        [(0, 1)] * 121
        + [(1, 0)] * 81
        + [(1, 2)] * 111
        + [(2, 1)] * 91
        + [(0, 2)] * 141
        + [(2, 0)] * 61
    )
    found = bradley_terry(votes)
    assert list(found.values()) == pytest.approx(list(choix.mm_pairwise(3, data)), abs=1e-4)
    turned = [(other, arm, 1 - score) for arm, other, score in votes]
    assert bradley_terry(turned) == pytest.approx(found)


def test_a_tie_counts_half_and_an_arm_that_never_lost_stays_finite() -> None:
    assert bradley_terry([("x", "y", 0.5)] * 9) == pytest.approx({"x": 0.0, "y": 0.0})
    found = bradley_terry(scores(("x", "y", 8, 0)))
    assert 0 < found["x"] < 5


def test_bounds_of_strengths_hold_them_and_are_the_same_again() -> None:
    votes = scores(("x", "y", 60, 40), ("y", "z", 55, 45), ("x", "z", 70, 30))
    ranked = strengths(votes, rounds=100)
    assert [one.arm for one in ranked] == ["x", "y", "z"]
    assert all(one.low < one.chance < one.high for one in ranked)
    assert strengths(votes, rounds=100) == ranked
    assert strengths([]) == ()


def test_a_leader_is_named_only_where_it_is_sure() -> None:
    assert leader(scores(("x", "y", 130, 70), ("x", "z", 125, 75), ("y", "z", 100, 100))) == "x"
    assert leader(scores(("x", "y", 11, 9), ("x", "z", 12, 8), ("y", "z", 10, 10))) == ""
    assert leader([("x", "y", 0.5)] * 500) == ""


def test_losing_is_no_evidence_for_being_better() -> None:
    assert better_evidence(20, 180) < 1 < better_evidence(120, 80)


def test_agreement_is_what_krippendorff_says() -> None:
    """The example of "Computing Krippendorff's alpha-reliability": four observers, twelve units."""
    rows = (
        "1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 .",
    )  # fmt: skip
    table = [row.split() for row in rows]
    units = [
        {str(who): row[place] for who, row in enumerate(table) if row[place] != "."}
        for place in range(12)
    ]
    numbers = [[np.nan if cell == "." else float(cell) for cell in row] for row in table]
    assert agreement(units) == pytest.approx(0.743, abs=0.0005)
    assert agreement(units) == pytest.approx(
        krippendorff.alpha(numbers, level_of_measurement="nominal")
    )


def test_agreement_needs_two_who_judged_the_same() -> None:
    assert agreement([{"ada": "x"}, {"bob": "y"}]) is None
    assert agreement([{"ada": "x", "bob": "x"}, {"ada": "x", "bob": "x"}]) is None
    assert agreement([{"ada": "x", "bob": "x"}, {"ada": "y", "bob": "y"}]) == 1
