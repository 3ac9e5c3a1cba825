"""The passages that pairs are made from: their sentences and rows, what can be asked of them, and their whole text as a manual."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatbot.curation.training_data.statements import Statement, has_steps, statements
from chatbot.grounding.language import ENGLISH, language_of
from knowledge.catalog import Catalog
from knowledge.text import pieces, readable
from knowledge.types import Manual, Passage


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage with its manual, its sentences, the rows of its tables, and whether its section has no other passage."""

    manual: Manual
    passage: Passage
    sentences: tuple[str, ...]
    rows: tuple[str, ...]
    alone: bool

    @property
    def english(self) -> bool:
        """Whether its language is English, or too little is said to tell."""
        return language_of(self.passage.text) in (ENGLISH, "")


def manuals_of(catalog: Catalog, products: Sequence[str]) -> tuple[Manual, ...]:
    """The live manuals of these products, all where none is named."""
    return tuple(one for one in catalog.manuals() if not products or one.product in products)


def read_passages(catalog: Catalog, manual: Manual) -> Iterator[ReadPassage]:
    """Yield the passages of a manual in reading order."""
    found = catalog.passages_of(manual.version_id)
    sections = Counter(passage.section for passage in found)
    for passage in found:
        page = catalog.page(passage.version_id, passage.page)
        sentences: list[str] = []
        rows: list[str] = []
        for block in page.blocks:
            if block.kind == "heading" or block.end <= passage.start or block.start >= passage.end:
                continue
            parts = [
                readable(page.text[start:end])
                for start, end in pieces(page, block)
                if passage.start <= start and end <= passage.end
            ]
            (rows if block.kind == "table" else sentences).extend(filter(None, parts))
        alone = sections[passage.section] == 1
        yield ReadPassage(manual, passage, tuple(sentences), tuple(rows), alone)


def said_in(read: ReadPassage) -> list[Statement]:
    """What can be asked of a passage."""
    section = read.passage.section
    heading = section[-1] if section else ""
    return statements(read.sentences, read.rows, read.passage.text, heading, read.alone)


def chosen(
    found: Sequence[tuple[ReadPassage, Statement]],
) -> list[tuple[ReadPassage, Statement]]:
    """One statement for each thing that is asked of a product: of a task the one with steps, else the first."""
    best: dict[tuple[str, str, str, str], tuple[ReadPassage, Statement]] = {}
    for read, one in found:
        key = (read.manual.product or read.manual.id, one.form, one.key.casefold(), one.of)
        if key not in best or (has_steps(one.answer) and not has_steps(best[key][1].answer)):
            best[key] = (read, one)
    kept = {id(one) for _, one in best.values()}
    return [(read, one) for read, one in found if id(one) in kept]


def text_of(catalog: Catalog, manual: Manual) -> str:
    """The text of a manual in Markdown, with its headings: what stands behind exported questions."""
    lines, before = [f"# {manual.name}"], tuple[str, ...]()
    for passage in catalog.passages_of(manual.version_id):
        if passage.section != before:
            shared = 0
            for here, there in zip(passage.section, before, strict=False):
                if here != there:
                    break
                shared += 1
            for level, title in enumerate(passage.section[shared:], shared + 2):
                lines.append(f"{'#' * min(level, 6)} {title}")
            before = passage.section
        lines.append(passage.text)
    return "\n\n".join(lines) + "\n"
