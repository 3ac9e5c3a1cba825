"""Where a training stands: the trained weights, the optimizer, the dice and the position, in one file. Needs torch.

One file, replaced in one step: a process that is killed at any moment leaves the old or the new one, whole.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from adapters.errors import CannotTrain

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(slots=True)
class Position:
    """How far a training is: ``step`` steps are done. ``right`` is the best share of tokens that a validation foretold,
    ``last`` that of the last one, ``worse`` counts validations since the best."""

    step: int = 0
    losses: list[tuple[int, float]] = field(default_factory=list)
    validation: list[tuple[int, float]] = field(default_factory=list)
    right: float | None = None
    last: float = 0.0
    worse: int = 0
    cpu_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint as it was read: weights by name, those of the best validation, and the optimizer's state."""

    position: Position
    weights: Mapping[str, Tensor]
    best: Mapping[str, Tensor]
    moments: Mapping[str, Mapping[str, Tensor]]
    dice: Tensor


def keep(
    path: Path,
    position: Position,
    weights: Mapping[str, Tensor],
    best: Mapping[str, Tensor],
    optimizer: torch.optim.Optimizer,
) -> None:
    """Writes a checkpoint. ``weights`` are the optimizer's own parameters."""
    held = {f"weight.{name}": tensor.detach() for name, tensor in weights.items()}
    held |= {f"best.{name}": tensor for name, tensor in best.items()}
    for name, tensor in weights.items():
        for key, value in optimizer.state.get(tensor, {}).items():
            held[f"moment.{key}.{name}"] = value
    held["dice"] = torch.get_rng_state()
    whole = {name: tensor.contiguous().cpu() for name, tensor in held.items()}
    temporary = path.with_name(f".{path.name}.tmp")
    save_file(whole, temporary, {"position": json.dumps(asdict(position))})
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(temporary, path)


def read(path: Path) -> Kept:
    """Raises CannotTrain when it cannot be read."""
    try:
        with safe_open(path, "pt") as file:
            told = json.loads((file.metadata() or {})["position"])
            held = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
    except (OSError, LookupError, ValueError, SafetensorError) as error:
        raise CannotTrain(
            f"The checkpoint {path.name} cannot be read; train anew, without --resume."
        ) from error
    told["losses"], told["validation"] = (
        [(int(step), float(loss)) for step, loss in told[name]] for name in ("losses", "validation")
    )
    moments: dict[str, dict[str, Tensor]] = {}
    for name, tensor in held.items():
        if name.startswith("moment."):
            _, key, weight = name.split(".", 2)
            moments.setdefault(weight, {})[key] = tensor
    return Kept(
        Position(**told), _part(held, "weight."), _part(held, "best."), moments, held["dice"]
    )


def restore(kept: Kept, weights: Mapping[str, Tensor], optimizer: torch.optim.Optimizer) -> None:
    """Puts weights and optimizer back to where they were. Raises CannotTrain for those of another training."""
    if kept.weights.keys() != weights.keys():
        raise CannotTrain("The checkpoint is one of another adapter.")
    with torch.no_grad():
        for name, tensor in weights.items():
            tensor.copy_(kept.weights[name])
            optimizer.state[tensor] = {
                key: value.to(tensor.device) if value.ndim else value.clone()
                for key, value in kept.moments.get(name, {}).items()
            }
    torch.set_rng_state(kept.dice)


def _part(held: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in held.items()
        if name.startswith(prefix)
    }
