"""From pairs as they come to a data set: cleaned, split, leaks closed, and a note for everything that happened on the way. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from adapters.datasets.cleaning import Cleaned, clean
from adapters.datasets.pairs import SplitName, TrainingPair, lines_of
from adapters.datasets.reading.report import ReadReport
from adapters.datasets.splitting import SHARES, LeakAction, SplitResult, close, split
from adapters.datasets.store import DataSetContent, DataSetNote

DataSetForm = Literal["jsonl", "chat", "alpaca"]
REMOVED, WARNED, UNREAD, LEFT_OUT, MOVED = (
    "removed", "to look at", "not read", "left out", "moved into training",
)  # fmt: skip


def prepared(
    content: DataSetContent,
    shares: tuple[int, int, int] = SHARES,
    action: LeakAction = "move",
) -> DataSetContent:
    """Clean and split what was collected. Splits that every pair has already are kept, but for those that leak."""
    cleaned = clean(content.pairs)
    named = sum(bool(pair.split) for pair in cleaned.kept)
    if shares == SHARES and named == len(cleaned.kept):
        found, anew = close(cleaned.kept, action), []
    else:
        found = split([replace(pair, split="") for pair in cleaned.kept], shares, action)
        anew = _of_splits(named, len(cleaned.kept) - named)
    notes = [*content.notes, *_of_cleaning(cleaned), *anew, *_of_leaks(found)]
    return DataSetContent(found.pairs, content.contexts, notes, content.sources)


def imported(reports: Mapping[str, ReadReport]) -> DataSetContent:
    """What was read from files, by their names."""
    pairs: list[TrainingPair] = []
    notes: list[DataSetNote] = []
    contexts: dict[str, str] = {}
    sources: dict[str, int] = {}
    for name, report in reports.items():
        pairs += report.pairs
        contexts |= report.contexts
        notes += [DataSetNote(UNREAD, one.where, f"It {one.why}.") for one in report.faults]
        notes += [DataSetNote(LEFT_OUT, one.where, f"It {one.why}.") for one in report.notes]
        key = f"{name} ({report.form})" if report.form else name
        sources[key] = sources.get(key, 0) + len(report.pairs)
    return DataSetContent(pairs, contexts, notes, sources)


def to_write(
    pairs: Sequence[TrainingPair], form: DataSetForm, split: SplitName = ""
) -> tuple[TrainingPair, ...]:
    """The pairs that a file of this form holds: of one split, where that is named.

    A form that cannot say which pairs are set apart holds those to train on alone: whoever trains on it would train on the
    test, which would then prove what was learnt by heart.
    """
    if split:
        return tuple(pair for pair in pairs if pair.split == split)
    if form == "jsonl":
        return tuple(pairs)
    return tuple(pair for pair in pairs if pair.split in ("", "train"))


def written(pairs: Sequence[TrainingPair], form: DataSetForm) -> str:
    """Pairs as JSON lines: Tandem's own with all that is known, chat messages, or Alpaca's."""
    if form == "jsonl":
        return lines_of(pairs)
    rows: Iterator[dict[str, object]]
    if form == "chat":
        rows = (
            {
                "messages": [
                    {"role": "user", "content": pair.question},
                    {"role": "assistant", "content": pair.answer},
                ]
            }
            for pair in pairs
        )
    else:
        rows = ({"instruction": p.question, "input": "", "output": p.answer} for p in pairs)
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def _of_cleaning(cleaned: Cleaned) -> Iterator[DataSetNote]:
    for one in cleaned.findings:
        where = f"pair {one.place}: “{_short(one.question)}”"
        yield DataSetNote(REMOVED if one.removed else WARNED, where, one.why)


def _of_splits(named: int, unnamed: int) -> list[DataSetNote]:
    if not named:
        return []
    why = f"{unnamed:,} of the pairs have none, so that all of them were split anew."
    return [DataSetNote(LEFT_OUT, f"the splits of {named:,} pairs", why)]


def _of_leaks(found: SplitResult) -> Iterator[DataSetNote]:
    what = MOVED if found.action == "move" else LEFT_OUT
    for leak in found.leaks:
        yield DataSetNote(what, f"“{_short(leak.pair.question)}”", leak.why)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else f"{line[:119]}…"
