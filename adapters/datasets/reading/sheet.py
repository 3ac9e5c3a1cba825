"""Questions and answers in a table: CSV with commas or semicolons, TSV; the columns are told by their heads."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from adapters.datasets.reading.report import PairCollector

_QUESTION = ("question", "prompt", "query", "instruction", "user_input", "input", "frage", "q")
_ANSWER = ("answer", "response", "completion", "output", "reference", "reply", "antwort", "a")
_OTHERS = ("kind", "group", "passage_hash", "manual", "approver", "split")
_KINDS = ("fact", "negative", "style")
_SPLITS = ("train", "validation", "test", "reworded")
_BETWEEN = ",;\t|"


def is_sheet(text: str) -> bool:
    """Say whether the first line names a column of questions and one of answers."""
    return _dialect(text) is not None


def read_sheet(text: str, name: str, reading: PairCollector) -> None:
    """Take the pair of each row; a row is named by the line that it begins in."""
    found = _dialect(text)
    assert found is not None, "only what is_sheet has seen is read as a sheet"
    between, head = found
    asked, said = _place(head, _QUESTION), _place(head, _ANSWER)
    others = {key: head.index(key) for key in _OTHERS if key in head}
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=between)
    begins = 0
    try:
        for row in rows:
            line, begins = begins + 1, rows.line_num
            if line == 1 or not any(cell.strip() for cell in row):
                continue
            where = f"{name}, line {line}"
            if len(row) != len(head):
                reading.fault(where, f"has {len(row)} cells where the head has {len(head)}")
                continue
            more = {key: row[i].strip() for key, i in others.items() if row[i].strip()}
            if more.get("kind", "fact") not in _KINDS:
                reading.fault(where, f"has a kind that is not one of {', '.join(_KINDS)}")
                continue
            if more.get("split", "train") not in _SPLITS:
                reading.fault(where, f"has a split that is not one of {', '.join(_SPLITS)}")
                continue
            reading.add(where, row[asked], row[said], **more)
    except csv.Error as error:
        reading.fault(f"{name}, line {begins + 1}", f"cannot be read as a table ({error})")


def _dialect(text: str) -> tuple[str, list[str]] | None:
    """What stands between cells, and the names of the columns; None where the first line names no such columns."""
    for between in _BETWEEN:
        try:
            head = next(csv.reader(io.StringIO(text, newline=""), delimiter=between), [])
        except csv.Error:
            continue
        names = [cell.strip().casefold().replace(" ", "_") for cell in head]
        if len(names) > 1 and _place(names, _QUESTION) >= 0 and _place(names, _ANSWER) >= 0:
            return between, names
    return None


def _place(head: Sequence[str], names: Sequence[str]) -> int:
    """The place of the first of these names that is there, else -1."""
    return next((head.index(name) for name in names if name in head), -1)
