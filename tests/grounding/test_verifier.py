"""What is said of a sentence: quoted, supported, contradicted, not said, or no claim at all; and where it stands."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.grounding.verifier import Source, Verifier, claims

CARE = (
    "Do not use solvent. Tighten the screws to 12 Nm. Hold Feed and Cancel for 10 seconds to reset the printer."
    " If the filter is torn, order part KF-10. The cover is held by four screws. Turn the key to the left before you lift the lid."
)
CODES = "E03 head too hot\nE04 cutter jammed\nE05 do not open the door"


def verifier(text: str, *passages: str) -> Verifier:
    return Verifier([Source.of(passage) for passage in passages or (CARE,)])


def state_of(text: str, *passages: str) -> str:
    return verifier(text, *passages).verify(text).state


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Tighten the screws to 12 Nm.", "verified"),
        ("- Tighten the screws to 12 Nm", "verified"),
        ("tighten  the screws to 12 Nm.", "verified"),
        ("You must tighten the screws to 12 Nm.", "supported"),
        ("Tighten the screws to 12Nm.", "verified"),
        ("Four screws hold the cover.", "supported"),
        ("To reset the printer, hold Feed and Cancel for ten seconds.", "supported"),
        ("Hold Feed and Cancel for 10 s to reset the printer.", "supported"),
        ("Tighten the screws to 14 Nm.", "contradicted"),
        ("Tighten the screws to 12 mm.", "contradicted"),
        ("Use solvent.", "contradicted"),
        ("To reset the printer, hold Feed and Cancel for 15 seconds.", "contradicted"),
        ("Turn the key to the right before you lift the lid.", "contradicted"),
        ("Turn the key to the left after you lift the lid.", "contradicted"),
        ("Order part KF-10.", "unsupported"),
        ("If the filter is torn, order part KF-11.", "unsupported"),
        ("The screws hold four covers.", "unsupported"),
        ("Grease the bearings every year.", "unsupported"),
        ("Screws.", "unsupported"),
    ],
)
def test_each_sentence_has_its_state(text: str, state: str) -> None:
    assert state_of(text) == state


@pytest.mark.parametrize(
    "text",
    ["Here is how:", "Follow these steps:", "Hello Ms Keller,", "Thank you for contacting us about your Aurora X200.", "Kind regards",
     "Could you send me the serial number?", "Please let us know if this helps.", "You're welcome!", "Yes.", "---", "The manuals do not say."],
)  # fmt: skip
def test_what_claims_nothing_is_neither(text: str) -> None:
    assert not claims(text)
    assert state_of(text) == "none"


@pytest.mark.parametrize(
    "text",
    [
        "Yes, tighten the screws to 14 Nm.",
        "Thanks to the fuse, the motor is safe.",
        "No oil is needed.",
        "Here is the part: KF-11.",
    ],
)
def test_a_claim_behind_a_courtesy_is_a_claim(text: str) -> None:
    assert claims(text)


def test_a_quote_without_its_negation_or_condition_is_none() -> None:
    found = verifier("").verify("Use solvent.")
    assert found.state == "contradicted" and found.near is not None
    assert CARE[found.near.start : found.near.end] == "Do not use solvent."
    assert state_of("order part KF-10.") == "unsupported"
    assert state_of("If the filter is torn, order part KF-10.") == "verified"


def test_the_second_place_is_quoted_where_the_first_is_negated() -> None:
    passage = "Do not press the red button. In winter, everybody may relax. Press the red button."
    (place,) = verifier("", passage).verify("Press the red button.").places
    assert passage[place.start : place.end] == "Press the red button."


def test_rows_of_a_table_do_not_lend_each_other_words() -> None:
    rows = tuple((line.start(), line.end()) for line in __import__("re").finditer(".+", CODES))
    table = Verifier([Source(CODES, rows)])
    assert table.verify("E04 cutter jammed").state == "verified"
    assert table.verify("E04 head too hot").state == "unsupported"
    assert table.verify("E05 open the door").state == "contradicted"


@pytest.mark.parametrize(
    ("claim", "passage", "wanted"),
    [
        (
            "Remote Management can be turned on and off.",
            "Remote Management can be turned off.",
            "unsupported",
        ),
        (
            "Remote Management can be turned on and off.",
            "Remote Management can be turned on and off.",
            "verified",
        ),
        (
            "Remote Management can be turned on.",
            "Remote Management can be turned on and off.",
            "unsupported",
        ),
        (
            "Remote Management can be turned on.",
            "Remote Management can be turned off.",
            "contradicted",
        ),
        (
            "The valve can be opened and closed with the key.",
            "The valve can be closed with the key.",
            "unsupported",
        ),
        (
            "The valve can be opened with the key.",
            "The valve can be closed with the key.",
            "contradicted",
        ),
        (
            "Switch the pump on before you open the cover.",
            "Switch the pump off before you open the cover.",
            "contradicted",
        ),
        (
            "Turn the left key before the right lever.",
            "Turn the right key before the left lever.",
            "unsupported",
        ),
    ],
)
def test_who_says_both_of_two_opposites_is_not_contradicted_by_one(
    claim: str, passage: str, wanted: str
) -> None:
    assert state_of(claim, passage) == wanted


def test_what_differs_is_named_in_the_words_of_both() -> None:
    found = verifier("").verify("To reset the printer, hold Feed and Cancel for fifteen seconds.")
    assert found.against is not None
    assert [(d.said, d.held, d.number) for d in found.against.differences] == [
        ("fifteen seconds", "10 seconds", True)
    ]


def test_the_nearest_sentence_stands_beside_what_is_not_said() -> None:
    near = verifier("").verify("The filter is torn when it rains on the lid.").near
    assert near is not None and CARE[near.start : near.end].startswith("If the filter is torn")
    assert verifier("").verify("Bananas grow in Brazil.").near is None


def test_the_passages_the_writer_named_come_first_and_all_that_hold_it_are_cited() -> None:
    two = verifier("", CARE, "Other things. Tighten the screws to 12 Nm.")
    assert [place.source for place in two.verify("Tighten the screws to 12 Nm.").places] == [0]
    assert [place.source for place in two.verify("Tighten the screws to 12 Nm.", [1]).places] == [1]
    assert [
        place.source for place in two.verify("Tighten the screws to 12 Nm.", [1, 0]).places
    ] == [1, 0]
    assert [place.source for place in two.verify("Do not use solvent.", [1, 7]).places] == [0], (
        "a wrong mark is moved"
    )


def test_a_sentence_may_stand_on_two_passages_of_one_manual_but_not_of_two() -> None:
    text = "Close both valves of the pump and lift the red lever with the hook."
    parts = ("Close both valves of the pump. Wait.", "Lift the red lever with the hook.")
    same = Verifier([Source(part, (), "", "m1") for part in parts])
    assert [place.source for place in same.verify(text).places] == [0, 1]
    other = Verifier([Source(part, (), "", f"m{i}") for i, part in enumerate(parts)])
    assert other.verify(text).state == "unsupported"


def test_the_products_own_name_may_stand_in_a_sentence_another_ones_may_not() -> None:
    passage = Source("Hold the RESET button for ten seconds.", (), "Aurora X200")
    assert (
        Verifier([passage]).verify("Hold the RESET button on the Aurora X200 for 10 seconds.").state
        == "supported"
    )
    assert (
        Verifier([passage]).verify("Hold the RESET button on the Aurora X100 for 10 seconds.").state
        == "unsupported"
    )


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("The X100 weighs 1150 grams.", "supported"),
        ("Your Aurora X100 label printer weighs 1150 grams.", "supported"),
        ("The X200 weighs 1150 grams.", "unsupported"),
        ("The X100 weighs 1250 grams.", "contradicted"),
        ("The X100 ribbon weighs 1150 grams.", "unsupported"),
    ],
)
def test_a_manual_calls_its_own_product_by_its_kind(said: str, state: str) -> None:
    verifier = Verifier(
        [Source("The printer weighs 1150 grams. Close the door.", (), "Aurora X100 label printer")]
    )
    assert verifier.verify(said).state == state


def test_manuals_that_disagree_in_a_figure_are_found() -> None:
    sources = [Source("Tighten the screws to 12 Nm.", (), "P", "a"), Source("Tighten the screws to 4 Nm.", (), "F", "b"),
               Source("Tighten the screws to 9 Nm.", (), "P", "a"), Source("Tighten the nuts to 4 Nm.", (), "F", "b")]  # fmt: skip
    both = Verifier(sources)
    (place,) = both.verify("Tighten the screws to 12 Nm.").places
    (found,) = both.disagreements("Tighten the screws to 12 Nm.", place)
    assert found[0].source == 1 and found[1].differences[0].held == "4 Nm"


def test_a_long_passage_is_looked_through_to_its_end() -> None:
    passage = "The printer prints labels. " * 400 + CARE
    judged = verifier("", passage)
    for text, state in (
        ("Tighten the screws to 12 Nm.", "verified"),
        ("Four screws hold the cover.", "supported"),
        ("Use solvent.", "contradicted"),
    ):
        verdict = judged.verify(text)
        assert verdict.state == state
        place = verdict.places[0] if verdict.places else verdict.near
        assert place is not None and passage[place.start : place.end] in CARE


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_can_be_judged_and_places_lie_inside(claim: str, passage: str) -> None:
    verdict = verifier("", passage).verify(claim)
    for place in (*verdict.places, *([verdict.near] if verdict.near else [])):
        assert 0 <= place.start < place.end <= len(passage)


@pytest.mark.parametrize(
    "text",
    ["not " * 5_000, "12 " * 5_000, "the cover and " * 2_000, "a, " * 5_000, "is held by " * 2_000],
)
def test_hostile_sentences_end_in_time(text: str) -> None:
    """A model may write anything; the bound is generous for slow machines."""
    begun = time.process_time()
    verifier("", CARE, text[:3000]).verify(text[:2000])
    assert time.process_time() - begun < 10
