"""Keeps glibc from holding memory that nobody uses any more; does nothing where there is another allocator.

glibc gives every thread an arena of its own and returns little of it: forty threads of a busy server kept 100 MB.
"""

from __future__ import annotations

from functools import cache
from typing import Any

ARENAS = 2  # as many as allocate at once on small machines; the interpreter's lock lets few do so
_ARENA_MAX, _TRIM_THRESHOLD = -8, -1  # malloc.h


@cache
def _glibc() -> Any:
    import ctypes

    try:
        library = ctypes.CDLL(None)
        return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None
    except (OSError, TypeError):  # Windows has no such thing
        return None


def few_arenas() -> None:
    """Lets all threads share a few arenas; call it before there are threads."""
    if glibc := _glibc():
        glibc.mallopt(_ARENA_MAX, ARENAS)
        glibc.mallopt(_TRIM_THRESHOLD, 256 << 10)


def give_back() -> None:
    """Returns to the system what is free inside the heap; some milliseconds."""
    if glibc := _glibc():
        glibc.malloc_trim(0)
