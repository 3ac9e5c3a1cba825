"""Japanese and Chinese pages that are read from above to below, in columns from right to left."""

from __future__ import annotations

import pytest

from knowledge.parsing import read_file
from knowledge.rendering import page_images
from tests.support.files import one_page_pdf

COLUMNS = [
    "本機の取扱について",
    "電源を入れる前に栓を開けて",
    "ください。次に弁を閉じる。",
    "赤い灯が消える迄待つ事。",
]


def japanese_page(path, columns, *, one_by_one=False, top=700, tiers=1, foot=""):
    """The columns from the right, in a font that is not in the file; ``one_by_one`` draws each sign by itself."""
    signs = sorted({*"".join(columns), *foot})
    code = {sign: f"{at:04x}" for at, sign in enumerate(signs, 1)}
    lines = "\n".join(f"<{code[sign]}> <{ord(sign):04x}>" for sign in signs)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def "
        f"1 begincodespacerange <0000> <ffff> endcodespacerange {len(signs)} beginbfchar\n{lines}\nendbfchar endcmap end end"
    )
    drawn, each = [], -(-len(columns) // tiers)
    for at, column in enumerate(columns):
        x, y = 500 - 20 * (at % each), top - 300 * (at // each)
        if one_by_one:
            drawn += [
                f"1 0 0 1 {x} {y - 12 * n} Tm <{code[sign]}> Tj" for n, sign in enumerate(column)
            ]
        else:
            drawn.append(f"1 0 0 1 {x} {y} Tm <{''.join(code[sign] for sign in column)}> Tj")
    if foot:
        drawn += [f"1 0 0 1 {300 + 12 * n} 40 Tm <{code[sign]}> Tj" for n, sign in enumerate(foot)]
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-%s /DescendantFonts [6 0 R] /ToUnicode 8 0 R >>"
    return one_page_pdf(
        path, f"BT /F1 12 Tf {' '.join(drawn)} ET".encode(), font=font % (b"H" if one_by_one else b"V"),
        extra=[
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 1000 /FontDescriptor 7 0 R"
            b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
            b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [0 0 1000 1000] /Ascent 880 /Descent -120 /CapHeight 700"
            b" /StemV 80 /ItalicAngle 0 >>",
            (b"", cmap.encode()),
        ],
    )  # fmt: skip


def lines(document):
    return [line.strip() for line in document.pages[0].text.splitlines() if line.strip()]


@pytest.mark.parametrize("one_by_one", [False, True])
@pytest.mark.parametrize("tiers", [1, 2])
def test_columns_are_read_from_right_to_left(tmp_path, one_by_one, tiers):
    """Where the font was not in the file, two of three columns were not there at all, and the others from left to right; signs
    drawn one by one were a line each.
    """
    japanese_page(tmp_path / "a", COLUMNS, one_by_one=one_by_one, tiers=tiers)
    document = read_file(tmp_path / "a", "a.pdf")
    assert lines(document) == COLUMNS
    assert [said.split(" page ")[1] for said in document.warnings] == [
        "whose picture lacks text that was read, because its font is not in the file: 1."
    ]
    text = document.pages[0].text
    at = text.index("待")
    (box,) = page_images.page_boxes(tmp_path / "a", 1, at, at + 1, len(text))
    assert box.left * 612 == pytest.approx(500 - 20 * (3 if tiers == 1 else 1), abs=19)


def test_a_sentence_that_fills_its_column_goes_on_in_the_next(tmp_path):
    japanese_page(tmp_path / "a", COLUMNS)
    document = read_file(tmp_path / "a", "a.pdf")
    page = document.pages[0]
    found = ["".join(page.text[one.start : one.end].split()) for one in page.blocks]
    assert found == [COLUMNS[0], COLUMNS[1] + COLUMNS[2], COLUMNS[3]]


def test_a_foot_below_the_columns_comes_last(tmp_path):
    japanese_page(tmp_path / "a", COLUMNS, one_by_one=True, foot="第一頁")
    assert lines(read_file(tmp_path / "a", "a.pdf")) == [*COLUMNS, "第一頁"]


def test_lines_that_run_across_stay_lines(tmp_path):
    """A list of single signs below each other is no column."""
    japanese_page(
        tmp_path / "a", ["有", "無", "有"], one_by_one=True, foot="この表は弁の有無を示す"
    )
    assert lines(read_file(tmp_path / "a", "a.pdf"))[-1] == "この表は弁の有無を示す"
