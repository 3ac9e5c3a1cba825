"""The values that cross knowledge's border. Plain data: no methods that read files or databases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "text", "item", "code", "table", "caption"]
ManualState = Literal["live", "draft", "superseded", "removed", "discarded"]
JobState = Literal[
    "queued", "reading", "indexing", "done", "unchanged", "failed", "set aside", "cancelled"
]


@dataclass(frozen=True, slots=True)
class Block:
    """A run of page text that belongs together: a paragraph, a list item, a listing, a table.

    ``start`` and ``end`` are character offsets into the page's text. Text outside every block
    (running heads, page numbers) is stored and shown, but never searched.
    """

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word that OCR has read: page text [start:end], and its box on the page's picture.

    The box is in 10,000ths of the picture's width and height, origin top left.
    """

    start: int
    end: int
    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page (PDF), slide, sheet, or the whole text of a format without pages.

    ``number`` counts from 1; ``label`` is what is printed on the page ("iv", "A-3") or "".
    ``text`` of a PDF page has the same length as PDFium's text of that page, so that an offset is
    also PDFium's: a line end is " \\n", an invisible hyphen at a line end is U+00AD. Only the rest of a sentence that stands
    on the next page is put in, between two form feeds. ``words`` has the places of what OCR has read; PDFium knows none
    of that.
    """

    number: int
    label: str
    text: str
    blocks: tuple[Block, ...]
    words: tuple[PlacedWord, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading where it stands: level counts from 1, offsets are into the page's text."""

    level: int
    title: str
    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader makes of a file. ``paged`` says whether the pages exist for a person. ``own_title`` is what the file calls
    itself, where that says only its kind ("User manual") and the product was put before it; else "".
    """

    kind: str
    title: str
    product: str
    paged: bool
    pages: tuple[Page, ...]
    headings: tuple[Heading, ...]
    warnings: tuple[str, ...] = ()
    own_title: str = ""


@dataclass(frozen=True, slots=True)
class Manual:
    """A manual in one of its versions, as lists show it.

    ``added`` and ``published`` (when it was last made the searched one, "" for never) are UTC in ISO 8601. ``languages``
    are those of its passages as ISO 639 codes, the main one first: "und" where it cannot be told, () before it was looked at.
    ``added_by`` is the id of whose account sent the file, "" for none.
    """

    id: str
    name: str
    product: str
    version: int
    version_id: int
    pages: int
    passages: int
    state: ManualState
    added: str
    file_name: str
    kind: str
    paged: bool
    sha256: str
    warnings: tuple[str, ...] = ()
    published: str = ""
    languages: tuple[str, ...] = ()
    added_by: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A searchable piece of one page. ``text`` is the readable form of page text [start:end].

    ``language`` is its ISO 639 code, "und" where it cannot be told, "" before it was looked at.
    """

    id: int
    version_id: int
    page: int
    label: str
    section: tuple[str, ...]
    start: int
    end: int
    text: str
    hash: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as ranking reads it. ``stems`` is " head | text " in stems; ``vectors``: see PreparedPassage."""

    id: int
    version_id: int
    hash: str
    stems: str
    vectors: bytes | None
    language: str
    section: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldVersion:
    """A version of a manual: when it was added (ISO 8601, UTC), whether it is searched, its passages' hashes."""

    name: str
    product: str
    live: bool
    added: str
    hashes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage found for a question. ``score`` orders the list; ``found_by`` names the legs ("words", "meaning")."""

    passage: Passage
    manual: Manual
    score: float
    found_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search gave: best evidence first.

    ``match`` is the calibrated probability (0 to 1) that the first passages answer the question.
    ``product`` is the product the search was limited to, or "". ``products`` lists the products that
    would fit equally when none was named. ``asked`` is the question after a spelling fix.
    """

    evidence: tuple[Evidence, ...]
    match: float
    product: str = ""
    products: tuple[str, ...] = ()
    asked: str = ""


@dataclass(frozen=True, slots=True)
class SectionText:
    """The section round a passage, for formats without pages: page text [start:end] with its heading path."""

    section: tuple[str, ...]
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page image, in fractions of its width and height, origin top left."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Job:
    """An accepted upload on its way. ``done`` of ``total`` counts pages; ``message`` is in the user's words.

    ``doubt`` is the id of a manual that the file may be a new version of, until a person has said so, and
    ``doubt_name`` its name; both are "" where there is nothing to ask. ``version_id`` is the version that it has become,
    0 where that is neither searched nor a draft.
    """

    id: int
    file_name: str
    state: JobState
    done: int
    total: int
    message: str
    manual_id: str = ""
    doubt: str = ""
    doubt_name: str = ""
    version_id: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """Figures for the status line: live manuals and passages, jobs not finished, files that need attention."""

    manuals: int
    passages: int
    waiting: int
    attention: int


@dataclass(frozen=True, slots=True)
class MeaningsHeld:
    """How many of the passages that are searched have the vector of their meaning stored."""

    held: int
    passages: int


@dataclass(frozen=True, slots=True)
class Limits:
    """How much reading one file may cost.

    The defaults leave a factor of about thirty over a manual of 1,300 pages (3 s, 100 MiB).
    ``max_page_characters`` bounds one page: PDFium needs about 45 bytes of memory per character. ``max_passages``
    bounds what the library and its index grow by with one file. ``output_mb`` bounds what the reading process sends.
    Each page that is read by OCR, and a conversion from an old format, may take ``program_seconds`` more.
    ``ocr_languages`` are those of tesseract to read with, "" for all that it has.
    """

    wall_seconds: float = 120.0
    cpu_seconds: int = 100
    memory_mb: int = 1024
    output_mb: int = 160
    max_pages: int = 20_000
    max_page_characters: int = 1_000_000
    max_unpacked_mb: int = 512
    max_passages: int = 20_000
    program_seconds: float = 60.0
    ocr_languages: str = ""
