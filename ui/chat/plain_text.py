"""An answer as text to paste elsewhere: clean for a customer, with its marks and sources for a ticket. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import Literal

from markupsafe import Markup

from chatbot.conversations.types import Answer, Sentence
from knowledge.text import readable
from ui.chat.answer_text import MARK, kind_of, laid_out, listed, rows, without_bullet
from ui.sources.cells import in_words, quoted_cells, table_in_words
from ui.sources.citations import places_of, source_lines
from ui.web.html import join

Block = Literal["list", "text"] | list[list[tuple[str, str]]]  # of a table its rows
UNSURE = ("contradicted", "unsupported")


def for_ticket(answer: Answer) -> str:
    """Return an answer with marks "[1]" for the places that it cites, and each of these once below."""
    if not answer.sentences:
        return answer.text.strip() + source_lines(answer.citations)
    numbers, footnotes = places_of(answer.citations)
    return with_marks(answer, numbers) + footnotes


def sources_named(answer: Answer) -> int:
    """Return how many sources stand below what is copied for a ticket."""
    cited = answer.citations
    return len({*places_of(cited)[0].values()}) if answer.sentences else len(cited)


def with_marks(answer: Answer, numbers: Mapping[int, int] = MappingProxyType({})) -> str:
    """Return an answer as plain text with its marks, list items on their own lines. ``numbers``: what stands for the number of
    a citation. What several sentences in a row share stands behind the last of them, a line's end at the latest."""
    if not answer.sentences:
        return answer.text.strip()
    breaks, rest = laid_out(answer)
    marks = [
        "".join(f" [{n}]" for n in dict.fromkeys(numbers.get(n, n) for n in part.n))
        for part in answer.sentences
    ]
    text = ""
    for i, part in enumerate(answer.sentences):
        gap = "\n\n" if part.heading else "\n" if part.item or i in breaks else " "
        if i and (gap != " " or marks[i - 1] != marks[i]):
            text += marks[i - 1]
        text += gap + _in_words(part)
    return " ".join((f"{text}{marks[-1]}".strip(), rest)).strip()


def for_customer(answer: Answer) -> str:
    """Return an answer without marks and sources: an empty line between paragraphs, list items and rows on lines of their own."""
    return "\n\n".join("\n".join(lines) for _, lines in _blocks(answer))


def for_customer_in_html(answer: Answer) -> Markup:
    """Return the same as HTML, so that lists and tables stay so where formatted text is pasted."""
    return join(_block(block, lines) for block, lines in _blocks(answer))


def _block(block: Block, lines: Sequence[str]) -> Markup:
    if isinstance(block, list) and (len(block) > 1 or len(block[0]) > 2):
        return table_in_words(block)
    if block == "list":
        return listed([without_bullet(line) for line in lines])
    return join(Markup("<p>{}</p>").format(line) for line in lines)


def _in_words(part: Sentence) -> str:
    cells = quoted_cells(part)
    return in_words(cells) if cells else readable(part.text)


def _blocks(answer: Answer) -> Iterator[tuple[Block, list[str]]]:
    """Yield (what it is, its lines) for each paragraph, list and table of an answer; of a table its cells."""
    if not answer.sentences:
        known = {citation.n for citation in answer.citations}
        yield from _as_written(
            MARK.sub(
                lambda mark: "" if int(mark[0].strip(" []")) in known else mark[0], answer.text
            )
        )
        return
    breaks, rest = laid_out(answer)
    parts = [*answer.sentences, Sentence(rest, "none")] if rest else answer.sentences
    for (kind, *_), run in groupby(rows(parts, breaks), key=kind_of):
        held = list(run)
        lines = [" ".join(_in_words(part).strip() for part in row) for row in held]
        if kind == "cells":
            yield [quoted_cells(row[0]) for row in held], lines
        elif kind == "item":
            yield "list", lines
        else:
            yield from (("text", [line]) for line in lines)


def _as_written(text: str) -> Iterator[tuple[Block, list[str]]]:
    """Yield the paragraphs of a text of which no sentence was judged, each with its lines as they are."""
    for paragraph in text.split("\n\n"):
        if lines := [line.strip() for line in paragraph.splitlines() if line.strip()]:
            is_list = all(without_bullet(line)[1] != line for line in lines)
            yield "list" if is_list else "text", lines


def unsure(answer: Answer) -> int:
    """Return how many sentences of an answer no manual holds, or one contradicts."""
    return sum(part.state in UNSURE for part in answer.sentences)
