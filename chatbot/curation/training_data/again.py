"""The pairs of a data set made anew, from the manuals and approved answers as they are now."""

from __future__ import annotations

from adapters.datasets.pairs import TrainingPair
from adapters.datasets.store import DataSetContent, Manifest
from chatbot.curation.training_data.building import BuildOrder
from knowledge.catalog import Catalog

REMADE = (
    "approved",
    "template",
)  # what is made anew; other pairs are carried over where they still stand


def order_again(catalog: Catalog, manifest: Manifest, content: DataSetContent) -> BuildOrder:
    """Return the order that builds a set as it was built before, of those of its products that still have a manual.

    What a teacher wrote and what came from files is not asked for anew: it is carried over as long as its passage stands.
    """
    pairs = content.pairs
    named = [name for name in manifest.product.split(", ") if name]
    products = tuple(name for name in named if name in catalog.products())
    return BuildOrder(
        products,
        passages=any(_made(pair, "fact") for pair in pairs),
        negatives=any(_made(pair, "negative") for pair in pairs),
        style=any(_made(pair, "style") for pair in pairs),
        carried=DataSetContent(
            [pair for pair in pairs if pair.origin not in REMADE], content.contexts
        ),
    )


def _made(pair: TrainingPair, kind: str) -> bool:
    return pair.kind == kind and pair.origin in REMADE
