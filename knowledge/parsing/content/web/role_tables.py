"""Tables of a web page that are made of boxes, which say by their roles what is a row and what a cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

_MADE_OF_BOXES = re.compile(r"<(?!table\b)\w+\b[^>]{0,300}\brole\s*=\s*[\"']?table\b", re.I)
_TAGS = {"table": "table", "row": "tr", "cell": "td", "gridcell": "td", "columnheader": "th", "rowheader": "th"}  # fmt: skip
_BOXES = frozenset("div span section ul ol li dl dt dd p a".split())


class PageEvents(Protocol):
    """Who takes the events of a page's parser. The names are lxml's."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def data(self, data: str) -> None:
        """Text."""

    def comment(self, text: str) -> None:
        """A remark."""

    def close(self) -> None:
        """The page ends."""


def with_role_tables(events: PageEvents, source: str) -> PageEvents:
    """``events`` itself where the page has no table of boxes."""
    return _RoleTables(events) if _MADE_OF_BOXES.search(source) else events


class _RoleTables:
    """Hands the events on, with the tags of tables for such boxes."""

    def __init__(self, events: PageEvents) -> None:
        self._to = events
        self._open: list[tuple[str, str]] = []  # tags as they are and as they are handed on
        self._tables = 0
        self.data, self.comment, self.close = events.data, events.comment, events.close

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        known = _TAGS.get(attributes.get("role", "").strip().lower(), "") if tag in _BOXES else ""
        told = known if known and (self._tables or known == "table") else tag
        self._tables += told == "table"
        if tag in _BOXES:
            self._open.append((tag, told))
        if told != tag and (across := attributes.get("aria-colspan", "")):
            attributes = {**attributes, "colspan": across}
        self._to.start(told, attributes)

    def end(self, tag: str) -> None:
        """An element ends."""
        told = tag
        if tag in _BOXES and any(own == tag for own, _ in self._open):
            while (ended := self._open.pop())[0] != tag:
                continue
            told = ended[1]
        self._tables -= told == "table" and self._tables > 0
        self._to.end(told)
