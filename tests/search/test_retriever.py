"""Search: scope, spelling, folding, the match; and that any text is a valid question."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.library import Library, open_library
from knowledge.search.embeddings import DIMENSIONS, cosine, load_encoder, quantise, signs
from knowledge.search.indexes.base import IndexQuery
from knowledge.search.indexes.sqlite import driven, quoted
from knowledge.search.ranking import MATCH, match_probability
from knowledge.search.retriever import Search
from tests.support.manuals import FAN, PUMP, put

NAUGHTY = [
    '"', "'", "can't log in", 'x" OR "y', "NEAR(a b)", "a AND", "OR", "NOT", "*", "^reset", "col:reset", "{a b}", "(", "a - b",
    "😀 reset", "\x00reset", "\ud800", "reset\u202e", "ａｂｃ", "-" * 5000, "reset " * 5000, "' UNION SELECT * FROM manuals --",
]  # fmt: skip


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Search:
    library = open_library(tmp_path_factory.mktemp("both"))
    put(library, "pump.md", PUMP)
    put(library, "fan.md", FAN)
    return Search(library, library.index)


def first(search: Search, question: str, product: str = "") -> str:
    return search.find(question, product).evidence[0].passage.text


def test_the_section_that_answers_comes_first(both: Search) -> None:
    assert "12 Nm" in first(both, "How do I replace the seal of the P-200?")
    assert both.find("How do I clean the filter?", "Pump P-200").evidence[0].passage.section == (
        "Maintenance",
        "Clean the filter",
    )


def test_a_named_product_or_a_filter_limits_the_search(both: Search) -> None:
    named = both.find("How often is the filter of the F-100 cleaned?")
    assert named.product == "Fan F-100"
    assert {found.manual.product for found in named.evidence} == {"Fan F-100"}
    filtered = both.find("How often is the filter cleaned?", "pump p-200")
    assert {found.manual.product for found in filtered.evidence} == {"Pump P-200"}
    assert both.find("filter", "no such product").evidence == ()


@pytest.mark.parametrize("heading", ["See also", "4.2 Related topics", "Siehe auch", "SEE ALSO:"])
def test_a_list_of_other_sections_does_not_come_before_what_it_names(
    tmp_path: Path, heading: str
) -> None:
    library = open_library(tmp_path)
    text = (
        "# Press B4\n\n## Ram\n\nThe ram moves at two speeds. The depth is set at the wheel on the left, before the die is put in."
        f"\n\n## Oil\n\nFill up once a year.\n\n## {heading}\n\nSetting the depth of the die.\n"
    )
    put(library, "press.md", text)
    found = Search(library, library.index).find("setting the depth of the die")
    assert found.evidence[0].passage.section == ("Ram",)


def test_when_no_product_is_named_the_contenders_are(both: Search) -> None:
    assert set(both.find("How often do I clean the filter?").products) == {
        "Pump P-200",
        "Fan F-100",
    }
    assert both.find("How often do I clean the filter of the pump P-200?").products == ()


def test_a_manual_without_a_product_is_not_shut_out_by_a_name(
    both: Search, library: Library
) -> None:
    put(library, "pump.md", PUMP)
    put(library, "notes.md", "# Notes\n\nThe pump P-200 stands in the cellar of building four.\n")
    assert "cellar" in first(
        Search(library, library.index), "Where does the P-200 stand, in which building?"
    )


def test_a_typing_error_is_put_right_and_said(both: Search) -> None:
    found = both.find("How do I clean the fliter of the P-200?")
    assert found.asked == "How do I clean the filter of the P-200?"
    assert found.evidence[0].passage.section[-1] == "Clean the filter"
    assert both.find("How do I clean the filter?").asked == "How do I clean the filter?"


def test_meaning_finds_what_words_do_not(both: Search) -> None:
    if load_encoder() is None:
        pytest.skip("wordllama has no wheel for this Python or machine")
    found = both.find("electrical consumption wattage", "Pump P-200")
    assert "450 W" in found.evidence[0].passage.text
    assert "meaning" in found.evidence[0].found_by


def test_the_match_tells_answerable_from_other_questions(both: Search) -> None:
    assert both.find("How do I replace the seal of the pump?").match > 0.6
    assert both.find("What is the capital of France?").match < 0.2
    assert both.find("").match == 0.0
    weak, strong = (0.5, 0.5, *[0.0] * 8), (0.9, 0.9, *[0.0] * 8)
    for known, fitted in MATCH.items():
        assert 0 < match_probability(weak, *known) < match_probability(strong, *known) < 1
        assert fitted[1] > 0 > fitted[3]


def test_a_doubled_passage_is_shown_once(library: Library) -> None:
    twice = "# Oven manual\n\n## First\n\nPreheat the oven to 180 degrees before use.\n\n## Second\n\nPreheat the oven to 180 degrees before use.\n"
    put(library, "oven.md", twice)
    texts = [
        found.passage.text
        for found in Search(library, library.index).find("preheat oven degrees").evidence
    ]
    assert texts.count("Preheat the oven to 180 degrees before use.") == 1


@pytest.mark.parametrize("question", NAUGHTY)
def test_naughty_questions_are_questions(both: Search, question: str) -> None:
    assert 0 <= both.find(question).match <= 1


@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(alphabet=st.characters(), max_size=200), st.sampled_from(["", "Pump P-200", "x'"]))
def test_any_text_is_a_question(both: Search, question: str, product: str) -> None:
    both.find(question, product)


def test_terms_cannot_be_syntax() -> None:
    assert quoted(['a"b', "NEAR", "(", ""]) == '"ab" OR "NEAR"'
    assert (
        driven(["seal"], ["clean", "filter"]) == '(("seal") AND ("clean" OR "filter")) OR ("seal")'
    )
    assert driven([], []) == ""


def test_small_vectors_keep_their_direction() -> None:
    rows = np.random.default_rng(1).normal(size=(50, DIMENSIONS)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert np.abs(cosine(rows[0], quantise(rows)) - rows @ rows[0]).max() < 0.01
    assert signs(rows).shape == (50, DIMENSIONS // 8)


def test_search_works_without_the_meaning_leg(both: Search) -> None:
    """As on a machine for which wordllama has no wheel: the vector is missing, the words still find."""
    hits = both._index.search(IndexQuery(("seal", "screw"), frozenset({"screw"})), [1], 10)
    assert hits
    assert {hit.meaning for hit in hits} == {0.0}


COFFEE = (
    "# Coffee maker KM 100 user manual\n\n## Descaling\n\nFill the tank with descaler and 1 litre of water. Press CALC for five"
    " seconds.\n\n## Set the grind\n\nTurn the knob on the grinder while it runs. Level 1 is fine.\n\n## Faults\n\nIf the red"
    " lamp is lit, the tank is empty. Fill in water.\n"
)


@pytest.mark.parametrize("called", ["the machine", "the device", "the coffee maker", "the KM 100"])
def test_what_the_product_is_called_need_not_stand_in_the_section(
    library: Library, called: str
) -> None:
    put(library, "km.md", COFFEE)
    search = Search(library, library.index)
    found = search.find(f"How do I descale {called}?")
    assert found.evidence[0].passage.section[-1] == "Descaling" and found.match > 0.5


def test_what_no_section_is_about_stays_unanswered_however_the_product_is_called(
    library: Library,
) -> None:
    put(library, "km.md", COFFEE)
    search = Search(library, library.index)
    for question in (
        "How heavy is the machine?",
        "What does the coffee maker cost?",
        "How do I descale the toaster?",
        "How do I paint the device?",
    ):
        assert search.find(question).match < 0.26, question
