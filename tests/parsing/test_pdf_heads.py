"""Heads of two rows in tables without rules of a PDF: a text that surely spans columns is said with each of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from knowledge.parsing.pdf.headings import headings_by_type
from knowledge.parsing.pdf.lines import Line, PageLines
from tests.parsing.test_pdf_tables import rows
from tests.parsing.test_pdf_unruled import Sheet


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return Sheet(tmp_path / "saw.pdf")


def set_upper(sheet: Sheet, upper: Sequence[tuple[str, float, float]], bold: bool) -> None:
    """The upper row of a head: its texts stand in the middle between two places, or begin at one."""
    font = "Helvetica-Bold" if bold else "Helvetica"
    xs = [
        (left + right - stringWidth(text, font, 10)) / 2 if right else left
        for text, left, right in upper
    ]
    sheet.row([text for text, _, _ in upper], xs, bold=bold)


GRIPS = (("M5", "6", "5", "120", "240"), ("M6", "10", "8.5", "110", "220"), ("M8", "25", "21", "90", "180"), ("M10", "50", "42", "60", "120"))  # fmt: skip
FIVE = (72, 180, 230, 300, 360)


@pytest.mark.parametrize("bold", [True, False])
@pytest.mark.parametrize("pitch", [12, 15])
@pytest.mark.parametrize(
    ("upper", "lower", "xs", "said"),
    [
        # Two texts, each in the middle of its columns
        ((("Torque (Nm)", 180, 255), ("Speed (rpm)", 300, 385)), ("Bolt", "dry", "oiled", "low", "high"), FIVE,
         "Bolt: M6 | Torque (Nm), dry: 10 | Torque (Nm), oiled: 8.5 | Speed (rpm), low: 110 | Speed (rpm), high: 220"),
        # In cells that are wider than their texts
        ((("Torque (Nm)", 174, 295), ("Speed (rpm)", 295, 420)), ("Bolt", "dry", "oiled", "low", "high"), FIVE,
         "Bolt: M6 | Torque (Nm), dry: 10 | Torque (Nm), oiled: 8.5 | Speed (rpm), low: 110 | Speed (rpm), high: 220"),
        # Above figures that end below each other
        ((("Indoors", 205, 290), ("Outdoors", 325, 410)), ("Class", "noise", "dust", "noise", "dust"), (72, -230, -290, -350, -410),
         "Class: M6 | Indoors, noise: 10 | Indoors, dust: 8.5 | Outdoors, noise: 110 | Outdoors, dust: 220"),
        # The same heads below each
        ((("Inlet", 180, 0), ("Outlet", 300, 0)), ("Model", "min", "max", "min", "max"), FIVE,
         "Model: M6 | Inlet, min: 10 | Inlet, max: 8.5 | Outlet, min: 110 | Outlet, max: 220"),
        # One, with other heads beside it, below it, and in two lines
        ((("Bolt", 72, 0), ("Torque (Nm)", 180, 255), ("low", 300, 0), ("high", 360, 0)), ("", "dry", "oiled", "", ""), FIVE,
         "Bolt: M6 | Torque (Nm), dry: 10 | Torque (Nm), oiled: 8.5 | low: 110 | high: 220"),
        ((("Torque (Nm)", 180, 255),), ("Bolt", "dry", "oiled", "low", "high"), FIVE,
         "Bolt: M6 | Torque (Nm), dry: 10 | Torque (Nm), oiled: 8.5 | low: 110 | high: 220"),
        ((("Largest", 180, 0), ("Torque (Nm)", 300, 385)), ("Bolt", "load", "kg", "dry", "oiled"), FIVE,
         "Bolt: M6 | Largest load: 10 | kg: 8.5 | Torque (Nm), dry: 110 | Torque (Nm), oiled: 220"),
        # Above figures with a unit
        ((("Pressure (bar) with water of", 180, 385),), ("Model", "10 °C", "20 °C", "30 °C", "40 °C"), FIVE,
         "Model: M6 | Pressure (bar) with water of, 10 °C: 10 | Pressure (bar) with water of, 20 °C: 8.5"
         " | Pressure (bar) with water of, 30 °C: 110 | Pressure (bar) with water of, 40 °C: 220"),
    ],
)  # fmt: skip
def test_a_head_that_spans_columns_is_said_with_each(
    sheet: Sheet,
    upper: Sequence[tuple[str, float, float]],
    lower: Sequence[str],
    xs: Sequence[float],
    said: str,
    bold: bool,
    pitch: float,
) -> None:
    set_upper(sheet, upper, bold)
    under = [(x, text) for x, text in zip(xs, lower, strict=True) if text]
    sheet.row([text for _, text in under], [x for x, _ in under], bold=bold, pitch=pitch)
    for cells in GRIPS:
        sheet.row(cells, xs)
    found = rows(sheet.read())
    assert said in found
    assert len([row for row in found if ": M" in row]) == len(GRIPS)


@pytest.mark.parametrize(
    ("upper", "said"),
    [
        # A title in the middle of the table, or of the page
        ((("Torques of the bolts", 72, 385),), "Bolt: M6 | dry: 10 | oiled: 8.5 | low: 110 | high: 220"),
        ((("Torques of the bolts", 72, 523),), "Bolt: M6 | dry: 10 | oiled: 8.5 | low: 110 | high: 220"),
        # The first lines of heads of one column each
        ((("Quite", 180, 0),), "Bolt: M6 | dry: 10 | oiled: 8.5 | low: 110 | high: 220"),
        ((("Quite", 180, 0), ("Very", 300, 0)), "Bolt: M6 | Quite dry: 10 | oiled: 8.5 | Very low: 110 | high: 220"),
    ],
)  # fmt: skip
def test_what_surely_spans_no_columns_is_no_head_of_them(
    sheet: Sheet, upper: Sequence[tuple[str, float, float]], said: str
) -> None:
    set_upper(sheet, upper, bold=True)
    sheet.row(("Bolt", "dry", "oiled", "low", "high"), FIVE, bold=True, pitch=12)
    for cells in GRIPS:
        sheet.row(cells, FIVE)
    assert said in rows(sheet.read())


@pytest.mark.parametrize(("cells", "titles"), [(3, []), (1, ["Lamp Blinking Meaning"])])
def test_a_bold_head_of_columns_is_no_heading(cells, titles):
    """Where the columns are no sure table, what stands far apart above them is no chapter all the same."""
    page = PageLines(1, "", "", width=612, height=792)
    body = [("The charger is built for use in dry rooms and needs no care.", 1, 400)] * 6
    below = [
        ("green never charged", 3, 400),
        ("red 2 per s", 2, 400),
        ("too hot, wait until it", 1, 400),
    ]
    for at, (text, wide, weight) in enumerate(
        [*body, ("Lamp Blinking Meaning", cells, 1000), *below]
    ):
        start = page.lines[-1].end + 2 if page.lines else 0
        end, font = start + len(text), "Sans-Bold" if weight > 400 else "Sans"
        line = Line(1, start, end, text, 72, 400, 720 - 25 * at, 11, font, weight, False)
        line.cells, line.gap = wide, 2.3
        page.lines.append(line)
    assert [heading.title for heading in headings_by_type([page])] == titles
