"""Lines of right-to-left scripts in a PDF, as office programs draw them: glyph by glyph from the left, numbers apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.parsing import read_file
from knowledge.parsing.pdf.layout.columns.running_text import ColumnPart
from knowledge.parsing.pdf.layout.latin_runs import run_in_order, with_pairs
from knowledge.parsing.pdf.layout.right_to_left import lines_turned
from knowledge.parsing.pdf.lines import Line
from knowledge.rendering import page_images
from knowledge.text import readable
from knowledge.types import Document
from tests.support.files import one_page_pdf, unicode_font

WIDTH = 6  # points that each glyph takes
LAM_ALEF = ("لأ", "لإ", "لآ", "لا")


def glyphs(text: str) -> list[str]:
    """The signs that show a text, of which one shows a lam and the alef behind it."""
    found: list[str] = []
    for letter in text:
        if found and found[-1] + letter in LAM_ALEF:
            found[-1] += letter
        else:
            found.append(letter)
    return found


def read(path: Path, *parts: tuple[int, int, str]) -> Document:
    """A page with each part at its right end (x, y): letters from there to the left, figures as they are."""
    drawn = [(x, y, glyphs(text)) for x, y, text in parts]
    units = sorted({sign for _, _, signs in drawn for sign in signs})
    content = b""
    for right, y, signs in drawn:
        shown = signs if "".join(signs).strip().isdigit() else [*reversed(signs)]
        codes = "".join(f"{units.index(sign) + 1:02x}" for sign in shown).encode()
        content += b"BT /F1 12 Tf %d %d Td <%s> Tj ET " % (right - WIDTH * len(shown), y, codes)
    font, cmap = unicode_font(" ".join(sign.encode("utf-16-be").hex() for sign in units))
    return read_file(one_page_pdf(path, content, font=font, extra=[cmap]), "a.pdf")


def lines(document: Document) -> list[str]:
    return [readable(line) for line in document.pages[0].text.splitlines() if line.strip()]


@pytest.mark.parametrize(
    "said", ["لا تفتح الغطاء", "الضغط الأقصى", "لأن السطح ساخن", "خلال ساعة", "إلا الآن"]
)
def test_a_lam_stands_before_the_alef_of_its_sign(tmp_path: Path, said: str) -> None:
    """Else "do not open" would read "the open"."""
    assert lines(read(tmp_path / "a", (540, 700, said))) == [said]


@pytest.mark.parametrize(
    ("first", "number", "rest"),
    [("نظف الفلتر كل ", "36", " أشهر بالماء"), ("נקה את המסנן כל ", "12", " חודשים במים")],
)
def test_a_line_with_a_number_begins_at_its_right_end(
    tmp_path: Path, first: str, number: str, rest: str
) -> None:
    """Whatever part of it is drawn first."""
    middle = 540 - WIDTH * len(first)
    end = middle - WIDTH * len(number)
    parts = [(540, 700, first), (middle, 700, number), (end, 700, rest)]
    for order in (parts, parts[::-1]):
        document = read(tmp_path / "a", *order)
        assert lines(document) == [first + number + rest]
    text = document.pages[0].text
    at = text.index(rest.split()[0])
    (box,) = page_images.page_boxes(tmp_path / "a", 1, at, at + 3, len(text))
    assert box.right * 612 <= end + 1


def line(text: str, left: float, right: float, start: int, y: float = 700) -> Line:
    return Line(1, start, start + len(text), text, left, right, y, 12, "F", 400, False)


@pytest.mark.parametrize(
    ("other", "joined"),
    [
        (line("نظف كل 36", 305, 360, 8), True),
        (line("نظف كل 36", 330, 385, 8), False),  # far away, in another column
        (line("نظف كل 36", 200, 255, 8), False),  # in order
        (line("نظف كل 36", 305, 360, 8, 684), False),  # on another line
        (line("Press RESET", 305, 360, 8), False),
    ],
)
def test_only_the_parts_of_one_line_are_put_in_order(other: Line, joined: bool) -> None:
    left = line("أشهر", 260, 300, 0)
    found = lines_turned([left, other], lambda one: [(one.left, one.right)])
    assert found == ([[ColumnPart(8, 8 + len(other.text)), ColumnPart(0, 4)]] if joined else [])


@pytest.mark.parametrize(
    ("first", "run", "said"),
    [
        ("دليل المضخة ", "KX-52", "دليل المضخة KX-52"),
        ("מדריך למזגן ", "AC-9", "מדריך למזגן AC-9"),
        ("اضغط الزر حتى ", "230V", "اضغط الزر حتى 230V"),
        ("الوزن والضغط ثم ", ".2.4GHz", "الوزن والضغط ثم 2.4GHz."),
        ("נקה תקלה ", "E1", "נקה תקלה E1"),
        ("הדק ב", "25-", "הדק ב-25"),
        ("الضغط ", "3–1.5", "الضغط 1.5–3"),  # the lower one stands right
        ("الرطوبة ", "%90", "الرطوبة 90%"),
        ("לחות ", "90%", "לחות 90%"),
    ],
)
def test_a_latin_run_keeps_its_order(tmp_path: Path, first: str, run: str, said: str) -> None:
    """``run`` as it stands on the page."""
    end = 540 - WIDTH * len(first)
    assert lines(read(tmp_path / "a", (540, 700, first), (end, 700, run[::-1]))) == [said]


@pytest.mark.parametrize(
    ("given", "seen", "arabic", "said"),
    [
        ("-52KX", "KX-52", True, "KX-52"),
        ("52-KX", "KX-52", True, "52-KX"),  # is shown so too, and PDFium may know
        ("5°C", "C°5", True, "5°C"),
        ("2024/05/01", "2024/05/01", True, "2024/05/01"),
        ("(5)", ")5(", False, "(5)"),
        ("ab", "ab", False, "ab"),
    ],
)
def test_a_run_is_put_in_an_order_that_is_shown_as_it_stands(
    given: str, seen: str, arabic: bool, said: str
) -> None:
    rest, boxes = [*seen], []
    for char in given:
        at = rest.index(char)
        rest[at] = ""
        boxes.append((at * 6.0, 0.0, at * 6.0 + 6, 12.0))
    assert run_in_order(given, boxes, arabic) == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("שניות )לפחות 1.5 bar).", "שניות (לפחות 1.5 bar)."),
        ("والضغط (بحد أقصى 6(.", "والضغط (بحد أقصى 6)."),
        ("1) نظف 2) افتح", "1) نظف 2) افتح"),
        ("(בערך) ועוד", "(בערך) ועוד"),
        ("אחרי )בערך", "אחרי )בערך"),  # goes on on the next line, or does not
    ],
)
def test_brackets_open_and_close(given: str, said: str) -> None:
    assert with_pairs(given) == said


def test_a_line_that_runs_to_the_right_stays(tmp_path: Path) -> None:
    """A Hebrew name in an English sentence turns nothing round."""
    document = read(
        tmp_path / "a",
        (140, 700, "KX-52 "[::-1]),
        (176, 700, "כפתור "),
        (240, 700, "230V (12)"[::-1]),
    )
    assert lines(document) == ["KX-52 כפתור 230V (12)"]


def mixed(right: int, y: int, *words: str) -> list[tuple[int, int, str]]:
    """The parts of a line from its right end."""
    parts = []
    for word in words:
        parts.append((right, y, word[::-1] if word.isascii() else word))
        right -= WIDTH * len(glyphs(word))
    return parts


def test_a_line_with_more_latin_than_other_words_begins_at_its_right_end(tmp_path: Path) -> None:
    document = read(
        tmp_path / "a",
        (540, 700, "אין לפתוח את המכסה"),
        *mixed(540, 660, "לחץ על ", "Settings > Wi-Fi Direct (P2P)", " ואז ", "Save"),
        *mixed(540, 620, "Firmware Update Manager 2.5", " זמין"),
        (540, 580, "לפני כיבוי המכשיר"),
    )
    assert lines(document) == [
        "אין לפתוח את המכסה", "לחץ על Settings > Wi-Fi Direct (P2P) ואז Save", "Firmware Update Manager 2.5 זמין", "לפני כיבוי המכשיר",
    ]  # fmt: skip


def test_a_latin_line_that_names_a_word_of_another_script_stays(tmp_path: Path) -> None:
    named = mixed(444, 660, "on the front", " שלום ", "Press the button called")
    document = read(tmp_path / "a", (540, 700, "אין לפתוח את המכסה"), *named)
    assert lines(document)[1] == "Press the button called שלום on the front"
