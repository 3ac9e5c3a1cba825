"""Keeps a thinking model's thoughts out of its answer, while the answer streams. Knows no server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

OPEN, CLOSE = "<think>", "</think>"


def without_thoughts(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces of an answer without a leading ``<think>…</think>``, wherever the pieces were cut.

    Servers that know a model send its thoughts apart; this is for those that do not. Only the beginning counts:
    an answer that mentions the tag later is left alone. Thoughts that never end leave nothing.
    """
    source = iter(pieces)
    head = ""
    for piece in source:
        head += piece
        start = head.lstrip()
        if start.startswith(OPEN):
            yield from _after_close(start[len(OPEN) :], source)
            break
        if not OPEN.startswith(start):
            yield head
            break
    else:
        if head:
            yield head
        return
    yield from source


def _after_close(head: str, source: Iterator[str]) -> Iterator[str]:
    while CLOSE not in head:
        piece = next(source, None)
        if piece is None:
            return
        head = head[-len(CLOSE) :] + piece
    rest = head.partition(CLOSE)[2].lstrip()
    while not rest:  # the blank lines between thoughts and answer may come in pieces of their own
        piece = next(source, None)
        if piece is None:
            return
        rest = piece.lstrip()
    yield rest
