"""Which elements the style sheets inside a web page hide: by a class, an id, or a tag with one of these. Pure.

Where a script, or a rule of the page, may show them again (a tab, an answer below its question), nothing counts as hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import tinycss2

HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?![.\d]*[1-9])",
    re.I,
)
_SHOWING = re.compile(
    r"display\s*:\s*(?!none)\w|visibility\s*:\s*visible|font-size\s*:\s*(?!0(?![.\d]*[1-9]))\w",
    re.I,
)
_SHEETS = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.I | re.S)
_MAY_SHOW = re.compile(r":(?:checked|target|hover|focus|active|has)\b|\[open\]", re.I)
_SIMPLE = re.compile(r"(?P<tag>[a-z][a-z0-9]*|\*)?(?P<kind>[.#])(?P<name>[\w-]+)", re.I)
LONGEST = 400_000  # characters of style sheets that are looked at


class HiddenByStyle:
    """What the style sheets of one page hide, by selectors of one element alone; made from the page's source."""

    def __init__(self, source: str) -> None:
        self._hidden: set[tuple[str, str, str]] = set()  # tag or "", "." or "#", name
        sheets = " ".join(_SHEETS.findall(source))[:LONGEST]
        if not HIDING.search(sheets) or re.search(r"<script\b", source, re.I):
            return
        if _MAY_SHOW.search(sheets):
            return
        for selector, said in _rules(sheets):
            if HIDING.search(said):
                self._hidden.add(selector)
            elif _SHOWING.search(said):  # a later rule counts
                self._hidden.discard(selector)

    def hides(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Whether an element is hidden."""
        if not self._hidden:
            return False
        named = [(".", name) for name in attributes.get("class", "").split()]
        named += [("#", attributes["id"])] if attributes.get("id") else []
        return any((own, *name) in self._hidden for name in named for own in ("", tag))


def _rules(sheets: str) -> Iterator[tuple[tuple[str, str, str], str]]:
    """The selectors of one element alone, each with what its rule says; no rules for print or narrow screens."""
    for rule in tinycss2.parse_stylesheet(sheets, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            continue
        said = tinycss2.serialize(rule.content)
        for part in tinycss2.serialize(rule.prelude).split(","):
            if found := _SIMPLE.fullmatch(part.strip()):
                tag = (found["tag"] or "").lower().replace("*", "")
                yield (tag, found["kind"], found["name"]), said
