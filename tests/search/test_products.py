"""Which product a title names, and which ones a question names."""

from __future__ import annotations

import pytest

from knowledge.parsing.titles import product_of
from knowledge.search.products import mentioned

PHONES = [
    "Galaxy S10",
    "Galaxy S10 Lite",
    "Galaxy S7 Edge",
    "Galaxy Note 10+",
    "Galaxy Note 10",
    "Aurora X200 printer",
    "KiCad",
]


@pytest.mark.parametrize(
    ("title", "product"),
    [
        ("Galaxy S10 user manual", "Galaxy S10"),
        ("Galaxy S20+ 5G user manual", "Galaxy S20+ 5G"),
        ("Debian Reference", "Debian"),
        ("Getting Started in KiCad", "KiCad"),
        ("Bedienungsanleitung WM 600", "WM 600"),
        ("User's Guide for the Pump P-200", "Pump P-200"),
        ("X200 Quick Start Guide v2.1", "X200"),
        ("Aurora X200 label printer: user manual", "Aurora X200 label printer"),
        ("Installation guide", ""),
        ("Minutes of the meeting", ""),
        ("", ""),
    ],
)
def test_titles(title: str, product: str) -> None:
    assert product_of(title) == product


@pytest.mark.parametrize(
    ("question", "products"),
    [
        ("How do I reset my s10?", ("Galaxy S10",)),
        ("How do I reset my S10 Lite?", ("Galaxy S10 Lite",)),
        ("Is the note 10+ larger than the note 10?", ("Galaxy Note 10+", "Galaxy Note 10")),
        ("Where is the ribbon of the X200?", ("Aurora X200 printer",)),
        ("kicad symbols", ("KiCad",)),
        ("Open the Galaxy Store", ()),
        ("How sharp is the edge?", ()),
        ("Press 10 times", ()),
    ],
)
def test_questions(question: str, products: tuple[str, ...]) -> None:
    assert mentioned(question, PHONES) == products


def test_a_connection_at_the_end_of_a_name_may_be_left_out_but_nothing_else() -> None:
    names = ("Comet C20+ 5G", "Comet C20 Ultra 5G", "Comet Pad 10+")
    assert mentioned("How do I charge the C20+?", names) == ("Comet C20+ 5G",)
    assert mentioned("How do I charge the C20 Ultra?", names) == ("Comet C20 Ultra 5G",)
    assert mentioned("How do I charge the Comet Pad 10?", names) == ()
