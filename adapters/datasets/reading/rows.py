"""Rows of JSON, each in one of the usual forms: Tandem's own, chat messages, ShareGPT, Alpaca, prompt and completion.

Of a talk with several turns only the first question and its answer become a pair: a later question leans on what was said
before, and an adapter is asked without it. Each such talk is named. System texts are left out, because an adapter is
trained with the one that it will meet; so is what its author marked as a bad answer.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from adapters.datasets.pairs import pair_of
from adapters.datasets.reading.report import PairCollector, unwritable
from adapters.errors import BadTrainingList

TANDEM, CHAT, SHAREGPT = "JSON lines of questions and answers", "chat messages", "ShareGPT"
ALPACA, PROMPTS, CHOSEN = "Alpaca", "prompts and completions", "preferences"
_ASKED = ("prompt", "input", "user_input", "query", "user")
_ANSWERED = ("completion", "response", "output", "reference", "chosen", "assistant")
_BESIDE = {"system": "a system text", "tools": "tools"}  # keys beside a talk that are no part of it
# How tools mark what must not be learnt: KTO's answers that were disliked, messages of weight 0
_LIKED = ("label", "kto_tag")
# Rows, and their share of those that ask below an instruction, from which the instruction is taken for a system text
CONSTANT, COMMON = 5, 0.9
_ROLES = {
    "user": "user", "human": "user", "prompter": "user",
    "assistant": "assistant", "gpt": "assistant", "bot": "assistant", "chatgpt": "assistant", "model": "assistant",
    "system": "system", "developer": "system", "tool": "tool", "function_call": "tool", "observation": "tool", "function": "tool",
}  # fmt: skip
Row = tuple[str, object]  # where it stands, and what it is


def form_of(rows: Sequence[Row]) -> str:
    """The form of most of the first rows, "" where it is none of those known."""
    found: dict[str, int] = {}
    for _, row in rows[:50]:
        if form := _form(row):
            found[form] = found.get(form, 0) + 1
    return max(found, key=lambda form: found[form]) if found else ""


def _form(row: object) -> str:
    if not isinstance(row, dict):
        return ""
    if isinstance(row.get("messages"), list):
        return CHAT
    if isinstance(row.get("conversations"), list):
        return SHAREGPT
    if "question" in row and "answer" in row:
        return TANDEM
    if "instruction" in row:
        return ALPACA
    if any(key in row for key in _ASKED) and any(key in row for key in _ANSWERED):
        return PROMPTS
    if isinstance(row.get("chosen"), list):  # preferences whose prompt stands in the talk itself
        return CHOSEN
    return TANDEM if "question" in row else ""


def rows_of(text: str, name: str, reading: PairCollector) -> list[Row]:
    """The rows of a JSON list, or of JSON lines. A line that is no JSON becomes a fault."""
    head = text.lstrip()
    if head.startswith("[") or _is_one(text):
        try:
            whole = json.loads(text)
        except (ValueError, RecursionError):
            whole = None
        if isinstance(whole, dict):
            inner = [held for held in whole.values() if isinstance(held, list)]
            known = _form(whole)
            whole = [whole] if known or len(inner) != 1 else inner[0]
        if isinstance(whole, list):
            return [(f"{name}, item {n}", row) for n, row in enumerate(whole, 1)]
    rows: list[Row] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            rows.append((f"{name}, line {number}", json.loads(line)))
        except (ValueError, RecursionError):
            reading.fault(f"{name}, line {number}", "is not JSON")
    return rows


def _is_one(text: str) -> bool:
    """Say whether a text that begins with a brace goes on over several lines as one object does."""
    first = text.strip().split("\n", 1)[0]
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return True
    return "\n" not in text.strip()


def read_rows(rows: Sequence[Row], reading: PairCollector) -> None:
    """Take the pair of each row; each is read in its own form, so that a mixed file is read whole."""
    common = _common_instruction(rows)
    for where, row in rows:
        form, before = _form(row), len(reading.pairs)
        if not isinstance(row, dict):
            reading.fault(where, "is not an object")
        elif any(row.get(key) is False for key in _LIKED):
            reading.fault(where, "is marked as a bad answer")
        elif form == ALPACA:
            _read_instruction(where, row, common, reading)
        elif form == TANDEM:
            _read_own(where, row, reading)
        elif form:
            _read_said(where, row, form, reading)
        else:
            keys = ", ".join(sorted(map(str, row))[:6]) or "nothing"
            reading.fault(where, f"has no question and answer, but {keys}")
        if isinstance(row, dict) and form != TANDEM and len(reading.pairs) > before:
            _note_beside(where, row, reading)


def _read_said(where: str, row: dict[str, Any], form: str, reading: PairCollector) -> None:
    if form == PROMPTS:
        _read_prompt(where, row, reading)
    elif form == SHAREGPT:
        _read_talk(where, row["conversations"], ("from", "value"), reading)
    else:
        said = row["messages"] if form == CHAT else row["chosen"]
        _read_talk(where, said, ("role", "content"), reading)


def _note_beside(where: str, row: dict[str, Any], reading: PairCollector) -> None:
    """Say what stands beside a pair in its row and is not in it."""
    for key, what in _BESIDE.items():
        if row.get(key):
            are = "which are" if what.endswith("s") else "which is"
            reading.note(where, f"has {what}, {are} left out")


def _common_instruction(rows: Sequence[Row]) -> str:
    """The instruction of nearly all rows that ask something below it: a system text, "" for none."""
    given: dict[str, set[str]] = defaultdict(set)
    for _, row in rows:
        if isinstance(row, dict) and _form(row) == ALPACA and _beneath(row):
            given[str(row["instruction"]).strip()].add(str(_beneath(row)).strip())
    asked = sum(map(len, given.values()))
    most = max(given, key=lambda said: len(given[said]), default="")
    return most if len(given.get(most, ())) >= max(CONSTANT, COMMON * asked) else ""


def _beneath(row: dict[str, Any]) -> object:
    """What an instruction is about: Alpaca's input, Dolly's context."""
    return row.get("input") or row.get("context")


def _read_own(where: str, row: dict[str, Any], reading: PairCollector) -> None:
    texts = [value for value in row.values() if isinstance(value, str)]
    if any(map(unwritable, texts)):
        return reading.fault(where, "has half a character in it")
    try:
        pair = pair_of({"origin": "imported", **row}, "it")
    except BadTrainingList as error:
        return reading.fault(where, str(error).removeprefix("it ").rstrip("."))
    reading.pairs.append(pair)
    return None


def _read_instruction(where: str, row: dict[str, Any], common: str, reading: PairCollector) -> None:
    """The instruction, with what it is about beneath it, as Alpaca's own prompt has it; without one that they share."""
    asked, given, shared = row.get("instruction"), _beneath(row), False
    if row.get("history"):
        return reading.fault(where, "follows an earlier talk, so that it does not stand for itself")
    if isinstance(asked, str) and isinstance(given, str) and given.strip():
        shared = bool(common) and asked.strip() == common
        asked = given if shared else f"{asked.strip()}\n\n{given.strip()}"
    before = len(reading.pairs)
    reading.add(where, asked, row.get("output", row.get("response")))
    if shared and len(reading.pairs) > before:
        reading.note(where, "has an instruction that the rows share, which is left out")
    return None


def _read_prompt(where: str, row: dict[str, Any], reading: PairCollector) -> None:
    asked = next(row[key] for key in _ASKED if key in row)
    said = next(row[key] for key in _ANSWERED if key in row)
    if isinstance(asked, list) and isinstance(said, list):  # prompt and completion as messages
        return _read_talk(where, [*asked, *said], ("role", "content"), reading)
    return reading.add(where, asked, said)


def _read_talk(
    where: str, said: Sequence[object], keys: tuple[str, str], reading: PairCollector
) -> None:
    turns: list[tuple[str, str]] = []
    for role, text in _turns(said, keys):
        if text is None:
            return reading.fault(where, "has a message without text")
        if role == "tool":
            return reading.fault(where, "calls a tool, which an adapter of Tandem cannot")
        if role == "":
            return reading.fault(where, "has a message of an unknown role")
        turns.append((role, text))
    spoken = [turn for turn in turns if turn[0] != "system"]
    greeted = bool(spoken) and spoken[0][0] == "assistant"
    if greeted:  # "Hello, how may I help you?"
        del spoken[0]
    if len(spoken) < 2 or spoken[0][0] != "user":
        missing = "question" if not spoken or spoken[0][0] != "user" else "answer"
        return reading.fault(where, f"has no {missing}")
    if spoken[1][0] != "assistant":
        return reading.fault(where, "has two questions without an answer between them")
    if _unlearnt(said, keys):
        return reading.fault(where, "marks its first answer as one not to learn")
    before = len(reading.pairs)
    reading.add(where, spoken[0][1], spoken[1][1])
    if len(reading.pairs) > before:
        if any(role == "system" for role, _ in turns):
            reading.note(where, "has a system text, which is left out")
        if greeted:
            reading.note(where, "begins with a greeting, which is left out")
        if len(spoken) > 2:
            later = sum(role == "user" for role, _ in spoken[2:])
            reading.note(
                where,
                f"goes on for {later} more {'turn' if later == 1 else 'turns'}, which lean on the first and are left out",
            )
    return None


def _unlearnt(said: Sequence[object], keys: tuple[str, str]) -> bool:
    """Say whether the first answer to a question is marked as one that must not be learnt (weight 0, train false)."""
    asked = False
    for message in said:
        if isinstance(message, dict):
            role = _ROLES.get(str(message.get(keys[0], message.get("role", ""))).casefold())
            asked = asked or role == "user"
            if asked and role == "assistant":
                return message.get("weight") == 0 or message.get("train") is False
    return False


def _turns(said: Sequence[object], keys: tuple[str, str]) -> Iterator[tuple[str, str | None]]:
    """Yield role ("" unknown) and text (None where there is none) of each message; parts of text are joined."""
    for message in said:
        if not isinstance(message, dict):
            yield "", None
            continue
        role = _ROLES.get(str(message.get(keys[0], message.get("role", ""))).casefold(), "")
        if message.get("tool_calls"):
            role = "tool"
        text = message.get(keys[1], message.get("content"))
        if isinstance(text, list):
            parts = [part.get("text") for part in text if isinstance(part, dict)]
            text = "\n".join(p for p in parts if isinstance(p, str)) if all(parts) else None
        yield role, text if isinstance(text, str) else None
