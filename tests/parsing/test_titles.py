"""Titles: one that says only what kind of document it is gets the product before it, where the file's name and its text say that."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.parsing import read_file
from knowledge.parsing.titles import sensible_title

TEXT = (
    "The {0} is set up in an hour. Switch the {0} on, and wait until the {0} has found its axes.\n\n"
    "## Care\n\nClean the pump of the {0} each week. A pump that is dry is loud. Pumps wear out.\n"
)


def titled(tmp_path: Path, file_name: str, title: str, name: str) -> tuple[str, str]:
    path = tmp_path / file_name
    path.write_text(f"# {title}\n\n{TEXT.format(name)}", encoding="utf-8")
    document = read_file(path, file_name)
    return document.title, document.product


@pytest.mark.parametrize(
    ("file_name", "title", "name"),
    [
        ("MillCtl_Getting_Started.md", "Getting Started", "MillCtl"),
        ("millctl-integrator.md", "Integrator Information", "MillCtl"),
        ("KX-52_user_manual_v2.1_en.md", "User manual", "KX-52"),
        ("brabant 20 Benutzerhandbuch.md", "Benutzerhandbuch, Version 3", "Brabant 20"),
        ("Ossora_guide.md", "Quick start guide", "Ossora"),
        ("mode d'emploi Q300.md", "Mode d'emploi", "Q300"),
    ],
)
def test_a_title_that_says_only_its_kind_gets_the_product(
    tmp_path: Path, file_name: str, title: str, name: str
) -> None:
    assert titled(tmp_path, file_name, title, name) == (f"{name} {title}", name)


@pytest.mark.parametrize(
    ("file_name", "title", "name"),
    [
        ("pump_user_manual.md", "User manual", "saw"),  # a word, and no name
        ("MillCtl_user_manual.md", "User manual", "saw"),  # of which the text says nothing
        ("scan_final_v2.md", "User manual", "MillCtl"),
        ("MillCtl_guide.md", "Axes and spindles", "MillCtl"),
        ("MillCtl_guide.md", "Ossora user manual", "MillCtl"),
    ],
)
def test_a_title_stays_where_the_product_is_not_sure(
    tmp_path: Path, file_name: str, title: str, name: str
) -> None:
    assert titled(tmp_path, file_name, title, name)[0] == title


def test_what_programs_call_a_page_without_a_title_is_none():
    for name in ("Untitled Document", "Unknown Title", "Untitled page 2", "No title"):
        assert sensible_title(name) == ""
