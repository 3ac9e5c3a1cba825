"""Which way to go with a product: what follows from votes, manuals and adapter, and how it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Mode, Question
from chatbot.trials.advice import Advice, ProductReport, advise, reports
from chatbot.trials.preferences import Preference
from knowledge.library import Library
from tests.support.manuals import FAN, PUMP, put
from tests.support.pairs import compared
from ui.trials.advice import card

TODAY = datetime.now(UTC).date()
PREFERRED = Preference("Pump P-200", "both", 0.7, 0.6, 0.8)


@pytest.mark.parametrize(
    ("preference", "adapter", "stale", "changes", "mode", "sureness", "ground"),
    [
        (PREFERRED, True, 0.5, 3.0, "both", "sure", "votes"),
        (None, False, None, 0.0, "documents", "likely", "no adapter"),
        (None, True, None, 0.0, "documents", "likely", "unknown"),
        (None, True, 0.0, 2.0, "documents", "likely", "often"),
        (None, True, 0.3, 0.0, "both", "likely", "stale"),
        (None, True, 0.02, 0.5, "auto", "open", "none"),
    ],
)
def test_what_follows_from_what_is_known(  # noqa: PLR0913 - a table
    preference: Preference | None,
    adapter: bool,
    stale: float | None,
    changes: float,
    mode: Mode,
    sureness: str,
    ground: str,
) -> None:
    found = advise(preference, adapter=adapter, stale=stale, changes=changes)
    assert found == Advice(mode, sureness, ground)  # type: ignore[arg-type]


@pytest.fixture
def used(assistant: Assistant) -> Assistant:
    library = assistant.catalog
    assert isinstance(library, Library)
    put(library, "pump.md", PUMP)
    put(library, "pump.md", PUMP.replace("12 Nm", "14 Nm"))
    put(library, "fan.md", FAN)
    put(library, "notes.md", "# Notes\n\nNothing of a product stands here, only words.\n")
    ask_once(
        assistant,
        Question("How do I replace the seal of the Pump P-200?", conversation="c" * 16),
        "ada",
    )
    return assistant


def test_each_product_has_a_report_of_its_own(used: Assistant) -> None:
    fan, pump = reports(used, TODAY)
    assert (fan.product, fan.manuals, fan.changes, fan.asked) == ("Fan F-100", 1, 0.0, 0)
    assert (pump.product, pump.changes, pump.asked) == ("Pump P-200", 1.0, 1)
    assert (
        pump.answers == {"documents": 1}
        and pump.stale is None
        and pump.times["documents"].answers == 1
    )
    assert pump.advice == Advice("documents", "likely", "no adapter")
    later = reports(used, TODAY + timedelta(days=200))
    assert [one.changes for one in later] == [0.0, 0.0], "what is long past does not count"


def test_a_report_is_told_in_words(used: Assistant) -> None:
    pair = compared(used, "How do I replace the seal of the Pump P-200?", conversation="d" * 16)
    assert pair.product == "Pump P-200"
    pump = next(one for one in reports(used, TODAY) if one.product == "Pump P-200")
    told = card(pump, "both")
    assert (told.advice, told.taken) == ("Documents", "Auto prefers Both here.")
    assert told.why == "Likely, without votes that decide it. No adapter is served."
    figures = dict(told.figures)
    assert figures["New versions of a manual in 90 days"] == "1.0"
    assert figures["Passages that the adapter has not seen"] == "not known"
    assert figures["Answered by Documents"].startswith("2, 100 % of their sentences")
    assert told.votes == ("Quotes and Short quotes: no difference yet",)
    assert isinstance(pump, ProductReport) and card(pump, "").taken == ""
    assert "Training of the served adapter" not in figures
    cost = dict(card(replace(pump, training=14.2), "").figures)
    assert cost["Training of the served adapter"] == "14 minutes of a processor"
