"""A question made ready for search, once for every language that passages are in: its words, stems, weights and meaning.

Knows the library's words; nothing of passages, engines or the database.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np

from knowledge.search.embeddings import Encoder, load_encoder
from knowledge.search.identification import likeliest
from knowledge.search.languages import (
    AS_ENGLISH,
    ENGLISH,
    UNSPACED,
    is_stop,
    is_word,
    stem,
    stop_words,
    words,
)
from knowledge.search.products.names import ANY_PRODUCT, deciding, name_words
from knowledge.search.ranking import Asked, Vocabulary, idf_of
from knowledge.search.sentence_encoder import load_sentence_encoder
from knowledge.search.synonyms import Term, alternatives, either, spellings_of_codes
from knowledge.search.wording.codes import codes_in
from knowledge.search.wording.compounds import (
    COMPOUNDING,
    parts_and_wholes,
    run_together,
    segmented,
)
from knowledge.search.wording.frames import NOT, STORY, with_apostrophes, without_frame
from knowledge.search.wording.quantities import (
    asks_adjective,
    complaints,
    drawing,
    of_whole,
    quantities,
    slowness,
)
from knowledge.search.wording.separable import (
    separable,
    third_person,
    with_particle_beside,
    with_whole_verb,
)
from knowledge.search.wording.spelling import (
    corrected,
    names_by_case,
    other_english,
    swapped_stop_word,
    with_letter_more,
)
from knowledge.search.wording.things import own_phones, phone_as_device, with_device
from knowledge.text import fold, unique
from knowledge.text import stem as plain_stem
from knowledge.text import words as plain_words
from knowledge.types import Manual

UNREAD = UNSPACED | {
    "ar",
    "bg",
    "el",
    "fa",
    "he",
    "hi",
    "ru",
    "th",
    "uk",
}  # by the encoder of sentences
_OF_WHOM = frozenset("the a an my your his her our their this that".split())
_JOINING = frozenset("on of for with in to from at".split())
LONG_NAME = 5  # letters from which a word of a product's name is taken for misspelt; "fild" may be many things
CODE_LETTERS = 3
CALLED_DEVICE = 0.1  # share of the passages that say "device", from which manuals call the phone so


class Questions:
    """One question, made ready for the languages that are asked for; its meaning is looked up once."""

    def __init__(self, question: str, scope: Sequence[str], vocabulary: Vocabulary) -> None:
        self._typed, self._vocabulary = question, vocabulary
        english = with_apostrophes(question, vocabulary.counts)
        self._in_names = {
            word for name in scope for word in {*name_words(name)} - deciding(question, name)
        }
        called = vocabulary.stems.get("devic", 0) >= CALLED_DEVICE * vocabulary.passages
        self._phones = own_phones(english) if called else frozenset[str]()
        english = phone_as_device(english) if called else english
        english = with_particle_beside(english, self._in_names)
        if "devic" in vocabulary.stems:
            english = with_device(english, self._in_names)
        self._question = lru_cache(
            lambda language: without_frame(
                english if language in AS_ENGLISH else question, language
            )
        )
        self._encoder, self._sentences = load_encoder(), load_sentence_encoder()
        self._vector = lru_cache(_vector_of)
        self._sentence = lru_cache(
            lambda text: self._sentences.encode(text) if self._sentences else None
        )

    def by_language(self, languages: Collection[str]) -> dict[str, Asked]:
        """The question as passages of each language are measured by it."""
        return {language: self.asked(language) for language in languages}

    def asked(self, language: str) -> Asked:
        """The question in one language's words and stems."""
        vocabulary, in_names = self._vocabulary, self._in_names
        everything = self._words(language)
        spare = [stops and not code for stops, code in self._marks(everything, language)]
        content = [w for w, out in zip(everything, spare, strict=True) if not out] or everything
        terms = [word for word in content if fold(word) not in in_names] or content
        own = vocabulary.own.get(language, {})
        # Another form of a word that the library has is no misspelling: "protector" beside "protectors".
        spelt = self._other_english(terms) if language in AS_ENGLISH else {}
        known = {part for term in own for part in term}.union(vocabulary.stems, spelt)
        named = names_by_case(self._question(language))
        strange = {fold(term): term for term in terms if stem(term, language) not in known}
        strange = {word: term for word, term in strange.items() if word not in named}
        right = _knows(self._encoder, strange, language)
        fixes = corrected([*strange], vocabulary.counts, vocabulary.spellings, right)
        terms = [self._accented(fixes.get(fold(term), term), language) for term in terms]
        fixed = {stem(self._accented(word, language), language) for word in fixes.values()}
        order = [
            stem(self._accented(fixes.get(fold(word), word), language), language)
            for word in everything
            if fold(word) not in in_names
        ]
        keep = unique(stem(term, language) for term in terms)
        other = either(self._written_otherwise(keep, order, language), spelt)
        if language in AS_ENGLISH:
            if fixes or any(self._is_slip(word, language) for word in everything):
                more = with_letter_more(keep, known, vocabulary.spellings)
                other = either(other, _as_terms(more))
                fixes |= {term: only for term, (only, *others) in more.items() if not others}
            keep, other = self._as_properties(keep, order, other)
        if language in COMPOUNDING:
            other = either(other, self._compounds(keep, language))
            other = either(other, separable(everything, language, vocabulary.stems))
            other = either(other, third_person(keep, language, vocabulary.stems))
        question = self._question(language)
        text = _replaced(question, fixes)
        shown = _replaced(self._typed, fixes)
        plain = _without_names(text, in_names)
        keep = self._without_frame(keep, order, other, language)
        weights = {term: _weight(term, other.get(term, ()), vocabulary) for term in keep}
        solid = [term for term in order if term in weights]
        return Asked(
            shown,
            tuple(terms),
            tuple(keep),
            tuple(zip(solid, solid[1:], strict=False)),
            weights,
            {s: 0.7 if s in fixed else 1.0 for s in keep},
            self._vector(plain),
            self._sentence(plain) if language not in UNREAD else None,
            other,
            language,
            sum(spare) / max(len(spare), 1),
            codes_in(question, in_names),
            frozenset(stem(term, language) for term in terms if fold(term) in ANY_PRODUCT),
            language in AS_ENGLISH and with_device(text, in_names | ANY_PRODUCT) != text,
        )

    def _written_otherwise(
        self, keep: Sequence[str], order: Sequence[str], language: str
    ) -> dict[str, frozenset[Term]]:
        """What else a manual may write for the stems of a question: other words, codes otherwise spelt, words run together."""
        vocabulary, kept = self._vocabulary, frozenset(keep)
        own = vocabulary.own.get(language, {})
        other = either(alternatives(order, kept, own, language), spellings_of_codes(order))
        return either(other, run_together(order, kept, vocabulary.stems, language))

    def _other_english(self, terms: Sequence[str]) -> dict[str, frozenset[Term]]:
        """For the stems of words that a manual spells as in the other English: that spelling."""
        counts = self._vocabulary.counts
        spelt = {stem(word, ENGLISH): other_english(fold(word), counts) for word in terms}
        return {
            term: frozenset({(stem(other, ENGLISH),)}) for term, other in spelt.items() if other
        }

    def _words(self, language: str) -> list[str]:
        if language in UNSPACED:
            return segmented(self._question(language), language, self._vocabulary.stems)
        return with_whole_verb(words(self._question(language), language), language)

    def _marks(self, everything: Sequence[str], language: str) -> list[tuple[bool, bool]]:
        """Of each word, whether it is a stop word, and whether it is the letter of a code ("E" of "E-04")."""
        after = [*everything, ""][1:]
        return [
            (self._is_stop(word, language), len(word) == 1 and following.isdigit())
            for word, following in zip(everything, after, strict=True)
        ]

    def _is_stop(self, word: str, language: str) -> bool:
        """Is a word a stop word, one that is mistyped ("teh"), or in English one of a customer's story that no manual has?"""
        english = language in AS_ENGLISH
        if is_stop(word, language) or (english and word in NOT):
            return True
        if fold(word) in self._vocabulary.counts or not word.isalpha():
            return False
        if english and word in STORY:
            return True
        return self._is_slip(word, language)

    def _is_slip(self, word: str, language: str) -> bool:
        """Is a word a mistyped stop word, "teh"?"""
        return swapped_stop_word(word, stop_words(language)) and not is_word(word, language)

    def _says_of_what(self, keep: Sequence[str], order: Sequence[str]) -> bool:
        """Say whether it is known of what a quantity is asked: "And how often?" by itself is about nothing."""
        meant = {manual.product or manual.id for manual in self._vocabulary.manuals}
        named = quantities(order)
        return bool(self._in_names) or len(meant) == 1 or any(word not in named for word in keep)

    def _as_properties(
        self, keep: list[str], order: Sequence[str], other: dict[str, frozenset[Term]]
    ) -> tuple[list[str], dict[str, frozenset[Term]]]:
        """A question's stems with the properties that its adjectives ask for: "length" for "how long", and for "too dark",
        where no manual says just that, "brightness"."""
        known = self._vocabulary.stems
        for said, properties in complaints(order).items():
            if slowness(said) and not of_whole(keep, said):
                continue
            if any(all(s in known for s in one) for one in properties):
                keep = unique(said if one in said.split() else one for one in keep)
                other = either(other, {said: properties})
        other = either(other, {one: frozenset({("devic",)}) for one in keep if one in self._phones})
        if not self._says_of_what(keep, order):
            return keep, other
        other = either(other, quantities(order))
        return self._without_adjectives(keep, order, other), other

    def _without_adjectives(
        self, keep: list[str], order: Sequence[str], other: Mapping[str, frozenset[Term]]
    ) -> list[str]:
        """A question's stems without "long" of "how long" and "draw" of "how many watts does it draw" where no manual says it or
        anything in its place."""
        known = self._vocabulary.stems
        spare = {
            word
            for word in asks_adjective(order) | drawing(order)
            if word not in known
            and not any(all(s in known for s in term) for term in other.get(word, ()))
        }
        return [word for word in keep if word not in spare] or keep

    def _without_frame(
        self,
        keep: list[str],
        order: Sequence[str],
        other: Mapping[str, frozenset[Term]],
        language: str,
    ) -> list[str]:
        """A question's stems without those that no manual has, where it asks about a code that one has ("Was bedeutet
        E-04?"): what is left of it says only how it is asked, in words that no manual needs. Not in English, which is
        asked in its own words."""
        known = self._vocabulary.stems
        codes = {stem for stem in keep if any(map(str.isdigit, stem)) and stem in known}
        codes -= {stem for stem in keep if stem.isdigit() and not _lettered(stem, order)}
        held = [
            s
            for s in keep
            if s in known or any(all(x in known for x in t) for t in other.get(s, ()))
        ]
        if not codes or len(held) == len(keep):
            return keep
        return keep if language in AS_ENGLISH and likeliest(self._typed)[0] == ENGLISH else held

    def _accented(self, word: str, language: str) -> str:
        """A word as the manuals write it, where they have it with accents only."""
        return word if language in AS_ENGLISH else self._vocabulary.accents.get(word, word)

    def _compounds(self, stems: Sequence[str], language: str) -> dict[str, frozenset[Term]]:
        found = {
            term: parts_and_wholes(
                term, language, self._vocabulary.compounds, self._vocabulary.stems
            )
            for term in stems
        }
        return {term: others - {(term,)} for term, others in found.items() if others}


def _lettered(number: str, order: Sequence[str]) -> bool:
    """Is a number the second part of a code, as "04" of "E-04"?"""
    at = (
        order.index(number) if number in order else 0
    )  # the number of a product's name is not there
    before = order[at - 1] if at else ""
    return before.isalpha() and len(before) <= CODE_LETTERS


def _vector_of(plain: str) -> np.ndarray | None:
    encoder = load_encoder()
    return encoder.encode([plain])[0] if encoder else None


def measured_in(language: str) -> str:
    """The language that a passage is measured in."""
    return ENGLISH if language in AS_ENGLISH else language


def languages_of(manuals: Iterable[Manual]) -> tuple[str, ...]:
    """The languages that passages of these manuals are measured in, at least one."""
    held = (measured_in(one) for manual in manuals for one in manual.languages or (ENGLISH,))
    return tuple(unique(held)) or (ENGLISH,)


def terms_of(asked: Asked, vocabulary: Vocabulary) -> list[str]:
    """The stems that passages are looked up by: the question's, and those of other words for them, as far as known."""
    near = sorted(asked.spread() - _stop_stems(asked.language))
    return [term for term in unique([*asked.stems, *near]) if vocabulary.stems.get(term)]


@lru_cache(maxsize=64)
def _stop_stems(language: str) -> frozenset[str]:
    return frozenset(stem(word, language) for word in stop_words(language))


def _weight(term: str, others: Collection[Term], vocabulary: Vocabulary) -> float:
    """A word's IDF; of one that no manual has, that of the rarest other word for it that one has."""
    if others and term not in vocabulary.stems:
        known = [s for each in others for s in each if s in vocabulary.stems]
        if known:
            return max(idf_of(s, vocabulary) for s in known)
    return idf_of(term, vocabulary)


def names_spelled(question: str, names: Collection[str], vocabulary: Vocabulary) -> str:
    """The question with misspelt words of products' names as the names have them ("galxy"), before products are looked for."""
    held, said = vocabulary.counts, [fold(word) for word in unique(plain_words(question))]
    strange = [
        word
        for word in said
        if len(word) >= LONG_NAME and word not in held and plain_stem(word) not in vocabulary.stems
    ]
    long = {name: held.get(name, 0) for name in names if len(name) >= LONG_NAME and name.isalpha()}
    return _replaced(question, corrected(strange, long, [*long], _knows(load_encoder(), {})))


def _knows(
    encoder: Encoder | None, typed: Mapping[str, str], language: str = ENGLISH
) -> Callable[[str], bool]:
    """Tells right words of the language, folded, from misspelt ones: by its dictionary, and names by the encoder's."""

    def known(word: str) -> bool:
        return is_word(typed.get(word, word), language) or bool(encoder and encoder.knows(word))

    return known


def _without_names(question: str, names: Collection[str]) -> str:
    """A question without the words of a product's name, nor what joins them to it ("on the", "with my").

    A product's name would pull every passage's meaning the same way; the scope has dealt with it.
    """
    kept: list[str] = []
    for part in question.split():
        said = plain_words(part)
        if not said or not all(fold(word) in names for word in said):
            kept.append(part)
            continue
        for joining in (_OF_WHOM, _JOINING):
            if kept and kept[-1].casefold() in joining:
                kept.pop()
    return " ".join(kept) or question


def _as_terms(found: Mapping[str, Collection[str]]) -> dict[str, frozenset[Term]]:
    """English words that may stand in place of a stem, as stems."""
    return {
        term: frozenset((stem(word, ENGLISH),) for word in words) for term, words in found.items()
    }


def _replaced(question: str, fixes: Mapping[str, str]) -> str:
    """The question with its misspelt words replaced, other words as typed."""
    if not fixes:
        return question
    return " ".join(fixes.get("".join(plain_words(part)[:1]), part) for part in question.split())
