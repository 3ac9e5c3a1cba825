"""Training data in a browser: built while one watches, read on a phone in the dark, removed only after a question."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.support.serving import Site

LONG = "Etikettendruckerbedienungsanleitungsfragensammlung für die Zwischenprüfung"


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [one["id"] for one in found]


def test_a_set_is_built_and_read_on_a_phone(
    site: Site, open_page: OpenPage, shoot: Callable[[Page, str], None], tmp_path: Path
) -> None:
    page = open_page(site.url, 390, 844, dark=True, path="/training-data")
    page.get_by_label("Name").first.fill(LONG)
    page.get_by_role("button", name="Build").click()
    link = page.get_by_role("link", name=f"Open {LONG}")
    expect(link).to_be_visible()  # the page looks again by itself
    shoot(page, "training-data-phone")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    link.click()
    page.wait_for_url(re.compile(r"/training-data/\w{16}$"))
    for details in page.locator("details").all():
        details.evaluate("one => { one.open = true }")
    shoot(page, "data-set-phone")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with page.expect_download() as saving:
        page.get_by_role("link", name="Save as InstructLab taxonomy (ZIP)").click()
    saving.value.save_as(tmp_path / "taxonomy.zip")
    page.goto(f"{site.url}/training-data")
    page.get_by_label("Name").last.fill("Back")
    page.get_by_label("Files").set_input_files(tmp_path / "taxonomy.zip")
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", name="Back", exact=True)).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("dialog")).to_contain_text("Remove this data set?")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Back", exact=True)).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The data set is removed.")).to_be_visible()
