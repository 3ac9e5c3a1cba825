"""A question in a language that no manual is in: put into the manuals' own by a chat model, answered from them, and said."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Question
from tests.support.manuals import PUMP, put
from tests.support.model_server import SEAL, ModelServer, assistant_with

GERMAN = "Wie wird die Dichtung der Pumpe gewechselt?"
ENGLISH = "How do I replace the seal of the pump?"
HELD = "Tighten the screws to 12 Nm."
NOT = "The question is in German, the manuals are in English: ask in a language of the manuals."
WORDS = "The question is in German, the manuals are in English: searched for word by word."


def test_a_question_in_another_language_is_answered_from_the_manuals(tmp_path: Path) -> None:
    server = ModelServer(said=[ENGLISH, f"{HELD} [1]"])
    with assistant_with(tmp_path, server) as assistant:
        answer = ask_once(assistant, Question(GERMAN), "ana")
    assert (answer.outcome, answer.asked) == ("answered", ENGLISH)
    assert HELD in answer.text and answer.citations
    assert (
        answer.notices[0]
        == "m:latest translated the question from German; the manuals are in English."
    )
    rules, asked = (message["content"] for message in server.asked[0]["messages"])
    assert "into English" in rules and GERMAN in asked


def test_what_comes_after_it_is_understood_in_the_manuals_language(tmp_path: Path) -> None:
    talk = new_conversation()
    server = ModelServer(said=[ENGLISH, f"{HELD} [1]", "", HELD])
    with assistant_with(tmp_path, server) as assistant:
        ask_once(assistant, Question(GERMAN, conversation=talk), "ana")
        after = ask_once(assistant, Question("And how often?", conversation=talk), "ana")
    assert "seal of the pump" in after.asked and "Dichtung" not in after.asked


@pytest.mark.parametrize(
    "said",
    [
        "Wie wechselt man bitte die Dichtung der Pumpe?",  # not translated
        "",
        "ok",
        f"{ENGLISH} " + "And I will tell you a long story about that. " * 9,
    ],
)
def test_what_is_no_translation_leaves_it_to_the_words(tmp_path: Path, said: str) -> None:
    with assistant_with(tmp_path, ModelServer(said=said)) as assistant:
        answer = ask_once(assistant, Question(GERMAN), "ana")
    assert WORDS in answer.notices and answer.citations
    assert not any("translated" in notice for notice in answer.notices)


def test_a_translation_keeps_every_number_and_code(tmp_path: Path) -> None:
    asked = "Was bedeutet der Fehler E04 auf dem Bildschirm der Pumpe?"
    with assistant_with(
        tmp_path, ModelServer(said="What does error E40 on the pump's screen mean?")
    ) as assistant:
        answer = ask_once(assistant, Question(asked), "ana")
    assert answer.asked == "" and answer.outcome != "answered"


@pytest.mark.parametrize("asked", [SEAL, "E04"])
def test_questions_in_the_manuals_language_are_not_sent_to_be_translated(
    tmp_path: Path, asked: str
) -> None:
    server = ModelServer(said="Remove the four screws of the cover [1].")
    with assistant_with(tmp_path, server) as assistant:
        ask_once(assistant, Question(asked), "ana")
    rules = [request["messages"][0]["content"] for request in server.asked]
    assert not any("Translate" in text for text in rules)


@pytest.mark.parametrize("asked", ["Ist der Papagei musikalisch?", "Mein Nachbar singt ständig."])
def test_a_few_words_that_no_manual_holds_are_enough(assistant: Assistant, asked: str) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    assert NOT in ask_once(assistant, Question(asked), "ana").notices


@pytest.mark.parametrize(
    "asked",
    [
        "Is it waterproof?",
        "galxy fit factory rest",
        "no sound from headphones",
        "z flip screenshoot",
    ],
)
def test_odd_english_is_not_called_foreign(assistant: Assistant, asked: str) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    notices = ask_once(assistant, Question(asked), "ana").notices
    assert not any("The question is in" in notice for notice in notices)


def test_without_a_chat_model_it_is_searched_word_by_word_and_said(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    answer = ask_once(assistant, Question(GERMAN), "ana")
    assert (answer.outcome, answer.asked) == ("answered", "how seal pump replace?")
    assert answer.notices[0] == WORDS


def test_a_server_that_fails_costs_the_translation_only(tmp_path: Path) -> None:
    with assistant_with(tmp_path, ModelServer("500")) as assistant:
        answer = ask_once(assistant, Question(GERMAN), "ana")
    assert WORDS in answer.notices and answer.citations
