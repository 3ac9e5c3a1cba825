"""Make foreign text safe to store and to show: line ends, control characters, lone surrogates. Knows no format."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter

_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SYMBOLS = dict(
    zip(
        "\uf0a2\uf0a3\uf0a5\uf0ac\uf0ae\uf0b0\uf0b1\uf0b2\uf0b3\uf0b4\uf0b8\uf0b9\uf0ba\uf0bb\uf0d6\uf0d7\uf057\uf06d\uf044",
        "′≤∞←→°±″≥×÷≠≡≈√·ΩµΔ",
        strict=True,
    )
)
_PRIVATE = re.compile("[\uf000-\uf0ff]")  # where that font's signs are; few texts have any
# Beside a value; at the beginning of a line other fonts of signs have their marks of lists there
_SYMBOL = re.compile(
    r"(?:(?<=[^\s\uf000-\uf0ff])|(?<=[^\s\uf000-\uf0ff][ \xa0])|(?=.\d))[\uf0a2\uf0a3\uf0a5\uf0ac\uf0ae\uf0b0-\uf0b4\uf0b8-\uf0bb\uf0d6\uf0d7]"
    r"|(?:(?<=[\dkMm])|(?<=\d[ \xa0]))\uf057|\uf06d(?=[AVWFHsmglLNJ]\b)|\uf044(?=[A-Za-z]\b)"
)
# The marks of lists that Office programs take from the fonts Symbol (the first) and Wingdings
_MARKS = {"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0fc": "✓"}
_MARK = re.compile(r"(?<!\S)\uf0b7(?!\S)|^[\uf0a7\uf0d8\uf0fc](?=[ \t\xa0]+\w)", re.M)
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ESCAPED = re.compile(
    rb"\x1b\$[@B].{2,}?\x1b\([BJ]", re.S
)  # two bytes a character, as ISO 2022-JP says
_CODE_PAGES = {
    1250: ("cs", "hr", "hu", "pl", "ro", "sk", "sl"), 1254: ("tr",), 1257: ("et", "lt", "lv"),
}  # fmt: skip
_CONTROL = re.compile(rb"[\x80-\x9f]")  # letters in Windows-1250, none in ISO 8859-2
_POLISH_ISO, _OTHER_ISO = re.compile(rb"[\xb1\xb6\xbc][a-z]"), re.compile(rb"[a-z][\xb9\xbb][a-z]")
# What text in one byte a letter, or in UTF-8, does not hold
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_SIGNS = "。、，：；（）「」・！？–—’“”«»\u00a0\u3000"
LEAST_LIKELY = 0.03  # share of blanks, line ends, figures and signs in a text
SURE = 0.95  # the probability of a language from which its code page is taken
LATIN_SAMPLE = 8_192  # bytes that the language of a text is told by


def harmless(text: str) -> str:
    """The text with the same length, control characters as spaces and what cannot be UTF-8 as U+FFFD.

    Signs of the Symbol font in the places that Office programs give them beside values are those signs: "25 °C", not "25 C".
    So are the usual marks of lists: "• Open it."
    """
    if _PRIVATE.search(text):
        text = _MARK.sub(lambda m: _MARKS[m[0]], _SYMBOL.sub(lambda m: _SYMBOLS[m[0]], text))
    return _BAD.sub(lambda m: " " if m[0] < "\xa0" else "\ufffd", text)


def lines_normal(text: str) -> str:
    """The text with "\\n" as its only line end, and harmless."""
    return harmless(text.replace("\r\n", "\n").replace("\r", "\n"))


def collapse(text: str) -> str:
    """Runs of white space become one space; a line break that stands in the run stays one line break."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def decoded(data: bytes, is_html: bool = False) -> tuple[str, str]:
    """The text of a file and a warning ("" where the encoding was sure).

    Order: byte order mark, UTF-16 without a mark, ISO 2022-JP by its escapes, UTF-8, what HTML declares, a guess for non-Latin scripts, then the Windows code page of the language, 1252 for most.
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), ""
    told = "The file does not name its encoding; it was read as UTF-16."
    if _CONTROLS.search(data[:4096]) and (encoding := utf16_guess(data)):
        return data.decode(encoding, "replace"), told
    try:
        return data.decode("iso2022_jp" if _ESCAPED.search(data) else "utf-8"), ""
    except UnicodeDecodeError:
        pass
    if is_html and (encoding := _declared(data)):
        return data.decode(encoding, "replace"), ""
    if encoding := _guessed(data):
        return data.decode(
            encoding, "replace"
        ), f"The file does not name its encoding; it was read as {encoding}."
    encoding, name = _latin(data)
    return (
        data.decode(encoding, "replace"),
        f"The file is not UTF-8; it was read as {name}, so some letters may be wrong.",
    )


def _latin(data: bytes) -> tuple[str, str]:
    """The encoding of Latin letters that the language of a text is written in, and its name.

    Most letters are the same in all of them, which is enough to tell the language.
    """
    from knowledge.search.identification import likeliest

    number, code = 1252, ""
    for one, codes in _CODE_PAGES.items():
        told, probability = likeliest(data[:LATIN_SAMPLE].decode(f"cp{one}", "replace"))
        if told in codes and probability >= SURE:
            number, code = one, told
            break
    iso = _POLISH_ISO if code == "pl" else _OTHER_ISO
    if number == 1250 and iso.search(data) and not _CONTROL.search(data):
        return "iso8859-2", "ISO 8859-2"
    return f"cp{number}", f"Windows-{number}"


def _declared(data: bytes) -> str:
    """The text encoding that an HTML file names in its first 2,048 bytes, or ""."""
    found = re.search(rb"charset\s*=\s*[\"']?([\w.:-]{2,40})", data[:2048], re.I)
    try:
        name = codecs.lookup(found[1].decode()).name if found else ""
        b"a".decode(name or "utf-8")
    except (LookupError, UnicodeError):  # unknown, or none for text
        return ""
    return "cp1252" if name == "iso8859-1" else name  # as browsers do


def _guessed(data: bytes) -> str:
    """A guess for text in other than Latin letters, else "": among Latin encodings the guesses are often wrong."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[:65_536]).best()
    foreign = [char for char in str(best or "") if char > "\x7f" and char.isalpha()]
    other = sum(char >= "\u0370" for char in foreign)  # Greek and all that follows it
    return best.encoding if best and foreign and other > 0.8 * len(foreign) else ""


def utf16_guess(data: bytes) -> str:
    """ "utf-16-le" or "utf-16-be" where the beginning of a file without a mark is surely that, else "".

    Every other byte of Latin letters is NUL. Other letters have blanks, line ends, figures and signs between them, which
    in the wrong order of bytes are letters of many scripts, and most of the letters are of one script.
    """
    head = data[: 4096 - len(data) % 2]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) * 0.3 and even < len(head) * 0.05:
        return "utf-16-le"
    if even > len(head) * 0.3 and odd < len(head) * 0.05:
        return "utf-16-be"
    if len(data) % 2 or not _CONTROLS.search(head):
        return ""
    little, big = (_likely(head, encoding) for encoding in ("utf-16-le", "utf-16-be"))
    if max(little, big) < LEAST_LIKELY or min(little, big) > 0.5 * max(little, big):
        return ""
    return "utf-16-le" if little > big else "utf-16-be"


def _likely(head: bytes, encoding: str) -> float:
    """The share of blanks, line ends, figures and signs in a text that is mostly of one script; 0 in any other."""
    try:
        text = head.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    if any(
        unicodedata.category(char) in ("Cc", "Cn", "Co") and char not in "\t\n\r" for char in text
    ):
        return 0.0
    scripts = Counter(
        unicodedata.name(char, "").partition(" ")[0] for char in text if char.isalpha()
    )
    ordinary = sum(not char.isalpha() and (char < "\x7f" or char in _SIGNS) for char in text)
    most = sum(count for _, count in scripts.most_common(3))  # Japanese is written in three
    return ordinary / len(text) if most >= 0.9 * sum(scripts.values()) > 0 else 0.0
