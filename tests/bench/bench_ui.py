"""Measures the pages: start, first page, memory, chip to highlight, 50 questions at once. Prints a table.

    python tests/bench/bench_ui.py [--questions 50]

Starts the real server in a temporary folder and adds one manual of its own making. Needs Chromium for two figures.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402
import psutil  # noqa: E402

from tests.e2e.conftest import ARGUMENTS, make_manual  # noqa: E402
from tests.support.serving import Site, ask, client_of, running_site, upload, wait_until_read  # noqa: E402

QUESTION = "How do I replace the seal of the pump?"
Row = tuple[str, str, str]


def memory(site: Site) -> float:
    """Resident memory of the server and its children, in MB."""
    process = psutil.Process(site.process.pid)
    return sum(p.memory_info().rss for p in [process, *process.children(recursive=True)]) / 2**20


def many_questions(site: Site, number: int) -> list[Row]:
    """Ask from as many browsers at once, each with its own cookie."""
    firsts: list[float] = []
    lasts: list[float] = []
    wrong: list[str] = []
    ready = threading.Barrier(number)

    def one() -> None:
        with httpx.Client(base_url=site.url, timeout=60) as client:
            client.get("/")
            ready.wait()
            try:
                updates, times = ask(client, QUESTION)
            except (httpx.HTTPError, AttributeError) as error:
                wrong.append(repr(error))
                return
        if "t-chip" not in str(updates[-1]):
            wrong.append(str(updates[-1])[:200])
        firsts.append(times[0])
        lasts.append(times[-1])

    threads = [threading.Thread(target=one) for _ in range(number)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    answered = f"{len(lasts) - len(wrong)} of {number}"
    return [
        (f"{number} at once: answered with a source", answered, "all"),
        (
            f"{number} at once: first text, median / worst",
            f"{statistics.median(firsts):.2f} / {max(firsts):.2f} s",
            "2 s",
        ),
        (f"{number} at once: whole answer, worst", f"{max(lasts):.2f} s", ""),
    ]


def in_the_browser(site: Site, chromium: str) -> list[Row]:
    """First page, first text and chip to highlight, as a person sees them."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, headless=True, args=ARGUMENTS
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        begun = time.perf_counter()
        page.goto(site.url)
        page.wait_for_selector(".t-start")
        loaded = time.perf_counter() - begun
        page.fill("#t-question", QUESTION)
        begun = time.perf_counter()
        page.keyboard.press("Enter")
        page.wait_for_selector(".t-chip")
        first = time.perf_counter() - begun
        page.wait_for_selector(".t-actions")
        page.wait_for_timeout(500)
        times = [
            page.evaluate(_CHIP, n)
            for n in range(page.locator(".t-chip").count())
            for _ in range(3)
        ]
        page.reload()
        page.wait_for_selector(".t-chip")
        cold = page.evaluate(_CHIP, page.locator(".t-chip").count() - 1)
        browser.close()
    return [
        ("browser: page, cold", f"{loaded:.2f} s", ""),
        ("browser: question to first chip", f"{first:.2f} s", ""),
        ("browser: chip to highlighted page, first click", f"{cold / 1000:.3f} s", "0.4 s"),
        (
            "browser: chip to highlighted page, median / worst",
            f"{statistics.median(times) / 1000:.3f} / {max(times) / 1000:.3f} s",
            "0.4 s",
        ),
    ]


# Clicks a chip and waits until its mark is laid out over an image that has loaded; milliseconds.
_CHIP = """async (n) => {
  document.getElementById("t-panel-inside").replaceChildren();
  const begun = performance.now();
  document.querySelectorAll(".t-chip")[n].click();
  for (;;) {
    await new Promise(requestAnimationFrame);
    const image = document.querySelector(".t-page img"), mark = document.querySelector(".t-mark");
    if (image?.complete && image.naturalWidth && mark?.offsetWidth) return performance.now() - begun;
  }
}"""


def main() -> None:
    """Run all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder) / "data") as site:
        begun = time.perf_counter()
        httpx.get(site.url).raise_for_status()
        rows: list[Row] = [
            ("start to first page", f"{site.seconds + time.perf_counter() - begun:.2f} s", "5 s")
        ]
        rows.append(("memory, idle, no question yet", f"{memory(site):.0f} MB", "250 MB"))
        with client_of(site) as client:
            upload(client, "pump.pdf", make_manual(Path(folder) / "pump.pdf").read_bytes())
            wait_until_read(client)
            ask(client, QUESTION)
        time.sleep(2)
        rows.append(
            ("memory, idle, after a manual and a question", f"{memory(site):.0f} MB", "250 MB")
        )
        chromium = shutil.which("chromium")
        rows += (
            in_the_browser(site, chromium) if chromium else [("browser", "no Chromium here", "")]
        )
        rows += many_questions(site, options.questions)
        rows.append((f"memory after {options.questions} at once", f"{memory(site):.0f} MB", ""))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    for name, value, goal in rows:
        print(f"{name:52} {value:>20} {f'goal {goal}' if goal else '':>14}")


if __name__ == "__main__":
    main()
