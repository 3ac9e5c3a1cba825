"""Files on their way to the library, in the browser: cancelled, sent again, and folded away once they are done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import MARKDOWN, OpenPage
from tests.e2e.test_access import faults
from tests.support.serving import Site, client_of, running_site, wait_until_read
from tests.support.waiting import wait_for

UPLOADS = "**/manuals/upload*"


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[Site]:
    with running_site(tmp_path / "data") as made:
        yield made


def put(page: Page, *names: str) -> None:
    files = [(name, MARKDOWN.replace("Fan F-100", name)) for name in names]
    page.set_input_files(
        "#t-files",
        [{"name": name, "mimeType": "text/markdown", "buffer": t.encode()} for name, t in files],
    )


def test_a_file_that_is_sent_or_waits_is_cancelled_and_one_that_failed_is_sent_again(
    empty_site: Site, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    page = open_page(empty_site.url, 390, 800, path="/admin/")
    held: list[Route] = []
    page.route(UPLOADS, lambda route: held.append(route))  # a slow line: none arrives
    put(page, "K1.md", "K2.md", "K3.md", "K4.md")
    lines = page.locator(".t-upload")
    expect(lines).to_have_count(4)
    assert faults(page) == []
    page.get_by_role("button", name="Cancel K4.md").click()  # it waits for its turn
    expect(page.locator("#t-toasts")).to_contain_text("K4.md is cancelled.")
    expect(lines).to_have_count(3)
    page.get_by_role("button", name="Cancel K1.md").press("Enter")  # it is being sent
    expect(page.locator("#t-toasts")).to_contain_text("K1.md is cancelled.")
    expect(lines).to_have_count(2)
    # The place of the first one is the third one's; routes come in while Playwright waits.
    wait_for(lambda: page.wait_for_timeout(50) or len(held) == 3)
    for route in held[1:]:
        route.abort()
    expect(page.locator(".t-upload.fault")).to_have_count(2)
    expect(lines.first).to_contain_text("No answer from the server")
    shoot(page, "sending-faults")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is cut"
    page.unroute(UPLOADS)
    page.get_by_role("button", name="Try K2.md again").click()
    expect(page.locator(".t-job", has_text="K2.md")).to_contain_text("New manual")
    page.get_by_role("button", name="Dismiss K3.md").last.click()
    expect(lines).to_have_count(0)
    with client_of(empty_site) as client:
        jobs = wait_until_read(client)["jobs"]
    assert "K2.md" in jobs and not [name for name in ("K1.md", "K3.md", "K4.md") if name in jobs]


def test_cancelling_a_file_that_the_server_reads_says_so(
    empty_site: Site, open_page: OpenPage
) -> None:
    page = open_page(empty_site.url, path="/admin/")
    long = "# Long manual\n\n" + "".join(
        f"## Part {n}\n\nTurn knob {n} of the long machine to the mark {n}.\n\n"
        for n in range(40_000)  # half a minute of reading, where the click comes within a second
    )
    page.set_input_files(
        "#t-files", {"name": "long.md", "mimeType": "text/markdown", "buffer": long.encode()}
    )
    page.locator(".t-job.running").get_by_role("button", name="Cancel long.md").click()
    expect(page.locator("#t-toasts")).to_contain_text("long.md is cancelled.")
    expect(page.locator(".t-job")).to_have_count(0)
    with client_of(empty_site) as client:
        assert "Long manual" not in wait_until_read(client)["table"]
        assert "cancelled the upload of,long.md" in client.get("/audit.csv").text
        late = client.post("/jobs/1/cancel").json()["told"]
    assert late == "long.md is cancelled.", "a second click says the same"


def test_files_that_are_done_fold_away_and_those_that_need_somebody_stay(
    empty_site: Site, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    page = open_page(empty_site.url, path="/admin/")
    put(page, "A1.md", "A2.md", "A3.md")
    shown = page.locator(".t-job:visible")
    expect(page.locator(".t-job.ended")).to_have_count(3)
    expect(shown).to_have_count(3)
    put(page, "A4.md")
    page.set_input_files(
        "#t-files",
        {"name": "bad.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\nnothing"},
    )
    fold = page.get_by_text("4 files are done")
    expect(fold).to_be_visible()
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("bad.pdf")
    fold.press("Enter")
    expect(shown).to_have_count(5)
    with page.expect_response("**/manuals/state"):
        pass
    expect(shown).to_have_count(5)  # also once the page has looked for news
    shoot(page, "files-unfolded")
    assert faults(page) == []
    page.reload()
    expect(page.locator(".t-job.fault")).to_be_visible()
    expect(shown).to_have_count(1)
    put(page, "A5.md")
    expect(page.locator(".t-job", has_text="A5.md")).to_be_visible()  # the earlier ones are no news
    expect(shown).to_have_count(2)
