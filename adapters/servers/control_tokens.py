"""What models take for the borders of a message or of their thoughts: the one list.

It is kept out of what is sent, and taken out of what comes back. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator

# The one list of what models take for the borders of a message; a regular expression.
BORDERS = r"<\|[^<>|\n]{1,40}\|>|</?s>|<(?:start|end)_of_turn>|<bos>|<eos>|<unused\d+>|\[/?INST\]"
CONTROL = re.compile(rf"{BORDERS}|</?think>")
# How the usual models mark where their thoughts begin and end, in lower case.
KINDS = (
    ("<think>", "</think>"),  # DeepSeek R1, Qwen 3
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("<seed:think>", "</seed:think>"),
    ("[think]", "[/think]"),  # Magistral
    ("◁think▷", "◁/think▷"),  # Kimi
    ("<|start_of_thought|>", "<|end_of_thought|>"),
    ("<|start|>assistant<|channel|>analysis", "<|channel|>final<|message|>"),  # gpt-oss
    ("<|channel|>analysis", "<|channel|>final<|message|>"),
    ("<|channel|>commentary", "<|channel|>final<|message|>"),
    ("<|channel|>final", "<|message|>"),
    ("<|channel>thought", "<channel|>"),  # Gemma
    ("<unused94>", "<unused95>"),
)
CLOSES = tuple(dict.fromkeys(close for _, close in KINDS if close != "<|message|>"))


def disarmed(text: str, control: re.Pattern[str] = CONTROL) -> str:
    """Text of others without what a model would take for the borders of a message or of its thoughts."""
    while control.search(text):
        text = control.sub(" ", text)
    return text


def without_thoughts(pieces: Iterable[str]) -> Generator[str, None, None]:
    """Yield the pieces of an answer without the thoughts that it begins with, wherever the pieces were cut.

    Servers that know a model send its thoughts apart; this is for those that do not. Only the beginning counts:
    an answer that mentions such a mark later is left alone. Thoughts that never end leave nothing.
    """
    source = iter(pieces)
    head, thought = "", False
    for piece in source:
        head += piece
        while (close := _opened(head)) is not None:
            rest = _after(close, head, source)
            if rest is None:
                return
            head, thought = rest.lstrip(), True
        if head.strip() and not _may_open(head):
            break
    if thought:
        head = head.lstrip()
    if head:
        yield head
    yield from source


def _opened(head: str) -> str | None:
    """Return the mark that ends the thoughts which a text begins with, or None."""
    start = head.lstrip().lower()
    return next((close for opening, close in KINDS if start.startswith(opening)), None)


def _may_open(head: str) -> bool:
    """Say whether more text may make this the beginning of thoughts."""
    start = head.lstrip().lower()
    return any(opening.startswith(start) for opening, _ in KINDS)


def _after(close: str, head: str, source: Iterator[str]) -> str | None:
    """Read on to the end of the thoughts; return what follows it, or None where there is no end."""
    while (at := head.lower().find(close)) < 0:
        piece = next(source, None)
        if piece is None:
            return None
        head = head[-len(close) :] + piece
    return head[at + len(close) :]
