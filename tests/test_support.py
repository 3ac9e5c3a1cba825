"""When a passage supports a sentence in other words, and when it must not be said to."""

from __future__ import annotations

import pytest

from chatbot.support import prepare, supported_span

PASSAGE = (
    "Switch the pump off before you open the cover. Remove the four screws and lift the cover. Tighten the screws to 12 Nm."
    " Do not use solvent. If the filter is torn, order part KF-10. The motor takes 230 V."
    " Error E03 means that the head is hot, so wait for 5 minutes. Error E04 means that the cutter is jammed."
)


@pytest.mark.parametrize(
    "claim",
    [
        "Tighten the screws to 12 Nm.",
        "The four screws are removed.",
        "Take out the 4 screws and lift the cover.",
        "You tighten the screw to 12 Nm.",
    ],
)
def test_supported(claim: str) -> None:
    span = supported_span(claim, prepare(PASSAGE))
    assert span is not None
    assert PASSAGE[slice(*span)].endswith(".")


@pytest.mark.parametrize(
    "claim",
    [
        "Tighten the screws to 14 Nm.",
        "Tighten the screws to 12 Nm only.",
        "Use solvent if the filter is torn.",
        "Order part KF-11 if the filter is torn.",
        "Order part KF-10.",
        "Switch the pump off after you open the cover.",
        "The motor takes 230 V and the pump weighs 12 kg.",
        "Grease the bearings of the pump.",
        "12",
        "Error E04 means that the head is hot, so wait for 5 minutes.",
        "",
    ],
)
def test_not_supported(claim: str) -> None:
    assert supported_span(claim, prepare(PASSAGE)) is None


@pytest.mark.parametrize(
    ("claim", "passage", "held"),
    [
        ("Pull the lever to open the door.", "Pull the left lever to open the door.", False),
        ("A blinking light means that the printer is receiving data.", "A blinking blue light means that the printer is receiving data.", False),
        ("The light is on while the printer works.", "The red light is on while the printer works.", False),
        ("Pull the lever to open the door.", "Pull the small lever to open the door.", True),
        ("Pull the left lever to open the door.", "Pull the left lever to open the door.", True),
    ],
)
def test_a_word_that_says_which_one_is_meant_is_not_left_out(claim: str, passage: str, held: bool) -> None:
    assert (supported_span(claim, prepare(passage)) is not None) is held


@pytest.mark.parametrize(
    ("claim", "held"),
    [
        ("Do not place or store the pump near magnets.", True),
        ("Place or store the pump near magnets.", False),
        ("Store the pump near magnets, do not place it.", False),
    ],
)
def test_what_is_forbidden_may_be_listed_in_another_order(claim: str, held: bool) -> None:
    assert (supported_span(claim, prepare("Do not store or place the pump near magnets.")) is not None) is held


STEPS = "Clean the print head first, then raise the darkness by one step. To place a pin, click OK, then click on the canvas."


@pytest.mark.parametrize(
    ("claim", "held"),
    [
        ("Clean the print head first, then raise the darkness by one step.", True),
        ("Raise the darkness by one step first, then clean the print head.", False),
        ("Raise the darkness by one step, then clean the print head first.", False),
        ("Click OK, then click on the canvas to place a pin.", True),
        ("If the head is hot, then wait.", True),
    ],
)
def test_steps_stay_in_their_order(claim: str, held: bool) -> None:
    assert (supported_span(claim, prepare(STEPS + " Wait if the head is hot.")) is not None) is held


def test_a_line_may_end_between_a_number_and_its_unit() -> None:
    page = prepare("The head can be hot enough to burn skin: wait 5 \r\nminutes after printing before you touch it.")
    assert supported_span("The head can be hot enough to burn the skin: please wait five minutes after printing before you touch it.", page)
    assert supported_span("Wait 6 minutes after printing before you touch it.", page) is None
