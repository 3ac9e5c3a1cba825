"""Rows of tables, which are quoted as lines with " | " between their cells, as tables of a page and as plain text. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from chatbot.conversations.types import Sentence
from knowledge.parsing.content.tables import SEPARATOR, labelled_cells
from knowledge.text import readable
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


def in_words(cells: Sequence[tuple[str, str]]) -> str:
    """Return a row as one line for a reader: "Weight: 12.5 kg", or "Screw: M6; Torque: 9 Nm"; of more cells without heads, as it is."""
    if any(head for head, _ in cells):
        return "; ".join(f"{head}: {value}" if head else value for head, value in cells)
    values = [value for _, value in cells]
    if len(values) == 2 and all(values):
        return f"{values[0].rstrip(' :')}: {values[1]}"
    return SEPARATOR.join(values)


def table(rows: Iterable[tuple[Sequence[Cell], bool]]) -> Markup:
    """Return rows with the same heads as a table. Each comes with whether it is the one that is meant; the first cell names
    rows without heads."""
    lines: list[Markup] = []
    heads = Markup("")
    for cells, meant in rows:
        if not lines and any(head for head, _ in cells):
            heads = join(
                Markup('<th scope="col" dir="auto">{}</th>').format(head) for head, _ in cells
            )
        first = "td" if heads else "th"
        shown = [
            Markup(
                '<th scope="row" dir="auto">{}</th>'
                if n == 0 and first == "th"
                else '<td dir="auto">{}</td>'
            ).format(value)
            for n, (_, value) in enumerate(cells)
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
    if any(head for head, _ in rows[0]):
        heads = join(Markup("<th>{}</th>").format(head) for head, _ in rows[0])
        shown.append(Markup("<tr>{}</tr>").format(heads))
    for cells in rows:
        values = join(Markup("<td>{}</td>").format(value) for _, value in cells)
        shown.append(Markup("<tr>{}</tr>").format(values))
    return Markup("<table>{}</table>").format(join(shown))
