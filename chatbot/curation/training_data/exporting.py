"""A data set as an InstructLab taxonomy, with the text of the manuals that stand behind it."""

from __future__ import annotations

from datetime import datetime

from adapters.datasets.instructlab.export import (
    REPOSITORY,
    Taxonomy,
    TaxonomyDocument,
    TaxonomyOrder,
    taxonomy_of,
)
from adapters.datasets.store import DataSetContent, Manifest
from chatbot.curation.training_data.passages import text_of
from knowledge.catalog import Catalog


def taxonomy_for(
    catalog: Catalog, manifest: Manifest, content: DataSetContent, repository: str = ""
) -> Taxonomy:
    """Make the tree of a data set; the manuals are those of the library that its pairs name."""
    named = {pair.manual for pair in content.pairs}
    documents = [
        TaxonomyDocument(
            one.name,
            text_of(catalog, one),
            one.product,
            f"version {one.version}, added {one.added[:10]}",
            one.file_name,
        )
        for one in catalog.manuals()
        if one.name in named
    ]
    order = TaxonomyOrder(
        manifest.made_by or "support",
        content.contexts,
        documents,
        repository or REPOSITORY,
        moment=int(datetime.fromisoformat(manifest.made_at).timestamp()),
    )
    return taxonomy_of(content.pairs, order)
