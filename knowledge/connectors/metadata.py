"""What the connectors share: what is said of a passage's place, and which products there are."""

from __future__ import annotations

from knowledge.errors import NoSuchManual
from knowledge.library import Library
from knowledge.types import Evidence


def place_of(found: Evidence) -> dict[str, str | int]:
    """Manual, product, version, page (from 1), label, section ("A > B"), start and end in the page's text, hash."""
    passage, manual = found.passage, found.manual
    return {
        "manual": manual.name, "product": manual.product, "version": manual.version, "page": passage.page,
        "label": passage.label, "section": " > ".join(passage.section), "start": passage.start, "end": passage.end,
        "hash": passage.hash,
    }  # fmt: skip


def check_product(library: Library, product: str) -> None:
    """Raises NoSuchManual for a product that no live manual is of: it would find nothing, and not say why."""
    if product and product not in (known := library.products()):
        raise NoSuchManual(
            f"No manual is of the product '{product}'. There is: {', '.join(known) or 'none'}."
        )
