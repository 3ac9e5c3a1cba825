"""From a message to the questions to look up: made to stand alone after others, and translated where no manual speaks its language.

Knows the models and earlier turns; nothing of how an answer is made.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.conversations.types import Question, Turn
from chatbot.grounding.language import foreign_to
from chatbot.models.serving import ChatModel, Models
from chatbot.routing.followup import wordings
from chatbot.routing.lookup import Lookup, as_asked
from chatbot.routing.questions import AskedPart, questions_in
from chatbot.routing.rewriting import by_model, translated
from knowledge.catalog import Catalog
from knowledge.search.languages import name_of
from knowledge.search.products import mentioned


@dataclass(frozen=True, slots=True)
class Understanding:
    """Reads messages for one assistant."""

    catalog: Catalog
    models: Models
    lookup: Lookup

    def parts(
        self,
        question: Question,
        earlier: Sequence[Turn],
        writer: ChatModel | None,
        stop: threading.Event,
    ) -> tuple[AskedPart, ...]:
        """The questions of a message; a single one after others is made to stand alone.

        ``writer`` is the chat model where one is there; without one that can, rules do what they can.
        """
        products = self.catalog.products()
        writer = writer if writer is not None and writer.style.general else None
        parts = questions_in(question.text, () if question.product else products)
        if writer and len(parts) == 1 and (there := self._translated(question, writer, stop)):
            return (AskedPart(question.text, (there, question.text), parts[0].product),)
        if len(parts) > 1 or not earlier or len(parts[0].wordings) > 1:
            return parts
        before = [as_asked(turn) for turn in earlier]
        asked = wordings(question.text, before, products)
        if asked != (question.text,) and writer:
            written = by_model(self.models, writer, question.text, before, stop)
            asked = (written, *asked) if written else asked
        open_ = asked != (question.text,) and not mentioned(asked[0], products)
        about = parts[0].product or (self.lookup.talked_of(earlier) if open_ else "")
        return (AskedPart(question.text, asked, about),)

    def _translated(self, question: Question, writer: ChatModel, stop: threading.Event) -> str:
        """The question in the language of most manuals, where it is in one that none of them is in; else ""."""
        manuals = self.catalog.manuals()
        if not foreign_to(question.text, manuals):
            return ""
        size: dict[str, int] = {}
        for manual in manuals:
            main = name_of(manual.languages[0]) if manual.languages else ""
            size[main] = size.get(main, 0) + manual.passages
        into = max(size, key=lambda name: (bool(name), size[name]))
        return translated(self.models, writer, question.text, into, stop) if into else ""
