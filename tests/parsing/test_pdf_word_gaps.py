"""Words of a PDF are apart where their glyphs are, by the usual gaps of the line, and whole where PDFium makes a blank within."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from knowledge.parsing import read_file
from knowledge.parsing.pdf.lines import Line
from knowledge.parsing.pdf.page.word_gaps import word_gaps
from knowledge.text import readable
from tests.parsing.test_markup import blocks
from tests.support.files import one_page_pdf

LINE = "press the green key once and wait for the lamp"


def placed(text: str, near: Sequence[str] = (), y: int = 700) -> bytes:
    """Text whose words are parted by gaps alone, as typesetters do it, some of which are nearer to the word before them."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    x, made = 60.0, []
    for word in text.split():
        x += 1.42 if word in near else 2.2
        made.append(b"1 0 0 1 %.2f %d Tm (%s) Tj" % (x, y, word.encode()))
        x += stringWidth(word, "Helvetica", 10)
    return b"BT /F1 10 Tf " + b" ".join(made) + b" ET "


def read(tmp_path, content: bytes) -> str:
    return " ".join(
        readable(text)
        for _, text in blocks(read_file(one_page_pdf(tmp_path / "a", content), "a.pdf"))
    )


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("it stays warm when we wait for the lamp", ["when", "we", "wait"]),
        ("look how many wheels go round in it", ["many", "wheels"]),
    ],
)
def test_words_nearer_than_the_others_of_their_line_are_apart(tmp_path, text, near):
    """ "whenwewait": before wide letters PDFium makes no blank of such gaps, and most lines were not measured."""
    long = [placed(f"{LINE} {at}", (), 680 - 14 * at) for at in range(4)]
    assert text in read(tmp_path, placed(text, near) + b"".join(long))


def test_figures_of_a_number_and_spaced_letters_stay_together(tmp_path):
    content = (
        placed("set it to 2 500 rpm at once", ["500"])
        + b"BT /F1 10 Tf 1.5 Tc 60 600 Td (WARNING) Tj ET"
    )
    text = read(tmp_path, content)
    assert "set it to 2500 rpm" in text and "WARNING" in text


@pytest.mark.parametrize(
    "drawn",
    [
        b"[(see the T ) 278 (wo lamps of it)] TJ",
        b"(see the ) Tj -0.8 Tc -1.9 Tw (Tw o) Tj 0 Tc 0 Tw ( lamps of it) Tj",
    ],
)
def test_a_blank_without_any_room_is_none(tmp_path, drawn):
    """The word was in two parts, of which neither can be found."""
    content = b"BT /F1 10 Tf 60 700 Td %s ET " % drawn
    assert read(tmp_path, content) == "see the Two lamps of it"


def test_sheared_words_stay_apart(tmp_path):
    """Their cells reach over each other."""
    content = b"BT /F1 10 Tf 1 0 0 1 60 700 Tm (the old lid of a box, and ) Tj 1 0 .3 1 166 700 Tm (never a hot lid) Tj ET"
    assert read(tmp_path, content) == "the old lid of a box, and never a hot lid"


class Glyphs:
    """A line whose letters are half as wide as high, with such gaps before its blanks."""

    def __init__(self, gaps: dict[int, float]) -> None:
        self._gaps = gaps

    def edges(self, line: Line) -> list[tuple[float, float]]:
        found, x = [], 0.0
        for at in range(line.start, line.end):
            x += self._gaps.get(at, 0.0)
            found.append((x, x + 5))
            x += 5
        return found

    def glued(self, line: Line, raw: str) -> bool:
        return False

    def sheared(self, at: int) -> bool:
        return False


@pytest.mark.parametrize(
    ("raw", "within"), [("take t he old lid off", {6}), ("take 2 π rad of it all", set())]
)
def test_letters_of_two_scripts_that_touch_are_two_words(raw, within):
    """A formula's letters have a font of their own, which leaves no room beside them."""
    line = Line(1, 0, len(raw), raw, 0, 99, 700, 10, "Helvetica", 400, False)
    gaps = {raw.index(" ", 5) + 1: -5.0} if within else {raw.index(" rad") + 1: -5.0}
    assert word_gaps([line], raw, Glyphs(gaps), True)[1] == within
