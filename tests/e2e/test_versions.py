"""An admin and a new version of a manual, in Chromium: it waits, is compared, published, taken back; an agent meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, ask, at_rest, make_manual
from tests.support.manuals import FAN, PUMP
from tests.support.serving import Site, client_of, running_site, upload, wait_until_read

Shoot = Callable[[Page, str], None]
SEAL = "How do I replace the seal of the Pump P-200?"
NEWER = (
    PUMP.replace("12 Nm", "14 Nm").replace("## Safety\n\nSwitch", "## Warnings\n\nSwitch")
    + "\n## Storage\n\nStore it dry.\n"
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Site]:
    """A server with two manuals of its own."""
    with running_site(tmp_path / "data") as made:
        with client_of(made) as client:
            upload(client, "pump.md", PUMP.encode())
            upload(client, "fan.md", FAN.encode())
            wait_until_read(client)
        yield made


def faults(page: Page) -> list[str]:
    at_rest(page)
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in found]


def put_by_hand(page: Page, name: str, text: str) -> None:
    page.set_input_files(
        "#t-files", {"name": name, "mimeType": "text/markdown", "buffer": text.encode()}
    )


def test_a_new_version_waits_is_compared_published_and_taken_back(
    house: Site, open_page: OpenPage, shoot: Shoot
) -> None:
    agent = open_page(house.url)
    ask(agent, SEAL)
    expect(agent.locator(".t-turn").last).to_contain_text("12 Nm")
    admin = open_page(house.url, path="/admin/")
    put_by_hand(admin, "pump.md", NEWER)
    expect(admin.locator(".t-drafts")).to_contain_text("1 draft waits to be published")
    expect(admin.locator(".t-job", has_text="pump.md").first).to_contain_text("Draft: ")
    ask(agent, SEAL)
    expect(agent.locator(".t-turn").last).to_contain_text("12 Nm")
    admin.locator("#t-filter").select_option(label="With a draft that waits")
    expect(admin.locator(".t-table tbody tr:visible")).to_have_count(1)
    expect(admin.locator(".t-table tbody tr:visible")).to_contain_text("A draft waits")
    listed = admin.get_by_role(
        "link", name="Compare and publish version 2 of Pump P-200 user manual"
    )
    beside = admin.locator(".t-job").get_by_role("link", name="Compare and publish")
    assert listed.get_attribute("href") == beside.get_attribute("href"), "the same words lead there"
    listed.click()
    expect(admin.get_by_role("heading", level=1)).to_have_text(
        "Pump P-200 user manual: version 1 and version 2"
    )
    expect(admin.get_by_text("3 sections differ")).to_be_visible()
    renamed = admin.locator(".t-change", has_text="Renamed")
    expect(renamed).to_contain_text("The same words; its heading was: Safety")
    changed = admin.locator(".t-change", has_text="Replace the seal")
    expect(changed.locator("del")).to_contain_text("12")
    expect(changed.locator("ins")).to_contain_text("14")
    expect(admin.get_by_text("cite words that version 2 does not hold")).to_be_visible()
    expect(admin.get_by_role("cell", name="Tighten the screws to 12 Nm.")).to_be_visible()
    admin.get_by_role("button", name="Ask them now").click()
    expect(admin.get_by_text("There is no such question yet")).to_be_visible()
    shoot(admin, "compare")
    assert faults(admin) == []
    admin.get_by_role("button", name="Publish version 2").click()
    expect(admin.get_by_role("status").first).to_have_text("Version 2 is searched now.")
    ask(agent, SEAL)
    expect(agent.locator(".t-turn").last).to_contain_text("14 Nm")
    assert faults(admin) == []
    admin.get_by_role("button", name="Undo: publish version 1 again").click()
    expect(admin.get_by_role("status").first).to_have_text("Version 1 is searched now.")
    ask(agent, SEAL)
    expect(agent.locator(".t-turn").last).to_contain_text("12 Nm")
    with client_of(house) as client:
        done = client.get("/audit.csv").text
    assert "published a version of" in done and "went back to an earlier version of" in done


def test_a_draft_is_discarded_and_kept_after_all(house: Site, open_page: OpenPage) -> None:
    agent = open_page(house.url)
    ask(agent, SEAL)
    with client_of(house) as client:
        upload(client, "pump.md", NEWER.encode())
        wait_until_read(client)
    admin = open_page(house.url, path="/admin/")
    admin.get_by_role("link", name="Compare and publish version 2").click()
    admin.get_by_role("button", name="Discard this draft").click()
    expect(admin.get_by_role("status").first).to_contain_text(
        "The draft of version 2 is discarded."
    )
    expect(admin.get_by_role("row", name="Discarded")).to_be_visible()
    admin.get_by_role("button", name="Keep version 2 as a draft").click()
    expect(admin.get_by_role("status").first).to_have_text("Version 2 is a draft again.")
    expect(admin.get_by_role("button", name="Publish version 2")).to_be_visible()


def test_who_wants_it_publishes_new_versions_at_once(house: Site, open_page: OpenPage) -> None:
    agent = open_page(house.url)
    ask(agent, SEAL)
    admin = open_page(house.url, path="/admin/")
    admin.get_by_label("What is added").select_option(label="is published at once")
    put_by_hand(admin, "pump.md", NEWER)
    expect(admin.locator(".t-job", has_text="pump.md").first).to_contain_text(
        "Ready: 5 passages. Version 2"
    )
    admin.get_by_text("Pump P-200 user manual", exact=True).first.click()
    admin.get_by_role("link", name="Versions of Pump P-200 user manual").click()
    admin.get_by_label("always wait as drafts").check()
    admin.get_by_role("button", name="Save").click()
    expect(admin.get_by_role("status").first).to_have_text("Kept.")
    expect(admin.get_by_label("always wait as drafts")).to_be_checked()
    with client_of(house) as client:
        upload(client, "pump.md", PUMP.replace("12 Nm", "16 Nm").encode())
        assert "version 3, added" in wait_until_read(client)["drafts"]


def test_who_wants_to_looks_at_a_new_manual_before_agents_get_it(
    house: Site, open_page: OpenPage
) -> None:
    agent = open_page(house.url)
    admin = open_page(house.url, path="/admin/")
    admin.get_by_label("What is added").select_option(label="waits until I have looked at it")
    put_by_hand(
        admin, "kettle.md", "# Kettle K-9 guide\n\n## Lime\n\nBoil vinegar to remove lime.\n"
    )
    expect(admin.locator(".t-drafts")).to_contain_text("Kettle K-9 guide")
    ask(agent, "How do I remove lime?")
    expect(agent.locator(".t-turn").last).not_to_contain_text("vinegar")
    admin.locator(".t-drafts").get_by_role("link", name="Compare and publish").click()
    admin.get_by_role("button", name="Publish version 1").click()
    expect(admin.get_by_role("status").first).to_have_text("Version 1 is searched now.")
    ask(agent, "How do I remove lime?")
    expect(agent.locator(".t-turn").last).to_contain_text("vinegar")


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_what_a_file_was_taken_for_is_changed_before_it_is_published(
    house: Site, open_page: OpenPage, shoot: Shoot, width: int, dark: bool
) -> None:
    with client_of(house) as client:
        client.post(
            "/manuals/upload", params={"name": "pump.md", "draft": "true"}, content=NEWER.encode()
        )
        wait_until_read(client)
    admin = open_page(house.url, width, dark=dark, path="/admin/")
    admin.get_by_role("link", name="Compare and publish version 2").click()
    admin.get_by_role("link", name="Change what it is").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("What is pump.md?")
    expect(
        admin.get_by_text("It was taken for version 2 of “Pump P-200 user manual”.")
    ).to_be_visible()
    assert admin.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is cut"
    assert faults(admin) == []
    shoot(admin, f"belongs-{width}")
    admin.get_by_label("Name").fill("Fan F-100 user manual")
    admin.get_by_role("button", name="Make it a manual of its own").click()
    expect(
        admin.get_by_text("Another manual is called 'Fan F-100 user manual' already.")
    ).to_be_visible()
    admin.go_back()
    admin.get_by_label("Name").fill("Pump P-210 user manual")
    admin.get_by_role("button", name="Make it a manual of its own").press("Enter")
    expect(admin.get_by_role("heading", level=1)).to_have_text("Pump P-210 user manual")
    expect(admin.get_by_role("status").first).to_have_text("It is version 1 of this manual now.")
    expect(admin.get_by_role("row", name="Draft")).to_be_visible()
    assert faults(admin) == []
    admin.get_by_role("button", name="Undo: it belongs to Pump P-200 user manual").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("Pump P-200 user manual")
    expect(admin.get_by_role("row", name="Draft")).to_be_visible()
    admin.get_by_role("link", name="Change what pump.md is").first.click()
    admin.locator("select[name=manual]").select_option(label="Fan F-100 user manual (Fan F-100)")
    admin.get_by_role("button", name="Make it the newest version of this manual").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("Fan F-100 user manual")


def test_undo_of_a_change_searches_again_what_was_searched(house: Site) -> None:
    with client_of(house) as client:
        upload(client, "pump.md", NEWER.encode(), publish=True)
        wait_until_read(client)
        table = client.get("/manuals/state").json()["table"]
        pump = re.search(r'data-id="(\w+)" data-name="Pump P-200 user manual"', table)
        assert pump
        client.post(f"/manuals/{pump[1]}/rule", data={"rule": "always"})
        history = client.get(f"/manuals/{pump[1]}/history").text
        newest = re.search(r"/versions/(\d+)/belongs", history)
        assert newest
        reply = client.post(
            f"/versions/{newest[1]}/belongs", data={"name": "Pump P-210"}, follow_redirects=True
        )
        assert "It is version 1 of this manual now." in reply.text
        form = hidden(reply.text)
        assert form["manual"] == pump[1]
        client.post(f"/versions/{newest[1]}/belongs", data=form)
        assert "Version 2 is searched" in client.get(f"/manuals/{pump[1]}/history").text
        bookmark = client.get(reply.url)
        assert "Undo: it belongs" not in bookmark.text, "there is nothing to undo any more"


def test_a_manual_that_was_taken_for_none_of_its_own_comes_back_whole(house: Site) -> None:
    with client_of(house) as client:
        table = client.get("/manuals/state").json()["table"]
        key = {name: key for key, name in re.findall(r'data-id="(\w+)" data-name="([^"]+)"', table)}
        fan, pump = key["Fan F-100 user manual"], key["Pump P-200 user manual"]
        client.post(f"/manuals/{pump}/rule", data={"rule": "always"})
        version = re.search(r"/versions/(\d+)/belongs", client.get(f"/manuals/{fan}/history").text)
        assert version
        reply = client.post(
            f"/versions/{version[1]}/belongs", data={"manual": pump}, follow_redirects=True
        )
        assert "Undo: it belongs to Fan F-100 user manual" in reply.text
        back = client.post(
            f"/versions/{version[1]}/belongs", data=hidden(reply.text), follow_redirects=True
        )
        assert "Version 1 is searched" in back.text and "Fan F-100" in back.text
        state = client.get("/manuals/state").json()
        assert not state["drafts"] and state["table"].count("Ready") == 2


def hidden(page: str) -> dict[str, str]:
    """What the form sends that undoes the last step."""
    form = page.split('class="t-undo">')[1].split("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_two_products_side_by_side_and_a_page_as_it_was_read(
    house: Site, open_page: OpenPage, shoot: Shoot, tmp_path: Path, width: int, dark: bool
) -> None:
    with client_of(house) as client:
        upload(client, "x100.pdf", make_manual(tmp_path / "x100.pdf").read_bytes())
        wait_until_read(client)
    page = open_page(house.url, width, dark=dark, path="/admin/")
    page.get_by_text("Fan F-100 user manual", exact=True).first.click()
    page.get_by_role("link", name="Versions of Fan F-100 user manual").click()
    expect(page.locator("select[name=new]")).to_be_visible()
    assert faults(page) == []
    page.locator("select[name=new]").select_option(label="Pump P-200 user manual (Pump P-200)")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Fan F-100 user manual and Pump P-200 user manual"
    )
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    if width > 820:
        page.get_by_role("link", name="Side by side").click()
        sides = page.locator(".t-change", has_text="Replace the seal").locator(".t-changes")
        expect(sides).to_have_count(2)
        left, right = sides.all()
        expect(left).to_contain_text("4 Nm")
        expect(right).to_contain_text("12 Nm")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is cut"
    assert faults(page) == []
    page.goto(f"{house.url}/admin/")
    page.get_by_text("Pump X100 Service Manual", exact=True).first.click()
    page.get_by_role("link", name="Versions of Pump X100 Service Manual").click()
    page.get_by_role("link", name="Read version 1").click()
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("Page 2 of 3", exact=True)).to_be_visible()
    expect(page.get_by_label("Page 2 as it was read")).to_contain_text("Tighten them to 12 Nm.")
    picture = page.get_by_role("img", name="Page 2 as it looks")
    expect(picture).to_be_visible()
    page.wait_for_function("document.querySelector('.t-read img').naturalWidth > 100")
    shoot(page, f"read-{width}")
    assert faults(page) == []


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_the_health_of_the_knowledge_leads_to_where_it_is_mended(
    house: Site, open_page: OpenPage, shoot: Shoot, width: int, dark: bool
) -> None:
    agent = open_page(house.url)
    ask(agent, SEAL)
    ask(agent, "Where is the zebra crossing?")
    quick = "# Quick guide\n\n## Replace the seal\n\nTighten the screws to 16 Nm.\n"
    with client_of(house) as client:
        upload(client, "broken.pdf", b"%PDF-1.7\nnothing of the kind")
        upload(client, "quick.md", quick.encode())
        key = re.search(
            r'data-id="(\w+)" data-name="Quick guide"', wait_until_read(client)["table"]
        )
        assert key
        named = {"name": "Quick guide", "product": "Pump P-200"}
        client.post(f"/manuals/{key[1]}/describe", json=named).raise_for_status()
    page = open_page(house.url, width, dark=dark, path="/admin/")
    page.get_by_role("link", name="Health of the knowledge").click()
    expect(page.get_by_role("row", name="50 %")).to_contain_text(
        "version 1 of Pump P-200 user manual"
    )
    expect(page.locator("section", has_text="Manuals that no answer cites")).to_contain_text(
        "Fan F-100"
    )
    differ = page.locator("section", has_text="Manuals of one product that disagree")
    expect(differ.get_by_role("row", name="12 Nm")).to_contain_text("16 Nm")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is cut"
    shoot(page, f"health-{width}")
    assert faults(page) == []
    page.get_by_role("link", name="Fan F-100", exact=True).click()
    expect(page.locator(".t-table tbody tr:visible")).to_have_count(1)
    expect(page.locator(".t-table tbody tr:visible")).to_contain_text("Fan F-100 user manual")
    page.go_back()
    page.get_by_role("link", name="Try again or dismiss it: broken.pdf").click()
    page.get_by_role("button", name="Dismiss broken.pdf").click()
    expect(page.locator(".t-job.fault")).to_have_count(0)
    page.goto(f"{house.url}/health")
    expect(page.get_by_text("broken.pdf")).to_have_count(0)
    page.get_by_role("link", name="Maintenance › Replace the seal").first.click()
    expect(page.get_by_text("Tighten the screws to 12 Nm.")).to_be_visible()
