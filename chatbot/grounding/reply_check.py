"""Checks a text that somebody else wrote, sentence by sentence, against the manuals or against given passages.

The same judgement as for Tandem's own answers; what is new here is where the evidence for each sentence comes from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chatbot.conversations.types import Citation, Sentence
from chatbot.errors import BadDraft, BadPassages, cause
from chatbot.grounding.attribution import Attributor
from chatbot.grounding.citation_markers import CitationMarkerParser, SentenceEnd
from chatbot.grounding.figures import other_sentences, otherwise
from chatbot.grounding.letter import parts_of
from chatbot.grounding.model_verifier import SecondOpinion
from chatbot.grounding.verifier import ITEM, Source, Verdict, Verifier, claims
from knowledge.catalog import Catalog
from knowledge.search.products.names import mentioned
from knowledge.search.retriever import Search
from knowledge.types import Evidence

PASSAGES = 6  # searched for each sentence; those of the sentence before are looked at too
LONGEST = 50_000  # characters of a draft
PIECE = 200  # characters that are read at once, as from a model


@dataclass(frozen=True, slots=True)
class Other:
    """A manual that gives other figures for what a sentence says: (said, held there) of each."""

    citation: Citation
    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence of a draft with its sources, and the manuals that say otherwise.

    ``line``: it begins a new line. ``again``: it was said, and judged, before.
    """

    sentence: Sentence
    sources: tuple[Citation, ...] = ()
    others: tuple[Other, ...] = ()
    line: bool = False
    again: bool = False


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


def check_draft(
    catalog: Catalog,
    search: Search,
    text: str,
    product: str = "",
    second_opinion: SecondOpinion | None = None,
) -> Iterator[Checked]:
    """Checks each sentence against the passages that a search for it finds. Raises BadDraft.

    Without a ``product``, the one that the draft named last is what a sentence is about. A ``second_opinion`` is asked about
    sentences that no rule finds. A sentence that was said before has the verdict that it had then.
    """
    ended = sentences_of(text)
    known = catalog.products()
    named = mentioned(catalog.by_product_name(text), known)
    about = product or (named[0] if len(named) == 1 else "")
    before: tuple[Evidence, ...] = ()
    judged: dict[tuple[str, str], Checked] = {}
    for event, part in zip(ended, parts_of(ended), strict=True):
        if part == "around" or not claims(event.text):
            yield Checked(Sentence(event.text, "none"), line=event.line)
            continue
        if not product and (here := mentioned(catalog.by_product_name(event.text), known)):
            about = here[0]
        key = _plain(event.text), about
        if (first := judged.get(key)) is not None:
            sentence = replace(first.sentence, text=event.text, item=bool(ITEM.match(event.text)))
            yield replace(first, sentence=sentence, line=event.line, again=True)
            continue
        own = search.find(event.text, about, PASSAGES).evidence
        ids = {found.passage.id for found in own}
        evidence = (*own, *(found for found in before if found.passage.id not in ids))
        checked = _checked(catalog, evidence, event, second_opinion)
        if part == "label" and checked.sentence.state == "unsupported":
            checked = Checked(Sentence(event.text, "none"), line=event.line)
        judged[key] = checked
        yield checked
        before = own


def _plain(text: str) -> str:
    """A sentence as it is recognised again: without its bullet, in small letters."""
    return " ".join(ITEM.sub("", text).casefold().split()).rstrip(".!")


def _checked(
    catalog: Catalog,
    evidence: Sequence[Evidence],
    event: SentenceEnd,
    second_opinion: SecondOpinion | None,
) -> Checked:
    attributor = Attributor(catalog, evidence, second_opinion=second_opinion)
    sentence = _by_figures(attributor.add(event.text, ()).sentence, evidence)
    sources = tuple(attributor.citations)
    conflicts = attributor.conflicts()
    others = tuple(
        Other(attributor.citations[conflict.other - 1], conflict.figures) for conflict in conflicts
    )
    return Checked(sentence, sources, others, event.line)


def _by_figures(sentence: Sentence, evidence: Sequence[Evidence]) -> Sentence:
    """The sentence; contradicted where nothing supports it and the nearest one gives other figures for the same."""
    near = sentence.near
    if sentence.state != "unsupported" or near is None:
        return sentence
    elsewhere = other_sentences((found.passage.text for found in evidence), near.quote)
    called = " ".join((near.product, *near.section[-1:]))
    against = otherwise(sentence.text, near.quote, elsewhere, called)
    return replace(sentence, state="contradicted", against=against) if against else sentence


def check_against(passages: Sequence[str], text: str) -> Iterator[tuple[str, Verdict]]:
    """Checks each sentence against given passages; places name them by their index. Raises BadDraft."""
    ended = sentences_of(text)
    verifier = Verifier([Source.of(passage) for passage in passages])
    for event, part in zip(ended, parts_of(ended), strict=True):
        verdict = Verdict("none") if part == "around" else verifier.verify(event.text)
        none = part == "label" and verdict.state == "unsupported"
        yield event.text, Verdict("none") if none else verdict


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
