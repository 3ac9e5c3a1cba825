"""An answer as text to paste elsewhere: clean for a customer, with its marks and sources for a ticket. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from markupsafe import Markup

from chatbot.conversations.types import Answer, Sentence
from knowledge.text import readable
from ui.chat.answer_text import MARK, laid_out, listed, rows, without_bullet
from ui.sources.citations import places_of, source_lines
from ui.web.html import join

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
        text += gap + readable(part.text)
    return " ".join((f"{text}{marks[-1]}".strip(), rest)).strip()


def for_customer(answer: Answer) -> str:
    """Return an answer without marks and sources: an empty line between paragraphs, list items on lines of their own."""
    return "\n\n".join("\n".join(lines) for _, lines in _blocks(answer))


def for_customer_in_html(answer: Answer) -> Markup:
    """Return the same as HTML, so that lists stay lists where formatted text is pasted."""
    return join(_block(is_list, lines) for is_list, lines in _blocks(answer))


def _block(is_list: bool, lines: Sequence[str]) -> Markup:
    if not is_list:
        return join(Markup("<p>{}</p>").format(line) for line in lines)
    return listed([without_bullet(line) for line in lines])


def _blocks(answer: Answer) -> Iterator[tuple[bool, list[str]]]:
    """Yield (is it a list, its lines) for each paragraph and each list of an answer."""
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
    for is_list, run in groupby(rows(parts, breaks), key=lambda row: row[0].item):
        lines = [" ".join(readable(part.text).strip() for part in row) for row in run]
        if is_list:
            yield True, lines
        else:
            yield from ((False, [line]) for line in lines)


def _as_written(text: str) -> Iterator[tuple[bool, list[str]]]:
    """Yield the paragraphs of a text of which no sentence was judged, each with its lines as they are."""
    for paragraph in text.split("\n\n"):
        if lines := [line.strip() for line in paragraph.splitlines() if line.strip()]:
            is_list = all(without_bullet(line)[1] != line for line in lines)
            yield is_list, lines


def unsure(answer: Answer) -> int:
    """Return how many sentences of an answer no manual holds, or one contradicts."""
    return sum(part.state in UNSURE for part in answer.sentences)
