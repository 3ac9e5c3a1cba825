"""A scan from upload to answer in a browser: the quote is what the page says, and the marks lie on its words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from knowledge.types import Box
from tests.e2e.conftest import OpenPage, ask
from tests.knowledge.test_scans import read_in
from tests.parsing.test_ocr import SEAL, STORAGE
from tests.support.scans import needs_libreoffice, needs_tesseract, page_picture, saved_as, scan
from tests.support.serving import client_of, running_site, upload, wait_until_read

Shoot = Callable[[Page, str], None]


@needs_tesseract
def test_a_scan_is_uploaded_asked_and_marked_on_its_picture(
    tmp_path: Path, open_page: OpenPage, shoot: Shoot
) -> None:
    pages = [page_picture(SEAL), page_picture(STORAGE).rotate(90, expand=True)]
    with running_site(tmp_path / "data") as site, client_of(site) as client:
        upload(client, "pump.pdf", scan(tmp_path / "pump.pdf", pages).read_bytes())
        state = wait_until_read(client)
        assert "Ready" in state["jobs"]
        page = open_page(site.url)
        ask(page, "How much oil goes into the housing before winter?")
        expect(page.locator(".t-turn").last).to_contain_text("compare its figures with the picture")
        said = page.locator(".t-text span", has_text="250 ml").first
        said.locator(".t-chip").first.click()
        quote = page.locator("#t-panel blockquote")
        expect(quote).to_contain_text("put 250 ml of oil into the housing.")
        image = page.locator(".t-page img")
        page.wait_for_function(
            "image => image.complete && image.naturalWidth > 0", arg=image.element_handle()
        )
        shoot(page, "scan")
        shown = pages[1]  # the picture that was scanned, not the one that is shown
        frame = image.bounding_box()
        marked = []
        for mark in page.locator(".t-mark").all():
            place = mark.bounding_box()
            left = (place["x"] - frame["x"]) / frame["width"]
            top = (place["y"] - frame["y"]) / frame["height"]
            right = left + place["width"] / frame["width"]
            box = Box(left, top, right, top + place["height"] / frame["height"])
            marked.append(read_in(shown, box, 270))
        assert " ".join(marked) == " ".join(quote.inner_text().split())


@needs_tesseract
def test_what_was_read_says_which_pages_ocr_has_read(tmp_path: Path, open_page: OpenPage) -> None:
    with running_site(tmp_path / "data") as site, client_of(site) as client:
        upload(client, "pump.pdf", scan(tmp_path / "pump.pdf", [page_picture(SEAL)]).read_bytes())
        wait_until_read(client)
        page = open_page(site.url, path="/versions/1/read")
        page.locator("summary").first.click()
        expect(page.locator("img[alt*='1']")).to_be_visible()
        expect(page.get_by_text("Read by OCR: page 1")).to_be_visible()
        expect(page.get_by_text("Tighten the screws to 12.5 Nm, crosswise.")).to_be_visible()


@needs_libreoffice
def test_an_old_word_file_is_uploaded_and_asked(tmp_path: Path, open_page: OpenPage) -> None:
    from tests.parsing.test_old_office import WORD
    from tests.support.files import word_file

    old = saved_as(word_file(tmp_path / "pump.docx", WORD), "doc")
    with running_site(tmp_path / "data") as site, client_of(site) as client:
        upload(client, "pump.doc", old.read_bytes())
        wait_until_read(client)
        page = open_page(site.url)
        ask(page, "How do I replace the seal? How tight are the screws?")
        expect(page.locator(".t-text").first).to_contain_text("Tighten the screws to 12.5 Nm.")
