"""Sentences of a PDF that the end of a column or a page cuts: nobody is told half of one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from knowledge.library import Library
from knowledge.parsing import read_file
from knowledge.parsing.pdf.cut_sentences import own_span
from knowledge.rendering.page_images import page_boxes
from knowledge.text import readable
from knowledge.types import Document
from tests.support.manuals import only, put
from ui.sources.panel import panel
from ui.sources.views import of_citation, of_place

BODY = [
    "Clean the guide ways of the lathe each evening, because chips make",
    "them rough. Oil them with two drops, and wipe off what is too much.",
]
CUT = "Tighten the chuck with the key to 35 Nm, and never start the"
REST = "spindle while the key is in the chuck. Put the key into its holder."


class Lathe:
    """A manual that is set line by line, with a running head and a page number on each page, and what is printed ``across``:
    (text, x, y, angle, size).
    """

    def __init__(self, path: Path, *across: tuple[str, float, float, float, float]) -> None:
        self.across = across
        self._path, self._canvas, self._page = path, Canvas(str(path), pagesize=A4), 0
        self.turn()

    def turn(self) -> None:
        if self._page:
            self._canvas.showPage()
        self._page += 1
        self.write("Wren W9 lathe", 72, 810, size=8)
        self.write(str(self._page), 500, 30, size=8)
        for text, x, y, angle, size in self.across:
            self._canvas.saveState()
            self._canvas.translate(x, y)
            self._canvas.rotate(angle)
            self.write(text.format(self._page), 0, 0, size=size)
            self._canvas.restoreState()

    def write(
        self, text: str, x: float, y: float, font: str = "Helvetica", size: float = 11
    ) -> None:
        self._canvas.setFont(font, size)
        self._canvas.drawString(x, y, text)

    def lines(self, texts: Sequence[str], y: float, x: float = 72, size: float = 11) -> None:
        for at, text in enumerate(texts):
            self.write(text, x, y - 14 * at, size=size)

    def read(self) -> Document:
        self._canvas.save()
        return read_file(self._path, self._path.name)


@pytest.fixture
def lathe(tmp_path: Path) -> Lathe:
    return Lathe(tmp_path / "lathe.pdf")


def paragraphs(document: Document) -> list[list[str]]:
    """The blocks of each page as a person reads them."""
    return [
        [readable(page.text[block.start : block.end]) for block in page.blocks]
        for page in document.pages
    ]


def over_two_pages(lathe: Lathe, cut: str, rest: str, size: float = 11) -> list[list[str]]:
    """The blocks of a manual whose first page ends with one line, and whose second begins with another."""
    lathe.lines(BODY, 780)
    lathe.lines([cut], 700)
    lathe.turn()
    lathe.lines([rest], 780, size=size)
    lathe.lines(BODY, 700)
    lathe.turn()
    lathe.lines(["Keep this manual where all who work with the lathe can find it."], 780)
    return paragraphs(lathe.read())


def test_a_sentence_over_a_page_break_is_whole(lathe: Lathe) -> None:
    first, second, _ = over_two_pages(lathe, CUT, REST)
    assert first[-1] == f"{CUT} spindle while the key is in the chuck."
    assert second[:1] == ["Put the key into its holder."]


def test_a_rest_that_is_all_of_a_paragraph_is_in_no_other(lathe: Lathe) -> None:
    first, second, _ = over_two_pages(lathe, CUT, "spindle while the key is in the chuck.")
    assert first[-1] == f"{CUT} spindle while the key is in the chuck."
    assert second == [" ".join(BODY)]


STAMP, NOTE, SIDE = (
    ("DRAFT COPY", 120, 300, 45, 70),
    ("Keep it below 40 degrees.", 120, 300, 45, 30),
    ("WM-1234-05 page {} printed in May", 20, 300, 90, 6),
)


@pytest.mark.parametrize("across", [(STAMP,), (NOTE,), (SIDE,), (NOTE, SIDE)])
def test_print_across_a_page_parts_no_sentence(
    tmp_path: Path, across: tuple[tuple[str, float, float, float, float], ...]
) -> None:
    """What runs up the margin of each page is no text, nor is a watermark; a sentence across pages is once."""
    lathe = Lathe(tmp_path / "lathe.pdf", *across)
    first, second, _ = over_two_pages(lathe, CUT, REST)
    whole = f"{CUT} spindle while the key is in the chuck."
    assert first[1:] == [whole, *(["Keep it below 40 degrees."] if NOTE in across else [])]
    assert second == ["Put the key into its holder.", " ".join(BODY)]
    document = read_file(tmp_path / "lathe.pdf", "lathe.pdf")
    page = document.pages[0]
    note = page.text.find("Keep it")
    if NOTE in across:
        start, end, long = own_span(page.text, note, note + 10)
        assert page_boxes(tmp_path / "lathe.pdf", 1, start, end, long)


@pytest.mark.parametrize("pages", [1, 2])
def test_a_text_up_the_margin_of_one_page_is_read(tmp_path: Path, pages: int) -> None:
    lathe = Lathe(tmp_path / "lathe.pdf")
    lathe.lines(BODY, 780)
    lathe.across = (("Oil the bearings each week", 20, 300, 90, 8),)
    for _ in range(pages):
        lathe.turn()
        lathe.lines(BODY, 780)
    lathe.across = ()
    lathe.turn()
    lathe.lines(BODY, 780)
    assert "Oil the bearings each week" in paragraphs(lathe.read())[1]


@pytest.mark.parametrize(
    ("cut", "rest"),
    [
        (CUT + " spindle.", REST),
        ("Tighten the chuck to 35 Nm with", REST),  # a short line ends a paragraph
        (CUT, "Spindle and key have to be clean."),
        (CUT, "spindle.speed-out sets the speed of the spindle."),  # a name in a list of such
        (CUT, "b) spindle and chuck have to be clean."),
        (CUT, "spindle and chuck"),  # no end of a sentence is to be seen
    ],
)
def test_what_may_be_no_rest_of_a_sentence_stays_apart(lathe: Lathe, cut: str, rest: str) -> None:
    first, second, _ = over_two_pages(lathe, cut, rest)
    assert first[-1].endswith(cut)
    assert second[0].startswith(rest)


def test_other_type_is_no_rest(lathe: Lathe) -> None:
    assert over_two_pages(lathe, CUT, REST, size=9)[0][-1] == CUT


def test_the_part_that_stands_on_the_page_is_marked(tmp_path: Path, lathe: Lathe) -> None:
    over_two_pages(lathe, CUT, REST)
    text = read_file(tmp_path / "lathe.pdf", "lathe.pdf").pages[0].text
    start, end = text.index("Tighten"), text.index("chuck.\f") + len("chuck.")
    (box,) = page_boxes(tmp_path / "lathe.pdf", 1, *own_span(text, start, end))
    assert abs(box.left * A4[0] - 72) < 3
    assert abs((1 - box.bottom) * A4[1] - 700) < 5


def test_the_end_of_a_quote_is_marked_on_the_next_page_and_shown_by_a_click(
    tmp_path: Path, lathe: Lathe, library: Library
) -> None:
    over_two_pages(lathe, CUT, REST)
    put(library, "lathe.pdf", (tmp_path / "lathe.pdf").read_bytes())
    version = only(library).version_id
    text = library.page(version, 1).text
    start, end = text.index("Tighten"), text.index("chuck.\f") + len("chuck.")
    citation = of_place(library, version, 1, (start, end))
    own, following, last = (of_citation(library, citation, "/s", page) for page in (1, 2, 3))
    assert "The sentence ends on the next page." in panel(own) and "/s?page=2" in panel(own)
    assert following.page is not None and last.page is not None
    (box,) = following.page.boxes
    assert abs(box.left * A4[0] - 72) < 3
    assert abs((1 - box.bottom) * A4[1] - 780) < 5
    assert box.right * A4[0] < 300  # "Put the key into its holder." is no part of it
    assert "ends on the next page" not in panel(following) + panel(last)
    assert not last.page.boxes
    begun = of_place(library, version, 1, (start, start + 10))
    assert "ends on the next page" not in panel(of_citation(library, begun, "/s"))


def test_places_behind_a_rest_are_those_of_the_page() -> None:
    text = "Never start the\fspindle.\f \n7"
    assert own_span(text, 0, 15) == (0, 15, 18)
    assert own_span(text, 0, 24) == (0, 15, 18)
    assert own_span(text, 16, 24) == (15, 15, 18)
    assert own_span(text, 27, 28) == (17, 18, 18)
    assert own_span("Plain", 1, 3) == (1, 3, 5)


LEFT = ["Turn the wheel by three", "degrees to the left, and", "wait until the lamp is", "green. Note the value of", "the gauge in the log and"]  # fmt: skip
RIGHT = ["sign it. Then turn the wheel", "back and close the cover."]


def test_a_paragraph_that_goes_on_in_the_next_column_is_one(lathe: Lathe) -> None:
    lathe.lines(LEFT, 780)
    lathe.lines(RIGHT, 780, x=310)
    assert paragraphs(lathe.read())[0][-1] == " ".join([*LEFT, *RIGHT])


def test_a_line_beside_the_middle_of_a_column_is_no_rest(lathe: Lathe) -> None:
    lathe.lines(LEFT, 780)
    lathe.lines(RIGHT, 780, x=310)
    lathe.lines(["Keep the log for five years."], 690)
    assert " ".join(LEFT) in paragraphs(lathe.read())[0]
