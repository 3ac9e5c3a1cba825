"""What customers say in words that mean something else one by one, and products that no manual is about."""

from __future__ import annotations

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Question
from knowledge.search.wording.things import as_called
from tests.support.manuals import put

PHONE = """# Lyra {n} user guide

## Take a screenshot

Press the Side key and the Volume down key at the same time. The screenshot is kept in the album.

## Configure shooting mode

Let the camera find the right mode for your picture, or swipe the screen to choose how the picture is taken.

## Voicemail

Hold the 1 key to listen to your voicemail.

## Answer a call

Drag the green circle to answer a call. The washing machine of the neighbour may be louder than the call.

## Turn on Wi-Fi

Tap Settings > Connections > Wi-Fi, and tap the switch to turn on Wi-Fi.

## Charge wirelessly

Put another phone on the back of the phone to charge it wirelessly. At least 30 % of charge is needed.
"""


@pytest.fixture
def phone(assistant: Assistant) -> Assistant:
    put(assistant.catalog, "lyra-l7.md", PHONE.format(n="L7"), product="Lyra L7")
    return assistant


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("How do I take a picture of the screen on the Lyra L7?", "Take a screenshot"),
        ("how do i make a photo of my display lyra l7", "Take a screenshot"),
        ("How do I listen to the answering machine on the Lyra L7?", "Voicemail"),
        ("How do I listen to voice mail on the Lyra L7?", "Voicemail"),
    ],
)
def test_a_set_phrase_is_searched_as_the_manual_calls_it(
    phone: Assistant, question: str, section: str
) -> None:
    answer = ask_once(phone, Question(question))
    assert answer.outcome == "answered"
    assert {citation.section[-1] for citation in answer.citations} == {section}


def test_what_a_manual_itself_calls_so_is_left_as_it_is() -> None:
    known = {"hotspot", "hot", "spot", "contact", "screenshot", "setup", "set"}
    hot_spot = {("hot", "spot")}
    assert as_called("a hot spot for me", known, lambda _: False) == "a hotspot for me"
    assert as_called("a hot spot for me", known, hot_spot.__contains__) == "a hot spot for me"
    assert as_called("open the phone book", known, lambda _: False) == "open the contacts"
    assert as_called("open the phone book", known, lambda _: True) == "open the phone book"
    assert as_called("a picture of the screen", {"screen"}, bool) == "a picture of the screen"


@pytest.mark.parametrize(
    "question",
    [
        "How do I turn on Wi-Fi on the iPhone 12?",
        "My Quasar 40 has no Wi-Fi, how do I turn on Wi-Fi?",
        "what about a quasar 40, how do I turn on Wi-Fi there",
    ],
)
def test_a_product_that_no_manual_is_about_is_not_answered_from_another(
    phone: Assistant, question: str
) -> None:
    """Nor in a conversation on a product that there is a manual of."""
    talk = new_conversation()
    first = Question("How do I turn on Wi-Fi on the Lyra L7?", conversation=talk)
    assert ask_once(phone, first, "ana").outcome == "answered"
    for asked in (Question(question), Question(question, conversation=talk)):
        answer = ask_once(phone, asked, "ana" if asked.conversation else "")
        assert answer.outcome == "unanswered"
        assert any("No manual mentions" in told for told in answer.notices)


@pytest.mark.parametrize(
    "question",
    [
        "On channel 12, how do I turn on Wi-Fi on the Lyra L7?",
        "For 30 % of the charge, can I charge another phone wirelessly?",
    ],
)
def test_what_is_counted_is_no_other_product(phone: Assistant, question: str) -> None:
    assert ask_once(phone, Question(question)).outcome == "answered"


def test_other_products_with_the_same_words_are_named_where_none_was_asked_about(
    phone: Assistant,
) -> None:
    put(phone.catalog, "lyra-l8.md", PHONE.format(n="L8"), product="Lyra L8")
    put(
        phone.catalog, "lyra-l9.md", "# Lyra L9\n\n## Camera\n\nTap the shutter.", product="Lyra L9"
    )
    answer = ask_once(phone, Question("Which phones can charge another phone wirelessly?"))
    assert answer.outcome == "answered"
    own = answer.citations[0].product
    other = {"Lyra L7": "Lyra L8", "Lyra L8": "Lyra L7"}[own]
    told = f"The manual of the {own} is quoted. The same words stand in the manuals of: {other}."
    assert answer.notices == (told,)
    asked = "How do I charge another phone wirelessly with the Lyra L8?"
    assert ask_once(phone, Question(asked)).notices == (), "the product was named"
