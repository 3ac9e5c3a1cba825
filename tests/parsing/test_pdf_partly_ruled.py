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
