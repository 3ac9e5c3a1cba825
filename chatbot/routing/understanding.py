"""From a message to the questions to look up: made to stand alone after others, and translated where no manual speaks its language.

Knows the models and earlier turns; nothing of how an answer is made.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatbot.conversations.types import Question, Turn
from chatbot.grounding.language import foreign_to, may_be_foreign_to
from chatbot.grounding.mail import own_words
from chatbot.models.serving import ChatModel, Models
from chatbot.routing.followup import of_the_product, with_subject, wordings
from chatbot.routing.lookup import Lookup, as_asked
from chatbot.routing.questions import AskedPart, last_question, questions_in
from chatbot.routing.rewording.by_model import by_model, translated
from chatbot.routing.rewording.glossary import gloss, told_by_list
from knowledge.catalog import Catalog
from knowledge.search.languages import ENGLISH, name_of
from knowledge.search.products.names import mentioned
from knowledge.search.retriever import Search
from knowledge.types import Manual

TRANSLATED = "{model} translated the question from {asked}; the manuals are in {held}."
GLOSSED = "The question is in {asked}, the manuals are in English: searched for word by word{text}."


@dataclass(frozen=True, slots=True)
class Understanding:
    """Reads messages for one assistant."""

    catalog: Catalog
    models: Models
    lookup: Lookup
    search: Search

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
        writer = writer if writer is not None and writer.style.general else None
        if writer and (part := self._translated(question, writer, stop)):
            return (part,)
        told = self._word_for_word(question)
        if told is None:
            return self._standing_alone(question, earlier, writer, stop)
        asked, english = told
        found = self._standing_alone(replace(question, text=english), earlier, None, stop)
        several = f" as “{english}”" if len(found) > 1 else ""  # a single one is shown by itself
        note = GLOSSED.format(asked=name_of(asked), text=several)
        return (replace(found[0], told=note, typed=question.text), *found[1:])

    def _standing_alone(
        self,
        question: Question,
        earlier: Sequence[Turn],
        writer: ChatModel | None,
        stop: threading.Event,
    ) -> tuple[AskedPart, ...]:
        """The questions of a message in a language that is searched; a single one with what it takes from those before."""
        products, parts = self.catalog.products(), self._parts_in(question)
        if len(parts) > 1 or not earlier or len(parts[0].wordings) > 1:
            return parts
        *before, latest = [as_asked(turn) for turn in earlier]
        before.append(last_question(latest, products))
        asked = wordings(question.text, before, products)
        pointed = with_subject(question.text, before, products)
        if asked == (question.text,) and not pointed:
            return parts
        if pointed:
            asked = (asked[0], pointed)
        if writer and (written := by_model(self.models, writer, question.text, before, stop)):
            asked = (written, *asked)
        open_ = not mentioned(asked[0], products)
        about = parts[0].product or (self.lookup.talked_of(earlier) if open_ else "")
        otherwise = of_the_product(question.text, before, products)
        points = bool(pointed)
        return (AskedPart(question.text, asked, about, otherwise=otherwise, pointing=points),)

    def _parts_in(self, question: Question) -> tuple[AskedPart, ...]:
        return questions_in(question.text, () if question.product else self.catalog.products())

    def _word_for_word(self, question: Question) -> tuple[str, str] | None:
        """The language of a question that no manual is in, and its words in English, where most manuals are; else None."""
        manuals = self.catalog.manuals()
        if question.mode == "adapter" or self._main_language(manuals) != name_of(ENGLISH):
            return None
        text = own_words(question.text)
        unknown, named = self.search.unknown(text), mentioned(text, self.catalog.products())
        asked = foreign_to(text, manuals, len(unknown))
        if asked and (english := gloss(text, asked, named)):
            return asked, english
        held = {code for manual in manuals for code in manual.languages}
        told = told_by_list(text, may_be_foreign_to(text, manuals), unknown, held, named)
        return told if told[0] else None

    @staticmethod
    def _main_language(manuals: Sequence[Manual]) -> str:
        """The English name of the language of most passages, "" where that is not known."""
        size: dict[str, int] = {}
        for manual in manuals:
            main = name_of(manual.languages[0]) if manual.languages else ""
            size[main] = size.get(main, 0) + manual.passages
        return max(size, key=lambda name: (bool(name), size[name]), default="")

    def _translated(
        self, question: Question, writer: ChatModel, stop: threading.Event
    ) -> AskedPart | None:
        """A single question in the language of most manuals, where it is in one that none of them is in; else None."""
        manuals, parts = self.catalog.manuals(), self._parts_in(question)
        if question.mode == "adapter" or len(parts) > 1:
            return None
        asked = foreign_to(question.text, manuals, len(self.search.unknown(question.text)))
        if not asked:
            return None
        into = self._main_language(manuals)
        text = translated(self.models, writer, question.text, into, stop) if into else ""
        if not text:
            return None
        told = TRANSLATED.format(model=writer.model, asked=name_of(asked), held=into)
        return AskedPart(question.text, (text, question.text), parts[0].product, told=told)
