"""A folder of web pages: one manual of many pages where they belong together, in the order of its index."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from knowledge.errors import UnreadableFile
from knowledge.library import Library
from knowledge.parsing import Limits, read_file
from knowledge.parsing.web_pages import Group, groups, pack
from knowledge.search.retriever import Search
from tests.support.command import out, run
from tests.support.manuals import only, put


def page(folder: Path, name: str, title: str, body: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(
        f"<html><head><title>{title}</title></head><body>{body}</body></html>", encoding="utf-8"
    )
    return folder / name


def chapters(folder: Path) -> list[Path]:
    subjects = ("Reset", "Filter", "Fuse", "Start", "Storage")
    return [
        page(
            folder,
            f"ch{n}.html",
            "Kestrel manual",
            f"<p>Kestrel</p><h1>{name}</h1><p>About {name} number {n}.</p>",
        )
        for n, name in enumerate(subjects, 8)
    ]


def test_pages_of_one_title_become_one_manual_and_all_are_found(tmp_path: Path) -> None:
    chapters(tmp_path / "pages")
    rows = out("add", tmp_path / "pages", data=tmp_path / "data")["files"]
    assert len(rows) == 5 and {row["state"] for row in rows} == {"done"}
    (manual,) = out("manuals", data=tmp_path / "data")["manuals"]
    assert (manual["name"], manual["version"], manual["pages"]) == ("Kestrel manual", 1, 5)
    for name in ("Reset", "Filter", "Fuse", "Start", "Storage"):
        first = out("search", f"about {name}", "--limit", 1, data=tmp_path / "data")["passages"][0]
        assert name in first["text"] and first["section"] == name
    again = out("add", tmp_path / "pages", data=tmp_path / "data")["files"]
    assert {row["state"] for row in again} == {"unchanged"}
    page(tmp_path / "pages", "ch8.html", "Kestrel manual", "<h1>Reset</h1><p>Another reset.</p>")
    assert (
        "Version 2 of 'Kestrel manual': 1 section changed"
        in run("add", tmp_path / "pages", data=tmp_path / "data").stdout
    )


def test_the_index_page_gives_title_members_and_order(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    page(folder, "zz.html", "Second", "<h1>Zeta</h1><p>The last letter.</p>")
    page(folder, "aa.html", "Third", "<p>No heading here.</p>")
    page(folder, "alone.html", "Something else", "<h1>Alone</h1><p>Linked from nowhere.</p>")
    page(
        folder,
        "index.html",
        "Handbook",
        '<h1>Handbook</h1><p>Welcome.</p><a href="./zz.html#x">2</a> <a href="aa.html">3</a>',
    )
    made = groups(sorted(folder.iterdir()))
    assert sorted(len(group.paths) for group in made) == [1, 3]
    packed = io.BytesIO()
    pages = next(group for group in made if len(group.paths) == 3)
    pack(pages, packed)
    assert pages.name == "pages"
    (tmp_path / "packed").write_bytes(packed.getvalue())
    document = read_file(tmp_path / "packed", "pages")
    assert (document.title, document.kind, document.paged) == ("Handbook", "html", False)
    assert [one.text.split()[0] for one in document.pages] == ["Handbook", "Zeta", "Third"]


def test_links_of_an_index_page_are_addresses(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    page(folder, "über uns.html", "Us", "<h1>Us</h1><p>About us.</p>")
    page(folder, "a.html", "Them", "<h1>Them</h1><p>About them.</p>")
    page(folder, "index.html", "Book", '<h1>Book</h1><p>All.</p><a href="%C3%BCber%20uns.html">1</a> <a href="a.html">2</a>')  # fmt: skip
    (group,) = groups(sorted(folder.iterdir()))
    with (tmp_path / "packed").open("wb") as stream:
        pack(group, stream)
    headings = [heading.title for heading in read_file(tmp_path / "packed", "pages").headings]
    assert headings[-2:] == ["Us", "Them"]


def test_pages_without_an_index_are_in_the_order_a_person_would_give(tmp_path: Path) -> None:
    paths = chapters(tmp_path / "pages")
    packed = tmp_path / "packed"
    with packed.open("wb") as stream:
        pack(Group(tuple(reversed(paths))), stream)
    headings = [heading.title for heading in read_file(packed, "pages").headings]
    assert headings == ["Reset", "Filter", "Fuse", "Start", "Storage"]


def test_pictures_beside_pages_are_no_manuals_of_their_own(tmp_path: Path) -> None:
    """A fax and an old Word file in a folder are taken in; the pictures of web pages are not."""
    from knowledge.parsing.formats import manuals_in

    for name in ("a.html", "logo.png", "photo.jpg", "fax.tif", "old.doc", "icon.webp"):
        (tmp_path / name).write_bytes(b"x")
    assert [path.name for path in manuals_in(tmp_path)] == ["a.html", "fax.tif", "old.doc"]


def test_separate_manuals_in_one_folder_stay_separate(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    paths = [
        page(folder, "pump.html", "Pump manual", "<h1>Seal</h1><p>Replace it.</p>"),
        page(folder, "fan.html", "Fan manual", "<h1>Blade</h1><p>Clean it.</p>"),
    ]
    assert [group.paths for group in groups(paths)] == [(paths[0],), (paths[1],)]


def test_pages_sent_one_by_one_are_manuals_of_their_own_named_by_their_headings(
    library: Library, tmp_path: Path
) -> None:
    for path in chapters(tmp_path / "pages"):
        put(library, path.name, path.read_bytes())
    assert sorted(manual.name for manual in library.manuals()) == [
        "Kestrel manual", "Kestrel manual: Filter", "Kestrel manual: Fuse", "Kestrel manual: Start", "Kestrel manual: Storage",
    ]  # fmt: skip
    assert (
        "number 12" in Search(library, library.index).find("about storage").evidence[0].passage.text
    )


def test_a_zip_of_pages_in_folders_is_one_manual(library: Library) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            "help/index.html",
            '<title>Help</title><h1>Help</h1><a href="b.html">b</a><a href="a.html">a</a>',
        )
        archive.writestr("help/a.html", "<h1>Alpha</h1><p>First letter.</p>")
        archive.writestr("help/b.html", "<h1>Beta</h1><p>Second letter.</p>")
        archive.writestr("help/logo.png", b"\x89PNG")
    put(library, "help.zip", packed.getvalue())
    assert (only(library).name, only(library).pages) == ("Help", 3)


def test_a_bomb_of_pages_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.html", b"<p>" + b"x" * (3 << 20))
    with pytest.raises(UnreadableFile, match="more than 2 MB of pages"):
        read_file(tmp_path / "bomb.zip", "bomb.zip", Limits(max_unpacked_mb=2))
