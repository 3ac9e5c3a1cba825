"""Whether what a question asks of a product is described for others of its family only. Knows the catalog and an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.catalog import Catalog
from knowledge.search.indexes.phrases import Phrases
from knowledge.search.languages import AS_ENGLISH, stem, stems
from knowledge.search.products.names import CONNECTIONS, in_family
from knowledge.search.ranking import Asked, Candidate
from knowledge.text import fold, sentences, words
from knowledge.types import Manual

# Of greetings and judgements, not of what is asked
_SPARE = frozenset(
    "thanks thank hello hi dear good nice great best new old please help problem question".split()
)


def only_elsewhere(
    catalog: Catalog,
    phrases: Phrases,
    asked: Asked,
    found: Sequence[Candidate],
    manuals: Mapping[int, Manual],
) -> bool:
    """Say whether another product of the family has a section that is headed by a word of an English question ("fingerprint"),
    which the product's own ``manuals``, by version, do not mention, nor the best section ``found`` by another word.

    What a customer says beside is not looked at: the word stands in the sentence that asks, and the best section is not
    headed by any other word of it.
    """
    best = found[0]
    if asked.language not in AS_ENGLISH or best.heading:
        return False
    product = manuals[best.version_id].product
    place = (best.version_id, best.section)
    own = [one.id for one in found if (one.version_id, one.section) == place]
    held = {part for one in catalog.measured(own) for part in one.stems.split()}
    spare = asked.any_product | {*stems(product, asked.language)}
    told = [asked.text[start:end] for start, end in sentences(asked.text)]
    asking = " ".join(one for one in told if one.endswith("?")) or asked.text
    said = {fold(word) for word in words(asking)} - _SPARE - CONNECTIONS
    for word in asked.words:
        term = stem(word, asked.language)
        if fold(word) not in said or term not in asked.stems or term in spare:
            continue
        others = (way for way in asked.other.get(term, ()) if not term.startswith(way[0]))
        if any(held.issuperset(way) for way in ((term,), *others)):  # a finger is no fingerprint
            continue
        if phrases.mentions(manuals, [(term,)]):
            continue
        headed = catalog.headed(word)  # its own product's too: another size of it has it
        if product in headed or in_family(product, headed):
            return True
    return False
