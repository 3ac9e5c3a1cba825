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
from knowledge.text import sentences, stems, words
from knowledge.types import Document

SEPARATOR = " > "
MAX_SENTENCES = 24
BATCH = 256  # passages whose vectors are made at once, so that a large manual needs no more memory than a small one


@dataclass(frozen=True, slots=True)
class PreparedPassage:
    """A passage as it is stored: what the splitter made, its heading path, stems, and vectors.

    ``stems`` is " head | text " in stems. ``vectors`` are int8 (1 + sentences, DIMENSIONS) as bytes, the passage with
    its head first, then each sentence; None where there is no encoder.
    """

    draft: NewPassage
    head: str
    stems: str
    vectors: bytes | None


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """A document with all that is stored of it. ``vocabulary`` counts the passages that hold a word."""

    document: Document
    sections: tuple[Section, ...]
    passages: tuple[PreparedPassage, ...]
    vocabulary: Mapping[str, int]
    encoder: str


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
    made = []
    for draft, head, blob in zip(drafts, heads, _vectors(encoder, heads, drafts), strict=True):
        vocabulary.update(set(words(f"{head} {draft.text}")))
        made.append(
            PreparedPassage(
                draft, head, f" {' '.join(stems(head))} | {' '.join(stems(draft.text))} ", blob
            )
        )
    return PreparedDocument(
        document, sections, tuple(made), vocabulary, encoder.name if encoder else ""
    )


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
