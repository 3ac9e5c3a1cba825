"""Columns that are written line by line across the page are read one after the other, also narrow ones and between rules."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from knowledge.parsing import read_file
from knowledge.rendering.page_images import page_boxes
from knowledge.text import readable
from tests.parsing.test_markup import blocks

HEATER = (
    "Press the green key for two", "seconds until the lamp blinks", "once. The heater then starts",
    "with the values of the shop.", "All the times are forgotten.",
)  # fmt: skip
SIEVE = (
    "Wash the sieve every four", "weeks with cold water. Never", "use petrol, because it makes",
    "the rubber hard. Let it rest", "for two hours in the shade.",
)  # fmt: skip


def drawn(
    tmp_path, columns: Sequence[Sequence[str]], gutter: float, rules: bool = False, across=()
) -> list[str]:
    """The texts of a page with columns side by side, where "" leaves a line empty; ``across`` are heights of rules over it."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "a"))
    canvas.setFont("Helvetica", 10)
    lefts = [72.0]
    for column in columns:
        lefts.append(lefts[-1] + gutter + max(canvas.stringWidth(text) for text in column))
    for row in range(max(map(len, columns))):
        for left, column in zip(lefts, columns, strict=False):
            if row < len(column) and column[row]:
                canvas.drawString(left, 700 - 13 * row, column[row])
    for left in lefts[1:-1] if rules else ():
        canvas.line(left - gutter / 2, 400, left - gutter / 2, 715)
    for y in across:
        canvas.line(72, y, lefts[-1] - gutter, y)
    canvas.save()
    found = blocks(read_file(tmp_path / "a", "a.pdf"))
    return [readable(text).replace(" | ", " ") for _, text in found]


@pytest.mark.parametrize(("gutter", "rules"), [(9, False), (13, False), (25, False), (6, True)])
def test_columns_are_read_one_after_the_other(tmp_path, gutter, rules):
    """With less than one and a half sizes between them two sentences were quoted as one, line by line."""
    found = drawn(tmp_path, [HEATER, SIEVE], gutter, rules)
    assert found == [" ".join(HEATER), " ".join(SIEVE)]


def test_marks_find_their_words_in_a_text_that_was_stored_line_by_line(tmp_path):
    drawn(tmp_path, [HEATER, SIEVE], 9)
    old = "\r\n".join(f"{one} {other}" for one, other in zip(HEATER, SIEVE, strict=True))
    at = old.index("weeks")
    (box,) = page_boxes(tmp_path / "a", 1, at, at + 5, len(old))
    assert 0.3 < box.left < box.right < 0.45 and box.top < (842 - 685) / 842 < box.bottom


def test_what_stands_between_rules_is_read_down_though_it_is_no_prose(tmp_path):
    left = ["Pumps", "K 7 red", "K 9 blue", "", "Hoses", "3 m", "5 m", "9 m", "", "Lids", "flat", "", "Keys", "A", "B"]  # fmt: skip
    right = ["Berlin", "Mon", "Tue", "Wed", "", "Hamburg", "Thu", "", "Munich", "Fri", "", "Bremen", "Sat", "", "Kiel"]  # fmt: skip
    text = "\n".join(drawn(tmp_path, [left, right], 20, rules=True))
    assert " ".join(text.split()) == " ".join(" ".join([*left, *right]).split())


PARTS = ["Hose", "", "Seal", "", "Belt", "", "Lid", "", "Pin"]
TASKS = ["Look for cracks", "and renew it", "Wash it", "", "Look at the", "tension of it", "Oil", "", "Keep it dry"]  # fmt: skip


def test_rows_of_a_table_with_rules_between_its_columns_stay_rows(tmp_path):
    found = "\n".join(drawn(tmp_path, [PARTS, TASKS], 20, rules=True))
    assert (
        "Hose Look for cracks and renew it" in found
        and "Seal Wash it" in found
        and "Lid Oil" in found
    )


def test_columns_that_rules_run_across_are_a_table(tmp_path):
    parts, tasks = ["Hose", "", "", "Seal", "Belt", "", "", "Lid"], ["Wash", "", "Oil", "Dry"] * 2
    found = drawn(tmp_path, [parts, tasks], 20, rules=True, across=(710, 655, 600))
    assert "Hose Wash" in " ".join(found)


def test_a_line_over_a_rule_is_cut_nowhere(tmp_path):
    """What a drawing has lying below its words is no rule between columns."""
    long = ["Turn the wheel until the mark stands at the arrow and hold it there"] * 6
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "a"))
    for at, text in enumerate(long):
        canvas.drawString(72, 700 - 14 * at, f"{text} {at}.")
    canvas.line(200, 500, 200, 720)
    canvas.save()
    (found,) = blocks(read_file(tmp_path / "a", "a.pdf"))
    assert readable(found[1]) == " ".join(f"{text} {at}." for at, text in enumerate(long))


@pytest.mark.parametrize("gutter", [9, 13])
def test_rows_of_a_table_with_little_room_between_its_columns_stay_rows(tmp_path, gutter):
    found = "\n".join(drawn(tmp_path, [PARTS, TASKS], gutter))
    assert "Hose Look for cracks and renew it" in found and "Seal Wash it" in found


SHEET = (
    (10, 985, "Sheet 12, old price 999"), (120, 900, "Reset"), (120, 876, "Hold the key for ten seconds until the"),
    (120, 862, "lamp goes out. It then starts again."), (120, 820, "Care"), (120, 796, "Wipe it with a wet cloth, and never"),
    (120, 782, "with petrol."), (10, 10, "Code 7788"),
)  # fmt: skip


@pytest.mark.parametrize("cropped", [False, True])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_page_that_shows_its_text_sideways_is_read_in_order(tmp_path, rotation, cropped):
    """Heading and body changed places, or the heading was none, by which way it was turned."""
    import pypdf
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "a"), pagesize=(700, 1000))
    for x, y, text in SHEET:
        heads = len(text) < 6
        canvas.setFont("Helvetica-Bold" if heads else "Helvetica", 15 if heads else 10)
        canvas.drawString(x, y, text)
    canvas.save()
    writer = pypdf.PdfWriter(clone_from=tmp_path / "a")
    writer.pages[0].rotate(rotation)
    if cropped:
        writer.pages[0].cropbox = pypdf.generic.RectangleObject((80, 60, 620, 950))
    writer.write(tmp_path / "a")
    document = read_file(tmp_path / "a", "a.pdf")
    found = [(kind, readable(text)) for kind, text in blocks(document)]
    body = [one for one in found if not one[1].startswith(("Sheet", "Code"))]
    assert body == [
        ("heading", "Reset"),
        ("text", "Hold the key for ten seconds until the lamp goes out. It then starts again."),
        ("heading", "Care"),
        ("text", "Wipe it with a wet cloth, and never with petrol."),
    ]
    assert len(found) == len(body) + (0 if cropped else 2)
    text = document.pages[0].text
    at = text.index("Wipe it")
    (box,) = page_boxes(tmp_path / "a", 1, at, at + 7, len(text))
    left, bottom, right, top = (80, 60, 620, 950) if cropped else (0, 0, 700, 1000)
    across, up = (125 - left) / (right - left), (799 - bottom) / (top - bottom)
    x, y = {
        0: (across, 1 - up),
        90: (up, across),
        180: (1 - across, up),
        270: (1 - up, 1 - across),
    }[rotation]
    assert box.left <= x <= box.right and box.top <= y <= box.bottom
