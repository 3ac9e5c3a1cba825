"""Small talk is answered in a sentence, without a search; whatever holds a question is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.answers.events import EvidenceFound
from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Question
from chatbot.routing.intake import small_talk, without_small_talk
from tests.support.manuals import PUMP, put


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hello", "greeting"), ("hi there!", "greeting"), ("Good morning, team :)", "greeting"), ("hey tandem", "greeting"),
        ("Thank you so much", "thanks"), ("thx!!", "thanks"), ("Cheers mate, that did the trick", "thanks"),
        ("Hi, thanks for your help", "thanks"), ("Perfect, thank you", "thanks"), ("thanks, you're great!", "thanks"), ("You are so kind", "thanks"), ("great thanks", "thanks"), ("It works now 🎉 thanks again", "thanks"),
        ("Who are you?", "who"), ("who are you and what can you do?", "who"), ("Am I talking to a real person?", "who"), ("are you human or a bot", "who"),
        ("What can you do for me?", "what"), ("Hello, can you help me please?", "what"), ("how does this work?", "what"),
        ("What can I ask you?", "what"), ("hi, what sort of things can you help me with?", "what"), ("What questions can you answer?", "what"),
        ("How’s it going?", "how are you"), ("hi, how are you today", "how are you"),
        ("ok", "fine"), ("Okay, got it.", "fine"), ("problem solved!", "fine"), ("That's really helpful", "fine"),
        ("bye, have a nice day", "goodbye"),
        ("That doesn't work", "unhelpful"), ("no, that is wrong", "unhelpful"), ("Thanks, but it still does not work", "unhelpful"), ("you are useless", "unhelpful"),
        ("You're driving me crazy!", "unhelpful"), ("you are not much help", "unhelpful"), ("you don't understand me at all", "unhelpful"),
        ("who am I talking to?", "who"), ("Who is this?", "who"),
        ("Can I talk to a real person, please?", "human"), ("I want an agent", "human"), ("put me through to somebody", "human"),
        ("yes", "yes or no"), ("No.", "yes or no"), ("yes, exactly", "yes or no"), ("yes, thanks", "thanks"), ("yeah ok", "fine"),
        ("?", "yes or no"), ("??!", "yes or no"), ("👍", "fine"), ("…", "fine"),
    ],
)  # fmt: skip
def test_small_talk_is_known(text: str, kind: str) -> None:
    assert small_talk(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, but it still does not print", "Hello, how do I reset the X200?", "Hi! The lamp blinks red.", "help, no paper feed",
        "how does the seal work?", "What can I ask the dealer?", "What things can you do about rust?", "ok button does nothing", "good batteries?", "What can you do about error E04?", "who are you supposed to call for E17?",
        "test page", "hello world label", "thanks to the new firmware it fails", "is it ok to use solvent?", "fine adjustment", "bye bye mode", "", "X200",
        "the pump does not work", "is it wrong to open the valve", "How do I talk to someone with it?", "wrong colours", "it is not right aligned",
        "no, the S10 Lite", "yes no maybe menu", "no sound", "sure start",
    ],
)  # fmt: skip
def test_a_question_is_no_small_talk(text: str) -> None:
    assert small_talk(text) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Thanks! And how do I oil it?", "And how do I oil it?"),
        ("Hi there, great, and the P-300?", "and the P-300?"),
        ("No, the S10 Lite", "No, the S10 Lite"),
        ("Good news: it runs", "Good news: it runs"),
        ("Thanks, bye", "Thanks, bye"),
    ],
)
def test_what_a_message_begins_with_politely_is_left_out(text: str, rest: str) -> None:
    assert without_small_talk(text) == rest


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    small_talk(text)


def test_small_talk_gets_a_sentence_without_search_or_source(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    events = list(assistant.ask(Question("Hello! How are you?")))
    answer = events[-1].answer
    assert (answer.outcome, answer.citations, answer.evidence) == ("smalltalk", (), ())
    assert answer.text == "Ready to help. What does the customer need?"
    assert not any(isinstance(event, EvidenceFound) for event in events)


def test_small_talk_between_is_not_what_a_follow_up_follows(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    talk = new_conversation()
    for text in ("How do I replace the seal of the P-200?", "Great, thanks!"):
        ask_once(assistant, Question(text, conversation=talk), "ana")
    answer = ask_once(assistant, Question("And clean the filter?", conversation=talk), "ana")
    assert "P-200" in answer.asked and answer.outcome == "answered"
