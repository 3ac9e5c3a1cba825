"""Tables of a PDF that rules alone, or the places of the words alone, do not part into their cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from knowledge.parsing import read_file
from tests.parsing.test_pdf_tables import rows

XS, RIGHT, PITCH = (72, 200, 330), 470, 12
HEAD = ("Problem", "Cause", "Remedy")
FOUR = (76, 200, 290, 380)
WIRES = [
    ("Material", "Wire", "Speed", "Gas"),
    ("Steel 1 mm", "0.6", "3.5 m/min", ""),
    ("Steel 3 mm", "0.8", "", "12 l/min"),
    ("Alu 2 mm", "1.0", "8 m/min", "14 l/min"),
    ("CrNi", "", "5 m/min", "10 l/min"),
]
SAID = [
    "Material: Steel 1 mm | Wire: 0.6 | Speed: 3.5 m/min",
    "Material: Steel 3 mm | Wire: 0.8 | Gas: 12 l/min",
    "Material: Alu 2 mm | Wire: 1.0 | Speed: 8 m/min | Gas: 14 l/min",
    "Material: CrNi | Speed: 5 m/min | Gas: 10 l/min",
]
FAULTS = [
    ("Fan does not turn at all, or hums", "The filter is blocked or the belt is loose", "Clean the filter, then tighten the belt with 11 Nm"),
    ("Air stays cold on each of the levels", "The heater is worn or the fuse F2 is blown", "Replace the fuse and check the heater for 3 minutes"),
    ("Lamp E4 blinks and a tone sounds", "The water tank is empty or not in place", "Fill the tank up to the mark and press it home"),
]  # fmt: skip


class Page:
    """A PDF with tables that are drawn cell by cell, as office programs do."""

    def __init__(self, path: Path) -> None:
        self.path, self.y = path, 740.0
        self._canvas = Canvas(str(path), pagesize=(595, 842))
        self.line("Read this chapter before the first use.")

    def line(self, text: str) -> None:
        self._canvas.drawString(72, self.y, text)
        self.y -= 30

    def fresh(self) -> None:
        self._canvas.showPage()
        self.y = 780.0

    def ruled(self, table: Sequence[Sequence[str]], middle: bool) -> None:
        """A table with all its rules; the texts stand at the top of their cells or in the ``middle``."""
        ends, top = (*XS[1:], RIGHT), self.y
        for row in table:
            cells = [
                simpleSplit(text, "Helvetica", 10, end - x - 8)
                for text, x, end in zip(row, XS, ends, strict=True)
            ]
            most = max(map(len, cells))
            self._rule(XS[0], self.y, RIGHT, self.y)
            for lines, x in zip(cells, XS, strict=True):
                y = self.y - PITCH - (most - len(lines)) * PITCH / 2 * middle
                self._canvas.setFont("Helvetica-Bold" if row is HEAD else "Helvetica", 10)
                for at, line in enumerate(lines):
                    self._canvas.drawString(x + 4, y - at * PITCH, line)
            self.y -= most * PITCH + 6
        self._rule(XS[0], self.y, RIGHT, self.y)
        for x in (*XS, RIGHT):
            self._rule(x, self.y, x, top)
        self.y -= 30

    def boxed(
        self, table: Sequence[Sequence[str]], down: Sequence[int], banded: Sequence[int] = ()
    ) -> None:
        """A table in a box with a rule between its rows; others run ``down`` it before columns, or only in ``banded`` rows."""
        top = self.y
        for number, row in enumerate(table):
            self._rule(72, self.y, 470, self.y)
            texts = [text.split("~") for text in row]
            high = 18 + 12 * (max(map(len, texts)) - 1)
            for x, lines in zip(FOUR, texts, strict=True):
                self._canvas.setFont("Helvetica" if number else "Helvetica-Bold", 10)
                for at, line in enumerate(lines):
                    self._canvas.drawString(x, self.y - 13 - 12 * at, line)
            for at in FOUR[1:] if number in banded else []:
                self._rule(at - 4, self.y, at - 4, self.y - high)
            self.y -= high
        self._rule(72, self.y, 470, self.y)
        for x in (72, *(FOUR[at] - 4 for at in down), 470):
            self._rule(x, self.y, x, top)
        self.y -= 30

    def _rule(self, x: float, y: float, end: float, top: float) -> None:
        self._canvas.line(x, y, end, top)

    def read(self) -> list[str]:
        """The rows of its tables."""
        self.line("Call the dealer for help.")
        self._canvas.save()
        return rows(read_file(self.path, self.path.name))


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page(tmp_path / "fan.pdf")


@pytest.mark.parametrize("middle", [True, False])
@pytest.mark.parametrize("headed", [True, False])
def test_rows_of_cells_that_all_wrap_stay_rows(page: Page, middle: bool, headed: bool) -> None:
    """No two texts of the page are on one line in text order, but for those of the head."""
    page.ruled([*([HEAD] if headed else []), *FAULTS], middle)
    found = page.read()
    assert len(found) >= len(FAULTS)
    for row in FAULTS:
        assert any(all(text in one for text in row) for one in found)


def test_one_row_on_the_next_page_stays_a_row(page: Page) -> None:
    """Two ruled rows, one of them the head again, are no table of their own."""
    short = [(f"Fault {number}: motor noise of type {number}", "Bearing worn or belt loose", "Switch off, then tighten the screw") for number in range(4)]  # fmt: skip
    page.y = 260
    page.ruled([HEAD, *short[:3]], False)
    page.fresh()
    page.ruled([HEAD, short[3]], False)
    assert page.read()[-1] == (
        "Problem: Fault 3: motor noise of type 3 | Cause: Bearing worn or belt loose"
        " | Remedy: Switch off, then tighten the screw"
    )


@pytest.mark.parametrize(("down", "banded"), [((), (1, 3)), ((), (2, 4)), ((1,), ()), ((1, 3), ())])
def test_a_box_has_the_columns_of_its_texts(
    page: Page, down: Sequence[int], banded: Sequence[int]
) -> None:
    """Rules part some of its rows only, or some of its columns: a text stays below its head, and an empty cell is one."""
    page.boxed(WIRES, down, banded)
    assert page.read()[1:] == SAID


@pytest.mark.parametrize(("down", "banded"), [((), (1, 3)), ((1,), ())])
def test_a_ruled_row_of_several_lines_is_one(
    page: Page, down: Sequence[int], banded: Sequence[int]
) -> None:
    page.boxed([*WIRES, ("Copper of any~kind", "1.2", "2 m/min", "9 l/min~or more")], down, banded)
    assert (
        page.read()[-1]
        == "Material: Copper of any kind | Wire: 1.2 | Speed: 2 m/min | Gas: 9 l/min or more"
    )


def test_the_columns_of_a_box_go_on_on_the_next_page(page: Page) -> None:
    page.y = 250
    page.boxed(WIRES, [1])
    page.fresh()
    page.boxed(
        [("", "", "", ""), ("Brass", "", "4 m/min", "11 l/min"), ("Zinc", "0.9", "", "")], [1]
    )
    assert page.read()[-2:] == [
        "Material: Brass | Speed: 4 m/min | Gas: 11 l/min",
        "Material: Zinc | Wire: 0.9",
    ]


@pytest.mark.parametrize(
    "table",
    [
        # A value with its other unit at a tab stop, below one head
        [("Part", "Size", "", "Tool"), ("Bolt", "10 mm", "(0.4 in)", "Key A"), ("Nut", "12 mm", "(0.5 in)", "Key B"), ("Pin", "14 mm", "(0.6 in)", "Key C")],
        # Several rows between two rules
        [("Part", "Size", "Tool", "Note"), ("Bolt~Nut", "10~12", "Key A~Key B", "dry~oiled"), ("Pin~Rod", "14~16", "Key C~Key D", "dry~oiled"), ("Cap~Lid", "18~20", "Key E~Key F", "dry~oiled")],
    ],
)  # fmt: skip
def test_what_is_not_surely_a_column_stays_in_its_cell(
    page: Page, table: Sequence[Sequence[str]]
) -> None:
    page.boxed(table, [1, 3])
    ruled = page.read()
    assert all(row.count(" | ") == 2 for row in ruled)
