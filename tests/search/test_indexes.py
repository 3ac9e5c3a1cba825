"""The contract of a search engine, over every engine: SQLite, one in memory, and a real Weaviate."""

from __future__ import annotations

import io
import math
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.errors import KnowledgeError, SearchServerFault
from knowledge.library import Library, open_library
from knowledge.search.embeddings import load_encoder, unit
from knowledge.search.indexes import server as server_index
from knowledge.search.indexes.base import IndexEntry, IndexQuery, entries_of
from knowledge.search.indexes.server import ServerHit, ServerIndex
from knowledge.search.retriever import Search
from knowledge.storage import checkup
from knowledge.text import stems
from knowledge.versions import publishing
from tests.support.manuals import FAN, PUMP, only, put
from tests.support.waiting import wait_for
from tests.support.weaviate_server import WeaviateProcess

Opened = Callable[[str], Library]


class MemoryServer:
    """A search server in a few lines: BM25 over lists, cosine over arrays. Dies and fails when told to."""

    name = "the server in memory"

    def __init__(self, database: Path) -> None:
        self.copies: dict[int, dict[int, IndexEntry]] = {}
        self.up, self.dies_after, self.seen = True, 10**9, list[IndexEntry]()
        self._database = database

    def _outside(self) -> None:
        """Whoever waits for a server must not keep others from writing: the write lock has to be free."""
        if not self.up:
            raise SearchServerFault("The server in memory does not answer.")
        other = sqlite3.connect(
            self._database, timeout=20, isolation_level=None
        )  # others may just write
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
        other.close()

    def check(self) -> None:
        self._outside()

    def write(self, copy: int, entries: Sequence[IndexEntry]) -> None:
        self._outside()
        self.seen += entries
        for number, entry in enumerate(entries):
            if number == self.dies_after:
                self.up = False
                raise SearchServerFault("The server in memory does not answer.")
            self.copies.setdefault(copy, {})[entry.place] = entry

    def drop(self, copy: int) -> None:
        self._outside()
        self.copies.pop(copy, None)

    def counts(self, copies: Collection[int]) -> Mapping[int, int]:
        self._outside()
        return {copy: len(self.copies.get(copy, ())) for copy in copies}

    def search(self, query: IndexQuery, copies: Collection[int], limit: int) -> list[ServerHit]:
        if not self.up:
            raise SearchServerFault("The server in memory does not answer.")
        found = [(copy, entry) for copy in copies for entry in self.copies.get(copy, {}).values()]
        bags = [Counter(entry.terms.split()) for _, entry in found]
        mean = sum(bag.total() for bag in bags) / max(len(bags), 1)
        held = {term: sum(term in bag for bag in bags) for term in query.terms}
        words = [
            sum(
                math.log(1 + (len(bags) - held[term] + 0.5) / (held[term] + 0.5))
                * bag[term] * 2.2 / (bag[term] + 1.2 * (0.25 + 0.75 * bag.total() / mean))
                for term in query.terms
            )
            for bag in bags
        ]  # fmt: skip
        near = [
            float(entry.vector @ query.vector)
            if query.vector is not None and entry.vector is not None
            else 0.0
            for _, entry in found
        ]
        hits = [
            ServerHit(copy, entry.place, word, cosine)
            for (copy, entry), word, cosine in zip(found, words, near, strict=True)
            if word or cosine
        ]
        return sorted(hits, key=lambda hit: -hit.words - hit.meaning)[:limit]

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(scope="module")
def weaviate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WeaviateProcess]:
    process = WeaviateProcess(tmp_path_factory.mktemp("weaviate"))
    process.start()
    yield process
    process.kill()


def on_memory(library: Library) -> MemoryServer:
    """Exchanges a library's engine for the one in memory."""
    memory = MemoryServer(library.connections.path)
    index = ServerIndex(library.connections, library.index, memory)
    library.index = library._ingest._index = index
    return memory


@pytest.fixture(params=["sqlite", "memory", pytest.param("weaviate", marks=pytest.mark.built)])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    """Opens libraries, all on one engine."""
    engine, made = request.param, list[Library]()
    url = request.getfixturevalue("weaviate").url if engine == "weaviate" else "sqlite:"

    def make(name: str) -> Library:
        library = open_library(tmp_path / name, index_url=url)
        if engine == "memory":
            on_memory(library)
        made.append(library)
        return library

    yield make
    for library in made:
        library.close()


def asked(text: str, meaning: bool = True) -> IndexQuery:
    encoder = load_encoder()
    vector = encoder.encode([text])[0] if encoder and meaning else None
    return IndexQuery(tuple(stems(text)), frozenset(), vector)


def texts(library: Library, text: str, *versions: int, meaning: bool = True) -> list[str]:
    """What the engine finds in these versions, best words first."""
    hits = library.index.search(asked(text, meaning), versions, 10)
    hits.sort(key=lambda hit: -hit.words)
    held = library.passages([hit.id for hit in hits])
    return [held[hit.id].text for hit in hits]


def versions_of(library: Library) -> list[int]:
    return [manual.version_id for manual in library.manuals()]


def answered(library: Library, question: str) -> list[str]:
    return [found.passage.text for found in Search(library, library.index).find(question).evidence]


# Over every engine


def test_words_and_meaning_find_only_in_the_versions_told(opened: Opened) -> None:
    library = opened("one")
    put(library, "pump.md", PUMP)
    put(library, "fan.md", FAN)
    fan, pump = versions_of(library)
    assert "12 Nm" in texts(library, "tighten the screws of the seal", pump)[0]
    assert "4 Nm" in texts(library, "tighten the screws of the seal", fan)[0]
    both = texts(library, "tighten the screws of the seal", fan, pump)
    assert any("12 Nm" in text for text in both) and any("4 Nm" in text for text in both)
    assert not any("12 Nm" in text for text in texts(library, "tighten the screws", fan))
    assert texts(library, "tighten", 10**6) == texts(library, "tighten") == []


def test_scores_say_which_leg_found(opened: Opened) -> None:
    library = opened("one")
    put(library, "pump.md", PUMP)
    found = library.index.search(asked("solvent", meaning=False), versions_of(library), 10)
    assert [hit.meaning for hit in found] == [0.0] and found[0].words > 0
    vector = asked("cleaning liquid").vector
    near = library.index.search(IndexQuery((), frozenset(), vector), versions_of(library), 10)
    held = library.passages([hit.id for hit in near])
    best = max(near, key=lambda hit: hit.meaning)
    assert {hit.words for hit in near} == {0.0} and "solvent" in held[best.id].text
    passage = next(iter(entries_of(library.connections.db, only(library).version_id)))
    again = library.index.search(
        IndexQuery((), frozenset(), passage.vector), versions_of(library), 10
    )
    assert max(hit.meaning for hit in again) == pytest.approx(1, abs=0.01)


def test_a_new_version_a_draft_a_rollback_and_a_removal(opened: Opened) -> None:
    library = opened("one")
    put(library, "pump.md", PUMP)
    assert "12 Nm" in answered(library, "tighten the screws")[0]
    put(library, "pump.md", PUMP.replace("12 Nm", "15 Nm"), manual=only(library).name)
    assert only(library).version == 2
    assert "15 Nm" in answered(library, "tighten the screws")[0]
    assert not any("12 Nm" in text for text in answered(library, "tighten the screws"))
    put(library, "pump.md", PUMP.replace("12 Nm", "18 Nm"), manual=only(library).name, draft=True)
    assert "15 Nm" in answered(library, "tighten the screws")[0]
    (draft,) = library.drafts()
    library.publish(draft.version_id)
    assert "18 Nm" in answered(library, "tighten the screws")[0]
    library.roll_back(only(library).id)
    assert "15 Nm" in answered(library, "tighten the screws")[0]
    library.publish(only(library).version_id)  # once more: nothing is found twice
    assert len(answered(library, "tighten the screws")) == len(
        set(answered(library, "tighten the screws"))
    )
    library.remove(only(library).id)
    assert answered(library, "tighten the screws") == []
    assert library.index.note() == ""


def test_the_same_file_under_another_manuals_name_moves_and_stays_found(opened: Opened) -> None:
    library = opened("one")
    put(library, "pump.md", PUMP, manual="Pump")
    put(library, "old.md", PUMP.replace("12 Nm", "10 Nm"), manual="Old pump", product="Old")
    put(library, "pump.md", PUMP, manual="Old pump")
    assert [manual.name for manual in library.manuals()] == ["Old pump"]
    assert "12 Nm" in answered(library, "tighten the screws")[0]
    assert not any("10 Nm" in text for text in answered(library, "tighten the screws"))
    assert library.index.lacking() == [] and library.index.note() == ""


def test_a_publication_that_fails_leaves_what_was_searched(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened("one")
    put(library, "pump.md", PUMP)
    with monkeypatch.context() as patch:

        def full(*_: object) -> None:
            raise KnowledgeError("The disk is full.")

        patch.setattr(publishing, "changed", full)
        job = put(library, "pump.md", PUMP.replace("12 Nm", "15 Nm"), manual=only(library).name)
    assert (job.state, only(library).version) == ("failed", 1)
    assert "12 Nm" in answered(library, "tighten the screws")[0]
    assert not any("15 Nm" in text for text in answered(library, "tighten the screws"))


def test_two_libraries_do_not_see_each_other(opened: Opened) -> None:
    pumps, fans = opened("pumps"), opened("fans")
    put(pumps, "pump.md", PUMP)
    put(fans, "fan.md", FAN)
    for library, word, other in ((pumps, "12 Nm", "4 Nm"), (fans, "4 Nm", "12 Nm")):
        found = answered(library, "tighten the screws")
        assert word in found[0] and not any(f"to {other}" in text for text in found)
    fans.remove(only(fans).id)
    assert "12 Nm" in answered(pumps, "tighten the screws")[0]


def test_readers_see_the_old_version_or_the_new_one_whole(opened: Opened) -> None:
    library, other = opened("one"), opened("other")
    texts = [PUMP.replace("12 Nm", f"{torque} Nm") for torque in range(20, 25)]
    for text in texts:  # read now: what follows is about what is published, not about reading
        put(other, "pump.md", text, manual="Pump")
    put(library, "pump.md", PUMP)
    search, faults, stop = Search(library, library.index), list[list[str]](), threading.Event()

    def read() -> None:
        while not stop.is_set():
            found = [
                one.passage.text for one in search.find("tighten screws filter motor").evidence
            ]
            torques = {text for text in found if " Nm" in text}
            if len(torques) != 1 or len(found) != 4:
                faults.append(found)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for text in texts:
        put(library, "pump.md", text, manual=only(library).name)
    stop.set()
    for thread in threads:
        thread.join()
    assert faults == []


def test_a_reader_keeps_its_state_also_when_others_search_a_newer_one(library: Library) -> None:
    put(library, "pump.md", PUMP)
    search = Search(library, library.index)

    def publish_and_search() -> None:
        put(library, "pump.md", PUMP.replace("12 Nm", "20 Nm"), manual=only(library).name)
        search.find("tighten screws filter motor")
        library.connections.close()

    with library.reading():
        before = search.find("tighten screws filter motor")
        other = threading.Thread(target=publish_and_search)
        other.start()
        other.join()
        assert search.find("tighten screws filter motor") == before
    after = search.find("tighten screws filter motor")
    assert any("20 Nm" in one.passage.text for one in after.evidence)
    assert not any("12 Nm" in one.passage.text for one in after.evidence)


def test_reindex_says_what_the_engine_holds_and_finds_the_same(opened: Opened) -> None:
    library = opened("one")
    put(library, "pump.md", PUMP)
    put(library, "fan.md", FAN)
    before = answered(library, "tighten the screws of the pump P-200")
    made = library.reindex()
    assert (made.manuals, made.passages) == (2, library.counts().passages)
    assert answered(library, "tighten the screws of the pump P-200") == before


# What an engine on a server needs on top


@pytest.fixture
def memory(library: Library) -> MemoryServer:
    return on_memory(library)


def copies_known(library: Library) -> list[tuple[int, str]]:
    return library.connections.db.execute("SELECT copy, state FROM index_copies").fetchall()


def test_a_server_is_given_unit_vectors_and_plain_stems(
    library: Library, memory: MemoryServer
) -> None:
    put(library, "pump.md", PUMP)
    assert {entry.vector.dtype.name for entry in memory.seen if entry.vector is not None} == {
        "float32"
    }
    assert [float(np.linalg.norm(entry.vector)) for entry in memory.seen] == pytest.approx([1] * 4)
    (stored,) = [entry.terms for entry in memory.seen if "seal" in entry.terms]
    assert "replac the seal to replac the seal close both valv" in stored and "|" not in stored
    assert np.linalg.norm(unit(np.zeros(256, dtype=np.int8))) == 0


def test_a_server_that_dies_in_the_middle_leaves_nothing_and_the_file_waits(
    library: Library, memory: MemoryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(library, "pump.md", PUMP)
    memory.dies_after = 2
    with pytest.raises(SearchServerFault, match="does not answer"):
        put(library, "pump.md", PUMP.replace("12 Nm", "15 Nm"), manual=only(library).name)
    (job,) = [job for job in library.jobs() if job.state == "queued"]
    assert "does not answer" in job.message
    assert only(library).version == 1 and len(copies_known(library)) == 2
    memory.up, memory.dies_after = True, 10**9
    monkeypatch.setattr(server_index, "PAUSE", 0)
    assert "12 Nm" in answered(library, "tighten the screws")[0]
    assert not any("15 Nm" in text for text in answered(library, "tighten the screws"))
    monkeypatch.setattr(server_index, "GRACE", -1)
    library.index.clear_up()
    assert len(copies_known(library)) == len(memory.copies) == 1
    assert library.run(job.id).state == "done"
    assert "15 Nm" in answered(library, "tighten the screws")[0]


def test_what_a_killed_process_left_on_the_server_is_never_found_and_is_swept(
    library: Library, memory: MemoryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(library, "pump.md", PUMP)
    killed = library.index.prepared(entries_of(library.connections.db, only(library).version_id))
    copy = killed.__enter__()
    assert len(memory.copies) == 2
    assert len(answered(library, "tighten the screws filter motor")) == 4
    library.index.clear_up()
    assert len(memory.copies) == 2  # it might still be being written
    monkeypatch.setattr(server_index, "ABANDONED", -1)
    memory.up = False
    library.index.clear_up()  # marked, but not removed yet
    memory.up = True
    with (
        pytest.raises(SearchServerFault, match="cleared away"),
        library.connections.writing() as db,
    ):
        library.index.refill(db, only(library).version_id, copy)
    monkeypatch.setattr(server_index, "GRACE", -1)
    library.index.clear_up()
    assert len(memory.copies) == len(copies_known(library)) == 1
    assert "12 Nm" in answered(library, "tighten the screws")[0]


def test_a_copy_stays_until_no_search_can_be_in_it(
    library: Library, memory: MemoryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(library, "pump.md", PUMP)
    put(library, "pump.md", PUMP.replace("12 Nm", "15 Nm"), manual=only(library).name)
    library.index.clear_up()
    assert len(memory.copies) == 2
    monkeypatch.setattr(server_index, "GRACE", -1)
    library.index.clear_up()
    assert len(memory.copies) == 1


def test_a_silent_server_means_words_only_and_a_sentence(
    library: Library, memory: MemoryServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(library, "pump.md", PUMP)
    search = Search(library, library.index)
    assert search.find("tighten the screws").evidence[0].found_by == ("words", "meaning")
    memory.up = False
    found = search.find("tighten the screws").evidence
    assert "12 Nm" in found[0].passage.text and {one.found_by for one in found} == {("words",)}
    assert library.index.note() == (
        "The server in memory does not answer. Until that is mended, only words are searched."
    )
    memory.up = True
    monkeypatch.setattr(library.index, "_silent_until", 0.0)
    assert search.find("tighten the screws").evidence[0].found_by == ("words", "meaning")
    assert library.index.note() == ""


def test_a_server_that_lost_manuals_does_not_hide_them(
    library: Library, memory: MemoryServer
) -> None:
    put(library, "pump.md", PUMP)
    memory.copies.clear()
    put(library, "fan.md", FAN)
    assert "run `run.py reindex`" in library.index.note()
    found = Search(library, library.index).find("tighten the screws of the P-200").evidence
    assert "12 Nm" in found[0].passage.text
    assert library.reindex().written == 1 and library.index.note() == ""


def test_uploads_wait_for_a_silent_server_and_are_done_when_it_answers(
    library: Library, memory: MemoryServer
) -> None:
    memory.up = False
    library.start_worker()
    job = library.accept(io.BytesIO(PUMP.encode()), "pump.md")
    wait_for(lambda: "does not answer" in library.job(job.id).message)
    assert library.job(job.id).state == "queued" and library.counts().manuals == 0
    memory.up = True
    wait_for(lambda: library.job(job.id).state == "done")
    assert "12 Nm" in answered(library, "tighten the screws")[0]


def test_reindex_mends_an_index_of_words_that_lost_passages(library: Library) -> None:
    put(library, "pump.md", PUMP)
    with library.connections.writing() as db:
        library.index.detach(db, only(library).version_id)
    (fault,) = checkup.examine(library)
    assert "are not found by words. Run `run.py reindex`." in fault
    library.reindex()
    assert checkup.examine(library) == ()
    assert "12 Nm" in answered(library, "tighten the screws")[0]


def test_an_engine_that_was_never_filled_says_so_until_reindex(library: Library) -> None:
    put(library, "pump.md", PUMP)
    put(library, "fan.md", FAN)
    memory = on_memory(library)
    assert "run `run.py reindex`" in library.index.note()
    found = Search(library, library.index).find("tighten the screws").evidence
    assert found and {one.found_by for one in found} == {("words",)}
    told = list[tuple[int, int, str]]()

    def stop(done: int, total: int, name: str) -> None:
        told.append((done, total, name))
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.reindex(stop)
    assert len(memory.copies) == 1 and library.index.note()
    made = library.reindex()
    assert (made.manuals, made.written) == (2, 1)  # it went on where it was
    assert library.index.note() == "" and library.reindex().written == 0
    memory.copies.popitem()  # the server lost a manual
    assert library.reindex().written == 1
    assert told[0][:2] == (0, 2) and told[0][2] in {manual.name for manual in library.manuals()}


def test_a_library_from_before_search_servers_goes_on(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    put(library, "pump.md", PUMP)
    library.close()
    with sqlite3.connect(tmp_path / "knowledge.db") as db:
        db.execute("DROP TABLE index_copies")
        db.execute("DELETE FROM state WHERE key = 'library'")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm003_index_copies'")
    library = open_library(tmp_path)
    assert "12 Nm" in answered(library, "tighten the screws")[0]
    memory = on_memory(library)
    assert (library.reindex().written, len(memory.copies)) == (1, 1)
    assert "12 Nm" in answered(library, "tighten the screws")[0]
    library.close()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("elastic://x", "no index engine for 'elastic:'"),
        ("weaviate+http://", "names no host"),
        ("weaviate+http://host:port", "port"),
    ],
)
def test_an_index_url_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, url: str, told: str
) -> None:
    with pytest.raises(KnowledgeError, match=told):
        open_library(tmp_path, index_url=url)
