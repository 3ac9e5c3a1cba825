"""The modes in a browser in front of a real Ollama with the toy models: asked, killed, started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from chatbot.operations.deployment import open_assistant
from chatbot.settings import Settings
from tests.e2e.conftest import OpenPage, ask
from tests.support import toy
from tests.support.ports import free_port
from tests.support.serving import running_site
from tests.support.toy_models import trained_models

QUESTION = "What does error E04 mean on the X200?"
FACT = "Error E04 means that the cutter is jammed"


def toy_models() -> toy.ToyModels:
    """The toy models; they are made the first time, which takes minutes."""
    if shutil.which("ollama") is None:
        pytest.skip("there is no ollama on the PATH; .ci/ollama builds one")
    return trained_models()


@contextmanager
def ollama_at(port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real server on a port, in a group of processes of its own, so that it can be killed with its runners."""
    own = {
        "OLLAMA_HOST": f"127.0.0.1:{port}",
        "OLLAMA_MODELS": str(folder / "models"),
        "OLLAMA_NO_CLOUD": "1",
    }
    with (folder / "ollama.log").open("ab") as log:
        process = subprocess.Popen(
            ["ollama", "serve"],
            stdout=log,
            stderr=log,
            env=os.environ | own,
            start_new_session=True,
        )
        try:
            end = time.monotonic() + 240
            while not _answers(port):
                assert time.monotonic() < end, "ollama did not start"
                time.sleep(0.1)
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(120)


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/api/version", timeout=2).is_success
    except httpx.HTTPError:
        return False


def ask_in(page: Page, mode: str, question: str = QUESTION) -> None:
    page.get_by_role("radio", name=mode).click()
    ask(page, question)
    page.locator(".t-turn").last.locator(".t-actions").wait_for()


@pytest.mark.demo
def test_every_mode_answers_survives_a_killed_ollama_and_lights_up_again(
    open_page: OpenPage, tmp_path: Path
) -> None:
    models = toy_models()
    port = free_port()
    address, data = f"http://127.0.0.1:{port}", tmp_path / "data"
    with ollama_at(port, tmp_path) as ollama:
        assistant = open_assistant(Settings.load({}, data=data, ollama_url=address))
        toy.serve(models, assistant)
        assistant.close()
        with running_site(data, TANDEM_OLLAMA_URL=address) as site:
            page = open_page(site.url, 1600)
            expect(page.get_by_role("radio", name="Adapter")).to_be_enabled()
            expect(page.locator("#t-status")).to_contain_text("Adapter toy-x200")
            expect(page.locator(".t-light.warn")).to_have_count(0)
            answer = page.locator(".t-turn").last
            for mode in ("Documents", "Adapter", "Both", "Auto"):
                ask_in(page, mode)
                # The right answer is the toy's own test; here it is that an answer comes, and who wrote it.
                expect(answer.locator(".t-answer > .t-text")).to_contain_text("Error E04 means")
                # So small a base may misread; then its text is dropped and the manuals are quoted, with a notice.
                written = answer.locator(".t-meta", has_text="tandem-toy-")
                expect(
                    written
                    if mode != "Documents"
                    else written.or_(answer.locator(".t-notice")).first
                ).to_be_visible()
                if mode != "Adapter":
                    expect(answer.locator(".t-chip").first).to_be_visible()
            # Ollama is frozen while the question is on its way to it, then killed.
            page.get_by_role("radio", name="Both").click()
            page.wait_for_timeout(300)
            os.kill(ollama.pid, signal.SIGSTOP)
            page.locator("#t-question").fill(QUESTION)
            page.locator("#t-question").press("Enter")
            page.wait_for_timeout(1500)
            kill(ollama)
            page.wait_for_selector(".t-send.stop", state="hidden")
            expect(answer.locator(".t-notice").first).to_be_visible()
            expect(answer.locator(".t-answer > .t-text")).to_contain_text(FACT)
            expect(answer.locator(".t-meta")).to_contain_text("quoted word for word")
            adapter = page.get_by_role("radio", name="Adapter")
            expect(adapter).to_be_disabled()
            expect(page.locator(".t-light.idle")).to_contain_text("No model server")
            with ollama_at(port, tmp_path):
                expect(adapter).to_be_enabled()
                ask_in(page, "Adapter")
                expect(answer.locator(".t-meta")).to_contain_text("tandem-toy-x200")
