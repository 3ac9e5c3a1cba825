"""One spelling fix, from the library's own words."""

from __future__ import annotations

import pytest

from knowledge.search.spelling import corrected

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
