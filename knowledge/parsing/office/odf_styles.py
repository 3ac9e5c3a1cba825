"""What the styles of an OpenDocument file say: what is hidden, struck out or raised, and the numbers of lists. Takes its XML.

A style is known by its family and its name, and has what its parents say where it says nothing itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from knowledge.parsing.content.open_elements import list_number
from knowledge.parsing.content.symbols import sign_font

OUTLINE = "\x00outline"  # the list style of a text's headings
MOST_PARENTS = 20
WHITE = "#ffffff"
_DEEPEST = 10  # levels of a list


@dataclass(frozen=True, slots=True)
class TextLook:
    """How a text is shown; None where a style does not say. ``small`` is "sup", "sub" or ""; ``ground``: whether there is a
    colour behind it; ``signs``: the font of signs that it is in, or ""."""

    hidden: bool | None = None
    struck: bool | None = None
    small: str | None = None
    white: bool | None = None
    ground: bool | None = None
    signs: str | None = None

    @property
    def white_on_white(self) -> bool:
        """Is it white with no other colour behind it?"""
        return bool(self.white and not self.ground)

    def over(self, other: TextLook) -> TextLook:
        """This look, and where it says nothing the other one."""
        return TextLook(
            other.hidden if self.hidden is None else self.hidden,
            other.struck if self.struck is None else self.struck,
            other.small if self.small is None else self.small,
            other.white if self.white is None else self.white,
            other.ground if self.ground is None else self.ground,
            other.signs if self.signs is None else self.signs,
        )


@dataclass(frozen=True, slots=True)
class _Style:
    shown_name: str
    parent: str
    list_style: str | None
    outline: bool  # its paragraphs are chapters
    look: TextLook
    off: bool  # a sheet or slide that is not shown


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    prefix: str
    suffix: str
    pattern: str
    start: int
    levels: int  # how many numbers it shows: 2 for "1.2"
    doubles: bool  # "aa" follows "z", then "bb"


@dataclass(slots=True)
class OdfStyles:
    """The styles of one file: those of its styles.xml, and those of its content, which go first."""

    _styles: dict[tuple[str, str], _Style] = field(default_factory=dict)
    _levels: dict[tuple[str, int], _Level | None] = field(default_factory=dict)

    def read(self, root: Any, *parts: str) -> None:
        """Take in the styles in these parts ("styles", "automatic-styles") of a file."""
        for part in (e for e in root if name_of(e) in parts):
            for style in part:
                kind, own = name_of(style), values_of(style)
                if kind == "style":
                    key = own.get("family", ""), own.get("name", "")
                    self._styles[key] = _style(style, own)
                elif kind in ("list-style", "outline-style"):
                    named = OUTLINE if kind == "outline-style" else own.get("name", "")
                    for at in range(1, _DEEPEST + 1):
                        self._levels.pop((named, at), None)
                    for level in style:
                        at = times_of(level, "level")
                        self._levels[named, at] = _level(level)

    def look(self, family: str, name: str) -> TextLook:
        """How a style shows text."""
        look = TextLook()
        for style in self._chain(family, name):
            look = look.over(style.look)
        return look

    def is_off(self, family: str, name: str) -> bool:
        """Does a style say that a sheet or a slide is not shown?"""
        return any(style.off for style in self._chain(family, name))

    def names(self, name: str) -> list[str]:
        """The names that a paragraph style and its parents go by, in small letters."""
        chain = list(self._chain("paragraph", name))
        return [said.lower() for style in chain for said in (style.shown_name, style.parent)]

    def list_style(self, paragraph: str) -> str:
        """The list style that a paragraph style names, or ""."""
        told = (style.list_style for style in self._chain("paragraph", paragraph))
        return next((name for name in told if name is not None), "")

    def is_numbered(self, paragraph: str) -> bool:
        """Has a heading of this style the number of its chapter? One that names no list on purpose has none."""
        for style in self._chain("paragraph", paragraph):
            if style.list_style == "" or style.outline:
                return style.list_style != ""
        return False

    def level(self, style: str, at: int) -> _Level | None:
        """The numbers of a level, from 1, of a list style; None for bullets."""
        return self._levels.get((style, at))

    def _chain(self, family: str, name: str) -> Iterator[_Style]:
        for _ in range(MOST_PARENTS):
            style = self._styles.get((family, name))
            if style is None:
                return
            yield style
            name = style.parent


class ListNumbers:
    """Counts the items of a text's lists in their order."""

    def __init__(self, styles: OdfStyles) -> None:
        self._styles = styles
        self._named: dict[str, dict[int, int]] = {}
        self._last: tuple[str, dict[int, int]] = "", {}
        self._counts: dict[int, int] = {}  # level -> number of its last item
        self._headings: dict[int, int] = {}

    def begin(self, style: str, own: Mapping[str, str]) -> dict[int, int]:
        """A list begins that is in no other; returns what ``end`` wants back."""
        outer = self._counts
        goes_on = own.get("continue-numbering") == "true" and self._last[0] == style
        continued = self._named.get(own.get("continue-list", ""))
        counts = continued if continued is not None else self._last[1] if goes_on else {}
        if "id" in own:
            self._named[own["id"]] = counts
        self._last, self._counts = (style, counts), counts
        return outer

    def restart(self, level: int) -> None:
        """The items of a level are counted anew."""
        for deeper in [at for at in self._counts if at >= level]:
            del self._counts[deeper]

    def end(self, outer: dict[int, int]) -> None:
        """The list ends that ``begin`` told of."""
        self._counts = outer

    def heading(self, level: int, own: Mapping[str, str]) -> str:
        """The number that is shown before a heading, or ""."""
        start = None
        if own.get("restart-numbering") == "true":
            start = whole(own.get("start-value", ""))
            self._headings.pop(level, None)
        return self._label(OUTLINE, level, start, self._headings)

    def item(self, style: str, level: int, start: int | None) -> str:
        """The number that is shown before the next item's first paragraph ("2)", "1.2"), or ""."""
        return self._label(style, level, start, self._counts)

    def _label(self, style: str, level: int, start: int | None, counts: dict[int, int]) -> str:
        found = self._styles.level(style, level)
        first = found.start if found else 1
        counts[level] = start if start is not None else counts.get(level, first - 1) + 1
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]
        if found is None or not found.form:
            return ""
        if found.pattern:
            told = re.compile(r"%(\d\d?)%")
            return told.sub(lambda m: self._shown(style, int(m[1]), counts), found.pattern).strip()
        above = range(max(1, level - found.levels + 1), level + 1)
        numbers = ".".join(filter(None, (self._shown(style, at, counts) for at in above)))
        label = f"{found.prefix}{numbers}{found.suffix}".strip()
        return f"{label}." if label.isalnum() else label  # "3 screws" is another thing

    def _shown(self, style: str, level: int, counts: dict[int, int]) -> str:
        found = self._styles.level(style, level)
        if found is None or not found.form:
            return ""
        value = counts.get(level, found.start)
        if found.doubles and found.form in ("a", "A") and value > 0:
            times, letter = divmod(value - 1, 26)
            return list_number(letter + 1, found.form) * (times + 1)
        shown = list_number(value, found.form)
        return shown.zfill(2) if found.form.startswith("01") else shown


def name_of(element: Any) -> str:
    """The name of an element without its namespace; "" for a remark of XML."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def values_of(element: Any) -> Mapping[str, str]:
    """The attributes of an element without their namespaces."""
    return {key.rpartition("}")[2]: value for key, value in element.attrib.items()}


def times_of(element: Any, name: str) -> int:
    """How often an element stands there; 1 where it does not say so in a number."""
    said = values_of(element).get(name, "1")
    return max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 9 else 1


def whole(said: str) -> int | None:
    """A whole number of few figures, or None."""
    return int(said) if re.fullmatch(r"[0-9]{1,6}", said) else None


def has_ground(said: Mapping[str, str]) -> bool | None:
    """Do properties give a colour behind what is written; None where they do not say."""
    colour = said.get("background-color")
    return None if colour is None else colour.lower() not in ("transparent", WHITE)


def _style(style: Any, own: Mapping[str, str]) -> _Style:
    look, off = TextLook(), False
    for properties in style:
        kind, said = name_of(properties), values_of(properties)
        if kind == "text-properties":
            look = _text_look(said).over(look)
        elif kind == "paragraph-properties":
            look = look.over(TextLook(ground=has_ground(said)))
        elif kind == "table-properties":
            off = off or said.get("display") == "false"
        elif kind == "drawing-page-properties":
            off = off or said.get("visibility") == "hidden"
    return _Style(
        own.get("display-name", own.get("name", "")),
        own.get("parent-style-name", ""),
        own.get("list-style-name"),
        own.get("default-outline-level", "") != "",
        look,
        off,
    )


def _text_look(said: Mapping[str, str]) -> TextLook:
    lines = [said[k] for k in ("text-line-through-style", "text-line-through-type") if k in said]
    position = said.get("text-position", "").split()[:1]
    small: str | None = None
    if position:
        moved = re.fullmatch(r"(-?)([0-9.]+)%?", position[0])
        if position[0] in ("super", "sub"):
            small = "sup" if position[0] == "super" else "sub"
        elif moved:
            small = "" if not moved[2].strip("0.") else "sub" if moved[1] else "sup"
    font = said.get("font-name") or said.get("font-family", "")
    return TextLook(
        said["display"] == "none" if "display" in said else None,
        "none" not in lines if lines else None,
        small,
        said["color"].lower() == WHITE if "color" in said else None,
        has_ground(said),
        sign_font(re.sub(r"\d$", "", font)) if font else None,  # a name may have a number behind it
    )


def _level(level: Any) -> _Level | None:
    own = values_of(level)
    if name_of(level) not in ("list-level-style-number", "outline-level-style"):
        return None
    start = whole(own.get("start-value", "1"))
    return _Level(
        own.get("num-format", ""),
        own.get("num-prefix", ""),
        own.get("num-suffix", ""),
        own.get("num-list-format", ""),
        1 if start is None else start,
        times_of(level, "display-levels"),
        own.get("num-letter-sync") == "true",
    )
