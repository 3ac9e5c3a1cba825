"""The only road from a question to an answer: search, route, write or quote, cite, keep.

Knows the steps and their order; each is done elsewhere. Knows nothing of pages or servers.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from adapters.errors import AdapterError, Stopped
from chatbot.errors import EmptyQuestion, NoSuchConversation
from chatbot.extract import extract
from chatbot.followup import standalone
from chatbot.models import Models, Serving, Writer
from chatbot.phrases import NO_MANUALS, NO_SOURCE, QUOTES, UNANSWERED, WHICH_PRODUCT
from chatbot.prompts import NOT_SAID, UNSURE
from chatbot.rewriting import by_model
from chatbot.router import Limits as Thresholds
from chatbot.router import out_of_date, route
from chatbot.settings import Settings
from chatbot.signals import signals
from chatbot.types import (
    Answer,
    Cited,
    Cleared,
    Finished,
    FoundStep,
    Notice,
    Outcome,
    Question,
    Route,
    Routed,
    Step,
    Token,
    Turn,
)
from knowledge.library import Library, open_library
from knowledge.products import mentioned, without_product
from knowledge.search import Search
from knowledge.types import Evidence, Found, Limits

if TYPE_CHECKING:
    from chatbot.journal import Journal

log = logging.getLogger(__name__)

EVIDENCE = 8
NEAREST = 5
CHECKPOINT = 1.0  # seconds between what a broken stream leaves behind


@dataclass(slots=True)
class _Draft:
    """An answer while it is made."""

    answer: Answer
    begun: float
    stop: threading.Event
    text: str = ""
    notices: list[str] = field(default_factory=list)

    def now(self, **changes: object) -> None:
        self.answer = replace(self.answer, **changes)  # type: ignore[arg-type]


class Desk:
    """Answers questions from one library, and keeps them in one journal."""

    def __init__(self, settings: Settings, library: Library) -> None:
        self.settings, self.library = settings, library
        self.search = Search(library)
        self.models = Models(settings)

    @cached_property
    def journal(self) -> Journal:
        """Conversations; opened on first use, because a question on the command line needs none."""
        from chatbot.journal import open_journal

        return open_journal(self.settings.folder / "journal.db")

    def ask(self, question: Question, owner: str = "", stop: threading.Event | None = None) -> Iterator[Step]:
        """Answers a question step by step; the last step is Finished.

        With an owner and a conversation, the question is on disk before the search begins, and however the stream
        ends (also by ``close()`` or by setting ``stop``, which mean stopped), what was written is kept.
        Raises EmptyQuestion.
        """
        if not question.text.strip():
            raise EmptyQuestion("The question is empty.")
        draft = _Draft(Answer(secrets.token_hex(8), "", "interrupted", Route("documents", "")), time.perf_counter(), stop or threading.Event())
        keep = bool(owner and question.conversation)
        earlier: tuple[Turn, ...] = ()
        if keep:
            with suppress(NoSuchConversation):
                earlier = self.journal.turns(question.conversation, owner)
            self.journal.begin(draft.answer, question, owner)
        ending: Outcome = "stopped"
        try:
            yield from self._kept(self._steps(question, earlier, draft), draft, keep)
            ending = draft.answer.outcome
            if keep:
                self.journal.finish(draft.answer)
                keep = False
            yield Finished(draft.answer)
        except Stopped:
            raise
        except Exception:
            ending = "failed"
            raise
        finally:
            draft.stop.set()
            if keep:
                self.journal.finish(replace(draft.answer, text=draft.text, outcome=ending))

    def _kept(self, steps: Iterator[Step], draft: _Draft, keep: bool) -> Iterator[Step]:
        """The steps, with what they say collected, and every second on disk."""
        last = time.monotonic()
        for step in steps:
            match step:
                case Token(text):
                    draft.text += text
                case Cleared():
                    draft.text = ""
                    draft.now(sentences=(), citations=())
                case Notice(text):
                    draft.notices.append(text)
            if keep and time.monotonic() - last > CHECKPOINT:
                last = time.monotonic()
                self.journal.checkpoint(replace(draft.answer, text=draft.text, outcome="interrupted"))
            yield step
        seconds = {**draft.answer.seconds, "total": round(time.perf_counter() - draft.begun, 4)}
        draft.now(text=draft.text, notices=tuple(draft.notices), seconds=seconds)

    def _steps(self, question: Question, earlier: tuple[Turn, ...], draft: _Draft) -> Iterator[Step]:
        serving = self.models.look()
        before = [_as_asked(turn) for turn in earlier]
        asked = standalone(question.text, before, self.library.products())
        if asked != question.text and serving.chat is not None and serving.chat.style.framed:
            asked = by_model(self.models, serving.chat, question.text, before, draft.stop) or asked
        found = self._found(asked, question.product, earlier)
        trained = serving.trained
        gone = self.library.gone(trained.hashes) if trained and trained.hashes else 0
        facts = signals(found.asked or asked, found, trained, gone)
        chosen = route(question.mode, facts, Thresholds(self.settings.min_match))
        shown = found.asked if found.asked and found.asked != question.text.strip() else ""
        searched = {"search": round(time.perf_counter() - draft.begun, 4)}
        draft.now(route=chosen, evidence=found.evidence, match=round(found.match, 4), asked=shown, signals=facts, seconds=searched)
        yield Routed(chosen)
        yield FoundStep(found.evidence, found.match, shown)
        if question.mode in ("adapter", "both") and not facts.adapter:
            yield Notice(f"No adapter is served, so this answer comes from the manuals. {serving.reason}".strip())
        yield from self._answer(chosen, found, serving, draft)

    def _found(self, asked: str, product: str, earlier: tuple[Turn, ...]) -> Found:
        """What is found; when several products would fit, the one that the conversation is about decides."""
        found = self.search.find(asked, product, EVIDENCE)
        if not found.products or product:
            return found
        for turn in reversed(earlier):
            talked = [c.product for c in turn.answer.citations] if turn.answer else []
            talked += mentioned(_as_asked(turn), self.library.products())
            if same := [name for name in talked if name in found.products]:
                return self.search.find(asked, same[0], EVIDENCE)
        return found

    def _answer(self, chosen: Route, found: Found, serving: Serving, draft: _Draft) -> Iterator[Step]:
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

    def _written(self, chosen: Route, found: Found, writer: Writer, draft: _Draft) -> Iterator[Step]:
        from chatbot.writing import Order, Writing, said

        until = time.monotonic() + self.settings.answer_seconds - (time.perf_counter() - draft.begun)
        product = found.evidence[0].manual.product if found.evidence else ""
        asked = found.asked if writer.style.framed else without_product(found.asked, product)
        recall = None
        if chosen.mode == "both" and out_of_date(draft.answer.signals):
            recall = partial(self._remembered, product=product)
        order = Order(writer, chosen.mode, asked, found.evidence, until, draft.stop, recall)
        writing = Writing(self.models, self.library, order)
        draft.now(model=writer.model)
        for step in writing.steps():
            if isinstance(step, Token) and "first" not in draft.answer.seconds:
                draft.now(seconds={**draft.answer.seconds, "first": round(time.perf_counter() - draft.begun, 4)})
            draft.now(sentences=tuple(writing.attribution.sentences), citations=tuple(writing.attribution.citations))
            yield step
        draft.now(sentences=tuple(writing.attribution.sentences), evidence=writing.evidence, outcome="answered")
        if not said(writing.attribution, (NOT_SAID, UNSURE)):
            yield Cleared()
            yield from self._decline("unanswered", found, draft)
        elif chosen.mode == "documents" and not writing.attribution.citations:
            yield Cleared()
            yield Notice(f"What the model wrote does not stand in the manuals. {QUOTES}")
            yield from self._quote(found, draft)
        elif chosen.mode != "documents" and not writing.attribution.citations:
            yield Notice(NO_SOURCE)

    def _remembered(self, memory: str, product: str) -> tuple[Evidence, ...]:
        """The evidence for what the adapter remembers, if the manuals have any."""
        found = self.search.find(memory, product, 2)
        return found.evidence if self._answerable(found) else ()

    def _quote(self, found: Found, draft: _Draft) -> Iterator[Step]:
        quoted = extract(self.library, found.asked, found.evidence)
        draft.now(sentences=quoted.sentences, citations=quoted.citations, model="", outcome="answered")
        before = ""
        for sentence, citation in zip(quoted.sentences, quoted.citations, strict=True):
            gap = "" if not before else "\n" if sentence.item else " "
            before = sentence.text
            yield Token(f"{gap}{sentence.text} [{citation.n}]")
            yield Cited(citation)

    def _decline(self, outcome: Outcome, found: Found, draft: _Draft) -> Iterator[Step]:
        text = WHICH_PRODUCT if outcome == "which product" else UNANSWERED
        if not self.library.counts().manuals:
            text = NO_MANUALS
        products = found.products if outcome == "which product" else ()
        draft.now(outcome=outcome, products=products, evidence=found.evidence[:NEAREST])
        yield Token(text)

    def warm(self) -> None:
        """Loads what the first question would wait for: encoder, vocabulary and, where a model is served, its chain."""
        self.search.find("warm up")
        if self.models.look().chat is not None:
            from chatbot import chains

            chains.warm()

    def suggestions(self, limit: int = 3) -> tuple[str, ...]:
        """Questions that the present manuals answer: about headings, from different manuals."""
        from chatbot.suggest import suggestions

        return suggestions(self.library, self.search, limit, self.settings.min_match)

    def close(self) -> None:
        """Closes journal, models and library."""
        self.models.close()
        if "journal" in self.__dict__:
            self.journal.close()
        self.library.close()


def _as_asked(turn: Turn) -> str:
    """An earlier question as it was understood."""
    return (turn.answer.asked if turn.answer else "") or turn.question.text


def ask_once(desk: Desk, question: Question, owner: str = "") -> Answer:
    """The whole answer to a question, for those who do not watch it being written."""
    *_, last = desk.ask(question, owner)
    assert isinstance(last, Finished), "the last step of a stream is Finished"
    return last.answer


def open_desk(settings: Settings) -> Desk:
    """Opens the library under the data folder and a desk on it. Raises KnowledgeError."""
    limits = Limits(wall_seconds=settings.read_seconds, cpu_seconds=settings.read_seconds, memory_mb=settings.read_memory_mb)
    library = open_library(
        settings.folder, limits=limits, max_upload_mb=settings.max_upload_mb, max_waiting=settings.max_waiting,
        index_url=settings.index,
    )  # fmt: skip
    return Desk(settings, library)
