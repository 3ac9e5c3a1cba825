"""The pairs of question and answer that an adapter is trained on, as JSON lines. Knows no server and no manual."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal, get_args

from adapters.errors import BadTrainingList

# A fact of the manuals; "not in the manual"; the tone alone.
PairKind = Literal["fact", "negative", "style"]
# "reworded" are facts that are trained, in words that are not
SplitName = Literal["", "train", "validation", "test", "reworded"]
APART: tuple[SplitName, ...] = ("validation", "test", "reworded")
WATCH = 30  # of a hundred reworded questions, those that watch the training instead of testing its result


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


def passage_hash(text: str) -> str:
    """The content hash of a passage's text, as the library names it: SHA-256 of the text with single spaces, 16 bytes in hex."""
    plain = " ".join(text.replace("\u00ad", "").split())
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()[:32]


def untaught(pairs: Sequence[TrainingPair]) -> frozenset[TrainingPair]:
    """The facts set apart that no trained pair teaches: neither their answer, nor anything of their group (or else passage).

    A pair that names neither group nor passage says nothing of where its fact stands, and counts as taught.
    """
    learnt = [pair for pair in pairs if pair.split == "train" and pair.kind == "fact"]
    places = {pair.group or pair.passage_hash for pair in learnt}
    answers = {_plain(pair.answer) for pair in learnt}
    return frozenset(
        pair
        for pair in pairs
        if pair.split in ("validation", "test")
        and pair.kind == "fact"
        and learnt
        and (pair.group or pair.passage_hash) not in {"", *places}
        and _plain(pair.answer) not in answers
    )


def watches(pair: TrainingPair) -> bool:
    """Say whether a pair watches the training and so proves nothing afterwards: by the split, or by a hash where it is reworded."""
    if pair.split == "reworded":
        said = hashlib.sha256(pair.question.encode("utf-8", "replace")).digest()
        return int.from_bytes(said[:8], "big") % 100 < WATCH
    return pair.split == "validation"


def watching(pairs: Sequence[TrainingPair]) -> tuple[TrainingPair, ...]:
    """The pairs whose loss says when a training has to end; facts that nobody teaches do not: they are answered worse the
    more is learnt."""
    strange = untaught(pairs)
    return tuple(pair for pair in pairs if watches(pair) and pair not in strange)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def row_of(pair: TrainingPair) -> dict[str, object]:
    """A pair as an object of JSON; what is empty is left out."""
    return {key: value for key, value in asdict(pair).items() if value}


def lines_of(pairs: Iterable[TrainingPair]) -> str:
    """Pairs as JSON lines, one object each."""
    return "".join(f"{json.dumps(row_of(pair), ensure_ascii=False)}\n" for pair in pairs)


def write_pairs(path: Path, pairs: Iterable[TrainingPair]) -> None:
    """Writes one JSON object per line; what is empty is left out."""
    path.write_text(lines_of(pairs), encoding="utf-8", newline="\n")


def read_pairs(path: Path) -> tuple[TrainingPair, ...]:
    """Reads what `write_pairs` wrote, and any lines of {"question", "answer"}; other keys are left out.

    Raises BadTrainingList, which names the line.
    """
    try:
        # Not splitlines(): a question may hold other line ends, such as U+2028, which JSON leaves as they are
        lines = path.read_text(encoding="utf-8-sig").split("\n")
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
        raise BadTrainingList(f"{where} is not JSON.", BadTrainingList.ROWS) from error
    return pair_of(held, where)


def pair_of(held: object, where: str) -> TrainingPair:
    """The pair that an object of JSON holds; other keys are left out. Raises BadTrainingList, which names ``where``."""
    if not isinstance(held, dict):
        raise BadTrainingList(f"{where} is not an object.", BadTrainingList.ROWS)
    known = {field.name: held[field.name] for field in fields(TrainingPair) if field.name in held}
    for name, value in known.items():
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not (whole if name == "version" else isinstance(value, str)):
            wanted = "a whole number" if name == "version" else "text"
            raise BadTrainingList(
                f"{where} has a field {name} that is not {wanted}.", BadTrainingList.ROWS
            )
    for name in ("question", "answer"):
        if not str(known.get(name, "")).strip():
            raise BadTrainingList(f"{where} has no {name}.", BadTrainingList.ROWS)
    if known.get("kind", "fact") not in get_args(PairKind):
        raise BadTrainingList(
            f"{where} has a kind that is not one of {', '.join(get_args(PairKind))}.",
            BadTrainingList.ROWS,
        )
    if known.get("split", "") not in get_args(SplitName):
        raise BadTrainingList(
            f"{where} has a split that is not train, validation, test or reworded.",
            BadTrainingList.ROWS,
        )
    return TrainingPair(**known)
