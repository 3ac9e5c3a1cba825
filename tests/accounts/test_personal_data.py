"""What is kept of somebody: exported whole, erased whole, and nothing of anybody else's with it."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path

import httpx

from chatbot.accounts.personal_data import erase_daily, erase_older, kept_of
from chatbot.conversations.journal_file import open_file
from tests.support.command import run
from tests.support.people import team_of
from tests.support.serving import Site, ask, client_of, running_site, upload, wait_until_read

MANUAL = b"# Pump P-200\n\n## Seal\n\nTo replace the seal, close both valves. Remove the four screws of the cover.\n"
ASKED = "How do I replace the zebra seal?"


def counts(site: Site) -> dict[str, int]:
    tables = ("conversations", "turns", "citations", "sentences", "votes", "gaps", "shared")
    with sqlite3.connect(site.data / "journal.db") as db:
        return {t: db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables}


def work(client: httpx.Client, text: str) -> str:
    """Ask, vote, report and share."""
    talk = ask(client, text)[0][0]["data"][0]["conversation"]  # type: ignore[index]
    answer = client.get(f"/conversations/{talk}").text.split('data-turn="')[1].split('"')[0]
    client.post(f"/answers/{answer}/rate", json={"good": False, "reason": "too long"})
    client.post(f"/answers/{answer}/missing")
    client.post(f"/conversations/{talk}/share")
    return str(talk)


def test_what_somebody_asked_is_exported_and_erased(tmp_path: Path) -> None:
    with running_site(tmp_path / "data") as site:
        with client_of(site) as client:
            upload(client, "pump.md", MANUAL)
            wait_until_read(client)
        with team_of(site) as team:
            team.add("Ada", "admin")
            bob, cy = (team.add(name, "agent") for name in ("Bob", "Cy"))
            with team.client(site, bob) as client, team.client(site, cy) as other:
                others = work(other, "How do I replace the seal?")
                before = counts(site)
                talk = work(client, ASKED)
                (mine,) = client.get("/account/export").json()
                assert (mine["question"], mine["good"], mine["reason"]) == (
                    ASKED,
                    False,
                    "too long",
                )
                assert mine["conversation"] == talk and "close both valves" in mine["answer"]
                lines = run("users", "export", "bob", data=site.data).stdout.splitlines()
                assert [json.loads(line) for line in lines] == [mine]
                told = run("users", "erase", "Bob", data=site.data)
                assert told.stdout == "1 conversation is erased. Bob can still sign in.\n"
                assert client.get(f"/conversations/{talk}").status_code == 404
                assert client.get("/account/export").json() == []
                assert counts(site) == before
                assert other.get(f"/conversations/{others}").status_code == 200
                work(client, ASKED)
                told = run("users", "remove", "Bob", "--erase", data=site.data)
                assert told.stdout == "Bob cannot sign in any more. 1 conversation is erased.\n"
                assert counts(site) == before
    assert b"zebra" not in (tmp_path / "data" / "journal.db").read_bytes()


def test_old_conversations_are_erased_where_that_is_set(tmp_path: Path) -> None:
    def age(days: int) -> None:
        with sqlite3.connect(tmp_path / "data" / "journal.db") as db:
            db.execute(
                "UPDATE conversations SET changed = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', ?)",
                (f"-{days} days",),
            )

    with running_site(tmp_path / "data") as site, client_of(site) as client:
        work(client, ASKED)
        cookies = dict(client.cookies)
    age(31)
    with (
        running_site(tmp_path / "data") as site,
        httpx.Client(base_url=site.url, cookies=cookies) as client,
    ):
        assert "zebra" in client.get("/conversations").text  # by default nothing is
    file = open_file(tmp_path / "data" / "journal.db")
    assert erase_older(file, 32) == 0
    stop = threading.Event()
    stop.set()
    erase_daily(file, 30, stop)
    file.close()
    with sqlite3.connect(tmp_path / "data" / "journal.db") as db:
        assert db.execute("SELECT count(*) FROM turns").fetchone() == (0,)


def test_the_server_erases_when_it_starts(tmp_path: Path) -> None:
    with running_site(tmp_path / "data") as site, client_of(site) as client:
        work(client, ASKED)
        cookies = dict(client.cookies)
    with sqlite3.connect(tmp_path / "data" / "journal.db") as db:
        db.execute("UPDATE conversations SET changed = '2020-01-01T00:00:00.000000Z'")
    with (
        running_site(tmp_path / "data", TANDEM_KEEP_DAYS="30") as site,
        httpx.Client(base_url=site.url, cookies=cookies) as client,
    ):
        work(client, "How do I clean the filter?")
        for _ in range(100):
            listed = client.get("/conversations").text
            if "zebra" not in listed:
                break
            threading.Event().wait(0.1)
        assert "zebra" not in listed and "filter" in listed


def test_many_conversations_are_erased_in_pieces(tmp_path: Path) -> None:
    file = open_file(tmp_path / "journal.db")
    with sqlite3.connect(tmp_path / "journal.db") as db:
        rows = [(f"c{i}", "bob", "x", "2020-01-01T00:00:00.000000Z", 0) for i in range(450)]
        db.executemany("INSERT INTO conversations VALUES (?, ?, ?, ?, ?)", rows)
    assert erase_older(file, 30) == 450 and erase_older(file, 30) == 0
    assert kept_of(file, "bob") == ()
    file.close()
