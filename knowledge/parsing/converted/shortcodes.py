"""The shortcodes that Hugo's Markdown puts around text, in words: ``{{< hint warning >}}`` is "Warning". Knows no file.

What a shortcode only does (a link, a video, a column) goes; the text between two of them stays.
"""

from __future__ import annotations

import re

NOTES = "note|tip|info|warning|caution|danger|important|attention|hint|error|success"
_CODE = re.compile(
    r"^[ \t]*\{\{[<%] *(?:highlight|code)\b *[\"']?(\w*)[^{}\n]{0,200}[>%]\}\}[ \t]*\n((?:(?!\{\{[<%])[\s\S]){0,20000}?)\n[ \t]*\{\{[<%] */ *(?:highlight|code) *[>%]\}\}[ \t]*$",
    re.M,
)
_LONG = re.compile(r"\{\{[<%][^{}]{1,800}[>%]\}\}")
_SHORTCODE = re.compile(
    r"(?P<code>`[^`]*`)|\{\{(?P<mark>[<%]) *(?P<ends>/? *)(?P<name>[\w./-]+)(?P<rest>(?:\s[^{}]{0,800}?)?) */?(?P=mark)?[>%]\}\}"
)
_NAMED = re.compile(
    r"\b(title|name|header|label|caption|alt|text|type|style|color|context)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=]+))"
)
_PLACED = re.compile(r"(?<![=\w])(?:\"([^\"]*)\"|([\w+-]+)(?=\s|$)(?!\s*=))")
_NOTE = re.compile(NOTES, re.I)
_OPENED = frozenset("tab tabitem tabpane details expand accordion accordion-item collapse".split())
_BOXED = frozenset("alert callout admonition notice".split())
_PICTURES = frozenset("figure img image".split())
_KEYS = frozenset("kbd key keys menu ui term button badge".split())


def shortcodes_joined(text: str) -> str:
    """The text with each shortcode on one line, and with listings in fences instead of shortcodes."""
    if "{{" not in text:
        return text
    text = _CODE.sub(r"```\1\n\2\n```", text)
    return _LONG.sub(lambda m: m[0].replace("\n", " "), text)


def without_shortcodes(line: str) -> str:
    """A line with what its shortcodes show instead of them; a name before a text is a paragraph of its own."""
    if "{{" not in line:
        return line

    def said(found: re.Match[str]) -> str:
        if found["code"] or found["ends"]:
            return found["code"] or ""
        name = found["name"].lower()
        named = {m[1]: (m[2] or m[3] or m[4] or "").strip() for m in _NAMED.finditer(found["rest"])}
        placed = [(m[1] or m[2]).strip() for m in _PLACED.finditer(_NAMED.sub("", found["rest"]))]
        heads = _heads(name, named, placed).rstrip(":")
        if not heads:
            return _words(name, named, placed)
        before = _SHORTCODE.sub("", line[: found.start()])
        return f"{heads}: " if before.strip() else f"\n{before}{heads}:\n\n{before}"

    return _SHORTCODE.sub(said, line)


def _heads(name: str, named: dict[str, str], placed: list[str]) -> str:
    """The name of a note, a tab or a part to be opened, "" for any other shortcode."""
    title = next(filter(None, map(named.get, ("title", "header", "name", "label"))), "")
    if name in _OPENED:
        return title or next(iter(placed), "")
    kinds = [*map(named.get, ("type", "style", "color", "context")), *placed[:1], name]
    known = next((kind for kind in kinds if kind and _NOTE.fullmatch(kind)), "")
    if not known and name not in _BOXED:
        return ""
    return ": ".join(filter(None, ("" if _NOTE.fullmatch(title) else known.capitalize(), title)))


def _words(name: str, named: dict[str, str], placed: list[str]) -> str:
    """What a shortcode shows in a sentence."""
    if name in _KEYS and placed:
        return placed[0]
    told = ("caption", "alt", "title") if name in _PICTURES else ("text",)
    return next(filter(None, map(named.get, told)), "")
