"""A ZIP of manuals: each becomes a manual of its own, as if its folder had been added."""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from knowledge.errors import DataFolder
from knowledge.library import Library
from knowledge.parsing import Limits
from knowledge.storage.files import Files
from knowledge.types import Job
from tests.support.command import run
from tests.support.files import manual_pdf
from tests.support.manuals import FAN, PUMP
from tests.support.waiting import wait_for

PAGE = "<html><title>Mixer M-5</title><h1>Step {n}</h1><p>Close valve {n} and go on.</p></html>"


def leaf(path: Path) -> bytes:
    """A PDF of one page."""
    return manual_pdf(path, [("Care", ["Keep the lamp dry."])], title="Lamp L-1").read_bytes()


def packed(files: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def add(library: Library, content: bytes, **said: object) -> tuple[Job, list[Job]]:
    """Add an archive and work on all that came of it."""
    job = library.run(library.accept(io.BytesIO(content), "manuals.zip", **said).id)  # type: ignore[arg-type]
    return job, [library.run(part.id) for part in library.parts(job.id)]


def names(library: Library) -> list[str]:
    return sorted(manual.name for manual in library.manuals())


def test_each_manual_of_an_archive_is_added(library: Library, tmp_path: Path) -> None:
    files = {
        "pumps/manual.md": PUMP,
        "fans/manual.md": FAN,
        "note.pdf": leaf(tmp_path / "leaf.pdf"),
        "picture.png": b"\x89PNG",
        "__MACOSX/pumps/._manual.md": "x",
        ".DS_Store": "x",
    }
    job, parts = add(library, packed(files), product="House", by="eva")
    assert job.state == "done"
    assert job.message == "3 manuals were taken out of it; 1 other file was left out: picture.png"
    assert [part.state for part in parts] == ["done"] * 3
    assert names(library) == ["Fan F-100 user manual", "Lamp L-1", "Pump P-200 user manual"]
    assert {(manual.product, manual.added_by) for manual in library.manuals()} == {("House", "eva")}
    assert not list(library.data.glob("archive-*")), "nothing is left beside the library"


def test_a_newer_archive_brings_new_versions(library: Library) -> None:
    add(library, packed({"pump.md": PUMP, "fan.md": FAN}))
    newer = PUMP.replace("12 Nm", "14 Nm")
    _, parts = add(library, packed({"pump.md": newer, "fan.md": FAN}))
    assert sorted(part.state for part in parts) == ["done", "unchanged"]
    assert {m.file_name: m.version for m in library.manuals()} == {"pump.md": 2, "fan.md": 1}


def test_what_waits_waits_also_out_of_an_archive(library: Library) -> None:
    add(library, packed({"pump.md": PUMP, "fan.md": FAN}), draft=True)
    assert not library.manuals() and len(library.drafts()) == 2


def test_pages_in_an_archive_of_manuals_are_one_manual(library: Library) -> None:
    pages = {f"web/page{n}.html": PAGE.format(n=n) for n in (1, 2)}
    documents = {f"part{n}.rtf": rf"{{\rtf1 Press part {n} down.}}" for n in (1, 2, 3)}
    add(library, packed({**pages, **documents}))
    assert len(library.manuals()) == 4 and "Mixer M-5" in names(library)


def test_a_site_with_a_document_beside_it_stays_one_manual_and_says_so(
    library: Library, tmp_path: Path
) -> None:
    pages = {f"page{n}.html": PAGE.format(n=n) for n in (1, 2)}
    job, parts = add(library, packed({**pages, "leaf.pdf": leaf(tmp_path / "leaf.pdf")}))
    assert not parts and job.message.startswith("Ready")
    (manual,) = library.manuals()
    assert manual.warnings == (
        "1 document beside the web pages was left out. To have them, too, add them by themselves.",
    )


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda data: data.replace(b"Nm", b"NM", 1), "cut short, damaged or protected"),
        (lambda data: data[: len(data) // 2], "cut short or damaged"),
        (lambda data: packed({"inner.zip": data}), "is a ZIP archive, not a document"),
    ],
    ids=["a byte", "half", "nested"],
)
def test_a_broken_archive_is_refused_and_leaves_nothing(
    library: Library, spoil: object, told: str
) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("pump.md", PUMP)
        archive.writestr("fan.md", FAN)
    job, parts = add(library, spoil(made.getvalue()))  # type: ignore[operator]
    assert job.state == "failed" and told in job.message
    assert not parts and not library.manuals() and not list(library.data.glob("archive-*"))


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    from knowledge.library import open_library

    library = open_library(tmp_path, limits=Limits(max_unpacked_mb=1))
    job, _ = add(library, packed({"a.md": "x" * (1 << 20), "b.md": PUMP}))
    assert job.state == "failed" and "holds more than 1 MB" in job.message
    library.close()


def test_what_no_file_can_be_called_or_is_empty_is_left_out(library: Library) -> None:
    files = {
        f"{'x' * 300}.md": FAN,
        "pump.md": PUMP,
        "notes.txt": "",
        "fan": "a file",
        "fan/fan.md": FAN,
    }
    job, parts = add(library, packed(files))
    assert job.state == "done" and [part.state for part in parts] == ["done"]
    assert job.message.startswith("1 manual was taken out of it; 4 other files were left out: ")
    assert "notes.txt" in job.message
    assert names(library) == ["Pump P-200 user manual"]


def test_an_archive_that_is_cancelled_brings_nothing(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = library.accept(io.BytesIO(packed({"pump.md": PUMP, "fan.md": FAN})), "manuals.zip")
    opened = zipfile.ZipFile.extract

    def extract(*given: Any, **more: Any) -> str:
        library.cancel(job.id)
        return opened(*given, **more)

    monkeypatch.setattr(zipfile.ZipFile, "extract", extract)
    assert library.run(job.id).state == "cancelled"
    assert not library.parts(job.id) and not library.manuals()


def test_an_attempt_that_broke_off_queues_nothing_twice(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = library.accept(io.BytesIO(packed({"pump.md": PUMP, "fan.md": FAN})), "manuals.zip")
    received, seen = Files.received, list[str]()

    def full(self: Files, stream: Any, name: str, most: int) -> Any:
        seen.append(name)
        if len(seen) == 2:
            raise DataFolder("The disk is full.")
        return received(self, stream, name, most)

    monkeypatch.setattr(Files, "received", full)
    with pytest.raises(DataFolder):
        library.run(job.id)
    assert len(library.parts(job.id)) == 1
    assert library.run(job.id).state == "done"
    assert [part.file_name for part in library.parts(job.id)] == ["fan.md", "pump.md"]


def test_an_archive_does_not_take_the_place_of_a_watched_file(
    library: Library, tmp_path: Path
) -> None:
    job = library.accept(io.BytesIO(PUMP.encode()), "pump.md", source=str(tmp_path))
    library.run(job.id)
    _, parts = add(library, packed({"pump.md": PUMP}))
    assert [part.state for part in parts] == ["unchanged"]
    assert library.from_file(str(tmp_path), "pump.md") is not None


def test_members_cannot_leave_their_folder(library: Library, tmp_path: Path) -> None:
    add(library, packed({"../../evil.md": PUMP, "/abs.md": FAN}))
    assert names(library) == ["Fan F-100 user manual"], "what wants to leave is left out"
    assert not list(tmp_path.rglob("evil.md")) and not Path("/abs.md").exists()


def test_what_a_killed_process_left_is_removed(library: Library) -> None:
    left = library.data / "archive-old"
    left.mkdir()
    os.utime(left, (time.time() - 7200,) * 2)
    (library.data / "archive-new").mkdir()
    library.start_worker()
    wait_for(lambda: not left.exists())
    library.stop_worker()
    assert (library.data / "archive-new").exists()


def test_an_archive_on_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "manuals.zip"
    path.write_bytes(packed({"pump.md": PUMP, "fan.md": FAN}))
    done = run("add", str(path), "--json", data=tmp_path / "data")
    rows = json.loads(done.stdout)["files"]
    assert [(Path(row["file"]).name, row["state"]) for row in rows] == [
        ("manuals.zip", "done"), ("fan.md", "done"), ("pump.md", "done"),
    ]  # fmt: skip
