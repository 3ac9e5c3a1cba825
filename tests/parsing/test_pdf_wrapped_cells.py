"""Tables without rules whose cells wrap over several lines, the first column too: a row stays a row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.lib.utils import simpleSplit

from tests.parsing.test_pdf_tables import rows
from tests.parsing.test_pdf_unruled import Sheet

HEAD, XS, WIDE = ("Fault", "Possible cause", "Remedy"), (72, 160, 300), (75, 120, 130)
FAULTS = [
    ("Saw does not start", "No mains voltage or the fuse F3 is blown", "Check the supply, replace the fuse (T 6.3 A)"),
    ("Noise", "Blade is worn", "Replace the blade"),
    ("Blade runs but no water flows", "Tank is empty", "Seal the pipe, then fill the tank up to the upper mark"),
    ("Display shows E4 and code 12", "Pressure is below 2.5 bar at the inlet", "Open the valve by two turns and measure again"),
    ("Smoke comes out of the motor", "Motor is overloaded by a tile that is too thick", "Switch off"),
]  # fmt: skip
SAID = [
    " | ".join(f"{name}: {text}" for name, text in zip(HEAD, row, strict=True)) for row in FAULTS
]


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return Sheet(tmp_path / "saw.pdf")


def set_rows(sheet: Sheet, table: Sequence[Sequence[str]], gap: float, by_cells: bool) -> None:
    """Rows at a distance of ``gap``, with their lines at 12 points; written line by line or cell by cell."""
    for cells in table:
        texts = [
            simpleSplit(text, "Helvetica", 10, wide)
            for text, wide in zip(cells, WIDE, strict=False)
        ]
        top = sheet._y
        for columns in [[at] for at in range(len(texts))] if by_cells else [range(len(texts))]:
            sheet._y = top
            for line in range(max(len(texts[at]) for at in columns)):
                full = [at for at in columns if line < len(texts[at])]
                pitch = 12 if line else gap
                sheet.row([texts[at][line] for at in full], [XS[at] for at in full], pitch=pitch)
        sheet._y = top - gap - 12 * (max(map(len, texts)) - 1)


@pytest.mark.parametrize("by_cells", [True, False])
@pytest.mark.parametrize("gap", [12, 14, 20])
def test_a_row_of_cells_that_wrap_is_one(sheet: Sheet, gap: float, by_cells: bool) -> None:
    """Rows may be farther from each other than lines, or not."""
    sheet.row(HEAD, XS, bold=True, pitch=20)
    set_rows(sheet, FAULTS, gap, by_cells)
    assert rows(sheet.read())[1:] == SAID


def test_cells_of_whole_sentences_are_no_prose(sheet: Sheet) -> None:
    cells = [
        ("Motor", "Winding is hot because the fan does not turn or the slots are full of dust", "Clean the slots with dry air and turn the fan by hand before the next start"),
        ("Table", "Rollers are worn and the tile does not lie flat on the table while it is cut", "Put new rollers into the table and align them with the rule"),
        ("Hose", "Hose is bent or pressed by the stand so that no water gets to the blade", "Lay the hose anew so that it is nowhere bent"),
    ]  # fmt: skip
    sheet.row(HEAD, XS, bold=True)
    set_rows(sheet, cells, 18, by_cells=False)
    assert rows(sheet.read())[1] == " | ".join(
        f"{name}: {text}" for name, text in zip(HEAD, cells[0], strict=True)
    )


PARTS = [("Bolt", "steel", "4 pcs"), ("Nut", "steel", "4 pcs"), ("Cover", "Cast iron", "1 pc"), ("Seal", "rubber", "2 pcs"), ("Hose", "rubber", "1 pc"), ("Clip", "Brass", "2 pcs")]  # fmt: skip


@pytest.mark.parametrize("small", [True, False])
def test_rows_in_groups_stay_apart(sheet: Sheet, small: bool) -> None:
    """Two rows that stand near each other are no row that wraps, though all may be in small letters."""
    sheet.row(("Part", "Made of", "Count"), XS, bold=True)
    told = [[cell.lower() if small else cell for cell in row] for row in PARTS]
    for at, row in enumerate(told):
        sheet.row(row, XS, pitch=12 if at % 2 else 20)
    found = [line.split(" | ") for line in rows(sheet.read())[1:]]
    assert [[cell.split(": ")[-1] for cell in row] for row in found] == told


def test_a_word_alone_between_rows_is_of_no_row(sheet: Sheet) -> None:
    """It may head those below it: there would have been room for it on the line above."""
    sheet.row(("Part", "Made of", "Count"), XS, bold=True)
    for row in (*PARTS[:3], ("spares",), *PARTS[3:]):
        sheet.row(row, XS[: len(row)])
    assert not [line for line in rows(sheet.read()) if "spares" in line]


GRINDER = (
    ("Description", "Model A", "Model B"),
    ("Rated input", "800 W", "1100 W"),
    ("No-load speed", "11000 rpm", "9000 rpm"),
    ("Disc diameter", "115 mm", "125 mm"),
)


@pytest.mark.parametrize(
    ("begun", "rest"), [("Weight (EPTA", "01:2014)"), ("Weight of the motor", "with its cable")]
)
def test_a_name_that_begins_above_its_values_is_whole(sheet: Sheet, begun: str, rest: str) -> None:
    for at, cells in enumerate(GRINDER):
        sheet.row(cells, XS, bold=at == 0, pitch=18)
    sheet.row([begun], XS[:1], pitch=18)
    sheet.row([rest, "2.1 kg", "2.4 kg"], XS, pitch=12)
    sheet.row(["Noise", "80 dB", "82 dB"], XS, pitch=18)
    assert rows(sheet.read())[-2:] == [
        f"Description: {begun} {rest} | Model A: 2.1 kg | Model B: 2.4 kg",
        "Description: Noise | Model A: 80 dB | Model B: 82 dB",
    ]


@pytest.mark.parametrize(
    ("title", "name", "pitch"), [("Electrical data", "Fuse", 12), ("Data (cold", "air)", 18)]
)
def test_a_title_within_a_table_names_no_row(
    sheet: Sheet, title: str, name: str, pitch: float
) -> None:
    for at, cells in enumerate(GRINDER):
        sheet.row(cells, XS, bold=at == 0, pitch=18)
    sheet.row([title], XS[:1], pitch=18)
    for at, label in enumerate((name, "Cable", "Plug")):
        sheet.row([label, f"{at + 2} A", f"{at + 4} A"], XS, pitch=18 if at else pitch)
    assert not any(title in row for row in rows(sheet.read()))
