"""An adapter held against pairs it was not trained on, and from where on Auto may trust it."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.datasets.pairs import TrainingPair, watching, write_pairs
from adapters.errors import CardError, ModelMissing, StreamBroken
from adapters.registry import Card
from chatbot.conversations.types import COVERED
from chatbot.trials.errors import NothingToProve
from chatbot.trials.evaluation.proving import ProofCase, covered_from, held_out, holds, prove
from tests.support.command import run
from tests.support.model_server import SEAL, ModelServer, assistant_with

UNSURE = "I am not sure about that. Please check the manual."
PAIRS = [
    TrainingPair("How do I replace the seal?", "Tighten the screws to 12 Nm.", split="train"),
    TrainingPair("Which torque do the screws need?", "Tighten the screws to 12 Nm.", split="test"),
    TrainingPair("Which pressure does it bear?", "The largest pressure is 6 bar.", split="test"),
    TrainingPair("Which colour has it?", UNSURE, kind="negative", split="test"),
    TrainingPair("How loud is it?", UNSURE, kind="negative", split="test"),
]
SAID = [
    "Sure! Tighten the screws to 12 Nm.",
    "The largest pressure is 8 bar.",
    "I don't know.",
    "It is 60 dB loud.",
]


def test_only_what_was_set_apart_proves_anything() -> None:
    assert [pair.question for pair in held_out(PAIRS)] == [pair.question for pair in PAIRS[1:]]
    with pytest.raises(NothingToProve, match="none that were set apart"):
        held_out(PAIRS[:1])


def test_what_watched_the_training_proves_nothing() -> None:
    reworded = [
        replace(PAIRS[0], question=f"How is seal {n} replaced?", split="reworded")
        for n in range(40)
    ]
    watched = watching([*PAIRS, *reworded])
    assert watched and set(held_out([*PAIRS, *reworded])) == {*PAIRS[1:], *reworded} - {*watched}


def test_a_fact_that_nobody_taught_can_only_be_declined() -> None:
    strange = TrainingPair("How heavy is it?", "It weighs 4 kg.", group="other", split="test")
    held = held_out([*PAIRS, strange, replace(strange, answer="Tighten the screws to 12 Nm.")])
    assert [pair.kind for pair in held] == [
        "fact",
        "fact",
        "negative",
        "negative",
        "negative",
        "fact",
    ]
    assert held[4].answer == "It weighs 4 kg."
    cases = [
        ProofCase("How heavy is it?", "It weighs 4 kg.", said, True, 0.4, declined)
        for said, declined in (
            (UNSURE, True),
            ("It weighs 5 kg.", False),
            ("It weighs 4 kg.", False),
        )
    ]
    assert [one.right for one in cases] == [True, False, True]


def test_an_adapter_is_asked_and_judged(tmp_path: Path) -> None:
    server = ModelServer(said=list(SAID))
    with assistant_with(tmp_path, server, card=True) as assistant:
        card = assistant.models.registry.card("desk")
        proof = prove(assistant.models.writer_of(card), card.questions, held_out(PAIRS))
    assert [one.right for one in proof.cases] == [True, False, True, False]
    assert proof.cases[0].said == "Tighten the screws to 12 Nm."
    assert proof.scores == {
        "facts_right": 0.5, "facts_right_of": 2.0, "negatives_declined": 0.5, "negatives_declined_of": 2.0,
    }  # fmt: skip
    assert proof.covered_from == COVERED, "four answers say nothing of where to trust it"
    asked = server.asked[0]["messages"]
    assert asked[1]["content"] == "Question: Which torque do the screws need?"


@pytest.mark.parametrize(
    ("said", "wanted", "right"),
    [
        ("Error E04 means that the lid is open.", "E04: the lid is open.", True),
        ("Error E05 means that the lid is open.", "E04: the lid is open.", False),
        ("Wait 30 minutes before you open it.", "Wait 20 minutes before you open it.", False),
        ("Open the lid and take the paper out.", "Open the lid, and take out the paper.", True),
        ("Buy bread and butter.", "Open the lid, and take out the paper.", False),
        ("", "Open the lid.", False),
    ],
)
def test_an_answer_holds_a_reference_with_each_figure(said: str, wanted: str, right: bool) -> None:
    assert holds(said, wanted) == right


def case(near: float, right: bool, *, negative: bool = False, declined: bool = False) -> ProofCase:
    said = "" if declined else "It is 5 m." if right else "It is 6 m."
    return ProofCase("q", "It is 5 m.", said, negative, near, declined)


def test_auto_trusts_an_adapter_from_where_nine_of_ten_are_right() -> None:
    sure = [case(0.9, True) for _ in range(18)]
    assert covered_from([*sure, case(0.7, True), case(0.7, False)]) == 0.7
    assert covered_from([*sure, *(case(0.6, False) for _ in range(9))]) == 0.9
    assert covered_from([*sure, *(case(0.6, False, declined=True) for _ in range(9))]) == 0.9
    assert covered_from([*sure, case(0.1, False, negative=True)]) == 0.9, (
        "a guess far off tells nothing"
    )
    guessed = [case(0.9, False, negative=True) for _ in range(9)]
    assert covered_from([*sure, *guessed]) == 1.0, "it answers what nobody taught it as surely"
    assert covered_from([case(0.9, True)] * 9) == COVERED


def test_the_command_writes_down_what_it_found(tmp_path: Path) -> None:
    server = ModelServer(said=list(SAID))
    pairs = tmp_path / "pairs.jsonl"
    write_pairs(pairs, PAIRS)
    with assistant_with(tmp_path, server, card=True) as assistant:
        told = run(
            "prove",
            "desk",
            "--pairs",
            str(pairs),
            data=tmp_path / "data",
            env={"TANDEM_OLLAMA_URL": server.url},
        )
        card = assistant.models.registry.card("desk")
    assert told.stdout.startswith(
        "'desk': 1 of 2 facts right in words it was not trained on; 1 of 2 declined that it was not taught."
    )
    assert (card.scores["facts_right"], card.covered_from) == (0.5, COVERED)
    assert card.questions == (SEAL, "Who built it?"), "the rest of the card stays"


def test_a_model_that_is_not_the_imported_one_is_not_served(tmp_path: Path) -> None:
    with assistant_with(tmp_path, ModelServer(said="x"), card=True) as assistant:
        models = assistant.models
        assert models.status().adapter is not None and models.faults() == {}
        models.registry.save(Card("other", "desk:v1", "m:latest", "another digest"))
        with pytest.raises(CardError, match="not the one that was imported"):
            models.promote("other")
        models.registry.save(Card("gone", "gone:v1", "m:latest", "d9"))
        with pytest.raises(ModelMissing):
            models.promote("gone")
        serving = models.registry.serving()
        assert serving is not None and serving.name == "desk"
        assert set(models.faults()) == {"other", "gone"}
        models.registry.serve("other")
        models.invalidate()
        assert models.status().adapter is None and "Import it again" in models.status().reason


class _Stumbling(ModelServer):
    """Fails in its way as often as it is told at the first question, then answers as it should."""

    def __init__(self, fault: str, times: int) -> None:
        self.times, self.answers = times, list(SAID)
        super().__init__(fault)

    def _chat(self, connection: socket.socket) -> None:
        fails, self.times = self.times > 0, self.times - 1
        self.said = None if fails else self.answers
        super()._chat(connection)


def test_an_answer_that_breaks_off_is_asked_for_again(tmp_path: Path) -> None:
    server = _Stumbling("ends early", 2)
    with assistant_with(tmp_path, server, card=True) as assistant:
        writer = assistant.models.writer_of(assistant.models.registry.card("desk"))
        proof = prove(writer, (), held_out(PAIRS))
    assert [one.right for one in proof.cases] == [True, False, True, False]
    server = _Stumbling("ends early", 3)
    with assistant_with(tmp_path / "other", server, card=True) as assistant:
        writer = assistant.models.writer_of(assistant.models.registry.card("desk"))
        with pytest.raises(StreamBroken):
            prove(writer, (), held_out(PAIRS))


def test_an_adapter_that_repeats_itself_without_end_is_judged_and_wrong(tmp_path: Path) -> None:
    server = _Stumbling("repeats itself", 99)
    with assistant_with(tmp_path, server, card=True) as assistant:
        writer = assistant.models.writer_of(assistant.models.registry.card("desk"))
        proof = prove(writer, (), held_out(PAIRS))
    assert [one.right for one in proof.cases] == [False] * 4
    assert not any(one.declined for one in proof.cases)
