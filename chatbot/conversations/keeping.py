"""Keeps one question and its answer in the journal, or says that it does not and why. An answer never waits for it long.

Knows the journal; nothing of how a question is answered.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from chatbot.answers.events import Notice
from chatbot.answers.messages import NOT_KEPT
from chatbot.conversations.types import Answer, Outcome, Question, Turn
from chatbot.conversations.wordings import before
from chatbot.errors import ChatError, NoSuchConversation, NotKept

if TYPE_CHECKING:
    from chatbot.answers.answerer import AnswerBuilder
    from chatbot.conversations.journal import Journal

log = logging.getLogger(__name__)

SAID_AT_ONCE = ("choose", "unanswered", "which product", "smalltalk")


def unread(answer: Answer, steps: Iterator[object]) -> Outcome:
    """How an answer ends whose reader has gone: one that is known whole, and only written out, is finished without one."""
    if answer.outcome != "answered":
        return "stopped"
    try:
        for _ in steps:
            pass
    except Exception:
        log.exception("an answer that nobody waits for could not be finished")
        return "stopped"
    return "answered"


def new_conversation() -> str:
    """Return an id for a new conversation; it is kept with its first question."""
    return secrets.token_urlsafe(12)


class Keeping:
    """One question on its way into the journal; nothing is kept of a question without owner or conversation."""

    def __init__(self, journal: Callable[[], Journal], question: Question, owner: str) -> None:
        self._journal, self._question, self._owner = journal, question, owner
        self._open = bool(owner and question.conversation)
        self._lost = ""

    def begin(self, answer: Answer) -> tuple[Turn, ...]:
        """Puts the question on disk; returns the conversation before its place. Raises NoSuchConversation (somebody else's)."""
        earlier: tuple[Turn, ...] = ()
        if not self._open:
            return earlier
        try:
            with suppress(NoSuchConversation):
                kept = self._journal().turns(self._question.conversation, self._owner)
                earlier = before(kept, self._question.replaces)
            self._journal().begin(answer, self._question, self._owner)
        except NoSuchConversation:
            raise
        except ChatError as error:
            self._lose(error)
        return earlier

    @property
    def kept(self) -> bool:
        """Whether the question is on disk, and waits there for its answer."""
        return self._open

    def leave(self) -> None:
        """Leaves the question without an answer: whoever asked chooses one."""
        self._open = False

    def notices(self) -> Iterator[Notice]:
        """Says, once, that the question is not kept."""
        if self._lost:
            yield Notice(NOT_KEPT.format(reason=self._lost))

    def checkpoint(self, answer: Answer) -> None:
        """Puts what is written so far on disk; where that fails, the end of the answer tries again."""
        if self._open:
            try:
                self._journal().checkpoint(answer)
            except NotKept as error:
                log.warning("an answer on its way could not be kept: %s", error)

    def ended(self, builder: AnswerBuilder) -> Iterator[Notice]:
        """Puts a whole answer on disk; where that fails, says so in it."""
        self.finish(builder.answer)
        if self._lost and (told := NOT_KEPT.format(reason=self._lost)) not in builder.notices:
            builder.now(notices=(*builder.answer.notices, told))
            yield Notice(told)
        if self._lost and self._owner:
            with suppress(ChatError):
                self._journal().hold(builder.answer, self._owner)

    def finish(self, answer: Answer, ending: Outcome | None = None) -> None:
        """Puts an answer on disk as it stands, unless that was done. ``ending`` is how it was broken off; a sentence that
        declines is said as a whole, and what it offers with it, so that a stop after it ends nothing."""
        if self._open:
            self._open = False
            said = ending == "stopped" and answer.text and answer.outcome in SAID_AT_ONCE
            answer = replace(answer, outcome=ending) if ending and not said else answer
            try:
                self._journal().finish(answer)
            except ChatError as error:
                self._lose(error)

    def _lose(self, error: ChatError) -> None:
        self._open = False
        self._lost = error.reason if isinstance(error, NotKept) else f"{error}".rstrip(".")
        log.warning("a question is not kept: %s", self._lost)
