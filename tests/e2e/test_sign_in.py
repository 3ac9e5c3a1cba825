"""A team in Chromium: the first admin, an agent beside her, a phone, an ended session, accessibility."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import MARKDOWN, OpenPage, ask, at_rest
from tests.support.people import PASSWORD, Team, team_of
from tests.support.serving import Site, client_of, running_site, upload, wait_until_read


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of its own, with a manual and without people."""
    with running_site(tmp_path_factory.mktemp("office") / "data") as made:
        with client_of(made) as client:
            upload(client, "fan.md", MARKDOWN.encode())
            wait_until_read(client)
        yield made


@pytest.fixture
def team(office: Site) -> Iterator[Team]:
    with team_of(office) as made:
        if not made.accounts.any():
            made.add("Ada", "admin")
        yield made


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"input[name={name}]:visible").fill(value)


def come_in(page: Page, name: str, password: str = PASSWORD) -> None:
    fill(page, name=name, password=password)
    page.get_by_role("button", name="Sign in").click()


def faults(page: Page) -> list[str]:
    at_rest(page)
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in found]


def test_from_one_person_to_a_team(
    office: Site, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    ada = open_page(office.url)
    ask(ada, "How often do I clean the blades?")
    expect(ada.get_by_role("link", name="People")).to_be_hidden()
    ada.get_by_role("link", name="Your account: everybody at this machine").click()
    expect(ada.get_by_role("heading", name="Everybody at this machine")).to_be_visible()
    ada.get_by_role("button", name="Make the first admin").click()
    fill(ada, name="Ada", password="short", again="short")
    ada.get_by_role("button", name="Save and sign in").click()
    expect(ada.get_by_role("alert")).to_contain_text("12 to 200 characters")
    fill(ada, password=PASSWORD, again=PASSWORD)
    ada.get_by_role("button", name="Save and sign in").click()
    expect(ada.locator("#t-rail")).to_contain_text("How often do I clean the blades?")
    ada.get_by_role("link", name="People").click()
    fill(ada, name="Bob")
    ada.get_by_role("button", name="Add", exact=True).click()
    shoot(ada, "people")
    link = ada.locator(".t-link code").inner_text()

    bob = open_page(office.url, 390, 780, dark=True, path=link.removeprefix(office.url))
    expect(bob.get_by_role("heading", name="Welcome, Bob")).to_be_visible()
    fill(bob, password=PASSWORD, again=PASSWORD)
    bob.get_by_role("button", name="Save and sign in").click()
    ask(bob, "How often do I clean the blades?")
    expect(bob.locator(".t-answer").last).to_contain_text("200 hours")
    expect(bob.get_by_role("link", name="Manuals")).to_be_hidden()
    expect(bob.get_by_role("link", name="Your account: Bob")).to_be_visible()
    shoot(bob, "agent")
    bob.goto(f"{office.url}/admin/")
    expect(bob.get_by_role("heading", name="There is no such page")).to_be_visible()

    # Ada takes his access away; his open page leads to the sign-in page, with its question kept.
    bob.goto(office.url)
    bob.locator("#t-question").fill("How do I clean the blades?")
    ada.get_by_role("link", name="People").click()
    ada.get_by_role("button", name="Remove Bob").click()
    ada.locator("#t-dialog").get_by_role("button", name="Remove").click()
    expect(ada.get_by_role("status").first).to_contain_text("Removed")
    own = ada.get_by_role("form", name="Ada")
    own.get_by_label("Admin").uncheck()
    own.get_by_role("button", name="Save").click()
    expect(ada.locator("#t-dialog")).to_contain_text("Give up being an admin yourself?")
    ada.keyboard.press("Escape")
    own.get_by_label("Admin").check()
    own.get_by_role("button", name="Save").click()  # nothing to ask about
    expect(ada.get_by_role("status").first).to_contain_text("roles are changed")
    bob.keyboard.press("Enter")  # or the page has gone there by itself
    bob.wait_for_url(re.compile("/sign-in"))
    come_in(bob, "Bob")
    expect(bob.get_by_role("alert")).to_contain_text("do not belong together")


def test_the_question_of_somebody_signed_out_stands_in_the_box(
    office: Site, team: Team, open_page: OpenPage
) -> None:
    cy = team.add("Cy", "agent")
    page = open_page(office.url, path="/sign-in")
    come_in(page, "cy")
    page.wait_for_selector("#t-question")
    team.accounts.set_password(cy.id, "another horse battery")  # signed out everywhere
    page.locator("#t-question").fill("How do I clean the blades?")
    page.locator("#t-question").press("Enter")
    page.wait_for_url(re.compile("/sign-in"))
    come_in(page, "cy", "another horse battery")
    expect(page.locator("#t-question")).to_have_value("How do I clean the blades?")


def test_what_somebody_typed_is_not_shown_to_the_next(
    office: Site, team: Team, open_page: OpenPage
) -> None:
    hal, _ = team.add("Hal", "agent"), team.add("Ida", "agent")
    page = open_page(office.url, path="/sign-in")
    for out in ("by himself", "by an admin"):
        come_in(page, "Hal")
        page.locator("#t-question").fill(f"Half a question, signed out {out}")
        page.reload()
        expect(page.locator("#t-question")).to_have_value(re.compile("Half a question"))
        if out == "by himself":
            page.get_by_role("link", name="Your account: Hal").click()
            page.get_by_role("button", name="Sign out", exact=True).click()
        else:
            team.accounts.set_password(hal.id, PASSWORD)
            page.wait_for_url(re.compile("/sign-in"))
            expect(page.get_by_role("status").first).to_contain_text("You are signed out")
        come_in(page, "Ida")
        expect(page.get_by_role("link", name="Your account: Ida")).to_be_visible()
        expect(page.locator("#t-question")).to_have_value("")
        page.goto(f"{office.url}/account")
        page.get_by_role("button", name="Sign out", exact=True).click()


def test_a_link_for_colleagues(
    office: Site, team: Team, open_page: OpenPage, shoot: Callable[[Page, str], None]
) -> None:
    for name in ("Eve", "Finn"):
        team.add(name, "agent")
    eve, finn = (open_page(office.url, 1500, path="/sign-in") for _ in range(2))
    come_in(eve, "Eve")
    eve.wait_for_selector("#t-question")
    ask(eve, "How often do I clean the blades?")
    row = eve.locator("#t-rail li").first
    row.hover()
    row.get_by_role("button", name=re.compile("^Link for colleagues")).click()
    toast = eve.locator(".t-toast")
    expect(toast).to_contain_text("Colleagues who sign in can read this conversation")
    link = eve.evaluate("navigator.clipboard.readText()")
    come_in(finn, "Finn")
    finn.wait_for_selector("#t-question")  # he is in, and leaves for another page only then
    finn.goto(link)
    expect(finn.locator("#t-turns")).to_contain_text("Eve has given you this conversation to read")
    expect(finn.locator(".t-answer")).to_contain_text("200 hours")
    finn.locator(".t-answer .t-chip").first.click()
    expect(finn.locator("#t-panel")).to_contain_text("Fan F-100 user manual")
    expect(finn.get_by_role("button", name="Good answer")).to_be_hidden()
    shoot(finn, "given")
    finn.locator("#t-question").fill("What do I clean the blades with?")
    finn.locator("#t-question").press("Enter")
    expect(finn.locator(".t-answer").last).to_contain_text("dry cloth")
    expect(finn.locator(".t-turn")).to_have_count(1)  # a conversation of his own
    expect(finn.locator("#t-rail li")).to_have_count(1)
    assert finn.url != link
    toast.get_by_role("button", name="Stop sharing").click()
    expect(eve.locator(".t-toast")).to_contain_text("cannot read it any more")
    finn.goto(link)
    expect(finn.locator("#t-turns")).not_to_contain_text("How often")


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True), (360, False)])
def test_the_pages_of_accounts_are_whole_and_accessible(
    office: Site,
    team: Team,
    open_page: OpenPage,
    shoot: Callable[[Page, str], None],
    width: int,
    dark: bool,
) -> None:
    name = f"Somebody with a rather long name {width}"
    team.add(name, "admin", "engineer")
    page = open_page(office.url, width, 780, dark=dark, path="/people")
    shoot(page, f"sign-in-{width}")
    assert faults(page) == []
    come_in(page, name)
    expect(page).to_have_url(re.compile("/people$"))  # where it was to lead
    for path in ("/people", "/account", "/audit", "/admin/", "/check/", "/"):
        page.goto(f"{office.url}{path}")
        page.wait_for_selector(".t-bar #t-person")
        shoot(page, f"bar{path.replace('/', '-')}{width}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        boxes = [
            box
            for part in page.locator(".t-bar :is(a, button):visible").all()
            if (box := part.bounding_box())
        ]
        assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes), path
        if path.strip("/") in ("people", "account", "audit"):
            assert faults(page) == []
        top = min(box["y"] for box in boxes)
        rows = 2 if path == "/" and width < 900 else 1
        assert max(box["y"] for box in boxes) - top < 48 * rows - 20, path


def test_the_account_page_by_keyboard(office: Site, team: Team, open_page: OpenPage) -> None:
    dee = team.add("Dee", "agent")
    elsewhere = team.sessions.begin(dee.id, "Safari on iPhone", "192.0.2.7")
    page = open_page(office.url, path="/account")
    fill(page, name="Dee", password=PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name=re.compile("Safari on iPhone"))).to_be_visible()
    page.get_by_role("button", name=re.compile("Sign out Safari on iPhone")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Signed out there")
    assert team.sessions.person(elsewhere) is None
    page.get_by_role("button", name="Sign out", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize(("width", "dark"), [(900, True), (1280, False)])
def test_a_table_is_sorted_by_its_headings(
    office: Site, team: Team, open_page: OpenPage, width: int, dark: bool
) -> None:
    name = f"Zoe {width}"
    for n in (10, 2):
        team.add(f"Agent {width} number {n}", "agent")
    team.add(name, "admin")
    page = open_page(office.url, width, dark=dark, path="/sign-in?next=/people")
    come_in(page, name)
    cells = page.locator("tbody tr td:first-child")
    head = page.get_by_role("columnheader", name="Name")
    head.get_by_role("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    shown = [text.split("\n")[0] for text in cells.all_inner_texts()]
    two, ten = (shown.index(f"Agent {width} number {n}") for n in (2, 10))
    assert two < ten < shown.index(f"{name} (you)")
    head.get_by_role("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(cells.first).to_contain_text(name)
    page.get_by_role("button", name="Added").click()
    expect(head).not_to_have_attribute("aria-sort", re.compile(".+"))
    expect(cells.last).to_contain_text(name)
    assert faults(page) == []
    page.goto(f"{office.url}/audit")
    page.get_by_role("button", name="When").click()
    expect(page.locator("tbody tr").last).to_contain_text(f"{name}signed in")
