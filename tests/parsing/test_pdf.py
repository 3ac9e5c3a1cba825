"""PDF manuals: text with PDFium's offsets, blocks, headings, labels, titles."""

from __future__ import annotations

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from knowledge.parsing import read_file
from knowledge.parsing.document_builder import without_title
from knowledge.parsing.titles import title_from_name
from knowledge.text import readable
from knowledge.types import Heading
from tests.parsing.test_markup import blocks, section_paths
from tests.support.files import (
    manual_pdf,
    one_page_pdf,
    pages_pdf,
    pdf_of,
    text_content,
    turned_pdf,
    unicode_font,
)

BODY = (
    "The pump moves water from the tank to the\nspray head and stops by itself when the\nfloat switch opens.",
    "Never run the pump without water, because\nthe seals run dry within a minute.",
)
CHAPTERS = [
    (name, BODY)
    for name in ("Overview", "Cleaning", "Storage", "Repair", "Error codes", "Spare parts")
]


@pytest.mark.parametrize("outline", [True, False])
def test_headings_paragraphs_and_running_heads(tmp_path, outline):
    document = read_file(manual_pdf(tmp_path / "a", CHAPTERS, outline=outline), "x100.pdf")
    assert document.paged and len(document.pages) == 6
    assert [h.title.split(" ", 1)[-1] for h in document.headings] == [
        name if " " not in name or not outline else name.split(" ", 1)[1] for name, _ in CHAPTERS
    ]
    assert [(kind, readable(text)) for kind, text in blocks(document, 2)] == [
        ("heading", "2 Cleaning"),
        ("text", readable(BODY[0])),
        ("text", readable(BODY[1])),
    ]
    assert "Pump X100 Service Manual" in document.pages[1].text  # kept and shown, but in no block


def test_text_keeps_pdfiums_length(tmp_path):
    path = manual_pdf(tmp_path / "a", CHAPTERS)
    document, pdf = read_file(path, "a.pdf"), pypdfium2.PdfDocument(path)
    for page in document.pages:
        assert len(page.text) == len(pdf[page.number - 1].get_textpage().get_text_range())
        assert "\r" not in page.text and " \n" in page.text


def test_hyphens_at_line_ends_go_unless_the_manual_spells_them(tmp_path):
    lines = [
        "Use the right-hand lever. The right-hand lever",
        "stops it. Press the right-",
        "hand lever and the emer-",
        "gency stop, then leave.",
    ]
    document = read_file(one_page_pdf(tmp_path / "a", text_content(lines)), "a.pdf")
    assert readable(document.pages[0].text).endswith(
        "Press the right-hand lever and the emergency stop, then leave."
    )


def test_title_from_metadata_then_largest_text_then_name(tmp_path):
    assert (
        read_file(
            manual_pdf(tmp_path / "a", CHAPTERS, title="Pump X100 user manual"), "f.pdf"
        ).title
        == "Pump X100 user manual"
    )
    assert (
        read_file(
            manual_pdf(tmp_path / "b", CHAPTERS, title="Microsoft Word - x.doc"), "f.pdf"
        ).title
        == "1 Overview"
    )
    flat = one_page_pdf(tmp_path / "c", text_content(["All of one size.", "Nothing stands out."]))
    assert (
        read_file(flat, "pump_x100-service.pdf").title
        == "pump x100 service"
        == title_from_name("pump_x100-service.pdf")
    )


def test_the_manuals_own_title_is_no_section():
    root = Heading(1, "Pump X100 Manual", 1, 0, 16)
    rest = [Heading(2, "Care", 2, 0, 4), Heading(3, "Cleaning", 2, 9, 17)]
    assert [(h.level, h.title) for h in without_title([root, *rest], "Pump X100 manual")] == [
        (1, "Care"),
        (2, "Cleaning"),
    ]
    assert (
        without_title([root, *rest, Heading(1, "Appendix", 9, 0, 8)], "Pump X100 manual")[0] == root
    )


def test_page_labels(tmp_path):
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
    path = pdf_of(
        tmp_path / "a",
        [
            b"<< /Type /Catalog /Pages 2 0 R /PageLabels << /Nums [0 << /S /r >> 2 << /S /D /P (A-) >>] >> >>",
            b"<< /Type /Pages /Kids [3 0 R 6 0 R 7 0 R] /Count 3 >>",
            page,
            (b"", text_content(["Hello there."])),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            page,
            page,
        ],
    )
    assert [p.label for p in read_file(path, "a.pdf").pages] == ["i", "ii", "A-1"]


ENTRIES = [f"{at} Chapter about pump {at} " + ". " * 30 + str(at) for at in range(1, 9)]
LISTED = [text_content([f"{at} Chapter about pump {at}", "", "Oil it."]) for at in range(1, 9)]


@pytest.mark.parametrize("head", ["Contents", "Inhaltsverzeichnis", "What is in here"])
def test_contents_lists_are_not_searched(tmp_path, head):
    """Told by the name of the list, or by its entries that stand on the pages."""
    rest = LISTED if head == "What is in here" else [text_content(["Oil it."])] * 8
    first = text_content([head, "", *ENTRIES, "", "", "A sentence to be found."])
    document = read_file(pages_pdf(tmp_path / "a", [first, *rest]), "a.pdf")
    found = [text for _, text in blocks(document)]
    assert found[-1] == "A sentence to be found." and not any(". . ." in text for text in found)


@pytest.mark.parametrize("head", ["Data of the pump", "Contents"])
@pytest.mark.parametrize(
    "rows", [("Weight 5", "Width 10", "Height 15", "Depth 20"), ("Fuse 1", "Fan 2", "Lid 3", "Oil 4")]
)  # fmt: skip
def test_values_that_rise_are_no_contents_list(tmp_path, head, rows):
    lines = [f"{name} {'.' * 30} {value}" for name, value in map(str.split, rows)]
    first = text_content([head, "", *lines, "", "", "Oil it."])
    rest = [] if head == "Contents" else [text_content(["Oil it often."])] * 30
    document = read_file(pages_pdf(tmp_path / "a", [first, *rest]), "a.pdf")
    (table,) = [text for kind, text in blocks(document) if kind == "table"]
    assert len(table.split("\n")) == 4 and rows[3].split()[0] in table


def test_manual_pages_are_named_by_their_running_heads(tmp_path):
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "a"))
    for name in ("halcmd(1)", "halcmd(1)", "halrun(1)", "motion(9)", "threads(9)", "threads(9)"):
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(72, 800, f"{name.upper()}      HAL User Manual      {name.upper()}")
        y = 740
        for head in ("NAME", "OPTIONS"):
            canvas.setFont("Times-Bold", 13)
            canvas.drawString(72, y, head)
            canvas.setFont("Times-Roman", 10)
            canvas.drawString(
                100, y - 16, f"Some words on {head.lower()}, which go on for a while."
            )
            canvas.drawString(100, y - 28, "And on the next line they come to an end.")
            y -= 80
        canvas.showPage()
    canvas.save()
    paths = section_paths(read_file(tmp_path / "a", "a.pdf"))
    assert (
        paths[:3] == ["HALCMD(1)", "HALCMD(1) > NAME", "HALCMD(1) > OPTIONS"]
        and "THREADS(9) > OPTIONS" in paths
    )
    assert paths.count("HALCMD(1)") == 1


def test_a_file_only_the_second_reader_can_open(tmp_path):
    path = one_page_pdf(tmp_path / "a", text_content(["Readable by the second reader."]))
    path.write_bytes(path.read_bytes().replace(b"/Root 1 0 R", b""))
    document = read_file(path, "a.pdf")
    assert "Readable by the second reader." in document.pages[0].text
    assert not document.paged and "simpler way" in document.warnings[0]


def test_a_table_stays_one_block(tmp_path):
    rows = [
        ("Code", "Meaning"),
        ("E12", "Filter blocked"),
        ("E13", "No water"),
        ("E14", "Lid open"),
    ]
    cells = b" ".join(
        b"1 0 0 1 %d %d Tm (%s) Tj" % (72 + 150 * column, 600 - 16 * row, text.encode())
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    )
    content = (
        text_content(["The lamp shows an error code as follows.", "Look it up here."])
        + b" BT /F1 12 Tf "
        + cells
        + b" ET"
    )
    document = read_file(one_page_pdf(tmp_path / "a", content), "a.pdf")
    tables = [readable(text) for kind, text in blocks(document) if kind == "table"]
    assert tables == ["Code | Meaning E12 | Filter blocked E13 | No water E14 | Lid open"]


def test_characters_beyond_the_first_plane_and_halves_of_them(tmp_path):
    font = unicode_font("0041 d83dde00 d800 0000 fffe 0042")
    path = one_page_pdf(
        tmp_path / "a",
        b"BT /F1 12 Tf 72 700 Td <010203040506010606010106> Tj ET",
        font=font[0],
        extra=font[1:],
    )
    text = read_file(path, "a.pdf").pages[0].text
    text.encode("utf-8")
    assert "A😀" in text and "\x00" not in text and "\ufffe" not in text


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_turned_pages_read_the_same(tmp_path, rotation):
    """As landscape pages are made: the content is drawn turned, and the page turns it back."""
    lines = [
        "First paragraph of the page goes",
        "on in a second line.",
        "",
        "",
        "Second paragraph.",
    ]
    path = turned_pdf(tmp_path / "a", lines, rotation)
    assert [(kind, readable(text)) for kind, text in blocks(read_file(path, "a.pdf"))] == [
        ("text", "First paragraph of the page goes on in a second line."),
        ("text", "Second paragraph."),
    ]


def test_a_page_with_no_end_of_text_is_cut_with_a_warning(tmp_path):
    from knowledge.parsing import Limits

    path = one_page_pdf(tmp_path / "a", text_content(["word " * 12] * 400, y=6000))
    document = read_file(path, "a.pdf", Limits(max_page_characters=5000))
    assert len(document.pages[0].text) == 5000 and "first part" in document.warnings[0]


def layered_pdf(path, outline):
    """Six chapters of three sections each, set in three sizes; the outline holds what ``outline`` names."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path))
    for chapter in range(1, 7):
        y = 780
        for level, text in [(0, f"Topic {chapter} in a chapter")] + [
            (1, f"Topic {chapter} in section {part}") for part in "abc"
        ]:
            canvas.setFont("Helvetica-Bold", (20, 14)[level])
            canvas.drawString(72, y, text)
            for line in range(1, 6):
                canvas.setFont("Times-Roman", 11)
                canvas.drawString(
                    72,
                    y - 24 - 13 * line,
                    f"Body text number {line} explains what a person has to do here,",
                )
            y -= 160
        for entry in outline(chapter):
            canvas.bookmarkHorizontal(entry, 0, 800)
            canvas.addOutlineEntry(entry, entry, 0)
        canvas.showPage()
    canvas.save()
    return path


@pytest.mark.parametrize(
    "outline",
    [lambda n: [f"Topic {n} in a chapter"], lambda n: [f"scan_{n:03}.tif"], lambda n: []],
    ids=["shallow", "junk", "none"],
)
def test_sections_that_the_outline_lacks_are_found(tmp_path, outline):
    paths = section_paths(read_file(layered_pdf(tmp_path / "a", outline), "a.pdf"))
    assert len(paths) == 24 and paths[:3] == [
        "Topic 1 in a chapter",
        "Topic 1 in a chapter > Topic 1 in section a",
        "Topic 1 in a chapter > Topic 1 in section b",
    ]
    assert "Topic 6 in a chapter > Topic 6 in section c" in paths


def test_the_index_is_not_searched(tmp_path):
    entries = tuple(f"valve number {n}, {n + 3}, {n + 9}-{n + 11}" for n in range(20))
    document = read_file(manual_pdf(tmp_path / "a", [*CHAPTERS, ("Index", entries)]), "a.pdf")
    assert not document.pages[6].blocks and "valve number 3" in document.pages[6].text


def test_two_columns_read_one_after_the_other(tmp_path):
    """The right column comes first in the file, as programs that place boxes write it."""
    left, right = (
        ["Left column begins here", "and ends here."],
        ["Right column begins here", "and ends there."],
    )
    path = one_page_pdf(tmp_path / "a", text_content(right, x=330) + text_content(left, x=72))
    assert [readable(text) for _, text in blocks(read_file(path, "a.pdf"))] == [
        "Left column begins here and ends here.",
        "Right column begins here and ends there.",
    ]


@pytest.mark.parametrize("bold", [True, False])
def test_what_goes_on_with_an_item_is_no_heading(tmp_path, bold):
    """Its mark is in a font of signs and of another size; a bold item is none either."""
    items = [("Dual band: gives devices", "other bands", "for good speed"), ("Router mode",), ("Wide range: talks", "with many clients"),
             ("Access point mode",), ("Reset button",), ("Each port: finds out", "what it is"), ("Lamp",), ("Two plugs",), ("Stand",)]  # fmt: skip
    page, y = Canvas(str(tmp_path / "a.pdf")), 700.0
    for lines in items:
        for at, line in enumerate(lines):
            if at == 0:
                page.setFont("Symbol", 10)
                page.drawString(72, y, "\u2022")
            page.setFont("Helvetica-Bold" if bold else "Helvetica", 10.8)
            page.drawString(90, y, line)
            y -= 14
        y -= 14
    page.save()
    document = read_file(tmp_path / "a.pdf", "a.pdf")
    (only,) = document.pages
    found = [readable(only.text[one.start : one.end]) for one in only.blocks]
    assert not document.headings
    assert [text.lstrip("\u2022\uf0b7 ") for text in found] == [" ".join(lines) for lines in items]


def test_a_page_of_a_heading_and_a_sentence_is_no_running_head(tmp_path):
    pages = [
        text_content([f"{n} Chapter {n}"], size=15, y=760)
        + text_content([f"The limit of stage {n} is {n}5 bar."], y=735)
        for n in range(1, 7)
    ]
    intro = text_content(["Kiln K4 is fired with gas and needs air."] * 6, y=700)
    document = read_file(pages_pdf(tmp_path / "a", [intro, *pages]), "kiln.pdf")
    assert "The limit of stage 4 is 45 bar." in [readable(text) for _, text in blocks(document, 5)]


def test_a_figure_on_a_line_of_its_own_that_ends_a_sentence_is_no_item(tmp_path):
    lines = [
        "Fill the kettle with clean water, which must be below the mark",
        "10.",
        "Then close the lid.",
    ]
    assert blocks(read_file(one_page_pdf(tmp_path / "a", text_content(lines)), "a.pdf")) == [
        ("text", " \n".join(lines))
    ]
    steps = ["The lid opens by itself.", "1.", "Fill the kettle."]
    found = blocks(read_file(one_page_pdf(tmp_path / "a", text_content(steps)), "a.pdf"))
    assert found[1] == ("item", "1. \nFill the kettle.")


@pytest.mark.parametrize("last", ["Wear safety gloves during this work.", "Keep children away from the open lid."])  # fmt: skip
def test_a_sentence_below_the_text_of_every_page_is_no_running_foot(tmp_path, last):
    canvas = Canvas(str(tmp_path / "a"))
    for number, part in enumerate(("belt", "blade", "oil", "filter"), 1):
        canvas.setFont("Helvetica", 11)
        canvas.drawString(60, 780, f"Pull the plug before you change the {part}.")
        canvas.drawString(60, 765, f"Change the {part} every {number}00 hours of work.")
        canvas.drawString(60, 745, last)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(290, 30, str(number))
        canvas.showPage()
    canvas.save()
    for number, page in enumerate(read_file(tmp_path / "a", "a.pdf").pages, 1):
        said = " ".join(page.text[b.start : b.end] for b in page.blocks).split()
        assert last in " ".join(said) and str(number) not in said


def test_a_warning_on_every_page_is_no_running_head(tmp_path):
    warning = "WARNING: Remove the ignition key before this work."
    pages = [(name, [warning, f"Change the {name.lower()} every {n}00 hours."]) for n, name in enumerate(("Belt", "Blade", "Oil", "Filter"), 1)]  # fmt: skip
    document = read_file(manual_pdf(tmp_path / "a.pdf", pages, title="Mower"), "a.pdf")
    for page in document.pages:
        said = " ".join(page.text[b.start : b.end] for b in page.blocks)
        assert warning in " ".join(said.split())
