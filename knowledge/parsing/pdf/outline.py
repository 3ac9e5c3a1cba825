"""Anchor a PDF's outline in its text: each entry gets the line that is its heading.

The title decides and the destination's height only breaks ties, because destinations often point at a page's top.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from knowledge.parsing.pdf.headings import NUMBER, FoundHeading, normal
from knowledge.parsing.pdf.lines import Line, PageLines

MOST = 20_000  # entries; the largest manual seen has 2,084, a hostile outline can have 2**20
DEEPEST = 12
JOINED = 5  # lines that one title may span
_FIRST_WORD = re.compile(r"^\w*")


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """An outline entry: ``page`` counts from 1, ``y`` is the destination's height above the shown page's foot, or None."""

    level: int
    title: str
    page: int
    y: float | None


@dataclass(frozen=True, slots=True)
class _Place:
    cost: tuple[int, float, int]
    first: Line
    last: Line


def entries(
    document: Any, pages: Sequence[PageLines], lowest: Sequence[float]
) -> Iterator[OutlineEntry]:
    """The outline's entries that have a title and a page. ``lowest`` holds each page's lower edge in page space."""
    from pypdfium2 import raw

    for mark in islice(document.get_toc(max_depth=DEEPEST), MOST):
        target = mark.get_dest()
        index = target.get_index() if target else None
        title = " ".join(mark.get_title().split())
        if index is None or not 0 <= index < len(pages) or not title:
            continue
        mode, values = target.get_view()
        at = 1 if mode == raw.PDFDEST_VIEW_XYZ else 0
        has_y = (
            mode in (raw.PDFDEST_VIEW_XYZ, raw.PDFDEST_VIEW_FITH, raw.PDFDEST_VIEW_FITBH)
            and len(values) > at
        )
        y = values[at] if has_y and not pages[index].turned else None
        yield OutlineEntry(
            mark.level + 1, title, index + 1, None if y is None else y - lowest[index]
        )


def anchored(
    outline: Sequence[OutlineEntry], pages: Sequence[PageLines]
) -> tuple[list[FoundHeading], float]:
    """The entries as headings in text order, and the share of them whose title stands in the text."""
    found, sure = [], 0
    for entry in outline:
        place = _search(entry, pages)
        sure += place is not None
        if place is not None:
            whole = place.cost[0] == 0
            first, end = place.first, place.last.end if whole else place.first.start
            found.append(
                FoundHeading(
                    first.page,
                    first.start,
                    end,
                    entry.title,
                    first.size,
                    first.font,
                    entry.level,
                    whole,
                )
            )
            continue
        line = next(
            (
                x
                for x in pages[entry.page - 1].lines
                if entry.y is not None and x.y <= entry.y and not x.furniture
            ),
            None,
        )
        sure += line is not None and line.text.startswith(
            _FIRST_WORD.findall(entry.title)[0] or "\n"
        )  # "start/1": "start(File)"
        start, size, font = (line.start, line.size, line.font) if line else (0, 0.0, "")
        found.append(
            FoundHeading(entry.page, start, start, entry.title, size, font, entry.level, False)
        )
    found.sort(key=lambda heading: (heading.page, heading.start))
    return found, sure / len(found) if found else 0.0


def _search(entry: OutlineEntry, pages: Sequence[PageLines]) -> _Place | None:
    """The title on its page, or on the next (previous) one where the destination lies at the page's foot (head)."""
    page = pages[entry.page - 1]
    place = _locate(entry.title, entry.y, page.lines)
    if place is not None and place.cost[0] == 0 or entry.y is None:
        return place
    step = 1 if entry.y < 0.15 * page.height else -1 if entry.y > 0.75 * page.height else 0
    if step and 0 <= entry.page - 1 + step < len(pages):
        other = _locate(entry.title, None, pages[entry.page - 1 + step].lines)
        if other is not None and other.cost[0] == 0:
            return other
    return place


def _bare(title: str) -> str:
    """The title without its leading number, unless nothing would be left."""
    rest = NUMBER.sub("", title, count=1)
    return rest if normal(rest) else title


def _locate(title: str, y: float | None, lines: list[Line]) -> _Place | None:
    """The best place of a title among a page's lines: whole lines (cost 0) before run-in headings (cost 1)."""
    wanted = {
        normal(title),
        normal(_bare(title)),
        normal(re.sub(r"^[A-Z]{1,4}\s+(?=\S)", "", title)),
    } - {""}
    best: _Place | None = None
    for line in lines:
        if line.keys is None:
            line.keys = normal(line.text), normal(_bare(line.text))
    for at, line in enumerate(lines):
        if line.table or line.furniture and len(lines) > 6:
            continue
        for want in wanted:
            for place in _matches(want, at, lines, y):
                if best is None or place.cost < best.cost:
                    best = place
    return best


def _matches(want: str, at: int, lines: list[Line], y: float | None) -> Iterator[_Place]:
    line = lines[at]
    away = 0.0 if y is None else abs(y - line.y - line.size) + (200 if line.y > y + 4 else 0)
    for key in set(line.keys or ()):
        text, last = key, at
        while (
            text
            and text != want
            and want.startswith(text)
            and last + 1 < min(len(lines), at + JOINED)
        ):
            last += 1
            text += (lines[last].keys or ("",))[0]
        if text == want:
            yield _Place((0, away - 3 * line.size, last - at), line, lines[last])
        elif len(want) > 2 and key.startswith(want) and (y is None or away < 40):
            yield _Place((1, away - 3 * line.size, 0), line, line)
