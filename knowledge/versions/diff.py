"""The difference between two texts, word by word, bounded in size. Pure; knows nothing of manuals or databases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rapidfuzz.distance import Indel

from knowledge.text import Span

Kind = Literal["same", "removed", "added"]

LONGEST = (
    6_000  # characters that are compared on either side; a longer text is cut round the cited words
)
CUT = "…"
_TOKEN = re.compile(r"\n|\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a difference, with line ends where a paragraph ends. ``cited``: they belong to the cited words."""

    kind: Kind
    text: str
    cited: bool = False


@dataclass(frozen=True, slots=True)
class _Window:
    """The words of a stretch of text: where the cited ones begin and end, and which sides were cut off."""

    tokens: tuple[str, ...]
    cited: Span
    cut: tuple[bool, bool]


@dataclass(frozen=True, slots=True)
class _Run:
    """Words that both texts hold (``removed`` equals ``added``), or those that differ; ``at`` counts the old words before."""

    same: bool
    at: int
    removed: tuple[str, ...]
    added: tuple[str, ...]


def difference(old: str, new: str, cited: Span = (0, 0), near: Span = (0, 0)) -> tuple[Piece, ...]:
    """What became of a text, as pieces in reading order; joined with blanks they are both texts.

    ``cited`` are the words of the old text that matter, ``near`` is where to look in the new one: texts longer than
    LONGEST are cut round them, and an ellipsis says so.
    """
    before, after = _window(old, cited), _window(new, near)
    runs = _readable(_runs(before.tokens, after.tokens))
    first, last = (b or a for b, a in zip(before.cut, after.cut, strict=True))
    runs = _trimmed(runs, before.cited, first, last)
    flat = [word for run in runs for word in _words_of(run, before.cited)]
    if first:
        flat.insert(0, ("same", False, CUT))
    if last:
        flat.append(("same", False, CUT))
    return tuple(
        Piece(kind, _joined([word for *_, word in run]), mine)
        for (kind, mine), run in groupby(flat, key=lambda word: word[:2])
    )


def _window(text: str, span: Span) -> _Window:
    """At most LONGEST characters of a text round a span, cut between words."""
    start, end = 0, len(text)
    if end > LONGEST:
        middle = (span[0] + span[1]) // 2
        start = max(0, min(middle - LONGEST // 2, end - LONGEST))
        end = start + LONGEST
    found = [(match.start(), match.end()) for match in _TOKEN.finditer(text, start, end)]
    if start and found and not text[start - 1].isspace():
        del found[0]
    if end < len(text) and found and not text[end].isspace():
        del found[-1]
    mine = [
        i
        for i, (left, right) in enumerate(found)
        if left < span[1] and right > span[0] and text[left] != "\n"
    ]
    cited = (mine[0], mine[-1] + 1) if mine else (0, 0)
    return _Window(
        tuple(text[left:right] for left, right in found), cited, (start > 0, end < len(text))
    )


def _runs(old: Sequence[str], new: Sequence[str]) -> list[_Run]:
    """What is equal and what differs, in turn."""
    runs: list[_Run] = []
    for step in Indel.opcodes(list(old), list(new)):
        same = step.tag == "equal"
        taken = tuple(old[step.src_start : step.src_end])
        given = tuple(new[step.dest_start : step.dest_end])
        if runs and not same and not runs[-1].same:
            last = runs.pop()
            runs.append(_Run(False, last.at, last.removed + taken, last.added + given))
        else:
            runs.append(_Run(same, step.src_start, taken, given))
    return runs


def _readable(runs: Sequence[_Run]) -> list[_Run]:
    """Take a few equal words between longer differences into the difference: "the" alone is no common ground."""
    done: list[_Run] = []
    for run in runs:
        if len(done) >= 2 and not run.same and _size(done[-1]) <= min(_size(done[-2]), _size(run)):
            between, last = done.pop(), done.pop()
            removed, added = (
                last.removed + between.removed + run.removed,
                last.added + between.added + run.added,
            )
            done.append(_Run(False, last.at, removed, added))
        else:
            done.append(run)
    return done


def _size(run: _Run) -> int:
    return max(sum(map(len, run.removed)), sum(map(len, run.added)))


def _trimmed(runs: list[_Run], cited: Span, first: bool, last: bool) -> list[_Run]:
    """Leave out differences at a side that was cut: the two windows need not begin and end at the same words."""
    if first and len(runs) > 1 and not runs[0].same and not _touches(runs[0], cited):
        runs = runs[1:]
    if last and len(runs) > 1 and not runs[-1].same and not _touches(runs[-1], cited):
        runs = runs[:-1]
    return runs


def _touches(run: _Run, cited: Span) -> bool:
    """Does a run hold cited words, or stand between two of them?"""
    return run.at < cited[1] and (
        run.at + len(run.removed) > cited[0] if run.removed else run.at > cited[0]
    )


def _words_of(run: _Run, cited: Span) -> list[tuple[Kind, bool, str]]:
    """Each word of a run with its kind, and whether it belongs to the cited words; what was removed comes first."""
    kind: Kind = "same" if run.same else "removed"
    words: list[tuple[Kind, bool, str]] = [
        (kind, cited[0] <= run.at + i < cited[1], word) for i, word in enumerate(run.removed)
    ]
    if not run.same:
        words += [("added", _touches(run, cited), word) for word in run.added]
    return words


def _joined(words: Sequence[str]) -> str:
    return " ".join(words).replace(" \n", "\n").replace("\n ", "\n")
