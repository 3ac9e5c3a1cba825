"""What the description of a picture is worth as text: names of files are nothing, sentences stand by themselves."""

from __future__ import annotations

import re

WORTH_SAYING = 4  # words of a description that says something by itself
_ICON_SIZE = re.compile(r"[\s_-]+(?:16|20|22|24|32|48|64)$")  # "zoom in 24": a file of 24 pixels
_WARNS = re.compile(
    r"(?:danger|warning|caution|hazard|attention|warnung|vorsicht|gefahr|achtung|avertissement|mise en garde|advertencia|precaución"
    r"|peligro|avvertenza|avvertimento|attenzione|pericolo|waarschuwing|let op|gevaar|aviso|cuidado|perigo)\b\W*(?!(?:icon|sign|symbol|triangle|logo|image"
    r"|zeichen|dreieck)\b)\w",
    re.I,
)
_FILE = re.compile(r"\.\w{3,4}$|^\S*/\S*$")


def described(alternative: str) -> str:
    """A picture's description on one line, or "" where it is but the name of a file."""
    words = _ICON_SIZE.sub("", " ".join(alternative.split()))
    return "" if _FILE.search(words) else words


def says_something(words: str) -> bool:
    """Does a description stand by itself, beyond the name of an icon? One that says what it warns of does."""
    return len(words.split()) >= WORTH_SAYING or bool(_WARNS.match(words))
