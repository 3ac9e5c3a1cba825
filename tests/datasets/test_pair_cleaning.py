"""What is wrong with pairs: doubles, contradictions, leftovers, personal data, lengths; each with its reason."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from adapters.datasets.cleaning import Cleaned, clean
from adapters.datasets.pairs import TrainingPair
from adapters.datasets.personal_data import personal_data
from tests.support.training_pairs import pump_pairs


def pair(question: str, answer: str, **more: object) -> TrainingPair:
    return TrainingPair(question, answer, **more)  # type: ignore[arg-type]


def reasons(cleaned: Cleaned) -> list[tuple[str, bool, int, str]]:
    return [(f.kind, f.removed, f.place, f.why) for f in cleaned.findings]


def only(pairs: Sequence[TrainingPair]) -> tuple[str, bool, int, str]:
    (found,) = reasons(clean(pairs))
    return found


def test_good_pairs_stay_as_they_are() -> None:
    pairs = pump_pairs(10, 4)
    assert clean(pairs) == Cleaned(tuple(pairs), ())


def test_doubles_go_and_the_approved_one_stays() -> None:
    pairs = [
        pair("How heavy is it?", "It weighs 3 kg."),
        pair("how heavy is it", "It weighs 3 kg", approver="Kim"),
        pair("How heavy is it?", "It weighs  3 kg."),
    ]
    cleaned = clean(pairs)
    assert cleaned.kept == (pairs[1],)
    assert reasons(cleaned) == [
        ("double", True, 1, "Pair 2 says the same."),
        ("double", True, 3, "Pair 2 says the same."),
    ]
    assert len(cleaned.removed) == 2 and cleaned.warned == ()


def test_nearly_the_same_words_are_one_question_unless_they_ask_for_another_figure() -> None:
    first = pair("How do I replace the seal of the pump on the left side?", "Close both valves.")
    near = pair("How do I replace the seal of the pump on the left side, please?", "Close both valves.")  # fmt: skip
    kind, removed, place, why = only([first, near])
    assert (kind, removed, place) == ("near double", True, 2)
    assert why.startswith("Pair 1 asks for the same in nearly the same words (")
    codes = [
        pair(f"What does error code E{n:02} of the large pump mean?", f"Fault {n}.")
        for n in range(9)
    ]
    assert clean(codes).findings == ()


def test_refusals_about_different_things_are_no_doubles() -> None:
    pairs = [
        pair(f"What does the manual say about the {part} of the pump?", "I am not sure.", kind="negative")
        for part in ("seals", "sieve", "motor")
    ]  # fmt: skip
    assert clean(pairs).kept == tuple(pairs)


def test_two_answers_to_one_question() -> None:
    old = pair("What torque?", "Tighten to 12 Nm.", manual="Pump", version=1)
    new = pair("What torque?", "Tighten to 14 Nm.", manual="Pump", version=2)
    fan = pair("What torque?", "Tighten to 4 Nm.", manual="Fan", version=1)
    wise = pair("What torque?", "Tighten to 15 Nm.", approver="Kim")
    assert only([old, new])[1:] == (
        True, 1, "Pair 2 is from version 2 and answers otherwise: “14” and “12”.",
    )  # fmt: skip
    assert only([wise, old])[1:] == (
        True, 2, "Pair 1, which Kim approved, answers otherwise: “15” and “12”.",
    )  # fmt: skip
    kind, removed, place, why = only([old, fan])
    assert (kind, removed, place) == ("contradiction", False, 2) and "Name the product" in why
    assert "“12” and “4”" in why


def test_a_refusal_gives_way_to_an_answer_and_other_words_may_both_be_right() -> None:
    no = pair("What torque?", "I am not sure. Please check the manual.", kind="negative")
    yes = pair("What torque?", "Tighten to 12 Nm.")
    assert only([no, yes]) == (
        "contradiction", True, 1, "Pair 2 answers the question that this one declines.",
    )  # fmt: skip
    assert clean([yes, pair("What torque?", "12 Nm is right.")]).findings == ()
    apart = [pair("Where?", "Behind the cover."), pair("Where?", "Under the paper door.")]
    assert only(apart)[1] is False
    style = [pair("Hello", "Good day.", kind="style"), pair("Hello", "Welcome!", kind="style")]
    assert clean(style).findings == ()


@pytest.mark.parametrize(
    "answer",
    [
        "Close it.<|im_end|>", "[INST] Close it. [/INST]", "### Response:\nClose it.", "<s>Close it.", "Close it.<end_of_turn>",
        "As an AI language model, I cannot close it.", "Assistant: Close it.", "<think>hm</think> Close it.",
    ],
)  # fmt: skip
def test_leftovers_of_templates_and_of_models_go(answer: str) -> None:
    kind, removed, _, why = only([pair("How?", answer)])
    assert (kind, removed) == ("leftover", True) and "“" in why


def test_what_only_looks_like_a_leftover_stays() -> None:
    for answer in ("Press <Start>.", "Use S < 5 and T > 6.", "Ask the assistant: he helps."):
        assert clean([pair("How?", answer)]).findings == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Write to kim.lee@example.org.", "e-mail address"),
        ("Call +49 30 901820 today.", "phone number"),
        ("Call (555) 010-4477.", "phone number"),
        ("Call 030 / 901820.", "phone number"),
        ("Card 4111 1111 1111 1111.", "card number"),
        ("Pay to DE89 3704 0044 0532 0130 00.", "bank account"),
        ("Pay to GB82WEST12345698765432.", "bank account"),
    ],
)
def test_personal_data_is_seen(text: str, kind: str) -> None:
    assert [found for found, _ in personal_data(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Card 4111 1111 1111 1112.", "Serial 1234-5678-9012-3456.", "Part RB-110 costs 19 euros.", "From 0 to 100 °C, 230 V",
        "DE89 3704 0044 0532 0130 01", "Order 0-482-11 or 00 1 2", "2026-11-27 10:15:00", "See 1.2.3.4.5.6.7.8.9", "user@host",
        "0.5 mm to 12.75 mm", "9100 9101 9102", "ISBN 978-3-16-148410-0",
    ],
)  # fmt: skip
def test_part_numbers_are_nobodys(text: str) -> None:
    assert personal_data(text) == ()


def test_people_go_and_what_the_manual_prints_is_named() -> None:
    text = "Write to help@example.org."
    kind, removed, _, why = only([pair("How?", text, origin="approved")])
    assert (kind, removed, why) == ("personal data", True, "It holds an e-mail address (….org).")
    _, removed, _, why = only([pair("How?", text, origin="template")])
    assert (removed, why) == (
        False, "“help@example.org” looks like an e-mail address; it stands in the manual.",
    )  # fmt: skip
    card = pair("How?", "Card 4111 1111 1111 1111.", origin="template")
    assert only([card])[1:] == (True, 1, "It holds a card number (…1111).")


def test_lengths() -> None:
    assert only([pair("How?", "word " * 1_000)])[:2] == ("length", True)
    usual = pump_pairs(10, 4)
    long = pair("Tell me all.", " ".join(f"w{n}" for n in range(90)))
    kind, removed, place, why = only([*usual, long])
    assert (kind, removed, place) == ("length", False, 41)
    assert why == "The answer has 90 words; three quarters of the others have at most 6."


@pytest.mark.parametrize(
    ("first", "second", "contradicts"),
    [
        ("Turn the left key.", "Never turn the left key.", True),
        ("It is waterproof.", "It isn't waterproof.", True),
        ("Das Gerät ist wasserdicht.", "Das Gerät ist nicht wasserdicht.", True),
        ("You may use it outdoors.", "It must not be used outdoors.", True),
        ("Hold Feed for 10 s.", "Hold Feed for 10 s. Do not let go.", False),
        ("The lid opens with the left key.", "Use the left key for the lid.", False),
    ],
)
def test_an_answer_that_denies_the_other_contradicts_it(
    first: str, second: str, contradicts: bool
) -> None:
    found = clean([TrainingPair("Which key?", first), TrainingPair("Which key?", second)])
    assert ("contradiction" in {one.kind for one in found.findings}) == contradicts
