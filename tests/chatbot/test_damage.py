"""Damaged, locked, newer or open databases: one sentence with the cure, at start, and doctor sees each of them."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chatbot.assistant import ask_once
from chatbot.conversations.types import Question
from chatbot.operations.deployment import open_assistant
from chatbot.settings import Settings
from knowledge.errors import DataFolder
from knowledge.library import open_library
from tests.support.command import out, run
from tests.support.manuals import PUMP, put

COMMANDS = (
    ["manuals"],
    ["search", "seal"],
    ["ask", "How do I replace the seal?"],
    ["serve", "--no-browser", "--port", "0"],
)


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a manual and a conversation, cleanly closed."""
    folder = tmp_path_factory.mktemp("closed") / "data"
    assistant = open_assistant(Settings.load({}, data=folder, ollama_url="none"))
    put(assistant.catalog, "pump.md", PUMP * 40)
    ask_once(assistant, Question("How do I replace the seal of the pump?", conversation="c"), "ana")
    assistant.close()
    return folder


@pytest.fixture
def data(closed: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    (tmp_path / "in").mkdir()
    return shutil.copytree(closed, tmp_path / "data")


def overwrite(path: Path, first: int) -> None:
    held = path.read_bytes()
    path.write_bytes(held[:first] + b"\xa5" * (len(held) - first))


def change(path: Path, *statements: str) -> None:
    db = sqlite3.connect(path)
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()


@contextmanager
def held(path: Path) -> Iterator[None]:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA locking_mode=EXCLUSIVE")
    db.execute("BEGIN EXCLUSIVE")
    yield
    db.close()


def newer(data: Path) -> None:
    change(data / "journal.db", "PRAGMA user_version = 99")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize("first", [0, 4096])
def test_a_damaged_library_is_one_sentence(data: Path, command: list[str], first: int) -> None:
    overwrite(data / "knowledge.db", first)
    done = run(*command, data=data)
    assert done.returncode == 1
    assert "damaged" in done.stderr and "backup" in done.stderr
    assert (
        "Traceback" not in done.stderr
        and done.stderr.count("\n") == 1
        and "ready" not in done.stdout
    )


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (
            lambda data: overwrite(data / "journal.db", 0),
            "it is damaged. Put a backup in its place",
        ),
        (
            lambda data: overwrite(data / "journal.db", 4096),
            "it is damaged. Put a backup in its place",
        ),
        (newer, "made by a newer Tandem. Update Tandem"),
        (lambda data: change(data / "journal.db", "DROP TABLE votes"), "cannot be opened"),
    ],
)
def test_a_server_without_a_journal_does_not_say_that_it_is_ready(
    data: Path, damage: Callable[[Path], None], words: str
) -> None:
    damage(data)
    done = run("serve", "--no-browser", "--port", "0", data=data)
    assert done.returncode == 1 and words in done.stderr
    assert (
        "Traceback" not in done.stderr
        and done.stderr.count("\n") == 1
        and "ready" not in done.stdout
    )


def test_a_locked_journal_is_told_at_start(data: Path) -> None:
    with held(data / "journal.db"):
        done = run("serve", "--no-browser", "--port", "0", data=data)
    assert done.returncode == 1
    assert (
        "another program keeps it locked. End the other program and start Tandem again."
        in done.stderr
    )


def test_a_locked_library_is_told_in_words(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.storage.database.WAIT", 0.3)
    with (
        held(data / "knowledge.db"),
        pytest.raises(DataFolder, match="another program keeps it locked"),
    ):
        open_library(data)


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "half the library": (
        lambda data: overwrite(data / "knowledge.db", (data / "knowledge.db").stat().st_size // 2),
        "library",
    ),
    "a table is gone": (
        lambda data: change(data / "knowledge.db", "DROP TABLE vocabulary", "DROP TABLE sections"),
        "library",
    ),
    "the index is empty": (
        lambda data: change(
            data / "knowledge.db", "INSERT INTO passages_fts (passages_fts) VALUES ('delete-all')"
        ),
        "not found by words",
    ),
    "passages are gone": (
        lambda data: change(data / "knowledge.db", "DELETE FROM passages WHERE id % 2"),
        "library",
    ),
    "a stored file is gone": (
        lambda data: next((data / "files").glob("??/*")).unlink(),
        "files of 1 manuals are missing or damaged: 'Pump P-200",
    ),
    "a stored file is cut": (
        lambda data: next((data / "files").glob("??/*")).write_bytes(b"x"),
        "missing or damaged",
    ),
    "half the journal": (
        lambda data: overwrite(data / "journal.db", (data / "journal.db").stat().st_size // 2),
        "conversations",
    ),
    "turns are orphans": (
        lambda data: change(data / "journal.db", "DELETE FROM conversations"),
        "conversations",
    ),
    "a newer journal": (newer, "newer Tandem"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_doctor_sees_every_kind_of_damage(data: Path, damage: str) -> None:
    work, words = DAMAGES[damage]
    work(data)
    done = run("doctor", data=data)
    faults = [line for line in done.stdout.splitlines() if line.startswith("fault")]
    assert done.returncode == 1 and len(faults) == 1 and words in faults[0], done.stdout[-1500:]
    assert "Traceback" not in done.stderr


def test_doctor_calls_a_whole_installation_good(data: Path) -> None:
    assert run("doctor", data=data).returncode == 0


def test_a_file_that_cannot_be_read_fails_alone(data: Path) -> None:
    source = data.parent / "in"
    (source / "good.md").write_text("# Good\n\nIt can be read.\n", encoding="utf-8")
    (source / "dangling.md").symlink_to(source / "nowhere.md")
    done = run("add", source / "dangling.md", "/proc/self/mem", source / "good.md", data=data)
    assert done.returncode == 1
    assert "good.md  Ready: 1 passage" in done.stdout
    assert "dangling.md cannot be read: No such file" in done.stdout
    assert "data folder" not in done.stdout + done.stderr and "Traceback" not in done.stderr
    if Path("/proc/self/mem").exists():
        assert "mem cannot be read: " in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX systems")
def test_a_folder_that_others_can_look_into_is_tightened(data: Path) -> None:
    for path in (data, data / "files"):
        path.chmod(0o755)
    for path in data.glob("*.db*"):
        path.chmod(0o644)
    out("manuals", data=data)
    run("doctor", data=data)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in data.glob("*.db*")} == {0o600}


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX systems")
def test_a_shared_folder_with_other_things_is_refused_with_the_command(tmp_path: Path) -> None:
    folder = tmp_path / "my shared folder"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    (folder / "letter.txt").write_text("Dear Sir")
    done = run("manuals", data=folder)
    assert done.returncode == 1 and f"chmod 700 '{folder}'" in done.stderr
    assert [path.name for path in folder.iterdir()] == ["letter.txt"] and stat.S_IMODE(
        folder.stat().st_mode
    ) == 0o755
