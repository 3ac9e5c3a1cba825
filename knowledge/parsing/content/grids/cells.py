"""The cells of a table, and the labels that its heads make. Knows no format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_BAR = re.compile(r"(?:^|\s+)\|(?:\s+|$)")

Grid = Sequence[Sequence["Cell | None"]]  # a cell stands at every place that it covers

# What a row of units begins with
UNITS_NAME = re.compile(
    r"(?:units?|einheit(?:en)?|unités?|unidad(?:es)?|unità|eenheid|unidades?)\W*|[(\[]?[-–—][)\]]?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as its format has it; ``head`` says that the format calls it one, ``bold`` that it shows it as one, ``across``
    and ``down`` what it spans, ``parts`` its paragraphs where it has several.
    """

    text: str
    head: bool = False
    across: int = 1
    down: int = 1
    bold: bool = False
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CellText:
    """The text of a cell where it stands in a row, or that of a head as a label, which ends in no colon."""

    cell: Cell
    label: bool = False

    def __str__(self) -> str:
        text = _kept_whole(self.cell.text)
        return text.rstrip(": ") if self.label else text


Row = Sequence[str | CellText]  # as it is written


def filled(row: Sequence[Cell | None]) -> int:
    """How many cells of a row hold something, one that spans counted once."""
    return len({id(cell) for cell in row if cell and cell.text})


def labels_of(heads: Grid) -> list[Row]:
    """The head of each column: its cells from above to below, one that spans rows once; not what only says that units follow."""

    def told(at: int, cell: Cell | None) -> bool:
        return bool(cell and cell.text) and not (at and cell and UNITS_NAME.fullmatch(cell.text))

    return [
        joined(
            [
                [CellText(cell, label=True)]
                for at, cell in enumerate(column)
                if told(at, cell) and cell
            ],
            ", ",
        )
        for column in zip(*heads, strict=True)
    ]


def joined(texts: Sequence[Row], between: str) -> list[str | CellText]:
    """Texts one after the other, each once."""
    once: dict[str, Row] = {}
    for text in texts:
        once.setdefault("".join(map(str, text)), text)
    out: list[str | CellText] = []
    for text in once.values():
        out += [*([between] if out and text else []), *text]
    return out


def _kept_whole(text: str) -> str:
    """A cell that does not read as two: a bar in it stands without the blanks that part cells."""
    return _BAR.sub("|", text) if "|" in text else text
