"""Sentences that the end of a column or of a page cuts: the rest of one is read with what it belongs to.

A block lies on one page, so the rest of a sentence that the next page begins with is written behind its beginning, between two
form feeds, and is in no block there. Nobody must be told half a warning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from knowledge.parsing.pdf.lines import Line, PageLines
from knowledge.text import sentences
from knowledge.types import Block, Heading, Page

FULL = 0.7  # of the column's width: a shorter line ends a paragraph, whatever its last character
LONGEST = 400  # characters of a rest; a longer one has no sentence end that can be found
# A word or a number, and not a name such as "motion.spindle-speed" in a list of such
_OPEN_END = re.compile(r"(?:^|\s)[(\"“]?(?:[^\W\d_]+|\d+),?$")
_WORD_AHEAD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?[,;.)]?(?:\s|$)")
_SENTENCE_END = re.compile(r"[.!?:。][\"”’)\]]*$")
_CARRIED = re.compile("\f[^\f]*\f")


def cut_at_column(last: Line, line: Line, lines: Sequence[Line]) -> bool:
    """Does a line at the top of a column go on with the one that ends the column to its left?"""
    if line.left < last.right or line.y < last.y + 3 * line.size or not _may_go_on(last, line):
        return False
    return _ends_column(last, [one for one in lines if one.right < line.left])


def with_whole_sentences(
    pages: Sequence[Page], lines: Sequence[PageLines], headings: Sequence[Heading]
) -> tuple[Page, ...]:
    """The pages, each with the rest of the sentence that its end cuts."""
    made = list(pages)
    lowest = {heading.page: heading.start for heading in headings}
    for at, (over, under) in enumerate(pairwise(lines)):
        above, page = made[at], made[at + 1]
        cut = _last_block(above, over)
        rest = _rest(above, cut, page, (over, under)) if cut else 0
        if cut and rest and lowest.get(above.number, 0) < cut.end:
            made[at], made[at + 1] = _with_rest(above, cut, page, rest)
    return tuple(made)


def own_span(text: str, start: int, end: int) -> tuple[int, int, int]:
    """A span of a page's text, and how long this is, without what stands on the next page."""
    for found in _CARRIED.finditer(text):
        first, last = found.span()
        more = last - first
        start, end = (at if at <= first else max(first, at - more) for at in (start, end))
        return start, end, len(text) - more
    return start, end, len(text)


def span_on_next(text: str, following: str, start: int, end: int) -> tuple[int, int] | None:
    """The part of a page's text [start:end] that stands on the next page, as offsets into the text ``following`` of that
    page; None where none does."""
    for found in _CARRIED.finditer(text):
        first = found.start() + 1
        start, end = max(start, first), min(end, found.end() - 1)
        at = following.find(found.group().strip("\f"))
        if start < end and at >= 0:
            return at + start - first, at + end - first
    return None


def _last_block(page: Page, lines: PageLines) -> Block | None:
    """The block that ends a page, below which nothing but a stamp across it stands in its text."""
    stamps = {line.start for line in lines.lines if line.slanted}
    body = [block for block in page.blocks if block.start not in stamps]
    return body[-1] if body and body[-1].end == max(block.end for block in body) else None


def _rest(above: Page, cut: Block, page: Page, lines: tuple[PageLines, PageLines]) -> int:
    """Where the rest of the sentence ends that the page ``above`` cuts in a block; 0 where it cuts none, or no end is to be seen."""
    if not page.blocks or above.words:
        return 0
    rest, (over, under) = page.blocks[0], lines
    if not cut.kind == rest.kind == "text":
        return 0
    last = next((one for one in over.lines if one.end == cut.end), None)
    line = next((one for one in under.lines if one.start == rest.start), None)
    if last is None or line is None or last.hyphen or not _may_go_on(last, line):
        return 0
    if not _ends_column(last, over.lines):
        return 0
    begun = f"{above.text[cut.start : cut.end]} "
    whole = begun + page.text[rest.start : rest.end]
    end = next(end for _, end in sentences(whole) if end > len(begun))
    told = end - len(begun) <= LONGEST and _SENTENCE_END.search(whole[:end])
    return rest.start + end - len(begun) if told else 0


def _may_go_on(last: Line, line: Line) -> bool:
    """May a line go on with another that stands elsewhere, as far as their words and their type tell?"""
    return (
        line.text[:1].islower()
        and bool(_WORD_AHEAD.match(line.text))
        and (last.hyphen or bool(_OPEN_END.search(last.text)))
        and (last.font, last.size, last.weight) == (line.font, line.size, line.weight)
    )


def _ends_column(last: Line, lines: Sequence[Line]) -> bool:
    """Is a line full, and the lowest of its column?"""
    column = [
        one
        for one in lines
        if not (one.furniture or one.slanted) and one.left < last.right and last.left < one.right
    ]
    edge = max(one.right for one in column)
    full = last.right - last.left >= FULL * (edge - last.left)
    return full and not any(one.y < last.y - 1 for one in column)


def _with_rest(above: Page, cut: Block, page: Page, end: int) -> tuple[Page, Page]:
    """Two pages of which the first one has, behind its block ``cut``, what the other begins with, up to ``end``."""
    rest = page.blocks[0]
    carried = f"\f{page.text[rest.start : end]}\f"
    text, more = above.text[: cut.end] + carried + above.text[cut.end :], len(carried)
    blocks = [
        Block(one.kind, one.start + more, one.end + more) if one.start >= cut.end else one
        for one in above.blocks
    ]
    blocks[above.blocks.index(cut)] = Block(cut.kind, cut.start, cut.end + more)
    behind = page.text[end : rest.end]
    left = end + len(behind) - len(behind.lstrip())
    kept = (Block(rest.kind, left, rest.end),) if left < rest.end else ()
    return (
        replace(above, text=text, blocks=tuple(blocks)),
        replace(page, blocks=(*kept, *page.blocks[1:])),
    )
