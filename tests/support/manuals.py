"""Two small manuals of sister products, and how tests put manuals into a library."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from knowledge.ingestion import worker
from knowledge.ingestion.preparation import PreparedDocument
from knowledge.library import Library
from knowledge.parsing import Limits, prepare_file
from knowledge.types import Job, Manual

ROOT = Path(__file__).parents[2]

PUMP = """# Pump P-200 user manual

## Safety

Switch the pump off before you open the cover. Never run the pump dry.

## Maintenance

### Replace the seal

To replace the seal, close both valves. Remove the four screws of the cover. Tighten the screws to 12 Nm.

### Clean the filter

Clean the filter every 500 hours of operation. Use water, not solvent.

## Specifications

The motor takes 230 V and 450 W. The largest pressure is 6 bar at 40 °C.
"""
FAN = (
    PUMP.replace("Pump P-200", "Fan F-100")
    .replace("pump", "fan")
    .replace("12 Nm", "4 Nm")
    .replace("500 hours", "200 hours")
)


_read: dict[tuple[bytes, str, Limits], PreparedDocument] = {}
_putting = threading.local()


def _read_once(path: Path, file_name: str, limits: Limits, *told: Any, **more: Any) -> Any:
    """What a process of its own reads in a text that is put into a library, once for each text in a run of the tests.

    The same few manuals stand in a thousand tests, and each such process takes a third of a second. What reading
    itself does is tested with files that are not put.
    """
    if not getattr(_putting, "text", False):
        return prepare_file(path, file_name, limits, *told, **more)
    key = (sha256(path.read_bytes()).digest(), file_name, limits)
    if key not in _read:
        _read[key] = prepare_file(path, file_name, limits, *told, **more)
    return _read[key]


@contextmanager
def texts_read_once() -> Iterator[None]:
    """Within it, a text that is put into a library again is not read again."""
    usual, worker.prepare_file = worker.prepare_file, _read_once
    try:
        yield
    finally:
        worker.prepare_file = usual


def put(
    library: Library,
    file_name: str,
    content: str | bytes,
    *,
    manual: str = "",
    product: str = "",
    draft: bool = False,
) -> Job:
    """Adds a file from memory and waits for the end of its job."""
    data = content.encode() if isinstance(content, str) else content
    job = library.accept(io.BytesIO(data), file_name, name=manual, product=product, draft=draft)
    _putting.text = isinstance(content, str)  # other files may need programs that a test takes away
    try:
        return library.run(job.id)
    finally:
        _putting.text = False


def only(library: Library) -> Manual:
    (manual,) = library.manuals()
    return manual
