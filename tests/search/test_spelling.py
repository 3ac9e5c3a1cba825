"""One spelling fix, from the library's own words."""

from __future__ import annotations

import pytest

from knowledge.library import Library
from knowledge.search.retriever import Search
from knowledge.search.wording.spelling import corrected
from tests.support.manuals import put

COUNTS = {
    "bluetooth": 40,
    "battery": 90,
    "batteries": 4,
    "calibration": 7,
    "connect": 30,
    "fuse": 5,
    "pressure": 9,
}
ENGLISH = {"bread", "passport", "confuse"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("blutooth", "bluetooth"),
        ("batery", "battery"),
        ("abttery", "battery"),
        ("connct", "connect"),
        ("calibraation", "calibration"),
    ],
)
def test_a_typing_error_is_put_right(typed: str, meant: str) -> None:
    assert corrected([typed], COUNTS, tuple(COUNTS), ENGLISH.__contains__) == {typed: meant}


@pytest.mark.parametrize(
    "typed", ["battery", "bread", "x200", "fus", "passport", "tomatoes", "12v"]
)
def test_right_foreign_and_short_words_are_left_alone(typed: str) -> None:
    assert corrected([typed], COUNTS, tuple(COUNTS), ENGLISH.__contains__) == {}


def test_another_form_of_a_word_of_the_library_is_no_misspelling(library: Library) -> None:
    put(
        library,
        "phone.md",
        "# Phone\n\n## Care\n\nScreen protectors must be clear.\n\n## Case\n\nUse protectors.\n",
    )
    asked = Search(library, library.index).find("Which screen protector may I use?").asked
    assert asked == "Which screen protector may I use?"


def test_a_misspelt_word_of_a_products_name_names_the_product(library: Library) -> None:
    for name in ("Galaxy Fit", "Galaxy Tab"):
        text = f"# {name} user manual\n\n## Reset\n\nTo reset the {name}, tap About and Reset.\n"
        put(library, f"{name}.md", text)
    search = Search(library, library.index)
    found = search.find("galxy fit reset")
    assert (found.product, found.asked) == ("Galaxy Fit", "galaxy fit reset")
    assert search.find("glaaxy tab reset").product == "Galaxy Tab"
    for other in ("tap fit reset", "gala fit dinner", "galleys fit reset"):
        assert search.find(other).asked == other
