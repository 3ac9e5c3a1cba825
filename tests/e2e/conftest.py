"""A real Chromium in front of the real server. Screenshots go to TANDEM_SHOTS, or to the test's own folder."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from tests.support.serving import Site, client_of, running_site, upload, wait_until_read

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
OpenPage = Callable[..., Page]
PATIENCE = 120_000  # milliseconds: a machine that is busy, and stands still for seconds, is normal

# A toast goes after seconds, which a test that is held up would miss; here the next one takes its place, or a click.
TOASTS_STAY = """
const real = window.setTimeout;
window.setTimeout = (run, wait, ...more) => real(run, wait === 4000 || wait === 8000 ? 60000 : wait, ...more);
"""

SEAL = "To replace the seal, close both valves and remove the four screws of the cover."
MARKDOWN = """# Fan F-100 user manual

## Maintenance

### Clean the blades

Clean the blades of the fan every 200 hours of operation. Use a dry cloth, not water.
"""


def make_manual(path: Path) -> Path:
    """A PDF of three pages whose quoted words stand at a known height of page 2."""
    from tests.support.files import manual_pdf

    care = [
        "Switch the pump off before you open it.",
        SEAL.replace(" and remove", "\nand remove"),
        "Tighten them to 12 Nm.",
    ]
    chapters = [
        ("Safety", ["Never run the pump dry."]),
        ("Replace the seal", care),
        ("Storage", ["Keep it above 5 °C."]),
    ]
    return manual_pdf(path, chapters, title="Pump X100 Service Manual")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with a PDF and a Markdown manual."""
    folder = tmp_path_factory.mktemp("site")
    with running_site(folder / "data") as made:
        with client_of(made) as client:
            upload(client, "pump.pdf", make_manual(folder / "pump.pdf").read_bytes())
            upload(client, "fan.md", MARKDOWN.encode())
            wait_until_read(client)
        yield made


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = (
        shutil.which("chromium-headless-shell")
        or shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if path is None:
        pytest.skip("no Chromium on this machine")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, headless=True, args=ARGUMENTS)
        yield made
        made.close()


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[OpenPage]:
    """Open an address in a fresh profile; at the end no script may have failed on it."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(
        url: str, width: int = 1280, height: int = 800, *, dark: bool = False, path: str = "/"
    ) -> Page:
        scheme = "dark" if dark else "light"
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        context.set_default_timeout(PATIENCE)
        context.add_init_script(TOASTS_STAY)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(url + path)
        if url.startswith("http"):
            page.wait_for_selector("#t-app")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def shoot(tmp_path: Path) -> Callable[[Page, str], None]:
    """Keep a screenshot for a person to look at.

    No test rests on one, so one that Chromium could not take (it happens on a busy machine) is a warning.
    """
    folder = Path(os.environ.get("TANDEM_SHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)

    def shot(page: Page, name: str) -> None:
        try:
            page.screenshot(path=folder / f"{name}.png")
        except Error as error:
            warnings.warn(f"no screenshot {name}: {error.message}", stacklevel=2)

    return shot


def at_rest(page: Page) -> None:
    """Wait until a page is there and what moves has moved: half-faded colours would be measured."""
    page.wait_for_load_state()
    page.wait_for_function(
        "document.getAnimations().every((one) => one.effect?.getComputedTiming().endTime === Infinity"
        " || one.playState !== 'running')"
    )


def ask(page: Page, text: str) -> None:
    """Type a question, press Enter and wait for the end of its answer."""
    before = page.locator(".t-turn").count()
    page.locator("#t-question").fill(text)
    page.locator("#t-question").press("Enter")
    page.wait_for_function("n => document.querySelectorAll('.t-turn').length > n", arg=before)
    page.wait_for_selector(".t-send.stop", state="hidden")
    page.wait_for_selector(".t-turn:last-child .t-answer > :not(.t-route):not(.busy)")
