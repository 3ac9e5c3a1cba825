"""What was read of a page, block by block, as values for the page that shows it. Pure, but for the catalog's figures."""

from __future__ import annotations

from knowledge.catalog import Catalog
from knowledge.parsing.content.tables import SEPARATOR
from knowledge.text import readable
from knowledge.types import Page


def read_parts(page: Page) -> list[tuple[str, str, list[list[str]]]]:
    """Return the parts of a page in their order: kind, text, and the cells of a table.

    The kind is that of the block, or "outside" for text that is in none and is not searched.
    """
    parts: list[tuple[str, str, list[list[str]]]] = []
    at = 0
    for block in sorted(page.blocks, key=lambda block: block.start):
        parts += _outside(page.text[at : block.start])
        text = page.text[block.start : block.end]
        rows = [line.split(SEPARATOR) for line in text.splitlines() if line.strip()]
        if block.kind == "table":
            parts.append(("table", "", rows))
        else:
            parts.append((block.kind, text if block.kind == "code" else readable(text), []))
        at = max(at, block.end)
    return parts + _outside(page.text[at:])


def _outside(text: str) -> list[tuple[str, str, list[list[str]]]]:
    said = readable(text).strip()
    return [("outside", said, [])] if said else []


def share_searched(catalog: Catalog, version_id: int) -> int:
    """Return how much of a version's characters stands in passages or headings, blanks left out, in per cent, rounded down."""
    searched = whole = 0
    for number in range(1, catalog.version(version_id).pages + 1):
        page = catalog.page(version_id, number)
        whole += len("".join(page.text.split()))
        searched += sum(
            len("".join(page.text[block.start : block.end].split())) for block in page.blocks
        )
    return min(100, 100 * searched // whole) if whole else 0
