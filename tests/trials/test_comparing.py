"""Two answers to one question: prepared, kept, voted on, and never told apart before."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chatbot.accounts.personal_data import erase, kept_of
from chatbot.answers.events import Finished
from chatbot.answers.messages import NOTHING_TO_COMPARE
from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Question
from chatbot.curation.approved.proposing import proposal
from chatbot.errors import EmptyQuestion, NoSuchConversation
from chatbot.trials import store
from chatbot.trials.assignment import arms_for, invited, turned
from chatbot.trials.comparing import ArmStop, compare, trial_of
from chatbot.trials.errors import NoSuchPair, NoSuchTrial, NotVoted
from chatbot.trials.types import Trial
from knowledge.library import Library
from tests.support.manuals import put
from tests.support.pairs import DESCALE, LONG, compared
from ui.chat.plain_text import for_customer
from ui.trials.pair import blind

TRIAL = Trial("t", "Spring", "seed", ("quotes", "brief"), 30)


@pytest.fixture
def kettle(assistant: Assistant) -> Assistant:
    library = assistant.catalog
    assert isinstance(library, Library)
    put(library, "kettle.md", LONG)
    return assistant


def alone(assistant: Assistant, text: str, owner: str = "ada") -> Finished:
    trial = assistant.trials.everyday()
    *_, last = compare(assistant, Question(text, conversation="d" * 16), owner, trial)
    assert isinstance(last, Finished)
    return last


def test_a_pair_holds_two_answers_and_is_kept_before_it_is_shown(kettle: Assistant) -> None:
    pair = compared(kettle)
    assert sorted(pair.arms) == ["brief", "quotes"]
    short, whole = (pair.answers[pair.arms.index(arm)] for arm in ("brief", "quotes"))
    assert len(short.text.split()) < 90 < len(whole.text.split())
    assert kettle.trials.pair(pair.id, "ada") == pair and pair.state == ""
    (turn,) = kettle.journal.turns("c" * 16, "ada")
    assert (turn.id, turn.answer, turn.question.text) == (pair.id, None, DESCALE)


def test_nothing_of_a_pair_can_be_read_before_the_vote(kettle: Assistant) -> None:
    pair = compared(kettle)
    for answer in pair.answers:
        with pytest.raises(NoSuchConversation):
            kettle.answer(answer.id, "ada")
    assert [kept.answer for kept in kept_of(kettle.journal.file, "ada")] == [""]
    assert kettle.journal.conversations("ada", "vinegar") == ()
    kettle.trials.vote(pair.id, "ada", "tie")
    assert [kettle.answer(answer.id, "ada") for answer in pair.answers] == list(pair.answers)
    with pytest.raises(NoSuchConversation):
        kettle.answer(pair.a.id, "bob")


@pytest.mark.parametrize(
    ("choice", "taken"), [("a", "a"), ("b", "b"), ("tie", "a"), ("neither", "a")]
)
def test_the_conversation_goes_on_with_the_better_answer(
    kettle: Assistant, choice: store.Choice, taken: str
) -> None:
    pair = kettle.trials.vote(compared(kettle).id, "ada", choice, "incomplete")
    assert (pair.state, pair.reason, pair.taken) == (choice, "incomplete", taken)
    (turn,) = kettle.journal.turns("c" * 16, "ada")
    assert turn.answer == pair.adopted("a" if taken == "a" else "b") and turn.id == pair.id
    after = kettle.trials.take(pair.id, "ada", "b")
    (turn,) = kettle.journal.turns("c" * 16, "ada")
    assert turn.answer == after.adopted("b")
    with kettle.journal.file.reading() as db:
        held = db.exec_driver_sql("SELECT count(*) FROM sentences").scalar_one()
    assert held == len(after.b.sentences), "those of the other answer are gone"


def test_a_vote_counts_once_and_can_be_corrected_for_a_minute(
    kettle: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = compared(kettle)
    kettle.trials.vote(pair.id, "ada", "a")
    kettle.trials.vote(pair.id, "ada", "a")  # sent twice
    with pytest.raises(NotVoted, match="another window"):
        kettle.trials.vote(pair.id, "ada", "b")
    kettle.trials.vote(pair.id, "ada", "b", correct=True)
    (vote,) = kettle.trials.votes()
    assert (vote.state, vote.corrected, vote.voter) == ("b", True, "ada")
    monkeypatch.setattr(store, "CORRECTABLE", timedelta(0))
    with pytest.raises(NotVoted, match="one minute"):
        kettle.trials.vote(pair.id, "ada", "a", correct=True)
    assert kettle.trials.votes() == (vote,)


def test_a_deleted_conversation_takes_no_vote(kettle: Assistant) -> None:
    pair = compared(kettle)
    kettle.journal.delete("c" * 16, "ada")
    with pytest.raises(NoSuchPair):
        kettle.trials.vote(pair.id, "ada", "a")
    assert [vote.state for vote in kettle.trials.votes()] == [""]


def test_an_export_holds_what_was_compared_and_stays_blind_until_the_vote(
    kettle: Assistant,
) -> None:
    pair = compared(kettle)
    (before,) = kept_of(kettle.journal.file, "ada")
    assert before.compared and {before.compared.a, before.compared.b} == {pair.a.text, pair.b.text}
    assert (before.compared.modes, before.compared.vote) == (None, "")
    kettle.trials.vote(pair.id, "ada", "b", "too long")
    (after,) = kept_of(kettle.journal.file, "ada")
    assert after.compared is not None
    assert (after.compared.modes, after.compared.vote, after.compared.reason) == (
        pair.arms,
        "b",
        "too long",
    )


def test_only_whoever_asked_votes(kettle: Assistant) -> None:
    pair = compared(kettle)
    kettle.journal.share("c" * 16, "ada", on=True)
    assert kettle.trials.pair(pair.id, "bob") == pair, "a colleague may read it"
    with pytest.raises(NoSuchPair):
        kettle.trials.vote(pair.id, "bob", "a")
    with pytest.raises(NoSuchPair):
        kettle.trials.vote("nothing", "ada", "a")
    with pytest.raises(NotVoted, match="Say first"):
        kettle.trials.take(pair.id, "ada", "b")
    with pytest.raises(NotVoted, match="Say first"):
        kettle.trials.judge(pair.id, "ada", "a", "yes")


def test_what_was_shown_without_a_vote_gets_none_later(kettle: Assistant) -> None:
    pair = compared(kettle)
    assert kettle.trials.skip(pair.id, "ada").state == "skipped"
    with pytest.raises(NotVoted, match="not be blind"):
        kettle.trials.vote(pair.id, "ada", "a")
    kettle.trials.judge(pair.id, "ada", "b", "partly")
    (vote,) = kettle.trials.votes(pair.trial)
    assert (vote.state, vote.support) == ("skipped", ("", "partly"))


def test_answers_that_say_the_same_ask_nobody(kettle: Assistant) -> None:
    pair = compared(kettle, "How long is the cable of the kettle?")
    assert (pair.state, pair.taken) == ("same", "a")
    (turn,) = kettle.journal.turns("c" * 16, "ada")
    assert turn.answer is not None and "75 cm" in turn.answer.text


def test_where_nothing_can_be_compared_there_is_one_answer(kettle: Assistant) -> None:
    for text in ("How do I fly to the moon?", "Hello!"):
        answer = alone(kettle, text).answer
        assert (NOTHING_TO_COMPARE in answer.notices) == (answer.outcome != "smalltalk")
    turns = kettle.journal.turns("d" * 16, "ada")
    assert [turn.answer.outcome for turn in turns if turn.answer] == ["unanswered", "smalltalk"]
    assert kettle.trials.votes() == ()
    nobody = alone(kettle, DESCALE, owner="").answer
    assert nobody.outcome == "answered", "whoever nothing is kept for gets an answer all the same"
    with pytest.raises(EmptyQuestion):
        alone(kettle, " ")


def test_a_follow_up_knows_what_was_compared_before(kettle: Assistant) -> None:
    put(kettle.catalog, "fan.md", LONG.replace("Kettle K-5", "Fan F-9").replace("kettle", "fan"))  # type: ignore[arg-type]
    pair = compared(kettle, "How do I descale the Kettle K-5?")
    kettle.trials.vote(pair.id, "ada", "b")
    after = ask_once(kettle, Question("And how long is its cable?", conversation="c" * 16), "ada")
    assert {citation.product for citation in after.citations} == {"Kettle K-5"}


def test_a_pair_that_is_stopped_leaves_the_question_as_stopped(kettle: Assistant) -> None:
    stop = threading.Event()
    steps = compare(
        kettle, Question(DESCALE, conversation="c" * 16), "ada", kettle.trials.everyday(), stop
    )
    next(steps)
    steps.close()
    (turn,) = kettle.journal.turns("c" * 16, "ada")
    assert turn.answer is not None and (turn.answer.outcome, turn.answer.text) == ("stopped", "")
    assert stop.is_set() and kettle.trials.votes() == ()


def test_a_model_that_has_ended_stops_only_its_own_answer() -> None:
    pair = threading.Event()
    one, other = ArmStop(pair), ArmStop(pair)
    one.set()
    assert one.is_set() and not other.is_set() and not pair.is_set()
    pair.set()
    assert other.is_set()


def test_an_erased_person_leaves_only_the_vote(kettle: Assistant) -> None:
    kettle.trials.vote(compared(kettle).id, "ada", "b", "too long")
    erase(kettle.journal.file, "ada")
    (vote,) = kettle.trials.votes()
    assert (vote.voter, vote.question, vote.state, vote.reason) == ("", "", "b", "too long")
    path = kettle.settings.folder / "journal.db"
    with sqlite3.connect(f"file:{Path(path)}?mode=ro", uri=True) as db:
        assert db.execute("SELECT a, b, id_a, id_b FROM pairs").fetchall() == [("", "", "", "")]


def test_signing_in_takes_the_pairs_along(kettle: Assistant) -> None:
    pair = compared(kettle, owner="browser")
    kettle.journal.take_over("browser", "ada")
    kettle.trials.vote(pair.id, "ada", "a")
    assert [vote.voter for vote in kettle.trials.votes()] == ["ada"]


def test_assignment_follows_from_trial_and_question() -> None:
    arms = ("quotes", "documents", "adapter", "both")
    trial = replace(TRIAL, arms=())
    assert arms_for(trial, arms, "How do I reset it?") == arms_for(
        trial, arms, "Please, how can I reset it?"
    )
    drawn = [arms_for(trial, arms, f"Question {n}") for n in range(600)]
    assert len(set(drawn)) == 6
    assert all(70 <= drawn.count(pair) <= 130 for pair in set(drawn))
    assert 250 <= sum(turned(TRIAL, f"pair {n}") for n in range(600)) <= 350
    asked = [f"Question {n}" for n in range(1000)]
    assert 250 <= sum(invited(TRIAL, text, "ada") for text in asked) <= 350
    again = [invited(TRIAL, text, "bob") for text in asked]
    assert again == [invited(TRIAL, text, "ada") for text in asked]
    other = replace(TRIAL, seed="another")
    assert again != [invited(other, text, "ada") for text in asked]


def test_a_trial_compares_only_what_it_names_and_what_runs() -> None:
    trial = replace(TRIAL, arms=("brief", "adapter"))
    assert arms_for(trial, ("quotes", "brief"), "x") == ()
    assert arms_for(trial, ("quotes", "brief", "adapter"), "x") == ("brief", "adapter")


def test_who_takes_part_in_a_trial(kettle: Assistant) -> None:
    question = Question(DESCALE)
    assert trial_of(kettle, question, "ada", chosen=False) is None
    assert trial_of(kettle, question, "", chosen=True) is None
    everyday = trial_of(kettle, question, "ada", chosen=True)
    assert everyday is not None and everyday.id == store.EVERYDAY
    first = kettle.trials.begin("One", ("quotes", "brief"), 100)
    key = kettle.trials.begin("Two", ("quotes", "brief"), 100, people=("ada",))
    assert kettle.trials.one(first).ended and not kettle.trials.one(key).ended

    def takes(question: Question, owner: str, *, chosen: bool) -> str:
        trial = trial_of(kettle, question, owner, chosen)
        return trial.id if trial else ""

    assert takes(question, "ada", chosen=False) == key
    assert takes(question, "bob", chosen=False) == ""
    assert takes(question, "bob", chosen=True) == store.EVERYDAY
    assert takes(replace(question, mode="documents"), "ada", chosen=False) == ""
    assert takes(replace(question, passage=3), "ada", chosen=False) == ""
    kettle.trials.end(key)
    kettle.trials.end(store.EVERYDAY)
    assert takes(question, "ada", chosen=True) == store.EVERYDAY
    assert [trial.name for trial in kettle.trials.listed()] == ["Two", "One", ""]
    with pytest.raises(NoSuchTrial):
        kettle.trials.one("nothing")


def test_a_trial_takes_no_approved_answer_away(kettle: Assistant) -> None:
    kettle.trials.begin("One", ("quotes", "brief"), 100)
    question = Question(DESCALE, conversation="e" * 16)
    assert trial_of(kettle, question, "ada", chosen=False)
    answer = ask_once(kettle, question, "ada")
    turn = kettle.journal.own_turn(answer.id, "ada")
    made = kettle.approved.propose(proposal(kettle, turn, for_customer(answer)), "ada", answer.id)
    kettle.approved.approve(made, "ada", kettle.approved.one(made).changed)
    assert trial_of(kettle, question, "ada", chosen=False) is None
    assert trial_of(kettle, question, "ada", chosen=True), "whoever asks to compare compares"


def test_a_trial_whose_arms_do_not_run_leaves_auto_as_it_is(kettle: Assistant) -> None:
    key = kettle.trials.begin("One", ("adapter", "both"), 100)
    question = Question(DESCALE, conversation="e" * 16)
    assert trial_of(kettle, question, "ada", chosen=False) is None
    chosen = trial_of(kettle, question, "ada", chosen=True)
    assert chosen is not None and chosen.id == store.EVERYDAY, "what runs is compared"
    *_, last = compare(kettle, question, "ada", kettle.trials.one(key))
    assert isinstance(last, Finished)
    assert last.answer.route.reason == "The manuals cover this." and not last.answer.notices


def test_a_journal_that_cannot_be_read_takes_no_answer_away(kettle: Assistant) -> None:
    question = Question(DESCALE, conversation="c" * 16)
    ask_once(kettle, question, "ada")
    for path in kettle.settings.folder.glob("journal.db*"):
        path.write_bytes(b"no database at all" * 4096)
    assert trial_of(kettle, question, "ada", chosen=True) is None
    assert trial_of(kettle, question, "ada", chosen=False) is None
    answer = ask_once(kettle, question, "ada")
    assert answer.outcome == "answered" and any("not kept" in told for told in answer.notices)


def test_what_was_thought_of_one_answer_is_not_said_of_the_other(kettle: Assistant) -> None:
    pair = kettle.trials.vote(compared(kettle).id, "ada", "b", "wrong")
    kettle.journal.rate(pair.id, "ada", good=False, reason="too long")
    kettle.trials.vote(pair.id, "ada", "b")
    assert kettle.trials.pair(pair.id, "ada").reason == "wrong"
    (turn,) = kettle.journal.turns("c" * 16, "ada")
    assert turn.rating is not None
    kettle.trials.take(pair.id, "ada", "a")
    (turn,) = kettle.journal.turns("c" * 16, "ada")
    assert turn.rating is None


def test_marks_that_a_model_made_up_do_not_tell_what_wrote_a_text(kettle: Assistant) -> None:
    pair = compared(kettle)
    marked = replace(
        pair.a, sentences=(), citations=(), text="Use citric acid [1]. Never vinegar [2]."
    )
    html = blind(replace(pair, a=marked))
    assert "Use citric acid. Never vinegar." in html and "[1]" not in html


def test_what_answered_is_written_down_and_changes_with_the_manuals(kettle: Assistant) -> None:
    first, again = compared(kettle), compared(kettle)
    assert first.stratum == again.stratum
    put(kettle.catalog, "kettle.md", LONG.replace("30 days", "20 days"))  # type: ignore[arg-type]
    assert compared(kettle).stratum != first.stratum
