"""Figures of full size that a PDF sets higher or lower are powers, indices and marks of notes, and no figures of the number before."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from knowledge.parsing import read_file

Runs = tuple[tuple[str, float], ...]


def line(path: Path, runs: Runs) -> str:
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(
        72, 760, "The figures below hold for all saws of this series, whatever their age."
    )
    text = canvas.beginText(72, 720)
    for words, rise in runs:
        text.setRise(rise)
        text.textOut(words)
    canvas.drawText(text)
    canvas.drawString(72, 680, "Call the dealer for other values.")
    canvas.save()
    document = read_file(path, path.name)
    return next(one.strip() for one in document.pages[0].text.split("\n")[1:] if one.strip())


@pytest.mark.parametrize(
    ("runs", "shown"),
    [
        ((("The fuse is rated 16 A", 0), ("1", 4), (" and slow.", 0)), "The fuse is rated 16 A¹ and slow."),
        ((("The fuse is rated 16 A", 0), ("1)", 4), (" and slow.", 0)), "The fuse is rated 16 A¹⁾ and slow."),
        ((("Volume 10 m", 0), ("3", 4), (", 10", 0), ("3", 4), (" times.", 0)), "Volume 10 m³, 10³ times."),
        ((("Water, H", 0), ("2", -3), ("O, is clean.", 0)), "Water, H₂O, is clean."),
        ((("The rated current is 16 A", 0), ("2", 3.5)), "The rated current is 16 A²"),
    ],
)  # fmt: skip
def test_shifted_figures_are_set_off(tmp_path: Path, runs: Runs, shown: str) -> None:
    assert line(tmp_path / "a.pdf", runs) == shown


@pytest.mark.parametrize(
    "runs",
    [
        (("The fuse is rated 16 A", 0), ("1", 1), (" and slow.", 0)),  # an uneven line
        (("The fuse is rated 16 A", 0), ("1 and slow.", 4)),  # goes on higher
        (("The fuse is rated 16 A", 0), ("1250", 4), (" and slow.", 0)),  # no mark
        (("Press ", 0), ("2", 4), (" times.", 0)),  # a figure of its own
    ],
)
def test_other_figures_stay(tmp_path: Path, runs: Runs) -> None:
    shown = line(tmp_path / "a.pdf", runs)
    assert "".join(shown.split()) == "".join("".join(words for words, _ in runs).split())
