"""The only road from a question to an answer: search, route, answer, keep.

Knows the steps and their order; each is done elsewhere. Knows nothing of pages or servers.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from adapters.errors import Stopped
from chatbot.answers.answerer import AnswerBuilder, Answerer
from chatbot.answers.events import (
    CitationMark,
    Event,
    EvidenceFound,
    Finished,
    Notice,
    Reset,
    Routed,
    TextDelta,
)
from chatbot.answers.messages import FILTERED, GONE, SMALL_TALK, on_ocr, said_of_others
from chatbot.conversations.keeping import Keeping, unread
from chatbot.conversations.suggestions import further
from chatbot.conversations.types import Answer, Outcome, Question, Route, Turn
from chatbot.curation.approved.first import AskedOf, first_for, may_hold, reason_of
from chatbot.errors import ChatError, EmptyQuestion, NoSuchConversation, NotKept
from chatbot.grounding.language import likeliest
from chatbot.grounding.mail import own_request
from chatbot.grounding.model_verifier import SecondOpinion, second_opinion_of
from chatbot.models.serving import Models
from chatbot.routing.intake import small_talk, without_small_talk
from chatbot.routing.lookup import Lookup, PartFound, merged, was_chosen
from chatbot.routing.questions import questions_in
from chatbot.routing.router import BY_HAND, BY_PRODUCT, IN_PART, MANUALS, RouteThresholds, route
from chatbot.routing.signals import signals
from chatbot.routing.training import TrainingNow
from chatbot.routing.understanding import Understanding
from chatbot.settings import Settings
from chatbot.trials.errors import NoSuchPair
from chatbot.trials.preferences import preferred
from knowledge.catalog import Catalog
from knowledge.search.products.names import mentioned
from knowledge.search.retriever import Search
from knowledge.types import Evidence, SearchResult

if TYPE_CHECKING:
    from chatbot.accounts.accounts import Accounts
    from chatbot.accounts.audit import Audit
    from chatbot.accounts.sessions import Sessions
    from chatbot.conversations.journal import Journal
    from chatbot.curation.approved.store import ApprovedAnswers
    from chatbot.curation.approved.types import ApprovedAnswer
    from chatbot.trials.store import Trials

log = logging.getLogger(__name__)

CHECKPOINT = 1.0  # seconds between what a broken stream leaves behind


class Assistant:
    """Answers questions from one catalog, and keeps them in one journal. ``chatbot.operations.deployment`` opens one."""

    def __init__(
        self, settings: Settings, catalog: Catalog, search: Search, models: Models
    ) -> None:
        self.settings, self.catalog, self.search, self.models = settings, catalog, search, models
        self._journal: Journal | None = None
        self._opening = threading.Lock()
        self._answering = Answerer(settings, catalog, search, models)
        self._lookup = Lookup(catalog, search, settings.min_match, settings.min_choice)
        self._understanding = Understanding(catalog, self.models, self._lookup, search)
        self._training = TrainingNow(catalog)

    @property
    def journal(self) -> Journal:
        """Conversations; opened on first use, because a question on the command line needs none. Raises ChatError."""
        from chatbot.conversations.journal import open_journal

        with self._opening:  # two first questions at once must not open two
            if self._journal is None:
                if fault := self.catalog.fault():  # never make a folder where the library was
                    raise NotKept(fault.rstrip("."))
                self._journal = open_journal(self.settings.folder / "journal.db")
            return self._journal

    @property
    def accounts(self) -> Accounts:
        """The people who may sign in. Raises ChatError."""
        from chatbot.accounts.accounts import Accounts

        return Accounts(self.journal.file)

    @property
    def audit(self) -> Audit:
        """Who did what. Raises ChatError."""
        from chatbot.accounts.audit import Audit

        return Audit(self.journal.file)

    @property
    def approved(self) -> ApprovedAnswers:
        """What was proposed as an approved answer. Raises ChatError."""
        from chatbot.curation.approved.store import ApprovedAnswers

        return ApprovedAnswers(self.journal.file)

    @property
    def trials(self) -> Trials:
        """Blind comparisons, and the votes on them. Raises ChatError."""
        from chatbot.trials.store import Trials

        return Trials(self.journal.file)

    @property
    def sessions(self) -> Sessions:
        """Where they are signed in. Raises ChatError."""
        from chatbot.accounts.sessions import sessions_in

        return sessions_in(self.journal.file, self.settings.session_days)

    @contextmanager
    def keeping_in(self, journal: Journal) -> Iterator[None]:
        """Keep conversations in another journal in this block."""
        before, self._journal = self._journal, journal
        try:
            yield
        finally:
            self._journal = before

    def second_opinion(self) -> SecondOpinion | None:
        """Who is asked about a sentence that no rule finds in the manuals; None unless TANDEM_VERIFIER is "model"."""
        return second_opinion_of(
            self.models, self.settings.verifier, float(self.settings.answer_seconds)
        )

    def ask(
        self, question: Question, owner: str = "", stop: threading.Event | None = None
    ) -> Generator[Event, None, None]:
        """Answers a question step by step; the last step is Finished.

        With an owner and a conversation, the question is on disk before the search begins, and however the stream ends
        (also by ``close()`` or by setting ``stop``, which mean stopped), what was written is kept. Without a journal the
        question is answered all the same, with a notice that says why. Raises EmptyQuestion.
        """
        if not question.text.strip():
            raise EmptyQuestion("The question is empty.")
        builder = AnswerBuilder(
            Answer(secrets.token_hex(8), "", "interrupted", Route("documents", "")),
            time.perf_counter(),
            stop or threading.Event(),
            asker=owner,
        )
        keeping = Keeping(self._keeper, question, owner)
        earlier = keeping.begin(builder.answer)
        ending: Outcome = "stopped"
        told = self._told(self._steps(question, earlier, builder), builder, keeping)
        try:
            for step in told:  # noqa: UP028 - "yield from" would end them with the reader
                yield step
            ending = builder.answer.outcome
            yield from keeping.ended(builder)
            yield Finished(builder.answer)
        except Stopped:
            raise
        except GeneratorExit:
            ending = unread(builder.answer, told)
            raise
        except Exception:
            ending = "failed"
            raise
        finally:
            builder.stop.set()
            keeping.finish(replace(builder.answer, text=builder.text), ending)

    def unkept(
        self, question: Question, earlier: tuple[Turn, ...], builder: AnswerBuilder
    ) -> Iterator[Event]:
        """Answers a question after others, and keeps nothing of it: ``builder.answer`` is the answer at the end."""
        keeping = Keeping(self._keeper, question, "")
        yield from self._told(self._steps(question, earlier, builder), builder, keeping)

    def answer(self, answer_id: str, reader: str) -> Answer:
        """One answer as it was given, also one of a pair whose vote is in. Raises NoSuchConversation, NotKept."""
        try:
            return self.journal.answer(answer_id, reader)
        except NoSuchConversation:
            with suppress(NoSuchPair):
                return self.trials.answer(answer_id, reader)
            raise

    def _keeper(self) -> Journal:
        return self.journal

    def _told(
        self, steps: Iterator[Event], builder: AnswerBuilder, keeping: Keeping
    ) -> Iterator[Event]:
        """The steps, with what they say collected, and every second on disk."""
        last = time.monotonic()
        for step in chain(keeping.notices(), steps):
            match step:
                case TextDelta(text):
                    builder.text += text
                case CitationMark(n):
                    builder.text += f" [{n}]"
                case Reset():
                    builder.text = ""
                    builder.now(sentences=(), citations=())
                case Notice(text):
                    builder.notices.append(text)
            if time.monotonic() - last > CHECKPOINT:
                keeping.checkpoint(
                    replace(builder.answer, text=builder.text, outcome="interrupted")
                )
                last = time.monotonic()
            yield step
        seconds = {**builder.answer.seconds, "total": round(time.perf_counter() - builder.begun, 4)}
        builder.now(text=builder.text, notices=tuple(builder.notices), seconds=seconds)

    def _steps(
        self, question: Question, earlier: tuple[Turn, ...], builder: AnswerBuilder
    ) -> Iterator[Event]:
        typed = question.text
        question = replace(question, text=own_request(self.catalog.by_product_name(typed)))
        if kind := small_talk(question.text):
            builder.now(outcome="smalltalk")
            yield TextDelta(SMALL_TALK[kind])
            return
        serving = builder.serving or self.models.status()
        if builder.arm in ("quotes", "brief"):
            serving = replace(serving, chat=None)
        question = replace(question, text=without_small_talk(question.text))
        earlier = tuple(turn for turn in earlier if not (question.fresh or _is_small_talk(turn)))
        builder.named = mentioned(question.text, self.catalog.products())
        parts = self._lookup.found(
            self._understanding.parts(question, earlier, serving.chat, builder.stop),
            question,
            earlier,
        )
        found = merged(parts)
        facts = signals(found.asked, found, self._training.of(serving.trained))
        limits = RouteThresholds(self.settings.min_match, self.settings.min_choice)
        chosen = BY_HAND if was_chosen(found) else route(question.mode, facts, limits)
        if question.mode == "auto" and found.evidence and self._remembers and not found.products:
            about = found.evidence[0].manual.product
            chosen = preferred(chosen, lambda: self.trials, about, facts, limits)
        first = None if builder.arm else self._approved(question, parts, earlier)
        why = reason_of(first) if first else self._reason(chosen, found, parts)
        chosen = Route("documents" if first else chosen.mode, why)
        shown = found.asked if len(parts) == 1 and found.asked != typed.strip() else ""
        builder.now(
            route=chosen,
            evidence=found.evidence,
            match=round(found.match, 4),
            asked=shown,
            signals=facts,
            seconds={"search": round(time.perf_counter() - builder.begun, 4)},
        )
        yield Routed(chosen, first is not None)
        yield EvidenceFound(found.evidence, found.match, shown)
        yield from (Notice(each.part.told) for each in parts if each.as_told)
        if note := self.search.note():
            yield Notice(note)
        if question.passage and not was_chosen(found):
            yield Notice(GONE)
        if hidden := self._hidden(question):
            yield Notice(FILTERED.format(product=question.product, named=" and ".join(hidden)))
        if question.mode in ("adapter", "both") and not facts.adapter:
            yield Notice(
                f"No fine-tuned model is running, so this answer comes from the manuals. {serving.reason}".strip()
            )
        if first:
            yield from self._answering.approved(first, found, builder, parts)
        else:
            yield from self._answering.steps(chosen, found, serving, builder, parts)
        builder.now(product=self._about(question, found, builder.answer))
        yield from self._beside(found, builder)
        if hidden and not (builder.answer.products or builder.answer.conflicts):
            builder.now(products=hidden)

    def _beside(self, found: SearchResult, builder: AnswerBuilder) -> Iterator[Event]:
        """What stands beside an answer: sections to go on with, other products that it is true of where none was named, and a
        word on what OCR has read."""
        if builder.answer.outcome != "answered":
            return
        builder.now(further=further(self.catalog, builder.answer))
        alone = not (found.product or builder.named)
        if alone and (others := said_of_others(self.catalog, builder.answer)):
            yield Notice(others)
        if told := on_ocr(self.catalog, builder.answer):
            yield Notice(told)

    def _approved(
        self, question: Question, parts: Sequence[PartFound], earlier: Sequence[Turn]
    ) -> ApprovedAnswer | None:
        """The approved answer to a question, where there is one that holds."""
        if question.mode not in ("auto", "documents") or question.passage or not self._remembers:
            return None
        wording = parts[0].found.asked if len(parts) == 1 else question.text
        products = self.catalog.products()
        named = set(mentioned(wording, products)) | ({question.product} - {""})
        if len(named) > 1:
            return None
        only = products[0] if len(products) == 1 else ""
        asked = AskedOf(
            wording,
            next(iter(named), ""),
            self._lookup.talked_of(earlier) or only,
            merged(parts).products,
        )
        try:
            return first_for(self.approved, self.catalog, asked)
        except ChatError as error:  # the question is answered all the same
            log.warning("approved answers cannot be read: %s", error)
            return None

    @property
    def _remembers(self) -> bool:
        """Whether a journal may hold approved answers or preferences."""
        return self._journal is not None or may_hold(self.settings.folder / "journal.db")

    def _reason(self, chosen: Route, found: SearchResult, parts: Sequence[PartFound]) -> str:
        """Why an answer comes from the manuals, no more being claimed than they hold."""
        if chosen.reason != MANUALS:
            return chosen.reason
        if found.products:
            return BY_PRODUCT
        sure = all(part.found.match >= self.settings.min_match for part in parts)
        return chosen.reason if sure else IN_PART

    def _hidden(self, question: Question) -> tuple[str, ...]:
        """The products that a question names and its filter hides."""
        if not question.product or question.passage:
            return ()
        named = mentioned(question.text, self.catalog.products())
        return tuple(name for name in named if name != question.product)

    def _about(self, question: Question, found: SearchResult, answer: Answer) -> str | None:
        """What ``Answer.product`` says."""
        cited = {citation.product for citation in answer.citations} - {""}
        named = {*mentioned(found.asked, self.catalog.products())}
        if question.product:
            return question.product
        if len(cited) > 1 or len(named) > 1:
            return ""
        return next(iter(named or cited), found.product) or ("" if question.fresh else None)

    def answers(
        self, text: str, product: str = "", *, search: Search | None = None
    ) -> Evidence | None:
        """The passage that answers a question from the manuals as they are now, or None. No model is asked, nothing kept.

        A ``product`` that no manual is of answers nothing. ``search`` is another one than that of the library as it is.
        """
        min_match = self.settings.min_match
        lookup = Lookup(self.catalog, search, min_match) if search else self._lookup
        if product and product not in self.catalog.products():
            return None
        question = Question(self.catalog.by_product_name(text), product=product)
        parts = questions_in(question.text, () if product else self.catalog.products())
        found = [each.found for each in lookup.found(parts, question, ())]
        sure = all(one.match >= min_match and not one.products for one in found)
        return found[0].evidence[0] if sure and found[0].evidence else None

    def warm(self) -> None:
        """Loads what the first question would wait for: encoder, vocabulary, languages and, where a model is served, its chain."""
        self.search.find("warmm up")  # misspelt: the dictionary is read too
        likeliest("warm up")
        if self.models.status().chat is not None:
            from chatbot.models.chains import warm

            warm()

    def close(self) -> None:
        """Closes journal, models and library."""
        self.models.close()
        if self._journal is not None:
            self._journal.close()
        self.catalog.close()


def _is_small_talk(turn: Turn) -> bool:
    return turn.answer is not None and turn.answer.outcome == "smalltalk"


def ask_once(assistant: Assistant, question: Question, owner: str = "") -> Answer:
    """The whole answer to a question, for those who do not watch it being written."""
    *_, last = assistant.ask(question, owner)
    assert isinstance(last, Finished), "the last step of a stream is Finished"
    return last.answer
