"""What other packages' documents say of a passage's place: the same keys for all of them."""

from __future__ import annotations

from knowledge.types import Evidence


def place_of(found: Evidence) -> dict[str, str | int]:
    """Manual, product, version, page (from 1), label, section ("A > B"), start and end in the page's text, hash."""
    passage, manual = found.passage, found.manual
    return {
        "manual": manual.name, "product": manual.product, "version": manual.version, "page": passage.page,
        "label": passage.label, "section": " > ".join(passage.section), "start": passage.start, "end": passage.end,
        "hash": passage.hash,
    }  # fmt: skip
