"""The sentences that say what was left out of a manual, and how much of it. Knows no format."""

from __future__ import annotations

from collections.abc import Mapping


def left_out_warnings(sentences: Mapping[str, str], counts: Mapping[str, int]) -> tuple[str, ...]:
    """A sentence for each kind that was left out: "{} cell{} {} left out." becomes "2 cells were left out."."""
    return tuple(
        sentence.format(count, "" if count == 1 else "s", "was" if count == 1 else "were")
        for what, sentence in sentences.items()
        if (count := counts.get(what, 0))
    )
