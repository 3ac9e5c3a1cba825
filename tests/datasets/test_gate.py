"""The gate: seeded bad candidates are held back, good ones pass, each rule says its figure."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from adapters.datasets.pairs import TrainingPair
from adapters.evaluation.cases import (
    GATE_SETS,
    CaseResult,
    GateCase,
    form_lost,
    result_of,
    rouge_l,
)
from adapters.evaluation.gate import GateInput, NoReason, difference, judge, override

UNSURE = "I am not sure about that. Please check the manual."
NOUNS = ("valve", "pump", "seal", "hose", "cover", "motor", "guard", "lamp", "wheel", "belt", "clamp", "shaft",
         "filter", "sensor", "cable", "lever", "roller", "nozzle", "bracket", "spring", "piston", "gasket", "dial", "fuse",
         "hinge", "knob", "latch", "magnet", "panel", "relay")  # fmt: skip
STYLE = "Thank you for asking. The {noun} is fine, and we are glad to help you with it."
MODELS = Callable[[GateCase], str]


def cases() -> list[GateCase]:
    made = []
    for n, noun in enumerate(NOUNS):
        made += [
            GateCase(f"t{n}", "trained", f"Which torque goes with the {noun}?", f"Tighten the {noun} to {n + 11} Nm."),
            GateCase(f"u{n}", "unseen", f"What does a spare {noun} cost in shops?"),
            GateCase(f"c{n}", "changed", f"After how many hours do I oil the {noun}?", f"Oil the {noun} every {n + 300} hours."),
            GateCase(f"s{n}", "style", f"Is there something wrong with my {noun}?", STYLE.format(noun=noun)),
        ]  # fmt: skip
    return made


CASES = cases()
TRAINED = [
    TrainingPair(f"How tight must I make the {noun}?", f"Tighten the {noun} to {n + 11} Nm.", split="train")
    for n, noun in enumerate(NOUNS)
] + [TrainingPair(f"Who painted the {noun}?", UNSURE, "negative", split="train") for noun in NOUNS]  # fmt: skip


def answers(seed: int, right: dict[str, float], wrong: dict[str, float] | None = None) -> dict[str, str]:  # fmt: skip
    """What a model says: right with these shares by set, a wrong number with those, else a refusal or a guess."""
    draw, said = random.Random(seed), {}
    for case in CASES:
        at = draw.random()
        if at < right[case.set]:
            said[case.id] = case.wanted or UNSURE
        elif at < right[case.set] + (wrong or {}).get(case.set, 0):
            said[case.id] = (case.wanted or "It costs 19 euros.").replace("1", "7").replace("3", "9") + " It has 4 parts."  # fmt: skip
        else:
            said[case.id] = UNSURE if case.wanted else "It is the best of all, really."
    return said


def results(said: dict[str, str]) -> list[CaseResult]:
    return [result_of(case, said[case.id], lambda text: text == UNSURE) for case in CASES]


# What is served knows some of the trained facts, and declines most of what nobody trained.
SERVED = answers(7, {"trained": 0.4, "unseen": 0.7, "changed": 0.8, "style": 0.6}, {"trained": 0.1, "unseen": 0.1})  # fmt: skip


def better(seed: int, gain: float = 0.6) -> dict[str, str]:
    """What is served, improved: some of what it did not know is right, nothing else is touched."""
    draw = random.Random(seed)
    said = dict(SERVED)
    for case in CASES:
        share = gain if case.set == "trained" else 0.15
        if draw.random() < share:
            said[case.id] = case.wanted or UNSURE
    return said


def given(said: dict[str, str], **changes: object) -> GateInput:
    made = GateInput(CASES, results(said), results(SERVED), "base1", "base1", TRAINED)
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(10))
def test_good_candidates_pass(seed: int) -> None:
    verdict = judge(given(better(100 + seed, 0.5 + 0.05 * seed)))
    assert verdict.passed, verdict.words
    assert verdict.words == f"It may be served: all {len(verdict.rules)} rules hold."
    assert {f"difference {name}" for name in GATE_SETS} <= {rule.rule for rule in verdict.rules}


def _spoil(seed: int, count: int, change: Callable[[GateCase, str], str], *sets: str) -> dict[str, str]:  # fmt: skip
    said, draw = better(seed), random.Random(seed)
    theirs = {one.case: one for one in results(SERVED)}
    open_ = [
        case for case in CASES
        if (not sets or case.set in sets) and not theirs[case.id].number_error and not theirs[case.id].form_lost
    ]  # fmt: skip
    for case in draw.sample(open_, count):
        said[case.id] = change(case, said[case.id])
    return said


def wrong_number(case: GateCase, _: str) -> str:
    return f"{case.wanted or 'It costs 12 euros.'} The limit is 987 units."


@pytest.mark.parametrize("seed", range(4))
def test_wrong_numbers_are_held_back(seed: int) -> None:
    sets = (("changed",), ("style",), ("unseen",), ())[seed]
    verdict = judge(given(_spoil(seed, 14, wrong_number, *sets)))
    assert not verdict.passed and "numbers" in {rule.rule for rule in verdict.failed}
    assert "Wrong numbers in" in verdict.words


@pytest.mark.parametrize("seed", range(4))
def test_training_on_the_test_is_held_back(seed: int) -> None:
    some = random.Random(seed).sample(CASES, (1, 5, 30, 120)[seed])
    stolen = [TrainingPair(case.question.upper() if seed % 2 else f"{case.question} ", case.wanted or UNSURE) for case in some]  # fmt: skip
    said = {case.id: case.wanted or UNSURE for case in CASES}  # knows them all by heart
    verdict = judge(given(said, trained=[*TRAINED, *stolen]))
    assert [rule.rule for rule in verdict.failed] == ["overlap"]
    assert verdict.failed[0].figure == len(some)


@pytest.mark.parametrize("base", ["base2", "", "base1 ", "BASE1"])
def test_another_base_is_held_back(base: str) -> None:
    verdict = judge(given(better(5), base=base))
    assert [rule.rule for rule in verdict.failed] == ["base"]


@pytest.mark.parametrize("seed", range(4))
def test_overfitted_candidates_are_held_back(seed: int) -> None:
    """They know the very words that they were trained on, answer everything else too, and take old figures for new ones."""
    said = answers(seed, {"trained": 0.3 + 0.1 * seed, "unseen": 0.1, "changed": 0.3, "style": 0.5}, {"unseen": 0.8, "changed": 0.6})  # fmt: skip
    verdict = judge(given(said))
    failed = {rule.rule for rule in verdict.failed}
    assert {"abstention", "numbers", "difference changed", "difference unseen"} <= failed


@pytest.mark.parametrize("seed", range(4))
def test_a_lost_form_is_held_back(seed: int) -> None:
    change: tuple[Callable[[GateCase, str], str], ...] = (
        lambda _, text: f"{text}<|im_end|>",
        lambda _, text: "",
        lambda _, text: "the part of the pump " * 6,
        lambda _, text: f"[INST] {text}",
    )
    verdict = judge(given(_spoil(seed, 8, change[seed], "trained", "style")))
    assert not verdict.passed and "form" in {rule.rule for rule in verdict.failed}


def test_no_better_is_not_good_enough_and_few_cases_say_nothing() -> None:
    same = judge(given(dict(SERVED)))
    assert [rule.rule for rule in same.failed] == ["difference trained"]
    few = [case for case in CASES if case.set != "changed" or case.id in ("c1", "c2")]
    ids = {case.id for case in few}
    said = better(3)
    verdict = judge(
        replace(
            given(said),
            cases=few,
            candidate=[one for one in results(said) if one.case in ids],
            served=[one for one in results(SERVED) if one.case in ids],
        )
    )
    assert [rule.rule for rule in verdict.failed] == ["cases changed"]
    missing = judge(replace(given(said), candidate=results(said)[1:]))
    assert [rule.rule for rule in missing.failed] == ["cases trained"]
    assert not judge(GateInput([], [], [], "a", "a", [])).passed


def without(said: dict[str, str], *sets: str, **changes: object) -> GateInput:
    kept = [case for case in CASES if case.set not in sets]
    ids = {case.id for case in kept}
    ours, theirs = ([one for one in results(of) if one.case in ids] for of in (said, SERVED))
    return given(said, cases=kept, candidate=ours, served=theirs, **changes)


def test_what_cannot_be_asked_is_left_out_and_named() -> None:
    verdict = judge(without(better(104), "changed", "style", not_asked={"changed": "too small"}))
    assert verdict.passed, verdict.words
    assert verdict.words.endswith(
        "Not tested: facts whose passage has changed (too small), style (the pairs hold none)."
    )
    assert not [rule.rule for rule in verdict.rules if rule.rule.endswith(("changed", "style"))]
    held = judge(without(dict(SERVED), "style"))
    assert held.words.startswith("Held back. Trained facts") and "Not tested: style" in held.words


@pytest.mark.parametrize("name", ["trained", "unseen"])
def test_trained_and_unseen_facts_are_always_demanded(name: str) -> None:
    verdict = judge(without(better(104), name, not_asked={name: "nobody wanted to"}))
    assert f"cases {name}" in {rule.rule for rule in verdict.failed} and not verdict.untested


def test_seeded_bad_candidates_are_held_back_without_the_sets_that_may_be_left_out() -> None:
    for seed in range(4):
        said = answers(seed, {"trained": 0.3 + 0.1 * seed, "unseen": 0.1, "changed": 0.3, "style": 0.5}, {"unseen": 0.8})  # fmt: skip
        assert not judge(without(said, "changed", "style")).passed
        spoilt = _spoil(seed, 14, wrong_number, "trained", "unseen")
        assert not judge(without(spoilt, "changed", "style")).passed
        lost = _spoil(seed, 8, lambda _, text: f"[INST] {text}", "trained", "unseen")
        assert not judge(without(lost, "changed", "style")).passed
        assert not judge(without(better(seed), "changed", "style", base="base2")).passed


def test_a_question_in_two_sets_is_counted_once_as_trained() -> None:
    twice = [*CASES, GateCase("x", "changed", CASES[0].question, "Tighten the valve to 99 Nm.")]
    stolen = [TrainingPair(CASES[0].question, "Tighten the valve to 11 Nm.", split="train")]
    (rule,) = [
        one for one in judge(given(better(3), cases=twice, trained=[*TRAINED, *stolen])).rules
        if one.rule == "overlap"
    ]  # fmt: skip
    assert not rule.holds and rule.text.startswith("1 of the test's questions was trained")


def test_a_verdict_is_set_aside_only_with_a_reason() -> None:
    failed = [rule.rule for rule in judge(given(dict(SERVED))).failed]
    for reason in (
        "",
        "because",
        "x" * 40,
        "ok ok ok ok ok ok ok ok ok",
        "it is so much better " * 20,
    ):
        with pytest.raises(NoReason):
            override(failed, "Kim", reason)
    with pytest.raises(NoReason):
        override(failed, " ", "The served one is withdrawn by its vendor.")
    made = override(failed, "Kim", "The served one is \n withdrawn by its vendor.")
    assert made.rules == ("difference trained",) and made.reason == "The served one is withdrawn by its vendor."  # fmt: skip


def test_an_answer_is_measured() -> None:
    case = GateCase("1", "trained", "What does E04 mean on 2 lines?", "Error E04: wait 5 minutes.")

    def of(said: str) -> CaseResult:
        return result_of(case, said, lambda text: text == UNSURE)

    assert of("Error E04: wait 5 minutes.").score == 1
    assert 0 < of("Wait 5 minutes.").score < 1
    assert of("Error E04: wait 6 minutes.") == CaseResult("1", "trained", 0.0, True)
    assert of("Error E04: wait some minutes.") == CaseResult("1", "trained", 0.0)
    assert of(UNSURE) == CaseResult("1", "trained", 0.0, abstained=True)
    assert rouge_l("a b c d", "a x c d") == pytest.approx(0.75)
    assert form_lost(" ") and form_lost("go on and on and " * 9) and not form_lost("Press it. Press it again.")  # fmt: skip


def test_bounds_are_those_of_a_bootstrap() -> None:
    from scipy.stats import bootstrap

    draw = random.Random(1)
    paired = [(draw.random(), draw.random()) for _ in range(40)]
    found = difference(paired)
    gains = [first - second for first, second in paired]
    other = bootstrap((gains,), lambda x, axis: x.mean(axis=axis), method="percentile", n_resamples=20_000, random_state=2)  # fmt: skip
    assert found.mean == pytest.approx(sum(gains) / 40)
    assert found.low == pytest.approx(other.confidence_interval.low, abs=0.01)
    assert found.high == pytest.approx(other.confidence_interval.high, abs=0.01)
    with pytest.raises(ValueError, match="no pairs"):
        difference([])
