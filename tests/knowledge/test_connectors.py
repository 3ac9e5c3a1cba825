"""The library behind LlamaIndex's own interface."""

from __future__ import annotations

from knowledge.connectors.llama_index import as_retriever
from knowledge.library import Library
from knowledge.search.retriever import Search
from tests.support.manuals import FAN, PUMP, put


def test_llama_index_code_can_ask_the_library(library: Library) -> None:
    put(library, "pump.md", PUMP)
    put(library, "fan.md", FAN)
    search = Search(library, library.index)
    nodes = as_retriever(search, "Pump P-200", 3).retrieve("How often is the filter cleaned?")
    found = search.find("How often is the filter cleaned?", "Pump P-200", 3).evidence
    assert [(node.node_id, node.text, node.score) for node in nodes] == [
        (str(f.passage.id), f.passage.text, f.score) for f in found
    ]
    assert nodes[0].metadata["section"] == "Maintenance > Clean the filter"
    assert {node.metadata["product"] for node in nodes} == {"Pump P-200"}
