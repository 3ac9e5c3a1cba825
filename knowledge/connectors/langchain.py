"""The library as a LangChain retriever, and as a tool for LangChain's agents, so that a team's own code can ask it.

    from knowledge.connectors.langchain import as_retriever
    retriever = as_retriever(open_library(folder), product="Aurora X200 label printer")
    documents = retriever.invoke("What does error E04 mean?")

    from langchain.agents import create_agent
    agent = create_agent("ollama:llama3.2", tools=[as_tool(open_library(folder))])

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
    from langchain_core.tools import BaseTool


def as_retriever(library: Library, product: str = "", limit: int = 5) -> BaseRetriever:
    """A LangChain retriever: searches live manuals by its own query, in a product if one is given.

    Gives at most ``limit`` documents, best first; their scores are in the metadata as "score". Raises NoSuchManual for
    a product that there is not.
    """
    from langchain_core.retrievers import BaseRetriever

    check_product(library, product)
    search = Search(library, library.index)

    class LangChainRetriever(BaseRetriever):
        def _get_relevant_documents(self, query: str, *, run_manager: Any) -> list[Document]:
            found = search.find(query, product, limit)
            return [_document(each) for each in found.evidence]

    return LangChainRetriever()


def as_tool(library: Library, product: str = "", limit: int = 5) -> BaseTool:
    """A tool "search_manuals" for a LangChain agent: a question in, numbered passages with their places out.

    Raises NoSuchManual for a product that there is not.
    """
    from langchain.tools import tool

    check_product(library, product)
    search = Search(library, library.index)

    @tool
    def search_manuals(question: str) -> str:
        """Search the product manuals. Give a question in plain words; quote and cite what comes back."""
        found = search.find(question, product, limit).evidence
        return (
            "\n\n".join(map(_cited, range(1, len(found) + 1), found))
            or "The manuals hold nothing on this."
        )

    return search_manuals


def _cited(number: int, found: Evidence) -> str:
    passage = found.passage
    where = f"{found.manual.name}, page {passage.label or passage.page}"
    return f"[{number}] {where}: {' > '.join(passage.section)}\n{passage.text}"


def _document(found: Evidence) -> Document:
    from langchain_core.documents import Document

    return Document(
        id=str(found.passage.id),
        page_content=found.passage.text,
        metadata={**place_of(found), "score": found.score},
    )
