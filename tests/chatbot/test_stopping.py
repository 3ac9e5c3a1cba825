"""A server that is told to stop: its work is put down, nothing is lost, and no file is blamed."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
from pathlib import Path

import pytest

from tests.support.files import manual_pdf
from tests.support.processes import below, send, service_of
from tests.support.serving import Site, ask, client_of, running_site, upload, wait_until_read
from tests.support.waiting import wait_for

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX systems")


@pytest.fixture(scope="module")
def long_pdf(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A manual that takes some seconds to read."""
    pages = [
        (
            f"Chapter {n}",
            [
                f"Step {n}.{line} tells what to do with part {line} of the machine."
                for line in range(18)
            ],
        )
        for n in range(700)
    ]
    return manual_pdf(
        tmp_path_factory.mktemp("long") / "long.pdf", pages, title="Long manual"
    ).read_bytes()


def rows(data: Path, query: str) -> list[tuple[object, ...]]:
    db = sqlite3.connect(f"{(data / 'knowledge.db').as_uri()}?mode=ro", uri=True)
    try:
        return db.execute(query).fetchall()
    finally:
        db.close()


def reading(site: Site) -> bool:
    return rows(site.data, "SELECT 1 FROM jobs WHERE state = 'reading' AND done > 5") != []


@pytest.mark.parametrize("also_the_reader", [False, True])
def test_two_stops_in_mid_read_lose_nothing_and_blame_nobody(
    tmp_path: Path, long_pdf: bytes, also_the_reader: bool
) -> None:
    """A service manager may send the signal to every process of the service, the reading one too."""
    data = tmp_path / "data"
    for stop in range(2):
        with running_site(data) as site:
            if not stop:
                with client_of(site) as client:
                    upload(client, "long.pdf", long_pdf)
            own = site.process.pid
            wait_for(lambda site=site: reading(site) and below(site.process.pid))
            for process in service_of(own) if also_the_reader else {own}:
                with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
                    send(process, signal.SIGTERM)
            send(own, signal.SIGTERM)
            assert site.process.wait(timeout=180) == 0
        assert rows(data, "SELECT state, attempts, message FROM jobs") == [("queued", 0, "Waiting")]
    with running_site(data) as site, client_of(site) as client:
        assert "Long manual" in wait_until_read(client, 600)["table"]


def test_after_a_clean_stop_the_files_alone_hold_everything(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running_site(data) as site, client_of(site) as client:
        upload(client, "pump.md", b"# Pump manual\n\nThe seal of the pump is tightened to 12 Nm.\n")
        wait_until_read(client)
        ask(client, "How tight is the seal of the pump?")
        site.process.send_signal(signal.SIGTERM)
        assert site.process.wait(timeout=180) == 0
    copy = tmp_path / "copy.db"
    copy.write_bytes((data / "journal.db").read_bytes())  # as a backup of the one file would
    db = sqlite3.connect(copy)
    assert db.execute("SELECT question, answer IS NOT NULL FROM turns").fetchall() == [
        ("How tight is the seal of the pump?", 1)
    ]
    db.close()
