"""A reply checked before it goes out: verdicts beside its sentences, the page behind a chip, the manual's words put in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SEAL, OpenPage, ask, at_rest
from tests.support.serving import Site, client_of, running_site

Shoot = Callable[[Page, str], None]
DRAFT = f"Hello Ms Keller,\n\n{SEAL} Tighten them to 14 Nm.\n- Never run the pump dry.\nThe pump glows in the dark.\n\nKind regards"


def check(page: Page, text: str = DRAFT) -> None:
    page.locator("#t-draft-text").fill(text)
    page.get_by_role("button", name="Check", exact=True).click()
    page.wait_for_selector(".t-check-result .t-meta")


def verdict(page: Page, text: str):  # noqa: ANN201 - Playwright's locator
    return page.locator(".t-verdict", has=page.locator(".t-said", has_text=text))


def test_each_sentence_has_its_verdict_and_its_page(
    site: Site, open_page: OpenPage, shoot: Shoot
) -> None:
    page = open_page(site.url, 1440, 900, path="/check/")
    check(page)
    expect(verdict(page, "close both valves")).to_contain_text("Word for word")
    expect(verdict(page, "14 Nm")).to_contain_text("The manual says 12 Nm, not 14 Nm")
    expect(verdict(page, "glows in the dark")).to_contain_text("No match found")
    assert "t-state-words" not in verdict(page, "Ms Keller").inner_html()
    expect(page.locator(".t-meta")).to_contain_text(
        "2 of 4 sentences supported · 1 contradicted · 1 without a match"
    )
    shoot(page, "check")
    verdict(page, "close both valves").locator(".t-chip").click()
    expect(page.locator("#t-panel blockquote")).to_have_text(SEAL)
    expect(page.locator(".t-mark").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#t-panel")).to_be_hidden()


def test_the_manuals_words_take_the_place_of_a_wrong_sentence_and_can_be_taken_back(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url, path="/check/")
    check(page)
    page.get_by_role("button", name="Use the manual’s words").click()
    expect(page.locator("#t-draft-text")).to_have_value(DRAFT.replace("14 Nm", "12 Nm"))
    expect(page.locator(".t-meta")).to_contain_text("3 of 4 sentences supported")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#t-draft-text")).to_have_value(DRAFT)


def test_the_reply_is_copied_with_footnotes_and_kept_over_a_reload(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url, path="/check/")
    check(page)
    page.get_by_role("button", name="Copy with footnotes").click()
    expect(page.locator(".t-toast")).to_contain_text("Copied with")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"{SEAL} [1]" in copied and "\n[1] Pump X100 Service Manual" in copied
    page.reload()
    expect(page.locator("#t-draft-text")).to_have_value(DRAFT)


def test_only_what_needs_a_look_is_shown_on_demand(
    site: Site, open_page: OpenPage, shoot: Shoot
) -> None:
    page = open_page(site.url, path="/check/")
    only = page.get_by_role("button", name="Only what needs a look")
    expect(only).to_be_hidden()
    check(page, f"{DRAFT}\n\nOn Monday, Jim wrote:\n> It took 20 Nm.")
    expect(page.locator(".t-verdict:visible")).to_have_count(8)
    only.click()
    expect(page.locator(".t-verdict:visible")).to_have_count(2)
    expect(verdict(page, "glows in the dark")).to_be_visible()
    shoot(page, "check-look")
    check(page, f"{SEAL} {SEAL}")
    expect(page.locator(".t-verdict:visible")).to_have_count(0)
    expect(page.get_by_text("Nothing needs a look.")).to_be_visible()
    only.click()
    expect(page.locator(".t-verdict")).to_have_count(2)
    expect(page.locator(".t-verdict").last).to_contain_text("Said and judged above")
    expect(page.locator(".t-meta")).to_contain_text("1 of 1 sentences supported")


def test_an_answer_is_checked_as_a_reply_with_one_click(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.url, path="/check/")
    page.locator("#t-draft-text").fill("My own words.")
    page.goto(site.url)
    page.wait_for_selector("#t-app")
    ask(page, "How do I replace the seal of the pump?")
    page.get_by_role("button", name="Check a reply").click()
    expect(verdict(page, SEAL)).to_contain_text("Word for word")
    assert "[1]" not in page.locator("#t-draft-text").input_value()
    expect(page.locator("#t-product")).not_to_have_value("")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#t-draft-text")).to_have_value("My own words.")
    page.reload()
    expect(page.locator("#t-draft-text")).to_have_value("My own words.")


def test_nothing_to_check_and_too_much_to_check(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.url, path="/check/")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#t-draft-text")).to_be_focused()
    with client_of(site) as client:
        assert (
            client.post("/drafts/check", json={"text": " "}).json()["error"]
            == "The draft is empty."
        )
        assert client.post("/drafts/check", json={"text": "x" * 60_000}).status_code == 422
        with pytest.raises(httpx.HTTPStatusError):
            client.post(
                "/drafts/check", json={"text": "a"}, headers={"origin": "http://evil.example"}
            ).raise_for_status()


def test_a_draft_without_manuals_is_told_what_is_missing_and_kept(
    tmp_path: Path, open_page: OpenPage
) -> None:
    with running_site(tmp_path / "data") as empty:
        page = open_page(empty.url, path="/check/")
        page.locator("#t-draft-text").fill(DRAFT)
        page.get_by_role("button", name="Check", exact=True).click()
        expect(
            page.get_by_text(
                "There are no manuals yet, so there is nothing to check against."
            ).first
        ).to_be_visible()
        expect(page.locator(".t-verdict")).to_have_count(0)
        expect(page.locator("#t-draft-text")).to_have_value(DRAFT)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_phone_shows_it_without_sideways_scroll(
    site: Site, open_page: OpenPage, shoot: Shoot, dark: bool
) -> None:
    page = open_page(site.url, 390, 844, dark=dark, path="/check/")
    check(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    shoot(page, f"check-phone-{'dark' if dark else 'light'}")
    at_rest(page)
    faults = Axe().run(page).response["violations"]
    assert not faults, [(v["id"], v["nodes"][0]["html"]) for v in faults]
