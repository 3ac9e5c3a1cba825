"""The journal's tables, and the views that are our figures. SQLAlchemy Core, so that another database can follow.

Knows names and columns; nothing of who reads or writes them.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

SCHEMA_VERSION = 12

tables = sa.MetaData()
conversations = sa.Table(
    "conversations", tables,
    sa.Column("id", sa.String, primary_key=True), sa.Column("owner", sa.String, nullable=False, index=True),
    sa.Column("title", sa.String, nullable=False), sa.Column("changed", sa.String, nullable=False),
    sa.Column("deleted", sa.Boolean, nullable=False, default=False),
)  # fmt: skip
turns = sa.Table(
    "turns", tables,
    sa.Column("id", sa.Integer, primary_key=True), sa.Column("answer_id", sa.String, nullable=False, unique=True),
    sa.Column("conversation", sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("question", sa.String, nullable=False), sa.Column("mode", sa.String, nullable=False),
    sa.Column("product", sa.String, nullable=False), sa.Column("asked_at", sa.String, nullable=False),
    sa.Column("outcome", sa.String, nullable=False), sa.Column("answer", sa.String),
    sa.Column("replaces", sa.String, nullable=False, server_default=""),  # the answer_id of an earlier wording
)  # fmt: skip
cited = sa.Table(
    "citations", tables,
    sa.Column("answer_id", sa.String, primary_key=True), sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("manual_id", sa.String, nullable=False, index=True), sa.Column("version_id", sa.Integer, nullable=False),
    sa.Column("page", sa.Integer, nullable=False), sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False), sa.Column("hash", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False), sa.Column("cited_at", sa.String, nullable=False),
)  # fmt: skip
votes = sa.Table(
    "votes", tables,
    sa.Column("answer_id", sa.String, primary_key=True), sa.Column("good", sa.Boolean, nullable=False),
    sa.Column("reason", sa.String, nullable=False), sa.Column("voted_at", sa.String, nullable=False),
)  # fmt: skip
gaps = sa.Table(
    "gaps", tables,
    sa.Column("answer_id", sa.String, primary_key=True), sa.Column("question", sa.String, nullable=False),
    sa.Column("product", sa.String, nullable=False), sa.Column("reported_at", sa.String, nullable=False),
)  # fmt: skip
# Questions that are no gap, as they are compared: what an admin says of them holds however often they are asked.
off_topic = sa.Table(
    "off_topic", tables,
    sa.Column("question", sa.String, primary_key=True), sa.Column("product", sa.String, primary_key=True),
    sa.Column("said_at", sa.String, nullable=False),
)  # fmt: skip
# Questions that no manual answers and whoever writes them should: noted until a manual does.
missing = sa.Table(
    "missing", tables,
    sa.Column("question", sa.String, primary_key=True), sa.Column("product", sa.String, primary_key=True),
    sa.Column("said_at", sa.String, nullable=False),
)  # fmt: skip
sentences = sa.Table(
    "sentences", tables,
    sa.Column("answer_id", sa.String, primary_key=True), sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("text", sa.String, nullable=False), sa.Column("state", sa.String, nullable=False, index=True),
    sa.Column("sources", sa.Integer, nullable=False),
)  # fmt: skip
# Those who may sign in. ``key``: the name as it is compared; ``password``: its hash; issuer and subject: who they are to an
# identity provider.
people = sa.Table(
    "people", tables,
    sa.Column("id", sa.String, primary_key=True), sa.Column("name", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False, unique=True), sa.Column("roles", sa.String, nullable=False),
    sa.Column("password", sa.String, nullable=False), sa.Column("issuer", sa.String, nullable=False, server_default=""),
    sa.Column("subject", sa.String, nullable=False, server_default=""), sa.Column("added", sa.String, nullable=False),
)  # fmt: skip
# ``token``: the hash of what a browser holds, so that a copy of this file opens nothing.
sessions = sa.Table(
    "sessions", tables,
    sa.Column("token", sa.String, primary_key=True), sa.Column("id", sa.String, nullable=False, unique=True),
    sa.Column("person", sa.ForeignKey("people.id"), nullable=False, index=True),
    sa.Column("begun", sa.String, nullable=False), sa.Column("seen", sa.String, nullable=False),
    sa.Column("browser", sa.String, nullable=False), sa.Column("address", sa.String, nullable=False),
)  # fmt: skip
invitations = sa.Table(
    "invitations", tables,
    sa.Column("token", sa.String, primary_key=True), sa.Column("person", sa.String, nullable=False),
    sa.Column("roles", sa.String, nullable=False), sa.Column("until", sa.String, nullable=False),
)  # fmt: skip
# Who did what; triggers below keep it from being changed.
audit = sa.Table(
    "audit", tables,
    sa.Column("id", sa.Integer, primary_key=True), sa.Column("at", sa.String, nullable=False),
    sa.Column("who", sa.String, nullable=False), sa.Column("deed", sa.String, nullable=False),
    sa.Column("about", sa.String, nullable=False),
)  # fmt: skip
# Conversations that their owner has given to colleagues to read.
shared = sa.Table(
    "shared", tables,
    sa.Column("conversation", sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("since", sa.String, nullable=False),
)  # fmt: skip
tries = sa.Table(
    "tries", tables,
    sa.Column("key", sa.String, primary_key=True), sa.Column("wrong", sa.Integer, nullable=False),
    sa.Column("last", sa.Float, nullable=False),
)  # fmt: skip
# Answers that were proposed, and what an admin said to them. ``key``: the question as it is compared; ``tied``: its sentences
# and their places as JSON; ``changed``: the last moment at which anything of it changed.
approved = sa.Table(
    "approved", tables,
    sa.Column("id", sa.String, primary_key=True), sa.Column("key", sa.String, nullable=False, index=True),
    sa.Column("question", sa.String, nullable=False), sa.Column("product", sa.String, nullable=False),
    sa.Column("text", sa.String, nullable=False), sa.Column("tied", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False), sa.Column("answer_id", sa.String, nullable=False),
    sa.Column("proposed_by", sa.String, nullable=False), sa.Column("proposed_at", sa.String, nullable=False),
    sa.Column("decided_by", sa.String, nullable=False), sa.Column("decided_at", sa.String, nullable=False),
    sa.Column("changed", sa.String, nullable=False),
)  # fmt: skip
# Comparisons with a name; "everyday" is the one of whoever chooses to compare. ``arms`` and ``people``: JSON lists. ``rivals``:
# two adapters as JSON, "" where modes are compared; ``why`` it ended by itself, "" by hand.
trials = sa.Table(
    "trials", tables,
    sa.Column("id", sa.String, primary_key=True), sa.Column("name", sa.String, nullable=False),
    sa.Column("seed", sa.String, nullable=False), sa.Column("arms", sa.String, nullable=False),
    sa.Column("share", sa.Integer, nullable=False), sa.Column("people", sa.String, nullable=False),
    sa.Column("most", sa.Integer, nullable=False), sa.Column("begun", sa.String, nullable=False),
    sa.Column("ended", sa.String, nullable=False), sa.Column("rivals", sa.String, nullable=False, server_default=""),
    sa.Column("why", sa.String, nullable=False, server_default=""),
)  # fmt: skip
# Two answers to one question side by side, and the vote. ``a`` and ``b`` are answers as ``turns`` has them. Once the question is
# erased, what was compared and the vote stay, without who voted, on what, and on which texts. ``wrong_a``: the manuals
# contradict what its model wrote, also where their own words were shown in its place.
pairs = sa.Table(
    "pairs", tables,
    sa.Column("answer_id", sa.String, primary_key=True), sa.Column("trial", sa.ForeignKey("trials.id"), nullable=False, index=True),
    sa.Column("voter", sa.String, nullable=False), sa.Column("question", sa.String, nullable=False),
    sa.Column("product", sa.String, nullable=False), sa.Column("stratum", sa.String, nullable=False),
    sa.Column("arm_a", sa.String, nullable=False), sa.Column("arm_b", sa.String, nullable=False),
    sa.Column("id_a", sa.String, nullable=False, index=True), sa.Column("id_b", sa.String, nullable=False, index=True),
    sa.Column("a", sa.String, nullable=False), sa.Column("b", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False), sa.Column("reason", sa.String, nullable=False),
    sa.Column("support_a", sa.String, nullable=False), sa.Column("support_b", sa.String, nullable=False),
    sa.Column("taken", sa.String, nullable=False), sa.Column("corrected", sa.Boolean, nullable=False),
    sa.Column("made_at", sa.String, nullable=False), sa.Column("voted_at", sa.String, nullable=False),
    sa.Column("wrong_a", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("wrong_b", sa.Boolean, nullable=False, server_default=sa.false()),
)  # fmt: skip
# The modes that Auto prefers for products, as votes showed: their share, and its bounds (0 to 1).
preferences = sa.Table(
    "preferences", tables,
    sa.Column("product", sa.String, primary_key=True), sa.Column("mode", sa.String, nullable=False),
    sa.Column("share", sa.Float, nullable=False), sa.Column("low", sa.Float, nullable=False),
    sa.Column("high", sa.Float, nullable=False), sa.Column("since", sa.String, nullable=False),
)  # fmt: skip
# Case files that were run through modes: ``state`` "running", "done" or "stopped"; ``arms`` JSON. What is ``asked`` and
# an answer's ``figures`` are JSON.
runs = sa.Table(
    "runs", tables,
    sa.Column("id", sa.String, primary_key=True), sa.Column("name", sa.String, nullable=False),
    sa.Column("arms", sa.String, nullable=False), sa.Column("cases", sa.Integer, nullable=False),
    sa.Column("stratum", sa.String, nullable=False), sa.Column("begun", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
)  # fmt: skip
run_cases = sa.Table(
    "run_cases", tables,
    sa.Column("run", sa.ForeignKey("runs.id"), primary_key=True), sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("asked", sa.String, nullable=False),
)  # fmt: skip
run_answers = sa.Table(
    "run_answers", tables,
    sa.Column("run", sa.ForeignKey("runs.id"), primary_key=True), sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("arm", sa.String, primary_key=True), sa.Column("figures", sa.String, nullable=False),
    sa.Column("score", sa.Integer),  # what a person gave it: 0 of no use, 1 in part, 2 fit to send
)  # fmt: skip

# Shares of sentences by state: for each mode that answered, and for each day.
VIEWS = {
    "support_by_mode": """
        SELECT json_extract(t.answer, '$.route.mode') AS mode, s.state AS state, count(*) AS sentences,
               count(DISTINCT s.answer_id) AS answers
        FROM sentences s JOIN turns t ON t.answer_id = s.answer_id WHERE s.state <> 'none' GROUP BY 1, 2""",
    "support_by_day": """
        SELECT substr(t.asked_at, 1, 10) AS day, s.state AS state, count(*) AS sentences, count(DISTINCT s.answer_id) AS answers
        FROM sentences s JOIN turns t ON t.answer_id = s.answer_id WHERE s.state <> 'none' GROUP BY 1, 2""",
}


# Columns that came after their table.
LATER = (
    ("turns", "replaces", "VARCHAR NOT NULL DEFAULT ''"),
    ("trials", "rivals", "VARCHAR NOT NULL DEFAULT ''"),
    ("trials", "why", "VARCHAR NOT NULL DEFAULT ''"),
    ("pairs", "wrong_a", "BOOLEAN NOT NULL DEFAULT 0"),
    ("pairs", "wrong_b", "BOOLEAN NOT NULL DEFAULT 0"),
)


def moment(past: timedelta = timedelta()) -> str:
    """Return now, or a time before it, in UTC as it is stored: ISO 8601 with microseconds, so that texts compare."""
    return (datetime.now(UTC) - past).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def upgrade(db: sa.Connection, version: int) -> None:
    """Brings a journal of an earlier version up to date; 0 is a new one. Call it inside a transaction."""
    tables.create_all(db)
    for table, column, kind in LATER:
        if column not in {held["name"] for held in sa.inspect(db).get_columns(table)}:
            db.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    for change in ("UPDATE", "DELETE"):
        db.exec_driver_sql(
            f"CREATE TRIGGER IF NOT EXISTS audit_no_{change.lower()} BEFORE {change} ON audit"
            " BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"
        )
    for name, query in VIEWS.items():
        db.exec_driver_sql(f"CREATE VIEW IF NOT EXISTS {name} AS {query}")
    if version == 1:  # the sentences lay in the answers only
        for answer_id, text in db.execute(
            sa.select(turns.c.answer_id, turns.c.answer).where(turns.c.answer.is_not(None))
        ).all():
            _fill(db, str(answer_id), json.loads(str(text))["sentences"])
    db.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _fill(db: sa.Connection, answer_id: str, found: list[dict[str, Any]]) -> None:
    for place, sentence in enumerate(found):
        sources = len(sentence["n"])
        row = {
            "answer_id": answer_id,
            "place": place,
            "text": sentence["text"],
            "state": sentence["state"],
            "sources": sources,
        }
        db.execute(sentences.insert().values(**row))
