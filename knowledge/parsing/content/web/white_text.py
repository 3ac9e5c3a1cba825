"""Which words of a web page nobody sees, because they are white where nothing gives them a ground of another colour.

Where that cannot be told (a style sheet outside the page, a program, a picture behind the words), all words are seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tinycss2.color3 import RGBA, parse_color

from knowledge.parsing.content.web.stylesheets import all_rules
from knowledge.parsing.content.web.tags import VOID

_MAY_BE_WHITE = re.compile(
    r"(?<![\w-])color\s*[:=]\s*[\"']?\s*(?:#f[a-f0-9]{2}(?![a-f0-9])|#f[a-f0-9]f[a-f0-9]f[a-f0-9]|white\b|(?:rgb|hsl)a?\()",
    re.I,
)
_UNKNOWN = re.compile(
    r"<link\b[^>]{0,400}\bstylesheet|@import\b|<script\b|color-scheme\s*:[^;}]{0,40}dark|mix-blend-mode|text-shadow|text-stroke|position\s*:\s*(?:absolute|fixed|sticky)",
    re.I,
)
_INK = re.compile(r"(?<![\w-])color\s*:\s*([^;!]{1,60})", re.I)
_GROUND = re.compile(r"(?<![\w-])background(?:-color|-image)?\s*:\s*([^;!]{1,300})", re.I)
_NONE = frozenset("none transparent inherit initial unset".split())
_SIMPLE = re.compile(r"([a-z][a-z0-9]*|\*)?([.#][\w-]+)?", re.I)
NEAREST = 4  # open elements among which an end finds its own


class WhiteText:
    """Follows the open elements of one page, made from its source."""

    def __init__(self, source: str) -> None:
        self._watches = bool(_MAY_BE_WHITE.search(source)) and not _UNKNOWN.search(source)
        self._rules: dict[str, list[str]] = {}  # by a tag, ".class", "#id" or both as written
        self._inks = True  # whether the sheets' rules say the colour of words
        self._open: list[tuple[str, bool, bool]] = []  # tag, white ink, white ground
        for selector, said in all_rules(source) if self._watches else ():
            if not (_INK.search(said) or _GROUND.search(said)):
                continue
            found = _SIMPLE.fullmatch(selector)
            if found is None:  # whose ink or ground it is, is not looked for
                self._watches = self._watches and _white(said, _GROUND) is not False
                self._inks = self._inks and _white(said, _INK) is None
            self._rules.setdefault(selector.lower(), []).append(said)

    def opens(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if not self._watches or tag in VOID:
            return
        _, ink, ground = self._open[-1] if self._open else ("", False, True)
        if tag == "a" and attributes.get("href"):
            ink = False
        names = [f".{name.lower()}" for name in attributes.get("class", "").split()]
        names += [f"#{attributes['id'].lower()}"] if attributes.get("id") else []
        looks = [
            said
            for key in ("*", tag, *names, *(tag + name for name in names))
            for said in self._rules.get(key, ())
        ]
        old = [
            f"color:{attributes[key]}"
            for key in ("color", "text")
            if tag in ("font", "body") and key in attributes
        ]
        old += [
            f"background:{attributes[key]}"
            for key in ("bgcolor", "background")
            if key in attributes
        ]
        for said in (*old, *looks, attributes.get("style", "")):
            told_ink, told_ground = _white(said, _INK), _white(said, _GROUND)
            if told_ink is not None and (self._inks or said not in looks):
                ink = told_ink
            ground = ground if told_ground is None else told_ground
        self._open.append((tag, ink, ground))

    def closes(self, tag: str) -> None:
        """An element ends."""
        if any(tag == other for other, _, _ in self._open[-NEAREST:]):
            while self._open.pop()[0] != tag:
                continue

    def is_unseen(self) -> bool:
        """Are the words here white on white?"""
        return bool(self._open) and self._open[-1][1] and self._open[-1][2]


def _white(said: str, property_: re.Pattern[str]) -> bool | None:
    """Whether a property is white, by its last mention; None where it says nothing of its own."""
    told = [value.strip().lower() for value in property_.findall(said)]
    told = [value for value in told if value not in _NONE]
    if not told:
        return None
    color = parse_color(told[-1])
    return (
        isinstance(color, RGBA)
        and color.alpha > 0.98
        and min(color.red, color.green, color.blue) >= 0.98
    )
