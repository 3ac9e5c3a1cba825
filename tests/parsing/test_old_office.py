"""DOC, XLS and PPT: read as their new forms are, refused in words, and nothing of the program stays behind."""

from __future__ import annotations

import os
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from knowledge import errors
from knowledge.parsing import Limits, read_file
from tests.parsing.test_ocr import running
from tests.support.compound import compound_file
from tests.support.files import sheets_file, slides_file, word_file, word_paragraph
from tests.support.scans import needs_libreoffice, program, saved_as

WORD = (
    word_paragraph("Replacing the seal", "heading1")
    + word_paragraph("Switch the pump off before you open the cover.")
    + word_paragraph("Torque", "heading2")
    + word_paragraph("Tighten the screws to 12.5 Nm. Prüfen Sie die Öffnung.")
)


def blocks(path: Path, name: str) -> list[tuple[int, str, str]]:
    return [
        (page.number, block.kind, " ".join(page.text[block.start : block.end].split()))
        for page in read_file(path, name).pages
        for block in page.blocks
    ]


@needs_libreoffice
@pytest.mark.parametrize(
    ("kind", "make"),
    [
        ("doc", lambda path: word_file(path.with_suffix(".docx"), WORD)),
        ("ppt", lambda path: slides_file(path.with_suffix(".pptx"))),
        ("xls", lambda path: sheets_file(path.with_suffix(".xlsx"))),
    ],
)
def test_an_old_file_reads_as_its_new_form(tmp_path: Path, kind: str, make) -> None:
    """With the same headings, tables, and places: its slides and sheets are the pages."""
    new = make(tmp_path / "manual")
    old = saved_as(new, kind)
    assert old.read_bytes().startswith(b"\xd0\xcf\x11\xe0")
    assert blocks(old, f"manual.{kind}") == blocks(new, new.name)
    document, modern = read_file(old, f"manual.{kind}"), read_file(new, new.name)
    assert document.kind == kind and document.paged == modern.paged
    assert [h.title for h in document.headings] == [h.title for h in modern.headings]
    assert document.warnings == modern.warnings


@needs_libreoffice
def test_what_it_is_decides_and_a_wrong_name_is_said(tmp_path: Path) -> None:
    old = saved_as(word_file(tmp_path / "m.docx", WORD), "doc")
    document = read_file(old, "manual.xls")
    assert document.kind == "doc" and "12.5 Nm" in document.pages[0].text
    assert document.warnings == ("The name says XLS; it holds DOC and was read as that.",)


@needs_libreoffice
@pytest.mark.parametrize("kind", ["doc", "xls", "ppt"])
def test_a_broken_file_is_refused_in_words(tmp_path: Path, kind: str) -> None:
    stream = {"doc": "WordDocument", "xls": "Workbook", "ppt": "PowerPoint Document"}[kind]
    (tmp_path / "f").write_bytes(compound_file({stream: bytes(range(256)) * 40}))
    with pytest.raises(errors.UnreadableFile) as caught:
        read_file(tmp_path / "f", f"manual.{kind}")
    assert str(caught.value).startswith(f"manual.{kind} ") and caught.value.hint


def test_a_file_that_is_cut_short_is_refused_in_words(tmp_path: Path) -> None:
    whole = compound_file({"WordDocument": b"\0" * 9000})
    (tmp_path / "f").write_bytes(whole[:700])
    with pytest.raises(errors.UnreadableFile, match=r"^manual\.doc is "):
        read_file(tmp_path / "f", "manual.doc")


LOCKED = {
    "doc": {"WordDocument": b"\xec\xa5\xc1\0" + bytes(6) + struct.pack("<H", 0x0100) + bytes(600)},
    "xls": {"Workbook": struct.pack("<HH4xHH2x", 0x0809, 4, 0x002F, 2) + bytes(600)},
    "ppt": {
        "PowerPoint Document": bytes(600),
        "Current User": struct.pack("<12xI", 0xF3D1C4DF) + bytes(40),
    },
}


@pytest.mark.parametrize("kind", ["doc", "xls", "ppt"])
def test_a_password_is_seen_before_anything_is_opened(tmp_path: Path, kind: str) -> None:
    (tmp_path / "f").write_bytes(compound_file(LOCKED[kind]))
    with pytest.raises(errors.EncryptedFile, match=rf"^m\.{kind} is protected with a password\.$"):
        read_file(tmp_path / "f", f"m.{kind}")


@needs_libreoffice
def test_two_at_once_do_not_get_in_each_others_way(tmp_path: Path) -> None:
    old = saved_as(word_file(tmp_path / "m.docx", WORD), "doc")
    texts: list[str] = []

    def work() -> None:
        texts.append(read_file(old, "m.doc").pages[0].text)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(texts) == 3 and len(set(texts)) == 1 and "12.5 Nm" in texts[0]


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """The address of a web server on this machine, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def __getattr__(self, name: str) -> object:  # any other way of asking
            if name.startswith("do_"):
                return self.do_GET
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


@needs_libreoffice
def test_nothing_that_a_file_links_to_is_fetched(tmp_path: Path) -> None:
    """A picture that a document links to on the web would tell its sender that it was opened."""
    with listening() as (url, asked):
        (tmp_path / "m.html").write_text(
            f"<h1>Seal</h1><p>Tighten to 12.5 Nm.<p><img src='{url}/spy.png' width=80 height=80>",
            encoding="utf-8",
        )
        old = saved_as(tmp_path / "m.html", "doc:MS Word 97")
        assert asked, "LibreOffice by itself would fetch it"
        asked.clear()
        assert "12.5 Nm" in read_file(old, "m.doc").pages[0].text
        assert asked == []


def test_a_conversion_that_hangs_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "bin", "soffice", "sleep 617 & sleep 619")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "f").write_bytes(compound_file({"WordDocument": bytes(600)}))
    said = r"^m\.doc took LibreOffice longer than 1 seconds to open\.$"
    with pytest.raises(errors.ReaderFailed, match=said):
        read_file(tmp_path / "f", "m.doc", Limits(program_seconds=1))
    assert not running("sleep 617") and not running("sleep 619")


@needs_libreoffice
def test_nothing_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the copy, nor what was made of it, nor a profile."""
    old = saved_as(word_file(tmp_path / "m.docx", WORD), "doc")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    read_file(old, "m.doc")
    assert list((tmp_path / "temporary").iterdir()) == []


def test_without_libreoffice_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "f").write_bytes(compound_file({"Workbook": bytes(600)}))
    with pytest.raises(errors.ProgramMissing, match="apt install libreoffice-writer-nogui"):
        read_file(tmp_path / "f", "m.xls")


@needs_libreoffice
def test_without_room_for_temporary_files_other_files_are_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = saved_as(word_file(tmp_path / "m.docx", WORD), "doc")
    (tmp_path / "no-folder").write_text("a file", encoding="ascii")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "no-folder"))
    assert "12.5 Nm" in read_file(tmp_path / "m.docx", "m.docx").pages[0].text
    for variable in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(variable, str(tmp_path / "no-folder"))
    document = read_file(old, "m.doc")  # in the system's own folder, where there is one
    assert "12.5 Nm" in document.pages[0].text
