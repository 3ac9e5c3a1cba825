"""Put into words, in the source of a web page, what it says by the looks of a few letters: higher, lower, in a font of signs.

By a style of their own, by a class of the page's style sheet, or by the tags of old.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape, unescape

from knowledge.parsing.content.symbols import sign_font, signs_of
from knowledge.parsing.content.web.stylesheets import sheet_rules

_SHORT = re.compile(r"<(span|font|a|small)\b([^>]{1,400})>([^<]{1,40})</\1>", re.I)
LONGEST_SMALL = 20  # characters of a text that is set higher or lower
_SET_OFF = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.I)
_FONT = re.compile(r"font(?:-family)?\s*:[^;}]{0,80}?\b(?:symbol|wingdings)\b", re.I)
_FAMILY = re.compile(r"font-family\s*:\s*([^;]+)", re.I)
_LOOKS = re.compile(r"vertical-align\s*:\s*su[pb]|\b(?:symbol|wingdings)\b", re.I)
_ATTRIBUTE = re.compile(r"\b(style|class|face)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I)


def looks_in_words(source: str) -> str:
    """The source with ``sup`` and ``sub`` for short texts that are set off, and with the signs that a font shows."""
    if not _LOOKS.search(source):
        return source
    classes: dict[str, str] = {}
    for (tag, kind, name), said in sheet_rules(source):
        if kind == "." and tag in ("", "span") and (_SET_OFF.search(said) or _FONT.search(said)):
            classes[name] = said
    return _SHORT.sub(_said_by(classes), source)


def _said_by(classes: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    def said(found: re.Match[str]) -> str:
        told = {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(found[2])}
        looks = [told.get("style", "")]
        looks += [classes[name] for name in told.get("class", "").split() if name in classes]
        text = found[3]
        families = [told.get("face", ""), *(m[1] for look in looks for m in _FAMILY.finditer(look))]
        if font := next(filter(None, map(sign_font, map(unescape, families))), ""):
            text = escape(signs_of(unescape(text), font), quote=False)
        small = next((m for look in looks if (m := _SET_OFF.search(look))), None)
        if small and len(found[3]) <= LONGEST_SMALL:
            tag = small[1].lower()[:3]  # "super" is "sup"
            return f"<{tag}>{text}</{tag}>"
        return f"{found[0][: found.start(3) - found.start()]}{text}</{found[1]}>"

    return said
