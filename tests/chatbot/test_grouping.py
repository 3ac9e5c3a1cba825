"""Questions that ask for the same stand together; those of another product, code or matter do not."""

from __future__ import annotations

import pytest

from chatbot.curation.closing import SortedGaps
from chatbot.curation.gaps import Gap
from chatbot.curation.grouping import GapGroup, grouped
from knowledge.search.sentence_encoder import load_sentence_encoder
from ui.manuals.unanswered import unanswered

needs_encoder = pytest.mark.skipif(
    load_sentence_encoder() is None, reason="no sentence encoder is installed"
)


def gap(question: str, product: str = "", times: int = 1) -> Gap:
    return Gap(question, product, times, "2026-12-01T10:00:00Z", (("unanswered", times),))


def together(*gaps: Gap) -> list[list[str]]:
    return [[one.question for one in (group.first, *group.others)] for group in grouped(gaps)]


@needs_encoder
@pytest.mark.parametrize(
    "other",
    [
        "how can i factory reset my watch",
        "How do I reset the watch please",
        "reset the watch: how?",
    ],
)
def test_the_same_in_other_words_stands_with_the_first(other: str) -> None:
    assert together(gap("How do I reset the watch?"), gap(other)) == [
        ["How do I reset the watch?", other]
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How do I reset the watch?", "How do I charge the watch?"),
        ("What does error E04 mean?", "What does error E05 mean?"),
        ("What is the torque of M6?", "What is the torque of M8?"),
        ("How do I turn it on?", "How do I turn it off?"),
    ],
)
def test_another_matter_or_another_code_stands_alone(one: str, other: str) -> None:
    assert together(gap(one), gap(other)) == [[one], [other]]


def test_another_product_stands_alone() -> None:
    assert len(together(gap("How do I reset it?", "X100"), gap("How do I reset it?", "X200"))) == 2


@needs_encoder
def test_the_group_counts_all_and_the_page_folds_the_others() -> None:
    first, other = (
        gap("How do I reset the watch?", times=3),
        gap("How can I reset my watch?", times=2),
    )
    (group,) = grouped([first, other])
    assert group == GapGroup(first, (other,)) and group.times == 5
    html = str(unanswered(SortedGaps((first, other))))
    assert "5 times" in html and "1 more question that asks for the same" in html
    assert html.index("<summary>1 more") < html.index("How can I reset my watch?")
