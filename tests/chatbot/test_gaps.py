"""What agents did not get: refused, offered, voted down, reported; grouped, and as a list to take along."""

from __future__ import annotations

import csv
import io

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Answer, Question
from chatbot.curation.closing import ClosedGaps, SortedGaps
from chatbot.curation.cures import answered_by
from chatbot.curation.gaps import Gap
from knowledge.errors import DataFolder
from knowledge.library import Library
from tests.support.manuals import FAN, PUMP, put
from ui.manuals.unanswered import gaps_csv, unanswered, why


def asked(assistant: Assistant, text: str, talk: str = "", replaces: str = "") -> Answer:
    question = Question(text, conversation=talk or new_conversation(), replaces=replaces)
    return ask_once(assistant, question, "ana")


def test_what_was_refused_voted_down_or_reported_is_listed_once_and_counted(
    assistant: Assistant,
) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    bread = asked(assistant, "How do I bake sourdough bread?")
    asked(assistant, "how do I bake  sourdough bread")
    good = asked(assistant, "How do I replace the seal?")
    bad = asked(assistant, "How do I clean the filter?")
    assert good.outcome == bad.outcome == "answered"
    assert [gap.question for gap in assistant.journal.gaps()] == ["how do I bake  sourdough bread"]
    assistant.journal.rate(bad.id, "ana", False, "too short")
    assistant.journal.report_missing(bread.id, "ana")
    filter_, baking = assistant.journal.gaps()
    assert (filter_.question, filter_.times, filter_.reasons) == (
        "How do I clean the filter?",
        1,
        ("too short",),
    )
    assert (baking.times, dict(baking.why)) == (2, {"reported": 1, "unanswered": 1})
    assistant.journal.unrate(bad.id, "ana")
    assert [gap.times for gap in assistant.journal.gaps()] == [2]


def test_a_wording_that_was_replaced_does_not_count(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    talk = new_conversation()
    first = asked(assistant, "How do I bake sourdough bread?", talk)
    asked(assistant, "How do I replace the seal?", talk, first.id)
    assert assistant.journal.gaps() == ()


def test_what_is_off_topic_is_not_listed_however_often_it_is_asked(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    asked(assistant, "How do I bake sourdough bread?")
    asked(assistant, "How do I bake a cake?")
    assistant.journal.set_off_topic("how do I  bake sourdough bread", "", True)
    assert [gap.question for gap in assistant.journal.gaps()] == ["How do I bake a cake?"]
    asked(assistant, "HOW do I bake sourdough bread??")
    assert len(assistant.journal.gaps()) == 1
    assistant.journal.set_off_topic("How do I bake sourdough bread?", "Pump P-200", True)
    assistant.journal.set_off_topic("How do I bake sourdough bread?", "", False)
    assert {gap.question for gap in assistant.journal.gaps()} == {
        "HOW do I bake sourdough bread??",
        "How do I bake a cake?",
    }


def test_what_is_missing_is_noted_for_the_author_until_a_manual_answers_it(assistant: Assistant) -> None:  # fmt: skip
    put(assistant.catalog, "pump.md", PUMP)
    asked(assistant, "How do I bake sourdough bread?")
    asked(assistant, "How loud is the pump?")
    assistant.journal.set_missing("how loud is  the pump", "", True)
    by_question = {gap.question: gap for gap in assistant.journal.gaps()}
    assert by_question["How loud is the pump?"].missing
    assert not by_question["How do I bake sourdough bread?"].missing
    listed = str(unanswered(SortedGaps(assistant.journal.gaps())))
    assert listed.count("How loud is the pump?</b>") == 1
    assert "1 question that is noted for the manuals’ author" in listed
    put(
        assistant.catalog,
        "more.md",
        "# Pump P-200 noise\n\n## How loud it is\n\nThe pump is as loud as 60 dB.\n",
    )
    closed = ClosedGaps(lambda text, product: answered_by(assistant, text, product), lambda: 1)
    now = closed.sort(assistant.journal.gaps(), 20)
    assert [gap.question for gap, _ in now.closed] == ["How loud is the pump?"]
    assert "noted for the manuals’ author" not in str(unanswered(now))
    assistant.journal.set_missing("How loud is the pump?", "", False)
    assert not any(gap.missing for gap in assistant.journal.gaps())


EVIL = Gap(
    '=HYPERLINK("http://x")',
    "<b>Pump</b>",
    3,
    "2026-11-26T10:00:00.000000Z",
    (("bad", 2), ("choose", 1)),
    ("wrong",),
)


def test_the_list_to_take_along_has_a_head_and_runs_nothing() -> None:
    head, row = csv.reader(io.StringIO(gaps_csv([EVIL])))
    assert head[0] == "Question" and len(head) == len(row)
    assert row == [
        '\'=HYPERLINK("http://x")',
        "<b>Pump</b>",
        "3",
        "2026-11-26",
        "Voted down, Sections were offered: wrong",
    ]


def test_the_page_shows_the_first_and_says_how_many_more_there_are() -> None:
    html = str(unanswered(SortedGaps((EVIL,) * 53)))
    assert html.count("<li>") == 50 and "3 more questions in the CSV file" in html
    assert "<b>Pump" not in html and "3 times" in html and why(EVIL) in html
    assert unanswered(SortedGaps(())) == ""


def test_a_gap_closes_by_itself_when_a_manual_answers_it_and_opens_again_without(
    assistant: Assistant,
) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    descale = "How do I descale the boiler of the pump?"
    for text in (descale, "How do I bake sourdough bread?"):
        assert asked(assistant, text).outcome != "answered"
    voted = asked(assistant, "How do I clean the filter?")
    assistant.journal.rate(voted.id, "ana", False, "too short")
    closed = ClosedGaps(assistant.answers, assistant.catalog.generation)
    gaps = assistant.journal.gaps()
    assert closed.sort(gaps, 9) == SortedGaps(gaps), "also the one voted down, which has an answer"
    text = "# Boiler of the pump\n\n## Descale the boiler\n\nTo descale the boiler, fill it with citric acid.\n"
    put(assistant.catalog, "boiler.md", text, manual="Boiler", product="Pump P-200")
    now = closed.sort(gaps, 9)
    ((gap, found),) = now.closed
    assert (gap.question, found.manual.name) == (descale, "Boiler")
    assert len(now.open) == 2 and now.unchecked == 0
    html = str(unanswered(now))
    assert "1 question that the manuals answer by now" in html
    assert "Answered by: Descale the boiler, Boiler" in html
    assert isinstance(assistant.catalog, Library)
    assistant.catalog.remove(assistant.catalog.find("Boiler").id)
    assert closed.sort(gaps, 9).closed == ()


def test_a_gap_of_a_product_without_a_manual_stays_open_and_a_bad_refusal_may_close(
    assistant: Assistant,
) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    assert assistant.answers("How often do I clean the filter?", "Pump P-200") is not None
    assert isinstance(assistant.catalog, Library)
    assistant.catalog.remove(assistant.catalog.find("Pump P-200 user manual").id)
    assert assistant.answers("How often do I clean the filter?", "Pump P-200") is None
    refused = asked(assistant, "How do I descale the boiler?")
    assistant.journal.rate(refused.id, "ana", False, "poor")
    put(
        assistant.catalog,
        "boiler.md",
        "# Boiler\n\n## Descale the boiler\n\nTo descale the boiler, use acid.\n",
    )
    closed = ClosedGaps(assistant.answers, assistant.catalog.generation)
    ((gap, _),) = closed.sort(assistant.journal.gaps(), 9).closed
    assert gap.reasons == ("poor",)


def test_without_a_search_the_list_is_there(assistant: Assistant) -> None:
    asked(assistant, "How do I bake sourdough bread?")

    def broken(text: str, product: str) -> None:
        raise DataFolder("The search server is silent.")

    gaps = assistant.journal.gaps()
    assert ClosedGaps(broken, lambda: 1).sort(gaps, 9) == SortedGaps(gaps, (), 1)


def test_what_is_not_looked_up_in_time_is_open_and_counted(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    asked(assistant, "How do I bake sourdough bread?")
    closed = ClosedGaps(assistant.answers, assistant.catalog.generation)
    gaps = assistant.journal.gaps()
    assert closed.sort(gaps, 0.0) == SortedGaps(gaps, (), 1)
    assert closed.sort(gaps, 9) == SortedGaps(gaps), "another look goes on"


def test_a_gap_is_told_as_it_was_understood(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    talk = new_conversation()
    asked(assistant, "How do I replace the seal of the P-200?", talk)
    answer = asked(assistant, "And how do I bake sourdough bread in it?", talk)
    (gap,) = assistant.journal.gaps()
    assert gap.question == answer.asked != "And how do I bake sourdough bread in it?"
    asked(assistant, "How do I bake sourdough bread in the F-100?")
    assert [gap.product for gap in assistant.journal.gaps()][0] == "Fan F-100"
