"""The web pages of one manual: packed into one file by ``pack``, and read as one document of many pages.

Their order is that of the links of the index page, else the natural one by name. Links are never followed.
"""

from __future__ import annotations

import posixpath
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote

from knowledge.errors import EncryptedFile, UnreadableFile
from knowledge.parsing.clean import decoded
from knowledge.parsing.content.left_out import left_out_warnings
from knowledge.parsing.document_builder import flow_document
from knowledge.parsing.formats import DOCUMENTS, PAGES
from knowledge.parsing.html import html_flow
from knowledge.parsing.office.archive import DAMAGED, parsed_xml
from knowledge.parsing.titles import sensible_title, shown_name, title_from_name
from knowledge.types import Document, Limits

INDEXES = ("index", "contents", "toc", "default")
BOOK_PAGES = (
    "application/xhtml+xml",
    "text/html",
    "application/x-dtbook+xml",
    "text/x-oeb1-document",
)
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # hide no text
_LEFT_OUT = {
    "missing": "{} page{} of the book {} not read: missing, or not written as text.",
    "beside": "{} document{} beside the web pages {} left out. To have them, too, add them by themselves.",
    "unlisted": "{} page{} that the book does not list in its reading order {} left out.",
}
HEAD = 262_144  # bytes of a page that are looked at for its title and its links
_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{1,500})<", re.I)
_LINK = re.compile(r"<a\s[^>]{0,500}?href\s*=\s*[\"']?([^\"'\s>#?]{1,300})", re.I)


@dataclass(frozen=True, slots=True)
class Group:
    """Files that make one manual: one file, or the pages of one folder in no particular order."""

    paths: tuple[Path, ...]

    @property
    def source(self) -> str:
        """The folder that they lie in."""
        return str(self.paths[0].resolve().parent)

    @property
    def name(self) -> str:
        """The file name that the manual goes by: the file's own, or that of the pages' folder."""
        if len(self.paths) == 1:
            return self.paths[0].name
        return self.paths[0].resolve().parent.name or "pages"

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The bytes of the manual as they are uploaded. Raises OSError."""
        if len(self.paths) == 1:
            with self.paths[0].open("rb") as stream:
                yield stream
            return
        with tempfile.TemporaryFile() as packed:
            pack(self, packed)
            packed.seek(0)
            yield packed


def groups(paths: Sequence[Path]) -> list[Group]:
    """Files as manuals: pages of one folder that its index page links to, or that have one title, belong together.

    A page that cannot be read is a group of its own, so that whoever reads it can say why.
    """
    folders: dict[Path, list[Path]] = {}
    for path in paths:
        if path.suffix.lower() in PAGES and path.is_file():
            folders.setdefault(path.resolve().parent, []).append(path)
    member: dict[Path, tuple[Path, ...]] = {}
    for pages in folders.values():
        for together in _together(pages):
            member |= dict.fromkeys(together, tuple(together))
    made: dict[tuple[Path, ...], Group] = {}
    for path in paths:
        key = member.get(path, (path,))
        made.setdefault(key, Group(key))
    return list(made.values())


def _together(pages: list[Path]) -> list[list[Path]]:
    titles: dict[bytes, list[Path]] = {}
    linked: list[Path] = []
    for page in pages:
        try:
            with page.open("rb") as file:
                head = file.read(HEAD)
        except OSError:
            continue
        found = _TITLE.search(head)
        if found and found[1].strip():
            titles.setdefault(b" ".join(found[1].split()).lower(), []).append(page)
        if page.stem.lower() in INDEXES and not linked:
            links = _links(decoded(head, True)[0])
            linked = [page, *(other for other in pages if other != page and other.name in links)]
    found_groups = [linked] if len(linked) > 1 else []
    for same in titles.values():
        if any(page in linked for page in same):
            linked += [page for page in same if page not in linked] if found_groups else []
        elif len(same) > 1:
            found_groups.append(same)
    return found_groups


def _links(text: str) -> list[str]:
    """The file names that a page links to in its own folder, in order."""
    found = (unquote(match[1]).removeprefix("./") for match in _LINK.finditer(text))
    return list(
        dict.fromkeys(name for name in found if "/" not in name and name.lower().endswith(PAGES))
    )


def pack(group: Group, out: BinaryIO) -> None:
    """Write a group of pages to ``out`` as one file, the same bytes for the same pages.

    Raises OSError where a page cannot be read.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(group.paths, key=lambda path: path.name):
            archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED)


@dataclass(frozen=True, slots=True)
class _Book:
    """An electronic book: its pages in their order, its title, and how many pages it has that are not among them."""

    pages: tuple[str, ...] = ()
    title: str = ""
    missing: int = 0
    unlisted: int = 0
    damaged: bool = False


def read_webpages(path: Path, file_name: str, limits: Limits) -> Document:
    """The manual whose pages are packed in a ZIP file. Raises UnreadableFile, EncryptedFile for a protected book."""
    shown = shown_name(file_name)
    try:
        with zipfile.ZipFile(path) as archive:
            book = _book(archive, shown)
            texts = _texts(archive, shown, limits, book.pages)
            beside = 0 if book.pages else _documents(archive)
    except (
        zipfile.BadZipFile,
        EOFError,
        zlib.error,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise UnreadableFile(
            f"{shown} is cut short, damaged or protected with a password."
        ) from error
    names = list(book.pages) or _in_order(texts)
    if not names:
        raise UnreadableFile(f"{shown} holds none of its pages.")
    made = [html_flow(texts[name], number) for number, name in enumerate(names, 1)]
    titles = [sensible_title(title) for _, title in made]
    common = next((title for title in titles if title and titles.count(title) > 1), "")
    first = titles[0] if names[0].rpartition("/")[2].rpartition(".")[0].lower() in INDEXES else ""
    title = sensible_title(book.title) or first or common or title_from_name(file_name)
    for (
        flow,
        _,
    ) in made:  # what stands above a page's first heading belongs to it, not to the page before
        if flow.headings:
            flow.headings[0] = replace(flow.headings[0], start=0)
    told = left_out_warnings(
        _LEFT_OUT, {"missing": book.missing, "unlisted": book.unlisted, "beside": beside}
    )
    warnings = (*([DAMAGED] if book.damaged else []), *told)
    return flow_document("html", title, [flow for flow, _ in made], warnings)


def _texts(
    archive: zipfile.ZipFile, shown: str, limits: Limits, listed: Sequence[str]
) -> dict[str, str]:
    """The pages by name: those that are listed, else those whose names say that they are pages."""
    members = archive.infolist()
    wanted = set(listed)
    pages = [m for m in members if m.filename in wanted]
    pages = pages or [m for m in members if m.filename.lower().endswith(PAGES)]
    if len(pages) > limits.max_pages:
        raise UnreadableFile(f"{shown} holds more than {limits.max_pages:,} pages.")
    if sum(member.file_size for member in pages) > limits.max_unpacked_mb << 20:
        raise UnreadableFile(f"{shown} holds more than {limits.max_unpacked_mb} MB of pages.")
    texts = {}
    for member in pages:
        with archive.open(member) as file:  # never more than it declares
            texts[member.filename] = decoded(file.read(member.file_size), True)[0]
    return texts


def _documents(archive: zipfile.ZipFile) -> int:
    """How many members are documents, and no pages of a site."""
    return sum(name.lower().endswith(DOCUMENTS) for name in archive.namelist())


def _book(archive: zipfile.ZipFile, shown: str) -> _Book:
    """The electronic book (EPUB) in an archive; one without pages for other archives. Raises EncryptedFile.

    The contents page (nav) is no page of the text. EPUB 3.3 (w3.org/TR/epub-33), sections 4.2 and 5.
    """
    members = set(archive.namelist())

    def parsed(name: str) -> tuple[list[Any], bool]:
        root, broken = parsed_xml(archive.read(name) if name in members else b"")
        return [e for e in root.iter() if isinstance(e.tag, str)], broken

    container, _ = parsed("META-INF/container.xml")
    place = next((e.get("full-path", "") for e in _named(container, "rootfile")), "")
    if not place:
        return _Book()
    encryption, _ = parsed("META-INF/encryption.xml")
    if _is_protected(encryption) or members & {"META-INF/rights.xml", "META-INF/license.lcpl"}:
        raise EncryptedFile(f"{shown} is protected against copying, so its text cannot be read.")
    package, damaged = parsed(place)
    files = {e.get("id", ""): e for e in _named(package, "item")}
    found: dict[str, None] = {}
    listed: set[str] = set()
    missing: set[str] = set()
    for reference in _named(package, "itemref"):
        item = _as_page(reference.get("idref", ""), files)
        if item is not None and "nav" in item.get("properties", "").split():
            continue
        name = "" if item is None else _member_of(item, place, members)
        missing |= set() if name else {reference.get("idref", "")}
        found |= {name: None} if name else {}
        listed |= {reference.get("idref", ""), "" if item is None else item.get("id", "")}
    unlisted = [
        e
        for key, e in files.items()
        if key not in listed
        and e.get("media-type", "") in BOOK_PAGES
        and "nav" not in e.get("properties", "").split()
        and _member_of(e, place, members) not in found
    ]
    title = next((e.text or "" for e in _named(package, "title")), "")
    more = {e.get("href", "").partition("#")[0] for e in unlisted} if found else set[str]()
    return _Book(tuple(found), title, len(missing), len(more), damaged)


def _named(elements: Sequence[Any], name: str) -> list[Any]:
    return [e for e in elements if e.tag.rpartition("}")[2] == name]


def _is_protected(encryption: Sequence[Any]) -> bool:
    """Does a book's list of what is encrypted name more than fonts?"""
    methods = [
        e.get("Algorithm", "")
        for data in _named(encryption, "EncryptedData")
        for e in data.iter("{*}EncryptionMethod")
    ]
    return bool(_named(encryption, "EncryptedKey")) or any(m not in _FONTS for m in methods)


def _as_page(key: str, files: dict[str, Any]) -> Any:
    """The entry of a page, or that of the page that stands for what is none; None where there is none."""
    for _ in range(10):
        item = files.get(key)
        if item is None:
            return None
        kind = item.get("media-type", "")
        href = item.get("href", "").partition("#")[0].lower()
        if kind in BOOK_PAGES or href.endswith(PAGES):
            return item
        key = item.get("fallback", "")
    return None


def _member_of(item: Any, place: str, members: set[str]) -> str:
    """The name that a book's file has in the archive, or "" where it is not there."""
    href = item.get("href", "").partition("#")[0]
    for told in (unquote(href), href):
        name = posixpath.normpath(posixpath.join(posixpath.dirname(place), told))
        if name in members:
            return name
    return ""


def _in_order(texts: dict[str, str]) -> list[str]:
    """The index page, the pages it links to in the order of the links, then the others by name ("ch2" before "ch10")."""
    by_name = sorted(
        texts,
        key=lambda name: [
            int(part) if part.isdigit() else part.casefold() for part in re.split(r"(\d+)", name)
        ],
    )
    index = next(
        (name for name in by_name if name.rpartition("/")[2].rpartition(".")[0].lower() in INDEXES),
        "",
    )
    folder = index.rpartition("/")[0]
    linked = [f"{folder}/{link}".lstrip("/") for link in _links(texts[index])] if index else []
    return list(dict.fromkeys(name for name in [index, *linked, *by_name] if name in texts))
