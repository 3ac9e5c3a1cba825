"""The ledger of kills: python tests/bench/bench_kills.py [--kills 200] [--seed 1]

Starts the real server again and again on one data folder, uploads files and asks questions, and kills it with SIGKILL
or SIGTERM at a moment of chance, now and then its reading process too. What the server had acknowledged must be there
in the end: uploads as manuals, questions in the journal. Prints items lost, versions seen half, and innocent files
blamed; the goal is 0 of each, and the exit status is 1 where it is missed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.support.files import manual_pdf  # noqa: E402
from tests.support.serving import Site, ask, client_of, running_site, upload, wait_until_read  # noqa: E402

HALF = {
    "versions without all their passages": "SELECT count(*) FROM versions v"
    " WHERE v.passages <> (SELECT count(*) FROM passages p WHERE p.version_id = v.id)",
    "manuals with two live versions": "SELECT count(*) FROM (SELECT 1 FROM versions WHERE state = 'live' GROUP BY manual_id HAVING count(*) > 1)",
    "live passages not in the index": "SELECT count(*) FROM (SELECT p.id FROM passages p JOIN versions v ON v.id = p.version_id"
    " WHERE v.state = 'live' EXCEPT SELECT id FROM passages_fts_docsize)",
    "passages in the index that are not live": "SELECT count(*) FROM (SELECT id FROM passages_fts_docsize EXCEPT"
    " SELECT p.id FROM passages p JOIN versions v ON v.id = p.version_id WHERE v.state = 'live')",
}


@dataclass(slots=True)
class Ledger:
    """What the server has acknowledged, and what was seen to be wrong."""

    uploads: dict[int, str] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)
    in_upload: int = 0
    in_answer: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as db:
        return db.execute(query).fetchall()


def look(data: Path, ledger: Ledger) -> None:
    """Note what is visible only in part, as the last kill has left it."""
    for what, query in HALF.items():
        (count,) = rows(data / "knowledge.db", query)[0]
        if count:
            ledger.half.append(f"{count} {what}")


def files(folder: Path, n: int) -> dict[str, bytes]:
    """A PDF of its own product, and the next edition of a handbook that every round replaces."""
    pages = [
        (
            f"Chapter {c}",
            [
                f"Step {c}.{line} of machine M-{n} tells what to do with part {line}."
                for line in range(18)
            ],
        )
        for c in range(40)
    ]
    text = "# Handbook of the Q-100\n\n" + "".join(
        f"## Part {c}\n\nEdition {n if c < 3 else 0}, part {c}: turn the knob {c} times.\n\n"
        for c in range(200)
    )
    pdf = manual_pdf(folder / "m.pdf", pages, title=f"Machine M-{n} user manual")
    return {f"m-{n}.pdf": pdf.read_bytes(), "handbook-q100.md": text.encode()}


def work(
    client: httpx.Client, what: dict[str, bytes], ledger: Ledger, over: threading.Event
) -> None:
    """Upload until the server is gone."""
    for name, content in what.items():
        with contextlib.suppress(httpx.HTTPError):
            with ledger.lock:
                ledger.in_upload += 1
            job = upload(client, name, content)
            with ledger.lock:
                ledger.uploads[job] = name
                ledger.in_upload -= 1
        if over.is_set():
            return


def question(client: httpx.Client, n: int, ledger: Ledger, over: threading.Event) -> None:
    """Ask until the server is gone; an answer that came to its end is acknowledged."""
    k = 0
    while not over.is_set():
        text, k = f"How often do I turn the knob of part {k} in round {n}?", k + 1
        with contextlib.suppress(httpx.HTTPError, AttributeError, KeyError):
            with ledger.lock:
                ledger.in_answer += 1
            updates, _ = ask(client, text)
            with ledger.lock:
                ledger.in_answer -= 1
                if updates and "not kept" not in str(updates):
                    ledger.questions.append(text)


def kill(site: Site, chance: random.Random) -> str:
    """End the server somehow; SIGTERM as a service manager sends it, to the reading process too."""
    sign = chance.choice((signal.SIGKILL, signal.SIGTERM))
    if sign == signal.SIGTERM and chance.random() < 0.5:
        found = subprocess.run(
            ["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True
        ).stdout
        parents = {int(one): int(parent) for one, parent in map(str.split, found.splitlines())}
        for pid, parent in parents.items():
            if site.process.pid not in (parent, parents.get(parent)):
                continue
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sign)
    site.process.send_signal(sign)
    site.process.wait(timeout=60)
    return sign.name


def main() -> int:
    """Run the bench."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--kills", type=int, default=200)
    read.add_argument("--seed", type=int, default=1)
    chosen = read.parse_args()
    chance, ledger, counts = random.Random(chosen.seed), Ledger(), {"SIGKILL": 0, "SIGTERM": 0}
    mid_upload = mid_answer = 0
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        for n in range(chosen.kills):
            what, over = files(Path(folder), n), threading.Event()
            with running_site(data) as site, client_of(site) as client, client_of(site) as other:
                ledger.in_upload = ledger.in_answer = 0
                threads = [
                    threading.Thread(target=work, args=(client, what, ledger, over)),
                    threading.Thread(target=question, args=(other, n, ledger, over)),
                ]
                for thread in threads:
                    thread.start()
                time.sleep(chance.random() * 2.5)
                mid_upload += bool(
                    ledger.in_upload
                    or rows(
                        data / "knowledge.db",
                        "SELECT 1 FROM jobs WHERE state IN ('reading', 'indexing')",
                    )
                )
                mid_answer += bool(ledger.in_answer)
                counts[kill(site, chance)] += 1
                over.set()
                for thread in threads:
                    thread.join(timeout=60)
            look(data, ledger)
        with running_site(data) as site, client_of(site) as client:
            wait_until_read(client, 600)
        look(data, ledger)
        held = dict(rows(data / "knowledge.db", "SELECT id, state FROM jobs"))
        asked = {row[0] for row in rows(data / "journal.db", "SELECT question FROM turns")}
        lost = [
            f"upload {job} {name}: {held.get(job)}"
            for job, name in ledger.uploads.items()
            if held.get(job) not in ("done", "unchanged")
        ]
        lost += [f"question: {text}" for text in ledger.questions if text not in asked]
        blamed = rows(
            data / "knowledge.db",
            "SELECT file_name, message FROM jobs WHERE state IN ('set aside', 'failed') OR attempts > 0",
        )
        left = len(list((data / "files").glob("upload-*")))
    print(
        f"{chosen.kills} kills ({counts['SIGKILL']} SIGKILL, {counts['SIGTERM']} SIGTERM), {mid_upload} in mid-upload or mid-read, {mid_answer} in mid-answer"
    )
    print(f"acknowledged: {len(ledger.uploads)} uploads, {len(ledger.questions)} questions")
    print(
        f"lost: {len(lost)}; half-visible: {len(ledger.half)}; innocent files blamed: {len(blamed)}; unfinished files left: {left} (goal 0 each)"
    )
    for line in [*lost, *ledger.half, *map(str, blamed)][:20]:
        print(" ", line)
    return int(bool(lost or ledger.half or blamed or left))


if __name__ == "__main__":
    sys.exit(main())
