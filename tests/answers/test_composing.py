"""Quotes of two sections where both are near, and parts of a message that need what was said before them."""

from __future__ import annotations

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Question
from chatbot.routing.followup import standalone
from chatbot.routing.questions import questions_in
from tests.support.manuals import put

CLOCK = """# Lyra L7 phone user guide

## Clock

### Save a preset timer

Name and save preset timers. From Clock, tap Timer > Add preset timer, and tap Add to save the timer.

### Edit a preset timer

To edit a saved preset timer, tap More options > Edit preset timers.

## Notes

### Edit notes

Make edits to notes you create. Tap a note to edit it.

## Accounts

Add your accounts for email and social networks. From Settings, tap Accounts > Add account.

## Secure Folder

Lock files and apps away in Secure Folder. You need no other password for Secure Folder.

## Water

The phone is waterproof to 1 metre.
"""
PANEL = """# Lyra L7 phone user guide

## Quick panel

Open the quick panel to see the quick settings.

### Edit quick settings buttons

You can edit the quick settings buttons of the panel. Tap Edit, and drag a button.

### Quick settings buttons

The quick settings buttons of the panel are Brightness, Do not disturb and Water lock. They change a setting at once.

## Data

The phone weighs 170 g.
"""


@pytest.fixture
def clock(assistant: Assistant) -> Assistant:
    put(assistant.catalog, "lyra.md", CLOCK, product="Lyra L7")
    return assistant


def test_a_section_beside_that_is_about_as_near_is_quoted_too(assistant: Assistant) -> None:
    put(assistant.catalog, "lyra.md", PANEL, product="Lyra L7")
    answer = ask_once(assistant, Question("List all quick settings buttons of the panel"))
    assert "Water lock" in answer.text
    titles = [one.text for one in answer.sentences if one.heading]
    assert len(titles) in (0, 2)
    if titles:
        assert {c.section[-1] for c in answer.citations} == set(titles)
    assert [n for one in answer.sentences for n in one.n] == [c.n for c in answer.citations]


def test_a_figure_stands_alone(assistant: Assistant) -> None:
    put(assistant.catalog, "lyra.md", PANEL, product="Lyra L7")
    answer = ask_once(assistant, Question("How heavy is the phone?"))
    assert not any(one.heading for one in answer.sentences) and "170 g" in answer.text


def test_it_in_a_second_question_is_what_the_first_was_about(clock: Assistant) -> None:
    asked = "On the Lyra L7, how do I save a preset timer and how do I edit it later?"
    answer = ask_once(clock, Question(asked))
    assert "notes" not in answer.text.lower()


def test_it_may_still_be_the_product(clock: Assistant) -> None:
    asked = "How do I save a preset timer on the Lyra L7? Is it waterproof?"
    assert "waterproof to 1 metre" in ask_once(clock, Question(asked)).text


def test_a_question_of_one_word_in_a_letter_is_not_answered_by_that_word(clock: Assistant) -> None:
    letter = (
        "Hello,\n\nI have got a Lyra L7 from my sister last week and I like it a lot. My two children play with it every"
        " evening, and they have already sent some pictures to my boss. Is there a place where I can lock files and apps"
        " away from them? And do I need an account for it?\n\nKind regards\nAnna"
    )
    answer = ask_once(clock, Question(letter))
    assert "social networks" not in answer.text


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        ("How do I save a timer? How do I edit it?", True),
        ("How do I save a timer? Is it waterproof?", False),
        ("How do I save a timer? How do I change the wallpaper?", False),
    ],
)
def test_which_second_questions_need_the_first(text: str, unclear: bool) -> None:
    assert questions_in(text, ())[1].unclear is unclear


@pytest.mark.parametrize(
    ("question", "before", "asked"),
    [
        ("and the R4?", "How do I reset the R2?", "How do I reset the R4?"),
        ("how often?", "How do I clean the grille?", "How often: clean the grille?"),
        ("why?", "How do I clean the grille?", "Why: clean the grille?"),
    ],
)
def test_a_short_question_after_another(question: str, before: str, asked: str) -> None:
    assert standalone(question, [before], ["Raven R2 and Raven R4"]) == asked


def test_other_words_for_the_same_are_words_of_the_section(assistant: Assistant) -> None:
    """ "Get rid of" is "Remove": the section is not found by the words of the question before alone."""
    text = (
        "# Lyra L7\n\n## Speed dial\n\n### Set a speed dial number\n\nTap Phone > Speed dial, and add a speed dial number.\n\n"
        "### Remove a speed dial number\n\nTap Phone > Speed dial. Tap Remove beside the speed dial number.\n"
    )
    put(assistant.catalog, "lyra.md", text, product="Lyra L7")
    talk = new_conversation()
    ask_once(
        assistant,
        Question("How do I set a speed dial number on the Lyra L7?", conversation=talk),
        "ana",
    )
    after = ask_once(assistant, Question("And how do I get rid of one?", conversation=talk), "ana")
    assert after.outcome == "answered"
    assert after.citations[0].section[-1] == "Remove a speed dial number"


def test_all_of_a_list_are_quoted_where_all_are_asked_for(assistant: Assistant) -> None:
    items = "\n".join(f"- {name}" for name in ("boss", "cooltool", "sherline", "smithy", "tormach"))
    text = f"# Mill\n\n## Sample configurations\n\nThe launcher offers sample configurations. The sample configurations by machine are:\n\n{items}\n\nMore can be had by mail.\n"
    put(assistant.catalog, "mill.md", text)
    answer = ask_once(assistant, Question("List every sample configuration by machine"))
    assert all(name in answer.text for name in ("boss", "sherline", "tormach"))


@pytest.mark.parametrize(
    "question", ["How much does the R2 weigh?", "What does the R2 weigh?", "How heavy is the R2?"]
)
def test_who_asks_what_it_weighs_gets_its_mass(assistant: Assistant, question: str) -> None:
    text = "# Raven R2\n\n## Data\n\n| Property | Value |\n|---|---|\n| Supply voltage | 24 V |\n| Mass | 3.1 kg |\n| Tank | 2.4 l |\n"
    put(assistant.catalog, "r2.md", text, product="Raven R2")
    assert "3.1 kg" in ask_once(assistant, Question(question)).text


def test_the_verb_beside_a_unit_says_no_more_than_it(assistant: Assistant) -> None:
    text = "# Raven R4\n\n## Data\n\n| Property | Value |\n|---|---|\n| Supply voltage | 24 V |\n| Power consumption | 80 W |\n"
    put(assistant.catalog, "r4.md", text, product="Raven R4")
    assert "80 W" in ask_once(assistant, Question("How many watts does the R4 draw?")).text


def test_the_weight_without_a_part_is_not_that_of_the_part(assistant: Assistant) -> None:
    text = "# Raven R2\n\n## Data\n\n| Property | Value |\n|---|---|\n| Weight without battery | 21.8 kg |\n| Weight of the battery | 3.4 kg |\n"
    put(assistant.catalog, "r2.md", text, product="Raven R2")
    assert "3.4 kg" in ask_once(assistant, Question("How much does the battery weigh?")).text
    assert "21.8 kg" in ask_once(assistant, Question("How much is the weight of the R2?")).text


@pytest.mark.parametrize("question", ["C004F012", "What does 0xC004F012 mean?"])
def test_a_code_of_base_sixteen_is_found_without_its_sign(
    assistant: Assistant, question: str
) -> None:
    text = "# Raven R2\n\n## Alarms\n\n| Alarm | Cause |\n|---|---|\n| A-101 | Filter blocked |\n| 0xC004F012 | Licence missing |\n"
    put(assistant.catalog, "r2.md", text)
    assert "Licence missing" in ask_once(assistant, Question(question)).text


def test_what_must_be_done_before_is_told(assistant: Assistant) -> None:
    text = "# Wren oven\n\n## Safety\n\nBefore you open the door, switch off the fan.\n\n## Programs\n\nThere are four programs.\n"
    put(assistant.catalog, "wren.md", text)
    answer = ask_once(assistant, Question("What must I do before I open the oven door?"))
    assert "switch off the fan" in answer.text


def test_the_number_of_a_product_hides_no_unknown_word(assistant: Assistant) -> None:
    put(assistant.catalog, "lyra.md", CLOCK, product="Lyra L7")
    assert "teleporter" in assistant.search.unknown("Where is the teleporter of the Lyra L7?")
