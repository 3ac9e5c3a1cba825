"""Pages as people see them: the image of a page, its shape, and the boxes that mark a quotation on it.

Images are kept under the data folder by content, page and width. Knows nothing of who asks or of the web.
"""

from __future__ import annotations

import itertools
import os
import tempfile
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.errors import NoSuchPage
from knowledge.parsing.pdf.cut_sentences import own_span
from knowledge.rendering.process import RenderProcess
from knowledge.rendering.words import word_boxes
from knowledge.types import Box

if TYPE_CHECKING:
    from knowledge.catalog import Catalog

STEP, NARROWEST, WIDEST = (
    300,
    300,
    2400,
)  # pixels: few different widths, so that the cache stays small
KEPT = 4000  # images, about 250 MB; the oldest half goes when there are more
LOOK_EVERY = 100  # new images between two looks at how many there are
_written = itertools.count(1)

_first = threading.Lock()


def page_image(catalog: Catalog, version_id: int, number: int, width: int = 900) -> bytes:
    """The page as WebP, ``width`` pixels wide, rounded up to a multiple of 300 between 300 and 2,400.

    Raises NoSuchManual, NoSuchPage (also for formats without pages), or ReaderFailed where a page cannot be drawn.
    """
    path = _paged(catalog, version_id, number)
    width = min(max(-(-width // STEP) * STEP, NARROWEST), WIDEST)
    sha256 = catalog.version(version_id).sha256
    kept = catalog.data / "files" / "pages" / sha256[:2] / f"{sha256}-{number}-{width}.webp"
    try:
        return kept.read_bytes()
    except OSError:
        image = render_page(path, number, width)
    if not catalog.fault():  # nothing is made where the data folder was
        _keep(kept, image)
    return image


def page_size(catalog: Catalog, version_id: int, number: int) -> tuple[float, float]:
    """(width, height) of the page in points, as it is shown. Raises as ``page_image`` does."""
    return measure_page(_paged(catalog, version_id, number), number)


def boxes(catalog: Catalog, version_id: int, number: int, start: int, end: int) -> tuple[Box, ...]:
    """The boxes that mark page.text[start:end], a stroke for each run of words on a line. Raises as ``page_image`` does."""
    path, page = _paged(catalog, version_id, number), catalog.page(version_id, number)
    if page.words and start < page.words[-1].end:
        return word_boxes(page.words, start, end, page.text)
    return page_boxes(path, number, *own_span(page.text, start, end))


def render_page(path: Path, number: int, width: int) -> bytes:
    """Page ``number`` (from 1) of the PDF or image at ``path`` as WebP."""
    return _painter().ask("draw", path, number, width)[1]


def measure_page(path: Path, number: int) -> tuple[float, float]:
    """(width, height) in points of a page of the file at ``path``, rotation and crop box applied."""
    width, height = _painter().ask("measure", path, number)[0]
    return width, height


def page_boxes(
    path: Path, number: int, start: int, end: int, length: int | None = None
) -> tuple[Box, ...]:
    """The boxes of text [start:end] of a page, in fractions of the shown page with the origin top left.

    ``length`` is that of the page's text where it was stored, by which an older version is told.
    """
    found = _painter().ask("boxes", path, number, start, end, length)[0]
    return tuple(Box(*box) for box in found)


def _painter() -> RenderProcess:
    with _first:  # two first pages at once must not start two processes
        return _one_painter()


@lru_cache(maxsize=1)
def _one_painter() -> RenderProcess:
    return RenderProcess()


def _paged(catalog: Catalog, version_id: int, number: int) -> Path:
    manual = catalog.version(version_id)
    if not manual.paged:
        raise NoSuchPage(f"{manual.name} has no page images.")
    if not 1 <= number <= manual.pages:
        raise NoSuchPage(f"{manual.name} has {manual.pages} pages, so there is no page {number}.")
    return catalog.file(version_id)


def _keep(kept: Path, image: bytes) -> None:
    """Write the image beside the others; a full disk only costs the cache."""
    try:
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=kept.parent, suffix=".new")
        with os.fdopen(handle, "wb") as out:
            out.write(image)
        Path(name).replace(kept)
        if next(_written) % LOOK_EVERY == 0:
            _make_room(kept.parent.parent)
    except OSError:
        return


def _make_room(folder: Path) -> None:
    images = sorted(folder.glob("*/*"), key=lambda path: path.stat().st_mtime)
    for path in images[: len(images) // 2 if len(images) > KEPT else 0]:
        path.unlink(missing_ok=True)
