"""Gives an approved answer first: the one to the same question about the same product, while all its places are current.

Precision before recall: in doubt the question takes the way that it took before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.answers.events import CitationAdded, CitationMark, Event, TextDelta
from chatbot.curation.approved.places import as_now
from chatbot.curation.approved.same_question import key_of
from knowledge.catalog import Catalog

if TYPE_CHECKING:
    from chatbot.curation.approved.store import ApprovedAnswers
    from chatbot.curation.approved.types import ApprovedAnswer


@dataclass(frozen=True, slots=True)
class AskedOf:
    """A question as it stands alone, and the product that it is asked of.

    ``product`` is the filter's or the one that it names; ``talked_of`` the one that an open question is about; both may
    be "". ``differing`` are products that have different answers.
    """

    wording: str
    product: str = ""
    talked_of: str = ""
    differing: tuple[str, ...] = ()


def may_hold(journal: Path) -> bool:
    """Say whether a journal that is not open may hold an approved answer, or what a team prefers for a product.

    A command opens none for nothing (0.2 s).
    """
    if not journal.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{journal.absolute().as_uri()}?mode=ro", uri=True)) as db:
            held = (
                "SELECT 1 FROM approved WHERE state = 'approved' UNION ALL"
                " SELECT 1 FROM preferences LIMIT 1"
            )
            return db.execute(held).fetchone() is not None
    except sqlite3.Error:  # an older one, or a damaged one: whoever opens it says so
        return True


def first_for(store: ApprovedAnswers, catalog: Catalog, asked: AskedOf) -> ApprovedAnswer | None:
    """Return the approved answer to a question, its places where they are now; None where there is none. One query."""
    about = asked.product or asked.talked_of
    keys = {key_of(asked.wording), key_of(asked.wording, about)}
    for one in store.answering(keys):
        if key_of(asked.wording, one.product) != key_of(one.question, one.product):
            continue
        if _fits(one, asked) and (tied := as_now(catalog, one.tied)) is not None:
            return replace(one, tied=tied)
    return None


def _fits(one: ApprovedAnswer, asked: AskedOf) -> bool:
    """Say whether an answer is about the product that is asked about."""
    if asked.product or one.product:
        return one.product == (asked.product or asked.talked_of)
    cited = {citation.product for citation in one.tied.citations} - {""}
    if asked.talked_of and cited - {asked.talked_of}:
        return False
    return set(asked.differing) <= cited


def reason_of(one: ApprovedAnswer) -> str:
    """Return why an approved answer is given: "Approved by Mia on 3 December 2026."."""
    day = datetime.fromisoformat(one.decided_at.replace("Z", "+00:00"))
    by = f" by {one.decided_by}" if one.decided_by else ""
    return f"Approved{by} on {day.day} {day:%B %Y}."


def written_out(one: ApprovedAnswer) -> Iterator[Event]:
    """Yield an approved answer as the steps of an answer: its text with a mark at the end of each sentence that has a source."""
    cited = {citation.n: citation for citation in one.tied.citations}
    at = 0
    for part in one.tied.sentences:
        found = one.text.find(part.text, at)
        if found >= 0:
            yield TextDelta(one.text[at : found + len(part.text)])
            at = found + len(part.text)
        else:
            yield TextDelta(f" {part.text}")
        for n in part.n:
            yield CitationMark(n)
            yield CitationAdded(cited[n])
    if one.text[at:].strip():
        yield TextDelta(one.text[at:])
