"""Which pages of a PDF hold a list of its contents, and the lines of such a page without the list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from knowledge.parsing.pdf.headings import LEADERS, LONGEST, has_leaders, normal
from knowledge.parsing.pdf.lines import Line, PageLines

LEADER_LINE = re.compile(r"((\.\s?){4,}|(\s\.){3,})\s*[\divxlc]+\s*$", re.I)
# The unit that a specification names before its dots: "Maximum pressure, bar ..... 16"
UNIT = re.compile(
    r"[,(\[]\s?(?:k|m|c|µ|M)?(?:bar|Pa|V|A|W|Hz|m|g|kg|l|s|h|min|mm|cm|in|ft|lb|psi|°\s?[CF]|dB|Nm|rpm|Ah|Ω|%|l/min|m³/h|l/h)[)\]]?\s?\.(?:\s?\.){2}"
)

MOST_PAGES = 5000
OWN_NUMBER = re.compile(r"(?:.*\s)?(\d{1,3}[a-z]?)\b.*\.\s?\1\W*$")
CHAPTER_ENTRY = re.compile(r"^\S.*\s[\divxlc]+$", re.I)
CONTENTS = re.compile(
    r"((table of|list of|brief|detailed) )?(contents|figures|tables)( \(continued\))?$|inhalt(sverzeichnis|sübersicht)?$"
    r"|(abbildungs|tabellen)verzeichnis$|(table des matières|sommaire)$|índice( (de contenidos?|general))?$|contenidos?$"
    r"|(indice|sommario)$|inhoud(sopgave)?$|sumário$",
    re.I,
)


def contents_pages(pages: Sequence[PageLines]) -> set[int]:
    """Numbers of the pages whose lines with leader dots list parts of the manual, and not values.

    Such a list says that it is one ("Contents"), or goes on from the page before, or most of its entries stand on
    lines of their own further on; and its numbers can be those of pages. What cannot be told is text.
    """
    found: set[int] = set()
    titles: set[str] | None = None
    for page in pages:
        entries = _entries([line for line in page.lines if not line.furniture])
        if len(entries) < 3:
            continue
        names = [normal(LEADERS.split(entry)[0]) for entry in entries]
        numbers = [int(end) for entry in entries if (end := entry.split()[-1].strip(".")).isdigit()]
        named = any(CONTENTS.match(line.text) for line in page.lines)
        if sum(number > len(pages) for number in numbers) > 0.2 * len(numbers):
            continue
        if not (named or page.number - 1 in found):
            if titles is None:
                titles = {
                    normal(line.text)
                    for other in pages
                    for line in other.lines
                    if len(line.text) <= LONGEST and not has_leaders(line.text)
                }
            if sum(name in titles for name in names) < 0.5 * len(names):
                continue
        found.add(page.number)
    return found


def _entries(lines: Sequence[Line]) -> list[str]:
    return [
        line.text for line in lines if line.text.count(".") >= 3 and LEADER_LINE.search(line.text)
    ]


def without_contents(lines: list[Line]) -> list[Line]:
    """The lines without those of a contents list: between the first and the last line with leader dots."""
    dotted = [
        at
        for at, line in enumerate(lines)
        if line.text.count(".") >= 3 and LEADER_LINE.search(line.text)
    ]
    if len(dotted) < 3:
        return lines
    first, last = dotted[0], dotted[-1]
    dense = len(dotted) >= 0.8 * (last - first + 1)
    if not _is_contents([lines[at].text for at in dotted], dense):
        return lines
    if len(dotted) >= 0.3 * (last - first + 1):
        # Chapters are listed without dots
        while first and CHAPTER_ENTRY.search(lines[first - 1].text):
            first -= 1
        return lines[:first] + lines[last + 1 :]
    return [line for line in lines if not has_leaders(line.text)]


def _is_contents(entries: list[str], dense: bool) -> bool:
    """Do lines with leader dots list pages? Their numbers rise; those of a specification do not, and have units.

    The lines of a form have their own numbers at the end, and others between them.
    """
    own = sum(bool(OWN_NUMBER.match(entry)) for entry in entries) / len(entries)
    if own >= 0.3 and not dense:
        return False
    ends = [entry.split()[-1].strip(".") for entry in entries]
    numbers = [int(end) for end in ends if end.isdigit()]
    if len(numbers) < 3:  # roman numbers: the front matter of a book
        return True
    rising = sum(a <= b for a, b in pairwise(numbers)) / (len(numbers) - 1)
    units = sum(bool(UNIT.search(entry)) for entry in entries) / len(entries)
    large = sum(number > MOST_PAGES for number in numbers) / len(numbers)
    return rising >= (0.9 if len(numbers) < 8 else 0.75) and units < 0.3 and large < 0.3
