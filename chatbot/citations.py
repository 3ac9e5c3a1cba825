"""From a written sentence to its citations: what the evidence holds is cited, the rest is said to be unsupported.

The model's own marks only say where to look first. Knows evidence and page text; nothing of models or streams.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatbot.extract import cite
from chatbot.prompts import NOT_SAID, UNSURE
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
        found = None if not claims(text) else self._verified(text, marks)
        if found is None:
            sentence = Sentence(text, "unsupported" if claims(text) else "none", (), bool(_ITEM.match(text)))
            new: tuple[Citation, ...] = ()
        else:
            held = [c for c in self.citations if (c.version_id, c.page, c.start, c.end) == (found.version_id, found.page, found.start, found.end)]
            citation = held[0] if held else replace(found, n=len(self.citations) + 1)
            new = () if held else (citation,)
            sentence = Sentence(text, "verified", (citation.n,), bool(_ITEM.match(text)))
        self.citations += new
        self.sentences.append(sentence)
        return Attributed(sentence, new)

    def _verified(self, text: str, marks: Sequence[int]) -> Citation | None:
        """The place of a sentence that stands in a passage as it is; the passages that the model named come first."""
        words = _ITEM.sub("", text).strip()
        order = [n - 1 for n in marks if 0 < n <= len(self._evidence)]
        for i in dict.fromkeys([*order, *range(len(self._evidence))]):
            found = self._evidence[i]
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
