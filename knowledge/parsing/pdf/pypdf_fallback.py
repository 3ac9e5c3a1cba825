"""Read a PDF that PDFium cannot open with pypdf. Slower, loses spaces in some files, and gives no page images."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from knowledge.errors import EncryptedFile, NoText, TooLarge, UnreadableFile
from knowledge.parsing.document_builder import DocumentBuilder, flow_document
from knowledge.parsing.plain_text import add_text
from knowledge.parsing.titles import sensible_title, shown_name, title_from_name
from knowledge.types import Document, Limits

WARNING = "The file is damaged. Its text was read in a simpler way, and its pages cannot be shown."


def read_with_pypdf(
    path: Path, file_name: str, limits: Limits, progress: Callable[[int, int], None]
) -> Document:
    """The manual as pages of plain text. Raises EncryptedFile, NoText, TooLarge or UnreadableFile."""
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    shown = shown_name(file_name)
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(path, strict=False)
        count = len(reader.pages)
    except FileNotDecryptedError as error:
        raise EncryptedFile(f"{shown} is protected with a password.") from error
    except Exception as error:  # pypdf leaks many kinds of exception on damaged files
        raise UnreadableFile(
            f"{shown} is cut short or damaged: it cannot be opened as a PDF."
        ) from error
    if count == 0:
        raise UnreadableFile(f"{shown} has no pages.")
    if count > limits.max_pages:
        raise TooLarge(f"{shown} has {count:,} pages; at most {limits.max_pages:,} can be read.")
    flows = []
    for number in range(1, count + 1):
        flow = DocumentBuilder(number)
        add_text(flow, _text(reader, number - 1)[: limits.max_page_characters])
        flows.append(flow)
        progress(number, count)
    if not any(flow.page().text for flow in flows):
        raise NoText(f"{shown} has no text ({count} page{'s' * (count != 1)}).")
    return flow_document("pdf", _title(reader) or title_from_name(file_name), flows, (WARNING,))


def _text(reader: Any, index: int) -> str:
    try:
        return reader.pages[index].extract_text()
    except Exception as error:  # as above; the other pages may still be read
        logging.getLogger(__name__).info("page %d: %r", index + 1, error)
        return ""


def _title(reader: Any) -> str:
    try:
        return sensible_title(str((reader.metadata or {}).get("/Title") or ""))
    except Exception as error:  # as above
        logging.getLogger(__name__).info("title: %r", error)
        return ""
