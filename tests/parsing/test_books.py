"""Electronic books (EPUB): their pages by what the book says of them; what is missing or protected is told."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from knowledge.errors import EncryptedFile, UnreadableFile
from knowledge.parsing import read_file
from knowledge.types import Document

XHTML = "application/xhtml+xml"


def book(folder: Path, items: str, order: str, members: dict[str, str], text: str = "") -> Document:
    """Read a book whose package, OEBPS/text/book.opf, has these items and this order ("a b")."""
    spine = "".join(f'<itemref idref="{name}"/>' for name in order.split())
    package = f'<package xmlns="http://www.idpf.org/2007/opf"><metadata/><manifest>{items}</manifest><spine>{spine}</spine>{text}</package>'
    path = folder / "book.epub"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container><rootfiles><rootfile full-path="OEBPS/text/book.opf"/></rootfiles></container>',
        )
        archive.writestr("OEBPS/text/book.opf", package)
        for name, said in members.items():
            archive.writestr(name, said)
    return read_file(path, "book.epub")


def item(key: str, href: str, kind: str = XHTML, more: str = "") -> str:
    return f'<item id="{key}" href="{href}" media-type="{kind}" {more}/>'


def page(name: str) -> str:
    return f"<html><body><h1>{name}</h1><p>About {name}.</p></body></html>"


def headings(document: Document) -> list[str]:
    return [heading.title for heading in document.headings]


def test_pages_are_what_the_book_calls_so_whatever_their_names_end_in(tmp_path):
    items = item("a", "a.xml") + item("b", "b") + item("c", "c.html", "text/xml")
    members = {f"OEBPS/text/{name}": page(name) for name in ("a.xml", "b", "c.html")}
    document = book(tmp_path, items, "b a c", members)
    assert headings(document) == ["b", "a.xml", "c.html"] and document.warnings == ()
    alone = book(tmp_path, item("a", "a.xml"), "a", {"OEBPS/text/a.xml": page("Alone")})
    assert headings(alone) == ["Alone"]


def test_addresses_of_pages_are_those_of_the_web(tmp_path):
    items = (
        item("a", "../%C3%BCber%20uns.xhtml#top") + item("b", "./sub/../b.xhtml") + item("c", "50%.xhtml")
    )  # fmt: skip
    members = {"OEBPS/über uns.xhtml": page("A"), "OEBPS/text/b.xhtml": page("B"), "OEBPS/text/50%.xhtml": page("C")}  # fmt: skip
    document = book(tmp_path, items, "c b a", members)
    assert headings(document) == ["C", "B", "A"] and document.warnings == ()


def test_pages_that_are_missing_or_no_text_or_not_listed_are_told_of(tmp_path):
    items = "".join(
        (
            item("a", "a.xhtml"), item("b", "b.xhtml"), item("c", "c.svg", "image/svg+xml"), item("d", "d.xhtml"),
            item("e", "e.svg", "image/svg+xml", 'fallback="f"'), item("f", "f.xhtml"),
            item("n", "n.xhtml", more='properties="nav"'),
        )
    )  # fmt: skip
    members = {f"OEBPS/text/{name}.xhtml": page(name.upper()) for name in "adfn"}
    document = book(tmp_path, items, "a b c e nowhere n", members)
    assert headings(document) == ["A", "F"]
    assert document.warnings == (
        "3 pages of the book were not read: missing, or not written as text.",
        "1 page that the book does not list in its reading order was left out.",
    )
    with pytest.raises(UnreadableFile, match="none of its pages"):
        book(tmp_path, item("a", "a.xhtml"), "a", {})


def test_a_book_whose_list_of_pages_breaks_off_says_so(tmp_path):
    document = book(
        tmp_path, item("a", "a.xhtml"), "a", {"OEBPS/text/a.xhtml": page("A")}, "<guide"
    )
    assert document.warnings == ("The file is damaged inside: some of its text may be missing.",)


def encryption(method: str) -> dict[str, str]:
    data = f'<EncryptedData><EncryptionMethod Algorithm="{method}"/><CipherData/></EncryptedData>'
    return {"META-INF/encryption.xml": f"<encryption>{data}</encryption>"}


@pytest.mark.parametrize(
    "lock",
    [
        encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc"),
        {"META-INF/rights.xml": "<rights/>"},
        {"META-INF/license.lcpl": "{}"},
    ],
    ids=["adept", "rights", "lcp"],
)
def test_a_protected_book_is_refused_in_one_sentence(tmp_path, lock):
    with pytest.raises(EncryptedFile) as refused:
        book(tmp_path, item("a", "a.xhtml"), "a", {"OEBPS/text/a.xhtml": "\x8f\x00\x12", **lock})
    assert (
        str(refused.value) == "book.epub is protected against copying, so its text cannot be read."
    )


@pytest.mark.parametrize(
    "method", ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"]
)
def test_a_book_that_only_hides_its_fonts_is_read(tmp_path, method):
    members = {"OEBPS/text/a.xhtml": page("A"), **encryption(method)}
    assert headings(book(tmp_path, item("a", "a.xhtml"), "a", members)) == ["A"]


def test_no_page_of_a_book_is_counted_twice(tmp_path):
    """One page under two names is read once and is not left out; what is missing is missing once, however often it is called."""
    items = item("a", "a.xhtml") + item("again", "./a.xhtml") + item("gone", "gone.xhtml")
    items += item("b", "b.xhtml") + item("b2", "b.xhtml#part")
    members = {f"OEBPS/text/{name}.xhtml": page(name) for name in "ab"}
    document = book(tmp_path, items, "a gone a again gone", members)
    assert headings(document) == ["a"] and len(document.pages) == 1
    assert [warning.partition(" ")[0] for warning in document.warnings] == ["1", "1"]
