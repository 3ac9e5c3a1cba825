"""How much one file may cost to read. Numbers only; who enforces them stands in process.py and child.py."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for reading one file.

    The defaults leave a factor of about thirty over a manual of 1,300 pages (3 s, 100 MiB).
    ``max_page_characters`` bounds one page: PDFium needs about 45 bytes of memory per character.
    """

    wall_seconds: float = 120.0
    cpu_seconds: int = 100
    memory_mb: int = 1024
    output_mb: int = 64
    max_pages: int = 20_000
    max_page_characters: int = 1_000_000
    max_unpacked_mb: int = 512
