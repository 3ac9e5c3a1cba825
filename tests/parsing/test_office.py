"""Word, PowerPoint and Excel files, as people make them."""

from __future__ import annotations

from knowledge.parsing import read_file
from tests.parsing.test_markup import blocks, section_paths
from tests.support.files import sheets_file, slides_file, word_file, word_paragraph

TABLE = (
    "<w:tbl>"
    + "".join(
        "<w:tr>" + "".join(f"<w:tc>{word_paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>"
        for row in (("Code", "Meaning"), ("E12", "Blocked"))
    )
    + "</w:tbl>"
)


def test_word(tmp_path):
    body = (
        word_paragraph("Pump X100", "Title")
        + word_paragraph("Care", "heading1")
        + word_paragraph("Keep it dry.")
        + word_paragraph("Cleaning", "heading2")
        + TABLE
    )
    document = read_file(word_file(tmp_path / "a", body), "x100.docx")
    assert (document.kind, document.title, document.paged) == ("docx", "Pump X100", False)
    assert section_paths(document) == ["Care", "Care > Cleaning"]
    assert blocks(document)[2:] == [
        ("text", "Keep it dry."),
        ("heading", "Cleaning"),
        ("table", "Code | Meaning\nE12 | Blocked"),
    ]


def test_word_title_from_its_properties(tmp_path):
    document = read_file(
        word_file(tmp_path / "a", word_paragraph("Keep it dry."), title="Pump X100 user guide"),
        "scan0001.docx",
    )
    assert (document.title, document.product) == ("Pump X100 user guide", "Pump X100")
    assert (
        read_file(
            word_file(tmp_path / "b", word_paragraph("Dry."), title="Microsoft Word - x.doc"),
            "pump_x100.docx",
        ).title
        == "pump x100"
    )


def test_slides_are_pages_with_their_notes(tmp_path):
    document = read_file(slides_file(tmp_path / "a"), "filter.pptx")
    assert (
        document.title == "Change the filter"
        and not document.paged
        and [p.number for p in document.pages] == [1, 2]
    )
    assert blocks(document) == [
        ("heading", "Change the filter"),
        ("item", "Turn the pump off."),
        ("item", "Open the cover."),
        ("item", "Pull the filter out."),
        ("text", "The filter is washable up to ten times."),
    ]
    assert blocks(document, 2) == [("table", "Code | Meaning\nE12 | Filter blocked")]


def test_sheets_are_pages_and_hidden_ones_are_left_out(tmp_path):
    document = read_file(sheets_file(tmp_path / "a"), "codes.xlsx")
    assert blocks(document) == [
        ("heading", "Error codes"),
        ("table", "Code | Meaning | Litres\nE12 | Filter blocked | 0.3"),
        ("table", "E13 | No water | 7"),  # below a blank row
    ]
    assert blocks(document, 2) == [("heading", "Notes"), ("item", "Only a single remark")]
    assert section_paths(document) == ["Error codes", "Notes"] and document.warnings == (
        "1 hidden sheet was left out.",
    )
    assert "secret" not in "".join(page.text for page in document.pages)
