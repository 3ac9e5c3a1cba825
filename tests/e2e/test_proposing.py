"""Approving in Chromium: an agent proposes by keyboard on a phone, an admin approves, another agent gets it first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import MARKDOWN, OpenPage, ask
from tests.e2e.test_sign_in import come_in, faults
from tests.support.people import Team, team_of
from tests.support.serving import Site, client_of, running_site, upload, wait_until_read

BLADES = "How often do I clean the blades?"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with a manual, and then with people."""
    with running_site(tmp_path_factory.mktemp("desk") / "data") as made:
        with client_of(made) as client:
            upload(client, "fan.md", MARKDOWN.encode())
            wait_until_read(client)
        yield made


@pytest.fixture
def team(desk: Site) -> Iterator[Team]:
    with team_of(desk) as made:
        yield made


def test_from_a_proposal_to_an_approved_answer(
    desk: Site, team: Team, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    team.add("Mia", "admin")
    for name in ("Bob", "Eve"):
        team.add(name, "agent")
    bob = open_page(desk.url, 390, 780, dark=True, path="/sign-in")
    come_in(bob, "Bob")
    bob.wait_for_selector("#t-question")
    ask(bob, BLADES)
    turn = bob.locator(".t-turn").last
    turn.get_by_role("button", name="More").press("Enter")
    turn.get_by_role("button", name="Propose as approved answer").press("Enter")
    dialog = bob.locator("#t-dialog")
    expect(dialog).to_contain_text("An admin decides; until then nothing changes.")
    expect(dialog).to_contain_text("The admin reads this question and this text")
    expect(dialog.get_by_label("The answer as it should be given")).to_be_focused()
    assert bob.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shoot(bob, "propose-390")
    assert faults(bob) == []
    bob.keyboard.press("Control+End")
    bob.keyboard.type(" Then tell the customer.")
    bob.keyboard.press("Tab")
    bob.keyboard.press("Tab")
    bob.keyboard.press("Enter")
    expect(bob.locator(".t-toast")).to_contain_text("Proposed. An admin decides")

    mia = open_page(desk.url, path="/sign-in?next=/admin/")
    come_in(mia, "Mia")
    mia.get_by_role("link", name="Approved answers (1 to decide)").click()
    row = mia.get_by_role("article").filter(has_text=BLADES)
    expect(row).to_contain_text("1 sentence has no source in the manuals.")
    row.locator(".t-chip").first.click()
    expect(mia.locator("#t-panel")).to_contain_text("Fan F-100 user manual")
    shoot(mia, "approved-1280")
    assert faults(mia) == []
    mia.keyboard.press("Escape")
    expect(mia.locator("#t-panel")).to_be_hidden()
    row.get_by_role("button", name="Approve the answer to").click()
    expect(mia.locator("#t-dialog")).to_contain_text("Approve the answer all the same?")
    mia.locator("#t-dialog").get_by_role("button", name="Cancel").click()
    row.get_by_role("link", name="Edit the answer to").click()
    box = mia.locator("textarea[name=text]")
    box.fill(box.input_value().replace(" Then tell the customer.", ""))
    mia.get_by_role("button", name="Save and check").click()
    expect(mia.get_by_role("status").first).to_contain_text("Saved and checked")
    expect(mia.locator(".t-ties")).not_to_contain_text("No source in the manuals")
    mia.get_by_role("button", name="Approve", exact=True).click()
    expect(mia.get_by_role("status").first).to_contain_text("Approved. It comes first")

    eve = open_page(desk.url, path="/sign-in")
    come_in(eve, "Eve")
    eve.wait_for_selector("#t-question")
    ask(eve, "how often should I clean the blades")
    given = eve.locator(".t-answer").last
    expect(given).to_contain_text("Approved answer Approved by Mia on")
    expect(given.locator(".t-chip").first).to_be_visible()
    expect(given).to_contain_text("In the manual's own words")
    expect(given.get_by_role("button", name="Propose as approved answer")).to_have_count(0)
    shoot(eve, "given-first")


@pytest.mark.parametrize(("width", "dark"), [(1280, True), (390, False)])
def test_the_page_is_whole_and_accessible(
    desk: Site,
    team: Team,
    open_page: OpenPage,
    shoot: Callable[[Page, str], None],
    width: int,
    dark: bool,
) -> None:
    name = f"Max {width}"
    team.add(name, "admin")
    page = open_page(desk.url, width, 780, dark=dark, path="/sign-in?next=/approved")
    come_in(page, name)
    page.wait_for_url(re.compile("/approved"))  # in, and only then on to another page
    for state in ("decide", "approved", "stale", "away"):
        page.goto(f"{desk.url}/approved?state={state}")
        page.wait_for_selector("h1")
        shoot(page, f"approved-{state}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), state
        assert faults(page) == [], state
    page.goto(f"{desk.url}/approved?state=approved")
    edit = page.get_by_role("link", name="Edit the answer to")
    if edit.count():
        edit.first.click()
        page.wait_for_selector("textarea")
        shoot(page, f"approved-edit-{width}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert faults(page) == []
