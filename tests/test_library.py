"""Uploads become manuals, all or nothing; versions, names, removal; what a crash leaves behind."""

from __future__ import annotations

import io
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from manuals import FAN, PUMP, ROOT, only, put

from knowledge.errors import DataFolder, KnowledgeError, NoSuchManual, NoSuchPage, QueueFull, TooLarge, UnreadableFile
from knowledge.library import Library, open_library
from knowledge.search import Search


def texts(library: Library, question: str) -> list[str]:
    return [found.passage.text for found in Search(library).find(question).evidence]


def test_an_upload_becomes_a_manual(library: Library) -> None:
    job = put(library, "pump.md", PUMP)
    assert (job.state, job.message) == ("done", "Ready: 4 passages. New manual 'Pump P-200 user manual'")
    manual = only(library)
    assert (manual.name, manual.product, manual.version, manual.state) == ("Pump P-200 user manual", "Pump P-200", 1, "live")
    assert library.counts().passages == 4
    assert library.products() == ("Pump P-200",)


def test_a_passage_is_the_stored_text_at_its_span(library: Library) -> None:
    put(library, "pump.md", PUMP)
    for found in Search(library).find("seal screws torque").evidence:
        page = library.page(found.passage.version_id, found.passage.page)
        assert page.text[found.passage.start : found.passage.end] == found.passage.text


def test_the_same_bytes_twice_change_nothing(library: Library) -> None:
    put(library, "pump.md", PUMP)
    again = put(library, "other-name.md", PUMP)
    assert (again.state, again.message) == ("unchanged", "Already there as 'Pump P-200 user manual'")
    assert only(library).version == 1


def test_other_bytes_are_a_new_version_and_the_old_stays_readable(library: Library) -> None:
    put(library, "pump.md", PUMP)
    old = only(library)
    put(library, "pump-2.md", PUMP.replace("12 Nm", "14 Nm"))
    new = only(library)
    assert (new.id, new.version) == (old.id, 2)
    assert [("14 Nm" in text, "12 Nm" in text) for text in texts(library, "tighten the screws Nm")][0] == (True, False)
    assert not any("12 Nm" in text for text in texts(library, "tighten the screws 12 Nm"))
    assert "12 Nm" in library.page(old.version_id, 1).text
    assert library.version(old.version_id).state == "superseded"


def test_another_products_manual_of_the_same_title_stays_apart(library: Library) -> None:
    put(library, "a.md", "# User manual\n\nThe oven heats to 250 °C. Clean it with a cloth.\n")
    put(library, "b.md", "# User manual\n\nThe mower has a blade of 40 cm. Empty its basket.\n")
    assert sorted(manual.name for manual in library.manuals()) == ["User manual", "User manual (b.md)"]


def test_names_and_products_can_be_set_and_survive_a_new_version(library: Library) -> None:
    put(library, "pump.md", PUMP)
    manual = library.describe(only(library).id, name="  Pump   handbook ", product="P200")
    assert (manual.name, manual.product) == ("Pump handbook", "P200")
    put(library, "pump.md", PUMP.replace("12 Nm", "14 Nm"))
    assert (only(library).name, only(library).product, only(library).version) == ("Pump handbook", "P200", 2)


def test_two_manuals_cannot_have_one_name(library: Library) -> None:
    put(library, "pump.md", PUMP)
    put(library, "fan.md", FAN)
    fan = library.find("Fan F-100 user manual")
    with pytest.raises(KnowledgeError, match="called 'pump p-200 user manual' already"):
        library.describe(fan.id, name="pump p-200 user manual")
    with pytest.raises(KnowledgeError, match="needs a name"):
        library.describe(fan.id, name="  ")


def test_removed_is_not_found_but_still_readable(library: Library) -> None:
    put(library, "pump.md", PUMP)
    manual = only(library)
    library.remove(manual.id)
    assert library.manuals() == ()
    assert texts(library, "replace the seal") == []
    assert "replace the seal" in library.page(manual.version_id, 1).text
    assert library.version(manual.version_id).state == "removed"
    with pytest.raises(NoSuchManual, match="removed before"):
        library.remove(manual.id)
    assert put(library, "pump.md", PUMP).state == "done"
    assert only(library).id == manual.id


def test_a_draft_is_searched_when_published_and_rolled_back(library: Library) -> None:
    put(library, "pump.md", PUMP)
    job = put(library, "pump.md", PUMP.replace("12 Nm", "14 Nm"), draft=True)
    assert job.message == "Draft: 4 passages, not yet published. Version 2 of 'Pump P-200 user manual': 1 section changed"
    assert "12 Nm" in " ".join(texts(library, "tighten the screws"))
    (draft,) = library.drafts()
    library.publish(draft.version_id)
    assert "14 Nm" in " ".join(texts(library, "tighten the screws"))
    library.roll_back(draft.id)
    assert "12 Nm" in " ".join(texts(library, "tighten the screws"))
    with pytest.raises(NoSuchManual, match="no version before"):
        library.roll_back(draft.id)


def test_index_and_text_agree_after_many_changes(library: Library) -> None:
    for torque in range(5):
        put(library, "pump.md", PUMP.replace("12 Nm", f"{torque} Nm"))
    put(library, "fan.md", FAN)
    library.remove(library.find("Fan F-100 user manual").id)
    db = library.connections.db
    db.execute("INSERT INTO passages_fts (passages_fts) VALUES ('integrity-check')")
    indexed = {row[0] for row in db.execute("SELECT id FROM passages_fts_docsize")}
    live = {row[0] for row in db.execute("SELECT p.id FROM passages p JOIN versions v ON v.id = p.version_id WHERE v.state = 'live'")}
    assert indexed == live


def test_too_large_empty_and_too_many_are_refused_in_words(tmp_path: Path) -> None:
    library = open_library(tmp_path, max_upload_mb=1, max_waiting=2)
    with pytest.raises(TooLarge, match=r"^big.md is larger than 1 MB\.$"):
        library.accept(io.BytesIO(b"x" * (1 << 20) + b"y"), "big.md")
    with pytest.raises(UnreadableFile, match=r"^void.md is empty\.$"):
        library.accept(io.BytesIO(b""), "void.md")
    for name in ("a.md", "b.md"):
        library.accept(io.BytesIO(name.encode()), name)
    with pytest.raises(QueueFull, match=r"c\.md was not added"):
        library.accept(io.BytesIO(b"c"), "c.md")
    assert not list((tmp_path / "files").glob("upload-*"))


def test_a_bad_file_is_a_sentence_and_the_next_goes_on(library: Library) -> None:
    library.start_worker()
    bad = library.accept(io.BytesIO(b"%PDF-1.7 broken"), "bad.pdf")
    good = library.accept(io.BytesIO(PUMP.encode()), "pump.md")
    wait_for(lambda: library.job(good.id).state == "done")
    failed = library.job(bad.id)
    assert failed.state == "failed"
    assert failed.message.startswith("bad.pdf ")
    assert library.counts().attention == 1
    library.dismiss(bad.id)
    assert library.counts().attention == 0
    assert bad.id not in {job.id for job in library.jobs()}


def test_a_cancelled_upload_leaves_nothing(library: Library) -> None:
    job = library.accept(io.BytesIO(PUMP.encode()), "pump.md")
    library.cancel(job.id)
    assert library.run(job.id).state == "cancelled"
    assert library.manuals() == ()


def test_an_accepted_upload_survives_a_killed_process(tmp_path: Path) -> None:
    """The upload is accepted by a process that dies at once; the next one finishes it."""
    code = (
        f"import sys, io, os; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path; from knowledge.library import open_library\n"
        f"library = open_library(Path({str(tmp_path)!r}))\n"
        f"library.accept(io.BytesIO({PUMP!r}.encode()), 'pump.md')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    library = open_library(tmp_path)
    library.start_worker()
    wait_for(lambda: library.counts().manuals == 1)
    library.close()


def test_a_file_that_kills_its_process_twice_is_set_aside(library: Library) -> None:
    job = library.accept(io.BytesIO(PUMP.encode()), "pump.md")
    db = library.connections.db
    for _ in range(2):
        db.execute("UPDATE jobs SET state = 'queued' WHERE id = ?", [job.id])
        db.execute("UPDATE jobs SET state = 'reading', attempts = attempts + 1, beat = 0, owner = 'dead' WHERE id = ?", [job.id])
    library.start_worker()
    wait_for(lambda: library.job(job.id).state == "set aside")
    assert library.job(job.id).message.startswith("pump.md stopped the program twice and was set aside.")
    assert library.manuals() == ()


def test_many_threads_read_while_one_writes(library: Library) -> None:
    put(library, "pump.md", PUMP)
    search, faults, stop = Search(library), [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            found = search.find("tighten the screws").evidence
            if not found or " Nm" not in found[0].passage.text:
                faults.append(found)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for torque in range(8):
        put(library, "pump.md", PUMP.replace("12 Nm", f"{torque} Nm"))
    stop.set()
    for thread in threads:
        thread.join()
    assert faults == []


def test_a_newer_library_is_refused(tmp_path: Path) -> None:
    open_library(tmp_path).close()
    with sqlite3.connect(tmp_path / "knowledge.db") as db:
        db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('knowledge', 'm999_future', '')")
    with pytest.raises(DataFolder, match="newer Tandem"):
        open_library(tmp_path)


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataFolder, match="cannot be used"):
        open_library(tmp_path / "file")


def test_unknown_pages_and_versions(library: Library) -> None:
    put(library, "pump.md", PUMP)
    with pytest.raises(NoSuchPage):
        library.page(only(library).version_id, 2)
    with pytest.raises(NoSuchManual):
        library.version(99)


def test_the_section_round_a_passage(library: Library) -> None:
    put(library, "pump.md", PUMP)
    passage = Search(library).find("clean the filter").evidence[0].passage
    section = library.section(passage.version_id, passage.page, passage.start)
    assert section.section == ("Maintenance", "Clean the filter")
    assert section.text[passage.start - section.start : passage.end - section.start] == passage.text
    assert "Specifications" not in section.text


def wait_for(done: object, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not done():  # type: ignore[operator]
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)
