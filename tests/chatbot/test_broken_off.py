"""Who stops or leaves while an answer that is known whole is being written has all of it, with what it offers."""

from __future__ import annotations

import pytest

from chatbot.answers.events import TextDelta
from chatbot.assistant import Assistant
from chatbot.conversations.types import Question
from tests.support.manuals import FAN, PUMP, put

STAND = "\n## Stand\n\nThe stand of the fan can be folded. Put the stand on a level floor.\n"


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("Which hinge does the stand of the fan have?", "choose"),
        ("Who won the cup?", "unanswered"),
        ("How many screws does the cover have?", "which product"),
        ("thanks!", "smalltalk"),
        ("How do I fold the stand of the fan?", "answered"),  # a manual's words
    ],
)
def test_what_is_known_is_kept_whole(assistant: Assistant, question: str, outcome: str) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN.replace("four screws", "six screws") + STAND)
    steps = assistant.ask(Question(question, conversation="c"), "ana")
    next(step for step in steps if isinstance(step, TextDelta))
    steps.close()
    (turn,) = assistant.journal.turns("c", "ana")
    assert turn.answer is not None and turn.answer.outcome == outcome
    if outcome == "answered":
        assert turn.answer.text.endswith("level floor. [2]")
    if outcome == "choose":
        assert any("Stand" in found.passage.section for found in turn.answer.evidence)
