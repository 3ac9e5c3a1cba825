"""What an admin does about questions that agents did not get: "answered here", another word; the question closes."""

from __future__ import annotations

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Question
from chatbot.curation.approved.types import NotApproved
from chatbot.curation.closing import ClosedGaps
from chatbot.curation.cures import answered_by, answered_in, approved_by, nearest_sections
from knowledge.library import Library
from tests.support.manuals import FAN, PUMP, only, put

OPEN = "My basement smells odd, what now?"


@pytest.fixture
def library(assistant: Assistant) -> Library:
    found = assistant.catalog
    assert isinstance(found, Library)
    put(found, "pump.md", PUMP)
    return found


def passage_of(library: Library, section: str) -> int:
    passages = library.passages_of(only(library).version_id)
    return next(passage.id for passage in passages if passage.section[-1] == section)


def test_a_question_that_is_answered_in_a_section_gets_it_from_then_on(
    assistant: Assistant, library: Library
) -> None:
    first = ask_once(assistant, Question(OPEN, conversation="c" * 16), "bob")
    assert first.outcome == "unanswered"
    (gap,) = assistant.journal.gaps()
    closed = ClosedGaps(
        lambda text, product: answered_by(assistant, text, product), library.generation
    )
    assert closed.sort([gap], 30).open == (gap,)
    made = answered_in(assistant, OPEN, "", passage_of(library, "Clean the filter"), "ada")
    assert made.closes and made.product == ""
    again = ask_once(assistant, Question(OPEN, conversation="d" * 16), "bob")
    assert (again.outcome, again.approved) == ("answered", made.key)
    assert "every 500 hours" in again.text and again.citations
    by = answered_by(assistant, OPEN, "")
    assert by is not None and by.passage.section[-1] == "Clean the filter"


def test_a_section_that_is_gone_is_refused(assistant: Assistant, library: Library) -> None:
    old = passage_of(library, "Clean the filter")
    put(
        library, "pump.md", "# Pump P-200 user manual\n\n## New\n\nAll of it is another text now.\n"
    )
    with pytest.raises(NotApproved, match="searched no more"):
        answered_in(assistant, OPEN, "", old, "ada")
    assert not assistant.approved.listed()


def test_once_the_section_says_something_else_the_question_is_open_again(
    assistant: Assistant, library: Library
) -> None:
    answered_in(assistant, OPEN, "", passage_of(library, "Clean the filter"), "ada")
    put(library, "pump.md", PUMP.replace("500 hours", "250 hours"))
    assert answered_by(assistant, OPEN, "") is None


def test_the_nearest_sections_stand_once_each(assistant: Assistant, library: Library) -> None:
    found = nearest_sections(assistant, "filter", "")
    sections = [one.passage.section for one in found]
    assert sections[0][-1] == "Clean the filter" and len(set(sections)) == len(sections) <= 3


def test_a_second_click_makes_no_second_answer(assistant: Assistant, library: Library) -> None:
    place = passage_of(library, "Clean the filter")
    first = answered_in(assistant, OPEN, "", place, "ada")
    assert answered_in(assistant, OPEN, "", place, "ada") == first
    assert len(assistant.approved.listed()) == 1


def test_where_products_differ_the_answer_is_its_sections_products_only(
    assistant: Assistant, library: Library
) -> None:
    put(library, "fan.md", FAN)
    pump = library.find("Pump P-200 user manual")
    passages = library.passages_of(pump.version_id)
    place = next(one.id for one in passages if one.section[-1] == "Clean the filter")
    made = answered_in(assistant, OPEN, "", place, "ada")
    assert (made.product, made.closes) == ("Pump P-200", False)
    asked = ask_once(assistant, Question(OPEN, product="Pump P-200"))
    assert asked.approved == made.key
    assert ask_once(assistant, Question(OPEN, product="Fan F-100")).approved == ""
    with pytest.raises(NotApproved, match="is about Pump P-200"):
        answered_in(assistant, "What smells in the Fan F-100?", "", place, "ada")


def test_what_was_voted_down_closes_by_an_approved_answer(
    assistant: Assistant, library: Library
) -> None:
    bad = ask_once(assistant, Question("How do I clean the filter?", conversation="c" * 16), "bob")
    assistant.journal.rate(bad.id, "bob", False, "too short")
    gaps = assistant.journal.gaps()
    closed = ClosedGaps(
        lambda text, product: answered_by(assistant, text, product),
        lambda: hash(assistant.approved.last_change()),
        lambda text, product: approved_by(assistant, text, product),
    )
    assert closed.sort(gaps, 30).open == gaps
    answered_in(
        assistant, gaps[0].question, gaps[0].product, passage_of(library, "Clean the filter"), "ada"
    )
    assert [gap for gap, _ in closed.sort(gaps, 30).closed] == list(gaps)
