"""The answer without any model: the best run of whole sentences inside the best section, quoted.

Knows evidence and page text; nothing of routes, models or conversations.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chatbot.answers.boilerplate import boilerplate
from chatbot.answers.key_sentence import entry_of, key_sentence, settings
from chatbot.answers.list_items import (
    Trim,
    asks_all,
    asks_to_compare,
    fewest_rows,
    held_by,
    in_lists,
    introduced,
    introduces,
    mark,
    sign,
    tied_rows,
    whole_table,
    with_listing,
)
from chatbot.answers.nearness import SharedWords, closeness, meanings
from chatbot.conversations.types import Citation, Sentence
from chatbot.grounding.attribution import cite
from knowledge.catalog import Catalog
from knowledge.parsing.content.tables import SEPARATOR, labelled_cells
from knowledge.search.languages import content_stems, stems
from knowledge.search.products.names import without_product, without_words_of
from knowledge.search.ranking import asks_figure, is_code
from knowledge.text import SPLIT_LINES, Span, pieces, readable, word_count
from knowledge.types import Block, Evidence, Page, Passage

WHOLE = 200  # words up to which a section is quoted whole: a part of the manual, not scraps of it; of a longer one, at most as many
SPARE = 1.2  # of these words, a list may have so many times as much before a part of it is folded
FOLLOWS = 400  # words of what follows in a section that may be folded
LONGEST_LIST = 2_000  # words; of a longer one, only what answers is quoted
# Reward for starting at the section's first sentence, for filling the window (with prose, not rows), and for holding part of
# the best passage; chosen on the S10 questions, where any of .1 to .5 gives the same ROUGE-L (bench_retrieval.py).
LEAD, FILL, INSIDE, BEGINS = 0.3, 0.1, 0.1, 0.1
_CODES = re.compile(r"(?<![A-Z0-9])([A-Z]{1,4})-?(\d{1,6})(?![A-Z0-9])")  # "E04", "E-04", "SP-103"
SHORT, MOST = 20, 0.8  # words of a specification; share of the question's words


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence where it stands, with what it has in common with the question.

    ``mark`` is that of the list item it opens, or ""; ``listed`` lies in one; ``row`` is a line of a table or listing,
    ``code`` of a listing; ``begins`` a block of the page.
    """

    passage: Passage
    start: int
    end: int
    text: str
    mark: str
    listed: bool
    row: bool
    code: bool
    begins: bool
    size: int
    shared: frozenset[str]


@dataclass(frozen=True, slots=True)
class Extract:
    """Sentences and, for each, the citation of the same number; ``goes_on``: their section does, and nothing shows it."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    goes_on: bool = False


def extract(
    catalog: Catalog, question: str, evidence: Sequence[Evidence], words: int = WHOLE
) -> Extract:
    """Quotes the section of the first evidence: whole up to WHOLE words, else its best window of as many.

    A list that the window cuts into is quoted whole, and a section to its end where that is near; what of them does not
    answer is folded. ``words``: the most of one of several answers.

    Every sentence is exactly page text [start:end] of its citation, hyphens at line ends and white space aside.
    """
    if not evidence:
        return Extract((), ())
    best = evidence[0]
    asked = without_product(question, best.manual.product)
    asked = without_words_of(asked, best.manual.product) if asks_figure(asked) else asked
    lines = entry_of(asked, _about_codes(_lines(catalog, asked, best.passage), asked))
    texts = [line.text for line in lines]
    weight, near = _weights(lines, asked), meanings(texts, asked)
    choosing = asks_figure(asked) or not _short(lines, words)
    close = closeness(texts, asked, near) if choosing else near
    title = best.passage.section[-1] if best.passage.section else ""
    heading = frozenset(weight) & frozenset(stems(title, best.passage.language))
    table = whole_table(asked, lines, heading)
    left, right = table or _shown(lines, weight, close, best.passage, words)
    if "chosen" in best.found_by and not table:
        left, right = _with_passage(lines, left, right, best.passage, words)
    right = with_listing(lines, introduced(lines, right))
    first, last = _whole_list(lines, left, right)
    last, goes_on = _to_the_end(lines, first, last)
    trim = Trim(lines, weight, near, heading, asks_all(asked))
    kept = (
        range(*table)
        if table
        else tied_rows(lines, trim.kept(first, last), close, asks_to_compare(asked))
    )
    if not table and lines[kept[0]].row:
        left, right = min(left, kept[0]), kept[0] + 1 if len(kept) > last - first else right
    opened = _unfolded(lines, kept, left, right, words)
    key = key_sentence(asked, lines, [i for i in kept if i in opened], weight, close)
    chosen = [(lines[i], i not in opened, i == key) for i in kept]
    if kept and kept[-1] == len(lines) - 1:
        chosen += [(line, chosen[-1][1], False) for line in _below(catalog, lines[-1])]
    quoted = _quoted(catalog, best, chosen)
    return replace(quoted, goes_on=goes_on)


def _to_the_end(lines: Sequence[_Line], first: int, last: int) -> tuple[int, bool]:
    """Where what is quoted ends: with its section, if little of that is left, to be folded; and whether the section goes on.

    A row or a sentence that answers by itself does not go on.
    """
    rest = lines[last:]
    if not rest or last - first < 2 or _has_table(lines[first:]):
        return last, False
    whole = sum(line.size for line in rest) <= FOLLOWS
    return (len(lines), False) if whole else (last, True)


def _shown(
    lines: Sequence[_Line],
    weight: Mapping[str, float],
    near: Sequence[float],
    best: Passage,
    words: int,
) -> tuple[int, int]:
    """First and last (exclusive) sentence of what answers: a short section, also of tables where the question names no row of
    them, else the best window of it."""
    whole = _short(lines, words) or _all_rows(lines, words)
    if whole and _alone(lines, _shares(lines, weight)) is None:
        return 0, len(lines)
    left, right = fewest_rows(lines, *_window(lines, weight, near, best, words), near)
    untold = right < len(lines) and lines[right].row and not lines[right - 1].row
    caption = untold and right - left > 1 and not lines[right - 1].shared
    return left, right - caption  # a table's caption without its rows tells nothing


def _all_rows(lines: Sequence[_Line], words: int) -> bool:
    """Is a short section one of tables, and no row of them has more of the question's words than the others?"""
    rows = [line.shared for line in lines if line.row and not line.code]
    same = bool(rows) and all(held == rows[0] for held in rows)
    return same and sum(line.size for line in lines) <= words


def _with_passage(
    lines: Sequence[_Line], left: int, right: int, passage: Passage, words: int
) -> tuple[int, int]:
    """The window with all of the passage that was offered and chosen, or this alone where both are long."""
    own = [i for i, line in enumerate(lines) if line.passage.id == passage.id]
    if not own:
        return left, right
    first, last = min(left, *own), max(right - 1, *own) + 1
    if sum(line.size for line in lines[first:last]) <= SPARE * words:
        return first, last
    return own[0], own[-1] + 1


def _unfolded(
    lines: Sequence[_Line], kept: Sequence[int], left: int, right: int, words: int
) -> set[int]:
    """Which of the sentences are shown at once: all, where they are few; else as many words from the start on, or from
    what answers where that lies further down."""
    if sum(lines[i].size for i in kept) <= SPARE * words:
        return set(kept)
    start = 0
    if sum(lines[i].size for i in kept if i < right) > words:
        start = max((i for i in kept if i <= left and _opens(lines[i])), default=left)
    shown, size = set[int](), 0
    for i in (i for i in kept if i >= start):
        size += lines[i].size
        right = max(right, introduced(lines, i))
        if size > words and i >= right and _opens(lines[i]):
            break
        shown.add(i)
    return shown


def _opens(line: _Line) -> bool:
    """May a fold begin or end before a line? Not within an item of a list, nor before a listing."""
    return bool(line.mark) or not (line.listed or line.code)


def _quoted(
    catalog: Catalog, best: Evidence, chosen: Sequence[tuple[_Line, bool, bool]]
) -> Extract:
    """The sentences, each with its citation. ``chosen``: a line, whether it is folded, and whether it is the key."""
    named = settings([line for line, *_ in chosen], range(len(chosen)))
    sentences = tuple(
        Sentence(
            line.text,
            "verified",
            (n,),
            bool(line.mark),
            folded=folded,
            key=key,
            row=line.row and not line.code and SEPARATOR in line.text,
            paragraph=(line.begins or n - 1 in named) and not line.mark and n > 1,
        )
        for n, (line, folded, key) in enumerate(chosen, 1)
    )
    citations = tuple(
        cite(n, best, line.passage, _raw(catalog, line), line.start)
        for n, (line, *_) in enumerate(chosen, 1)
    )
    return Extract(sentences, citations)


def _raw(catalog: Catalog, line: _Line) -> str:
    return catalog.page(line.passage.version_id, line.passage.page).text[line.start : line.end]


def _lines(catalog: Catalog, question: str, passage: Passage) -> list[_Line]:
    """All sentences of the section that holds a passage, in reading order, without the manual's boilerplate."""
    asked = SharedWords(question, passage.language)
    lines = _read(catalog, catalog.section_passages(passage.id), asked)
    rows = (labelled_cells(line.text) for line in lines if line.row)
    heads = {SEPARATOR.join(head for head, _ in cells) for cells in rows if cells}
    spare = boilerplate(catalog, passage.version_id) | heads  # its rows bring a table's heads along
    return [line for line in lines if line.text not in spare] or lines


def _below(catalog: Catalog, last: _Line) -> list[_Line]:
    """What the last sentence of a section introduces where that stands below a heading of its own, in the next passage."""
    passage = last.passage
    following = catalog.passages([passage.id + 1]).get(passage.id + 1)
    if not introduces(last) or following is None or following.version_id != passage.version_id:
        return []
    if following.section[: len(passage.section)] != passage.section:
        return []
    lines = [last, *_read(catalog, [following], SharedWords("", passage.language))]
    return lines[1 : introduced(lines, 1)]


def _read(catalog: Catalog, parts: Sequence[Passage], asked: SharedWords) -> list[_Line]:
    """All sentences and rows of passages."""
    pages: dict[int, Page] = {}
    lines = []
    for part in parts:
        page = pages.setdefault(part.page, catalog.page(part.version_id, part.page))
        for block in page.blocks:
            if block.kind == "heading" or block.end <= part.start or block.start >= part.end:
                continue
            for start, end in pieces(page, block):
                if part.start <= start and end <= part.end:
                    lines.append(_line(part, page.text, block, (start, end), asked))
    return lines


def _about_codes(lines: Sequence[_Line], asked: str) -> Sequence[_Line]:
    """In a list of codes or parts, what is said of those that are asked about: each up to the next code of its kind."""
    wanted = set(_CODES.findall(asked.upper()))
    kinds = {letters for letters, _ in wanted}
    kept, inside, others = [], False, False
    for line in lines:
        codes = {code for code in _CODES.findall(line.text.upper()) if code[0] in kinds}
        inside = bool(codes & wanted) or (inside and not codes)
        others = others or bool(codes - wanted)
        if inside:
            kept.append(line)
    return kept if kept and others else lines


def _line(passage: Passage, page_text: str, block: Block, span: Span, asked: SharedWords) -> _Line:
    start, end = span
    first = block.kind == "item" and start == block.start
    opens = mark(page_text, start, end) if first else ""
    start += sign(page_text, start, end)
    text = readable(page_text[start:end])
    row = block.kind in SPLIT_LINES
    begins = span[0] == block.start
    return _Line(
        passage,
        start,
        end,
        text,
        opens,
        block.kind == "item",
        row,
        block.kind == "code",
        begins,
        word_count(text),
        asked.held(text),
    )


def _weights(lines: Sequence[_Line], question: str) -> dict[str, float]:
    """The question's words, in its order, rare ones in the section weighing more."""
    spread = Counter(term for line in lines for term in line.shared)
    asked = content_stems(question, lines[0].passage.language) if lines else []
    return {term: math.log(1 + len(lines) / (1 + spread[term])) for term in asked}


def _short(lines: Sequence[_Line], words: int) -> bool:
    """Is a section quoted whole? Not where rows of a table are a choice of their own."""
    return sum(line.size for line in lines) <= words and not _has_table(lines)


def _has_table(lines: Sequence[_Line]) -> bool:
    return any(line.row and not line.code for line in lines)


def _shares(lines: Sequence[_Line], weight: Mapping[str, float]) -> list[float]:
    """The share of the question's words that each sentence holds, rare ones counting more."""
    total = sum(weight.values()) or 1.0
    return [sum(weight[term] for term in line.shared) / total for line in lines]


def _window(
    lines: Sequence[_Line],
    weight: Mapping[str, float],
    near: Sequence[float],
    best: Passage,
    words: int = WHOLE,
) -> tuple[int, int]:
    """First and last (exclusive) sentence of the best window of at most so many words.

    Worth of a window: share of the question's words it holds, rare ones counting more, plus its closest sentence in
    meaning, plus the rewards above; and all of the question's codes that the section has.
    """
    total = sum(weight.values()) or 1.0
    codes = frozenset(filter(is_code, weight)) & held_by(lines)
    shares = _shares(lines, weight)
    if (alone := _alone(lines, shares)) is not None:
        return alone, alone + 1
    top, span = -1.0, (0, min(1, len(lines)))
    for left in range(len(lines)):
        size, prose, held, closest, inside = 0, 0, set[str](), 0.0, False
        for right in range(left, len(lines)):
            size += lines[right].size
            if size > words and right > left:
                break
            prose += 0 if lines[right].row else lines[right].size
            held |= lines[right].shared
            closest = max(closest, near[right])
            inside |= lines[right].passage.id == best.id
            worth = sum(weight[term] for term in held) / total + closest + (codes <= held)
            worth += (
                LEAD * (left == 0 and not lines[0].row)
                + FILL * min(prose, words) / words
                + INSIDE * inside
                + BEGINS * lines[left].begins
            )
            if worth > top:
                top, span = worth, (left, right + 1)
    return span


def _alone(lines: Sequence[_Line], shares: Sequence[float]) -> int | None:
    """In a section of specifications or codes, the sentence that answers by itself: its neighbours are about other things.

    Such a section has short sentences only; the sentence has a figure and all of the question's words, and no other
    sentence has most of them.
    """
    if len(lines) < 3 or any(line.listed or line.size > SHORT for line in lines):
        return None
    first, second = sorted(range(len(shares)), key=lambda i: -shares[i])[:2]
    figure = any(map(str.isdigit, lines[first].text))
    return first if figure and shares[first] > 0.99 and shares[second] < MOST else None


def _whole_list(lines: Sequence[_Line], left: int, right: int) -> tuple[int, int]:
    """A window that cuts into a list, widened to the list with the sentence before it.

    Steps are worth nothing without the first, and a list that is cut in silence misleads.
    """
    if not any(line.mark for line in lines[left:right]):
        return left, right
    first, last, inside = left, right, in_lists(lines)
    while first > 0 and inside[first] and inside[first - 1]:
        first -= 1
    if first > 0 and lines[first].listed and lines[first - 1].text.endswith(":"):
        first -= 1
    while last < len(lines) and inside[last] and inside[last - 1]:
        last += 1
    whole = sum(line.size for line in lines[first:last]) <= LONGEST_LIST
    return (first, last) if whole else (left, right)
