"""A question to evidence: scope, spelling, words and meaning fused, duplicates folded, a calibrated match.

Any text is a valid question. Knows nothing of answers, routes or pages.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from knowledge.catalog import Catalog
from knowledge.search.asking import Questions, languages_of, measured_in, names_spelled, terms_of
from knowledge.search.indexes.base import Hit, Index, IndexQuery
from knowledge.search.indexes.phrases import CODE_SAMPLE, Phrases
from knowledge.search.indexes.vocabulary import read_vocabulary
from knowledge.search.languages import ENGLISH, stem, stems
from knowledge.search.products.elsewhere import only_elsewhere
from knowledge.search.products.names import mentioned, words_of_names
from knowledge.search.products.others import of_model, other_product
from knowledge.search.ranking import (
    SENTENCES,
    Asked,
    Candidate,
    Vocabulary,
    as_measured,
    coverage_of,
    first_of,
    holds_number,
    idf_of,
    lacks_code,
    match_probability,
    meaning_of,
    named_share,
    names_of,
    ranked,
    said_of_best,
    sentence_meaning,
    share_of_codes,
    share_of_pairs,
    signals_of,
    words_of,
)
from knowledge.search.sentence_encoder import NAME, load_sentence_encoder
from knowledge.search.wording.asked_for import contenders_of, of_kind, told_otherwise
from knowledge.search.wording.codes import as_written, unwritten
from knowledge.search.wording.sections import (
    asking_it,
    called_so,
    heading_fit,
    numbered,
    set_apart,
    told_by,
)
from knowledge.search.wording.statements import lacking, telling
from knowledge.search.wording.things import (
    as_called,
    missing_of,
    modifiers,
    named_pairs,
    named_things,
    names_unknown,
)
from knowledge.text import fold, unique, words
from knowledge.types import Evidence, Manual, Passage, SearchResult

MAX_CHARACTERS = 2_000
DRIVE_BUDGET = 5_000  # postings the rarest terms may have together
CANDIDATES = 60
WITHOUT_CODE = 0.2  # the match at most where the section lacks the code that is asked about
WITH_CODE = 0.4  # and at least when it stands there, though the words around be of another language
WITH_ROW = 0.6  # and where a row has the figure that "how heavy" asks for, or explains the code or the term, and of a section set apart
ANOTHER = 0.23  # and at most where no manual mentions its thing, or the section lacks the figure that alone answers
UNNAMED = 0.4  # and where the section names no such thing or task
WITH_NUMBER = 0.9  # and at least of a section asked for by its number, or whose heading asks it


class Search:
    """Finds evidence in one catalog, by one engine; ``made`` vectors at most are made for a question. Safe for threads."""

    def __init__(self, catalog: Catalog, index: Index, made: int = SENTENCES) -> None:
        self._catalog, self._index, self._made = catalog, index, made
        self._lock = threading.Lock()
        self._vocabulary: Vocabulary | None = None
        self._phrases = Phrases(catalog, index)

    def find(
        self,
        question: str,
        product: str = "",
        limit: int = 10,
        filtered: bool = True,
        manual: str = "",
    ) -> SearchResult:
        """The best passages for a question, limited to ``product`` or to the products that the question names; not ``filtered``,
        as if it named the product: manuals without one that speak of it count too. ``manual`` is the id of the only one that is
        searched, "" for all."""
        with self._catalog.reading():
            return self._find(question, product, limit, filtered, manual)

    def _find(
        self, question: str, product: str, limit: int, filtered: bool, manual: str
    ) -> SearchResult:
        vocabulary = self.vocabulary()
        typed = question.encode("utf-8", "replace").decode()[:MAX_CHARACTERS]
        question = typed
        names = words_of_names(frozenset(manual.product for manual in vocabulary.manuals))
        named = self._catalog.by_product_name(question)
        question = as_written(named, vocabulary.stems, names, self._stands)
        question = as_called(question, vocabulary.stems, self._stands)
        question = names_spelled(question, names, vocabulary)
        scope = self._scope(question, product, vocabulary)
        versions = self._in_scope(vocabulary, scope, bool(product) and filtered)
        versions = of_model(self._catalog.by_product_name(typed), versions)
        versions = {at: one for at, one in versions.items() if manual in ("", one.id)}
        ways = Questions(question, scope, vocabulary).by_language(languages_of(versions.values()))
        candidates = self._candidates(ways, versions, vocabulary)
        if lacks_code(candidates):  # what is near by its words only is about another code
            candidates = sorted(candidates, key=lambda one: not one.codes)
        asked = as_measured(ways, candidates)
        apart: list[Candidate] = []
        row = telling(self._catalog, asked, candidates, vocabulary)
        if row is not None:
            candidates = first_of([row], candidates)
        elif called := called_so(asked, candidates) or (apart := set_apart(asked, candidates)):
            candidates = first_of(called, candidates)
        signals = signals_of(candidates, asked, vocabulary)
        known = asked.vector is not None, asked.sentence is not None
        match = match_probability(signals, *known) if candidates else 0.0
        if lacks_code(candidates):
            match = min(match, WITHOUT_CODE)
        elif row is not None or apart:
            match = max(match, WITH_ROW)
        elif candidates and candidates[0].codes == 1 and any(one.codes < 1 for one in candidates):
            match = max(match, WITH_CODE)
        if candidates:
            explained = row is not None and bool(asked.codes)
            most = self._at_most(asked, candidates, versions, explained)
            if self.other_product(typed):
                most = 0.0
            elif len(scope) == 1:
                only = only_elsewhere(self._catalog, self._phrases, asked, candidates, versions)
                most = min(most, UNNAMED if only else 1.0)
            others = [m.version_id for m in vocabulary.manuals if scope]
            lacks = self._phrases.lacks_name(named_pairs(asked, names), versions, others)
            match = min(match, most, {"all": 0.0, "section": UNNAMED}.get(lacks, 1.0))
        if told := numbered(question, candidates) or asking_it(asked, candidates):
            candidates, match = first_of(told, candidates), max(match, WITH_NUMBER)
        alike = [one for one in candidates if one.codes >= candidates[0].codes]
        alike = of_kind(alike, asked, vocabulary)
        contenders = () if scope else contenders_of(asked, alike, versions)
        if not scope and told_otherwise(asked, alike, versions):
            match = min(match, UNNAMED)
        named = scope[0] if len(scope) == 1 else ""
        return SearchResult(
            self._evidence(candidates[:limit], versions), match, named, contenders, asked.text
        )

    def _at_most(
        self, asked: Asked, candidates: Sequence[Candidate], among: Collection[int], explained: bool
    ) -> float:
        """How sure a match can be: less of a thing that no manual mentions, or where the best section does not name what is
        asked for. Beside a code that is ``explained`` customers may speak of any thing."""
        vocabulary = self.vocabulary()
        said = said_of_best(candidates, asked, vocabulary)
        if explained:
            return 1.0
        if lacks_code(candidates, all_of_them=True):
            return UNNAMED
        if names_unknown(asked, vocabulary, said):
            return ANOTHER
        which = modifiers(asked, vocabulary).items()
        if any(not self._phrases.mentions(among, ways) for one, ways in which if one not in said):
            return UNNAMED
        lacks = lacking(self._catalog, asked, candidates, said)
        return {"all": ANOTHER, "section": UNNAMED}.get(lacks, 1.0)

    def unknown(self, question: str) -> tuple[str, ...]:
        """The words of a question that stand in no manual or its name, nor another word for them, as they were typed."""
        vocabulary = self.vocabulary()
        question = question.encode("utf-8", "replace").decode()[:MAX_CHARACTERS]
        scope = self._scope(question, "", vocabulary)  # a name's number is no code
        ways = Questions(question, scope, vocabulary).by_language(languages_of(vocabulary.manuals))
        called = {word for m in vocabulary.manuals for word in words(f"{m.name} {m.product}")}
        missing = min((missing_of(one, vocabulary, called) for one in ways.values()), key=len)
        names = words_of_names(frozenset(manual.product for manual in vocabulary.manuals))
        codes = unwritten(question, vocabulary.stems, names, self._stands)
        told = (n for n in named_things(question) if not names.issuperset(words(n)))
        named = [n for n in told if not self._stands(tuple(stems(n, ENGLISH)))]
        parts = {part for name in named for part in name.split()}
        return tuple(unique((*named, *(one for one in missing if one not in parts), *codes)))

    def other_product(self, question: str) -> str:
        """The product that a question is about by a name of which no manual is, "Galaxy Z Flip 3"; or ""."""
        named = self._catalog.by_product_name(question[:MAX_CHARACTERS])
        return other_product(named, self.vocabulary(), self._is_name, self._together)

    def _together(self, one: str, other: str) -> bool:
        return self._stands((stem(one, ENGLISH), stem(other, ENGLISH)))

    def _is_name(self, word: str, number: str) -> bool:
        vocabulary = self.vocabulary()
        if len(number) > 2 and number in vocabulary.counts:
            return True
        every = [manual.version_id for manual in vocabulary.manuals]
        return self._stands((stem(fold(word), ENGLISH), number)) or self._phrases.is_name(
            word, every
        )

    def absent(self, question: str, product: str) -> frozenset[str]:
        """The stems of an English question that the product's manuals do not have."""
        vocabulary = self.vocabulary()
        versions = self._in_scope(vocabulary, (product,), filtered=True)
        if not versions or ENGLISH not in languages_of(versions.values()):
            return frozenset()
        asked = Questions(question[:MAX_CHARACTERS], (product,), vocabulary).asked(ENGLISH)
        return frozenset(
            term
            for term in set(asked.stems) - asked.any_product
            if not self._phrases.mentions(versions, [(term,)])
        )

    def note(self) -> str:
        """A sentence when searches do less than they should, as when the search server is silent, else ""."""
        return self._index.note()

    def looked_at(
        self, question: str, gone: Collection[tuple[str, ...]] = ()
    ) -> tuple[list[Candidate], tuple[float, ...]]:
        """The passages that were weighed, best first, and what their match is judged by, as if no manual had the sections that
        are ``gone``. For fitting both."""
        vocabulary = self.vocabulary()
        scope = self._scope(question, "", vocabulary)
        versions = self._in_scope(vocabulary, scope, False)
        ways = Questions(question, scope, vocabulary).by_language(languages_of(versions.values()))
        found = self._candidates(ways, versions, vocabulary)
        candidates = ranked([one for one in found if one.section not in gone]) if gone else found
        return candidates, signals_of(candidates, as_measured(ways, found), vocabulary)

    def vocabulary(self) -> Vocabulary:
        """The words of what is live now; read again after a change."""
        now = self._catalog.generation()
        with self._lock:
            if self._vocabulary is None or self._vocabulary.generation != now:
                self._vocabulary = read_vocabulary(self._catalog, self._phrases, now)
            return self._vocabulary

    def _scope(self, question: str, product: str, vocabulary: Vocabulary) -> tuple[str, ...]:
        products = unique(manual.product for manual in vocabulary.manuals if manual.product)
        if product:
            return tuple(name for name in products if name.casefold() == product.casefold()) or (
                product,
            )
        return mentioned(question, products)

    def _in_scope(
        self, vocabulary: Vocabulary, scope: Sequence[str], filtered: bool
    ) -> dict[int, Manual]:
        """The manuals to look in, by version: a product's own, and those without a product that speak of it.

        A filter is taken at its word.
        """
        return {
            m.version_id: m
            for m in vocabulary.manuals
            if not scope
            or m.product in scope
            or (
                not m.product
                and not filtered
                and any(self._phrases.speaks_of(m, name, languages_of([m])) for name in scope)
            )
        }

    def _stands(self, parts: tuple[str, ...]) -> bool:
        """Do these words stand one behind the other in a manual?"""
        every = [manual.version_id for manual in self.vocabulary().manuals]
        return self._phrases.held(every, parts, CODE_SAMPLE)

    def _driving(
        self, ways: Collection[Asked], vocabulary: Vocabulary
    ) -> tuple[list[str], list[str]]:
        """The rarest terms (at least two of each way, at most DRIVE_BUDGET postings) and the others."""
        chosen: list[str] = []
        known: list[str] = []
        for asked in ways:
            ordered = sorted(terms_of(asked, vocabulary), key=lambda s: vocabulary.stems[s])
            rare: list[str] = []
            spent = 0
            for term in ordered:
                if len(rare) >= 2 and spent + vocabulary.stems[term] > DRIVE_BUDGET:
                    break
                rare.append(term)
                spent += vocabulary.stems[term]
            chosen, known = chosen + rare, known + ordered
        chosen = unique(chosen)
        return chosen, [term for term in unique(known) if term not in chosen]

    def _candidates(
        self, ways: Mapping[str, Asked], versions: Mapping[int, Manual], vocabulary: Vocabulary
    ) -> list[Candidate]:
        """The passages worth a look, measured by the question in their language, best first, each text once a product."""
        if not versions or not any(asked.stems for asked in ways.values()):
            return []
        rare, frequent = self._driving(ways.values(), vocabulary)
        any_way = next(iter(ways.values()))
        query = IndexQuery((*rare, *frequent), frozenset(frequent), any_way.vector)
        hits = self._index.search(query, versions.keys(), CANDIDATES)
        by_id = {hit.id: hit for hit in hits}
        weights = {
            language: {term: idf_of(term, vocabulary) for term in terms_of(asked, vocabulary)}
            for language, asked in ways.items()
        }
        names = {
            (language, version): names_of(asked, manual, vocabulary)
            for language, asked in ways.items()
            for version, manual in versions.items()
        }
        most = max(asked.spoken for asked in ways.values())
        found = []
        for held in self._catalog.measured(by_id):
            language = measured_in(held.language) if measured_in(held.language) in ways else ENGLISH
            asked = ways.get(language, any_way)
            named = names[asked.language, held.version_id]
            found.append(
                Candidate(
                    held.id,
                    held.version_id,
                    held.section,
                    held.hash,
                    words_of(held.stems, weights[asked.language]),
                    share_of_pairs(asked, held.stems),
                    share_of_codes(asked, held.stems, named),
                    meaning_of(asked, held.vectors),
                    coverage_of(asked, held.stems, named),
                    heading_fit(asked, held.section, vocabulary),
                    named_share(asked, named),
                    holds_number(asked, held.stems),
                    _legs(by_id[held.id]),
                    language=asked.language,
                    spoken=asked.spoken / most if most else 1.0,
                    told=told_by(held.section, asked),
                )
            )
        best = _fold(ranked(found), versions)
        return self._with_sentences(as_measured(ways, best), best)

    def _with_sentences(self, asked: Asked, found: list[Candidate]) -> list[Candidate]:
        """Ranks again by what the best passages mean as a whole, as far as an encoder is there."""
        if asked.sentence is None or not found:
            return found
        best = found[:SENTENCES]
        vectors = self._vectors([one.id for one in best])
        known = [
            replace(c, sentence=sentence_meaning(asked, vectors[c.id]))
            for c in best
            if c.id in vectors
        ]
        return ranked([*known, *(c for c in best if c.id not in vectors), *found[SENTENCES:]])

    def _vectors(self, ids: Sequence[int]) -> dict[int, bytes]:
        """The vectors of passages; of the first those that are not stored yet are made now."""
        held = self._catalog.meanings(ids, NAME)
        encoder = load_sentence_encoder()
        missing = [id for id in ids[: self._made] if id not in held]
        for passage in self._catalog.passages(missing).values():
            assert encoder is not None, "the question has a vector"
            held[passage.id] = encoder.of_passage(passage.section, passage.text)
        return held

    def _evidence(
        self, chosen: Sequence[Candidate], versions: Mapping[int, Manual]
    ) -> tuple[Evidence, ...]:
        held: dict[int, Passage] = self._catalog.passages([found.id for found in chosen])
        return tuple(
            Evidence(
                held[found.id], versions[found.version_id], round(found.score, 4), found.found_by
            )
            for found in chosen
            if found.id in held
        )


def _legs(hit: Hit) -> tuple[str, ...]:
    return tuple(name for name, score in (("words", hit.words), ("meaning", hit.meaning)) if score)


def _fold(ranked: Sequence[Candidate], versions: Mapping[int, Manual]) -> list[Candidate]:
    """Leaves out a passage whose text stands higher up in a manual of the same product."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for found in ranked:
        key = (versions[found.version_id].product or versions[found.version_id].id, found.hash)
        if key not in seen:
            seen.add(key)
            kept.append(found)
    return kept
