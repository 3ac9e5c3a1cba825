"""A document made ready for the library: sections, passages, their stems and vectors, the words that it holds.

All the work that grows with a file is done here, in the reading process. Knows nothing of files or databases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from knowledge.errors import TooManyPassages
from knowledge.ingestion.chunking import NewPassage, Section, split
from knowledge.search.embeddings import Encoder, quantise
from knowledge.search.identification import languages_of
from knowledge.search.languages import stems, words
from knowledge.text import sentences
from knowledge.types import Document

SEPARATOR = " > "
MAX_SENTENCES = 24
BATCH = 256  # passages whose vectors are made at once, so that a large manual needs no more memory than a small one


@dataclass(frozen=True, slots=True)
class PreparedPassage:
    """A passage as it is stored: what the splitter made, its heading path, stems, and vectors.

    ``stems`` is " head | text " in stems of ``language``, an ISO 639 code. ``vectors`` are int8 (1 + sentences, DIMENSIONS) as bytes, the passage with
    its head first, then each sentence; None where there is no encoder.
    """

    draft: NewPassage
    head: str
    stems: str
    vectors: bytes | None
    language: str


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A document with all that is stored of it. ``vocabulary`` counts the passages that hold a word; ``languages`` are those
    of the passages, the main one first."""

    document: Document
    sections: tuple[Section, ...]
    passages: tuple[PreparedPassage, ...]
    vocabulary: Mapping[str, int]
    encoder: str
    languages: tuple[str, ...]


def prepare(
    document: Document, encoder: Encoder | None, name: str, max_passages: int
) -> PreparedDocument:
    """Splits, stems and embeds a document; ``name`` is what its owner calls it. Raises TooManyPassages."""
    sections, drafts = split(document)
    if len(drafts) > max_passages:
        raise TooManyPassages(
            f"{name} makes {len(drafts):,} passages; at most {max_passages:,} are taken of one file."
        )
    vocabulary: Counter[str] = Counter()
    heads = [SEPARATOR.join(sections[draft.section].path) or document.title for draft in drafts]
    each, languages = languages_of([draft.text for draft in drafts])
    made = []
    vectors = _vectors(encoder, heads, drafts)
    for draft, head, language, blob in zip(drafts, heads, each, vectors, strict=True):
        vocabulary.update(set(words(f"{head} {draft.text}", language)))
        made.append(
            PreparedPassage(draft, head, stems_of(head, draft.text, language), blob, language)
        )
    return PreparedDocument(
        document,
        sections,
        tuple(made),
        vocabulary,
        encoder.name if encoder else "",
        languages,
    )


def stems_of(head: str, text: str, language: str) -> str:
    """What is looked for in a passage: " head | text " in stems."""
    return f" {' '.join(stems(head, language))} | {' '.join(stems(text, language))} "


def _vectors(
    encoder: Encoder | None, heads: Sequence[str], drafts: Sequence[NewPassage]
) -> Iterator[bytes | None]:
    for first in range(0, len(drafts), BATCH):
        some = drafts[first : first + BATCH]
        if encoder is None:
            yield from [None] * len(some)
            continue
        texts, sizes = [], []
        for head, draft in zip(heads[first : first + BATCH], some, strict=True):
            parts = [draft.text[start:end] for start, end in sentences(draft.text)[:MAX_SENTENCES]]
            texts += [f"{head}. {draft.text}", *parts]
            sizes.append(1 + len(parts))
        rows, at = quantise(encoder.encode(texts)), 0
        for size in sizes:
            yield rows[at : at + size].tobytes()
            at += size
