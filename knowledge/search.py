"""A question to evidence: scope, spelling, words and meaning fused, duplicates folded, a calibrated match.

Any text is a valid question. Knows nothing of answers, routes or pages.
"""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from knowledge import store
from knowledge.database import generation
from knowledge.embed import DIMENSIONS, Encoder, cosine, load_encoder
from knowledge.index import Hit
from knowledge.library import Library
from knowledge.products import mentioned, name_words
from knowledge.spelling import corrected
from knowledge.text import content_words, stem, unique, words
from knowledge.types import Evidence, Found, Manual, Passage

MAX_CHARACTERS = 2_000
DRIVE_BUDGET = 5_000  # postings the rarest terms may have together
CANDIDATES = 60
WEIGHTS = (1.0, 0.25, 0.6, 0.4)  # words, neighbouring words, meaning, heading fit; tests/bench/bench_retrieval.py
AMBIGUOUS = 0.9  # another product's best passage this near to the best: the question does not say which product


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of the live manuals: word to passages, stem to passages, and the words as a list."""

    generation: int
    manuals: tuple[Manual, ...]
    passages: int
    counts: Mapping[str, int]
    stems: Mapping[str, int]
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question made ready: its stems with their weight (IDF), how sure each is (less after a spelling fix)."""

    text: str
    stems: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    idf: Mapping[str, float]
    sure: Mapping[str, float]
    vector: np.ndarray | None


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A passage with its measures: BM25; and from 0 to 1 neighbouring words, meaning, coverage, heading fit."""

    id: int
    version_id: int
    hash: str
    words: float
    pairs: float
    meaning: float
    coverage: float
    heading: float
    found_by: tuple[str, ...]
    score: float = 0.0


class Search:
    """Finds evidence in one library. Safe for threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._vocabulary: Vocabulary | None = None

    def find(self, question: str, product: str = "", limit: int = 10) -> Found:
        """The best passages for a question, limited to ``product`` or to the products that the question names."""
        vocabulary = self.vocabulary()
        question = question.encode("utf-8", "replace").decode()[:MAX_CHARACTERS]
        scope = self._scope(question, product, vocabulary)
        asked = self._prepare(question, scope, vocabulary)
        versions = {m.version_id: m for m in vocabulary.manuals if not scope or m.product in scope}
        if not asked.stems or not versions:
            return Found((), 0.0, scope[0] if len(scope) == 1 else "", asked=asked.text)
        rare, frequent = self._driving(asked, vocabulary)
        hits = self._library.index.search(rare, frequent, asked.vector, versions.keys(), CANDIDATES)
        ranked = _ranked(self._measure(hits, asked, vocabulary))
        folded = _fold(ranked, versions)
        evidence = self._evidence(folded[:limit], versions)
        match = match_probability(folded, asked)
        named = scope[0] if len(scope) == 1 else ""
        return Found(evidence, match, named, _contenders(folded, versions) if not scope else (), asked.text)

    def vocabulary(self) -> Vocabulary:
        """The words of what is live now; read again after a change."""
        db = self._library.connections.db
        now = generation(db)
        with self._lock:
            if self._vocabulary is None or self._vocabulary.generation != now:
                self._vocabulary = self._read_vocabulary(now)
            return self._vocabulary

    def _read_vocabulary(self, now: int) -> Vocabulary:
        manuals = self._library.manuals()
        rows = self._library.connections.db.execute(
            "SELECT word, sum(y.passages) FROM vocabulary y JOIN versions v ON v.id = y.version_id"
            " WHERE v.state = 'live' GROUP BY word"
        )
        counts = {word: int(count) for word, count in rows}
        by_stem: dict[str, int] = {}
        for word, count in counts.items():
            by_stem[stem(word)] = by_stem.get(stem(word), 0) + count
        spellings = tuple(word for word, count in counts.items() if count > 1 and word.isalpha())
        return Vocabulary(now, manuals, sum(m.passages for m in manuals), counts, by_stem, spellings)

    def _scope(self, question: str, product: str, vocabulary: Vocabulary) -> tuple[str, ...]:
        products = unique(manual.product for manual in vocabulary.manuals if manual.product)
        if product:
            return tuple(name for name in products if name.casefold() == product.casefold()) or (product,)
        return mentioned(question, products)

    def _prepare(self, question: str, scope: Sequence[str], vocabulary: Vocabulary) -> _Asked:
        encoder = load_encoder()
        in_names = {word for product in scope for word in name_words(product)}
        terms = [word for word in content_words(question) if word not in in_names] or content_words(question)
        fixes = corrected(unique(terms), vocabulary.counts, vocabulary.spellings, _knows(encoder))
        terms = [fixes.get(term, term) for term in terms]
        fixed = {stem(word) for word in fixes.values()}
        order = [stem(fixes.get(word, word)) for word in words(question) if word not in in_names]
        keep = unique(stem(term) for term in terms)
        idf = {term: _idf(term, vocabulary) for term in keep}
        text = _replaced(question, fixes)
        vector = encoder.encode([text])[0] if encoder else None
        solid = [term for term in order if term in idf]
        sure = {s: 0.7 if s in fixed else 1.0 for s in keep}
        return _Asked(text, tuple(keep), tuple(zip(solid, solid[1:], strict=False)), idf, sure, vector)

    def _driving(self, asked: _Asked, vocabulary: Vocabulary) -> tuple[list[str], list[str]]:
        """The rarest terms (at least two, at most DRIVE_BUDGET postings) and the others."""
        there = [s for s in asked.stems if vocabulary.stems.get(s)]
        ordered = sorted(there, key=lambda s: vocabulary.stems[s])
        rare, spent = [], 0
        for term in ordered:
            if len(rare) >= 2 and spent + vocabulary.stems[term] > DRIVE_BUDGET:
                break
            rare.append(term)
            spent += vocabulary.stems[term]
        return rare, [term for term in ordered if term not in rare]

    def _measure(self, hits: Sequence[Hit], asked: _Asked, vocabulary: Vocabulary) -> list[_Candidate]:
        by_id = {hit.id: hit for hit in hits}
        wanted = ",".join(str(id) for id in by_id)
        rows = self._library.connections.db.execute(
            "SELECT p.id, p.version_id, p.hash, p.stems, p.vectors, s.path FROM passages p"
            f" JOIN sections s ON s.id = p.section_id WHERE p.id IN ({wanted})"
        )
        return [
            _Candidate(
                id, version_id, content, by_id[id].words, _share_of_pairs(asked, held), _meaning(asked, vectors),
                _coverage(asked, held), _heading_fit(asked, json.loads(path), vocabulary), _legs(by_id[id]),
            )
            for id, version_id, content, held, vectors, path in rows
        ]  # fmt: skip

    def _evidence(self, chosen: Sequence[_Candidate], versions: Mapping[int, Manual]) -> tuple[Evidence, ...]:
        held: dict[int, Passage] = store.passages(self._library.connections.db, [found.id for found in chosen])
        return tuple(
            Evidence(held[found.id], versions[found.version_id], round(found.score, 4), found.found_by)
            for found in chosen
            if found.id in held
        )


def _idf(term: str, vocabulary: Vocabulary) -> float:
    """Inverse document frequency of a stem, as BM25 counts it; never below 0."""
    size = max(vocabulary.passages, 1)
    count = min(vocabulary.stems.get(term, 0), size)
    return math.log(1 + (size - count + 0.5) / (count + 0.5))


def _scaled(values: Sequence[float]) -> list[float]:
    """Values from 0 (the smallest) to 1 (the largest); equal values give 1, or 0 when they are 0."""
    low, high = min(values), max(values)
    if high - low < 1e-9:
        return [1.0 if high > 0 else 0.0] * len(values)
    return [(value - low) / (high - low) for value in values]


def _ranked(found: Sequence[_Candidate]) -> list[_Candidate]:
    """Best first, by the weighted sum of the measures, each scaled over these candidates."""
    if not found:
        return []
    legs = [_scaled([c.words for c in found]), _scaled([c.pairs for c in found]), _scaled([c.meaning for c in found])]
    measures = zip(*legs, [c.heading for c in found], strict=True)
    scores = [sum(w * part for w, part in zip(WEIGHTS, row, strict=True)) / sum(WEIGHTS) for row in measures]
    scored = [replace(candidate, score=score) for candidate, score in zip(found, scores, strict=True)]
    return sorted(scored, key=lambda candidate: (-candidate.score, candidate.id))


def _heading_fit(asked: _Asked, path: Sequence[str], vocabulary: Vocabulary) -> float:
    """IDF-weighted share of the last heading's words that the question has: 1 when the heading is what is asked for."""
    if not path:
        return 0.0
    weights = {term: _idf(term, vocabulary) for term in map(stem, content_words(path[-1]))}
    return sum(w for term, w in weights.items() if term in asked.stems) / max(sum(weights.values()), 1e-9)


def _knows(encoder: Encoder | None) -> Callable[[str], bool]:
    """Tells right words of the language from misspelt ones; without an encoder, none is known to be right."""
    return encoder.knows if encoder else lambda word: False


def _replaced(question: str, fixes: Mapping[str, str]) -> str:
    """The question with its misspelt words replaced, other words as typed."""
    if not fixes:
        return question
    return " ".join(fixes.get("".join(words(part)[:1]), part) for part in question.split())


def _share_of_pairs(asked: _Asked, held: str) -> float:
    """Share of the question's neighbouring words that are neighbours in the passage too, weighted by IDF."""
    weights = [asked.idf.get(a, 0.0) + asked.idf.get(b, 0.0) for a, b in asked.pairs]
    found = [weight for (a, b), weight in zip(asked.pairs, weights, strict=True) if f" {a} {b} " in held]
    return sum(found) / total if (total := sum(weights)) else 0.0


def _coverage(asked: _Asked, held: str) -> float:
    """IDF-weighted share of the question's words that the passage or its heading path holds."""
    total = sum(asked.idf.values())
    return sum(asked.idf[s] * asked.sure[s] for s in asked.stems if f" {s} " in held) / total if total else 0.0


def _meaning(asked: _Asked, vectors: bytes | None) -> float:
    """Largest cosine of the question with the passage or one of its sentences."""
    if asked.vector is None or not vectors:
        return 0.0
    return float(cosine(asked.vector, np.frombuffer(vectors, dtype=np.int8).reshape(-1, DIMENSIONS)).max())


def _legs(hit: Hit) -> tuple[str, ...]:
    return tuple(name for name, score in (("words", hit.words), ("meaning", hit.meaning)) if score)


def _fold(ranked: Sequence[_Candidate], versions: Mapping[int, Manual]) -> list[_Candidate]:
    """Leaves out a passage whose text stands higher up in a manual of the same product."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for found in ranked:
        key = (versions[found.version_id].product or versions[found.version_id].id, found.hash)
        if key not in seen:
            seen.add(key)
            kept.append(found)
    return kept


def _contenders(ranked: Sequence[_Candidate], versions: Mapping[int, Manual]) -> tuple[str, ...]:
    """The products whose best passage is about as good as the best; () when one stands out or all say the same."""
    if not ranked:
        return ()
    near = [found for found in ranked if found.score >= AMBIGUOUS * ranked[0].score]
    products = unique(versions[found.version_id].product for found in near if versions[found.version_id].product)
    same = len({found.hash for found in near}) == 1
    return tuple(products) if len(products) > 1 and not same else ()


def match_probability(ranked: Sequence[_Candidate], asked: _Asked) -> float:
    """The probability that the first passages answer the question: a logistic model of coverage and meaning.

    Coefficients: fitted by tests/bench/fit_match.py on questions that the manuals answer and that they do not.
    """
    if not ranked:
        return 0.0
    coverage = max(found.coverage for found in ranked[:5])
    meaning = max(found.meaning for found in ranked[:5])
    return 1 / (1 + math.exp(-(-6 + 7 * coverage + 5 * meaning)))
