"""What a training folder holds, by name, and what is written down of a training: the order for it, and its outcome.

Plain data and JSON files: needs no package of the training.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from adapters.datasets.pairs import TrainingPair
from adapters.datasets.training_list import Training
from adapters.errors import CannotTrain
from adapters.training.plan import Plan, as_record, from_record

# The files of a training folder; beside them PEFT's own two.
ORDER, PAIRS, LOG, CHECKPOINT, STOP, LOCK, ERRORS, RESULT = (
    "order.json", "pairs.jsonl", "log.jsonl", "checkpoint.safetensors", "stop", "lock", "train.log", "training.json",
)  # fmt: skip
ADAPTER = ("adapter_config.json", "adapter_model.safetensors")
FORMAT = 1
QUESTION = "{question}"
# How many answers of its own the trainer writes down, for whoever publishes the adapter to compare.
ANSWERS = 10


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the served adapter will meet: the rules (system text) and how a question is put (with "{question}")."""

    system: str
    user: str = QUESTION

    def asked(self, question: str) -> str:
        """The user's message for a question."""
        return self.user.replace(QUESTION, question)


@dataclass(frozen=True, slots=True)
class BaseModel:
    """The base of a training. ``path`` is a GGUF file or a folder in transformers' form, on this machine.

    ``name`` is what a model server calls it, ``sha256`` the hash of its weights (for a GGUF, Ollama's own digest of
    it), ``architecture`` llama.cpp's word; sizes are numbers of the architecture.
    """

    name: str
    path: Path
    sha256: str
    architecture: str
    parameters: int
    layers: int
    width: int
    inner: int

    @property
    def gguf(self) -> bool:
        """Whether it is one GGUF file."""
        return not self.path.is_dir()


@dataclass(frozen=True, slots=True)
class Order:
    """All that a training depends on; two orders that are equal give the same weights on one machine."""

    base: BaseModel
    prompt: Prompt
    plan: Plan
    pairs_sha256: str
    cut_off: str = ""

    def as_record(self) -> dict[str, Any]:
        """The order as JSON holds it."""
        held = asdict(self)
        held["base"]["path"] = str(self.base.path)
        return {**held, "plan": as_record(self.plan), "format": FORMAT}

    def differs(self, other: Order) -> bool:
        """Whether the other would train something else; where the base lies does not matter."""
        mine, its = self.as_record(), other.as_record()
        for held in (mine, its):
            held["base"].pop("path")
            held["base"].pop("name")
        return mine != its


def read_order(folder: Path) -> Order:
    """The order of a training folder. Raises CannotTrain."""
    if not (folder / ORDER).exists():
        raise CannotTrain(f"No training was begun in {folder}.")
    held = _read(folder / ORDER)
    try:
        base = dict(held["base"])
        return Order(
            BaseModel(**{**base, "path": Path(base["path"])}), Prompt(**held["prompt"]), from_record(held["plan"]),
            str(held["pairs_sha256"]), str(held.get("cut_off", "")),
        )  # fmt: skip
    except (LookupError, TypeError, ValueError) as error:
        raise CannotTrain(f"The order in {folder.name} cannot be read.") from error


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """What came of a training. ``losses`` and ``validation`` are (step, loss); ``answers`` the trainer's own, greedy.

    ``adapter_sha256`` is the hash of adapter_model.safetensors; ``early`` whether it ended because validation no
    longer got better.
    """

    order: Order
    adapter_sha256: str
    kinds: Mapping[str, int]
    passages: tuple[str, ...] | None
    questions: tuple[str, ...]
    steps: int
    losses: tuple[tuple[int, float], ...]
    validation: tuple[tuple[int, float], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    early: bool = False
    cpu_seconds: float = 0.0
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def training(self) -> Training:
        """What the card says of it."""
        return Training(self.passages, self.questions, self.order.cut_off)


def write_result(folder: Path, outcome: TrainingResult) -> None:
    """Writes training.json, whole or not at all."""
    held = asdict(outcome)
    held["order"] = outcome.order.as_record()
    write_json(folder / RESULT, {"format": FORMAT, **held})


def read_result(folder: Path) -> TrainingResult:
    """What is written in a result folder. Raises CannotTrain."""
    held = _read(folder / RESULT)
    try:
        if held["format"] != FORMAT:
            raise CannotTrain(f"{RESULT} is of format {held['format']}, which is not known here.")
        base = dict(held["order"]["base"])
        order = Order(
            BaseModel(**{**base, "path": Path(base["path"])}), Prompt(**held["order"]["prompt"]),
            from_record(held["order"]["plan"]), str(held["order"]["pairs_sha256"]), str(held["order"]["cut_off"]),
        )  # fmt: skip
        passages = held["passages"]
        return TrainingResult(
            order, str(held["adapter_sha256"]), dict(held["kinds"]), None if passages is None else tuple(map(str, passages)),
            tuple(map(str, held["questions"])), int(held["steps"]), _curve(held["losses"]), _curve(held["validation"]),
            tuple((str(asked), str(said)) for asked, said in held["answers"]), bool(held["early"]),
            float(held["cpu_seconds"]), dict(held["versions"]),
        )  # fmt: skip
    except (LookupError, TypeError, ValueError) as error:
        raise CannotTrain(f"{RESULT} in {folder.name} cannot be read.") from error


def trained_passages(pairs: Sequence[TrainingPair]) -> tuple[str, ...] | None:
    """The passages whose facts were trained; what was trained as not in the manual was not. None: nobody wrote them down."""
    hashes = dict.fromkeys(
        pair.passage_hash for pair in pairs if pair.kind == "fact" and pair.passage_hash
    )
    return tuple(hashes) or None


def _curve(points: Any) -> tuple[tuple[int, float], ...]:
    return tuple((int(step), float(loss)) for step, loss in points)


def _read(path: Path) -> dict[str, Any]:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CannotTrain(f"There is no readable {path.name} in {path.parent.name}.") from error
    if not isinstance(held, dict):
        raise CannotTrain(f"{path.name} in {path.parent.name} cannot be read.")
    return held


def write_json(path: Path, held: Mapping[str, object]) -> None:
    """Writes a JSON file so that a crash leaves the old or the new one."""
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(held, file, indent=1, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def sha256_of(path: Path) -> str:
    """The hash of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
