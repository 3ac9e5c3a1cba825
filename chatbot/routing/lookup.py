"""From a message to what the manuals hold on each of its questions.

Knows the search and earlier turns; nothing of how an answer is made from what is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from chatbot.conversations.types import Question, Turn
from chatbot.routing.questions import AskedPart
from knowledge.catalog import Catalog
from knowledge.search.products import mentioned
from knowledge.search.retriever import Search
from knowledge.types import Evidence, SearchResult

EVIDENCE = 8
OFFERED = 3  # sections to choose from
CHOSEN = ("chosen",)  # how the evidence was found that the agent chose


@dataclass(frozen=True, slots=True)
class PartFound:
    """One question of a message, and what was found for it."""

    part: AskedPart
    found: SearchResult


class Lookup:
    """Looks up the questions of a message. ``min_match``: from which match on the manuals answer."""

    def __init__(self, catalog: Catalog, search: Search, min_match: float) -> None:
        self._catalog, self._search, self._min_match = catalog, search, min_match

    def found(
        self, parts: Sequence[AskedPart], question: Question, earlier: Sequence[Turn]
    ) -> tuple[PartFound, ...]:
        """What is found for each part; of its wordings, the first that the manuals answer counts, else the nearest."""
        if question.passage and (chosen := self._chosen(question)):
            return (PartFound(AskedPart(question.text, (question.text,)), chosen),)
        found: list[PartFound] = []
        for part in parts:
            best = self._best(part, question.product, earlier)
            about = self._product_of(found)
            if (
                best.products and about
            ):  # "…, and how do I reset it?" is about what the first question is about
                best = self._best(part, about, earlier)
            found.append(PartFound(part, best))
        return tuple(found)

    def _product_of(self, found: Sequence[PartFound]) -> str:
        """The product of the first question, where the manuals answer that."""
        first = found[0].found if found else None
        sure = first is not None and first.evidence and first.match >= self._min_match
        return first.evidence[0].manual.product if first and sure else ""

    def _best(self, part: AskedPart, product: str, earlier: Sequence[Turn]) -> SearchResult:
        best: SearchResult | None = None
        for wording in part.wordings:
            found = self._one(wording, product or part.product, earlier)
            if best is None or found.match > best.match:
                best = found
            if found.match >= self._min_match:
                break
        assert best is not None, "a part has a wording"
        return best

    def _one(self, asked: str, product: str, earlier: Sequence[Turn]) -> SearchResult:
        """What is found; when the question leaves the product open, it is the one that the conversation is about."""
        found = self._search.find(asked, product, EVIDENCE)
        if not found.products or product:
            return found
        for turn in reversed(earlier):
            talked = [c.product for c in turn.answer.citations] if turn.answer else []
            talked += mentioned(as_asked(turn), self._catalog.products())
            if named := [name for name in talked if name]:
                return self._search.find(asked, named[0], EVIDENCE)
        return found

    def _chosen(self, question: Question) -> SearchResult | None:
        """The section that the agent chose, as if it had been found; None when it is searched no more."""
        held = self._catalog.passages([question.passage]).get(question.passage)
        live = {manual.version_id: manual for manual in self._catalog.manuals()}
        if held is None or held.version_id not in live:
            return None
        manual = live[held.version_id]
        section = self._catalog.section_passages(held.id)
        first = [held, *(part for part in section if part.id != held.id)][:EVIDENCE]
        evidence = tuple(Evidence(part, manual, 1.0, CHOSEN) for part in first)
        return SearchResult(evidence, 1.0, manual.product, (), question.text)


def merged(parts: Sequence[PartFound]) -> SearchResult:
    """What was found for all parts as one: their evidence in turn, the best match, all questions as what was asked."""
    if len(parts) == 1:
        return parts[0].found
    rows = zip_longest(*(each.found.evidence for each in parts))
    evidence = {one.passage.id: one for row in rows for one in row if one is not None}
    return replace(
        max((each.found for each in parts), key=lambda found: found.match),
        evidence=tuple(evidence.values())[:EVIDENCE],
        products=next((each.found.products for each in parts if each.found.products), ()),
        asked=" ".join(each.part.text for each in parts),
    )


def was_chosen(found: SearchResult) -> bool:
    """Is what was found the section that the agent chose?"""
    return bool(found.evidence) and found.evidence[0].found_by == CHOSEN


def sections_of(evidence: Sequence[Evidence], limit: int = OFFERED) -> tuple[Evidence, ...]:
    """The best passage of each section, at most ``limit``."""
    first: dict[tuple[int, tuple[str, ...]], Evidence] = {}
    for one in evidence:
        first.setdefault((one.manual.version_id, one.passage.section), one)
    return tuple(first.values())[:limit]


def as_asked(turn: Turn) -> str:
    """An earlier question as it was understood."""
    return (turn.answer.asked if turn.answer else "") or turn.question.text
