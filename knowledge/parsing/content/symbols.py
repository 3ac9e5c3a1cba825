"""Signs that are letters in a font of signs: "W" in the font Symbol is shown as Ω. Knows no format."""

from __future__ import annotations

import re

# The encoding of Adobe's Symbol from 0x21 and from 0xA0 on, as far as its signs stand in text; "\x00": has none there
_LOW = "!∀#∃%&∋()*+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_\x00αβχδεφγηιϕκλµνοπθρστυϖωξψζ{|}~"
_HIGH = (
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…\x00\x00↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√·¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑"
    "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00〉∫"
)
_SYMBOL = {
    code + at: sign
    for code, signs in ((0x21, _LOW), (0xA0, _HIGH))
    for at, sign in enumerate(signs)
    if sign != "\x00"
}
_WINGDINGS = dict(
    zip(
        (0x6C, 0x6E, 0x6F, 0x9F, 0xA7, 0xA8, 0xD8, 0xDF, 0xE0, 0xE1, 0xE2, 0xE8, 0xEF, 0xF0, 0xF1, 0xF2, 0xFB, 0xFC, 0xFD, 0xFE),
        "●■☐•▪☐➢←→↑↓→←→↑↓✗✓☒☑",
        strict=True,
    )
)  # fmt: skip
PRIVATE = 0xF000  # where the characters of such a font stand in Unicode, by their places in it
_FAMILY = re.compile(r"\s*[\"']?\s*(symbol|wingdings)(?:\s*[\"']?\s*(?:[,;]|$)|\s+mt\b)", re.I)
_CODED = re.compile("[\uf020-\uf0ff]")
_FIELD = re.compile(r"\s*SYMBOL\s+(0x[0-9a-f]{1,4}|\d{1,5})\b", re.I)
_FIELD_FONT = re.compile(r"\\f\s+(\"[^\"]{1,60}\"|\S{1,60})")
_WORD = re.compile(r"[A-Za-z]{4,}")  # meant as letters: a sign or two stand alone


def sign_font(family: str) -> str:
    """ "symbol" or "wingdings" where a font, or the first of several, is that; else ""."""
    found = _FAMILY.match(family)
    return found[1].lower() if found else ""


def signs_of(text: str, font: str) -> str:
    """What a text in ``font`` shows. Words, and signs that are in Unicode what they show, stay as they are; so do the letters
    beside signs that are told by their places in the font, for those are not."""
    if not font:
        return text
    if font == "wingdings":
        return "".join(char if char < "\x80" else _sign(char, _WINGDINGS, "") for char in text)
    if _CODED.search(text):
        return _CODED.sub(lambda m: _sign(m[0], _SYMBOL, ""), text)
    return text if _WORD.search(text) else "".join(_sign(char, _SYMBOL, "µ×÷·") for char in text)


def field_sign(code: str) -> str:
    """What a SYMBOL field of Word or RTF shows by its code (SYMBOL 87 \\f "Symbol"), or ""."""
    found = _FIELD.match(code)
    if not found:
        return ""
    told = found[1].lower()
    number = int(told, 16) if told.startswith("0x") else int(told)
    named = _FIELD_FONT.search(code)
    font = sign_font(named[1]) if named else ""
    if not 0x20 < number <= 0xFF:
        return ""
    if font:
        shown = signs_of(chr(PRIVATE + number), font)
        return "" if _CODED.search(shown) else shown
    return "" if named and number > 0x7F else bytes([number]).decode("cp1252", "ignore")


def _sign(char: str, signs: dict[int, str], own: str) -> str:
    code = ord(char)
    place = code - PRIVATE if PRIVATE < code <= PRIVATE + 0xFF else code
    return char if char in own else signs.get(place, char)
