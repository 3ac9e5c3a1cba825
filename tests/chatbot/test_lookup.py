"""Between an answer and a refusal: sections to choose from, and the answer from the one that was chosen."""

from __future__ import annotations

import dataclasses

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Question
from chatbot.deployment import open_assistant
from chatbot.routing.followup import wordings
from knowledge.library import Library
from tests.support.manuals import FAN, PUMP, put


@pytest.fixture
def unsure(assistant: Assistant) -> Assistant:
    """An assistant that is hardly ever sure, so that it offers what it finds."""
    put(assistant.catalog, "pump.md", PUMP)
    settings = dataclasses.replace(assistant.settings, min_match=0.999, min_choice=0.01)
    assert isinstance(assistant.catalog, Library)
    return open_assistant(settings, assistant.catalog)


def test_unsure_of_the_section_it_offers_the_nearest_and_answers_from_the_chosen_one(
    unsure: Assistant,
) -> None:
    question = "How do I replace the seal of the P-200?"
    offer = ask_once(unsure, Question(question))
    assert offer.outcome == "choose"
    assert not offer.citations
    places = [(found.manual.id, found.passage.section) for found in offer.evidence]
    assert 1 <= len(places) == len(set(places)) <= 3
    chosen = offer.evidence[-1].passage
    answer = ask_once(unsure, Question(question, passage=chosen.id))
    assert answer.outcome == "answered"
    assert {citation.section for citation in answer.citations} == {chosen.section}
    assert answer.route.reason == "You chose this section."


def test_a_section_that_is_gone_is_searched_for_again(unsure: Assistant) -> None:
    assert (
        ask_once(unsure, Question("How do I replace the seal?", passage=10**9)).outcome == "choose"
    )


def test_far_from_everything_nothing_is_offered(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    answer = ask_once(assistant, Question("Who won the cup final in 1998?"))
    assert answer.outcome == "unanswered"


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("And clean the filter?", "How do I clean the filter on the Pump P-200?"),
        ("then oil the bearing?", "How do I oil the bearing on the Pump P-200?"),
        ("And how often?", "How often: replace the seal of the P-200?"),
    ],
)
def test_a_follow_up_with_a_subject_of_its_own_asks_for_that_first(
    question: str, meant: str
) -> None:
    before = ["How do I replace the seal of the P-200?"]
    assert wordings(question, before, ("Pump P-200", "Fan F-100"))[0] == meant


def test_follow_ups_never_grow_into_chains() -> None:
    products = ("Pump P-200", "Fan F-100")
    asked = "How do I replace the seal of the P-200?"
    for question in ("And how often?", "And how long?", "And for how much?"):
        asked = wordings(question, [asked], products)[-1]
    assert asked.count(":") == 1
    assert "seal" in asked


def test_a_question_without_a_product_stays_with_the_conversations(assistant: Assistant) -> None:
    from chatbot.conversations.keeping import new_conversation

    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    talk = new_conversation()
    ask_once(
        assistant, Question("How do I replace the seal of the P-200?", conversation=talk), "ana"
    )
    answer = ask_once(
        assistant, Question("How often do I clean the filter?", conversation=talk), "ana"
    )
    assert {found.manual.product for found in answer.evidence} == {"Pump P-200"}


def test_what_a_first_question_only_came_near_to_decides_nothing(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    text = "Which pump sings the best songs? How often do I clean the filter?"
    answer = ask_once(assistant, Question(text))
    assert set(answer.products) == {"Pump P-200", "Fan F-100"}
