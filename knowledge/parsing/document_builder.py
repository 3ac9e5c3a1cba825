"""Build the one long page of a format without pages: text, blocks and headings grow together, so offsets are exact.

Knows no file format; html.py, plain.py, slides.py and sheets.py feed it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.parsing.clean import collapse, lines_normal
from knowledge.parsing.content.small_type import with_fractions
from knowledge.parsing.titles import product_of, says_only_kind
from knowledge.types import Block, BlockKind, Document, Heading, Page

LONGEST_PRODUCT = 60  # characters


class DocumentBuilder:
    """Collects blocks in reading order; ``page()`` closes it."""

    def __init__(self, number: int = 1, label: str = "") -> None:
        self.number = number
        self.label = label
        self.headings: list[Heading] = []
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []

    def add(self, kind: BlockKind, text: str) -> tuple[int, int]:
        """Append a block and return its offsets. White space is collapsed except in code; nothing is added for blank text."""
        text = (
            lines_normal(text).expandtabs(4).strip("\n").rstrip()
            if kind == "code"
            else with_fractions(collapse(lines_normal(text)))
        )
        if not text.strip():
            return self._length, self._length
        close = kind == "item" and self._blocks and self._blocks[-1].kind == "item"
        gap = "" if not self._parts else "\n" if close else "\n\n"
        start = self._length + len(gap)
        self._parts += (gap, text)
        self._length = start + len(text)
        self._blocks.append(Block(kind, start, self._length))
        return start, self._length

    def heading(self, level: int, text: str) -> None:
        """Append a heading on a line of its own."""
        text = with_fractions(" ".join(text.split()))
        start, end = self.add("heading", text)
        if end > start:
            self.headings.append(Heading(level, lines_normal(text), self.number, start, end))

    def page(self) -> Page:
        """The page so far."""
        return Page(self.number, self.label, "".join(self._parts), tuple(self._blocks))


def flow_document(
    kind: str, title: str, pages: list[DocumentBuilder], warnings: tuple[str, ...] = ()
) -> Document:
    """A Document without page images out of finished flows."""
    headings = without_title([h for flow in pages for h in flow.headings], title)
    return Document(
        kind,
        title,
        product_of(title),
        False,
        tuple(flow.page() for flow in pages),
        tuple(headings),
        warnings,
    )


def with_product(document: Document, product: str) -> Document:
    """The document with the product that the file names, before a title that says only its kind."""
    product = " ".join(product.split())
    if not re.search(r"[^\W_]", product) or len(product) > LONGEST_PRODUCT:
        return document
    if says_only_kind(document.title):
        title = f"{product} {document.title}"
        return replace(document, title=title, product=product, own_title=document.title)
    return replace(document, product=product)


def without_title(headings: list[Heading], title: str) -> list[Heading]:
    """The headings without the manual's own title, so that a section path begins with a chapter.

    The title goes only where it is the first heading, the only one of its level, and above all others.
    """
    if len(headings) < 2:
        return headings
    first, rest = headings[0], headings[1:]
    if not same_words(first.title, title) or any(h.level <= first.level for h in rest):
        return headings
    lift = min(h.level for h in rest) - 1
    return [Heading(h.level - lift, h.title, h.page, h.start, h.end) for h in rest]


def same_words(one: str, other: str) -> bool:
    """Whether two titles say the same, letters and digits only; one may hold the other."""
    a, b = ("".join(c for c in t.casefold() if c.isalnum()) for t in (one, other))
    return bool(a and b) and (a == b or (min(len(a), len(b)) >= 4 and (a in b or b in a)))
