"""Tables without rules on scans: rows stay together, also askew, nothing of them is lost, and what is doubtful is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from knowledge.parsing import read_file
from knowledge.parsing.converted.ocr.engine import OcrLine, OcrWord
from knowledge.parsing.converted.ocr.pages import unread_script
from knowledge.parsing.converted.ocr.rows import is_torn, tables_in
from tests.parsing.test_pdf_tables import rows
from tests.support.scans import needs_tesseract, page_picture, scan

BOLTS = (
    ("Bolt", "Torque (Nm)", "Tool", "Place"),
    ("M5", "17", "Key C", "Handle"),
    ("M6", "21", "Key C", "Cover"),
    ("M8", "46", "Spanner", "Foot"),
    ("M10", "81", "Spanner", "Flange"),
    ("M12", "96", "Spanner", "Engine"),
)
PAGE = [
    "# Otter T5 tile saw",
    "The figures below hold for all saws of this series.",
    "",
    "# Torques",
    *("\t".join(cells) for cells in BOLTS),
    "",
    "# Weights",
    *(f"{name}\t{weight}" for name, weight in (("Motor", "12.5 kg"), ("Table", "19.5 kg"), ("Blade", "1.5 kg"))),
]  # fmt: skip


@needs_tesseract
@pytest.mark.parametrize("askew", [0.0, 1.5, -1.5])
def test_rows_of_a_scan_stay_together(tmp_path: Path, askew: float) -> None:
    picture = page_picture(PAGE).rotate(askew, Image.Resampling.BICUBIC, fillcolor=255)
    document = read_file(scan(tmp_path / "saw.pdf", [picture]), "saw.pdf")
    found = rows(document)
    for bolt, torque, tool, place in BOLTS[1:]:
        assert f"Bolt: {bolt} | Torque (Nm): {torque} | Tool: {tool} | Place: {place}" in found
    assert "Table | 19.5 kg" in found
    page = document.pages[0]
    read = {page.text[word.start : word.end] for word in page.words}
    assert {"M8", "46", "Foot", "19.5"} <= read, "each word can be marked"


@needs_tesseract
def test_columns_of_prose_on_a_scan_stay_columns(tmp_path: Path) -> None:
    left = (
        "Push the tile slowly and|hold it down with both|of your hands while the|blade runs through it.|Wait until the saw has|"
        "come to a stop before|you take the two pieces|from the table of the|saw, and wear gloves|because they are sharp."
    ).split("|")
    right = (
        "Clean the saw with a dry|cloth when you are done|and never with water or|with a strong solvent.|Grease the axle of the|"
        "wheel once in a month|with the grease that was|in the box, and wipe off|what comes out beside|the axle with a cloth."
    ).split("|")
    lines = [f"{one}\t\t{other}" for one, other in zip(left, right, strict=True)]
    document = read_file(scan(tmp_path / "saw.pdf", [page_picture(lines)]), "saw.pdf")
    text = " ".join(document.pages[0].text.split())
    assert "hold it down with both of your hands" in text
    assert " | " not in text


def line(y: int, *cells: tuple[int, str], sure: float = 95.0) -> OcrLine:
    words = tuple(OcrWord(text, (x, y, x + 20 * len(text), y + 40), sure) for x, text in cells)
    box = (words[0].box[0], y, words[-1].box[2], y + 40)
    return OcrLine(words, box, 0, 40.0, 0.0, y)


def test_figures_that_do_not_fit_their_column_are_doubtful() -> None:
    weights = ("8.0", "71", "3.5", "Tel", "8.1", "9.6")
    seen = [line(0, (0, "Part"), (400, "Weight"))]
    seen += [
        line(60 * at, (0, f"Part{at}"), (400, text)) for at, text in enumerate(weights, start=1)
    ]
    (table,) = tables_in(seen)
    assert table.doubtful == ("Tel", "71")


def test_cells_beside_each_other_are_torn_and_prose_is_not() -> None:
    words = "one two three four five six seven".split()
    cells = [line(60 * at, (x, "M8")) for x in (0, 600) for at in range(4)]
    prose = [
        line(60 * at, *((x + 130 * n, word) for n, word in enumerate(words)))
        for x in (0, 1200)
        for at in range(4)
    ]
    assert is_torn(cells)
    assert not is_torn(prose)
    assert not is_torn(cells[:4])


@pytest.mark.parametrize(
    ("text", "languages", "told"),
    [
        ("官報 平成 日 金曜日 12", ("eng", "deu"), "Chinese or Japanese characters"),
        ("官報 平成 日 金曜日 12", ("eng", "jpn"), ""),
        ("Давление 2,8", ("eng",), "Cyrillic letters"),
        ("Power 5 µW at 3 Ω", ("eng",), ""),
        ("12.5 — 8", ("eng",), ""),
    ],
)
def test_a_script_that_tesseract_has_no_language_for_is_not_tried(
    text: str, languages: tuple[str, ...], told: str
) -> None:
    assert unread_script(text, languages) == told
