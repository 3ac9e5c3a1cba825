"""What an answer's sentences look like by their state, and what is shown where two manuals disagree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, ask
from tests.support.manuals import FAN, PUMP
from tests.support.serving import Site, client_of, running_site, upload, wait_until_read
from tests.support.writing_server import WritingServer, writing_server

Shoot = Callable[[Page, str], None]
QUESTION = "How do I replace the seal of the pump?"
ANSWER = (
    "Remove the four screws of the cover. [1] You must close both valves to replace the seal. [1] Switch the pump off before you open"
    " the cover. [2] Tighten the screws to 14 Nm. [1] Then oil the hinges of the garden gate."
)
SERVICE = PUMP.replace("user manual", "service manual").replace("12 Nm", "9 Nm")


@pytest.fixture(scope="module")
def server() -> Iterator[WritingServer]:
    with writing_server() as made:
        yield made


@pytest.fixture(scope="module")
def written(server: WritingServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with one manual, and a model that writes what it is told."""
    with running_site(
        tmp_path_factory.mktemp("evidence") / "data",
        TANDEM_OLLAMA_URL=server.url,
        TANDEM_CHAT_MODEL="m:latest",
    ) as made:
        with client_of(made) as client:
            upload(client, "pump.md", PUMP.encode())
            wait_until_read(client)
        yield made


@pytest.mark.parametrize(
    ("width", "dark"), [(1280, False), (1280, True), (390, False)], ids=["light", "dark", "phone"]
)
def test_each_state_is_seen_and_the_manuals_words_stand_beside(
    written: Site, server: WritingServer, open_page: OpenPage, shoot: Shoot, width: int, dark: bool
) -> None:
    server.write(ANSWER)
    page = open_page(written.url, width, 900, dark=dark)
    expect(page.get_by_role("radio", name="Documents")).to_be_enabled()
    page.get_by_role("radio", name="Documents").click()
    expect(page.locator(".t-light", has_text="Documents")).to_have_count(1)
    ask(page, QUESTION)
    text = page.locator(".t-text")
    expect(text.locator(".t-chip:not(.loose, .place)").first).to_have_accessible_name(
        re.compile(r"^Source 1: Pump P-200 user manual$")
    )
    expect(text.locator(".t-chip.loose")).to_have_accessible_name(re.compile("in other words"))
    against = text.locator(".t-unsupported.against")
    expect(against).to_contain_text("Tighten the screws to 14 Nm.")
    expect(against).to_contain_text("The manual says 12 Nm, not 14 Nm")
    expect(text.locator(".t-beside q").first).to_have_text("Tighten the screws to 12 Nm.")
    expect(text.locator(".t-unsupported", has_text="garden gate")).to_contain_text(
        "not in the manuals"
    )
    expect(page.locator(".t-meta")).to_contain_text("3 of 5 sentences supported")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shoot(page, f"evidence-{width}-{'dark' if dark else 'light'}")
    text.locator(".t-chip.place").first.click()
    expect(page.locator("#t-panel blockquote")).to_have_text("Tighten the screws to 12 Nm.")
    page.reload()
    expect(page.locator(".t-text .t-beside q").first).to_have_text("Tighten the screws to 12 Nm.")


def test_two_manuals_of_one_product_that_disagree_are_both_shown(
    open_page: OpenPage, shoot: Shoot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with running_site(tmp_path_factory.mktemp("disagree") / "data") as site:
        with client_of(site) as client:
            for name, manual in (("user.md", PUMP), ("service.md", SERVICE), ("fan.md", FAN)):
                upload(client, name, manual.encode())
            wait_until_read(client)
        page = open_page(site.url)
        ask(page, "How do I replace the seal of the Pump P-200?")
        box = page.locator(".t-conflicts")
        expect(box).to_contain_text("The manuals do not agree")
        expect(box).to_contain_text("12 Nm")
        expect(box).to_contain_text("9 Nm")
        expect(box).not_to_contain_text(
            "4 Nm"
        )  # the fan is another product, and was not asked about
        expect(box).to_contain_text("Read both before you pass one on.")
        shoot(page, "conflict")
        box.locator(".t-chip").nth(1).click()
        expect(page.locator("#t-panel blockquote")).to_contain_text(re.compile("9 Nm|12 Nm"))


def test_a_focused_chip_shows_its_quote_and_the_summary_explains_itself(
    written: Site, server: WritingServer, open_page: OpenPage
) -> None:
    server.write(ANSWER)
    page = open_page(written.url)
    expect(page.locator(".t-light", has_text="Documents")).to_have_count(1)
    ask(page, QUESTION)
    page.locator(".t-meta button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#t-dialog")).to_contain_text("Not in the manuals")
    page.keyboard.press("Escape")
    expect(page.locator(".t-text .t-chip.loose")).to_have_accessible_description(
        re.compile("close both valves")
    )
    page.locator(".t-text .t-chip.loose").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".t-card-hint")).to_contain_text("In other words")
    expect(page.locator(".t-card-hint")).to_contain_text("close both valves")
    page.keyboard.press("Escape")
    expect(page.locator(".t-card-hint")).to_have_count(0)
    page.locator("#t-question").focus()
    expect(page.locator(".t-card-hint")).to_have_count(0)


def test_one_answer_is_printed_with_all_its_sources_and_nothing_to_click(
    written: Site, server: WritingServer, open_page: OpenPage, shoot: Shoot
) -> None:
    server.write(ANSWER)
    page = open_page(written.url, dark=True)
    expect(page.locator(".t-light", has_text="Documents")).to_have_count(1)
    ask(page, QUESTION)
    ask(page, "How do I clean the filter of the pump?")
    page.evaluate("window.print = () => dispatchEvent(new Event('beforeprint'))")
    page.get_by_role("button", name="Print this answer").last.click()
    page.emulate_media(media="print")
    expect(page.locator(".t-turn").first).to_be_hidden()
    expect(page.locator(".t-turn").last.locator(".t-sources")).to_be_visible()
    for hidden in (".t-bar", ".t-ask", "#t-panel", ".t-actions .t-tool"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert (
        page.evaluate(
            "getComputedStyle(document.querySelector('.t-turn:last-child .t-text')).color"
        )
        == "rgb(0, 0, 0)"
    )
    assert re.search(
        r"Pump P-200 user manual, version 1 \(\d+ \w+ \d{4}\)",
        page.locator(".t-turn").last.locator(".t-sources").inner_text(),
    )
    shoot(page, "print")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".t-turn").first).to_be_visible()


@pytest.fixture(scope="module")
def unsure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that is never sure of a section, so that it offers what it finds."""
    folder = tmp_path_factory.mktemp("unsure") / "data"
    with running_site(folder, TANDEM_MIN_MATCH="1", TANDEM_MIN_CHOICE="0.01") as made:
        with client_of(made) as client:
            upload(client, "pump.md", PUMP.encode())
            wait_until_read(client)
        yield made


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)], ids=["wide", "phone"])
def test_one_click_answers_from_an_offered_section_also_after_a_reload(
    unsure: Site, open_page: OpenPage, shoot: Shoot, width: int, dark: bool
) -> None:
    page = open_page(unsure.url, width, 900, dark=dark)
    ask(page, QUESTION)
    offers = page.locator(".t-turn:last-child").get_by_role("listitem")
    expect(offers.nth(1)).to_be_visible()
    assert offers.count() <= 3
    expect(page.locator(".t-chip")).to_have_count(0)
    shoot(page, f"offer-{width}")
    page.reload()
    expect(offers).not_to_have_count(0)
    offer = offers.filter(has_text="Clean the filter").first
    expect(offer).to_contain_text("Pump P-200 user manual")
    offer.get_by_role("button", name="Answer from this").click()
    expect(page.locator(".t-turn:last-child .t-text")).to_contain_text("every 500 hours")
    expect(page.locator(".t-turn:last-child")).to_contain_text("You chose this section.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".t-turn:last-child .t-chip").first.click()
    expect(page.locator("#t-panel mark")).to_contain_text("500 hours")


def test_a_ticket_is_shown_whole_without_pushing_its_answer_away(
    unsure: Site, open_page: OpenPage
) -> None:
    page = open_page(unsure.url, 390, 800)
    story = "We have had the pump in the cellar since last autumn and it runs every day. " * 40
    ask(page, f"Hello,\n{story}\nHow is the seal of the pump replaced?\nKind regards\nKim")
    for _ in range(2):  # as it was asked, and as it is stored
        told = page.locator(".t-question h2")
        expect(told).to_contain_text("Kind regards")
        box = told.bounding_box()
        assert box is not None and box["height"] < 250
        page.reload()
