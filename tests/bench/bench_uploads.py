"""Agents' answers while a hundred files come in: python tests/bench/bench_uploads.py [--files 100] [--agents 20] [--pause 5]

Starts the real server on a library of its own making. Agents ask, each with a pause between answers, first alone, then
while PDF files of ten pages each are uploaded two at a time, as the page does, and read. Prints the time of the quoted
answers (p50, p95), that of the uploads, and what became of each file. Goal: p95 <= 3 x idle, every file searchable.
Exits with 1 where a goal is missed. A ratio of one run: other work on the machine lengthens both.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.bench_memory import DEEDS, PARTS, manual  # noqa: E402
from tests.support.files import manual_pdf  # noqa: E402
from tests.support.serving import Site, ask, client_of, running_site, upload  # noqa: E402
from ui.text.english import say  # noqa: E402

GOAL = 3.0
FILLING = re.compile(say("figure.passages.filling", n="N").replace("N", "[0-9,]+"))
PAGES = 10


def pdf(folder: Path, number: int) -> bytes:
    """A manual of ten pages, the product of which is its own."""
    chapters = [
        (
            f"{DEEDS[page % 5].title()} the {PARTS[(page + number) % 10]}",
            [
                f"Step {n}: hold part {n} of the P-{number} for {n + page} seconds."
                for n in range(30)
            ],
        )
        for page in range(PAGES)
    ]
    path = folder / f"p{number}.pdf"
    return manual_pdf(path, chapters, title=f"Press P-{number} user manual").read_bytes()


class Agent(threading.Thread):
    """Asks, waits, asks on; ``took`` are the moments at which it asked and the seconds until each answer was whole."""

    def __init__(self, site: Site, number: int, pause: float) -> None:
        super().__init__(daemon=True)
        self.took: list[tuple[float, float]] = []
        self.wrong: list[str] = []
        self._site, self._number, self._pause = site, number, pause
        self.ended = threading.Event()

    def run(self) -> None:
        """Ask until told to end."""
        n = self._number
        try:
            with client_of(self._site) as client:
                self.ended.wait(self._pause * self._number / 20)  # they do not ask in step
                while not self.ended.is_set():
                    n += 37
                    question = f"How do I {DEEDS[n % 5]} the {PARTS[n // 5 % 10]} {n % 500} of the M-{n % 3}?"
                    asked = time.monotonic()
                    _, times = ask(client, question)
                    self.took.append((asked, times[-1]))
                    self.ended.wait(self._pause)
        except (httpx.HTTPError, AttributeError) as error:
            self.wrong.append(repr(error))


def told(name: str, agents: list[Agent], since: float, until: float) -> float:
    """Print a row on the answers asked for between two moments; return their 95th percentile in seconds."""
    took = [s for agent in agents for asked, s in agent.took if since <= asked < until]
    p95 = statistics.quantiles(took, n=20)[-1]
    print(f"{name:24} {len(took):5} answers  p50 {statistics.median(took):.2f} s  p95 {p95:.2f} s")
    return p95


def main() -> int:
    """Run the bench."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--files", type=int, default=100)
    read.add_argument("--agents", type=int, default=20)
    read.add_argument("--pause", type=float, default=5)
    read.add_argument("--idle", type=float, default=60, help="seconds without uploads")
    chosen = read.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder) / "data") as site:
        files = [pdf(Path(folder), n) for n in range(chosen.files)]
        with client_of(site) as client:
            for number in range(3):
                upload(client, f"m{number}.md", manual(number))
            searched(client)
            while FILLING.search(client.get("/manuals/state").json()["figures"]):
                time.sleep(1)  # or idle would not be
            agents = [Agent(site, n, chosen.pause) for n in range(chosen.agents)]
            for agent in agents:
                agent.start()
            time.sleep(2 * chosen.pause)  # each has opened its page and asked once
            begun = time.monotonic()
            time.sleep(chosen.idle)
            loaded = time.monotonic()
            with ThreadPoolExecutor(2) as two:
                list(two.map(lambda n: upload(client, f"p{n}.pdf", files[n]), range(chosen.files)))
            sent = time.monotonic()
            table = searched(client)
            ended = time.monotonic()
            for agent in agents:
                agent.ended.set()
        for agent in agents:
            agent.join(timeout=60)
        idle = told("idle", agents, begun, loaded)
        busy = told("while files come in", agents, loaded, ended)
        found = sum(f"Press P-{n} user manual" in table for n in range(chosen.files))
        wrong = [fault for agent in agents for fault in agent.wrong]
        print(
            f"{chosen.files} files of {PAGES} pages: sent in {sent - loaded:.0f} s, searchable after"
            f" {ended - loaded:.0f} s, {found} of {chosen.files} in the list; {len(wrong)} faults {wrong[:2]}"
        )
        print(f"p95 while files come in / idle: {busy / idle:.1f} (goal {GOAL:.0f})")
        return int(busy > GOAL * idle or found < chosen.files or bool(wrong))


def searched(client: httpx.Client) -> str:
    """Wait until every file is read; return the list of manuals."""
    while True:
        state = client.get("/manuals/state").json()
        if not state["running"]:
            return str(state["table"])
        time.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
