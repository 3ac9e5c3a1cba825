"""A chat model as a teacher: it writes questions and answers for a passage, and what the passage does not say is thrown away.

Every sentence of an answer is checked against its passage as any reply is; one that fails takes its pair with it.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from adapters.errors import AdapterError
from adapters.types import Message, Options
from chatbot.grounding.verifier import Source, Verifier
from chatbot.models.prompts import disarmed
from chatbot.models.serving import ChatModel, Models
from knowledge.text import content_words, sentences

WANTED = 4  # pairs that are asked for, for each passage
TOKENS = 400
LONGEST = 1_500  # characters of a question or an answer
RULES = (
    "You write training data for a support assistant. From the passage of a product manual, write {n} questions that customers"
    " ask and that the passage answers, each with its answer. Use nothing but the passage. Copy numbers, units, codes and names"
    " exactly. A question must stand for itself: it names the thing that it is about, and never the passage or the manual."
    " Write in the language of the passage. Write each pair in two lines:\nQ: the question\nA: the answer"
)
_QUESTION = re.compile(
    r"^\W{0,4}(?:\d{1,2}[.)] *)?(?:Q(?:uestion)? ?\d*|Frage)\W{0,3}[:.)] *(.+)$", re.I
)
_ANSWER = re.compile(
    r"^\W{0,4}(?:\d{1,2}[.)] *)?(?:A(?:nswer)? ?\d*|Antwort)\W{0,3}[:.)] *(.*)$", re.I
)
POINTS = re.compile(
    r"\b(?:the|this|above|following) (?:passage|text|section|paragraph|excerpt|document|manual)\b|\baccording to\b",
    re.I,
)  # fmt: skip


class NoTeacher(AdapterError):
    hint = "Start a model server with a chat model, or build without a teacher."


@dataclass(frozen=True, slots=True)
class Taught:
    """A pair that a teacher wrote, and why it is thrown away; "" where it is kept."""

    question: str
    answer: str
    why: str = ""


def taught(
    models: Models, writer: ChatModel, source: Source, place: str, stop: threading.Event
) -> list[Taught]:
    """Ask a model for pairs on a passage, and judge them. ``place`` says where it stands. Raises AdapterError."""
    text = " ".join(source.text.split())
    messages = [
        Message("system", RULES.format(n=WANTED)),
        Message("user", f"Manual and section: {disarmed(place)}\nPassage: {disarmed(text)}"),
    ]
    options = Options(num_predict=TOKENS, num_ctx=writer.context, think=writer.think)
    pieces = writer.server.chat(
        writer.model, messages, options, stop=stop, timeouts=models.timeouts_for(models.deadline)
    )
    judge = Verifier([source])
    return [judged(judge, question, answer) for question, answer in pairs_in("".join(pieces))]


def judged(judge: Verifier, question: str, answer: str) -> Taught:
    """Judge a pair by its passage."""
    question, answer = " ".join(question.split()), " ".join(answer.split())
    if len(question) > LONGEST or len(answer) > LONGEST:
        return Taught(question[:200], answer[:200], "It is too long.")
    if not question.endswith("?") or len(content_words(question)) < 1:
        return Taught(question, answer, "The question is none.")
    if POINTS.search(question) or POINTS.search(answer):
        return Taught(question, answer, "It speaks of the passage, which nobody sees.")
    said = [answer[start:end] for start, end in sentences(answer)]
    states = [judge.verify(sentence).state for sentence in said]
    for sentence, state in zip(said, states, strict=True):
        if state in ("unsupported", "contradicted"):
            word = "says otherwise" if state == "contradicted" else "does not say"
            return Taught(question, answer, f"The passage {word}: “{sentence}”")
    if not any(state in ("verified", "supported") for state in states):
        return Taught(question, answer, "The passage does not say what it answers.")
    return Taught(question, answer)


def pairs_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs of what a model wrote: lines with Q: and A:, or a JSON list of objects."""
    held = text.strip().removeprefix("```json").removeprefix("```").removesuffix("```").strip()
    if held.startswith("["):
        try:
            rows = json.loads(held)
        except (ValueError, RecursionError):
            rows = []
        for row in rows:
            if isinstance(row, dict):
                question, answer = row.get("question"), row.get("answer")
                if isinstance(question, str) and isinstance(answer, str) and answer.strip():
                    yield question, answer
        return
    question, answer = "", list[str]()
    for line in held.split("\n"):
        if match := _QUESTION.match(line):
            if question and any(answer):
                yield question, " ".join(answer)
            question, answer = match[1].strip("* "), []
        elif match := _ANSWER.match(line):
            if answer:  # an answer of an answer: the model has lost its form
                continue
            answer = [match[1].strip("* ")]
        elif line.strip() and answer:
            answer.append(line.strip())
    if question and any(answer):
        yield question, " ".join(answer)
