"""Uploads become manuals, all or nothing; versions, names, removal; what a crash leaves behind."""

from __future__ import annotations

import hashlib
import io
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.errors import (
    DataFolder,
    KnowledgeError,
    NoSuchManual,
    NoSuchPage,
    TooLarge,
    UnreadableFile,
    UploadQueueFull,
)
from knowledge.library import Library, open_library
from knowledge.search.retriever import Search
from knowledge.storage.files import Files
from knowledge.types import Limits
from tests.support.manuals import FAN, PUMP, ROOT, only, put
from tests.support.waiting import wait_for


def texts(library: Library, question: str) -> list[str]:
    return [found.passage.text for found in Search(library, library.index).find(question).evidence]


def test_an_upload_becomes_a_manual(library: Library) -> None:
    job = put(library, "pump.md", PUMP)
    assert (job.state, job.message) == (
        "done",
        "Ready: 4 passages. New manual 'Pump P-200 user manual'",
    )
    manual = only(library)
    assert (manual.name, manual.product, manual.version, manual.state) == (
        "Pump P-200 user manual",
        "Pump P-200",
        1,
        "live",
    )
    assert library.counts().passages == 4
    assert library.products() == ("Pump P-200",)


def test_a_passage_is_the_stored_text_at_its_span(library: Library) -> None:
    put(library, "pump.md", PUMP)
    for found in Search(library, library.index).find("seal screws torque").evidence:
        page = library.page(found.passage.version_id, found.passage.page)
        assert page.text[found.passage.start : found.passage.end] == found.passage.text


def test_the_same_bytes_twice_change_nothing(library: Library) -> None:
    put(library, "pump.md", PUMP)
    again = put(library, "other-name.md", PUMP)
    assert (again.state, again.message) == (
        "unchanged",
        "Already there as 'Pump P-200 user manual'",
    )
    assert only(library).version == 1


def test_the_same_bytes_for_another_product_say_what_changes(library: Library) -> None:
    put(library, "pump.md", PUMP)
    again = put(library, "pump.md", PUMP, product="Pump P-300")
    told = "Already there as 'Pump P-200 user manual'; its product is now 'Pump P-300'"
    assert (again.state, again.message) == ("unchanged", told)
    assert only(library).product == "Pump P-300"
    assert put(library, "pump.md", PUMP).message == "Already there as 'Pump P-200 user manual'"


def test_other_bytes_are_a_new_version_and_the_old_stays_readable(library: Library) -> None:
    put(library, "pump.md", PUMP)
    old = only(library)
    put(library, "pump-2.md", PUMP.replace("12 Nm", "14 Nm"))
    new = only(library)
    assert (new.id, new.version) == (old.id, 2)
    assert [("14 Nm" in text, "12 Nm" in text) for text in texts(library, "tighten the screws Nm")][
        0
    ] == (True, False)
    assert not any("12 Nm" in text for text in texts(library, "tighten the screws 12 Nm"))
    assert "12 Nm" in library.page(old.version_id, 1).text
    assert library.version(old.version_id).state == "superseded"


def test_another_products_manual_of_the_same_title_stays_apart(library: Library) -> None:
    put(library, "a.md", "# User manual\n\nThe oven heats to 250 °C. Clean it with a cloth.\n")
    put(library, "b.md", "# User manual\n\nThe mower has a blade of 40 cm. Empty its basket.\n")
    assert sorted(manual.name for manual in library.manuals()) == [
        "User manual",
        "User manual (b.md)",
    ]


def test_names_and_products_can_be_set_and_survive_a_new_version(library: Library) -> None:
    put(library, "pump.md", PUMP)
    manual = library.describe(only(library).id, name="  Pump   handbook ", product="P200")
    assert (manual.name, manual.product) == ("Pump handbook", "P200")
    put(library, "pump.md", PUMP.replace("12 Nm", "14 Nm"))
    assert (only(library).name, only(library).product, only(library).version) == (
        "Pump handbook",
        "P200",
        2,
    )


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
    assert (
        job.message
        == "Draft: 4 passages, not yet published. Version 2 of 'Pump P-200 user manual': 1 section changed"
    )
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
    live = {
        row[0]
        for row in db.execute(
            "SELECT p.id FROM passages p JOIN versions v ON v.id = p.version_id WHERE v.state = 'live'"
        )
    }
    assert indexed == live


def test_too_large_empty_and_too_many_are_refused_in_words(tmp_path: Path) -> None:
    library = open_library(tmp_path, max_upload_mb=1, max_waiting=2)
    with pytest.raises(TooLarge, match=r"^big.md is larger than 1 MB\.$"):
        library.accept(io.BytesIO(b"x" * (1 << 20) + b"y"), "big.md")
    with pytest.raises(UnreadableFile, match=r"^void.md is empty\.$"):
        library.accept(io.BytesIO(b""), "void.md")
    for name in ("a.md", "b.md"):
        library.accept(io.BytesIO(name.encode()), name)
    with pytest.raises(UploadQueueFull, match=r"c\.md was not added"):
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


def claimed_by_a_dead_process(folder: Path) -> int:
    """A library whose one upload was being read by a process that was killed."""
    code = (
        f"import sys, io, os; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path; from knowledge.library import open_library\n"
        f"library = open_library(Path({str(folder)!r}))\n"
        f"job = library.accept(io.BytesIO({PUMP!r}.encode()), 'pump.md')\n"
        "library._jobs.claim(job.id); print(job.id, flush=True); os.kill(os.getpid(), 9)\n"
    )
    return int(
        subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=False).stdout
    )


def test_kills_of_the_program_do_not_count_against_the_file(tmp_path: Path) -> None:
    job_id = claimed_by_a_dead_process(tmp_path)
    db = sqlite3.connect(tmp_path / "knowledge.db")
    db.execute(
        "UPDATE jobs SET attempts = 1"
    )  # once its reader failed by itself; the kill is no second time
    db.commit()
    db.close()
    library = open_library(tmp_path)
    library.start_worker()
    wait_for(lambda: library.job(job_id).state == "done")
    library.close()


@pytest.mark.parametrize("clock", [-1e9, 1e9])
def test_a_claim_by_a_clock_that_was_wrong_ends_with_its_process(
    tmp_path: Path, clock: float
) -> None:
    job_id = claimed_by_a_dead_process(tmp_path)
    library = open_library(tmp_path)
    library.connections.db.execute("UPDATE jobs SET beat = ?", [time.time() + clock])
    library.start_worker()
    wait_for(lambda: library.job(job_id).state == "done")
    library.close()


def test_a_claim_from_elsewhere_lasts_while_it_shows_itself(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.ingestion.jobs.STALE_SECONDS", 1.0)
    job = library.accept(io.BytesIO(PUMP.encode()), "pump.md")
    db = library.connections.db
    db.execute(
        "UPDATE jobs SET state = 'reading', owner = '4711-ab12cd34', beat = 9e15 WHERE id = ?",
        [job.id],
    )
    end = time.monotonic() + 3
    while time.monotonic() < end:
        db.execute(
            "UPDATE jobs SET beat = beat - 1 WHERE id = ?", [job.id]
        )  # any change is a sign of life
        assert library._jobs.claim() is None
        time.sleep(0.1)
    wait_for(lambda: library._jobs.claim() is not None)


def test_a_claim_of_a_running_process_is_never_taken(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.ingestion.jobs.STALE_SECONDS", 1e9)
    other = open_library(library.data)
    job = other.accept(io.BytesIO(PUMP.encode()), "pump.md")
    assert other._jobs.claim(job.id)
    assert library._jobs.claim() is None
    other._jobs.report_progress(job.id, "reading", "Reading", (2, 3))
    other._jobs.release(job.id)
    again = library._jobs.claim()
    assert again and (again.done, again.total) == (0, 0), "nothing of it has been read anew"
    other.close()


def test_a_reader_that_fails_by_itself_twice_sets_its_file_aside(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library._ingest._limits = Limits(wall_seconds=-1)
    job = put(library, "pump.md", PUMP)
    assert job.state == "set aside" and "took longer than" in job.message


def test_many_threads_read_while_one_writes(library: Library, tmp_path: Path) -> None:
    texts = [PUMP.replace("12 Nm", f"{torque} Nm") for torque in range(8)]
    with closing(open_library(tmp_path / "other")) as other:
        for text in texts:  # read now: what follows is about what is published, not about reading
            put(other, "pump.md", text)
    put(library, "pump.md", PUMP)
    search, faults, stop = Search(library, library.index), [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            found = search.find("tighten the screws").evidence
            if not found or " Nm" not in found[0].passage.text:
                faults.append(found)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for text in texts:
        put(library, "pump.md", text)
    stop.set()
    for thread in threads:
        thread.join()
    assert faults == []


def test_a_newer_library_is_refused(tmp_path: Path) -> None:
    open_library(tmp_path).close()
    with sqlite3.connect(tmp_path / "knowledge.db") as db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('knowledge', 'm999_future', '')"
        )
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
    passage = Search(library, library.index).find("clean the filter").evidence[0].passage
    section = library.section(passage.version_id, passage.page, passage.start)
    assert section.section == ("Maintenance", "Clean the filter")
    assert section.text[passage.start - section.start : passage.end - section.start] == passage.text
    assert "Specifications" not in section.text


def stored(folder: Path) -> list[str]:
    return sorted(
        path.name
        for path in (folder / "files").rglob("*")
        if path.is_file() and path.parent.name != "pages"
    )


def test_a_refused_upload_leaves_no_bytes(tmp_path: Path) -> None:
    library = open_library(tmp_path, max_waiting=1)
    library.accept(io.BytesIO(b"a"), "a.md")
    before = stored(tmp_path)
    for n in range(5):
        with pytest.raises(UploadQueueFull):
            library.accept(io.BytesIO(f"b{n}".encode()), "b.md")
    assert stored(tmp_path) == before and len(before) == 1
    library.close()


def test_uploads_at_once_fill_the_queue_exactly(tmp_path: Path) -> None:
    library, refused = open_library(tmp_path, max_waiting=5), []

    def accept(n: int) -> None:
        try:
            library.accept(io.BytesIO(f"text {n}".encode() * 10_000), f"{n}.md")
        except UploadQueueFull as error:
            refused.append(error)

    threads = [threading.Thread(target=accept, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), len(stored(tmp_path)), library.counts().waiting) == (7, 5, 5)
    library.close()


def test_a_start_sweeps_what_kills_have_left_and_nothing_else(tmp_path: Path) -> None:
    library = open_library(tmp_path)
    put(library, "pump.md", PUMP)
    waiting = library.accept(io.BytesIO(FAN.encode()), "fan.md")
    wanted = stored(tmp_path)
    (tmp_path / "files" / "upload-left").write_bytes(b"half")
    orphan = tmp_path / "files" / "ab" / ("ab" * 32)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"refused")
    begun, go_on = threading.Event(), threading.Event()

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            begun.set()
            assert go_on.wait(240)
            return super().read(size)

    slow = threading.Thread(
        target=library.accept, args=(Slow(b"# Slow\n\nIt comes slowly."), "slow.md")
    )
    slow.start()
    assert begun.wait(240)
    library.start_worker()
    wait_for(lambda: library.job(waiting.id).state == "done")
    go_on.set()
    slow.join()
    wait_for(lambda: library.counts().manuals == 3)
    assert set(wanted) <= set(stored(tmp_path)) and len(stored(tmp_path)) == 3
    library.close()


def test_a_library_that_vanishes_is_noticed_and_not_made_again(
    library: Library, tmp_path: Path
) -> None:
    put(library, "pump.md", PUMP)
    library.start_worker()
    assert library.fault() == ""
    library.data.rename(tmp_path / "away")
    assert "is gone" in library.fault()
    with pytest.raises(DataFolder, match="is gone: it was deleted, moved or unmounted"):
        library.accept(io.BytesIO(FAN.encode()), "fan.md")
    faults: list[Exception] = []

    def look() -> None:  # a thread that has no connection yet
        try:
            library.counts()
        except DataFolder as error:
            faults.append(error)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert len(faults) == 1 and not library.data.exists()
    (tmp_path / "away").rename(library.data)
    assert library.fault() == ""
    assert put(library, "fan.md", FAN).state == "done"


def test_other_names_are_kept_with_the_product(library: Library) -> None:
    put(library, "pump.md", PUMP)
    put(library, "fan.md", FAN)
    pump = next(manual for manual in library.manuals() if manual.product == "Pump P-200")
    fan = next(manual for manual in library.manuals() if manual.product == "Fan F-100")
    library.describe(pump.id, other_names=[" Drip  well ", "", "dripper"])
    assert library.other_names() == {"Drip well": "Pump P-200", "dripper": "Pump P-200"}
    library.describe(pump.id, name="Pump manual")
    assert len(library.other_names()) == 2, "what is not told stays"
    for taken, its in (("DRIPPER", "Pump P-200"), ("pump p-200", "Pump P-200")):
        with pytest.raises(KnowledgeError, match=f"'{taken}' is a name of the product '{its}'"):
            library.describe(fan.id, other_names=["Windy", taken])
    assert "Windy" not in library.other_names(), "all of it or nothing"
    library.describe(pump.id, product="Pump P-201")
    assert library.other_names() == {"Drip well": "Pump P-201", "dripper": "Pump P-201"}
    with pytest.raises(KnowledgeError, match="Give the product its name first"):
        library.describe(fan.id, product="", other_names=["Windy"])
    library.remove(pump.id)
    assert library.other_names() == {}, "nobody can ask about it"
    library.describe(fan.id, other_names=["Dripper"])
    assert library.other_names() == {"Dripper": "Fan F-100"}
    library.describe(fan.id, other_names=[])
    assert library.other_names() == {}


def test_a_removed_manual_is_listed_and_restored_as_it_was(library: Library) -> None:
    put(library, "pump.md", PUMP)
    put(library, "pump.md", PUMP.replace("12 Nm", "14 Nm"), manual="Pump P-200 user manual")
    put(
        library,
        "pump.md",
        PUMP.replace("12 Nm", "16 Nm"),
        manual="Pump P-200 user manual",
        draft=True,
    )
    manual = only(library)
    library.describe(manual.id, other_names=["the drip"])
    assert library.removed() == ()
    library.remove(manual.id)
    assert (library.manuals(), library.drafts(), library.other_names()) == ((), (), {})
    assert [(gone.name, gone.version) for gone in library.removed()] == [(manual.name, 2)]
    assert texts(library, "How do I replace the seal?") == []
    library.restore("pump p-200 USER manual")
    assert library.removed() == ()
    back = only(library)
    assert back.published >= manual.published, "it is searched since it was restored"
    assert replace(back, published=manual.published) == manual
    assert "14 Nm" in texts(library, "How do I replace the seal?")[0]
    assert [draft.version for draft in library.drafts()] == [3]
    assert library.other_names() == {"the drip": "Pump P-200"}
    library.roll_back(manual.id)
    assert "12 Nm" in texts(library, "How do I replace the seal?")[0]
    with pytest.raises(NoSuchManual, match="There is no removed manual 'Pump P-200 user manual'"):
        library.restore(manual.name)


def test_a_manual_removed_by_an_earlier_release_comes_back_as_it_was_searched(
    library: Library,
) -> None:
    put(library, "pump.md", PUMP)
    put(
        library,
        "pump.md",
        PUMP.replace("12 Nm", "99 Nm"),
        manual="Pump P-200 user manual",
        draft=True,
    )
    manual = only(library)
    library.remove(manual.id)
    with library.connections.writing() as db:  # as it was done then
        db.execute("UPDATE versions SET state = 'removed' WHERE state = 'draft'")
    assert library.restore(manual.id).version == 1
    assert "12 Nm" in texts(library, "How do I replace the seal?")[0]


def test_a_removed_manual_whose_name_is_taken_says_so(library: Library) -> None:
    put(library, "pump.md", PUMP, manual="Guide")
    old = only(library)
    library.remove(old.id)
    put(library, "fan.md", FAN)
    library.describe(only(library).id, name="Guide")
    with pytest.raises(KnowledgeError, match="Another manual is called 'Guide' now"):
        library.restore(old.id)
    library.describe(only(library).id, name="Fan guide")
    library.restore(old.id)
    assert {manual.name for manual in library.manuals()} == {"Guide", "Fan guide"}


def test_a_file_that_failed_can_be_tried_again_until_it_is_dismissed(library: Library) -> None:
    job = put(library, "broken.pdf", b"%PDF-1.7\nnothing of the kind")
    assert job.state == "failed"
    assert library.try_again(job.id).state == "queued"
    assert library.run(job.id).state == "failed"
    library.dismiss_ended()
    assert not library.jobs()
    with pytest.raises(KnowledgeError, match="broken.pdf is not one of the files that failed"):
        library.try_again(job.id)


def test_a_file_of_which_a_person_is_asked_stays_on_the_list(library: Library) -> None:
    chapter = "\n\n".join(f"Step {n}: read line {n} of the list with care." for n in range(40))
    for name, reach in (("a.md", 10), ("b.md", 20)):
        text = f"# User manual\n\n## Start\n\n{chapter}\n\n## Range\n\nIt reaches {reach} m.\n"
        put(library, name, text)
    library.dismiss_ended()
    assert [job.file_name for job in library.jobs()] == ["b.md"]


def test_files_on_their_way_survive_a_sweep_at_any_moment(tmp_path: Path) -> None:
    files, over = Files(tmp_path / "files"), threading.Event()

    def sweep() -> None:
        while not over.is_set():
            files.sweep({_digest(n) for n in range(400)})

    sweeping = threading.Thread(target=sweep)
    sweeping.start()
    try:
        for n in range(400):
            with files.received(io.BytesIO(b"%d" % n), "fan.md", 100) as (stored, settle):
                settle()
            assert files.path(stored.sha256).read_bytes() == b"%d" % n
    finally:
        over.set()
        sweeping.join()
    left = tmp_path / "files" / "upload-of-a-killed-process"
    left.touch()
    files.sweep({_digest(n) for n in range(400)})
    assert not left.exists()


def _digest(n: int) -> str:
    return hashlib.sha256(b"%d" % n).hexdigest()
