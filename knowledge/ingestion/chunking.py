"""Documents to passages: about 128 tokens each, on sentence borders, never across a heading or a page.

Knows nothing of files, databases or vectors. Offsets stay those of the page's text.
"""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.text import Span, digest, pieces, readable, word_count
from knowledge.types import Document, Heading, Page

WORDS_PER_PASSAGE = (
    96  # about 128 tokens; measured best of 128, 256, 512 (tests/bench/bench_split.py)
)


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the document under one heading. ``end_page``/``end`` are exclusive."""

    path: tuple[str, ...]
    page: int
    start: int
    end_page: int
    end: int


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage before it has an id. ``section`` indexes the sections of the same document."""

    page: int
    label: str
    section: int
    start: int
    end: int
    text: str
    hash: str


def sections_of(document: Document) -> tuple[Section, ...]:
    """The sections in reading order; the first one, before any heading, has an empty path."""
    starts: list[tuple[tuple[str, ...], int, int]] = [((), 1, 0)]
    stack: list[Heading] = []
    for heading in sorted(document.headings, key=lambda found: (found.page, found.start)):
        while stack and stack[-1].level >= heading.level:
            stack.pop()
        stack.append(heading)
        starts.append((tuple(readable(part.title) for part in stack), heading.page, heading.start))
    last = document.pages[-1] if document.pages else None
    ends = [(page, start) for _, page, start in starts[1:]] + [
        (last.number, len(last.text)) if last else (1, 0)
    ]
    return tuple(
        Section(path, page, start, *end)
        for (path, page, start), end in zip(starts, ends, strict=True)
    )


class _Packer:
    """Collects pieces into passages; a passage is one contiguous stretch of one page and section."""

    def __init__(self) -> None:
        self.drafts: list[NewPassage] = []
        self._page: Page | None = None
        self._section = -1
        self._start = self._end = self._words = 0

    def add(self, page: Page, section: int, span: Span, whole: int) -> None:
        """Takes one piece; ``whole`` is the number of words of the block it opens (0 inside a block)."""
        count = word_count(page.text[span[0] : span[1]])
        moved = self._page is not page or self._section != section or span[0] < self._end
        gap = not moved and bool(self._page) and _foreign(page, self._end, span[0])
        full = (
            self._words
            and self._words + max(count, min(whole, WORDS_PER_PASSAGE // 2)) > WORDS_PER_PASSAGE
        )
        if moved or gap or full:
            self.flush()
            self._page, self._section, self._start = page, section, span[0]
        self._end = span[1]
        self._words += count

    def flush(self) -> None:
        if self._page is not None and self._words:
            raw = self._page.text[self._start : self._end]
            text = readable(raw)
            self.drafts.append(
                NewPassage(
                    self._page.number,
                    self._page.label,
                    self._section,
                    self._start,
                    self._end,
                    text,
                    digest(text),
                )
            )
        self._words = 0


def _foreign(page: Page, start: int, end: int) -> bool:
    """Is there text between two pieces that belongs to no passage, such as a running head? A bullet is not."""
    return sum(char.isalnum() for char in page.text[start:end]) > 3


def split(document: Document) -> tuple[tuple[Section, ...], tuple[NewPassage, ...]]:
    """All sections of a document and its passages in reading order."""
    sections = sections_of(document)
    packer = _Packer()
    current = 0
    for page in document.pages:
        # Blocks may be out of text order (columns), so each finds its section by its own position.
        for block in page.blocks:
            if block.kind == "heading":
                continue
            current = _section_at(sections, page.number, block.start, current)
            first = word_count(page.text[block.start : block.end])
            for span in pieces(page, block):
                packer.add(page, current, span, first)
                first = 0
    packer.flush()
    return sections, tuple(packer.drafts)


def _section_at(sections: tuple[Section, ...], page: int, start: int, near: int) -> int:
    """Index of the section that holds a position; the search begins at the one found last."""
    here = (page, start)
    while near + 1 < len(sections) and (sections[near + 1].page, sections[near + 1].start) <= here:
        near += 1
    while near > 0 and (sections[near].page, sections[near].start) > here:
        near -= 1
    return near
