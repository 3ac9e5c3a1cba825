"""The list of what an adapter was trained on: one JSON object per line. Knows no server and no adapter."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from adapters.datasets.pairs import APART
from adapters.errors import BadTrainingList


@dataclass(frozen=True, slots=True)
class Training:
    """What is known of a training. ``passages`` are content hashes, None when nobody wrote them down.

    ``cut_off`` is the date of the newest source (ISO 8601), "" unknown.
    """

    passages: tuple[str, ...] | None = None
    questions: tuple[str, ...] = ()
    cut_off: str = ""


UNKNOWN = Training()


def read_training(path: Path, cut_off: str = "") -> Training:
    """Reads lines of {"question", "answer", "passage_hash"?}, of chat messages as InstructLab writes them, or pairs in another
    tool's form (Alpaca, ShareGPT, a table), of which what gives no pair is left out.

    Lines of the kind "negative" teach that something is not in the manual, and those that a split set apart teach nothing: they do not count as trained. Where no other
    line has a passage hash, what it was trained on is unknown; the questions still count.
    Raises BadTrainingList, which names the line.
    """
    try:
        return _of_lines(path, cut_off)
    except BadTrainingList:
        found = _of_another_form(path, cut_off)
        if found is None:
            raise
        return found


def _of_another_form(path: Path, cut_off: str) -> Training | None:
    """What a list in another tool's form says; None where it is none."""
    from adapters.datasets.reading.formats import read_any
    from adapters.datasets.reading.rows import CHAT, TANDEM

    try:
        report = read_any(path)
    except BadTrainingList:
        return None
    if report.form in ("", CHAT, TANDEM):
        return None
    learnt = [
        pair for pair in report.pairs
        if pair.kind != "negative" and pair.split not in APART
    ]  # fmt: skip
    hashes = dict.fromkeys(pair.passage_hash for pair in learnt if pair.passage_hash)
    questions = dict.fromkeys(pair.question for pair in learnt)
    return Training(tuple(hashes) or None, tuple(questions), cut_off)


def _of_lines(path: Path, cut_off: str) -> Training:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")  # a question may hold U+2028
    except (OSError, UnicodeDecodeError) as error:
        raise BadTrainingList(f"{path.name} cannot be read as text.") from error
    questions: dict[str, None] = {}
    hashes: dict[str, None] = {}
    read = False
    for number, line in enumerate(lines, 1):
        if line.strip():
            question, passage, counts = _row(line, f"{path.name}, line {number}")
            read = True
            if counts:
                questions[question] = None
            if counts and passage:
                hashes[passage] = None
    if not read:
        raise BadTrainingList(f"{path.name} is empty.")
    return Training(tuple(hashes) or None, tuple(questions), cut_off)


def _row(line: str, where: str) -> tuple[str, str, bool]:
    """The question, the passage, and whether it was trained as something that is known."""
    try:
        held = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadTrainingList(f"{where} is not JSON.", BadTrainingList.ROWS) from error
    if not isinstance(held, dict):
        raise BadTrainingList(f"{where} is not an object.", BadTrainingList.ROWS)
    question = held.get("question") or _asked(held.get("messages"))
    if not isinstance(question, str) or not question.strip():
        raise BadTrainingList(f"{where} has no question.", BadTrainingList.ROWS)
    passage = held.get("passage_hash") or ""
    if not isinstance(passage, str):
        raise BadTrainingList(f"{where} has a passage_hash that is no text.", BadTrainingList.ROWS)
    apart = held.get("split") in APART
    return question.strip(), passage, held.get("kind") != "negative" and not apart


def _asked(messages: object) -> object:
    """The first thing that the user says."""
    if not isinstance(messages, list):
        return None
    said = (item for item in messages if isinstance(item, dict) and item.get("role") == "user")
    return next((item.get("content") for item in said), None)
