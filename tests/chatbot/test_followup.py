"""Follow-up questions made to stand alone by rule."""

from __future__ import annotations

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Question
from chatbot.routing.followup import standalone
from tests.support.manuals import FAN, PUMP, put

PRODUCTS = ("Aurora X100 printer", "Aurora X200 printer")
RESET = "How do I reset the X200?"


@pytest.mark.parametrize(
    ("question", "before", "alone"),
    [
        ("And for the other model?", RESET, "How do I reset the Aurora X100 printer?"),
        ("and on the X100?", RESET, "How do I reset the Aurora X100 printer?"),
        (
            "What about the other one?",
            "How long is the warranty of the X200?",
            "How long is the warranty of the Aurora X100 printer?",
        ),
        (
            "And how often?",
            "How do I clean the head of the X200?",
            "How often: clean the head of the X200?",
        ),
        ("What does error E04 mean?", RESET, "What does error E04 mean?"),
        ("Thanks", RESET, "Thanks"),
        (
            "the aurora x100",
            "How do I clean the head?",
            "How do I clean the head on the Aurora X100 printer?",
        ),
        ("No, the X100", RESET, "How do I reset the Aurora X100 printer?"),
        (
            "sorry, I meant the X100 printer",
            RESET,
            "How do I reset the Aurora X100 printer?",
        ),
        ("It's an X100.", RESET, "How do I reset the Aurora X100 printer?"),
        ("X100 paper jam", RESET, "X100 paper jam"),
        ("X200: is it waterproof?", RESET, "X200: is it waterproof?"),
    ],
)
def test_follow_ups(question: str, before: str, alone: str) -> None:
    assert standalone(question, [before], PRODUCTS) == alone


def test_a_first_question_stands_alone() -> None:
    assert standalone("And for the other model?", [], PRODUCTS) == "And for the other model?"


def test_with_three_products_the_other_one_is_not_guessed() -> None:
    three = (*PRODUCTS, "Aurora X300 printer")
    assert "X100" not in standalone("And for the other model?", [RESET], three)
    back = ["How do I reset the X300?", RESET]
    assert (
        standalone("And for the other model?", back, three)
        == "How do I reset the Aurora X300 printer?"
    )


def test_a_conversation_carries_product_and_subject(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    talk = new_conversation()

    def ask(text: str) -> str:
        answer = ask_once(assistant, Question(text, conversation=talk), "ana")
        return f"{answer.asked} | {answer.text}"

    assert "500 hours" in ask("How often do I clean the filter of the P-200?")
    other = ask("And for the other product?")
    assert other.startswith("How often do I clean the filter of the Fan F-100?")
    assert "200 hours" in other
    assert "4 Nm" in ask("How do I replace the seal?"), "the product of the conversation decides"
