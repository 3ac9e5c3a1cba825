"""Page images and highlight boxes: the ink of the quoted words must lie inside the boxes, and no other ink."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from knowledge import errors
from knowledge.parsing import read_file
from knowledge.rendering import page_images
from knowledge.rendering.process import RenderProcess
from tests.parsing.test_hostile import flate_bomb
from tests.support.files import (
    manual_pdf,
    one_page_pdf,
    text_content,
    turned_pdf,
    unicode_font,
)

LINES = [
    "The quick brown fox jumps over",
    "the lazy dog by the river.",
    "Another line stands here.",
]


def ink(image: Image.Image, box: object | None = None) -> int:
    """Dark pixels of the picture, or of a box of it."""
    if box is not None:
        image = image.crop(
            (
                box.left * image.width,
                box.top * image.height,
                box.right * image.width,
                box.bottom * image.height,
            )
        )
    return sum(image.convert("L").point(lambda value: 1 if value < 128 else 0).tobytes())


def picture(path: Path, width: int = 900) -> Image.Image:
    return Image.open(io.BytesIO(page_images.render_page(path, 1, width)))


def span(path: Path, quote: str) -> tuple[int, int]:
    text = read_file(path, "a.pdf").pages[0].text
    at = text.replace("\n", " ").replace("  ", " \n").replace("\n", " ").find(quote)
    return at, at + len(quote)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("box", [(0, 0, 612, 792), (100, 150, 600, 700)], ids=["whole", "cropped"])
def test_boxes_cover_the_ink_of_the_words(tmp_path, rotation, box):
    path = turned_pdf(tmp_path / "a", LINES, rotation, box)
    text = read_file(path, "a.pdf").pages[0].text
    image = picture(path)
    wide, high = page_images.measure_page(path, 1)
    assert (wide, high) == (
        (box[2] - box[0], box[3] - box[1])
        if rotation in (0, 180)
        else (box[3] - box[1], box[2] - box[0])
    )
    assert abs(image.height / image.width - high / wide) < 0.01
    everything = page_images.page_boxes(path, 1, 0, len(text))
    assert len(everything) == 3 and sum(ink(image, b) for b in everything) >= 0.99 * ink(image) > 0
    first = everything[0]
    assert abs(first.left * wide - 72) < 3 and first.top * high < 92 < first.bottom * high + 1
    start = text.index("brown fox")
    (fox,) = page_images.page_boxes(path, 1, start, start + len("brown fox"))
    assert (
        first.left + 0.05 < fox.left < fox.right < first.right - 0.05
        and abs(fox.top - first.top) < 0.002
    )
    assert 0 < ink(image, fox) < ink(image, first)


def test_a_quotation_over_two_lines_has_one_stroke_a_line(tmp_path):
    path = one_page_pdf(tmp_path / "a", text_content(LINES))
    text = read_file(path, "a.pdf").pages[0].text
    found = page_images.page_boxes(path, 1, text.index("jumps"), text.index("by the"))
    assert (
        len(found) == 2 and found[0].bottom <= found[1].top + 1e-3 and found[1].left < found[0].left
    )


def test_odd_ranges(tmp_path):
    path = one_page_pdf(tmp_path / "a", text_content(LINES))
    assert (
        page_images.page_boxes(path, 1, 5, 5)
        == page_images.page_boxes(path, 1, 90_000, 90_001)
        == ()
    )
    assert len(page_images.page_boxes(path, 1, -5, 10**9)) == 3


def test_boxes_where_text_and_characters_differ(tmp_path):
    font = unicode_font("0041 d83dde00 0000 0042 0043")
    path = one_page_pdf(
        tmp_path / "a", b"BT /F1 20 Tf 72 700 Td <0102030405> Tj ET", font=font[0], extra=font[1:]
    )
    text = read_file(path, "a.pdf").pages[0].text
    at = text.index("C")
    (last,) = page_images.page_boxes(path, 1, at, at + 1)
    (first,) = page_images.page_boxes(path, 1, 0, 1)
    assert (
        abs(first.left * 612 - 72) < 2 and abs(last.left * 612 - 112) < 2
    )  # four glyphs of 10 points further right


def test_extreme_shapes_stay_small(tmp_path):
    path = one_page_pdf(tmp_path / "a", b"", page=b"/MediaBox [0 0 3 14400]")
    image = picture(path, 2400)
    assert image.height <= 16383 and image.width * image.height <= 16_100_000


def test_missing_and_broken_pages(tmp_path):
    path = one_page_pdf(tmp_path / "a", text_content(LINES))
    for number in (0, 2, -1):
        with pytest.raises(errors.NoSuchPage):
            page_images.render_page(path, number, 900)
    (tmp_path / "b").write_bytes(b"not a pdf")
    with pytest.raises(errors.ReaderFailed, match="Page 1 cannot be shown"):
        page_images.render_page(tmp_path / "b", 1, 900)
    assert page_images.render_page(path, 1, 300)


def test_the_painter_comes_back_after_death_and_after_a_hang(tmp_path):
    good, painter = one_page_pdf(tmp_path / "a", text_content(LINES)), RenderProcess(seconds=5)
    image = painter.ask("draw", good, 1, 300)[1]
    painter._child.kill()  # noqa: SLF001 - as the kernel would
    assert painter.ask("draw", good, 1, 300)[1] == image
    with pytest.raises(errors.ReaderFailed):
        painter.ask("draw", flate_bomb(tmp_path / "bomb"), 1, 300)
    assert painter.ask("draw", good, 1, 300)[1] == image
    slow = RenderProcess(seconds=0.001)
    with pytest.raises(errors.ReaderFailed):
        slow.ask("draw", good, 1, 300)
    painter.close()
    slow.close()


def test_many_threads(tmp_path):
    path = manual_pdf(tmp_path / "a", [(f"Chapter {n}", ["Some text."]) for n in range(8)])
    done: dict[int, bytes] = {}
    threads = [
        threading.Thread(target=lambda n=n: done.update({n: page_images.render_page(path, n, 300)}))
        for n in range(1, 9)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 8 and len(set(done.values())) == 8


@dataclass
class Shelf:
    """As much of a library as pages need: the calls of knowledge/library.py on one stored file."""

    data: Path
    path: Path
    paged: bool = True

    def version(self, version_id: int) -> object:
        from knowledge.types import Manual

        return Manual(
            "m", "Pump", "", 1, version_id, 1, 1, "live", "", "a.pdf", "pdf", self.paged, "ab" * 32
        )

    def file(self, version_id: int) -> Path:
        return self.path

    def page(self, version_id: int, number: int) -> object:
        return read_file(self.path, "a.pdf").pages[number - 1]

    def fault(self) -> str:
        return ""


def test_images_are_kept_by_content(tmp_path):
    shelf = Shelf(tmp_path / "data", one_page_pdf(tmp_path / "a", text_content(LINES)))
    image = page_images.page_image(shelf, 1, 1)
    assert (
        Image.open(io.BytesIO(image)).size[0] == 900
        and Image.open(io.BytesIO(image)).format == "WEBP"
    )
    shelf.path.unlink()
    assert (
        page_images.page_image(shelf, 1, 1, 880) == image
    )  # from the cache, rounded up to the same width
    assert [p.name for p in (tmp_path / "data" / "files" / "pages").rglob("*.webp")] == [
        f"{'ab' * 32}-1-900.webp"
    ]


def test_no_page_for_formats_without_pages(tmp_path):
    shelf = Shelf(tmp_path, one_page_pdf(tmp_path / "a", text_content(LINES)))
    assert (
        page_images.page_size(shelf, 1, 1) == (612, 792)
        and len(page_images.boxes(shelf, 1, 1, 0, 10)) == 1
    )
    with pytest.raises(errors.NoSuchPage, match="Pump has 1 pages, so there is no page 2"):
        page_images.page_image(shelf, 1, 2)
    shelf.paged = False
    with pytest.raises(errors.NoSuchPage, match="Pump has no page images"):
        page_images.page_image(shelf, 1, 1)
