"""In which words a sentence and the nearest one of a manual differ, so that a person sees in a second what is not said.

Words are compared as ``chatbot.grounding.entailment`` compares them: "ten seconds" and "10 s" are one. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from chatbot.grounding.entailment.tokens import Prepared, prepare
from knowledge.text import Span

LONGEST = 400  # words of a sentence that are compared


@dataclass(frozen=True, slots=True)
class Differing:
    """A stretch of words in which two sentences differ; one of them is "" where only the other has any.

    ``said_at`` and ``held_at`` are its places in the two texts, in characters; ``number`` says that a figure or a code
    is in it.
    """

    said: str
    held: str
    said_at: Span
    held_at: Span
    number: bool


def differing(said: str, held: str) -> tuple[Differing, ...]:
    """The words in which two sentences differ: those with a number or a code first, the others in their order.

    Articles and other words that say nothing by themselves are not compared.
    """
    ours, theirs = list(_words(prepare(said)))[:LONGEST], list(_words(prepare(held)))[:LONGEST]
    matcher = SequenceMatcher(
        None, [word for word, _ in ours], [word for word, _ in theirs], autojunk=False
    )
    found: list[Differing] = []
    for a, b, c, d in _parts(matcher):
        here, there = _stretch(ours, a, b, len(said)), _stretch(theirs, c, d, len(held))
        words = said[slice(*here)], held[slice(*there)]
        found.append(Differing(*words, here, there, any(map(str.isdigit, "".join(words)))))
    return tuple(sorted(found, key=lambda each: not each.number))


def _parts(matcher: SequenceMatcher[str]) -> Iterator[tuple[int, int, int, int]]:
    """The stretches that differ; as many words as there stand for them are taken one by one."""
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "replace" and b - a == d - c:
            yield from ((a + n, a + n + 1, c + n, c + n + 1) for n in range(b - a))
        elif kind != "equal":
            yield a, b, c, d


def _words(text: Prepared) -> Iterator[tuple[str, Span]]:
    """What is compared of a text, each with its place: its tokens, and the "and" and "must" between them."""
    end = 0
    for token in text.tokens:
        between = text.text[end : token.start]
        for small in (token.modal.removeprefix("you "), token.link):
            at = between.lower().find(small) if small else -1
            if at >= 0:
                yield small, (end + at, end + at + len(small))
        yield token.norm, (token.start, token.end)
        end = max(end, token.end)


def _stretch(words: Sequence[tuple[str, Span]], first: int, stop: int, end: int) -> Span:
    """The place of some words; an empty one stands before the next word."""
    if first < stop:
        spans = [span for _, span in words[first:stop]]
        return min(start for start, _ in spans), max(last for _, last in spans)
    at = words[first][1][0] if first < len(words) else end
    return at, at
