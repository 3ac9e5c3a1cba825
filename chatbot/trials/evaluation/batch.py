"""Questions from a file, each case a conversation of its own, of which the last answer is given. Nothing of it is kept.

Knows the assistant; nothing of how answers are judged.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.journal import open_journal
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Answer, Mode, Question
from chatbot.errors import BadBatch, ChatError, cause

OWNER = "batch"


@dataclass(frozen=True, slots=True)
class BatchCase:
    """What is asked, turn after turn; ``product`` is the filter ("" for all)."""

    id: str
    turns: tuple[str, ...]
    product: str = ""
    mode: Mode = "auto"


def read_batch(path: Path) -> tuple[BatchCase, ...]:
    """The cases of a file: a JSON object {"id", "turns", "product", "mode"} a line. Raises BadBatch, which names the line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadBatch(f"The batch file {path} cannot be read: {cause(error)}.") from error
    return tuple(
        _case(line, f"{path}, line {n}") for n, line in enumerate(lines, 1) if line.strip()
    )


def _case(line: str, where: str) -> BatchCase:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadBatch(f"{where}: {cause(error)}.") from error
    turns = row.get("turns") if isinstance(row, dict) else None
    if not isinstance(turns, list) or not turns or not all(isinstance(t, str) for t in turns):
        raise BadBatch(f'{where}: "turns" must be a list of questions.')
    mode, product = row.get("mode") or "auto", row.get("product") or ""
    if mode not in get_args(Mode) or not isinstance(product, str):
        raise BadBatch(
            f'{where}: "mode" must be one of {", ".join(get_args(Mode))}, "product" a text.'
        )
    return BatchCase(str(row.get("id", "")), tuple(turns), product, cast(Mode, mode))


def answers(
    assistant: Assistant, cases: Sequence[BatchCase]
) -> Iterator[tuple[BatchCase, Answer | ChatError]]:
    """Each case with the answer to its last turn, or with what kept it from being asked."""
    with aside(assistant):
        for case in cases:
            talk = new_conversation()
            try:
                for text in case.turns:
                    question = Question(text, case.mode, case.product, talk)
                    answer = ask_once(assistant, question, OWNER)
                yield case, answer
            except ChatError as error:  # an empty question
                yield case, error


@contextmanager
def aside(assistant: Assistant) -> Iterator[None]:
    """Conversations go into a journal of their own in this block, which is thrown away; it holds no approved answers."""
    with tempfile.TemporaryDirectory() as folder:
        journal = open_journal(Path(folder) / "journal.db")
        with assistant.keeping_in(journal):
            yield
        journal.close()
