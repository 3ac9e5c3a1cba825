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


PRESS = """# Kestrel T5 heat press user manual

## Prices and part numbers

The heating plate has part number HP-5. The silicone mat has part number SM-20. The lower tray has part number LT-7. A new silicone mat costs 18 euros. A new heating plate costs 140 euros.

## Lamps

A steady green lamp means that the press is ready. A blinking amber lamp means that the press heats up. A steady red lamp means that the plate is too hot.

## Life and warranty

The heating plate lasts 4000 hours. The silicone mat lasts 600 hours. The warranty of the press is 24 months. The warranty of the heating plate is 6 months. Fuses are not covered by the warranty.

## Plan of service

| Part | Work | Interval |
| --- | --- | --- |
| Fan belt | check the tension | every 2 years |
| Fuses | check by customer service | every 6 years |

## Place

Leave 40 cm free on every side. The table must carry the weight.

## Set the pressure

Pressure goes from 1 to 9; the press is delivered with 4.

## Store the press

Store the press dry, between 5 °C and 45 °C, below a cover that is 2 mm thick.

## The cord

The cord reaches 2.5 m from the wall. Do not bend it.

## Connect the press

1. Put the mains cable into the socket at the back.
2. Wait 20 seconds.
3. Press Start.

## The drawer

The drawer is sold apart. It weighs 3 kg and costs 55 euros.

## Battery of the clock

The clock of the press has a battery:

- It lasts for five years.
- It weighs 3 grams.
"""


def _answer(assistant: Assistant, question: str) -> tuple[str, str]:
    put(assistant.catalog, "press.md", PRESS)
    found = ask_once(assistant, Question(question))
    return found.outcome, found.text


@pytest.mark.parametrize(
    "question",
    [
        "What does a new lower tray cost?",
        "How much does a new lower tray cost?",
        "What is the part number of the mains cable?",
        "What does a blinking red lamp mean?",
        "What does a steady amber lamp mean?",
        "How long is the warranty on the silicone mat?",
        "How long is the mains cable?",
        "price of the lower tray",
        "lower tray price?",
        "warranty for the silicone mat?",
        "price of a fan belt?",
        "what does a fan belt cost",
        "How heavy is the lower tray?",
    ],
)
def test_what_is_told_of_other_parts_is_no_answer(assistant: Assistant, question: str) -> None:
    assert _answer(assistant, question)[0] in ("choose", "unanswered")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What does a new silicone mat cost?", "18 euros"),
        ("What is the part number of the lower tray?", "LT-7"),
        ("What does a blinking amber lamp mean?", "heats up"),
        ("How long is the warranty on the heating plate?", "6 months"),
        ("How long does the silicone mat last?", "600 hours"),
        ("How many hours does it last: can the silicone mat wear out?", "600 hours"),
        ("How much does the drawer weigh?", "3 kg"),
        ("What does the drawer cost?", "55 euros"),
        ("How long does the battery of the clock last?", "five years"),
        ("How long is the warranty of the press?", "24 months"),
        ("price of the silicone mat?", "18 euros"),
        ("part number heating plate", "HP-5"),
        ("heating plate part number?", "HP-5"),
        ("How long is the warranty on the fuses?", "not covered"),
        ("How long is the cord?", "2.5 m"),
        ("What does a blinking amber LED mean?", "heats up"),
        ("What is the highest setting for the pressure?", "1 to 9"),
        ("At what temperatures may the press be stored?", "45 °C"),
        ("How long does the heating plate of the press last?", "4000 hours"),
    ],
)
def test_what_is_told_of_the_part_is_the_answer(
    assistant: Assistant, question: str, told: str
) -> None:
    outcome, text = _answer(assistant, question)
    assert outcome == "answered" and told in text


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("Where can I buy a new buckle for the strap of the watch?", False),
        ("How do I order a charger of the watch with a red light?", False),
        ("Where can I buy a new filter for the kettle?", True),
        ("Who sells the filter of the kettle?", True),
    ],
)
def test_where_to_buy_a_thing_is_not_answered_by_how_to_use_it(
    assistant: Assistant, question: str, answered: bool
) -> None:
    sold = "# Rook K1 kettle\n\n## Filter of the kettle\n\nThe filter of the kettle is sold by every dealer of kettles."
    put(assistant.catalog, "kettle.md", sold)
    assert (_outcome(assistant, question) == "answered") is answered


def test_no_word_of_a_question_counts_twice_in_what_a_section_covers(assistant: Assistant) -> None:
    """The two words of a complaint ("bright enough") are one."""
    lamp = (
        "# Lamp\n\n## Brightness of the lamp\n\nTurn the wheel to set the brightness of the lamp."
    )
    put(assistant.catalog, "lamp.md", lamp)
    best = assistant.search.looked_at("my lamp is not bright enough")[0][0]
    assert 0.5 < best.coverage <= 1


UPDATES = """# Heron W2 sports watch

## Security updates

Security updates of the watch come with version 12 and 13 over the network, {when}.

## Strap

Open the buckle of the strap.
"""


@pytest.mark.parametrize(
    ("when", "outcome"),
    [
        ("each at night", "not answered"),
        ("until June 2027", "answered"),
        ("until 30.6.2027", "answered"),
    ],
)
def test_a_date_is_answered_by_a_date_and_not_by_any_figure(
    assistant: Assistant, when: str, outcome: str
) -> None:
    put(assistant.catalog, "watch.md", UPDATES.format(when=when))
    answer = ask_once(assistant, Question("Until what date does the watch get security updates?"))
    assert (answer.outcome == "answered") is (outcome == "answered")


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("How many lenses has the camera?", False),
        ("How many times must I press the side key for the camera?", True),
    ],
)
def test_twice_is_how_often_and_not_how_many(
    assistant: Assistant, question: str, answered: bool
) -> None:
    put(
        assistant.catalog,
        "camera.md",
        "# Lyra\n\n## Camera\n\nPress the side key twice for the camera. Clean the lenses of the camera.\n",
    )
    assert (ask_once(assistant, Question(question)).outcome == "answered") is answered


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How many seals does the pump have?", "two seals"),
        ("How many baskets can I put in?", ""),
        ("How many litres go in?", "12 litres"),
    ],
)
def test_how_many_there_are_is_told_by_a_number_beside_the_word(
    assistant: Assistant, question: str, told: str
) -> None:
    """A section with the word was quoted for any figure in it."""
    text = "# Pump\n\n## Seals\n\nThe pump has two seals. Oil them.\n\n## Baskets\n\nThe baskets can be put in and taken out. Wash them by hand, and dry them in the open air on a cloth. They fit 12 litres.\n"
    put(assistant.catalog, "pump.md", text, product="Pump")
    answer = ask_once(assistant, Question(question))
    assert (answer.outcome == "answered") is bool(told) and told in answer.text
