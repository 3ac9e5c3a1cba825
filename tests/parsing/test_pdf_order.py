"""PDF pages of which PDFium has the parts of lines in another order than they are read, and large words up the page."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from knowledge.parsing import read_file
from knowledge.rendering import page_images

LEFT = ("The pump is cleaned once a", "week. Take off the lid with a", "key and lift the filter out of",
        "the house. Rinse it with warm", "water and let it dry before it", "is put back into its place.")  # fmt: skip
RIGHT = ("Never run the pump without", "its filter, because sand will", "damage the wheel and the seal.",
         "If the pump is loud, look for", "air in the line and open the", "valve at the top for a while.")  # fmt: skip


def lines(tmp_path):
    (page,) = read_file(tmp_path / "a", "a.pdf").pages
    return [line.strip() for line in page.text.splitlines()]


@pytest.mark.parametrize("drawn", [False, True])
def test_columns_of_a_page_that_is_shown_upside_down_are_read_one_after_the_other(tmp_path, drawn):
    """Their lines went across, the right column first; a page that is drawn upside down began at its foot."""
    canvas = Canvas(str(tmp_path / "a"))
    if drawn:
        canvas.translate(595, 842)
        canvas.rotate(180)
    else:
        canvas.setPageRotation(180)
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(60, 760, "Cleaning the pump")
    canvas.setFont("Helvetica", 10)
    for at, (one, other) in enumerate(zip(LEFT, RIGHT, strict=True)):
        canvas.drawString(60, 730 - 13 * at, one)
        canvas.drawString(320, 730 - 13 * at, other)
    canvas.save()
    assert lines(tmp_path) == ["Cleaning the pump", *LEFT, *RIGHT]
    text = read_file(tmp_path / "a", "a.pdf").pages[0].text
    at = text.index("Rinse")
    (box,) = page_images.page_boxes(tmp_path / "a", 1, at, at + 5, len(text))
    width = canvas.stringWidth("the house. ", "Helvetica", 10)
    assert (1 - box.right) * 595 < 60 + width + 40 and (1 - box.right) * 595 > 60 + width - 5


@pytest.mark.parametrize("rules", [False, True])
def test_what_is_drawn_before_the_words_left_of_it_stands_behind_them(tmp_path, rules):
    """ "NEEL KASHKARI 247 REP": the party and its figure had changed places."""
    canvas = Canvas(str(tmp_path / "a"))
    canvas.setFont("Helvetica", 9)
    heads = ("Inlet", "Outlet", "Drain", "Vent")
    for at in range(16):
        y = 700 - 13 * at - 13 * (at // 4)
        other = 700 - 13 * at - 20 * (at // 3)
        if at % 4 == 0:
            canvas.drawString(60, y, f"{heads[at // 4]} valve")
        else:
            canvas.drawString(60, y, f"Part {at}")
            canvas.drawString(200, y, str(100 + at))
            canvas.drawString(160, y, "DEM")
        canvas.drawString(260, other, f"Seat {at}")
    if rules:
        canvas.line(250, 380, 250, 720)
    canvas.save()
    found = " ".join(" ".join(lines(tmp_path)).replace("|", " ").split())
    assert "Part 2 DEM 102" in found and "102 DEM" not in found


def test_a_pale_word_up_the_page_is_a_watermark(tmp_path):
    """It stood behind the last sentence, and nothing said that there was one."""
    canvas = Canvas(str(tmp_path / "a"))
    for at in range(20):
        canvas.drawString(72, 740 - 16 * at, f"Turn the handle of valve {at} to the left side.")
    canvas.setFillGray(0.75)
    canvas.setFont("Helvetica-Bold", 40)
    canvas.translate(300, 200)
    canvas.rotate(90)
    canvas.drawString(0, 0, "CONFIDENTIAL")
    canvas.save()
    document = read_file(tmp_path / "a", "a.pdf")
    (page,) = document.pages
    assert "CONFIDENTIAL" not in " ".join(page.text[x.start : x.end] for x in page.blocks)
    assert "watermark" in document.warnings[0]


@pytest.mark.parametrize("grey", [0.0, 0.8])
def test_words_up_the_margin_are_not_the_title(tmp_path, grey):
    canvas = Canvas(str(tmp_path / "a"))
    for at in range(20):
        canvas.drawString(72, 740 - 16 * at, f"Turn the handle of valve {at} to the left side.")
    canvas.setFillGray(grey)
    canvas.setFont("Helvetica-Bold", 22)
    canvas.translate(580, 250)
    canvas.rotate(90)
    canvas.drawString(0, 0, "NO ENTRIES BY HAND ON THIS SHEET")
    canvas.save()
    document = read_file(tmp_path / "a", "sheet.pdf")
    (page,) = document.pages
    assert document.title == "sheet"
    assert "NO ENTRIES" in " ".join(page.text[x.start : x.end] for x in page.blocks)
