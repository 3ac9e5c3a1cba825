"""Rows of a table that the end of a page cuts: the rest of one stands below its head and beside its name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from knowledge.parsing import read_file
from knowledge.rendering.page_images import page_boxes
from tests.parsing.test_pdf_unruled import Book, lines_of

HEAD, XS = ("Code", "Cause", "Cure"), (72, 160, 320)
FAULTS = [(f"F-{at:02}", f"Belt {at} is worn", f"Change belt {at}") for at in range(1, 60)]
AFTER = [f"Code: {code} | Cause: {cause} | Cure: {cure}" for code, cause, cure in FAULTS[43:48]]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    book = Book(tmp_path / "saw.pdf")
    book.say("What goes wrong with the saw, for all of its models and whatever their age.")
    return book


def cut(
    book: Book, last: Sequence[str], rest: dict[float, str], again: bool = False, bold: bool = True
) -> list[str]:
    """The lines of a table whose last row on the first page goes on on the second one."""
    book.rows([HEAD], XS, bold=bold)
    book.rows([*FAULTS[:42], last], XS)
    book.turn()
    book.rows([HEAD] if again else [], XS, bold=bold)
    book.rows([[*rest.values()]], [*rest])
    book.rows(FAULTS[43:48], XS)
    book.say("Call the dealer for other faults.")
    document = book.read()
    assert len(document.pages) == 2
    return lines_of(document)


@pytest.mark.parametrize("again", [True, False])
@pytest.mark.parametrize("bold", [True, False])
def test_the_rest_of_a_row_has_its_name_and_its_head(book: Book, again: bool, bold: bool) -> None:
    last = ("F-50", "Oil low", "Fill up oil and")
    found = cut(book, last, {320: "wait a minute"}, again, bold)
    assert "Code: F-50 | Cause: Oil low | Cure: Fill up oil and" in found
    assert "Code: F-50 | Cure: wait a minute" in found
    assert [line for line in found if line in AFTER] == AFTER


@pytest.mark.parametrize("again", [True, False])
def test_the_rests_of_two_cells_stay_apart(book: Book, again: bool) -> None:
    last = ("F-50", "Oil is low or the", "Fill up oil and")
    found = cut(book, last, {160: "pump is broken", 320: "wait a minute"}, again)
    assert "Code: F-50 | Cause: pump is broken | Cure: wait a minute" in found
    assert [line for line in found if line in AFTER] == AFTER


def test_the_rest_of_a_row_is_marked_where_it_stands(tmp_path: Path, book: Book) -> None:
    cut(book, ("F-50", "Oil low", "Fill up oil and"), {320: "wait a minute"})
    page = read_file(tmp_path / "saw.pdf", "saw.pdf").pages[1]
    row = "Code: F-50 | Cure: wait a minute"
    start = page.text.index(row)
    (box,) = page_boxes(tmp_path / "saw.pdf", 2, start, start + len(row), len(page.text))
    assert abs(box.left * A4[0] - 320) < 3


@pytest.mark.parametrize(
    ("last", "rest"),
    [
        (("F-50", "Oil low", "Fill up oil."), {320: "wait a minute"}),  # the cell is complete
        (("F-50", "Oil low", "Fill up oil and"), {72: "Faults of the lamp"}),
        (("F-50", "Oil low", "Fill up oil and"), {240: "wait a minute"}),  # in no column
    ],
)
def test_what_may_be_no_rest_of_a_row_gets_no_name(
    book: Book, last: Sequence[str], rest: dict[float, str]
) -> None:
    found = cut(book, last, rest)
    assert not [line for line in found if line.startswith("Code: F-50") and "oil" not in line]


@pytest.mark.parametrize("after", [2, 4])
def test_a_ruled_row_goes_on_on_the_next_page(tmp_path: Path, after: int) -> None:
    style = getSampleStyleSheet()["Normal"]
    long = Paragraph("Fill up oil and wait for a minute. " * 12 + "Then close the lid.", style)
    cells = [HEAD, *FAULTS[:34], ("F-50", "Oil low", long), *FAULTS[43 : 43 + after]]
    table = Table(cells, colWidths=(60, 120, 160), splitInRow=1)
    table.setStyle(
        TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    )
    path = tmp_path / "saw.pdf"
    SimpleDocTemplate(str(path), pagesize=A4).build(
        [Paragraph("Faults of the saw", style), table, Paragraph("Call the dealer.", style)]
    )
    document = read_file(path, path.name)
    lines = document.pages[1].text.splitlines()
    assert lines[0].startswith("Code: F-50 | Cure: ")
    assert lines[0].rstrip().endswith("Then close the lid.")
    assert [line.strip() for line in lines if line.strip() in AFTER] == AFTER[:after]
