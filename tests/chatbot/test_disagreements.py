"""Two current manuals of one product that give other figures for the same."""

from __future__ import annotations

import pytest

from chatbot.curation.disagreements import disagreements
from knowledge.library import Library
from tests.support.manuals import PUMP, put


def told(library: Library) -> list[tuple[str, str]]:
    """What disagrees, as the page shows it."""
    found = disagreements(library, library.manuals())
    return [(each.one.text, each.other.text) for each in found]


def both(library: Library, one: str, other: str, *, product: str = "Oven 7") -> None:
    """Put two manuals of a product with these sections."""
    for name, text in (("A guide", one), ("B guide", other)):
        put(library, f"{name}.md", f"# {name}\n\n{text}", manual=name, product=product)


def test_the_same_sentence_with_another_figure_disagrees(library: Library) -> None:
    put(library, "pump.md", PUMP)
    quick = PUMP.replace("12 Nm", "14 Nm").replace("user manual", "quick guide")
    put(library, "quick.md", quick, manual="Quick guide", product="Pump P-200")
    (found,) = disagreements(library, library.manuals())
    assert (found.product, found.section) == ("Pump P-200", "Replace the seal")
    said = [
        (one.manual.name, one.page, "Nm" in one.text and one.text.split()[-2])
        for one in (found.one, found.other)
    ]
    assert said == [("Pump P-200 user manual", 1, "12"), ("Quick guide", 1, "14")]
    library.publish(put(library, "quick.md", quick.replace("14 Nm", "12 Nm")).version_id)
    assert told(library) == [], "whoever is wrong was mended"


TABLE = "## Values\n\n| Screw | Torque |\n| --- | --- |\n| cover | {} |\n| base | {} |\n"


def test_a_row_of_a_table_disagrees(library: Library) -> None:
    both(library, TABLE.format("9 Nm", "12 Nm"), TABLE.format("10 Nm", "12 Nm"))
    assert told(library) == [("cover | 9 Nm", "cover | 10 Nm")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("## Clean\n\nRinse it for 1,200 seconds.\n", "## Clean\n\nRinse it for 1200 seconds.\n"),
        ("## Clean\n\nIt needs 6.0 bar of pressure.\n", "## Clean\n\nIt needs 6 bar of pressure.\n"),
        ("## Heat\n\nSee page 12 for the door seal.\n", "## Heat\n\nSee page 14 for the door seal.\n"),
        ("## Wash\n\nWash the cloth at 40 °C.\n", "## Boil\n\nWash the cloth at 60 °C.\n"),
        ("## Menu\n\nPress 7 to delete or # to save.\n", "## Menu\n\nPress 7 to delete or 9 to save.\n"),
        ("## Law\n\n2019 Ovens of America, Inc.\n", "## Law\n\n2020 Ovens of America, Inc.\n"),
        (
            "## Keys\n\nHold the key for 2 seconds.\n\nHold the key for 5 seconds.\n",
            "## Keys\n\nHold the key for 9 seconds.\n",
        ),
    ],
    ids=["thousands", "a nought", "a page", "other headings", "a sign", "years", "two of a kind"],
)  # fmt: skip
def test_what_need_not_disagree_is_not_told(library: Library, one: str, other: str) -> None:
    both(library, one, other)
    assert told(library) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.5 Nm of torque", "15 Nm of torque"), ("1900 cycles of washing", "2000 cycles of washing")],
)
def test_a_slipped_point_and_a_count_are_told(library: Library, one: str, other: str) -> None:
    both(library, f"## Door\n\nIt stands {one}.\n", f"## Door\n\nIt stands {other}.\n")
    assert len(told(library)) == 1


def test_sister_products_differ_and_do_not_disagree(library: Library) -> None:
    put(library, "a.md", f"# A\n\n{TABLE.format('9 Nm', '12 Nm')}", manual="A", product="Oven 7")
    put(library, "b.md", f"# B\n\n{TABLE.format('10 Nm', '12 Nm')}", manual="B", product="Oven 8")
    assert told(library) == []
    for name, torque in (("c", "9 Nm"), ("d", "11 Nm")):
        put(library, f"{name}.md", f"# {name}\n\n{TABLE.format(torque, '12 Nm')}", manual=name)
    assert told(library) == [], "of manuals without a product nothing says that they mean one thing"
