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
