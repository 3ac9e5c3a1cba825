"""Questions that a manual asks itself, as in frequently asked questions, and where nothing is named."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Question
from chatbot.operations.deployment import open_assistant
from chatbot.settings import Settings
from tests.support.manuals import put

BOILER = """# Osprey B3 boiler manual

## First start

1. Switch the boiler on and off once.
2. Switch the boiler on and wait until the boiler lamp is on.
3. Switch the boiler off if the lamp stays off.

## Questions and answers

### Why does the boiler switch on and off all day long?

The pressure tank has lost its air. Fill the tank to 1.5 bar.

### May I use the boiler for a greenhouse?

Yes, up to 40 square metres.

## Factory reset

Hold the key for ten seconds until the lamp blinks twice.
"""


@pytest.mark.parametrize(
    "question",
    [
        "Why does the boiler switch on and off?",
        "Why does it keep switching on and off?",
        "My colleague asked me why the boiler switches on and off",
    ],
)
def test_a_section_that_asks_the_question_answers_it(assistant: Assistant, question: str) -> None:
    put(assistant.catalog, "boiler.md", BOILER)
    answer = ask_once(assistant, Question(question))
    assert answer.outcome == "answered" and "pressure tank has lost its air" in answer.text


def test_another_question_with_the_same_words_is_not_that_one(assistant: Assistant) -> None:
    put(assistant.catalog, "boiler.md", BOILER)
    answer = ask_once(assistant, Question("How do I switch the boiler on and off?"))
    assert "lost its air" not in answer.text


def test_a_phrase_may_be_called_by_one_that_shares_a_word(assistant: Assistant) -> None:
    put(assistant.catalog, "boiler.md", BOILER)
    answer = ask_once(assistant, Question("How do I reset the boiler to factory settings?"))
    assert answer.outcome == "answered" and "ten seconds" in answer.text


def test_what_hardly_matches_any_of_several_products_is_not_asked_back(tmp_path: Path) -> None:
    settings = Settings.load({}, data=tmp_path, ollama_url="none")
    with closing(open_assistant(settings)) as assistant:
        for name in ("Osprey B3", "Osprey B5"):
            tank = "air" if name.endswith("3") else "water"
            text = BOILER.replace("Osprey B3", name).replace("its air", f"its {tank}")
            put(assistant.catalog, f"{name}.md", text, product=name)
        lost = "Has my football lost its pressure?"
        assert (
            ask_once(assistant, Question(lost)).outcome == "choose"
        )  # and is asked for no product
