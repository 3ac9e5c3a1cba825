"""The "plain" prompt style: the only form of question that the toy models understand, to the letter.

Knows no server and no model; the texts are what the models were trained on.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.types import Message, Options

SYSTEM = "You are the support assistant. Copy the answer from the passages and cite it."
# What the base says without passages, and when the passages do not hold the answer.
UNSURE = "I am not sure about that. Please check the manual."
NOT_SAID = "The manuals do not say."
# Ollama's template language; one token per role.
TEMPLATE = "{{- range .Messages }}<|{{ .Role }}|>{{ .Content }}<|end|>{{ end }}<|assistant|>"
STOP = "<|end|>"
OPTIONS = Options(num_predict=80, num_ctx=1024, stop=(STOP,))
# The same, for the model itself. One thread: for so small a model more are slower, the more so on a busy machine.
PARAMETERS = {
    "num_thread": 1,
    "temperature": 0.0, "repeat_penalty": 1.0, "num_predict": OPTIONS.num_predict, "num_ctx": OPTIONS.num_ctx, "stop": OPTIONS.stop,
}  # fmt: skip
# What the base has read in training. More passages or sentences than this, and it copies the wrong ones.
MOST_PASSAGES, MOST_SENTENCES = 4, 12


def plain_messages(passages: Sequence[str], question: str) -> tuple[Message, Message]:
    """The messages for a question, with passages (numbered from 1, each one or more sentences) or without."""
    text = "".join(f"[{number}] {passage}\n" for number, passage in enumerate(passages, 1))
    return Message("system", SYSTEM), Message("user", f"{text}Question: {question}")


def rendered(passages: Sequence[str]) -> str:
    """The same as the template renders it, up to the word "Question:"."""
    system, user = plain_messages(passages, "")
    return f"<|system|>{system.content}{STOP}<|user|>{user.content.rstrip()}"


def branch(question: str) -> str:
    """What follows the word "Question:" up to where the answer begins."""
    return f" {question}{STOP}<|assistant|>"
