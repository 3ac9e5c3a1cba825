"""Spreadsheets: no row of data becomes a head, no head is lost, and a look-up quotes its row as in any other format."""

from __future__ import annotations

import datetime
import subprocess
import sys
from pathlib import Path

import pytest

from chatbot.assistant import ask_once
from chatbot.conversations.types import Question
from chatbot.operations.deployment import open_assistant
from chatbot.settings import Settings
from knowledge.library import open_library
from knowledge.parsing import read_file
from tests.parsing.test_markup import blocks, read
from tests.support.manuals import put


def sheet(tmp_path, rows, spans=(), bold=(), head="", change=None) -> list[str]:
    """The blocks of a sheet, without its name."""
    path = made(tmp_path / "a", rows, spans, bold, head, change)
    return [text for _, text in blocks(read_file(path, "a.xlsx"))][1:]


def made(path: Path, rows, spans=(), bold=(), head="", change=None) -> Path:
    """A workbook of one sheet; ``head`` is the place of a table with a head, ``change`` gets the sheet."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.worksheet.table import Table

    book = Workbook()
    for row in rows:
        book.active.append(row)
    for span in spans:
        book.active.merge_cells(span)
    for number in bold:
        for cell in book.active[number]:
            cell.font = Font(bold=True)
    if head:
        book.active.add_table(Table(displayName="T", ref=head))
    if change:
        change(book.active)
    book.save(path)
    return path


@pytest.mark.parametrize(
    "rows",
    [
        [["M6 torque", 2000, "Nm"], ["M8 torque", 2500, "Nm"]],
        [["E2000", "Motor", 2000], ["E2001", "Pump", 2001], ["E2002", "Fan", 1990]],
        [["Red", "Fault", "Stop"], ["Green", "Ready", "Go"], ["Off", "Idle", "Wait"]],
        [["Filter", "monthly", "clean"], ["Belt", "every 3 months", "check"], ["Oil", "every 9 h", "fill"]],
    ],
)  # fmt: skip
def test_a_row_of_data_is_never_the_head_of_those_below(tmp_path, rows):
    plain = [" | ".join(map(str, row)) for row in rows]
    assert "\n".join(sheet(tmp_path, rows)).split("\n") == plain
    source = "\n".join(",".join(map(str, row)) for row in rows)
    assert [text for _, text in blocks(read(tmp_path, source, "a.csv"))] == ["\n".join(plain)]


def test_a_merged_head_swallows_no_row_of_words(tmp_path):
    rows = [["Part", "Torque", None], ["Bolt", "M6", "M8"], ["Nut", "M10", "M12"]]
    assert sheet(tmp_path, rows, ["B1:C1"]) == ["Part | Torque\nBolt | M6 | M8\nNut | M10 | M12"]


@pytest.mark.parametrize("down", [[], ["A2:A3"]])
def test_a_merged_title_leaves_both_rows_of_the_head(tmp_path, down):
    rows = [["Torque values", None, None], ["Part", "Torque", None], [None, "dry", "oiled"], ["M6", 9, 7],
            ["All at 20 °C", None, None], ["M8", 20, 17], ["M10", 40, 36]]  # fmt: skip
    assert sheet(tmp_path, rows, ["A1:C1", "B2:C2", "A5:C5", *down]) == [
        "Torque values",
        "Part: M6 | Torque, dry: 9 | Torque, oiled: 7\nAll at 20 °C\n"
        "Part: M8 | Torque, dry: 20 | Torque, oiled: 17\nPart: M10 | Torque, dry: 40 | Torque, oiled: 36",
    ]


def test_what_the_sheet_shows_or_calls_a_head_is_one(tmp_path):
    years = [["Model", 2023, 2024], ["P2", 9, 7]]
    assert sheet(tmp_path, years, bold=[1]) == ["Model: P2 | 2023: 9 | 2024: 7"]
    assert sheet(tmp_path, years, bold=[1, 2]) == ["Model | 2023 | 2024\nP2 | 9 | 7"]
    assert sheet(tmp_path, [["Voltage", 230], ["Weight", 12], ["Height", 40]], bold=[1]) == [
        "Voltage | 230\nWeight | 12\nHeight | 40"
    ]
    words = [["Part", "Stuff", "Colour"], ["Bolt", "steel", "red"]]
    told = ["Part: Bolt | Stuff: steel | Colour: red"]
    assert sheet(tmp_path, words, head="A1:C2") == told
    assert sheet(tmp_path, words, change=lambda s: setattr(s.auto_filter, "ref", "A1:C2")) == told


def test_rows_below_a_blank_one_have_no_heads_of_the_rows_above(tmp_path):
    rows = [["Part", "Tool", "Torque"], ["M6", "Key A", 9], ["M8", "Key B", 20], [],
            ["Seal", "dealer", "on request"], ["Belt", "shop", 3], ["Lid", "shop", 4]]  # fmt: skip
    labelled = "Part: M6 | Tool: Key A | Torque: 9\nPart: M8 | Tool: Key B | Torque: 20"
    assert sheet(tmp_path, rows) == [
        labelled,
        "Seal | dealer | on request\nBelt | shop | 3\nLid | shop | 4",
    ]
    assert sheet(tmp_path, [*rows[:4], ["M9", "Key C", 40]]) == [labelled, "M9 | Key C | 40"]
    named = [*rows[:4], ["For the dealer"], [], *rows[4:]]
    assert (
        sheet(tmp_path, named)[2] == "Seal | dealer | on request\nBelt | shop | 3\nLid | shop | 4"
    )
    spares = [["Spares"], ["Part", "Supplier", "Phone"], ["Seal", "ACME", "call"]]
    assert sheet(tmp_path, [*rows[:4], *spares])[1:] == [
        "Spares",
        "Part | Supplier | Phone\nSeal | ACME | call",
    ]


def test_a_blank_row_parts_no_table_that_the_sheet_calls_one(tmp_path):
    rows = [["Part", "Tool", "Torque"], ["M6", "Key A", 9], [], ["M8", "Key B", 20]]
    told = ["Part: M6 | Tool: Key A | Torque: 9\nPart: M8 | Tool: Key B | Torque: 20"]
    assert sheet(tmp_path, rows, head="A1:C4") == told
    filtered = lambda s: setattr(s.auto_filter, "ref", "A1:C4")  # noqa: E731
    assert sheet(tmp_path, rows, change=filtered) == told


@pytest.mark.parametrize(
    "rows",
    [
        [["Off", "Idle", "0 W"], ["E04", "Fault", "20 W"], ["E05", "Dry", "30 W"]],
        [["None", "No lamp", "Wait"], ["E-1", "Red lamp", "Stop"], ["E-2", "Blue lamp", "Call"]],
        [["Other", "any", "Key B"], ["M8", "steel", "Key A"], ["M10", "brass", "Key C"]],
    ],
)
def test_what_stands_above_codes_need_be_no_head(tmp_path, rows):
    assert sheet(tmp_path, rows) == ["\n".join(map(" | ".join, rows))]
    named = [["Fault code", "Meaning", "Action"], *rows[1:]]
    assert sheet(tmp_path, named)[0].startswith(f"Fault code: {rows[1][0]} | Meaning: ")


def test_a_row_that_only_a_merged_cell_fills_parts_no_table(tmp_path):
    rows = [["Part", "Life", "Tool"], ["Seal", 3, "x"], ["Lid", 4, "z"], [], ["Belt", "long", "y"]]
    assert sheet(tmp_path, rows, ["A3:A4"]) == [
        "Part: Seal | Life: 3 | Tool: x\nPart: Lid | Life: 4 | Tool: z\nPart: Belt | Life: long | Tool: y"
    ]


def test_what_stands_below_a_merged_cell_does_not_vanish(tmp_path):
    def merge(one):
        from openpyxl.worksheet.cell_range import MultiCellRange

        one.merged_cells = MultiCellRange("A2:B3")  # with what is in it, as other programs do

    rows = [["Part", "Life"], ["Seal", None], ["Belt", 4], ["Lid", 5, "old"]]
    assert sheet(tmp_path, rows, change=merge) == ["Part | Life\nSeal\nBelt | 4\nLid | 5 | old"]


def test_a_title_or_a_head_below_a_blank_row_begins_a_table(tmp_path):
    first = [["Part", "Life"], ["Seal", 3], ["Belt", 4], []]
    assert sheet(tmp_path, [*first, ["Prices"], ["Seal", 9], ["Belt", 8]]) == [
        "Part | Life\nSeal | 3\nBelt | 4",
        "Prices",
        "Seal | 9\nBelt | 8",
    ]
    years = [["Model", 2023, 2024], ["P2", 9, 7], [], ["Model", 2021, 2022], ["P2", 5, 4]]
    assert sheet(tmp_path, years, bold=[1, 4]) == [
        "Model: P2 | 2023: 9 | 2024: 7",
        "Model: P2 | 2021: 5 | 2022: 4",
    ]


def test_a_bold_row_in_the_middle_ends_the_labels(tmp_path):
    """It may be a head or a row that matters: what follows has neither its labels nor the old ones."""
    first = [["Part", "Tool", "Torque"], ["M6", "Key A", 9], ["M8", "Key B", 20]]
    told = "Part: M6 | Tool: Key A | Torque: 9\nPart: M8 | Tool: Key B | Torque: 20"
    more = [["Size", "Colour", "Length"], ["A4", "red", 297], ["A5", "blue", 210]]
    plain = "Size | Colour | Length\nA4 | red | 297\nA5 | blue | 210"
    assert sheet(tmp_path, [*first, *more], bold=[1, 4]) == [told, plain]
    assert sheet(tmp_path, [*first, *more], bold=[4]) == [told, plain]
    # but a sum at the end, and the head once more, change nothing
    assert sheet(tmp_path, [*first, ["Sum", 2, 29]], bold=[1, 4]) == [
        told + "\nPart: Sum | Tool: 2 | Torque: 29"
    ]
    again = [*first, first[0], ["M9", "Key C", 40]]
    assert sheet(tmp_path, again, bold=[1, 4]) == [
        told,
        "Part: M9 | Tool: Key C | Torque: 40",
    ]


def test_a_merged_cell_shows_its_value_where_its_first_row_or_column_is_hidden(tmp_path):
    def hide(one):
        one.row_dimensions[2].hidden = True
        one.column_dimensions["A"].hidden = True

    rows = [["Part", None, "Life"], ["Seal", None, 3], [None, None, 4], ["Belt", None, 5]]
    spans = ["A1:B1", "A2:B3", "A4:B4"]
    assert sheet(tmp_path, rows, spans, change=hide) == ["Part | Life\nSeal | 4\nBelt | 5"]


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (datetime.timedelta(hours=30), "[h]:mm", "30:00"),
        (datetime.timedelta(hours=3, minutes=5, seconds=7), "[hh]:mm:ss", "03:05:07"),
        (datetime.timedelta(hours=2), "[mm]:ss", "120:00"),
        (0.0001, "0.00E+00", "1.00E-04"),
        (99999, "0.0E+00", "1.0E+05"),
        (12345, "##0.0E+0", "12.3E+3"),
        (123456789.25, "General", "123456789.25"),
        (1 / 3, "General", "0.3333333333"),
    ],
)
def test_times_and_powers_of_ten_as_the_sheet_shows_them(tmp_path, value, form, shown):
    rows = [["Part", "Figure"], ["Seal", value]]
    change = lambda one: setattr(one["B2"], "number_format", form)  # noqa: E731
    assert sheet(tmp_path, rows, change=change) == [f"Part | Figure\nSeal | {shown}"]


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (0.25, "[<1]0.00;0", "0.25"),
        (3.6, "[<1]0.00;0", "4"),
        (-2, "[<1]0.00;0", "-2.00"),
        (-2, "[<0]0.0;0", "2.0"),
        (7, "[<1]0.00", "7"),  # no section is for it
        (2_500_000, '[>=1000000]0.0,,"M";[>=1000]0," k";0', "2.5M"),
        (1500, '[>=1000000]0.0,,"M";[>=1000]0," k";0', "2 k"),
        (5, "[Red][>3]0.0;[Blue]0", "5.0"),
        (2125551234, "[<=9999999]###-####;(###) ###-####", "(212) 555-1234"),
    ],
)
def test_formats_with_conditions_show_what_holds_for_the_number(tmp_path, value, form, shown):
    test_times_and_powers_of_ten_as_the_sheet_shows_them(tmp_path, value, form, shown)


MOMENT = datetime.datetime(2024, 3, 5, 14, 7, 9)


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (MOMENT, "mmm yy", "Mar 24"),
        (MOMENT, "mmm-yy", "Mar-24"),
        (MOMENT, "[$-409]mmmm\\ yyyy;@", "March 2024"),
        (MOMENT, "[$-407]mmmm yyyy", "2024-03-05 14:07:09"),  # a name that is not English
        (MOMENT, "[$-407]d. mmmm yyyy", "2024-03-05"),
        (MOMENT, "d mmmm yyyy", "5 March 2024"),
        (MOMENT, "dddd", "Tuesday"),
        (MOMENT, "mm/yyyy", "03/2024"),
        (MOMENT, "mm/dd/yy", "2024-03-05"),  # the day or the month first: nobody could tell
        (MOMENT, "d.m.yy h:mm AM/PM", "2024-03-05 2:07 PM"),
        (MOMENT, "hh:mm", "14:07"),
        (MOMENT, "mm:ss.00", "07:09.00"),
        (MOMENT, "ge.m.d", "2024-03-05 14:07:09"),  # years of the Japanese calendar
        (datetime.datetime(2024, 3, 5), "yyyy-mm-dd h:mm:ss", "2024-03-05"),
        (datetime.date(2024, 3, 5), "mmm yy", "Mar 24"),
        (datetime.time(0, 30), "h:mm AM/PM", "12:30 AM"),
    ],
)
def test_dates_and_times_show_the_parts_that_their_format_shows(tmp_path, value, form, shown):
    test_times_and_powers_of_ten_as_the_sheet_shows_them(tmp_path, value, form, shown)


def test_reading_a_sheet_leaves_the_libraries_of_the_process_alone(tmp_path):
    path = made(tmp_path / "a", [["Part", "Life"], ["Seal", 3]])
    code = (
        "import sys; from pathlib import Path; from knowledge.parsing.office.xlsx import read_sheets; "
        f"read_sheets(Path({str(path)!r}), 'a.xlsx', ''); "
        "from openpyxl.compat.numbers import NUMPY; import numpy; print(NUMPY)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root)
    assert done.stdout.strip() == "True", done.stderr


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_look_up_quotes_the_row_and_no_other(tmp_path, form):
    rows = [["Part", "Price", "Weight"], *([f"SP-{n}", f"{n} EUR", f"{n + 3} kg"] for n in range(101, 109))]  # fmt: skip
    source = "\n".join(",".join(row) for row in rows).encode()
    if form == "xlsx":
        source = made(tmp_path / "a", rows).read_bytes()
    library = open_library(tmp_path / "data")
    put(library, f"spares.{form}", source)
    library.close()
    desk = open_assistant(Settings.load({}, data=tmp_path / "data"))
    try:
        text = ask_once(desk, Question("How much does the SP-103 cost?", "documents", "", "")).text
    finally:
        desk.close()
    assert "Part: SP-103 | Price: 103 EUR | Weight: 106 kg" in text
    assert "SP-102" not in text and "SP-104" not in text
