"""What the evidence says of one sentence: word for word, in other words, otherwise, or not at all. Pure.

Knows passages as text; nothing of libraries, citations or streams. The states are explained in README.md.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import product
from typing import Literal

from chatbot.conversations.types import SentenceState
from chatbot.grounding.entailment import (
    PassageTokens,
    prepare,
    quoted_span,
    supported_span,
    tokens_of,
)
from chatbot.grounding.entailment.contradiction import Contradiction, contradiction
from chatbot.grounding.entailment.tokens import CONTENT
from chatbot.grounding.language import ENGLISH, is_foreign, language_of
from chatbot.grounding.mail import closes, is_greeting
from chatbot.grounding.product_names import said_in_its_manual
from chatbot.models.prompts import NOT_SAID, UNSURE
from knowledge.text import Span, readable, sentences

# Sentences that say nothing which a manual could hold: what leads over to steps, and courtesies.
_LEAD = re.compile(
    r"^(?:here (?:is|are)|follow these|do (?:this|the following|these)|to do (?:this|so)|the steps are)\b[^.!?]{0,80}:$",
    re.I,
)
_COURTESY = re.compile(
    r"^(?:(?:yes|no|sure|certainly|of course|absolutely|you(?:'re| are) (?:very )?welcome)"
    r"|(?:thank you|thanks)\b(?! to\b)[^.!?:\d]{0,80}"
    r"|(?:i|we) hope (?:this|that|it) helps?\b[^.!?:\d]{0,40}"
    r"|(?:if you have (?:any )?(?:further|other|more) questions, )?(?:please )?(?:feel free to |do not hesitate to |let (?:me|us) know)[^.!?:\d]{0,80})"
    r"\s*[,.!]*$",
    re.I,
)
_NAME = re.compile(r"\b[A-Za-z]+-?\d+\w*")  # X200: a figure that is none
ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
NEAR_ENOUGH = (
    0.4  # share of a claim's words that the nearest sentence must have to be shown beside it
)
MOST_SOURCES = 3
_CUT_OFF = re.compile(  # what no sentence ends with: it was cut in the middle
    r"\b(?:the|an?|of|and|or|but|nor|your|our|their|its|my|than|because|which|whose|while|unless|if|when|into|via|per|through|from|with|by|at|for|to|is|are|was|were|be|must|"
    r"should|(?:need|needs|have|has|want|able|order|as well as|such) (?:to|as))[\s\"'”’)\]]*[.…]*$",
    re.I,
)
WINDOW = 2_400  # characters that are compared at once
FEWEST_OF_A_PART = 4  # words that each half of a sentence over two passages must have
Finder = Callable[[str, int], Span | None]


@dataclass(frozen=True, slots=True)
class Source:
    """A passage to check against. ``pieces`` are its sentences, rows and items; ``group`` says which manual it is of."""

    text: str
    pieces: tuple[Span, ...] = ()
    product: str = ""
    group: str = ""

    @classmethod
    def of(cls, text: str) -> Source:
        """A passage of which nothing is known but its text: a sentence ends at a full stop or an empty line."""
        parts = tuple(
            part for start, end in _paragraphs(text) for part in sentences(text, start, end)
        )
        return cls(text, parts)


@dataclass(frozen=True, slots=True)
class PlaceInText:
    """A stretch of a source's text."""

    source: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of a sentence, where it stands, and otherwise the nearest place, with the words that differ."""

    state: SentenceState
    places: tuple[PlaceInText, ...] = ()
    near: PlaceInText | None = None
    against: Contradiction | None = None
    by: Literal["rules", "model"] = "rules"


@dataclass(slots=True)
class Verifier:
    """Judges sentences by one set of passages, which are prepared once."""

    sources: list[Source]
    _windows: list[list[tuple[int, PassageTokens]]] = field(init=False)
    _languages: dict[int, str] = field(init=False, default_factory=dict)
    _bags: dict[int, list[tuple[Span, frozenset[str]]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._windows = [list(_windows(source)) for source in self.sources]

    def add(self, source: Source) -> None:
        """Judges by one more passage from now on."""
        self.sources.append(source)
        self._windows.append(list(_windows(source)))
        self._languages.clear()

    def verify(self, text: str, named: Sequence[int] = ()) -> Verdict:
        """Judges a sentence; ``named`` are the indexes of the sources that its writer named, which are looked at first."""
        if not claims(text):
            return Verdict("none")
        claim = ITEM.sub("", text).strip()
        if cut_off(claim) and not any(self._whole(claim, i) for i in range(len(self.sources))):
            return Verdict("unsupported", near=self._nearest(claim, range(len(self.sources))))
        order = [*dict.fromkeys(i for i in named if 0 <= i < len(self.sources))]
        order += [i for i in range(len(self.sources)) if i not in order]
        if places := self._sources_of(claim, order, set(named), self._quoted):
            return Verdict("verified", places)
        if places := self._sources_of(claim, order, set(named), self._supported):
            return Verdict("supported", places)
        if places := self._in_parts(claim, order):
            return Verdict("supported", places)
        return self._otherwise(claim, order)

    def _sources_of(
        self, claim: str, order: Sequence[int], named: set[int], found: Finder
    ) -> tuple[PlaceInText, ...]:
        """The first place, and those of the other sources that the writer named as well."""
        places: list[PlaceInText] = []
        for i in order:
            if places and (i not in named or len(places) == MOST_SOURCES):
                break
            if span := found(claim, i):
                places.append(PlaceInText(i, *span))
        return tuple(places)

    def _quoted(self, claim: str, i: int) -> Span | None:
        """The span of the very words; a single word quotes nothing unless it has a figure."""
        if len(_content(claim)) < 2 and not re.search(r"\d", claim):
            return None
        span = self._first(i, partial(quoted_span, claim))
        return (
            span
            if span is None or self._english(i, claim, span) or self._is_whole(claim, i, span)
            else None
        )

    def _english(self, i: int, claim: str, span: Span) -> bool:
        """Is a claim, and what a source has there, in the one language of which negations and conditions are known?"""
        if i not in self._languages:
            mates = [
                source.text for source in self.sources if source.group == self.sources[i].group
            ]
            self._languages[i] = language_of(self.sources[i].text, "\n".join(mates))
        return (
            self._languages[i] == ENGLISH
            and not is_foreign(claim)
            and not is_foreign(self.sources[i].text[slice(*span)])
        )

    def _is_whole(self, claim: str, i: int, span: Span) -> bool:
        """Is a claim the whole of one or more sentences as the source has them, but for the full stop?"""
        start, end = span
        text = self.sources[i].text
        begins = any(piece[0] == start for piece in self._pieces(i))
        ends = any(
            end <= piece[1] and start < piece[1] and not text[end : piece[1]].strip(" .!?…")
            for piece in self._pieces(i)
            if piece[0] < end
        )
        return (
            begins
            and ends
            and readable(text[start:end]).rstrip(".!?… ") == readable(claim).rstrip(".!?… ")
        )

    def _whole(self, claim: str, i: int) -> bool:
        """Is a claim one of a source's sentences, from its first to its last character?"""
        return any(
            readable(self.sources[i].text[slice(*piece)]) == readable(claim)
            for piece in self._pieces(i)
        )

    def _supported(self, claim: str, i: int) -> Span | None:
        """The span that says the claim; that it is about the source's own product may be said in it."""
        for said in _forms(claim, self.sources[i].product):
            if (span := self._first(i, partial(supported_span, said))) and self._english(
                i, claim, span
            ):
                return span
        return None

    def _first(self, i: int, find: Callable[[PassageTokens], Span | None]) -> Span | None:
        """The first span that is found in a source, as a span of its text."""
        for offset, passage in self._windows[i]:
            if span := find(passage):
                return span[0] + offset, span[1] + offset
        return None

    def _against(self, claim: str, i: int) -> tuple[PlaceInText, Contradiction] | None:
        """Where a source says otherwise, in whole sentences."""
        forms = _forms(claim, self.sources[i].product)
        for (offset, passage), said in product(self._windows[i], forms):
            if against := contradiction(tokens_of(said), passage):
                start, end = against.start + offset, against.end + offset
                parts = [piece for piece in self._pieces(i) if piece[1] > start and piece[0] < end]
                whole = (min(start, parts[0][0]), max(end, parts[-1][1])) if parts else (start, end)
                if all(each.number for each in against.differences) or self._english(
                    i, claim, whole
                ):
                    return PlaceInText(i, *whole), against
        return None

    def _in_parts(self, claim: str, order: Sequence[int]) -> tuple[PlaceInText, ...]:
        """Places of the two halves of "… and …", each held by another passage of one manual."""
        for first, second in _halves(claim):
            for i in order:
                start = self._supported(first, i)
                if start is None:
                    continue
                for j in order:
                    same = self.sources[i].group == self.sources[j].group
                    if j != i and same and (end := self._supported(second, j)):
                        return PlaceInText(i, *start), PlaceInText(j, *end)
        return ()

    def _otherwise(self, claim: str, order: Sequence[int]) -> Verdict:
        """Contradicted, or not said; with the nearest place if there is one."""
        for i in order:
            if found := self._against(claim, i):
                return Verdict("contradicted", (), *found)
        return Verdict("unsupported", near=self._nearest(claim, order))

    def disagreements(
        self, text: str, place: PlaceInText
    ) -> Iterator[tuple[PlaceInText, Contradiction]]:
        """Passages of other manuals that say the same as a sentence, which stands at ``place``, but with another number."""
        claim = ITEM.sub("", text).strip()
        for i, source in enumerate(self.sources):
            if source.group == self.sources[place.source].group or self._supported(claim, i):
                continue
            found = self._against(claim, i)
            if found and all(difference.number for difference in found[1].differences):
                yield found

    def _pieces(self, i: int) -> Sequence[Span]:
        return self.sources[i].pieces or sentences(self.sources[i].text)

    def _nearest(self, claim: str, order: Sequence[int]) -> PlaceInText | None:
        """The sentence that has most of the claim's words, if it has enough of them."""
        wanted = _content(claim)
        best, found = NEAR_ENOUGH, None
        for i in order:
            for span, words in self._words(i):
                share = len(wanted & words) / max(len(wanted), 1)
                if share > best:
                    best, found = share, PlaceInText(i, *span)
        return found

    def _words(self, i: int) -> list[tuple[Span, frozenset[str]]]:
        """The content words of each piece of a source; read from the prepared passage, when first asked for."""
        if i not in self._bags:
            held = {
                offset + t.start: t.norm
                for offset, passage in self._windows[i]
                for t in passage.plain.tokens
                if t.kind == CONTENT
            }
            starts = sorted(held)
            self._bags[i] = [
                (
                    span,
                    frozenset(
                        held[start]
                        for start in starts[
                            bisect_left(starts, span[0]) : bisect_left(starts, span[1])
                        ]
                    ),
                )
                for span in self._pieces(i)
            ]
        return self._bags[i]


def _forms(claim: str, product: str) -> tuple[str, ...]:
    """The claim as it stands, and as it is said in the manual of its own product."""
    return claim, *said_in_its_manual(claim, product)


@lru_cache(maxsize=1024)
def _content(text: str) -> frozenset[str]:
    return frozenset(token.norm for token in tokens_of(text).tokens if token.kind == CONTENT)


def _halves(claim: str) -> Iterator[tuple[str, str]]:
    """The two halves at each "and" or ";" that leaves both long enough; none where a condition may govern both."""
    if any(
        token.norm in ("IF", "UNLESS", "UNTIL", "BEFORE", "AFTER", "EXCEPT", "NOT")
        for token in tokens_of(claim).tokens
    ):
        return
    for joint in re.finditer(r",? and (?:then )?|; ", claim):
        first, second = claim[: joint.start()], claim[joint.end() :]
        if min(len(_content(first)), len(_content(second))) >= FEWEST_OF_A_PART:
            yield first, second


def claims(text: str) -> bool:
    """Does a sentence claim something about the product? A question, a courtesy or "Here is how:" does not."""
    words = ITEM.sub("", text).strip()
    if not re.search(r"\w", words) or words.endswith("?") or words in (NOT_SAID, UNSURE):
        return False
    if is_greeting(words) or closes(words):
        return False
    return not (_LEAD.match(words) or _COURTESY.match(_NAME.sub("", words.replace("’", "'"))))


def cut_off(claim: str) -> bool:
    """Does a sentence end in its middle, as "you need to run the" does?"""
    return bool(_CUT_OFF.search(claim))


def _windows(source: Source) -> Iterator[tuple[int, PassageTokens]]:
    """A source in stretches of whole sentences that are not too long, each with its offset; neighbours share a sentence."""
    pieces = source.pieces or tuple(sentences(source.text))
    if len(source.text) <= WINDOW or not pieces:
        yield 0, prepare(source.text, tuple(start for start, _ in source.pieces))
        return
    first = 0
    while first < len(pieces):
        offset, last = pieces[first][0], first
        while last + 1 < len(pieces) and pieces[last + 1][1] - offset <= WINDOW:
            last += 1
        text = source.text[offset : pieces[last][1]]
        yield offset, prepare(text, tuple(start - offset for start, _ in pieces[first : last + 1]))
        first = max(last, first + 1) if last + 1 < len(pieces) else len(pieces)


def _paragraphs(text: str) -> Iterator[Span]:
    start = 0
    for gap in re.finditer(r"\n\s*\n|$", text):
        if text[start : gap.start()].strip():
            yield start, gap.start()
        start = gap.end()
