"""The LangChain chains that write answers: documents, adapter, both. Text comes out in pieces.

Knows prompts and models; nothing of routes, citations or conversations. LangChain is imported on first use.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from adapters.servers.ending import Ending
from adapters.servers.thoughts import without_thoughts
from adapters.servers.translate import client_options, guarded
from adapters.types import Timeouts
from chatbot.conversations.types import Mode
from chatbot.models.prompts import Style, numbered, trimmed, user_text
from chatbot.models.serving import ChatModel
from knowledge.connectors.llama_index import as_node
from knowledge.types import Evidence

if TYPE_CHECKING:
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

ANSWER_TOKENS = 400
THOUGHT_TOKENS = 1200  # room for the thoughts of a model that cannot do without
LONGEST = 20_000  # characters of an answer; a few times what its tokens hold


@dataclass(frozen=True, slots=True)
class Task:
    """One answer to write. ``told`` is called with the prompt's characters and the tokens the server counted, ``cut`` when
    the answer was ended by its length.
    """

    mode: Mode
    question: str
    evidence: tuple[Evidence, ...]
    timeouts: Timeouts
    stop: threading.Event
    told: Callable[[int, int], None]
    cut: Callable[[], None] = lambda: None


class _FoundIndex:
    """What a LlamaIndex index is to LangChain's bridge: something with ``query``. It holds what was found already."""

    def __init__(self, evidence: Sequence[Evidence]) -> None:
        self._evidence = evidence

    def query(self, _: str) -> _FoundIndex:
        return self

    @property
    def source_nodes(self) -> list[Any]:
        return [as_node(found) for found in self._evidence]


def as_langchain_retriever(evidence: Sequence[Evidence]) -> BaseRetriever:
    """Evidence as a LangChain retriever, over the bridge that langchain-community has for LlamaIndex."""
    with warnings.catch_warnings():
        # langchain-community says at import that it is no longer developed; this bridge is all that we use of it.
        warnings.simplefilter("ignore", DeprecationWarning)
        from langchain_community.retrievers import LlamaIndexRetriever

    return LlamaIndexRetriever(index=_FoundIndex(evidence))


def write(writer: ChatModel, task: Task) -> Iterator[str]:
    """The answer piece by piece. Closing this generator, or setting ``task.stop``, ends the request at once.

    Raises a ServerError, also in the middle.
    """
    with writer.server.breaker.attempt():
        pieces = guarded(chain(writer, task).stream({"question": task.question}), writer.server.url)
        try:
            yield from without_thoughts(pieces)
        finally:
            task.stop.set()
            pieces.close()


def chain(writer: ChatModel, task: Task) -> Runnable[dict[str, str], str]:
    """question -> text: passages beside it (except for the adapter alone), the rules of the mode, the model."""
    from langchain_core.prompts import ChatPromptTemplate
    from langchain_core.runnables import RunnableGenerator, RunnableLambda

    style = writer.style
    rules = {"documents": style.documents, "adapter": style.adapter}.get(task.mode, style.both)
    # The passages by a retriever, the question as it is; one after the other, since a parallel step starts threads.
    if task.mode == "adapter":
        passages: Any = RunnableLambda(lambda _: "")
    else:
        passages = as_langchain_retriever(task.evidence) | RunnableLambda(
            lambda docs: numbered(_pairs(docs, task.question, style), style)
        )
    text = RunnableLambda(
        lambda asked: {
            "rules": rules,
            "text": user_text(passages.invoke(asked["question"]), asked["question"]),
        }
    )
    prompt = ChatPromptTemplate.from_messages([("system", "{rules}"), ("human", "{text}")])
    return text | prompt | RunnableGenerator(_counted(_model(writer, task), task))


def warm() -> None:
    """Imports what the first answer by a model would wait for: LangChain, LlamaIndex, the client (5 s of CPU)."""
    as_langchain_retriever(()).invoke("warm up")
    import langchain_ollama  # noqa: F401


def _pairs(docs: Sequence[Document], question: str, style: Style) -> list[tuple[str, str]]:
    return [
        (
            trimmed(doc.page_content, question, style.sentences),
            f"{doc.metadata['manual']}, {doc.metadata['section']}",
        )
        for doc in docs
    ]


def _model(writer: ChatModel, task: Task) -> Any:
    from langchain_ollama import ChatOllama

    options = client_options(task.timeouts, task.stop)
    return ChatOllama(
        model=writer.model, base_url=writer.server.url, temperature=0, repeat_penalty=1.0, seed=1, num_ctx=writer.context,
        num_predict=answer_tokens(writer), reasoning={"off": False, "low": "low"}.get(writer.thinks), keep_alive="10m",
        sync_client_kwargs=options,
        # LangChain makes an asynchronous client too; it is never used, and without this it would load certificates.
        async_client_kwargs={"verify": False, "timeout": 1.0},
    )  # fmt: skip


def answer_tokens(writer: ChatModel) -> int:
    """Return how many tokens a model may write, its thoughts included where it cannot do without."""
    thoughts = THOUGHT_TOKENS if writer.thinks == "low" else 0
    return min(ANSWER_TOKENS + thoughts, writer.context // 4 + thoughts, writer.context // 2)


def _counted(model: Any, task: Task) -> Callable[[Iterator[Any]], Iterator[str]]:
    """The model as a step of a chain: text only, bounded, an end without "done" as a fault, and the prompt's size told."""

    def texts(prompts: Iterator[Any]) -> Iterator[str]:
        done, ending, written = False, Ending(), 0
        for prompt in prompts:
            characters = sum(len(str(message.content)) for message in prompt.to_messages())
            for chunk in model.stream(prompt):
                if chunk.content:
                    text = str(chunk.content)[: LONGEST - written]
                    written += len(text)
                    ending.add(text)
                    yield text
                if written >= LONGEST:
                    return task.cut()
                if chunk.response_metadata.get("done"):
                    done = True
                    if chunk.response_metadata.get("done_reason") == "length":
                        task.cut()
                if chunk.usage_metadata:
                    task.told(characters, int(chunk.usage_metadata["input_tokens"]))
        if not done:
            raise ending.fault()
        return None

    return texts
