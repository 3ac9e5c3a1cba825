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


def guide(
    path: Path, steps: Sequence[tuple[int, str]], size: int, baseline: int
) -> list[tuple[str, str]]:
    """What is read of a page of which each step has its number in large type beside it."""
    canvas = Canvas(str(path), pagesize=A4)
    for at in range(5):
        canvas.drawString(
            72,
            800 - 14 * at,
            f"The pump is meant for clean water of at most {at + 30} °C and no other use.",
        )
    for at, (number, text) in enumerate(steps):
        canvas.setFont("Helvetica-Bold", size)
        canvas.drawString(72, 640 - 70 * at + baseline, str(number))
        canvas.setFont("Helvetica", 11)
        for row, line in enumerate(text.split("\n")):
            canvas.drawString(120, 640 - 70 * at - 14 * row, line)
    canvas.save()
    page = read_file(path, path.name).pages[0]
    return [(block.kind, readable(page.text[block.start : block.end])) for block in page.blocks][1:]


@pytest.mark.parametrize("baseline", [0, -14])
def test_a_large_number_in_the_margin_belongs_to_its_step(tmp_path: Path, baseline: int) -> None:
    steps = [
        (1, "Open the cover.\nKeep the key."),
        (2, "Pull the filter out."),
        (3, "Push the new one in."),
    ]
    assert guide(tmp_path / "a.pdf", steps, 40, baseline) == [
        ("item", "1 Open the cover. Keep the key."), ("item", "2 Pull the filter out."), ("item", "3 Push the new one in."),
    ]  # fmt: skip


def test_large_numbers_that_do_not_count_on_are_no_steps(tmp_path: Path) -> None:
    rows = [(40, "years of pumps."), (7, "plants in four lands.")]
    assert all(kind != "item" for kind, _ in guide(tmp_path / "a.pdf", rows, 40, -14))


def test_large_steps_of_slides_are_no_headings(tmp_path: Path) -> None:
    path = tmp_path / "slides.pdf"
    canvas = Canvas(str(path), pagesize=(720, 540))
    slides = {
        "Resetting": ["1. Press Stop", "2. Hold the key", "3. Wait"],
        "Cleaning": ["Empty it", "Rinse it", "Dry it"],
    }
    for title, steps in slides.items():
        for size, y, text in [
            (36, 470, title),
            *((26, 380 - 40 * at, one) for at, one in enumerate(steps)),
        ]:
            canvas.setFont("Helvetica", size)
            canvas.drawString(60, y, text)
        canvas.setFont("Helvetica", 12)
        for at in range(4):
            canvas.drawString(
                60,
                140 - 15 * at,
                f"Small print, line {at}, of {title.lower()}, which only says more of what it does.",
            )
        canvas.showPage()
    canvas.save()
    document = read_file(path, "slides.pdf")
    assert [heading.title for heading in document.headings] == [*slides]
    assert told(document)[1:4] == slides["Resetting"]
