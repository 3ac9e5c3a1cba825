"""Reads the words of the manuals that are live. Knows the catalog."""

from __future__ import annotations

from knowledge.catalog import Catalog
from knowledge.search.asking import languages_of, measured_in
from knowledge.search.indexes.phrases import Phrases
from knowledge.search.languages import ENGLISH, all_stems, stem
from knowledge.search.ranking import Vocabulary
from knowledge.search.synonyms import both_ways
from knowledge.search.wording.compounds import COMPOUNDING, joined
from knowledge.text import fold


def read_vocabulary(catalog: Catalog, phrases: Phrases, now: int) -> Vocabulary:
    """The words of all manuals in how many passages each, as of generation ``now`` of the catalog."""
    manuals, own = catalog.manuals(), catalog.synonyms()
    counts: dict[str, int] = {}
    by_stem: dict[str, int] = {}
    by_language: dict[str, set[str]] = {}
    written: dict[str, str] = {}
    compounds: set[str] = set()
    for told, found in catalog.word_counts().items():
        languages = told or (ENGLISH,)
        for word, count in found.items():
            folded, stems = fold(word), all_stems(word, languages)
            for language in languages:
                by_language.setdefault(measured_in(language), set()).add(stem(word, language))
            counts[folded] = counts.get(folded, 0) + count
            if word != folded:
                written.setdefault(folded, word)
            for each in stems:
                by_stem[each] = by_stem.get(each, 0) + count
            if COMPOUNDING.intersection(languages):
                compounds.update(stems)
    for found in catalog.word_counts().values() if written else ():
        for word in written.keys() & found.keys():  # it stands there without accents too
            del written[word]
    spellings = tuple(filter(str.isalpha, counts))
    return Vocabulary(
        now, manuals, sum(m.passages for m in manuals), counts, by_stem, spellings,
        {language: both_ways(own, language) for language in languages_of(manuals)},
        written, joined(compounds) if compounds else "", by_language,
        {m.version_id: phrases.kinds_of(m) for m in manuals},
    )  # fmt: skip
