"""Fields of forms on PDF pages: where what is filled in stands in the text, what lists and boxes say, and what nobody sees."""

from __future__ import annotations

import time

import pytest
from reportlab.pdfgen.canvas import Canvas

from knowledge.parsing import read_file


@pytest.fixture
def sheet(tmp_path):
    """A page to draw on, as ``canvas``, and ``texts`` of its blocks when it is done."""

    class Sheet:
        def __init__(self) -> None:
            self.path = tmp_path / "form.pdf"
            self.canvas = Canvas(str(self.path))
            self.warnings: tuple[str, ...] = ()
            self._emptied: list[bytes] = []
            self.field = self.canvas.acroForm.textfield
            self.canvas.drawString(60, 780, "Sheet of the pump")

        def label(self, x: int, y: int, text: str, size: int = 12) -> None:
            self.canvas.setFont("Helvetica", size)
            self.canvas.drawString(x, y, text)

        def text(self, name: str, x: int, y: int, value: str, **more: str) -> None:
            self.field(name=name, x=x, y=y - 5, width=90, height=16, value=value, **more)

        def tick(self, name: str, x: int, y: int, checked: bool = False) -> None:
            self.canvas.acroForm.checkbox(name=name, x=x, y=y - 4, size=12, checked=checked)

        def empties(self, value: bytes) -> None:
            self._emptied.append(value)

        def read(self) -> list[str]:
            self.canvas.save()
            made = self.path.read_bytes()
            for value in self._emptied:
                made = made.replace(value, b"/V ()".ljust(len(value)))
            self.path.write_bytes(made)
            document = read_file(self.path, "form.pdf")
            self.warnings = document.warnings
            (page,) = document.pages
            return [page.text[block.start : block.end] for block in page.blocks][1:]

    return Sheet()


def test_fields_beside_each_other_have_each_its_own_label(sheet):
    """ "Serial number Date: 3 May", and the number at the end behind the name that a program gave its field."""
    sheet.label(60, 740, "Serial number")
    sheet.text("Text12", 150, 740, "SN 4711")
    sheet.label(270, 740, "Date")
    sheet.text("Text13", 310, 740, "3 May 2025")
    sheet.label(60, 700, "Pressure")
    sheet.text("Text14", 150, 700, "2.8")
    sheet.label(245, 700, "bar")
    assert sheet.read() == ["Serial number: SN 4711", "Date: 3 May 2025", "Pressure: 2.8 bar"]


def test_a_label_may_stand_above_or_below_its_field(sheet):
    sheet.label(60, 700, "Owner", 8)
    sheet.label(300, 700, "Address", 8)
    sheet.text("a", 60, 687, "A. Reed")
    sheet.text("b", 300, 687, "1 High Street")
    sheet.text("c", 60, 600, "B. Mason")
    sheet.label(60, 584, "Name of the fitter", 8)
    assert sheet.read() == [
        "Owner: A. Reed", "Address: 1 High Street", "Name of the fitter: B. Mason",
    ]  # fmt: skip


def test_names_that_programs_give_fields_are_no_labels(sheet):
    """ "cert_content_0: …" stood before what was filled in."""
    for at, name in enumerate(("cert_content_0", "Text12", "Check Box3", "fooBar", "p")):
        sheet.text(name, 60, 700 - 40 * at, f"value {at}")
    sheet.text("Valve type", 60, 400, "K")
    sheet.text("x_1", 60, 350, "Noise.", tooltip="Remarks of the dealer")
    assert sheet.read() == [
        *(f"value {at}" for at in range(5)), "Valve type: K", "Remarks of the dealer: Noise.",
    ]  # fmt: skip


def test_a_list_of_which_nothing_is_chosen_shows_its_choices(sheet):
    """They were left out in silence; where one is chosen, it is said that the others are."""
    sheet.label(60, 700, "Mode:")
    sheet.canvas.acroForm.choice(
        name="m", x=150, y=694, width=90, height=16, options=["Eco", "Boost"], value="Eco"
    )
    sheet.label(60, 650, "Language:")
    sheet.canvas.acroForm.listbox(
        name="l", x=150, y=640, width=90, height=30, options=["German", "French"], value="French"
    )
    sheet.empties(b"/V (French)")
    assert sheet.read() == ["Mode: Eco", "Language: none chosen of German, French"]
    assert sheet.warnings == (
        "1 page with lists to choose from, of which only what is chosen was kept: 1.",
    )


def test_boxes_to_tick_stand_before_their_words(sheet):
    """They were "c1: yes" at the end, and those that nobody ticked were nowhere."""
    sheet.tick("c1", 60, 700, True)
    sheet.label(78, 700, "Valve tested")
    sheet.tick("c2", 60, 680)
    sheet.label(78, 680, "Leak test done as the long instruction on the other")
    sheet.label(78, 666, "side of this sheet says")
    sheet.label(60, 640, "Mode:")
    for name, x in (("Eco", 120), ("Boost", 220)):
        sheet.canvas.acroForm.radio(
            name="r", value=name, x=x, y=636, size=12, selected=name == "Boost"
        )
        sheet.label(x + 16, 640, name)
    sheet.label(60, 600, "Pump primed:")
    sheet.tick("c3", 150, 600)
    sheet.label(60, 560, "Filter in place:")
    sheet.tick("c4", 150, 560, True)
    found = [" ".join(text.split()) for text in sheet.read()]
    assert found == [
        "☑ Valve tested",
        "☐ Leak test done as the long instruction on the other side of this sheet says",
        "Mode: ○ Eco ◉ Boost",
        "Pump primed: ☐",
        "Filter in place: yes",
    ]


def test_boxes_to_tick_behind_one_label_have_the_heads_of_their_columns(sheet):
    for x, head in ((60, "Check"), (200, "Yes"), (260, "No"), (320, "Remark")):
        sheet.label(x, 700, head)
    for y, name, good in ((680, "Valve tight", True), (660, "Hose whole", False)):
        sheet.label(60, y, name)
        sheet.text(f"t{y}", 320, y, "" if good else "torn")
        sheet.tick(f"n{y}", 262, y, not good)
        sheet.tick(f"y{y}", 202, y, good)
    assert sheet.read()[1:] == [
        "Valve tight: Yes ☑, No ☐", "Hose whole: Yes ☐, No ☑, Remark: torn",
    ]  # fmt: skip


def test_what_is_filled_in_in_a_table_stands_in_its_cell(sheet):
    """The column stayed empty, and its values stood at the end with the names of their fields."""
    rows = [("Measured", "Value", "Unit"), ("Inlet", "2.1", "bar"), ("Outlet", "4.2 | 5", "bar"), ("Flow", "35", "l/min")]  # fmt: skip
    for y, row in zip((700, 680, 660, 640), rows, strict=True):
        for x, wide, text in zip((60, 200, 300), (140, 100, 80), row, strict=True):
            sheet.canvas.rect(x, y - 6, wide, 20)
            if x == 200 and y < 700:
                sheet.text(f"t{y}", x + 3, y, text)
            else:
                sheet.label(x + 5, y, text)
    (table,) = sheet.read()
    assert [" ".join(line.split()) for line in table.splitlines()] == [
        "Measured | Value | Unit", "Inlet | 2.1 | bar", "Outlet | 4.2 / 5 | bar", "Flow | 35 | l/min",
    ]  # fmt: skip


def test_hidden_fields_and_passwords_are_not_read(sheet):
    sheet.label(60, 700, "Code:")
    sheet.text("h", 150, 700, "7788", annotationFlags="hidden")
    sheet.label(60, 660, "Password:")
    sheet.text("p", 150, 660, "letmein", fieldFlags="password")
    assert " ".join(sheet.read()) == "Code: Password:"
    assert "not to be seen" in sheet.warnings[0]


def test_labels_that_are_drawn_behind_all_other_text_come_where_they_stand(sheet):
    """ "Gender:" and "Nationality:" stood before the labels above them, and the first one headed nothing."""
    sheet.label(60, 650, "Gender:")
    sheet.label(60, 600, "Nationality:")
    sheet.label(60, 700, "First name")
    sheet.text("a", 150, 700, "Alice")
    sheet.label(60, 630, "Female or male")
    found = sheet.read()
    assert [" ".join(text.split()) for text in found] == [
        "First name: Alice", "Gender:", "Female or male", "Nationality:",
    ]  # fmt: skip


def test_a_page_of_very_many_fields_is_read_in_seconds(sheet):
    for at in range(900):
        x, y = 20 + 60 * (at % 9), 760 - 7 * (at // 9)
        sheet.label(x, y, f"L{at}", 5)
        sheet.field(name=f"f_{at}", x=x + 20, y=y - 1, width=30, height=6, value=str(at))
    begun = time.monotonic()
    assert "L500: 500 | L501: 501" in " ".join(sheet.read())
    assert time.monotonic() - begun < 20
