"""Splits: by group, stable when rows are added, and without leaks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.datasets.likeness import likeness
from adapters.datasets.pairs import TrainingPair, untaught, watching
from adapters.datasets.splitting import close, counts, group_of, leaks, place_of, split
from tests.support.training_pairs import PAIRS, pump_pairs


def group_in(place: str, start: int = 0) -> str:
    """A group that belongs there."""
    return next(f"g{n}" for n in range(start, 10_000) if place_of(f"g{n}") == place)


@settings(max_examples=80)
@given(st.lists(PAIRS, max_size=20))
def test_a_group_is_never_split_and_nothing_leaks(pairs: list[TrainingPair]) -> None:
    found = split(pairs)
    assert [replace(pair, split="") for pair in found.pairs] == [
        replace(pair, split="") for pair in pairs
    ]
    places = defaultdict(set)
    for pair in found.pairs:
        places[group_of(pair)].add(pair.split)
    assert all(len(one - {"reworded"}) == 1 for one in places.values())
    assert all("train" in one for one in places.values() if "reworded" in one)
    assert leaks(found.pairs) == ()


def test_eighty_ten_ten_and_the_same_again_when_rows_come() -> None:
    pairs = pump_pairs(400, 3)
    before = split(pairs)
    found = counts(before.pairs)
    assert 290 <= found["train"]["groups"] <= 350
    assert 20 <= found["test"]["groups"] <= 65 and 20 <= found["validation"]["groups"] <= 65
    assert found["train"]["fact"] == 3 * found["train"]["groups"]
    assert before.leaks == ()  # another part is another fact
    more = pump_pairs(500, 4)[1600:]
    after = {pair.question: pair.split for pair in split([*more, *pairs]).pairs}
    assert all(after[pair.question] == pair.split for pair in before.pairs)


def leaking() -> list[TrainingPair]:
    train, test = group_in("train"), group_in("test")
    return [
        TrainingPair("How tight must the screws of the cover be?", "Tighten them to 12 Nm.", group=train),
        TrainingPair("How tight must the screws of this cover be?", "Tighten them to 12 Nm!", group=test),
        TrainingPair("Where is the cover?", "On top of the pump.", group=test),
    ]  # fmt: skip


def test_a_leak_moves_its_whole_group_into_training() -> None:
    found = split(leaking())
    assert [pair.split for pair in found.pairs] == ["train", "train", "train"]
    (leak,) = found.leaks
    assert leak.pair.question == "How tight must the screws of this cover be?"
    assert leak.why.startswith(
        "Training asks “How tight must the screws of the cover be?”, which is "
    )
    assert leak.score >= 0.6


def test_a_leak_may_be_left_out_instead() -> None:
    found = split(leaking(), action="drop")
    assert [pair.question for pair in found.pairs] == [
        "How tight must the screws of the cover be?",
        "Where is the cover?",
    ]
    assert [pair.split for pair in found.pairs] == ["train", "test"]


def test_thirteen_words_in_a_row_leak() -> None:
    run = "close both valves remove the four screws of the cover and lift it off"
    other = f"First {run}, then look inside."
    pairs = [
        TrainingPair("How is the seal replaced?", f"To do so, {run}.", group=group_in("train")),
        TrainingPair("What comes before looking?", other, group=group_in("validation")),
    ]
    (leak,) = split(pairs).leaks
    assert leak.score == 0 and "close both valves remove the four screws" in leak.why
    short = [replace(pairs[0], answer="Close both valves."), pairs[1]]
    assert split(short).leaks == ()


def test_alike_questions_with_other_answers_are_two_facts() -> None:
    train, test = group_in("train"), group_in("test")
    pairs = [
        TrainingPair("How long is the warranty of the printer?", "It is 24 months.", group=train),
        TrainingPair("How long is the warranty of the print head?", "It is 6 months.", group=test),
        TrainingPair("How long is the warranty of the case?", "I am not sure.", "negative", train),
        TrainingPair("How long is the warranty of the wheel?", "I am not sure.", "negative", test),
    ]
    assert split(pairs).leaks == ()


def test_what_has_no_group_stays_with_whoever_asks_the_same() -> None:
    assert group_of(TrainingPair("How heavy?", "1")) == group_of(TrainingPair("how HEAVY", "2"))
    assert group_of(TrainingPair("Q", "A", passage_hash="ab")) == "ab"
    assert group_of(TrainingPair("Q", "A", group="g", passage_hash="ab")) == "g"


def test_what_is_trained_is_tested_in_other_words_and_what_is_not_taught_is_known() -> None:
    pairs = split(pump_pairs(400, 4)).pairs
    learnt = {group_of(pair) for pair in pairs if pair.split == "train"}
    reworded = [pair for pair in pairs if pair.split == "reworded"]
    assert 80 <= len(reworded) <= 145 and {group_of(pair) for pair in reworded} <= learnt
    assert len({group_of(pair) for pair in reworded}) == len(reworded)
    trained = [pair for pair in pairs if pair.split == "train"]
    for pair in reworded[:20]:
        beside = [one.question for one in trained if group_of(one) == group_of(pair)]
        assert len(beside) == 3 and max(likeness(pair.question, one) for one in beside) < 0.6
    assert leaks(pairs) == ()
    strange = untaught(pairs)
    assert strange == {
        pair
        for pair in pairs
        if pair.split in ("test", "validation") and group_of(pair) not in learnt
    }
    assert len(strange) > 60
    watched = watching(pairs)
    assert {pair.split for pair in watched} == {"reworded"}, "an untaught fact says nothing of it"
    assert 0.15 < len(watched) / len(reworded) < 0.45
    assert untaught([replace(pair, group="", passage_hash="") for pair in strange]) == frozenset()
    whole = split(pump_pairs(400, 4), (100, 0, 0)).pairs
    assert {pair.split for pair in whole} == {"train"}


def test_a_wording_that_leaks_goes_back_alone() -> None:
    kept = [
        TrainingPair("How tight must the screws of the cover be?", "To 12 Nm.", group="a", split="train"),
        TrainingPair("How tight must the screws of this cover be?", "To 12 Nm.", group="a", split="reworded"),
        TrainingPair("Which torque do they need?", "To 12 Nm.", group="a", split="reworded"),
    ]  # fmt: skip
    assert [pair.split for pair in close(kept).pairs] == ["train", "train", "reworded"]
