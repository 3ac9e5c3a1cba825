"""The fonts of an RTF file: the encodings of their characters, and what letters in a font of signs show."""

from __future__ import annotations

from knowledge.parsing.content.symbols import PRIVATE, sign_font, signs_of
from knowledge.parsing.converted.rtf.tokens import (
    SYMBOL,
    RtfSetting,
    charset_of_font,
    code_page,
    decoded_bytes,
)

_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}


class RtfFonts:
    """The table of fonts, as it is read, and what it says of text."""

    def __init__(self) -> None:
        self._pages = "cp1252"  # the file's own encoding
        self._encodings: dict[int, str] = {}
        self._names: dict[int, str] = {}
        self._told = 0  # the font that the table tells of
        self._default = -1

    def set(self, word: str, value: int, now: RtfSetting) -> None:
        """What a control word says of fonts."""
        if word == "f":
            now.font, now.coded = value, False
            self._told = value if now.target == "fonttbl" else self._told
        elif word == "deff":
            self._default = value
        elif word == "fcharset":
            self._encodings[self._told] = charset_of_font(value)
        else:
            self._pages = _PAGES.get(word) or code_page(value)

    def name(self, text: str) -> None:
        """The name, or a part of it, of the font that the table tells of."""
        self._names[self._told] = self._names.get(self._told, "") + text

    def decoded(self, raw: str, now: RtfSetting) -> str:
        """Characters that are bytes, as text."""
        if font := self._sign_font(now):
            return "".join(chr(PRIVATE + ord(char)) for char in raw) if font == "symbol" else raw
        return decoded_bytes(raw, self._encodings.get(self._font(now)) or self._pages)

    def shown(self, text: str, now: RtfSetting) -> str:
        """What a text shows: letters are letters beside signs that are told by their places in Unicode."""
        beside = now.coded and text[:1] < "\x80"
        return text if beside else signs_of(text, self._sign_font(now))

    def _font(self, now: RtfSetting) -> int:
        return now.font if now.font >= 0 else self._default

    def _sign_font(self, now: RtfSetting) -> str:
        font = self._font(now)
        return sign_font(self._names.get(font, "")) if self._encodings.get(font) == SYMBOL else ""
