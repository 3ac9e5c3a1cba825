"""A candidate adapter on trial: who is asked, what is counted, and when it ends by itself."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from adapters.errors import ModelMissing, NoSuchCard
from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Question
from chatbot.trials import canary
from chatbot.trials.comparing import compare, trial_of
from chatbot.trials.errors import ServedAlready
from chatbot.trials.store import EVERYDAY
from chatbot.trials.types import AnswerPair, Compared, PairVote, Rival, Trial
from tests.support.rivals import QUESTIONS, reworded, right, two_adapters

OTHER = "How do I replace the seal of the pump?"
wrong = partial(right, more=40)


def shown(assistant: Assistant, text: str, owner: str = "ada") -> AnswerPair | None:
    """Ask in Auto, and return the pair that is shown; None for an answer as usual."""
    question = Question(text, conversation=f"{abs(hash((text, owner))):024d}"[:24])
    trial = trial_of(assistant, question, owner, chosen=False)
    if trial is None:
        return None
    *_, last = compare(assistant, question, owner, trial)
    return last.pair if isinstance(last, Compared) else None


def running(assistant: Assistant) -> Trial:
    found = assistant.trials.running()
    assert found is not None
    return found


def deeds(assistant: Assistant) -> list[tuple[str, str, str]]:
    return [(one.who, one.deed, one.about) for one in assistant.audit.entries()]


def test_a_question_that_an_adapter_would_answer_is_answered_by_both(tmp_path: Path) -> None:
    with two_adapters(tmp_path, reworded) as (assistant, server):
        begun = canary.begin(assistant, "desk-v2", 100, 50)
        assert begun.rivals == (
            Rival("desk-v2", "desk-v2:latest"),
            Rival("desk-v1", "desk-v1:latest"),
        )
        pair = shown(assistant, QUESTIONS[0])
        assert pair is not None and pair.trial == begun.id
        mine, its = (pair.answers[pair.arms.index(arm)] for arm in ("candidate", "served"))
        assert mine.model == "desk-v2:latest" and "are tightened to 10 Nm" in mine.text
        assert (
            its.model == "desk-v1:latest" and "Tighten the bolts of the valve to 10 Nm" in its.text
        )
        assert {asked["model"] for asked in server.asked} == {"desk-v1:latest", "desk-v2:latest"}
        assert "desk-v2:latest" in pair.stratum and "desk-v1:latest" in pair.stratum
        assert ask_once(assistant, Question(QUESTIONS[0])).model == "desk-v1:latest", (
            "the rest gets what is served"
        )


def test_what_neither_adapter_would_answer_is_answered_as_usual(tmp_path: Path) -> None:
    with two_adapters(tmp_path, reworded) as (assistant, _):
        canary.begin(assistant, "desk-v2", 100, 50)
        assert shown(assistant, OTHER) is None
        chosen = trial_of(assistant, Question(QUESTIONS[0]), "ada", chosen=True)
        assert chosen is not None and chosen.id == EVERYDAY, "who compares goes on as before"


def test_a_first_adapter_is_tried_beside_the_manuals_alone(tmp_path: Path) -> None:
    with two_adapters(tmp_path, reworded, served="") as (assistant, server):
        assert canary.begin(assistant, "desk-v2", 100, 50).rivals == (
            Rival("desk-v2", "desk-v2:latest"),
            Rival(),
        )
        pair = shown(assistant, QUESTIONS[0])
        assert pair is not None
        assert {answer.route.mode for answer in pair.answers} == {"both", "documents"}
        assert not any("desk-v1" in asked["model"] for asked in server.asked)


def test_what_cannot_be_tried_is_refused(tmp_path: Path) -> None:
    with two_adapters(tmp_path, reworded) as (assistant, server):
        with pytest.raises(ServedAlready):
            canary.begin(assistant, "desk-v1", 10, 50)
        with pytest.raises(NoSuchCard):
            canary.begin(assistant, "desk-v9", 10, 50)
        server.tags["models"] = [one for one in server.tags["models"] if "v2" not in one["model"]]
        with pytest.raises(ModelMissing):
            canary.begin(assistant, "desk-v2", 10, 50)
        assert assistant.trials.running() is None


def test_it_rests_while_one_of_both_is_away(tmp_path: Path) -> None:
    with two_adapters(tmp_path, reworded) as (assistant, server):
        canary.begin(assistant, "desk-v2", 100, 50)
        listed = server.tags["models"]
        server.tags["models"] = [one for one in listed if "v2" not in one["model"]]
        assert shown(assistant, QUESTIONS[0]) is None and running(assistant)
        server.tags["models"] = listed
        assert shown(assistant, QUESTIONS[0]) is not None


def test_it_ends_once_the_manuals_contradict_the_candidate_clearly_more_often(
    tmp_path: Path,
) -> None:
    with two_adapters(tmp_path, wrong) as (assistant, _):
        trial = canary.begin(assistant, "desk-v2", 100, 50)
        for n, question in enumerate(QUESTIONS[:6]):
            assert shown(assistant, question) is not None, n
            assert shown(assistant, question, "bob") is not None or n == 5, (
                "asked twice, counted once"
            )
        over = assistant.trials.one(trial.id)
        assert over.ended and over.why == "contradicted"
        found = canary.contradictions(assistant.trials.votes(trial.id))
        assert (found.questions, found.candidate, found.served) == (6, 6, 0) and found.sure
        assert deeds(assistant)[0] == ("Tandem", "adapter.trial.contradicted", "desk-v2")
        assert shown(assistant, QUESTIONS[7]) is None
        assert ask_once(assistant, Question(QUESTIONS[7])).model == "desk-v1:latest"


def test_two_that_are_contradicted_alike_go_on(tmp_path: Path) -> None:
    with two_adapters(tmp_path, wrong) as (assistant, server):
        server.said = wrong
        trial = canary.begin(assistant, "desk-v2", 100, 50)
        for question in QUESTIONS:
            shown(assistant, question)
        found = canary.contradictions(assistant.trials.votes(trial.id))
        assert (found.questions, found.candidate, found.served, found.sure) == (8, 8, 8, False)
        assert running(assistant).id == trial.id


@pytest.mark.parametrize(("mine", "its", "sure"), [(5, 0, False), (6, 0, True), (0, 6, False), (9, 1, True), (9, 6, False)])  # fmt: skip
def test_how_many_contradictions_are_enough(mine: int, its: int, sure: bool) -> None:
    def vote(n: int, bad: tuple[bool, bool]) -> PairVote:
        return PairVote("t", "ada", f"Question {n}?", "", ("candidate", "served"), "", "", "", ("", ""), False, "", bad)  # fmt: skip

    votes = [vote(n, (n < mine, n >= mine)) for n in range(mine + its)]
    turned = [PairVote("t", "ada", f"Number {n}?", "", ("served", "candidate"), "", "same", "", ("", ""), False, "", (False, False)) for n in range(5)]  # fmt: skip
    assert canary.contradictions([*votes, *turned]).sure is sure


def test_it_ends_when_the_candidate_is_served_or_either_is_another_one(tmp_path: Path) -> None:
    with two_adapters(tmp_path, reworded) as (assistant, _):
        registry = assistant.models.registry
        first = canary.begin(assistant, "desk-v2", 100, 50)
        assistant.models.promote("desk-v2")
        assert canary.settled(assistant, running(assistant)) is None
        assert assistant.trials.one(first.id).why == "promoted"
        registry.roll_back()
        second = canary.begin(assistant, "desk-v2", 100, 50)
        registry.stop()
        assert shown(assistant, QUESTIONS[0]) is None
        assert assistant.trials.one(second.id).why == "changed"
        assert [deed for _, deed, _ in deeds(assistant)] == [
            "adapter.trial.changed",
            "adapter.trial.promoted",
        ]
