"""Tables that go on over pages: the rows at the top of a page are read again with the head of the table that ends the page
before. Where one surely ends and begins a page is told by all pages; how such a page reads, by it and those before it alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from knowledge.parsing.content.grids.continued import OpenTable
from knowledge.parsing.pdf.layout.arrangement import read_lines
from knowledge.parsing.pdf.lines import Line, PageLines
from knowledge.parsing.pdf.page.page_text import text_of
from knowledge.parsing.pdf.page.probe import Probe

SAME_PLACE = 1.5  # points
MOST_BACK = 40  # pages over which a head is looked for to mark a row


def carry_heads(pages: list[PageLines], again: Callable[[PageLines, OpenTable], PageLines]) -> None:
    """Read each page ``again`` at whose top a table of the page before goes on. Furniture is marked already."""
    for at in range(1, len(pages)):
        above, page = pages[at - 1], pages[at]
        table = above.left_open
        if table is None or not table.head.labels or not _may_go_on(above, table, page):
            continue
        made = again(page, table)
        for line in made.lines:
            line.furniture = not line.table and any(
                one.furniture and one.text == line.text and abs(one.y - line.y) < SAME_PLACE
                for one in page.lines
            )
        begun = made.went_on is not None and _top(made, above) <= made.went_on
        if begun and _outer(page, above) <= set(map(_text, _rows(made))):
            pages[at] = made
    for page in pages:
        page.left_open = page.carried = None


def _may_go_on(above: PageLines, table: OpenTable, page: PageLines) -> bool:
    """Is a table the last text of a page, and may the first of the next one be a row of it?"""
    if above.words or page.words or page.broken or page.cut:
        return False
    low = any(line.y < table.bottom and not line.furniture for line in above.lines)
    if low and any(line.y < table.bottom for line in _body(above, page)):
        return False
    top = _top(page, above)
    first = [line for line in page.lines if abs(line.y - top) < line.size / 2]
    parted = len(first) > 1 or any(
        line.cells > 1 or line.table or " " in line.text for line in first
    )
    return parted and abs(first[0].size - table.size) <= 0.1 * table.size


def _top(page: PageLines, other: PageLines) -> float:
    return max((line.y for line in _body(page, other)), default=0.0)


def _body(page: PageLines, other: PageLines) -> list[Line]:
    """The lines of a page without running heads and feet: what stands at the same place of the page beside it is one too."""
    beside = [(_text(row), row[0].y) for row in _rows(other)]
    return [
        line
        for row in _rows(page)
        if any(line.table for line in row)
        or not (
            all(line.furniture for line in row)
            or any(_text(row) == text and abs(row[0].y - y) < SAME_PLACE for text, y in beside)
        )
        for line in row
    ]


def _rows(page: PageLines) -> list[list[Line]]:
    """The lines that stand at one height, from left to right; PDFium may part what it joins on the next page."""
    rows: list[list[Line]] = []
    for line in sorted(page.lines, key=lambda line: -line.y):
        if rows and rows[-1][0].y - line.y < SAME_PLACE:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


def _text(row: Sequence[Line]) -> str:
    return " ".join(" ".join(line.text for line in row).split())


def _outer(page: PageLines, other: PageLines) -> set[str]:
    """The running heads and feet of a page, of which none may have become a row."""
    body = {id(line) for line in _body(page, other)}
    return {_text(row) for row in _rows(page) if not any(id(line) in body for line in row)}


def read_below(document: Any, number: int, probe: Probe, back: int = MOST_BACK) -> PageLines | None:
    """A page as it reads below the head of the table before it; None where there is none."""
    above = _left_open(document, number - 1, probe, back) if number > 1 else None
    return _read(document, number, probe, above) if above and above.head.labels else None


def _left_open(document: Any, number: int, probe: Probe, back: int) -> OpenTable | None:
    """What a page leaves open, with the head that may stand some pages before it."""
    own = _read(document, number, probe).left_open
    if own is None or own.head.labels or back == 0:
        return own
    below = read_below(document, number, probe, back - 1)
    return below.left_open if below else None


def _read(document: Any, number: int, probe: Probe, carried: OpenTable | None = None) -> PageLines:
    page = document[number - 1]
    textpage, _ = text_of(page)
    try:
        lines = PageLines(number, "", textpage.get_text_range(errors="surrogatepass"))
        lines.carried = carried
        if lines.raw.strip():
            read_lines(page, textpage, lines, probe)
        return lines
    finally:
        textpage.close()
        page.close()
