"""The library as a LlamaIndex retriever, so that code a team has in LlamaIndex can ask it.

    from knowledge.connectors.llama_index import as_retriever
    retriever = as_retriever(open_library(folder), product="Aurora X200 label printer")
    nodes = retriever.retrieve("What does error E04 mean?")

LlamaIndex takes seconds to import: only who calls this pays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.connectors.metadata import check_product, place_of
from knowledge.library import Library
from knowledge.search.retriever import Search
from knowledge.types import Evidence

if TYPE_CHECKING:
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import NodeWithScore


def as_retriever(library: Library, product: str = "", limit: int = 5) -> BaseRetriever:
    """A LlamaIndex retriever: searches live manuals by its own query, in a product if one is given.

    Gives at most ``limit`` nodes, best first. Raises NoSuchManual for a product that there is not.
    """
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import QueryBundle

    check_product(library, product)
    search = Search(library, library.index)

    class LlamaIndexRetriever(BaseRetriever):
        def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
            found = search.find(query_bundle.query_str, product, limit)
            return [_node(each) for each in found.evidence]

    return LlamaIndexRetriever()


def _node(found: Evidence) -> NodeWithScore:
    """A passage as a LlamaIndex node: our id, the text, its place and hash as metadata, and the score."""
    from llama_index.core.schema import NodeWithScore, TextNode

    passage = found.passage
    node = TextNode(id_=str(passage.id), text=passage.text, metadata=place_of(found))
    return NodeWithScore(node=node, score=found.score)
