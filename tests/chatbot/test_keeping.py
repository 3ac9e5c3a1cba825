"""What is said to be kept is kept; what cannot be kept is answered all the same, and said."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations import journal_file
from chatbot.conversations.journal import open_journal
from chatbot.conversations.types import Question
from chatbot.errors import ChatError, NoSuchConversation, NotKept
from chatbot.operations.deployment import open_assistant
from chatbot.settings import Settings
from tests.support.manuals import PUMP, ROOT, put
from tests.support.ui_values import answer
from ui.text.english import ENGLISH

SEAL = Question("How do I replace the seal of the pump?", conversation="c1")


@pytest.fixture(autouse=True)
def _short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_file, "WAIT", 0.3)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program holds a database."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        db.close()


def test_a_locked_journal_does_not_keep_an_answer_from_being_given(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    assistant.journal.support()
    with locked(assistant.settings.folder / "journal.db"):
        made = ask_once(assistant, SEAL, "ana")
    assert "Tighten the screws to 12 Nm." in made.text
    assert made.notices == (
        "This answer is not kept: journal.db: another program keeps it locked.",
    )
    assert assistant.journal.answer(made.id, "ana") == made  # its sources open
    with pytest.raises(NoSuchConversation):
        assistant.journal.answer(made.id, "bob")
    with pytest.raises(NoSuchConversation):
        assistant.journal.rate(made.id, "ana", good=True)
    with pytest.raises(NoSuchConversation):
        assistant.journal.turns("c1", "ana")
    assert ask_once(assistant, SEAL, "ana").notices == ()
    assert len(assistant.journal.turns("c1", "ana")) == 1


def test_a_journal_locked_at_the_end_is_said_in_the_answer(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    steps = assistant.ask(SEAL, "ana")
    next(steps)
    with locked(assistant.settings.folder / "journal.db"):
        *_, last = steps
    assert "12 Nm" in last.answer.text and "not kept" in " ".join(last.answer.notices)


def test_a_full_disk_is_said_and_the_question_answered(tmp_path: Path) -> None:
    """The process may write no file beyond 300 KB, and its journal is nearly there."""
    made = open_assistant(Settings.load({}, data=tmp_path, ollama_url="none"))
    put(made.catalog, "pump.md", PUMP)
    for n in range(3):
        made.journal.begin(answer(id=f"a{n}"), Question("x" * 100_000, conversation="old"), "ana")
    made.close()
    code = (
        f"import sys, resource; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path; from chatbot.assistant import ask_once; from chatbot.operations.deployment import open_assistant; from chatbot.settings import Settings; from chatbot.conversations.types import Question\n"
        f"desk = open_assistant(Settings.load({{}}, data=Path({str(tmp_path)!r}), ollama_url='none')); desk.warm(); desk.journal\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))\n"
        "answer = ask_once(desk, Question('How do I replace the seal of the pump? ' + 'y' * 60_000, conversation='c1'), 'ana')\n"
        "print(answer.outcome, answer.notices)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert "This answer is not kept: journal.db: the disk" in done.stdout, (
        done.stdout + done.stderr[-2000:]
    )


def test_two_servers_on_one_folder_keep_every_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_file, "WAIT", 5.0)
    desks = [open_assistant(Settings.load({}, data=tmp_path, ollama_url="none")) for _ in range(2)]
    put(desks[0].catalog, "pump.md", PUMP)
    notices: list[str] = []

    def work(assistant: Assistant, name: str) -> None:
        for n in range(6):
            notices.extend(
                ask_once(assistant, Question(SEAL.text, conversation=f"{name}-{n}"), "ana").notices
            )

    threads = [threading.Thread(target=work, args=(desks[n % 2], f"t{n}")) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert notices == []
    for one in desks:
        assert len(one.journal.conversations("ana")) == 24
        assert all(
            one.journal.turns(f"t{n}-{k}", "ana")[0].answer for n in range(4) for k in range(6)
        )
    for one in desks:
        one.close()


def test_a_journal_that_another_server_is_making_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite refuses at once to turn on WAL while another one is at it, whatever it is told to wait."""
    monkeypatch.setattr(journal_file, "WAIT", 5.0)
    path = tmp_path / "journal.db"
    path.touch()
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr("knowledge.storage.data_folder.time.sleep", lambda _: other.close())
    journal = open_journal(path)
    assert journal.conversations("ana") == ()
    journal.close()


def test_a_journal_deleted_while_it_is_open_is_said_and_not_made_again(
    assistant: Assistant,
) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    assistant.journal.support()
    for path in assistant.settings.folder.glob("journal.db*"):
        path.unlink()
    made = ask_once(assistant, SEAL, "ana")
    assert (
        "12 Nm" in made.text
        and "journal.db in the data folder" in made.notices[0]
        and "is gone" in made.notices[0]
    )
    assert not (assistant.settings.folder / "journal.db").exists()


def test_a_folder_that_was_replaced_is_not_written_to(tmp_path: Path) -> None:
    journal = open_journal(tmp_path / "data" / "journal.db")
    (tmp_path / "data").rename(tmp_path / "away")
    shutil.copytree(tmp_path / "away", tmp_path / "data")
    with pytest.raises(NotKept, match="was replaced by another one"):
        journal.begin(answer(), SEAL, "ana")
    journal.close()


def test_one_bad_change_does_not_take_the_others_along(tmp_path: Path) -> None:
    journal = open_journal(tmp_path / "journal.db")
    journal.begin(answer(id="a1"), SEAL, "ana")
    faults: list[Exception] = []

    def begin(key: str) -> None:
        try:
            journal.begin(answer(id=key), SEAL, "ana")
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=begin, args=(key,)) for key in ("a1", "a2", "a3", "a4")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(faults) == 1  # the answer that is there already
    assert len(journal.turns("c1", "ana")) == 4
    journal.close()


@pytest.mark.parametrize("content", [b"not a database" * 1000, None])
def test_a_damaged_journal_is_one_sentence_with_the_cure(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "journal.db"
    if content is None:  # a whole head, and rubbish further in
        journal = open_journal(path)
        journal.begin(answer(), SEAL, "ana")
        journal.close()
        held = path.read_bytes()
        content = held[:4096] + b"\xff" * (len(held) - 4096)
    path.write_bytes(content)
    with pytest.raises(ChatError, match="it is damaged") as caught:
        open_journal(path)
    assert "backup" in caught.value.hint


def test_no_text_says_that_something_is_kept_which_nobody_has_checked() -> None:
    said = {
        key: text
        for key, text in ENGLISH.items()
        if key.startswith(("turn.", "fault.", "js.lost", "js.interrupted", "js.unheard"))
    }
    assert not [text for text in said.values() if "is kept" in text or "Nothing was lost" in text]
