"""How well a passage fits a question: its measures, their fusion, and the calibrated match. Pure.

Knows stems, counts and vectors; nothing of databases, manuals or products.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from knowledge.search.embeddings import DIMENSIONS, cosine
from knowledge.search.languages import ENGLISH, stem
from knowledge.search.synonyms import Term
from knowledge.search.wording.codes import Code, holds
from knowledge.text import fold, words
from knowledge.types import Manual

# What each of ``measures`` weighs; tests/bench/fit_ranking.py. The last two were fitted where eight passages were compared;
# 1.4 times that is best over six sets where 24 are, and more gains nothing.
SENTENCES = 24  # of the best candidates by the other measures are compared by the meaning of the whole passage
WEIGHTS = (2.79, 1.06, 3.14, 2.69, 0.64, 1.16, 1.4, 0.27, 2.07, 0.2)
WEIGHTS_WITH_SENTENCES = (1.78, 0.83, 1.74, 2.11, 0.98, 0.35, 1.31, 0.0, 1.55, 0.23, 2.74, 2.66)
# Intercept and the coefficients of ``signals_of``, in its order; tests/bench/fit_match.py
MATCH = {  # by whether the words' and the sentences' encoder are there
    (True, True): (-2.09, 1.8, 0.49, -1.5, -0.09, 0.44, 2.38, 1.32, -1.4, 1.63, 1.83),
    (False, True): (-2.04, 1.87, 0.0, -1.5, -0.07, 0.55, 2.62, 0.0, -1.4, 1.8, 1.91),
    (True, False): (-2.0, 1.54, 1.61, -2.95, 0.22, 1.18, 3.23, 0.78, -1.34, 0.0, 0.0),
    (False, False): (-1.5, 1.85, 0.0, -3.2, 0.38, 1.44, 3.5, 0.0, -1.36, 0.0, 0.0),
}
EVERY_WORD = 1.0  # what any word of a question weighs in coverage beside its IDF
AVERAGE = 100  # stems of a passage with its heading path
_HOW_MUCH = r"\bhow\s+(?:many|much|long|often|far|big|large|small|heavy|high|tall|wide|deep|thick|fast|loud|hot|cold|strong)\b"
PROPERTY = (  # "what frame rate does it", "what is the weight of"
    r"\b(?:what|which)(?:['’]s|\s+(?:is|are|was|were))?\s+(?:the\s+)?(?:[\w-]+\s+){0,2}?(?:temperature|speed|rate|voltage|wattage|weight"
    r"|height|width|depth|thickness|frequency|resolution|capacity|distance|pressure|torque)\s+(?:do|does|is|are|can|should|must|of|for|at|in)\b"
)
IN_UNITS = r"\bin\s+(?:inch(?:es)?|mm|cm|millimet(?:er|re)s|centimet(?:er|re)s|feet|grams|kg|pounds|ounces|mah|gb|mb|watts|volts|hours|minutes|seconds)\b"
_QUANTITY = re.compile(  # a question whose answer is a number
    rf"{_HOW_MUCH}|{PROPERTY}"
    r"|\b(?:cost|price|weigh|weight|(?:maximum|minimum|max|min|highest|lowest|largest|longest|shortest|biggest)\s+\w+)\b"
    r"|^\W*(?:the\s+)?(?:(?:screen|display|battery|package|box)\s+size|dimensions|capacity)\s+(?:of|for|on)\b"
    rf"|{IN_UNITS}",
    re.I,
)
# "Where do I see how much space is left?", "How do I set how often it rings?": steps are asked for
_LOOKED_UP = re.compile(
    rf"\b(?:where|how\s+(?:do|does|did|can|could|to|would|should))\b[^.?!]*{_HOW_MUCH}", re.I
)
_IN_DIGITS = re.compile(r"(?<![^\W_])\d")  # not that of a name, as in "s10e"
_IN_WORDS = re.compile(
    r" (?:two|three|four|five|six|seven|eight|nine|ten|twelv|twenti|thirti|hundr|thousand|onc|twice|dozen|half|unlimit) "
)
_HOW_MANY, _TIMES = re.compile(r"\bhow many (?!times\b)", re.I), re.compile(r" (?:onc|twice) ")
_MODEL = re.compile(
    r"(?<![^\W_])(?:[^\W\d_]{3,}[ _-])?[A-Za-z]{1,3}-?\d{1,5}[A-Za-z]{0,2}(?![^\W_])"
)
LACKING = 0.3  # share of its score that a passage loses with all the codes of a question
OTHER = 0.3  # and that one in quite another language than the question's
SYNONYM = 0.8  # how much another word for what was asked counts


def asks_figure(question: str) -> bool:
    """Say whether the answer to a question is a number, and not where or how to see or set one."""
    return bool(_QUANTITY.search(question)) and not _LOOKED_UP.search(question)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of the live manuals: folded word to passages, stem to passages, and the words as a list; what else customers
    call things (``own``, as stems, by language); the words as they are written with accents, by the folded word; the
    stems that may be compounds (``compounds.joined``); the stems of the manuals in each language; and by version what kind
    of thing the product is ("pump"), folded."""

    generation: int
    manuals: tuple[Manual, ...]
    passages: int
    counts: Mapping[str, int]
    stems: Mapping[str, int]
    spellings: tuple[str, ...]
    own: Mapping[str, Mapping[Term, frozenset[Term]]]
    accents: Mapping[str, str] = field(default_factory=dict)
    compounds: str = ""
    by_language: Mapping[str, Collection[str]] = field(default_factory=dict)
    kinds: Mapping[int, frozenset[str]] = field(default_factory=dict)

    def has(self, term: str, language: str) -> bool:
        """Whether a manual in a language has a stem; a code is of every language."""
        if any(map(str.isdigit, term)) or language not in self.by_language:
            return term in self.stems
        return term in self.by_language[language]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question made ready for passages of one language: its words, their stems with weight (IDF) and how sure each is (less after a spelling fix).

    ``vector`` is its meaning by its words, ``sentence`` as a whole; ``other`` are the terms that may stand in a manual in place of a stem;
    ``any_product`` are the stems that customers call any product by ("the machine"), which no passage need have;
    ``spoken`` is the share of its words that are stop words of the language; ``codes`` are those it asks about;
    ``whole``: it is about what is done to the product itself ("restart the S10").
    """

    text: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    idf: Mapping[str, float]
    sure: Mapping[str, float]
    vector: np.ndarray | None
    sentence: np.ndarray | None = None
    other: Mapping[str, frozenset[Term]] = field(default_factory=dict)
    language: str = ENGLISH
    spoken: float = 0.0
    codes: tuple[Code, ...] = ()
    any_product: frozenset[str] = frozenset()
    whole: bool = False

    @property
    def quantity(self) -> bool:
        """Is a number asked for, as by "how many" or "how heavy"?"""
        return asks_figure(self.text)

    def spread(self) -> frozenset[str]:
        """The stems of what may stand in a manual in place of the question's words."""
        return frozenset(s for terms in self.other.values() for term in terms for s in term)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its measures: BM25; and from 0 to 1 neighbouring words, codes, meaning, coverage, heading fit, how
    far the question names the passage's manual; whether it holds a number, or none is asked for; and the meaning of the whole passage, for the best candidates only. ``spoken`` is how much the question speaks the passage's language, beside the
    others of the library. ``score`` orders them; ``plain`` is the score without the whole
    passage's meaning. ``told`` is what its heading leaves of the score (``wording.sections.told_by``)."""

    id: int
    version_id: int
    section: tuple[str, ...]
    hash: str
    words: float
    pairs: float
    codes: float
    meaning: float
    coverage: float
    heading: float
    named: float
    number: bool
    found_by: tuple[str, ...]
    sentence: float | None = None
    plain: float = 0.0
    score: float = 0.0
    language: str = ENGLISH
    spoken: float = 1.0
    told: float = 1.0


def idf_of(term: str, vocabulary: Vocabulary) -> float:
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


def measures(found: Sequence[Candidate]) -> list[tuple[float, ...]]:
    """What candidates are ranked by, a row each: BM25, neighbouring words, meaning and coverage scaled over the
    candidates; neighbouring words, meaning and coverage as they are; heading fit, also times coverage; how far the
    question names the manual; and, where it is known of some, the meaning of the whole passage, scaled and as it is,
    the others counting as the lowest of them."""
    pairs, meaning = [c.pairs for c in found], [c.meaning for c in found]
    coverage, heading = [c.coverage for c in found], [c.heading for c in found]
    columns = [
        _scaled([c.words for c in found]), _scaled(pairs), _scaled(meaning), _scaled(coverage),
        pairs, meaning, coverage, heading, [c.heading * c.coverage for c in found], [c.named for c in found],
    ]  # fmt: skip
    known = [c.sentence for c in found if c.sentence is not None]
    if known:
        sentence = [min(known) if c.sentence is None else c.sentence for c in found]
        columns += [_scaled(sentence), sentence]
    return list(zip(*columns, strict=True))


def ranked(found: Sequence[Candidate]) -> list[Candidate]:
    """Best first, by the weighted mean of the measures, less for a passage that lacks the codes asked about (to an encoder
    "E04" and "E07" mean the same), is in another language, or by its heading is about something else."""
    if not found:
        return []
    rows = measures(found)
    weights = WEIGHTS if len(rows[0]) == len(WEIGHTS) else WEIGHTS_WITH_SENTENCES
    scores = [
        sum(w * part for w, part in zip(weights, row, strict=True)) / sum(weights) for row in rows
    ]
    scored = [
        replace(
            one,
            score=(
                score := mean
                * (1 - LACKING * (1 - one.codes))
                * (1 - OTHER * (1 - one.spoken))
                * one.told
            ),
            plain=one.plain or score,
        )
        for one, mean in zip(found, scores, strict=True)
    ]
    return sorted(scored, key=lambda candidate: (-candidate.score, candidate.id))


@lru_cache(maxsize=2_000)
def _name_words(name: str, product: str, file_name: str) -> frozenset[str]:
    """The words of a manual's name and product, and the model in its file's name ("Kestrel_K7_user_manual.pdf")."""
    models = (match.group() for match in _MODEL.finditer(file_name.rpartition(".")[0]))
    return frozenset(words(" ".join([name, product, *models])))


def words_of(held: str, weights: Mapping[str, float]) -> float:
    """BM25 (k1 1.2, b .75) of a passage's stems for weighted terms, counted here so that every engine ranks alike.

    The average length is a constant: passages are cut to about one size.
    """
    stems_of = held.split()
    length = 1.2 * (0.25 + 0.75 * len(stems_of) / AVERAGE)
    counts = Counter(term for term in stems_of if term in weights)
    return sum(weights[term] * 2.2 * n / (n + length) for term, n in counts.items())


def share_of_pairs(asked: Asked, held: str) -> float:
    """Share of the question's neighbouring words that are neighbours in the passage too, weighted by IDF."""
    weights = [asked.idf.get(a, 0.0) + asked.idf.get(b, 0.0) for a, b in asked.pairs]
    found = [
        weight for (a, b), weight in zip(asked.pairs, weights, strict=True) if f" {a} {b} " in held
    ]
    return sum(found) / total if (total := sum(weights)) else 0.0


def share_of_codes(asked: Asked, held: str, names: frozenset[str]) -> float:
    """Share of the question's codes ("E04", "80070057") that the passage has, "E-04" being the same; 1 without any."""
    codes = [c for c in asked.codes if c.joined not in names and not names.issuperset(c.parts)]
    if not codes:
        return 1.0
    return sum(holds(held, code) for code in codes) / len(codes)


def holds_number(asked: Asked, held: str) -> bool:
    """Does the text of a passage hold a number, where the question asks for one? True where it does not."""
    if not asked.quantity:
        return True
    text = held.partition(" | ")[2] or held
    if _HOW_MANY.search(asked.text):  # "once" says how often
        text = _TIMES.sub(" ", f" {text} ")
    return bool(_IN_DIGITS.search(text) or _IN_WORDS.search(f" {text}"))


def is_code(word: str) -> bool:
    """Is a word a code rather than a plain number: letters and digits together, or at least five digits?"""
    digits = sum(map(str.isdigit, word))
    return digits >= 5 or (digits > 0 and len(word) > digits and len(word) > 2)


def lacks_code(candidates: Sequence[Candidate], all_of_them: bool = False) -> bool:
    """Does the best section hold none of the codes that the question asks about, or not ``all_of_them``?"""
    if not candidates:
        return False
    place = (candidates[0].version_id, candidates[0].section)
    held = max(c.codes for c in candidates if (c.version_id, c.section) == place)
    return held < 1 if all_of_them else not held


def coverage_of(asked: Asked, held: str, names: frozenset[str]) -> float:
    """Weighted share of the question's words that the passage, its heading path or its manual's name holds.

    A word weighs its IDF plus EVERY_WORD, so that in a small library, where the words of its matter stand everywhere,
    they still count beside a word that stands nowhere. What any product is called by counts for nothing.
    """
    meant = [s for s in asked.stems if s not in asked.any_product] or asked.stems
    weight = {s: asked.idf[s] + EVERY_WORD for s in meant}
    there = sum(weight[s] * asked.sure[s] * _held_share(asked, s, held, names) for s in meant)
    return there / total if (total := sum(weight.values())) else 0.0


def _held_share(asked: Asked, term: str, held: str, names: frozenset[str]) -> float:
    """1 where a word stands in the passage, SYNONYM where another word for it does, else 0."""
    if f" {term} " in held or term in names:
        return 1.0
    others = asked.other.get(term, ())
    return SYNONYM if any(all(f" {s} " in held for s in each) for each in others) else 0.0


def names_of(asked: Asked, manual: Manual, vocabulary: Vocabulary) -> frozenset[str]:
    """Stems of the question's words that stand, as they are, in the manual's name or product, or say what the product is."""
    kinds = vocabulary.kinds.get(manual.version_id, frozenset())
    held = _name_words(manual.name, manual.product, manual.file_name) | kinds
    return frozenset(stem(word, asked.language) for word in asked.words if fold(word) in held)


def named_share(asked: Asked, names: frozenset[str]) -> float:
    """IDF-weighted share of the question's words that name the manual."""
    total = sum(asked.idf.values())
    return sum(asked.idf[s] for s in names if s in asked.idf) / total if total else 0.0


def meaning_of(asked: Asked, vectors: bytes | None) -> float:
    """Largest cosine of the question with the passage or one of its sentences."""
    if asked.vector is None or not vectors:
        return 0.0
    return float(
        cosine(asked.vector, np.frombuffer(vectors, dtype=np.int8).reshape(-1, DIMENSIONS)).max()
    )


def first_of(these: Sequence[Candidate], candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates with some of them first."""
    return [*these, *(one for one in candidates if one not in these)]


def sentence_meaning(asked: Asked, vector: bytes) -> float:
    """Cosine of the question with a whole passage."""
    assert asked.sentence is not None
    return float(cosine(asked.sentence, np.frombuffer(vector, dtype=np.int8)[None, :])[0])


def said_of_best(
    candidates: Sequence[Candidate], asked: Asked, vocabulary: Vocabulary
) -> frozenset[str]:
    """The stems of a question that say what it is about and are so of the best passage's manual: its name, or any product's."""
    manual = next((m for m in vocabulary.manuals if m.version_id == candidates[0].version_id), None)
    return asked.any_product | (names_of(asked, manual, vocabulary) if manual else frozenset())


def as_measured(ways: Mapping[str, Asked], found: Sequence[Candidate]) -> Asked:
    """The question as the best candidate was measured by it."""
    return ways[found[0].language] if found else next(iter(ways.values()))


def signals_of(
    candidates: Sequence[Candidate], asked: Asked, vocabulary: Vocabulary
) -> tuple[float, ...]:
    """What the match is judged by: of the best section, among the first eight passages, the coverage, meaning, share of
    unknown words in the question, heading fit, neighbouring words; how far it stands above the next section, in score
    and in meaning; 1 where it lacks the number that is asked for; and the meaning of its whole passages, and how far
    that stands above the next section's (0 where it is not known)."""
    if not candidates:
        return (0.0, 0.0, 1.0, *[0.0] * 7)
    best = candidates[0]
    place = (best.version_id, best.section)
    own = [c for c in candidates[:8] if (c.version_id, c.section) == place]
    others = [c for c in candidates if (c.version_id, c.section) != place]
    said = said_of_best(candidates, asked, vocabulary)
    missing = sum(not known_of(asked, term, vocabulary) for term in asked.stems if term not in said)
    meaning = max(c.meaning for c in own)
    sentence = max((c.sentence or 0.0 for c in own), default=0.0)
    return (
        max(c.coverage for c in own),
        meaning,
        missing / max(len(asked.stems), 1),
        best.heading,
        max(c.pairs for c in own),
        best.score - (others[0].score if others else 0.0),
        meaning - max((c.meaning for c in others), default=0.0),
        float(not any(c.number for c in own)),
        sentence,
        sentence - max((c.sentence or 0.0 for c in others), default=0.0),
    )


def known_of(asked: Asked, term: str, vocabulary: Vocabulary) -> bool:
    """Does any manual have a word, or another word for it?"""
    others = asked.other.get(term, ())
    return vocabulary.has(term, asked.language) or any(
        all(vocabulary.has(s, asked.language) for s in each) for each in others
    )


def match_probability(
    signals: Sequence[float], with_meaning: bool, with_sentences: bool = False
) -> float:
    """The probability that the best section answers the question, by a logistic model of ``signals_of``.

    Coefficients: tests/bench/fit_match.py, fitted on questions in customers' words and in the manual's, over libraries
    that answer them and that do not.
    """
    fitted = MATCH[with_meaning, with_sentences]
    return 1 / (1 + math.exp(-sum(c * x for c, x in zip(fitted, (1.0, *signals), strict=True))))
