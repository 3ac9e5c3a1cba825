"""Read a DITA topic or a DocBook file, or an archive of topics with the map that orders them.

Nothing is fetched, and only entities that the file itself declares are filled in.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from html import escape
from html.entities import html5
from pathlib import Path
from typing import Any

from knowledge.errors import UnreadableFile
from knowledge.parsing.content.left_out import left_out_warnings
from knowledge.parsing.converted.xml.elements import (
    DITA_ROOTS,
    DOCBOOK_ROOTS,
    MAPS,
    XML,
    local,
    title_of,
)
from knowledge.parsing.converted.xml.maps import TopicOrder, place_of, topic_order
from knowledge.parsing.converted.xml.writer import XmlWriter
from knowledge.parsing.document_builder import DocumentBuilder, flow_document
from knowledge.parsing.html import html_flow, read_html
from knowledge.parsing.office.archive import DAMAGED
from knowledge.parsing.titles import sensible_title, shown_name, title_from_name
from knowledge.types import Document, Limits

ENDINGS = (".dita", ".xml", ".ditamap", ".dbk", ".docbook")
HEAD = 262_144  # bytes in which a file declares its entities
_ENTITY = re.compile(rb"&([A-Za-z][\w.-]{0,80});")
_DECLARED = re.compile(rb"<!ENTITY\s+([A-Za-z][\w.-]{0,80})\s+[\"']")  # with its text
_XML_ENTITIES = {b"amp", b"lt", b"gt", b"quot", b"apos"}
_LEFT_OUT = {
    "deleted": "{} deleted piece{} of text {} left out.",
    "parts": "{} part{} that the file takes from elsewhere {} not read.",
    "missing": "{} topic{} of the map {} not in the archive.",
    "unlisted": "{} topic{} that no map lists {} left out.",
}


def read_xml(data: bytes, file_name: str) -> Document:
    """A Document out of one file. Raises UnreadableFile for a map, which holds no text."""
    root, damaged, elsewhere = parsed(data)
    if local(root) in MAPS:
        raise UnreadableFile(
            f"{shown_name(file_name)} is a map without its topics: add a ZIP of the map with them."
        )
    index = _index(root)
    writer = XmlWriter(_language(root), lambda told: _inside(index, told))
    html = writer.written(root)
    writer.left_out["parts"] += elsewhere
    told = left_out_warnings(_LEFT_OUT, writer.left_out)
    warnings = (*([DAMAGED] if damaged else []), *told)
    return read_html(html, file_name, "xml", title_of(root), warnings)


def parsed(data: bytes) -> tuple[Any, bool, int]:
    """The root of a file, whether it is damaged, and how many parts of it stand in other files. Raises UnreadableFile where nothing can be made of it."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities="internal", no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    filled, left_open = _with_signs(data)
    root = etree.parse(io.BytesIO(filled), parser).getroot()
    if root is None:
        raise etree.XMLSyntaxError("nothing in it", 0, 0, 0)
    fatal = [e for e in parser.error_log if e.level == etree.ErrorLevels.FATAL]
    unknown = etree.ErrorTypes.ERR_UNDECLARED_ENTITY
    return root, any(entry.type != unknown for entry in fatal), left_open


def read_topics(path: Path, file_name: str, limits: Limits) -> Document:
    """The topics in an archive as the pages of one manual, in the order of its map. Raises UnreadableFile."""
    shown = shown_name(file_name)
    try:
        with zipfile.ZipFile(path) as archive:
            roots, damaged = _roots(archive, shown, limits)
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError) as error:
        raise UnreadableFile(
            f"{shown} is cut short, damaged or protected with a password."
        ) from error
    maps = {name: root for name, root in roots.items() if local(root) in MAPS}
    files = {name: root for name, root in roots.items() if name not in maps and _holds_topics(root)}
    files |= _books(roots)
    order = topic_order(maps, files)
    left_out = Counter[str]()
    archive_index = _Archive(roots, order)
    flows: list[DocumentBuilder] = []
    for topic in order.topics:
        html = f"<h{min(topic.level, 6)}>{escape(topic.title)}</h{min(topic.level, 6)}>"
        if topic.name:
            root = roots[topic.name]
            writer = XmlWriter(_language(root), archive_index.finder(topic.name), order.keys)
            html = writer.written(root, topic.level)
            left_out += writer.left_out
        flows.append(html_flow(html, len(flows) + 1, "xml")[0])
    if not flows:
        raise UnreadableFile(f"{shown} holds none of the topics of its map.")
    listed = {topic.name for topic in order.topics} | archive_index.used
    left_out += Counter(missing=order.missing, unlisted=len(files.keys() - listed))
    told = left_out_warnings(_LEFT_OUT, left_out)
    title = sensible_title(order.title) or title_from_name(file_name)
    return flow_document("xml", title, flows, (*([DAMAGED] if damaged else []), *told))


def _roots(archive: zipfile.ZipFile, shown: str, limits: Limits) -> tuple[dict[str, Any], bool]:
    """The XML files of an archive by name, and whether one of them is damaged."""
    members = [m for m in archive.infolist() if m.filename.lower().endswith(ENDINGS)]
    if len(members) > limits.max_pages:
        raise UnreadableFile(f"{shown} holds more than {limits.max_pages:,} topics.")
    if sum(member.file_size for member in members) > limits.max_unpacked_mb << 20:
        raise UnreadableFile(f"{shown} holds more than {limits.max_unpacked_mb} MB of topics.")
    roots, any_damaged = dict[str, Any](), False
    for member in members:
        with archive.open(member) as file:  # never more than it declares
            data = file.read(member.file_size)
        try:
            roots[posixpath.normpath(member.filename)], damaged, _ = parsed(data)
        except SyntaxError:  # nothing can be made of it
            damaged = True
        any_damaged = any_damaged or damaged
    return roots, any_damaged


class _Archive:
    """Finds what topics refer to in each other. ``used`` are the files that were looked into."""

    def __init__(self, roots: Mapping[str, Any], order: TopicOrder) -> None:
        self._roots = roots
        self._order = order
        self._indexes: dict[str, dict[str, Any]] = {}
        self.used: set[str] = set()

    def finder(self, name: str) -> Callable[[str], Any]:
        """What a reference in a file means: "other.dita#topic/part", "#topic/part", or "key/part"."""

        def find(told: str) -> Any:
            path, _, place = told.partition("#")
            file = place_of(path, name) if path else name
            if file not in self._roots:
                key, _, place = told.partition("/")
                file = self._order.places.get(key, "")
            if file not in self._roots:
                return None
            if file not in self._indexes:
                self._indexes[file] = _index(self._roots[file])
            self.used.add(file)
            return self._indexes[file].get(place)

        return find


def _holds_topics(root: Any) -> bool:
    return local(root) in DITA_ROOTS - MAPS


def _books(roots: Mapping[str, Any]) -> dict[str, Any]:
    """The DocBook files that no other one takes in."""
    taken = {
        place_of(element.get("href", ""), name)
        for name, root in roots.items()
        for element in root.iter("{http://www.w3.org/2001/XInclude}include")
        if element.get("href")
    }
    return {
        name: root
        for name, root in roots.items()
        if local(root) in DOCBOOK_ROOTS and name not in taken
    }


def _with_signs(data: bytes) -> tuple[bytes, int]:
    """A file in which the signs of the standard sets, whose DTD is not read, stand for their names; and how many other
    entities it leaves open, which are parts in other files."""
    declared = set(_DECLARED.findall(data[:HEAD])) | _XML_ENTITIES
    left_open = 0

    def sign(entity: re.Match[bytes]) -> bytes:
        nonlocal left_open
        if entity[1] in declared:
            return entity[0]
        signs = html5.get(f"{entity[1].decode()};", "")
        left_open += not signs
        return "".join(f"&#{ord(sign)};" for sign in signs).encode() or entity[0]

    return _ENTITY.sub(sign, data), left_open


def _language(root: Any) -> str:
    return str(root.get(f"{XML}lang") or root.get("lang") or "")


def _index(root: Any) -> dict[str, Any]:
    """The elements by their names, with the topic's before them ("topic/part") where DITA writes that."""
    found: dict[str, Any] = {}
    for element in root.iter():
        name = element.get("id") or element.get(f"{XML}id") if local(element) else None
        if name:
            found.setdefault(name, element)
            above = next((e for e in element.iterancestors() if e.get("id") and _is_topic(e)), None)
            if above is not None:
                found.setdefault(f"{above.get('id')}/{name}", element)
    found.setdefault("", root)
    return found


def _is_topic(element: Any) -> bool:
    return "topic/topic" in element.get("class", "") or local(element) in (
        "topic", "concept", "task", "reference", "troubleshooting", "glossentry",
    )  # fmt: skip


def _inside(index: dict[str, Any], told: str) -> Any:
    """What a reference inside one file means, or None."""
    path, mark, place = told.partition("#")
    return index.get(place.removeprefix("./")) if mark and not path else None
