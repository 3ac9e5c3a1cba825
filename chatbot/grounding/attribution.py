"""From a written sentence to its citations: what the evidence holds is cited, the rest is said not to be held.

The model's own marks only say where to look first. Knows evidence and page text; nothing of models or streams.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chatbot.conversations.types import Citation, Conflict, Sentence, SentenceState
from chatbot.grounding.model_verifier import SecondOpinion
from chatbot.grounding.verifier import ITEM, PlaceInText, Source, Verdict, Verifier, cut_off
from knowledge.catalog import Catalog
from knowledge.text import pieces, readable
from knowledge.types import Evidence, Page, Passage

MOST_CONFLICTS = 3
Figures = tuple[tuple[str, str], ...]
Lookup = Callable[[str], tuple[Evidence, ...]]


@dataclass(frozen=True, slots=True)
class Attributed:
    """A sentence with its state, and the citations that are new with it."""

    sentence: Sentence
    new: tuple[Citation, ...]


class Attributor:
    """Cites the sentences of one answer against its evidence; the same place keeps its number."""

    def __init__(
        self,
        catalog: Catalog,
        evidence: Sequence[Evidence],
        quote_instead: bool = False,
        search: Lookup | None = None,
        second_opinion: SecondOpinion | None = None,
    ) -> None:
        """``quote_instead``: a sentence that nothing supports gives way to the nearest quote, where there is one.

        ``search`` is asked for more evidence with a sentence that nothing supports: an adapter's sentence finds passages
        that the question's own words do not. ``second_opinion`` is asked, last of all, whether the nearest sentence says it.
        """
        self._second_opinion = second_opinion
        self._catalog, self._quote_instead, self._search = catalog, quote_instead, search
        self._pages: list[Page] = []
        self._verifier = Verifier([])
        self.evidence: tuple[Evidence, ...] = ()
        self._extend(evidence)
        self.citations: list[Citation] = []
        self.sentences: list[Sentence] = []

    def add(self, text: str, marks: Sequence[int]) -> Attributed:
        """Judges the next sentence. ``marks`` are the model's numbers, 1 being the first of the evidence."""
        named = [n - 1 for n in marks]
        verdict = self._verifier.verify(text, named)
        if (
            self._search
            and verdict.state in ("unsupported", "contradicted")
            and self._extend(self._search(text))
        ):
            verdict = self._verifier.verify(text, named)
        verdict = self._second(text, verdict)
        before = len(self.citations)
        instead = self._quote_instead and verdict.near
        sentence = self._quoted(instead) if instead else self._judged(text, verdict)
        self.sentences.append(sentence)
        return Attributed(sentence, tuple(self.citations[before:]))

    def _second(self, text: str, verdict: Verdict) -> Verdict:
        """The verdict, unless the rules found nothing and the verifier finds that the nearest sentence says it."""
        near, claim = verdict.near, ITEM.sub("", text).strip()
        if (
            self._second_opinion is None
            or verdict.state != "unsupported"
            or near is None
            or cut_off(claim)
        ):
            return verdict
        held = self._verifier.sources[near.source].text[near.start : near.end]
        if not self._second_opinion.words(claim, readable(held)):
            return verdict
        return Verdict("supported", (near,), by="model")

    def _extend(self, found: Sequence[Evidence]) -> bool:
        """Judges by these passages too; False if it did already."""
        known = {held.passage.id for held in self.evidence}
        new = tuple(each for each in found if each.passage.id not in known)
        for each in new:
            page = self._catalog.page(each.passage.version_id, each.passage.page)
            self._pages.append(page)
            self._verifier.add(source_of(each, page))
        self.evidence += new
        return bool(new)

    def _judged(self, text: str, verdict: Verdict) -> Sentence:
        numbers = tuple(
            dict.fromkeys(self._number(place, verdict.state) for place in verdict.places)
        )
        near = None if verdict.near is None else self.citation(verdict.near, "verified")
        against = verdict.against.differences if verdict.against else ()
        return Sentence(
            text,
            verdict.state,
            numbers,
            bool(ITEM.match(text)),
            near,
            tuple((d.said, d.held) for d in against),
            verdict.by,
        )

    def _quoted(self, place: PlaceInText) -> Sentence:
        """A quote as a sentence of the answer."""
        number = self._number(place, "verified")
        return Sentence(readable(self.citations[number - 1].quote), "verified", (number,))

    def adopt(self, sentences: Sequence[Sentence], citations: Sequence[Citation]) -> None:
        """Takes over sentences that are quotes, with their citations."""
        self.sentences, self.citations = list(sentences), list(citations)

    def citation(self, place: PlaceInText, state: SentenceState) -> Citation:
        """A place as a citation without a number."""
        found, page = self.evidence[place.source], self._pages[place.source]
        start, end = found.passage.start + place.start, found.passage.start + place.end
        return replace(cite(0, found, found.passage, page.text[start:end], start), state=state)

    def _number(self, place: PlaceInText, state: SentenceState) -> int:
        """The number of a place: the one it has, or the next."""
        found = self.citation(place, state)
        for held in self.citations:
            if (held.version_id, held.page, held.start, held.end) == (
                found.version_id,
                found.page,
                found.start,
                found.end,
            ):
                return held.n
        self.citations.append(replace(found, n=len(self.citations) + 1))
        return len(self.citations)

    def conflicts(self) -> tuple[Conflict, ...]:
        """Where another manual says the same as a cited sentence but with other figures; it is cited too, in one place."""
        found: list[Conflict] = []
        for sentence in [s for s in self.sentences if s.n and any(map(str.isdigit, s.text))]:
            cited = self.citations[sentence.n[0] - 1]
            place = self._place(cited)
            if place is None:
                continue
            told: set[tuple[str, Figures]] = set()
            for other, against in self._verifier.disagreements(cited.quote, place):
                figures = tuple(
                    (difference.said, difference.held) for difference in against.differences
                )
                manual = self.evidence[other.source].manual.id
                if (manual, figures) in told:
                    continue
                told.add((manual, figures))
                number = self._number(other, "verified")
                if any((known.n, known.other) == (number, cited.n) for known in found):
                    continue  # it was told from the other side
                found.append(Conflict(cited.n, number, figures))
                if len(found) == MOST_CONFLICTS:
                    return tuple(found)
        return tuple(found)

    def _place(self, citation: Citation) -> PlaceInText | None:
        for i, found in enumerate(self.evidence):
            passage = found.passage
            same = (passage.version_id, passage.page) == (citation.version_id, citation.page)
            if same and passage.start <= citation.start and citation.end <= passage.end:
                return PlaceInText(i, citation.start - passage.start, citation.end - passage.start)
        return None


def source_of(found: Evidence, page: Page) -> Source:
    """The passage as it is judged by: its page's text, with the sentences, rows and items that it is made of."""
    passage = found.passage
    return Source(
        page.text[passage.start : passage.end],
        _pieces(page, passage),
        found.manual.product,
        found.manual.id,
    )


def _pieces(page: Page, passage: Passage) -> tuple[tuple[int, int], ...]:
    inside = [
        block
        for block in page.blocks
        if block.kind != "heading" and block.start < passage.end and block.end > passage.start
    ]
    spans = sorted(span for block in inside for span in pieces(page, block))
    return tuple(
        (start - passage.start, end - passage.start)
        for start, end in spans
        if passage.start <= start and end <= passage.end
    )


def cite(n: int, evidence: Evidence, passage: Passage, quote: str, start: int) -> Citation:
    """A verified citation of ``quote``, which is the stored text of the passage's page from ``start`` on."""
    manual = evidence.manual
    return Citation(
        n, manual.id, manual.name, manual.product, manual.version, manual.version_id, manual.added, manual.paged,
        passage.page, passage.label, passage.section, quote, start, start + len(quote), passage.hash,
    )  # fmt: skip
