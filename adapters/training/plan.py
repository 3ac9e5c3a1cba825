"""The settings of a training: values proposed by the size of model and data, each with its reason, and what they need.

Knows no file of the training and no package of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from adapters.errors import CannotTrain

ALL_LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
BILLION = 1_000_000_000
LARGEST_SEED = 2**32 - 1
# Bytes: what Python and torch take by themselves, and what is left free of a disk.
PROGRAM, SPARE = 900 << 20, 200 << 20


@dataclass(frozen=True, slots=True)
class Plan:
    """How an adapter is trained.

    ``rate`` is the highest learning rate, ``batch`` pairs a step, ``length`` the most tokens of a pair, ``keep_every``
    steps between two checkpoints (0: twenty in all), ``patience`` epochs in which validation foretells no more after
    which training ends (0: never).
    """

    rank: int
    alpha: int
    rate: float
    epochs: int
    batch: int
    modules: tuple[str, ...] = ALL_LINEAR
    seed: int = 1
    length: int = 512
    keep_every: int = 0
    patience: int = 2

    def steps(self, pairs: int) -> int:
        """How many steps so many pairs take."""
        return self.epochs * -(-pairs // self.batch)


def propose(parameters: int, pairs: int, chosen: Mapping[str, object] | None = None) -> Plan:
    """A plan for a base of so many parameters and so many pairs to train on; what was chosen stands.

    Raises CannotTrain for a chosen value that cannot be.
    """
    size = parameters / BILLION
    rank = 16 if size < 10 else 8
    rate = 1e-3 if size < 0.5 else 4e-4 if size < 2 else 2e-4 if size < 6 else 1e-4
    epochs = 8 if pairs < 500 else 4 if pairs < 2000 else 3 if size < 2 else 2
    proposed = Plan(rank, 2 * rank, rate, epochs, 8 if pairs < 100 else 16)
    given = {key: value for key, value in (chosen or {}).items() if value is not None}
    if "rank" in given and "alpha" not in given:
        given["alpha"] = 2 * int(str(given["rank"]))
    plan = replace(proposed, **given)  # type: ignore[arg-type]
    _check(plan)
    return plan


def explain(plan: Plan, parameters: int, pairs: int) -> dict[str, str]:
    """A word on each value: why it is what it is."""
    size = f"{parameters / BILLION:.1f}B" if parameters > BILLION else f"{parameters // 10**6}M"
    proposed = propose(parameters, pairs)
    words = {
        "rank": "enough for some thousand facts; more rank learns no better, costs memory",
        "alpha": "twice the rank, as most recipes have it",
        "rate": f"for a base of {size} parameters: the smaller the base, the higher",
        "epochs": f"for {pairs} pairs: few pairs are seen more often",
        "batch": "pairs a step; larger is steadier, smaller learns from less",
        "modules": "all linear layers: attention alone learns facts worse",
        "seed": "the same seed, machine and pairs give the same weights",
        "length": "tokens of a pair; a longer one is refused, never cut",
        "keep_every": "steps between checkpoints; 0 keeps about twenty in all",
        "patience": "epochs in which validation gets no better before it stops; 0 never stops early",
    }
    return {
        name: word
        if getattr(plan, name) == getattr(proposed, name) or name == "alpha"
        else "as you chose"
        for name, word in words.items()
    }


def from_record(held: Mapping[str, object]) -> Plan:
    """A plan as `asdict` wrote it. Raises CannotTrain."""
    try:
        known = {field.name: held[field.name] for field in fields(Plan)}
        modules = known["modules"]
        plan = Plan(**{**known, "modules": tuple(modules)})  # type: ignore[arg-type]
    except (LookupError, TypeError) as error:
        raise CannotTrain("The settings of this training cannot be read.") from error
    _check(plan)
    return plan


def as_record(plan: Plan) -> dict[str, object]:
    """A plan as JSON holds it."""
    return {**asdict(plan), "modules": list(plan.modules)}


def _check(plan: Plan) -> None:
    for name in ("rank", "alpha", "epochs", "batch", "length"):
        if type(getattr(plan, name)) is not int or getattr(plan, name) < 1:
            raise CannotTrain(f"The {name} must be a whole number from 1 on.")
    for name in ("keep_every", "patience"):
        if type(getattr(plan, name)) is not int or getattr(plan, name) < 0:
            raise CannotTrain(f"{name} must be 0 or more.")
    if type(plan.seed) is not int or not 0 <= plan.seed <= LARGEST_SEED:
        raise CannotTrain(f"The seed must be a whole number from 0 to {LARGEST_SEED}.")
    if not isinstance(plan.rate, int | float) or not 0 < plan.rate <= 0.1:
        raise CannotTrain("The rate must lie between 0 and 0.1.")
    if unknown := set(plan.modules) - set(ALL_LINEAR):
        raise CannotTrain(
            f"'{', '.join(sorted(unknown))}' cannot be adapted; the modules are {', '.join(ALL_LINEAR)}."
        )
    if not plan.modules:
        raise CannotTrain("At least one module must be adapted.")


@dataclass(frozen=True, slots=True)
class Room:
    """What a training needs, in bytes: memory at its highest, and disk for the result with its checkpoint."""

    memory: int
    disk: int


def room_for(plan: Plan, parameters: int, layers: int, width: int, inner: int) -> Room:
    """How much room a training takes; somewhat more than was measured.

    A base is held at 4 bytes a parameter and 2 more while it is read, afterwards at 4, or at 2 where the processor has such
    numbers. A trained weight has itself, its gradient and two moments, at 4 bytes each, and once more when it is the
    best so far.
    """
    trained = layers * plan.rank * (4 * 2 * width + 3 * (width + inner))
    tokens = max(plan.length, 512)
    activations = tokens * layers * (12 * width + 6 * inner) * 2 + layers * 8 * tokens * tokens * 4
    memory = PROGRAM + max(parameters * 6, parameters * 4 + trained * 20 + 2 * activations)
    return Room(memory, trained * 4 * 2 * 5 + SPARE)


def check_room(room: Room, folder: Path) -> None:
    """Raises CannotTrain, with both figures, when memory or disk do not suffice."""
    free = _free_memory()
    if free is not None and free < room.memory:
        raise CannotTrain(
            f"Training this base needs about {_gigabytes(room.memory)} of memory; {_gigabytes(free)} are free."
        )
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    left = shutil.disk_usage(there).free
    if left < room.disk:
        raise CannotTrain(
            f"Training needs about {_gigabytes(room.disk)} of disk in {there}; {_gigabytes(left)} are free."
        )


def _free_memory() -> int | None:
    """Bytes of memory that may be taken, within the limits of a container; None where the system does not say."""
    found = []
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        found += [int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:")]
        limit = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
        used = Path("/sys/fs/cgroup/memory.current").read_text(encoding="ascii")
        found += [int(limit) - int(used)] if limit != "max" else []
    except (OSError, ValueError):
        pass
    return min(found, default=None)


def _gigabytes(count: int) -> str:
    return f"{count / (1 << 30):.1f} GB"
