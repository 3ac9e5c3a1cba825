"""An answer by a model, as steps: its turn in line, its text sentence by sentence, each checked and cited.

Knows chains, marks and attribution; nothing of routes, conversations or what happens when it fails.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.errors import Stopped, TooSlow
from chatbot.chains import ANSWER_TOKENS, Task, write
from chatbot.citations import Attribution
from chatbot.marks import Ended, MarkReader, Said
from chatbot.models import Models, Writer
from chatbot.prompts import that_fit
from chatbot.types import Cited, Mode, Notice, Step, Token, Waiting
from knowledge.library import Library
from knowledge.types import Evidence


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written: by whom, in which mode, from what, until when (``time.monotonic``)."""

    writer: Writer
    mode: Mode
    question: str
    evidence: tuple[Evidence, ...]
    until: float
    stop: threading.Event


class Writing:
    """One answer on its way. After ``steps`` has run, ``attribution`` holds its sentences and citations."""

    def __init__(self, models: Models, library: Library, order: Order) -> None:
        self._models, self._order = models, order
        self.attribution = Attribution(library, order.evidence)

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
        fitting = self._fitting()
        if (left_out := min(len(order.evidence), order.writer.style.most) - len(fitting)) and order.mode != "adapter":
            yield Notice(f"{left_out} of {left_out + len(fitting)} passages did not fit the model's context and were left out.")
        patience = self._models.patience_for(self._in_time())
        told = lambda characters, tokens: self._models.learn(order.writer, characters, tokens)  # noqa: E731
        task = Task(order.mode, order.question, fitting, patience, order.stop, told)
        reader = MarkReader(0 if order.mode == "adapter" else len(fitting))
        begun = False
        pieces = write(order.writer, task)
        try:
            for piece in pieces:
                piece = piece if begun else piece.lstrip()
                begun = begun or bool(piece)
                yield from self._shown(reader.feed(piece))
            yield from self._shown(reader.end())
        finally:
            pieces.close()

    def _fitting(self) -> tuple[Evidence, ...]:
        order = self._order
        if order.mode == "adapter":
            return ()
        style, context = order.writer.style, order.writer.context
        rules = style.documents if order.mode == "documents" else style.both
        room = min(ANSWER_TOKENS, context // 4)
        letters = self._models.letters(order.writer)
        return that_fit(order.evidence, order.question, rules, style, letters=letters, context=context, answer=room)

    def _shown(self, events: Iterator[Said | Ended]) -> Iterator[Step]:
        for event in events:
            if isinstance(event, Said):
                yield Token(event.text)
                continue
            judged = self.attribution.add(event.text, event.marks)
            for n in judged.sentence.n:
                yield Token(f" [{n}]")
            for citation in judged.new:
                yield Cited(citation)


def said(attribution: Attribution, nothing: Sequence[str]) -> bool:
    """Did the model say anything but that it does not know?"""
    return any(sentence.text not in nothing for sentence in attribution.sentences)
