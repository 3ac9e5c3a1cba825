"""Find running heads, feet and page numbers: outer lines that repeat from page to page and stand apart from the body."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.parsing.pdf.lines import Line, PageLines

NUMBERED = re.compile(r"^(?:appendix\s+)?(?:\d+|[A-Z])(?:\.\d+)+[.:)]?\s+\S", re.I)
OUTER = 3  # lines looked at from the top and from the bottom of a page
EDGE = 0.18  # share of the height; LaTeX sets page numbers at .14 to .17
BAND = 3  # points: lines of one band stand at one height
LARGE = (
    1.25  # times the usual size: so large a line is a running head only if it repeats to the letter
)
_COUNTED = re.compile(
    r"\W*(?:(?:page|seite|página|pagina)\s)?#(?:\s?(?:/|of|von|de|sur|di)\s?#)?\W*$"
)
_SENTENCE = re.compile(r"(?:\S+\s+){4,}\S*[^\W\d]\S*[.!?]|(?:[^\x00-\u2fff]\s?){8,}[。！？]")
# A warning that is repeated wherever it holds is none either
_WARNING = re.compile(
    r"\W*(?:warning|caution|danger|notice|important|attention|warnung|vorsicht|gefahr|achtung|hinweis|wichtig|avertissement|mise en garde"
    r"|advertencia|precauci[oó]n|peligro|attenzione|avvertenza|pericolo|aviso|cuidado|perigo|waarschuwing|let op|gevaar)\b\W{1,3}\S.*[.!]\W*",
    re.I,
)
# Sizes from other lines within which a whole sentence of its type is text, however often it comes back
FAR = 2.5
SIDE = 0.12  # share of the width: the outer margin
NEAR = 12  # pages: a head must come back within so many


@dataclass(slots=True)
class _Outer:
    line: Line
    key: str
    band: int
    apart: float  # 1 stands apart from the body, .1 is the outermost line, 0 neither


def mark_furniture(pages: Sequence[PageLines]) -> None:
    """Set ``furniture`` on the lines. A band that body text also uses (table heads, man pages' NAME) is none."""
    sizes = sorted(line.size for page in pages for line in page.lines)
    usual = sizes[len(sizes) // 2] if sizes else 0.0
    outer = [found for page in pages for found in _outer_lines(page, usual)]
    places: dict[tuple[str, int], set[int]] = defaultdict(set)
    bands: dict[int, list[_Outer]] = defaultdict(list)
    for one in outer:
        places[one.key, one.band].add(one.line.page)
        bands[one.band].append(one)
    repeated = _repeated(places, len(pages)) | _counting(outer, len(pages))
    figures = {band: _figures(band, bands, repeated) for band in bands}
    for one in outer:
        count, share, alone = figures[one.band]
        back = (one.key, one.band, one.line.page) in repeated
        one.line.furniture = (
            back
            and one.apart > 0
            and share >= 0.7
            or back
            and one.apart == 1
            and share >= 0.25
            and alone > 0.6
            or one.apart == 1
            and share >= 0.25
            and alone > 0.85
            and count > 0.3 * len(pages)
        )
    _mark_sides(pages)
    _spare_text(pages)


def _mark_sides(pages: Sequence[PageLines]) -> None:
    """Set ``furniture`` on what runs up or down an outer margin at one place of page after page."""
    places: dict[tuple[str, int], list[Line]] = defaultdict(list)
    for page in pages:
        for line in page.lines:
            outer = line.right < SIDE * page.width or line.left > (1 - SIDE) * page.width
            if outer and not (line.level or line.slanted):
                places[_masked(line.text), round(line.left / BAND)].append(line)
    for lines in places.values():
        around = sorted({line.page for line in lines})
        for line in lines:
            every = len(around) == len(pages) > 1
            line.furniture = line.furniture or every or _close(around, line.page) >= 3


def _spare_text(pages: Sequence[PageLines]) -> None:
    """A page of which but a heading is left says something: where it has a sentence of its own, what no other page says is text."""
    pages_with = Counter(text for page in pages for text in {line.text for line in page.lines})
    for page in pages:
        if sum(not line.furniture for line in page.lines) > 1:
            continue
        own = [
            line
            for line in page.lines
            if pages_with[line.text] == 1 and not _COUNTED.match(_masked(line.text))
        ]
        if any(_SENTENCE.fullmatch(line.text) for line in own):
            for line in own:
                line.furniture = False


def _outer_lines(page: PageLines, usual: float) -> list[_Outer]:
    ordered, found = sorted(page.lines, key=lambda line: -line.y), []
    for at, line in enumerate(ordered):
        inner = OUTER <= at < len(ordered) - OUTER
        warns = _WARNING.fullmatch(line.text) and _SENTENCE.search(line.text)
        if inner or line.table or warns or EDGE * page.height < line.y < (1 - EDGE) * page.height:
            continue
        gaps = [
            abs(ordered[n].y - line.y) if 0 <= n < len(ordered) else math.inf
            for n in (at - 1, at + 1)
        ]
        if (
            line.size >= usual
            and min(gaps) < FAR * line.size
            and _SENTENCE.fullmatch(line.text.strip())
        ):
            continue
        towards_body = gaps[line.y > page.height / 2]
        outermost = 0.1 if at in (0, len(ordered) - 1) else 0.0
        apart = 1.0 if towards_body >= 1.5 * line.size else outermost
        heading = line.size >= LARGE * usual and re.search(
            r"[^\W\d_]{2}", line.text
        )  # "Step 1", "Step 2" at page tops
        found.append(
            _Outer(line, line.text if heading else _masked(line.text), round(line.y / BAND), apart)
        )
    return found


def _masked(text: str) -> str:
    """The line with numbers masked, but a leading section number kept: it tells a heading from a page number."""
    number = NUMBERED.match(text)
    kept = number.end() - 2 if number else 0
    return text[:kept] + re.sub(r"\b[ivxlc]+\b|\d+", "#", text[kept:].lower())


def _repeated(places: dict[tuple[str, int], set[int]], total: int) -> set[tuple[str, int, int]]:
    found = set()
    for key, band in places:
        around = sorted(page for step in (-1, 0, 1) for page in places.get((key, band + step), ()))
        often = len(around) > 0.3 * total > 1 or key == "#" and len(around) >= 5
        for page in places[key, band]:
            if often or _close(around, page) >= 3:
                found.add((key, band, page))
    return found


def _counting(outer: Sequence[_Outer], total: int) -> set[tuple[str, int, int]]:
    """The page numbers of a file of few pages: lines of nothing else at one height on each page, that count as the pages do."""
    found: dict[tuple[str, int, int], set[tuple[str, int, int]]] = defaultdict(set)
    for one in outer if 1 < total <= 3 else ():
        if one.apart == 1 and _COUNTED.match(one.key):
            number = re.search(r"\d+", one.line.text)
            place = (one.key, one.band, int(number[0]) - one.line.page if number else 0)
            found[place].add((one.key, one.band, one.line.page))
    return {one for ones in found.values() if len(ones) == total for one in ones}


def _close(pages: list[int], page: int) -> int:
    """How many different pages of a sorted list lie within NEAR of this one."""
    from bisect import bisect_left, bisect_right

    return len(set(pages[bisect_left(pages, page - NEAR) : bisect_right(pages, page + NEAR)]))


def _figures(
    band: int, bands: dict[int, list[_Outer]], repeated: set[tuple[str, int, int]]
) -> tuple[int, float, float]:
    """(lines in the band, share of them that repeat, share that stand apart)."""
    around = [one for step in (-1, 0, 1) for one in bands.get(band + step, ())]
    back = sum((one.key, one.band, one.line.page) in repeated for one in around)
    return len(around), back / len(around), sum(one.apart == 1 for one in around) / len(around)
