"""Checks a text that somebody else wrote, sentence by sentence, against the manuals or against given passages.

The same judgement as for Tandem's own answers; what is new here is where the evidence for each sentence comes from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot.conversations.types import Citation, Sentence
from chatbot.errors import BadDraft, BadPassages, cause
from chatbot.grounding.attribution import Attributor
from chatbot.grounding.citation_markers import CitationMarkerParser, SentenceEnd
from chatbot.grounding.model_verifier import SecondOpinion
from chatbot.grounding.verifier import ITEM, Source, Verdict, Verifier, claims, closes
from knowledge.catalog import Catalog
from knowledge.search.products import mentioned
from knowledge.search.retriever import Search
from knowledge.types import Evidence

PASSAGES = 6  # searched for each sentence; those of the sentence before are looked at too
LONGEST = 50_000  # characters of a draft
LONGEST_NAME = 5  # words with a full stop behind them that may still be a name
PIECE = 200  # characters that are read at once, as from a model


@dataclass(frozen=True, slots=True)
class Other:
    """A manual that gives other figures for what a sentence says: (said, held there) of each."""

    citation: Citation
    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence of a draft with its sources, and the manuals that say otherwise. ``line``: it begins a new line."""

    sentence: Sentence
    sources: tuple[Citation, ...] = ()
    others: tuple[Other, ...] = ()
    line: bool = False


def sentences_of(text: str) -> list[SentenceEnd]:
    """The sentences of a draft, without the marks "[1]" of another answer. Raises BadDraft for none, or too many."""
    if len(text) > LONGEST:
        raise BadDraft(
            f"The draft has {len(text):,} characters; at most {LONGEST:,} are checked at once."
        )
    reader = CitationMarkerParser(99)
    events = [
        event for at in range(0, len(text), PIECE) for event in reader.feed(text[at : at + PIECE])
    ]
    found = [event for event in (*events, *reader.end()) if isinstance(event, SentenceEnd)]
    if not found:
        raise BadDraft("The draft is empty.")
    return found


def _signature(ended: Sequence[SentenceEnd]) -> list[bool]:
    """Of each sentence: is it a name or an address behind "Kind regards"? A whole sentence there ("P.S. …") is not."""
    closed, found = False, list[bool]()
    for event in ended:
        whole = event.text.rstrip().endswith((".", "!")) and len(event.text.split()) > LONGEST_NAME
        found.append(closed and not whole and not ITEM.match(event.text))
        closed = closed or closes(event.text)
    return found


def check_draft(
    catalog: Catalog,
    search: Search,
    text: str,
    product: str = "",
    second_opinion: SecondOpinion | None = None,
) -> Iterator[Checked]:
    """Checks each sentence against the passages that a search for it finds. Raises BadDraft.

    Without a ``product``, the one that the draft named last is what a sentence is about. A ``second_opinion`` is asked about
    sentences that no rule finds.
    """
    ended = sentences_of(text)
    known = catalog.products()
    named = mentioned(text, known)
    about = product or (named[0] if len(named) == 1 else "")
    before: tuple[Evidence, ...] = ()
    for event, signature in zip(ended, _signature(ended), strict=True):
        if signature or not claims(event.text):
            yield Checked(Sentence(event.text, "none"), line=event.line)
            continue
        if not product and (here := mentioned(event.text, known)):
            about = here[0]
        own = search.find(event.text, about, PASSAGES).evidence
        ids = {found.passage.id for found in own}
        yield _checked(
            catalog,
            (*own, *(found for found in before if found.passage.id not in ids)),
            event,
            second_opinion,
        )
        before = own


def _checked(
    catalog: Catalog,
    evidence: Sequence[Evidence],
    event: SentenceEnd,
    second_opinion: SecondOpinion | None,
) -> Checked:
    attributor = Attributor(catalog, evidence, second_opinion=second_opinion)
    sentence = attributor.add(event.text, ()).sentence
    sources = tuple(attributor.citations)
    conflicts = attributor.conflicts()
    others = tuple(
        Other(attributor.citations[conflict.other - 1], conflict.figures) for conflict in conflicts
    )
    return Checked(sentence, sources, others, event.line)


def check_against(passages: Sequence[str], text: str) -> Iterator[tuple[str, Verdict]]:
    """Checks each sentence against given passages; places name them by their index. Raises BadDraft."""
    ended = sentences_of(text)
    verifier = Verifier([Source.of(passage) for passage in passages])
    for event, signature in zip(ended, _signature(ended), strict=True):
        yield event.text, Verdict("none") if signature else verifier.verify(event.text)


def read_passages(path: Path) -> tuple[str, ...]:
    """The texts of a file {"passages": [{"text": …}]}. Raises BadPassages."""
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise BadPassages(f"The passages file {path} cannot be read: {cause(error)}.") from error
    rows = data.get("passages") if isinstance(data, dict) else None
    rows = rows if isinstance(rows, list) else []
    texts = [
        row["text"] for row in rows if isinstance(row, dict) and isinstance(row.get("text"), str)
    ]
    if not texts or len(texts) < len(rows):
        raise BadPassages(f"The passages file {path} has no passages, or one without a text.")
    return tuple(texts)
