"""What publishing a version does to earlier answers, adapters and kept questions."""

from __future__ import annotations

import io

import pytest

from adapters.registry import Card
from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Answer, Question
from chatbot.curation.approved.proposing import proposal
from chatbot.curation.cures import answered_in
from chatbot.curation.impact import impact, in_use, kept_questions, try_kept_questions
from knowledge.library import Library
from knowledge.types import Manual
from tests.support.manuals import FAN, PUMP, put
from ui.chat.plain_text import for_customer

SEAL = "How do I replace the seal of the Pump P-200?"
FILTER = "How often do I clean the filter of the Pump P-200?"
WINTER = "Where do I store the Pump P-200 in winter?"
NEWER = PUMP.replace("500 hours", "250 hours")


@pytest.fixture
def manuals(assistant: Assistant) -> Library:
    library = assistant.catalog
    assert isinstance(library, Library)
    put(library, "pump.md", PUMP)
    put(library, "fan.md", FAN)
    return library


def pump(library: Library) -> Manual:
    return library.find("Pump P-200 user manual")


def draft_of(library: Library, content: str) -> int:
    put(library, "pump.md", content, draft=True)
    (draft,) = library.drafts()
    return draft.version_id


def asked(assistant: Assistant, text: str, conversation: str = "c" * 16) -> Answer:
    return ask_once(assistant, Question(text, conversation=conversation), "somebody")


def test_answers_whose_words_change_are_counted_and_the_words_named(
    assistant: Assistant, manuals: Library
) -> None:
    for text in (SEAL, FILTER, FILTER):
        assert asked(assistant, text).outcome == "answered"
    found = impact(assistant, pump(manuals), draft_of(manuals, NEWER))
    assert (found.answers, found.affected) == (3, 2)
    (lost,) = [place for place in found.places if "500 hours" in place.pin.quote]
    assert (lost.answers, lost.pin.section[-1]) == (2, "Clean the filter")
    assert not [place for place in found.places if "screws" in place.pin.quote]


def test_words_that_only_moved_affect_nothing(assistant: Assistant, manuals: Library) -> None:
    asked(assistant, SEAL)
    moved = PUMP.replace("## Safety", "## Before you begin\n\nRead this.\n\n## Safety")
    found = impact(assistant, pump(manuals), draft_of(manuals, moved))
    assert (found.answers, found.affected, found.places) == (1, 0, ())


def test_what_had_changed_before_is_not_counted_again(
    assistant: Assistant, manuals: Library
) -> None:
    asked(assistant, FILTER)
    put(manuals, "pump.md", NEWER)
    again = draft_of(manuals, NEWER.replace("250 hours", "100 hours"))
    assert impact(assistant, pump(manuals), again).affected == 0


def test_a_version_that_holds_nothing_of_it_affects_every_answer(
    assistant: Assistant, manuals: Library
) -> None:
    asked(assistant, SEAL)
    other = draft_of(manuals, "# Pump P-200 user manual\n\n## All new\n\nNothing is as it was.\n")
    assert impact(assistant, pump(manuals), other).affected == 1


def test_adapters_are_told_how_much_they_lose(assistant: Assistant, manuals: Library) -> None:
    passages = manuals.passages_of(pump(manuals).version_id)
    trained = tuple(passage.hash for passage in passages)
    assistant.models.registry.save(Card("house", "http://x", "base", "", trained_on=trained))
    (stale,) = impact(assistant, pump(manuals), draft_of(manuals, NEWER)).adapters
    assert (stale.name, stale.served, stale.rests, stale.lost) == ("house", False, len(trained), 1)


def test_a_manual_is_in_use_once_an_answer_cites_it(assistant: Assistant, manuals: Library) -> None:
    assert not in_use(assistant, pump(manuals))
    asked(assistant, SEAL)
    assert in_use(assistant, pump(manuals))
    assert not in_use(assistant, manuals.find("Fan F-100 user manual"))
    job = manuals.accept(io.BytesIO(NEWER.encode()), "pump.md", draft=None)
    assert manuals.run(job.id).message.startswith("Draft")


def test_kept_questions_that_come_out_otherwise_are_named(
    assistant: Assistant, manuals: Library
) -> None:
    voted = asked(assistant, FILTER, "d" * 16)
    assistant.journal.rate(voted.id, "somebody", True)
    same = asked(assistant, SEAL, "d" * 16)
    assistant.journal.rate(same.id, "somebody", True)
    gap = asked(assistant, WINTER, "e" * 16)
    assert gap.outcome != "answered"
    assert len(kept_questions(assistant, pump(manuals))) == 3
    newer = f"{NEWER}\n## Storage\n\nStore the pump in winter where it stays dry and above 5 °C.\n"
    result = try_kept_questions(assistant, pump(manuals), draft_of(manuals, newer))
    assert (result.asked, result.kept) == (3, 3)
    assert [(one.question, one.flip) for one in result.flipped] == [
        (FILTER, "words"), (WINTER, "gained"),
    ]  # fmt: skip


def test_a_section_that_is_gone_loses_its_question(assistant: Assistant, manuals: Library) -> None:
    voted = asked(assistant, FILTER)
    assistant.journal.rate(voted.id, "somebody", True)
    head, _, rest = PUMP.partition("### Clean the filter")
    without = head + rest[rest.index("## Specifications") :]
    result = try_kept_questions(assistant, pump(manuals), draft_of(manuals, without))
    assert [one.flip for one in result.flipped] == ["lost"]
    assert assistant.answers(FILTER) is not None, "nothing has changed"


def test_questions_for_which_there_is_no_time_are_counted(
    assistant: Assistant, manuals: Library
) -> None:
    voted = asked(assistant, FILTER)
    assistant.journal.rate(voted.id, "somebody", True)
    result = try_kept_questions(assistant, pump(manuals), draft_of(manuals, NEWER), seconds=-1)
    assert (result.asked, result.kept, result.flipped) == (0, 1, ())


def test_approved_answers_that_become_stale_are_named_and_asked_again(
    assistant: Assistant, manuals: Library
) -> None:
    for text in (SEAL, FILTER):
        answer = asked(assistant, text)
        turn = assistant.journal.own_turn(answer.id, "somebody")
        key = assistant.approved.propose(
            proposal(assistant, turn, for_customer(answer)), "somebody", answer.id
        )
        assistant.approved.approve(key, "somebody", assistant.approved.one(key).changed)
    draft = draft_of(manuals, NEWER)
    (stale,) = impact(assistant, pump(manuals), draft).approved
    assert stale.question == FILTER
    asked_again = kept_questions(assistant, pump(manuals))
    assert {question for question, _ in asked_again} == {SEAL, FILTER}


def test_a_lost_approved_answer_is_named_among_the_kept_questions(
    assistant: Assistant, manuals: Library
) -> None:
    odd = "What about the smell of the Pump P-200?"
    passages = manuals.passages_of(pump(manuals).version_id)
    place = next(one.id for one in passages if one.section[-1] == "Clean the filter")
    answered_in(assistant, odd, "", place, "ada")
    assert in_use(assistant, pump(manuals)), "an approved answer rests on it"
    result = try_kept_questions(assistant, pump(manuals), draft_of(manuals, NEWER))
    assert [(one.question, one.flip) for one in result.flipped] == [(odd, "lost")]


def test_answers_follow_a_manual_that_became_part_of_another(
    assistant: Assistant, manuals: Library
) -> None:
    chapter = "\n\n".join(f"Step {n}: read line {n} of the list with care." for n in range(40))
    for name, reach in (("a.md", 10), ("b.md", 20)):
        text = f"# User manual\n\n## Start\n\n{chapter}\n\n## Range {reach}\n\nIts radio reaches {reach} m.\n"
        put(manuals, name, text)
    answer = asked(assistant, "How far does its radio reach, is it 20 m?")
    cited = {citation.version_id for citation in answer.citations}
    job = next(job for job in manuals.jobs() if job.doubt)
    manuals.set_draft_rule("", "never")
    manuals.settle(job.id, same=True)
    merged = manuals.manual(job.doubt)
    assert cited & {one.version_id for one in manuals.versions_of(merged.id)}
    assert in_use(assistant, merged)
