"""What each kind of tuning needs, and what a data set has of it, in words."""

from __future__ import annotations

from dataclasses import replace

from adapters.datasets.pairs import TrainingPair
from adapters.datasets.presets import PRESETS, PresetCheck, check
from adapters.datasets.splitting import split
from tests.support.training_pairs import pump_pairs


def found(pairs: list[TrainingPair], key: str) -> PresetCheck:
    return {one.preset.key: one for one in check(pairs, lambda _: "en")}[key]


def negatives(count: int) -> list[TrainingPair]:
    return [
        TrainingPair(f"What does part B{n} cost?", "I am not sure.", "negative", f"n{n}")
        for n in range(count)
    ]


def test_domain_knowledge_says_what_is_missing() -> None:
    pairs = [*pump_pairs(100, 4), *negatives(8)]
    assert found(pairs, "domain").missing == (
        "Needs 10 % to 20 % “not in the manual” pairs: has 2 %. Without them the adapter answers what it does not know; with"
        " more it declines what it knows.",
        "Needs at least 10 groups kept for the test: has 0. Split the set, or add facts.",
    )
    whole = list(split([*pump_pairs(100, 4), *negatives(70)]).pairs)
    assert found(whole, "domain").fits
    unsourced = [replace(pair, passage_hash="") for pair in whole]
    (missing,) = found(unsourced, "domain").missing
    assert missing.startswith("Needs at least 90 % of the facts with their passage: has 0 %.")
    few = found(list(split(pump_pairs(20, 2)).pairs), "domain").missing
    assert few[0] == "Needs at least 50 facts: has 20."
    assert few[1] == "Needs at least 4 wordings of a fact (the median counts): has 2."


def test_every_kind_of_tuning_is_checked_also_for_nothing() -> None:
    assert [one.preset for one in check([])] == list(PRESETS)
    assert not any(one.fits for one in check([]))


def test_style_few_examples_and_several_tasks() -> None:
    style = [
        TrainingPair(f"Greet number {n}.", f"Good day, number {n}.", "style", approver="Kim")
        for n in range(60)
    ]
    assert found(style, "style").fits and found(style[:10], "few").fits
    assert found(style, "few").missing == ("Needs 8 to 50 pairs: has 60.",)
    assert (
        found(pump_pairs(3, 3), "few")
        .missing[0]
        .startswith("Needs at least 100 % of the pairs written or approved by people: has 0 %.")
    )
    mixed = list(split([*style, *negatives(60), *pump_pairs(20, 4)]).pairs)
    assert found(mixed, "multi-task").fits
    assert (
        "Needs at most 70 % of one kind: has 80 % facts."
        in found([*pump_pairs(60, 4), *negatives(60)], "multi-task").missing
    )


def test_a_language_has_to_be_one() -> None:
    pairs = list(split(pump_pairs(100, 3)).pairs)
    assert found(pairs, "language").fits
    mixed = {
        one.preset.key: one for one in check(pairs, lambda text: "de" if "3 Nm" in text else "en")
    }["language"]
    (missing,) = mixed.missing
    assert missing.startswith("Needs at least 95 % of the answers in one language (en): has 9")


def test_instructions_have_to_differ() -> None:
    missing = found(list(split(pump_pairs(200, 3)).pairs), "instruction").missing
    assert missing == (
        "Needs at least 50 ways in which questions begin: has 3.",
        "Needs questions of which at most 20 % begin with the same two words: has 33 %.",
    )
