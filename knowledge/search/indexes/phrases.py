"""Which manuals hold some words side by side, name a product, or say what kind of thing theirs is. Knows an index and the catalog."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal

from knowledge.catalog import Catalog
from knowledge.search.indexes.base import Index, IndexQuery
from knowledge.search.languages import ENGLISH, is_stop, stem
from knowledge.search.products.names import name_words
from knowledge.text import fold, words
from knowledge.types import Manual

SAMPLE = 10  # passages looked at for a product's name
CODE_SAMPLE = 240  # and for a code or a name in any manual
# First pages of a manual, and characters of each, that say what it is of
PAGES, BEGINNING = 2, 4_000
# "The K7 is a garden pump for clean water."
_IS_A = re.compile(r"\s(?:is|are)\s(?:an?|the)\s(?P<thing>[^.,;:()\n]{3,60})")
_BREAK, SUBJECT = re.compile(r"[.!?:;\n]"), 80  # before its subject, and the most characters of it
# What many things are, and a customer may mean by it something else than the product
_ANYTHING = frozenset(
    """system software hardware program application app tool set kit suite collection series range family member version edition
    release update guide manual document book page model unit part component solution way method type kind one name mark trademark
    example member company result project""".split()
)


class Phrases:
    """Looks words up side by side; what a version holds never changes, so that of products is looked up once. Safe for threads."""

    def __init__(self, catalog: Catalog, index: Index) -> None:
        self._catalog, self._index = catalog, index
        self._spoken: dict[tuple[int, str], bool] = {}
        self._kinds: dict[int, frozenset[str]] = {}

    def held(self, among: Collection[int], phrase: Sequence[str], most: int = SAMPLE) -> bool:
        """Do these stems stand one behind the other in a passage of these versions, ``most`` being looked at?"""
        hits = self._index.search(IndexQuery(tuple(phrase)), among, most)
        held = self._catalog.measured([hit.id for hit in hits])
        return any(f" {' '.join(phrase)} " in one.stems for one in held)

    def mentions(self, among: Collection[int], ways: Iterable[Sequence[str]]) -> bool:
        """Do these versions hold a word, given as stems with others for it?"""
        return any(self.held([version], way) for way in ways for version in among)

    def is_name(self, word: str, among: Collection[int]) -> bool:
        """Do these versions write a word with a capital within a sentence ("Windows"), and not only as any noun ("pixel")?"""
        hits = self._index.search(IndexQuery((stem(fold(word), ENGLISH),)), among, CODE_SAMPLE)
        name = re.compile(
            rf"[^.!?\s] (?:{re.escape(word)}|{re.escape(word.upper())}|{re.escape(fold(word).capitalize())})\b"
        )
        held = self._catalog.passages([hit.id for hit in hits]).values()
        return any(name.search(one.text) for one in held)

    def speaks_of(self, manual: Manual, product: str, languages: Collection[str]) -> bool:
        """Does a passage of a manual in these languages name a product?"""
        key = (manual.version_id, product)
        if key not in self._spoken:
            ways = {tuple(stem(word, one) for word in name_words(product)) for one in languages}
            self._spoken[key] = any(self.held([manual.version_id], name) for name in ways)
        return self._spoken[key]

    def lacks_name(
        self, names: Iterable[tuple[str, ...]], among: Collection[int], others: Collection[int]
    ) -> Literal["", "section", "all"]:
        """What these versions lack of things that go by a name of several words ("S Pen"), as stems: "all" where they do not hold
        one but the ``others`` do, or not even its noun; "section" where they hold the noun alone."""
        lacks: Literal["", "section", "all"] = ""
        for name in names:
            if any(self.held(among, way, CODE_SAMPLE) for way in (name, name[::-1])):
                continue  # "side B" for "the B side" too
            if not self.held(among, name[1:]) or self.held(others, name, CODE_SAMPLE):
                return "all"
            lacks = "section"
        return lacks

    def kinds_of(self, manual: Manual) -> frozenset[str]:
        """What kind of thing an English manual's beginning says that its product is, folded: "pump"."""
        if manual.version_id not in self._kinds:
            self._kinds[manual.version_id] = frozenset(self._told_kinds(manual))
        return self._kinds[manual.version_id]

    def _told_kinds(self, manual: Manual) -> Iterator[str]:
        if manual.languages and ENGLISH not in manual.languages:
            return
        named = {fold(word) for word in words(f"{manual.name} {manual.product}")}
        for text in self._catalog.beginning(manual.version_id, PAGES, BEGINNING):
            for told in _IS_A.finditer(text):
                before = _BREAK.split(text[max(0, told.start() - SUBJECT) : told.start()])[-1]
                subject = {fold(word) for word in words(before)} - {"the", "this"}
                if subject and subject <= named and (kind := _noun(told["thing"])):
                    yield kind


def _noun(thing: str) -> str:
    """The noun that "garden pump for clean water" begins with, folded, or ""."""
    kind = ""
    for word in map(fold, thing.split()):
        if is_stop(word, ENGLISH) or (kind and word.endswith(("ed", "ing"))):
            break
        kind = word
    return kind if kind.isalpha() and len(kind) > 2 and kind not in _ANYTHING else ""
