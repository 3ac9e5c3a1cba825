"""Votes under kills: python tests/bench/bench_vote_kills.py [KILLS]

Starts the real server again and again on one data folder; a browser compares answers, votes, corrects and goes on with the other
answer until the server is killed with SIGKILL at a moment of chance. Whatever was said to be kept must be there in the end, once:
pairs that were shown with the same sides and texts, votes as they were acknowledged last. Prints what was lost or doubled; the
goal is 0, and the exit status is 1 where it is missed.
"""

from __future__ import annotations

import random
import re
import sqlite3
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.support.pairs import DESCALE, LONG  # noqa: E402
from tests.support.serving import ask, client_of, running_site, upload, wait_until_read  # noqa: E402

SIDE = re.compile(r'<div class="t-text" dir="auto">(.*?)</div>', re.S)


@dataclass(slots=True)
class Ledger:
    """What the browser was shown and told, by the pair's id: the two texts, and the votes that may be the last one."""

    shown: dict[str, list[str]] = field(default_factory=dict)
    votes: dict[str, set[str]] = field(default_factory=dict)


def work(client: httpx.Client, ledger: Ledger) -> None:
    """Compare and vote until the server is gone."""
    try:
        while True:
            updates, _ = ask(client, DESCALE, mode="compare")
            talk = updates[0]["data"][0]["conversation"]  # type: ignore[index]
            html = client.get(f"/conversations/{talk}").text
            found = re.search(r'data-pair="(\w+)"', html)
            if not found:
                continue
            key = found[1]
            ledger.shown[key] = SIDE.findall(html)
            for choice in random.sample(["a", "b", "tie", "neither"], 2):
                before = ledger.votes.get(key, {""})
                ledger.votes[key] = before | {choice}  # until it is acknowledged, either may stand
                client.post(
                    f"/pairs/{key}/vote", json={"choice": choice, "correct": True}
                ).raise_for_status()
                ledger.votes[key] = {choice}
            client.post(f"/pairs/{key}/take", json={"side": "b"}).raise_for_status()
    except (httpx.HTTPError, KeyError, IndexError):
        return


def faults(data: Path, ledger: Ledger) -> tuple[int, int, int]:
    """How many pairs or votes are lost, how many are doubled, and how many stand otherwise than they were shown or told."""
    with sqlite3.connect(data / "journal.db") as db:
        rows = db.execute("SELECT answer_id, state, a, b FROM pairs").fetchall()
    kept = {key: (state, a, b) for key, state, a, b in rows}
    lost = sum(key not in kept for key in ledger.shown)
    other = sum(kept[key][0] not in votes for key, votes in ledger.votes.items() if key in kept)
    for key, texts in ledger.shown.items():
        if key in kept and len(texts) == 2:
            longer = len(texts[0]) > len(texts[1])
            other += longer != (len(kept[key][1]) > len(kept[key][2]))
    return lost, len(rows) - len(kept), other


def main() -> None:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    ledger, chance = Ledger(), random.Random(14)
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        for n in range(kills):
            with running_site(data) as site, client_of(site) as client:
                if n == 0:
                    upload(client, "kettle.md", LONG.encode())
                    wait_until_read(client)
                threads = [threading.Thread(target=work, args=(client, ledger)) for _ in range(2)]
                for thread in threads:
                    thread.start()
                time.sleep(chance.uniform(0.2, 2.5))
                site.process.kill()
                for thread in threads:
                    thread.join()
        lost, doubled, other = faults(data, ledger)
    print(f"{kills} kills, {time.perf_counter() - begun:.0f} s")
    print(f"pairs shown {len(ledger.shown)}, with votes {len(ledger.votes)}")
    print(f"lost {lost}, doubled {doubled}, otherwise than shown or told {other}")
    sys.exit(1 if lost or doubled or other else 0)


if __name__ == "__main__":
    main()
