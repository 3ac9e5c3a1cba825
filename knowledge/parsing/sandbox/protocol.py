"""A Document, and what is prepared of it, as JSON lines between the reading child and its parent, and back.

Knows no format and no process.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from knowledge.ingestion.chunking import NewPassage, Section
from knowledge.types import Block, Document, Heading, Page, PlacedWord

if TYPE_CHECKING:
    from knowledge.ingestion.preparation import PreparedDocument, PreparedPassage


@dataclass(slots=True)
class Received:
    """What has come from the child so far."""

    pages: list[Page] = field(default_factory=list)
    document: Document | None = None
    error: tuple[str, str, str] = ("", "", "")  # class name, sentence, detail for the log
    progress: tuple[int, int] = (0, 0)
    slow: tuple[int, int] = (0, 0)  # the step of slow work that has begun, and of how many
    sections: list[Section] = field(default_factory=list)
    passages: list[PreparedPassage] = field(default_factory=list)
    prepared: PreparedDocument | None = None


def document_lines(document: Document) -> Iterator[str]:
    """The document, one page a line, its head last, so that a broken stream never looks whole."""
    for page in document.pages:
        yield _line(
            "page",
            page.number,
            page.label,
            page.text,
            [(b.kind, b.start, b.end) for b in page.blocks],
            [(w.start, w.end, w.left, w.top, w.right, w.bottom) for w in page.words],
        )
    headings = [(h.level, h.title, h.page, h.start, h.end) for h in document.headings]
    yield _line(
        "document",
        document.kind,
        document.title,
        document.product,
        document.paged,
        headings,
        document.warnings,
        document.own_title,
    )


def prepared_lines(prepared: PreparedDocument) -> Iterator[str]:
    """What is prepared of a document that was sent, one section and passage a line; what makes it whole comes last."""
    for s in prepared.sections:
        yield _line("section", s.path, s.page, s.start, s.end_page, s.end)
    for ready in prepared.passages:
        d = ready.draft
        vectors = None if ready.vectors is None else base64.b64encode(ready.vectors).decode("ascii")
        yield _line(
            "passage",
            d.page,
            d.label,
            d.section,
            d.start,
            d.end,
            d.text,
            d.hash,
            ready.head,
            ready.stems,
            vectors,
            ready.language,
        )
    yield _line("prepared", dict(prepared.vocabulary), prepared.encoder, prepared.languages)


def progress_line(page: int, of: int) -> str:
    return _line("progress", page, of)


def slow_line(step: int, of: int) -> str:
    """Say that a step begins for which the reader may take ``Limits.program_seconds`` more."""
    return _line("slow", step, of)


def error_line(name: str, sentence: str, detail: str) -> str:
    return _line("error", name, sentence, detail)


def receive(line: bytes, into: Received) -> None:
    """Take one line in. Raises ValueError on a line that is none of ours."""
    try:
        name, *rest = json.loads(line)
        _take(name, rest, into)
    except (TypeError, KeyError, IndexError) as error:
        raise ValueError("not a line of a reader") from error


def _take(name: str, rest: list, into: Received) -> None:
    match name:
        case "progress":
            into.progress = (int(rest[0]), int(rest[1]))
        case "slow":
            into.slow = (int(rest[0]), int(rest[1]))
        case "page":
            number, label, text, blocks, words = rest
            made = tuple(Block(*block) for block in blocks)
            placed = tuple(PlacedWord(*word) for word in words)
            into.pages.append(Page(number, label, text, made, placed))
        case "document":
            kind, title, product, paged, headings, warnings, own_title = rest
            into.document = Document(
                kind,
                title,
                product,
                paged,
                tuple(into.pages),
                tuple(Heading(*h) for h in headings),
                tuple(warnings),
                own_title,
            )
        case "section":
            into.sections.append(Section(tuple(rest[0]), *rest[1:]))
        case "passage":
            _take_passage(rest, into)
        case "prepared":
            _take_prepared(rest, into)
        case "error":
            into.error = (rest[0], rest[1], rest[2])
        case _:
            raise ValueError(f"unknown line {name!r}")


def _take_passage(rest: list, into: Received) -> None:
    from knowledge.ingestion.preparation import PreparedPassage

    *draft, head, stems, vectors, language = rest
    blob = None if vectors is None else base64.b64decode(vectors)
    into.passages.append(PreparedPassage(NewPassage(*draft), head, stems, blob, language))


def _take_prepared(rest: list, into: Received) -> None:
    from knowledge.ingestion.preparation import PreparedDocument

    if into.document is None:
        raise ValueError("passages without a document")
    into.prepared = PreparedDocument(
        into.document, tuple(into.sections), tuple(into.passages), rest[0], rest[1], tuple(rest[2])
    )


def _line(*values: object) -> str:
    return json.dumps(values, ensure_ascii=True, separators=(",", ":"), default=_plain) + "\n"


def _plain(value: object) -> object:
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(type(value))
