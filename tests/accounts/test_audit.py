"""Who did what: noted by pages and commands, found again, exported, never changed, without secrets."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from chatbot.accounts.audit import Audit
from chatbot.conversations.journal_file import open_file
from chatbot.curation.gaps import reference
from tests.support.command import run
from tests.support.people import PASSWORD, Team, sign_in
from tests.support.serving import Site, ask, upload, wait_until_read

MANUAL = b"# Pump P-200\n\n## Seal\n\nTo replace the seal, close both valves. Remove the four screws of the cover.\n"
SECRET = "What does the secret knob do?"


@pytest.fixture(scope="module")
def admin(site: Site, team: Team) -> Iterator[httpx.Client]:
    with team.client(site, team.add("Ada", "admin")) as client:
        yield client


def rows(client: httpx.Client, search: str = "", **more: bool) -> list[list[str]]:
    """The log as it is saved, the oldest first, without the moments."""
    text = client.get("/audit.csv", params={"search": search, **more}).text.lstrip("\ufeff")
    head, *found = csv.reader(io.StringIO(text))
    assert head == ["When", "Who", "What", "To what"]
    return [row[1:] for row in reversed(found)]


def test_what_people_do_is_noted(site: Site, admin: httpx.Client) -> None:
    upload(admin, "pump.md", MANUAL)
    wait_until_read(admin)
    page = admin.get("/manuals/state").json()["table"]
    manual = page.split('data-id="')[1].split('"')[0]
    admin.post(f"/manuals/{manual}/describe", json={"name": "Pump", "product": "P-200"})
    admin.post(f"/manuals/{manual}/remove")
    admin.post(f"/manuals/{manual}/restore")
    updates, _ = ask(admin, SECRET)
    talk = updates[0]["data"][0]["conversation"]  # type: ignore[index]
    admin.post(f"/conversations/{talk}/share")
    admin.post("/manuals/gaps/off-topic", json={"question": SECRET, "product": ""})
    admin.post("/people/add", data={"name": "Bob", "role": ["agent", "engineer"]})
    with httpx.Client(base_url=site.url) as client:
        sign_in(client, "Ada", "wrong horse battery")
        sign_in(client, "hunter2 hunter2", "Ada")  # the fields mixed up
        sign_in(client, "Ada")
        client.post("/sign-out")
    assert run("manuals", "remove", "Pump", data=site.data).returncode == 0
    noted = rows(admin)
    deeds = [(who, what, about) for who, what, about in noted if "command line" not in who]
    assert deeds[:7] == [
        ("Ada", "uploaded", "pump.md"),
        ("Ada", "changed name or product of", "Pump"),
        ("Ada", "removed the manual", "Pump"),
        ("Ada", "restored the manual", "Pump"),
        ("Ada", "gave a conversation to colleagues", talk),
        ("Ada", "took a question off the list", reference(SECRET, "")),
        ("Ada", "added", "Bob: agent, engineer"),
    ]
    assert [what for _, what, _ in deeds[7:]] == ["wrong password", "signed in", "signed out"]
    who, what, about = noted[-1]
    assert (what, about) == ("removed the manual", "Pump") and who.endswith("(command line)")
    with sqlite3.connect(site.data / "journal.db") as db:
        kept = str(db.execute("SELECT * FROM audit").fetchall())
    assert not [word for word in (SECRET, PASSWORD, "hunter2", "wrong horse") if word in kept]


def test_the_page_filters(admin: httpx.Client, team: Team) -> None:
    assert [what for _, what, _ in rows(admin, "ADA signed")] == ["signed in", "signed out"]
    page = admin.get("/audit", params={"search": "bob"}).text
    assert "Bob: agent, engineer" in page and "pump.md" not in page
    assert "Nothing is noted" in admin.get("/audit", params={"search": "zzz"}).text


def test_questions_are_shown_when_asked_for(admin: httpx.Client) -> None:
    wanted = "Where is the hidden valve?"
    admin.post("/manuals/gaps/missing", json={"question": wanted, "product": ""})
    ask(admin, wanted)
    assert wanted not in admin.get("/audit").text
    assert wanted not in admin.get("/audit", params={"search": "hidden valve"}).text
    seen = admin.get("/audit", params={"questions": True}).text
    assert wanted in seen and "questions=true" in seen  # the file beside it holds them, too
    told = f"{reference(wanted, '')}: {wanted}"
    assert rows(admin, "hidden valve", questions=True) == [
        ["Ada", "noted a question for the manuals’ author", told]
    ]
    assert "secret knob" in str(rows(admin, "off the list", questions=True))
    looks = [
        who for who, what, _ in rows(admin) if what == "looked at the questions beside this list"
    ]
    assert looks == ["Ada"] * 3  # the page and both files


def test_a_refused_deed_is_not_noted(admin: httpx.Client) -> None:
    before = rows(admin)
    assert admin.post("/manuals/none/remove").status_code == 404
    assert admin.post("/people/add", data={"name": "Ada", "role": ["agent"]}).status_code == 400
    assert admin.post("/people/none/remove").status_code == 404
    assert rows(admin) == before


def test_the_log_only_grows(tmp_path: Path) -> None:
    file = open_file(tmp_path / "journal.db")
    Audit(file).note("Ada", "signin", "x" * 1000)
    with sqlite3.connect(tmp_path / "journal.db") as db:
        for change in ("DELETE FROM audit", "UPDATE audit SET who = 'Eve'"):
            with pytest.raises(sqlite3.IntegrityError, match="only grows"):
                db.execute(change)
    (entry,) = Audit(file).entries()
    assert (entry.who, entry.deed, len(entry.about)) == ("Ada", "signin", 300)
    file.close()


def test_what_a_spreadsheet_would_run_is_text(site: Site, team: Team, admin: httpx.Client) -> None:
    admin.post("/people/add", data={"name": "=1+1", "role": ["agent"]})
    assert rows(admin)[-1] == ["Ada", "added", "'=1+1: agent"]


def test_a_command_before_anything_was_kept_makes_no_journal(tmp_path: Path) -> None:
    (tmp_path / "pump.md").write_bytes(MANUAL)
    data = tmp_path / "data"
    assert run("add", tmp_path / "pump.md", data=data).returncode == 0
    assert run("remove", "Pump P-200", data=data).returncode == 0
    assert not (data / "journal.db").exists()


def test_the_whole_log_is_searched_and_saved(site: Site, admin: httpx.Client) -> None:
    before = rows(admin)
    later = [("2030-01-01T00:00:00+00:00", "Zoe", "signin", f"browser {n}") for n in range(20_500)]
    with sqlite3.connect(site.data / "journal.db") as db:
        db.executemany("INSERT INTO audit (at, who, deed, about) VALUES (?, ?, ?, ?)", later)
    assert rows(admin) == before + [["Zoe", "signed in", f"browser {n}"] for n in range(20_500)]
    page = admin.get("/audit", params={"search": "ada uploaded"}).text
    assert "pump.md" in page and "Zoe" not in page
