"""Lists of short records beside each other on a page of a PDF are read column by column; tables stay tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.parsing.test_pdf_unruled import Sheet, lines_of

PUMP = ("Motor", "Power: 900 W", "Speed: 2,900 rpm", "Fuse: T 4 A", "", "Pump", "Flow: 35 l/min", "Head: 42 m", "Mass: 12 kg")  # fmt: skip
TANK = ("Tank", "Volume: 24 l", "Pressure: 8 bar", "Thread: G 1", "", "Switch", "On: 1.5 bar", "Off: 3.0 bar", "Cable: 1.5 m")  # fmt: skip
ULM = ("Ulm", "Ring Street 5", "Phone 0731 55", "", "Bonn", "Market Place 7", "Phone 0228 45", "", "Trier", "Mosel Quay 3", "Phone 0651 4")  # fmt: skip
LYON = ("Lyon", "Quay of Stones 12", "Phone 04 55 66", "", "Nice", "Lake Street 2", "Phone 04 99 00", "", "Lille", "High Street 9", "Phone 03 22 3")  # fmt: skip
ROME = ("Rome", "Via Alta 4", "Phone 06 77 88", "", "Turin", "Via Po 1", "Phone 011 56", "", "Milan", "Long Street 8", "Phone 02 33 4")  # fmt: skip
PARTS = tuple(f"{at} {name}" for at, name in enumerate(("Motor", "Blade", "Table", "Handle", "Lamp", "Foot"), 1))  # fmt: skip
MORE = tuple(f"{at} {name}" for at, name in enumerate(("Hose", "Tank", "Pump", "Switch", "Cable", "Plug"), 7))  # fmt: skip
CODES = ("E-01 Pump runs dry", "E-02 Low voltage", "E-03 No pressure", "E-04 Motor hot")
OTHERS = ("E-05 Door open", "E-06 Belt loose", "E-07 Oil low", "E-08 Fan stuck")


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    return Sheet(tmp_path / "saw.pdf")


@pytest.mark.parametrize(
    ("columns", "xs"),
    [
        ((PUMP, TANK), (72, 320)),
        ((ULM, LYON), (72, 320)),
        ((ULM, LYON, ROME), (72, 230, 390)),
        ((PARTS, MORE), (72, 250)),
        ((CODES, OTHERS), (72, 320)),
    ],
)
def test_lists_beside_each_other_are_read_one_after_the_other(
    sheet: Sheet, columns: Sequence[Sequence[str]], xs: Sequence[float]
) -> None:
    for row in zip(*columns, strict=True):
        sheet.row(row if row[0] else (), xs if row[0] else ())
    found = lines_of(sheet.read())
    said = [text for column in columns for text in column if text]
    assert [line for line in found if line in said] == said
    assert not [line for line in found if " | " in line]


@pytest.mark.parametrize(
    "rows",
    [
        # The same words beside each other, but not below: a comparison
        (("Tool", "Key 10", "Key 12"), ("Oil", "Grade 5", "Grade 7"), ("Belt", "Type 3", "Type 4"), ("Lamp", "Type 8", "Type 9")),
        # Numbered rows
        (("1 Motor", "12 kg"), ("2 Blade", "3 kg"), ("3 Table", "19 kg"), ("4 Handle", "1 kg")),
        # A label in one column only
        (("Motor", "Power: 900 W"), ("Lamp", "Power: 7 W"), ("Pump", "Flow: 35 l/min")),
        # The same label in all of a column
        (("was: slow", "is: gentle"), ("was: fast", "is: rapid"), ("was: loud", "is: noisy"), ("was: hot", "is: warm")),
        (("Bluetooth", "yes", "yes"), ("Lamp", "yes", "no"), ("Timer", "no", "no")),
    ],
)  # fmt: skip
def test_rows_of_a_table_stay_rows(sheet: Sheet, rows: Sequence[Sequence[str]]) -> None:
    for row in rows:
        sheet.row(row, (72, 200, 330)[: len(row)])
    found = lines_of(sheet.read())
    assert set(map(" | ".join, rows)) <= set(found)
