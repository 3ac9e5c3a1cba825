"""An answer by a model, as steps: its turn in line, its text sentence by sentence, each checked and cited.

Knows chains, marks and attribution; nothing of routes, conversations or what happens when it fails.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from adapters.errors import LongLine, Stopped, TooSlow
from adapters.types import ChatEnd
from chatbot.answers.cleaning import RESTART, answer_text, is_whole, tidy
from chatbot.answers.events import (
    CitationAdded,
    CitationMark,
    Event,
    Notice,
    Reset,
    TextDelta,
    Waiting,
)
from chatbot.conversations.types import Mode
from chatbot.grounding.attribution import Attributor, Lookup
from chatbot.grounding.citation_markers import CitationMarkerParser, PlainText, SentenceEnd
from chatbot.grounding.model_verifier import SecondOpinion
from chatbot.models.chains import Task, answer_tokens, write
from chatbot.models.prompts import FIRST, NOT_SAID, UNSURE, that_fit, tokens_at_most
from chatbot.models.serving import ChatModel, Models
from knowledge.catalog import Catalog
from knowledge.types import Evidence

REPEATS = 3  # sentences said a second time, after which nothing new is to come


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """What is to be written: by whom, in which mode, from what, until when (``time.monotonic``).

    ``patience`` is how many seconds it may wait in line, since something better than waiting can be shown; None: until then.
    ``quote_instead``: a sentence that nothing supports gives way to the nearest quote. ``search``, if given, is asked for
    evidence with sentences that nothing supports, and with ``recall`` first of all with what the adapter remembers: its
    sentence finds the passage that says otherwise today, where the question's own words do not. ``asker``: who waits in line.
    """

    writer: ChatModel
    mode: Mode
    question: str
    evidence: tuple[Evidence, ...]
    until: float
    stop: threading.Event
    patience: float | None = None
    search: Lookup | None = None
    recall: bool = False
    quote_instead: bool = False
    second_opinion: SecondOpinion | None = None
    asker: str = ""


class Generation:
    """One answer on its way. After ``steps`` has run, ``attributor`` holds its sentences and citations.

    ``cut`` says that the answer ended at its length limit, ``tidied`` that it holds other text than ``steps`` gave:
    ``again`` gives it anew. ``tokens_read`` and ``tokens_written`` are as the server counted them, 0 where it does not.
    """

    def __init__(self, models: Models, catalog: Catalog, request: GenerationRequest) -> None:
        self._models, self._catalog, self._request = models, catalog, request
        self.attributor = self._attributor(request.evidence)
        self.cut, self.tidied = False, False
        self.tokens_read = self.tokens_written = 0
        self._gaps: list[str] = []
        self._told, self._repeats = set[str](), 0

    def _attributor(self, evidence: tuple[Evidence, ...]) -> Attributor:
        return Attributor(
            self._catalog,
            evidence,
            self._request.quote_instead,
            self._request.search,
            self._request.second_opinion,
        )

    def steps(self) -> Iterator[Event]:
        """Waits in line, then writes. Raises AdapterError: TooSlow past the deadline, LongLine where the wait would be longer
        than its patience, Stopped when asked to."""
        request = self._request
        queue, begun = request.writer.server.request_queue, time.monotonic()
        with queue.enter(request.asker) as ticket:
            for place in ticket.places():
                self._in_time()
                waits = time.monotonic() - begun + queue.expected_wait(place)
                if request.patience is not None and waits > request.patience:
                    told = "1 question waits" if place == 1 else f"{place} questions wait"
                    raise LongLine(f"{told} for the model before this one.")
                yield Waiting(place)
            yield from self._write()

    def _in_time(self) -> float:
        """Seconds left."""
        if self._request.stop.is_set():
            raise Stopped("The answer was stopped.")
        if (left := self._request.until - time.monotonic()) <= 0:
            raise TooSlow("The model server was busy until the deadline.")
        return left

    def _write(self) -> Iterator[Event]:
        request = self._request
        if request.search is not None and request.recall:
            self._recall(request.search)
        fitting = self._fitting()
        if (
            left_out := min(len(self.attributor.evidence), self._most) - len(fitting)
        ) and request.mode != "adapter":
            yield Notice(
                f"{left_out} of {left_out + len(fitting)} passages did not fit the model's context and were left out."
            )
        task = self._task(request.mode, fitting)
        reader = CitationMarkerParser(0 if request.mode == "adapter" else len(fitting))
        begun = False
        pieces = write(request.writer, task)
        try:
            for piece in answer_text(pieces):
                # The wire has ended long ago; reading what it brought has not
                if time.monotonic() > request.until:
                    raise TooSlow("The answer could not be read before the deadline.")
                if piece is RESTART:
                    yield Reset()
                    self.attributor, self._gaps = self._attributor(self.attributor.evidence), []
                    self._told, self._repeats = set(), 0
                    reader, begun = (
                        CitationMarkerParser(0 if request.mode == "adapter" else len(fitting)),
                        False,
                    )
                    continue
                text = piece if begun else piece.lstrip()
                begun = begun or bool(text)
                yield from self._shown(reader.feed(text))
                if self._repeats >= REPEATS:
                    return
            yield from self._shown(reader.end(), last=True)
        finally:
            pieces.close()

    def _task(self, mode: Mode, evidence: tuple[Evidence, ...]) -> Task:
        timeouts = self._models.timeouts_for(self._in_time())
        return Task(
            mode, self._request.question, evidence, timeouts, self._request.stop, self._ended
        )

    def _ended(self, characters: int, end: ChatEnd) -> None:
        self._counted(characters, end)
        self.cut = self.cut or end.cut

    def _counted(self, characters: int, end: ChatEnd) -> None:
        self.tokens_read += end.prompt_tokens
        self.tokens_written += end.answer_tokens
        self._models.learn(self._request.writer, characters, end)

    def _recall(self, search: Lookup) -> None:
        """Puts the evidence for what the adapter remembers before the evidence for the question."""
        task = self._task("adapter", ())
        # A request's own stop: ending it must not end the answer that follows.
        task = replace(task, stop=threading.Event(), ended=self._counted)
        found = search(
            "".join(piece or "" for piece in answer_text(write(self._request.writer, task)))
        )
        ids = {evidence.passage.id for evidence in found}
        self.attributor = self._attributor(
            (*found, *(each for each in self._request.evidence if each.passage.id not in ids))
        )

    def _fitting(self) -> tuple[Evidence, ...]:
        request = self._request
        if request.mode == "adapter":
            return ()
        style, context = request.writer.style, request.writer.context
        rules = style.documents if request.mode == "documents" else style.both
        room = answer_tokens(request.writer)
        return that_fit(
            self.attributor.evidence[: self._most],
            request.question,
            rules,
            style,
            letters=self._models.letters(request.writer),
            context=context,
            answer=room,
        )

    @property
    def _most(self) -> int:
        """How many passages the model is given: as many as it reads soon enough, few until that is known."""
        writer = self._request.writer
        if not (tokens := self._models.reads(writer)):
            return min(writer.style.most, FIRST)
        letters, most = self._models.letters(writer), 0
        for found in self.attributor.evidence[: writer.style.most]:
            tokens -= tokens_at_most(found.passage.text, letters)
            most += tokens >= 0
        return max(most, 1)

    def _shown(
        self, events: Iterator[PlainText | SentenceEnd], last: bool = False
    ) -> Iterator[Event]:
        """Text as it comes; where it may have to give way to a quote, only once its sentence is judged."""
        style = self._request.writer.style
        rules = {"documents": style.documents, "adapter": style.adapter}.get(
            self._request.mode, style.both
        )
        rules = rules.replace(NOT_SAID, "").replace(UNSURE, "")  # these two are answers
        for event in events:
            if isinstance(event, PlainText):
                if not self._request.quote_instead:
                    yield TextDelta(event.text)
                continue
            text = "" if last and self.cut and not is_whole(event.text) else tidy(event.text, rules)
            key = " ".join(text.split()).casefold()
            if text and key in self._told:
                self._repeats += 1
                text = ""
            self._told.add(key)
            self.tidied = self.tidied or text != event.text
            if not text:
                continue
            gap = (
                "\n"
                if event.line and self.attributor.sentences
                else " "
                if self.attributor.sentences
                else ""
            )
            self._gaps.append(gap)
            judged = self.attributor.add(text, event.marks)
            if self._request.quote_instead:
                yield TextDelta(gap + judged.sentence.text)
            for n in judged.sentence.n:
                yield CitationMark(n)
            for citation in judged.new:
                yield CitationAdded(citation)

    def again(self) -> Iterator[Event]:
        """Give the answer anew from its sentences: without what was written beside it."""
        cited = {citation.n: citation for citation in self.attributor.citations}
        yield Reset()
        for gap, sentence in zip(self._gaps, self.attributor.sentences, strict=True):
            yield TextDelta(gap + sentence.text)
            for n in sentence.n:
                yield CitationMark(n)
                if n in cited:
                    yield CitationAdded(cited.pop(n))
