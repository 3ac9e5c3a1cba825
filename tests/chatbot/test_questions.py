"""What a message asks: tickets, several questions, comparisons; each is answered for itself."""

from __future__ import annotations

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Question
from chatbot.grounding.mail import own_words
from chatbot.routing.questions import TICKET_WORDS, questions_in
from knowledge.search.products import mentioned
from tests.support.manuals import FAN, PUMP, put

PRODUCTS = ("Pump P-200", "Fan F-100")

TICKET = """Good morning,
we have had your pump P-200 in the cellar since last autumn and it has been running without any trouble so far, my brother-in-law
put it in. Since Tuesday there is a smell of oil in the whole house and my wife wants it gone before the guests come.
Could you please tell me how the seal is replaced?
Kind regards
Ola Berg

-----Original Message-----
From: shop@example.org
How do I pay for the fan F-100?
"""


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("How do I clean the filter?", ["How do I clean the filter?"]),
        (
            "How do I clean the filter, and how often must I oil the bearing?",
            ["How do I clean the filter?", "How often must I oil the bearing?"],
        ),
        (
            "Where is the fuse? What rating does it have?",
            ["Where is the fuse?", "What rating does it have?"],
        ),
        (
            "How do I replace the seal of the P-200? And how do I clean the filter?",
            ["How do I replace the seal of the P-200?", "How do I clean the filter?"],
        ),
        (
            "P-200: how do I replace the seal and how do I clean the filter?",
            ["P-200: how do I replace the seal?", "P-200: how do I clean the filter?"],
        ),
        ("Can I wash and dry the filter?", ["Can I wash and dry the filter?"]),
        ("The lid is stuck. What can I do?", ["The lid is stuck. What can I do?"]),
    ],
)
def test_the_questions_of_a_short_message(text: str, asked: list[str]) -> None:
    assert [part.text for part in questions_in(text, PRODUCTS)] == asked


def test_a_setting_goes_with_each_of_its_questions() -> None:
    text = "On the balcony, how do I fix the rail, and how do I paint it?"
    second = questions_in(text, PRODUCTS)[1]
    assert second.wordings[0].startswith("On the balcony,")


@pytest.mark.parametrize(
    "text",
    ["Is the pump P-200 or the fan F-100 louder?", "P-200 versus F-100: which one may get wet?"],
)
def test_a_comparison_is_asked_of_each_product(text: str) -> None:
    parts = questions_in(text, PRODUCTS)
    assert {part.product for part in parts} == set(PRODUCTS)
    assert all("P-200" not in part.wordings[0] for part in parts)
    assert all("F-100" not in part.wordings[0] for part in parts)


def test_a_tickets_question_is_found_between_greeting_and_signature() -> None:
    assert len(TICKET.split()) > TICKET_WORDS
    (part,) = questions_in(TICKET, PRODUCTS)
    assert part.text == "Could you please tell me how the seal is replaced?"
    assert part.wordings[0] == "how the seal is replaced?"


def test_a_tickets_own_words_are_without_greeting_signature_and_quoted_mail() -> None:
    own = own_words(TICKET)
    assert own.startswith("we have had your pump")
    assert own.endswith("how the seal is replaced?")
    assert own_words("> what you wrote\nIt leaks.\nBest regards, Kim") == "It leaks."
    assert own_words("Hello") == "Hello"


@pytest.mark.parametrize(
    ("letter", "own"),
    [
        ("Hi, my printer is stuck. What now?", "my printer is stuck. What now?"),
        ("Hi team, the head is dirty: how is it cleaned?", "the head is dirty: how is it cleaned?"),
        ("Good morning Dr. Keller,\nit leaks.", "it leaks."),
        ("Dear Sir or Madam,\n\nit leaks.", "it leaks."),
        (
            "Hello printer people can you help me today?",
            "Hello printer people can you help me today?",
        ),
        ("Hallo,\ndie Pumpe leckt.\n\nMit freundlichen Grüßen\nHans", "die Pumpe leckt."),
        ("It leaks.\nAm 3. Mai schrieb Eva:\nalt", "It leaks."),
        ("It leaks. What now? Thanks, Tom", "It leaks. What now?"),
    ],
)
def test_only_greeting_signature_and_quoted_mail_are_taken_off(letter: str, own: str) -> None:
    assert own_words(letter) == own


LIST = """Hello team,

I have a Fan F-100 and three questions:
1. How do I block the blades?
2. The motor gets hot and then it stops. Is it broken?
3) Does it have a filter, and where do I put it?

Thanks, Kim"""


def test_each_item_of_a_list_is_a_question_by_itself() -> None:
    parts = questions_in(LIST, PRODUCTS)
    assert [part.text for part in parts] == [
        "How do I block the blades?",
        "The motor gets hot and then it stops. Is it broken?",
        "Does it have a filter, and where do I put it?",
    ]
    assert parts[1].wordings[1] == "The motor gets hot and then it stops."
    assert not any("motor" in wording for part in (parts[0], parts[2]) for wording in part.wordings)
    assert {part.product for part in parts} == set(mentioned("Fan F-100", PRODUCTS))


def test_no_item_of_a_bulleted_list_is_dropped() -> None:
    items = [f"How do I clean part {n}?" for n in range(7)]
    parts = questions_in("Pump:\n- " + "\n- ".join(items), PRODUCTS)
    assert [part.text for part in parts] == items


def test_steps_that_were_tried_are_no_questions() -> None:
    tried = "I tried this:\n1. Switch it off\n2. Clean the seal\nWhat else can I do?"
    (part,) = questions_in(tried, PRODUCTS)
    assert part.wordings == (tried,)


def test_a_second_question_is_about_the_product_of_the_first() -> None:
    first, second = questions_in("How do I clean the F-100 and how do I dry it?", PRODUCTS)
    assert "F-100" in first.wordings[0]
    assert second.product == mentioned("F-100", PRODUCTS)[0]


def test_a_ticket_without_a_question_is_about_its_problem() -> None:
    story = "We moved house in March and everything went well with the van. " * 5
    (part,) = questions_in(f"{story}The fan does not start any more.", PRODUCTS)
    assert "fan does not start" in part.wordings[0]


def test_a_ticket_is_answered_from_the_product_it_names(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    answer = ask_once(assistant, Question(TICKET))
    assert answer.outcome == "answered"
    assert {citation.product for citation in answer.citations} == {"Pump P-200"}
    assert "12 Nm" in answer.text


def test_two_questions_are_answered_under_headings_of_their_own(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    talk = new_conversation()
    text = "How do I replace the seal of the P-200, and how do I clean the filter of the P-200?"
    answer = ask_once(assistant, Question(text, conversation=talk), "ana")
    headings = [part.text for part in answer.sentences if part.heading]
    assert len(headings) == 2
    assert len({citation.section for citation in answer.citations}) == 2
    numbers = [citation.n for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    (turn,) = assistant.journal.turns(talk, "ana")
    assert turn.answer is not None
    assert turn.answer.sentences == answer.sentences


def test_a_part_without_an_answer_is_named(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    text = "How do I replace the seal of the P-200? How long do I bake sourdough bread?"
    answer = ask_once(assistant, Question(text))
    assert answer.outcome == "answered"
    assert any("sourdough" in notice for notice in answer.notices)


@pytest.mark.parametrize(
    "text",
    [
        "How do I replace the seal of the P-200? And how do I clean the filter?",
        "P-200: how do I replace the seal and how do I clean the filter?",
    ],
)
def test_no_question_is_dropped_however_it_is_joined(assistant: Assistant, text: str) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    answer = ask_once(assistant, Question(text))
    assert "12 Nm" in answer.text
    assert "500 hours" in answer.text
    assert {citation.product for citation in answer.citations} == {"Pump P-200"}


def test_a_question_is_not_answered_by_the_section_of_the_one_before(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    text = "How do I replace the seal of the P-200? And what is its licence plate?"
    answer = ask_once(assistant, Question(text))
    assert any("licence plate" in notice for notice in answer.notices)


def test_what_should_we_do_now_is_asked_of_what_happened() -> None:
    story = "We moved house in March and everything went well with the van. " * 5
    text = f"{story}Since yesterday the fan F-100 makes a loud noise. What should we do now?"
    (part,) = questions_in(text, PRODUCTS)
    assert all("loud noise" in wording for wording in part.wordings)
    assert part.product == "Fan F-100"
