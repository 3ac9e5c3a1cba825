"""Brings a search engine to what the library holds: after a change of engine, or when an engine lost something.

Knows the contract of an index; nothing of any engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from knowledge.search.indexes.base import Index, entries_of
from knowledge.storage.database import Connections
from knowledge.storage.rows import live_manuals

# Told how many manuals are done, of how many, and what the one now being written is called.
IndexProgress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Reindexed:
    """What an engine holds now: all live manuals with their passages, of which ``written`` were put there just now."""

    engine: str
    manuals: int
    passages: int
    written: int


def reindex(
    connections: Connections, index: Index, progress: IndexProgress | None = None
) -> Reindexed:
    """Writes what the engine lacks, a version at a time: stopped at any moment, it goes on where it was.

    Raises SearchServerFault.
    """
    index.check()
    with connections.writing() as db:
        index.reset(db)
    named = {manual.version_id: manual for manual in live_manuals(connections.db)}
    todo = [version for version in index.lacking() if version in named]
    for done, version_id in enumerate(todo):
        if progress:
            progress(done, len(todo), named[version_id].name)
        with index.prepared(entries_of(connections.db, version_id)) as copy:
            _take_in(connections, index, version_id, copy)
    if progress:
        progress(len(todo), len(todo), "")
    index.clear_up()
    manuals = live_manuals(connections.db)
    # An engine within the database is written anew as a whole.
    written = len(todo) if index.outside else len(manuals)
    return Reindexed(index.name, len(manuals), sum(m.passages for m in manuals), written)


def _take_in(connections: Connections, index: Index, version_id: int, copy: int) -> None:
    with connections.writing() as db:
        live = db.execute("SELECT 1 FROM versions WHERE id = ? AND state = 'live'", [version_id])
        if live.fetchone():  # a version that went offline meanwhile needs no copy
            index.refill(db, version_id, copy)
