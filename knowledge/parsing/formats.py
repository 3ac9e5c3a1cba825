"""Tell what a file is from its first bytes and, for Office files, from the list of its members. Parses nothing."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO, Literal

from knowledge.errors import EncryptedFile, ManualsInside, UnknownFormat, UnreadableFile
from knowledge.parsing.clean import BOMS, utf16_guess
from knowledge.parsing.converted.xml.elements import DITA_ROOTS, DOCBOOK_ROOTS
from knowledge.parsing.titles import shown_name

FileKind = Literal[
    "pdf", "docx", "pptx", "xlsx", "opendocument", "html", "webpages", "markdown", "text",
    "csv", "json", "mail", "rtf", "xml", "topics", "outlook", "image", "doc", "xls", "ppt",
]  # fmt: skip
HEAD = 65_536
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHERS = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a media file"),  # a WebP image is one, too
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"%!PS", "a PostScript file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format", "a database"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
)
OFFICE: tuple[tuple[str, FileKind], ...] = (
    ("word/document", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("xl/workbook.xml", "xlsx"),
)
NAMES: dict[str, FileKind] = {
    "md": "markdown",
    "markdown": "markdown",
    "mkd": "markdown",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "csv": "csv",
    "tsv": "csv",
}
PACKED = ("pdf", "docx", "pptx", "xlsx", "odt", "ods", "odp", "epub")
OPENDOCUMENT = re.compile(
    rb"application/vnd\.oasis\.opendocument\.(?:text|spreadsheet|presentation)"
)
_MAIL = re.compile(
    rb"(?:[A-Za-z][A-Za-z-]{1,40}:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){0,60}(?:mime-version|content-type|message-id|received):",
    re.I,
)
_MAIL_NAMES = ("eml", "mht", "mhtml", "")
_SENDER = re.compile(rb"^from:[^\n]*\r?\n", re.I | re.M)
_MIME = re.compile(rb"^mime-version:\s*1\.0\b", re.I | re.M)
# Two reserved words of zeros, the place of the pixels, and the length of a head that was ever in use
_BITMAP = re.compile(rb"BM.{4}\0{4}.{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.S)
_JSON = re.compile(rb"(?:\[\s*)?\{\s*\"[^\"\n]{1,100}\"\s*:\s*[\"\[{\dtfn-]")
XML_NAMES = ("xml", "dita", "ditamap", "dbk", "docbook")
_XML = re.compile(
    rb"(?>(?:<\?.*?\?>\s*)*)(?:<!doctype\s+(?P<doctype>[\w.:-]+)(?P<type>[^\[>]*)|<(?P<root>[a-z][\w.:-]*)(?P<attributes>[^>]*))",
    re.S,
)
# Office files as one XML text: by the namespace of the root, what they are and what to save them as
_OFFICE_XML = re.compile(
    rb"(?:<\?[^>]*>\s*){0,20}<(?:[\w.-]+:)?(?:workbook|worddocument|package|document)\b[^>]*?[\"'](?P<space>urn:schemas-microsoft-com:office:spreadsheet"
    rb"|http://schemas\.microsoft\.com/office/(?:word/2003/wordml|2006/xmlpackage)|urn:oasis:names:tc:opendocument:xmlns:office:1\.0)[\"']",
    re.S,
)
_SAVE_AS = {
    b"spreadsheet": ("an Excel 2003 XML file", "XLSX"),
    b"wordml": ("a Word 2003 XML file", "DOCX"),
    b"xmlpackage": ("an Office file in one XML text", "DOCX, XLSX or PPTX"),
    b"1.0": ("a flat OpenDocument file", "ODT, ODS or ODP"),
}
# What people's files of these kinds are called; a ZIP is offered beside them, as the web pages of one manual.
SUFFIXES = (
    ".pdf",
    ".md",
    ".markdown",
    ".html",
    ".htm",
    ".txt",
    ".docx",
    ".pptx",
    ".xlsx",
    ".odt",
    ".ods",
    ".odp",
    ".epub",
    ".rtf",
    ".dita",
    ".dbk",
    ".xml",
    ".csv",
    ".tsv",
    ".json",
    ".jsonl",
    ".eml",
    ".msg",
    ".mht",
    ".mhtml",
    ".doc",
    ".dot",
    ".xls",
    ".ppt",
    ".pps",
    ".tif",
    ".tiff",
)
# Offered too, but not taken in with a folder: pictures lie beside the pages that show them.
PICTURES = (".png", ".jpg", ".jpeg", ".webp")
PAGES = (".html", ".htm", ".xhtml")
TEXTS = (".md", ".markdown", ".txt", ".csv", ".tsv", ".json", ".jsonl", ".xml", ".dita", ".dbk")
# Beside web pages in an archive, these are manuals of their own and no part of the site.
DOCUMENTS = tuple(one for one in SUFFIXES if one not in (*PAGES, *TEXTS, ".tif", ".tiff"))
MOST_LOOKED_AT = 500  # members of a ZIP whose beginnings are read
MAX_MEMBERS, MAX_DIRECTORY = (
    20_000,
    8 << 20,
)  # an Office file of 1,000 slides has about 5,000 members


def file_kind(path: Path, file_name: str) -> FileKind:
    """The format of the file's content. The name decides only between text formats.

    Raises UnreadableFile (empty), EncryptedFile (Office with a password) or UnknownFormat.
    """
    shown = shown_name(file_name)
    with path.open("rb") as file:
        head = file.read(HEAD)
        size = file.seek(0, 2)
        file.seek(max(0, size - 2048))
        tail = file.read()
    if not head.strip():
        raise UnreadableFile(f"{shown} is empty.")
    if _is_pdf(head, tail):
        return "pdf"
    if head.startswith(b"PK"):
        with path.open("rb") as file:
            return _office(file, shown)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith(OLE):
        if "__properties_version1.0".encode("utf-16-le") in path.read_bytes():
            return "outlook"
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise EncryptedFile(f"{shown} is protected with a password.")
        return _old_office(path, shown)
    binary = (
        utf16_guess(head) == ""
        and not any(head.startswith(mark) for mark, _ in BOMS)
        and _is_binary(head)
    )
    if _BITMAP.match(head):
        return "image"
    for magic, what in OTHERS:
        if head.startswith(magic) and (binary or len(magic) > 3 or head[2:3] < b"\x20"):
            if what.endswith(" image") or head[:4] + head[8:12] == b"RIFFWEBP":
                return "image"
            raise UnknownFormat(f"{shown} is {what}, not a manual that can be read.")
    if binary:
        raise UnknownFormat(f"{shown} is not in a format that can be read.")
    if found := _OFFICE_XML.match(_beginning(head)):
        what, better = _SAVE_AS[re.split(rb"[:/]", found["space"])[-1]]
        raise UnknownFormat(
            f"{shown} is {what}, which cannot be read: open it in its program and save it as {better}."
        )
    kind, ending = _text_kind(head, file_name), file_name.rsplit(".", 1)[-1].lower()
    if kind == "html" and ending in PACKED:
        raise UnknownFormat(
            f"{shown} is a web page and not a {ending.upper()} file: perhaps a sign-in page was saved in its place."
        )
    return kind


def _old_office(path: Path, shown: str) -> FileKind:
    """Which program wrote a compound file, by the streams in it. Raises EncryptedFile, UnreadableFile, UnknownFormat."""
    from knowledge.parsing.converted.old_office import kind_of

    kind = kind_of(path, shown)
    if not kind:
        raise UnknownFormat(f"{shown} is in an old Office format that cannot be read.")
    return kind


def _is_pdf(head: bytes, tail: bytes) -> bool:
    at = head.find(b"%PDF-", 0, 1024)  # ISO 32000 allows junk in the first 1,024 bytes
    if at < 0:
        return False
    return not head[:at].strip(b"\xef\xbb\xbf \t\r\n\0") or b"%%EOF" in tail or b"startxref" in tail


def _is_binary(head: bytes) -> bool:
    odd = sum(head.count(bytes((code,))) for code in range(32) if code not in (9, 10, 12, 13, 27))
    return odd > 0.05 * len(head)


def _beginning(head: bytes) -> bytes:
    """The first bytes of a text in small letters, without remarks of XML."""
    return (
        re.sub(rb"<!--.*?-->", b"", head[:8192].replace(b"\0", b""), flags=re.S)
        .lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        .lower()
    )


def _text_kind(head: bytes, file_name: str) -> FileKind:
    start = _beginning(head)
    if re.match(rb"(<\?xml[^>]*>\s*)?(<!doctype\s+html|<html|<head|<body)", start):
        return "html"
    ending = file_name.rsplit(".", 1)[-1].lower() if "." in file_name else ""
    if _is_manual_xml(start, ending):
        return "xml"
    if ending in NAMES:
        return NAMES[ending]
    if _MAIL.match(head.lstrip()) and (ending in _MAIL_NAMES or _is_sure_mail(head.lstrip())):
        return "mail"
    if ending in ("json", "jsonl", "ndjson") or _JSON.match(start):
        return "json"
    if ending == "txt":
        return "text"
    if re.search(rb"<(h[1-6]|p|div|table|ul)[\s>].*</(h[1-6]|p|div|table|ul)>", start, re.S):
        return "html"
    return "markdown" if len(re.findall(rb"(?m)^#{1,6} \S", head)) >= 2 else "text"


def _is_manual_xml(start: bytes, ending: str) -> bool:
    """Does a text begin as DITA or DocBook do? By the document type it names or its namespace; else by its name, too."""
    found = _XML.match(start)
    if not found:
        return False
    told = found["type"] or found["attributes"] or b""
    root = (found["doctype"] or found["root"]).rpartition(b":")[2].decode("latin-1")
    if root not in DITA_ROOTS | DOCBOOK_ROOTS:
        return False
    sure = re.search(rb"docbook|dita|class\s*=\s*[\"'][-+] (?:topic|map)/", told)
    return bool(sure) or ending in XML_NAMES


def _is_sure_mail(head: bytes) -> bool:
    """Does a text that is not called a mail begin as only mails do? "Subject:" and "Received:" may head a manual's lines."""
    lines = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0] + b"\n"
    return bool(_SENDER.search(lines) and _MIME.search(lines))


def _office(file: BinaryIO, shown: str) -> FileKind:
    if not _directory_is_small(file):
        raise UnreadableFile(f"{shown} is damaged or is not an Office file.")
    try:
        with zipfile.ZipFile(file) as archive:
            members = set(archive.namelist())
            said = archive.open("mimetype").read(100) if "mimetype" in members else b""
    except (
        zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, struct.error, zlib.error,
    ) as error:  # fmt: skip
        raise UnreadableFile(f"{shown} is cut short or damaged.") from error
    for member, kind in OFFICE:
        if member in members or f"{member}.xml" in members or f"{member}2.xml" in members:
            return kind
    if OPENDOCUMENT.match(said) and "content.xml" in members:
        return "opendocument"
    if "META-INF/container.xml" in members and said.startswith(b"application/epub+zip"):
        return "webpages"
    if any(member.lower().endswith((".dita", ".ditamap")) for member in members):
        return "topics"
    pages = sum(member.lower().endswith(PAGES) for member in members)
    inside = sum(member.lower().endswith(DOCUMENTS) for member in members)
    if pages and pages >= inside:
        return "webpages"
    if _holds_book(file, members):
        return "topics"
    if not shown.lower().endswith(DOCUMENTS) and (
        pages or any(member.lower().endswith(SUFFIXES) for member in members)
    ):
        raise ManualsInside(f"{shown} is an archive of manuals.")
    raise UnknownFormat(f"{shown} is a ZIP archive, not a document.")


def _holds_book(file: BinaryIO, members: Collection[str]) -> bool:
    """Is one of the members of an archive a DocBook file, as it says itself?"""
    named = [name for name in sorted(members) if name.lower().endswith((".xml", ".dbk"))]
    try:
        with zipfile.ZipFile(file) as archive:
            for name in named[:MOST_LOOKED_AT]:
                with archive.open(name) as member:
                    if _text_kind(member.read(HEAD), "") == "xml":
                        return True
    except (zipfile.BadZipFile, OSError, RuntimeError, EOFError, zlib.error):
        return False
    return False


def _directory_is_small(file: BinaryIO) -> bool:
    """Whether the list of members, which zipfile reads whole, is short. A missing list is left for zipfile to complain of."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_557))  # the end record is 22 bytes and a comment of at most 65,535
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return True
    members, length = struct.unpack("<HI", tail[at + 10 : at + 16])
    return members < MAX_MEMBERS and length < MAX_DIRECTORY


def manuals_in(folder: Path) -> list[Path]:
    """The files under a folder that may be manuals, at any depth; what begins with a dot, and Office's lock files, are none."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and not path.name.startswith("~$")
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
        and (path.suffix.lower() != ".xml" or _may_be_manual(path))
    )


def _may_be_manual(path: Path) -> bool:
    """Is an XML file one of the kinds that are read? Settings and data are XML, too."""
    try:
        return file_kind(path, path.name) == "xml"
    except (OSError, UnreadableFile):
        return False
