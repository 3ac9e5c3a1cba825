"""The LangChain chain that writes answers: the rules of the mode, the passages, the question, the model. Text comes in pieces.

The chat model is made in one place, ``chat_model``, for every kind of model server: a small LangChain chat model over
``ModelServer.chat``. LangChain's ``init_chat_model`` was tried. It gives ChatOllama our transport with its deadlines, but
for an OpenAI-compatible server it needs langchain-openai, which brings a client with retries and exceptions of its own;
there would be two paths with two ends of a stream, and a longer start.

Knows prompts and models; nothing of routes, citations or conversations. LangChain is imported on first use.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from adapters.types import ChatEnd, Message, Options, Role, Timeouts
from chatbot.conversations.types import Mode
from chatbot.models.prompts import STOPS, Style, numbered, trimmed, user_text
from chatbot.models.serving import ChatModel
from knowledge.types import Evidence

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage
    from langchain_core.runnables import Runnable

ANSWER_TOKENS = 400
THOUGHT_TOKENS = 1200  # room for the thoughts of a model that cannot do without
LONGEST = 20_000  # characters of an answer; a few times what its tokens hold
ROLES: dict[str, Role] = {"system": "system", "human": "user", "ai": "assistant"}


@dataclass(frozen=True, slots=True)
class Task:
    """One answer to write. ``ended`` is called with the prompt's characters and how the server says that it ended."""

    mode: Mode
    question: str
    evidence: tuple[Evidence, ...]
    timeouts: Timeouts
    stop: threading.Event
    ended: Callable[[int, ChatEnd], None]


def write(writer: ChatModel, task: Task) -> Generator[str, None, None]:
    """The answer piece by piece. Closing this generator, or setting ``task.stop``, ends the request at once.

    Raises a ServerError, also in the middle.
    """
    pieces = cast(
        "Generator[BaseMessage, None, None]",
        chain(writer, task).stream({"question": task.question}),
    )
    written = 0
    try:
        for message in pieces:
            text = str(message.content)[: LONGEST - written]
            written += len(text)
            if text:
                yield text
            if written >= LONGEST:
                task.ended(0, ChatEnd(cut=True))
                return
    finally:
        task.stop.set()
        pieces.close()


def chain(writer: ChatModel, task: Task) -> Runnable[dict[str, str], BaseMessage]:
    """question -> answer: the rules of the mode, the passages (none for the adapter alone), the question, the model."""
    from langchain_core.prompts import ChatPromptTemplate

    style = writer.style
    rules = {"documents": style.documents, "adapter": style.adapter}.get(task.mode, style.both)
    passages = "" if task.mode == "adapter" else _passages(task, style)
    prompt = ChatPromptTemplate.from_messages([("system", "{rules}"), ("human", "{text}")])
    given = prompt.partial(rules=rules, text=user_text(passages, task.question))
    return given | chat_model(writer, task)


def chat_model(writer: ChatModel, task: Task) -> BaseChatModel:
    """The model as LangChain knows it, with the deadline, the stop and the listeners of one task."""
    made: BaseChatModel = _served_chat_model()(writer=writer, task=task)
    return made


def warm() -> None:
    """Imports what the first answer by a model would wait for: LangChain, a second of CPU."""
    import langchain_core.prompts  # noqa: F401

    _served_chat_model()


def _passages(task: Task, style: Style) -> str:
    pairs = [
        (
            trimmed(found.passage.text, task.question, style.sentences),
            f"{found.manual.name}, {' > '.join(found.passage.section)}",
        )
        for found in task.evidence
    ]
    return numbered(pairs, style)


def answer_tokens(writer: ChatModel) -> int:
    """Return how many tokens a model may write, its thoughts included where it cannot do without."""
    thoughts = THOUGHT_TOKENS if writer.thinks == "low" else 0
    return min(ANSWER_TOKENS + thoughts, writer.context // 4 + thoughts, writer.context // 2)


def _options(writer: ChatModel) -> Options:
    return Options(
        num_predict=answer_tokens(writer),
        num_ctx=writer.context,
        stop=STOPS if writer.style.general else (),
        think=writer.think,
    )


@cache
def _served_chat_model() -> Any:
    """The class of chat models, made on first use because its base is LangChain's."""
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk
    from langchain_core.outputs import ChatGenerationChunk, ChatResult
    from pydantic import ConfigDict

    class ServedChatModel(BaseChatModel):
        """A model on a ModelServer of any kind. Its errors are adapters.errors."""

        model_config = ConfigDict(arbitrary_types_allowed=True)
        writer: Any
        task: Any
        # A failed call is told at once, and nobody keeps answers for the next question.
        cache: bool | None = False

        @property
        def _llm_type(self) -> str:
            return f"{self.writer.server.kind} through Tandem"

        def _stream(
            self, messages: list[BaseMessage], *_: Any, **__: Any
        ) -> Iterator[ChatGenerationChunk]:
            sent = [Message(ROLES[each.type], str(each.content)) for each in messages]
            characters = sum(len(each.content) for each in sent)

            begun, first = time.monotonic(), 0.0

            def ended(end: ChatEnd) -> None:
                # Not every server says how long it read; the wait for the first word tells it nearly as well.
                self.task.ended(
                    characters, replace(end, prompt_seconds=end.prompt_seconds or first)
                )

            pieces = self.writer.server.chat(
                self.writer.model,
                sent,
                _options(self.writer),
                stop=self.task.stop,
                timeouts=self.task.timeouts,
                ended=ended,
            )
            try:
                # An answer without a word is none of LangChain's errors: it begins with an empty piece.
                yield ChatGenerationChunk(message=AIMessageChunk(content=""))
                for piece in pieces:
                    first = first or time.monotonic() - begun
                    yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
            finally:
                pieces.close()

        def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
            from langchain_core.language_models.chat_models import generate_from_stream

            return generate_from_stream(self._stream(messages))

    return ServedChatModel
