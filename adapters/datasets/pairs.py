"""The pairs of question and answer that an adapter is trained on, as JSON lines. Knows no server and no manual."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal, get_args

from adapters.errors import BadTrainingList

# A fact of the manuals; "not in the manual"; the tone alone.
PairKind = Literal["fact", "negative", "style"]
SplitName = Literal["", "train", "validation", "test"]


@dataclass(frozen=True, slots=True)
class TrainingPair:
    """One question and the answer to be learnt.

    ``group`` names the fact or section: its pairs are never split between training and test. ``passage_hash`` is the
    content hash of the passage that holds the fact, ``manual`` and ``version`` name where it stands, ``origin`` says how
    the pair came to be ("approved", "template", "teacher", "imported"), ``approver`` who vouches for it; "" or 0 unknown.
    """

    question: str
    answer: str
    kind: PairKind = "fact"
    group: str = ""
    passage_hash: str = ""
    manual: str = ""
    version: int = 0
    origin: str = ""
    approver: str = ""
    split: SplitName = ""


def write_pairs(path: Path, pairs: Iterable[TrainingPair]) -> None:
    """Writes one JSON object per line; what is empty is left out."""
    with path.open("w", encoding="utf-8") as file:
        for pair in pairs:
            held = {key: value for key, value in asdict(pair).items() if value}
            file.write(json.dumps(held, ensure_ascii=False) + "\n")


def read_pairs(path: Path) -> tuple[TrainingPair, ...]:
    """Reads what `write_pairs` wrote, and any lines of {"question", "answer"}; other keys are left out.

    Raises BadTrainingList, which names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadTrainingList(f"{path.name} cannot be read as text.") from error
    pairs = tuple(
        _pair(line, f"{path.name}, line {number}")
        for number, line in enumerate(lines, 1)
        if line.strip()
    )
    if not pairs:
        raise BadTrainingList(f"{path.name} is empty.")
    return pairs


def _pair(line: str, where: str) -> TrainingPair:
    try:
        held = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadTrainingList(f"{where} is not JSON.") from error
    if not isinstance(held, dict):
        raise BadTrainingList(f"{where} is not an object.")
    known = {field.name: held[field.name] for field in fields(TrainingPair) if field.name in held}
    for name, value in known.items():
        if not isinstance(value, int if name == "version" else str):
            raise BadTrainingList(f"{where} has a {name} of another type.")
    for name in ("question", "answer"):
        if not str(known.get(name, "")).strip():
            raise BadTrainingList(f"{where} has no {name}.")
    if known.get("kind", "fact") not in get_args(PairKind):
        raise BadTrainingList(
            f"{where} has a kind that is not one of {', '.join(get_args(PairKind))}."
        )
    if known.get("split", "") not in get_args(SplitName):
        raise BadTrainingList(f"{where} has a split that is not train, validation or test.")
    return TrainingPair(**known)
