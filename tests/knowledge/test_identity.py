"""Version or manual of its own: no product's manual replaces another's, and in doubt a person is asked."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.errors import KnowledgeError, NoSuchManual
from knowledge.library import Library, open_library
from knowledge.search.retriever import Search
from knowledge.types import Job
from tests.support.manuals import FAN, PUMP, ROOT, only, put

SHARED = "## Safety\n\nPull the plug first.\n\n## Disposal\n\nTake it to a collection point.\n\n## Warranty\n\nThe warranty is 24 months.\n"
K7 = f"# User manual\n\n{SHARED}\n## Reset\n\nHold the key for 5 seconds.\n\n## Fuse\n\nThe fuse of the K7 is T 2.5 A.\n\n## Filter\n\nClean the filter of the K7.\n"
K9 = K7.replace("K7", "K9").replace("5 seconds", "12 seconds").replace("2.5 A", "4 A")
LONG = "".join(
    f"## Chapter {n}\n\nStep {n} of this manual is told here at some length.\n\n" for n in range(60)
)


def add(library: Library, folder: str, name: str, text: str, **said: str) -> Job:
    """Adds a file of a known folder, as the command line does."""
    return library.run(library.accept(io.BytesIO(text.encode()), name, source=folder, **said).id)


def found(library: Library, question: str) -> str:
    return " ".join(
        one.passage.text for one in Search(library, library.index).find(question).evidence
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [("K7_manual.md", "K9_manual.md"), ("manual.md", "manual.md"), ("a.md", "b.md")],
)
def test_two_products_user_manuals_both_stay_searched(
    library: Library, one: str, other: str
) -> None:
    put(library, one, K7)
    job = put(library, other, K9)
    assert len(library.manuals()) == 2
    assert "New manual" in job.message and job.doubt_name == "User manual"
    assert "2.5 A" in found(library, "fuse K7") and "4 A" in found(library, "fuse K9")


def test_sister_manuals_that_share_nearly_all_stay_apart(library: Library) -> None:
    put(
        library,
        "k7.md",
        f"# User manual\n\n{LONG}## Model\n\nThis is the K7. The K7 has one key.\n",
    )
    job = put(
        library,
        "k9.md",
        f"# User manual\n\n{LONG}## Model\n\nThis is the K9. The K9 has one key.\n",
    )
    assert (len(library.manuals()), job.doubt_name) == (2, "User manual")


def test_sister_folders_with_one_file_name_stay_apart(library: Library) -> None:
    add(library, "/manuals/a", "manual.md", f"# User manual\n\n{LONG}It takes 5 V.\n")
    job = add(library, "/manuals/b", "manual.md", f"# User manual\n\n{LONG}It takes 12 V.\n")
    assert (len(library.manuals()), job.doubt_name) == (2, "User manual")


def test_the_same_file_of_the_same_folder_is_a_version_however_much_changed(
    library: Library,
) -> None:
    add(library, "/manuals", "oven.md", "# User manual\n\n## Heat\n\nIt heats to 250 °C.\n")
    job = add(
        library,
        "/manuals",
        "oven.md",
        "# User manual\n\n## Heat\n\nIt heats to 280 °C.\n\n## Care\n\nWipe it with a cloth.\n",
    )
    assert job.message == "Ready: 2 passages. Version 2 of 'User manual': 2 sections changed"
    assert job.doubt == "" and only(library).version == 2


def test_a_strong_overlap_under_a_title_that_names_the_product_is_a_version(
    library: Library,
) -> None:
    put(library, "pump.md", PUMP)
    job = put(library, "handbook-final.md", PUMP.replace("12 Nm", "14 Nm"))
    assert (
        job.message == "Ready: 4 passages. Version 2 of 'Pump P-200 user manual': 1 section changed"
    )


@pytest.mark.parametrize(
    "names",
    [
        ("manual_v1.md", "manual_v2.md"),
        ("manual.md", "manual (1).md"),
        ("manual-2024.md", "manual-2025.md"),
    ],
)
def test_an_edition_in_the_file_name_is_no_other_file(
    library: Library, names: tuple[str, str]
) -> None:
    put(library, names[0], f"# User manual\n\n{LONG}It takes 5 V.\n")
    put(library, names[1], f"# User manual\n\n{LONG}It takes 6 V.\n")
    assert only(library).version == 2


def test_another_product_said_by_a_person_is_another_manual(library: Library) -> None:
    put(library, "k7.md", K7, product="Kestrel K7")
    job = put(library, "k9.md", K7, product="Kestrel K9")
    assert [manual.product for manual in library.manuals()] == ["Kestrel K7", "Kestrel K9"]
    assert job.doubt == ""


def test_a_persons_name_decides_also_about_bytes_that_are_there(library: Library) -> None:
    put(library, "a.md", K7)
    put(library, "b.md", K9)
    job = put(library, "b.md", K9, manual="user manual")
    assert job.state == "done" and "Version 2 of 'User manual'" in job.message
    assert only(library).version == 2 and "4 A" in found(library, "fuse K9")


def test_saying_that_it_is_a_version_moves_it_and_its_history(library: Library) -> None:
    put(library, "a.md", K7)
    first = only(library)
    job = put(library, "b.md", K9)
    told = library.settle(job.id, same=True)
    assert told.message == "Ready: 6 passages. Version 2 of 'User manual': 3 sections changed"
    manual = only(library)
    assert (manual.id, manual.version, told.manual_id, told.doubt) == (first.id, 2, first.id, "")
    assert "2.5 A" not in found(library, "fuse K7") and "4 A" in found(library, "fuse K9")
    assert library.roll_back(manual.id).version_id == first.version_id
    assert "2.5 A" in found(library, "fuse K7") and "4 A" not in found(library, "fuse K9")
    library.connections.db.execute(
        "INSERT INTO passages_fts (passages_fts) VALUES ('integrity-check')"
    )
    with pytest.raises(KnowledgeError, match="nothing to decide"):
        library.settle(job.id, same=False)


def test_saying_that_it_is_its_own_closes_the_question(library: Library) -> None:
    put(library, "a.md", K7)
    job = put(library, "b.md", K9)
    assert library.settle(job.id, same=False).doubt == ""
    assert len(library.manuals()) == 2


def test_a_question_about_a_removed_manual_is_answered_in_words(library: Library) -> None:
    put(library, "a.md", K7)
    first = only(library)
    job = put(library, "b.md", K9)
    library.remove(first.id)
    with pytest.raises(NoSuchManual, match="was removed since"):
        library.settle(job.id, same=True)
    assert "4 A" in found(library, "fuse K9")


def _sister(product: str, seed: int) -> str:
    """A manual of thirty chapters; most sentences are the same for all sisters, some figures and names are not."""
    chapters = [
        f"## Chapter {n}\n\nStep {n} is told here at some length for everyone. "
        + (
            f"On the {product}, hold the key for {seed + n} seconds.\n"
            if n % 3 == 0
            else "Press OK.\n"
        )
        for n in range(30)
    ]
    return "# User manual\n\n" + "\n".join(chapters)


@pytest.mark.parametrize("same_name", [False, True])
def test_sister_manuals_under_one_title_are_never_versions(
    library: Library, same_name: bool
) -> None:
    names = ("Nova 8", "Nova 8 Plus", "Nova 11", "Nova 21")
    for n, name in enumerate(names):
        file_name = "manual.md" if same_name else f"{name.replace(' ', '-')}.md"
        put(library, file_name, _sister(name, 10 * n))
    assert len(library.manuals()) == len(names)


def test_a_new_product_in_the_same_file_is_a_new_manual(library: Library) -> None:
    add(library, "/downloads", "manual.md", PUMP)
    add(library, "/downloads", "manual.md", FAN)
    assert sorted(manual.product for manual in library.manuals()) == ["Fan F-100", "Pump P-200"]


def test_several_processes_that_add_one_manual_at_once_make_one_manual(tmp_path: Path) -> None:
    """Also the folder is new, so that they make the database at once too."""
    paths = []
    for n in range(4):
        paths.append(tmp_path / f"edition-{n}.md")
        paths[-1].write_text(PUMP.replace("12 Nm", f"{12 + n} Nm"), encoding="utf-8")
    command = [
        sys.executable,
        str(ROOT / "run.py"),
        "--json",
        "--data",
        str(tmp_path / "data"),
        "add",
    ]
    processes = [
        subprocess.Popen(
            [*command, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for path in paths
    ]
    told = [process.communicate(timeout=240) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0], told
    library = open_library(tmp_path / "data")
    manual = only(library)
    assert (
        manual.version,
        library.connections.db.execute("SELECT count(*) FROM manuals").fetchone()[0],
    ) == (4, 1)
    assert (
        len({f"{n} Nm" for n in range(12, 16) if f"{n} Nm" in found(library, "tighten the screws")})
        == 1
    )
    library.close()


MILL = f"# Getting Started\n\n{LONG}## About\n\nMillCtl moves axes. MillCtl is free, and MillCtl runs on any PC.\n"


@pytest.mark.parametrize("stored_before", [True, False])
def test_a_new_version_is_one_under_the_product_too(library: Library, stored_before: bool) -> None:
    """Also of a manual that was stored when its title was only what the file calls itself."""
    put(library, "MillCtl_Getting_Started.md", MILL)
    assert only(library).name == "MillCtl Getting Started"
    if stored_before:
        with library.connections.writing() as db:
            db.execute("UPDATE manuals SET name = 'Getting Started', product = ''")
            db.execute("UPDATE versions SET title = 'Getting Started'")
    put(library, "MillCtl_Getting_Started.md", MILL.replace("any PC", "a PC"))
    assert (only(library).version, only(library).name) == (
        2,
        "Getting Started" if stored_before else "MillCtl Getting Started",
    )


def test_sister_manuals_whose_files_name_but_the_series_stay_apart(library: Library) -> None:
    text = K7.replace("# User manual", f"# User manual\n\n{LONG}")
    text += "\nEach OtterLine has a seal. Seals of OtterLine are blue. Order them from OtterLine.\n"
    put(library, "OtterLine_manual.md", text)
    job = put(library, "OtterLine_manual.md", text.replace("K7", "K9").replace("2.5 A", "4 A"))
    assert len(library.manuals()) == 2 and job.doubt_name == "OtterLine User manual"
