"""Where two current manuals of one product say the same with other figures: "12 Nm" here, "14 Nm" there.

Precise first: the same words in the same order, in sections of the same heading, once in each manual; only the figures
differ. Reads only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from chatbot.grounding.attribution import source_of
from chatbot.grounding.entailment import tokens_of
from chatbot.grounding.entailment.tokens import CONTENT, Token
from chatbot.grounding.verifier import ITEM
from knowledge.text import readable, stems
from knowledge.types import Evidence, Manual, Page

if TYPE_CHECKING:
    from knowledge.catalog import Catalog

MOST = 50  # disagreements that are listed
FEWEST = 2  # words that a sentence needs beside figures to say something of a thing; 1 where a figure has its unit
# What counts pages and editions differs between manuals and disagrees in nothing.
_PLACE = re.compile(
    r"\b(?:pages?|sections?|chapters?|figures?|fig|tables?|steps?|seiten?|kapitel|abschnitt|abb)\b\.?\s*\d"
    r"|©|\b(?:copyright|edition|revision|version|ausgabe|isbn)\b",
    re.I,
)
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class ManualStatement:
    """A sentence or row of a manual, and the page on which it stands."""

    manual: Manual
    page: int
    text: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The same said by two manuals of one product with other figures."""

    product: str
    section: str
    one: ManualStatement
    other: ManualStatement


@dataclass(frozen=True, slots=True)
class _Fact:
    figures: tuple[str, ...]
    section: str
    said: ManualStatement


_Key = tuple[tuple[str, ...], tuple[str, ...]]


def disagreements(catalog: Catalog, manuals: Sequence[Manual]) -> tuple[Disagreement, ...]:
    """Return where the searched ``manuals`` of a product disagree, by product, at most ``MOST``.

    Manuals without a product are not compared: nothing says that they speak of one thing.
    """
    by_product: defaultdict[str, list[Manual]] = defaultdict(list)
    for manual in manuals:
        if manual.product:
            by_product[manual.product].append(manual)
    found: list[Disagreement] = []
    for product, held in sorted(by_product.items()):
        facts = [_facts(catalog, manual) for manual in held] if len(held) > 1 else []
        for one, other in combinations(facts, 2):
            for key in one.keys() & other.keys():
                here, there = one[key], other[key]
                if _differ(here, there):
                    found.append(Disagreement(product, here.section, here.said, there.said))
    found.sort(key=lambda each: (each.product, each.one.manual.name, each.one.page, each.one.text))
    return tuple(found[:MOST])


def _facts(catalog: Catalog, manual: Manual) -> dict[_Key, _Fact]:
    """Return what a manual says once with figures: by its words and heading, without the figures."""
    facts: dict[_Key, _Fact] = {}
    again: set[_Key] = set()
    pages: dict[int, Page] = {}
    for passage in catalog.passages_of(manual.version_id):
        heading = passage.section[-1] if passage.section else ""
        if passage.page not in pages:
            pages = {passage.page: catalog.page(manual.version_id, passage.page)}
        for text in _sentences(Evidence(passage, manual, 0.0, ()), pages[passage.page]):
            tokens = tokens_of(ITEM.sub("", text)).tokens
            figures = tuple(token.norm for token in tokens if token.number)
            words = {t.norm for t in tokens if t.kind == CONTENT and t.norm.isalpha()}
            if not figures or len(words) < FEWEST - any("~" in figure for figure in figures):
                continue
            key = (tuple(_masked(token) for token in tokens), tuple(stems(heading)))
            fact = _Fact(figures, heading, ManualStatement(manual, passage.page, text))
            if key in facts and _differ(facts[key], fact):
                again.add(key)  # a list of like things: which of them is which is not known
            facts[key] = fact
    return {key: fact for key, fact in facts.items() if key not in again}


def _sentences(found: Evidence, page: Page) -> Iterator[str]:
    """Return the sentences and rows of a passage that have figures."""
    source = source_of(found, page)
    for start, end in source.pieces:
        text = readable(source.text[start:end])
        if any(map(str.isdigit, text)) and not _PLACE.search(text):
            yield text


def _differ(here: _Fact, there: _Fact) -> bool:
    """Say whether two facts of the same words differ in more than years, which tell of when a manual was written."""
    return any(
        not _equal(one, other) and not (_is_year(one, here) and _is_year(other, there))
        for one, other in zip(here.figures, there.figures, strict=True)
    )


def _is_year(figure: str, fact: _Fact) -> bool:
    """Say whether a figure is a year, and counts nothing: "2019 Ovens Inc.", but not "2000 cycles"."""
    counts = re.search(rf"(?<!\d){re.escape(figure)}\s+[a-z]", fact.said.text)
    return bool(_YEAR.fullmatch(figure)) and counts is None


def _equal(one: str, other: str) -> bool:
    """Say whether two figures can be read as the same number: 1,200 and 1200, 6.0 and 6, 1.5 and 1,5."""
    return not _numbers(one).isdisjoint(_numbers(other))


def _numbers(figure: str) -> set[str | float]:
    text = figure.partition("~")[0]
    ways = [text.replace(",", ".")]
    if _THOUSANDS.fullmatch(text):
        ways.append(re.sub("[.,]", "", text))
    read: set[str | float] = set()
    for one in ways:
        try:
            read.add(float(one))
        except ValueError:  # "1.2.3", a range
            read.add(text)
    return read


def _masked(token: Token) -> str:
    """Return a word as it is compared, and a figure by its unit alone."""
    return f"\0{token.norm.partition('~')[2]}" if token.number else token.norm
