"""Which rows of a table are heads, titles and data, by what its format says, shows, and by what they hold.

A missed head costs little, a row of data taken for a head is lost: what is not sure is no head. A row that may head the
rows below it ends the labels of those above.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.parsing.content.grids.cells import UNITS_NAME, Cell, Grid, filled, labels_of

LONGEST_LABEL = 60  # characters; a longer head is a text of its own
MOST_HEADS = 3  # bold rows; more are no heads
MOSTLY = 0.6  # of a column are figures
FIGURE_CELL = re.compile(r"[^\w(]{0,3}\d")  # "3 years", "-5", "< 7", "€ 9"
_CODE = re.compile(r"[^\w(]{0,3}[A-Z]{0,4}[-. ]?\d")  # or a figure: "E-12", "KX20"
_UNIT = re.compile(r"[(\[][^()\[\]]{1,12}[)\]]$")
_ONE_UNIT = r"[kMGcdmµμnh]?(?:bar|Pa|VA|V|A|Wh|W|Hz|m|g|l|L|s|h|min|in|ft|lbs?|oz|psi|gal|gpm|dB(?:\(A\))?|N|J|K|rpm|Ω|t|pcs)[²³23]?"
# A unit alone, in brackets or not, or none
_UNITS = re.compile(
    rf"{_ONE_UNIT}(?:\s?[/·]?\s?{_ONE_UNIT}|/(?:rev|day|year))?|%|°\s?[CF]?|[(\[](?:{_ONE_UNIT}(?:[/·]?{_ONE_UNIT})?|%|°\s?[CF]?|1/min|min-1|[-–—])[)\]]|1/min|[-–—]"
)
# What stands above codes, and is none of them: "Fault code", "Model"
_CODES_HEAD = re.compile(
    r"(?:code|number|nummer|num[eé]ro|n[ro]\.|id|model|modell?o?|mod[eè]le|type?|tipo|part|item|article|artikel|error|erreur|fault"
    r"|alarm|fehler|meldung|störung|message|reference|ref\.)s?$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class TableOrder:
    """How many rows at the top are titles, and how many below them heads; whether the heads name what each row says, and
    how many rows stand above every stretch where they do not.
    """

    titles: int
    heads: int
    named: bool
    top: int


def order_of(grid: Grid, by_looks: bool) -> TableOrder:
    """What the rows of a part of a table are."""
    titles = 0
    while titles < len(grid) - 1 and _is_title(grid[titles]):
        titles += 1
    grid = grid[titles:]
    wide, heads = len(grid[0]), _head_rows(grid, by_looks)
    labels, body = labels_of(grid[:heads]), grid[heads:]
    texts = ["".join(map(str, label)) for label in labels]
    named = sum(map(bool, texts)) > 1 and all(len(text) <= LONGEST_LABEL for text in texts)
    named = named and bool(body) and (wide > 2 or (_is_sure(grid[0], texts) and _bare(body)))
    full = all(cell and cell.text for cell in grid[0])
    top = heads or int(by_looks and len(grid) > 2 and full and _may_head(grid[0]))
    return TableOrder(titles, heads, named, top)


def with_bold_heads(grid: Grid) -> Grid:
    """The rows, with bold cells above rows that are not bold as heads."""
    top = next((at for at, row in enumerate(grid) if filled(row) > 1), len(grid))
    end = top
    while end < len(grid) and _is_bold(grid[end]) and _may_head(grid[end]):
        end += 1
    if not top < end <= min(top + MOST_HEADS, len(grid) - 1) or _is_bold(grid[end]):
        return grid
    texts = [_texts(row) for row in grid[top:end]]
    heads = {
        id(cell): replace(cell, head=True)
        for at, row in enumerate(grid)
        if top <= at < end or (_is_bold(row) and _texts(row) in texts)  # repeated
        for cell in row
        if cell
    }
    return [[cell and heads.get(id(cell), cell) for cell in row] for row in grid]


def sections_of(grid: Grid) -> list[tuple[Grid, bool]]:
    """The table, parted above each row in its middle that may head those below it, and whether it surely does.

    A row of heads does that repeats one or names units. Any other, and a bold row, may be one, or one of data that matters;
    where the rows begin with codes and so does it, it is one of them. With figures at the end a bold row is a sum.
    """
    if not grid:
        return []
    head = next((_texts(row) for row in grid if filled(row) > 1), [])
    plain = [row[0].text for row in grid if row[0] and not (_is_told(row) or _is_bold(row))]
    coded = share_of(_CODE, plain) >= MOSTLY
    cuts = [(0, True)]
    end = max((at + 1 for at, row in enumerate(grid) if not _is_bold(row)), default=0)
    body = False
    for at, row in enumerate(grid):
        told = _is_told(row)
        bold = filled(row) > 1 and _is_bold(row) and (at < end or _may_head(row))
        item = body and coded and row[0] is not None and bool(_CODE.match(row[0].text))
        if item or not (told or bold):
            body = body or not _is_title(row)
            continue
        if body:
            cuts.append((at, told and _may_head(row) and _heads_again(row, head)))
        body = False
    ends = [*(at for at, _ in cuts[1:]), len(grid)]
    return [(grid[at:end], sure) for (at, sure), end in zip(cuts, ends, strict=True)]


def _heads_again(row: Sequence[Cell | None], head: Sequence[str]) -> bool:
    """Is a row in the middle of a table surely a head: does it repeat a text of the first one, or have a unit?"""
    texts = _texts(row)
    repeated = any(text and text == above for text, above in zip(texts, head, strict=False))
    return repeated or any(map(_UNIT.search, texts))


def alike(places: Grid, others: Grid) -> bool:
    """May rows go on with the columns of a table: have they figures where it has some below its first row?"""
    return bool(_figure_columns(places[1:]) & _figure_columns(others))


def _figure_columns(places: Grid) -> set[int]:
    wide = max(map(len, places), default=0)
    columns = ([row[at] for row in places if at < len(row)] for at in range(wide))
    texts = [[cell.text for cell in column if cell and cell.text] for column in columns]
    return {at for at, column in enumerate(texts) if share_of(FIGURE_CELL, column) >= MOSTLY}


def _texts(row: Sequence[Cell | None]) -> list[str]:
    return [cell.text if cell else "" for cell in row]


def _is_told(row: Sequence[Cell | None]) -> bool:
    """Does the format call all of a row heads? Its corner may be empty."""
    return filled(row) > 1 and all(
        cell is None or cell.head or (at == 0 and not cell.text) for at, cell in enumerate(row)
    )


def _is_bold(row: Sequence[Cell | None]) -> bool:
    return all(cell is None or cell.bold or not cell.text for cell in row)


def _may_head(row: Sequence[Cell | None]) -> bool:
    """May a row be a head? It has words, or in a table of several columns years, but no other figures."""
    texts = {id(cell): cell.text for cell in row if cell and cell.text}.values()
    figures = [text for text in texts if not re.search(r"[^\W\d_]", text)]
    years = all(re.fullmatch(r"(?:19|20)\d\d", text) for text in figures)
    return not figures or (years and len(texts) > 2)


def _is_sure(head: Sequence[Cell | None], labels: Sequence[str]) -> bool:
    """Is the head of two columns one by the format's word or by a unit? "Type | radial" above figures may be data."""
    return all(cell is None or cell.head for cell in head) or bool(_UNIT.search(labels[-1]))


def _bare(body: Grid) -> bool:
    """Are the values of names mostly figures, which say nothing without their head and its unit?"""
    values = [row[1].text for row in body if row[1] and row[1].text]
    bare = sum(not re.search(r"[^\W\d_]", value) for value in values)
    return bare > len(values) / 2


def _is_title(row: Sequence[Cell | None]) -> bool:
    """A row with nothing but one cell in its first column stands above a table, and heads no column."""
    first = row[0]
    if len(row) < 2 or first is None or first.head or not first.text:
        return False
    return all(cell is None or cell is first or not cell.text for cell in row)


def _is_across(row: Sequence[Cell | None]) -> bool:
    """Does one cell cover all columns?"""
    return len(row) > 1 and all(cell is row[0] for cell in row)


def _head_rows(grid: Grid, by_looks: bool) -> int:
    """How many rows at the top are heads: by the format's own word, else by what they hold."""
    count = 0
    while count < len(grid) and all(
        cell is None or cell.head or not cell.text for cell in grid[count]
    ):
        if count and filled(grid[count - 1]) > 1 and _is_across(grid[count]):
            break  # it heads the rows below it, and no column
        count += 1
    if count == len(grid):
        return 0
    below = count or 1
    while below < len(grid) - 1 and _is_second_head(grid[below - 1], grid[below]):
        below += 1
    below += below < len(grid) - 1 and _may_head(grid[0]) and _are_units(grid[below])
    looks = by_looks and not count and looks_like_head(grid[0], grid[below:])
    return below if count or looks else 0


def _are_units(row: Sequence[Cell | None]) -> bool:
    """Is a row below the heads one of their units alone?"""
    first, *rest = [cell.text if cell else "" for cell in row]
    told = [text for text in rest if text]
    named = not first or UNITS_NAME.fullmatch(first) or first[0] in "([" and _UNITS.fullmatch(first)
    sure = [text for text in told if len(text.strip("()[]-–— ")) > 0]
    return bool(named and sure) and all(map(_UNITS.fullmatch, told))


def _is_second_head(above: Sequence[Cell | None], row: Sequence[Cell | None]) -> bool:
    """Does a row name the columns that heads above it span, and nothing else?"""
    own = [at for at, cell in enumerate(row) if cell and cell.text and cell is not above[at]]
    spanned = {
        at
        for at, cell in enumerate(above)
        if cell
        and cell.text
        and any(cell is other for other in (*above[:at][-1:], *above[at + 1 : at + 2]))
    }
    if not own or not spanned.issuperset(own):
        return False
    sure = any(cell and cell.text and cell is above[at] for at, cell in enumerate(row))
    texts = [cell.text for at in own if (cell := row[at])]
    if not sure and any(map(_CODE.match, texts)):
        return False
    return all(re.search(r"[^\W\d_]", text) for text in texts)


def looks_like_head(first: Sequence[Cell | None], rest: Grid) -> bool:
    """A first row of short words, no two alike, above columns of which one holds two figures and the head none.

    Codes are no figures, for "Off" may stand above "E04" and is data; "Code" is not.
    """
    cells = [
        cell
        for at, cell in enumerate(first)
        if at == 0 or cell is None or cell is not first[at - 1]
    ]
    texts = [cell.text if cell else "" for cell in cells]
    if len(set(texts)) < len(texts):
        return False
    if not all(re.search(r"[^\W\d_]", text) and len(text) <= LONGEST_LABEL for text in texts):
        return False
    rest = [row for row in rest if not _is_title(row)]
    for at, head in enumerate(first):
        column = [cell.text for row in rest if at < len(row) and (cell := row[at]) and cell.text]
        if head is None or len(column) < 2 or any(map(str.isdigit, head.text)):
            continue
        named = _CODES_HEAD.search(head.text) and not any(map(str.isdigit, "".join(texts)))
        if share_of(_CODE if named else FIGURE_CELL, column) >= MOSTLY:
            return True
    return False


def share_of(kind: re.Pattern[str], texts: Sequence[str]) -> float:
    """The share of texts that begin as a pattern says."""
    return sum(bool(kind.match(text)) for text in texts) / max(1, len(texts))
