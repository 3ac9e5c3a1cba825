"""The modes in the browser, in front of a model server that writes, waits, breaks off, comes and goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage, ask
from tests.support.manuals import PUMP
from tests.support.ports import free_port
from tests.support.serving import Site, client_of, running_site, upload, wait_until_read
from tests.support.waiting import wait_for
from tests.support.writing_server import WritingServer, serve_adapter, writing_server

Shoot = Callable[[Page, str], None]
QUESTION = "How do I replace the seal of the pump?"
ANSWER = (
    "Remove the four screws of the cover. [1] Tighten the screws to 12 Nm. [1] Use only oil of the maker, as `[1]` says.\n\n"
    "Never run the pump dry. [2]"
)


@pytest.fixture(scope="module")
def server() -> Iterator[WritingServer]:
    with writing_server() as made:
        yield made


@pytest.fixture(scope="module")
def served(server: WritingServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with one manual, a model server and an adapter that was trained on all of it."""
    with pump_site(tmp_path_factory.mktemp("modes") / "data", server.url) as made:
        serve_adapter(made.data)
        yield made


@contextmanager
def pump_site(data: Path, url: str) -> Iterator[Site]:
    """A server with one manual in front of the model server at an address."""
    waits = {"TANDEM_ANSWER_SECONDS": "600"}  # what is stopped must not end by itself
    with running_site(data, TANDEM_OLLAMA_URL=url, TANDEM_CHAT_MODEL="m:latest", **waits) as made:
        with client_of(made) as client:
            upload(client, "pump.md", PUMP.encode())
            wait_until_read(client)
        yield made


def send(page: Page, text: str = QUESTION) -> None:
    """Ask without waiting for the answer."""
    page.locator("#t-question").fill(text)
    page.locator("#t-question").press("Enter")


def choose(page: Page, mode: str) -> None:
    """Choose a mode as soon as it lights up."""
    radio = page.get_by_role("radio", name=mode)
    expect(radio).to_be_enabled()
    radio.click()


def test_an_answer_is_written_before_ones_eyes_and_each_sentence_says_where_it_stands(
    served: Site, server: WritingServer, open_page: OpenPage, shoot: Shoot
) -> None:
    server.write(ANSWER, pause=0.05, hold=True)
    page = open_page(served.url)
    choose(page, "Documents")
    send(page)
    running = page.locator(".t-turn .t-answer:has(.t-state.busy)")
    expect(running.locator(".t-chip")).to_have_count(2)  # while it is still being written
    shoot(page, "modes-streaming")
    parts = [page.locator(part).first for part in (".t-question", ".t-answer > .t-text p")]
    before = [part.bounding_box() for part in parts]
    server.last.set()
    page.wait_for_selector(".t-actions")
    expect(page.get_by_role("button", name="Edit and ask again")).to_be_visible()
    for part, was in zip(parts, before, strict=True):
        box = part.bounding_box()
        assert box is not None and was is not None
        assert (box["x"], box["y"], box["width"]) == (was["x"], was["y"], was["width"])
    expect(page.locator(".t-route")).to_have_text("Documents You chose the documents.")
    expect(page.locator(".t-answer > .t-text .t-chip")).to_have_count(3)
    expect(page.locator(".t-answer > .t-text > p")).to_have_count(2)
    unsupported = page.locator(".t-unsupported")
    expect(unsupported).to_have_text("Use only oil of the maker, as `[1]` says. not in the manuals")
    assert "dotted" in unsupported.locator("> span").evaluate(
        "e => getComputedStyle(e).textDecoration"
    )
    expect(page.locator(".t-meta")).to_have_text(
        re.compile(r"^3 of 4 sentences supported · m:latest · \d+\.\d s$")
    )
    page.locator(".t-answer > .t-text .t-chip").nth(1).click()
    expect(page.locator(".t-section mark")).to_have_text("Tighten the screws to 12 Nm.")
    shoot(page, "modes-answer")
    assert server.models() == ["m:latest"]


def test_while_a_model_is_slow_the_manuals_own_words_are_there_and_stay_beside_its_answer(
    served: Site, server: WritingServer, open_page: OpenPage, shoot: Shoot
) -> None:
    server.write("", ends="stall")
    page = open_page(served.url)
    choose(page, "Documents")
    send(page)
    running = page.locator(".t-turn .t-answer:has(.t-state.busy)")
    quotes = running.locator(".t-quotes")
    expect(quotes).to_contain_text("Tighten the screws to 12 Nm.")
    expect(running.locator(".t-state")).to_contain_text("the words of the manual")
    quotes.locator(".t-chip").first.click()
    expect(page.locator(".t-section mark")).to_be_visible()
    shoot(page, "modes-quotes-first")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".t-answer")).to_contain_text("Stopped before its end.")
    expect(page.locator(".t-quotes")).to_contain_text("12 Nm")
    expect(page.locator(".t-quotes .t-text")).to_be_visible()
    server.write("Remove the four screws of the cover. [1]")
    ask(page, QUESTION)
    last = page.locator(".t-turn").last
    expect(last.locator(".t-answer > .t-text")).to_have_text(re.compile("^Remove the four screws"))
    folded = last.locator(".t-quotes .t-text")
    expect(folded).to_be_hidden()
    last.get_by_text("In the manual's own words").click()
    expect(folded).to_contain_text("Tighten the screws to 12 Nm.")
    folded.locator(".t-chip").last.click()
    expect(page.locator(".t-section mark")).to_have_text("Tighten the screws to 12 Nm.")
    shoot(page, "modes-quotes-beside")


def test_a_stream_that_breaks_off_is_replaced_by_quotes_and_says_so(
    served: Site, server: WritingServer, open_page: OpenPage, shoot: Shoot
) -> None:
    server.write("Hold the blue lever and pull.", pause=0.15, ends="cut", hold=True)
    page = open_page(served.url)
    choose(page, "Documents")
    send(page)
    expect(page.locator(".t-answer > .t-text")).to_contain_text("Hold the")
    server.last.set()
    page.wait_for_selector(".t-actions")
    expect(page.locator(".t-answer > .t-text")).to_contain_text("12 Nm")
    expect(page.locator(".t-turn")).not_to_contain_text("Hold the")
    expect(page.locator(".t-notice")).to_contain_text("This answer quotes the manuals instead.")
    expect(page.locator(".t-meta")).to_contain_text("quoted word for word")
    expect(page.locator(".t-meta")).not_to_contain_text("m:latest")
    shoot(page, "modes-quotes")


def test_who_waits_in_line_sees_the_place_and_moves_up(
    served: Site, server: WritingServer, open_page: OpenPage, shoot: Shoot
) -> None:
    server.write("Remove the four screws of the cover.", ends="stall")
    first, second = open_page(served.url), open_page(served.url)
    # Where the manuals answer, one waits only some seconds in line; from memory, as long as it takes.
    for page, mode in ((first, "Documents"), (second, "Adapter")):
        choose(page, mode)
        send(page)
        page.wait_for_selector(".t-route")
        first.wait_for_selector(".t-answer > .t-text")
    expect(second.locator(".t-state")).to_have_text(
        "The model server is busy: you are number 1 in line"
    )
    shoot(second, "modes-waiting")
    server.ends = "well"
    first.get_by_role("button", name="Stop").click()
    second.wait_for_selector(".t-actions")
    expect(second.locator(".t-answer > .t-text")).to_contain_text("four screws")


def test_stop_ends_the_request_at_the_model_and_keeps_what_was_written(
    served: Site, server: WritingServer, open_page: OpenPage, shoot: Shoot
) -> None:
    server.write("Remove the four screws of the cover. [1] Then pull", pause=0.15, ends="stall")
    page = open_page(served.url)
    choose(page, "Documents")
    send(page)
    expect(page.locator(".t-answer > .t-text")).to_contain_text("Remove")
    wait_for(lambda: server.stalled > 20)  # the page may be given the last words with the next one
    page.get_by_role("button", name="Stop").click()
    wait_for(lambda: server.gone)
    page.wait_for_selector(".t-send.stop", state="hidden")
    for _ in range(2):
        expect(page.locator(".t-answer")).to_contain_text("Stopped before its end.")
        expect(page.locator(".t-answer > .t-text")).to_contain_text("Then pull")
        expect(page.locator(".t-answer > .t-text .t-chip")).to_have_count(1)
        shoot(page, "modes-stopped")
        page.reload()
        page.wait_for_selector(".t-turn")


def test_a_model_that_pauses_in_the_middle_is_waited_for(
    served: Site, server: WritingServer, open_page: OpenPage
) -> None:
    server.write(ANSWER, pause=0.15, hold=True)
    page = open_page(served.url)
    choose(page, "Documents")
    send(page)
    expect(page.locator(".t-answer > .t-text .t-chip")).to_have_count(2)
    page.wait_for_timeout(8_000)  # after five seconds of silence the page looks what is kept
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    server.last.set()
    expect(page.locator(".t-answer > .t-text .t-chip")).to_have_count(3)
    expect(page.locator(".t-meta")).to_contain_text("3 of 4 sentences supported")


@pytest.mark.parametrize("way", ["closed", "left"])
def test_a_page_that_goes_takes_its_question_along(
    served: Site, server: WritingServer, open_page: OpenPage, way: str
) -> None:
    server.write("Remove the four screws", pause=0.15, ends="stall")
    page = open_page(served.url)
    choose(page, "Documents")
    send(page)
    expect(page.locator(".t-answer > .t-text")).to_contain_text("Remove")
    if way == "closed":
        page.close()
    else:
        page.goto(served.url + "/admin/")
    wait_for(lambda: server.gone)


def test_the_adapter_answers_from_memory_and_that_it_has_no_source_stays_in_the_history(
    served: Site, server: WritingServer, open_page: OpenPage, shoot: Shoot
) -> None:
    server.write("It was built in Ulm. It is green.")
    page = open_page(served.url)
    expect(page.get_by_role("radio", name="Adapter")).to_be_enabled()
    page.get_by_role("radio", name="Auto").focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Adapter")).to_be_checked()
    ask(page, "Who built it?")
    for _ in range(2):
        expect(page.locator(".t-route")).to_contain_text("Adapter")
        expect(page.locator(".t-notice")).to_contain_text("No source in the manuals")
        expect(page.locator(".t-meta")).to_contain_text("0 of 2 sentences supported · desk:v1")
        expect(page.locator(".t-unsupported em")).to_have_count(1)
        shoot(page, "modes-memory")
        page.reload()
        page.wait_for_selector(".t-turn")
    choose(page, "Both")
    ask(page, QUESTION)
    expect(page.locator(".t-turn").last.locator(".t-route")).to_have_text("Both You chose both.")
    assert server.models() == ["desk:v1", "desk:v1"]


def test_auto_says_why_it_went_where_it_went(
    served: Site, server: WritingServer, open_page: OpenPage
) -> None:
    server.write("Tighten the screws to 12 Nm.")
    page = open_page(served.url)
    expect(page.get_by_role("radio", name="Both")).to_be_enabled()
    ask(page, QUESTION)
    expect(page.locator(".t-route")).to_contain_text("The manuals cover this")
    expect(page.locator(".t-answer > .t-text .t-chip")).to_have_count(1)


def test_modes_are_compared_by_what_they_say(
    served: Site, server: WritingServer, open_page: OpenPage
) -> None:
    """Whatever writes the two answers, each is its text alone until the vote, and its mode and model after it."""
    server.write("Tighten the screws to 12 Nm.")
    page = open_page(served.url)
    page.get_by_role("radio", name="Compare").click()
    for text in (QUESTION, "How do I replace the seal?", "Replacing the seal of the pump"):
        page.locator("#t-question").fill(text)
        page.locator("#t-question").press("Enter")
        turn = page.locator(".t-turn").last
        expect(turn.get_by_role("heading", name=text)).to_be_visible()
        expect(turn.locator(".t-pair, .t-route").first).to_be_visible()
        if turn.locator(".t-pair[data-open]").count():
            expect(turn.locator(".t-chip, .t-route, .t-notice")).to_have_count(0)
            turn.get_by_role("button", name="About equal").click()
            expect(turn).to_contain_text("You found both about equal.")
        expect(turn.locator(".t-route").first).to_be_visible()


@pytest.mark.parametrize(("width", "dark"), [(1920, False), (1280, True), (390, False)])
def test_the_lights_say_who_answers(
    served: Site, open_page: OpenPage, shoot: Shoot, width: int, dark: bool
) -> None:
    page = open_page(served.url, width, 844, dark=dark)
    expect(page.locator(".t-light.good")).to_have_count(3)
    expect(page.locator("#t-status")).to_have_accessible_name(
        re.compile("Adapter desk.*Documents: m:latest")
    )
    page.locator("#t-status").click()
    dialog = page.locator("#t-dialog")
    expect(dialog).to_contain_text("1 manual")
    expect(dialog).to_contain_text("Adapter desk")
    expect(dialog).to_contain_text("Documents: m:latest")
    shoot(page, f"modes-status-{width}")


def test_modes_light_up_by_themselves_and_age_with_the_manuals(
    open_page: OpenPage, tmp_path: Path, shoot: Shoot
) -> None:
    port = free_port()
    with pump_site(tmp_path / "data", f"http://127.0.0.1:{port}") as site:
        serve_adapter(site.data, name="aurora-x200")
        page = open_page(site.url, 1600)
        adapter = page.get_by_role("radio", name="Adapter")
        expect(adapter).to_be_disabled()
        # until the page knows of the servers, the button says what it is for
        expect(page.locator(".t-light.idle")).to_have_text("No model server: answers are quotes")
        adapter.click(force=True)
        expect(page.locator(".t-toast")).to_contain_text("The model server does not answer")
        shoot(page, "modes-down")
        with writing_server("Tighten the screws to 12 Nm.", port):
            expect(adapter).to_be_enabled()
            expect(page.locator("#t-status")).to_contain_text("Adapter aurora-x200")
            page.reload()
            expect(page.locator(".t-note")).to_contain_text("demonstration adapter")
            shoot(page, "modes-demonstration")
            choose(page, "Adapter")
            ask(page, QUESTION)
            expect(page.locator(".t-meta")).to_contain_text("desk:v1")
            with client_of(site) as client:
                upload(client, "pump.md", PUMP.replace("12 Nm", "14 Nm").encode(), publish=True)
                wait_until_read(client)
            expect(page.locator(".t-light.warn")).to_have_text(
                "Adapter aurora-x200, 1 manual newer"
            )
            shoot(page, "modes-stale")
            serve_adapter(site.data, known=False)
            expect(page.locator(".t-light.warn")).to_have_text("Adapter desk, training unknown")
        expect(adapter).to_be_disabled()
        expect(adapter).to_be_checked()
        ask(page, QUESTION)
        expect(page.locator(".t-turn").last.locator(".t-notice")).to_contain_text(
            "No fine-tuned model is running"
        )
        expect(page.locator(".t-turn").last.locator(".t-answer > .t-text")).to_contain_text("14 Nm")
