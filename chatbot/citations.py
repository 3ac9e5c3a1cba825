"""From a written sentence to its citations: what the evidence holds is cited, the rest is said to be unsupported.

The model's own marks only say where to look first. Knows evidence and page text; nothing of models or streams.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatbot.extract import cite
from chatbot.prompts import NOT_SAID, UNSURE
from chatbot.support import prepare, supported_span
from chatbot.types import Citation, Sentence
from knowledge.library import Library
from knowledge.text import locate
from knowledge.types import Evidence

# A sentence that says nothing which a manual could hold.
_NO_CLAIM = re.compile(r"^(?:here (?:is|are) how|follow these steps|do (?:this|the following)|to do (?:this|so)|yes|no|sure|certainly)\b[^.]*[:.!]?$", re.I)
_ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Attributed:
    """A sentence with its state, and the citations that are new with it."""

    sentence: Sentence
    new: tuple[Citation, ...]


class Attribution:
    """Cites the sentences of one answer against its evidence; the same place keeps its number."""

    def __init__(self, library: Library, evidence: Sequence[Evidence]) -> None:
        self._library, self._evidence = library, tuple(evidence)
        self.citations: list[Citation] = []
        self.sentences: list[Sentence] = []

    def add(self, text: str, marks: Sequence[int]) -> Attributed:
        """Judges the next sentence. ``marks`` are the model's numbers, 1 being the first of the evidence."""
        item = bool(_ITEM.match(text))
        if not claims(text):
            return self._kept(Sentence(text, "none", (), item), None)
        found = self._verified(text, marks) or self._supported(text, marks)
        if found is None:
            return self._kept(Sentence(text, "unsupported", (), item), None)
        place = (found.version_id, found.page, found.start, found.end)
        held = [c for c in self.citations if (c.version_id, c.page, c.start, c.end) == place]
        citation = held[0] if held else replace(found, n=len(self.citations) + 1)
        return self._kept(Sentence(text, found.state, (citation.n,), item), None if held else citation)

    def _kept(self, sentence: Sentence, new: Citation | None) -> Attributed:
        self.sentences.append(sentence)
        if new is not None:
            self.citations.append(new)
        return Attributed(sentence, () if new is None else (new,))

    def _looked_at(self, marks: Sequence[int]) -> list[Evidence]:
        """The evidence in the order of looking: what the model named comes first."""
        order = [n - 1 for n in marks if 0 < n <= len(self._evidence)]
        return [self._evidence[i] for i in dict.fromkeys([*order, *range(len(self._evidence))])]

    def _supported(self, text: str, marks: Sequence[int]) -> Citation | None:
        """The window of a passage that supports a sentence in other words."""
        for found in self._looked_at(marks):
            page = self._library.page(found.passage.version_id, found.passage.page).text
            raw = page[found.passage.start : found.passage.end]
            if span := supported_span(_ITEM.sub("", text), prepare(raw)):
                start = found.passage.start + span[0]
                return replace(cite(0, found, found.passage, raw[span[0] : span[1]], start), state="supported")
        return None

    def _verified(self, text: str, marks: Sequence[int]) -> Citation | None:
        """The place of a sentence that stands in a passage as it is; the passages that the model named come first."""
        words = _ITEM.sub("", text).strip()
        for found in self._looked_at(marks):
            page = self._library.page(found.passage.version_id, found.passage.page).text
            span = locate(page, words, found.passage.start, found.passage.end) or locate(
                page, words.rstrip(".!?"), found.passage.start, found.passage.end
            )
            if span is not None:
                return cite(0, found, found.passage, page[span[0] : span[1]], span[0])
        return None


def claims(text: str) -> bool:
    """Does a sentence claim something about the product?"""
    words = _ITEM.sub("", text).strip()
    return bool(re.search(r"\w", words)) and not _NO_CLAIM.match(words) and words not in (NOT_SAID, UNSURE)
