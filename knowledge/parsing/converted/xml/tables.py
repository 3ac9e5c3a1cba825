"""The tables of DITA and DocBook (CALS, simple tables, properties, choices) as HTML tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from knowledge.parsing.converted.xml.elements import local

TABLES = frozenset(("table", "informaltable", "simpletable", "properties", "choicetable"))
_HEADS = frozenset(("thead", "sthead", "prophead", "chhead"))
_GROUPS = frozenset(("tgroup", "tbody", "thead", "tfoot", "entrytbl"))
_ROWS = frozenset(("row", "strow", "sthead", "property", "prophead", "chrow", "chhead", "tr"))
_CELLS = frozenset(
    """entry stentry proptype propvalue propdesc proptypehd propvaluehd propdeschd choption chdesc choptionhd chdeschd
    td th""".split()
)


def table_html(table: Any, inner: Callable[[Any], str]) -> str:
    """A table as HTML; ``inner`` writes what is in a cell. Feet stand last, wherever the file has them."""
    return f"<table>{''.join(_rows(table, inner, False, {}))}</table>"


def _rows(
    element: Any, inner: Callable[[Any], str], head: bool, spans: Mapping[str, tuple[str, str]]
) -> Iterator[str]:
    columns = {
        **spans,
        **{
            e.get("spanname", ""): (e.get("namest", ""), e.get("nameend", ""))
            for e in element
            if local(e) == "spanspec"
        },
    }
    places = [e.get("colname", str(n)) for n, e in enumerate(_named(element, "colspec"), 1)]
    if places:
        columns["\0"] = ("\0".join(places), "")
    feet = [e for e in element if local(e) == "tfoot"]
    for child in [e for e in element if local(e) != "tfoot"] + feet:
        name = local(child)
        if name in _ROWS:
            is_head = head or name in _HEADS
            cells = (_cell(e, inner, is_head, columns) for e in child if local(e) in _CELLS)
            yield f"<tr>{''.join(cells)}</tr>"
        elif name in _GROUPS:
            yield from _rows(child, inner, head or name in _HEADS, columns)


def _named(element: Any, name: str) -> list[Any]:
    return [child for child in element if local(child) == name]


def _cell(
    cell: Any, inner: Callable[[Any], str], head: bool, columns: Mapping[str, tuple[str, str]]
) -> str:
    tag = "th" if head or local(cell) == "th" else "td"
    across = cell.get("colspan", "1")
    down = cell.get("rowspan", "1")
    first, last = columns.get(cell.get("spanname", ""), (cell.get("namest"), cell.get("nameend")))
    places = columns.get("\0", ("", ""))[0].split("\0")
    if first in places and last in places:
        across = str(max(1, places.index(last) - places.index(first) + 1))
    if cell.get("morerows", "").isdigit():
        down = str(int(cell.get("morerows")) + 1)
    return f'<{tag} colspan="{across}" rowspan="{down}">{inner(cell)}</{tag}>'
