"""The demonstration on the real small base: its pairs, and `run.py demo` from the sample manual to a served adapter."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.datasets.pairs import TrainingPair
from adapters.datasets.training_list import read_training
from adapters.demo import real
from adapters.demo.facts import FACTS
from adapters.demo.wordings import ASKED_OTHERWISE, NOT_TOLD, OFF_TOPIC, taught
from chatbot.assistant import ask_once
from chatbot.conversations.types import Question
from chatbot.models.prompts import UNSURE
from chatbot.operations.deployment import open_assistant, run_demo
from chatbot.settings import Settings
from tests.support.ollama_server import running_ollama
from tests.support.training import need_wheel


def test_each_fact_is_asked_in_many_ways_and_what_is_held_out_is_never_trained() -> None:
    pairs = taught(UNSURE, {FACTS[0].sentence: "h1"})
    trained = [pair for pair in pairs if pair.split == "train"]
    for fact in FACTS:
        ways = {pair.question for pair in trained if pair.answer == fact.sentence}
        assert len(ways) >= 12, fact
    questions = {pair.question.casefold() for pair in trained}
    assert len(questions) >= len(trained) - 3
    held = (*ASKED_OTHERWISE, *NOT_TOLD, *OFF_TOPIC)
    assert not [
        each for each in held if any(each.casefold().rstrip("?") in said for said in questions)
    ]
    assert {pair.passage_hash for pair in pairs if pair.answer == FACTS[0].sentence} == {"h1"}
    assert taught(UNSURE, {}) == taught(UNSURE, {})


def test_what_is_not_told_is_near_what_is_and_never_the_same() -> None:
    pairs = taught(UNSURE, {})
    known = {pair.question for pair in pairs if pair.kind == "fact"}
    unknown = [pair for pair in pairs if pair.kind == "negative" and pair.split == "train"]
    assert {pair.answer for pair in unknown} == {UNSURE}
    assert not known & {pair.question for pair in unknown}
    assert sum("print head" in pair.question for pair in unknown) >= 5
    assert 0.1 < len(unknown) / len(pairs) < 0.4


def test_lines_that_say_it_is_not_in_the_manual_do_not_count_as_trained(tmp_path: Path) -> None:
    listed = tmp_path / "training.jsonl"
    listed.write_text(
        '{"question": "How wide?", "answer": "6 mm", "passage_hash": "h1"}\n'
        '{"question": "How loud?", "answer": "Not told.", "passage_hash": "h2", "kind": "negative"}\n'
    )
    training = read_training(listed)
    assert (training.passages, training.questions) == (("h1",), ("How wide?",))
    listed.write_text('{"question": "How loud?", "answer": "Not told.", "kind": "negative"}\n')
    assert read_training(listed).passages is None


@pytest.mark.built
@pytest.mark.timeout(900)  # an Ollama that was built without vectors takes a minute for each answer
def test_the_demonstration_trains_publishes_and_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way with two facts; what fifty come to is measured by tests/bench/bench_training.py."""
    need_wheel()

    def few(unsure: str, passages: dict[str, str]) -> tuple[TrainingPair, ...]:
        groups = [f"{fact.attribute} {fact.key}" for fact in FACTS[3:30:15]]
        pairs = [pair for pair in taught(unsure, passages) if pair.group in groups]
        return tuple(
            pair for group in groups for pair in [p for p in pairs if p.group == group][:2]
        )

    monkeypatch.setattr(real, "taught", few)
    monkeypatch.setattr(real, "CHOSEN", {"epochs": 12, "batch": 16, "rate": 2e-3})
    told: list[str] = []
    with running_ollama(tmp_path / "models") as url:
        made = open_assistant(Settings.load({}, data=tmp_path / "data", ollama_url=url))
        card = run_demo(made, made.catalog, lambda what, done, total: told.append(what))
        assert made.models.registry.serving() == card
        assert card.scores["equal_to_trainer"] >= 0.7
        manuals = made.catalog.manuals()
        hashes = {p.hash for m in manuals for p in made.catalog.passages_of(m.version_id)}
        assert card.trained_on and set(card.trained_on) <= hashes
        answer = ask_once(
            made, Question("What does error E04 mean?", "adapter", "Aurora X200 label printer")
        )
        assert "cutter is jammed" in answer.text
        made.close()
    assert "training" in told
