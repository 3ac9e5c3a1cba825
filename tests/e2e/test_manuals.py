"""An admin's work in the browser: the first start, several files at once, a bad one, names, removal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import MARKDOWN, OpenPage, ask, make_manual
from tests.support.serving import Site, client_of, running_site, upload, wait_until_read

Shoot = Callable[[Page, str], None]


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[Site]:
    with running_site(tmp_path / "data", TANDEM_MAX_UPLOAD_MB="1") as made:
        yield made


def test_a_first_start_leads_to_a_highlighted_page_with_the_samples(
    empty_site: Site, open_page: OpenPage, shoot: Shoot
) -> None:
    page = open_page(empty_site.url)
    expect(page.locator(".t-start h2")).to_have_text("No manuals yet")
    expect(page.locator("#t-status")).to_contain_text("No manuals yet")
    shoot(page, "first-start")
    page.get_by_role("button", name="Try with the sample manuals").click()
    expect(page.locator(".t-suggestions button")).to_have_count(3)
    expect(page.locator("#t-status")).to_contain_text("manuals")
    shoot(page, "suggestions")
    for i in range(3):
        page.locator(".t-suggestions button").nth(i).click()
        page.wait_for_selector(".t-actions")
        expect(page.locator(".t-chip").first).to_be_visible()
        page.locator(".t-chip").first.click()
        expect(page.locator(".t-mark, .t-section mark").first).to_be_visible()
        page.keyboard.press("Control+k")
        expect(page.locator(".t-suggestions button")).to_have_count(3)


def test_several_files_at_once_with_a_bad_one_and_a_large_one(
    empty_site: Site, open_page: OpenPage, shoot: Shoot, tmp_path: Path
) -> None:
    (tmp_path / "fan.md").write_text(MARKDOWN, encoding="utf-8")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing of the kind")
    (tmp_path / "huge.pdf").write_bytes(b"%PDF-1.7\n" + b"x" * (2 << 20))
    files = [
        make_manual(tmp_path / "pump.pdf"),
        *(tmp_path / name for name in ("fan.md", "broken.pdf", "huge.pdf")),
    ]
    page = open_page(empty_site.url, path="/admin/")
    expect(page.locator(".t-steps li")).to_have_count(3)
    shoot(page, "manuals-empty")
    page.set_input_files("#t-files", files)
    expect(page.locator(".t-upload.fault")).to_contain_text("huge.pdf is larger than 1 MB")
    expect(page.locator(".t-job", has_text="pump.pdf")).to_contain_text(
        re.compile(r"Ready: \d+ passages?")
    )
    expect(page.locator(".t-job", has_text="fan.md")).to_contain_text("Ready: 1 passage")
    fault = page.locator(".t-job.fault", has_text="broken.pdf")
    expect(fault).to_contain_text("save it again")
    expect(page.locator(".t-figures")).to_contain_text("Files to look at")
    expect(page.locator(".t-table tbody tr")).to_have_count(2)
    shoot(page, "manuals-list")
    page.reload()
    expect(fault).to_be_visible()
    expect(page.locator(".t-job.ended")).to_have_count(2)
    expect(page.locator(".t-job.ended").first).to_be_hidden()
    page.get_by_role("button", name="Dismiss broken.pdf").click()
    expect(fault).to_have_count(0)


def test_what_agents_did_not_get_is_listed_and_can_be_saved(
    empty_site: Site, open_page: OpenPage, shoot: Shoot, tmp_path: Path
) -> None:
    page = open_page(empty_site.url, path="/admin/")
    page.set_input_files("#t-files", [make_manual(tmp_path / "pump.pdf")])
    expect(page.locator(".t-table tbody tr")).to_have_count(1)
    expect(page.get_by_text("What agents did not get")).to_be_hidden()
    chat = open_page(empty_site.url)
    ask(chat, "How do I bake <i>sourdough</i> bread?")
    chat.get_by_role("button", name="Report as missing").click()
    expect(chat.get_by_role("button", name="Reported")).to_be_visible()
    page.reload()
    listed = page.locator("#t-gaps li")
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text("How do I bake <i>sourdough</i> bread?")
    expect(listed).to_contain_text("Reported as missing")
    shoot(page, "gaps")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as CSV").click()
    assert "sourdough" in Path(saved.value.path()).read_text(encoding="utf-8-sig")
    page.get_by_role("button", name="Not our topic").click()
    expect(listed).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(listed).to_be_visible()
    page.get_by_role("button", name="Not our topic").click()
    page.get_by_text("1 question that is not our topic").click()
    page.get_by_role("button", name="List again").click()
    expect(listed).to_have_count(1)
    page.get_by_role("button", name="Missing: for the author").click()
    page.get_by_text("1 question that is noted for the manuals’ author").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save for the author as CSV").click()
    assert "sourdough" in Path(saved.value.path()).read_text(encoding="utf-8-sig")
    shoot(page, "gaps-missing")
    page.get_by_role("button", name="List again").click()
    expect(page.get_by_role("button", name="Missing: for the author")).to_be_visible()
    bread = "# Bread book\n\n## Bake sourdough bread\n\nTo bake <i>sourdough</i> bread, heat the oven to 240 °C.\n"
    with client_of(empty_site) as client:
        upload(client, "bread.md", bread.encode())
        wait_until_read(client)
    page.reload()
    page.get_by_text("1 question that the manuals answer by now").click()
    expect(page.locator("#t-gaps li")).to_contain_text("Answered by: Bake sourdough bread")
    shoot(page, "gaps-closed")
    page.get_by_role("link", name="Ask again").click()
    expect(page.locator("#t-question")).to_have_value("How do I bake <i>sourdough</i> bread?")


def test_a_manual_is_named_found_and_removed_after_saying_what_that_does(
    empty_site: Site, open_page: OpenPage, shoot: Shoot, tmp_path: Path
) -> None:
    page = open_page(empty_site.url, path="/admin/")
    page.set_input_files("#t-files", [make_manual(tmp_path / "pump.pdf")])
    row = page.locator(".t-table tbody tr")
    expect(row).to_have_count(1)
    row.get_by_role("button", name=re.compile("^Edit ")).click()
    page.locator("#t-dialog input[name=name]").fill("Umwälzpumpenbetriebsanleitung")
    page.locator("#t-dialog input[name=product]").fill("Pumpe X100 <b>neu</b>")
    page.get_by_label("Other names of the product").fill("drip <i>master</i>, puddler")
    shoot(page, "describe")
    page.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("Umwälzpumpenbetriebsanleitung")
    expect(row).to_contain_text("Pumpe X100 <b>neu</b>")
    expect(row).to_contain_text("also drip <i>master</i>, puddler")
    page.locator("#t-list-search").fill("no such")
    expect(page.locator("#t-list-none")).to_be_visible()
    page.locator("#t-list-search").fill("umwälz")
    expect(row).to_be_visible()

    chat = open_page(empty_site.url)
    ask(chat, "How do I replace the seal?")
    expect(chat.locator(".t-sources")).to_contain_text("Umwälzpumpenbetriebsanleitung")
    ask(chat, "How do I replace the seal of my puddler?")
    asked_as = chat.locator(".t-turn").last.locator(".t-asked")
    expect(asked_as).to_contain_text("the seal of my Pumpe X100")

    row.get_by_role("button", name=re.compile("^Remove ")).click()
    expect(page.locator("#t-dialog")).to_contain_text("Remove “Umwälzpumpenbetriebsanleitung”?")
    expect(page.locator("#t-dialog")).to_contain_text(
        "3 pages will no longer be searched. 2 past answers cite it"
    )
    shoot(page, "remove")
    page.locator("#t-dialog").get_by_role("button", name="Cancel").click()
    expect(row).to_have_count(1)
    row.get_by_role("button", name=re.compile("^Remove ")).click()
    page.locator("#t-dialog").get_by_role("button", name="Remove").click()
    expect(page.locator(".t-steps")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row).to_have_count(1)
    row.get_by_role("button", name=re.compile("^Remove ")).click()
    page.locator("#t-dialog").get_by_role("button", name="Remove").click()
    page.get_by_text("1 removed manual").click()
    shoot(page, "removed")
    page.get_by_role("button", name="Restore Umwälzpumpenbetriebsanleitung").click()
    expect(row).to_contain_text("also drip <i>master</i>, puddler")
    expect(page.locator(".t-removed")).to_have_count(0)
    row.get_by_role("button", name=re.compile("^Remove ")).click()
    page.locator("#t-dialog").get_by_role("button", name="Remove").click()
    expect(page.locator(".t-removed")).to_have_count(1)

    chat.reload()
    chat.locator(".t-chip").first.click()
    expect(chat.locator("#t-panel")).to_contain_text("This manual was removed. The quote is kept.")
    expect(chat.locator("#t-panel blockquote")).not_to_be_empty()


def test_a_new_version_says_so_beside_an_old_answer(
    empty_site: Site, open_page: OpenPage, tmp_path: Path
) -> None:
    admin = open_page(empty_site.url, path="/admin/")
    file = tmp_path / "fan.md"
    file.write_text(MARKDOWN, encoding="utf-8")
    admin.set_input_files("#t-files", [file])
    expect(admin.locator(".t-table tbody tr")).to_have_count(1)
    chat = open_page(empty_site.url)
    ask(chat, "How often should the blades of the fan be cleaned?")
    file.write_text(MARKDOWN.replace("200 hours", "150 hours"), encoding="utf-8")
    admin.get_by_label("What is added").select_option(label="is published at once")
    admin.set_input_files("#t-files", [file])
    expect(admin.locator(".t-table .c-version")).to_have_text("2")
    chat.reload()
    chat.locator(".t-chip").first.click()
    expect(chat.locator("#t-panel")).to_contain_text(
        re.compile(r"Changed since version 1 \(\d+ \w+ \d{4}\)\. Version 2 was added")
    )
    expect(chat.locator(".t-section mark")).to_contain_text("200 hours")
    ask(chat, "How often should the blades of the fan be cleaned?")
    expect(chat.locator(".t-turn").last.locator(".t-text")).to_contain_text("150 hours")


def test_a_phone_shows_the_list_without_sideways_scroll(
    site: Site, open_page: OpenPage, shoot: Shoot
) -> None:
    page = open_page(site.url, 390, 844, path="/admin/")
    expect(page.locator(".t-table tbody tr")).to_have_count(2)
    shoot(page, "phone-manuals")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_file_in_doubt_asks_whether_it_is_a_new_version(
    empty_site: Site, open_page: OpenPage, shoot: Shoot, tmp_path: Path
) -> None:
    for model, fuse in (("K7", "2.5 A"), ("K9", "4 A")):
        text = f"# User manual\n\n## Safety\n\nPull the plug.\n\n## Fuse\n\nThe fuse of the {model} is {fuse}.\n"
        (tmp_path / f"{model}.md").write_text(text, encoding="utf-8")
    page = open_page(empty_site.url, path="/admin/")
    page.set_input_files("#t-files", [tmp_path / "K7.md"])
    expect(page.locator(".t-job", has_text="K7.md")).to_contain_text("New manual 'User manual'")
    page.set_input_files("#t-files", [tmp_path / "K9.md"])
    asking = page.locator(".t-job", has_text="K9.md")
    expect(asking).to_contain_text("New version of “User manual”, or a manual of its own?")
    page.reload()
    expect(asking.get_by_role("button", name="A manual of its own")).to_be_visible()
    shoot(page, "manual-in-doubt")
    expect(page.locator(".t-table tbody tr")).to_have_count(2)
    asking.get_by_role("button", name="New version").click()
    expect(page.locator(".t-table tbody tr")).to_have_count(1)
    expect(page.locator(".t-table .c-version")).to_have_text("2")
    expect(page.get_by_role("button", name="A manual of its own")).to_have_count(0)
    expect(asking).to_contain_text("Version 2 of 'User manual'")


def test_several_manuals_are_given_a_product_and_removed_at_once(
    empty_site: Site, open_page: OpenPage, shoot: Shoot
) -> None:
    with client_of(empty_site) as client:
        for n in (10, 2, 1):
            text = f"# How the house works, part {n}\n\n## Start {n}\n\nTurn the wheel number {n} to the left.\n"
            upload(client, f"guide{n}.md", text.encode())
        wait_until_read(client)
    page = open_page(empty_site.url, path="/admin/")
    names = page.locator(".t-table tbody tr:visible summary")
    expect(names).to_have_text([f"How the house works, part {n}" for n in (1, 2, 10)])
    page.get_by_label("Choose How the house works, part 2").check()
    page.get_by_label("Choose How the house works, part 10").check()
    expect(page.locator("#t-chosen")).to_contain_text("2 manuals chosen")
    shoot(page, "chosen")
    page.get_by_role("button", name="Set their product").click()
    page.get_by_label("Product", exact=True).fill("Orion")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".t-table tbody tr", has_text="Orion")).to_have_count(2)
    page.locator("#t-filter").select_option("none")
    expect(names).to_have_text(["How the house works, part 1"])
    expect(page.locator("#t-chosen")).to_be_hidden()
    page.locator("#t-filter").select_option(label="Orion")
    expect(names).to_have_text(["How the house works, part 2", "How the house works, part 10"])
    page.get_by_label("Choose all that are shown").check()
    page.get_by_role("button", name="Remove them").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator(".t-table tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".t-table tbody tr")).to_have_count(3)


def test_the_list_says_the_language_of_each_manual_and_shows_those_in_one(
    empty_site: Site, open_page: OpenPage
) -> None:
    samples = Path(__file__).parents[1] / "samples" / "languages"
    with client_of(empty_site) as client:
        for code in ("de", "ja", "he"):
            upload(client, f"{code}.md", (samples / f"{code}.md").read_bytes())
        wait_until_read(client)
    page = open_page(empty_site.url, path="/admin/")
    expect(page.locator(".t-table .c-language")).to_have_count(3)
    assert sorted(page.locator(".t-table .c-language").all_inner_texts()) == [
        "German",
        "Hebrew",
        "Japanese",
    ]
    page.locator("#t-filter").select_option(label="Japanese")
    names = page.locator(".t-table tbody tr:visible summary")
    expect(names).to_have_text(["コーヒーメーカー Aroma 500 取扱説明書"])
    page.locator("#t-filter").select_option("")
    hebrew = page.locator("summary", has_text="מכונת")
    assert hebrew.evaluate("e => getComputedStyle(e).direction") == "rtl"


def test_a_folder_is_added_without_what_cannot_be_read(
    empty_site: Site, open_page: OpenPage, tmp_path: Path
) -> None:
    folder = tmp_path / "manuals"
    (folder / "deep").mkdir(parents=True)
    (folder / "fan.md").write_text(MARKDOWN, encoding="utf-8")
    (folder / "deep" / "pump.md").write_text(MARKDOWN.replace("Fan F-100", "Pump P-9"))
    (folder / "film.mp4").write_bytes(b"no manual")
    (folder / ".hidden.md").write_text("# Nothing")
    page = open_page(empty_site.url, path="/admin/")
    page.set_input_files("#t-folder", folder)
    expect(page.locator(".t-table tbody tr")).to_have_count(2)
    expect(page.locator(".t-job.fault")).to_have_count(0)


def test_files_that_failed_are_tried_again_and_all_are_dismissed(
    empty_site: Site, open_page: OpenPage
) -> None:
    page = open_page(empty_site.url, path="/admin/")
    files = [("a.pdf", b"%PDF-1.7\nnothing"), ("b.pdf", b"%PDF-1.7\nof the kind")]
    page.set_input_files(
        "#t-files",
        [{"name": name, "mimeType": "application/pdf", "buffer": text} for name, text in files],
    )
    expect(page.locator(".t-job.fault")).to_have_count(2)
    with page.expect_response("**/retry"):
        page.get_by_role("button", name="Try a.pdf again").click()
    with client_of(empty_site) as client:
        wait_until_read(client)
    expect(page.locator(".t-job.fault")).to_have_count(2)
    page.get_by_role("button", name="Dismiss all that ended").click()
    expect(page.locator(".t-job")).to_have_count(0)


def test_an_admin_says_where_the_answer_stands_and_what_customers_call_it(
    empty_site: Site, open_page: OpenPage, shoot: Shoot
) -> None:
    lost = "My basement smells odd, what now?"
    with client_of(empty_site) as client:
        upload(client, "fan.md", MARKDOWN.encode())
        wait_until_read(client)
    agent = open_page(empty_site.url)
    ask(agent, lost)
    admin = open_page(empty_site.url, path="/admin/")
    row = admin.locator(".t-gaps > li", has_text=lost)
    row.get_by_text("Nearest sections").click()
    here = row.get_by_role("button", name="This question is answered in")
    expect(here).to_have_count(1)
    expect(row.locator(".t-nearest li")).to_contain_text("200 hours")  # what the agent would get
    shoot(admin, "near")
    admin.get_by_text("Customers' words").click()
    admin.locator("#t-words-card").get_by_role("button", name="Add a word").click()
    admin.get_by_role("textbox", name="Customers say").fill("wobblifier")
    admin.get_by_role("textbox", name="The manual says").fill("blades")
    admin.get_by_role("button", name="Save").click()
    expect(admin.locator("#t-words li")).to_contain_text("wobblifier for blades")
    ask(agent, "How often is the wobblifier of the fan cleaned?")
    expect(agent.locator(".t-turn").last).to_contain_text("every 200 hours")
    admin.get_by_role("button", name="Remove wobblifier for blades").click()
    expect(admin.locator("#t-words")).to_contain_text("None yet.")
    row.get_by_role("button", name="Another word").click()
    admin.get_by_role("textbox", name="Customers say").fill("Zephyr")
    admin.get_by_role("textbox", name="The manual says").fill("fan F-100")
    admin.get_by_role("button", name="Save").click()
    expect(admin.locator("#t-toasts")).to_contain_text("Zephyr is another name of Fan F-100")
    expect(admin.locator(".t-table tbody tr")).to_contain_text("Zephyr")


def test_answered_here_closes_a_question_and_gives_it_to_agents(
    empty_site: Site, open_page: OpenPage
) -> None:
    question = "Is a wet rag allowed in a dusty workshop?"
    with client_of(empty_site) as client:
        upload(client, "fan.md", MARKDOWN.encode())
        wait_until_read(client)
    agent = open_page(empty_site.url)
    ask(agent, question)
    expect(agent.locator(".t-turn").last).not_to_contain_text("Approved answer")
    admin = open_page(empty_site.url, path="/admin/")
    row = admin.locator(".t-gaps > li", has_text=question)
    row.get_by_text("Nearest sections").click()
    row.get_by_role(
        "button", name="This question is answered in Maintenance › Clean the blades"
    ).click()
    expect(admin.get_by_text("1 question that the manuals answer by now")).to_be_visible()
    ask(agent, question)
    expect(agent.locator(".t-turn").last).to_contain_text("Approved answer")
    expect(agent.locator(".t-turn").last).to_contain_text("every 200 hours")
