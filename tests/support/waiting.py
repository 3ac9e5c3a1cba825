"""Waiting for what another thread, process or page brings about, however slow the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")
MOST = 240.0  # seconds: only what never comes to pass takes so long


def wait_for(true: Callable[[], Seen], seconds: float = MOST) -> Seen:
    """Return what is true as soon as it is; fail where it does not come to pass."""
    end = time.monotonic() + seconds
    while not (seen := true()):
        assert time.monotonic() < end, "it did not come to pass in time"
        time.sleep(0.02)
    return seen
