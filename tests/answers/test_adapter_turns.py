"""Adapters as teams have them: small ones, unsure ones, questions they were not trained on, and a long line."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from chatbot.answers import answerer
from chatbot.answers.cleaning import refuses
from chatbot.answers.events import Quoted, Waiting
from chatbot.answers.messages import NOT_SURE, QUOTES, UNANSWERED
from chatbot.assistant import ask_once
from chatbot.conversations.types import Question
from chatbot.operations.doctor import examine
from tests.support.manuals import FAN, PUMP, put
from tests.support.model_server import SEAL, ModelServer, asking, assistant_with, only_a_stop_ends
from tests.support.waiting import wait_for

FILTER = "How often do I clean the filter of the pump?"
OFF_TOPIC = "Who won the cup in 1954?"
SMALL = "134.52M"


def test_a_small_adapter_answers_from_memory_and_is_held_against_the_manuals(
    tmp_path: Path,
) -> None:
    server = ModelServer(said="Tighten the screws to 12 Nm.", parameters=SMALL)
    with assistant_with(tmp_path, server, card=True, chat_model="") as assistant:
        answer = ask_once(assistant, Question(SEAL, "both"))
    (asked,) = server.asked
    assert asked["messages"][1]["content"] == f"Question: {SEAL}", "it reads no passages"
    assert (answer.text, answer.sentences[0].state) == (
        "Tighten the screws to 12 Nm. [1]",
        "verified",
    )
    assert answer.quotes is not None, "the manuals' own words stand beside it"


@pytest.mark.parametrize("changed", [False, True])
def test_what_a_small_adapter_cannot_know_is_quoted(tmp_path: Path, changed: bool) -> None:
    server = ModelServer(said="Tighten the screws to 12 Nm.", parameters=SMALL)
    with assistant_with(tmp_path, server, card=True, chat_model="") as assistant:
        if changed:
            put(assistant.catalog, "pump.md", PUMP.replace("12 Nm", "14 Nm"))
        answer = ask_once(assistant, Question(SEAL if changed else FILTER, "both"))
    assert server.asked == [] and not answer.model
    assert ("14 Nm" if changed else "500 hours") in answer.text


PLATE = """# Pump P-200 type plate

## Where it is

The type plate has the number TP-77. It is on the back.
"""
KITS = """# Pump P-200 seal kits

## Seal kit 4

To replace the seal of the pump, take kit 4. The pump has one seal.
"""


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Tighten the screws to 12 Nm.", True),
        ("The type plate has the number TP-77.", False),
        ("Tighten the screws to 15 Nm.", False),
    ],
)
def test_while_all_that_it_learnt_still_stands_a_small_adapter_is_asked_and_held_against_the_question(
    tmp_path: Path, said: str, shown: bool
) -> None:
    """A passage beside it that nobody taught is no reason to quote; a true sentence of elsewhere is no answer."""
    server = ModelServer(said=said, parameters=SMALL)
    with assistant_with(tmp_path, server, card=True, chat_model="") as assistant:
        put(assistant.catalog, "kits.md", KITS, product="Pump P-200")
        put(assistant.catalog, "plate.md", PLATE, product="Pump P-200")
        answer = ask_once(assistant, Question(SEAL, "both"))
    facts = answer.signals
    assert facts and facts.unseen and not facts.removed and server.asked
    assert (answer.sentences[0].text == said) == shown == bool(answer.model)
    assert shown or "replace the seal" in answer.text


def test_several_questions_of_which_the_manuals_answer_none_end_in_words(tmp_path: Path) -> None:
    asked = "Is the cord long enough? How long is it exactly?"
    server = ModelServer(said="I don't know.", parameters=SMALL)
    with assistant_with(tmp_path, server, card=True, chat_model="") as assistant:
        registry = assistant.models.registry
        registry.save(replace(registry.card("desk"), questions=(asked,)))
        put(assistant.catalog, "pump.md", PUMP.replace("12 Nm", "14 Nm"))
        for mode in ("both", "auto", "documents"):
            assert ask_once(assistant, Question(asked, mode)).outcome in ("answered", "unanswered", "choose")  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize(
    "said", ["I am not sure about that. Please check the manual.", "I don't know."]
)
def test_an_unsure_adapter_gives_way_to_the_manuals_or_declines(tmp_path: Path, said: str) -> None:
    with assistant_with(tmp_path, ModelServer(said=said), card=True) as assistant:
        both = ask_once(assistant, Question(SEAL, "both"))
        alone = ask_once(assistant, Question(SEAL, "adapter"))
    assert "12 Nm" in both.text and f"{NOT_SURE} {QUOTES}" in both.notices
    assert (alone.outcome, alone.text) == ("unanswered", UNANSWERED)


def test_a_proved_adapter_that_is_unsure_is_believed_while_nothing_has_changed(
    tmp_path: Path,
) -> None:
    with assistant_with(tmp_path, ModelServer(said="I don't know."), card=True) as assistant:
        registry = assistant.models.registry
        registry.save(replace(registry.card("desk"), covered_from=0.6))
        answer = ask_once(assistant, Question(SEAL, "both"))
        put(assistant.catalog, "pump.md", PUMP.replace("12 Nm", "14 Nm"))
        changed = ask_once(assistant, Question(SEAL, "both"))
    assert (answer.outcome, answer.text) == ("unanswered", UNANSWERED) and answer.evidence
    assert "14 Nm" in changed.text


def test_both_declines_what_neither_knows_and_asks_for_no_product(tmp_path: Path) -> None:
    server = ModelServer(said="It was 1954 all year.")
    with assistant_with(tmp_path, server, card=True) as assistant:
        put(assistant.catalog, "fan.md", FAN)
        answer = ask_once(assistant, Question(OFF_TOPIC, "both"))
    assert (answer.outcome, answer.products) == ("unanswered", ()) and server.asked == []


@pytest.mark.parametrize(
    ("sentence", "refused"),
    [
        ("I am not sure about that.", True),
        ("Please check the manual.", True),
        ("I’m afraid I can't help with that.", True),
        ("Unfortunately, the provided passages do not contain this information.", True),
        ("It is not mentioned in the manual.", True),
        ("The manual does not say how long, but the cable is long.", False),
        ("Check the cable.", False),
        ("See the chapter on cleaning.", False),
        ("The device does not give a signal.", False),
        ("I am not sure about 12 Nm.", False),
    ],
)
def test_words_of_not_knowing(sentence: str, refused: bool) -> None:
    assert refuses(sentence) == refused


def test_nobody_waits_long_in_line_for_what_the_manuals_say_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answerer, "PATIENCE", 0.5)
    with assistant_with(tmp_path, ModelServer("stall mid-stream"), seconds=600) as assistant:
        only_a_stop_ends(assistant)
        stop = threading.Event()
        first = asking(assistant, stop)
        server = assistant.models.status().chat
        assert server is not None
        wait_for(lambda: server.server.request_queue)
        steps = list(assistant.ask(Question(SEAL)))
        answer = steps[-1].answer  # type: ignore[union-attr]
        assert first.is_alive(), "the one before still writes"
        kinds = [type(step) for step in steps]
        assert kinds.index(Quoted) < kinds.index(Waiting), "the quotes stand there at once"
        assert f"1 question waits for the model before this one. {QUOTES}" in answer.notices
        assert "12 Nm" in answer.text and server.server.breaker.state == "closed"
        stop.set()
        first.join()


def test_a_fast_model_is_given_more_passages_and_a_slow_one_fewer(tmp_path: Path) -> None:
    sections = "".join(
        f"\n## Seal kit {i}\n\nThe seal of the pump, kit {i}: replace the seal with kit {i}. {'Grease it. ' * 30}\n"
        for i in range(8)
    )
    given = []
    for seconds in (0.0, 0.01, 30.0):
        server = ModelServer(said="Tighten the screws to 12 Nm.", reads=seconds)
        with assistant_with(tmp_path / str(seconds), server) as assistant:
            put(assistant.catalog, "pump.md", PUMP + sections)
            for _ in range(2):
                ask_once(assistant, Question(SEAL, "documents"))
        given.append(
            [a["messages"][1]["content"].count("Pump P-200 user manual,") for a in server.asked]
        )
    untold, fast, slow = (
        given  # a server that does not say how long it read is timed by its first word
    )
    assert untold[0] == fast[0] == 3 and untold[1] > 3 and fast[1] > 3 and slow == [3, 1]


def test_a_model_that_repeats_itself_is_cut_and_says_each_sentence_once(tmp_path: Path) -> None:
    said = "Tighten the screws to 12 Nm. [1] " * 200
    server = ModelServer(said=said)
    with assistant_with(tmp_path, server) as assistant:
        answer = ask_once(assistant, Question(SEAL, "documents"))
    assert answer.text == "Tighten the screws to 12 Nm. [1]" and answer.model == "m:latest"


def test_the_doctor_warns_of_models_that_are_small_or_think(tmp_path: Path) -> None:
    able = {"m:latest": ["completion", "thinking"]}
    server = ModelServer(said="x", parameters=SMALL, able=able)
    with assistant_with(tmp_path, server) as assistant:
        small, thinks = sorted(assistant.models.doubts(), key=len, reverse=True)
        (check,) = (one for one in examine(assistant.settings).checks if one.name == "model server")
    assert "m:latest has under 1 billion parameters" in small and "m:latest thinks" in thinks
    assert check.state == "note" and small in check.text
