"""Scans in the library: quotations marked on the picture at the right words, and a queue that goes on."""

from __future__ import annotations

import io
import os
import subprocess
import time
from pathlib import Path

import pytest
from PIL import Image

from knowledge.errors import NoSuchPage
from knowledge.ingestion.worker import SOON
from knowledge.library import Library, open_library
from knowledge.rendering import page_images
from knowledge.rendering.words import word_boxes
from knowledge.search.retriever import Search
from knowledge.types import Box, Manual, PlacedWord
from tests.knowledge.test_page_images import ink
from tests.parsing.test_ocr import SEAL, STORAGE
from tests.support.manuals import PUMP, only, put
from tests.support.scans import mixed_pdf, needs_tesseract, page_picture, program, scan
from tests.support.waiting import wait_for

pytestmark = needs_tesseract


def added(library: Library, path: Path, name: str) -> Manual:
    job = put(library, name, path.read_bytes())
    assert job.state == "done", job.message
    return only(library)


def picture_of(library: Library, manual: Manual, number: int) -> Image.Image:
    image = page_images.page_image(library, manual.version_id, number, 2400)
    return Image.open(io.BytesIO(image)).convert("L")


def boxes_of(library: Library, manual: Manual, number: int, quote: str) -> tuple[Box, ...]:
    text = library.page(manual.version_id, number).text
    start = text.replace(" \n", "  ").find(quote.replace("\n", "  "))
    assert start >= 0, text
    return page_images.boxes(library, manual.version_id, number, start, start + len(quote) + quote.count("\n"))  # fmt: skip


def read_in(picture: Image.Image, box: Box, turn: int = 0) -> str:
    """What tesseract, asked apart, reads in a box of a picture that is first turned upright."""
    wide, high = picture.size
    edge = 8
    cut = picture.crop(
        (
            round(box.left * wide) - edge, round(box.top * high) - edge,
            round(box.right * wide) + edge, round(box.bottom * high) + edge,
        )
    ).rotate(turn, expand=True)  # fmt: skip
    framed = Image.new("L", (cut.width + 80, cut.height + 80), 255)
    framed.paste(cut, (40, 40))
    held = io.BytesIO()
    framed.save(held, "PNG")
    out = subprocess.run(
        ["tesseract", "stdin", "stdout", "--dpi", "300", "--psm", "7"],
        input=held.getvalue(), capture_output=True, check=True,
    )  # fmt: skip
    return out.stdout.decode().strip()


def test_boxes_lie_on_the_quoted_words_of_a_scan(library: Library, tmp_path: Path) -> None:
    manual = added(library, scan(tmp_path / "s", [page_picture(SEAL)]), "pump.pdf")
    picture = picture_of(library, manual, 1)
    lines = boxes_of(library, manual, 1, "Switch the pump off before you open the cover. Close\nboth valves and wait")  # fmt: skip
    assert [read_in(picture, box) for box in lines] == [
        "Switch the pump off before you open the cover. Close",
        "both valves and wait",
    ]
    (torque,) = boxes_of(library, manual, 1, "12.5 Nm")
    assert read_in(picture, torque).rstrip(",") == "12.5 Nm"
    everything = page_images.boxes(library, manual.version_id, 1, 0, 10_000)
    assert sum(ink(picture, box) for box in everything) >= 0.98 * ink(picture)


@pytest.mark.parametrize(("turn", "back"), [(90, 270), (180, 180), (270, 90)])
def test_boxes_lie_on_the_words_of_a_turned_page(
    library: Library, tmp_path: Path, turn: int, back: int
) -> None:
    turned = page_picture(SEAL).rotate(turn, expand=True)
    manual = added(library, scan(tmp_path / "s", [turned]), "pump.pdf")
    (box,) = boxes_of(library, manual, 1, "Remove the four screws")
    assert read_in(picture_of(library, manual, 1), box, back) == "Remove the four screws"


def test_boxes_lie_on_the_words_of_every_page_of_a_tiff(library: Library, tmp_path: Path) -> None:
    pages = [page_picture(SEAL), page_picture(STORAGE)]
    pages[0].save(tmp_path / "t", "TIFF", save_all=True, append_images=pages[1:], dpi=(300, 300))
    manual = added(library, tmp_path / "t", "fax.tif")
    assert (manual.pages, manual.paged) == (2, True)
    (box,) = boxes_of(library, manual, 2, "250 ml of oil")
    assert read_in(picture_of(library, manual, 2), box) == "250 ml of oil"
    assert page_images.page_size(library, manual.version_id, 2) == pytest.approx((595, 842), abs=1)
    with pytest.raises(NoSuchPage):
        page_images.page_image(library, manual.version_id, 3)


def test_pages_with_text_of_their_own_are_marked_as_before(
    library: Library, tmp_path: Path
) -> None:
    typed = "The lever of the pump stands at position 7."
    manual = added(library, mixed_pdf(tmp_path / "m", [typed, page_picture(STORAGE)]), "pump.pdf")
    (box,) = boxes_of(library, manual, 1, "position 7")
    assert read_in(picture_of(library, manual, 1), box).rstrip(".") == "position 7"
    (box,) = boxes_of(library, manual, 2, "Keep the pump")
    assert read_in(picture_of(library, manual, 2), box) == "Keep the pump"


def test_a_part_of_a_word_is_marked_in_proportion_and_lines_apart() -> None:
    words = (
        PlacedWord(0, 10, 1000, 1000, 2000, 1200),
        PlacedWord(11, 15, 2050, 1000, 2500, 1200),
        PlacedWord(17, 20, 1000, 1300, 1300, 1500),
        PlacedWord(21, 24, 8000, 1300, 8300, 1500),
    )
    text = "connection leak \nsee pan"
    (half,) = word_boxes(words, 5, 10, text)
    assert (half.left, half.right) == pytest.approx((0.15, 0.2), abs=0.01)
    (comma,) = word_boxes(words, 11, 14, "connection Nmm,")
    assert comma.right > 0.205 + 0.045 * 0.75, "a comma is narrower than a letter"
    assert [round(box.left, 3) for box in word_boxes(words, 0, 24, text)] == [0.1, 0.1, 0.8]
    assert word_boxes(words, 15, 17, text) == ()


def test_notes_of_ocr_are_the_versions_warnings_and_it_is_searched(
    library: Library, tmp_path: Path
) -> None:
    manual = added(library, scan(tmp_path / "s", [page_picture(SEAL)]), "pump.pdf")
    assert manual.warnings[0].startswith("Read by OCR: page 1, in ")
    found = Search(library, library.index).find("how tight are the screws of the cover")
    assert "12.5 Nm" in found.evidence[0].passage.text


def gated(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tesseract that reads a page only once there is a file, which it takes away unless it is a folder."""
    go, real = folder / "go", os.environ["PATH"]
    wait = f"until [ -d {go} ] || rm {go} 2>/dev/null; do sleep 0.05; done"
    call = 'exec tesseract "$@"'
    program(folder / "bin", "tesseract", f'PATH={real}; [ "$1" = --list-langs ] || {wait}; {call}')
    monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}{real}")
    return go


def let_read(go: Path, pages: int) -> None:
    """Let the gated tesseract read so many pages. The first two are read before what is long is set aside."""
    for _ in range(pages):
        time.sleep(0.3)  # progress is told so often at most
        go.touch()
        wait_for(lambda: not go.exists())


def test_a_long_scan_does_not_hold_up_what_comes_after_it(library: Library, tmp_path: Path) -> None:
    pages = [page_picture([f"# {n} Part", "", *SEAL[2:]]) for n in range(1, 9)]
    long = library.accept(io.BytesIO(scan(tmp_path / "s", pages).read_bytes()), "scan.pdf")
    short = library.accept(io.BytesIO(PUMP.encode()), "pump.md")
    library.start_worker()
    wait_for(lambda: library.job(short.id).state == "done")
    assert library.job(long.id).state in ("queued", "reading")
    seen: list[int] = []

    def ended() -> bool:
        job = library.job(long.id)
        seen.append(job.done)
        return job.state == "done"

    wait_for(ended)
    assert len(set(seen)) > 3, "its progress is told page by page"
    assert {manual.file_name for manual in library.manuals()} == {"pump.md", "scan.pdf"}


def test_a_long_scan_can_be_cancelled_and_the_next_goes_on(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = gated(tmp_path, monkeypatch)
    pages = [page_picture(SEAL)] * 6
    long = library.accept(io.BytesIO(scan(tmp_path / "s", pages).read_bytes()), "scan.pdf")
    library.start_worker()
    let_read(go, SOON + 2)
    wait_for(lambda: library.job(long.id).done == 2)
    library.cancel(long.id)
    go.mkdir()
    after = library.accept(
        io.BytesIO(scan(tmp_path / "t", [page_picture(STORAGE)] * 4).read_bytes()), "next.pdf"
    )
    wait_for(lambda: library.job(after.id).state == "done")
    assert [manual.file_name for manual in library.manuals()] == ["next.pdf"]


def test_a_long_scan_goes_on_after_a_restart(tmp_path: Path) -> None:
    data = scan(tmp_path / "s", [page_picture(SEAL)] * 6).read_bytes()
    first = open_library(tmp_path / "data")
    job = first.accept(io.BytesIO(data), "scan.pdf")
    first.start_worker()
    wait_for(lambda: first.job(job.id).done > 2)
    first.close()
    second = open_library(tmp_path / "data")
    second.start_worker()
    wait_for(lambda: second.job(job.id).state == "done")
    assert only(second).pages == 6
    second.close()
