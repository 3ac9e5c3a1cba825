"""Numbers in the margin of every line of a PDF: they are no part of what it says, while those of steps and parts are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from knowledge.parsing import read_file
from knowledge.rendering.page_images import page_boxes
from knowledge.text import readable
from knowledge.types import Document

DRAFT = [
    "The tenant shall clean the filter of the pump once in each month",
    "and note the day in the log. Where the filter is torn, the tenant",
    "replaces it before the pump is started again. Water that is left",
    "in the housing has to be drained before the first frost, for which",
    "the screw at its foot is opened by two turns. The owner pays for",
    "all other repairs.",
]


def read(path: Path, rows: Sequence[tuple[str, str]], apart: bool = False) -> Document:
    """A page of which each line has a number before it; all numbers are written first if these are ``apart``."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica-Bold", 16)
    canvas.drawString(72, 780, "Care of the pump")
    canvas.setFont("Helvetica", 10)
    places = [750 - 16 * at for at in range(len(rows))]
    for y, (number, text) in zip(places, rows, strict=True):
        canvas.drawRightString(54, y, number)
        if not apart:
            canvas.drawString(72, y, text)
    for y, (_, text) in zip(places, rows if apart else [], strict=False):
        canvas.drawString(72, y, text)
    canvas.save()
    return read_file(path, path.name)


def told(document: Document) -> list[str]:
    page = document.pages[0]
    return [readable(page.text[block.start : block.end]) for block in page.blocks]


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize("first", [1, 7, 996])
def test_the_numbers_of_lines_are_left_out(tmp_path: Path, apart: bool, first: int) -> None:
    rows = [(str(first + at), text) for at, text in enumerate(DRAFT)]
    document = read(tmp_path / "draft.pdf", rows, apart)
    assert told(document) == ["Care of the pump", " ".join(DRAFT)]
    assert not document.warnings


def test_a_line_beside_its_number_is_marked_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "draft.pdf"
    text = read(path, [(str(at), one) for at, one in enumerate(DRAFT, 1)]).pages[0].text
    start = text.index("replaces")
    (box,) = page_boxes(path, 1, start, start + len("replaces it"), len(text))
    assert abs(box.left * A4[0] - 72) < 3
    assert abs((1 - box.bottom) * A4[1] - 718) < 5


STEPS = [
    "Close the valve of the supply and wait for a minute.",
    "Open the screw at the foot of the housing by two turns.",
    "Let all of the water run out into a flat bowl.",
    "Clean the filter with warm water and a soft brush.",
    "Close the screw by hand and open the valve again.",
]
PARTS = ["seal of the lid", "screw with a washer", "filter for fine dust", "bowl for the water", "lid with its lock"]  # fmt: skip


@pytest.mark.parametrize("texts", [STEPS, PARTS])
def test_the_numbers_of_steps_and_parts_stay(tmp_path: Path, texts: list[str]) -> None:
    found = " ".join(told(read(tmp_path / "a.pdf", [*zip("12345", texts, strict=True)])))
    assert all(f"{at} {text}" in found.replace(" |", "") for at, text in enumerate(texts, 1))


@pytest.mark.parametrize(
    "numbers",
    [
        ["1", "2", "3", "5", "6", "7"],  # they do not count
        ["1", "2", "", "3", "4", "5"],  # a line without one
        ["1", "2", "3", "4", "", ""],  # too few
    ],
)
def test_what_may_be_no_numbers_of_lines_stays(tmp_path: Path, numbers: list[str]) -> None:
    document = read(tmp_path / "a.pdf", [*zip(numbers, DRAFT, strict=True)])
    text = readable(document.pages[0].text)
    assert all(number in text for number in numbers)
