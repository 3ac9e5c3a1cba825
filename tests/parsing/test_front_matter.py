"""What stands above a Markdown text names its title and product, and is no text of the manual."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.parsing import read_file
from knowledge.types import Document

BODY = "\n# Setup\n\nHold the key.\n\n# Reset\n\nPress it.\n"


def manual(tmp_path: Path, text: str) -> Document:
    path = tmp_path / "p9.md"
    path.write_bytes(text.encode())
    return read_file(path, path.name)


@pytest.mark.parametrize(
    ("front", "title", "product"),
    [
        ('---\ntitle: "Pump: P9 manual"\nproduct: Kestrel P9\nlang: de\n---', "Pump: P9 manual", "Kestrel P9"),
        ("---\nproduct: 'Kestrel P9' # new\ntitle: User manual\n...", "Kestrel P9 User manual", "Kestrel P9"),
        ("---\n# ours\nTitle: Pump: all of it\nproduct_name: >\n  Kestrel\n  P9\n---", "Pump: all of it", "Kestrel P9"),
        ('+++\ntitle = "Handbook"\nproduct = "K7"\n+++', "K7 Handbook", "K7"),
        ("---\r\ntitle: K7 handbook\r\nproduct: [a, b]\r\n---", "K7 handbook", "K7"),
        ("---\nproduct: '-'\n---", "Setup", ""),
        ("---\ntitle: T5\nproduct: T5\n---", "T5", "T5"),
    ],
)  # fmt: skip
def test_title_and_product_are_proposed(
    tmp_path: Path, front: str, title: str, product: str
) -> None:
    document = manual(tmp_path, front + BODY)
    assert (document.title, document.product) == (title, product)
    assert document.pages[0].text.startswith("Setup\n")


def test_a_title_of_its_own_is_kept_beside_the_product(tmp_path: Path) -> None:
    document = manual(tmp_path, "---\ntitle: Quick guide\nproduct: K7\n---" + BODY)
    assert (document.title, document.own_title) == ("K7 Quick guide", "Quick guide")


@pytest.mark.parametrize("text", ["Do not open while hot.", "# Danger\n\nHot surface."])
def test_rules_above_and_below_a_text_are_no_front_matter(tmp_path: Path, text: str) -> None:
    document = manual(tmp_path, f"---\n\n{text}\n\n---\n{BODY}")
    assert text.split("\n")[-1] in document.pages[0].text and not document.product
