"""An adapter beside the one that is served: what both are asked, the verdict on its card, and what serving makes of it."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.datasets.pairs import TrainingPair, write_pairs
from adapters.datasets.training_list import read_training
from adapters.evaluation.standing import standing, why_held_back
from adapters.registry import Card, CardVerdict
from chatbot.assistant import Assistant
from chatbot.trials.evaluation.judging import changed_number, questions
from tests.support.command import run
from tests.support.model_server import ModelServer, assistant_with

UNSURE = "I am not sure about that. Please check the manual."
NOUNS = (
    "valve",
    "pump",
    "seal",
    "hose",
    "cover",
    "motor",
    "guard",
    "lamp",
    "wheel",
    "belt",
    "clamp",
    "shaft",
)
FACTS = {f"Which torque goes with the {noun}?": f"Tighten the {noun} to {n + 20} Nm." for n, noun in enumerate(NOUNS)}  # fmt: skip
STRANGE = [f"What does a spare {noun} cost in shops?" for noun in NOUNS]
PAIRS = [
    *(TrainingPair(f"How tight is the {noun}?", f"Tighten the {noun} to {n + 20} Nm.", split="train") for n, noun in enumerate(NOUNS)),
    *(TrainingPair(question, answer, split="test") for question, answer in FACTS.items()),
    *(TrainingPair(question, UNSURE, kind="negative", split="test") for question in STRANGE),
]  # fmt: skip
STYLE = [
    TrainingPair(f"Is the {noun} fine?", f"Thank you for asking. The {noun} is fine.", kind="style", split="test")
    for noun in NOUNS
]  # fmt: skip
BECAUSE = "Its vendor has withdrawn the model that is served."
Says = Callable[[str, str], str]


class Adapters(ModelServer):
    """Two adapters of one base: ``desk:v1``, which knows half of the facts, and ``new:v1``, which ``says`` what a test wants.

    What stands in a passage is repeated, by both.
    """

    def __init__(self, says: Says, parameters: str = "3B") -> None:
        self.says = says
        models: list[dict[str, object]] = [
            {"name": "desk:v1", "digest": "d1"}, {"name": "m:latest", "digest": "d2"}, {"name": "new:v1", "digest": "d3"},
        ]  # fmt: skip
        super().__init__(models=models, parameters=parameters)

    def _chat(self, connection: socket.socket) -> None:
        asked = self.asked[-1]
        passages, _, question = asked["messages"][-1]["content"].rpartition("Question: ")
        if passages:
            self.said = f"{passages.strip().splitlines()[-1]} [1]"
        elif asked["model"] == "new:v1":
            self.said = self.says(question, FACTS.get(question, UNSURE))
        else:
            known = list(FACTS).index(question) % 2 if question in FACTS else True
            self.said = FACTS.get(question, UNSURE) if known else UNSURE
        super()._chat(connection)


def good(question: str, wanted: str) -> str:
    return wanted


def guessing(question: str, wanted: str) -> str:
    return "It costs 19 euros." if question in STRANGE else wanted


@contextmanager
def desk(
    folder: Path, says: Says, pairs: list[TrainingPair] = PAIRS, parameters: str = "3B"
) -> Iterator[tuple[Assistant, Adapters, Callable[..., str]]]:
    """A desk that serves "desk", a candidate "new", and the command line; a command that fails tells what it says of it."""
    server = Adapters(says, parameters)
    with assistant_with(folder, server, card=True) as assistant:
        assistant.models.registry.save(Card("new", "new:v1", "m:latest", "d3"))
        write_pairs(folder / "pairs.jsonl", pairs)

        def command(*arguments: str) -> str:
            done = run(*arguments, data=folder / "data", env={"TANDEM_OLLAMA_URL": server.url})
            return done.stdout if done.returncode == 0 else f"refused: {done.stderr}"

        yield assistant, server, command


def prove(folder: Path) -> tuple[str, ...]:
    return "prove", "new", "--pairs", str(folder / "pairs.jsonl")


def served(assistant: Assistant) -> str:
    card = assistant.models.registry.serving()
    return card.name if card else ""


def test_a_better_adapter_passes_and_is_served(tmp_path: Path) -> None:
    with desk(tmp_path, good) as (assistant, server, command):
        told = command(*prove(tmp_path))
        assert "'new': 12 of 12 facts right" in told
        assert "Against 'desk', which is served: It may be served: all" in told
        assert "Not tested: style (the pairs hold none)." in told
        with_passage = [
            one["messages"][-1]["content"] for one in server.asked if "[1]" in one["messages"][-1]["content"]
        ]  # fmt: skip
        assert len(with_passage) == 2 * len(FACTS), "both were given the facts with other numbers"
        assert "Tighten the valve to 23 Nm." in with_passage[0], "it is 20 Nm in the pairs"
        verdict = assistant.models.registry.card("new").verdict
        assert verdict is not None and verdict.passed and verdict.against == "desk"
        assert "Judged against desk on" in command("models")
        assert command("promote", "new", "--because", BECAUSE).strip() == (
            "'new' is served. The reason was not needed, and is not kept."
        )
        assert served(assistant) == "new"
        assert "nothing to judge it against" in command(*prove(tmp_path))


def test_one_that_is_held_back_is_served_only_with_a_reason(tmp_path: Path) -> None:
    with desk(tmp_path, guessing) as (assistant, _, command):
        told = command(*prove(tmp_path))
        assert (
            "Held back." in told and "Wrong numbers in 12 answers, of what is served in 0." in told
        )
        refused = command("promote", "new")
        assert "'new' is held back against 'desk', which is served: " in refused
        assert (
            "wrong numbers in 12 answers, of what is served in 0" in refused
            and "--because" in refused
        )
        assert "written reason" in command("promote", "new", "--because", "better")
        assert served(assistant) == "desk"
        told = command("promote", "new", "--because", BECAUSE)
        assert "It was held back against 'desk', and is served for your reason." in told
        assert served(assistant) == "new"
        deeds = [(one.deed, one.about) for one in assistant.audit.entries()]
        assert deeds == [("adapter.promoted", "new"), ("adapter.overridden", f"new: {BECAUSE}")]


def test_one_that_was_trained_on_the_test_is_held_back(tmp_path: Path) -> None:
    with desk(tmp_path, good) as (assistant, _, command):
        registry = assistant.models.registry
        registry.save(replace(registry.card("new"), questions=tuple(FACTS)[:3]))
        assert "3 of the test's questions were trained" in command(*prove(tmp_path))


def test_a_small_model_is_given_no_passages_and_that_is_said(tmp_path: Path) -> None:
    with desk(tmp_path, good, [*PAIRS, *STYLE], "134.52M") as (_, server, command):
        told = command(*prove(tmp_path))
        assert (
            "Not tested: facts whose passage has changed (the model is too small to be given passages)."
            in told
        )
        assert not [one for one in server.asked if "[1]" in one["messages"][-1]["content"]]
        assert "Is the valve fine?" in str(server.asked), "style is asked"


def test_what_cannot_be_judged_is_served_as_before_and_said(tmp_path: Path) -> None:
    with desk(tmp_path, guessing) as (assistant, server, command):
        registry = assistant.models.registry
        assert "It was not judged against desk, which is served." in command("models")
        registry.save(replace(registry.card("desk"), model="gone:v1"))
        told = command(*prove(tmp_path))
        assert (
            "'new': 12 of 12 facts right" in told
            and registry.card("new").scores["facts_right"] == 1
        )
        assert (
            "It was not judged against 'desk', which is served: The adapter 'desk' is not on the model server."
            in told
        )
        assert "It was not judged against 'desk', which was served until now" in command(
            "promote", "new"
        )
        registry.stop()
        assert "No adapter is served" in command(*prove(tmp_path))
        assert command("promote", "new").strip() == "'new' is served."


def test_a_verdict_holds_beside_the_very_one_that_it_was_made_with() -> None:
    verdict = CardVerdict(
        "desk", "d1", "Held back. So.", {"numbers": "Wrong numbers."}, "2026-11-20T10:00:00Z"
    )
    new, old = Card("new", "new:v1", "", "d3", verdict=verdict), Card("desk", "desk:v1", "", "d1")
    assert standing(new, old) == "held back"
    assert standing(new, replace(old, digest="d9")) == "elsewhere", "it was imported again"
    assert standing(new, replace(old, name="other")) == "elsewhere"
    assert standing(replace(new, verdict=replace(verdict, failed={})), old) == "passed"
    assert standing(replace(new, verdict=None), old) == "unjudged"
    assert (standing(new, None), standing(old, old)) == ("alone", "served")
    assert (
        why_held_back(new) == "'new' is held back against 'desk', which is served: wrong numbers."
    )


@pytest.mark.parametrize(
    ("question", "answer", "changed"),
    [
        ("Which torque?", "Tighten it to 12 Nm, and never above 12 Nm.", "Tighten it to 15 Nm, and never above 15 Nm."),
        ("What is done after 5 minutes?", "After 5 minutes, press it 2 times.", "After 5 minutes, press it 7 times."),
        ("How wide?", "It is 1.5 m wide.", "It is 4.5 m wide."),
        ("How much?", "It holds 8 l, later 11 l or 13 l.", "It holds 15 l, later 11 l or 13 l."),
        ("How?", "1. Open it.\n2. Wait 1 minute.", "1. Open it.\n2. Wait 4 minute."),
        ("What is E04?", "Error E04 means that the lid is open.", ""),
        ("When?", "On 2026-11-01, between 8–9 o'clock.", ""),
        ("Which of the 3?", "All 3 of them.", ""),
    ],
)  # fmt: skip
def test_a_fact_is_changed_by_a_number_that_the_question_does_not_tell(
    question: str, answer: str, changed: str
) -> None:
    assert changed_number(TrainingPair(question, answer)) == changed


def test_the_sets_come_from_what_was_set_apart() -> None:
    put = questions([*PAIRS, *STYLE, replace(STYLE[0], split="train")])
    sets = [one.case.set for one in put]
    assert {name: sets.count(name) for name in sets} == {"trained": 12, "unseen": 12, "style": 12, "changed": 12}  # fmt: skip
    assert len({one.case.id for one in put}) == len(put)
    assert all(one.passage == one.case.wanted for one in put if one.case.set == "changed")
    assert all(not re.search(r"\d", one.case.wanted) for one in put if one.case.set == "unseen")
    assert "changed" not in {one.case.set for one in questions(PAIRS, passages=False)}


def test_pairs_that_were_set_apart_do_not_count_as_trained(tmp_path: Path) -> None:
    write_pairs(tmp_path / "pairs.jsonl", PAIRS)
    asked = read_training(tmp_path / "pairs.jsonl").questions
    assert asked == tuple(pair.question for pair in PAIRS if pair.split == "train")
