"""Fractions that stand above and below a stroke: in a PDF they are one term of their line, and no lines of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from knowledge.parsing import read_file
from knowledge.rendering.page_images import page_boxes
from knowledge.text import readable

ABOVE, BELOW = "The figures hold for all pumps of this series.", "Round it up to the next size."
FONT, SIZE = "Helvetica", 10
# As TeX sets them: size of the parts, and how far these and the stroke are from the foot of the line
INLINE, DISPLAYED = (7, 3.94, -3.45), (10, 6.77, -6.86)
STROKE = 2.5


def read(
    path: Path,
    parts: tuple[str, str, str, str],
    how: tuple[float, float, float] = INLINE,
    more: float = 0,
    frame: bool = False,
) -> str:
    """The text of a page with a line of (before, over, under, after); the stroke is ``more`` points longer than both."""
    before, over, under, after = parts
    size, rise, fall = how
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setLineWidth(0.4)
    canvas.setFont(FONT, SIZE)
    canvas.drawString(72, 730, ABOVE)
    canvas.drawString(72, 700, before)
    left = 72 + stringWidth(before, FONT, SIZE) + 1.5
    wide = max(stringWidth(text, FONT, size) for text in (over, under)) + more
    canvas.setFont(FONT, size)
    canvas.drawCentredString(left + wide / 2, 700 + rise, over)
    canvas.drawCentredString(left + wide / 2, 700 + fall, under)
    canvas.line(left, 700 + STROKE, left + wide, 700 + STROKE)
    if frame:
        canvas.line(left + wide, 700 + STROKE, left + wide + 90, 700 + STROKE)
    canvas.setFont(FONT, SIZE)
    canvas.drawString(left + wide + 1.5, 700, after)
    canvas.drawString(72, 670, BELOW)
    canvas.save()
    return read_file(path, "pump.pdf").pages[0].text


@pytest.mark.parametrize("how", [INLINE, DISPLAYED])
@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("The power is P =", "Q × p", "600", "in kilowatts."), "The power is P = (Q × p)/600 in kilowatts."),
        (("The flow is Q =", "V", "t", ""), "The flow is Q = V/t"),
        (("Use a hose of 1", "3", "4", "inch."), "Use a hose of 1 3/4 inch."),
        (("The ratio is n =", "12.5", "n + 1", "in all."), "The ratio is n = 12.5/(n + 1) in all."),
    ],
)  # fmt: skip
def test_a_fraction_is_read_in_its_line(
    tmp_path: Path,
    parts: tuple[str, str, str, str],
    said: str,
    how: tuple[float, float, float],
) -> None:
    found = [readable(line) for line in read(tmp_path / "a", parts, how).splitlines()]
    assert sorted(found) == sorted([ABOVE, said, BELOW])


def test_a_fraction_is_marked_where_it_stands(tmp_path: Path) -> None:
    text = read(tmp_path / "a", ("The power is P =", "Q × p", "600", "in kilowatts."))
    at = text.index("600")
    (box,) = page_boxes(tmp_path / "a", 1, at, at + 3, len(text))
    assert (1 - box.bottom) * A4[1] < 700 < (1 - box.top) * A4[1] + 6


@pytest.mark.parametrize(
    "told",
    [
        {"frame": True},  # the stroke goes on, as the rule of a table does
        {"more": 40},
        {"how": (10, 14, -14)},  # lines of their own
        {"how": (10, 0, -14)},  # a heading that is underlined
    ],
)
def test_what_stands_above_and_below_other_strokes_is_no_fraction(tmp_path: Path, told) -> None:
    text = read(tmp_path / "a", ("Size", "Flow", "600", "Head"), **told)
    assert "/" not in text
