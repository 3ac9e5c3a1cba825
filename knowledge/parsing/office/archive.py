"""Open Office files (DOCX, PPTX, XLSX, OpenDocument) safely and hand them to their readers.

Bombs are refused here by what the archive declares; links in the files are never followed.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import Any, Literal

from knowledge.errors import EncryptedFile, UnreadableFile
from knowledge.parsing.titles import shown_name
from knowledge.types import Document, Limits

RATIO = 200  # times; XML of real sheets packs 10 to 50 times
DAMAGED = "The file is damaged inside: some of its text may be missing."
SMALL = 10 << 20  # bytes: below this a high ratio does no harm


def read_office(
    path: Path,
    file_name: str,
    kind: Literal["docx", "pptx", "xlsx", "opendocument"],
    limits: Limits,
) -> Document:
    """The manual in an Office file. Raises EncryptedFile or UnreadableFile."""
    title = _checked_title(path, shown_name(file_name), limits)
    if kind == "docx":
        from knowledge.parsing.office.word import read_word

        return read_word(path, file_name, title)
    if kind == "pptx":
        from knowledge.parsing.office.slides.pptx import read_slides

        return read_slides(path, file_name, title)
    if kind == "opendocument":
        from knowledge.parsing.office.opendocument import read_opendocument

        return read_opendocument(path, file_name)
    from knowledge.parsing.office.xlsx import read_sheets

    return read_sheets(path, file_name, title)


def parsed_xml(data: bytes) -> tuple[Any, bool]:
    """The root of an XML part (an empty element where there is none), and whether it broke off or text of it was passed over."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=True)
    root = etree.fromstring(data, parser) if data.strip() else None
    fatal = any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log)
    return (etree.Element("none") if root is None else root), fatal


def _checked_title(path: Path, shown: str, limits: Limits) -> str:
    """Refuse what would hurt; return the title in the file's properties, or ""."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_sizes(members, shown, limits)
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    _check_xml(archive, member, shown)
            return _property_title(archive)
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise UnreadableFile(f"{shown} is cut short or damaged.") from error


def _check_sizes(members: list[zipfile.ZipInfo], shown: str, limits: Limits) -> None:
    if any(member.flag_bits & 1 for member in members):
        raise EncryptedFile(f"{shown} is protected with a password.")
    total = sum(member.file_size for member in members)
    if total > limits.max_unpacked_mb << 20:
        raise UnreadableFile(
            f"{shown} would unpack to {total >> 20:,} MB, more than {limits.max_unpacked_mb:,} MB."
        )
    if any(m.file_size > SMALL and m.file_size > RATIO * max(m.compress_size, 1) for m in members):
        raise UnreadableFile(
            f"{shown} is packed in a way that no Office program does, so it was not opened."
        )


def _check_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo, shown: str) -> None:
    """Office XML never declares entities; a file that does wants to blow up its reader."""
    with archive.open(member) as file:
        head = file.read(65_536).replace(b"\0", b"")  # without the NULs of UTF-16
    if re.search(rb"<!(DOCTYPE|ENTITY)", head, re.I):
        raise UnreadableFile(
            f"{shown} holds XML declarations that no Office program writes, so it was not opened."
        )


def _property_title(archive: zipfile.ZipFile) -> str:
    from lxml import etree

    try:
        data = archive.read("docProps/core.xml")
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except (KeyError, etree.XMLSyntaxError):
        return ""
    return root.findtext("{http://purl.org/dc/elements/1.1/}title") or ""
