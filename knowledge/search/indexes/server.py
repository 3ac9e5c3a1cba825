"""A search server as an index: which of its copies are searched is written in the database, and nowhere else.

Every time a version is put onto a server, its copy has a number of its own, that is never used again: what was half
written, or is being removed, is under a number that no search names. Words stay in SQLite too, for when the server is
silent. Knows the table of copies; nothing of any server's protocol, of manuals or questions.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Protocol

from knowledge.errors import SearchServerFault
from knowledge.search.indexes.base import Hit, Index, IndexEntry, IndexQuery
from knowledge.storage.database import Connections, changed, generation
from knowledge.storage.engine import Database

log = logging.getLogger(__name__)

GRACE = 15.0  # seconds that a copy stays after it was replaced: longer than any search that began before
ABANDONED = 3600.0  # seconds after which a copy that was never finished is a dead process's
PAUSE = 10.0  # seconds for which a silent server is not asked again
UNFILLED = "{} does not hold all manuals: run `run.py reindex`; until then only words are searched."
SILENT = "{} Until that is mended, only words are searched."


@dataclass(frozen=True, slots=True)
class ServerHit:
    """A passage found on a server, by the copy it is in and its place there; else as ``Hit``."""

    copy: int
    place: int
    words: float
    meaning: float


class SearchServer(Protocol):
    """A search server that holds copies of versions, each under a number (48 bits). Safe for threads.

    Every call has a deadline and raises SearchServerFault, whose text is one sentence that names the server.
    """

    name: str
    """What the server is called in a sentence; another name is another server."""

    def check(self) -> None:
        """Raises when it cannot take anything now."""

    def write(self, copy: int, entries: Sequence[IndexEntry]) -> None:
        """Writes a copy. When this returns, every passage is found by words and by meaning."""

    def drop(self, copy: int) -> None:
        """Removes a copy, whole or half written."""

    def counts(self, copies: Collection[int]) -> Mapping[int, int]:
        """How many passages these copies have on the server; a missing copy has 0."""

    def search(self, query: IndexQuery, copies: Collection[int], limit: int) -> list[ServerHit]:
        """The passages of these copies, and no other, that fit best: as ``Index.search``."""

    def close(self) -> None:
        """Ends the connection."""


@dataclass(frozen=True, slots=True)
class _Held:
    """The copies that are searched: version to its copy and its first passage; and copy to version."""

    generation: int
    copies: Mapping[int, tuple[int, int]]
    versions: Mapping[int, int]


class ServerIndex:
    """The contract of ``Index`` on a search server, with the index of SQLite beside it. One per process."""

    outside = True

    def __init__(self, connections: Connections, words: Index, server: SearchServer) -> None:
        self._connections, self._words, self._server = connections, words, server
        self._lock = threading.Lock()
        self._held: _Held | None = None
        self._silent_until, self._fault = 0.0, ""
        self.name = server.name
        if note := self.note():
            log.warning("%s", note)

    # Publishing

    @contextmanager
    def prepared(self, entries: Iterable[IndexEntry]) -> Iterator[int]:
        self._give_up_lost()
        copy = secrets.randbits(48)
        with self._connections.writing() as db:
            db.execute(
                "INSERT INTO index_copies (copy, engine, since) VALUES (?, ?, ?)",
                [copy, self.name, time.time()],
            )
        try:
            self._server.write(copy, list(entries))
            yield copy
        finally:
            if self._leaves(copy, "state = 'writing'"):
                with suppress(SearchServerFault):  # silent: it is removed later
                    self._drop(copy)

    def attach(self, db: Database, version_id: int, copy: int) -> None:
        self._words.attach(db, version_id, 0)
        self.refill(db, version_id, copy)

    def refill(self, db: Database, version_id: int, copy: int) -> None:
        db.execute(
            "UPDATE index_copies SET state = 'left', since = ? WHERE version_id = ? AND engine = ? AND state = 'held'",
            [time.time(), version_id, self.name],
        )
        taken = db.execute(
            "UPDATE index_copies SET state = 'held', since = ?, version_id = ?,"
            " first = (SELECT min(id) FROM passages WHERE version_id = ?) WHERE copy = ? AND state = 'writing'",
            [time.time(), version_id, version_id, copy],
        )
        if taken.rowcount != 1:
            raise SearchServerFault(
                f"What was written to {self.name} was cleared away meanwhile. Try again."
            )
        changed(db)

    def detach(self, db: Database, version_id: int) -> None:
        self._words.detach(db, version_id)
        db.execute(
            "UPDATE index_copies SET state = 'left', since = ? WHERE version_id = ? AND state = 'held'",
            [time.time(), version_id],
        )

    # Clearing up

    def clear_up(self) -> None:
        now = time.time()
        which = (
            "(state = 'left' AND since <= ? OR state = 'writing' AND since <= ? OR state = 'held'"
            " AND version_id NOT IN (SELECT id FROM versions WHERE state = 'live'))"
        )
        times = [now - GRACE, now - ABANDONED]
        rows = self._connections.db.execute(
            f"SELECT copy FROM index_copies WHERE engine = ? AND {which}", [self.name, *times]
        ).fetchall()
        for (copy,) in rows:
            if self._leaves(copy, which, *times):
                try:
                    self._drop(copy)
                except SearchServerFault as error:
                    log.info("not cleared up: %s", error)
                    return

    def _leaves(self, copy: int, which: str, *values: float) -> bool:
        """Says of a copy that it is no more, if that (still) holds; from here on nobody can attach it."""
        with self._connections.writing() as db:
            marked = db.execute(
                f"UPDATE index_copies SET state = 'left' WHERE copy = ? AND {which}",
                [copy, *values],
            )
            return bool(marked.rowcount)

    def _give_up_lost(self) -> None:
        """Takes the copies that the server has lost out of search, before a write makes it look whole again."""
        held = self._read_held().versions
        lost = [copy for copy, count in self._server.counts(list(held)).items() if not count]
        if lost := [copy for copy in lost if self._passages(held[copy])]:
            with self._connections.writing() as db:
                for copy in lost:
                    db.execute("UPDATE index_copies SET state = 'left' WHERE copy = ?", [copy])
                changed(db)
            log.warning("%s", self.note())

    def _passages(self, version_id: int) -> int:
        rows = self._connections.db.execute(
            "SELECT count(*) FROM passages WHERE version_id = ?", [version_id]
        )
        return int(rows.fetchone()[0])

    def _drop(self, copy: int) -> None:
        """Removes a copy from the server, then its row: a row that stays is tried again."""
        self._server.drop(copy)
        with self._connections.writing() as db:
            db.execute("DELETE FROM index_copies WHERE copy = ? AND state = 'left'", [copy])

    # Filling

    def check(self) -> None:
        self._server.check()

    def lacking(self) -> list[int]:
        held = self._read_held().copies
        live = self._live()
        counts = self._server.counts([held[version][0] for version in live if version in held])
        return [
            version
            for version, passages in live.items()
            if version not in held or counts.get(held[version][0], 0) != passages
        ]

    def reset(self, db: Database) -> None:
        self._words.reset(db)

    def _live(self) -> dict[int, int]:
        """The live versions with the number of their passages."""
        return dict(
            self._connections.db.execute(
                "SELECT v.id, (SELECT count(*) FROM passages p WHERE p.version_id = v.id) FROM versions v"
                " WHERE v.state = 'live' ORDER BY v.id"
            ).fetchall()
        )

    # Searching

    def search(self, query: IndexQuery, versions: Collection[int], limit: int) -> list[Hit]:
        held = self._read_held()
        if time.monotonic() >= self._silent_until and all(v in held.copies for v in versions):
            try:
                if (
                    self._fault
                ):  # a refused connection is told at once, a query waits for its deadline
                    self._server.check()
                found = self._server.search(
                    query, [held.copies[version][0] for version in versions], limit
                )
            except SearchServerFault as error:
                self._fell_silent(error)
            else:
                self._fault = ""
                return [
                    Hit(held.copies[held.versions[hit.copy]][1] + hit.place, hit.words, hit.meaning)
                    for hit in found
                ]
        return self._words.search(replace(query, vector=None), versions, limit)

    def _fell_silent(self, error: SearchServerFault) -> None:
        self._silent_until = time.monotonic() + PAUSE
        if str(error) != self._fault:
            log.warning("%s", SILENT.format(error))
        self._fault = str(error)

    def note(self) -> str:
        held = self._read_held().copies
        live = self._connections.db.execute("SELECT id FROM versions WHERE state = 'live'")
        if any(version not in held for (version,) in live):
            return UNFILLED.format(self.name[:1].upper() + self.name[1:])
        return SILENT.format(self._fault) if self._fault else ""

    def _read_held(self) -> _Held:
        now = generation(self._connections.db)
        with self._lock:
            if self._held is None or self._held.generation != now:
                rows = self._connections.db.execute(
                    "SELECT version_id, copy, coalesce(first, 0) FROM index_copies WHERE engine = ? AND state = 'held'",
                    [self.name],
                ).fetchall()
                self._held = _Held(
                    now,
                    {version: (copy, first) for version, copy, first in rows},
                    {copy: version for version, copy, _ in rows},
                )
            return self._held

    def close(self) -> None:
        self._server.close()
