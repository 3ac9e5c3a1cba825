"""One answer, once its route and evidence are known: written, quoted, or declined; cited; and held against itself.

Knows the models and the catalog; nothing of conversations or of how a question was understood.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from adapters.errors import AdapterError, Stopped
from chatbot.answers.boilerplate import without_boilerplate
from chatbot.answers.composing import extract_near, extract_parts
from chatbot.answers.events import (
    CitationAdded,
    CitationMark,
    Event,
    Notice,
    Quoted,
    Reset,
    TextDelta,
)
from chatbot.answers.extractive import WHOLE, Extract
from chatbot.answers.messages import (
    CHOOSE,
    CUT,
    DIFFERS,
    GOES_ON,
    LITTLE_HELD,
    NO_ANSWER,
    NO_MANUALS,
    NO_SOURCE,
    NOT_HELD,
    NOT_SURE,
    ONLY,
    PART_UNANSWERED,
    QUOTES,
    UNANSWERED,
    WHICH_PRODUCT,
)
from chatbot.answers.refusals import reason, several_asked
from chatbot.conversations.types import Answer, Arm, Outcome, Quotes, Route, Sentence, Signals
from chatbot.curation.approved.first import written_out
from chatbot.grounding.attribution import Attributor
from chatbot.grounding.figures import new_codes
from chatbot.models.serving import ChatModel, Models, ModelStatus
from chatbot.routing.lookup import PartFound, sections_of
from chatbot.routing.router import cannot_tell, out_of_date
from chatbot.routing.signals import beside
from chatbot.settings import Settings
from knowledge.catalog import Catalog
from knowledge.search.products.names import mentioned, without_product
from knowledge.search.retriever import Search
from knowledge.types import Evidence, SearchResult

if TYPE_CHECKING:
    from chatbot.answers.generation import Generation, GenerationRequest
    from chatbot.curation.approved.types import ApprovedAnswer

log = logging.getLogger(__name__)

NEAREST = 5
PATIENCE = 20.0  # seconds in line for a model, while the manuals' own words are there already
BRIEF = 60  # words of a section from which on the shortest quotes leave out what does not answer


@dataclass(slots=True)
class AnswerBuilder:
    """An answer while it is made. ``arm`` is what answers in a comparison, ``serving`` what is asked in place of what is
    served; ``failed``: its model did not; ``wrong``: the manuals contradict what it wrote, be that shown or not.
    ``asker`` is who asks, "" for nobody in particular; ``named`` are the products that the message names."""

    answer: Answer
    begun: float
    stop: threading.Event
    text: str = ""
    notices: list[str] = field(default_factory=list)
    arm: Arm | Literal[""] = ""
    failed: bool = False
    wrong: bool = False
    serving: ModelStatus | None = None
    asker: str = ""
    named: tuple[str, ...] = ()

    def now(self, **changes: object) -> None:
        self.answer = replace(self.answer, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Answerer:
    """Makes answers for one assistant."""

    settings: Settings
    catalog: Catalog
    search: Search
    models: Models

    def steps(
        self,
        chosen: Route,
        found: SearchResult,
        serving: ModelStatus,
        builder: AnswerBuilder,
        parts: Sequence[PartFound] = (),
    ) -> Iterator[Event]:
        """The answer's steps; ``builder`` holds what is known of it after each.

        ``found`` is what was found for the whole message, ``parts`` for each of its questions, where it has several.
        """
        outcome = self._outcome(chosen, found, builder.answer.signals)
        if outcome != "answered":
            if outcome == "choose" and (told := several_asked(parts)):
                yield Notice(told)
            yield from self._decline(outcome, found, builder)
            return
        writer = serving.chat if chosen.mode == "documents" else serving.adapter
        small = chosen.mode == "both" and writer is not None and writer.small
        if writer is None or (small and cannot_tell(builder.answer.signals)):
            yield from self._quote(found, builder, parts)
            return
        try:
            yield from self._written(chosen, found, writer, builder, parts)
        except Stopped:
            raise
        except AdapterError as error:
            log.warning("answer by %s failed: %s", writer.model, error)
            builder.failed = True
            self.models.invalidate()
            yield from self._instead(str(error), found, builder, parts)

    def approved(
        self,
        one: ApprovedAnswer,
        found: SearchResult,
        builder: AnswerBuilder,
        parts: Sequence[PartFound],
    ) -> Iterator[Event]:
        """The steps of an approved answer; the manuals' own words stay beside it, where they answer."""
        builder.now(
            sentences=one.tied.sentences,
            citations=one.tied.citations,
            quotes=self._own_words(found, parts) if self._answerable(found) else None,
            approved=one.id,
            outcome="answered",
        )
        yield from written_out(one)

    def _own_words(self, found: SearchResult, parts: Sequence[PartFound]) -> Quotes:
        extracted = self._extract(found, parts)
        return Quotes(extracted.sentences, extracted.citations)

    def _instead(
        self, why: str, found: SearchResult, builder: AnswerBuilder, parts: Sequence[PartFound]
    ) -> Iterator[Event]:
        """Give way to the manuals: their words where they answer, else the nearest passages."""
        yield Reset()
        if self._answerable(found):
            yield Notice(f"{why} {QUOTES}")
            yield from self._quote(found, builder, parts)
        else:
            yield Notice(why)
            yield from self._decline("unanswered", found, builder)

    def _answerable(self, found: SearchResult) -> bool:
        return bool(found.evidence) and found.match >= self.settings.min_match

    def _outcome(self, chosen: Route, found: SearchResult, facts: Signals | None) -> Outcome:
        """How a question ends. What neither the manuals answer nor the adapter was trained on, it only guesses."""
        if chosen.mode == "adapter":
            return "answered"
        if self._answerable(found):
            return "which product" if found.products else "answered"
        if chosen.mode == "both" and (facts is None or facts.coverage is None or facts.covered):
            return "answered"
        least, sure = self.settings.min_choice, self.settings.min_match
        if not found.evidence or found.match < least:
            return "unanswered"
        # Below half the way to sure, sections are offered: no product's manual may hold it
        return "which product" if found.products and found.match >= (least + sure) / 2 else "choose"

    def _written(
        self,
        chosen: Route,
        found: SearchResult,
        writer: ChatModel,
        builder: AnswerBuilder,
        parts: Sequence[PartFound],
    ) -> Iterator[Event]:
        from chatbot.answers.cleaning import refuses
        from chatbot.answers.generation import Generation

        if chosen.mode != "adapter" and self._answerable(found):
            quotes = self._own_words(found, parts)
            builder.now(quotes=quotes)
            yield Quoted(quotes)
        request = self._request(chosen, found, writer, builder)
        generation = Generation(self.models, self.catalog, request)
        builder.now(model=writer.model)
        yield from self._watched(generation, builder)
        attributor = generation.attributor
        builder.now(tokens=(generation.tokens_read, generation.tokens_written))
        builder.wrong = any(one.state == "contradicted" for one in attributor.sentences)
        if not attributor.sentences:
            yield from self._instead(NO_ANSWER, found, builder, parts)
            return
        if generation.tidied:
            yield from generation.again()
        builder.now(
            sentences=tuple(attributor.sentences),
            citations=tuple(attributor.citations),
            evidence=attributor.evidence,
            outcome="answered",
        )
        if all(refuses(sentence.text) for sentence in attributor.sentences):
            facts = builder.answer.signals
            if chosen.mode == "both" and not (writer.proved and facts and not facts.unseen):
                yield from self._instead(NOT_SURE, found, builder, parts)
                return
            yield Reset()
            yield from self._decline("unanswered", found, builder)
            return
        cited = {citation.hash for citation in attributor.citations}
        aside = writer.small and beside(found.evidence, cited, builder.answer.signals)
        if doubt := self._doubt(chosen, found, attributor, aside):
            nearest = found.evidence if aside else _with_nearest_first(attributor)
            yield from self._instead(doubt, replace(found, evidence=nearest), builder, parts)
            return
        if generation.cut:
            yield Notice(CUT)
        if attributor.citations:
            yield from self._disagreeing(attributor, builder)
        else:
            yield Notice(NO_SOURCE)

    def _request(
        self, chosen: Route, found: SearchResult, writer: ChatModel, builder: AnswerBuilder
    ) -> GenerationRequest:
        from chatbot.answers.generation import GenerationRequest
        from chatbot.grounding.model_verifier import second_opinion_of

        left = self.settings.answer_seconds - (time.perf_counter() - builder.begun)
        product = found.evidence[0].manual.product if found.evidence else ""
        # Without any evidence it is not known of which product the answer is.
        looks_up = chosen.mode != "documents" and bool(found.evidence)
        return GenerationRequest(
            writer=writer,
            mode="adapter" if writer.small and chosen.mode == "both" else chosen.mode,
            question=found.asked if writer.style.general else without_product(found.asked, product),
            evidence=found.evidence,
            until=time.monotonic() + left,
            stop=builder.stop,
            patience=PATIENCE if self._answerable(found) and chosen.mode != "adapter" else None,
            search=partial(self._remembered, product=product) if looks_up else None,
            recall=chosen.mode == "both" and out_of_date(builder.answer.signals),
            quote_instead=self.settings.unsupported == "quote",
            second_opinion=second_opinion_of(self.models, self.settings.verifier, left),
            asker=builder.asker,
        )

    def _doubt(
        self, chosen: Route, found: SearchResult, attributor: Attributor, aside: bool
    ) -> str:
        """Return why what was written gives way to the manuals, or "" when it may stand.

        Where the manuals answer, most sentences must hold, and no figure or code may differ from theirs; ``aside``: what was
        remembered is no answer to this.
        """
        if chosen.mode == "adapter" or not self._answerable(found):
            return "" if attributor.citations or chosen.mode != "documents" else NOT_HELD
        held = sum(sentence.state in ("verified", "supported") for sentence in attributor.sentences)
        if not held:
            return NOT_HELD
        if chosen.mode == "both":
            material = [found.asked, *(evidence.passage.text for evidence in attributor.evidence)]
            unlike = [
                s
                for s in attributor.sentences
                if s.state == "contradicted"
                or (s.state == "unsupported" and new_codes(s.text, material))
            ]
            return DIFFERS if unlike else NOT_HELD if aside else ""
        return LITTLE_HELD if 2 * held <= len(attributor.sentences) else ""

    def _watched(self, generation: Generation, builder: AnswerBuilder) -> Iterator[Event]:
        """The steps of a text being written; the draft has each sentence as soon as it is judged."""
        for step in generation.steps():
            if isinstance(step, TextDelta) and "first" not in builder.answer.seconds:
                builder.now(
                    seconds={
                        **builder.answer.seconds,
                        "first": round(time.perf_counter() - builder.begun, 4),
                    }
                )
            builder.now(
                sentences=tuple(generation.attributor.sentences),
                citations=tuple(generation.attributor.citations),
            )
            yield step

    def _remembered(self, memory: str, product: str) -> tuple[Evidence, ...]:
        """The evidence for what the adapter remembers, if the manuals have any."""
        found = self.search.find(memory, product, 2)
        return found.evidence if self._answerable(found) else ()

    def _quote(
        self, found: SearchResult, builder: AnswerBuilder, parts: Sequence[PartFound]
    ) -> Iterator[Event]:
        quoted = self._extract(found, parts, BRIEF if builder.arm == "brief" else WHOLE)
        builder.now(
            sentences=quoted.sentences,
            citations=quoted.citations,
            quotes=None,
            model="",
            outcome="answered",
        )
        yield from _written_out(quoted)
        if quoted.goes_on:
            yield Notice(GOES_ON)
        for each in parts:
            if not self._answerable(each.found):
                yield Notice(PART_UNANSWERED.format(question=each.part.text))
        compared = len({each.part.product for each in parts} - {""}) > 1  # products may well differ
        if not compared and len({evidence.manual.id for evidence in found.evidence}) > 1:
            attributor = Attributor(self.catalog, found.evidence)
            attributor.adopt(quoted.sentences, quoted.citations)
            yield from self._disagreeing(attributor, builder)

    def _extract(
        self, found: SearchResult, parts: Sequence[PartFound], words: int = WHOLE
    ) -> Extract:
        """What the manuals say themselves on a message, in about so many words, or on each of its questions that they answer."""
        held = [(each.part.text, each.found) for each in parts if self._answerable(each.found)]
        if len(parts) < 2 or not held:
            return extract_near(self.catalog, found.asked, found.evidence, words)
        return extract_parts(self.catalog, held, len(parts))

    def _disagreeing(self, attributor: Attributor, builder: AnswerBuilder) -> Iterator[Event]:
        """Where another manual gives other figures, both are cited, and the products are offered to choose from."""
        known = len(attributor.citations)
        conflicts = attributor.conflicts()
        cited = {citation.n: citation for citation in attributor.citations}
        products = {
            cited[n].product for conflict in conflicts for n in (conflict.n, conflict.other)
        }
        choices = tuple(sorted(products - {""})) if len(products) > 1 else ()
        builder.now(citations=tuple(attributor.citations), conflicts=conflicts, products=choices)
        for citation in attributor.citations[known:]:
            yield CitationAdded(citation)

    def _decline(
        self, outcome: Outcome, found: SearchResult, builder: AnswerBuilder
    ) -> Iterator[Event]:
        text = {"which product": WHICH_PRODUCT, "choose": CHOOSE}.get(outcome, UNANSWERED)
        if not self.catalog.counts().manuals:
            text = NO_MANUALS
        products = found.products if outcome == "which product" else ()
        near = sections_of(found.evidence) if outcome == "choose" else found.evidence[:NEAREST]
        near = near if found.match else ()  # of another product
        shown = without_boilerplate(self.catalog, near)
        builder.now(outcome=outcome, products=products, evidence=shown, quotes=None)
        if text in (UNANSWERED, CHOOSE):
            why = reason(found.asked, self.search, self.catalog, found.product, text == CHOOSE)
            yield from [Notice(why)] if why else []
        named = {*builder.named, *mentioned(found.asked, self.catalog.products())}
        if found.product and not named:
            yield Notice(ONLY.format(product=found.product))
        yield TextDelta(text)


def _written_out(quoted: Extract) -> Iterator[Event]:
    """Quotes as the steps of an answer, without what is folded: a heading, a paragraph and a list item on lines of their own."""
    cited = {citation.n: citation for citation in quoted.citations}
    before: Sentence | None = None
    for sentence in (one for one in quoted.sentences if not one.folded):
        apart = before is not None and (sentence.heading or before.heading)
        begins = sentence.item or sentence.paragraph
        gap = "" if before is None else "\n\n" if apart else "\n" if begins else " "
        before = sentence
        yield TextDelta(f"{gap}{sentence.text}")
        for n in sentence.n:
            yield CitationMark(n)
            yield CitationAdded(cited[n])


def _with_nearest_first(attributor: Attributor) -> tuple[Evidence, ...]:
    """Return an answer's evidence, first the passages whose words stand nearest to what was contradicted."""
    near = {
        sentence.near.hash
        for sentence in attributor.sentences
        if sentence.near and sentence.state == "contradicted"
    }
    return tuple(
        sorted(attributor.evidence, key=lambda evidence: evidence.passage.hash not in near)
    )
