"""Choose a PDF's headings: its outline, its typography, or both merged. Knows nothing of blocks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from knowledge.parsing.pdf.headings import FoundHeading, headings_by_type, normal
from knowledge.parsing.pdf.lines import PageLines
from knowledge.parsing.pdf.outline import anchored, entries

MANUAL_PAGE = re.compile(r"(\S{1,60}\(\d\w*\))\s.*\1$")  # "HALCMD(1)  HAL User's Manual  HALCMD(1)"
FEW = 5  # an outline with fewer entries says nothing about a manual's sections
SURE = 0.4  # share of outline titles that must stand in the text; honest outlines reach .95, lists of file names 0
DEEPER = 2.0  # typography that finds so many times more shows that the outline is too shallow


def headings_of(
    document: Any, pages: Sequence[PageLines], lowest: Sequence[float]
) -> list[FoundHeading]:
    """The headings in text order with levels from 1. ``lowest``: each page's lower edge in page space."""
    outline, share = anchored(list(entries(document, pages, lowest)), pages)
    typed = under_page_names(headings_by_type(pages), pages)
    if len(outline) < FEW or share < SURE:
        return typed if len(typed) > len(outline) or share < SURE and typed else outline
    if len(typed) > DEEPER * len(outline):
        return merged(outline, typed)
    return outline


def under_page_names(typed: list[FoundHeading], pages: Sequence[PageLines]) -> list[FoundHeading]:
    """The headings of a collection of manual pages below the page's name: "halcmd(1) > OPTIONS".

    The name stands only in the running head, at both ends of it; each new one becomes a chapter.
    """
    names, last = [], ""
    for page in pages:
        heads = (
            MANUAL_PAGE.match(line.text)
            for line in page.lines
            if line.furniture and line.y > page.height / 2
        )
        name = next((head[1] for head in heads if head), "")
        if name and name != last:
            names.append(FoundHeading(page.number, 0, 0, name, 0.0, "", 1, whole=False))
        last = name or last
    if len(names) < 3:
        return typed
    for heading in typed:
        heading.level += 1
    return sorted(names + typed, key=lambda h: (h.page, h.start))


def merged(outline: list[FoundHeading], typed: list[FoundHeading]) -> list[FoundHeading]:
    """The outline with the typographic headings it lacks, each below the outline's entry that it follows."""
    lines = {(h.page, h.start) for h in outline} | {(h.page, normal(h.title)) for h in outline}
    levels: dict[tuple[float, str], Counter[int]] = defaultdict(Counter)
    for heading in outline:
        if heading.whole:
            levels[heading.size, heading.font][heading.level] += 1
    known = {style: use.most_common(1)[0][0] for style, use in levels.items()}
    places = [(h.page, h.start) for h in outline]
    added = []
    for heading in typed:
        above = bisect_right(places, (heading.page, heading.start)) - 1
        if (
            above < 0
            or (heading.page, heading.start) in lines
            or (heading.page, normal(heading.title)) in lines
        ):
            continue
        level = known.get((heading.size, heading.font)) or _below(heading, known)
        added.append(
            FoundHeading(
                heading.page,
                heading.start,
                heading.end,
                heading.title,
                heading.size,
                heading.font,
                max(level, outline[above].level + (heading.size < outline[above].size)),
            )
        )
    return sorted(outline + added, key=lambda h: (h.page, h.start))


def _below(heading: FoundHeading, known: dict[tuple[float, str], int]) -> int:
    """The level of a style that the outline does not use: one below the deepest style that is larger, or as large."""
    larger = [level for (size, _), level in known.items() if size >= heading.size]
    return max(larger, default=0) + 1
