"""Tables and lists of a web page while they are being read. Knows tags and attributes, not where their text goes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.parsing.content.tables import Cell

TABLE_TAGS = frozenset(("table", "tr", "td", "th", "tfoot"))
NUMBERED = re.compile(
    r"\s*\(?(?:(?:step|schritt)\s)?(?:\d{1,3}|[a-z]|[ivx]{1,5})(?:\.\d{1,3})*[.):]\s", re.I
)
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def list_number(value: int, style: str) -> str:
    """A number of a list as it is shown: style "1", "a", "A", "i" or "I"."""
    if style in ("a", "A") and 0 < value < 703:
        letters = ""
        while value:
            value, rest = divmod(value - 1, 26)
            letters = chr(97 + rest) + letters
        return letters.upper() if style == "A" else letters
    if style in ("i", "I") and 0 < value < 4000:
        roman = ""
        for worth, sign in _ROMAN:
            count, value = divmod(value, worth)
            roman += sign * count
        return roman.upper() if style == "I" else roman
    return str(value)


@dataclass(slots=True)
class _List:
    ordered: bool
    style: str
    value: int
    step: int = 1


class OpenLists:
    """The lists that are open, outermost first, and the number that the next item's text gets."""

    def __init__(self) -> None:
        self._open: list[_List] = []
        self._mark = ""

    def begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A list begins."""
        start = attributes.get("start", "1")
        first = int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1
        step = -1 if "reversed" in attributes else 1
        opened = _List(tag == "ol", attributes.get("type", "1"), first - step, step)
        self._open = [*self._open, opened][-50:]

    def end(self) -> None:
        """The innermost list ends."""
        self._open = self._open[:-1]
        self._mark = ""

    def item(self, attributes: Mapping[str, str]) -> None:
        """An item begins."""
        self._mark = ""
        if self._open and self._open[-1].ordered:
            own, inner = attributes.get("value", ""), self._open[-1]
            inner.value = int(own) if re.fullmatch(r"-?\d{1,6}", own) else inner.value + inner.step
            self._mark = f"{list_number(inner.value, inner.style)}. "

    def mark(self) -> str:
        """The number of the item that has begun, once: "3. " or ""."""
        mark, self._mark = self._mark, ""
        return mark

    def numbered(self, text: str) -> str:
        """The item's text with its number, unless it brings one along."""
        mark = self.mark()
        return text if not mark or NUMBERED.match(text) else mark + text.lstrip()


@dataclass(slots=True)
class _Table:
    rows: list[list[Cell]] = field(default_factory=list)
    feet: list[list[Cell]] = field(default_factory=list)  # stand last, wherever the page has them
    foot: int | None = None  # where the open foot begins
    cell: Cell | None = None


class OpenTables:
    """The tables that are open. One inside a cell of another is read as the cell's text."""

    def __init__(self) -> None:
        self._open: list[_Table] = []
        self._nested = 0
        self._done: list[list[Cell]] = []

    @property
    def open(self) -> bool:
        """Is a table open?"""
        return bool(self._open)

    def is_layout(self) -> bool:
        """Has the innermost table so far only rows of one cell, so that it places text and is no table?"""
        return not self._nested and all(len(row) <= 1 for row in self._open[-1].rows)

    def start(self, tag: str, attributes: Mapping[str, str], text: str) -> str:
        """A table, row or cell begins; returns the text that goes on in it."""
        if tag == "table":
            if self._open and not self.is_layout():
                self._nested += 1
                return f"{text}\x1c"
            self._open = [*self._open, _Table()][-50:]
            return ""
        if not self._open:
            return text
        if self._nested:
            return text + {"tr": "\x1c", "tfoot": ""}.get(tag, "\x1d")
        self._close(text)
        if tag == "tfoot":
            self._open[-1].foot = len(self._open[-1].rows)
            return ""
        if tag == "tr" or not self._open[-1].rows:
            self._open[-1].rows.append([])
        if tag != "tr":
            self._open[-1].cell = Cell(
                "", tag == "th", _span(attributes, "colspan"), _span(attributes, "rowspan")
            )
        return ""

    def end(self, tag: str, text: str) -> str:
        """A table, row or cell ends; returns the text that is left."""
        if self._nested:
            self._nested -= tag == "table"
            return f"{text}\x1c" if tag == "table" else text
        self._close(text)
        table = self._open[-1]
        if tag in ("table", "tfoot") and table.foot is not None:
            table.feet += table.rows[table.foot :]
            del table.rows[table.foot :]
            table.foot = None
        if tag == "table":
            self._done = [*table.rows, *table.feet]
            self._open.pop()
        return ""

    def finished(self) -> list[list[Cell]]:
        """The rows of the table that has just ended."""
        done, self._done = self._done, []
        return done

    def so_far(self, text: str) -> list[list[Cell]]:
        """The rows up to here, which are written before what stands between: a heading, or a table in a layout."""
        if not self._open:
            return []
        self._close(text)
        table = self._open[-1]
        rows, table.rows = table.rows, [[]]
        table.foot = None if table.foot is None else 0
        return rows

    def standing(self, text: str) -> None:
        """Text in a table that ends without its cell's end."""
        if self._open:
            self._close(text)

    def _close(self, text: str) -> None:
        table = self._open[-1]
        words = cell_text(text)
        if table.cell is None:
            if words:  # text between cells
                table.rows.append([Cell(words)])
            return
        cell, table.cell = table.cell, None
        parts = paragraphs_of(text) if cell.down > 1 else ()
        table.rows[-1].append(Cell(words, cell.head, cell.across, cell.down, parts=parts))


def cell_text(text: str) -> str:
    """A cell on one line: the rows (after U+001C) and cells (U+001D) of a table in it, the items of a list (U+001E and
    U+000B) and its paragraphs (U+001E)."""
    rows = []
    for row in text.split("\x1c"):
        cells = [_apart(cell.split("\x1e")) for cell in row.split("\x1d")]
        rows.append(", ".join(filter(None, cells)))
    return _apart(rows)


def paragraphs_of(text: str) -> tuple[str, ...]:
    """The paragraphs of a cell that has several; () for one that holds a table or a list."""
    if any(mark in text for mark in "\x0b\x1c\x1d\x1f"):
        return ()
    parts = [words for part in text.split("\x1e") if (words := " ".join(part.split()))]
    return tuple(parts) if len(parts) > 1 else ()


def _apart(parts: Sequence[str]) -> str:
    """The parts that are not blank, kept apart by semicolons where no other mark does."""
    full = [words for part in parts if (words := " ".join(part.split()))]
    return " ".join(
        part if at == len(full) - 1 or part[-1] in ".,;:!?" else f"{part};"
        for at, part in enumerate(full)
    )


def _span(attributes: Mapping[str, str], name: str) -> int:
    told = attributes.get(name, "1").strip()
    return max(1, min(int(told), 1000)) if re.fullmatch(r"\d{1,6}", told) else 1
