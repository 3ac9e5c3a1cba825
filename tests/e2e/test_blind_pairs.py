"""Comparing two answers in Chromium: blind until the vote, then open; a trial from its form to its figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response, expect

from tests.e2e.conftest import OpenPage, ask, at_rest
from tests.support.pairs import DESCALE, LONG
from tests.support.serving import Site, client_of, running_site, upload, wait_until_read

TELLTALE = re.compile(r"quotes|brief|documents|adapter|both|route|manual_id|/sources/", re.I)


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("kitchen") / "data") as made:
        with client_of(made) as client:
            upload(client, "kettle.md", LONG.encode())
            wait_until_read(client)
        yield made


def ask_both(page: Page, text: str) -> None:
    page.get_by_role("radio", name="Compare").click()
    page.locator("#t-question").fill(text)
    page.locator("#t-question").press("Enter")
    expect(page.locator(".t-pair")).to_have_count(1)


def faults(page: Page) -> list[str]:
    at_rest(page)
    found = Axe().run(page).response["violations"]
    return [fault["id"] for fault in found]


def test_two_answers_stay_blind_until_the_vote(
    kitchen: Site, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    page = open_page(kitchen.url)
    received: list[str] = []

    def hear(response: Response) -> None:
        if "/conversations/" in response.url:
            received.append(response.text())

    page.on("response", hear)
    ask_both(page, DESCALE)
    pair = page.locator(".t-pair")
    expect(pair.get_by_role("article", name="Answer A")).to_contain_text(
        "Descale the kettle every 30 days."
    )
    expect(pair.get_by_role("article", name="Answer B")).to_contain_text(
        "Descale the kettle every 30 days."
    )
    expect(page.get_by_role("heading", name=DESCALE)).to_have_count(1)
    expect(pair.get_by_role("button", name="A is better")).to_be_visible()
    page.wait_for_function(
        "document.querySelector('.t-turn').dataset.turn"
    )  # it is looked up once more
    shown = re.sub(r"\s+", " ", pair.evaluate("pair => pair.outerHTML"))
    frames = re.sub(r"answer-|Answer|answers|sources, are shown|Show the sources", "", shown)
    assert not TELLTALE.search(frames), frames
    assert pair.locator(".t-chip").count() == 0
    heights = [pair.get_by_role("article").nth(n).bounding_box()["height"] for n in (0, 1)]  # type: ignore[index]
    assert abs(heights[0] - heights[1]) < 1, "the shorter one takes as much room"
    assert received and not any("/sources/" in text for text in received)
    shoot(page, "pair-blind")
    assert faults(page) == []
    page.reload()
    expect(page.locator(".t-pair").get_by_role("button", name="B is better")).to_be_visible()


def test_after_the_vote_everything_opens_and_one_answer_goes_on(
    kitchen: Site, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    page = open_page(kitchen.url, 390, 800, dark=True)
    ask_both(page, DESCALE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    pair = page.locator(".t-pair")
    pair.get_by_role("button", name="Incomplete").click()
    expect(pair.get_by_role("button", name="Incomplete")).to_have_attribute("aria-pressed", "true")
    page.locator("#t-thread").focus()
    page.keyboard.press("b")
    expect(pair).to_contain_text("You found B better.")
    first, second = pair.get_by_role("article").nth(0), pair.get_by_role("article").nth(1)
    titles = {
        title.split(": ")[1]
        for title in (
            first.locator("h3").first.inner_text(),
            second.locator("h3").first.inner_text(),
        )
    }
    assert titles == {"Quotes", "Short quotes"}
    expect(second).to_contain_text("The conversation goes on with this answer")
    expect(second.get_by_role("button", name="Copy")).to_be_visible()
    shoot(page, "pair-open-390")
    assert faults(page) == []
    second.get_by_role("button", name="Partly").click()
    expect(second.get_by_role("button", name="Partly")).to_have_attribute("aria-pressed", "true")
    first.get_by_role("button", name="Go on with this answer").click()
    expect(first).to_contain_text("The conversation goes on with this answer")
    first.locator(".t-chip").first.click()
    expect(page.locator("#t-panel")).to_contain_text("Kettle K-5")
    page.reload()
    expect(page.locator(".t-pair")).to_contain_text("You found B better.")
    page.get_by_text("Correct the vote").click()
    page.locator(".t-pair details").get_by_role("button", name="About equal").click()
    expect(page.locator(".t-pair")).to_contain_text("You found both about equal.")
    page.keyboard.press("Escape")
    page.get_by_role("radio", name="Auto").click()
    ask(page, "How long is the cable of the kettle?")
    expect(page.locator(".t-turn").last).to_contain_text("75 cm")


def test_a_question_can_be_opened_without_a_vote(kitchen: Site, open_page: OpenPage) -> None:
    page = open_page(kitchen.url)
    ask_both(page, DESCALE)
    page.get_by_role("button", name="Show the sources without a vote").click()
    expect(page.locator(".t-pair")).to_contain_text("Shown without a vote.")
    expect(page.locator(".t-pair .t-chip").first).to_be_visible()


def test_a_trial_from_its_form_to_its_figures(
    kitchen: Site, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    admin = open_page(kitchen.url, path="/trials")
    admin.get_by_label("Name").fill("Short or whole")
    admin.get_by_label("Short quotes").uncheck()
    admin.get_by_role("button", name="Begin").click()
    expect(admin.get_by_role("alert")).to_contain_text("at least two")
    expect(admin.get_by_label("Name")).to_have_value("Short or whole")
    admin.get_by_label("Short quotes").check()
    admin.get_by_label("Questions asked in Auto").fill("100")
    admin.get_by_role("button", name="Begin").click()
    expect(admin.get_by_role("status").first).to_contain_text("The trial runs.")
    agent = open_page(kitchen.url)
    agent.locator("#t-question").fill(DESCALE)
    agent.locator("#t-question").press("Enter")
    expect(agent.locator(".t-pair")).to_contain_text("This question is part of a trial")
    agent.get_by_role("button", name="Neither helps").click()
    expect(agent.locator(".t-pair")).to_contain_text("You found neither helpful.")
    admin.reload()
    trial = admin.locator("section", has=admin.get_by_role("heading", name="Short or whole"))
    expect(trial).to_contain_text("Quotes and Short quotes: no difference yet")
    shoot(admin, "trials")
    assert faults(admin) == []
    votes = admin.request.get(
        kitchen.url.rstrip("/") + str(trial.get_by_role("link", name="CSV").get_attribute("href"))
    )
    assert "neither" in votes.text() and DESCALE in votes.text()
    trial.get_by_role("button", name="End the trial").click()
    dialog = admin.get_by_role("dialog")
    dialog.get_by_role("button").last.click()
    expect(admin.get_by_role("status").first).to_contain_text("has ended")
    agent.reload()
    agent.get_by_role("radio", name="Auto").click()
    ask(agent, DESCALE)
    expect(agent.locator(".t-turn").last.locator(".t-pair")).to_have_count(0)
