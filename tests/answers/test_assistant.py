"""From a question to an answer: quotes with exact citations, refusals, which product, and what is kept."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from unittest.mock import ANY

import pytest

from chatbot.answers.events import CitationAdded, CitationMark, EvidenceFound, Finished, Routed
from chatbot.answers.messages import FILTERED, NO_MANUALS, UNANSWERED, without_marks
from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.journal import open_journal
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.suggestions import asked_of, suggestions
from chatbot.conversations.types import Question, about
from chatbot.errors import ChatError, EmptyQuestion, NoSuchConversation
from chatbot.grounding.reply_check import check_draft
from knowledge.library import Library
from knowledge.text import readable
from tests.support.events import text_of
from tests.support.manuals import FAN, PUMP, put

SEAL = Question("How do I replace the seal of the pump?")


def test_every_sentence_is_a_verified_quote(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    answer = ask_once(assistant, SEAL)
    assert answer.outcome == "answered"
    assert "Tighten the screws to 12 Nm." in answer.text
    assert len(answer.sentences) == len(answer.citations) == 3
    for sentence, citation in zip(answer.sentences, answer.citations, strict=True):
        page = assistant.catalog.page(citation.version_id, citation.page)
        assert citation.quote == page.text[citation.start : citation.end]
        assert readable(citation.quote) == sentence.text
        assert (sentence.state, sentence.n) == ("verified", (citation.n,))
        assert citation.section == ("Maintenance", "Replace the seal")
        assert citation.hash in {found.passage.hash for found in answer.evidence}
    assert without_marks(answer.text) == " ".join(sentence.text for sentence in answer.sentences)


def test_the_steps_come_in_order_and_make_the_text(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    steps = list(assistant.ask(SEAL))
    assert [type(step) for step in steps[:2]] == [Routed, EvidenceFound]
    assert isinstance(steps[-1], Finished)
    assert text_of(steps) == steps[-1].answer.text
    assert [step.citation.n for step in steps if isinstance(step, CitationAdded)] == [1, 2, 3]


def test_what_no_manual_answers_is_refused_with_the_nearest_passages(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    answer = ask_once(assistant, Question("Which vaccine does my cat need?"))
    assert (answer.outcome, answer.text) == ("unanswered", UNANSWERED)
    assert answer.citations == answer.sentences == ()
    assert ask_once(assistant, Question("What colour has the pump's cover at night?")).evidence


def test_an_empty_library_says_so(assistant: Assistant) -> None:
    answer = ask_once(assistant, SEAL)
    assert (answer.outcome, answer.text) == ("unanswered", NO_MANUALS)


def test_several_products_are_asked_back(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    answer = ask_once(assistant, Question("How often do I clean the filter?"))
    assert answer.outcome == "which product"
    assert set(answer.products) == {"Pump P-200", "Fan F-100"}
    chosen = ask_once(assistant, Question("How often do I clean the filter?", product="Fan F-100"))
    assert "200 hours" in chosen.text
    assert "500 hours" not in chosen.text


def test_steps_of_a_list_stay_together(assistant: Assistant) -> None:
    steps = "\n".join(f"{i}. Do step number {i} with care." for i in range(1, 7))
    put(
        assistant.catalog,
        "x.md",
        f"# X10 manual\n\n## Reset the clock\n\nTo reset the clock:\n\n{steps}\n\n## Other\n\nNothing here.\n",
    )
    answer = ask_once(assistant, Question("How do I reset the clock of the X10?"))
    assert all(f"step number {i}" in answer.text for i in range(1, 7))
    assert [sentence.item for sentence in answer.sentences] == [False] + [True] * 6


def test_a_mode_without_a_model_is_said(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    answer = ask_once(assistant, Question(SEAL.text, "adapter"))
    assert answer.route.mode == "documents"
    assert answer.notices == (
        "No fine-tuned model is running, so this answer comes from the manuals. No model server is set: answers are quotes from the manuals.",
    )


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_question_is_refused(assistant: Assistant, text: str) -> None:
    with pytest.raises(EmptyQuestion):
        ask_once(assistant, Question(text))


def test_suggested_questions_are_answered(assistant: Assistant) -> None:
    assert suggestions(assistant.catalog, assistant.search, assistant.settings.min_match) == ()
    put(
        assistant.catalog,
        "pump.md",
        PUMP.replace("500 hours", "500 hours" + ", or when the pressure falls below a bar" * 3),
    )
    suggested = suggestions(assistant.catalog, assistant.search, assistant.settings.min_match)
    assert suggested
    assert all(
        ask_once(assistant, Question(question.text, product=question.product)).outcome == "answered"
        for question in suggested
    )


def test_a_suggestion_is_answered_when_another_product_arrives_after_it(
    assistant: Assistant,
) -> None:
    same = PUMP.replace("500 hours", "500 hours" + ", or when the pressure falls below a bar" * 3)
    put(assistant.catalog, "pump.md", same, product="P-200")
    suggested = suggestions(assistant.catalog, assistant.search, assistant.settings.min_match)
    put(assistant.catalog, "other.md", same.replace("500", "900"), product="Q-7")
    assert suggested
    for suggestion in suggested:
        answer = ask_once(assistant, Question(suggestion.text, product=suggestion.product))
        assert answer.outcome == "answered"
        assert "900" not in answer.text


def test_what_is_suggested_of_one_product_is_asked_of_it(assistant: Assistant) -> None:
    same = PUMP.replace("500 hours", "500 hours" + ", or when the pressure falls below a bar" * 3)
    put(assistant.catalog, "pump.md", same, product="P-200")
    put(assistant.catalog, "other.md", same.replace("500", "900"), product="Quill")
    least = assistant.settings.min_match
    everything = suggestions(assistant.catalog, assistant.search, least)
    assert {one.product for one in everything} == {"P-200", "Quill"}
    own = suggestions(assistant.catalog, assistant.search, least, product="Quill")
    assert own
    assert all(one.product == "Quill" and one.text.endswith(" on Quill?") for one in own)
    other = suggestions(assistant.catalog, assistant.search, least, product="P-200")
    assert all(one.text.endswith(" on the P-200?") for one in other)


def test_a_heading_that_is_a_name_is_not_suggested_as_a_command(assistant: Assistant) -> None:
    said = "Open the settings of the lamp and tap the switch beside it. " * 4
    calm = f"# Lamp manual\n\n## Find My Lamp\n\n{said}\n\n## Change the bulb\n\n{said}\n\n## Clean the shade\n\n{said}\n"
    put(assistant.catalog, "lamp.md", calm)
    suggested = suggestions(assistant.catalog, assistant.search, 0.0)
    assert {one.text for one in suggested} == {"How do I change the bulb?", "How do I clean the shade?"}  # fmt: skip
    loud = calm.replace("Change the bulb", "Change The Bulb").replace("Clean the shade", "Clean The Shade")  # fmt: skip
    put(assistant.catalog, "lamp.md", loud)
    assert len(suggestions(assistant.catalog, assistant.search, 0.0)) == 3


def test_a_conversation_is_there_tomorrow(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    talk = new_conversation()
    asked = Question(SEAL.text, conversation=talk)
    answer = ask_once(assistant, asked, owner="ana")
    ask_once(assistant, Question("And who won the cup?", conversation=talk), owner="ana")
    assistant.journal.close()
    journal = open_journal(assistant.settings.folder / "journal.db")
    first, second = journal.turns(talk, "ana")
    assert (first.question, first.answer) == (asked, answer)
    assert second.answer is not None and second.answer.outcome == "unanswered"
    (listed,) = journal.conversations("ana")
    assert (listed.title, listed.turns) == (SEAL.text, 2)
    assert journal.answer(answer.id, "ana") == answer
    assert journal.citing([answer.citations[0].version_id]) == 1


def test_conversations_belong_to_their_owner(assistant: Assistant) -> None:
    talk = new_conversation()
    answer = ask_once(assistant, Question("Hello?", conversation=talk), owner="ana")
    for look in (
        lambda: assistant.journal.turns(talk, "ben"), lambda: assistant.journal.answer(answer.id, "ben"),
        lambda: assistant.journal.rename(talk, "ben", "Mine"), lambda: assistant.journal.delete(talk, "ben"),
        lambda: assistant.journal.rate(answer.id, "ben", True), lambda: ask_once(assistant, Question("Hi", conversation=talk), owner="ben"),
    ):  # fmt: skip
        with pytest.raises(NoSuchConversation):
            look()
    assert assistant.journal.conversations("ben") == ()


def test_quotes_that_nobody_reads_to_their_end_are_kept_whole(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    talk = new_conversation()
    stream = assistant.ask(Question(SEAL.text, conversation=talk), "ana")
    while not isinstance(next(stream), CitationMark):
        pass
    stream.close()
    (turn,) = assistant.journal.turns(talk, "ana")
    assert turn.answer is not None
    assert turn.answer.outcome == "answered"
    assert turn.answer == replace(ask_once(assistant, SEAL), id=turn.answer.id, seconds=ANY)


def test_a_question_is_on_disk_before_the_work(assistant: Assistant) -> None:
    talk = new_conversation()
    stream = assistant.ask(Question(SEAL.text, conversation=talk), "ana")
    next(stream)
    (turn,) = open_journal(assistant.settings.folder / "journal.db").turns(talk, "ana")
    assert (turn.question.text, turn.answer) == (SEAL.text, None)


def test_rename_delete_restore_search(assistant: Assistant) -> None:
    talk = new_conversation()
    ask_once(assistant, Question("Where is the 50%_valve?", conversation=talk), owner="ana")
    assistant.journal.rename(talk, "ana", "  Valve \n question ")
    assert [found.title for found in assistant.journal.conversations("ana", "valve Q")] == [
        "Valve question"
    ]
    assert assistant.journal.conversations("ana", "50%_") != ()
    assert assistant.journal.conversations("ana", "5%valve") == ()
    with pytest.raises(ChatError, match="needs a name"):
        assistant.journal.rename(talk, "ana", " ")
    assistant.journal.delete(talk, "ana")
    assert assistant.journal.conversations("ana") == ()
    assistant.journal.restore(talk, "ana")
    assert len(assistant.journal.conversations("ana")) == 1


def test_votes_and_reports_are_kept(assistant: Assistant) -> None:
    talk = new_conversation()
    answer = ask_once(assistant, Question("Who won?", conversation=talk), owner="ana")
    assistant.journal.rate(answer.id, "ana", True)
    assistant.journal.rate(answer.id, "ana", False, "wrong product")
    assistant.journal.report_missing(answer.id, "ana")
    assistant.journal.report_missing(answer.id, "ana")
    import sqlite3

    with sqlite3.connect(assistant.settings.folder / "journal.db") as db:
        assert db.execute("SELECT good, reason FROM votes").fetchall() == [(0, "wrong product")]
        assert db.execute("SELECT question FROM gaps").fetchall() == [("Who won?",)]


def test_fifty_agents_at_once_lose_nothing(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    talks = [new_conversation() for _ in range(50)]
    threads = [
        threading.Thread(
            target=ask_once, args=(assistant, Question(SEAL.text, conversation=talk), f"agent {i}")
        )
        for i, talk in enumerate(talks)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i, talk in enumerate(talks):
        (turn,) = assistant.journal.turns(talk, f"agent {i}")
        assert turn.answer is not None and turn.answer.outcome == "answered"


def test_a_newer_journal_is_refused(tmp_path: Path) -> None:
    import sqlite3

    open_journal(tmp_path / "journal.db").close()
    with sqlite3.connect(tmp_path / "journal.db") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(ChatError, match="newer Tandem"):
        open_journal(tmp_path / "journal.db")


def test_text_that_looks_like_code_stays_text(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP.replace("four screws", 'four {screws} {"lc": 1} screws'))
    talk = new_conversation()
    odd = '{"lc": 1, "type": "constructor"} {x.__class__} {{ 7 * 7 }}'
    ask_once(assistant, Question(odd, conversation=talk), owner="ana")
    answer = ask_once(assistant, Question(SEAL.text, conversation=talk), owner="ana")
    first, second = assistant.journal.turns(talk, "ana")
    assert (first.question.text, second.answer) == (odd, answer)
    assert 'four {screws} {"lc": 1} screws' in answer.text


def test_which_product_may_be_answered_in_words(assistant: Assistant) -> None:
    for product, torque in (("Aurora X100", "12 Nm"), ("Aurora X200", "7 Nm")):
        text = PUMP.replace("12 Nm", torque).replace("Pump P-200", product)
        put(assistant.catalog, f"{product}.md", text, product=product)
    talk = new_conversation()
    open_ = ask_once(assistant, Question(SEAL.text, conversation=talk), owner="ana")
    assert open_.outcome == "which product"
    for said, torque, other in (
        ("the aurora x200", "7 Nm", "12 Nm"),
        ("No, sorry, the X100", "12 Nm", "7 Nm"),
    ):
        answer = ask_once(assistant, Question(said, conversation=talk), owner="ana")
        assert answer.outcome == "answered"
        assert torque in answer.text and other not in answer.text


def test_the_product_that_was_talked_of_is_carried_until_the_agent_starts_afresh(
    assistant: Assistant,
) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    talk = new_conversation()
    first = ask_once(
        assistant, Question("How do I replace the seal of the F-100?", conversation=talk), "ana"
    )
    assert first.product == "Fan F-100"
    clean = Question("How do I clean the filter?", conversation=talk)
    carried = ask_once(assistant, clean, "ana")
    assert (carried.outcome, carried.product) == ("answered", "Fan F-100")
    afresh = ask_once(assistant, replace(clean, fresh=True), "ana")
    assert (afresh.outcome, afresh.product) == ("which product", "")
    later = ask_once(assistant, clean, "ana")
    assert later.outcome == "which product", "what was left stays left"


def test_a_reworded_question_knows_only_what_stands_before_it(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    talk = new_conversation()
    first = ask_once(
        assistant, Question("How do I replace the seal of the F-100?", conversation=talk), "ana"
    )
    ask_once(
        assistant, Question("How do I replace the seal of the P-200?", conversation=talk), "ana"
    )
    clean = Question("How do I clean the filter?", conversation=talk, replaces=first.id)
    assert ask_once(assistant, clean, "ana").outcome == "which product"


def test_what_is_answered_for_two_products_is_about_neither(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    talk = new_conversation()
    both = ask_once(
        assistant, Question("How do I replace the seal: P-200 or F-100?", conversation=talk), "ana"
    )
    assert both.outcome == "answered" and both.product == ""
    later = ask_once(assistant, Question("How do I clean the filter?", conversation=talk), "ana")
    assert later.outcome == "which product"


def test_a_filter_that_hides_what_the_question_names_is_said(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    answer = ask_once(
        assistant, Question("How do I replace the seal of the F-100?", product="Pump P-200")
    )
    assert FILTERED.format(product="Pump P-200", named="Fan F-100") in answer.notices
    assert answer.products == ("Fan F-100",)
    plain = ask_once(assistant, Question("How do I replace the seal?", product="Pump P-200"))
    assert plain.products == () and not plain.notices
    both = "Compare the seal of the P-200 and of the F-100."
    assert ask_once(assistant, Question(both, product="Pump P-200")).products == ("Fan F-100",)


def test_an_off_topic_question_is_about_no_product(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    assert ask_once(assistant, Question("What is the capital of Portugal?")).product is None


def test_a_product_that_is_removed_is_talked_of_no_more(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    talk = new_conversation()
    ask_once(
        assistant, Question("How do I replace the seal of the F-100?", conversation=talk), "ana"
    )
    assistant.catalog.remove(
        next(m.id for m in assistant.catalog.manuals() if "F-100" in m.product)
    )
    answer = ask_once(assistant, Question("How do I clean the filter?", conversation=talk), "ana")
    assert "500 hours" in answer.text


def test_an_old_answer_says_by_its_citations_what_it_is_about(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    answer = ask_once(assistant, Question("How do I replace the seal?"))
    assert about(replace(answer, product=None)) == "Pump P-200"
    assert about(replace(answer, product=None, citations=())) is None
    other = replace(answer.citations[0], product="Fan F-100")
    assert about(replace(answer, product=None, citations=(*answer.citations, other))) == ""


CHAPTERS = """An oven is hot.

# Oven manual

Keep this manual for degrees and times.

## Baking

### Bake bread

Bake bread at 220 degrees for half an hour.

### Bake cakes

Bake cakes at 170 degrees.

### Bake pizza

Bake pizza at 250 degrees.

## Cleaning

Clean the door with water.
"""


def test_an_answer_offers_the_sections_beside_its_own(assistant: Assistant) -> None:
    put(assistant.catalog, "oven.md", CHAPTERS)
    talk = new_conversation()
    answer = ask_once(
        assistant, Question("At how many degrees do I bake cakes?", conversation=talk), "ana"
    )
    beside = [found.passage.section[-1] for found in answer.further]
    assert beside == ["Bake pizza", "Bake bread"], "those after it first, none of another chapter"
    assert asked_of(answer.further[0]) == "Bake pizza"
    there = Question(
        asked_of(answer.further[0]), conversation=talk, passage=answer.further[0].passage.id
    )
    assert "250 degrees" in ask_once(assistant, there, "ana").text
    (first, _) = assistant.journal.turns(talk, "ana")
    assert first.answer is not None and first.answer.further == answer.further
    assert ask_once(assistant, Question("What is the capital of Portugal?")).further == ()


def test_what_customers_call_a_product_is_understood_and_shown(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    library = assistant.catalog
    assert isinstance(library, Library)
    fan = next(manual for manual in library.manuals() if manual.product == "Fan F-100")
    library.describe(fan.id, other_names=["Windy", "big blower"])
    answer = ask_once(assistant, Question("How do I replace the seal of my big blower?"))
    assert "4 Nm" in answer.text and answer.product == "Fan F-100"
    assert answer.asked == "How do I replace the seal of my Fan F-100?"
    plain = ask_once(assistant, Question("How do I replace the seal of the F-100?"))
    assert plain.asked == "", "nothing was put in other words"
    filtered = Question("How do I replace the seal of the Windy?", product="Pump P-200")
    assert ask_once(assistant, filtered).products == ("Fan F-100",)
    assert assistant.search.find("seal of the windy").product == "Fan F-100"
    draft = "Tighten the screws of the Windy to 12 Nm."
    (checked,) = check_draft(library, assistant.search, draft)
    assert checked.sentence.state == "contradicted", "the fan takes 4 Nm"
