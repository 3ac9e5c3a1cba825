"""What has become of the places that an approved answer is tied to, and where their words stand now. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chatbot.conversations.types import Citation
from chatbot.curation.approved.types import Tied
from knowledge.catalog import Catalog
from knowledge.versions.citation_status import CitationStatus, PinnedCitation, now, states


def pin_of(citation: Citation) -> PinnedCitation:
    """Return what knowledge needs to look a citation up again."""
    c = citation
    return PinnedCitation(c.version_id, c.page, c.start, c.end, c.section, c.quote, c.hash)


def became(catalog: Catalog, texts: Sequence[Tied]) -> list[dict[int, CitationStatus]]:
    """Return what has become of each place of each text, by its number. One query where no manual has changed."""
    pins = [pin_of(citation) for tied in texts for citation in tied.citations]
    found = iter(states(catalog, pins))
    return [{citation.n: next(found) for citation in tied.citations} for tied in texts]


def is_stale(since: Mapping[int, CitationStatus]) -> bool:
    """Say whether a place of a text is gone, or says something else now."""
    return any(state in ("changed", "removed") for state in since.values())


def as_now(catalog: Catalog, tied: Tied) -> Tied | None:
    """Return a text with each place where its words stand now; None where a place is gone or says something else."""
    (since,) = became(catalog, [tied])
    if is_stale(since):
        return None
    if "moved" not in since.values():
        return tied
    there = [placed(catalog, c) if since[c.n] == "moved" else c for c in tied.citations]
    if any(one is None for one in there):  # a version came in between
        return None
    return Tied(tied.sentences, tuple(one for one in there if one is not None))


def placed(catalog: Catalog, old: Citation) -> Citation | None:
    """Return a citation of the same words in the version that is searched now."""
    found = now(catalog, pin_of(old))
    if found.live is None or found.place is None:
        return None
    live, place = found.live, found.place
    text = catalog.page(live.version_id, place.page).text
    passage = catalog.passage_at(live.version_id, place.page, place.start)
    return replace(
        old, manual=live.name, product=live.product, version=live.version, version_id=live.version_id,
        added=live.added, paged=live.paged, page=place.page, label=place.label, section=place.section,
        quote=text[place.start : place.end], start=place.start, end=place.end, hash=passage.hash if passage else old.hash,
    )  # fmt: skip
