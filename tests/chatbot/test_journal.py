"""The journal's own figures: the state of every sentence, by mode, also out of a journal of an earlier version."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from chatbot.conversations.journal import open_journal
from chatbot.conversations.stored_answer import FORM, dumped, loaded
from chatbot.conversations.types import Question, Route, Sentence, Signals
from chatbot.errors import ChatError
from tests.support.ui_values import answer


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
