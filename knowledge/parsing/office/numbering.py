"""The automatic numbers of Word's paragraphs: "2.2" of a heading, "a)" of a step. Takes the file's XML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from knowledge.parsing.content.open_elements import list_number

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STYLES = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}
_UNSEEN = ("bullet", "none")
LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int
    legal: bool  # shows the numbers of all levels in figures
    restart: (
        int | None
    )  # counts anew only after this level (from 1) or one above it; 0: never; None: after any above it


class Numbering:
    """Counts the numbered paragraphs of a document in their order."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._own_levels: dict[str, dict[int, _Level]] = {}  # of a list, instead of its kind's
        self._linked: dict[str, str] = {}  # kind of list -> the style that says what it looks like
        self._of_num: dict[str, str] = {}
        self._restart: dict[str, dict[int, int]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._by_style: dict[str, tuple[str, int]] = {}
        self._style_levels: dict[tuple[str, str], int] = {}
        if numbering is not None:
            self._read_numbering(numbering)
            self._follow_links(numbering, styles)
        if styles is not None:
            self._read_styles(styles)

    def label(self, paragraph: Any) -> str:
        """The number that Word shows before a paragraph ("2.2", "a)"), or "". Call it once for each, in order."""
        number, level = self._place(paragraph)
        abstract = self._of_num.get(number, "")
        levels = self._levels.get(abstract, {}) | self._own_levels.get(number, {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(abstract, [None] * LEVELS)
        restart = self._restart.get(number, {})
        for at in [at for at in restart if at <= level]:
            counts[at] = restart.pop(at) - (at == level)
        now = counts[level]
        counts[level] = levels[level].start if now is None else now + 1
        for at in range(level + 1, LEVELS):
            after = levels[at].restart if at in levels else None
            if after is None or level < after:
                counts[at] = None
        if levels[level].form in _UNSEEN:
            return ""
        return re.sub(
            r"%(\d)",
            lambda found: self._shown(levels, counts, int(found[1]) - 1, levels[level].legal),
            levels[level].text,
        ).strip()

    def _shown(
        self, levels: dict[int, _Level], counts: list[int | None], at: int, legal: bool
    ) -> str:
        if at not in levels or not 0 <= at < LEVELS:
            return ""
        value = counts[at]
        value = levels[at].start if value is None else value
        if legal:
            return str(value)
        shown = list_number(value, _STYLES.get(levels[at].form, "1"))
        return shown.zfill(2) if levels[at].form == "decimalZero" else shown

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """(list, level) of a paragraph: its own, else its style's."""
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        number, level = self._by_style.get(_value(style), ("", 0))
        own = paragraph.find(f"{W}pPr/{W}numPr")
        if own is not None:
            number = _value(own.find(f"{W}numId")) or number
            level = _whole(own.find(f"{W}ilvl"), level)
        return number, min(max(level, 0), LEVELS - 1)

    def _read_numbering(self, root: Any) -> None:
        for abstract in root.iter(f"{W}abstractNum"):
            key = abstract.get(f"{W}abstractNumId", "")
            for level in abstract.iter(f"{W}lvl"):
                at = _place(level)
                self._levels.setdefault(key, {})[at] = _level(level)
                if style := _value(level.find(f"{W}pStyle")):
                    self._style_levels[key, style] = at
            if style := _value(abstract.find(f"{W}numStyleLink")):
                self._linked[key] = style
        for number in root.iter(f"{W}num"):
            key = number.get(f"{W}numId", "")
            self._of_num[key] = _value(number.find(f"{W}abstractNumId"))
            for override in number.iter(f"{W}lvlOverride"):
                at = _place(override)
                own, start = override.find(f"{W}lvl"), override.find(f"{W}startOverride")
                if own is not None:
                    self._own_levels.setdefault(key, {})[at] = _level(own)
                if start is not None:
                    self._restart.setdefault(key, {})[at] = _whole(start, 1)

    def _follow_links(self, numbering: Any, styles: Any) -> None:
        """A kind of list that only names a style has the levels of the kind that this style stands for."""
        of_style = {
            style: abstract.get(f"{W}abstractNumId", "")
            for abstract in numbering.iter(f"{W}abstractNum")
            if (style := _value(abstract.find(f"{W}styleLink")))
        }
        for style in () if styles is None else styles.iter(f"{W}style"):
            number = _value(style.find(f"{W}pPr/{W}numPr/{W}numId"))
            if number in self._of_num:
                of_style.setdefault(style.get(f"{W}styleId", ""), self._of_num[number])
        for number, abstract in self._of_num.items():
            linked = of_style.get(self._linked.get(abstract, ""), "")
            if linked in self._levels and abstract not in self._levels:
                self._of_num[number] = linked

    def _read_styles(self, root: Any) -> None:
        """The list of each paragraph style, also of those that a style is based on."""
        based: dict[str, str] = {}
        own: dict[str, Any] = {}
        for style in root.iter(f"{W}style"):
            key = style.get(f"{W}styleId", "")
            based[key] = _value(style.find(f"{W}basedOn"))
            own[key] = style.find(f"{W}pPr/{W}numPr")
        for key in own:
            name, seen = key, set[str]()
            while name and name not in seen:
                seen.add(name)
                found = own.get(name)
                if found is not None and _value(found.find(f"{W}numId")):
                    number = _value(found.find(f"{W}numId"))
                    abstract = self._of_num.get(number, "")
                    level = self._style_levels.get(
                        (abstract, key), self._style_levels.get((abstract, name), 0)
                    )
                    self._by_style[key] = (number, _whole(found.find(f"{W}ilvl"), level))
                    break
                name = based.get(name, "")


def _place(level: Any) -> int:
    told = level.get(f"{W}ilvl", "0")
    return int(told) if re.fullmatch(r"\d", told) else 0


def _level(level: Any) -> _Level:
    legal, restart = level.find(f"{W}isLgl"), level.find(f"{W}lvlRestart")
    return _Level(
        _value(level.find(f"{W}numFmt")) or "decimal",
        _value(level.find(f"{W}lvlText")),
        _whole(level.find(f"{W}start"), 1),
        legal is not None and _value(legal) not in ("0", "false", "off"),
        None if restart is None else _whole(restart, 0),
    )


def _value(element: Any) -> str:
    return "" if element is None else element.get(f"{W}val", "")


def _whole(element: Any, otherwise: int) -> int:
    told = _value(element)
    return int(told) if re.fullmatch(r"-?\d{1,6}", told) else otherwise
