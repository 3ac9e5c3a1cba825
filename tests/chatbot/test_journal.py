"""The journal's own figures: the state of every sentence, by mode, also out of a journal of an earlier version."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot.conversations.journal import Journal, open_journal
from chatbot.conversations.stored_answer import FORM, dumped, loaded
from chatbot.conversations.titles import title_of
from chatbot.conversations.types import Question, Rating, Route, Sentence, Signals
from chatbot.conversations.wordings import before
from chatbot.errors import ChatError, NoSuchConversation
from chatbot.trials.store import Trials
from chatbot.trials.types import ADAPTERS, Rival
from tests.support.ui_values import answer


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = open_journal(tmp_path / "journal.db")
    yield made
    made.close()


def test_every_sentence_is_kept_with_its_state_and_counted_by_mode(tmp_path: Path) -> None:
    journal = open_journal(tmp_path / "journal.db")
    parts = (
        Sentence("Hold RESET.", "verified", (1,)),
        Sentence("It flies.", "unsupported"),
        Sentence("Here is how:", "none"),
    )
    for key, mode in (("a1", "documents"), ("a2", "adapter")):
        made = answer(id=key, route=Route(mode, "why"), sentences=parts)  # type: ignore[arg-type]
        journal.begin(made, Question("How?", conversation="c"), "ana")
        journal.finish(made)
    counted = {"unsupported": 1, "verified": 1}
    assert journal.support() == {"documents": counted, "adapter": counted}
    journal.close()
    db = sqlite3.connect(tmp_path / "journal.db")
    assert db.execute(
        "SELECT text, state, sources FROM sentences WHERE answer_id = 'a1' ORDER BY place"
    ).fetchone() == ("Hold RESET.", "verified", 1)
    assert db.execute(
        "SELECT state, sentences, answers FROM support_by_day ORDER BY state"
    ).fetchall() == [("unsupported", 2, 2), ("verified", 2, 2)]
    db.close()


def test_a_journal_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    journal = open_journal(path)
    journal.begin(answer(), Question("How?", conversation="c"), "ana")
    journal.finish(answer())
    journal.close()
    db = sqlite3.connect(path)
    old = json.loads(db.execute("SELECT answer FROM turns").fetchone()[0])
    del old["conflicts"]  # what the first version did not know
    old["sentences"] = [
        {key: part[key] for key in ("text", "state", "n", "item")} for part in old["sentences"]
    ]
    db.execute("UPDATE turns SET answer = ?", [json.dumps(old)])
    for script in (
        "DROP VIEW support_by_mode",
        "DROP VIEW support_by_day",
        "DROP TABLE sentences",
        "PRAGMA user_version = 1",
    ):
        db.execute(script)
    db.commit()
    db.close()
    journal = open_journal(path)
    assert journal.support() == {"documents": {"verified": 2}}
    (turn,) = journal.turns("c", "ana")
    assert turn.answer == answer()
    journal.close()


def asked(journal: Journal, key: str, text: str, replaces: str = "") -> None:
    """A question and its answer, as they are kept."""
    made = answer(id=key)
    journal.begin(made, Question(text, conversation="c", replaces=replaces), "ana")
    journal.finish(made)


def test_a_reworded_question_stands_in_the_place_of_the_first_and_later_ones_stay(
    journal: Journal,
) -> None:
    asked(journal, "a1", "How hot?")
    asked(journal, "a2", "How cold?")
    asked(journal, "a3", "How hot may it be?", "a1")
    asked(journal, "a4", "How hot may the head be?", "a3")
    asked(journal, "a5", "How warm?", "a1")  # another tab that still showed the first wording
    first, second = journal.turns("c", "ana")
    assert (first.id, first.question.text, second.id) == ("a5", "How warm?", "a2")
    assert [turn.id for turn in first.earlier] == ["a1", "a3", "a4"]
    assert all(turn.answer for turn in first.earlier)
    assert [one.turns for one in journal.conversations("ana")] == [2]
    assert before(journal.turns("c", "ana"), "a3") == ()
    assert [turn.id for turn in before(journal.turns("c", "ana"), "a2")] == ["a5"]
    assert len(before(journal.turns("c", "ana"), "")) == 2


STORY = "We have had the pump in the cellar since last autumn and it runs every day. " * 4


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("How do I replace the seal?", "How do I replace the seal?"),
        ("Hello,\n\nmy printer shows E04.\n\nKind regards\nKim", "my printer shows E04."),
        (f"Hi Tandem team,\n\n{STORY}\nHow is the seal replaced?\n\nRegards\nKim", "How is the seal replaced?"),
        (
            "Dear support, our X200 stopped printing yesterday after the update and shows E04. We tried that. How is it cleared?",
            "How is it cleared?",
        ),
    ],
)  # fmt: skip
def test_a_conversation_is_called_as_its_first_question_without_the_greeting(
    journal: Journal, question: str, title: str
) -> None:
    asked(journal, "a1", question)
    assert journal.conversations("ana")[0].title == title
    assert re.fullmatch(r"(word ){14}word…", title_of("word " * 60), re.I)


def test_the_title_follows_a_reworded_first_question_until_somebody_names_it(
    journal: Journal,
) -> None:
    def titled() -> str:
        return journal.conversations("ana")[0].title

    asked(journal, "a1", "Hello!")
    asked(journal, "a2", "How hot?")
    assert titled() == "How hot?"
    asked(journal, "a3", "How cold?")
    asked(journal, "a4", "How cold may it be?", "a3")
    assert titled() == "How hot?"
    journal.rename("c", "ana", "Heat")
    asked(journal, "a5", "How hot may it be?", "a1")
    assert titled() == "Heat"


def test_a_search_finds_words_of_answers_too_in_any_order_and_in_any_letters(
    journal: Journal,
) -> None:
    parts = (Sentence("Drücke die ÖFFNEN-Taste.", "verified", (1,)),)
    made = answer(id="a1", text=parts[0].text, sentences=parts)
    journal.begin(made, Question("Wie geht der Deckel auf?", conversation="c"), "ana")
    journal.finish(made)
    for words in ("öffnen", "DRÜCKE", "Taste deckel", "  taste\tDeckel "):
        assert len(journal.conversations("ana", words)) == 1, words
    for words in ("documents", "Aurora", "Taste Boden", "%"):  # what is stored beside the text
        assert journal.conversations("ana", words) == (), words
    assert journal.conversations("ben", "taste") == ()


def test_a_turn_of_another_conversation_is_not_replaced(journal: Journal) -> None:
    other = answer(id="b1")
    journal.begin(other, Question("Mine", conversation="d"), "ben")
    asked(journal, "a1", "How hot?", "b1")
    asked(journal, "a2", "How cold?", "never")
    assert [turn.id for turn in journal.turns("c", "ana")] == ["a1", "a2"]
    assert [turn.id for turn in journal.turns("d", "ben")] == ["b1"]


def test_a_vote_and_its_reason_are_read_again_and_can_be_taken_back_once(journal: Journal) -> None:
    asked(journal, "a1", "How hot?")
    asked(journal, "a2", "How cold?")
    journal.rate("a1", "ana", good=True)
    journal.rate("a1", "ana", good=False, reason="No figure")
    journal.report_missing("a2", "ana")
    first, second = journal.turns("c", "ana")
    assert first.rating == Rating(good=False, reason="No figure") and not first.reported
    assert second.rating is None and second.reported
    with pytest.raises(NoSuchConversation):
        journal.unrate("a1", "ben")
    assert journal.unrate("a1", "ana")
    assert not journal.unrate("a1", "ana")
    assert journal.turns("c", "ana")[0].rating is None


def test_a_journal_from_before_questions_could_be_reworded_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    made = open_journal(path)
    asked(made, "a1", "How hot?")
    made.close()
    db = sqlite3.connect(path)
    for script in ("ALTER TABLE turns DROP COLUMN replaces", "PRAGMA user_version = 2"):
        db.execute(script)
    db.commit()
    db.close()
    made = open_journal(path)
    asked(made, "a2", "How hot may it be?", "a1")
    (turn,) = made.turns("c", "ana")
    assert (turn.id, [one.question.text for one in turn.earlier]) == ("a2", ["How hot?"])
    made.close()


def test_a_journal_from_before_questions_were_off_topic_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    open_journal(path).close()
    db = sqlite3.connect(path)
    for script in ("DROP TABLE off_topic", "PRAGMA user_version = 3"):
        db.execute(script)
    db.commit()
    db.close()
    made = open_journal(path)
    made.set_off_topic("How do I bake bread?", "", True)
    assert made.gaps() == ()
    made.close()


def test_a_journal_from_before_adapters_were_tried_keeps_its_trials(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    made = open_journal(path)
    Trials(made.file).begin("Spring", ("quotes", "brief"), 20)
    made.close()
    db = sqlite3.connect(path)
    for table, column in (("trials", "rivals"), ("trials", "why"), ("pairs", "wrong_a"), ("pairs", "wrong_b")):  # fmt: skip
        db.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    db.execute("PRAGMA user_version = 11")
    db.commit()
    db.close()
    made = open_journal(path)
    trials = Trials(made.file)
    (spring,) = trials.listed()
    assert (spring.name, spring.rivals, spring.why) == ("Spring", None, "")
    rivals = (Rival("desk-v2", "d2"), Rival("desk-v1", "d1"))
    key = trials.begin("desk-v2 / desk-v1", ADAPTERS, 10, most=5, rivals=rivals)
    assert trials.end(key, "votes") and not trials.end(key)
    assert (trials.one(key).rivals, trials.one(key).why) == (rivals, "votes")
    made.close()


def test_an_answer_in_an_earlier_form_reads_as_it_did() -> None:
    signals = Signals(0.9, "desk", 0.8, unseen=0.25, removed=0.1, changed="2026-01-01")
    made = answer(signals=signals)
    stored = json.loads(dumped(made))
    assert stored.pop("form") == FORM
    renamed = stored["signals"]  # as it was written before forms had a number
    renamed["news"], renamed["gone"] = renamed.pop("unseen"), renamed.pop("removed")
    assert loaded(json.dumps(stored)) == made == loaded(dumped(made))


def test_a_newer_journal_is_refused_in_a_sentence(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "journal.db")
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(ChatError, match="newer Tandem"):
        open_journal(tmp_path / "journal.db")
