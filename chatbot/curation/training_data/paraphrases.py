"""Other wordings of a question by a chat model as a teacher; those that may ask for something else are thrown away.

Rules alone judge: figures, codes and denials are the question's own, and what is spoken of stands in question or passage.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass

from adapters.types import Message, Options
from chatbot.curation.approved.same_question import key_of
from chatbot.curation.training_data.teacher import POINTS, Taught
from chatbot.models.prompts import disarmed
from chatbot.models.serving import ChatModel, Models
from knowledge.search.languages import content_stems

TOKENS = 200
LONGEST = 300  # characters of a question
SHARED = 0.5  # share of a wording's words that question, answer or passage have
RULES = (
    "Customers ask the same question in many ways. Write {n} other ways to ask the question below, as customers do in mails and"
    " chats: short, long, in everyday words. Each asks for exactly the same, and the answer below answers it. Copy numbers,"
    " units, codes and names exactly, and give nothing of the answer away. Write in the language of the question, one question"
    " a line, and nothing else."
)
_NUMBERED = re.compile(r"^\W*(?:\d{1,2}[.):] *)?(?:Q(?:uestion)? ?\d*[:.)] *)?")
_CODE = re.compile(r"[\w.+-]*\d[\w+-]*(?:[.,]\d+)*")
_DENIES = re.compile(r"\b(?:no|not|never|without|nicht|kein\w*|nie|ohne)\b|n['’]t\b", re.I)


@dataclass(frozen=True, slots=True)
class AskedFact:
    """What is asked for otherwise: a question with its answer, and the passage that says it, with its language."""

    question: str
    answer: str
    passage: str
    language: str = "en"


def paraphrases(
    models: Models, writer: ChatModel, fact: AskedFact, number: int, stop: threading.Event
) -> list[Taught]:
    """Ask a model for so many other wordings of a question, and judge them, until there are as many. Raises AdapterError."""
    told = f"Question: {disarmed(fact.question)}\nAnswer: {disarmed(fact.answer)}"
    messages = [Message("system", RULES.format(n=number)), Message("user", told)]
    options = Options(num_predict=TOKENS, num_ctx=writer.context, think=writer.think)
    pieces = writer.server.chat(
        writer.model, messages, options, stop=stop, timeouts=models.timeouts_for(models.deadline)
    )
    lines = (_NUMBERED.sub("", line).strip('*"“” ') for line in "".join(pieces).split("\n"))
    seen, kept = {key_of(fact.question)}, list[Taught]()
    for wording in (" ".join(line.split()) for line in lines if line):
        if sum(not one.why for one in kept) == number:
            break
        if (key := key_of(wording)) not in seen:
            seen.add(key)
            kept.append(Taught(wording[:LONGEST], fact.answer, fault_of(wording, fact)))
    return kept


def fault_of(wording: str, fact: AskedFact) -> str:
    """Return why another wording is thrown away, "" where it is kept."""
    if not wording.endswith("?") or len(wording) > LONGEST:
        return "The question is none."
    if POINTS.search(wording):
        return "It speaks of the passage, which nobody sees."
    asked, said = (set(_CODE.findall(text.casefold())) for text in (fact.question, wording))
    if asked != said:
        return "It has other figures or codes than the question."
    if bool(_DENIES.search(wording)) != bool(_DENIES.search(fact.question)):
        return "It denies what the question does not, or the other way round."
    known = content_stems(f"{fact.question} {fact.answer} {fact.passage}", fact.language)
    own = content_stems(wording, fact.language)
    shared = [one for one in own if one in known]
    if not own or not shared or len(shared) < SHARED * len(own):
        return "It speaks of things that neither question nor passage speaks of."
    return ""
