"""What every search engine under Tandem must do, and which one a setting names. Knows no engine's inside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from knowledge.errors import KnowledgeError
from knowledge.storage.database import Connections


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A passage as an engine takes it: heading path and text for the words, the vector for the meaning.

    ``vector`` is a unit vector (DIMENSIONS float32), or None where there is no encoder.
    """

    id: int
    version_id: int
    head: str
    body: str
    vector: np.ndarray | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. ``words`` is BM25 (0 when no word matched), ``meaning`` a cosine (0 when not looked up)."""

    id: int
    words: float
    meaning: float


class Index(Protocol):
    """A search engine. What is live is Tandem's business: the engine is told the versions to look in."""

    def add(self, entries: Sequence[IndexEntry]) -> None:
        """Makes passages findable; called inside the transaction that publishes their version."""

    def remove(self, version_id: int) -> None:
        """Makes a version's passages unfindable."""

    def search(
        self,
        rare: Sequence[str],
        frequent: Sequence[str],
        vector: np.ndarray | None,
        versions: Collection[int],
        limit: int,
    ) -> list[Hit]:
        """The best passages of these versions: any word of ``rare`` (which drives) and ``frequent``, or near ``vector``."""


def open_index(url: str, connections: Connections) -> Index:
    """The engine a URL names. Raises KnowledgeError for a scheme that nobody serves."""
    match url.partition(":")[0]:
        case "sqlite":
            from knowledge.search.indexes.sqlite import EmbeddedIndex

            return EmbeddedIndex(connections)
        case scheme:
            raise KnowledgeError(f"There is no index engine for '{scheme}:'. Use sqlite:.")
