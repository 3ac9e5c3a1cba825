"""Which texts are alike: the join finds what comparing all with all finds."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from adapters.datasets.likeness import (
    alike_between,
    alike_within,
    figures,
    likeness,
    normalised,
)

TEXTS = st.lists(st.text(alphabet="abc de", max_size=25), max_size=12)
LEAST = st.sampled_from([0.3, 0.6, 0.8, 1.0])


@given(TEXTS, LEAST)
def test_the_join_finds_every_pair_that_is_alike_and_no_other(
    texts: list[str], least: float
) -> None:
    wanted = {
        (i, j)
        for i, j in combinations(range(len(texts)), 2)
        if likeness(texts[i], texts[j]) >= least
    }
    found = list(alike_within(texts, least))
    assert {(one.first, one.second) for one in found} == wanted and len(found) == len(wanted)
    for one in found:
        assert one.score == likeness(texts[one.first], texts[one.second])


@given(TEXTS, TEXTS, LEAST)
def test_the_join_of_two_sets_pairs_only_across(
    texts: list[str], others: list[str], least: float
) -> None:
    wanted = {
        (i, j)
        for i, text in enumerate(texts)
        for j, other in enumerate(others)
        if likeness(text, other) >= least
    }
    assert {(one.first, one.second) for one in alike_between(texts, others, least)} == wanted


def test_a_reader_takes_them_for_the_same() -> None:
    assert normalised("What does  E-04 mean?!") == normalised("what does e-04 MEAN")
    assert normalised("???") == "???" and normalised("???") != normalised("!!!")
    assert figures("Order RB-110, 1.5 m, in 3 days.") == {"rb-110", "1.5", "3"}
    assert figures("No figure here") == frozenset()
