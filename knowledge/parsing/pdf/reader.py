"""Read a PDF with PDFium, and an image: text with its own offsets, blocks, headings, page labels, title.

Where PDFium cannot open the file, pdf_second.py tries pypdf. Knows nothing of processes and their limits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Any

from knowledge.errors import EncryptedFile, NoText, PictureOnly, TooLarge, UnreadableFile
from knowledge.parsing.clean import harmless
from knowledge.parsing.content.grids.continued import OpenTable
from knowledge.parsing.converted.ocr.notes import NOTHING, told_of
from knowledge.parsing.converted.ocr.pages import settle_sizes
from knowledge.parsing.converted.ocr.reading import PictureReader, drawn, needs_reading
from knowledge.parsing.document_builder import without_title
from knowledge.parsing.pdf.blocks import index_pages, page_blocks, setting_of
from knowledge.parsing.pdf.cut_sentences import with_whole_sentences
from knowledge.parsing.pdf.headers_footers import mark_furniture
from knowledge.parsing.pdf.headings import FoundHeading, headings_by_type
from knowledge.parsing.pdf.hyphens import clean_texts
from knowledge.parsing.pdf.layout.arrangement import read_lines
from knowledge.parsing.pdf.layout.over_pages import carry_heads
from knowledge.parsing.pdf.lines import PageLines
from knowledge.parsing.pdf.page.contents_lists import contents_pages
from knowledge.parsing.pdf.page.field_values import add_field_values
from knowledge.parsing.pdf.page.page_extras import set_unreadable_aside
from knowledge.parsing.pdf.page.page_text import text_of
from knowledge.parsing.pdf.page.probe import Probe
from knowledge.parsing.pdf.page.stamps import mark_stamps
from knowledge.parsing.pdf.sections import headings_of
from knowledge.parsing.titles import product_of, sensible_title, shown_name, title_from_name
from knowledge.types import Document, Heading, Limits, Page

VERSION = re.compile(
    r"v\d|ver(sion|\.)|rev(ision|\.)|release|edition|\d", re.I
)  # a line below the title that is not part of it
CUT = "The file is cut short: pages may be missing at its end."
EVERY = 20  # pages between two reports of progress


def read_pdf(
    path: Path,
    file_name: str,
    limits: Limits,
    progress: Callable[[int, int], None],
    pictures: PictureReader,
) -> Document:
    """The manual in a PDF file; its pages without usable text are read from their ``pictures``.

    Raises EncryptedFile, NoText, PictureOnly (scans without OCR), TooLarge or UnreadableFile.
    """
    import pypdfium2

    shown = shown_name(file_name)
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY):
            raise EncryptedFile(f"{shown} is protected with a password.") from error
        return _second(path, file_name, limits, progress)
    if len(document) == 0:
        return _second(path, file_name, limits, progress)
    if len(document) > limits.max_pages:
        raise TooLarge(
            f"{shown} has {len(document):,} pages; at most {limits.max_pages:,} can be read."
        )
    if document.get_formtype():
        document.init_forms()
    pages, lowest = _read_pages(document, limits, progress, pictures)
    if not any(page.raw.strip() for page in pages) and any(page.broken for page in pages):
        return _second(path, file_name, limits, progress)
    _refuse_empty(pages, shown, pictures)
    mark_furniture(pages)
    reading = _Reading(document, Probe(), limits.max_page_characters, pictures)
    carry_heads(pages, lambda page, table: _again(reading, page, table))
    mark_stamps(pages)
    settle_sizes(pages)
    headings = headings_of(document, pages, lowest)
    told = sensible_title(document.get_metadata_value("Title"))
    progress(len(pages), len(pages))
    made = document_of("pdf", pages, headings, told or "", file_name, pictures)
    return replace(made, warnings=(*made.warnings, *_attached(document)))


def read_image(
    path: Path,
    file_name: str,
    limits: Limits,
    progress: Callable[[int, int], None],
    pictures: PictureReader,
) -> Document:
    """The manual in an image file, a page for each of its pictures. Raises PictureOnly without OCR, else as ``read_pdf``."""
    from knowledge.parsing.converted.ocr.images import open_image

    shown = shown_name(file_name)
    with open_image(path, file_name) as image:
        count = image.pages(limits.max_pages)
        if count > limits.max_pages:
            raise TooLarge(f"{shown} has more than {limits.max_pages:,} pages.")
        pages = [PageLines(number, "", "", image=True) for number in range(1, count + 1)]
        for page in pages:
            if pictures.ocr is None:
                break
            progress(page.number - 1, count)
            try:
                picture = image.page(page.number - 1)
            except UnreadableFile:
                if page.number == 1:
                    raise
                page.broken = True
                continue
            pictures.read(picture, image.points(picture)[0], page, count)
    _refuse_empty(pages, shown, pictures)
    settle_sizes(pages)
    mark_furniture(pages)
    progress(count, count)
    made = document_of("image", pages, headings_by_type(pages), "", file_name, pictures)
    return replace(made, warnings=(*made.warnings, CUT)) if image.cut else made


def _refuse_empty(pages: Sequence[PageLines], shown: str, pictures: PictureReader) -> None:
    """Raise NoText or PictureOnly where no page holds text that can be read."""
    if any(page.lines or page.extras for page in pages):
        return
    if any(page.garbled for page in pages):
        raise NoText(
            f"{shown} has text that cannot be read ({_count([page.number for page in pages])}):"
            " its fonts do not say which letters they show."
        )
    faults = sorted({page.ocr.fault for page in pages if page.ocr})
    if faults and faults != [NOTHING]:
        raise NoText(f"{shown} has no text: OCR of its pages {' or '.join(faults)}.")
    scanned = any(page.image for page in pages)
    if scanned and pictures.ocr is None:
        raise PictureOnly(f"{_no_text(shown, pages)[:-1]}, and {pictures.why}.")
    if scanned:
        raise NoText(f"{shown} has no text that OCR can make out.")
    raise NoText(_no_text(shown, pages))


def document_of(
    kind: str,
    pages: list[PageLines],
    headings: list[FoundHeading],
    told: str,
    file_name: str,
    pictures: PictureReader,
) -> Document:
    """The document whose pages were read; ``told`` is the title that the file names."""
    texts = clean_texts([page.raw for page in pages])
    title = _title(told, _largest_text(pages)) or title_from_name(file_name)
    made = without_title(
        [Heading(h.level, harmless(h.title), h.page, h.start, h.end) for h in headings], title
    )
    built = _build(pages, texts, headings)
    if not any(block.kind != "heading" for page in built for block in page.blocks):
        # A few words a page: what looks like headings, or like the same head on each, is the text
        for line in (line for page in pages for line in page.lines):
            line.furniture = False
        made, built = [], _build(pages, texts, [])
    built = with_whole_sentences(built, pages, made)
    warnings = (*told_of(pages), *_warnings(pages, pictures))
    return Document(kind, title, product_of(title), True, built, tuple(made), warnings)


def _attached(document: Any) -> tuple[str, ...]:
    """That files are attached to a PDF, which are not read."""
    count = document.count_attachments()
    if not count:
        return ()
    names = [document.get_attachment(at).get_name() for at in range(min(count, 3))]
    listed = ", ".join(harmless(name)[:60] for name in names) + (", …" if count > 3 else "")
    told = "file is attached and was" if count == 1 else "files are attached and were"
    return (f"{count} {told} not read: {listed}.",)


def _second(
    path: Path, file_name: str, limits: Limits, progress: Callable[[int, int], None]
) -> Document:
    from knowledge.parsing.pdf.pypdf_fallback import read_with_pypdf

    return read_with_pypdf(path, file_name, limits, progress)


def _read_pages(
    document: Any,
    limits: Limits,
    progress: Callable[[int, int], None],
    pictures: PictureReader,
) -> tuple[list[PageLines], list[float]]:
    probe, pages, lowest = Probe(), [], []
    for index in range(len(document)):
        page = PageLines(index + 1, document.get_page_label(index), "")
        reading = _Reading(document, probe, limits.max_page_characters, pictures)
        lowest.append(_read_page(reading, index, page))
        pages.append(page)
        if index % EVERY == 0 or page.ocr:
            progress(index, len(document))
    return pages, lowest


@dataclass(frozen=True, slots=True)
class _Reading:
    document: Any
    probe: Probe
    most: int  # characters of a page
    pictures: PictureReader


def _again(reading: _Reading, page: PageLines, table: OpenTable) -> PageLines:
    """A page read again, below a table that the page before leaves open."""
    made = PageLines(page.number, page.label, "", carried=table)
    _read_page(reading, page.number - 1, made)
    return made


def _read_page(reading: _Reading, index: int, into: PageLines) -> float:
    """Fill in one page and close it again (left open, 1,335 pages take 418 MiB). Returns its lower edge in page space."""
    import pypdfium2

    document, most = reading.document, reading.most
    try:
        page = document[index]
        textpage, into.undrawn = text_of(page)
    except pypdfium2.PdfiumError:
        into.broken = True
        return 0.0
    try:
        into.cut = textpage.count_chars() > most
        into.raw = textpage.get_text_range(0, most if into.cut else -1, errors="surrogatepass")
        if into.raw.strip():
            read_lines(page, textpage, into, reading.probe)
        set_unreadable_aside(page, textpage, into)
        if needs_reading(page, into) and reading.pictures.ocr:
            reading.pictures.read(drawn(page), page.get_width(), into, len(document))
            into.turned = into.turned or page.get_rotation() != 0
        elif into.lines:
            reading.pictures.read_beside(page, into, len(document))
        add_field_values(page, textpage, document.formenv, into)
        if not into.raw.strip():
            into.image = any(
                True
                for _ in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)
            )
            if into.ocr and into.ocr.fault == NOTHING and not into.image:
                into.ocr = None  # a drawing
        return page.get_bbox()[1]
    finally:
        textpage.close()
        page.close()


def _build(
    pages: Sequence[PageLines], texts: Sequence[str], headings: Sequence
) -> tuple[Page, ...]:
    skipped = index_pages(pages, headings)
    setting, contents = setting_of(pages), contents_pages(pages)
    on_page: dict[int, list] = {}
    for heading in headings:
        on_page.setdefault(heading.page, []).append(heading)
    return tuple(
        Page(
            page.number,
            page.label,
            text,
            (
                *(
                    ()
                    if page.number in skipped
                    else page_blocks(
                        page,
                        on_page.get(page.number, []),
                        setting,
                        page.number in contents,
                    )
                ),
                *page.extras,
            ),
            tuple(page.words),
        )
        for page, text in zip(pages, texts, strict=True)
    )


def _title(told: str, seen: str) -> str:
    """The title in the metadata, else the one on the first page; that one too where the metadata only adds a tail to it."""
    return seen if not told or len(told) > 60 and len(seen) >= 8 and told.startswith(seen) else told


def _largest_text(pages: Sequence[PageLines]) -> str:
    """The largest text of the first page: what a reader takes for the title."""
    lines = [
        line
        for line in pages[0].lines
        if not (line.furniture or line.slanted or line.table) and (line.level or pages[0].downwards)
    ]
    if not lines:
        return ""
    size = max(line.size for line in lines)
    body = sorted(line.size for page in pages[:20] for line in page.lines)
    if size < 1.15 * body[len(body) // 2]:
        return ""
    found = [line.text for line in lines if line.size >= size - 0.6]
    words = takewhile(lambda text: found[0] == text or not VERSION.match(text), found)
    return sensible_title(" ".join(words)) if len(found) <= 4 else ""


def _no_text(shown: str, pages: Sequence[PageLines]) -> str:
    count = _count([page.number for page in pages])
    what = f"{count} of images" if any(page.image for page in pages) else f"{count}, all empty"
    return f"{shown} has no text ({what})."


def _warnings(pages: Sequence[PageLines], pictures: PictureReader) -> tuple[str, ...]:
    images = [p.number for p in pages[1:] if p.image and not (p.ocr or p.broken)]
    why = pictures.why if images else ""
    unread = [p for p in pages if p.garbled and not (p.ocr and p.words)]
    lost, drawn = (sum(p.unread[at] for p in unread) for at in (0, 1))
    groups = (
        (
            f"without text (images only{'; ' + why if why else ''})",
            images,
        ),  # a cover is often an image
        (
            f"with text that cannot be read ({lost} of {drawn} pieces), because a font does not say which letters it shows",
            [p.number for p in unread],
        ),
        (
            "with single characters that cannot be read, because a font does not say which they are",
            [p.number for p in pages if p.lost and not p.garbled and not p.words],
        ),
        (
            "whose picture lacks text that was read, because its font is not in the file",
            [p.number for p in pages if p.undrawn],
        ),
        ("with comments, which were left out", [p.number for p in pages if p.comments]),
        ("with stamps put on them, which were left out", [p.number for p in pages if p.stamps]),
        (
            "with lists to choose from, of which only what is chosen was kept",
            [p.number for p in pages if p.choices],
        ),
        (
            "with text that is not to be seen (hidden, white or outside the page), which was left out",
            [p.number for p in pages if p.unseen],
        ),
        (
            "with a watermark across the text, which was left out",
            [p.number for p in pages if p.watermark],
        ),
        ("with struck-out text, which was left out", [p.number for p in pages if p.struck]),
        ("that could not be opened", [p.number for p in pages if p.broken]),
        ("with so much text that only its first part was kept", [p.number for p in pages if p.cut]),
    )
    return tuple(
        f"{_count(numbers)} {what}: {_some(numbers)}." for what, numbers in groups if numbers
    )


def _count(numbers: list[int]) -> str:
    return "1 page" if len(numbers) == 1 else f"{len(numbers)} pages"


def _some(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:8])) + (", …" if len(numbers) > 8 else "")
