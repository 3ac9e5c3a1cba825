"""What is done to the product itself: "restart the S10" is about the device, not about anything that restarts."""

from __future__ import annotations

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Question
from knowledge.search.ranking import asks_figure
from knowledge.search.wording.codes import codes_in
from knowledge.search.wording.separable import with_particle_beside
from knowledge.search.wording.things import own_phones, phone_as_device, with_device
from tests.support.manuals import put

PHONE = """# Lyra {n} phone user guide

## Turn your device on or off

Press and hold the Side key to turn on your device. To turn off your device, open the Quick panel and tap Power off. To restart
your device, tap Restart there.

## Emergency mode

Emergency mode saves power when you are in danger.

### Turn off Emergency mode

When Emergency mode is turned off, the device returns to standard mode. Tap More options, and tap Turn off Emergency mode.

## Auto restart

Optimize your device by restarting it automatically at set times. Tap Settings > Reset > Auto restart.

## Charge the battery

Connect the charger to charge the battery of your device. A full charge takes 2 hours.

## Screen zoom

Change the size of what the screen shows. Tap Settings > Display > Screen zoom.
"""
NAMES = frozenset({"lyra", "l7", "fold"})


@pytest.fixture
def phones(assistant: Assistant) -> Assistant:
    for n in ("L7", "L8"):
        put(assistant.catalog, f"lyra-{n}.md", PHONE.format(n=n), product=f"Lyra {n}")
    return assistant


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("How do I turn off the Lyra L7?", "Turn your device on or off"),
        ("how can I switch my Lyra L8 off", "Turn your device on or off"),
        ("How do I restart a Lyra L7?", "Turn your device on or off"),
        ("restart Lyra L8", "Turn your device on or off"),
        ("How do I charge the Lyra L7?", "Charge the battery"),
        ("How do I turn off Emergency mode on the Lyra L7?", "Turn off Emergency mode"),
        ("How does auto restart work on the Lyra L8?", "Auto restart"),
    ],
)
def test_it_is_answered_by_what_is_said_of_the_device(
    phones: Assistant, question: str, section: str
) -> None:
    answer = ask_once(phones, Question(question))
    assert answer.outcome == "answered"
    assert answer.citations[0].section[-1] == section


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How do I turn off the Lyra L7?", "How do I turn off the device Lyra L7?"),
        ("restart Lyra L7", "restart device Lyra L7"),
        ("How do I put a strap on the Lyra L7?", "How do I put a strap on the Lyra L7?"),
        ("Lyra L7 restart", "Lyra L7 restart"),
        ("Can I swim with the Lyra L7?", "Can I swim with the Lyra L7?"),
    ],
)
def test_the_product_is_the_device_only_where_something_is_done_to_it(
    question: str, asked: str
) -> None:
    assert with_device(question, NAMES) == asked


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How do I switch a Lyra Fold off?", "How do I switch off a Lyra Fold?"),
        ("Can I turn the big screen up?", "Can I turn up the big screen?"),
        ("How do I put my phone in the box?", "How do I put my phone in the box?"),
        ("What does it do when I turn on the lamp?", "What does it do when I turn on the lamp?"),
    ],
)
def test_the_second_part_of_a_verb_stands_beside_it(question: str, asked: str) -> None:
    assert with_particle_beside(question, NAMES) == asked


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("screen size of the L7", True),
        ("How big is the display in inches?", True),
        ("size of the letters on the L7", False),
        ("Where do I set the screen size?", False),
    ],
)
def test_a_size_in_units_is_a_figure(question: str, figure: bool) -> None:
    assert asks_figure(question) is figure


def test_a_size_that_no_manual_gives_is_not_answered_by_how_to_change_one(
    phones: Assistant,
) -> None:
    assert ask_once(phones, Question("screen size of the Lyra L7 in inches")).outcome != "answered"


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("What is mode 7?", ["7"]),
        ("How long does program 12 take?", ["12"]),
        ("What is new in version 1.6?", ["1.6"]),
        ("In version 6, how do I draw a wire?", []),
        ("Wait 7 minutes in this mode", []),
    ],
)
def test_the_number_of_one_of_several_is_a_code(question: str, codes: list[str]) -> None:
    assert [code.typed for code in codes_in(question)] == codes


def test_a_numbered_thing_that_no_manual_has_is_not_answered_by_its_neighbour(
    assistant: Assistant,
) -> None:
    text = "# Wren W1 camera\n\n## Modes\n\nMode 3 records at 60 frames per second. Mode 4 records at 120 frames per second.\n"
    put(assistant.catalog, "wren.md", text)
    assert ask_once(assistant, Question("What is mode 7?")).outcome != "answered"
    assert "120 frames" in ask_once(assistant, Question("What is mode 4?")).text


def test_the_section_that_is_called_so_comes_before_those_about_more(assistant: Assistant) -> None:
    text = """# Lyra L7 phone user guide

## Screen recorder

Make a video of what happens here. Open the quick panel and tap the red button.

### Screen recorder settings

Record the screen with sound, or record the screen without: Tap Settings > Screen recorder to choose how the screen is recorded.

## Face recognition

Unlock the phone with your face. From Settings, tap Biometrics and security > Face recognition, and register your face.
"""
    put(assistant.catalog, "lyra.md", text, product="Lyra L7")
    answer = ask_once(assistant, Question("How do I record the screen on the Lyra L7?"))
    assert answer.citations[0].section[-1] == "Screen recorder"
    for other in (
        "How do I register my fingerprint on the Lyra L7?",
        "Can I unlock the Lyra L7 with my iris?",
    ):
        assert ask_once(assistant, Question(other)).outcome != "answered"


@pytest.mark.parametrize(
    "question", ["What is Screen zoom good for?", "What is Screen zoom used for?"]
)
def test_what_a_thing_is_good_for_is_what_it_is(phones: Assistant, question: str) -> None:
    found = phones.search.find(question, "Lyra L7")
    assert found.evidence[0].passage.section[-1] == "Screen zoom"
    assert found.match >= phones.settings.min_match


def test_every_product_with_such_a_section_is_offered(assistant: Assistant) -> None:
    for n in range(9):
        more = f" On the Orion {n} it also counts {'the steps and ' * n}the hours." if n else ""
        text = (
            f"# Orion {n} watch manual\n\n## Find my watch\n\nIt rings for {n + 2} seconds.{more}\n"
        )
        put(assistant.catalog, f"o{n}.md", text, product=f"Orion {n}")
    answer = ask_once(assistant, Question("How long does find my watch ring?"))
    assert answer.outcome == "which product" and len(answer.products) == 9


def test_one_rules_check_is_not_the_other(assistant: Assistant) -> None:
    text = "# Cad\n\n## Electrical rules check\n\nClick ERC to check the schematic.\n\n## Design rules check\n\nClick DRC to check the board.\n"
    put(assistant.catalog, "cad.md", text)
    assert "board" in ask_once(assistant, Question("How do I run the DRC?")).text
    assert "schematic" in ask_once(assistant, Question("How do I run the ERC?")).text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("turn her phone off", "turn her device off"),
        ("How do I restart the tablet?", "How do I restart the device?"),
        ("turn on the phone app", "turn on the phone app"),
        ("how do I charge my phone", "how do I charge my phone"),
    ],
)
def test_what_is_switched_is_the_device(typed: str, meant: str) -> None:
    assert phone_as_device(typed) == meant


@pytest.mark.parametrize(
    ("typed", "phones"),
    [
        ("My phone is hot", {"phone"}),
        ("Can the tablet be locked?", {"tablet"}),
        ("my phone number", set()),
        ("the phone app is gone", set()),
        ("a phone call", set()),
    ],
)
def test_which_phone_is_somebodys(typed: str, phones: set[str]) -> None:
    assert own_phones(typed) == phones


def test_a_phone_beside_another_device_is_a_phone(assistant: Assistant) -> None:
    bank = """# Volta 9 manual

## Charge the device

Connect the device to a USB charger. Charging the device takes 4 hours.

## Charge a phone

Connect the phone to output 1. Charging the phone takes 2 hours.
"""
    put(assistant.catalog, "bank.md", bank)
    answer = ask_once(assistant, Question("How do I charge my phone?"))
    assert "output 1" in answer.text


LOST = """
## Phone app

Tap the phone icon to place a phone call. The phone app lists the calls that you have lost or missed.

## Find My Mobile

Locate, track or lock your device. Log in to Find My Mobile on a computer.

## Device care

### Quick optimization

Improve the performance of your device. Tap Optimize now. Your device runs fast again.

## Super slow-mo

Record videos in slow motion. Tap Super slow-mo on your device.
"""


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("I lost my phone", "Find My Mobile"),
        ("my Lyra L7 was stolen", "Find My Mobile"),
        ("She has lost her Lyra L7.", "Find My Mobile"),
        ("My Lyra L7 is so slow", "Quick optimization"),
        ("My phone has become slow", "Quick optimization"),
        ("How do I turn the phone off?", "Turn your device on or off"),
        ("record in slow motion", "Super slow-mo"),
    ],
)
def test_customers_words_for_the_whole_phone(
    assistant: Assistant, question: str, section: str
) -> None:
    put(assistant.catalog, "lyra-l7.md", PHONE.format(n="L7") + LOST, product="Lyra L7")
    found = assistant.search.find(question)
    assert found.evidence[0].passage.section[-1] == section
