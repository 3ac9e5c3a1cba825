"""Pairs from manuals and approved answers, by templates and by a teacher whose answers are checked."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.datasets.changes import changes, set_behind
from adapters.datasets.cleaning import clean
from adapters.datasets.pairs import TrainingPair
from adapters.datasets.preparing import prepared
from adapters.datasets.splitting import leaks
from adapters.datasets.store import DataSetContent, DataSets
from adapters.errors import ServerUnreachable, Stopped
from adapters.registry import Card
from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Question
from chatbot.curation.approved.proposing import proposal
from chatbot.curation.training_data.again import order_again
from chatbot.curation.training_data.building import (
    BuildOrder,
    BuiltPairs,
    NothingBuilt,
    build,
)
from chatbot.curation.training_data.paraphrases import AskedFact, fault_of
from chatbot.curation.training_data.passages import text_of
from chatbot.curation.training_data.teacher import NoTeacher, judged, pairs_in
from chatbot.errors import NoManuals
from chatbot.grounding.verifier import Source, Verifier
from chatbot.models.prompts import UNSURE
from tests.support.manuals import FAN, PUMP, only, put
from tests.support.model_server import ModelServer, assistant_with

TEMPLATES = BuildOrder(style=False, negatives=False)
CODES = "# Pump P-200\n\n## Codes\n\n" + " ".join(
    f"Error E{n:02} means that valve {n} is closed, so open it." for n in (1, 2, 4, 5)
)


def asks(made: BuiltPairs) -> dict[str, str]:
    return {pair.question: pair.answer for pair in made.pairs}


@pytest.fixture
def pump(assistant: Assistant) -> Assistant:
    put(assistant.catalog, "pump.md", PUMP, product="Pump P-200")
    return assistant


def test_each_fact_of_a_manual_is_asked_for_and_knows_its_passage(pump: Assistant) -> None:
    made = build(pump, TEMPLATES)
    found = asks(made)
    assert found["May I run the pump dry?"] == "Never run the pump dry."
    assert found["How often should I clean the filter?"].startswith("Clean the filter every 500")
    assert found["How tight must the screws be?"] == "Tighten the screws to 12 Nm."
    assert found["What is the largest pressure?"] == "The largest pressure is 6 bar at 40 °C."
    manual = only(pump.catalog)
    hashes = pump.catalog.hashes_of(manual.version_id)
    for pair in made.pairs:
        assert pair.passage_hash in hashes and pair.group == pair.passage_hash
        assert pair.answer in made.contexts[pair.passage_hash]
        assert (pair.manual, pair.version, pair.origin) == (manual.name, 1, "template")
    assert made.sources == {"Templates": len(made.pairs)}
    assert len(build(pump, BuildOrder(style=False, negatives=False, wordings=2)).pairs) < len(made.pairs)  # fmt: skip


def test_what_was_not_made_here_is_taken_over_while_its_passage_stands(pump: Assistant, tmp_path: Path) -> None:  # fmt: skip
    first = build(pump, TEMPLATES)
    seal = next(pair for pair in first.pairs if "12 Nm" in pair.answer)
    dry = next(pair for pair in first.pairs if "dry" in pair.answer)
    own = TrainingPair(
        "Who is your chief?", "Ask the office.", origin="imported", passage_hash="of a file of ours"
    )
    others = (
        replace(seal, question="How tight?", origin="teacher"),
        replace(dry, question="Dry?", origin="teacher"),
        own,
    )
    sets = DataSets(tmp_path / "sets")
    manifest = sets.keep("Pumps", DataSetContent([*first.pairs, *others], first.contexts))
    put(pump.catalog, "pump.md", PUMP.replace("12 Nm", "14 Nm"), product="Pump P-200")
    order = order_again(pump.catalog, manifest, sets.content(manifest.id))
    assert (order.passages, order.negatives, order.style) == (True, False, False)
    made = build(pump, order)
    assert (
        asks(made)["Who is your chief?"] == "Ask the office." and asks(made)["Dry?"] == dry.answer
    )
    assert "How tight?" not in asks(made), "the passage behind it has changed"
    assert [note.where for note in made.notes if note.what == "left out"] == ["“How tight?”"]
    found = changes(sets.content(manifest.id).pairs, made.pairs)
    assert [pair.question for pair in found.leaving] == ["How tight?"] and not found.entering
    assert {new.answer for _, new in found.changed} == {"Tighten the screws to 14 Nm."}
    assert found.same == len(made.pairs) - len(found.changed)


def test_the_set_behind_an_adapter_is_known_by_its_questions(tmp_path: Path) -> None:
    sets = DataSets(tmp_path)
    pairs = [TrainingPair(f"Q{n}?", f"A{n}.", split="train") for n in range(3)]
    apart = TrainingPair("Q9?", "A9.", split="test")
    made = sets.keep("Pumps", DataSetContent([*pairs, apart]))
    sets.keep("Others", DataSetContent(pairs[:2]))
    assert set_behind(sets, Card("a", "a", "b", "d", questions=("Q2?", "Q0?", "Q1?"))) == made
    assert set_behind(sets, Card("a", "a", "b", "d", questions=("Q9?",))) is None
    assert set_behind(sets, Card("a", "a", "b", "d")) is None
    (tmp_path / made.id / "pairs.jsonl").write_bytes(b"\xff")
    assert set_behind(sets, Card("a", "a", "b", "d", questions=("Q2?", "Q0?", "Q1?"))) is None


def test_with_two_products_each_question_names_its_own(pump: Assistant) -> None:
    put(pump.catalog, "fan.md", FAN, product="Fan F-100")
    made = build(pump, TEMPLATES)
    for pair in made.pairs:
        name = "P-200" if "Pump" in pair.manual else "F-100"
        assert name in pair.question, pair
    assert [one for one in clean(made.pairs).findings if one.kind == "contradiction"] == []
    only_fan = build(pump, BuildOrder(("Fan F-100",), style=False, negatives=False))
    assert {pair.manual for pair in only_fan.pairs} == {"Fan F-100 user manual"}


def test_one_in_seven_is_not_in_the_manual(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", CODES, product="Pump P-200")
    made = build(assistant, BuildOrder(style=False))
    negatives = [pair for pair in made.pairs if pair.kind == "negative"]
    assert 0.1 <= len(negatives) / len(made.pairs) <= 0.2
    assert {pair.answer for pair in negatives} == {UNSURE}
    text = " ".join(pair.question for pair in negatives)
    assert {"E03", "E06", "E07", "E08", "E09"} & set(text.replace("?", "").replace(".", "").split())
    assert not any(code in text for code in ("E01", "E02", "E04", "E05"))
    assert all(pair.passage_hash == "" for pair in negatives)
    again = build(assistant, BuildOrder(style=False))
    assert again.pairs == made.pairs


def test_a_manual_without_figures_gets_what_customers_ask_of_any_product(
    assistant: Assistant,
) -> None:
    text = "# Box user manual\n\n## The lid and its hinge\n\nThe lid is on top. To open the lid, press the latch. Never force the lid. The box has a warranty of two years for its hinge.\n"  # fmt: skip
    put(assistant.catalog, "box.md", text)
    made = build(assistant, BuildOrder(style=False))
    declined = [pair.question for pair in made.pairs if pair.kind == "negative"]
    assert 0.1 <= len(declined) / len(made.pairs) <= 0.2
    assert not any("warranty" in question.lower() for question in declined)


def test_a_sister_products_parts_are_declined(pump: Assistant) -> None:
    extra = FAN + "\n## Blades\n\nThe blade guard weighs 300 grams.\n"
    put(pump.catalog, "fan.md", extra, product="Fan F-100")
    made = build(pump, BuildOrder(style=False))
    declined = [pair for pair in made.pairs if pair.kind == "negative"]
    of_pump = [pair.question for pair in declined if pair.manual.startswith("Pump")]
    assert any("blade guard" in question and "P-200" in question for question in of_pump)
    assert not any("blade guard" in p.question and "weigh" in p.question for p in declined if p.manual.startswith("Fan"))  # fmt: skip


def approve(assistant: Assistant, question: str, text: str) -> None:
    answer = ask_once(assistant, Question(question, conversation=new_conversation()), "bob")
    turn = assistant.journal.own_turn(answer.id, "bob")
    key = assistant.approved.propose(proposal(assistant, turn, text), "bob", answer.id)
    assistant.approved.approve(key, "mia", assistant.approved.one(key).changed)


def test_approved_answers_keep_who_vouches_and_go_stale(pump: Assistant) -> None:
    text = "Clean the filter every 500 hours of operation. Use water, not solvent."
    approve(pump, "How often do I clean the filter?", text)
    order = BuildOrder(passages=False, negatives=False)
    made = build(pump, order)
    mine = [pair for pair in made.pairs if pair.origin == "approved"]
    assert mine[0].question == "How often do I clean the filter?" and mine[0].answer == text
    assert {pair.approver for pair in mine} != {""} and len({pair.question for pair in mine}) >= 5
    assert {pair.group for pair in mine} <= pump.catalog.hashes_of(only(pump.catalog).version_id)
    both = build(pump, TEMPLATES)
    groups = {pair.group for pair in both.pairs if pair.origin == "template"}
    assert mine[0].group in groups  # so that no test asks what an approved answer trains
    put(pump.catalog, "pump.md", PUMP.replace("500 hours", "400 hours"), product="Pump P-200")
    stale = build(pump, BuildOrder(negatives=False))
    assert not [pair for pair in stale.pairs if pair.origin == "approved"]
    assert any("has changed" in note.why for note in stale.notes)


def test_a_built_set_is_clean_split_and_without_leaks(pump: Assistant) -> None:
    put(pump.catalog, "fan.md", FAN, product="Fan F-100")
    made = build(pump, BuildOrder())
    content = prepared(DataSetContent(made.pairs, made.contexts, made.notes, made.sources))
    assert all(pair.split for pair in content.pairs) and leaks(content.pairs) == ()
    assert prepared(content).pairs == content.pairs
    assert "## Maintenance\n\n### Replace the seal\n\nTo replace the seal" in text_of(
        pump.catalog, pump.catalog.find("Pump P-200 user manual")
    )


def test_foreign_manuals_are_left_to_a_teacher(assistant: Assistant) -> None:
    german = "# Pumpe P-200 Handbuch\n\n## Wartung\n\nReinigen Sie den Filter der Pumpe alle 500 Stunden. Verwenden Sie dafür nur Wasser.\n"  # fmt: skip
    put(assistant.catalog, "pumpe.md", german)
    with pytest.raises(NothingBuilt, match="not in English"):
        build(assistant, TEMPLATES)
    put(assistant.catalog, "pump.md", PUMP)
    made = build(assistant, TEMPLATES)
    assert any("not in English" in note.why for note in made.notes)


def test_nothing_to_build_from_and_a_build_that_is_stopped(assistant: Assistant) -> None:
    with pytest.raises(NoManuals):
        build(assistant, BuildOrder())
    put(assistant.catalog, "pump.md", PUMP)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        build(assistant, BuildOrder(), stop=stop)
    with pytest.raises(NoTeacher, match="No chat model"):
        build(assistant, BuildOrder(teacher=True))


WROTE = """Here are the pairs:

1. Q: How tight must the screws of the cover be?
   A: Tighten the screws to 12 Nm.
2. Q: How tight are they?
   A: Tighten the screws to 14 Nm.
**Q:** What does the passage say?
**A:** Close both valves.
Q: How long is the cable?
A: The cable of the pump is 3 metres long.
Q: What do I do first with the seal?
A: To replace the seal,
close both valves.
"""


def test_a_teachers_pairs_are_kept_only_where_the_passage_says_so(tmp_path: Path) -> None:
    server = ModelServer(said=WROTE)
    with assistant_with(tmp_path, server) as assistant:
        order = BuildOrder(passages=False, style=False, negatives=False, teacher=True, wordings=1)
        made = build(assistant, order)
        kept = {(p.question, p.answer) for p in made.pairs if p.origin == "teacher"}
        assert kept == {
            ("How tight must the screws of the cover be?", "Tighten the screws to 12 Nm."),
            ("What do I do first with the seal?", "To replace the seal, close both valves."),
        }
        seal = [note for note in made.notes if "Replace the seal" in note.where]
        assert [note.what for note in seal] == ["thrown away"] * 3
        assert "says otherwise" in seal[0].why and "nobody sees" in seal[1].why
        assert made.sources == {"Teacher": len(made.pairs)}


OTHERWISE = """1. "What torque do the screws of the cover need?"
2. How tight must the screws of the cover be?
3. Are 12 Nm right for the screws of the cover?
4. How tight must the screws not be?
- Screws of the cover: how tight?
Which socket does the passage name?
Who won the cup in 1954?
Tighten the screws."""


def test_a_teacher_words_questions_otherwise_and_what_asks_for_something_else_is_thrown_away(
    tmp_path: Path,
) -> None:
    def said(asked: dict[str, Any]) -> str:
        if "other ways" not in asked["messages"][0]["content"]:
            return WROTE if "Replace the seal" in asked["messages"][1]["content"] else "Nothing."
        return OTHERWISE if "12 Nm" in asked["messages"][1]["content"] else "Nothing."

    with assistant_with(tmp_path, ModelServer(said=said)) as assistant:
        order = BuildOrder(passages=False, style=False, negatives=False, teacher=True)
        approve(assistant, "How tight must the cover's screws be?", "Tighten the screws to 12 Nm.")
        made = build(assistant, order)
        for origin in ("teacher", "approved"):
            found = {p.question for p in made.pairs if p.origin == origin and "12 Nm" in p.answer}
            wanted = {"What torque do the screws of the cover need?", "Screws of the cover: how tight?"}  # fmt: skip
            assert wanted <= found and not any("not" in q or "12" in q for q in found), origin
        one = next(pair for pair in made.pairs if pair.question.startswith("Screws of the cover"))
        assert one.group == one.passage_hash and one.answer == "Tighten the screws to 12 Nm."
        why = {note.where.partition("“")[2].rstrip("”"): note.why for note in made.notes}
        assert "figures" in why["Are 12 Nm right for the screws of the cover?"]
        assert "denies" in why["How tight must the screws not be?"]
        few = build(assistant, replace(order, approved=False, wordings=2))
        screws = [pair.question for pair in few.pairs if "12 Nm" in pair.answer]
        assert len(screws) == 2, "as many wordings as were ordered"


@pytest.mark.parametrize(
    ("wording", "why"),
    [
        ("What does E04 stand for?", ""),
        ("E04 – what is it?", ""),
        ("What does E05 mean?", "figures"),
        ("What does it mean?", "figures"),
        ("What does E04 not mean?", "denies"),
        ("E04: which fruit salad recipe grows taller trees?", "neither question nor passage"),
        ("E04", "none"),
        ("According to the manual, what is E04?", "nobody sees"),
    ],
)
def test_another_wording_is_judged_by_its_question(wording: str, why: str) -> None:
    fact = AskedFact("What does E04 mean?", "The valve is closed.", "Error E04 means that the valve is closed.")  # fmt: skip
    assert why in fault_of(wording, fact) and bool(why) == bool(fault_of(wording, fact))


def test_a_teacher_too_weak_to_write_pairs_gives_none_and_that_is_said(tmp_path: Path) -> None:
    server = ModelServer(said="The answer to the question is: the question. Q: the question")
    with assistant_with(tmp_path, server) as assistant:
        order = BuildOrder(passages=False, teacher=True)
        with pytest.raises(NothingBuilt, match="no pair in the form that it was asked for"):
            build(assistant, order)


def test_a_teacher_that_fails_again_and_again_is_not_asked_for_ever(tmp_path: Path) -> None:
    server = ModelServer(said=WROTE)
    with assistant_with(tmp_path, server) as assistant:
        assert assistant.models.status().chat
        server.close()
        with pytest.raises(ServerUnreachable):
            build(assistant, BuildOrder(teacher=True))


def test_what_teachers_write_is_read_in_the_usual_forms() -> None:
    assert list(pairs_in('```json\n[{"question": "Q?", "answer": "A."}, {"q": 1}]\n```')) == [
        ("Q?", "A.")
    ]
    assert list(pairs_in("Question 1: Q?\nAnswer 1: A.\nmore\n\nFrage: F?\nAntwort: B.")) == [
        ("Q?", "A. more"),
        ("F?", "B."),
    ]
    assert list(pairs_in("I cannot.")) == [] == list(pairs_in("Q: only a question?"))


@pytest.mark.parametrize(
    ("question", "answer", "why"),
    [
        ("How tight?", "Tighten the screws to 12 Nm.", ""),
        ("How tight", "Tighten the screws to 12 Nm.", "The question is none."),
        ("How tight?", "Of course.", "The passage does not say what it answers."),
        ("How tight?", "x" * 2_000, "It is too long."),
    ],
)
def test_a_pair_is_judged(question: str, answer: str, why: str) -> None:
    judge = Verifier([Source.of("Remove the screws of the cover. Tighten the screws to 12 Nm.")])
    assert judged(judge, question, answer).why == why


def test_pairs_that_come_with_splits_keep_them_unless_they_leak() -> None:
    kept = [TrainingPair("Q1?", "One.", split="test"), TrainingPair("Q2?", "Two.", split="train")]
    assert prepared(DataSetContent(kept)).pairs == tuple(kept)
    same = "How tight must the screws of the cover be"
    leaking = [
        TrainingPair(f"{same}?", "12 Nm.", group="a", split="test"),
        TrainingPair(f"{same}, please?", "It is 12 Nm.", group="b", split="train"),
    ]
    assert leaks(prepared(DataSetContent(leaking)).pairs) == ()
    given_away = [
        TrainingPair("How tight must the screws of this cover be?", "12 Nm.", group="a", split="test"),
        TrainingPair("How tight must the screws of the cover be?", "12 Nm.", group="b", split="train"),
    ]  # fmt: skip
    both = prepared(DataSetContent([*kept, *given_away]))
    assert [pair.split for pair in both.pairs] == ["test", "train", "train", "train"]
    some = prepared(DataSetContent([*kept, TrainingPair("Q3?", "Three.")]))
    assert "1 of the pairs have none" in some.notes[0].why
