"""A follow-up question made to stand alone by the chat model, where there is one that can. The rule's wording is the fallback.

Knows prompts and models; nothing of search or conversations.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from adapters.errors import AdapterError
from adapters.types import Message, Options
from chatbot.models.prompts import disarmed
from chatbot.models.serving import ChatModel, Models

log = logging.getLogger(__name__)

SECONDS = 8.0  # a rewriting that takes longer is not worth the wait; nor one that takes a third of the deadline
LONGEST = 300
LAST = 4
RULES = (
    "Rewrite the last question so that it can be understood without the ones before: put in the product and the thing it is about."
    " Keep every name, number and code. Answer with the rewritten question alone, in its own language."
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
        log.info("the follow-up was not rewritten by %s: %s", writer.model, error)
        return ""
    return text if 3 <= len(text) <= LONGEST and text.count("?") <= 1 else ""
