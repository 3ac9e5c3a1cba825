"""Questions to start with, made from headings of the manuals and kept only when these answer them; and questions to go on with.

Knows the catalog and the search; nothing of models.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.conversations.types import Answer
from knowledge.catalog import Catalog
from knowledge.search.languages import AS_ENGLISH, ENGLISH, UNSPACED
from knowledge.search.products.names import with_article
from knowledge.search.retriever import Search
from knowledge.text import is_unspaced
from knowledge.types import Evidence, Manual

TRIED = 12
LEAST = 150  # characters of a section that says enough to be asked about
_PLAIN = re.compile(r"[^\W\d_][\w '’/-]{4,48}")
_VERB = re.compile(
    r"(?:add|adjust|change|charge|check|clean|clear|connect|create|delete|edit|enable|find|fit|insert|install|load|make"
    r"|mount|open|pair|print|remove|replace|reset|restart|restore|save|select|send|set|share|start|stop|switch|turn"
    r"|unlock|update|use|view)\b",
    re.I,
)
_TOPIC = re.compile(
    r"(?:problems?|issues?|errors?|notes?|guides?|options|overview)$", re.I
)  # "Install Problems"
_NAMED = re.compile(r"[^\W\d_]{3}")
_CAPITALS = re.compile(r"[A-Z]\w+ [A-Z]")
_GERUND = re.compile(r"([A-Za-z]{3,})ing (?:the |an? |your )?[a-z]", re.I)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question to start with, and the product of its manual ("" for none).

    It is asked of that product, so that it stays answerable when manuals of other products arrive meanwhile.
    """

    text: str
    product: str


def as_question(heading: str, product: str, language: str = ENGLISH) -> str:
    """A heading as a question, or "" when it would not read as one: "Replace the fuse" gives "How do I replace …?".

    In another language than English it is asked as it stands.
    """
    heading = re.sub(r"^[\dA-Z]{0,2}(?:\.\d+)*\.?\s+", "", heading).strip()
    if language not in AS_ENGLISH:
        return heading if _NAMED.search(heading) or is_unspaced(heading) else ""
    if not _PLAIN.fullmatch(heading) or _TOPIC.search(heading):
        return ""
    on = (
        f" on {with_article(product)}"
        if product and product.casefold() not in heading.casefold()
        else ""
    )
    lowered = heading[0].lower() + heading[1:] if not heading[:2].isupper() else heading
    if _VERB.match(heading):
        return f"How do I {lowered}{on}?"
    if _GERUND.match(heading):
        return f"What does the manual say about {lowered}{on}?"
    return ""


def suggestions(
    catalog: Catalog, search: Search, min_match: float, limit: int = 3, product: str = ""
) -> tuple[Suggestion, ...]:
    """Up to ``limit`` questions, from different manuals first, of a product's own where one is given; () for an empty catalog."""
    manuals = catalog.manuals()
    several = len({manual.product for manual in manuals}) > 1
    manuals = tuple(manual for manual in manuals if product in ("", manual.product))
    pools = [_candidates(catalog, manual, several) for manual in manuals[:TRIED]]
    chosen: list[Suggestion] = []
    for round_ in range(TRIED):
        for pool in pools:
            if len(chosen) == limit:
                return tuple(chosen)
            if round_ < len(pool) and _is_answered(search, pool[round_], min_match):
                chosen.append(pool[round_])
    return tuple(chosen)


def further(catalog: Catalog, answer: Answer, limit: int = 3) -> tuple[Evidence, ...]:
    """The sections beside the one that an answer is from, for those that call themselves something; () where it is from
    several."""
    places = {(citation.version_id, citation.section) for citation in answer.citations}
    if len(places) != 1:
        return ()
    (place,) = places
    own = next(
        (e for e in answer.evidence if (e.manual.version_id, e.passage.section) == place), None
    )
    if own is None:
        return ()
    beside = catalog.neighbours(own.passage.id, 2 * limit)
    named = [passage for passage in beside if _NAMED.search(passage.section[-1])]
    return tuple(Evidence(passage, own.manual, 0.0, ("beside",)) for passage in named[:limit])


def asked_of(found: Evidence) -> str:
    """What is asked of a section beside an answer: its heading as a question, else as it stands."""
    heading = found.passage.section[-1]
    return as_question(heading, found.manual.product, found.passage.language) or heading


def _is_answered(search: Search, suggestion: Suggestion, min_match: float) -> bool:
    return search.find(suggestion.text, suggestion.product).match >= min_match


def _candidates(catalog: Catalog, manual: Manual, several: bool) -> list[Suggestion]:
    """Questions of one manual, commands before topics, sections with more text first."""
    language = next(iter(manual.languages), "")
    least = LEAST // 2 if language in UNSPACED else LEAST
    headings = [path[-1] for path in catalog.headings(manual.version_id, least, 200) if path]
    names = _are_names(headings)
    found = [
        as_question(heading, manual.product if several else "", language)
        for heading in headings
        if not (names and _CAPITALS.match(heading))
    ]
    ready = [question for question in dict.fromkeys(found) if question]
    commands_first = sorted(ready, key=lambda question: not question.startswith("How"))
    return [Suggestion(question, manual.product) for question in commands_first[:TRIED]]


def _are_names(headings: Sequence[str]) -> bool:
    """Are headings in capitals names ("Find My Mobile")? Not where most of a manual's are so ("Replace The Fuse")."""
    longer = [heading for heading in headings if " " in heading.strip()]
    return 2 * sum(bool(_CAPITALS.match(heading)) for heading in longer) < len(longer)
