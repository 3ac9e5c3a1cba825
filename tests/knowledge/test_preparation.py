"""What grows with a file is done in the reading process: bounded, the same as done here, and no load on the server."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from knowledge.errors import ReaderFailed, TooManyPassages
from knowledge.ingestion.preparation import prepare
from knowledge.library import Library
from knowledge.parsing import Limits, prepare_file, read_file
from knowledge.search.embeddings import DIMENSIONS, load_encoder
from knowledge.search.retriever import Search
from tests.support.manuals import PUMP, ROOT, only, put


def many(count: int) -> str:
    return "# Long manual\n\n" + "".join(
        f"## Part {n}\n\nTurn knob {n} twice.\n\n" for n in range(count)
    )


def test_the_reading_process_prepares_what_we_would(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(PUMP, encoding="utf-8")
    sent = prepare_file(tmp_path / "a", "pump.md")
    made = prepare(read_file(tmp_path / "a", "pump.md"), load_encoder(), "pump.md", 100)
    assert sent == made
    assert sent.vocabulary["screws"] == 1 and " screw " in sent.passages[1].stems
    if made.encoder:
        vectors = np.frombuffer(sent.passages[1].vectors, dtype=np.int8).reshape(-1, DIMENSIONS)
        assert len(vectors) == 4  # the passage and its three sentences


def test_a_large_manual_is_prepared_in_several_batches_alike(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(many(600), encoding="utf-8")
    sent = prepare_file(tmp_path / "a", "long.md")
    alone = prepare(sent.document, load_encoder(), "long.md", 1000)
    assert len(sent.passages) == 600 and sent == alone
    assert "knob 599" in sent.passages[599].draft.text


def test_too_many_passages_are_refused_in_words(library: Library, tmp_path: Path) -> None:
    (tmp_path / "a").write_text(many(40), encoding="utf-8")
    with pytest.raises(
        TooManyPassages, match=r"^long\.md makes 40 passages; at most 30 are taken of one file\.$"
    ):
        prepare_file(tmp_path / "a", "long.md", Limits(max_passages=30))
    library._ingest._limits = Limits(max_passages=30)
    job = put(library, "long.md", many(40))
    assert (job.state, job.message.endswith("Split the file into parts.")) == ("failed", True)
    assert library.manuals() == ()


def test_indexing_is_bounded_as_reading_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(many(15_000), encoding="utf-8")
    with pytest.raises(
        ReaderFailed, match="took more than 1 seconds|took longer than|needs more than|broke off"
    ):
        prepare_file(tmp_path / "a", "long.md", Limits(cpu_seconds=1))


def test_it_is_cancelled_while_it_is_indexed(library: Library) -> None:
    job = library.accept(io.BytesIO(many(8_000).encode()), "long.md")
    states: list[str] = []

    def progress(now: object) -> None:
        states.append(now.state)  # type: ignore[attr-defined]
        if now.state == "indexing":  # type: ignore[attr-defined]
            library.cancel(job.id)

    assert library.run(job.id, progress).state == "cancelled"
    assert "indexing" in states and library.manuals() == ()


def test_adding_a_manual_loads_no_model_and_no_stemmer_in_this_process(tmp_path: Path) -> None:
    """Then a hostile file cannot make them grow here either."""
    code = (
        f"import sys, io; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path; from knowledge.library import open_library\n"
        f"library = open_library(Path({str(tmp_path)!r}))\n"
        f"print(library.run(library.accept(io.BytesIO({PUMP!r}.encode()), 'pump.md').id).state)\n"
        "print([name for name in ('tokenizers', 'safetensors', 'snowballstemmer') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["done", "[]"]


def test_what_was_prepared_is_found(library: Library) -> None:
    put(library, "long.md", many(600))
    assert only(library).passages == 600
    assert (
        "knob 431 "
        in Search(library, library.index)
        .find("How often do I turn knob 431?")
        .evidence[0]
        .passage.text
    )
