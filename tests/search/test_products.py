"""Which product a title names, and which ones a question names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.parsing.titles import product_of
from knowledge.search.products.names import by_product_name, mentioned

PHONES = [
    "Galaxy S10",
    "Galaxy S10 Lite",
    "Galaxy S7 Edge",
    "Galaxy Note 10+",
    "Galaxy Note 10",
    "Aurora X200 printer",
    "KiCad",
]


WEARABLES = ["Galaxy Fit", "Galaxy Z Fold", "Galaxy Z Flip", "Galaxy S7", "Galaxy S7 Edge"]


@pytest.mark.parametrize(
    ("question", "product"),
    [
        ("How do I answer a call on the fit?", "Galaxy Fit"),
        ("my fold doesn't open", "Galaxy Z Fold"),
        ("Fit: the alarm won't ring", "Galaxy Fit"),
        ("How do I insert a SIM in my Galaxy Fold?", "Galaxy Z Fold"),
        ("galaxy flip is hot", "Galaxy Z Flip"),
        ("the Galaxy fold lock", ""),
        ("Does the case fit?", ""),
        ("What is the fold of the paper?", ""),
        ("How do I open the flip cover?", ""),
        ("How do I swipe from the edge?", ""),  # an S7, so "edge" alone is no name
        ("Does the fit have the menu of the S7?", "Galaxy S7"),
    ],
)
def test_the_last_word_of_a_name_alone(question: str, product: str) -> None:
    assert mentioned(question, WEARABLES) == ((product,) if product else ())


@pytest.mark.parametrize(
    ("title", "product"),
    [
        ("Galaxy S10 user manual", "Galaxy S10"),
        ("Galaxy S20+ 5G user manual", "Galaxy S20+ 5G"),
        ("Debian Reference", "Debian"),
        ("Kestrel K200 Vacuum - Service Sheet", "Kestrel K200 Vacuum"),
        ("Getting Started in KiCad", "KiCad"),
        ("Bedienungsanleitung WM 600", "WM 600"),
        ("User's Guide for the Pump P-200", "Pump P-200"),
        ("X200 Quick Start Guide v2.1", "X200"),
        ("Aurora X200 label printer: user manual", "Aurora X200 label printer"),
        ("Installation guide", ""),
        ("Guide 2 of the house", ""),
        ("User guide 3 for beginners", ""),
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


NAMES = {
    "TurboWash": "Washer WM-9000",
    "the small one": "Pump P-200",
    "K7": "Kestrel K7",
    "Großer": "Kestrel K7",
    "Mini": "Pump P-200",
}
OWN = ("Washer WM-9000", "Pump P-200", "Kestrel K7", "Turbo Wash Mini")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("My turbowash leaks.", "My Washer WM-9000 leaks."),
        ("Does the small-one need oil?", "Does Pump P-200 need oil?"),
        ("How heavy is the K7?", "How heavy is the Kestrel K7?"),
        ("How heavy is the Kestrel K7?", "How heavy is the Kestrel K7?"),
        ("How heavy is the kestrel k7?", "How heavy is the kestrel k7?"),
        ("TurboWashing is fun.", "TurboWashing is fun."),
        ("K7s and K70", "K7s and K70"),
        ("Wie stelle ich den Großer ein?", "Wie stelle ich den Kestrel K7 ein?"),
        ("MİNİ nasıl açılır, Mını, mini", "Pump P-200 nasıl açılır, Pump P-200, Pump P-200"),
        ("", ""),
    ],
)
def test_what_customers_call_a_product_is_its_name(typed: str, meant: str) -> None:
    assert by_product_name(typed, NAMES, OWN) == meant


def test_without_other_names_a_question_stays(text: str = "How heavy is  the K7?") -> None:
    assert by_product_name(text, {}, OWN) == text
    assert by_product_name(text, {" - ": "Kestrel K7", "": "Kestrel K7"}, ()) == text


SPACED = (
    "Galaxy Note 10",
    "Galaxy Note 10+",
    "Galaxy S10",
    "Galaxy A10",
    "Galaxy Z Flip",
    "Galaxy Tab A 8.4",
)
MACHINES = ("Kestrel K-7 pump", "Heron air fryer", "Drill WM9000")


@pytest.mark.parametrize(
    ("products", "typed", "meant"),
    [
        (SPACED, "pen of my note10", "pen of my Galaxy Note 10"),
        (SPACED, "pen of my Note10+, please", "pen of my Galaxy Note 10+, please"),
        (SPACED, "note10plus", "Galaxy Note 10+"),
        (SPACED, "zflip or z-flip?", "Galaxy Z Flip or z-flip?"),
        (SPACED, "the galaxy s 10 is hot", "the Galaxy S10 is hot"),
        (SPACED, "the galaxy S-10 is hot", "the Galaxy S10 is hot"),
        (SPACED, "shelf S-10, A-10 paper, G1 A-10", None),
        (SPACED, "see https://shop.example/note10 and note10.pdf", None),
        (SPACED, "ticket note-10-2034, footnote 10", None),
        (SPACED, "NOTE10", "Galaxy Note 10"),
        (SPACED, "tab a 8.4, taba8.4, taba84", "tab a 8.4, Galaxy Tab A 8.4, taba84"),
        (SPACED, "my customer's 10 phones, a 10 minute call", None),
        (SPACED, "note 10 and NOTE 10+ and s10", None),
        (SPACED, "note101, footnote10", None),
        (MACHINES, "oil for the k7 pump", "oil for the Kestrel K-7 pump"),
        (MACHINES, "airfryer, AIR FRYER", "Heron air fryer, AIR FRYER"),
        (MACHINES, "bit of the WM-9000", "bit of the Drill WM9000"),
        (("LinuxCNC", "Inset"), "Linux CNC, linux-cnc, in set", "LinuxCNC, LinuxCNC, in set"),
        (("Alpha 12 V", "Alpha 24 V"), "a 12V battery", None),
        (("Air Fryer", "Airfryer"), "my Airfryer, my air fryer", None),
        (("Printer 3.5", "Printer 35"), "printer 35, printer35", "printer 35, Printer 35"),
        (("Kühlschrank 300", "Größe 5"), "Kühlschrank300", "Kühlschrank 300"),
    ],
)
def test_a_name_may_be_written_together_or_apart(
    products: tuple[str, ...], typed: str, meant: str | None
) -> None:
    assert by_product_name(typed, {}, products) == (meant or typed)


def test_a_long_text_and_many_products_take_no_time() -> None:
    """Each run of letters or figures is looked up, whatever the number of products."""
    products = [f"Maker{n % 9} Line{n % 50} X{n}" for n in range(2_000)]
    text = "The line7x1007 is hot. " + "What may it be? " * 5_000
    assert by_product_name(text, {}, products).startswith("The Maker8 Line7 X1007 is hot.")


def test_only_the_longer_name_is_not_said_by_the_shorter() -> None:
    """Without a manual for the Note 10+, "note10+" is not the Note 10."""
    assert by_product_name("my note10+", {}, ("Galaxy Note 10", "Galaxy S9")) == "my note10+"


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_any_text_may_be_a_name(question: str, name: str, product: str) -> None:
    by_product_name(question, {name: product}, (product,))
