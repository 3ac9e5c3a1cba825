"""What a question asks for must be named where it is answered: a chip for "which chip", a figure for "how many"."""

from __future__ import annotations

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Question
from tests.support.manuals import put

WATCH = """# Heron W2 sports watch

## Heart rate

The heart rate sensor of the watch measures your heart rate on the wrist while you exercise. Wear the watch above the wrist bone.

## Wear the watch

Open the buckle of the strap, place the watch around your wrist, and close the buckle of the strap.

## Slow motion

Record slow motion videos at a very high frame rate with the camera button of the watch.

## Take a picture of the screen

Press the crown and the upper key together to take a picture of the screen.

## Charge the watch

The light on the charger is red while the watch charges and green when the watch is full. Charge the watch to at least 30 % before an update.

## Reset the volume limit

To limit how loud the watch gets, tap Sounds > Limit, and drag the slider of the volume limit.
"""


def _outcome(assistant: Assistant, question: str) -> str:
    put(assistant.catalog, "watch.md", WATCH)
    return ask_once(assistant, Question(question)).outcome


@pytest.mark.parametrize(
    "question",
    [
        "Which heart rate sensor chip does the watch use?",
        "What material is the buckle of the strap of the watch made of?",
        "What frame rate does slow motion of the watch record at?",
        "How many frames does slow motion of the watch record?",
        "What is the warranty on the buckle of the strap?",
    ],
)
def test_a_section_that_names_no_such_thing_is_no_answer(
    assistant: Assistant, question: str
) -> None:
    assert _outcome(assistant, question) in ("choose", "unanswered")


@pytest.mark.parametrize(
    "question",
    [
        "Which button takes a picture of the screen?",  # another word for what the manual calls a key
        "What colour is the light on the charger while it charges?",
        "What percentage do I need before an update of the watch?",
        "Which way do I wear the watch?",
        "Is there a way to limit how loud the watch gets?",
        "Which wrist sensor measures the heart rate?",
    ],
)
def test_what_is_named_in_other_words_is_answered(assistant: Assistant, question: str) -> None:
    assert _outcome(assistant, question) == "answered"


MILL = """# Merlin M4 mill

## Before the first run

Home the mill and its table before each program, so that the mill knows where the table stands. Then check the emergency stop, oil the guides and close the door of the mill.

## Home position

The table stands at the left rear when it is at its home position. Press Zero and hold it for two seconds.

## Clean the guides

Wipe the guides with a dry cloth. The table is easier to reach at the left rear.
"""
OVEN = """# Dove D2 oven

## Standby

The display of the oven turns off after ten minutes. What is shown all the time, as the clock that is always on, may leave a shadow on the display: turn the light of the display down.

## Clock

Hold the key with the watch hand for five seconds to hide or show it while the oven rests.

## Bake

Choose a temperature and press Start. Turn the tray round after half the time.
"""


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("How do I home the table of the mill?", "Home position"),
        ("How can I turn the clock of the oven off?", "Clock"),
    ],
)
def test_a_section_that_mentions_a_task_gives_way_to_a_choice_with_the_one_about_it(
    assistant: Assistant, question: str, heading: str
) -> None:
    for name, text in (("mill.md", MILL), ("oven.md", OVEN)):
        put(assistant.catalog, name, text)
    answer = ask_once(assistant, Question(question))
    assert answer.outcome == "choose"
    assert heading in [one.passage.section[-1] for one in answer.evidence]


@pytest.mark.parametrize(
    "question",
    [
        "How do I clean the guides of the mill?",
        "How do I turn the tray in the oven?",  # in passing, but no section is about trays
        "Where is the table at its home position?",
    ],
)
def test_a_task_is_answered_where_no_other_section_is_about_it(
    assistant: Assistant, question: str
) -> None:
    for name, text in (("mill.md", MILL), ("oven.md", OVEN)):
        put(assistant.catalog, name, text)
    assert ask_once(assistant, Question(question)).outcome == "answered"
