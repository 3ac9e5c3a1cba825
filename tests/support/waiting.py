"""Waiting for what another thread, process or page brings about, however slow the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable

MOST = 240.0  # seconds: only what never comes to pass takes so long


def wait_for(true: Callable[[], object], seconds: float = MOST) -> None:
    """Return once it is true; fail where it does not come to pass."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to pass in time"
        time.sleep(0.02)
