"""Which elements the style sheets inside a web page hide or strike out: by a class, an id, or a tag with one of these. Pure.

Where a script, or a rule of the page, may show them again (a tab, an answer below its question), nothing counts as hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import tinycss2
from tinycss2.color3 import parse_color

HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?![.\d]*[1-9])",
    re.I,
)
_INK = re.compile(r"(?<![\w-])color\s*:\s*([^;!]{1,60})", re.I)
_GROUND = re.compile(r"(?<![\w-])background(?:-color)?\s*:\s*([^;!]{1,60})", re.I)
STRIKING = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.I)
_DECORATION = re.compile(r"text-decoration(?:-line)?\s*:", re.I)
_SHOWING = re.compile(
    r"display\s*:\s*(?!none)\w|visibility\s*:\s*visible|font-size\s*:\s*(?!0(?![.\d]*[1-9]))\w",
    re.I,
)
_SHEETS = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.I | re.S)
_MAY_SHOW = re.compile(r":(?:checked|target|hover|focus|active|has)\b|\[open\]", re.I)
_SIMPLE = re.compile(r"(?P<tag>[a-z][a-z0-9]*|\*)?(?P<kind>[.#])(?P<name>[\w-]+)", re.I)
_SHOWN = re.compile(r"display\s*:\s*(?!none)\w|visibility\s*:\s*visible", re.I)
_WIDE = re.compile(
    r"\s*(?:(?:only\s+)?(?:screen|all)\s+and\s+)?\(\s*min-width\s*:\s*(\d{1,4}(?:\.\d+)?)\s*(px|r?em)\s*\)\s*",
    re.I,
)
NARROWEST = 1000  # pixels of a desktop screen
_Selector = tuple[str, str, str]  # a tag or "", "." or "#", a name
LONGEST = 400_000  # characters of style sheets that are looked at


class PageStyles:
    """What the style sheets of one page hide or strike out, by selectors of one element alone; made from its source."""

    def __init__(self, source: str) -> None:
        self._hidden: set[_Selector] = set()
        self._shown: set[_Selector] = set()  # on wide screens, whatever hides them else
        self._struck: set[_Selector] = set()
        sheets = _sheets(source)
        if not (HIDING.search(sheets) or STRIKING.search(sheets)):
            return
        for selector, said in _rules(sheets):  # a later rule counts
            if HIDING.search(said):
                self._hidden.add(selector)
            elif _SHOWING.search(said):
                self._hidden.discard(selector)
            if STRIKING.search(said):
                self._struck.add(selector)
            elif _DECORATION.search(said):
                self._struck.discard(selector)
        self._shown = {one for one, said in _wide_rules(sheets) if _SHOWN.search(said)}
        if _MAY_SHOW.search(sheets) or re.search(r"<script\b", source, re.I):
            self._hidden.clear()

    def hides(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Whether an element is hidden."""
        if not self._hidden:
            return False
        own = _selectors(tag, attributes)
        return not self._hidden.isdisjoint(own) and self._shown.isdisjoint(own)

    def strikes(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Whether an element is struck out."""
        return bool(self._struck) and not self._struck.isdisjoint(_selectors(tag, attributes))


def is_hiding(style: str) -> bool:
    """Whether an element's own style hides it: not shown, of no size, or in the colour of the ground that it sets."""
    if HIDING.search(style):
        return True
    ink, ground = _INK.search(style), _GROUND.search(style)
    if not (ink and ground):
        return False
    colors = [parse_color(found[1].strip()) for found in (ink, ground)]
    return colors[0] is not None and colors[0] == colors[1]


def sheet_rules(source: str) -> Iterator[tuple[_Selector, str]]:
    """The selectors of one element alone in the style sheets of a page, each with what its rule says."""
    yield from _rules(_sheets(source))


def all_rules(source: str) -> Iterator[tuple[str, str]]:
    """Every selector in the style sheets of a page, those of screens of some width too, each with what its rule says."""
    parsed = tinycss2.parse_stylesheet(_sheets(source), skip_comments=True, skip_whitespace=True)
    for rule in parsed:
        media = rule.type == "at-rule" and rule.lower_at_keyword == "media" and rule.content
        inner = tinycss2.parse_rule_list(rule.content, skip_comments=True) if media else [rule]
        for one in inner:
            if one.type == "qualified-rule":
                said = tinycss2.serialize(one.content)
                for part in tinycss2.serialize(one.prelude).split(","):
                    yield part.strip(), said


def _sheets(source: str) -> str:
    return " ".join(_SHEETS.findall(source))[:LONGEST]


def _selectors(tag: str, attributes: Mapping[str, str]) -> list[_Selector]:
    """The selectors of one element that an element answers to."""
    named = [(".", name) for name in attributes.get("class", "").split()]
    named += [("#", attributes["id"])] if attributes.get("id") else []
    return [(own, *name) for name in named for own in ("", tag)]


def _rules(sheets: str) -> Iterator[tuple[_Selector, str]]:
    """The selectors of one element alone, each with what its rule says; no rules for print or narrow screens."""
    yield from _parsed(tinycss2.parse_stylesheet(sheets, skip_comments=True, skip_whitespace=True))


def _wide_rules(sheets: str) -> Iterator[tuple[_Selector, str]]:
    """The same for the rules of screens that are wide, as a desktop's is."""
    for rule in tinycss2.parse_stylesheet(sheets, skip_comments=True, skip_whitespace=True):
        if rule.type != "at-rule" or rule.lower_at_keyword != "media" or rule.content is None:
            continue
        wide = _WIDE.fullmatch(tinycss2.serialize(rule.prelude))
        if wide and float(wide[1]) * (1 if wide[2].lower() == "px" else 16) <= NARROWEST:
            yield from _parsed(tinycss2.parse_rule_list(rule.content, skip_comments=True))


def _parsed(rules: Iterable[Any]) -> Iterator[tuple[_Selector, str]]:
    for rule in rules:
        if rule.type != "qualified-rule":
            continue
        said = tinycss2.serialize(rule.content)
        for part in tinycss2.serialize(rule.prelude).split(","):
            if found := _SIMPLE.fullmatch(part.strip()):
                tag = (found["tag"] or "").lower().replace("*", "")
                yield (tag, found["kind"], found["name"]), said
