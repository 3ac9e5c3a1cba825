"""The only road from a question to an answer: search, route, write, cite, keep.

Knows the steps and their order; each is done elsewhere. Knows nothing of pages or servers.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from chatbot.errors import EmptyQuestion
from chatbot.extract import extract
from chatbot.router import route
from chatbot.settings import Settings
from chatbot.types import Answer, Cited, Finished, FoundStep, Notice, Outcome, Question, Route, Routed, Step, Token
from knowledge.library import Library, open_library
from knowledge.read import Limits
from knowledge.search import Search
from knowledge.types import Found

if TYPE_CHECKING:
    from chatbot.journal import Journal

log = logging.getLogger(__name__)

EVIDENCE = 8
NEAREST = 5
UNANSWERED = "The manuals do not answer this."
WHICH_PRODUCT = "Several products answer this, and not in the same words. Which product is it about?"
NO_MANUALS = "There are no manuals yet, so there is nothing to answer from."
MARK = re.compile(r" ?\[\d+\]")


@dataclass(slots=True)
class _Draft:
    """What is known of an answer while it is made; ``text`` grows with every token."""

    answer: Answer
    begun: float
    text: str = ""


class Desk:
    """Answers questions from one library, and keeps them in one journal."""

    def __init__(self, settings: Settings, library: Library) -> None:
        self.settings, self.library = settings, library
        self.search = Search(library)

    @cached_property
    def journal(self) -> Journal:
        """Conversations; opened on first use, because a question on the command line needs none."""
        from chatbot.journal import open_journal

        return open_journal(self.settings.folder / "journal.db")

    def ask(self, question: Question, owner: str = "") -> Iterator[Step]:
        """Answers a question step by step; the last step is Finished.

        With an owner and a conversation, the question is on disk before the search begins, and however the
        stream ends (also by ``close()``, which means stopped), what was written is kept.
        Raises EmptyQuestion.
        """
        if not question.text.strip():
            raise EmptyQuestion("The question is empty.")
        draft = _Draft(_blank(), time.perf_counter())
        keep = bool(owner and question.conversation)
        if keep:
            self.journal.begin(draft.answer, question, owner)
        ending: Outcome = "stopped"
        try:
            yield from self._steps(question, draft)
            ending = draft.answer.outcome
            if keep:
                self.journal.finish(draft.answer)
                keep = False
            yield Finished(draft.answer)
        except Exception:
            ending = "failed"
            raise
        finally:
            if keep:
                self.journal.finish(replace(draft.answer, text=draft.text, outcome=ending))

    def _steps(self, question: Question, draft: _Draft) -> Iterator[Step]:
        found = self.search.find(question.text, question.product, EVIDENCE)
        searched = time.perf_counter() - draft.begun
        chosen = route(question.mode, found.match, self.settings.min_match)
        draft.answer = replace(
            draft.answer, route=chosen, evidence=found.evidence, match=round(found.match, 4), asked=_asked(question, found)
        )
        yield Routed(chosen)
        yield FoundStep(found.evidence, found.match, draft.answer.asked)
        notices = []
        for text in self._notices(question):
            notices.append(text)
            yield Notice(text)
        outcome = self._outcome(question, found)
        if outcome == "answered":
            yield from self._quote(found, draft)
        else:
            yield from self._decline(outcome, found, draft)
        seconds = {"search": round(searched, 4), "total": round(time.perf_counter() - draft.begun, 4)}
        draft.answer = replace(draft.answer, text=draft.text, outcome=outcome, notices=tuple(notices), seconds=seconds)

    def _notices(self, question: Question) -> list[str]:
        if question.mode in ("adapter", "both"):
            return ["No adapter is served, so this answer quotes the manuals."]
        return []

    def _outcome(self, question: Question, found: Found) -> Outcome:
        if not found.evidence or found.match < self.settings.min_match:
            return "unanswered"
        return "which product" if found.products and not question.product else "answered"

    def _quote(self, found: Found, draft: _Draft) -> Iterator[Step]:
        quoted = extract(self.library, found.asked, found.evidence)
        draft.answer = replace(draft.answer, sentences=quoted.sentences, citations=quoted.citations)
        for sentence, citation in zip(quoted.sentences, quoted.citations, strict=True):
            gap = "" if not draft.text else "\n" if sentence.item else " "
            piece = f"{gap}{sentence.text} [{citation.n}]"
            draft.text += piece
            yield Token(piece)
            yield Cited(citation)

    def _decline(self, outcome: Outcome, found: Found, draft: _Draft) -> Iterator[Step]:
        draft.text = WHICH_PRODUCT if outcome == "which product" else UNANSWERED
        if not self.library.counts().manuals:
            draft.text = NO_MANUALS
        products = found.products if outcome == "which product" else ()
        draft.answer = replace(draft.answer, products=products, evidence=found.evidence[:NEAREST])
        yield Token(draft.text)

    def warm(self) -> None:
        """Loads what the first question would wait for: the encoder and the vocabulary."""
        self.search.find("warm up")

    def suggestions(self, limit: int = 3) -> tuple[str, ...]:
        """Questions that the present manuals answer: about headings, from different manuals."""
        from chatbot.suggest import suggestions

        return suggestions(self.library, self.search, limit, self.settings.min_match)

    def close(self) -> None:
        """Closes journal and library."""
        if "journal" in self.__dict__:
            self.journal.close()
        self.library.close()


def _blank() -> Answer:
    return Answer(secrets.token_hex(8), "", "interrupted", Route("documents", ""))


def _asked(question: Question, found: Found) -> str:
    """The question as it was searched, or "" when that is what was typed."""
    return found.asked if found.asked and found.asked != question.text.strip() else ""


def without_marks(text: str) -> str:
    """An answer's text without the marks of its citations."""
    return MARK.sub("", text)


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
