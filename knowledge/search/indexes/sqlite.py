"""The search engine inside SQLite: FTS5 for words, sign bits in memory and int8 vectors on disk for meaning.

Knows passages by id; nothing of manuals, questions or products.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import numpy as np

from knowledge.search.embeddings import DIMENSIONS, cosine, signs
from knowledge.search.indexes.base import Hit, IndexEntry, IndexQuery
from knowledge.storage.database import Connections, changed, generation
from knowledge.storage.engine import Database

MAX_TERMS = 64
RESCORED = 200  # nearest by sign bits, looked at again with int8 vectors: recall@10 .96 at 100,000 passages
NEAREST = 30


_NO_IDS = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class _Bits:
    """Sign bits of all live passages: ids (n,), versions (n,), bits (n, DIMENSIONS / 8)."""

    generation: int
    ids: np.ndarray
    versions: np.ndarray
    bits: np.ndarray


def quoted(terms: Sequence[str]) -> str:
    """FTS5 terms as an OR of quoted strings; a term holds letters and digits only, so nothing can be syntax."""
    safe = ["".join(char for char in term if char.isalnum()) for term in terms]
    return " OR ".join(f'"{term}"' for term in safe[:MAX_TERMS] if term)


def driven(rare: Sequence[str], frequent: Sequence[str]) -> str:
    """The FTS5 expression that lets rare terms choose the passages and frequent ones only score them."""
    drive, rest = quoted(rare), quoted(frequent)
    if not drive or not rest:
        return drive or rest
    return f"(({drive}) AND ({rest})) OR ({drive})"


class EmbeddedIndex:
    """Words by FTS5, meaning by brute force over sign bits. One per process; safe for threads."""

    name, outside = "SQLite", False

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._lock = threading.Lock()
        self._bits: _Bits | None = None

    # Vectors are stored with the passages; the bits are made from them when a search notices the change.

    def prepared(self, entries: Iterable[IndexEntry]) -> AbstractContextManager[int]:
        return nullcontext(0)

    def attach(self, db: Database, version_id: int, copy: int) -> None:
        db.execute(
            "INSERT INTO passages_fts (rowid, stems)"
            " SELECT id, stems FROM passages WHERE version_id = ? ORDER BY id",
            [version_id],
        )

    def detach(self, db: Database, version_id: int) -> None:
        db.execute(
            "INSERT INTO passages_fts (passages_fts, rowid, stems)"
            " SELECT 'delete', id, stems FROM passages WHERE version_id = ?",
            [version_id],
        )

    def clear_up(self) -> None:
        """Nothing is ever left: rows come and go with their transaction."""

    def note(self) -> str:
        return ""

    def check(self) -> None:
        """Whoever can write to the library can publish."""

    def lacking(self) -> list[int]:
        return []

    def reset(self, db: Database) -> None:
        db.execute("INSERT INTO passages_fts (passages_fts) VALUES ('delete-all')")
        db.execute(
            "INSERT INTO passages_fts (rowid, stems) SELECT p.id, p.stems FROM passages p"
            " JOIN versions v ON v.id = p.version_id WHERE v.state = 'live' ORDER BY p.id"
        )
        changed(db)

    def refill(self, db: Database, version_id: int, copy: int) -> None:
        """Nothing lies outside the database."""

    def close(self) -> None:
        """Connections are the library's."""

    def search(self, query: IndexQuery, versions: Collection[int], limit: int) -> list[Hit]:
        rare = [term for term in query.terms if term not in query.common]
        frequent = [term for term in query.terms if term in query.common]
        words = self._by_words(driven(rare, frequent), versions, limit)
        near = self._by_meaning(query.vector, versions) if query.vector is not None else {}
        return [
            Hit(id, words.get(id, 0.0), near.get(id, 0.0)) for id in dict.fromkeys([*words, *near])
        ]

    def _by_words(self, query: str, versions: Collection[int], limit: int) -> dict[int, float]:
        if not query or not versions:
            return {}
        chosen = ",".join(str(int(version)) for version in versions)
        db = self._connections.db
        live = db.execute("SELECT count(*) FROM versions WHERE state = 'live'").fetchone()[0]
        # Only live passages are in the index, so the join, a third of the time, is for searches in a part of it.
        joined, wanted = "", ""
        if len(versions) < live:
            joined = " JOIN passages ON passages.id = passages_fts.rowid"
            wanted = f" AND passages.version_id IN ({chosen})"
        rows = db.execute(
            f"SELECT passages_fts.rowid, bm25(passages_fts) AS score FROM passages_fts{joined}"
            f" WHERE passages_fts MATCH ?{wanted} ORDER BY score LIMIT ?",
            [query, limit],
        )
        return {int(id): -float(score) for id, score in rows}

    def _by_meaning(self, vector: np.ndarray, versions: Collection[int]) -> dict[int, float]:
        held = self._current_bits()
        mask = np.isin(held.versions, np.fromiter(versions, dtype=np.int64))
        ids, bits = held.ids[mask], held.bits[mask]
        if not len(ids):
            return {}
        distance = np.bitwise_count(bits ^ signs(vector)).sum(axis=1)
        first = np.argpartition(distance, min(RESCORED, len(ids)) - 1)[:RESCORED]
        chosen, stored = self._vectors(ids[first])
        near = cosine(vector, stored)
        best = np.argsort(-near)[:NEAREST]
        return {int(chosen[i]): float(near[i]) for i in best}

    def _vectors(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        wanted = ",".join(str(int(id)) for id in ids)
        rows = self._connections.db.execute(
            f"SELECT id, substr(vectors, 1, {DIMENSIONS}) FROM passages WHERE id IN ({wanted}) AND vectors IS NOT NULL"
        ).fetchall()
        stored = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.int8).reshape(
            -1, DIMENSIONS
        )
        return np.array([row[0] for row in rows], dtype=np.int64), stored

    def _current_bits(self) -> _Bits:
        now = generation(self._connections.db)
        with self._lock:
            # Also when they are newer: whoever reads an older state of the database sees that state.
            if self._bits is None or self._bits.generation != now:
                self._bits = self._brought_up_to(now)
            return self._bits

    def _brought_up_to(self, now: int) -> _Bits:
        """What is held without the versions that are not searched any more, and with those that are new."""
        rows = self._connections.db.execute("SELECT id FROM versions WHERE state = 'live'")
        live = np.array([row[0] for row in rows], dtype=np.int64)
        held = self._bits or _Bits(now, _NO_IDS, _NO_IDS, signs(np.zeros((0, DIMENSIONS), np.int8)))
        new = self._load(now, np.setdiff1d(live, held.versions))
        kept = np.isin(held.versions, live)
        return _Bits(
            now,
            np.concatenate([held.ids[kept], new.ids]),
            np.concatenate([held.versions[kept], new.versions]),
            np.concatenate([held.bits[kept], new.bits]),
        )

    def _load(self, now: int, versions: np.ndarray) -> _Bits:
        wanted = ",".join(str(int(version)) for version in versions)
        rows = self._connections.db.execute(
            f"SELECT p.id, p.version_id, substr(p.vectors, 1, {DIMENSIONS}) FROM passages p"
            f" WHERE p.version_id IN ({wanted}) AND p.vectors IS NOT NULL ORDER BY p.id"
        ).fetchall()
        stored = np.frombuffer(b"".join(row[2] for row in rows), dtype=np.int8).reshape(
            -1, DIMENSIONS
        )
        ids, versions = (np.array([row[i] for row in rows], dtype=np.int64) for i in (0, 1))
        return _Bits(now, ids, versions, signs(stored))
