"""A question to evidence: scope, spelling, words and meaning fused, duplicates folded, a calibrated match.

Any text is a valid question. Knows nothing of answers, routes or pages.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from knowledge.catalog import Catalog
from knowledge.search.embeddings import Encoder, load_encoder
from knowledge.search.indexes.base import Hit, Index, IndexQuery
from knowledge.search.products import mentioned, name_words
from knowledge.search.ranking import (
    SENTENCES,
    Asked,
    Candidate,
    Vocabulary,
    coverage_of,
    heading_fit,
    holds_number,
    idf_of,
    known_of,
    lacks_code,
    match_probability,
    meaning_of,
    named_share,
    names_of,
    ranked,
    sentence_meaning,
    share_of_codes,
    share_of_pairs,
    signals_of,
    words_of,
)
from knowledge.search.sentence_encoder import NAME, load_sentence_encoder
from knowledge.search.spelling import corrected
from knowledge.search.synonyms import Term, alternatives, both_ways, either, spellings_of_codes
from knowledge.text import STOP_WORDS, content_words, stem, unique, words
from knowledge.types import Evidence, Manual, Passage, SearchResult

MAX_CHARACTERS = 2_000
DRIVE_BUDGET = 5_000  # postings the rarest terms may have together
CANDIDATES = 60
SAMPLE = 10  # passages looked at for a product's name
WITHOUT_CODE = (
    0.2  # the match at most when the code that is asked about stands nowhere in the section
)
AMBIGUOUS = 0.9  # another product's best passage this near to the best: the question does not say which product


class Search:
    """Finds evidence in one catalog, by one engine. Safe for threads."""

    def __init__(self, catalog: Catalog, index: Index) -> None:
        self._catalog, self._index = catalog, index
        self._lock = threading.Lock()
        self._vocabulary: Vocabulary | None = None
        self._spoken: dict[tuple[int, str], bool] = {}

    def find(self, question: str, product: str = "", limit: int = 10) -> SearchResult:
        """The best passages for a question, limited to ``product`` or to the products that the question names."""
        with self._catalog.reading():
            return self._find(question, product, limit)

    def _find(self, question: str, product: str, limit: int) -> SearchResult:
        vocabulary = self.vocabulary()
        question = question.encode("utf-8", "replace").decode()[:MAX_CHARACTERS]
        question = self._catalog.by_product_name(question)
        scope = self._scope(question, product, vocabulary)
        asked = self._prepare(question, scope, vocabulary)
        versions = self._in_scope(vocabulary, scope, bool(product))
        candidates = self._candidates(asked, versions, vocabulary)
        signals = signals_of(candidates, asked, vocabulary)
        match = 0.0
        if candidates:
            known = asked.vector is not None, asked.sentence is not None
            match = match_probability(signals, *known)
        if lacks_code(candidates):
            match = min(match, WITHOUT_CODE)
        contenders = () if scope else _contenders(candidates, versions)
        named = scope[0] if len(scope) == 1 else ""
        return SearchResult(
            self._evidence(candidates[:limit], versions), match, named, contenders, asked.text
        )

    def unknown(self, question: str) -> tuple[str, ...]:
        """The words of a question that stand in no manual or its name, nor another word for them, as they were typed."""
        vocabulary = self.vocabulary()
        question = question.encode("utf-8", "replace").decode()[:MAX_CHARACTERS]
        asked = self._prepare(question, (), vocabulary)
        called = {stem(w) for m in vocabulary.manuals for w in words(f"{m.name} {m.product}")}
        missing = {term for term in asked.stems if not known_of(asked, term, vocabulary)} - called
        return tuple(
            unique(
                word
                for word in (part.strip(".,;:!?\"'()“”") for part in question.split())
                if any(stem(each) in missing for each in words(word))
            )
        )

    def note(self) -> str:
        """A sentence when searches do less than they should, as when the search server is silent, else ""."""
        return self._index.note()

    def looked_at(self, question: str) -> tuple[list[Candidate], tuple[float, ...]]:
        """The passages that were weighed, best first, and what their match is judged by. For fitting both."""
        vocabulary = self.vocabulary()
        scope = self._scope(question, "", vocabulary)
        asked = self._prepare(question, scope, vocabulary)
        versions = self._in_scope(vocabulary, scope, False)
        candidates = self._candidates(asked, versions, vocabulary)
        return candidates, signals_of(candidates, asked, vocabulary)

    def vocabulary(self) -> Vocabulary:
        """The words of what is live now; read again after a change."""
        now = self._catalog.generation()
        with self._lock:
            if self._vocabulary is None or self._vocabulary.generation != now:
                self._vocabulary = self._read_vocabulary(now)
            return self._vocabulary

    def _read_vocabulary(self, now: int) -> Vocabulary:
        manuals, counts = self._catalog.manuals(), self._catalog.word_counts()
        by_stem: dict[str, int] = {}
        for word, count in counts.items():
            by_stem[stem(word)] = by_stem.get(stem(word), 0) + count
        spellings = tuple(word for word, count in counts.items() if count > 1 and word.isalpha())
        own = both_ways(self._catalog.synonyms())
        return Vocabulary(
            now, manuals, sum(m.passages for m in manuals), counts, by_stem, spellings, own
        )

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
                and any(self._speaks_of(m.version_id, name) for name in scope)
            )
        }

    def _speaks_of(self, version_id: int, product: str) -> bool:
        """Does a passage of a manual name a product? Looked up once, for what a version holds never changes."""
        key = (version_id, product)
        if key not in self._spoken:
            name = tuple(map(stem, name_words(product)))
            hits = self._index.search(IndexQuery(name), [version_id], SAMPLE)
            held = self._catalog.measured([hit.id for hit in hits])
            self._spoken[key] = any(f" {' '.join(name)} " in one.stems for one in held)
        return self._spoken[key]

    def _prepare(self, question: str, scope: Sequence[str], vocabulary: Vocabulary) -> Asked:
        encoder = load_encoder()
        in_names = {word for product in scope for word in name_words(product)}
        terms = [word for word in content_words(question) if word not in in_names] or content_words(
            question
        )
        # Another form of a word that the library has is no misspelling: "protector" beside "protectors".
        known = {part for term in vocabulary.own for part in term}.union(vocabulary.stems)
        strange = [term for term in unique(terms) if stem(term) not in known]
        fixes = corrected(strange, vocabulary.counts, vocabulary.spellings, _knows(encoder))
        terms = [fixes.get(term, term) for term in terms]
        fixed = {stem(word) for word in fixes.values()}
        order = [stem(fixes.get(word, word)) for word in words(question) if word not in in_names]
        keep = unique(stem(term) for term in terms)
        other = either(
            alternatives(order, frozenset(keep), vocabulary.own), spellings_of_codes(order)
        )
        weights = {term: _weight(term, other.get(term, ()), vocabulary) for term in keep}
        text = _replaced(question, fixes)
        # A product's name would pull every passage's meaning the same way; the scope has dealt with it.
        plain = (
            " ".join(part for part in text.split() if not in_names.issuperset(words(part))) or text
        )
        vector = encoder.encode([plain])[0] if encoder else None
        sentences = load_sentence_encoder()
        solid = [term for term in order if term in weights]
        sure = {s: 0.7 if s in fixed else 1.0 for s in keep}
        return Asked(
            text,
            tuple(terms),
            tuple(keep),
            tuple(zip(solid, solid[1:], strict=False)),
            weights,
            sure,
            vector,
            sentences.encode(text) if sentences else None,
            other,
        )

    def _driving(self, asked: Asked, vocabulary: Vocabulary) -> tuple[list[str], list[str]]:
        """The rarest terms (at least two, at most DRIVE_BUDGET postings) and the others."""
        ordered = sorted(_terms(asked, vocabulary), key=lambda s: vocabulary.stems[s])
        rare: list[str] = []
        spent = 0
        for term in ordered:
            if len(rare) >= 2 and spent + vocabulary.stems[term] > DRIVE_BUDGET:
                break
            rare.append(term)
            spent += vocabulary.stems[term]
        return rare, [term for term in ordered if term not in rare]

    def _candidates(
        self, asked: Asked, versions: Mapping[int, Manual], vocabulary: Vocabulary
    ) -> list[Candidate]:
        """The passages worth a look, measured, best first, each text once a product."""
        if not asked.stems or not versions:
            return []
        rare, frequent = self._driving(asked, vocabulary)
        query = IndexQuery((*rare, *frequent), frozenset(frequent), asked.vector)
        hits = self._index.search(query, versions.keys(), CANDIDATES)
        by_id = {hit.id: hit for hit in hits}
        weights = {term: idf_of(term, vocabulary) for term in _terms(asked, vocabulary)}
        names = {version: names_of(asked, manual) for version, manual in versions.items()}
        found = ranked(
            [
                Candidate(
                    held.id,
                    held.version_id,
                    held.section,
                    held.hash,
                    words_of(held.stems, weights),
                    share_of_pairs(asked, held.stems),
                    share_of_codes(asked, held.stems, names[held.version_id]),
                    meaning_of(asked, held.vectors),
                    coverage_of(asked, held.stems, names[held.version_id]),
                    heading_fit(asked, held.section, vocabulary),
                    named_share(asked, names[held.version_id]),
                    holds_number(asked, held.stems),
                    _legs(by_id[held.id]),
                )
                for held in self._catalog.measured(by_id)
            ]
        )
        return self._with_sentences(asked, _fold(found, versions))

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
        """The vectors of passages; those that are not stored yet are made now."""
        held = self._catalog.meanings(ids, NAME)
        encoder = load_sentence_encoder()
        for passage in self._catalog.passages([id for id in ids if id not in held]).values():
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


def _terms(asked: Asked, vocabulary: Vocabulary) -> list[str]:
    """The stems that passages are looked up by: the question's, and those of other words for them, as far as known."""
    near = sorted(asked.spread() - {stem(word) for word in STOP_WORDS})
    return [term for term in unique([*asked.stems, *near]) if vocabulary.stems.get(term)]


def _weight(term: str, others: Collection[Term], vocabulary: Vocabulary) -> float:
    """A word's IDF; of one that no manual has, that of the rarest other word for it that one has."""
    if others and term not in vocabulary.stems:
        known = [s for each in others for s in each if s in vocabulary.stems]
        if known:
            return max(idf_of(s, vocabulary) for s in known)
    return idf_of(term, vocabulary)


def _knows(encoder: Encoder | None) -> Callable[[str], bool]:
    """Tells right words of the language from misspelt ones; without an encoder, none is known to be right."""
    return encoder.knows if encoder else lambda word: False


def _replaced(question: str, fixes: Mapping[str, str]) -> str:
    """The question with its misspelt words replaced, other words as typed."""
    if not fixes:
        return question
    return " ".join(fixes.get("".join(words(part)[:1]), part) for part in question.split())


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


def _contenders(ranked: Sequence[Candidate], versions: Mapping[int, Manual]) -> tuple[str, ...]:
    """The products whose best passage is about as good as the best; () when one stands out or all say the same."""
    if not ranked:
        return ()
    near = [found for found in ranked if found.plain >= AMBIGUOUS * ranked[0].plain]
    products = unique(
        versions[found.version_id].product for found in near if versions[found.version_id].product
    )
    same = len({found.hash for found in near}) == 1
    return tuple(products) if len(products) > 1 and not same else ()
