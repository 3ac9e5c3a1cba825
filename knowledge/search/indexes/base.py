"""What every search engine under Tandem must do, and which one a setting names. Knows no engine's inside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from knowledge.search.embeddings import DIMENSIONS, unit
from knowledge.storage.engine import Database


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A passage as an engine takes it.

    ``place`` is its number in its version, from 0. ``terms`` are the stems of its heading path and its text, in order,
    with spaces between. ``vector`` is a unit vector (DIMENSIONS float32), or None where there is no encoder.
    """

    place: int
    terms: str
    vector: np.ndarray | None


@dataclass(frozen=True, slots=True)
class IndexQuery:
    """What is looked for: passages with any of ``terms`` (stems), and those near ``vector`` (unit, float32; or None).

    ``common`` are those of the terms that stand in so many passages that an engine may let them only raise a passage
    which another term has found. An engine that looks every term up may ignore it.
    """

    terms: tuple[str, ...]
    common: frozenset[str] = frozenset()
    vector: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. ``words`` is BM25 (0 when no word matched), ``meaning`` a cosine (0 when not looked up)."""

    id: int
    words: float
    meaning: float


class Index(Protocol):
    """A search engine. What is live is Tandem's business: the engine is told the versions to look in.

    A publication has three steps: ``prepared`` puts the passages into the engine, which may take its time and the
    network; then a short transaction makes the version live and calls ``attach``, and ``detach`` for the version
    before; later ``clear_up`` removes what is searched no more. Only the first and the last may leave this process:
    while SQLite's write lock is held, nobody is waited for. An engine whose rows lie in the same database has nothing
    to prepare and writes them in ``attach``, so they come and go with the transaction.
    """

    name: str
    """What the engine is called in a sentence."""
    outside: bool
    """Does it hold the passages somewhere else than in the database?"""

    def prepared(self, entries: Iterable[IndexEntry]) -> AbstractContextManager[int]:
        """The passages of one version, written where no search looks, for ``attach`` inside this block.

        What is not attached when the block ends is removed. Call it outside a transaction. Raises SearchServerFault.
        """

    def attach(self, db: Database, version_id: int, copy: int) -> None:
        """Makes a version findable that has its passages in the database; ``copy`` is what ``prepared`` gave.

        Call it inside a transaction. Raises SearchServerFault when the copy was cleared away meanwhile.
        """

    def detach(self, db: Database, version_id: int) -> None:
        """Makes a live version's passages unfindable; call it inside a transaction."""

    def clear_up(self) -> None:
        """Removes what is searched no more and what killed processes have left; raises nothing for a silent server."""

    def search(self, query: IndexQuery, versions: Collection[int], limit: int) -> list[Hit]:
        """The passages of these live versions that fit best: by words at most ``limit``, and those nearest by meaning.

        A server that does not answer raises nothing: then words are searched here, and ``note`` says so.
        """

    def note(self) -> str:
        """A sentence when searches do less than they should, as far as is known, else ""."""

    def check(self) -> None:
        """Raises SearchServerFault when nothing could be published now."""

    def lacking(self) -> list[int]:
        """The live versions that the engine does not hold whole; it is asked. Raises SearchServerFault."""

    def reset(self, db: Database) -> None:
        """Writes what the engine has in the database anew; call it inside a transaction."""

    def refill(self, db: Database, version_id: int, copy: int) -> None:
        """As ``attach``, for a version that is live and found by its words already."""

    def close(self) -> None:
        """Ends the connection to a server."""


def entries_of(db: Database, version_id: int) -> Iterator[IndexEntry]:
    """The passages of a stored version."""
    rows = db.execute(
        f"SELECT stems, substr(vectors, 1, {DIMENSIONS}) FROM passages WHERE version_id = ? ORDER BY id",
        [version_id],
    )
    return (entry(place, stems, blob) for place, (stems, blob) in enumerate(rows))


def entry(place: int, stems: str, vectors: bytes | None) -> IndexEntry:
    """An entry from what is stored of a passage: " head | text " in stems, and int8 vectors of which the first is its own."""
    own = np.frombuffer(vectors[:DIMENSIONS], dtype=np.int8) if vectors else None
    vector = unit(own) if own is not None and own.any() else None
    return IndexEntry(place, " ".join(part for part in stems.split() if part != "|"), vector)
