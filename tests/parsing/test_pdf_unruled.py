"""Tables without rules in a PDF: rows say what their values are where that is sure, and nothing else becomes a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from knowledge.parsing import read_file
from knowledge.rendering.page_images import page_boxes
from knowledge.types import Document
from tests.parsing.test_pdf_tables import letters, marked, rows

BOLTS = (
    ("Bolt", "Torque (Nm)", "Tool"),
    ("M5", "7", "Key C"),
    ("M6", "11", "Key C"),
    ("M8", "26", "Spanner"),
    ("M10", "51", "Spanner"),
)


class Sheet:
    """A page that is set line by line, from above to below."""

    def __init__(self, path: Path) -> None:
        self._path, self._canvas, self._y = path, Canvas(str(path), pagesize=A4), 790.0
        self.say("Otter T5 tile saw", bold=True, size=16)
        self.say(
            "The figures below hold for all saws of this series, whatever their age and place."
        )

    def say(self, text: str, x: float = 72, bold: bool = False, size: float = 10) -> None:
        self._y -= 1.6 * size
        self._canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        self._canvas.drawString(x, self._y, text)

    def row(
        self, cells: Sequence[str], xs: Sequence[float], bold: bool = False, pitch: float = 15
    ) -> None:
        self._y -= pitch
        self._canvas.setFont("Helvetica-Bold" if bold else "Helvetica", 10)
        for x, cell in zip(xs, cells, strict=True):
            if x < 0:
                self._canvas.drawRightString(-x, self._y, cell)
            else:
                self._canvas.drawString(x, self._y, cell)

    def read(self) -> Document:
        self.say("Call the dealer for other values.")
        self._canvas.save()
        return read_file(self._path, self._path.name)


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return Sheet(tmp_path / "saw.pdf")


def test_each_row_says_what_its_values_are(sheet: Sheet) -> None:
    for at, cells in enumerate(BOLTS):
        sheet.row(cells, (72, 200, 330), bold=at == 0)
    document = sheet.read()
    assert "Bolt: M6 | Torque (Nm): 11 | Tool: Key C" in rows(document)
    assert len(rows(document)) == len(BOLTS)
    assert not document.headings or "Torque" not in str(document.headings)


def test_names_and_values_stand_beside_each_other(sheet: Sheet) -> None:
    for cells in (("Mains voltage", "230 V"), ("Blade", "200 mm"), ("Weight", "31.5 kg")):
        sheet.row(cells, (72, 250))
    assert rows(sheet.read()) == ["Mains voltage | 230 V", "Blade | 200 mm", "Weight | 31.5 kg"]


def test_numbers_that_nearly_touch_are_of_two_columns(sheet: Sheet) -> None:
    xs = (72, -230, -268, -306)
    for at, cells in enumerate(
        (("Class", "2022", "2023", "2024"), ("Trade", "0.92", "12", "112"), ("Houses", "1.61", "1,369", "11,357"), ("Cars", "4.3", "7", "63"))
    ):  # fmt: skip
        sheet.row(cells, xs, bold=at == 0)
    found = rows(sheet.read())
    assert "Class: Trade | 2022: 0.92 | 2023: 12 | 2024: 112" in found
    assert "Class: Houses | 2022: 1.61 | 2023: 1,369 | 2024: 11,357" in found


def test_a_head_of_two_lines_is_one(sheet: Sheet) -> None:
    xs = (72, 200, 330)
    sheet.row(("Model", "Largest", "Water"), xs, bold=True)
    sheet.row(("pressure (bar)", "temperature (°C)"), xs[1:], bold=True, pitch=12)
    for cells in (("KX-1", "10.0", "60"), ("KX-2", "12.5", "65"), ("KX-3", "16.0", "70")):
        sheet.row(cells, xs)
    found = rows(sheet.read())
    assert "Model: KX-2 | Largest pressure (bar): 12.5 | Water temperature (°C): 65" in found


def test_narrow_columns_keep_their_heads(sheet: Sheet) -> None:
    for at, cells in enumerate((("Thread", "Drill", "Depth"), ("M4", "3.2", "16"), ("M5", "4.2", "15"), ("M6", "5.2", "24"))):  # fmt: skip
        sheet.row(cells, (72, 118, 154), bold=at == 0)
    assert "Thread: M5 | Drill: 4.2 | Depth: 15" in rows(sheet.read())


def test_what_wraps_in_a_cell_stays_in_its_row(sheet: Sheet) -> None:
    xs = (72, 160, 320)
    sheet.row(("Code", "Cause", "Cure"), xs, bold=True)
    for code, cause, cure, more in (
        ("F-02", "Belt loose", "Tighten the belt", "with key C"),
        ("F-03", "Door open", "Close the door", ""),
        ("F-11", "Oil low", "Fill up oil and", "wait a minute"),
    ):
        sheet.row((code, cause, cure), xs, pitch=18)
        if more:
            sheet.row((more,), xs[2:], pitch=12)
    found = rows(sheet.read())
    assert "Code: F-02 | Cause: Belt loose | Cure: Tighten the belt with key C" in found
    assert "Code: F-11 | Cause: Oil low | Cure: Fill up oil and wait a minute" in found


def test_a_row_is_marked_where_it_stands_and_no_letter_is_lost(tmp_path: Path) -> None:
    sheet, cells = Sheet(tmp_path / "saw.pdf"), (("Blade", "200 mm"), ("Weight", "31.5 kg"), ("Noise", "96 dB"))  # fmt: skip
    said = ["Otter T5 tile saw", "The figures below hold for all saws of this series, whatever their age and place."]  # fmt: skip
    for row in cells:
        sheet.row(row, (72, 250))
    document = sheet.read()
    shown = marked(tmp_path / "saw.pdf", document, "Weight | 31.5 kg")
    assert shown.split() == ["Weight", "31.5", "kg"]
    words = "".join([*said, *map("".join, cells), "Call the dealer for other values."])
    assert letters(document.pages[0].text) == letters(words)


@pytest.mark.parametrize(
    ("lines", "xs"),
    [
        # Prose in two columns
        ([("Push the tile slowly and hold it", "so that the blade does not get"), ("down with both of your hands", "stuck in it and the motor runs"),
          ("while the blade runs through it", "on at its speed until you let go"), ("until it is cut in two pieces", "of the lever at the side of it")], (72, 320)),
        # A numbered list
        ([("1.", "Put the tile on the table."), ("2.", "Start the saw."), ("3.", "Push the tile.")], (72, 110)),
        # Contents
        ([("Setting up", "3"), ("Cutting", "7"), ("Cleaning", "12"), ("Guarantee", "20")], (72, 480)),
        # What is typed as it stands
        ([("set saw.blade.speed", "panel.lever.left"), ("set saw.table.height", "panel.lever.right"), ("set saw.lamp.light", "panel.lever.back")], (72, 320)),
        # Two rows
        ([("Blade", "200 mm"), ("Weight", "31.5 kg")], (72, 250)),
    ],
)  # fmt: skip
def test_what_is_not_surely_a_table_stays_what_it_is(
    sheet: Sheet, lines: Sequence[tuple[str, str]], xs: tuple[float, float]
) -> None:
    for cells in lines:
        sheet.row(cells, xs)
    assert " | " not in sheet.read().pages[0].text


def test_rows_that_cannot_be_told_apart_are_no_table(sheet: Sheet) -> None:
    """A name left out may mean that of the row above, or that the row goes on."""
    for cells, xs in (
        (("Key C", "M5", "7 Nm"), (72, 200, 330)),
        (("M6", "11 Nm"), (200, 330)),
        (("Spanner", "M8", "26 Nm"), (72, 200, 330)),
        (("M10", "51 Nm"), (200, 330)),
    ):
        sheet.row(cells, xs)
    assert " | " not in sheet.read().pages[0].text


SCREWS = [(f"M{size}", str(2 * size + 1), ("Key A", "Key B", "Spanner")[size % 3]) for size in range(3, 103)]  # fmt: skip
PLACES = (72, 200, 330)


class Book:
    """Pages, each with a running head and a page number, that are set line by line."""

    running: Sequence[str] = ()

    def __init__(self, path: Path) -> None:
        self._path, self._canvas, self._page, self._y = path, Canvas(str(path), pagesize=A4), 0, 0.0
        self.turn()

    def turn(self) -> None:
        if self._page:
            self._canvas.showPage()
        self._page += 1
        self._y = 770.0
        self._write(290, 40, str(self._page))
        self._write(72, 800, "Otter T5 tile saw, user manual")
        for x, text in zip(PLACES, self.running, strict=False):
            self._write(x, 815, text)

    def _write(self, x: float, y: float, text: str, bold: bool = False) -> None:
        self._canvas.setFont("Helvetica-Bold" if bold else "Helvetica", 10)
        self._canvas.drawString(x, y, text)

    def say(self, *texts: str) -> None:
        for text in texts:
            self._y -= 16
            self._write(72, self._y, text)

    def rows(
        self, cells: Sequence[Sequence[str]], xs: Sequence[float] = PLACES, bold: bool = False
    ) -> list[Sequence[str]]:
        """Set rows down to the foot of the page; returns those that have no room."""
        for at, row in enumerate(cells):
            if self._y < 80:
                return [*cells[at:]]
            self._y -= 15
            for x, cell in zip(xs, row, strict=True):
                self._write(x, self._y, cell, bold)
        return []

    def table(self, head: Sequence[str], left: Sequence[Sequence[str]], bold: bool = True) -> None:
        self.rows([head], bold=bold)
        while left := self.rows(left):
            self.turn()

    def read(self) -> Document:
        self._canvas.save()
        return read_file(self._path, self._path.name)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    book = Book(tmp_path / "saw.pdf")
    book.say("Torque of the screws of the saw, for all of its models and whatever their age.")
    return book


HEAD = ("Bolt", "Torque (Nm)", "Tool")


def labelled(cells: Sequence[Sequence[str]]) -> list[str]:
    return [" | ".join(f"{a}: {b}" for a, b in zip(HEAD, row, strict=True)) for row in cells]


def lines_of(document: Document) -> list[str]:
    return [line.strip() for page in document.pages for line in page.text.splitlines()]


@pytest.mark.parametrize("bold", [True, False])
@pytest.mark.parametrize("count", [100, 46, 45])
def test_rows_on_the_next_pages_go_by_the_head_of_the_first(
    book: Book, bold: bool, count: int
) -> None:
    """Be they many or few: of 45 rows the last stands alone."""
    book.table(HEAD, SCREWS[:count], bold)
    book.say("Call the dealer for other values.")
    document = book.read()
    assert len(document.pages) == (3 if count == 100 else 2)
    assert [line for line in lines_of(document) if line.startswith("Bolt: ")] == labelled(
        SCREWS[:count]
    )


def test_a_row_below_the_head_of_a_page_before_is_marked_where_it_stands(
    tmp_path: Path, book: Book
) -> None:
    book.table(HEAD, SCREWS)
    page = book.read().pages[2]
    row = labelled(SCREWS[-1:])[0]
    start = page.text.index(row)
    boxes = page_boxes(tmp_path / "saw.pdf", 3, start, start + len(row), len(page.text))
    words = PdfDocument(tmp_path / "saw.pdf")[2].get_textpage()
    edges = [(box.left * A4[0], (1 - box.bottom) * A4[1], box.right * A4[0], (1 - box.top) * A4[1]) for box in boxes]  # fmt: skip
    assert [words.get_text_bounded(*edge).strip() for edge in edges] == list(SCREWS[-1])


def test_a_running_head_in_the_columns_of_a_table_is_no_row(book: Book) -> None:
    book.table(HEAD, SCREWS)
    book.running = ("Saws and mills", "5")
    for _ in range(2):
        book.turn()
        book.table(HEAD, SCREWS)
    found = lines_of(book.read())
    assert [line for line in found if line.startswith("Bolt: ")] == 3 * labelled(SCREWS)


def test_cells_that_begin_small_are_a_table(sheet: Sheet) -> None:
    for cells in (("no water comes", "open the tap"), ("lamp blinks red", "pull the plug"), ("motor is loud", "oil the bearing"), ("smell of oil", "call the dealer")):  # fmt: skip
        sheet.row(cells, (72, 300))
    assert "motor is loud | oil the bearing" in rows(sheet.read())


MORE = (("M110", "900", "Spanner"), ("M112", "950", "Spanner"), ("M114", "990", "Spanner"))


@pytest.mark.parametrize("kind", ["heading", "columns", "count", "head", "words", "prose", "short", "below"])  # fmt: skip
def test_what_may_be_another_table_has_no_head_of_the_page_before(book: Book, kind: str) -> None:
    left = book.rows([HEAD], bold=True) or book.rows(SCREWS[: 20 if kind == "short" else 80])
    assert bool(left) == (kind != "short")
    if kind == "below":
        book.say("These values hold for dry screws.")
    book.turn()
    if kind == "heading":
        book.say("Torque of the nuts")
    cells, xs = [*MORE], PLACES
    if kind == "columns":
        xs = (72, 240, 400)
    if kind == "count":
        cells, xs = [row[:2] for row in cells], PLACES[:2]
    if kind == "head":
        book.rows([("Nut", "Width (mm)", "Key")], bold=True)
    if kind == "words":
        cells = [("Blade", "steel", "grey"), ("Table", "brass", "black"), ("Lamp", "glass", "red")]
    if kind == "prose":
        cells = [("Push the tile slowly", "and hold it so that", "the blade does not get"), ("stuck in it and the", "motor runs on at its", "speed until you let"),
                 ("go of the lever at", "the side of the saw", "with both your hands")]  # fmt: skip
    book.rows(cells, xs)
    book.say("Call the dealer for other values.")
    text = book.read().pages[1].text
    assert "Bolt: " not in text
    assert ("Nut: M110 | Width (mm): 900 | Key: Spanner" in text) == (kind == "head")


@pytest.mark.parametrize("empty", [True, False])
def test_a_list_below_a_table_is_none_of_its_rows(sheet: Sheet, empty: bool) -> None:
    """Nor does the text of an item part or join columns."""
    for at, cells in enumerate(BOLTS):
        full = [0, 1, 2] if at != 2 or not empty else [0, 2]
        sheet.row([cells[x] for x in full], [(72, 120, 200)[x] for x in full], bold=at == 0)
    for text in (
        "Tighten all of the bolts again after 8 hours.",
        "Never use the spanner on a bolt that is hot.",
    ):
        sheet.row(("•", text), (72, 90))
    document = sheet.read()
    assert rows(document)[-1] == "Bolt: M10 | Torque (Nm): 51 | Tool: Spanner"
    assert len(rows(document)) == len(BOLTS)
    assert sum(block.kind == "item" for block in document.pages[0].blocks) == 2


def test_a_table_whose_names_have_marks_stays_one(sheet: Sheet) -> None:
    sheet.row(BOLTS[0], (72, 200, 330), bold=True)
    for name, torque, tool in BOLTS[1:]:
        sheet.row((f"• Bolt {name}", torque, tool), (72, 200, 330))
    assert rows(sheet.read())[-1] == "Bolt: • Bolt M10 | Torque (Nm): 51 | Tool: Spanner"
