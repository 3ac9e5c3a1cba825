"""What a team prefers for a product: Auto follows it where the manuals answer, and never to an adapter that may be wrong."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Mode, Question, Route, Signals
from chatbot.curation.approved.first import may_hold
from chatbot.errors import NotKept
from chatbot.operations.deployment import open_assistant
from chatbot.routing.router import RouteThresholds
from chatbot.settings import Settings
from chatbot.trials.preferences import Preference, preferred
from chatbot.trials.store import Trials
from knowledge.library import Library
from tests.support.command import run
from tests.support.manuals import PUMP, put
from tests.support.pairs import LONG, compared
from tests.support.people import team_of
from tests.support.serving import running_site

LIMITS = RouteThresholds(match=0.5)
CHOSEN = Route("documents", "The manuals cover this.")


@pytest.fixture
def trials(assistant: Assistant) -> Trials:
    return assistant.trials


def wish(mode: Mode, product: str = "Pump P-200") -> Preference:
    return Preference(product, mode, 0.7, 0.6, 0.8)


@pytest.mark.parametrize(
    ("mode", "facts", "taken"),
    [
        ("both", Signals(0.9, "a", 0.2, 0.5), "both"),
        ("both", Signals(0.2, "a", 0.9, 0.0), "documents"),
        ("both", Signals(0.9), "documents"),
        ("adapter", Signals(0.9, "a", 0.9, 0.0, 0.0), "adapter"),
        ("adapter", Signals(0.9, "a", 0.9, 0.1, 0.0), "documents"),
        ("adapter", Signals(0.9, "a", 0.9, 0.0, 0.2), "documents"),
        ("adapter", Signals(0.9, "a", 0.5, 0.0, 0.0), "documents"),
        ("adapter", Signals(0.9, "a", None, None), "documents"),
    ],
)
def test_a_preference_is_followed_where_that_is_safe(
    trials: Trials, mode: Mode, facts: Signals, taken: Mode
) -> None:
    trials.prefer(wish(mode))
    made = preferred(CHOSEN, lambda: trials, "Pump P-200", facts, LIMITS)
    assert made.mode == taken
    if taken != "documents":
        assert "Your team prefers" in made.reason and "70 % of the votes" in made.reason
    assert preferred(CHOSEN, lambda: trials, "Fan F-100", facts, LIMITS) == CHOSEN


def test_the_last_preference_of_a_product_counts_until_it_is_taken_back(trials: Trials) -> None:
    trials.prefer(wish("both"))
    trials.prefer(wish("documents"))
    trials.prefer(wish("adapter", "Fan F-100"))
    assert [(one.product, one.mode) for one in trials.preferences()] == [
        ("Fan F-100", "adapter"),
        ("Pump P-200", "documents"),
    ]
    trials.no_longer_prefer("Pump P-200")
    assert [one.product for one in trials.preferences()] == ["Fan F-100"]


def test_a_journal_that_cannot_be_read_changes_no_road() -> None:
    def broken() -> Trials:
        raise NotKept("the disk is gone")

    facts = Signals(0.9, "a", 0.9, 0.0)
    assert preferred(CHOSEN, broken, "Pump P-200", facts, LIMITS) == CHOSEN


def test_a_command_looks_for_preferences_too(assistant: Assistant) -> None:
    library = assistant.catalog
    assert isinstance(library, Library)
    put(library, "pump.md", PUMP)
    journal = assistant.settings.folder / "journal.db"
    assert not may_hold(journal)
    assistant.trials.prefer(wish("both"))
    assert may_hold(journal)
    answer = ask_once(assistant, Question("How do I replace the seal of the Pump P-200?"))
    assert answer.route.mode == "documents", "there is no adapter"


def seventy_for_both(assistant: Assistant) -> str:
    """Keep a trial in which "both" wins 70 of 80 votes on the kettle; return its id."""
    library = assistant.catalog
    assert isinstance(library, Library)
    put(library, "kettle.md", LONG)
    pair = compared(assistant)
    assistant.trials.vote(pair.id, "ada", "b")
    key = assistant.trials.begin("Spring", ("documents", "both"), 0)
    copied = "stratum, a, b, reason, support_a, support_b, taken, corrected, made_at, voted_at"

    def write(db: sa.Connection) -> None:
        for n in range(80):
            db.exec_driver_sql(
                f"INSERT INTO pairs (answer_id, trial, voter, question, product, arm_a, arm_b, id_a, id_b, state, {copied})"
                " SELECT ?, ?, 'ada', ?, 'Kettle K-5', 'documents', 'both', ?, ?, ?, "
                + copied
                + " FROM pairs LIMIT 1",
                (f"p{n}", key, f"Question {n}", f"a{n}", f"b{n}", "b" if n < 70 else "a"),
            )

    assistant.journal.file.write(write)
    return key


def test_a_preference_is_taken_over_and_back_on_the_page(tmp_path: Path) -> None:
    with closing(
        open_assistant(Settings.load({}, data=tmp_path / "data", ollama_url="none"))
    ) as made:
        key = seventy_for_both(made)
    with running_site(tmp_path / "data") as site, team_of(site) as team:
        admin = team.client(site, team.add("Ada", "admin"))
        agent = team.client(site, team.add("Bob", "agent"))
        for product, status in (("Pump P-200", 409), ("Kettle K-5", 303)):
            assert agent.post(f"/trials/{key}/prefer", data={"product": product}).status_code == 404
            reply = admin.post(f"/trials/{key}/prefer", data={"product": product})
            assert (reply.status_code, "No mode is surely ahead" in reply.text) == (
                status,
                status == 409,
            )
        told = admin.get("/trials", params={"done": "preferred"}).text
        assert "Auto prefers it from the next question on." in told
        assert "Kettle K-5: Both, with 88 % of the votes (" in told
        assert "let Auto prefer a mode" in admin.get("/audit").text
        admin.post("/trials/prefer-no-more", data={"product": "Kettle K-5"})
        assert "with 88 % of the votes (" not in admin.get("/trials").text
    shown = run("trials", data=tmp_path / "data").stdout
    assert "Spring [runs]" in shown and "Both is ahead of Documents: 88 % (" in shown
    (trial, _) = json.loads(run("--json", "trials", data=tmp_path / "data").stdout)["trials"]
    assert trial["contests"][0]["wins"] == [10, 70] and trial["contests"][0]["ahead"] == "both"
