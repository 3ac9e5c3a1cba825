"""The library as a LangChain retriever, so that code a team has in LangChain can ask it.

    from knowledge.connectors.langchain import as_retriever
    retriever = as_retriever(open_library(folder), product="Aurora X200 label printer")
    documents = retriever.invoke("What does error E04 mean?")

LangChain takes a second to import: only who calls this pays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from knowledge.connectors.metadata import check_product, place_of
from knowledge.library import Library
from knowledge.search.retriever import Search
from knowledge.types import Evidence

if TYPE_CHECKING:
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever


def as_retriever(library: Library, product: str = "", limit: int = 5) -> BaseRetriever:
    """A LangChain retriever: searches live manuals by its own query, in a product if one is given.

    Gives at most ``limit`` documents, best first; their scores are in the metadata as "score". Raises NoSuchManual for
    a product that there is not.
    """
    from langchain_core.retrievers import BaseRetriever

    check_product(library, product)
    search = Search(library)

    class LangChainRetriever(BaseRetriever):
        def _get_relevant_documents(self, query: str, *, run_manager: Any) -> list[Document]:
            found = search.find(query, product, limit)
            return [_document(each) for each in found.evidence]

    return LangChainRetriever()


def _document(found: Evidence) -> Document:
    from langchain_core.documents import Document

    return Document(
        id=str(found.passage.id),
        page_content=found.passage.text,
        metadata={**place_of(found), "score": found.score},
    )
