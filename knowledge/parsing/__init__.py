"""Turn a file into a Document: what format it is, its text page by page, its blocks and headings.

The parsing happens in a child process under limits, because files come from anywhere. Knows nothing of
libraries, databases or search.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.parsing.titles import shown_name
from knowledge.types import Document, Limits

if TYPE_CHECKING:
    from knowledge.ingestion.preparation import PreparedDocument
    from knowledge.parsing.sandbox.process import Watcher

__all__ = ["Limits", "prepare_file", "read_file", "shown_name"]


def read_file(
    path: Path,
    file_name: str,
    limits: Limits = Limits(),
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    *,
    slow: Callable[[int, int], None] | None = None,
) -> Document:
    """The manual in the file at ``path``; ``file_name`` is what its owner calls it.

    ``progress`` is called with (page, of) from time to time; ``cancelled`` is asked ten times a second. ``slow``
    is called with (step, of) when another program begins to work on a page, or on the file.

    Raises UnknownFormat, EncryptedFile, NoText or UnreadableFile for what the file is, ReaderFailed when
    reading took too much time or memory or the reading process died, Cancelled when asked to stop.
    """
    from knowledge.parsing.sandbox.process import read_in_child  # the child does not need it

    return read_in_child(path, file_name, limits, _watcher(progress, cancelled, slow))


def prepare_file(
    path: Path,
    file_name: str,
    limits: Limits = Limits(),
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    *,
    slow: Callable[[int, int], None] | None = None,
) -> PreparedDocument:
    """As ``read_file``, and split, stemmed and embedded, all of it in the child process.

    ``progress`` is called with (pages, pages) when the reading is done. Raises as ``read_file`` does, and
    TooManyPassages.
    """
    from knowledge.parsing.sandbox.process import prepare_in_child

    return prepare_in_child(path, file_name, limits, _watcher(progress, cancelled, slow))


def _watcher(
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
    slow: Callable[[int, int], None] | None,
) -> Watcher:
    from knowledge.parsing.sandbox.process import Watcher

    def nothing(_: int, of: int) -> None:
        return

    return Watcher(progress or nothing, cancelled or (lambda: False), slow or nothing)
