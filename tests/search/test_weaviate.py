"""A library on a real Weaviate: from the command line, through a kill of either side, and when it is down."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.errors import SearchServerFault
from knowledge.library import Library, open_library
from knowledge.search.indexes import server as server_index
from knowledge.search.indexes.base import IndexEntry, IndexQuery
from knowledge.search.indexes.weaviate import Weaviate
from knowledge.search.retriever import Search
from tests.support.command import run
from tests.support.manuals import PUMP, ROOT, only, put
from tests.support.weaviate_server import WeaviateProcess

QUESTIONS = (
    "How do I reset it to the factory settings?",
    "What does the red light mean?",
    "How is the paper loaded?",
    "How do I clean it?",
    "Which voltage does it take?",
)
ASKED = "How do I reset the Aurora X200 to its factory settings?"
pytestmark = pytest.mark.built
LONG = PUMP + "".join(
    f"\n### Part {number}\n\nThe part {number} is greased with oil number {number} each week.\n"
    for number in range(1200)
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WeaviateProcess]:
    process = WeaviateProcess(tmp_path_factory.mktemp("weaviate"))
    yield process
    process.kill()


@pytest.fixture
def weaviate(server: WeaviateProcess) -> WeaviateProcess:
    """The server, running; a test may have killed it."""
    return server if server.running else server.start()


def told(*arguments: object, data: Path, url: str) -> dict:
    done = run(*arguments, "--json", data=data, env={"TANDEM_INDEX": url})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def top(data: Path, url: str, question: str) -> list[str]:
    library = open_library(data, index_url=url)
    found = Search(library, library.index).find(question).evidence[:5]
    library.close()
    assert all("meaning" in one.found_by or "words" in one.found_by for one in found)
    return [one.passage.hash for one in found]


def doctor(data: Path, url: str) -> dict[str, str]:
    done = run("doctor", "--json", data=data, env={"TANDEM_INDEX": url})
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    return checks["index"]


def test_the_samples_move_to_a_server_and_back_and_the_same_is_found(
    weaviate: WeaviateProcess, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    library = open_library(data)
    for job in library.add_samples():
        assert library.run(job.id).state == "done"
    passages = library.counts().passages
    library.fill_meanings()  # as reindex does: only the engine is to differ
    library.close()
    before = [top(data, "sqlite:", question) for question in QUESTIONS]
    assert all(before) and doctor(data, "sqlite:")["state"] == "ok"

    unfilled = run("search", QUESTIONS[0], data=data, env={"TANDEM_INDEX": weaviate.url})
    assert unfilled.returncode == 0 and unfilled.stdout
    assert "run `run.py reindex`; until then only words are searched." in unfilled.stderr
    assert doctor(data, weaviate.url)["state"] == "note"
    made = told("reindex", data=data, url=weaviate.url)
    assert (made["manuals"], made["written"], made["passages"]) == (2, 2, passages)
    assert doctor(data, weaviate.url)["state"] == "ok"
    assert [top(data, weaviate.url, question) for question in QUESTIONS] == before
    again = run("reindex", data=data, env={"TANDEM_INDEX": weaviate.url})
    assert (
        f"holds 2 manuals with {passages} passages; 0 of the manuals were written" in again.stdout
    )

    asked = [
        told("ask", ASKED, "--mode", "documents", data=data, url=url)
        for url in ("sqlite:", weaviate.url)
    ]
    assert asked[0]["text"] == asked[1]["text"] and "Feed" in asked[0]["text"]
    assert asked[0]["citations"] == asked[1]["citations"] != []

    assert told("reindex", data=data, url="sqlite:")["engine"] == "SQLite"
    assert [top(data, "sqlite:", question) for question in QUESTIONS] == before


def test_the_command_line_adds_and_answers_through_the_server(
    weaviate: WeaviateProcess, tmp_path: Path
) -> None:
    data, file = tmp_path / "data", tmp_path / "pump.md"
    file.write_text(PUMP, encoding="utf-8")
    assert told("add", file, data=data, url=weaviate.url)["files"][0]["state"] == "done"
    done = run("ask", "How do I tighten the screws of the seal?", data=data, env={"TANDEM_INDEX": weaviate.url})  # fmt: skip
    assert done.returncode == 0 and "12 Nm" in done.stdout and done.stderr == ""

    weaviate.kill()
    done = run("ask", "How do I tighten the screws of the seal?", data=data, env={"TANDEM_INDEX": weaviate.url})  # fmt: skip
    assert done.returncode == 0 and "12 Nm" in done.stdout
    assert "does not answer" in done.stderr and "only words are searched" in done.stderr
    assert "Traceback" not in done.stderr
    assert doctor(data, weaviate.url)["state"] == "note"
    file.write_text(PUMP.replace("12 Nm", "15 Nm"), encoding="utf-8")
    failed = run("add", file, data=data, env={"TANDEM_INDEX": weaviate.url})
    assert failed.returncode == 1 and "does not answer" in failed.stderr
    assert len(failed.stderr.strip().splitlines()) == 1
    unfilled = run("reindex", data=data, env={"TANDEM_INDEX": weaviate.url})
    assert unfilled.returncode == 1 and "does not answer" in unfilled.stderr
    weaviate.start()
    held = told("manuals", data=data, url=weaviate.url)["manuals"]
    assert [manual["version"] for manual in held] == [1]
    assert "15 Nm" not in str(told("search", "tighten screws", data=data, url=weaviate.url))


def test_a_server_killed_in_the_middle_of_a_publication_shows_nothing_half_done(
    weaviate: WeaviateProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.search.indexes.weaviate.BATCH", 200)
    monkeypatch.setattr("knowledge.search.indexes.weaviate.WRITE", 2)  # seconds
    library = open_library(tmp_path / "data", index_url=weaviate.url)
    put(library, "pump.md", PUMP)
    from weaviate.collections.data.sync import _DataCollection

    insert = _DataCollection.insert_many

    def insert_and_die(self: _DataCollection, objects: list) -> object:
        done = insert(self, objects)
        weaviate.kill()
        return done

    with monkeypatch.context() as patch:
        patch.setattr(_DataCollection, "insert_many", insert_and_die)
        with pytest.raises(SearchServerFault, match="does not answer"):
            put(library, "pump.md", LONG, manual=only(library).name)
    weaviate.start()
    monkeypatch.setattr(server_index, "PAUSE", 0)
    monkeypatch.setattr(library.index, "_silent_until", 0.0)
    assert only(library).version == 1
    search = Search(library, library.index)
    found = search.find("which oil greases the part").evidence
    assert not any("greased" in one.passage.text for one in found)
    assert "12 Nm" in search.find("tighten the screws").evidence[0].passage.text
    assert library.index.lacking() == []
    (waiting,) = [job for job in library.jobs() if job.state == "queued"]
    assert library.run(waiting.id).state == "done"
    assert "greased" in search.find("which oil greases the part 17").evidence[0].passage.text
    assert library.index.lacking() == [] and library.index.note() == ""
    sweep(library, monkeypatch)
    library.close()


def test_a_tandem_killed_in_the_middle_of_a_publication_shows_nothing_half_done(
    weaviate: WeaviateProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = open_library(tmp_path / "data", index_url=weaviate.url)
    put(library, "pump.md", PUMP)
    code = (
        "import io, os, sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from knowledge.library import open_library\n"
        "from knowledge.search.indexes import weaviate\n"
        "from weaviate.collections.data.sync import _DataCollection\n"
        "insert, weaviate.BATCH = _DataCollection.insert_many, 200\n"
        "_DataCollection.insert_many = lambda *given: (insert(*given), os.kill(os.getpid(), 9))\n"
        "library = open_library(Path(sys.argv[2]), index_url=sys.argv[3])\n"
        "job = library.accept(io.BytesIO(sys.stdin.buffer.read()), 'pump.md', name=sys.argv[4])\n"
        "library.run(job.id)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT), str(tmp_path / "data"), weaviate.url, only(library).name],
        input=LONG.encode(), env={**os.environ}, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    known = copies(library)
    counts = library.index._server.counts(known)
    assert sorted(counts[copy] for copy in known) == [4, 200]
    search = Search(library, library.index)
    found = search.find("which oil greases the part").evidence
    assert found and not any("greased" in one.passage.text for one in found)
    sweep(library, monkeypatch)
    library.close()


def test_two_libraries_share_a_server_and_only_one_is_emptied(
    weaviate: WeaviateProcess, tmp_path: Path
) -> None:
    one = open_library(tmp_path / "one", index_url=weaviate.url)
    two = open_library(tmp_path / "two", index_url=weaviate.url)
    for library, torque in ((one, "12 Nm"), (two, "33 Nm")):
        library.run(
            library.accept(io.BytesIO(PUMP.replace("12 Nm", torque).encode()), "pump.md").id
        )
    one.remove(only(one).id)
    assert Search(one, one.index).find("tighten the screws").evidence == ()
    found = Search(two, two.index).find("tighten the screws").evidence
    assert "33 Nm" in found[0].passage.text and found[0].found_by == ("words", "meaning")
    one.close()
    two.close()


def test_a_server_that_lost_its_data_says_to_run_reindex(
    weaviate: WeaviateProcess, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    library = open_library(data, index_url=weaviate.url)
    put(library, "pump.md", PUMP)
    library.close()
    weaviate.kill()
    (weaviate.folder / "data").rename(weaviate.folder / "lost")
    weaviate.start()
    found = run("search", "tighten the screws", data=data, env={"TANDEM_INDEX": weaviate.url})
    assert "12 Nm" in found.stdout and "run `run.py reindex`" in found.stderr
    assert "lacks 1 manuals" in doctor(data, weaviate.url)["text"]
    assert told("reindex", data=data, url=weaviate.url)["written"] == 1
    assert doctor(data, weaviate.url)["state"] == "ok"


def test_a_server_with_a_key_wants_it_in_the_url_and_doctor_does_not_show_it(
    tmp_path: Path,
) -> None:
    locked = WeaviateProcess(tmp_path / "weaviate", key="s3cret").start()
    try:
        data, url = tmp_path / "data", locked.url.replace("http://", "http://s3cret@")
        library = open_library(data, index_url=url)
        put(library, "pump.md", PUMP)
        found = Search(library, library.index).find("tighten the screws").evidence
        assert found[0].found_by == ("words", "meaning")
        library.close()
        for wrong in (locked.url, url.replace("s3cret", "guess")):
            checked = doctor(data, wrong)
            assert checked["state"] == "note" and "refuses the key" in checked["text"]
        done = run("doctor", "--json", data=data, env={"TANDEM_INDEX": url})
        assert "s3cret" not in done.stdout + done.stderr and "weaviate+http://…@" in done.stdout
    finally:
        locked.kill()


def test_more_manuals_than_a_server_tells_at_once_are_all_counted(
    weaviate: WeaviateProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Weaviate(weaviate.url, 5)
    monkeypatch.setattr(server, "_settle", lambda *_: None)
    copies = list(range(1, 151))
    for copy in copies:
        server.write(copy, [IndexEntry(0, f"word{copy}", None)])
    assert server.counts([*copies, 999]) == {**dict.fromkeys(copies, 1), 999: 0}
    (hit,) = server.search(IndexQuery(("word150",)), copies, 10)
    assert (hit.copy, hit.place) == (150, 0)
    assert server.search(IndexQuery(("word150",)), copies[:-1], 10) == []
    server.drop(150)
    assert server.counts([150]) == {150: 0}
    server.close()


def copies(library: Library) -> list[int]:
    return [row[0] for row in library.connections.db.execute("SELECT copy FROM index_copies")]


def sweep(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Later, only what is searched is on the server."""
    known = copies(library)
    monkeypatch.setattr(server_index, "GRACE", -1)
    monkeypatch.setattr(server_index, "ABANDONED", -1)
    library.index.clear_up()
    (held,) = copies(library)
    counts = library.index._server.counts(known)
    assert {copy for copy, count in counts.items() if count} == {held}
