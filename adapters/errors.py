"""What can go wrong with a model server. Every class carries a hint."""

from __future__ import annotations


class AdapterError(Exception):
    """Base of all. ``str(error)`` is one clear sentence; ``hint`` says what to do."""

    hint = ""
