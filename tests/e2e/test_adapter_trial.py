"""A candidate adapter on trial in Chromium: begun, voted on by an agent who cannot tell, and served with one click."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from chatbot.operations.deployment import open_assistant
from chatbot.settings import Settings
from tests.e2e.conftest import OpenPage, at_rest
from tests.support.model_server import ModelServer
from tests.support.rivals import BOLTS, LISTED, QUESTIONS, reworded, save_rivals, talking
from tests.support.serving import Site, client_of, running_site, upload, wait_until_read
from tests.support.waiting import wait_for


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    server = ModelServer(said=talking(reworded), models=LISTED)
    folder = tmp_path_factory.mktemp("mill") / "data"
    with (
        contextlib.closing(server),
        running_site(folder, TANDEM_OLLAMA_URL=server.url, TANDEM_CHAT_MODEL="m:latest") as made,
    ):
        with client_of(made) as client:
            upload(client, "mill.md", BOLTS.encode())
            wait_until_read(client)
        with contextlib.closing(open_assistant(Settings.load({}, data=made.data))) as assistant:
            save_rivals(assistant.models.registry, assistant.catalog)
        with client_of(made) as client:  # it was seen without adapters for some seconds
            wait_for(lambda: "Adapter desk-v1" in client.get("/status").text)
        yield made


def faults(page: Page) -> list[str]:
    at_rest(page)
    found = Axe().run(page).response["violations"]
    return [fault["id"] for fault in found]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_candidate_is_tried_and_served(
    mill: Site, open_page: OpenPage, shoot: Callable[[Page, str], None], width: int
) -> None:
    engineer = open_page(mill.url, width, 900, path="/models")
    engineer.get_by_text("Try it beside what is served").click()
    engineer.get_by_label("Such questions that take part, of 100").fill("100")
    assert faults(engineer) == []
    engineer.get_by_role("button", name="Begin a trial of desk-v2").click()
    expect(engineer.get_by_role("status").first).to_contain_text("The trial runs.")
    agent = open_page(mill.url, width, 900)
    agent.locator("#t-question").fill(QUESTIONS[0 if width > 400 else 1])
    agent.locator("#t-question").press("Enter")
    pair = agent.locator(".t-pair")
    expect(pair).to_contain_text("This question is part of a trial")
    expect(pair).to_contain_text("are tightened to")
    assert "desk-v" not in pair.evaluate("pair => pair.outerHTML")
    side = "A" if "are tightened" in pair.get_by_role("article").nth(0).inner_text() else "B"
    pair.get_by_role("button", name=f"{side} is better").click()
    expect(pair).to_contain_text(f"You found {side} better.")
    expect(pair).to_contain_text("The candidate")
    expect(pair).to_contain_text("Written by desk-v2:latest.")
    engineer.reload()
    card = engineer.locator("section", has=engineer.get_by_role("heading", name="desk-v2 beside"))
    expect(card).to_contain_text("The candidate and As served: no difference yet")
    expect(card).to_contain_text("the manuals contradict 0 by desk-v2")
    assert engineer.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults(engineer) == []
    shoot(engineer, f"adapter-trial-{width}")
    card.get_by_role("button", name="Serve desk-v2").click()
    engineer.get_by_role("dialog").get_by_role("button", name="Serve", exact=True).click()
    expect(engineer.get_by_role("status").first).to_contain_text("The adapter is served.")
    expect(card).to_contain_text("desk-v2 was served.")
    engineer.get_by_role("button", name="Go back to desk-v1").click()
    engineer.get_by_role("dialog").get_by_role("button", name="Go back to desk-v1").click()
    expect(engineer.get_by_role("status").first).to_contain_text("served again")
