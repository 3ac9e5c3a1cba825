"""Watched folders: what is put there, changed, moved or taken away, against a real library and a real server."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.errors import UnreadableFile
from knowledge.ingestion.watching import SETTLED, FolderWatch
from knowledge.library import Library, open_library
from knowledge.types import Job
from tests.support.serving import client_of, running_site
from tests.support.waiting import wait_for

SEAL = (
    "# Pump P-200\n\n## Seal\n\nTo replace the seal, close both valves. Remove the four screws.\n"
)
FAN = "# Fan F-100\n\n## Blades\n\nClean the blades of the fan every 200 hours. Use a dry cloth.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "manuals"
    (made / "fans").mkdir(parents=True)
    put(made / "pump.md", SEAL)
    put(made / "fans" / "fan.md", FAN)
    return made


def put(path: Path, text: str) -> None:
    """Write a file that was finished a while ago."""
    path.write_text(text, encoding="utf-8")
    before = time.time() - 60
    os.utime(path, (before, before))


class Kept:
    """A watch whose looks are taken one by one, each read to its end; ``told`` is what it said that it did."""

    def __init__(self, library: Library, folder: Path) -> None:
        self.library, self.folder = library, folder
        self.told: list[tuple[str, str]] = []
        self.watch = FolderWatch(
            library, [folder], lambda deed, name: self.told.append((deed, name))
        )

    def look(self) -> dict[str, int]:
        """Look once and read what came; return the version of each manual that is searched."""
        self.wait = self.watch.look(self.folder)
        for job in self.library.jobs():
            if job.state == "queued":
                self.library.run(job.id)
        return {manual.file_name: manual.version for manual in self.library.manuals()}


@pytest.fixture
def kept(library: Library, folder: Path) -> Kept:
    return Kept(library, folder)


def test_a_folder_is_taken_in_and_then_left_alone(kept: Kept) -> None:
    assert kept.look() == {"pump.md": 1, "fan.md": 1}
    assert kept.look() == {"pump.md": 1, "fan.md": 1}
    assert sorted(kept.told) == [("uploaded", "fan.md"), ("uploaded", "pump.md")]
    assert len(kept.library.jobs()) == 2


def test_a_change_is_a_new_version_and_a_touch_is_none(kept: Kept, folder: Path) -> None:
    kept.look()
    put(folder / "pump.md", SEAL)
    assert kept.look()["pump.md"] == 1
    put(folder / "pump.md", SEAL.replace("four", "six"))
    assert kept.look() == {"pump.md": 2, "fan.md": 1}


def test_what_is_taken_away_is_removed_and_comes_back(kept: Kept, folder: Path) -> None:
    kept.look()
    (folder / "pump.md").rename(folder / "pump.away")
    assert kept.look() == {"fan.md": 1}
    assert [manual.file_name for manual in kept.library.removed()] == ["pump.md"]
    assert kept.told[-1] == ("removed", "Pump P-200")
    (folder / "pump.away").rename(folder / "pump.md")
    assert "pump.md" in kept.look()


def test_what_an_admin_removed_stays_removed_until_it_changes(kept: Kept, folder: Path) -> None:
    kept.look()
    kept.library.remove(kept.library.find("Pump P-200").id)
    assert kept.look() == {"fan.md": 1}
    put(folder / "pump.md", SEAL.replace("four", "six"))
    assert "pump.md" in kept.look()


def test_a_folder_that_is_empty_or_gone_removes_nothing(kept: Kept, folder: Path) -> None:
    before = kept.look()
    folder.rename(folder.parent / "away")
    assert kept.look() == before
    folder.mkdir()  # the place where it is mounted
    assert kept.look() == before
    folder.rmdir()
    (folder.parent / "away").rename(folder)
    assert kept.look() == before and len(kept.told) == 2


def test_a_file_that_goes_while_it_is_read_is_removed_after(kept: Kept, folder: Path) -> None:
    kept.watch.look(folder)  # both wait to be read
    (folder / "pump.md").unlink()
    assert kept.watch.look(folder) == SETTLED
    assert kept.look().keys() == {"pump.md", "fan.md"}
    assert kept.look().keys() == {"fan.md"}


def test_a_name_that_cannot_be_shown_is_known_again(kept: Kept, folder: Path) -> None:
    odd = folder / "lamp\u202e\x07 1.md"
    put(odd, "# Lamp L-1\n\n## Bulb\n\nTurn the bulb to the left to take it out.\n")
    assert len(kept.look()) == 3 and len(kept.look()) == 3 and len(kept.told) == 3
    odd.unlink()
    assert kept.look() == {"pump.md": 1, "fan.md": 1}


def test_other_manuals_are_not_touched(kept: Kept, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "manuals-2"
    other.mkdir()
    put(other / "lamp.md", "# Lamp L-1\n\n## Bulb\n\nTurn the bulb to the left to take it out.\n")
    with (other / "lamp.md").open("rb") as stream:
        kept.library.run(kept.library.accept(stream, "lamp.md", source=str(other)).id)
    kept.look()
    (folder / "pump.md").unlink()
    assert kept.look() == {"fan.md": 1, "lamp.md": 1}


def write_on(path: Path, text: str) -> None:
    """Write a file as somebody does who is still at it, however long it is until the next look."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (time.time() + 3600,) * 2)


def test_a_file_that_is_being_written_waits(kept: Kept, folder: Path) -> None:
    write_on(folder / "half.md", SEAL[:40])
    assert kept.look() == {} and kept.wait == SETTLED
    write_on(folder / "half.md", SEAL)
    assert kept.look() == {} and kept.wait == SETTLED  # it has grown since
    assert kept.look().keys() >= {"fan.md"} and kept.wait > SETTLED


def test_what_is_no_manual_is_passed_over(kept: Kept, folder: Path) -> None:
    for name in (".hidden.md", "~$pump.docx", "picture.png", "empty.md"):
        put(folder / name, "" if name == "empty.md" else FAN)
    (folder / ".git").mkdir()
    put(folder / ".git" / "note.md", FAN)
    assert kept.look() == {"pump.md": 1, "fan.md": 1}
    assert kept.look() == {"pump.md": 1, "fan.md": 1}


def test_pages_of_a_folder_are_one_manual(kept: Kept, folder: Path) -> None:
    (folder / "web").mkdir()
    for n, text in enumerate(("Close both valves.", "Remove the screws."), 1):
        page = f"<html><title>Mixer M-5</title><h1>Step {n}</h1><p>{text} Then go on.</p></html>"
        put(folder / "web" / f"page{n}.html", page)
    assert kept.look()["web"] == 1
    (folder / "web" / "page2.html").unlink()
    put(folder / "web" / "page3.html", page.replace("screws", "bolts"))
    assert kept.look()["web"] == 2


def test_what_a_folder_is_like_is_told(kept: Kept, folder: Path) -> None:
    def seen() -> tuple[str, int]:
        kept.look()
        (state,) = kept.library.watched_folders()
        assert state.folder == str(folder) and state.looked
        return state.state, state.manuals

    assert seen() == ("in step", 2)
    folder.rename(folder.parent / "away")
    assert seen() == ("missing", 0)
    folder.mkdir()
    assert seen() == ("empty", 0)
    write_on(folder / "half.md", SEAL[:40])
    assert seen() == ("changing", 1)


def test_a_file_that_cannot_be_taken_in_is_named(tmp_path: Path, folder: Path) -> None:
    with closing(open_library(tmp_path / "small", max_upload_mb=1)) as library:
        put(folder / "long.md", SEAL * (1 + (1 << 20) // len(SEAL)))
        Kept(library, folder).look()
        (state,) = library.watched_folders()
        assert state.state == "in step" and len(state.faults) == 1
        assert state.faults[0].startswith(f"{folder / 'long.md'}: ") and "1 MB" in state.faults[0]


def test_a_file_whose_name_is_in_no_encoding_stops_no_watch(
    kept: Kept, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/\xfcber.md"))
    try:
        put(odd, SEAL)
    except OSError:
        pytest.skip("this file system takes no such name")

    def refused(*given: object, **more: object) -> Job:
        raise UnreadableFile("It is broken.")

    monkeypatch.setattr(kept.library, "accept", refused)
    kept.watch.look(folder)
    (state,) = kept.library.watched_folders()
    assert any("ber.md: It is broken." in fault for fault in state.faults)


def test_a_server_keeps_its_folders(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    folders = os.pathsep.join((str(folder), str(other)))
    with (
        running_site(tmp_path / "data", TANDEM_WATCH=folders) as site,
        client_of(site) as client,
    ):

        def shows(*names: str) -> bool:
            table = client.get("/manuals/state").json()["table"]
            return all(name in table for name in names)

        wait_for(lambda: shows("Pump P-200", "Fan F-100"))
        shutil.copy(folder / "pump.md", tmp_path / "lamp.md")
        put(other / "lamp.md", SEAL.replace("Pump P-200", "Lamp L-1").replace("seal", "bulb"))
        wait_for(lambda: shows("Lamp L-1"))
        (folder / "pump.md").unlink()
        wait_for(lambda: not shows("Pump P-200"))
        health = client.get("/health").text
        assert "Watched folders" in health and str(other) in health and "In step" in health
        assert "is it mounted" not in health
        other.rename(tmp_path / "elsewhere")
        wait_for(lambda: "Bring it back (is it mounted?)" in client.get("/health").text)
        for noted in ("uploaded,lamp.md", "removed the manual,Pump P-200"):  # once it is done
            wait_for(lambda noted=noted: f"watched folder,{noted}" in client.get("/audit.csv").text)


def test_a_file_that_is_renamed_while_its_draft_waits_takes_nothing_away(
    kept: Kept, folder: Path
) -> None:
    kept.library.hold_back(lambda manual: True)
    kept.look()
    put(folder / "pump.md", SEAL.replace("four", "six"))
    assert kept.look()["pump.md"] == 1 and len(kept.library.drafts()) == 1
    (folder / "pump.md").rename(folder / "pump2.md")
    kept.look()
    assert kept.look()["pump.md"] == 1, "what was searched is searched"
    assert len(kept.library.drafts()) == 1 and not kept.library.removed()
