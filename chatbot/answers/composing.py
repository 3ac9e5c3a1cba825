"""Quotes of more than one section: for several questions, each under its own heading, and for one that two sections are near to.

Knows evidence; how a section is quoted is done in ``extractive``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chatbot.answers.extractive import WHOLE, Extract, extract
from chatbot.conversations.types import Citation, Sentence
from knowledge.catalog import Catalog
from knowledge.search.products.names import without_product
from knowledge.search.ranking import asks_figure
from knowledge.search.wording.sections import SURELY, asked_term, defines
from knowledge.types import Evidence, SearchResult

TOGETHER = 240  # words of the answers to several questions together
LEAST_WORDS = 80  # of each of them
# Share of the best score from which a section beside the best one, above or below it is quoted too. Of 98 answers on phones and
# programs it happens to six: in three the second is the one that answers, in one both do.
AS_NEAR = 0.93


def extract_parts(
    catalog: Catalog, parts: Sequence[tuple[str, SearchResult]], asked_for: int = 0
) -> Extract:
    """Quotes for several questions, each under a heading; questions that one section answers share its quote.

    ``parts``: the heading of each question, and what was found for it; ``asked_for``: how many questions there were.
    """
    groups: dict[tuple[int, tuple[str, ...]], list[tuple[str, SearchResult]]] = {}
    for text, found in parts:
        best = found.evidence[0]
        place = (best.manual.version_id, best.passage.section)
        groups.setdefault(place, []).append((text, found))
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    goes_on = False
    words = WHOLE if len(groups) == 1 else max(LEAST_WORDS, TOGETHER // len(groups))
    for group in groups.values():
        asked = " ".join(dict.fromkeys(found.asked for _, found in group))
        quoted = extract(catalog, asked, group[0][1].evidence, words)
        if len(groups) > 1 or len(parts) < asked_for:
            heading = " ".join(text for text, _ in group)
            sentences.append(Sentence(heading, "none", heading=True))
        known = len(citations)
        sentences += [
            replace(part, n=tuple(n + known for n in part.n)) for part in quoted.sentences
        ]
        citations += [replace(citation, n=citation.n + known) for citation in quoted.citations]
        goes_on = goes_on or quoted.goes_on
    return Extract(tuple(sentences), tuple(citations), goes_on)


def extract_near(
    catalog: Catalog, question: str, evidence: Sequence[Evidence], words: int = WHOLE
) -> Extract:
    """Quotes the section of the first evidence, and a section beside, above or below it that is about as near, each under its
    title: which of the two answers, one sees better than we can tell. A figure, a sentence or row that answers by itself, and
    what a term means stand alone."""
    first = extract(catalog, question, evidence, words)
    beside = _beside(evidence)
    told = first.sentences[0].text if first.sentences else ""
    term = defines(told, asked_term(without_product(question, evidence[0].manual.product)))
    alone = asks_figure(question) or len(first.sentences) < 2 or term == SURELY
    if not beside or alone or words < WHOLE:
        return first
    if _shown(first) > TOGETHER - LEAST_WORDS:
        first = extract(catalog, question, evidence, TOGETHER - LEAST_WORDS)
    second = extract(catalog, question, beside, max(LEAST_WORDS, TOGETHER - _shown(first)))
    known = len(first.citations)
    sentences = (
        _title(evidence[0]),
        *first.sentences,
        _title(beside[0]),
        *(replace(one, n=tuple(n + known for n in one.n)) for one in second.sentences),
    )
    citations = (*first.citations, *(replace(c, n=c.n + known) for c in second.citations))
    return Extract(sentences, citations, first.goes_on or second.goes_on)


def _beside(evidence: Sequence[Evidence]) -> Sequence[Evidence]:
    """The evidence from the next section on, where that is in the same chapter and about as near; else nothing."""
    best = evidence[0]
    for at, one in enumerate(evidence):
        if one.manual.id != best.manual.id or one.passage.section == best.passage.section:
            continue
        mine, other = best.passage.section, one.passage.section
        kin = mine[:-1] == other[:-1] or mine[:-1] == other or mine == other[:-1]
        near = one.score >= AS_NEAR * best.score
        return evidence[at:] if kin and near and mine and other else ()
    return ()


def _title(one: Evidence) -> Sentence:
    return Sentence(one.passage.section[-1], "none", heading=True)


def _shown(extracted: Extract) -> int:
    return sum(len(one.text.split()) for one in extracted.sentences if not one.folded)
