"""An agent's day in the browser: ask, check the page, find the conversation again. The real server, a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import MARKDOWN, SEAL, OpenPage, ask
from tests.support.manuals import FAN
from tests.support.serving import Site, client_of, running_site, upload, wait_until_read

Shoot = Callable[[Page, str], None]
QUESTION = "How do I replace the seal of the pump?"


def product_with(page: Page, part: str) -> str:
    """The name of a product by a part of it, from the list of products, once that has come."""
    names = page.locator("#t-product option")
    expect(names).not_to_have_count(1)
    return next(name for name in names.all_inner_texts() if part in name)


def words_on_page(site: Site, page: Page, number: int) -> list[tuple[str, float, float]]:
    """Each line of the PDF page as (text, left, vertical middle), in fractions of the page: where PDFium draws it."""
    import pypdfium2

    document = pypdfium2.PdfDocument(next((site.data.parent).glob("pump.pdf")))
    sheet = document[number - 1]
    width, height = sheet.get_size()
    text = sheet.get_textpage()
    lines = []
    for i in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(i)
        lines.append(
            (
                text.get_text_bounded(left, bottom, right, top).strip(),
                left / width,
                1 - (bottom + top) / 2 / height,
            )
        )
    document.close()
    return lines


def places_of_marks(page: Page) -> list[list[int]]:
    """Left and top of each mark in per mille of the page image, whatever its size."""
    image = page.locator(".t-page img").bounding_box()
    marks = [mark.bounding_box() for mark in page.locator(".t-mark").all()]
    return [
        [
            round((m["x"] - image["x"]) / image["width"] * 1000),
            round((m["y"] - image["y"]) / image["height"] * 1000),
        ]
        for m in marks
    ]


def test_a_chip_opens_the_page_with_exactly_the_quoted_words_marked(
    site: Site, open_page: OpenPage, shoot: Shoot
) -> None:
    page = open_page(site.url)
    ask(page, QUESTION)
    seal = page.locator(".t-text span", has_text="close both valves").first
    chip = seal.locator(".t-chip").first
    expect(chip).to_have_accessible_name(
        re.compile(r"^Source \d+: Pump X100 Service Manual, page 2$")
    )
    chip.click()
    expect(page.locator("#t-panel blockquote")).to_have_text(SEAL)
    image = page.locator(".t-page img")
    page.wait_for_function(
        "image => image.complete && image.naturalWidth > 0", arg=image.element_handle()
    )
    shoot(page, "source")

    frame = image.bounding_box()
    marks = [mark.bounding_box() for mark in page.locator(".t-mark").all()]
    middles = [((m["y"] + m["height"] / 2) - frame["y"]) / frame["height"] for m in marks]
    quoted = [line for line in words_on_page(site, page, 2) if line[0] and line[0] in SEAL]
    assert len(quoted) == 2
    for text, left, middle in quoted:
        near = [m for m, y in zip(marks, middles, strict=True) if abs(y - middle) < 0.006]
        assert near, f"no mark over {text!r}"
        assert abs((near[0]["x"] - frame["x"]) / frame["width"] - left) < 0.01
    for text, _, middle in words_on_page(site, page, 2):
        if text and text not in SEAL:
            assert all(abs(y - middle) > 0.006 for y in middles), f"{text!r} is marked too"


def test_the_first_source_is_shown_without_a_click_on_a_wide_page(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url)
    ask(page, QUESTION)
    expect(page.locator("#panel-title")).to_have_text("Pump X100 Service Manual")
    expect(page.locator(".t-panel-head")).to_contain_text("page 2")


def test_pages_can_be_turned_and_zoomed(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.url)
    ask(page, QUESTION)
    page.get_by_role("button", name="Next page").click()
    expect(page.locator(".t-page-bar")).to_contain_text("Page 3 of 3")
    expect(page.locator(".t-mark")).to_have_count(0)
    page.get_by_role("button", name="Back to the quoted page").click()
    expect(page.locator(".t-mark").first).to_be_visible()
    before = places_of_marks(page)
    page.get_by_role("button", name="Zoom").click()
    width = page.locator(".t-page img").bounding_box()["width"]
    assert width > page.locator(".t-page").bounding_box()["width"] * 1.8
    assert places_of_marks(page) == before
    expect(page.locator(".t-mark").first).to_be_in_viewport()


def test_a_markdown_source_shows_the_passage_in_its_section(
    site: Site, open_page: OpenPage, shoot: Shoot
) -> None:
    page = open_page(site.url)
    ask(page, "How often should the blades of the fan be cleaned?")
    expect(page.locator(".t-section mark")).to_contain_text("every 200 hours")
    expect(page.locator(".t-panel-head")).to_contain_text("Maintenance › Clean the blades")
    expect(page.locator(".t-page")).to_have_count(0)
    shoot(page, "section")


def test_a_question_nobody_answers_shows_the_nearest_passages_and_can_be_reported(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url)
    ask(page, "Which wine goes with grilled salmon?")
    expect(page.locator(".t-text")).to_have_text("The manuals do not answer this.")
    page.locator(".t-sources .t-source").first.click()
    expect(page.locator("#panel-title")).not_to_be_empty()
    page.get_by_role("button", name="Report as missing").click()
    expect(page.locator(".t-toast")).to_contain_text("Reported")
    for _ in range(2):  # as it was reported, and as it is kept
        expect(page.get_by_role("button", name="Reported as missing")).to_be_disabled()
        page.reload()


def test_a_reload_returns_to_the_conversation(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.url)
    ask(page, QUESTION)
    answer = page.locator(".t-text").inner_text()
    assert "?c=" in page.url
    page.reload()
    expect(page.locator(".t-question h2")).to_have_text(QUESTION)
    expect(page.locator(".t-text")).to_have_text(answer)
    page.locator(".t-chip").first.click()
    expect(page.locator("#t-panel blockquote")).not_to_be_empty()


def test_conversations_are_listed_renamed_found_and_deleted_with_undo(
    site: Site, open_page: OpenPage, shoot: Shoot
) -> None:
    page = open_page(site.url)
    expect(page.locator("#t-rail-list")).to_contain_text("Questions you ask appear here")
    ask(page, QUESTION)
    page.get_by_role("button", name="Conversations", exact=True).click()
    row = page.locator("[data-conversation]")
    expect(row).to_have_text(QUESTION)
    row.hover()
    page.get_by_role("button", name=f"Rename {QUESTION}").click()
    page.locator("#t-dialog input").fill("Seal of Mr. Ökten's pump")
    page.locator("#t-dialog").get_by_role("button", name="Save").click()
    expect(row).to_have_text("Seal of Mr. Ökten's pump")
    shoot(page, "rail")
    page.locator("#t-rail-search").fill("nothing like that")
    expect(page.locator("#t-rail-list")).to_have_text("No conversation holds these words")
    page.locator("#t-rail-search").fill("screws valves")  # words of the answer
    expect(row).to_have_count(1)
    row.hover()
    page.get_by_role("button", name="Delete Seal of Mr. Ökten's pump").click()
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row).to_have_count(1)


def test_the_tab_and_the_list_are_called_as_the_question_and_not_as_its_greeting(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url)
    page.wait_for_selector(".t-start")
    expect(page).to_have_title("Tandem")
    story = "We have had the pump in the cellar since last autumn and it runs every day. " * 4
    ask(page, f"Hello team,\n\n{story}\n{QUESTION}\n\nKind regards\nKim")
    for _ in range(2):
        expect(page).to_have_title(f"{QUESTION} – Tandem")
        expect(page.locator("[data-conversation]")).to_have_text(QUESTION)
        page.reload()
    expect(page.locator(".t-turn")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page).to_have_title("Tandem")


def test_what_another_tab_has_asked_is_there_when_one_comes_back(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url)
    ask(page, QUESTION)
    page.locator(".t-text .t-chip").nth(1).click()
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(".t-turn")).to_have_count(1)
    ask(other, "How often should the blades of the fan be cleaned?")
    other.get_by_role("button", name="Edit and ask again").first.click()
    other.locator("#t-question").fill("How do I replace the seal of the X100?")
    other.keyboard.press("Enter")
    expect(other.locator(".t-turn").first.locator(".t-earlier")).to_have_count(1)
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator(".t-turn")).to_have_count(2)
    expect(page.locator(".t-turn").last).to_contain_text("every 200 hours")
    expect(page.locator(".t-turn h2").first).to_have_text("How do I replace the seal of the X100?")
    ask(page, "What are the blades of the fan cleaned with?")
    expect(page.locator(".t-turn")).to_have_count(3)
    page.reload()
    expect(page.locator(".t-turn")).to_have_count(3)


def test_another_browser_does_not_see_it(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.url)
    ask(page, QUESTION)
    other = open_page(site.url, path=page.url.removeprefix(site.url))
    expect(other.locator(".t-start")).to_be_visible()
    expect(other.locator("#t-rail-list")).not_to_contain_text("seal")


def test_an_answer_is_copied_clean_for_the_customer_and_with_its_sources_for_the_ticket(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url)
    ask(page, QUESTION)
    page.get_by_role("button", name="Copy for the customer").click()
    expect(page.locator(".t-toast")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert SEAL in copied
    assert not re.search(r"\[\d+\]|Source|Service Manual", copied)
    formatted = page.evaluate(
        """async () => (await (await navigator.clipboard.read())[0].getType("text/html")).text()"""
    )
    assert formatted.startswith("<p>") and SEAL in formatted
    page.get_by_role("button", name="Copy for the ticket").click()
    expect(page.locator(".t-toast")).to_contain_text(re.compile(r"^Copied with \d+ sources?$"))
    copied = page.evaluate("navigator.clipboard.readText()")
    assert SEAL in copied and copied.count(" [1]\n\n[1] Pump X100 Service Manual, ") == 1
    assert "page 2" in copied
    marks = set(re.findall(r"\[\d+\]", copied.partition("\n\n[1] ")[0]))
    assert marks == set(re.findall(r"^\[\d+\]", copied, re.M))


def test_a_text_that_is_too_long_is_neither_cut_nor_sent(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.url)
    text = "How do I replace the seal? " + "The dog barks. " * 1400 + "Last words."
    page.locator("#t-question").focus()
    page.keyboard.insert_text(text)
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".t-toast")).to_contain_text(f"20,000 characters; this has {len(text):,}")
    assert page.locator("#t-question").input_value() == text
    expect(page.locator(".t-turn")).to_have_count(0)


def test_an_edited_question_takes_the_place_of_its_turn_and_the_old_one_can_be_opened(
    site: Site, open_page: OpenPage, shoot: Shoot
) -> None:
    page = open_page(site.url)
    ask(page, QUESTION)
    ask(page, "How often should the blades of the fan be cleaned?")
    page.locator("#t-question").fill("a draft")
    page.get_by_role("button", name="Edit and ask again").first.click()
    expect(page.locator("#t-question")).to_have_value(QUESTION)
    page.keyboard.press("Escape")
    expect(page.locator("#t-question")).to_have_value("a draft")
    page.get_by_role("button", name="Edit and ask again").first.click()
    expect(page.get_by_text("Sending replaces the question and its answer.")).to_be_visible()
    page.locator("#t-question").fill("How do I replace the seal of the X100?")
    page.keyboard.press("Enter")
    first, last = page.locator(".t-turn").first, page.locator(".t-turn").last
    expect(first.locator(".t-question h2")).to_have_text("How do I replace the seal of the X100?")
    expect(first.locator("> .t-answer .t-text")).to_contain_text("12 Nm")
    for _ in range(2):  # as it was asked, and as it is kept
        expect(page.locator(".t-turn")).to_have_count(2)
        expect(last).to_contain_text("every 200 hours")
        expect(page.locator("#t-editing")).to_be_hidden()
        fold = first.get_by_text("Earlier wording")
        fold.click()
        expect(first.locator(".t-earlier h3").first).to_have_text(QUESTION)
        expect(first.locator(".t-earlier .t-text")).to_contain_text("close both valves")
        shoot(page, "edited")
        page.reload()
    first.locator(".t-earlier summary").click()
    first.locator(".t-earlier .t-text .t-chip").nth(1).click()
    expect(page.locator("#t-panel blockquote")).to_have_text(SEAL)


def test_votes_answer_in_words_stay_and_can_be_taken_back(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.url)
    ask(page, QUESTION)
    good, bad = (page.get_by_role("button", name=f"{word} answer") for word in ("Good", "Bad"))
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    bad.click()
    page.locator("#t-dialog input").fill("The torque is missing")
    page.locator("#t-dialog").get_by_role("button", name="Bad answer").click()
    for _ in range(2):  # as it was given, and as it is kept
        expect(bad).to_have_attribute("aria-pressed", "true")
        expect(good).to_have_attribute("aria-pressed", "false")
        expect(page.locator(".t-reason")).to_contain_text("The torque is missing")
        page.reload()
    bad.click()
    expect(page.locator(".t-toast")).to_have_text("Your vote was taken back.")
    for _ in range(2):
        expect(bad).to_have_attribute("aria-pressed", "false")
        expect(page.locator(".t-reason")).to_be_empty()
        page.reload()
    with page.expect_response("**/rate"):
        good.click()
    key = good.get_attribute("data-answer")
    assert page.evaluate(f"tandem.post('/answers/{key}/unrate').then((told) => told.done)")
    good.click()  # taken back in another tab meanwhile: nothing is claimed
    expect(page.locator(".t-toast")).to_have_text("There was no vote on this answer any more.")


def test_a_mode_that_cannot_run_says_what_is_missing(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.url)
    expect(page.locator(".t-light.idle")).to_have_count(1)  # the first look has been taken
    for name in ("Adapter", "Both"):
        mode = page.get_by_role("radio", name=name)
        expect(mode).to_be_disabled()
        mode.click(force=True)
        expect(page.locator(".t-toast")).to_contain_text("No model server is set")
    expect(page.get_by_role("radio", name="Compare")).to_be_enabled()
    page.get_by_role("radio", name="Documents").click()
    ask(page, QUESTION)
    expect(page.locator(".t-route")).to_contain_text("You chose the documents")


def test_the_product_filter_limits_the_answer(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.url)
    fan = product_with(page, "F-100")
    page.select_option("#t-product", fan)
    ask(page, QUESTION)
    expect(page.locator(".t-turn")).not_to_contain_text("close both valves")
    expect(page.locator(".t-question")).to_contain_text(f"Product: {fan}")
    page.reload()
    expect(page.locator(".t-question")).to_contain_text(f"Product: {fan}")


def test_a_long_list_of_products_can_be_searched(
    open_page: OpenPage, tmp_path: Path, shoot: Shoot
) -> None:
    with running_site(tmp_path / "data") as site:
        with client_of(site) as client:
            for n in (1, 2, 3, 4, 5, 6, 7, 10):
                text = FAN.replace("F-100", f"F-{n}00").replace("4 Nm", f"{n} Nm")
                upload(client, f"fan{n}.md", text.encode())
            wait_until_read(client)
        page = open_page(site.url)
        ask(page, "How do I replace the seal?")
        buttons = page.locator(".t-choices .t-button:visible")
        expect(buttons).to_have_text([f"Fan F-{n}00" for n in (1, 2, 3, 4, 5, 6, 7, 10)])
        shoot(page, "products")
        page.get_by_role("searchbox", name="Find a product").fill("fan f-7")
        expect(buttons).to_have_text(["Fan F-700"])
        page.get_by_role("searchbox", name="Find a product").fill("zebra")
        expect(buttons).to_have_count(0)
        page.get_by_role("searchbox", name="Find a product").fill("700")
        buttons.click()
        expect(page.locator(".t-turn").last.locator(".t-text")).to_contain_text("7 Nm")


def test_the_product_talked_of_stands_above_the_box_and_can_be_left(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url)
    chip = page.locator("#t-about")
    expect(chip).to_be_hidden()
    ask(page, "How do I clean the blades of the fan F-100?")
    expect(chip).to_contain_text("Product: ")
    expect(chip).to_contain_text("F-100")
    page.reload()
    expect(chip).to_contain_text("F-100")
    ask(page, "And how often?")
    expect(page.locator(".t-turn").last).to_contain_text("200 hours")
    chip.get_by_role("button", name="Ask about any product").click()
    expect(chip).to_be_hidden()
    expect(page.locator("#t-question")).to_be_focused()
    ask(page, "And how often?")
    expect(page.locator(".t-turn").last).to_contain_text("The manuals do not answer this.")
    expect(chip).to_be_hidden()
    page.reload()
    expect(page.locator(".t-turn")).to_have_count(3)
    expect(chip).to_be_hidden()


def test_a_filter_that_hides_the_product_of_the_question_offers_to_search_there(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url)
    pump = product_with(page, "X100")
    page.select_option("#t-product", pump)
    expect(page.locator("#t-about")).to_have_text(f"Only {pump}")
    ask(page, "How often do I clean the blades of the fan F-100?")
    turn = page.locator(".t-turn").last
    expect(turn.locator(".t-notice").first).to_contain_text("the question names")
    turn.get_by_role("button", name=re.compile("^Search .*F-100")).click()
    expect(page.locator(".t-turn").last).to_contain_text("200 hours")


def test_a_link_to_a_product_suggests_its_questions_and_the_filter_can_be_left(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url)
    pump = product_with(page, "X100")
    chosen = urlencode({"product": pump})
    with page.expect_request(f"**/start?{chosen}"):
        page.goto(f"{site.url}/?{chosen}")
    expect(page.locator("#t-about")).to_have_text(f"Only {pump}")
    page.get_by_role("button", name="Ask about any product").click()
    expect(page.locator("#t-about")).to_be_hidden()
    with page.expect_response("**/status"):
        page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator("#t-about")).to_be_hidden()
    expect(page.locator("#t-product")).to_have_value("")


def test_everything_works_by_keyboard_alone(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.url)
    expect(page.locator("#t-question")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector(".t-actions")
    page.locator("#t-question").blur()
    page.keyboard.press("?")
    expect(page.locator("#t-dialog")).to_contain_text("Open that source of the last answer")
    page.keyboard.press("Escape")
    expect(page.locator("#t-dialog")).to_be_hidden()
    page.keyboard.press("2")
    expect(page.locator(".t-panel-head .t-n")).to_have_text("2")
    page.keyboard.press("Escape")
    expect(page.locator("#t-panel")).to_be_hidden()
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused.startswith("Source 2")
    page.keyboard.press("Enter")
    expect(page.locator("#t-panel")).to_be_visible()
    page.keyboard.press("/")
    expect(page.locator("#t-question")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#t-question")).to_have_value(QUESTION)
    page.keyboard.press("Control+k")
    expect(page.locator(".t-start")).to_be_visible()
    assert "?c=" not in page.url


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_phone_shows_everything_without_sideways_scroll(
    site: Site, open_page: OpenPage, shoot: Shoot, dark: bool
) -> None:
    page = open_page(site.url, 390, 844, dark=dark)
    page.wait_for_selector(".t-start")
    shoot(page, f"phone-start-{'dark' if dark else 'light'}")
    ask(page, QUESTION)
    shoot(page, f"phone-answer-{'dark' if dark else 'light'}")
    expect(page.locator("#t-panel")).to_be_hidden()
    page.locator(".t-chip").first.click()
    expect(page.locator(".t-mark").first).to_be_in_viewport()
    shoot(page, f"phone-source-{'dark' if dark else 'light'}")
    for frame in ("html", ".t-thread", ".t-panel-inside"):
        assert page.locator(frame).evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    page.get_by_role("button", name="Close source").click()
    expect(page.locator("#t-panel")).to_be_hidden()


@pytest.mark.parametrize("width", [360, 375, 390, 393])
def test_nothing_of_the_bar_or_an_answer_leaves_a_narrow_phone(
    site: Site, open_page: OpenPage, width: int
) -> None:
    page = open_page(site.url, width, 800)
    expect(page.locator(".t-light")).to_have_count(2)
    ask(page, QUESTION)
    page.get_by_role("button", name="More", exact=True).click()
    expect(page.get_by_role("button", name="Copy for the ticket")).to_be_visible()
    outside = """() => [...document.querySelectorAll("#t-app *")].filter((e) => {
        const at = e.getBoundingClientRect();
        return at.width && !e.closest(".t-hidden") && (at.left < -0.5 || at.right > innerWidth + 0.5);
    }).map((e) => e.outerHTML.slice(0, 80))"""
    assert page.evaluate(outside) == []
    cut = """() => [...document.querySelectorAll("html, .t-bar, .t-modes, .t-bar nav, .t-turn, .t-actions")]
        .filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.className)"""
    assert page.evaluate(cut) == []


def test_the_panel_is_there_only_with_a_source_and_the_text_does_not_move_for_it(
    site: Site, open_page: OpenPage, shoot: Shoot
) -> None:
    page = open_page(site.url, 1440, 900)
    ask(page, "Hello!")
    expect(page.locator("#t-panel")).to_be_hidden()
    alone = page.locator(".t-ask-box").bounding_box()
    middle = page.locator(".t-main").bounding_box()
    assert (
        alone is not None and middle is not None
    )  # nothing is kept free beside an answer without a source
    assert abs(alone["x"] + alone["width"] / 2 - middle["x"] - middle["width"] / 2) < 10
    held: list[Route] = []
    page.route("**/sources/*", lambda route: held.append(route))
    ask(page, QUESTION)
    turn = page.locator(".t-turn").last
    expect(turn.locator(".t-actions")).to_be_visible()
    expect(page.locator("#t-panel")).to_be_hidden()
    parts = [turn.locator(part) for part in (".t-question", ".t-text", ".t-source >> nth=-1")]
    before = [part.bounding_box() for part in (*parts, page.locator(".t-ask-box"))]
    shoot(page, "no-source-yet")
    for route in held:
        route.continue_()
    expect(page.locator("#t-panel blockquote")).to_be_visible()
    assert [part.bounding_box() for part in (*parts, page.locator(".t-ask-box"))] == before
    words, why = (turn.locator(part).bounding_box() for part in (".t-text", ".t-route"))
    assert words is not None and why is not None and words["y"] < why["y"]  # the answer first
    sizes = "e => getComputedStyle(e).fontSize"
    assert turn.locator("h2").evaluate(sizes) == turn.locator(".t-text").evaluate(sizes)
    page.get_by_role("button", name="Close source").click()
    wide = page.locator(".t-ask-box").bounding_box()
    assert wide is not None and before[-1] is not None and wide["x"] > before[-1]["x"]


def test_words_from_right_to_left_read_right(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.url)
    way = "e => getComputedStyle(e).direction"
    assert page.locator("#t-question").evaluate(way) == "ltr"
    page.locator("#t-question").fill("איך מחליפים את האטם של X100?")
    assert page.locator("#t-question").evaluate(way) == "rtl"
    page.keyboard.press("Enter")
    page.wait_for_selector(".t-actions, .t-choices")
    for _ in range(2):
        heading = page.locator(".t-question h2")
        assert heading.evaluate(way) == "rtl"
        assert heading.evaluate("e => getComputedStyle(e).textAlign") == "start"
        page.reload()
        page.wait_for_selector(".t-turn")
    ask(page, QUESTION)
    assert page.locator(".t-turn").last.locator(".t-text p").first.evaluate(way) == "ltr"
    assert page.locator("#t-panel blockquote").get_attribute("dir") == "auto"


def test_an_opened_conversation_does_not_move_when_its_source_arrives(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url, 1440, 900)
    ask(page, QUESTION)
    held: list[Route] = []
    page.route(
        "**/sources/*", lambda route: held.append(route)
    )  # a lambda: Playwright takes no built-in
    page.reload()
    page.wait_for_selector(".t-source")
    before = page.locator(".t-source").last.bounding_box()
    for route in held:
        route.continue_()
    expect(page.locator("#t-panel blockquote")).to_be_visible()
    assert page.locator(".t-source").last.bounding_box() == before
    page.unroute("**/sources/*")
    page.route("**/sources/*", lambda route: route.abort())
    page.reload()
    expect(page.locator(".t-toasts")).to_contain_text("Tandem")
    expect(page.locator("#t-panel")).to_be_hidden()


def test_a_narrowed_window_closes_the_conversations_that_would_lie_over_the_text(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url, 1440, 900)
    expect(page.locator("#t-rail")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#t-rail")).to_be_hidden()
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.locator("#t-rail")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/admin/"])
def test_nothing_is_asked_of_another_machine(site: Site, open_page: OpenPage, path: str) -> None:
    page = open_page("about:blank", path="")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.url + path)
    page.wait_for_selector(".t-start, .t-table")
    page.wait_for_load_state("networkidle")
    assert asked
    assert [url for url in asked if not url.startswith((site.url, "data:", "blob:"))] == []


def test_dark_follows_the_system_and_a_choice_is_remembered(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url, dark=True)
    theme = "document.documentElement.dataset.theme"
    assert page.evaluate(theme) == "dark"
    page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate(theme) == "light"
    page.reload()
    page.wait_for_selector("#t-app")
    assert page.evaluate(theme) == "light"
    assert not page.evaluate("document.body.classList.contains('dark')")


def test_a_restarted_server_finds_the_page_as_it_was(open_page: OpenPage, tmp_path: Path) -> None:
    with running_site(tmp_path / "data") as first:
        with client_of(first) as client:
            upload(client, "fan.md", MARKDOWN.encode())
            wait_until_read(client)
        page = open_page(first.url)
        ask(page, "How often should the blades of the fan be cleaned?")
        page.locator("#t-question").press_sequentially("And with wat")
        expect(page.locator("#t-status")).to_contain_text("1 manual")
    expect(page.locator("#t-status")).to_have_text("Not connected")
    expect(page.locator("#t-status")).to_have_accessible_name("Status: Not connected")
    with running_site(tmp_path / "data", urlsplit(first.url).port or 0):
        page.wait_for_timeout(3000)
        expect(page.locator("#t-question")).to_have_value("And with wat")
        expect(page.locator(".t-text")).to_contain_text("200 hours")
        expect(page.locator("#t-status")).to_contain_text("1 manual")
        ask(page, "What are the blades of the fan cleaned with?")
        expect(page.locator(".t-turn").last).to_contain_text("dry cloth")


def test_a_question_that_the_server_never_got_is_in_the_box_after_a_reload(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url)
    page.route("**/queue/join*", lambda route: None)  # as when the server is just coming back
    page.locator("#t-question").fill(QUESTION)
    page.locator("#t-question").press("Enter")
    expect(page.locator("#t-question")).to_have_value("")
    page.reload()
    expect(page.locator("#t-question")).to_have_value(QUESTION)
    page.unroute("**/queue/join*")
    ask(page, QUESTION)
    page.reload()
    expect(page.locator(".t-turn .t-actions")).to_have_count(1)
    expect(page.locator("#t-question")).to_have_value("")


def test_a_reworded_question_that_never_arrives_leaves_its_turn_as_it_was(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url)
    ask(page, QUESTION)
    page.get_by_role("button", name="Edit and ask again").click()
    page.context.set_offline(True)
    page.locator("#t-question").fill("How do I store the pump?")
    page.locator("#t-question").press("Enter")
    expect(page.locator(".t-turn").last).to_contain_text("How do I store the pump?")
    expect(page.locator(".t-turn")).to_have_count(2)
    expect(page.locator(".t-turn").first).to_contain_text("close both valves")
    expect(page.locator("#t-question")).to_have_value("How do I store the pump?")
    page.context.set_offline(False)


def test_a_server_that_is_gone_is_told_in_words(site: Site, open_page: OpenPage) -> None:
    page = open_page(site.url)
    ask(page, QUESTION)
    page.context.set_offline(True)
    page.get_by_role("button", name="Good answer").click()
    expect(page.locator(".t-toast")).to_contain_text("No answer from the server")
    page.locator("#t-question").fill("And the torque of the screws?")
    page.locator("#t-question").press("Enter")
    expect(page.locator(".t-turn").last).to_contain_text("stands in the box again")
    expect(page.locator("#t-question")).to_have_value("And the torque of the screws?")
    page.context.set_offline(False)
    page.locator("#t-question").press("Enter")
    expect(page.locator(".t-turn").last.locator(".t-chip").first).to_be_visible()


def test_a_lost_connection_is_seen_in_the_status_line_and_its_return_too(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url)
    status = page.locator("#t-status")
    expect(status).to_contain_text("2 manuals")
    page.route("**/status", lambda route: route.abort("timedout"))
    page.evaluate("tandem.status()")
    expect(status).to_have_text("Not connected")
    page.unroute("**/status")
    expect(status).to_contain_text("2 manuals")  # by itself, with the next look


def test_small_talk_is_answered_in_a_sentence_and_the_talk_goes_on(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url)
    ask(page, "Hello!")
    last = page.locator(".t-turn").last
    expect(last.locator(".t-text")).to_have_text("Hello! What does the customer need?")
    expect(last.locator(".t-route, .t-actions, .t-sources")).to_have_count(0)
    ask(page, "How do I replace the seal of the X100?")
    expect(page.locator(".t-turn").last.locator(".t-chip").first).to_be_visible()
    page.reload()
    expect(page.locator(".t-turn")).to_have_count(2)
    expect(page.locator(".t-turn").first).to_contain_text("What does the customer need?")


def test_no_source_of_an_earlier_answer_stands_beside_one_without(
    site: Site, open_page: OpenPage
) -> None:
    page = open_page(site.url, 1440, 900)
    for said in ("Thanks!", "Which wine goes with grilled salmon?"):
        ask(page, QUESTION)
        expect(page.locator("#t-panel blockquote")).to_be_visible()
        ask(page, said)
        expect(page.locator("#t-panel")).to_be_hidden()
    page.locator(".t-turn").first.locator(".t-chip").first.click()
    expect(page.locator("#t-panel blockquote")).to_be_visible()  # one that is asked for is shown


def test_a_question_that_the_server_has_does_not_stand_in_the_box_too(
    site: Site, open_page: OpenPage
) -> None:
    """A reload just after sending: the page cannot know yet whether the question arrived."""
    page = open_page(site.url)
    ask(page, "How do I replace the seal?")
    for sent, stands in (
        ("How do I replace the seal?", ""),
        ("How do I store it?", "How do I store it?"),
    ):
        page.evaluate("sent => sessionStorage.setItem('tandem.sent', sent)", sent)
        page.reload()
        expect(page.locator(".t-turn")).to_have_count(1)
        expect(page.locator("#t-question")).to_have_value(stands)


def test_a_question_sent_the_moment_an_answer_ends_is_taken(
    site: Site, open_page: OpenPage
) -> None:
    """The page's framework dropped it in silence until the server had closed the stream of the answer before."""
    page = open_page(site.url)
    page.evaluate(
        """() => {
            const shown = tandem.answer;
            tandem.answer = (update) => {
                shown(update);
                if (update.phase !== "done" || window.asked) return;
                window.asked = true;
                document.getElementById("t-question").value = "How heavy is the fan?";
                document.querySelector(".t-send").click();
            };
        }"""
    )
    ask(page, QUESTION)
    expect(page.locator(".t-turn")).to_have_count(2)
    expect(page.locator(".t-turn .t-answer > .t-state.busy")).to_have_count(0)
    expect(page.locator(".t-turn").last).not_to_contain_text("did not take")
    expect(page.locator(".t-turn").last.locator(".t-route")).to_be_visible()
