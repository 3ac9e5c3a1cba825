"""What a server's memory does under many clients: python tests/bench/bench_memory.py [--clients 50] [--seconds 120]

Starts the real server on manuals of its own making, warms it up, lets the clients ask without a pause and upload now
and then, and prints the resident memory idle, at its peak and afterwards, in MB. Goal: afterwards <= 1.3 x idle.
Needs /proc. Exits with 1 where the goal is missed.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.support.serving import Site, ask, client_of, running_site, upload, wait_until_read  # noqa: E402

GOAL = 1.3
PARTS = ("seal", "filter", "valve", "blade", "belt", "fuse", "lamp", "pump", "sensor", "cover")
DEEDS = ("replace", "clean", "tighten", "test", "store")


def manual(number: int) -> bytes:
    """A manual of 500 sections whose product is its own."""
    lines = [f"# Machine M-{number} user manual\n"]
    for n in range(500):
        part, deed = PARTS[n % 10], DEEDS[n // 10 % 5]
        lines.append(f"## {deed.title()} the {part} {n}\n")
        lines.append(
            f"To {deed} the {part} {n} of the machine, switch it off and wait {n % 50 + 5} minutes. "
            * 3
            + "\n"
        )
    return "\n".join(lines).encode()


def rss(site: Site) -> float:
    """Resident memory of the server itself in MB; its readers are processes of their own and end."""
    status = Path(f"/proc/{site.process.pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024


def load(site: Site, end: float, number: int, asked: list[int], wrong: list[str]) -> None:
    """One client: other questions each time, and an upload of a small manual now and then."""
    n = number
    try:
        with client_of(site) as client:
            while time.monotonic() < end:
                question = (
                    f"How do I {DEEDS[n % 5]} the {PARTS[n // 5 % 10]} {n % 500} of the M-{n % 3}?"
                )
                updates, _ = ask(client, question)
                asked.append(len(str(updates)))
                if n % 40 == 0:
                    upload(
                        client,
                        f"note-{n}.md",
                        f"# Note {n}\n\nRemark {n} on the {PARTS[n % 10]}.\n".encode(),
                    )
                n += 50
    except (httpx.HTTPError, AttributeError) as error:
        wrong.append(repr(error))


def settled(site: Site, seconds: float = 12) -> float:
    """The memory once nothing runs any more."""
    end, least = time.monotonic() + seconds, rss(site)
    while time.monotonic() < end:
        time.sleep(0.5)
        least = min(least, rss(site))
    return least


def main() -> int:
    """Run the bench."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--clients", type=int, default=50)
    read.add_argument("--seconds", type=float, default=120)
    chosen = read.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder) / "data") as site:
        with client_of(site) as client:
            for number in range(3):
                upload(client, f"m{number}.md", manual(number))
            wait_until_read(client, 300)
            for n in range(20):
                ask(client, f"How do I {DEEDS[n % 5]} the {PARTS[n % 10]} {n} of the M-{n % 3}?")
        idle, peak = settled(site), 0.0
        asked, wrong = list[int](), list[str]()
        end = time.monotonic() + chosen.seconds
        threads = [
            threading.Thread(target=load, args=(site, end, n, asked, wrong))
            for n in range(chosen.clients)
        ]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            peak = max(peak, rss(site))
            time.sleep(0.5)
        with client_of(site) as client:
            wait_until_read(client, 300)
        after = settled(site)
        print(
            f"{chosen.clients} clients for {chosen.seconds:.0f} s: {len(asked)} answers, {len(wrong)} faults {wrong[:2]}"
        )
        print(
            f"RSS idle {idle:.0f} MB, peak {peak:.0f} MB, afterwards {after:.0f} MB = {after / idle:.2f} x idle (goal {GOAL})"
        )
        return int(after > GOAL * idle or bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
