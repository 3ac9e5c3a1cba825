"""What the events of an answer come to."""

from __future__ import annotations

from collections.abc import Iterable

from chatbot.answers.events import CitationMark, Event, TextDelta


def text_of(events: Iterable[Event]) -> str:
    """The text with its marks, as the answer has it; whatever was taken back is in it too."""
    parts = []
    for event in events:
        if isinstance(event, TextDelta):
            parts.append(event.text)
        elif isinstance(event, CitationMark):
            parts.append(f" [{event.n}]")
    return "".join(parts)
