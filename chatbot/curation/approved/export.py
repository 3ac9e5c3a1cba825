"""Approved answers as rows for scripts: all of them, or those that training data are made of. Pure but for the catalog."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from chatbot.conversations.types import Citation
from chatbot.curation.approved.places import as_now, became, is_stale
from chatbot.curation.approved.types import ApprovedAnswer
from knowledge.catalog import Catalog
from knowledge.text import readable
from knowledge.versions.citation_status import CitationStatus


def rows(catalog: Catalog, listed: Sequence[ApprovedAnswer]) -> Iterator[dict[str, object]]:
    """Yield each answer with its state; ``stale`` says that a source has changed or is gone."""
    for one, since in zip(listed, became(catalog, [one.tied for one in listed]), strict=True):
        yield {
            "id": one.id, "question": one.question, "product": one.product, "answer": one.text, "state": one.state,
            "stale": is_stale(since), "unsourced": [part.text for part in one.tied.unsourced],
            "proposed_by": one.proposed_by, "proposed_at": one.proposed_at, "decided_by": one.decided_by,
            "decided_at": one.decided_at, "sources": [_source(c, since) for c in one.tied.citations],
        }  # fmt: skip


def training_rows(
    catalog: Catalog, listed: Sequence[ApprovedAnswer]
) -> Iterator[dict[str, object]]:
    """Yield the approved answers whose sources are all current, in the form that ``run.py import --training`` reads."""
    for one in listed:
        if one.state != "approved" or (tied := as_now(catalog, one.tied)) is None:
            continue
        yield {
            "question": one.question, "product": one.product, "answer": one.text,
            "passage_hash": tied.citations[0].hash, "sources": [_source(c) for c in tied.citations],
            "unsourced": [part.text for part in tied.unsourced], "approved": one.decided_at,
        }  # fmt: skip


def _source(c: Citation, since: Mapping[int, CitationStatus] | None = None) -> dict[str, object]:
    row: dict[str, object] = {
        "n": c.n, "manual": c.manual, "product": c.product, "version": c.version, "page": c.page, "label": c.label,
        "section": " > ".join(c.section), "quote": readable(c.quote), "hash": c.hash,
    }  # fmt: skip
    return row if since is None else {**row, "now": since[c.n]}
