"""Rows of tables, which are quoted as lines with " | " between their cells, as tables of a page and as plain text. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from chatbot.conversations.types import Sentence
from knowledge.parsing.content.tables import SEPARATOR, labelled_cells
from knowledge.text import readable, unique
from ui.web.html import join

Cell = tuple[str, str | Markup]  # its head, "" for none, and what stands in it


def cells_of(row: str) -> list[tuple[str, str]]:
    """Return the cells of a row as (head, value), the head "" where the row does not bring its heads along; [] for one cell."""
    cells = [("", cell.strip()) for cell in row.split(SEPARATOR)]
    return labelled_cells(row) or (cells if len(cells) > 1 else [])


def quoted_cells(part: Sentence) -> list[tuple[str, str]]:
    """Return the cells of a sentence of an answer that is a row of a table; [] for any other.

    What a model wrote, and answers stored before rows were marked, are rows where they bring their heads along.
    """
    if part.state != "verified" or part.item or part.heading:
        return []
    text = readable(part.text)
    return cells_of(text) if part.row else labelled_cells(text)


def same_table(cells: Sequence[tuple[str, str]]) -> str:
    """Return what rows of one table have in common: the head of their first cell, else how many cells they have. Of a row with
    an empty cell other heads are missing."""
    return cells[0][0] or str(len(cells))


def in_words(cells: Sequence[tuple[str, str]]) -> str:
    """Return a row as one line for a reader: "Weight: 12.5 kg", or "Screw: M6; Torque: 9 Nm"; of more cells without heads, as it is."""
    if any(head for head, _ in cells):
        return "; ".join(f"{head}: {value}" if head else value for head, value in cells)
    values = [value for _, value in cells]
    name = values[0].rstrip(" :")
    if len(values) == 2 and all(values) and name.endswith("?"):
        return " ".join(values)
    if len(values) == 2 and all(values) and name[-1:].isalnum() and not name[0].isdigit() and ":" not in name:  # fmt: skip
        return f"{name}: {values[1]}"
    return SEPARATOR.join(values)


def heads_of(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Return the heads of rows of one table in their order, [] where rows have none."""
    heads = [head for head, _ in max(rows, key=len, default=())]
    if not all(heads):
        return []
    return heads + unique(h for cells in rows for h, _ in cells if h and h not in heads)


def _below(heads: Sequence[str], cells: Sequence[Cell]) -> list[str | Markup]:
    """Return what stands in the cells of a row, each below its head, "" where the row has none; two with one head in turn."""
    left = list(cells)
    found: list[str | Markup] = []
    for head in heads:
        at = next((n for n, (own, _) in enumerate(left) if own == head), None)
        found.append("" if at is None else left.pop(at)[1])
    return found if heads else [value for _, value in cells]


def table(rows: Iterable[tuple[Sequence[Cell], bool]]) -> Markup:
    """Return rows of one table. Each comes with whether it is the one that is meant; the first cell names rows without heads."""
    lines: list[Markup] = []
    given = list(rows)
    names = heads_of([cells for cells, _ in given])
    heads = join(Markup('<th scope="col" dir="auto">{}</th>').format(head) for head in names)
    for cells, meant in given:
        first = "td" if heads else "th"
        shown = [
            Markup(
                '<th scope="row" dir="auto">{}</th>'
                if n == 0 and first == "th"
                else '<td dir="auto">{}</td>'
            ).format(value)
            for n, value in enumerate(_below(names, cells))
        ]
        lines.append(
            Markup('<tr class="t-key">{}</tr>' if meant else "<tr>{}</tr>").format(join(shown))
        )
    head = Markup("<thead><tr>{}</tr></thead>").format(heads) if heads else ""
    return Markup('<div class="t-cells"><table>{}<tbody>{}</tbody></table></div>').format(
        head, join(lines)
    )


def table_in_words(rows: Sequence[Sequence[tuple[str, str]]]) -> Markup:
    """Return rows as a table to paste elsewhere, without the page's classes."""
    shown = []
    names = heads_of(rows)
    if names:
        heads = join(Markup("<th>{}</th>").format(head) for head in names)
        shown.append(Markup("<tr>{}</tr>").format(heads))
    for cells in rows:
        values = join(Markup("<td>{}</td>").format(value) for value in _below(names, cells))
        shown.append(Markup("<tr>{}</tr>").format(values))
    return Markup("<table>{}</table>").format(join(shown))
