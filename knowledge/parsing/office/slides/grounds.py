"""Tell the words of a slide that nobody sees, because they have the colour of what is behind them. What is not sure is seen."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
FILLS = [f"{A}{name}" for name in ("solidFill", "gradFill", "blipFill", "pattFill", "grpFill")]
FIRST_GROUND = 1001  # the number of the first style for backgrounds in a theme
_NAMED = {"white": "FFFFFF", "black": "000000"}
_MARKED = ("highlight", "ln", "effectLst")  # of letters: these show whatever colour they have


class SlideGrounds:
    """The colours behind the words of one slide."""

    def __init__(self, slide: Any) -> None:
        self._slide = slide
        self._layout, self._master = slide.slide_layout, slide.slide_layout.slide_master
        self._theme: Any = None

    def behind(self, shape: Any) -> str:
        """The one colour behind the words of a shape, "" where there may be others; in groups places are their own."""
        if shape._element.find(f".//{A}rPr/{A}solidFill") is None:
            return ""  # whatever it is, no words have it
        if shape._element.getparent().tag.endswith("}grpSp"):
            return ""
        fill = _fill(shape)
        if fill is not None:
            return self._colour(fill)
        if not _is_clear(shape) or any(map(_is_filled, self._inherited(shape))):
            return ""
        if any(one.shape_id != shape.shape_id and _may_show(one, shape) for one in self._others()):
            return ""
        return self._background()

    def matches(self, run: Any, ground: str) -> bool:
        """Has a run of words the colour ``ground`` by its own properties?"""
        properties = run.find(f"{A}rPr")
        if properties is None or not ground:
            return False
        fill = properties.find(f"{A}solidFill")
        marked = any(properties.find(f"{A}{name}") is not None for name in _MARKED)
        return fill is not None and not marked and self._colour(fill) == ground

    def _others(self) -> Iterable[Any]:
        """What may stand behind or before a shape; of layouts the places for texts are not shown."""
        below = chain(self._layout.shapes, self._master.shapes)
        return chain(self._slide.shapes, (one for one in below if not one.is_placeholder))

    def _inherited(self, shape: Any) -> Iterable[Any]:
        """The places for texts that a shape may take its fill from."""
        if not shape.is_placeholder:
            return ()
        kind = shape.placeholder_format
        places = chain(self._layout.placeholders, self._master.placeholders)
        return (
            one
            for one in places
            if kind.idx == one.placeholder_format.idx or kind.type == one.placeholder_format.type
        )

    def _background(self) -> str:
        for part in (self._slide, self._layout, self._master):
            ground = part._element.find(f"{P}cSld/{P}bg")
            if ground is None:
                continue
            fill = ground.find(f"{P}bgPr/{A}solidFill")
            if fill is not None:
                return self._colour(fill)
            named = ground.find(f"{P}bgRef")
            return "" if named is None or not self._is_plain(named) else self._colour(named)
        return "FFFFFF"

    def _is_plain(self, named: Any) -> bool:
        """Is a background that is told by its number in the theme of one colour, and this the one that is told with it?"""
        styles = self._themed().find(f"{A}themeElements/{A}fmtScheme/{A}bgFillStyleLst")
        told = named.get("idx", "")
        at = int(told) - FIRST_GROUND if told.isdecimal() else -1
        if styles is None or not 0 <= at < len(styles) or styles[at].tag != f"{A}solidFill":
            return False
        return (
            len(styles[at]) == 1 and styles[at][0].get("val") == "phClr" and not len(styles[at][0])
        )

    def _colour(self, fill: Any) -> str:
        """The colour that an element names, as "FFFFFF"; "" where it is changed, as by a tint, or not known."""
        if len(fill) != 1 or len(fill[0]):
            return ""
        kind, value = fill[0].tag.removeprefix(A), fill[0].get("val", "")
        if kind == "srgbClr":
            return value.upper()
        if kind == "prstClr":
            return _NAMED.get(value, "")
        if kind == "sysClr":
            return fill[0].get("lastClr", "").upper()
        return self._themed_colour(value) if kind == "schemeClr" else ""

    def _themed_colour(self, name: str) -> str:
        map_, scheme = self._master._element.find(f"{P}clrMap"), f"{A}themeElements/{A}clrScheme"
        parts = (self._slide, self._layout)
        if map_ is None or any(
            x._element.find(f".//{A}overrideClrMapping") is not None for x in parts
        ):
            return ""
        told = self._themed().find(f"{scheme}/{A}{map_.get(name, name)}")
        return "" if told is None else self._colour(told)

    def _themed(self) -> Any:
        from lxml import etree
        from pptx.opc.constants import RELATIONSHIP_TYPE

        if self._theme is None:
            reader = etree.XMLParser(resolve_entities=False, no_network=True)
            try:
                part = self._master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
                self._theme = etree.fromstring(part.blob, reader)
            except (KeyError, etree.XMLSyntaxError):
                self._theme = etree.Element("none")
        return self._theme


def _fill(shape: Any) -> Any:
    """The one colour that a shape is filled with, or None."""
    return shape._element.find(f"{P}spPr/{A}solidFill")


def _is_filled(shape: Any) -> bool:
    return shape._element.find(f"{P}spPr") is None or not _is_clear(shape)


def _is_clear(shape: Any) -> bool:
    """Does nothing that is known of a shape fill it?"""
    own = shape._element.find(f"{P}spPr")
    if own is None or any(own.find(name) is not None for name in FILLS):
        return False
    style = shape._element.find(f"{P}style/{A}fillRef")
    return own.find(f"{A}noFill") is not None or style is None or style.get("idx") == "0"


def _may_show(other: Any, shape: Any) -> bool:
    """May another shape be seen behind a shape? A text without fill and what stands elsewhere is not."""
    if other.has_text_frame and _is_clear(other):
        return False
    sides = [(one.left, one.top, one.width, one.height) for one in (other, shape)]
    if any(None in one for one in sides):
        return True
    (left, top, wide, high), (x, y, width, height) = sides
    return left < x + width and x < left + wide and top < y + height and y < top + high
