"""When a passage supports a sentence in other words, and when it must not be said to."""

from __future__ import annotations

import pytest

from chatbot.grounding.entailment import prepare, supported_span

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
        (
            "A blinking light means that the printer is receiving data.",
            "A blinking blue light means that the printer is receiving data.",
            False,
        ),
        (
            "The light is on while the printer works.",
            "The red light is on while the printer works.",
            False,
        ),
        ("Pull the lever to open the door.", "Pull the small lever to open the door.", False),
        ("Pull the left lever to open the door.", "Pull the left lever to open the door.", True),
    ],
)
def test_a_word_that_says_which_one_is_meant_is_not_left_out(
    claim: str, passage: str, held: bool
) -> None:
    assert (supported_span(claim, prepare(passage)) is not None) is held


@pytest.mark.parametrize(
    ("claim", "held"),
    [
        ("Do not place or store the pump near magnets.", False),
        ("Place or store the pump near magnets.", False),
        ("Store the pump near magnets, do not place it.", False),
    ],
)
def test_what_is_forbidden_stays_in_its_order(claim: str, held: bool) -> None:
    assert (
        supported_span(claim, prepare("Do not store or place the pump near magnets.")) is not None
    ) is held


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
    page = prepare(
        "The head can be hot enough to burn skin: wait 5 \r\nminutes after printing before you touch it."
    )
    assert supported_span(
        "The head can be hot enough to burn the skin: please wait five minutes after printing before you touch it.",
        page,
    )
    assert supported_span("Wait 6 minutes after printing before you touch it.", page) is None


CLOCK = (
    "Tap Menu to choose a different city. Swipe the hours on the clock to set a time. If the cutter is jammed, open the cover."
    " Replace the blade. Grid lines: Show lines that help to compose a picture or video. Location tags: Add the place."
)


@pytest.mark.parametrize(
    ("claim", "held"),
    [
        ("To choose a different city, tap Menu.", True),
        ("To choose a different city, swipe the hours on the clock.", False),
        ("Swipe the hours on the clock to choose a different city.", False),
        ("Tap Menu to set a time.", False),
        ("If the cutter is jammed, open the cover.", True),
        ("If the cutter is jammed, replace the blade.", False),
        ("Replace the blade if the cutter is jammed.", False),
        ("To compose a picture or video, use Location tags.", False),
        (
            "Swipe the hours on the clock to set a time, and if the cutter is jammed, open the cover.",
            True,
        ),
    ],
)
def test_a_purpose_or_a_condition_is_never_taken_from_another_sentence(
    claim: str, held: bool
) -> None:
    assert (supported_span(claim, prepare(CLOCK)) is not None) is held


@pytest.mark.parametrize(
    ("claim", "passage", "held"),
    [
        (
            "From the tray, the paper is located near the door.",
            "From the paper, the tray is located near the door.",
            False,
        ),
        (
            "The value of the pin is shown on the screen.",
            "The pin's value is shown on the screen.",
            False,
        ),
        (
            "In the lower tray, the labels are stacked.",
            "The labels are stacked in the lower tray.",
            True,
        ),
    ],
)
def test_words_do_not_trade_their_prepositions(claim: str, passage: str, held: bool) -> None:
    assert (supported_span(claim, prepare(passage)) is not None) is held


@pytest.mark.parametrize(
    ("claim", "passage", "held"),
    [
        ("The track is finished by clicking on the pad.", "Click on the pad to finish the track.", False),
        ("Press M to move the selected part.", "The selected part is moved by pressing M.", False),
        ("Jim wrote this page about the drive.", "This page about the drive was written by Jim.", False),
        ("Jim wrote this page about the drive.", "A page about the drive written by Jim.", True),
        ("The drive is about the page written by Jim.", "A page about the drive written by Jim.", False),
        ("Filters that can be defined for a symbol are activated by the left button.", "The left button activates filters that can be defined for a symbol.", True),
        ("Parts are moved by pressing R and rotated by pressing M.", "Parts are moved by pressing M and rotated by pressing R.", False),
        ("The part is rotated by pressing M.", "The part is moved by pressing M. The part is rotated by pressing R.", False),
    ],
)  # fmt: skip
def test_either_voice(claim: str, passage: str, held: bool) -> None:
    assert (supported_span(claim, prepare(passage)) is not None) is held


@pytest.mark.parametrize(
    ("claim", "passage", "held"),
    [
        (
            "To take pictures from afar, use Voice control.",
            "Voice control: Take pictures from afar. Use the key to zoom.",
            False,
        ),
        (
            "To zoom, use Voice control.",
            "Voice control: Take pictures from afar. Use the key to zoom.",
            False,
        ),
        (
            "Voice control lets you take pictures from afar.",
            "Voice control: Take pictures from afar.",
            False,
        ),
        ("The demo lets you save files.", "The demo does not let you save files.", False),
        ("You can save files with the demo.", "The demo does not allow you to save files.", False),
        (
            "The line is no longer drawn on the screen.",
            "The line is not drawn on the screen any more.",
            True,
        ),
        ("The line is drawn on the screen.", "The line is no longer drawn on the screen.", False),
        ("Every account has custom settings.", "Each account has custom settings.", True),
        ("Every account has custom settings.", "The account has custom settings.", False),
        (
            "The pump is checked every time it starts.",
            "The pump is checked whenever it starts.",
            True,
        ),
        ("The lowest rate is five Hz.", "The lowest rate is 5 Hz.", True),
        ("Wait for one ms before you write.", "Wait for 1ms before you write.", True),
        ("The lowest rate is five kHz.", "The lowest rate is 5 Hz.", False),
    ],
)
def test_other_words_for_the_same(claim: str, passage: str, held: bool) -> None:
    assert (supported_span(claim, prepare(passage)) is not None) is held
