"""The RTF that Outlook keeps mails in: unpacked, and with the HTML that it encloses taken out.

MS-OXRTFCP 2.1 and MS-OXRTFEX 2.1 (Microsoft): the packing, and the marks of enclosed HTML.
"""

from __future__ import annotations

import struct

from knowledge.parsing.converted.rtf.tokens import SIGNS, RtfToken, code_page, tokens

MOST = 1 << 28  # bytes that a mail may unpack to
_BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans "
    rb"SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def unpacked(data: bytes) -> bytes:
    """The RTF in a packed stream; b"" for what is none, as far as it goes for one that is cut short."""
    if len(data) < 16:
        return b""
    size, kind = struct.unpack_from("<4xI4s", data)
    if kind == b"MELA":
        return data[16 : 16 + size]
    if kind != b"LZFu":
        return b""
    window = bytearray(_BEGINNING.ljust(4096, b"\0"))
    place, at, out = len(_BEGINNING), 16, bytearray()
    while at < len(data) and len(out) < min(size, MOST):
        control = data[at]
        at += 1
        for bit in range(8):
            if not control >> bit & 1:
                piece = data[at : at + 1]
                at += 1
            else:
                told = int.from_bytes(data[at : at + 2], "big")
                at += 2
                start, length = told >> 4, (told & 15) + 2
                if start == place % 4096 or at > len(data):  # the mark of the end
                    return bytes(out)
                piece = b""
                for step in range(length):  # it may run into what it writes
                    byte = window[(start + step) % 4096]
                    window[(place + step) % 4096] = byte
                    piece += bytes((byte,))
            for byte in piece:
                window[place % 4096] = byte
                place += 1
            out += piece
    return bytes(out)


def enclosed_html(data: bytes) -> str:
    """The HTML that an RTF file was made of, or "" for RTF that encloses none."""
    if b"\\fromhtml" not in data[:4096]:
        return ""
    return _Enclosed().read(data.decode("latin-1"))


class _Enclosed:
    """What is said outside the marks that only RTF needs."""

    def __init__(self) -> None:
        self._groups: list[bool] = []
        self._hidden = True  # is what stands here only for readers of RTF?
        self._pages = "cp1252"
        self._skip = 0
        self._bytes = ""
        self._said: list[str] = []

    def read(self, source: str) -> str:
        optional = False
        for token in tokens(source):
            if self._bytes and token.kind != "byte":
                self._said.append(self._bytes.encode("latin-1").decode(self._pages, "replace"))
                self._bytes = ""
            if token.kind == "brace" and token.text == "{":
                self._groups.append(self._hidden)
            elif token.kind == "brace":
                self._hidden = self._groups.pop() if self._groups else True
            elif token.kind == "word":
                self._word(token, optional)
            else:
                self._say(token)
            optional = token.kind == "word" and token.text == "*"
        return "".join(self._said).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _say(self, token: RtfToken) -> None:
        cut, self._skip = self._skip, max(0, self._skip - len(token.text))
        if self._hidden:
            return
        if token.kind == "byte":
            self._bytes += token.text[cut:]
        else:
            self._said.append(token.text[cut:])

    def _word(self, token: RtfToken, optional: bool) -> None:
        word, self._skip = token.text, 0
        if word == "htmltag" and optional:
            self._hidden = False
        elif word == "htmlrtf":
            self._hidden = token.value != 0
        elif optional or word in ("fonttbl", "colortbl", "stylesheet", "info"):
            self._hidden = True
        elif word == "fromhtml":
            self._hidden = False
        elif word == "ansicpg":
            self._pages = code_page(token.value or 0)
        elif self._hidden:
            return
        elif word == "u":
            self._said.append(chr((token.value or 0) & 0xFFFF))
            self._skip = 1
        elif word in ("par", "line"):
            self._said.append("\n")
        elif word in SIGNS:
            self._said.append(SIGNS[word])
