"""Which turns of a conversation are other wordings of one: the last is shown, in the place of the first. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from chatbot.conversations.types import Turn


def in_place(asked: Iterable[tuple[Turn, str]]) -> tuple[Turn, ...]:
    """Return the turns as they are shown, each with its earlier wordings.

    ``asked`` are (turn, id of the turn that it replaces or "") in the order in which they were asked. A turn that
    replaces one that replaced another stands in the place of the first; who replaces an unknown turn stands alone.
    """
    first: dict[str, str] = {}
    places: dict[str, list[Turn]] = {}
    for turn, replaced in asked:
        first[turn.id] = first.get(replaced, turn.id)
        places.setdefault(first[turn.id], []).append(turn)
    return tuple(replace(turns[-1], earlier=tuple(turns[:-1])) for turns in places.values())


def before(turns: tuple[Turn, ...], replaced: str) -> tuple[Turn, ...]:
    """Return the turns that stand before the one that is replaced; all of them where none is."""
    for place, turn in enumerate(turns):
        if replaced and replaced in (turn.id, *(other.id for other in turn.earlier)):
            return turns[:place]
    return turns
