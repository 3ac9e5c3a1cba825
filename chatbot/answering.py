"""One answer, once its route and evidence are known: written, quoted, or declined; cited; and held against itself.

Knows the models and the library; nothing of conversations or of how a question was understood.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from adapters.errors import AdapterError, Stopped
from chatbot.citations import Attribution
from chatbot.extract import extract
from chatbot.models import Models, Serving, Writer
from chatbot.phrases import NO_MANUALS, NO_SOURCE, QUOTES, UNANSWERED, WHICH_PRODUCT
from chatbot.prompts import NOT_SAID, UNSURE
from chatbot.router import out_of_date
from chatbot.settings import Settings
from chatbot.types import Answer, Cited, Cleared, Notice, Outcome, Route, Step, Token
from knowledge.library import Library
from knowledge.products import without_product
from knowledge.search import Search
from knowledge.types import Evidence, Found

if TYPE_CHECKING:
    from chatbot.writing import Writing

log = logging.getLogger(__name__)

NEAREST = 5


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
            yield Cleared()
            yield Notice(f"{error} {QUOTES if self._answerable(found) else ''}".strip())
            if self._answerable(found):
                yield from self._quote(found, draft)
            else:
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
        from chatbot.verifier import verifier_of
        from chatbot.writing import Order, Writing, said

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
        draft.now(sentences=tuple(writing.attribution.sentences), evidence=writing.attribution.evidence, outcome="answered")
        if not said(writing.attribution, (NOT_SAID, UNSURE)):
            yield Cleared()
            yield from self._decline("unanswered", found, draft)
        elif writing.attribution.citations:
            yield from self._disagreeing(writing.attribution, draft)
        elif chosen.mode == "documents":
            yield Cleared()
            yield Notice(f"What the model wrote does not stand in the manuals. {QUOTES}")
            yield from self._quote(found, draft)
        else:
            yield Notice(NO_SOURCE)

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
