"""A question rewritten by the chat model, where there is one that can: a follow-up to stand alone, whose rule's wording is the
fallback; or a question in the manuals' language.

Knows prompts and models; nothing of search or conversations.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Sequence

from adapters.errors import AdapterError
from adapters.types import Message, Options
from chatbot.grounding.language import likeliest
from chatbot.models.prompts import disarmed
from chatbot.models.serving import ChatModel, Models

log = logging.getLogger(__name__)

SECONDS = 8.0  # a rewriting that takes longer is not worth the wait; nor one that takes a third of the deadline
LONGEST = 300
_CODE = re.compile(r"\w*\d\w*")
LAST = 4
RULES = (
    "Rewrite the last question so that it can be understood without the ones before: put in the product and the thing it is about."
    " Keep every name, number and code. Answer with the rewritten question alone, in its own language."
)
TRANSLATION = (
    "Translate the question into {language}. Keep every product name, number and code as it is."
    " Answer with the translated question alone."
)


def by_model(
    models: Models, writer: ChatModel, question: str, earlier: Sequence[str], stop: threading.Event
) -> str:
    """The question as the model rewrites it, or "" when it does not give one usable question in time."""
    asked = "\n".join(
        f"Question {n}: {disarmed(text)}" for n, text in enumerate([*earlier[-LAST:], question], 1)
    )
    messages = [
        Message("system", RULES),
        Message("user", f"{asked}\nRewritten question {len(earlier[-LAST:]) + 1}:"),
    ]
    return _written(models, writer, messages, stop)


def translated(
    models: Models, writer: ChatModel, question: str, language: str, stop: threading.Event
) -> str:
    """The question in another language (its English name), or "" when the model does not give one in time.

    A translation that is in the question's language still, or lacks a number or code of it, is none.
    """
    rules = TRANSLATION.format(language=language)
    messages = [
        Message("system", rules),
        Message("user", f"Question: {disarmed(question)}\nThe question in {language}:"),
    ]
    text = _written(models, writer, messages, stop)
    kept = set(_CODE.findall(question)) <= set(_CODE.findall(text))
    return text if kept and likeliest(text)[0] != likeliest(question)[0] else ""


def _written(
    models: Models, writer: ChatModel, messages: list[Message], stop: threading.Event
) -> str:
    """One usable question by the model, or ""."""
    options = Options(num_predict=80, num_ctx=writer.context, think=writer.think)
    try:
        pieces = writer.server.chat(
            writer.model,
            messages,
            options,
            stop=stop,
            timeouts=models.timeouts_for(min(SECONDS, models.deadline / 3)),
        )
        text = " ".join("".join(pieces).split()).strip("\"'“” ")
    except AdapterError as error:
        log.info("the question was not rewritten by %s: %s", writer.model, error)
        return ""
    return text if 3 <= len(text) <= LONGEST and text.count("?") <= 1 else ""
