"""A merged cell that holds an entry for each row it spans gives each row its own; one with a single entry counts for all."""

from __future__ import annotations

import pytest

from knowledge.parsing import read_file
from tests.parsing.test_markup import blocks, read
from tests.parsing.test_sheets import sheet
from tests.support.files import word_file

HEAD = "<tr><th>Part<th>Interval<th>Tool</tr>"


def table(tmp_path, rows: str) -> list[str]:
    made = read(tmp_path, f"<h1>Service</h1><p>Do it.</p><table>{rows}</table>", "a.html")
    return [text for kind, text in blocks(made) if kind == "table"]


def word_cell(*paragraphs: str, merge: str = "") -> str:
    held = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs) or "<w:p/>"
    return f"<w:tc><w:tcPr>{merge}</w:tcPr>{held}</w:tc>"


def word_rows(tmp_path, *rows: str) -> list[str]:
    body = f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
    made = read_file(word_file(tmp_path / "a", body), "a.docx")
    return [text for kind, text in blocks(made) if kind == "table"]


BEGIN, GO_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def test_each_row_of_a_word_table_has_its_own_paragraph_of_a_merged_cell(tmp_path):
    """Of two names in one cell the second was given what belongs to the first."""
    assert word_rows(
        tmp_path,
        word_cell("Part") + word_cell("Interval") + word_cell("Tool"),
        word_cell("Hose", "Hose clip", merge=BEGIN) + word_cell("6 months") + word_cell("None"),
        word_cell(merge=GO_ON) + word_cell("24 months") + word_cell("Pliers"),
        word_cell("Lid") + word_cell("30 months") + word_cell("Key"),
    ) == [
        "Part: Hose | Interval: 6 months | Tool: None\n"
        "Part: Hose clip | Interval: 24 months | Tool: Pliers\n"
        "Part: Lid | Interval: 30 months | Tool: Key"
    ]


def test_values_in_a_merged_cell_go_to_their_rows(tmp_path):
    rows = (
        "<tr><td>Belt<td rowspan=3><p>5 Nm</p><p>7 Nm</p><p></p><p>9 Nm</p><td>Key A"
        "<tr><td>Lid<td>Key B<tr><td>Pin<td>Key C"
    )
    assert table(tmp_path, f"<tr><th>Part<th>Torque<th>Tool</tr>{rows}") == [
        "Part: Belt | Torque: 5 Nm | Tool: Key A\n"
        "Part: Lid | Torque: 7 Nm | Tool: Key B\n"
        "Part: Pin | Torque: 9 Nm | Tool: Key C"
    ]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("<p>Seal</p>", "Seal"),  # one entry
        ("<p>Seal</p><p>Belt</p><p>Lid</p>", "Seal; Belt; Lid"),  # more than the rows
        ("<ul><li>Seal</li><li>Belt</li></ul>", "Seal; Belt"),  # a list
        ("<p>Wear gloves.</p><p>Stop it first.</p>", "Wear gloves. Stop it first."),
        ("<p>Circulation</p><p>pump</p>", "Circulation; pump"),  # a name on two lines
        ("<p>Hedgehog</p><p>H 40</p>", "Hedgehog; H 40"),
        ("<p>Hedgehog</p><p>(indoors)</p>", "Hedgehog; (indoors)"),
    ],
)
def test_what_is_said_of_all_rows_stays_with_all(tmp_path, cell, shown):
    rows = f"<tr><td rowspan=2>{cell}<td>3 months<td>None<tr><td>9 months<td>Key"
    assert table(tmp_path, HEAD + rows) == [
        f"Part: {shown} | Interval: 3 months | Tool: None\n"
        f"Part: {shown} | Interval: 9 months | Tool: Key"
    ]


def test_rows_that_are_alike_beside_a_merged_cell_are_not_told_apart(tmp_path):
    rows = "<tr><td rowspan=2><p>Seal</p><p>Belt</p><td>3 months<td>None<tr><td>3 months<td>None"
    assert table(tmp_path, HEAD + rows)[0].split("\n")[0] == (
        "Part: Seal; Belt | Interval: 3 months | Tool: None"
    )


def test_lines_of_a_merged_cell_of_a_sheet_go_to_their_rows(tmp_path):
    rows = [
        ["Part", "Life", "Tool"], ["Seal\nBelt", "3 months", "None"], [None, "9 months", "Key"], ["Lid", "4 years", "Saw"],
    ]  # fmt: skip
    assert sheet(tmp_path, rows, spans=["A2:A3"]) == [
        "Part: Seal | Life: 3 months | Tool: None\nPart: Belt | Life: 9 months | Tool: Key\nPart: Lid | Life: 4 years | Tool: Saw"
    ]


def test_paragraphs_of_a_merged_cell_of_a_slide_go_to_their_rows(tmp_path):
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    held = slide.shapes.add_table(3, 3, 0, 0, Inches(4), Inches(1)).table
    for row, cells in enumerate(
        (("Part", "Life", "Tool"), ("Seal\nBelt", "3 a", "None"), ("", "9 a", "Key"))
    ):
        for column, text in enumerate(cells):
            held.cell(row, column).text = text
    held.cell(1, 0).merge(held.cell(2, 0))
    deck.save(str(tmp_path / "a"))
    found = [text for _, text in blocks(read_file(tmp_path / "a", "a.pptx"))]
    assert found == ["Part: Seal | Life: 3 a | Tool: None\nPart: Belt | Life: 9 a | Tool: Key"]
