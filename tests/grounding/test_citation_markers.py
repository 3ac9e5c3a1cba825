"""Marks and sentences out of a streamed text: wherever the pieces are cut, and whatever the text is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.grounding.citation_markers import CitationMarkerParser, PlainText, SentenceEnd


def read(
    text: str, step: int = 1000, passages: int = 3
) -> tuple[str, list[tuple[str, tuple[int, ...]]]]:
    reader, events = CitationMarkerParser(passages), []
    for start in range(0, len(text), step):
        events += reader.feed(text[start : start + step])
    events += reader.end()
    said = "".join(event.text for event in events if isinstance(event, PlainText))
    return said, [(event.text, event.marks) for event in events if isinstance(event, SentenceEnd)]


CASES = [
    (
        "Hold it [1]. Then go [2][3]. Done.",
        [("Hold it.", (1,)), ("Then go.", (2, 3)), ("Done.", ())],
    ),
    ("Hold it. [1] Then go.[2] Done.", [("Hold it.", (1,)), ("Then go.", (2,)), ("Done.", ())]),
    (
        "All of it [1, 2]. More【3†manual】. Foot[^1].",
        [("All of it.", (1, 2)), ("More.", (3,)), ("Foot[^1].", ())],
    ),
    ("Foot [^1]. End.", [("Foot.", (1,)), ("End.", ())]),
    (
        "See array[1], `x [1]`, [2024] and [Fn]. Ok [9].",
        [("See array[1], `x [1]`, [2024] and [Fn].", ()), ("Ok [9].", ())],
    ),
    ("One [1]\n2. Two [2]\n- three", [("One", (1,)), ("2. Two", (2,)), ("- three", ())]),
    (
        "It takes 3.5 V, e.g. a cell [1]. Yes.",
        [("It takes 3.5 V, e.g. a cell.", (1,)), ("Yes.", ())],
    ),
    (
        "Hold it [1]. Then go. Wait.\n- Stop.",
        [("Hold it.", (1,)), ("Then go.", ()), ("Wait.", ()), ("- Stop.", ())],
    ),
    (
        "\n\nDear Ann,\n\nthank you.\n- Use A only.\n- Fly.\n\nTom\nLee",
        [
            ("Dear Ann,", ()),
            ("thank you.", ()),
            ("- Use A only.", ()),
            ("- Fly.", ()),
            ("Tom", ()),
            ("Lee", ()),
        ],
    ),
    ("", []),
    ("[1]", []),
]


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(("text", "ended"), CASES)
def test_sentences_and_marks(
    text: str, ended: list[tuple[str, tuple[int, ...]]], step: int
) -> None:
    assert read(text, step)[1] == ended


@given(st.text(alphabet="ab. \n[]123【】^`A!(", max_size=120), st.integers(1, 9))
def test_cutting_changes_nothing_and_no_text_is_lost(text: str, step: int) -> None:
    said, ended = read(text, step, passages=0)
    assert said == text
    assert "".join("".join(part.split()) for part, _ in ended) == "".join(text.split())


@given(st.text(alphabet="ab. [1]2", max_size=60))
def test_a_number_without_a_passage_is_never_a_mark(text: str) -> None:
    assert all(1 <= n <= 1 for _, marks in read(text, 3, passages=1)[1] for n in marks)


@pytest.mark.parametrize(
    "text", ["[" * 1_000_000, "[1" * 500_000, "a. " * 300_000, "`" * 1_000_000, "\n" * 1_000_000]
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    begun = time.process_time()
    read(text, len(text))
    assert (
        time.process_time() - begun < 3
    )  # measured: 0.03 to 0.4 s; the bound is for slow machines
