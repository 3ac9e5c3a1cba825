"""The tokens of an RTF file, its character sets, and what is set at a place of it. Knows nothing of paragraphs.

Rich Text Format 1.9.1 (Microsoft, 2008): a file is of groups, control words and text.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]{1,32})(?P<value>-?\d{1,10})?(?P<gap> ?)|\\'(?P<byte>[0-9A-Fa-f]{2})|\\(?P<sign>[^A-Za-z])"
    r"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.S,
)
# What sets a colour: of letters, behind them, behind a paragraph
COLOURS = frozenset("cf highlight cb chcbpat chshdng cbpat shading".split())
# Control words that stand for a character; "tab" and its like are white space, as in a web page
SIGNS = {
    "tab": " ", "emspace": " ", "enspace": " ", "qmspace": " ", "emdash": "—", "endash": "–", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "~": "\xa0", "_": "-", "-": "",
    "{": "{", "}": "}", "\\": "\\", "zwj": "\u200d", "zwnj": "\u200c",
}  # fmt: skip
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "cp936", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 254: "cp437",
}  # fmt: skip
SYMBOL = "symbol"  # a font of pictures, whose characters are no letters


@dataclass(frozen=True, slots=True)
class RtfToken:
    """One token: a control word or sign with its value, a byte of text, a brace, or text."""

    kind: str  # "word", "byte", "brace" or "text"
    text: str
    value: int | None = None


def tokens(source: str) -> Iterator[RtfToken]:
    """The tokens of a file that was decoded as Latin-1, so that a character is a byte. Binary data is passed over."""
    at = 0
    while found := _TOKEN.match(source, at):
        at = found.end()
        if word := found["word"]:
            value = int(found["value"]) if found["value"] else None
            if word == "bin":
                at = found.end() + max(0, value or 0)
            else:
                yield RtfToken("word", word, value)
        elif found["byte"]:
            yield RtfToken("byte", chr(int(found["byte"], 16)))
        elif sign := found["sign"]:
            yield RtfToken("word", "par" if sign in "\r\n" else sign)
        elif found["brace"]:
            yield RtfToken("brace", found["brace"])
        elif found["text"]:
            yield RtfToken("text", found["text"])


def code_page(number: int) -> str:
    """The name of a code page for ``bytes.decode``; Windows-1252 for one that is not known."""
    name = {65001: "utf-8", 10000: "mac_roman", 708: "cp864"}.get(number, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name


def charset_of_font(number: int) -> str:
    """The encoding of a font's character set; "" where that is the file's own."""
    return SYMBOL if number == 2 else _CHARSETS.get(number, "")


def decoded_bytes(raw: str, encoding: str) -> str:
    """Characters that are bytes, in their encoding."""
    if encoding == SYMBOL:
        return "".join("•" if char in "\xb7\xa7\xa8" else char for char in raw)
    return raw.encode("latin-1", "replace").decode(encoding, "replace")


def white_colours(data: bytes) -> frozenset[int]:
    """The places of white in a file's table of colours; none where its pages have a background of their own."""
    table = re.search(rb"\\colortbl\b([^{}]{0,20000})", data)
    entries = table[1].split(b";") if table and b"\\*\\background" not in data else []
    white = re.compile(rb"\s*\\red255\s*\\green255\s*\\blue255\s*")
    return frozenset(place for place, entry in enumerate(entries) if white.fullmatch(entry))


@dataclass(slots=True)
class RtfSetting:
    """What is set at a place of the file; a group begins with a copy of that round it.

    ``target`` is where text goes: "" the document, "skip" nowhere, else a name.
    """

    target: str = ""
    font: int = -1
    coded: bool = False  # are signs of the font told by their places, so that letters are letters?
    size: int = 24
    skip: int = 1  # characters that stand for one of \\u
    bold: bool = False
    hidden: bool = False
    deleted: bool = False
    struck: bool = False
    colour: int = 0  # its place in the file's table of colours
    ground: bool = False  # is there another colour behind the letters,
    shaded: bool = False  # or behind the paragraph?
    small: str = ""  # "sup" or "sub"
    style: int = 0
    level: int = 0  # of the outline, from 1; 0 is text
    in_table: bool = False
    depth: int = 1  # of tables in tables
    listed: bool = False
    no_result: bool = False  # of a field whose result is no text, such as a table of contents

    def plain(self) -> None:
        """Forget what letters look like."""
        self.bold = self.hidden = self.deleted = self.struck = False
        self.small, self.size, self.font = "", 24, -1
        self.colour, self.ground = 0, False

    def new_paragraph(self) -> None:
        """Forget what paragraphs look like."""
        self.style, self.level, self.depth = 0, 0, 1
        self.in_table = self.listed = self.shaded = False

    def set_colour(self, word: str, value: int) -> None:
        """What a word of COLOURS sets."""
        if word == "cf":
            self.colour = value
        elif word in ("cbpat", "shading"):
            self.shaded = value > 0
        else:
            self.ground = value > 0

    def unseen(self, whites: Container[int]) -> str:
        """Why nobody sees the text here ("deleted", "struck", "hidden", "white"), or ""; in tables and boxes the ground may have
        any colour. ``whites``: the colours that are white."""
        if self.deleted or self.struck or self.hidden:
            return "deleted" if self.deleted else "struck" if self.struck else "hidden"
        bare = not (self.ground or self.shaded or self.in_table or self.target)
        return "white" if bare and self.colour in whites else ""
