"""Charts and diagrams (SmartArt) of Office files as text. Takes their XML; knows no file."""

from __future__ import annotations

from typing import Any

from knowledge.parsing.content.tables import Cell, table_blocks
from knowledge.parsing.office.number_formats import stored

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_D = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
MOST_POINTS = 500  # of one series; more is a curve, not a table


def chart_title(chart: Any) -> str:
    """The title of a chart, or ""."""
    title = chart.find(f".//{_C}title")
    return (
        ""
        if title is None
        else " ".join("".join(t.text or "" for t in title.iter(f"{_A}t")).split())
    )


def chart_blocks(chart: Any) -> list[str]:
    """The values of a chart as a table's blocks of lines: a row for each category, a column for each series."""
    names: list[str] = []
    values: list[dict[int, str]] = []
    categories: dict[int, str] = {}
    for series in chart.iter(f"{_C}ser"):
        names.append(" ".join(v.text or "" for v in series.findall(f"{_C}tx//{_C}v")))
        for kind in ("cat", "xVal"):
            categories |= _points(series.find(f"{_C}{kind}"))
        found: dict[int, str] = {}
        for kind in ("val", "yVal"):
            found |= _points(series.find(f"{_C}{kind}"))
        values.append(found)
    places = sorted(set(categories).union(*values))[:MOST_POINTS] if values else []
    head = [Cell("", True), *(Cell(name, True) for name in names)]
    rows = [
        [Cell(categories.get(at, "")), *(Cell(one.get(at, "")) for one in values)] for at in places
    ]
    return table_blocks([head, *rows]) if rows else []


def _points(parent: Any) -> dict[int, str]:
    """The stored points of an axis or a series, by their place."""
    if parent is None:
        return {}
    found = {}
    for point in parent.iter(f"{_C}pt"):
        value = point.find(f"{_C}v")
        if value is not None and value.text and point.get("idx", "").isdigit():
            found[int(point.get("idx"))] = _number(value.text)
    return found


def _number(text: str) -> str:
    """A figure without the tail that binary fractions have: 0.30000000000000004 is 0.3."""
    try:
        return stored(float(text)) if "." in text else text
    except ValueError:
        return " ".join(text.split())


def diagram_lines(data: Any) -> list[str]:
    """The texts of a diagram's nodes in their order."""
    lines = []
    for point in data.iter(f"{_D}pt"):
        if point.get("type", "node") in ("node", "asst"):
            for paragraph in point.iter(f"{_A}p"):
                lines.append(
                    " ".join("".join(t.text or "" for t in paragraph.iter(f"{_A}t")).split())
                )
    return [line for line in lines if line]
