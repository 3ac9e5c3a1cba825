"""How an adapter does from week to week: what counts as its answer, and when it is said to do worse."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from chatbot.assistant import Assistant
from chatbot.conversations.tables import conversations, sentences, turns, votes
from chatbot.curation.drift import LATELY, drift

TODAY = datetime.now(UTC).date()


def answered(
    db: sa.Connection,
    key: str,
    days_ago: int,
    states: tuple[str, ...] = ("supported",),
    *,
    good: bool | None = None,
    adapter: str = "desk",
    mode: str = "adapter",
    coverage: float = 0.9,
) -> None:
    moment = f"{TODAY - timedelta(days=days_ago)}T12:00:00+00:00"
    signals = {"match": 0.9, "adapter": adapter, "coverage": coverage, "covered_from": 0.8}
    answer = {"route": {"mode": mode}, "signals": signals}
    db.execute(
        turns.insert().values(
            answer_id=key, conversation="c", question="How?", mode="auto", product="", asked_at=moment,
            outcome="answered", answer=json.dumps(answer), replaces="",
        )
    )  # fmt: skip
    for place, state in enumerate(states):
        db.execute(
            sentences.insert().values(answer_id=key, place=place, text="x", state=state, sources=1)
        )
    if good is not None:
        db.execute(votes.insert().values(answer_id=key, good=good, reason="", voted_at=moment))


def conversation(db: sa.Connection) -> None:
    db.execute(
        conversations.insert().values(
            id="c", owner="ada", title="x", changed=f"{TODAY}", deleted=False
        )
    )


def test_only_answers_that_the_adapter_wrote_are_counted(assistant: Assistant) -> None:
    file = assistant.journal.file
    assert drift(file, "desk", TODAY).weeks == ()

    def first(db: sa.Connection) -> None:
        conversation(db)
        answered(db, "mine", 1, ("supported", "none", "verified"), good=True)
        answered(db, "both", 1, ("supported", "unsupported"), mode="both", good=False)
        answered(db, "wrong", 9, ("supported", "contradicted"), coverage=0.3)
        answered(db, "free", 9, ("none",))
        answered(db, "quotes", 1, mode="documents")
        answered(db, "another", 1, adapter="other")
        answered(db, "long ago", 300)

    file.write(first)
    found = drift(file, "desk", TODAY)
    assert len(found.weeks) == 2 and found.weeks[-1].first == TODAY - timedelta(days=6)
    before, last = (week.tally for week in found.weeks)
    assert (last.answers, last.good, last.bad, last.judged, last.held) == (2, 1, 1, 2, 1)
    assert (before.answers, before.judged, before.contradicted) == (2, 1, 1)
    assert (found.all.beyond, found.all.beyond_wrong) == (1, 1)
    assert not found.votes_fell and not found.held_fell


def test_a_fall_is_told_beyond_chance_only(assistant: Assistant) -> None:
    file = assistant.journal.file

    def few(db: sa.Connection) -> None:
        conversation(db)
        for n in range(200):
            answered(db, f"before{n}", 7 * LATELY + n % 50, good=n % 20 > 0)
        for n in range(8):
            answered(db, f"few{n}", n % 7, good=n % 2 == 0)

    def voted_down(db: sa.Connection) -> None:
        for n in range(60):
            answered(db, f"now{n}", n % 20, good=n % 3 > 0)

    def contradicted(db: sa.Connection) -> None:
        for n in range(60):
            answered(db, f"worse{n}", n % 20, ("supported", "contradicted"))

    file.write(few)
    found = drift(file, "desk", TODAY)
    assert not found.votes_fell, "eight votes are chance"
    file.write(voted_down)
    found = drift(file, "desk", TODAY)
    assert found.votes_fell and not found.held_fell
    file.write(contradicted)
    assert drift(file, "desk", TODAY).held_fell
