"""Rows as text that a spreadsheet opens, and runs nothing of. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return CSV with a head; what a spreadsheet would take for a formula is quoted."""
    return "".join(csv_lines(head, rows))


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of ``as_csv``, the head first, each when its row is there."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    yield out.getvalue()
    for row in rows:
        out.seek(0)
        out.truncate()
        writer.writerow([f"'{cell}" if str(cell).startswith(_FORMULA) else cell for cell in row])
        yield out.getvalue()
