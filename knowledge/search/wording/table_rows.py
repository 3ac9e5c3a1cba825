"""The row of a table that has the figure a question of quantity asks for. Knows the catalog and measured passages."""

from __future__ import annotations

import math
from collections.abc import Sequence

from knowledge.catalog import Catalog
from knowledge.search.languages import AS_ENGLISH, stems
from knowledge.search.ranking import Asked, Candidate, Vocabulary
from knowledge.search.wording.quantities import holds_figure, quantities
from knowledge.text import pieces
from knowledge.types import Passage

LOOKED_AT = 20  # passages whose rows are read
EVERYWHERE = 0.5  # share of the passages from which a word of them says what all are about, where they are of one thing


def row_of_figure(
    catalog: Catalog, asked: Asked, found: Sequence[Candidate], vocabulary: Vocabulary
) -> Candidate | None:
    """The first of the best passages with a row that has a figure and all words of a question of quantity.

    "The pump" is what the manual of a pump is about or called, and stands in no row of it. None for other questions, and where the
    rows are of several manuals that are not all of one product.
    """
    named = quantities(stems(asked.text, asked.language))
    if asked.language not in AS_ENGLISH or not named.keys() & set(asked.stems):
        return None
    of = {manual.version_id: manual for manual in vocabulary.manuals}
    alone = len({manual.product or manual.id for manual in of.values()}) == 1
    most = EVERYWHERE * vocabulary.passages if alone else math.inf
    wanted = [s for s in asked.stems if s in named or vocabulary.stems.get(s, 0) < most]
    best = found[:LOOKED_AT]
    held = catalog.passages([one.id for one in best])
    rows = {one.id: _rows(catalog, held[one.id]) for one in best if one.id in held}
    held_by: list[Candidate] = []
    for one in best:
        names = f"{of[one.version_id].name} {of[one.version_id].product}"
        called = frozenset(stems(names, asked.language))
        left = [s for s in wanted if s not in called]
        if any(holds_figure(row, left, named) for row in rows.get(one.id, ())):
            held_by.append(one)
    things = {of[one.version_id].product or one.version_id for one in held_by}
    return held_by[0] if len(things) == 1 else None


def _rows(catalog: Catalog, passage: Passage) -> list[str]:
    """The rows of the tables in a passage, as stems."""
    page = catalog.page(passage.version_id, passage.page)
    spans = (span for block in page.blocks if block.kind == "table" for span in pieces(page, block))
    return [
        " ".join(stems(page.text[start:end], passage.language))
        for start, end in spans
        if passage.start <= start and end <= passage.end
    ]
