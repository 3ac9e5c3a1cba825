"""Tables in ruling lines in a PDF: a row is one sentence that says what its values are, and is marked where it stands."""

from __future__ import annotations

import pypdfium2
import pytest
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table

from knowledge.ingestion.chunking import split
from knowledge.parsing import read_file
from knowledge.parsing.content.grids.ruled_grid import ruled_grids
from knowledge.parsing.pdf.layout.arrangement import read_lines
from knowledge.parsing.pdf.lines import PageLines
from knowledge.parsing.pdf.page.probe import Probe
from knowledge.rendering import page_images
from knowledge.text import pieces, readable
from tests.parsing.test_pdf_as_seen import GLUED, shown
from tests.support.files import one_page_pdf

BODY = getSampleStyleSheet()["BodyText"]
GRID = ("GRID", (0, 0), (-1, -1), 0.5, "black")
HEAD = ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold")
INTRO = "The values below hold for all models of this series, whatever their age and their place."


def made(path, *tables: Table):
    parts = [Paragraph(INTRO, BODY), *tables, Paragraph("Call the dealer for other values.", BODY)]
    SimpleDocTemplate(str(path), title="Kestrel K7").build(parts)
    return read_file(path, path.name)


def rows(document) -> list[str]:
    """The smallest parts that can be cited, of all tables."""
    return [
        readable(page.text[start:end])
        for page in document.pages
        for block in page.blocks
        if block.kind == "table"
        for start, end in pieces(page, block)
    ]


def letters(text: str) -> str:
    return "".join(sorted(char for char in text if char.isalnum()))


def marked(path, document, row: str) -> str:
    """What PDFium reads below the boxes of a row, a little smaller than they are."""
    text = document.pages[0].text
    start = text.index(row)
    boxes = page_images.page_boxes(path, 1, start, start + len(row), len(text))
    page = pypdfium2.PdfDocument(path)[0]
    wide, high = page.get_size()
    words = page.get_textpage()
    return " ".join(
        words.get_text_bounded(
            box.left * wide + 0.2, high * (1 - box.bottom) + 2,
            box.right * wide - 0.2, high * (1 - box.top) - 2,
        )
        for box in boxes
    )  # fmt: skip


CELLS = [
    ["Code", "Cause", "Remedy", "Level"],
    ["E-1", Paragraph("The filter of the inlet is blocked by leaves", BODY), "Clean it", "2"],
    ["E-2", "No water", Paragraph("Open the tap, wait and press Start again", BODY), "1"],
    ["E-3", "Lid open", "Close it", "4"],
]


def test_a_row_is_one_sentence_whatever_wraps_in_it(tmp_path):
    document = made(tmp_path / "a.pdf", Table(CELLS, colWidths=[50, 110, 110, 50], style=[GRID]))
    assert rows(document) == [
        "Code | Cause | Remedy | Level",
        "Code: E-1 | Cause: The filter of the inlet is blocked by leaves | Remedy: Clean it | Level: 2",
        "Code: E-2 | Cause: No water | Remedy: Open the tap, wait and press Start again | Level: 1",
        "Code: E-3 | Cause: Lid open | Remedy: Close it | Level: 4",
    ]


def test_a_row_is_marked_where_it_and_its_heads_stand(tmp_path):
    path = tmp_path / "a.pdf"
    document = made(path, Table(CELLS, colWidths=[50, 110, 110, 50], style=[GRID]))
    row = "Code: E-3 | Cause: Lid open | Remedy: Close it | Level: 4"
    assert letters(marked(path, document, row)) == letters(row)
    wrapped = "The filter of the inlet is blocked by leaves"
    assert letters(marked(path, document, wrapped)) == letters(wrapped)
    assert letters(marked(path, document, "Call the dealer")) == letters("Call the dealer")
    text = document.pages[0].text
    start, end = text.index(row), text.index(row) + len(row)
    # Values of fields, and what a picture on the page says, stand behind the text that is marked
    longer = page_images.page_boxes(path, 1, start, end, len(text) + 12)
    assert longer == page_images.page_boxes(path, 1, start, end, len(text))


LINED = [
    ["Part", "Value", "Note"],
    ["Flow", Paragraph("<u>10 litres</u>", BODY), "none"],
    [Paragraph("<u>Pressure</u>", BODY), Paragraph("about <u>20 bar</u> cold", BODY), Paragraph("see <u>page</u>", BODY)],
    ["Rate", "40", Paragraph("<strike>never</strike> <u>on page two of the manual</u>", BODY)],
]  # fmt: skip


@pytest.mark.parametrize("padding", [6, 1])
@pytest.mark.parametrize("fitted", [False, True], ids=["wide", "as wide as its words"])
def test_a_line_below_words_parts_no_cell(tmp_path, padding, fitted):
    sides = [(f"{side}PADDING", (0, 0), (-1, -1), padding) for side in ("LEFT", "RIGHT")]
    wide = [stringWidth(text, "Helvetica", 10) + 2 * padding for text in ("Pressure", "about 20 bar cold", "never on page two of the manual")]  # fmt: skip
    widths = [x + 0.1 for x in wide] if fitted else [120, 120, 200]
    document = made(tmp_path / "a.pdf", Table(LINED, colWidths=widths, style=[GRID, HEAD, *sides]))
    assert rows(document)[1:] == [
        "Part: Flow | Value: 10 litres | Note: none",
        "Part: Pressure | Value: about 20 bar cold | Note: see page",
        "Part: Rate | Value: 40 | Note: on page two of the manual",  # "never" is struck out
    ]


def test_the_rules_of_narrow_cells_are_no_lines_below_words(tmp_path):
    """Each cell has its own, from where its words begin, close below them."""
    boxes = [("BOX", (c, r), (c, r), 0.5, "black") for c in range(3) for r in range(4)]
    sides = [(f"{side}PADDING", (0, 0), (-1, -1), 0.5) for side in ("LEFT", "BOTTOM", "TOP")]
    cells = [["Part", "Value of it", "Note"], ["M6 and M8", "9 Nm", "none"], ["M10", "20 Nm", "dry"], ["M12", "40 Nm", "oiled"]]  # fmt: skip
    style = [
        HEAD,
        *boxes,
        *sides,
        ("FONTSIZE", (0, 0), (-1, -1), 10),
        ("LEADING", (0, 0), (-1, -1), 8),
    ]
    document = made(tmp_path / "a.pdf", Table(cells, colWidths=[90, 90, 90], style=style))
    assert rows(document) == [
        "Part | Value of it | Note",
        "Part: M6 and M8 | Value of it: 9 Nm | Note: none",
        "Part: M10 | Value of it: 20 Nm | Note: dry",
        "Part: M12 | Value of it: 40 Nm | Note: oiled",
    ]


def test_cells_that_span_stand_in_each_row(tmp_path):
    cells = [
        ["Bolt", "Torque (Nm)", "", "Tool"],
        ["", "dry", "oiled", ""],
        ["M4", "7", "6", "Key A"],
        ["M5", "20", "21", ""],
        ["M8", "hand-tight", "", "Key B"],
    ]
    spans = [((1, 0), (2, 0)), ((0, 0), (0, 1)), ((3, 0), (3, 1)), ((3, 2), (3, 3)), ((1, 4), (2, 4))]  # fmt: skip
    bold = ("FONTNAME", (0, 0), (-1, 1), "Helvetica-Bold")
    style = [GRID, bold, *(("SPAN", *span) for span in spans)]
    assert rows(made(tmp_path / "a.pdf", Table(cells, style=style)))[2:] == [
        "Bolt: M4 | Torque (Nm), dry: 7 | Torque (Nm), oiled: 6 | Tool: Key A",
        "Bolt: M5 | Torque (Nm), dry: 20 | Torque (Nm), oiled: 21 | Tool: Key A",
        "Bolt: M8 | Torque (Nm), dry / Torque (Nm), oiled: hand-tight | Tool: Key B",
    ]


def test_a_long_table_repeats_its_head_where_rows_have_no_labels(tmp_path):
    cells = [["Command", "What it does"]] + [
        [f"run{'abcdefghijklmnopqrstuvwxyz'[at]}", "starts one of the programs in the list above"]
        for at in range(26)
    ]
    document = made(tmp_path / "a.pdf", Table(cells, style=[GRID, HEAD]))
    _, passages = split(document)
    held = [passage.text for passage in passages if "starts one" in passage.text]
    assert len(held) > 2 and all("Command | What it does" in text for text in held)
    assert rows(document).count("runc | starts one of the programs in the list above") == 1


def test_nothing_of_a_page_is_lost_and_the_text_around_stays(tmp_path):
    document = made(tmp_path / "a.pdf", Table(CELLS, colWidths=[50, 110, 110, 50], style=[GRID]))
    page = pypdfium2.PdfDocument(tmp_path / "a.pdf")[0].get_textpage().get_text_range()
    text = document.pages[0].text
    assert all(text.count(word) >= page.count(word) for word in page.split())
    found = {readable(text[b.start : b.end]) for b in document.pages[0].blocks if b.kind == "text"}
    assert {INTRO, "Call the dealer for other values."} <= found


BOLD = "Helvetica-Bold"
PARTS = [["Part", "Tool", "Torque"], ["M6", "Key A", "9"], ["M8", "Key B", "20"], ["M9", "Key C", "30"]]  # fmt: skip
NAMED = ["Part: M6 | Tool: Key A | Torque: 9", "Part: M8 | Tool: Key B | Torque: 20", "Part: M9 | Tool: Key C | Torque: 30"]  # fmt: skip


def bold(*numbers: int) -> list[tuple]:
    return [GRID, *(("FONTNAME", (0, at), (-1, at), BOLD) for at in numbers)]


def wide(cells, style: list[tuple]) -> Table:
    return Table(cells, colWidths=[80] * len(cells[0]), style=style)


def plain(cells) -> list[str]:
    return [" | ".join(row) for row in cells]


def test_bold_rows_of_data_are_no_heads(tmp_path):
    """Nor are more than three, nor those above which nothing but bold rows stand."""
    for at, numbers in enumerate([(0, 1), (0, 1, 2), (1,), (0, 1, 2, 3)]):
        cells = [["M5", "Key A", "7"], *PARTS[1:]]
        document = made(tmp_path / f"{at}.pdf", wide(cells, bold(*numbers)))
        assert rows(document) == plain(cells)
    words = [[colour, "lit", "Wait"] for colour in ("Red", "Blue", "Grey", "White", "Pink")]
    assert rows(made(tmp_path / "w.pdf", wide(words, bold(0, 1, 2, 3)))) == plain(words)
    assert rows(made(tmp_path / "p.pdf", wide(PARTS, bold(0)))) == ["Part | Tool | Torque", *NAMED]  # fmt: skip


def test_a_bold_row_in_the_middle_ends_the_labels(tmp_path):
    more = [["Size", "Colour", "Length"], ["A4", "red", "297"], ["A5", "blue", "210"]]
    for at, numbers in enumerate([(0, 4), (4,)]):
        document = made(tmp_path / f"{at}.pdf", wide([*PARTS, *more], bold(*numbers)))
        assert rows(document) == ["Part | Tool | Torque", *NAMED, *plain(more)]
    again = made(tmp_path / "a.pdf", wide([*PARTS, PARTS[0], *PARTS[1:]], bold(0, 4)))
    assert rows(again) == ["Part | Tool | Torque", *NAMED] * 2


def test_a_table_that_goes_on_on_the_next_page_has_no_head_there(tmp_path):
    """Its first row may look like one above the others; a head that is shown again is one."""
    go_on = [["Seal", "dealer", "on request"], ["M10", "Key B", "40"], ["M12", "Key B", "80"]]

    def read(name, cells, style):
        parts = [Paragraph(INTRO, BODY), wide(PARTS, bold(0)), PageBreak()]
        path = tmp_path / name
        SimpleDocTemplate(str(path)).build([*parts, wide(cells, style)])
        return rows(read_file(path, name))[4:]

    assert read("a.pdf", go_on, [GRID]) == plain(go_on)
    assert read("b.pdf", [PARTS[0], *go_on[1:], PARTS[1]], bold(0)) == [
        "Part | Tool | Torque",
        "Part: M10 | Tool: Key B | Torque: 40",
        "Part: M12 | Tool: Key B | Torque: 80",
        NAMED[0],
    ]


def test_a_table_that_breaks_at_the_foot_of_a_page_keeps_its_head(tmp_path):
    cells = [PARTS[0], *([f"M{size}", "Key B", str(2 * size)] for size in range(3, 60))]
    document = made(tmp_path / "a.pdf", wide(cells, bold(0)))
    assert len(document.pages) == 2
    found = rows(document)
    assert found[1:] == [f"Part: {a} | Tool: {b} | Torque: {c}" for a, b, c in cells[1:]]


def test_what_stands_in_a_row_without_labels_and_in_one_with(tmp_path):
    """An empty cell keeps its place where no label says whose value is whose; a head's colon stands once."""
    empty = [["Red", "", "Stop"], ["Blue", "", "Go"], ["Grey", "lit", ""], ["Pink", "dim", "Go on"]]
    document = made(tmp_path / "a.pdf", wide(empty, [GRID]))
    assert rows(document) == ["Red | | Stop", "Blue | | Go", "Grey | lit", "Pink | dim | Go on"]
    heads = [["Part:", "Tool:", "Torque"], ["M6", "", "9"], ["M8", "Key B", "20"], ["M9", "", "30"]]
    assert rows(made(tmp_path / "b.pdf", wide(heads, bold(0))))[1:] == [
        "Part: M6 | Torque: 9",
        NAMED[1],
        "Part: M9 | Torque: 30",
    ]


@pytest.mark.parametrize("padding", [3, 12], ids=["touching", "apart"])
def test_a_table_in_a_cell_of_another_is_not_read_twice(tmp_path, padding):
    outer = [["Model", "Values"], ["K7", wide(PARTS, bold(0))], ["K8", "None yet"], ["K9", "None yet"]]  # fmt: skip
    around = [(f"{side}PADDING", (1, 1), (1, 1), padding) for side in ("TOP", "BOTTOM", "LEFT")]
    table = Table(outer, colWidths=[80, 280], style=[*bold(0), *around])
    text = made(tmp_path / "a.pdf", table).pages[0].text
    assert all(text.count(word) == 1 for word in ("Key A", "Key B", "Key C", "K8"))


def test_boxes_with_little_in_them_or_much_are_no_table(tmp_path):
    few = [["Note", ""], ["M6", "9 Nm"], ["M8", "20 Nm"]]
    long = Paragraph("This is a long text in a box of the page. " * 16, BODY)
    for name, cells in (("a.pdf", few), ("b.pdf", [*PARTS[:3], ["M9", "Key C", long]])):
        widths = [60, 60, 300][: len(cells[0])]
        document = made(tmp_path / name, Table(cells, colWidths=widths, style=bold(0)))
        assert "|" not in document.pages[0].text


def canvas(path, words: list[tuple[float, float, str]], xs: list[float], ys: list[float]):
    """A page with words at their places and rules across and down it."""
    page = Canvas(str(path), pagesize=(500, 500))
    page.setFont("Helvetica", 10)
    for x, y, text in words:
        page.drawString(x, y, text)
    page.grid(xs, ys)
    page.showPage()
    page.save()
    return read_file(path, path.name)


XS, YS = [48, 130, 220, 300], [310, 328, 346, 364, 382]
ROWS = [("package", "users", "size"), ("apt", "V:8, I:9", "42"), ("developers", "V:1, I:2", "87"), ("tasksel", "V:3, I:4", "11")]  # fmt: skip


def placed(changes: dict[tuple[int, int], str]) -> list[tuple[float, float, str]]:
    return [
        (XS[column] + 3, 370 - 18 * at, changes.get((at, column), text))
        for at, row in enumerate(ROWS)
        for column, text in enumerate(row)
    ]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("unattended-ammm", "package: unattended-ammm | users: V:1, I:2 | size: 87"),  # up to the next cell's text
        ("developers-referen", "package: developers-referen | users: V:1, I:2 | size: 87"),
    ],
)  # fmt: skip
def test_a_word_that_runs_over_a_rule_stays_whole(tmp_path, name, told):
    assert rows(canvas(tmp_path / "a.pdf", placed({(2, 0): name}), XS, YS))[2] == told


@pytest.mark.parametrize(
    "words",
    [
        placed({(2, 0): "developers and users of it", (2, 1): ""}),  # words that run on into the next cell
        [*placed({})[:6], (310, 352, "half outside"), *placed({})[6:]],
        placed({(2, 2): " ".join(["long"] * 130)}),
        [*placed({})[:6], (60, 200, "drawn between two rows"), *placed({})[6:]],
        [*placed({(2, 2): ""}), (223, 330, "below"), (223, 342, "above")],  # a cell from below to above
    ],
    ids=["runs on", "outside", "runs off", "elsewhere", "upwards"],
)  # fmt: skip
def test_what_is_not_surely_a_table_stays_what_it_is(tmp_path, words):
    path = tmp_path / "a.pdf"
    document = canvas(path, words, XS, YS)
    assert "|" not in document.pages[0].text
    page = pypdfium2.PdfDocument(path)[0].get_textpage().get_text_range()
    assert readable(document.pages[0].text) == readable(page)


def test_boxes_of_a_running_head_are_no_table(tmp_path):
    ys = [446, 458, 470, 482]
    words = [(XS[c] + 3, 449 + 12 * r, f"Document {r}{c}") for r in range(3) for c in range(3)]
    document = canvas(tmp_path / "a.pdf", words, XS, ys)
    assert "|" not in document.pages[0].text


def test_a_text_that_was_stored_before_is_marked_as_it_was(tmp_path):
    """It has the blanks that were put in, but tables as PDFium has them."""
    path = tmp_path / "a.pdf"
    rules = [(XS[0], y, XS[-1], y) for y in YS] + [(x, YS[0], x, YS[-1]) for x in XS]
    drawn = b" ".join(b"%d %d m %d %d l S" % rule for rule in rules)
    one_page_pdf(path, GLUED + shown(*placed({})) + drawn)
    document = read_file(path, "a.pdf")
    page = pypdfium2.PdfDocument(path)[0]
    lines = PageLines(1, "", page.get_textpage().get_text_range())
    own, (wide, high) = len(lines.raw), page.get_size()
    read_lines(page, page.get_textpage(), lines, Probe(), tables="none")
    assert own < len(lines.raw) < len(document.pages[0].text)
    start = lines.raw.index("tasksel")
    (box,) = page_images.page_boxes(path, 1, start, start + 7, len(lines.raw))
    assert abs(box.left * wide - 51) < 1 and abs((1 - box.bottom) * high - 316) < 4


def test_grids_of_rules():
    across = [(y, 0.0, 90.0) for y in (0.0, 10.0, 20.0, 30.0)]
    down = [(x, 0.0, 30.0) for x in (0.0, 30.0, 90.0)]
    (grid,) = ruled_grids(across, down)
    assert grid.cell(10, 25) != grid.cell(40, 25) and grid.cell(40, 25) == grid.cell(80, 25)
    assert grid.cell(10, 31) is None and grid.cell(-1, 25) is None
    # An inner rule that is missing makes one cell; a cell that is no rectangle makes no grid
    (merged,) = ruled_grids(across, [*down[:1], (30.0, 0.0, 20.0), down[2]])
    assert merged.cell(10, 25) == merged.cell(40, 25) and merged.cell(10, 15) != merged.cell(40, 15)
    bent = [across[0], (10.0, 30.0, 90.0), (20.0, 0.0, 90.0), across[3]]
    assert ruled_grids(bent, [*down[:1], (30.0, 10.0, 30.0), down[2]]) == []
    assert ruled_grids(across[:2], down) == []


GRID_OF_RULES = (
    [(y, 0.0, 90.0) for y in (0.0, 10.0, 20.0, 30.0)],
    [(x, 0.0, 30.0) for x in (0.0, 30.0, 90.0)],
)


def test_a_stroke_that_ends_within_a_cell_parts_nothing():
    across, down = GRID_OF_RULES
    (bare,) = ruled_grids(across, down)
    for stroke in [
        (15.0, 0.0, 20.0),
        (15.0, 30.0, 55.0),
        (15.0, 40.0, 90.0),
    ]:  # one end touches a rule
        (grid,) = ruled_grids([*across, stroke], down)
        assert (grid.ys, grid.cells) == (bare.ys, bare.cells)
    (grid,) = ruled_grids(across, [*down, (60.0, 15.0, 20.0)])
    assert (grid.xs, grid.cells) == (bare.xs, bare.cells)


def test_sides_may_be_open():
    """Rules that reach beyond the outermost rule across them hold cells there, and strokes that lie close are one rule."""
    across, down = GRID_OF_RULES
    (left,) = ruled_grids(across, down[1:])
    (right,) = ruled_grids(across, down[:2])
    assert left.xs == right.xs == (0.0, 30.0, 90.0)
    (double,) = ruled_grids(across, [down[0], (28.5, 0.0, 30.0), (31.4, 0.0, 30.0), down[2]])
    assert len(double.xs) == 3


def test_a_drawing_of_many_strokes_is_no_grid():
    many = [(10.0 * at, 0.0, 90.0) for at in range(401)]
    down = [(x, 0.0, 4000.0) for x in (0.0, 30.0, 90.0)]
    assert len(ruled_grids(many[:400], down)) == 1 and ruled_grids(many, down) == []
    chart = [(10.0 * at, 0.0, 1000.0) for at in range(101)]
    assert ruled_grids(chart, chart) == [] and len(ruled_grids(chart[:50], [(x, 0.0, 490.0) for x, _, _ in chart])) == 1  # fmt: skip


def test_a_cell_of_two_lines_whose_first_ends_with_a_blank_is_one_cell(tmp_path):
    """As LibreOffice writes what Word wraps: the rectangle of the words is wider than they look."""
    path, xs, ys = tmp_path / "a.pdf", [48, 110, 290, 480], [482, 442, 402, 362]
    page = Canvas(str(path), pagesize=(500, 520))
    page.setFont("Helvetica", 14)
    for at, row in enumerate([("Code", "Cause", "", "Remedy", "")] + [
        (f"R0{n}", f"Valve {n} is blocked or ", "does not open", f"Warm valve {n} to 2{n} °C, ", "then try it again")
        for n in (1, 2)
    ]):  # fmt: skip
        for x, first, second in ((xs[0], row[0], ""), (xs[1], *row[1:3]), (xs[2], *row[3:])):
            page.drawString(x + 3, ys[at] - 16, first)
            page.drawString(x + 3, ys[at] - 32, second)
    page.grid(xs, ys)
    page.save()
    text = read_file(path, "a.pdf").pages[0].text
    for n in (1, 2):
        row = f"Code: R0{n} | Cause: Valve {n} is blocked or does not open | Remedy: Warm valve {n} to 2{n} °C, then try it again"
        assert row in " ".join(text.split())
