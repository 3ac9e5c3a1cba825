"""Accessibility faults found by axe-core in each state of the pages, light and dark, wide and on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, ask, at_rest
from tests.support.serving import Site


def faults(page: Page) -> list[str]:
    """Violations of any weight, each with the first element it was found on."""
    at_rest(page)
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_chat_has_no_fault(site: Site, open_page: OpenPage, dark: bool, width: int) -> None:
    page = open_page(site.url, width, 844, dark=dark)
    page.wait_for_selector(".t-start")
    assert faults(page) == []
    ask(page, "How do I replace the seal of the pump?")
    page.locator(".t-chip").first.click()
    page.wait_for_selector(".t-mark")
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Conversations", exact=True).click()
    page.wait_for_selector("[data-conversation]")
    assert faults(page) == []
    page.keyboard.press("Escape")
    ask(page, "Which wine goes with salmon?")
    page.locator(".t-question h2").last.click()
    page.keyboard.press("?")
    page.wait_for_selector("#t-dialog[open]")
    assert faults(page) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_manuals_page_has_no_fault(site: Site, open_page: OpenPage, dark: bool) -> None:
    page = open_page(site.url, dark=dark, path="/admin/")
    page.wait_for_selector(".t-table tbody tr")
    assert faults(page) == []
    page.locator("[data-do=edit-manual]").first.click()
    page.wait_for_selector("#t-dialog[open]")
    assert faults(page) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_other_page_has_a_fault(site: Site, open_page: OpenPage, dark: bool) -> None:
    page = open_page(site.url, dark=dark)
    ask(
        page, "Which wine goes with salmon?"
    )  # what agents did not get, in the figures of several pages
    found = {}
    for path in (
        "/account", "/people", "/audit", "/health", "/approved", "/trials", "/evaluations", "/advice",
        "/usage", "/training-data", "/models", "/check/",
    ):  # fmt: skip
        page.goto(site.url + path)
        page.wait_for_selector("h1")
        found[path] = faults(page)
    assert found == dict.fromkeys(found, [])


def test_every_control_has_a_name_and_the_reading_order_is_answer_sources_box(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url)
    ask(page, "How do I replace the seal of the pump?")
    nameless = page.eval_on_selector_all(
        "#t-app :is(button, a, input, select, textarea)",
        "all => all.filter(e => !(e.labels?.length || e.getAttribute('aria-label') || e.textContent.trim()))"
        ".map(e => e.outerHTML)",
    )
    assert nameless == []
    order = page.evaluate(
        "['.t-text', '.t-sources', '#t-question'].map(s => document.querySelector(s))"
        ".every((e, i, all) => !i || all[i - 1].compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)"
    )
    assert order


def test_an_answer_is_announced_once_and_politely(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.url)
    page.evaluate(
        "window.said = []; new MutationObserver(() => window.said.push(document.getElementById('t-spoken').textContent))"
        ".observe(document.getElementById('t-spoken'), { childList: true, characterData: true, subtree: true })"
    )
    ask(page, "How do I replace the seal of the pump?")
    page.wait_for_function("window.said.some(s => s.startsWith('Answer ready'))")
    assert len(page.evaluate("window.said")) == 2  # searching, and ready


@pytest.mark.parametrize("width", [360, 390])
def test_the_bar_of_the_chat_is_whole_on_a_phone(
    site: Site, open_page: OpenPage, width: int
) -> None:
    """Two products, so the filter is there too: no part may be cut, or fall onto a row of its own."""
    page = open_page(site.url, width, 844)
    expect(page.locator(".t-product select")).to_be_visible()
    expect(page.locator(".t-light").first).to_be_visible()
    bar = page.locator("#t-app .t-bar").bounding_box()
    parts = [
        box for each in page.locator("#t-app .t-bar > *").all() if (box := each.bounding_box())
    ]
    rows = {round((box["y"] + box["height"] / 2) / 20) for box in parts if box["height"]}
    assert bar is not None and len(rows) == 2, "the row of tools and the row of modes"
    for box in parts:
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert bar["y"] <= box["y"] and box["y"] + box["height"] <= bar["y"] + bar["height"]
