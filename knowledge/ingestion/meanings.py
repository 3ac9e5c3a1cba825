"""The vectors of whole passages, made after a manual is searchable: a question is answered with or without them.

For the best few passages what is missing is made when a question comes; more of them count once stored. Knows the tables and
the sentence encoder; nothing of questions.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from knowledge.search.sentence_encoder import NAME, load_sentence_encoder
from knowledge.storage.database import Connections
from knowledge.storage.engine import Database
from knowledge.types import MeaningsHeld

BATCH = 32  # passages for a transaction: about a second of work, all that a stop can cost
MeaningProgress = Callable[[int, int], None]  # passages that have one, of how many


_LIVE = """
    FROM passages p JOIN versions v ON v.id = p.version_id AND v.state = 'live'
    LEFT JOIN meanings m ON m.passage_id = p.id AND m.model = ?
"""


def meanings_held(db: Database) -> MeaningsHeld:
    """Count the vectors of what is searched."""
    row = db.execute(f"SELECT count(m.passage_id), count(*) {_LIVE}", [NAME]).fetchone()
    return MeaningsHeld(*row)


def fill(connections: Connections, limit: int = BATCH) -> int:
    """Make and store vectors that are missing, at most ``limit``; 0 when none is, or without the encoder.

    A passage that stands unchanged in another version has its vector from there. Raises DataFolder.
    """
    encoder = load_sentence_encoder()
    if encoder is None:
        return 0
    rows = connections.db.execute(
        f"SELECT p.id, s.path, p.body, p.hash, p.head {_LIVE} JOIN sections s ON s.id = p.section_id"
        " WHERE m.passage_id IS NULL LIMIT ?",
        [NAME, limit],
    ).fetchall()
    made = [
        (
            id,
            NAME,
            _elsewhere(connections.db, hash, head)
            or encoder.of_passage(tuple(json.loads(path)), body),
        )
        for id, path, body, hash, head in rows
    ]
    if made:
        with connections.writing() as db:
            db.conn.executemany("INSERT OR REPLACE INTO meanings VALUES (?, ?, ?)", made)
    return len(made)


def fill_all(connections: Connections, progress: MeaningProgress | None = None) -> None:
    """Make all vectors that are missing; may be stopped and run again. Raises DataFolder."""
    while fill(connections):
        if progress:
            now = meanings_held(connections.db)
            progress(now.held, now.passages)


def _elsewhere(db: Database, hash: str, head: str) -> bytes | None:
    """The vector of the same text under the same headings in another version."""
    row = db.execute(
        "SELECT m.vector FROM passages p JOIN meanings m ON m.passage_id = p.id AND m.model = ?"
        " WHERE p.hash = ? AND p.head = ? LIMIT 1",
        [NAME, hash, head],
    ).fetchone()
    return bytes(row[0]) if row else None
