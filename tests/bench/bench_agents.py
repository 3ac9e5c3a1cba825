"""Twenty agents at one model on a CPU: python tests/bench/bench_agents.py DATA MODELS [--agents 20]

DATA is a data folder on which `run.py demo` has run (a copy is served), MODELS the folder of the Ollama that it ran on
(OLLAMA_MODELS). Starts that Ollama and the real server, and asks as browsers do, each agent with a cookie of their own:

- all at once, the model not loaded yet, each a question that the adapter was trained on; a quarter of them asks two more in
  other windows, before anybody else has asked;
- once more, the model loaded; then the one whose answer is being written presses Stop, again and again.

Prints when the manuals' own words and when the whole answer stood there, who was answered a second time before others once,
how long after Stop the next in line moved up, and whether the circuit breaker ever let nobody through.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import shutil
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402

from adapters.demo.facts import FACTS  # noqa: E402
from tests.support.ollama_server import running_ollama  # noqa: E402
from tests.support.serving import Site, running_site  # noqa: E402
from tests.support.toy.cases import trained  # noqa: E402

PLACE = re.compile(r"you are number (\d+) in line")
LINE = "for the model before this one"
RESTING = "times in a row; it is tried again"
PRODUCT = "Aurora X200 label printer"
# Facts on which the manual tells nothing more than was trained, so that the adapter is asked and not the manual quoted alone.
KEYS = {
    "E02",
    "E03",
    "E04",
    "E05",
    "E07",
    "E08",
    "E09",
    "E10",
    "blinking blue",
    "yellow",
    "paper roll",
    "web console",
}
KINDS = {"part", "weight"}
QUESTIONS = [trained(fact)[0] for fact in FACTS if fact.key in KEYS or fact.attribute in KINDS]


@dataclass
class Asked:
    """A question on its way: by whom, when it was asked, and what the page showed when (seconds of one clock)."""

    agent: int
    number: int
    ticket: str
    client: httpx.Client
    begun: float = 0.0
    seen: list[tuple[float, str]] = field(default_factory=list)
    conversation: str = ""
    ended: bool = False
    written: bool = False  # by the model, as it was kept

    @property
    def quoted(self) -> float | None:
        """Seconds until the manuals' own words, or an answer, stood there."""
        return next((at - self.begun for at, html in self.seen if "t-chip" in html), None)

    @property
    def done(self) -> float:
        """When the last was shown."""
        return self.seen[-1][0] if self.seen else float("inf")

    @property
    def places(self) -> list[tuple[float, int]]:
        """The place in line whenever it was told; 0 once nobody is before it any more."""
        return [(at, int(m[1]) if (m := PLACE.search(html)) else 0) for at, html in self.seen]


def numbers(config: str) -> tuple[int, int]:
    """The event and the function by which the page asks."""
    event = int(re.findall(r'"targets":\[\[(\d+),"ask"\]\]', config)[0])
    number = re.findall(rf'"id":(\d+),"targets":\[\[{event},"ask"\]\]', config)
    return event, int(number[0])


def ask(one: Asked, text: str, config: str) -> None:
    """Ask as the page does, and note what is shown when, until the answer ends."""
    event, number = numbers(config)
    asked = {"ticket": one.ticket, "text": text, "mode": "both", "product": PRODUCT}
    one.begun = time.perf_counter()
    one.client.post(
        "/gradio_api/queue/join",
        json={
            "data": [], "event_data": {**asked, "conversation": ""}, "fn_index": number, "trigger_id": event,
            "session_hash": one.ticket,
        },
    ).raise_for_status()  # fmt: skip
    where = {"session_hash": one.ticket}
    with one.client.stream("GET", "/gradio_api/queue/data", params=where) as reply:
        for line in reply.iter_lines():
            if not line.startswith("data:"):
                continue
            message = json.loads(line[5:])
            if message["msg"] in ("process_generating", "process_completed"):
                shown = json.dumps(message["output"])
                one.seen.append((time.perf_counter(), shown))
                if found := re.search(r'"conversation": "([\w-]+)"', shown):
                    one.conversation = found[1]
            if message["msg"] in ("process_completed", "close_stream"):
                break
    one.ended = True


class Wave:
    """Questions that are asked together."""

    def __init__(self, site: Site, agents: int, more: int) -> None:
        """``more``: agents who ask two more questions, before the others ask."""
        self.clients = [httpx.Client(base_url=site.url, timeout=180) for _ in range(agents)]
        self.config = [client.get("/").text for client in self.clients][0]
        early = [(agent, n) for agent in range(more) for n in range(3)]
        late = [(agent, 0) for agent in range(more, agents)]
        self.asked = [
            Asked(agent, n, f"w{time.monotonic_ns()}x{agent}x{n}", self.clients[agent])
            for agent, n in (*early, *late)
        ]
        self._threads = [
            threading.Thread(
                target=ask,
                args=(one, QUESTIONS[(one.agent + 7 * one.number) % len(QUESTIONS)], self.config),
            )
            for one in self.asked
        ]

    def begin(self) -> None:
        """Ask all of it."""
        for thread in self._threads:
            thread.start()
            time.sleep(0.01)

    def end(self, data: Path) -> None:
        """Wait for the last answer, and read in the journal what wrote each."""
        for thread in self._threads:
            thread.join()
        with contextlib.closing(sqlite3.connect(data / "journal.db")) as db:
            query = "SELECT json_extract(answer, '$.model') FROM turns WHERE conversation = ?"
            for one in self.asked:
                one.written = bool(*db.execute(query, (one.conversation,)).fetchone())
        for client in self.clients:
            client.close()


def spread(values: Sequence[float]) -> str:
    """Median, 95th percentile and worst of seconds."""
    ordered = sorted(values)
    worst = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return f"{statistics.median(ordered):.2f}, {worst:.2f}, {ordered[-1]:.2f} s"


def overtaken(wave: Wave) -> int:
    """How many second answers were written before the first one of somebody who stood in line with them.

    One is written at a time, so that their order is that in which text came.
    """
    lined = [(one.number, *_turn(one)) for one in wave.asked if one.written and _turn(one)]
    firsts = [(stood, text) for number, stood, _, text in lined if not number]
    return sum(
        any(stood < last and text > mine for stood, text in firsts)
        for number, _, last, mine in lined
        if number
    )


def _turn(one: Asked) -> tuple[float, ...]:
    """When a question was told first and last that others were before it, and when text came; () where it never waited."""
    waited = [at for at, place in one.places if place]
    after = [at for at, _ in one.places if waited and at > waited[-1]]
    return (waited[0], waited[-1], after[0]) if after else ()


def told(name: str, wave: Wave) -> None:
    """Print what a wave showed."""
    quoted = [one.quoted for one in wave.asked]
    there = [seconds for seconds in quoted if seconds is not None]
    written = [one for one in wave.asked if one.written]
    print(f"{name}: {len(wave.asked)} questions of {len(wave.clients)} agents")
    print(f"  the manuals' words stood there: {len(there)}; median, p95, worst {spread(there)}")
    print(f"  answers ended: {spread([one.done - one.begun for one in wave.asked])}")
    late = sum(LINE in one.seen[-1][1] for one in wave.asked)
    print(
        f"  written by the model: {len(written)}; by the manuals, as the line was too long: {late}"
    )
    print(f"  second answers written before somebody's first: {overtaken(wave)}")
    resting = sum(RESTING in html for one in wave.asked for _, html in one.seen)
    print(f"  pages that said the model server rests: {resting}")


def stops(wave: Wave, most: int = 5) -> list[float]:
    """Stop whoever is being answered, so often; return the seconds until the line moved up."""
    took: list[float] = []
    while len(took) < most and not all(one.ended for one in wave.asked):
        time.sleep(0.1)
        line = {one.ticket: one.places[-1][1] for one in wave.asked if one.places}
        running = [one for one in wave.asked if one.seen and not one.ended]
        first = [one for one in running if not line[one.ticket]]
        waiting = [one for one in running if line[one.ticket]]
        if len(first) != 1 or not waiting:
            continue
        behind = min(waiting, key=lambda one: line[one.ticket])
        before, begun = line[behind.ticket], time.perf_counter()
        first[0].client.post(f"/asks/{first[0].ticket}/stop").raise_for_status()
        while time.perf_counter() - begun < 20:
            moved = [at for at, place in behind.places if at > begun and place < before]
            if moved:
                took.append(moved[0] - begun)
                break
            time.sleep(0.005)
    return took


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("models", type=Path)
    parser.add_argument("--agents", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_ollama(options.models) as url:
        data = Path(folder) / "data"
        shutil.copytree(options.data, data, copy_function=shutil.copy)
        data.chmod(0o700)
        with running_site(data, TANDEM_OLLAMA_URL=url) as site:
            time.sleep(5)  # it has looked at its models
            for name in ("model not loaded", "model loaded"):
                wave = Wave(site, options.agents, options.agents // 4)
                wave.begin()
                wave.end(site.data)
                told(name, wave)
            wave = Wave(site, options.agents, 0)
            wave.begin()
            moved = stops(wave)
            wave.end(site.data)
            seconds = ", ".join(f"{one:.2f}" for one in moved)
            print(f"Stop pressed {len(moved)} times: the next moved up after {seconds} s")


if __name__ == "__main__":
    main()
