"""The search engines, behind one interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from knowledge.search.indexes.base import Index
    from knowledge.storage.database import Connections


def open_index(url: str, connections: Connections) -> Index:
    """The engine a URL names. Raises KnowledgeError for one that nobody serves, or whose client is missing."""
    from knowledge.search.indexes.sqlite import EmbeddedIndex

    words = EmbeddedIndex(connections)
    match url.partition(":")[0].casefold():
        case "sqlite":
            return words
        case "weaviate+http" | "weaviate+https":
            from knowledge.search.indexes.server import ServerIndex
            from knowledge.search.indexes.weaviate import Weaviate
            from knowledge.storage.database import library_id

            return ServerIndex(connections, words, Weaviate(url, library_id(connections.db)))
        case scheme:
            raise KnowledgeError(
                f"There is no index engine for '{scheme}:'. Use sqlite: or weaviate+http://host:port."
            )
