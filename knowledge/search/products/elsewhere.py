"""Whether what a question asks of a product is described for others of its family only. Knows the catalog and an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from knowledge.catalog import Catalog
from knowledge.search.indexes.phrases import Phrases
from knowledge.search.languages import AS_ENGLISH, stem, stems
from knowledge.search.products.names import in_family
from knowledge.search.ranking import Asked, Candidate
from knowledge.types import Manual


def only_elsewhere(
    catalog: Catalog,
    phrases: Phrases,
    asked: Asked,
    found: Sequence[Candidate],
    manuals: Mapping[int, Manual],
) -> Literal["", "section", "all"]:
    """Say whether another product of the family has a section that is headed by a word of an English question ("fingerprint"),
    which the product's own ``manuals``, by version, do not mention: "section" where the best section ``found`` has no other
    word for it either, "all" where none has."""
    if asked.language not in AS_ENGLISH:
        return ""
    product = manuals[found[0].version_id].product
    place = (found[0].version_id, found[0].section)
    own = [one.id for one in found if (one.version_id, one.section) == place]
    held = {part for one in catalog.measured(own) for part in one.stems.split()}
    spare = asked.any_product | {*stems(product, asked.language)}
    for word in asked.words:
        term = stem(word, asked.language)
        if term not in asked.stems or term in spare:
            continue
        others = asked.other.get(term, ())
        if any(held.issuperset(way) for way in ((term,), *others)):
            continue
        if phrases.mentions(manuals, [(term,)]):
            continue
        headed = catalog.headed(word)  # its own product's too: another size of it has it
        if product in headed or in_family(product, headed):
            return "section" if phrases.mentions(manuals, others) else "all"
    return ""
