"""Tables of a PDF whose rules run across the page alone, rows of units below a head, and two lines with leading dots."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from knowledge.parsing import read_file
from knowledge.parsing.content.grids.ruled_grid import lined_grids
from knowledge.types import Document
from tests.parsing.test_pdf_tables import rows
from tests.parsing.test_small_formats import texts

FAULTS = (
    ("Pump does not start", ("No mains voltage", "Fuse has blown"), ("Check the plug", "Replace the fuse")),
    ("Pump is loud", ("Air in the pipe", "Bearing is worn", "Foot is loose"), ("Bleed the pipe", "Call the service", "Tighten the screws")),
    ("No pressure", ("Valve is closed", "and cannot be opened"), ("Open the valve",)),
    ("Pump leaks", ("Seal is worn",), ("Replace the seal as", "shown on page 12")),
)  # fmt: skip
LEFTS = (72, 200, 380)


def begun(path: Path) -> Canvas:
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(
        72, 780, "The figures below hold for all saws of this series, whatever their age."
    )
    return canvas


def row(canvas: Canvas, y: float, cells: Sequence[str], lefts: Sequence[float] = LEFTS) -> None:
    for x, cell in zip(lefts, cells, strict=True):
        canvas.drawString(x, y, cell)


def head(canvas: Canvas, y: float) -> None:
    canvas.setFont("Helvetica-Bold", 10)
    row(canvas, y, ("Fault", "Cause", "Remedy"))
    canvas.setFont("Helvetica", 10)


def read(canvas: Canvas, path: Path, y: float) -> Document:
    canvas.drawString(72, y, "Call the dealer for other values.")
    canvas.save()
    return read_file(path, path.name)


@pytest.mark.parametrize("mark", ["• ", ""], ids=["bullets", "plain"])
def test_a_table_with_rules_between_its_rows_keeps_rows_and_columns(
    tmp_path: Path, mark: str
) -> None:
    canvas, y = begun(tmp_path / "a.pdf"), 740.0
    canvas.line(72, y + 14, 540, y + 14)
    head(canvas, y)
    for fault, causes, remedies in FAULTS:
        canvas.line(72, y - 5, 540, y - 5)
        y -= 18
        canvas.drawString(LEFTS[0], y, fault)
        for x, lines in zip(LEFTS[1:], (causes, remedies), strict=True):
            for at, line in enumerate(lines):
                canvas.drawString(x, y - 13 * at, mark * line[0].isupper() + line)
        y -= 13 * (max(len(causes), len(remedies)) - 1)
    canvas.line(72, y - 5, 540, y - 5)
    found = rows(read(canvas, tmp_path / "a.pdf", y - 40))
    assert found == ["Fault | Cause | Remedy"] + [
        f"Fault: {fault} | Cause: {mark}{cause} | Remedy: {mark}{remedy}"
        for fault, cause, remedy in (
            ("Pump does not start", f"No mains voltage {mark}Fuse has blown", f"Check the plug {mark}Replace the fuse"),
            ("Pump is loud", f"Air in the pipe {mark}Bearing is worn {mark}Foot is loose", f"Bleed the pipe {mark}Call the service {mark}Tighten the screws"),
            ("No pressure", "Valve is closed and cannot be opened", "Open the valve"),
            ("Pump leaks", "Seal is worn", "Replace the seal as shown on page 12"),
        )
    ]  # fmt: skip


def test_cells_with_bullets_below_a_head_are_no_part_of_it(tmp_path: Path) -> None:
    canvas, y = begun(tmp_path / "a.pdf"), 740.0
    head(canvas, y)
    y -= 18
    for fault, causes, remedies in FAULTS[:2] * 2:
        row(canvas, y, (fault, f"• {causes[0]}", f"• {remedies[0]}"))
        row(canvas, y - 13, (f"• {causes[1]}", f"• {remedies[1]}"), LEFTS[1:])
        y -= 34
    found = rows(read(canvas, tmp_path / "a.pdf", y - 40))
    assert found[:2] == [
        "Fault | Cause | Remedy",
        "Fault: Pump does not start | Cause: • No mains voltage • Fuse has blown | Remedy: • Check the plug • Replace the fuse",
    ]


@pytest.mark.parametrize("first", ["", "Unit", "[-]"])
def test_a_row_of_units_belongs_to_the_head_also_on_the_next_page(
    tmp_path: Path, first: str
) -> None:
    lefts, y = (72, 172, 272, 372), 740.0
    canvas = begun(tmp_path / "a.pdf")
    row(canvas, y, ("Model", "Flow", "Pressure", "Noise"), lefts)
    row(canvas, y - 15, (first, "l/min", "bar", "dB(A)"), lefts)
    y -= 30
    for at in range(60):
        row(canvas, y, (f"T{at + 10}", f"{at * 37 % 50}", f"{at * 11 % 7}.5", f"{at % 30 + 40}"), lefts)  # fmt: skip
        y -= 15
        if y < 80:
            canvas.drawString(290, 40, "1")
            canvas.showPage()
            canvas.setFont("Helvetica", 10)
            y = 790.0
    canvas.drawString(290, 40, "2")
    found = rows(read(canvas, tmp_path / "a.pdf", y - 20))
    comma = "," if first else ""
    labels = [f"Flow{comma} l/min", f"Pressure{comma} bar", f"Noise{comma} dB(A)"]
    told = [line.split(" | ") for line in found[1 + bool(first) :]]
    assert len(told) == 60 and told[-1] == [
        "Model: T69", f"{labels[0]}: 33", f"{labels[1]}: 5.5", f"{labels[2]}: 69"
    ]  # fmt: skip
    assert all([cell.split(": ")[0] for cell in line] == ["Model", *labels] for line in told)


def test_units_of_other_formats_belong_to_the_head_and_values_do_not(tmp_path: Path) -> None:
    source = "Model,Flow,Pressure\nUnit,l/min,bar\nT1,5,2.5\nT2,8,3.5\n"
    assert texts(tmp_path, source, "a.csv")[0].split("\n")[-1] == "Model: T2 | Flow, l/min: 8 | Pressure, bar: 3.5"  # fmt: skip
    source = "Key,Short,Long\nA,V,W\nT1,5,2.5\nT2,8,3.5\n"
    assert "Short, V" not in texts(tmp_path, source, "b.csv")[0]


@pytest.mark.parametrize(
    ("values", "kind"), [(("230 V", "4.5 kg"), "table"), (("12", "14"), "text")]
)
def test_two_lines_of_dots_are_rows_unless_they_may_name_pages(
    tmp_path: Path, values: tuple[str, str], kind: str
) -> None:
    canvas = begun(tmp_path / "a.pdf")
    for y, name, value in zip((740, 725), ("Voltage", "Weight"), values, strict=True):
        canvas.drawString(72, y, f"{name} {'.' * 60} {value}")
    document = read(canvas, tmp_path / "a.pdf", 680)
    page = document.pages[0]
    dotted = [one for one in page.blocks if "...." in page.text[one.start : one.end]]
    assert {one.kind for one in dotted} == {kind}


def test_rules_of_one_length_make_a_grid_and_others_do_not() -> None:
    rules = [(y, 72.0, 540.0) for y in (700.0, 680.0, 678.5, 660.0, 640.0)]
    (grid,) = lined_grids([*rules, (650.0, 72.0, 300.0)], [])
    assert grid.ys == (700.0, 680.0, 660.0, 640.0) and len(grid.cells) == 3
    assert not lined_grids(rules, [grid]) and not lined_grids(rules[:3], [])
