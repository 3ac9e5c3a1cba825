"""The rows of an RTF table as HTML. What a cell covers is told by the places of its edges and by marks of merging."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

CLOSE = 30  # twips: edges nearer to each other are one


@dataclass(slots=True)
class CellShape:
    """How a cell lies: its right edge in twips; whether it begins a merged one ("down") or goes on with it."""

    edge: int = 0
    goes_on_right: bool = False
    begins_down: bool = False
    goes_on_down: bool = False


@dataclass(slots=True)
class RowShape:
    """The shape of a row: where it begins, and its cells."""

    left: int = 0
    head: bool = False
    cells: list[CellShape] = field(default_factory=list)


@dataclass(slots=True)
class _Placed:
    html: str
    first: int
    last: int
    down: int = 1
    open: bool = False


def table_html(rows: Sequence[tuple[Sequence[str], RowShape]]) -> str:
    """Rows of cells in HTML, each with its shape, as an HTML table."""
    edges: list[int] = []
    for edge in sorted({cell.edge for _, shape in rows for cell in shape.cells}):
        if not edges or edge - edges[-1] > CLOSE:
            edges.append(edge)
    above: dict[int, _Placed] = {}  # the cells that may go on in the next row, by column
    lines: list[tuple[bool, list[_Placed]]] = []
    for texts, shape in rows:
        kept: list[_Placed] = []
        below: dict[int, _Placed] = {}
        for cell, goes_on in _placed(texts, shape, edges):
            if goes_on and cell.first in above:
                below[cell.first] = above[cell.first]
                below[cell.first].down += 1
                continue
            kept.append(cell)
            if cell.open:
                below[cell.first] = cell
        above = below
        lines.append((shape.head, kept))
    return f"<table>{''.join(_line(head, cells) for head, cells in lines)}</table>"


def _placed(
    texts: Sequence[str], shape: RowShape, edges: Sequence[int]
) -> list[tuple[_Placed, bool]]:
    """The cells of a row at their columns, and whether each goes on with the one above it."""
    made: list[tuple[_Placed, bool]] = []
    column = bisect_right(edges, shape.left + CLOSE)
    for at, text in enumerate(texts):
        if at >= len(shape.cells):
            made.append((_Placed(text, column, column + 1), False))
            column += 1
            continue
        told = shape.cells[at]
        end = max(column + 1, bisect_right(edges, told.edge + CLOSE))
        if told.goes_on_right and made:
            made[-1][0].last = end
            made[-1][0].html += text
        else:
            cell = _Placed(text, column, end, open=told.begins_down)
            made.append((cell, told.goes_on_down))
        column = end
    return made


def _line(head: bool, cells: Sequence[_Placed]) -> str:
    tag = "th" if head else "td"
    shown = (
        f'<{tag} colspan="{cell.last - cell.first}" rowspan="{cell.down}">{cell.html}</{tag}>'
        for cell in cells
    )
    return f"<tr>{''.join(shown)}</tr>"
