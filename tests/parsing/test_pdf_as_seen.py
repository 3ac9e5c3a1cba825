"""A PDF page's text is what a person sees: words apart, small type, columns, nothing hidden; and it can be marked there."""

from __future__ import annotations

import re

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from knowledge.errors import NoText
from knowledge.parsing import read_file
from knowledge.parsing.pdf.page.page_extras import implausible
from knowledge.rendering import page_images
from knowledge.text import readable
from tests.knowledge.test_page_images import ink, picture
from tests.parsing.test_markup import blocks
from tests.support.files import one_page_pdf, pages_pdf, text_content, unicode_font


def read(tmp_path, content: bytes, **more):
    return read_file(one_page_pdf(tmp_path / "a", content, **more), "a.pdf")


def texts(document) -> list[str]:
    return [readable(text) for _, text in blocks(document)]


def shown(*parts: tuple[int, int, str]) -> bytes:
    """A content stream with each text at its place."""
    return b" BT /F1 10 Tf " + b" ".join(
        b"1 0 0 1 %d %d Tm (%s) Tj" % (x, y, text.encode()) for x, y, text in parts
    ) + b" ET "  # fmt: skip


# "x" and "J" are written as one word whose letters are 4 points apart, as typesetters do it that space single letters
GLUED = (
    b"BT /F1 12 Tf 1 0 0 1 72 700 Tm (Ask Ale) Tj 4 Tc (xJ) Tj 0 Tc 1 0 0 1 128.7 700 Tm (oni for 0.9) Tj"
    b" 54 Tc (21) Tj 0 Tc 1 0 0 1 249.4 700 Tm (2 bar.) Tj ET"
)
SMALL = (
    b"BT /F1 12 Tf 72 700 Td (It holds 10) Tj /F1 7 Tf 4.5 Ts (3) Tj /F1 12 Tf 0 Ts ( cm) Tj /F1 7 Tf 4.5 Ts (3) Tj"
    b" /F1 12 Tf 0 Ts ( of H) Tj /F1 7 Tf -2 Ts (2) Tj /F1 12 Tf 0 Ts (O in it.) Tj ET"
)


def test_words_and_numbers_that_stand_apart_are_apart(tmp_path):
    assert texts(read(tmp_path, GLUED)) == ["Ask Alex Joni for 0.92 12 bar."]


def test_spaced_lettering_stays_a_word(tmp_path):
    content = b"BT /F1 12 Tf 4 Tc 72 700 Td (WARNING) Tj ET " + text_content(["Keep off."], y=600)
    assert texts(read(tmp_path, content)) == ["WARNING", "Keep off."]


def test_small_type_is_small(tmp_path):
    assert texts(read(tmp_path, SMALL)) == ["It holds 10³ cm³ of H₂O in it."]


# As a browser prints <sup> and <sub>: not much smaller than the words, and PDFium ends the line after each
BROWSER = (
    b"BT /F1 12 Tf 1 0 0 1 72 700 Tm (Flow is 10) Tj /F1 10 Tf 4.75 Ts (3) Tj /F1 12 Tf 0 Ts ( units of CO) Tj /F1 10 Tf"
    b" -3.14 Ts (2) Tj /F1 12 Tf 0 Ts ( or 10) Tj /F1 10 Tf 4.75 Ts (-6) Tj /F1 12 Tf 0 Ts (.) Tj ET "
)


def test_small_type_of_a_browser_is_small(tmp_path):
    (text,) = texts(read(tmp_path, BROWSER))
    assert text == "Flow is 10³ units of CO₂ or 10⁻⁶."


def letter_by_letter(*parts: tuple[str, int, int]) -> bytes:
    """A line as a browser prints it: each letter of each (text, size, height) is drawn by itself."""
    x, out = 72.0, b""
    for text, size, y in parts:
        out += b" BT /F1 %d Tf 1 0 0 1 %.2f %d Tm" % (size, x, y)
        for letter in text:
            wide = stringWidth(letter, "Helvetica", size)
            out += b" (%s) Tj %.2f 0 Td" % (letter.encode(), wide)
            x += wide
        out += b" ET"
    return out


def test_a_line_that_is_cut_before_its_small_type_is_one(tmp_path):
    words, high = (12, 700), (7, 706)
    content = letter_by_letter(
        ("Flow is 10", *words),
        ("5", *high),
        (" units at 25 cm", *words),
        ("3", *high),
        (".", *words),
    )
    (text,) = texts(read(tmp_path, content))
    assert text == "Flow is 10⁵ units at 25 cm³."


@pytest.mark.parametrize(
    ("mark", "shown_as"),
    [("1\\)", "25¹⁾"), ("\\(1\\)", "25⁽¹⁾"), ("1/2", "25^(1/2)"), ("\\(+0.05\\)", "25^(+0.05)")],
)  # fmt: skip
def test_a_raised_mark_makes_no_other_number(tmp_path, mark, shown_as):
    content = (
        b"BT /F1 12 Tf 1 0 0 1 72 700 Tm (Flow is 25) Tj /F1 7 Tf 4.5 Ts (%s) Tj /F1 12 Tf 0 Ts"
        b" ( units.) Tj ET" % mark.encode()
    )
    assert texts(read(tmp_path, content)) == [f"Flow is {shown_as} units."]


LEFT = ["Hold the RESET key for ten", "seconds until the lamp blinks", "twice. The pump then starts", "with the values of the factory."]  # fmt: skip
RIGHT = ["Clean the filter every three", "months with warm water. Never", "use alcohol, because it makes", "the seal brittle and hard."]  # fmt: skip


def test_columns_that_are_written_line_by_line(tmp_path):
    lines = [
        part
        for at, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True))
        for part in ((60, 700 - 13 * at, left), (310, 700 - 13 * at, right))
    ]
    path = one_page_pdf(tmp_path / "a", shown(*lines))
    document = read_file(path, "a.pdf")
    assert texts(document) == [" ".join(LEFT), " ".join(RIGHT)]
    text = document.pages[0].text
    boxes = page_images.page_boxes(path, 1, text.index("seconds"), text.index("starts"), len(text))
    assert len(boxes) == 2 and all(box.right < 0.45 for box in boxes)


THREE = [
    ["Hold the reset key for ten", "seconds until the lamp", "blinks twice. The pump", "then starts with the values", "of the factory."],
    ["Clean the filter every", "three months with warm", "water and let it dry for", "one hour before you put", "it back into its", "place."],
    ["Store the pump in a dry", "place where it cannot", "freeze, and leave the", "valve open so that what", "is left of the water runs"],
]  # fmt: skip


@pytest.mark.parametrize("heads", [(), ("Reset", "Cleaning", "Storage")])
@pytest.mark.parametrize("count", [2, 3])
def test_three_columns_are_read_one_after_the_other(tmp_path, count, heads):
    """Be they of one length or not, with heads or without, in the order of the lines."""
    columns = THREE[:count]
    lines = [
        (60 + 160 * at, 700 - 13 * row, column[row])
        for row in range(6)
        for at, column in enumerate(columns)
        if row < len(column)
    ]
    lines = [*((60 + 160 * at, 716, head) for at, head in enumerate(heads[:count])), *lines]
    below = (60, 590, "This is the text below them, which stands across the page.")
    text = readable(read(tmp_path, shown(*lines, below)).pages[0].text)
    said = [" ".join([*heads[at : at + 1], *column]) for at, column in enumerate(columns)]
    assert " ".join([*said, below[2]]) in " ".join(text.split())


def test_rows_of_three_narrow_columns_stay_rows(tmp_path):
    rows = [("The pump does", "The fuse has", "Put in a new"), ("not run at all", "blown or a plug", "fuse and push it"),
            ("It runs and is", "A bearing has no", "Oil the bearing"), ("loud all the time", "oil left in it", "and let it run"),
            ("The lamp at the", "The water is", "Wait until it"), ("side blinks red", "hot for the seal", "is cold again")]  # fmt: skip
    lines = [(60 + 160 * at, 700 - 13 * row, cell) for row, cells in enumerate(rows) for at, cell in enumerate(cells)]  # fmt: skip
    text = readable(read(tmp_path, shown(*lines)).pages[0].text)
    assert all(" ".join(row) in " ".join(text.replace("|", " ").split()) for row in rows)


def test_rows_of_a_table_stay_rows(tmp_path):
    rows = [("mount the disk", "makes the files of a disk known to the system"), ("copy a file", "writes a second file"),
            ("list all the files", "shows what is there"), ("end the program now", "stops it at once and for all")]  # fmt: skip
    lines = [
        part
        for at, (left, right) in enumerate(rows)
        for part in ((60, 700 - 13 * at, left), (310, 700 - 13 * at, right))
    ]
    text = readable(read(tmp_path, shown(*lines)).pages[0].text)
    assert all(f"{left} {right}" in text for left, right in rows)


WATERMARK = "1 page with a watermark across the text, which was left out: 1."
STAMP = b" q .85 g .7071 .7071 -.7071 .7071 200 400 cm BT /F1 60 Tf 0 0 Td (DRAFT) Tj ET Q "


def test_a_stamp_across_the_page_does_not_cut_a_sentence(tmp_path):
    content = shown((60, 700, "Clean it with water and never with")) + STAMP + shown((60, 687, "alcohol or petrol."))  # fmt: skip
    document = read(tmp_path, content)
    assert texts(document) == ["Clean it with water and never with alcohol or petrol."]
    assert document.warnings == (WATERMARK,)


def test_a_stamp_that_begins_where_a_line_ends_is_no_part_of_it(tmp_path):
    """PDFium puts it behind the words of that line."""
    stamp = b" q .7071 .7071 -.7071 .7071 245 700 cm BT /F1 24 Tf 0 0 Td (DRAFT) Tj ET Q "
    content = shown((60, 700, "Clean it with water and never with")) + stamp + shown((60, 687, "alcohol or petrol."))  # fmt: skip
    document = read(tmp_path, content)
    assert texts(document)[0] == "Clean it with water and never with alcohol or petrol."
    assert "DRAFT" in document.pages[0].text


def test_sheared_letters_stand_level(tmp_path):
    """A font without an italic face is drawn sheared: neither the end of a line nor a large heading stands across the page."""
    content = (
        b"BT /F1 12 Tf 1 0 0 1 60 700 Tm (- Never open the ) Tj 1 0 .27 1 152 700 Tm (hot lid) Tj ET"
        b" BT /F1 12 Tf 1 0 0 1 60 686 Tm (- Keep it dry.) Tj ET BT /F1 24 Tf 1 0 .27 1 60 640 Tm (Storage) Tj ET"
    ) + shown((60, 600, "Store it in the box."), (60, 586, "Close the box well."))
    said = texts(read(tmp_path, content))
    assert said[0] == "- Never open the hot lid" and said[1] == "- Keep it dry."
    assert said.index("Storage") < next(i for i, one in enumerate(said) if "Store it" in one)


SLANTED = b" q .866 .5 -.5 .866 100 300 cm BT /F1 %d Tf 0 0 Td (%s) Tj ET Q "


BODY = [
    (60, 700 - 14 * at, f"Turn screw {at} to the left until it is loose, and lift it.")
    for at in range(9)
]


@pytest.mark.parametrize(
    "mark",
    [
        b" q .8 .8 1 rg .866 .5 -.5 .866 150 500 cm BT /F1 30 Tf (NOT FOR SALE) Tj ET Q ",  # pale
        b" q .866 .5 -.5 .866 150 400 cm BT /F1 70 Tf (SPECIMEN) Tj ET Q ",  # a huge word
        b" q .9 g BT /F1 80 Tf 90 620 Td (COPY) Tj ET Q ",  # level, below the text
    ],
)
def test_a_watermark_is_no_text_and_is_said(tmp_path, mark):
    document = read(tmp_path, mark + shown(*BODY))
    text = " ".join(texts(document))
    assert text == " ".join(one for _, _, one in BODY) and document.warnings == (WATERMARK,)


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        (b" q .866 .5 -.5 .866 150 400 cm BT /F1 24 Tf (Rear wheel) Tj ET Q ", "Rear wheel"),  # dark, of a drawing
        (b" q .8 g .866 .5 -.5 .866 150 400 cm BT /F1 14 Tf (Rear wheel) Tj ET Q ", "Rear wheel"),  # no larger than text
        (b" q .8 g .866 .5 -.5 .866 150 400 cm BT /F1 40 Tf (Never above 5 bar) Tj ET Q ", "Never above 5 bar"),
        (b" q .8 g BT /F1 40 Tf 60 740 Td (Storage) Tj ET Q ", "Storage"),  # above the text
        (b" q 0 g BT /F1 80 Tf 90 620 Td (COPY) Tj ET Q ", "COPY"),  # not pale
    ],
)  # fmt: skip
def test_other_large_words_are_text(tmp_path, drawn, said):
    document = read(tmp_path, drawn + shown(*BODY))
    assert said in texts(document) and not document.warnings


def test_a_stamp_that_lets_the_page_shine_through_is_a_watermark(tmp_path):
    """As word processors write them: black, and nearly transparent."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "a"))
    for x, y, text in BODY:
        canvas.drawString(x, y, text)
    canvas.saveState()
    canvas.setFillAlpha(0.2)
    canvas.translate(150, 400)
    canvas.rotate(40)
    canvas.setFont("Helvetica", 30)
    canvas.drawString(0, 0, "Internal use only")
    canvas.restoreState()
    canvas.save()
    document = read_file(tmp_path / "a", "a.pdf")
    assert "Internal" not in " ".join(texts(document)) and document.warnings == (WATERMARK,)


def test_a_warning_across_the_page_is_a_paragraph_and_a_stamp_on_many_is_left_out(tmp_path):
    warning, stamp = SLANTED % (24, b"WARNING: max 5 bar"), SLANTED % (60, b"DRAFT")
    body = [shown((60, 450, f"Open {name}.")) for name in ("it", "the lid", "both", "one")]
    path = pages_pdf(tmp_path / "a", [part + stamp for part in body[:3]] + [body[3] + warning])
    document = read_file(path, "a.pdf")
    assert [[readable(text) for _, text in blocks(document, at)] for at in range(1, 5)] == [
        ["Open it."], ["Open the lid."], ["Open both."], ["Open one.", "WARNING: max 5 bar"],
    ]  # fmt: skip
    assert document.warnings == (
        "3 pages with a watermark across the text, which was left out: 1, 2, 3.",
    )
    text = document.pages[3].text
    at = text.index("WARNING")
    assert page_images.page_boxes(path, 4, at, at + len("WARNING: max 5 bar"), len(text))


def test_small_slanted_text_is_text_where_it_stands(tmp_path):
    content = shown((60, 700, "Open the valve.")) + SLANTED % (11, b"Pump side")
    document = read(tmp_path, content + shown((60, 200, "Close it.")))
    assert texts(document) == ["Open the valve.", "Pump side", "Close it."]
    assert not document.warnings


@pytest.mark.parametrize(
    "hidden",
    [b" BT /F1 10 Tf 3 Tr 60 600 Td (Code 7788.) Tj ET ", b" q 1 1 1 rg BT /F1 10 Tf 60 600 Td (Code 7788.) Tj ET Q "],
    ids=["no ink", "white"],
)  # fmt: skip
def test_text_that_nobody_sees_is_left_out_and_said(tmp_path, hidden):
    visible = shown((60, 700, "Hold the key for ten seconds."))
    document = read(tmp_path, visible + hidden)
    assert texts(document) == ["Hold the key for ten seconds."]
    assert "left out: 1." in document.warnings[0]
    ground = b" q .1 .2 .6 rg 50 590 300 30 re f Q "
    assert texts(read(tmp_path, visible + ground + hidden))[-1] == "Code 7788."  # it shows there


def test_text_outside_the_crop_box_is_left_out(tmp_path):
    content = shown((60, 700, "Hold the key."), (10, 10, "Proof 3, do not publish"))
    page = b"/MediaBox [0 0 612 792] /CropBox [40 40 560 760]"
    document = read(tmp_path, content, page=page)
    assert texts(document) == ["Hold the key."] and len(document.warnings) == 1


@pytest.mark.parametrize("cut", [(0, 60, 612, 792), (-20, -20, 700, 900)])
def test_text_that_runs_off_the_page_is_text(tmp_path, cut):
    """A page's media box may be inherited; only a crop box that is smaller cuts anything off."""
    content = shown((60, 700, "Hold the key."), (60, 80, "Row 1"), (60, 20, "Row 2"), (60, -90, "Row 3"))  # fmt: skip
    media = b"/MediaBox [0 0 595.28 841.89]"
    document = read_file(pages_pdf(tmp_path / "a", [content], boxes=media), "a.pdf")
    assert texts(document) == ["Hold the key.", "Row 1", "Row 2", "Row 3"]
    assert not document.warnings
    crop = b" /CropBox [%d %d %d %d]" % cut
    document = read_file(pages_pdf(tmp_path / "b", [content], boxes=media + crop), "b.pdf")
    left_out = 2 if cut[1] > 0 else 0
    assert len(texts(document)) == 4 - left_out and len(document.warnings) == bool(left_out)


TOLERANCES = [
    ([("25", 0), ("+0.05", 1)], "25^(+0.05)"),
    ([("30", 0), ("1.5", 1)], "30^(1.5)"),
    ([("30", 0), ("0,25", 1)], "30^(0,25)"),
    ([("10", 0), ("2a", 1)], "10^(2a)"),
    ([("cm", 0), ("2.", 1)], "cm²."),
]


@pytest.mark.parametrize(("parts", "expected"), TOLERANCES)
def test_a_raised_number_is_raised_as_a_whole(tmp_path, parts, expected):
    ops = {0: b"/F1 12 Tf 0 Ts", 1: b"/F1 7 Tf 4.5 Ts", -1: b"/F1 7 Tf -2 Ts"}
    content = b" ".join(b"%s (%s) Tj" % (ops[rise], text.encode()) for text, rise in parts)
    path = one_page_pdf(tmp_path / "a", b"BT 72 700 Td /F1 12 Tf (Bore ) Tj %s /F1 12 Tf 0 Ts ( wide) Tj ET" % content)  # fmt: skip
    document = read_file(path, "a.pdf")
    assert texts(document) == [f"Bore {expected} wide"]
    text = document.pages[0].text
    (box,) = page_images.page_boxes(path, 1, 0, len(text.rstrip()), len(text))
    assert ink(picture(path), box) >= 0.95 * ink(picture(path))


def test_what_was_put_in_can_be_marked(tmp_path):
    path = one_page_pdf(tmp_path / "a", GLUED)
    text = read_file(path, "a.pdf").pages[0].text
    at = text.index("Joni")
    (box,) = page_images.page_boxes(path, 1, at, at + 4, len(text))
    image = picture(path)
    assert 0 < ink(image, box) < 0.4 * ink(image)
    whole = page_images.page_boxes(path, 1, 0, len(text), len(text))
    assert sum(ink(image, part) for part in whole) >= 0.95 * ink(image)
    older = text.replace("Alex Joni", "AlexJoni").replace("0.92 12", "0.9212")
    at = older.index("oni for")
    (kept,) = page_images.page_boxes(path, 1, at, at + 3, len(older))
    (same,) = page_images.page_boxes(path, 1, text.index("oni"), text.index("oni") + 3, len(text))
    assert kept == same  # a version that was stored before blanks were put in


def dotted(rows: list[tuple[str, str]]) -> list[str]:
    return [f"{name} {'.' * (40 - len(name))} {value}" for name, value in rows]


def test_dots_that_lead_to_values_are_a_table_and_not_a_contents_list(tmp_path):
    rows = [("Voltage, V", "230"), ("Current, A", "4"), ("Pressure, bar", "16"), ("Noise, dB", "48"), ("Flow, l/h", "35")]  # fmt: skip
    document = read(tmp_path, text_content(["The data of the pump:", *dotted(rows)]))
    (table,) = [text for kind, text in blocks(document) if kind == "table"]
    assert [line.split(" ...")[0].strip() for line in table.split("\n")] == [name for name, _ in rows]  # fmt: skip
    units = [("Voltage", "230 V"), ("Current", "4 A"), ("Pressure", "16 bar"), ("Noise", "48 dB")]
    document = read(tmp_path, text_content(dotted(units)))
    lines = [
        line for kind, text in blocks(document) if kind == "table" for line in text.split("\n")
    ]
    assert readable(lines[2]).startswith("Pressure ...") and lines[2].strip().endswith("16 bar")


def test_the_numbered_lines_of_a_form_are_text(tmp_path):
    lines = []
    for number in range(1, 9):
        lines += [
            f"{number} Amount of part {number} . . . . . . . . . . {number}",
            "see the notes",
            "on the back",
        ]
    assert "Amount of part 5" in " ".join(texts(read(tmp_path, text_content(lines))))


def test_what_is_filled_in_on_a_form_is_read(tmp_path):
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "a"))
    canvas.drawString(60, 700, "Set pressure:")
    canvas.drawString(60, 660, "Checked by:")
    canvas.acroForm.textfield(name="p1", x=150, y=694, width=200, height=18, value="2.8 bar")
    canvas.acroForm.textfield(name="p2", x=150, y=654, width=200, height=18)
    canvas.acroForm.checkbox(name="c", tooltip="Valve tested", x=60, y=600, checked=True)
    canvas.save()
    document = read_file(tmp_path / "a", "form.pdf")
    assert texts(document) == ["Set pressure: 2.8 bar", "Checked by:", "Valve tested: yes"]
    text = document.pages[0].text
    at = text.index("2.8")
    assert page_images.page_boxes(tmp_path / "a", 1, at, at + 3, len(text)) == ()


def form(tmp_path, *rows: tuple[str, str, str]):
    """A page with a label, the name of its field and what is filled in on each line."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "a"))
    canvas.drawString(60, 750, "Sheet of the pump")
    for at, (label, name, value) in enumerate(rows):
        y = 700 - 16 * at
        canvas.drawString(60, y, label)
        canvas.acroForm.textfield(
            name=f"f{at}", tooltip=name, x=190, y=y - 4, width=200, height=15, value=value
        )
    canvas.drawString(60, 500, "Keep this sheet.")
    canvas.save()
    return read_file(tmp_path / "a", "form.pdf")


def test_a_value_stands_behind_its_label_and_each_is_a_line_of_its_own(tmp_path):
    """The label stood alone above, and all the values at the end of the page."""
    document = form(
        tmp_path, ("Hose length:", "", "3 m"), ("Owner", "Owner", "A. Reed"), ("Seen by:", "", "")
    )
    assert texts(document)[1:] == [
        "Hose length: 3 m", "Owner: A. Reed", "Seen by:", "Keep this sheet.",
    ]  # fmt: skip
    text = document.pages[0].text
    at = text.index("Keep")
    (box,) = page_images.page_boxes(tmp_path / "a", 1, at, at + 4, len(text))
    assert (box.left * 595.28, (1 - box.bottom) * 841.89) == pytest.approx((60, 497), abs=3)


def test_a_value_whose_field_has_another_name_keeps_it(tmp_path):
    document = form(
        tmp_path, ("3.", "Volume in litres", "40"), ("Motor", "Type of the motor", "M 6")
    )
    assert texts(document)[-2:] == ["Volume in litres: 40", "Type of the motor: M 6"]


def test_marks_find_their_words_on_a_form_that_was_read_long_ago(tmp_path):
    """What is filled in stood behind the page's text."""
    document = form(tmp_path, ("Hose length:", "", "3 m"), ("Colour of it:", "", "red"))
    text = document.pages[0].text
    old = text.replace(" 3 m", "").replace(" red", "") + "\r\nHose length: 3 m\r\nColour of it: red"
    at = old.index("Keep")
    now = text.index("Keep")
    marked = page_images.page_boxes(tmp_path / "a", 1, at, at + 4, len(old))
    assert marked == page_images.page_boxes(tmp_path / "a", 1, now, now + 4, len(text)) != ()


def test_all_that_is_chosen_of_a_list_on_a_form_is_read(tmp_path):
    """It read the first and left the others out in silence."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "a"))
    canvas.drawString(60, 750, "Sheet of the pump")
    for name, y, chosen in (("Fuses", 600, ["Red", "Blue"]), ("Hose", 500, "Green")):
        canvas.acroForm.listbox(
            name=name, x=150, y=y, width=90, height=60, options=["Red", "Green", "Blue"],
            value=chosen, fieldFlags="multiSelect" if name == "Fuses" else "",
        )  # fmt: skip
    canvas.save()
    found = texts(read_file(tmp_path / "a", "form.pdf"))
    assert found[-2:] == ["Fuses: Red, Blue", "Hose: Green"]


def test_a_field_of_a_turned_page_has_its_own_name(tmp_path):
    """Its place tells nothing of the text before it, because that is measured as the page is shown."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "a"), pagesize=(792, 612))
    canvas.setPageRotation(90)
    canvas.translate(212, 60)
    canvas.rotate(90)
    canvas.drawString(0, 0, "Other thing:")
    canvas.rotate(-90)
    canvas.translate(-212, -60)
    canvas.acroForm.textfield(name="Pressure", x=150, y=394, width=200, height=18, value="2.8 bar")
    canvas.save()
    found = texts(read_file(tmp_path / "a", "form.pdf"))
    assert found == ["Other thing:", "Pressure: 2.8 bar"]


MUTE = [
    b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [6 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 500 /FontDescriptor 7 0 R"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
    b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [0 0 500 700] /Ascent 700 /Descent 0 /CapHeight 700 /StemV 80 /ItalicAngle 0 >>",
]  # fmt: skip


def test_letters_that_a_font_does_not_name_are_no_text(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))  # without OCR
    codes = "".join(f"{code:04x}" for code in range(40, 70)).encode()
    garbage = b"BT /F1 12 Tf 72 700 Td <%s> Tj 0 -20 Td <%s> Tj ET" % (codes, codes)
    with pytest.raises(NoText, match="cannot be read"):
        read(tmp_path, garbage, font=MUTE[0], extra=MUTE[1:])


def test_how_much_of_a_page_cannot_be_read_is_said(tmp_path, monkeypatch):
    """Of a page in a font that is not in the file two lines came out, and of the others it was not said how many."""
    monkeypatch.setenv("PATH", str(tmp_path))  # without OCR
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <0000> <ffff>"
        b" endcodespacerange 4 beginbfchar\n<1edb> <ff08>\n<1edc> <ff09>\n<034f> <3042>\n<0350> <3043>\nendbfchar endcmap end end"
    )
    font = [
        b"<< /Type /Font /Subtype /Type0 /BaseFont /X-Identity-V /Encoding /Identity-V /DescendantFonts [6 0 R] /ToUnicode 8 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /X /DW 1000 /FontDescriptor 7 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        b"<< /Type /FontDescriptor /FontName /X /Flags 6 /FontBBox [-170 -331 1024 903] /Ascent 723 /Descent -241 /CapHeight 709"
        b" /StemV 69 /ItalicAngle 0 >>",
        (b"", cmap),
    ]
    without = b"".join(
        b"1 0 0 1 %d 700 Tm <034b034c034d034e> Tj " % (60 + 10 * n) for n in range(40)
    )
    legible = b"1 0 0 1 500 700 Tm <1edb034f0350034f03501edc> Tj 1 0 0 1 520 700 Tm <1edb034f03501edc> Tj "
    document = read(
        tmp_path, b"BT /F1 12 Tf " + without + legible + b"ET", font=font[0], extra=font[1:]
    )
    assert document.warnings[0] == (
        "1 page with text that cannot be read (39 of 40 pieces), because a font does not say which letters it shows: 1."
    )
    (shown,) = texts(document)
    assert "（あぃあぃ）" in shown  # short lines of wrong letters stayed
    with pytest.raises(NoText, match="cannot be read"):  # it was called empty
        read(tmp_path, b"BT /F1 12 Tf " + without + b"ET", font=font[0], extra=font[1:])


def right_to_left(word: str, x: int) -> bytes:
    """A word as browsers print it: its letters one by one from the left, each with what it means."""
    letters = b" ".join(
        b"/Span << /ActualText <FEFF%04X> >> BDC /F1 12 Tf 1 0 0 1 %d 700 Tm (x) Tj EMC" % (ord(letter), x + 6 * at)
        for at, letter in enumerate(reversed(word))
    )  # fmt: skip
    return b" BT /ReversedChars BMC %s EMC ET " % letters


def test_words_from_right_to_left_are_words(tmp_path):
    content = right_to_left("ضغط", 120) + right_to_left("بار", 90)
    assert texts(read(tmp_path, content)) == ["ضغط بار"]


def test_single_characters_that_a_font_does_not_name_are_said(tmp_path):
    font = unicode_font(" ".join(["0041"] * 65 + ["0000", "0043"]))
    content = b"BT /F1 12 Tf 72 700 Td <4142434141> Tj ET"
    document = read(tmp_path, content, font=font[0], extra=font[1:])
    assert [one for one in document.warnings if "single characters" in one] == [
        "1 page with single characters that cannot be read, because a font does not say which they are: 1."
    ]


def test_letters_that_a_font_numbers_for_itself_are_no_text(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))  # without OCR
    own = unicode_font(" ".join(["0041"] * 65 + [f"e{n:03x}" for n in range(20)]))
    line = b"".join(b"%02x" % (66 + n) for n in range(16))
    content = b"BT /F1 12 Tf 72 700 Td <%s> Tj 0 -20 Td <4141> Tj ET" % line
    document = read(tmp_path, content, font=own[0], extra=own[1:])
    assert not any("\ue000" <= char <= "\uf8ff" for _, text in blocks(document) for char in text)
    assert "(1 of 2 pieces)" in document.warnings[0]


LINE = "Turn the screw 15 mm 20 mm to the left."


def stroke(first: str, struck: str, above: float, more: float = 0.0) -> bytes:
    """A stroke over a part of LINE, so high above its foot, and so much longer than the part."""
    left = 60 + stringWidth(first, "Helvetica", 10)
    right = left + stringWidth(struck, "Helvetica", 10) + more
    return b" .6 w %.2f %.2f m %.2f %.2f l S " % (left, 700 + above, right, 700 + above)


def test_struck_words_are_left_out_and_said(tmp_path):
    words = shown(
        (60, 700, LINE), (60, 680, "Use the old key."), (60, 660, "Hold it for ten seconds.")
    )
    whole = b" .6 w 60 682.5 m %.2f 682.5 l S " % (
        60 + stringWidth("Use the old key.", "Helvetica", 10)
    )
    document = read(tmp_path, words + stroke("Turn the screw ", "15 mm", 2.5) + whole)
    text = document.pages[0].text
    assert (
        " ".join(readable(text).split())
        == "Turn the screw 20 mm to the left. Hold it for ten seconds."
    )
    assert document.warnings == ("1 page with struck-out text, which was left out: 1.",)
    at = text.index("20 mm")
    (box,) = page_images.page_boxes(tmp_path / "a", 1, at, at + 5, len(text))
    left = 60 + stringWidth("Turn the screw 15 mm ", "Helvetica", 10)
    assert box.left == pytest.approx(left / 612, abs=0.01)


def test_a_stroke_a_little_longer_than_the_words_strikes_them_out(tmp_path):
    left = 60 + stringWidth("Turn the screw ", "Helvetica", 10)
    right = left + stringWidth("15 mm", "Helvetica", 10)
    drawn = b" 1 w %.2f 702.5 m %.2f 702.5 l S " % (left - 1, right + 1)
    document = read(tmp_path, shown((60, 700, LINE)) + drawn)
    assert " ".join(readable(document.pages[0].text).split()) == "Turn the screw 20 mm to the left."
    assert document.warnings == ("1 page with struck-out text, which was left out: 1.",)


@pytest.mark.parametrize(
    "drawn",
    [
        stroke("Turn the screw ", "15 mm", -1.2),
        stroke("Turn the screw ", "15 mm", 9),
        stroke("Turn the ", "screw 15 mm 20 mm to the left.", 2.5, 200),
        stroke("Turn the screw", " ", 2.5),
    ],
    ids=["underlined", "over it", "a rule", "a dash between words"],
)
def test_other_strokes_strike_nothing_out(tmp_path, drawn):
    document = read(tmp_path, shown((60, 700, LINE)) + drawn)
    assert texts(document) == [LINE] and document.warnings == ()


PROSE = [
    "Press the green button for three seconds until the lamp is lit.",
    "Wait until the display shows READY and then open the inlet valve.",
    "The working pressure is 7 bar and must never exceed 9 bar.",
    "Never open the lid while the motor runs, because the blades turn fast.",
    "Clean the filter with warm water every three months and let it dry.",
    "Store the machine in a dry room at a temperature above five degrees.",
]


def shifted(text: str) -> str:
    """As a font says it whose table of letters is three letters off."""
    return "".join(
        chr(ord(char) + 3) if char.isalpha() and char.lower() < "w" else char for char in text
    )


def swapped(text: str) -> str:
    """As a font says it of whose letters every other one is taken for a capital of the alphabet's other half."""
    return "".join(char.upper().translate(HALVES) if char in "aeiount" else char for char in text)


HALVES = {ord(c): ord(c) + (13 if c < "N" else -13) for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


@pytest.mark.parametrize("garble", [shifted, swapped])
def test_text_that_is_no_words_of_any_language_is_a_page_that_cannot_be_read(tmp_path, garble):
    lines = [(60, 700 - 13 * at, garble(line)) for at, line in enumerate(PROSE * 2)]
    sound = [(60, 700 - 13 * at, line) for at, line in enumerate(PROSE)]
    path = pages_pdf(tmp_path / "a", [shown(*sound), shown(*lines)])
    document = read_file(path, "a.pdf")
    assert not blocks(document, 2) or any("OCR" in told for told in document.warnings)
    assert any(re.search(r"\b2\b", told) for told in document.warnings)
    assert "green button" in document.pages[0].text


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(PROSE),
        "M5 bolt zinc 8.8, torque 6 Nm; washer DIN 125; spring SPR-12 " * 9,
        "txd rxd gnd vcc sclk mosi miso rst cts rts dtr dsr the pins " * 9,
        "getValue setValue myWidget onClick isReady hasNext toString " * 9,
        "0x3f 12 34 56 " * 60,
        "",
    ],
)
def test_lists_code_and_figures_are_no_garbage(text: str) -> None:
    assert not implausible(text)


@pytest.mark.parametrize(
    ("drawn", "shown_as"),
    [
        # A stroke of full size, a small one, and one below the line with the figure behind it
        (b"/F1 7 Tf 4.5 Ts (3) Tj /F1 12 Tf 0 Ts (/) Tj /F1 7 Tf (4) Tj", "1 3/4"),
        (b"/F1 7 Tf 4.5 Ts (3) Tj 2 Ts (/) Tj -1 Ts (4) Tj", "1 3/4"),
        (b"/F1 7 Tf 5 Ts (15) Tj 2 Ts (/) Tj 0 Ts (16) Tj", "1 15/16"),
        # One whole power, and a unit
        (b"/F1 7 Tf 4.5 Ts (3/4) Tj", "1^(3/4)"),
        (b"( m) Tj /F1 7 Tf 4.5 Ts (3) Tj /F1 12 Tf 0 Ts (/h) Tj", "1 m³/h"),
        (b"/F1 7 Tf 4.5 Ts (3) Tj /F1 12 Tf 0 Ts (/4) Tj", "1³/4"),
    ],
)
def test_a_fraction_in_small_type_stands_apart_from_its_whole_number(tmp_path, drawn, shown_as):
    content = (
        b"BT /F1 12 Tf 1 0 0 1 72 700 Tm (Use a hose of 1) Tj %s /F1 12 Tf 0 Ts ( inch.) Tj ET"
        % drawn
    )
    assert texts(read(tmp_path, content)) == [f"Use a hose of {shown_as} inch."]
