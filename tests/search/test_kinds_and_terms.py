"""What kind of thing a product is, sections named by the word that tells a question from others, and terms that a manual explains."""

from __future__ import annotations

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Question
from knowledge.search.wording.sections import asked_term, defines
from tests.support.manuals import put

MOWER = """# Otter M4 manual

The Otter M4 is a battery lawn mower for gardens of up to 400 m².

## Technical data

| Property | Value |
| --- | --- |
| Weight | 11.5 kg |
| Noise level | 88 dB |

## Safety

Keep the blade away from your feet.

## Storage

Store it in a dry place.
"""
OVEN = """# Otter B9 manual

The Otter B9 is a baking oven with four programmes.

## Technical data

| Property | Value |
| --- | --- |
| Weight | 34 kg |
| Noise level | 41 dB |

## Door

The door of the mower shed is not the door of the oven. Clean the door with warm water.
"""


@pytest.fixture
def house(assistant: Assistant) -> Assistant:
    put(assistant.catalog, "mower.md", MOWER, product="Otter M4")
    put(assistant.catalog, "oven.md", OVEN, product="Otter B9")
    return assistant


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("How heavy is the mower?", "Weight | 11.5 kg"),
        ("How loud is the oven?", "Noise level | 41 dB"),
    ],
)
def test_a_thing_of_its_kind_is_the_product_that_is_one(
    house: Assistant, question: str, row: str
) -> None:
    assert [one.text for one in ask_once(house, Question(question)).sentences] == [row]


MODEL = """# User manual

## Reset

Hold the key for {n} seconds.

## Fuse

The fuse of the {model} is T 2.5 A.

## Filter

Clean the filter of the {model} monthly.
"""


@pytest.mark.parametrize(
    ("question", "told"),
    [("How do I reset the Q7?", "5 seconds"), ("How do I reset the Osprey Q9?", "12 seconds")],
)
def test_the_model_in_a_files_name_is_what_its_manual_is_about(
    assistant: Assistant, question: str, told: str
) -> None:
    """Also of its sections that do not name it: the filter's does, and does not answer."""
    for model, n in (("Q7", 5), ("Q9", 12)):
        text = MODEL.format(n=n, model=model)
        put(assistant.catalog, f"Osprey_{model}_manual.md", text, manual=f"User manual {n}")
    answer = ask_once(assistant, Question(question))
    assert answer.sentences[0].text == f"Hold the key for {told}."


def test_another_products_part_of_the_same_name_is_asked_about(assistant: Assistant) -> None:
    charger = "# Ladra 4 manual\n\nThe Ladra 4 is a charger for batteries.\n\n## Data\n\n- Weight: 200 g\n"
    drill = (
        "# Otter D7 drill manual\n\n## Data\n\n- Weight of the charger: 600 g\n- Weight: 1.4 kg\n"
    )
    put(assistant.catalog, "charger.md", charger, product="Ladra 4")
    put(assistant.catalog, "drill.md", drill, product="Otter D7")
    asked = ask_once(assistant, Question("How heavy is the charger?"))
    assert asked.outcome != "answered" or "600 g" in asked.text


def test_a_part_is_not_the_product(house: Assistant) -> None:
    """The oven's weight is not that of its door, nor its noise that of the blade."""
    for question in ("How heavy is the door?", "How loud is the blade?"):
        assert ask_once(house, Question(question)).outcome != "answered"


TABS = """<html><head><title>Update the receiver</title></head><body><h1>Update the receiver</h1>
<h2>Android</h2><p>Open the app, tap More, then tap Firmware.</p>
<h2>Linux</h2><p>Copy the file to a stick and restart with the stick in.</p>
<h2>How long does the update of the receiver take?</h2><p>The update takes 6 minutes. Do not unplug the receiver.</p>
</body></html>"""


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How do I update the receiver on Linux?", "Copy the file to a stick"),
        ("How do I update the receiver on Android?", "Open the app"),
    ],
)
def test_the_section_called_by_what_tells_the_question_from_others_answers(
    assistant: Assistant, question: str, told: str
) -> None:
    put(assistant.catalog, "receiver.html", TABS)
    answer = ask_once(assistant, Question(question))
    assert answer.sentences and told in answer.text
    assert "6 minutes" not in answer.text, "that is another question's answer"


GLOSSARY = """# Otter loom handbook

## Terms

Backlash The amount of play that occurs when direction is reversed.

Feed rate The speed at which cloth moves. It is set in millimetres a second.

Shuttle speed override A manual change in the rate at which the shuttle moves.

Shuttle The part of a loom that carries the yarn. On a hand loom it is thrown.

Warp: the yarn that runs along the cloth.

## Shuttle race

The shuttle race is oiled every week. Wipe the shuttle race with a dry cloth.
"""


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What is the feed rate?", "Feed rate The speed at which cloth moves. It is set"),
        ("What is a shuttle?", "Shuttle The part of a loom that carries the yarn. On a hand"),
        ("what does warp mean", "Warp: the yarn that runs along the cloth."),
    ],
)
def test_a_term_is_answered_by_its_entry_alone(
    assistant: Assistant, question: str, told: str
) -> None:
    put(assistant.catalog, "loom.md", GLOSSARY)
    answer = ask_once(assistant, Question(question))
    said = " ".join(sentence.text for sentence in answer.sentences)
    assert said.startswith(told)
    assert "Backlash" not in said and "override" not in said


METER = """# Otter meter

## Menu

Alarm: Turns the alarm on or off.

Reset: Press for 5 seconds.

Bag Warning. Never burn it.

Limit: Sets the limit.

## Alarm

The alarm is a tone that sounds when the limit is passed.

## Dust bag

The bag is a bag for dust. Empty it when it is half full.
"""


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What is the alarm?", "The alarm is a tone that sounds when the limit is passed."),
        ("What is the bag?", "The bag is a bag for dust."),
    ],
)
def test_a_settings_label_or_a_warning_explains_no_term(
    assistant: Assistant, question: str, told: str
) -> None:
    put(assistant.catalog, "meter.md", METER)
    assert ask_once(assistant, Question(question)).sentences[0].text == told


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("What is G code?", ("g", "code")),
        ("what does MDI stand for", ("mdi",)),
        ("What's the meaning of DRO?", ("dro",)),
        ("How do I jog?", ()),
        ("What is the torque of M6, and where is it? Thanks.", ()),
    ],
)
def test_which_term_is_asked_for(question: str, term: tuple[str, ...]) -> None:
    assert asked_term(question) == term


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("G-code The generic term", 2),
        ("G code: what a machine reads", 2),
        ("G-code Reference Manual. It lists all words", 1),
        ("G-code Reference Manual", 0),  # a title
        ("The G-code is what a machine reads", 2),
        ("G-code.N.pin is", 0),
        ("The G-code", 0),
    ],
)
def test_how_surely_a_paragraph_tells_of_a_term(text: str, sure: int) -> None:
    assert defines(text, ("g", "code")) == sure
