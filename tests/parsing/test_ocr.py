"""Scans and images: which pages are read by OCR, what comes of them, and what is said of them."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from knowledge import errors
from knowledge.parsing import Limits, read_file
from knowledge.parsing.converted.ocr.engine import OcrLine, OcrWord
from knowledge.parsing.converted.ocr.notes import OcrNotes, told_of
from knowledge.parsing.converted.ocr.pages import fill
from knowledge.parsing.pdf.lines import PageLines
from knowledge.types import Document
from tests.parsing.test_pdf_as_seen import MUTE
from tests.support.files import manual_pdf, one_page_pdf, scanned_pdf
from tests.support.scans import mixed_pdf, needs_tesseract, page_picture, program, scan
from tests.support.waiting import wait_for

SEAL = [
    "# 3 Replacing the seal", "",
    "Switch the pump off before you open the cover. Close",
    "both valves and wait until the pressure is below 0.5 bar.", "",
    "1. Remove the four screws of the cover.",
    "2. Tighten the screws to 12.5 Nm, crosswise.",
]  # fmt: skip
STORAGE = [
    "# 4 Storage", "",
    "Keep the pump above 5 degrees. Drain it before winter and",
    "put 250 ml of oil into the housing.",
]  # fmt: skip
pytestmark = needs_tesseract


def words_of(document: Document, page: int = 1) -> str:
    return " ".join(document.pages[page - 1].text.split())


def test_a_scan_is_read_with_headings_steps_and_figures(tmp_path: Path) -> None:
    path = scan(tmp_path / "scan", [page_picture(SEAL), page_picture(STORAGE)])
    document = read_file(path, "pump.pdf")
    assert [heading.title for heading in document.headings] == [
        "3 Replacing the seal",
        "4 Storage",
    ]
    kinds = [(block.kind, document.pages[0].text[block.start : block.end]) for block in document.pages[0].blocks]  # fmt: skip
    assert kinds[1][0] == "text" and "below 0.5 bar." in " ".join(kinds[1][1].split())
    assert [text for kind, text in kinds if kind == "item"] == [
        "1. Remove the four screws of the cover.",
        "2. Tighten the screws to 12.5 Nm, crosswise.",
    ]
    assert "250 ml of oil" in words_of(document, 2)
    assert re.match(r"Read by OCR: pages 1-2, in \d+\.\d seconds a page\.", document.warnings[0])
    assert "Compare figures with the picture of the page." in document.warnings[0]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_scanned_sideways_or_upside_down_reads_the_same(tmp_path: Path, turn: int) -> None:
    upright, turned = page_picture(SEAL), page_picture(SEAL).rotate(turn, expand=True)
    document = read_file(scan(tmp_path / "scan", [upright, turned]), "pump.pdf")
    assert words_of(document, 1) == words_of(document, 2)
    assert [block.kind for block in document.pages[1].blocks] == [
        block.kind for block in document.pages[0].blocks
    ]


def test_only_pages_without_text_are_read_by_ocr(tmp_path: Path) -> None:
    typed = "This page has text of its own: set the lever to position 7 and wait for the lamp."
    path = mixed_pdf(tmp_path / "mixed", [typed, page_picture(STORAGE), typed.replace("7", "8")])
    document = read_file(path, "pump.pdf")
    assert words_of(document, 1) == typed and "position 8" in words_of(document, 3)
    assert "250 ml of oil" in words_of(document, 2)
    assert document.warnings[0].startswith("Read by OCR: page 2, in ")
    assert [bool(page.words) for page in document.pages] == [False, True, False]


def test_a_stamp_on_a_scan_does_not_hide_the_page(tmp_path: Path) -> None:
    """A few typed words over a picture of the page are not the page's text."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    held = tmp_path / "page.png"
    page_picture(SEAL).save(held)
    canvas = Canvas(str(tmp_path / "stamped"), pagesize=(595, 842))
    canvas.drawImage(ImageReader(str(held)), 0, 0, 595, 842)
    canvas.drawString(60, 20, "Downloaded by Example Ltd.")
    canvas.save()
    document = read_file(tmp_path / "stamped", "pump.pdf")
    assert "Tighten the screws to 12.5 Nm" in words_of(document)
    assert "Downloaded by Example" in words_of(document)


def test_a_page_whose_fonts_say_nothing_is_read_from_its_picture(tmp_path: Path) -> None:
    """Its letters can be seen, though its text layer has no word for them."""
    codes = "".join(f"{ord(char) - 29:04x}" for char in "Pressure")
    content = b"BT /F1 40 Tf 72 600 Td <%s> Tj 0 -60 Td <%s> Tj ET" % ((codes.encode(),) * 2)
    path = one_page_pdf(tmp_path / "mute", content, font=MUTE[0], extra=MUTE[1:])
    try:
        document = read_file(path, "a.pdf")
    except errors.NoText as error:  # where no font of this machine draws them
        assert "OCR" in str(error) or "cannot be read" in str(error)
    else:
        assert document.pages[0].words and document.warnings[0].startswith("Read by OCR: page 1")


def illustrated(path: Path, picture: Image.Image) -> Path:
    """A page of text with a picture on its lower half."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), pagesize=(595, 842))
    for at in range(6):
        canvas.drawString(
            72,
            760 - 15 * at,
            f"Lamp {at} is lit while pump {at} is at work: set its lever to {at}.",
        )
    canvas.drawImage(ImageReader(picture), 0, 250, 595, 595 * picture.height / picture.width)
    canvas.save()
    return path


def test_a_picture_of_text_below_text_is_read(tmp_path: Path, monkeypatch) -> None:
    path = illustrated(tmp_path / "a", page_picture(SEAL[2:], (2480, 1100)))
    document = read_file(path, "pump.pdf")
    blocks = [(b.kind, document.pages[0].text[b.start : b.end]) for b in document.pages[0].blocks]
    assert "Lamp 5 is lit while pump 5" in blocks[0][1] and "below 0.5 bar." in blocks[1][1]
    assert blocks[2:] == [
        ("item", "1. Remove the four screws of the cover."),
        ("item", "2. Tighten the screws to 12.5 Nm, crosswise."),
    ]
    assert document.warnings[0].startswith("Read by OCR: page 1, in ")
    monkeypatch.setenv("PATH", str(tmp_path))
    (told,) = read_file(path, "pump.pdf").warnings
    assert told.startswith("OCR of page 1 left out a picture that may be of text: tesseract, which")


@pytest.mark.parametrize("kind", ["photograph", "drawing"])
def test_other_pictures_on_a_page_of_text_are_no_text(tmp_path: Path, kind: str) -> None:
    picture = Image.effect_noise((1200, 600), 80)
    if kind == "drawing":
        parts = "\t".join(["Valve", "Seal 7", "Cover", "Screw"])
        picture = page_picture(["", parts, "", "", parts, "", "", parts, "", parts], (2480, 1200))
    document = read_file(illustrated(tmp_path / "a", picture), "pump.pdf")
    assert len(document.pages[0].blocks) == 1 and document.warnings == ()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "BMP"])
def test_an_image_is_a_manual_of_one_page(tmp_path: Path, kind: str) -> None:
    page_picture(SEAL).save(tmp_path / "image", kind, quality=80)
    document = read_file(tmp_path / "image", "seal")
    assert (document.kind, document.paged, len(document.pages)) == ("image", True, 1)
    assert "Tighten the screws to 12.5 Nm, crosswise." in words_of(document)


def test_every_page_of_a_tiff_is_read(tmp_path: Path) -> None:
    first, *rest = [page_picture(SEAL), page_picture(STORAGE), page_picture(["Page three."])]
    first.save(tmp_path / "t", "TIFF", save_all=True, append_images=rest, dpi=(300, 300))
    told: list[tuple[int, int]] = []
    document = read_file(tmp_path / "t", "fax.tif", progress=lambda at, of: told.append((at, of)))
    assert [words_of(document, page).split()[-1] for page in (1, 2, 3)] == [
        "crosswise.",
        "housing.",
        "three.",
    ]
    assert [step for step in told if step[1] == 3][:3] == [(0, 3), (1, 3), (2, 3)]


def test_a_tiff_that_is_cut_short_keeps_what_is_there_and_says_so(tmp_path: Path) -> None:
    pages = [page_picture(SEAL), page_picture(STORAGE), page_picture(STORAGE)]
    pages[0].save(tmp_path / "t", "TIFF", save_all=True, append_images=pages[1:])
    whole = (tmp_path / "t").read_bytes()
    (tmp_path / "t").write_bytes(whole[: len(whole) // 2])
    document = read_file(tmp_path / "t", "fax.tif")
    assert "12.5 Nm" in words_of(document)
    assert "The file is cut short: pages may be missing at its end." in document.warnings


def test_small_letters_of_a_screen_are_enlarged(tmp_path: Path) -> None:
    page = page_picture(SEAL).resize((620, 877), Image.Resampling.LANCZOS)
    page.save(tmp_path / "s", "PNG", dpi=(96, 96))
    assert "Tighten the screws to 12.5 Nm" in words_of(read_file(tmp_path / "s", "screen.png"))


def test_white_letters_on_a_transparent_ground_are_not_lost(tmp_path: Path) -> None:
    page = page_picture(SEAL)
    clear = Image.new("RGBA", page.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=page.point(lambda value: 255 - value))
    clear.save(tmp_path / "c", "PNG")
    assert "12.5 Nm" in words_of(read_file(tmp_path / "c", "clear.png"))


def test_a_photograph_that_the_camera_turned_is_read_upright(tmp_path: Path) -> None:
    turned = page_picture(SEAL).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise before it is shown
    turned.save(tmp_path / "p", "JPEG", quality=85, exif=exif)
    page = read_file(tmp_path / "p", "photo.jpg").pages[0]
    assert "Tighten the screws to 12.5 Nm" in " ".join(page.text.split())
    word = next(word for word in page.words if page.text[word.start : word.end] == "Tighten")
    assert word.right - word.left > word.bottom - word.top, "as it is shown, not as it lies"


def test_letters_that_are_drawn_as_lines_are_read_and_a_drawing_is_not_told(tmp_path: Path) -> None:
    """A page without text and without pictures may show text all the same: programs turn letters into curves."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "c"), pagesize=(595, 842))
    canvas.drawString(72, 700, "The pump has two valves.")
    canvas.showPage()
    letters = page_picture(["# Close both valves"], (1200, 500)).resize((600, 250))
    for y in range(letters.height):
        row = [letters.getpixel((x, y)) < 128 for x in range(letters.width)]
        for x in (at for at, dark in enumerate(row) if dark):
            canvas.rect(x, 700 - y, 1.1, 1.1, stroke=0, fill=1)
    canvas.showPage()
    canvas.circle(300, 400, 200)
    canvas.showPage()
    canvas.save()
    document = read_file(tmp_path / "c", "pump.pdf")
    assert words_of(document, 2) == "Close both valves"
    assert document.pages[2].text == ""
    assert not [warning for warning in document.warnings if "3" in warning.split(",")[0]]


def test_german_is_read_with_its_letters(tmp_path: Path) -> None:
    lines = ["Prüfen Sie die Öffnung und füllen Sie Öl nach.", "Die Größe beträgt 12 mm."]
    page_picture(lines).save(tmp_path / "d", "PNG", dpi=(300, 300))
    assert "Prüfen Sie die Öffnung und füllen Sie Öl nach." in words_of(
        read_file(tmp_path / "d", "d.png")
    )
    english = read_file(tmp_path / "d", "d.png", Limits(ocr_languages="eng"))
    assert "Größe" not in words_of(english)
    with pytest.raises(errors.PictureOnly, match="names xyz, which tesseract does not have here"):
        read_file(tmp_path / "d", "d.png", Limits(ocr_languages="xyz+eng"))


def coarse(picture: Image.Image, times: int) -> Image.Image:
    """A page as from a scanner that is set to 300 / ``times`` dpi, blurred."""
    size = picture.width // times, picture.height // times
    small = picture.resize(size, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(0.7))
    return small.resize(picture.size, Image.Resampling.NEAREST)


def test_what_is_blurred_is_told_word_by_word(tmp_path: Path) -> None:
    """Nothing is put right in silence: doubtful words stay, and are named; those with figures come first."""
    page = page_picture([*SEAL, "", "Torque 12.5 Nm, code E47, gap 0.38 mm."])
    document = read_file(scan(tmp_path / "b", [page, coarse(page, 7)]), "pump.pdf")
    (told,) = [warning for warning in document.warnings if warning.startswith("Words that OCR")]
    assert re.search(r": \d+ on page 2 \(", told) and "on page 1" not in told
    named = told.split("(")[1].split(")")[0].replace(", …", "").split(", ")
    assert all(word in document.pages[1].text for word in named)
    assert any(char.isdigit() for char in named[0])
    assert any(w.startswith("Hard to read for OCR: page 2. Other words") for w in document.warnings)


def test_a_table_keeps_its_rows(tmp_path: Path) -> None:
    rows = ["Code\tMeaning\tRemedy", "E12\tFilter blocked\tClean the filter", "E13\tNo water\tOpen the valve"]  # fmt: skip
    page_picture(["Error codes of the pump are listed below.", "", *rows]).save(tmp_path / "t", "PNG", dpi=(300, 300))  # fmt: skip
    page = read_file(tmp_path / "t", "t.png").pages[0]
    (table,) = [b for b in page.blocks if b.kind == "table"]
    said = [" ".join(row.split()) for row in page.text[table.start : table.end].splitlines()]
    assert said[1:] == [
        "Code: E12 | Meaning: Filter blocked | Remedy: Clean the filter",
        "Code: E13 | Meaning: No water | Remedy: Open the valve",
    ]


def test_a_word_broken_at_a_line_end_becomes_one(tmp_path: Path) -> None:
    lines = ["The ventilation must stay open, and the venti-", "lation grid must be cleaned every week."]  # fmt: skip
    page_picture(lines).save(tmp_path / "h", "PNG", dpi=(300, 300))
    from knowledge.text import readable

    text = readable(read_file(tmp_path / "h", "h.png").pages[0].text)
    assert "the ventilation grid must be cleaned" in " ".join(text.split())


def noise(path: Path) -> Path:
    Image.effect_noise((1200, 900), 80).save(path, "JPEG")
    return path


def one_pixel(path: Path) -> Path:
    Image.new("RGB", (1, 1)).save(path, "PNG")
    return path


def bomb(path: Path) -> Path:
    """A file of 200 KB that unpacks to 1.6 billion pixels."""
    Image.new("1", (40_000, 40_000), 1).save(path, "PNG")
    return path


def large(path: Path) -> Path:
    """120 million pixels: not a bomb to Pillow, and more than is taken."""
    Image.new("1", (12_000, 10_000), 1).save(path, "PNG")
    return path


def thin(path: Path) -> Path:
    """One pixel high and very wide."""
    Image.effect_noise((30_000, 1), 100).save(path, "PNG")
    return path


def half_a_png(path: Path) -> Path:
    page_picture(SEAL).save(path, "PNG")
    path.write_bytes(path.read_bytes()[:200])
    return path


HOSTILE = [
    (noise, errors.NoText, "has no text that OCR can make out"),
    (one_pixel, errors.NoText, "has no text that OCR can make out"),
    (scanned_pdf, errors.NoText, "has no text that OCR can make out"),
    (thin, errors.NoText, "has no text that OCR can make out"),
    (bomb, errors.UnreadableFile, "has more than 100 million pixels, too many to be read"),
    (large, errors.UnreadableFile, "has 120 million pixels; at most 100 million can be read"),
    (half_a_png, errors.UnreadableFile, "is cut short or damaged"),
]


@pytest.mark.parametrize(("make", "kind", "said"), HOSTILE, ids=[c[0].__name__ for c in HOSTILE])
def test_what_cannot_be_read_is_refused_in_words(tmp_path: Path, make, kind, said: str) -> None:
    with pytest.raises(kind, match=said) as caught:
        read_file(make(tmp_path / "file"), "file.png")
    assert str(caught.value).startswith("file.png ") and caught.value.hint


def test_a_photograph_in_a_manual_adds_no_words(tmp_path: Path) -> None:
    photo = Image.effect_noise((1240, 1754), 90)
    path = mixed_pdf(tmp_path / "m", ["The pump has two valves and a lamp.", photo])
    document = read_file(path, "pump.pdf")
    assert document.pages[1].text == "" and document.warnings == ("OCR of page 2 found no text.",)


def test_ocr_that_hangs_is_ended_with_its_children_and_the_other_pages_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.environ["PATH"]
    script = f'case "$1" in --list-langs) PATH={real} tesseract --list-langs;; *) sleep 613 & wait;; esac'
    program(tmp_path / "bin", "tesseract", script)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{real}")
    path = mixed_pdf(tmp_path / "m", ["The pump has two valves."] + [page_picture(SEAL)] * 5)
    document = read_file(path, "pump.pdf", Limits(program_seconds=1))
    assert words_of(document) == "The pump has two valves."
    assert document.warnings == (
        "OCR of pages 2-4 took longer than 1 seconds.",
        "OCR of pages 5-6 was not tried, because the pages before took too long.",
    )
    assert not running("sleep 613")


def test_a_reading_that_is_cancelled_ends_tesseract_too(tmp_path: Path) -> None:
    path = scan(tmp_path / "scan", [page_picture(SEAL)] * 4)
    begun: list[int] = []
    with pytest.raises(errors.Cancelled):
        read_file(
            path,
            "pump.pdf",
            cancelled=lambda: len(begun) > 1,
            slow=lambda step, of: begun.append(step),
        )
    wait_for(lambda: not running("tesseract stdin"))
    assert begun == [1, 2]


def test_many_pages_may_take_longer_than_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page that is read by OCR has time of its own; what a file may take without OCR stays as it was."""
    real = os.environ["PATH"]
    slow = f'PATH={real}; [ "$1" = --list-langs ] || sleep 3; exec tesseract "$@"'
    program(tmp_path / "bin", "tesseract", slow)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{real}")
    path = scan(tmp_path / "scan", [page_picture(SEAL)] * 4)
    document = read_file(path, "pump.pdf", Limits(wall_seconds=10, program_seconds=240))
    assert "12.5 Nm" in words_of(document, 4)


def test_a_pdf_with_text_never_asks_for_tesseract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "bin", "tesseract", f"touch {tmp_path / 'asked'}; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    read_file(manual_pdf(tmp_path / "m", [("One", ["Some text of the manual."])]), "m.pdf")
    assert not (tmp_path / "asked").exists()


def running(command: str) -> list[str]:
    """Processes of this machine whose command line holds these words."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = each.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if command in line and "pytest" not in line:
            found.append(line)
    return found


def test_one_line_is_told_of_as_one() -> None:
    """It said "1 lines ... pages 3"."""
    (said,) = told_of([PageLines(3, "", "", ocr=OcrNotes(left_out=1))])[1:]
    assert said == "1 line that OCR could not make out was left out: page 3."


def test_a_line_of_specks_is_left_out_and_counted() -> None:
    word = OcrWord("valve", (100, 100, 300, 140), 95.0)
    speck = OcrWord("iIl", (100, 200, 300, 240), 12.0)
    lines = [
        OcrLine((word, word), (100, 100, 300, 140), 0, 40, 8, 0),
        OcrLine((speck,), (100, 200, 300, 240), 0, 40, 8, 1),
    ]
    page = PageLines(1, "", "")
    notes = fill(page, lines, (1000, 1400), 595)
    assert notes is not None and notes.left_out == 1 and page.raw == "valve valve"


def test_a_comma_among_points_is_doubtful_however_sure_tesseract_is() -> None:
    """ "54.3" read as "54,3" is its most usual mistake, and it is sure of it."""

    def line(number: int, *texts: str) -> OcrLine:
        box = (100, 100 * number, 900, 100 * number + 40)
        return OcrLine(tuple(OcrWord(text, box, 96.0) for text in texts), box, 0, 40, 8, number)

    def doubts(*lines: OcrLine) -> list[str]:
        notes = fill(PageLines(1, "", ""), lines, (1000, 1400), 595)
        assert notes is not None
        return notes.unsure

    english = [line(1, "Set", "12.5", "bar"), line(2, "or", "9.81", "bar."), line(3, "At", "0.3")]
    assert doubts(*english, line(4, "then", "54,3", "Nm")) == ["54,3"]
    assert doubts(*english, line(4, "costs", "1,200", "dollars")) == []
    german = [line(n, "Druck", f"{n},5", "bar") for n in range(1, 5)]
    assert doubts(*german, line(5, "3.1", "Wartung")) == [], "the number of a section"
    assert doubts(*german, line(5, "auf", "7.5", "bar")) == ["7.5"]
