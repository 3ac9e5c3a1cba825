"""What real manuals must read and find like. On demand: the manuals are not part of the project.

TANDEM_MANUALS=FOLDER python -m pytest tests/bench/real_manuals.py    FOLDER has markdown/, pdf/ and html/
"""

from __future__ import annotations

import json
import os
import time
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest

from knowledge.library import Library, open_library
from knowledge.parsing import read_file
from knowledge.rendering import page_images
from knowledge.search.retriever import Search
from tests.parsing.test_pdf import blocks, section_paths
from tests.support.manuals import put

DATA = Path(os.environ["TANDEM_MANUALS"])
REAL = sorted((DATA / "pdf").glob("*.pdf"))


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_real_manuals_hold_together(path):
    document, pdf = read_file(path, path.name), pypdfium2.PdfDocument(path)
    for page in document.pages:
        textpage = pdf[page.number - 1].get_textpage()
        assert len(page.text) == len(textpage.get_text_range())
        ranges = sorted((block.start, block.end) for block in page.blocks)
        assert all(0 <= start < end <= len(page.text) for start, end in ranges)
        assert all(a[1] <= b[0] for a, b in pairwise(ranges))
    assert [(h.page, h.start) for h in document.headings] == sorted(
        (h.page, h.start) for h in document.headings
    )


def test_a_real_manual_by_its_sections():
    document = read_file(DATA / "pdf/debian-reference.en.pdf", "debian-reference.en.pdf")
    paths = section_paths(document)
    assert document.title == "Debian Reference" and len(paths) == 451
    assert "GNU/Linux tutorials > Midnight Commander (MC) > Virtual filesystem of MC" in paths
    assert ("heading", "1.1.4 The root shell prompt") in blocks(document, 31) and document.pages[
        30
    ].label == "3"
    assert [text for _, text in blocks(document, 5)] == ["Contents"] and len(
        document.pages[4].text
    ) > 1000


def test_every_section_people_were_sent_to_exists():
    document = read_file(DATA / "markdown/galaxy-s10.md", "galaxy-s10.md")
    paths = set(section_paths(document))
    cases = [
        json.loads(line)
        for line in (DATA / "markdown/galaxy-s10.cases.jsonl").read_text().splitlines()
    ]
    assert document.product == "Galaxy S10"
    assert [s for case in cases for s in case["sections"] if s not in paths] == []


def test_a_real_html_handbook():
    document = read_file(
        DATA / "html/getting_started_in_kicad.html", "getting_started_in_kicad.html"
    )
    assert document.title == "Getting Started in KiCad"
    assert "4. Tutorial Part 2: Schematic > 4.1. Symbol Library Table Setup" in section_paths(
        document
    )


def test_a_real_page_with_its_boxes_comes_quickly():
    path = DATA / "pdf/debian-reference.en.pdf"
    block = read_file(path, path.name).pages[30].blocks[1]
    page_images.render_page(path, 1, 300)  # starts the painter
    began = time.monotonic()
    page_images.render_page(path, 31, 900)
    assert page_images.page_boxes(path, 31, block.start, block.end)
    assert time.monotonic() - began < 0.4


def test_the_real_questions_find_their_sections(tmp_path: Path) -> None:
    from chatbot.trials.evaluation.evaluate import rank, read_cases

    library = open_library(tmp_path)
    put(library, "galaxy-s10.md", (DATA / "markdown/galaxy-s10.md").read_bytes())
    search = Search(library, library.index)
    cases = read_cases(DATA / "markdown/galaxy-s10.cases.jsonl")
    ranks = [rank(case, search.find(case.question).evidence) for case in cases]
    assert sum(place == 1 for place in ranks) / len(ranks) >= 0.86
    assert sum(0 < place <= 5 for place in ranks) / len(ranks) >= 0.94


@pytest.mark.parametrize("same_name", [False, True])
def test_real_sister_manuals_under_one_title_are_never_versions(
    library: Library, same_name: bool
) -> None:
    names = ("galaxy-s8", "galaxy-note-8", "galaxy-a11", "galaxy-a21")
    for name in names:
        text = (DATA / "markdown" / f"{name}.md").read_text(encoding="utf-8")
        put(
            library,
            "manual.md" if same_name else f"{name}.md",
            "# User manual\n" + text.partition("\n")[2],
        )
    assert len(library.manuals()) == len(names)
