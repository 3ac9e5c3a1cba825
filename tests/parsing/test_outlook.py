"""Mails that Outlook saved: HTML, enclosed HTML, packed RTF and plain text; mails sent along; pictures and attachments."""

from __future__ import annotations

import struct

import pytest

from knowledge.errors import NoText, UnknownFormat
from tests.parsing.test_markup import blocks, read, section_paths
from tests.support.compound import compound_file

HTML = "<h1>Seal of the P-200</h1><p>Tighten the screws to <b>12 Nm</b>.</p><table><tr><th>Part</th><th>No.</th><th>Life</th></tr><tr><td>Seal</td><td>S-1</td><td>2 years</td></tr></table>"
ENCLOSED = (
    r"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}{\colortbl\red0;}"
    r"{\*\htmltag19 <html>}{\*\htmltag64 <h1>}\htmlrtf {\b \htmlrtf0 Seal of the P-200\htmlrtf }\htmlrtf0 {\*\htmltag72 </h1>}"
    r"{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Heat it to 40 \'b0C, {\*\htmltag84 &lt;}\htmlrtf <\htmlrtf0 5 min. \u8364?3\htmlrtf \par}\htmlrtf0 {\*\htmltag72 </p>}}"
)


def packed(rtf: str) -> bytes:
    """RTF in Outlook's packing, of which only the form is used and nothing gets shorter."""
    data = rtf.encode("latin-1")
    body = b"".join(b"\0" + data[at : at + 8] for at in range(0, len(data), 8))
    return struct.pack("<II4sI", len(body) + 12, len(data), b"LZFu", 0) + body


def mail(subject="Seal", codepage=0, inner=False, **parts):
    """The streams of a mail."""
    names = {"text": "1000001F", "narrow": "1000001E", "html": "10130102", "rtf": "10090102"}
    entries = struct.pack("<HHIII", 3, 0x3FDE, 6, codepage, 0) if codepage else b""
    streams = {
        "__properties_version1.0": b"\0" * (24 if inner else 32) + entries,
        "__substg1.0_0037001F": subject.encode("utf-16-le"),
    }
    for name, content in parts.items():
        if name in names:
            data = content if isinstance(content, bytes) else content.encode("utf-16-le")
            streams[f"__substg1.0_{names[name]}"] = data
    return streams | {
        f"__attach_version1.0_#{n:08X}": one for n, one in enumerate(parts.get("attached", ()))
    }


def attached(kind="", name="", inner=None):
    """An attachment."""
    streams = {
        "__properties_version1.0": b"\0" * 8,
        "__substg1.0_370E001F": kind.encode("utf-16-le"),
    }
    if name:
        streams["__substg1.0_3712001F"] = name.encode("utf-16-le")
    return streams | (
        {"__substg1.0_3701000D": inner} if inner else {"__substg1.0_37010102": b"x" * 600}
    )


def saved(tmp_path, streams, name="seal.msg"):
    return read(tmp_path, compound_file(streams), name)


def test_a_saved_mail_is_read_with_its_tables(tmp_path):
    document = saved(
        tmp_path, mail("AW: Seal of the P-200", 1252, html=HTML.encode("cp1252"), text="Short.")
    )
    assert document.title == "AW: Seal of the P-200" and section_paths(document) == [
        "Seal of the P-200"
    ]
    assert [text for _, text in blocks(document)][1:] == [
        "Tighten the screws to 12 Nm.", "Part: Seal | No.: S-1 | Life: 2 years",
    ]  # fmt: skip


def test_html_that_a_mail_encloses_in_rtf_is_read(tmp_path):
    document = saved(tmp_path, mail(rtf=packed(ENCLOSED), text="Short."))
    assert section_paths(document) == ["Seal of the P-200"]
    assert [text for _, text in blocks(document)][1:] == ["Heat it to 40 °C, <5 min. €3"]


def test_text_of_a_saved_mail_is_plain_or_rtf_where_there_is_no_other(tmp_path):
    plain = saved(
        tmp_path,
        mail("Seal", 1252, narrow="Fetten Sie die W\xe4nde.\r\n\r\nNie trocken.".encode("cp1252")),
    )
    assert [text for kind, text in blocks(plain) if kind == "text"] == [
        "Fetten Sie die Wände.",
        "Nie trocken.",
    ]
    rich = saved(tmp_path, mail(rtf=packed(r"{\rtf1\ansi\pard Grease the seal.\par}")))
    assert [text for _, text in blocks(rich)] == ["Grease the seal."]
    with pytest.raises(NoText):
        saved(tmp_path, mail(text=" "))


def test_mails_sent_along_are_read_and_attachments_counted(tmp_path):
    first = mail("Old answer", inner=True, text="Use grease of class 2.")
    along = [attached("image/png", "logo"), attached("application/pdf"), attached(inner=first)]
    document = saved(tmp_path, mail("Seal", html=b"<p>See below.</p>", attached=along))
    assert section_paths(document) == ["Old answer"]
    assert [text for _, text in blocks(document)] == [
        "See below.",
        "Old answer",
        "Use grease of class 2.",
    ]
    assert document.warnings == ("1 attachment was not read.",)


def test_another_compound_file_is_no_mail(tmp_path):
    with pytest.raises(UnknownFormat, match="old Office format"):
        saved(tmp_path, {"VisioDocument": b"\0" * 600}, "a.vsd")
