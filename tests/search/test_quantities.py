"""Questions of quantity: answered by the row that names the property, and never by one that names another thing."""

from __future__ import annotations

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Question
from knowledge.library import Library
from knowledge.search.ranking import asks_figure
from knowledge.search.retriever import Search
from tests.support.manuals import put

SAW = """# Otter T5 tile saw

The Otter T5 is a saw for tiles.

## Technical data

| Property | Value |
| --- | --- |
| Mains voltage | 230 V |
| Motor power | 1,250 W |
| Sound pressure | 96 dB |
| Weight | 31.5 kg |
| Length of the mains lead | 2.4 m |
| Lifting height | 3 m |
| Water flow | 900 l/h |

## Setting up the saw

Put the saw on a level floor. Never lift the saw by its table.

## Cutting

Start the saw and wait until the saw runs at full speed. Push the tile slowly.

## The lead

A longer lead for the saw must have at least 2.5 mm² and at most 25 m.

## Guarantee

The saw has a guarantee of 36 months.
"""


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("How heavy is it?", "Weight | 31.5 kg"),
        ("How heavy is the saw?", "Weight | 31.5 kg"),
        ("How loud is the saw?", "Sound pressure | 96 dB"),
        ("How many watts does the motor have?", "Motor power | 1,250 W"),
        ("How long is the mains lead?", "Length of the mains lead | 2.4 m"),
        ("How long is the guarantee?", "The saw has a guarantee of 36 months."),
    ],
)
def test_the_property_answers_the_adjective(assistant: Assistant, question: str, row: str) -> None:
    put(assistant.catalog, "saw.md", SAW)
    answer = ask_once(assistant, Question(question))
    assert [sentence.text for sentence in answer.sentences] == [row]


@pytest.mark.parametrize(
    "question",
    [
        "How heavy is the blade?",
        "How long is the hose?",
        "How loud is the pump?",
        "How tall is the saw?",
        "How high is the saw?",
    ],
)
def test_another_thing_has_no_row(assistant: Assistant, question: str) -> None:
    put(assistant.catalog, "saw.md", SAW)
    assert ask_once(assistant, Question(question)).outcome != "answered"


def test_of_two_manuals_neither_is_taken_in_silence(assistant: Assistant) -> None:
    put(assistant.catalog, "saw.md", SAW)
    other = SAW.replace("Otter T5", "Beaver C8").replace("31.5", "18.2")
    put(assistant.catalog, "beaver.md", other)
    answer = ask_once(assistant, Question("How heavy is it?"))
    assert answer.outcome != "answered" or answer.products
    assert not any("kg" in sentence.text for sentence in answer.sentences)


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("How much does the saw weigh?", True),
        ("how loud is it", True),
        ("Where do I see how much space is left?", False),
        ("How do I set how often the pump rinses?", False),
        ("I do not know how long the lead is. How long is it?", True),
    ],
)
def test_where_to_see_a_figure_is_no_question_of_the_figure(question: str, figure: bool) -> None:
    assert asks_figure(question) is figure


def test_where_to_see_how_much_is_left_finds_the_place(assistant: Assistant) -> None:
    text = "# Otter T5 saw\n\n## Water tank\n\nLook at the glass on the left: it shows the water that is left in the tank.\n"
    put(assistant.catalog, "saw.md", f"{text}\n{SAW[SAW.index('## Tech') :]}")  # type: ignore[arg-type]
    answer = ask_once(
        assistant, Question("Where do I see how much water is left in the tank?"), "a"
    )
    assert answer.outcome == "answered" and "glass on the left" in answer.text


HOLDER = """# Wall holder WH-9

The wall holder WH-9 carries a vacuum cleaner.

## Technical data

| Property | Value |
| --- | --- |
| Load of the wall holder | 5 kg |
| Weight | 0.4 kg |
| Width | 12 cm |
"""


def test_the_name_of_the_product_names_no_row(assistant: Assistant) -> None:
    put(assistant.catalog, "holder.md", HOLDER, product="Wall holder WH-9")  # type: ignore[arg-type]
    put(assistant.catalog, "saw.md", SAW, product="Otter T5")  # type: ignore[arg-type]
    answer = ask_once(assistant, Question("How heavy is the wall holder WH-9?"))
    assert [one.text for one in answer.sentences] == ["Weight | 0.4 kg"]
    loose = ask_once(assistant, Question("how heavy is the wall holder"))
    assert [one.text for one in loose.sentences] == ["Weight | 0.4 kg"]
    other = ask_once(assistant, Question("How heavy is the saw?"))
    assert [one.text for one in other.sentences] == ["Weight | 31.5 kg"]
    neither = ask_once(assistant, Question("How heavy is it?"))
    assert neither.outcome != "answered"


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("the screen is too dark outside, what can I do", "Brightness"),
        ("my screen is not bright enough", "Brightness"),
        ("the ringtone is too quiet", "Volume"),
        ("How do I turn on the dark mode?", "Dark mode"),
        ("Does it have a quiet mode?", "Quiet hours"),
        ("The speaker is too quiet", "Faults"),
        ("My phone gets too hot", "Overheating"),
    ],
)
def test_a_complaint_asks_for_what_is_to_be_changed(
    library: Library, question: str, section: str
) -> None:
    text = """# Heron phone manual

## Dark mode

Dark mode makes the screen dark, so that it is easier on your eyes at night. Turn on Dark mode for the screen in Settings.

## Brightness

Swipe along the bar to set how much light the display gives, or tap Adaptive brightness.

## Volume

Set the volume of ringtones and media with the keys on the side.

## Quiet hours

In quiet mode the ringtone is off: turn on Quiet hours.

## Faults

If the speaker is too quiet, clean its openings with a soft brush.

## Overheating

If the phone gets too hot, close the apps and let it cool down in the shade.

## Storage conditions

Keep the phone at a temperature of 5 to 35 °C. The temperature of the battery is shown in Settings.
"""
    put(library, "phone.md", text)
    found = Search(library, library.index).find(question)
    assert found.evidence[0].passage.section[-1] == section


@pytest.mark.parametrize("heading", ["Brightness", "Screen brightness", "Brightness of the screen"])
def test_a_heading_of_what_a_complaint_is_about_may_name_the_thing(
    library: Library, heading: str
) -> None:
    text = f"""# Heron phone manual

## Dark mode

Dark mode makes the screen dark, so that it is easier on your eyes at night. Turn on Dark mode for the screen in Settings.

## {heading}

Swipe along the bar to set how much light the display gives.
"""
    put(library, "phone.md", text)
    found = Search(library, library.index).find("my screen is too dark outside")
    assert found.evidence[0].passage.section[-1] == heading
