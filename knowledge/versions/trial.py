"""Search as it would be were a version published: in a transaction that is taken back.

Knows the tables and the search; nothing of questions, answers or pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from knowledge.catalog import Catalog
from knowledge.search.indexes.sqlite import EmbeddedIndex
from knowledge.search.retriever import Search
from knowledge.search.sentence_encoder import NAME
from knowledge.versions.publishing import make_live


class _TakenBack(Exception):
    pass


@contextmanager
def as_if_published(catalog: Catalog, version_id: int) -> Iterator[Search]:
    """A search, for this thread and this block, of the library with a version published; nothing of it stays.

    Whoever wants to change manuals waits meanwhile, so be short. Another engine is stood in for by the database.
    Raises NoSuchManual, KnowledgeError, DataFolder.
    """
    index = EmbeddedIndex(catalog.connections)
    try:
        with catalog.connections.writing() as db:
            make_live(db, index, version_id, 0)
            # Passages that stand in another version, too, have their vectors from there
            db.execute(
                "INSERT OR IGNORE INTO meanings SELECT p.id, m.model, m.vector FROM passages p"
                " JOIN passages o ON o.hash = p.hash AND o.head = p.head AND o.id <> p.id"
                " JOIN meanings m ON m.passage_id = o.id AND m.model = ? WHERE p.version_id = ?",
                [NAME, version_id],
            )
            yield Search(catalog, index)
            raise _TakenBack
    except _TakenBack:
        pass
