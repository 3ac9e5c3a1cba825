"""Files that are broken, mislabelled or made to hurt: one clear sentence each, soon, and never a hang."""

from __future__ import annotations

import io
import random
import time
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from knowledge import errors
from knowledge.parsing import Limits, read_file, shown_name
from knowledge.parsing.converted.ocr.engine import INSTALL as NO_TESSERACT
from knowledge.parsing.converted.old_office import INSTALL as NO_LIBREOFFICE
from knowledge.parsing.formats import file_kind
from knowledge.parsing.titles import product_of
from tests.support.compound import compound_file
from tests.support.files import (
    encrypted_pdf,
    manual_pdf,
    one_page_pdf,
    pdf_of,
    scanned_pdf,
    sheets_file,
    text_content,
    word_file,
    word_paragraph,
    zipped,
)

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]><x>&a11;</x>"
)


def png(path: Path) -> Path:
    from PIL import Image

    Image.new("RGB", (40, 40)).save(path, "PNG")
    return path


def truncated_pdf(path: Path) -> Path:
    whole = manual_pdf(path, [("One", ["text"])]).read_bytes()
    path.write_bytes(whole[:300])
    return path


def flate_bomb(path: Path) -> Path:
    """A content stream of a few KB that unpacks, in two steps, to a GiB."""
    packer, out = zlib.compressobj(9), io.BytesIO()
    for _ in range(1024):
        out.write(packer.compress(b" " * (1 << 20)))
    out.write(packer.flush())
    twice = zlib.compress(out.getvalue(), 9)
    return pdf_of(
        path,
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
            (b"/Filter [/FlateDecode /FlateDecode]", twice),
        ],
    )


def huge_page(path: Path) -> Path:
    """One page with 20 MB of text in a file of 200 KB."""
    content = (
        b"BT /F1 8 Tf 9 TL 10 780 Td "
        + b"(many many words on one single page that never ends) Tj T* " * 400_000
        + b" ET"
    )
    return pdf_of(
        path,
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            (b"", content),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ],
        compress=True,
    )


def zip_bomb(path: Path) -> Path:
    return word_file(path, word_paragraph("a") + " " * (40 << 20))


def deep_word(path: Path) -> Path:
    return word_file(
        path,
        "<w:sdt><w:sdtContent>" * 50_000 + word_paragraph("a") + "</w:sdtContent></w:sdt>" * 50_000,
    )


def xml_bomb_sheet(path: Path) -> Path:
    import zipfile

    with zipfile.ZipFile(sheets_file(path)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return zipped(path, members | {"xl/sharedStrings.xml": LAUGHS, "xl/workbook.xml": LAUGHS})


def old_word(path: Path) -> Path:
    path.write_bytes(compound_file({"WordDocument": b"\0" * 600}))
    return path


def locked_word(path: Path) -> Path:
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(500)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(500)
    )
    return path


def containing(data: bytes):
    def make(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return make


def zero_pages(path: Path) -> Path:
    return pdf_of(
        path, [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]
    )


def liar_about_pages(path: Path) -> Path:
    return pdf_of(
        path,
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 2000000000 >>"],
    )


REFUSED = [
    ("empty", containing(b""), "manual.pdf", errors.UnreadableFile, "manual.pdf is empty."),
    ("blank", containing(b" \n\n\t "), "manual.txt", errors.UnreadableFile, "manual.txt is empty."),
    (
        "encrypted",
        encrypted_pdf,
        "manual.pdf",
        errors.EncryptedFile,
        "manual.pdf is protected with a password.",
    ),
    (
        "scan",
        scanned_pdf,
        "scan.pdf",
        errors.PictureOnly,
        f"scan.pdf has no text (3 pages of images), and {NO_TESSERACT}.",
    ),
    (
        "empty page",
        lambda path: one_page_pdf(path, b""),
        "a.pdf",
        errors.NoText,
        "a.pdf has no text (1 page, all empty).",
    ),
    (
        "truncated",
        truncated_pdf,
        "manual.pdf",
        errors.UnreadableFile,
        "manual.pdf is cut short or damaged: it cannot be opened as a PDF.",
    ),
    (
        "garbage",
        containing(b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"%%EOF"),
        "a.pdf",
        errors.UnreadableFile,
        "a.pdf is cut short or damaged: it cannot be opened as a PDF.",
    ),
    ("zero pages", zero_pages, "a.pdf", errors.UnreadableFile, "a.pdf has no pages."),
    ("page count lie", liar_about_pages, "a.pdf", errors.UnreadableFile, "a.pdf has no pages."),
    (
        "image named pdf",
        png,
        "manual.pdf",
        errors.PictureOnly,
        f"manual.pdf has no text (1 page of images), and {NO_TESSERACT}.",
    ),
    (
        "program",
        containing(b"\x7fELF" + bytes(400)),
        "manual.docx",
        errors.UnknownFormat,
        "manual.docx is a program, not a manual that can be read.",
    ),
    (
        "noise",
        containing(bytes(range(256)) * 30),
        "a.txt",
        errors.UnknownFormat,
        "a.txt is not in a format that can be read.",
    ),
    (
        "plain zip",
        lambda path: zipped(path, {"a.txt": "hello"}),
        "a.docx",
        errors.UnknownFormat,
        "a.docx is a ZIP archive, not a document.",
    ),
    (
        "cut zip",
        lambda path: containing(word_file(path, word_paragraph("a")).read_bytes()[:600])(path),
        "a.docx",
        errors.UnreadableFile,
        "a.docx is cut short or damaged.",
    ),
    (
        "old word",
        old_word,
        "a.doc",
        errors.ProgramMissing,
        f"a.doc is in an old Office format, and {NO_LIBREOFFICE}.",
    ),
    (
        "locked word",
        locked_word,
        "a.docx",
        errors.EncryptedFile,
        "a.docx is protected with a password.",
    ),
    (
        "zip bomb",
        zip_bomb,
        "a.docx",
        errors.UnreadableFile,
        "a.docx is packed in a way that no Office program does, so it was not opened.",
    ),
    (
        "xml bomb docx",
        lambda path: word_file(path, "", extra={"word/document.xml": LAUGHS}),
        "a.docx",
        errors.UnreadableFile,
        "a.docx holds XML declarations that no Office program writes, so it was not opened.",
    ),
    (
        "xml bomb xlsx",
        xml_bomb_sheet,
        "a.xlsx",
        errors.UnreadableFile,
        "a.xlsx holds XML declarations that no Office program writes, so it was not opened.",
    ),
    (
        "deep docx",
        deep_word,
        "a.docx",
        errors.UnreadableFile,
        "a.docx is nested too deeply to be read.",
    ),
    (
        "flate bomb",
        flate_bomb,
        "a.pdf",
        errors.ReaderFailed,
        "Reading a.pdf broke off: it is damaged or needs more than 1024 MB of memory.",
    ),
    (
        "no words",
        lambda path: word_file(path, word_paragraph("")),
        "a.docx",
        errors.NoText,
        "a.docx has no text.",
    ),
    (
        "html without text",
        containing(b"<html><script>1</script></html>"),
        "a.html",
        errors.NoText,
        "a.html has no text.",
    ),
]


@pytest.mark.parametrize(
    ("make", "name", "kind", "sentence"),
    [case[1:] for case in REFUSED],
    ids=[case[0] for case in REFUSED],
)
def test_refused_with_one_sentence_and_a_hint(tmp_path, monkeypatch, make, name, kind, sentence):
    path = make(tmp_path / "upload")
    monkeypatch.setenv("PATH", str(tmp_path))  # as where neither tesseract nor LibreOffice is
    began = time.monotonic()
    with pytest.raises(kind) as caught:
        read_file(path, name)
    assert time.monotonic() - began < 60
    said = str(caught.value)
    assert (
        said == sentence
        and said.startswith((name, "Reading " + name))
        and said.endswith(".")
        and "\n" not in said
    )
    assert caught.value.hint and "Traceback" not in said and str(tmp_path) not in said


def test_only_what_is_a_picture_is_said_to_need_ocr(tmp_path, monkeypatch):
    """It is said what to install; an empty document gets no such advice."""
    monkeypatch.setenv("PATH", str(tmp_path))
    advised = []
    for make, name in ((scanned_pdf, "scan.pdf"), (png, "page.png"), (containing(b"<html></html>"), "a.html")):  # fmt: skip
        with pytest.raises(errors.NoText) as caught:
            read_file(make(tmp_path / "upload"), name)
        advised.append("apt install tesseract-ocr" in str(caught.value))
    assert advised == [True, True, False]


def outline_cycle(path: Path) -> Path:
    return one_page_pdf(
        path,
        text_content(["Readable all the same."]),
        extra=[
            b"<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>",
            b"<< /Title (Loop) /Parent 6 0 R /First 7 0 R /Last 7 0 R /Next 7 0 R /Dest [3 0 R /XYZ 0 700 0] >>",
        ],
    )


READ = [
    (
        "pdf named docx",
        lambda path: manual_pdf(path, [("One", ["Some text here."])]),
        "a.docx",
        "Some text here.",
    ),
    ("deep html", containing(b"<html>" + b"<div><b>" * 50_000 + b"inside"), "a.html", "inside"),
    ("deep quotes", containing(b">" * 10_000 + b" quoted\n\noutside\n"), "a.md", "outside"),
    (
        "deep brackets",
        containing(b"[" * 20_000 + b"x" + b"](" * 20_000 + b"\n\noutside"),
        "a.md",
        "outside",
    ),
    (
        "deep lists",
        containing("".join("  " * n + "- item\n" for n in range(600)).encode()),
        "a.md",
        "item",
    ),
    ("outline cycle", outline_cycle, "a.pdf", "Readable all the same."),
    (
        "junk before pdf",
        lambda path: containing(
            b"\n\n" + manual_pdf(path, [("One", ["Some text here."])]).read_bytes()
        )(path),
        "a.pdf",
        "Some text",
    ),
    (
        "html without end",
        containing(b"<html><body><p>text<table><tr><td><h2>Head" + b"<p>x" * 20_000),
        "a.html",
        "text",
    ),
    (
        "entities",
        containing(b"<html><!DOCTYPE x [<!ENTITY a 'ha'>]><p>&a; shown</html>"),
        "a.html",
        "shown",
    ),
    ("one long line", containing(b"word " * 1_000_000), "a.txt", "word"),
]


@pytest.mark.parametrize(
    ("make", "name", "text"), [case[1:] for case in READ], ids=[case[0] for case in READ]
)
def test_odd_files_are_read_all_the_same(tmp_path, make, name, text):
    path = make(tmp_path / "upload")
    began = time.monotonic()
    document = read_file(path, name)
    assert text in document.pages[0].text
    assert time.monotonic() - began < 60


NAMED = [
    (containing(b"Turn the pump off.\n"), "bad.pdf", "PDF; it holds plain text"),
    (lambda path: word_file(path, word_paragraph("Turn it off.")), "a.doc", "DOC; it holds a Word file"),
    (containing(rb"{\rtf1 Turn the pump off.\par}"), "a.doc", "DOC; it holds RTF"),
    (containing(b"<html><body><p>Turn it off.</p></body></html>"), "a.doc", "DOC; it holds a web page"),
    (containing(b"# Pump\n\n## Off\n\nTurn it off.\n"), "a.png", "PNG; it holds Markdown"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "name", "said"), NAMED, ids=[case[2] for case in NAMED])
def test_a_name_that_says_something_else_is_told(tmp_path, make, name, said):
    """What a file is decides; an admin who saved the wrong one is told."""
    document = read_file(make(tmp_path / "upload"), name)
    assert document.warnings[:1] == (f"The name says {said} and was read as that.",)


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.html", "a", "a.v2", "manual"])
def test_a_name_that_fits_is_not_told(tmp_path, name):
    assert read_file(containing(b"Turn the pump off.\n")(tmp_path / "u"), name).warnings == ()


@pytest.mark.parametrize("seed", range(10))
def test_bent_files_are_read_or_refused(tmp_path, seed):
    """Bytes changed at random, in a PDF or a Word file: text or one sentence, nothing else."""
    dice = random.Random(seed)
    path = tmp_path / "upload"
    make = [
        lambda: manual_pdf(path, [("One", ["Some text here."])] * 3),
        lambda: word_file(path, word_paragraph("Some text.")),
        lambda: sheets_file(path),
    ][seed % 3]
    data = bytearray(make().read_bytes())
    for _ in range(dice.choice([3, 30, 300])):
        data[dice.randrange(len(data))] = dice.randrange(256)
    path.write_bytes(data[: dice.choice([len(data), len(data) * 3 // 4])])
    try:
        assert read_file(path, "bent").pages
    except errors.UnreadableFile as error:
        assert "bent" in str(error) and error.hint


@pytest.mark.parametrize("head", ["<? ?> " * 1300 + "9", "<?xml ?>" + "<?x ?>" * 1300, "<?" * 4000])
def test_the_kind_of_a_text_that_only_begins_as_xml_is_known_at_once(tmp_path, head):
    """Each of these kept the server busy for longer than anybody has waited."""
    path = tmp_path / "a.xml"
    path.write_text(head)
    with suppress(errors.UnknownFormat):
        assert file_kind(path, "a.xml") in ("text", "html", "xml")


def test_a_page_of_20_mb_is_bounded(tmp_path):
    began = time.monotonic()
    try:
        document = read_file(huge_page(tmp_path / "upload"), "a.pdf")
    except errors.ReaderFailed as error:
        assert "memory" in str(error)
    else:
        assert len(document.pages[0].text) <= Limits().max_page_characters and document.warnings
    assert time.monotonic() - began < 60


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\pump.pdf", "pump.pdf"),
        ("a\x00b\n.pdf", "ab .pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("", "unnamed file"),
        ("...", "unnamed file"),
        ("half\ud800.pdf", "half?.pdf"),
    ],
)
def test_names_are_shown_harmless(tmp_path, name, shown):
    (tmp_path / "upload").write_bytes(b"")
    assert shown_name(name) == shown
    with pytest.raises(errors.UnreadableFile, match=f"^{shown.replace('?', '[?]')} is empty"):
        read_file(tmp_path / "upload", name)


def test_long_names_keep_their_ending():
    shown = shown_name("very long " * 30 + "manual.pdf")
    assert len(shown) == 60 and shown.endswith("manual.pdf") and "…" in shown


@pytest.mark.parametrize(
    ("title", "product"),
    [
        ("Galaxy S10 user manual", "Galaxy S10"),
        ("Pump X100: Owner's Manual", "Pump X100"),
        ("X100 Quick Start Guide", "X100"),
        ("Service manual", ""),
        ("The handbook", ""),
        ("Debian Reference", "Debian"),
        ("Getting Started in KiCad", "KiCad"),
    ],
)
def test_products_are_named_by_titles(title, product):
    assert product_of(title) == product
