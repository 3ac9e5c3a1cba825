"""An old conversation after its manual has changed, and after it was removed: the page as it was, and what changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, ask
from tests.support.manuals import PUMP
from tests.support.serving import Site, client_of, running_site, upload, wait_until_read

Shoot = Callable[[Page, str], None]
QUESTION = "How do I replace the seal of the pump?"


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("pinned") / "data") as made:
        add(made, PUMP)
        yield made


def add(site: Site, text: str) -> None:
    with client_of(site) as client:
        upload(client, "pump.md", text.encode(), publish=True)
        wait_until_read(client)


def test_an_old_answer_shows_what_it_was_taken_from_and_what_changed_since(
    site: Site, open_page: OpenPage, shoot: Shoot
) -> None:
    page = open_page(site.url)
    ask(page, QUESTION)
    expect(page.locator(".t-since")).to_have_count(0)
    add(site, PUMP.replace("12 Nm", "14 Nm"))
    page.reload()
    changed = page.locator(".t-source", has_text="Tighten the screws to 12 Nm.")
    expect(changed).to_contain_text("Changed since version 1")
    chips = page.locator(".t-text .t-chip")
    expect(chips.last).to_have_accessible_name(
        re.compile(r"^Source 3: Pump P-200 user manual\. Changed since version 1$")
    )
    expect(chips.first).to_have_accessible_name("Source 1: Pump P-200 user manual")
    same = page.locator(".t-source", has_text="close both valves")
    expect(same).not_to_contain_text("Changed")
    changed.click()
    panel = page.locator("#t-panel")
    expect(panel.locator("blockquote")).to_have_text("Tighten the screws to 12 Nm.")
    expect(panel.locator(".t-section mark")).to_have_text("Tighten the screws to 12 Nm.")
    expect(panel.locator(".t-notice")).to_contain_text("Changed since version 1")
    shoot(page, "pinned-changed")
    panel.get_by_role("button", name="Show what changed").click()
    expect(panel.locator(".t-changes del")).to_contain_text("12")
    expect(panel.locator(".t-changes ins")).to_contain_text("14")
    expect(panel.locator(".t-changes")).to_contain_text("close both valves")
    shoot(page, "pinned-difference")
    panel.get_by_role("button", name="Back to the source").click()
    expect(panel.locator("blockquote")).to_have_text("Tighten the screws to 12 Nm.")
    same.click()
    expect(panel.locator(".t-same")).to_contain_text("These words are unchanged in version 2")
    panel.get_by_role("button", name="Show them there").click()
    expect(panel.locator(".t-panel-head")).to_contain_text("Version 2")
    expect(panel.locator(".t-section")).to_contain_text("14 Nm")
    expect(panel.locator(".t-section mark")).to_have_text("To replace the seal, close both valves.")
    shoot(page, "pinned-now")
    panel.get_by_role("button", name="Back to the source").click()
    expect(panel.locator(".t-panel-head")).to_contain_text("Version 1")
    expect(panel.locator(".t-section")).to_contain_text("12 Nm")


def test_a_manual_that_changes_while_the_page_is_open_is_seen_when_the_conversation_is_opened_again(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url)
    ask(page, QUESTION)
    page.locator(".t-source", has_text="Tighten").click()
    expect(page.locator("#t-panel blockquote")).to_have_text("Tighten the screws to 12 Nm.")
    expect(page.locator("#t-panel .t-notice")).to_have_count(0)
    add(site, PUMP.replace("12 Nm", "14 Nm"))
    page.get_by_role("button", name="Conversations", exact=True).click()
    page.locator("[data-conversation]").click()
    page.locator(".t-source", has_text="Changed since version 1").click()
    expect(page.locator("#t-panel .t-notice")).to_contain_text("Changed since version 1")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_on_a_phone_the_mark_leaves_room_for_the_quote(
    site: Site, open_page: OpenPage, shoot: Shoot, dark: bool
) -> None:
    page = open_page(site.url, 390, 844, dark=dark)
    ask(page, QUESTION)
    add(site, PUMP.replace("12 Nm", "14 Nm"))
    page.reload()
    row = page.locator(".t-source", has_text="Changed since version 1")
    assert row.locator("q").bounding_box()["width"] > 200
    shoot(page, f"pinned-phone-{'dark' if dark else 'light'}")
    row.click()
    page.get_by_role("button", name="Show what changed").click()
    expect(page.locator(".t-changes b").first).to_be_in_viewport()
    shoot(page, f"pinned-phone-difference-{'dark' if dark else 'light'}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_removed_manual_still_shows_what_was_cited_and_says_so(
    site: Site, open_page: OpenPage, shoot: Shoot
) -> None:
    page = open_page(site.url)
    ask(page, QUESTION)
    with client_of(site) as client:
        key = page.evaluate(
            "fetch('/manuals/state').then((reply) => reply.json()).then((state) => state.table.match(/data-id=\"(\\w+)\"/)[1])"
        )
        client.post(f"/manuals/{key}/remove", json={}).raise_for_status()
    page.reload()
    expect(page.locator(".t-since").first).to_contain_text("Manual removed")
    expect(page.locator(".t-text .t-chip").first).to_have_accessible_name(
        re.compile("Manual removed$")
    )
    page.locator(".t-text .t-chip").first.click()
    expect(page.locator("#t-panel .t-notice")).to_contain_text(
        "This manual was removed. The quote is kept."
    )
    expect(page.locator("#t-panel blockquote")).not_to_be_empty()
    shoot(page, "pinned-removed")
