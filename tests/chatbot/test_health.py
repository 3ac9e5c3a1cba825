"""How the knowledge is: old, doubled, uncited, unreadable; and when fewer questions were answered, by what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.tables import turns
from chatbot.conversations.types import Question
from chatbot.curation.health import Health, health
from knowledge.library import Library
from tests.support.manuals import FAN, PUMP, put

TODAY = datetime.now(UTC).date()
SEAL = "How do I replace the seal of the Pump P-200?"


@pytest.fixture
def library(assistant: Assistant) -> Library:
    found = assistant.catalog
    assert isinstance(found, Library)
    put(found, "pump.md", PUMP)
    put(found, "fan.md", FAN)
    return found


def asked(assistant: Assistant, text: str, times: int, day: date) -> None:
    """Ask a question as if it had been on a day."""
    for _ in range(times):
        answer = ask_once(assistant, Question(text, conversation="c" * 16), "somebody")
        at = f"{day.isoformat()}T10:00:00.000000Z"
        change = turns.update().where(turns.c.answer_id == answer.id).values(asked_at=at)
        assistant.journal.file.write(partial(sa.Connection.execute, statement=change))


def seen(assistant: Assistant, library: Library) -> Health:
    return health(assistant, library, TODAY)


def test_an_empty_library_has_nothing_to_say(assistant: Assistant) -> None:
    library = assistant.catalog
    assert isinstance(library, Library)
    assert health(assistant, library, TODAY) == Health((), (), (), (), (), (), ())


def test_what_answers_cite_and_what_none_does(assistant: Assistant, library: Library) -> None:
    assert not seen(assistant, library).uncited, "nobody has asked: that says nothing of a manual"
    asked(assistant, SEAL, 2, TODAY)
    found = seen(assistant, library)
    assert [manual.name for manual in found.uncited] == ["Fan F-100 user manual"]
    first = found.most_cited[0]
    assert (first.manual.product, first.section[-1], first.answers) == (
        "Pump P-200", "Replace the seal", 2,
    )  # fmt: skip


def test_manuals_that_say_the_same_are_named(assistant: Assistant, library: Library) -> None:
    assert not seen(assistant, library).doubled
    copy = PUMP.replace("# Pump P-200 user manual", "# Pump P-300 user manual")
    put(library, "copy.md", copy, manual="A copy", product="Pump P-300")
    (pair,) = seen(assistant, library).doubled
    assert {pair.one.name, pair.other.name} == {"A copy", "Pump P-200 user manual"}
    assert pair.share > 0.5


def test_files_that_failed_are_listed_with_the_reason(
    assistant: Assistant, library: Library
) -> None:
    put(library, "broken.pdf", b"%PDF-1.7\nnothing of the kind")
    (job,) = seen(assistant, library).failed
    assert job.file_name == "broken.pdf" and job.message


def test_the_newest_of_each_product_the_oldest_first(
    assistant: Assistant, library: Library
) -> None:
    library.connections.db.execute(
        "UPDATE versions SET published = '2020-01-01T00:00:00Z' WHERE file_name = 'fan.md'"
    )
    found = seen(assistant, library).freshness
    assert [one.product for one in found] == ["Fan F-100", "Pump P-200"]
    assert found[0].newest.startswith("2020")


def test_a_week_in_which_fewer_questions_are_answered_stands_out_with_what_was_published(
    assistant: Assistant, library: Library
) -> None:
    last_week = TODAY - timedelta(weeks=1)
    asked(assistant, SEAL, 10, last_week)
    asked(assistant, SEAL, 5, TODAY)
    assert not seen(assistant, library).weeks[0].fell
    asked(assistant, "Where is the zebra crossing?", 6, TODAY)
    this, before = seen(assistant, library).weeks
    assert (before.asked, before.answered, before.fell) == (10, 10, False)
    assert (this.asked, this.answered, this.fell) == (11, 5, True)
    assert {manual.product for manual in this.published} == {"Pump P-200", "Fan F-100"}
    monday = TODAY - timedelta(days=TODAY.weekday())
    assert (this.begins, before.begins) == (monday, monday - timedelta(weeks=1))


def test_a_fall_names_the_version_since_which_fewer_are_answered(
    assistant: Assistant, library: Library
) -> None:
    asked(assistant, SEAL, 10, TODAY - timedelta(weeks=1))
    put(library, "pump.md", PUMP.replace("12 Nm", "14 Nm"))
    put(library, "fan.md", FAN + "\n## Storage\n\nStore the fan where it is dry.\n")
    put(library, "lamp.md", "# Lamp L-1 manual\n\n## Bulb\n\nThe bulb has 9 watts.\n")
    between = (TODAY - timedelta(days=5)).isoformat()
    library.connections.db.execute(
        "UPDATE versions SET published = ? WHERE number > 1 OR file_name = 'lamp.md'",
        [f"{between}T12:00:00.000000Z"],
    )
    asked(assistant, "Where is the zebra crossing of the Pump P-200?", 10, TODAY)
    this = seen(assistant, library).weeks[0]
    assert this.fell
    assert [(one.name, one.version) for one in this.since] == [("Pump P-200 user manual", 2)]


def test_few_questions_say_nothing(assistant: Assistant, library: Library) -> None:
    asked(assistant, SEAL, 2, TODAY - timedelta(weeks=1))
    asked(assistant, "Where is the zebra crossing?", 2, TODAY)
    assert not seen(assistant, library).weeks[0].fell


def test_small_talk_is_no_question(assistant: Assistant, library: Library) -> None:
    asked(assistant, "hello", 1, TODAY)
    assert not seen(assistant, library).weeks
    with assistant.journal.file.reading() as db:
        assert db.execute(sa.select(sa.func.count()).select_from(turns)).scalar_one() == 1
