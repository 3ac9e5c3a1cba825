"""Says passive clauses in the active voice: "the cover is held by four screws" as "four screws hold the cover".

Works on tokens. It knows no grammar beyond the participle behind "is" and the phrase behind "by", so it offers readings;
whoever compares decides which of them fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from chatbot.grounding.entailment.english import CONDITIONS
from chatbot.grounding.entailment.tokens import (
    ADVERB,
    CLAUSE,
    HARD,
    NO_BORDER,
    PHRASE,
    SENTENCE,
    SOFT,
    Prepared,
    Token,
    build,
)

SUBJECTS = 3  # how many beginnings of a subject are tried: a list has borders of its own
Tokens = Sequence[Token]
Order = list[tuple[int, int]]  # index of a token, and the border before it


def both_voices(passage: Prepared) -> Prepared | None:
    """The passage with the active forms of its passive sentences behind it, as sentences of their own; None without any."""
    if not any(token.passive for token in passage.tokens):
        return None
    tokens = list(passage.tokens)
    for start, end in _sentences(passage.tokens):
        number = tokens[-1].sentence + 1
        for order in _orders(passage.tokens[start:end]):
            tokens += [
                passage.tokens[start + at]._replace(border=border, sentence=number, passive=False)
                for at, border in order
            ]
            number += 1
    return build(passage.text, tuple(tokens))


@lru_cache(maxsize=256)
def active_forms(claim: Prepared) -> tuple[Prepared, ...]:
    """The claim with one of its passive clauses in the active voice, once for all passages that it is held against."""
    forms: list[Prepared] = []
    for order in _orders(claim.tokens):
        forms.append(
            build(
                claim.text, tuple(claim.tokens[at]._replace(border=border) for at, border in order)
            )
        )
    return tuple(forms)


def _sentences(tokens: Tokens) -> Iterator[tuple[int, int]]:
    start = 0
    for at in range(1, len(tokens) + 1):
        if at == len(tokens) or tokens[at].sentence != tokens[start].sentence:
            if any(token.passive for token in tokens[start:at]):
                yield start, at
            start = at


def _orders(tokens: Tokens) -> Iterator[Order]:
    for verb, token in enumerate(tokens):
        if not token.passive:
            continue
        end = verb + 1
        while end < len(tokens) and tokens[end].border < CLAUSE:
            end += 1
        for start in _subject_starts(tokens, verb):
            for clause in _turned(tokens, start, verb, end):
                yield [
                    *_as_is(tokens, range(start)),
                    *clause,
                    *_as_is(tokens, range(end, len(tokens))),
                ]


def _as_is(tokens: Tokens, places: Sequence[int]) -> Order:
    return [(at, tokens[at].border) for at in places]


def _subject_starts(tokens: Tokens, verb: int) -> list[int]:
    """Where the subject may begin: at the last border, and before that where it may be a list."""
    starts: list[int] = []
    at = verb
    while len(starts) < SUBJECTS:
        while at > 0 and tokens[at].border < CLAUSE:
            at -= 1
        if any(token.kind == HARD and token.norm in CONDITIONS for token in tokens[at:verb]):
            break
        if at < verb:
            starts.append(at)
        if at == 0 or tokens[at].border == SENTENCE:
            break
        at -= 1
    return starts


def _turned(tokens: Tokens, start: int, verb: int, end: int) -> Iterator[Order]:
    """Agent, what stands right before the verb ("not", "easily"), verb, subject, the rest; nothing without a subject.

    What is done "by pressing M" is done by nobody in particular: then the rest stays whole, as a clause of its own.
    """
    first = verb
    while first > start and (tokens[first - 1].kind == HARD or tokens[first - 1].weight == ADVERB):
        first -= 1
    other = next((at for at in range(start, first) if tokens[at].passive), verb)
    if first == start or any(tokens[at].border >= CLAUSE for at in range(other + 1, verb + 1)):
        return  # no subject, or one that is a clause of its own
    by = next(
        (at for at in range(verb + 1, end) if tokens[at].norm == "by" and tokens[at].kind == SOFT),
        end,
    )
    stop = by + 1
    while (
        stop < end
        and tokens[stop].kind != SOFT
        and (stop == by + 1 or tokens[stop].border < PHRASE)
    ):
        stop += 1
    parts = [
        range(by + 1, min(stop, end)),
        range(first, verb + 1),
        range(start, first),
        range(verb + 1, by),
        range(stop, end),
    ]
    yield _in_order(tokens, start, parts)
    if by + 1 < end and tokens[by + 1].gerund:
        yield _in_order(tokens, start, [range(0), *parts[1:4], range(by, end)])


def _in_order(tokens: Tokens, start: int, parts: Sequence[range]) -> Order:
    order: Order = []
    for number, part in enumerate(parts):
        for at in part:
            inner = at > part.start or number > 2
            border = (
                tokens[start].border if not order else tokens[at].border if inner else NO_BORDER
            )
            order.append((at, border))
    return order
