"""An answer by a model, as steps: its turn in line, its text sentence by sentence, each checked and cited.

Knows chains, marks and attribution; nothing of routes, conversations or what happens when it fails.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from adapters.errors import Stopped, TooSlow
from chatbot.answers.cleaning import RESTART, answer_text, is_whole, tidy
from chatbot.conversations.types import Cited, Cleared, Mode, Notice, Step, Token, Waiting
from chatbot.grounding.attribution import Attribution, Lookup
from chatbot.grounding.citation_markers import Ended, MarkReader, Said
from chatbot.grounding.model_verifier import Verifier
from chatbot.models.chains import Task, answer_tokens, write
from chatbot.models.prompts import NOT_SAID, UNSURE, that_fit
from chatbot.models.serving import Models, Writer
from knowledge.library import Library
from knowledge.types import Evidence


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written: by whom, in which mode, from what, until when (``time.monotonic``).

    ``quote_instead``: a sentence that nothing supports gives way to the nearest quote. ``search``, if given, is asked for
    evidence with sentences that nothing supports, and with ``recall`` first of all with what the adapter remembers: its
    sentence finds the passage that says otherwise today, where the question's own words do not.
    """

    writer: Writer
    mode: Mode
    question: str
    evidence: tuple[Evidence, ...]
    until: float
    stop: threading.Event
    search: Lookup | None = None
    recall: bool = False
    quote_instead: bool = False
    verifier: Verifier | None = None


class Writing:
    """One answer on its way. After ``steps`` has run, ``attribution`` holds its sentences and citations.

    ``cut`` says that the answer ended at its length limit, ``tidied`` that it holds other text than ``steps`` gave:
    ``again`` gives it anew.
    """

    def __init__(self, models: Models, library: Library, order: Order) -> None:
        self._models, self._library, self._order = models, library, order
        self.attribution = self._attribution(order.evidence)
        self.cut, self.tidied = False, False
        self._gaps: list[str] = []

    def _attribution(self, evidence: tuple[Evidence, ...]) -> Attribution:
        return Attribution(self._library, evidence, self._order.quote_instead, self._order.search, self._order.verifier)

    def steps(self) -> Iterator[Step]:
        """Waits in line, then writes. Raises AdapterError: TooSlow past the deadline, Stopped when asked to."""
        order = self._order
        with order.writer.server.turnstile.enter() as ticket:
            for place in ticket.places():
                self._in_time()
                yield Waiting(place)
            yield from self._write()

    def _in_time(self) -> float:
        """Seconds left."""
        if self._order.stop.is_set():
            raise Stopped("The answer was stopped.")
        if (left := self._order.until - time.monotonic()) <= 0:
            raise TooSlow("The model server was busy until the deadline.")
        return left

    def _write(self) -> Iterator[Step]:
        order = self._order
        if order.search is not None and order.recall:
            self._recall(order.search)
        fitting = self._fitting()
        if (left_out := min(len(self.attribution.evidence), order.writer.style.most) - len(fitting)) and order.mode != "adapter":
            yield Notice(f"{left_out} of {left_out + len(fitting)} passages did not fit the model's context and were left out.")
        task = self._task(order.mode, fitting)
        reader = MarkReader(0 if order.mode == "adapter" else len(fitting))
        begun = False
        pieces = write(order.writer, task)
        try:
            for piece in answer_text(pieces):
                if time.monotonic() > order.until:  # the wire has ended long ago; reading what it brought has not
                    raise TooSlow("The answer could not be read before the deadline.")
                if piece is RESTART:
                    yield Cleared()
                    self.attribution, self._gaps = self._attribution(self.attribution.evidence), []
                    reader, begun = MarkReader(0 if order.mode == "adapter" else len(fitting)), False
                    continue
                text = piece if begun else piece.lstrip()
                begun = begun or bool(text)
                yield from self._shown(reader.feed(text))
            yield from self._shown(reader.end(), last=True)
        finally:
            pieces.close()

    def _task(self, mode: Mode, evidence: tuple[Evidence, ...]) -> Task:
        writer = self._order.writer
        patience = self._models.patience_for(self._in_time())
        return Task(
            mode, self._order.question, evidence, patience, self._order.stop,
            lambda characters, tokens: self._models.learn(writer, characters, tokens), self._was_cut,
        )  # fmt: skip

    def _was_cut(self) -> None:
        self.cut = True

    def _recall(self, search: Lookup) -> None:
        """Puts the evidence for what the adapter remembers before the evidence for the question."""
        task = self._task("adapter", ())
        # A request's own stop: ending it must not end the answer that follows.
        task = replace(task, stop=threading.Event())
        task = replace(task, cut=lambda: None)
        found = search("".join(piece or "" for piece in answer_text(write(self._order.writer, task))))
        ids = {evidence.passage.id for evidence in found}
        self.attribution = self._attribution((*found, *(each for each in self._order.evidence if each.passage.id not in ids)))

    def _fitting(self) -> tuple[Evidence, ...]:
        order = self._order
        if order.mode == "adapter":
            return ()
        style, context = order.writer.style, order.writer.context
        rules = style.documents if order.mode == "documents" else style.both
        room = answer_tokens(order.writer)
        letters = self._models.letters(order.writer)
        return that_fit(self.attribution.evidence, order.question, rules, style, letters=letters, context=context, answer=room)

    def _shown(self, events: Iterator[Said | Ended], last: bool = False) -> Iterator[Step]:
        """Text as it comes; where it may have to give way to a quote, only once its sentence is judged."""
        style = self._order.writer.style
        rules = {"documents": style.documents, "adapter": style.adapter}.get(self._order.mode, style.both)
        rules = rules.replace(NOT_SAID, "").replace(UNSURE, "")  # these two are answers
        for event in events:
            if isinstance(event, Said):
                if not self._order.quote_instead:
                    yield Token(event.text)
                continue
            text = "" if last and self.cut and not is_whole(event.text) else tidy(event.text, rules)
            self.tidied = self.tidied or text != event.text
            if not text:
                continue
            gap = "\n" if event.line and self.attribution.sentences else " " if self.attribution.sentences else ""
            self._gaps.append(gap)
            judged = self.attribution.add(text, event.marks)
            if self._order.quote_instead:
                yield Token(gap + judged.sentence.text)
            for n in judged.sentence.n:
                yield Token(f" [{n}]")
            for citation in judged.new:
                yield Cited(citation)

    def again(self) -> Iterator[Step]:
        """Give the answer anew from its sentences: without what was written beside it."""
        cited = {citation.n: citation for citation in self.attribution.citations}
        yield Cleared()
        for gap, sentence in zip(self._gaps, self.attribution.sentences, strict=True):
            yield Token(gap + sentence.text)
            for n in sentence.n:
                yield Token(f" [{n}]")
                if n in cited:
                    yield Cited(cited.pop(n))


def said(attribution: Attribution, nothing: Sequence[str]) -> bool:
    """Did the model say anything but that it does not know?"""
    return any(sentence.text not in nothing for sentence in attribution.sentences)
