"""One answer, once its route and evidence are known: written, quoted, or declined; cited; and held against itself.

Knows the models and the library; nothing of conversations or of how a question was understood.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from adapters.errors import AdapterError, Stopped
from chatbot.answers.extractive import extract
from chatbot.conversations.types import Answer, Cited, Cleared, Notice, Outcome, Route, Step, Token
from chatbot.grounding.attribution import Attribution
from chatbot.messages import (
    CUT,
    DIFFERS,
    LITTLE_HELD,
    NO_ANSWER,
    NO_MANUALS,
    NO_SOURCE,
    NOT_HELD,
    QUOTES,
    UNANSWERED,
    WHICH_PRODUCT,
)
from chatbot.models.prompts import NOT_SAID, UNSURE
from chatbot.models.serving import Models, Serving, Writer
from chatbot.routing.router import out_of_date
from chatbot.settings import Settings
from knowledge.library import Library
from knowledge.search.products import without_product
from knowledge.search.retriever import Search
from knowledge.types import Evidence, Found

if TYPE_CHECKING:
    from chatbot.answers.generation import Writing

log = logging.getLogger(__name__)

NEAREST = 5
_CODE = re.compile(r"[\w.+-]*\d[\w+-]*(?:[.,]\d+)*")


@dataclass(slots=True)
class Draft:
    """An answer while it is made."""

    answer: Answer
    begun: float
    stop: threading.Event
    text: str = ""
    notices: list[str] = field(default_factory=list)

    def now(self, **changes: object) -> None:
        self.answer = replace(self.answer, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Answering:
    """Makes answers for one desk."""

    settings: Settings
    library: Library
    search: Search
    models: Models

    def steps(self, chosen: Route, found: Found, serving: Serving, draft: Draft) -> Iterator[Step]:
        """The answer's steps; ``draft`` holds what is known of it after each."""
        outcome = self._outcome(chosen, found)
        if outcome != "answered":
            yield from self._decline(outcome, found, draft)
            return
        writer = serving.chat if chosen.mode == "documents" else serving.adapter
        if writer is None:
            yield from self._quote(found, draft)
            return
        try:
            yield from self._written(chosen, found, writer, draft)
        except Stopped:
            raise
        except AdapterError as error:
            log.warning("answer by %s failed: %s", writer.model, error)
            self.models.doubt(writer)
            yield from self._instead(str(error), found, draft)

    def _instead(self, why: str, found: Found, draft: Draft) -> Iterator[Step]:
        """Give way to the manuals: their words where they answer, else the nearest passages."""
        yield Cleared()
        if self._answerable(found):
            yield Notice(f"{why} {QUOTES}")
            yield from self._quote(found, draft)
        else:
            yield Notice(why)
            yield from self._decline("unanswered", found, draft)

    def _answerable(self, found: Found) -> bool:
        return bool(found.evidence) and found.match >= self.settings.min_match

    def _outcome(self, chosen: Route, found: Found) -> Outcome:
        if chosen.mode != "documents":
            return "which product" if found.products and chosen.mode == "both" else "answered"
        if not self._answerable(found):
            return "unanswered"
        return "which product" if found.products else "answered"

    def _written(self, chosen: Route, found: Found, writer: Writer, draft: Draft) -> Iterator[Step]:
        from chatbot.answers.generation import Order, Writing, said
        from chatbot.grounding.model_verifier import verifier_of

        until = time.monotonic() + self.settings.answer_seconds - (time.perf_counter() - draft.begun)
        product = found.evidence[0].manual.product if found.evidence else ""
        asked = found.asked if writer.style.framed else without_product(found.asked, product)
        # Without any evidence it is not known of which product the answer is.
        search = None if chosen.mode == "documents" or not found.evidence else partial(self._remembered, product=product)
        recall = chosen.mode == "both" and out_of_date(draft.answer.signals)
        instead = self.settings.unsupported == "quote"
        verifier = verifier_of(self.models, self.settings.verifier, until - time.monotonic())
        order = Order(writer, chosen.mode, asked, found.evidence, until, draft.stop, search, recall, instead, verifier)
        writing = Writing(self.models, self.library, order)
        draft.now(model=writer.model)
        yield from self._watched(writing, draft)
        attribution = writing.attribution
        if not attribution.sentences:
            yield from self._instead(NO_ANSWER, found, draft)
            return
        if writing.tidied:
            yield from writing.again()
        draft.now(
            sentences=tuple(attribution.sentences), citations=tuple(attribution.citations), evidence=attribution.evidence, outcome="answered"
        )
        if not said(attribution, (NOT_SAID, UNSURE)):
            yield Cleared()
            yield from self._decline("unanswered", found, draft)
            return
        if doubt := self._doubt(chosen, found, attribution):
            yield from self._instead(doubt, replace(found, evidence=_with_nearest_first(attribution)), draft)
            return
        if writing.cut:
            yield Notice(CUT)
        if attribution.citations:
            yield from self._disagreeing(attribution, draft)
        else:
            yield Notice(NO_SOURCE)

    def _doubt(self, chosen: Route, found: Found, attribution: Attribution) -> str:
        """Return why what was written gives way to the manuals, or "" when it may stand.

        Where the manuals answer, most sentences must hold, and no figure or code may differ from theirs.
        """
        if chosen.mode == "adapter" or not self._answerable(found):
            return "" if attribution.citations or chosen.mode != "documents" else NOT_HELD
        held = sum(sentence.state in ("verified", "supported") for sentence in attribution.sentences)
        if not held:
            return NOT_HELD
        if chosen.mode == "both":
            material = [found.asked, *(evidence.passage.text for evidence in attribution.evidence)]
            unlike = [s for s in attribution.sentences if s.state == "contradicted" or (s.state == "unsupported" and new_codes(s.text, material))]
            return DIFFERS if unlike else ""
        return LITTLE_HELD if 2 * held <= len(attribution.sentences) else ""

    def _watched(self, writing: Writing, draft: Draft) -> Iterator[Step]:
        """The steps of a text being written; the draft has each sentence as soon as it is judged."""
        for step in writing.steps():
            if isinstance(step, Token) and "first" not in draft.answer.seconds:
                draft.now(seconds={**draft.answer.seconds, "first": round(time.perf_counter() - draft.begun, 4)})
            draft.now(sentences=tuple(writing.attribution.sentences), citations=tuple(writing.attribution.citations))
            yield step

    def _remembered(self, memory: str, product: str) -> tuple[Evidence, ...]:
        """The evidence for what the adapter remembers, if the manuals have any."""
        found = self.search.find(memory, product, 2)
        return found.evidence if self._answerable(found) else ()

    def _quote(self, found: Found, draft: Draft) -> Iterator[Step]:
        quoted = extract(self.library, found.asked, found.evidence)
        draft.now(sentences=quoted.sentences, citations=quoted.citations, model="", outcome="answered")
        before = ""
        for sentence, citation in zip(quoted.sentences, quoted.citations, strict=True):
            gap = "" if not before else "\n" if sentence.item else " "
            before = sentence.text
            yield Token(f"{gap}{sentence.text} [{citation.n}]")
            yield Cited(citation)
        if len({evidence.manual.id for evidence in found.evidence}) > 1:
            attribution = Attribution(self.library, found.evidence)
            attribution.adopt(quoted.sentences, quoted.citations)
            yield from self._disagreeing(attribution, draft)

    def _disagreeing(self, attribution: Attribution, draft: Draft) -> Iterator[Step]:
        """Where another manual gives other figures, both are cited, and the products are offered to choose from."""
        known = len(attribution.citations)
        conflicts = attribution.conflicts()
        cited = {citation.n: citation for citation in attribution.citations}
        products = {cited[n].product for conflict in conflicts for n in (conflict.n, conflict.other)}
        choices = tuple(sorted(products - {""})) if len(products) > 1 else ()
        draft.now(citations=tuple(attribution.citations), conflicts=conflicts, products=choices)
        for citation in attribution.citations[known:]:
            yield Cited(citation)

    def _decline(self, outcome: Outcome, found: Found, draft: Draft) -> Iterator[Step]:
        text = WHICH_PRODUCT if outcome == "which product" else UNANSWERED
        if not self.library.counts().manuals:
            text = NO_MANUALS
        products = found.products if outcome == "which product" else ()
        draft.now(outcome=outcome, products=products, evidence=found.evidence[:NEAREST])
        yield Token(text)


def _with_nearest_first(attribution: Attribution) -> tuple[Evidence, ...]:
    """Return an answer's evidence, first the passages whose words stand nearest to what was contradicted."""
    near = {sentence.near.hash for sentence in attribution.sentences if sentence.near and sentence.state == "contradicted"}
    return tuple(sorted(attribution.evidence, key=lambda evidence: evidence.passage.hash not in near))


def new_codes(text: str, material: Sequence[str]) -> frozenset[str]:
    """Return the numbers and codes of a sentence that stand nowhere in the material, as they are written there."""
    known = {code for each in material for code in _CODE.findall(each.casefold())}
    return frozenset(_CODE.findall(text.casefold())) - known
