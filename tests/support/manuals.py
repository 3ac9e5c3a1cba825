"""Two small manuals of sister products, and how tests put manuals into a library."""

from __future__ import annotations

import io
from pathlib import Path

from knowledge.library import Library
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
    return library.run(
        library.accept(io.BytesIO(data), file_name, name=manual, product=product, draft=draft).id
    )


def only(library: Library) -> Manual:
    (manual,) = library.manuals()
    return manual
