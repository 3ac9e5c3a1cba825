"""The web pages of one manual: packed into one file by ``pack``, and read as one document of many pages.

Their order is that of the links of the index page, else the natural one by name. Links are never followed.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

from knowledge.errors import EncryptedFile, UnreadableFile
from knowledge.parsing.clean import decoded
from knowledge.parsing.document_builder import flow_document
from knowledge.parsing.html import html_flow
from knowledge.parsing.titles import sensible_title, shown_name, title_from_name
from knowledge.types import Document, Limits

ENDINGS = (".html", ".htm", ".xhtml")
INDEXES = ("index", "contents", "toc", "default")
HEAD = 262_144  # bytes of a page that are looked at for its title and its links
_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{1,500})<", re.I)
_LINK = re.compile(r"<a\s[^>]{0,500}?href\s*=\s*[\"']?([^\"'\s>#?]{1,300})", re.I)


@dataclass(frozen=True, slots=True)
class Group:
    """Files that make one manual: one file, or the pages of one folder in no particular order."""

    paths: tuple[Path, ...]


def groups(paths: Sequence[Path]) -> list[Group]:
    """Files as manuals: pages of one folder that its index page links to, or that have one title, belong together.

    A page that cannot be read is a group of its own, so that whoever reads it can say why.
    """
    folders: dict[Path, list[Path]] = {}
    for path in paths:
        if path.suffix.lower() in ENDINGS and path.is_file():
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
        dict.fromkeys(name for name in found if "/" not in name and name.lower().endswith(ENDINGS))
    )


def pack(group: Group, out: BinaryIO) -> str:
    """Write a group of pages to ``out`` as one file, the same bytes for the same pages; return the name it goes by.

    Raises OSError where a page cannot be read.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(group.paths, key=lambda path: path.name):
            archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return group.paths[0].resolve().parent.name or "pages"


def read_webpages(path: Path, file_name: str, limits: Limits) -> Document:
    """The manual whose pages are packed in a ZIP file. Raises UnreadableFile."""
    shown = shown_name(file_name)
    try:
        with zipfile.ZipFile(path) as archive:
            texts = _texts(archive, shown, limits)
            book, stated = _spine(archive)
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
    names = [name for name in book if name in texts] or _in_order(texts)
    made = [html_flow(texts[name], number) for number, name in enumerate(names, 1)]
    titles = [sensible_title(title) for _, title in made]
    common = next((title for title in titles if title and titles.count(title) > 1), "")
    first = titles[0] if names[0].rpartition("/")[2].rpartition(".")[0].lower() in INDEXES else ""
    title = sensible_title(stated) or first or common or title_from_name(file_name)
    for (
        flow,
        _,
    ) in made:  # what stands above a page's first heading belongs to it, not to the page before
        if flow.headings:
            flow.headings[0] = replace(flow.headings[0], start=0)
    return flow_document("html", title, [flow for flow, _ in made])


def _texts(archive: zipfile.ZipFile, shown: str, limits: Limits) -> dict[str, str]:
    pages = [member for member in archive.infolist() if member.filename.lower().endswith(ENDINGS)]
    if len(pages) > limits.max_pages:
        raise UnreadableFile(f"{shown} holds more than {limits.max_pages:,} pages.")
    if sum(member.file_size for member in pages) > limits.max_unpacked_mb << 20:
        raise UnreadableFile(f"{shown} holds more than {limits.max_unpacked_mb} MB of pages.")
    texts = {}
    for member in pages:
        with archive.open(member) as file:  # never more than it declares
            texts[member.filename] = decoded(file.read(member.file_size), True)[0]
    return texts


def _spine(archive: zipfile.ZipFile) -> tuple[list[str], str]:
    """The pages of an electronic book (EPUB) in its own reading order, and its title; ([], "") for other archives.

    The contents page (nav) is no page of the text. EPUB 3.3 (w3.org/TR/epub-33), sections 4.2 and 5.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)

    def parsed(name: str) -> list[etree._Element]:
        try:
            root = etree.fromstring(archive.read(name), parser)
        except (KeyError, etree.XMLSyntaxError):
            return []
        return [] if root is None else [e for e in root.iter() if isinstance(e.tag, str)]

    def named(elements: list[etree._Element], name: str) -> list[etree._Element]:
        return [e for e in elements if e.tag.rpartition("}")[2] == name]

    roots = named(parsed("META-INF/container.xml"), "rootfile")
    if not roots:
        return [], ""
    if "META-INF/encryption.xml" in archive.namelist() and named(
        parsed("META-INF/encryption.xml"), "EncryptedKey"
    ):
        raise EncryptedFile("The book is protected against copying, so its text cannot be read.")
    place = roots[0].get("full-path", "")
    package = parsed(place)
    files = {e.get("id"): e for e in named(package, "item")}
    listed = [files[e.get("idref")] for e in named(package, "itemref") if e.get("idref") in files]
    pages = [e for e in listed if "nav" not in (e.get("properties") or "").split()]
    names = [
        posixpath.normpath(posixpath.join(posixpath.dirname(place), unquote(e.get("href", ""))))
        for e in pages
    ]
    title = next((e.text or "" for e in named(package, "title")), "")
    return names, title


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
