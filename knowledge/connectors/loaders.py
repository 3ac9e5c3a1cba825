"""Manuals from other packages' sources: what a LangChain loader or a LlamaIndex reader gives becomes one manual.

    from knowledge.connectors.loaders import add_documents, community_loader
    rows = community_loader("CSVLoader", "errors.csv").load()
    library.run(add_documents(library, rows, "Error codes", product="Aurora X200 label printer").id)

A document becomes a section, under a heading made from its metadata. Knows nothing of how a source is read.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Protocol

from knowledge.errors import NoText, UnknownFormat
from knowledge.library import Library
from knowledge.types import Job

if TYPE_CHECKING:
    from langchain_core.document_loaders import BaseLoader

TITLES = ("title", "section", "Header 3", "Header 2", "Header 1", "header", "page_title")
NUMBERS = ("page_label", "page", "row", "sheet", "sheet_name")
COUNTED = ("page", "row")  # from 0 in LangChain; people count from 1
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#+\-.!|~&()=:$^])")


class LoadedDocument(Protocol):
    """A document of LangChain or LlamaIndex: metadata, and text as ``page_content`` or ``text``."""

    @property
    def metadata(self) -> Mapping[str, Any]: ...


def community_loader(name: str, *arguments: Any, **options: Any) -> BaseLoader:
    """A document loader of langchain-community by its class name, such as "CSVLoader". Raises UnknownFormat.

    A loader may need a package of its own, and says so when it is made or asked.
    """
    with warnings.catch_warnings():
        # langchain-community says at import that it is no longer developed; its loaders work.
        warnings.simplefilter("ignore", DeprecationWarning)
        from langchain_community import document_loaders

        if name not in document_loaders.__all__:
            raise UnknownFormat(f"langchain-community has no document loader '{name}'.")
        loader: BaseLoader = getattr(document_loaders, name)(*arguments, **options)
    return loader


def add_documents(
    library: Library,
    documents: Iterable[LoadedDocument],
    name: str,
    *,
    product: str = "",
    markdown: bool = False,
) -> Job:
    """Queues loaded documents as one manual; the same name again is its next version.

    ``markdown`` says that the texts are Markdown, whose headings and tables count; else every character is text.
    Raises NoText when no document holds any, and what ``Library.accept`` raises.
    """
    text = as_markdown(documents, name, markdown=markdown)
    file_name = re.sub(r"[^\w .-]", "-", name) + ".md"
    return library.accept(io.BytesIO(text.encode()), file_name, name=name, product=product)


def as_markdown(documents: Iterable[LoadedDocument], name: str, *, markdown: bool = False) -> str:
    """The documents as one Markdown text: a title, and a section for each. Raises NoText."""
    parts, last = [f"# {_escaped(name)}"], ""
    for number, document in enumerate(documents, 1):
        text = _text(document)
        if not text.strip():
            continue
        heading = _heading(document.metadata or {}, number)
        if heading != last:
            parts.append(f"## {_escaped(heading)}")
        last = heading
        parts.append(text.strip() if markdown else _escaped(text.strip()))
    if len(parts) == 1:
        raise NoText(f"The documents for '{name}' hold no text.")
    return "\n\n".join(parts) + "\n"


def _text(document: LoadedDocument) -> str:
    found = getattr(document, "page_content", None)
    return str(getattr(document, "text", "") if found is None else found)


def _heading(metadata: Mapping[str, Any], number: int) -> str:
    """A section's heading: its title, else its file and the page or row in it, else its number."""
    for key in TITLES:
        if title := " ".join(str(metadata.get(key) or "").split()):
            return title
    source = str(metadata.get("source") or metadata.get("file_name") or "")
    file = PurePosixPath(source.replace("\\", "/")).name
    key = next((key for key in NUMBERS if metadata.get(key) not in (None, "")), "")
    at = metadata[key] if key else ""
    at = at + 1 if key in COUNTED and type(at) is int else at
    where = f"{key.partition('_')[0]} {at}" if key else ""
    return ", ".join(part for part in (file, where) if part) or f"Part {number}"


def _escaped(text: str) -> str:
    """Text as Markdown that reads as this very text; lines stay lines."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    escaped = [_MARKUP.sub(r"\\\1", line) for line in lines]
    return re.sub(r"(?<=\S)\n(?=\S)", "\\\\\n", "\n".join(escaped))
