"""What Excel files say outside the plain values of their cells: small and struck type, boxes, charts, comments, white cells."""

from __future__ import annotations

import zipfile

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from knowledge.parsing import read_file
from tests.parsing.test_markup import blocks

BOX = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    "<xdr:twoCellAnchor><xdr:sp><xdr:txBody><a:p><a:r><a:t>WARNING: bleed the </a:t></a:r><a:r><a:t>line first.</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>"
)
STRINGS = (
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Area</t></si>'
    '<si><r><t>10 m</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>2</t></r></si>'
    "<si><r><rPr><strike/></rPr><t>12</t></r><r><t>14 bar</t></r></si></sst>"
)


def found(path) -> tuple[list[str], tuple[str, ...]]:
    document = read_file(path, "a.xlsx")
    return [text for _, text in blocks(document)][1:], document.warnings


def saved(tmp_path, book, **members: str):
    """The workbook with members put in the place of its own."""
    plain, path = tmp_path / "plain", tmp_path / "a"
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            stem = name.rpartition("/")[2].removesuffix(".xml")
            new.writestr(name, members.pop(stem) if stem in members else old.read(name))
    return path


def test_small_type_in_a_cell_is_small_and_struck_type_is_left_out(tmp_path):
    book = Workbook()
    raised, struck = (InlineFont(vertAlign="superscript"), InlineFont(strike=True))
    book.active.append(["Area", CellRichText("10 m", TextBlock(raised, "2"))])
    book.active.append(["Limit", CellRichText(TextBlock(struck, "12"), " 14 bar")])
    book.active.append(["Plain", CellRichText("one ", TextBlock(InlineFont(b=True), "two"))])
    texts, warnings = found(saved(tmp_path, book))
    assert texts == ["Area | 10 m²\nLimit | 14 bar\nPlain | one two"]
    assert warnings == ("1 struck-out cell or piece of one was left out.",)


def test_small_type_in_shared_texts(tmp_path):
    """As Excel itself writes them: the texts of all cells in one list."""
    book = Workbook()
    book.active.append(["x", "x", "x"])
    path = saved(tmp_path, book)
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c>'
        '<c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row></sheetData></worksheet>'
    )
    kind = '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    shared = tmp_path / "b"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(shared, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode()
            data = (
                sheet
                if name.endswith("sheet1.xml")
                else data.replace("</Types>", kind)
                if "Content_Types" in name
                else data
            )
            if not name.endswith("sharedStrings.xml"):
                new.writestr(name, data)
        new.writestr("xl/sharedStrings.xml", STRINGS)
    assert found(shared)[0] == ["Area | 10 m² | 14 bar"]


def test_a_text_box_and_the_title_of_a_chart_are_read_and_comments_are_counted(tmp_path):
    book = Workbook()
    for row in (["Size", "Torque"], ["S4", 3], ["S5", 6]):
        book.active.append(row)
    chart = BarChart()
    chart.title = "Torque by size"
    chart.add_data(Reference(book.active, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    book.active.add_chart(chart, "D2")
    book.active["B2"].comment = Comment("Ask the lab", "x")
    texts, warnings = found(saved(tmp_path, book))
    assert texts[-1] == "Torque by size"
    assert warnings == ("1 comment on cells was not read.",)
    assert "WARNING: bleed the line first." in found(saved(tmp_path, book, drawing1=BOX))[0]


def test_cells_that_nobody_sees_are_left_out_and_said(tmp_path):
    book = Workbook()
    for row in (["Size", "Torque"], ["S4", "3 Nm"], ["dealer 40%", "zero"]):
        book.active.append(row)
    for cell in book.active[1]:
        cell.font, cell.fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF003366")
    book.active["A3"].font = Font(color="FFFFFFFF")
    book.active["B3"].number_format = ";;;"
    texts, warnings = found(saved(tmp_path, book))
    assert texts == ["Size | Torque\nS4 | 3 Nm"]
    assert warnings == (
        "2 cells that nobody sees (white, or with a format that shows nothing) were left out.",
    )
