"""What signing in costs: a request with and without accounts, a sign-in, the server's memory, sign-ins while agents work.

    python tests/bench/bench_accounts.py

Times are wall times of one client on loopback, in turn, so that a busy machine slows both sides alike.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support.people import sign_in, team_of  # noqa: E402
from tests.support.serving import Site, client_of, running_site  # noqa: E402

PATHS = ("/conversations", "/status")
ROUNDS = 300


def milliseconds(client: httpx.Client, path: str, rounds: int = ROUNDS) -> float:
    """The median of one request."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        client.get(path).raise_for_status()
        times.append(time.perf_counter() - begun)
    return 1000 * sorted(times)[rounds // 2]


def memory(site: Site) -> int:
    """The server's resident memory in MB."""
    return int(psutil.Process(site.process.pid).memory_info().rss) >> 20


def crowd(site: Site, stop: threading.Event) -> None:
    """Sign in with a wrong password again and again, as long as the server lets one."""
    with httpx.Client(base_url=site.url, timeout=60) as client:
        while not stop.is_set():
            sign_in(client, f"name {time.monotonic_ns()}", "wrong horse battery")


def during_a_crowd(site: Site, client: httpx.Client) -> float:
    """The median of one request in milliseconds, while sixty sign in at once."""
    stop = threading.Event()
    crowds = [threading.Thread(target=crowd, args=(site, stop), daemon=True) for _ in range(60)]
    for thread in crowds:
        thread.start()
    try:
        return milliseconds(client, "/status", 30)
    finally:
        stop.set()


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    with (
        running_site(folder / "local") as open_site,
        running_site(folder / "team") as site,
        team_of(site) as team,
        client_of(open_site) as local,
        team.client(site, team.add("Ada", "admin")) as client,
    ):
        print("request         without accounts  signed in  ratio")
        for path in PATHS:
            for each in (local, client):
                milliseconds(each, path, 30)  # warm
            before, after = milliseconds(local, path), milliseconds(client, path)
            print(f"{path:16}{before:13.2f} ms {after:8.2f} ms {after / before:6.2f}")
        begun = time.perf_counter()
        for _ in range(5):
            sign_in(client, "Ada")
        print(f"sign-in          {(time.perf_counter() - begun) / 5:.2f} s")
        print(f"memory           {memory(open_site)} MB without accounts, {memory(site)} MB")
        print(f"/status while 60 sign in at once: {during_a_crowd(site, client):.0f} ms")


if __name__ == "__main__":
    main()
