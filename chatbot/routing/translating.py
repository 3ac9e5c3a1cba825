"""A question in a language that no manual is in, put into the manuals' own by the chat model, where there is one that can.

Knows prompts, models and languages; nothing of search or conversations.
"""

from __future__ import annotations

import logging
import re
import threading
from dataclasses import replace

from adapters.errors import AdapterError
from adapters.types import Message, Options
from chatbot.conversations.types import Question
from chatbot.grounding.language import is_foreign, likeliest
from chatbot.models.prompts import disarmed
from chatbot.models.serving import ChatModel, Models
from knowledge.catalog import Catalog
from knowledge.search.products import mentioned, without_product

log = logging.getLogger(__name__)

SECONDS = (
    8.0  # nor longer than a third of the deadline; the manuals' refusal says why nothing was found
)
LONGEST = 1_500  # characters of a message that is translated
RULES = (
    "Translate the customer's message into {language}. Keep every name, number and code as it is. "
    "Answer with the translation alone."
)
SAMPLE = 3  # manuals whose language is looked at
CHARACTERS = 2_000  # of each
TRANSLATED = "{model} translated the question from {asked}; the manuals are in {held}."
LANGUAGES = {
    "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "fi": "Finnish",
    "fr": "French", "hu": "Hungarian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "tr": "Turkish",
    "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip
_CODE = re.compile(r"\w*\d\w*")


def languages_apart(question: str, catalog: Catalog) -> tuple[str, frozenset[str]] | None:
    """Return the language of a question and those of the manuals (ISO 639), None unless they certainly differ."""
    plain = question  # a product's name is of no language
    for name in mentioned(question, catalog.products()):
        plain = without_product(plain, name)
    if not is_foreign(plain):
        return None
    asked, held = likeliest(plain)[0], _languages(catalog)
    return (asked, held) if asked in LANGUAGES and held and asked not in held else None


def translate(
    models: Models,
    writer: ChatModel | None,
    catalog: Catalog,
    question: Question,
    stop: threading.Event,
) -> tuple[Question, tuple[str, ...]]:
    """Return a question in a language of the manuals, and the sentence that says so.

    It stays as it is, without a word, where it is in such a language already, where it is meant for the adapter alone or
    for a section that was chosen, and where no chat model translates it.
    """
    if writer is None or not writer.style.general or question.mode == "adapter" or question.passage:
        return question, ()
    apart = languages_apart(question.text, catalog)
    if apart is None:
        return question, ()
    asked, held = apart
    code = "en" if "en" in held else min(held)
    text = translated(models, writer, question.text, (code, LANGUAGES[code]), stop)
    if not text:
        return question, ()
    told = TRANSLATED.format(model=writer.model, asked=LANGUAGES[asked], held=LANGUAGES[code])
    return replace(question, text=text), (told,)


def translated(
    models: Models, writer: ChatModel, question: str, into: tuple[str, str], stop: threading.Event
) -> str:
    """Return the question in another language, given as (ISO 639 code, English name), or "" where nothing usable came in time.

    A translation that is in another language, or lacks a number or code of the question, is none.
    """
    if len(question) > LONGEST:
        return ""
    code, name = into
    messages = [
        Message("system", RULES.format(language=name)),
        Message("user", disarmed(question)),
    ]
    options = Options(
        num_predict=80 + len(question) // 2, num_ctx=writer.context, think=writer.think
    )
    try:
        pieces = writer.server.chat(
            writer.model,
            messages,
            options,
            stop=stop,
            timeouts=models.timeouts_for(min(SECONDS, models.deadline / 3)),
        )
        text = " ".join("".join(pieces).split()).strip("\"'“”„« »")
    except AdapterError as error:
        log.info("the question was not translated by %s: %s", writer.model, error)
        return ""
    kept = set(_CODE.findall(question)) <= set(_CODE.findall(text))
    usable = kept and 3 <= len(text) <= 2 * len(question) + 80
    return text if usable and likeliest(text)[0] == code else ""


def _languages(catalog: Catalog) -> frozenset[str]:
    """The languages of the first manuals, as far as they have a name here."""
    found = set()
    for manual in catalog.manuals()[:SAMPLE]:
        text = " ".join(passage.text for passage in catalog.passages_of(manual.version_id)[:20])
        found.add(likeliest(text[:CHARACTERS])[0])
    return frozenset(found) & LANGUAGES.keys()
