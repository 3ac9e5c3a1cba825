"""The library behind LlamaIndex's and LangChain's own interfaces, and their readers and loaders as its sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.connectors import langchain, llama_index
from knowledge.connectors.loaders import add_documents, as_markdown, community_loader
from knowledge.errors import NoSuchManual, NoText, UnknownFormat
from knowledge.library import Library
from knowledge.search.retriever import Search
from tests.support.manuals import FAN, PUMP, put

FILTER, SEAL = "How often is the filter cleaned?", "How tight are the screws of the cover?"


@pytest.fixture
def pumps(library: Library) -> Library:
    put(library, "pump.md", PUMP)
    put(library, "fan.md", FAN)
    return library


def test_llama_index_code_can_ask_the_library(pumps: Library) -> None:
    nodes = llama_index.as_retriever(pumps, "Pump P-200", 3).retrieve(FILTER)
    found = Search(pumps, pumps.index).find(FILTER, "Pump P-200", 3).evidence
    assert [(node.node_id, node.text, node.score) for node in nodes] == [
        (str(f.passage.id), f.passage.text, f.score) for f in found
    ]
    assert nodes[0].metadata["section"] == "Maintenance > Clean the filter"
    assert {node.metadata["product"] for node in nodes} == {"Pump P-200"}


def test_langchain_code_can_ask_the_library_in_a_chain(pumps: Library) -> None:
    from langchain_core.runnables import RunnableLambda

    retriever = langchain.as_retriever(pumps, "Fan F-100", 3)
    found = Search(pumps, pumps.index).find(SEAL, "Fan F-100", 3).evidence
    documents = retriever.invoke(SEAL)
    assert [(d.id, d.page_content, d.metadata["score"]) for d in documents] == [
        (str(f.passage.id), f.passage.text, f.score) for f in found
    ]
    answer = (retriever | RunnableLambda(lambda docs: docs[0].page_content)).invoke(SEAL)
    assert "4 Nm" in answer and "12 Nm" not in answer


@pytest.mark.parametrize("connector", [langchain, llama_index], ids=["langchain", "llama_index"])
def test_a_retriever_searches_by_its_own_query_each_time(pumps: Library, connector: object) -> None:
    retriever = connector.as_retriever(pumps, "Pump P-200", 1)  # type: ignore[attr-defined]
    sections = []
    for query in (FILTER, SEAL):
        if connector is langchain:
            sections.append(retriever.invoke(query)[0].metadata["section"])
        else:
            sections.append(retriever.retrieve(query)[0].metadata["section"])
    assert sections == ["Maintenance > Clean the filter", "Maintenance > Replace the seal"]


@pytest.mark.parametrize("connector", [langchain, llama_index], ids=["langchain", "llama_index"])
def test_a_product_that_there_is_not_is_refused(pumps: Library, connector: object) -> None:
    with pytest.raises(NoSuchManual, match="There is: Fan F-100, Pump P-200"):
        connector.as_retriever(pumps, "Pump")  # type: ignore[attr-defined]


def test_what_was_removed_is_not_found_by_a_retriever_made_before(pumps: Library) -> None:
    retriever = langchain.as_retriever(pumps, limit=5)
    assert {d.metadata["product"] for d in retriever.invoke(FILTER)} >= {"Pump P-200"}
    pumps.remove(pumps.find("Pump P-200 user manual").id)
    assert "Pump P-200" not in {d.metadata["product"] for d in retriever.invoke(FILTER)}


def test_a_table_read_by_a_community_loader_becomes_a_manual(
    library: Library, tmp_path: Path
) -> None:
    table = tmp_path / "errors.csv"
    table.write_text(
        "code,meaning\nE-04*,Paper jam in #2 tray\nE-17,Lid_open > 5 min\n", encoding="utf-8"
    )
    rows = community_loader("CSVLoader", str(table), encoding="utf-8").load()
    job = library.run(add_documents(library, rows, "Error codes", product="Aurora X200").id)
    assert job.state == "done", job.message
    best = Search(library, library.index).find("What does E-17 mean?", "Aurora X200", 3).evidence[0]
    assert "E-17" in best.passage.text and "Lid_open > 5 min" in best.passage.text
    assert best.manual.name == "Error codes" and best.passage.section[-1] == "errors.csv, row 2"
    # the same name again is the next version, not a second manual
    library.run(add_documents(library, rows[:1], "Error codes", product="Aurora X200").id)
    assert [manual.name for manual in library.manuals()] == ["Error codes"]
    assert "E-17" not in "".join(
        found.passage.text for found in Search(library, library.index).find("E-17", "", 5).evidence
    )


def test_a_text_keeps_what_looks_like_markup(library: Library, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("# 12 is the pin of the *reset* line.\n1. Hold <Feed>.", encoding="utf-8")
    documents = community_loader("TextLoader", str(note), encoding="utf-8").load()
    assert library.run(add_documents(library, documents, "Notes").id).state == "done"
    (found, *_) = Search(library, library.index).find("pin of the reset line", "", 3).evidence
    assert "# 12 is the pin of the *reset* line." in found.passage.text
    assert "1. Hold <Feed>." in found.passage.text


def test_documents_of_a_llama_index_reader_become_a_manual_with_its_headings(
    library: Library, tmp_path: Path
) -> None:
    from llama_index.core import SimpleDirectoryReader

    (tmp_path / "pump.txt").write_text(PUMP, encoding="utf-8")
    documents = SimpleDirectoryReader(input_dir=str(tmp_path)).load_data()
    assert library.run(add_documents(library, documents, "Pump", markdown=True).id).state == "done"
    best = Search(library, library.index).find(FILTER, "", 1).evidence[0]
    assert best.passage.section[-1] == "Clean the filter"


def test_what_cannot_become_a_manual_is_said(tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text(" \n", encoding="utf-8")
    with pytest.raises(NoText, match="hold no text"):
        as_markdown(community_loader("TextLoader", str(empty)).load(), "Empty")
    with pytest.raises(UnknownFormat, match="no document loader 'NoSuchLoader'"):
        community_loader("NoSuchLoader")


def test_a_langchain_agent_can_use_the_library_as_a_tool(pumps: Library) -> None:
    tool = langchain.as_tool(pumps, "Pump P-200", 3)
    assert (tool.name, list(tool.args)) == ("search_manuals", ["question"])
    said = tool.invoke({"question": FILTER})
    best = Search(pumps, pumps.index).find(FILTER, "Pump P-200", 3).evidence[0]
    assert said.startswith(f"[1] {best.manual.name}, page ") and best.passage.text in said
    assert "[2]" in said and "Fan F-100" not in said
    with pytest.raises(NoSuchManual):
        langchain.as_tool(pumps, "Pump P-900")
