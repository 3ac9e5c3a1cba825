"""Tandem's search as a LlamaIndex retriever, so that code a team has in LlamaIndex can ask the same library.

Knows both shapes of a passage and nothing else. LlamaIndex takes seconds to import: only who calls this pays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.search.retriever import Search
from knowledge.types import Evidence

if TYPE_CHECKING:
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import NodeWithScore


def as_node(found: Evidence) -> NodeWithScore:
    """A passage as a LlamaIndex node: our id, the text, its place and hash as metadata, and the score."""
    from llama_index.core.schema import NodeWithScore, TextNode

    passage, manual = found.passage, found.manual
    place = {
        "manual": manual.name, "product": manual.product, "version": manual.version, "page": passage.page,
        "label": passage.label, "section": " > ".join(passage.section), "start": passage.start, "end": passage.end,
        "hash": passage.hash,
    }  # fmt: skip
    return NodeWithScore(
        node=TextNode(id_=str(passage.id), text=passage.text, metadata=place), score=found.score
    )


def as_retriever(search: Search, product: str = "", limit: int = 5) -> BaseRetriever:
    """A retriever over the library, limited to a product if one is given."""
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import QueryBundle

    class TandemRetriever(BaseRetriever):
        def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
            return [
                as_node(found)
                for found in search.find(query_bundle.query_str, product, limit).evidence
            ]

    return TandemRetriever()
