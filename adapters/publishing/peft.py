"""Reads a LoRA adapter as PEFT saves it, and refuses what no model server could load, each with one sentence.

Knows no server and no file format of one.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.errors import CannotConvert
from adapters.publishing.safetensors_file import Weights

if TYPE_CHECKING:
    import numpy as np

CONFIG, TENSORS = "adapter_config.json", "adapter_model.safetensors"
KEY = re.compile(r"base_model\.model\.(.+)\.lora_([AB])\.weight")
# Keys of adapter_config.json that must be false or empty, and what they stand for.
UNSUPPORTED = {
    "use_dora": "DoRA", "lora_bias": "a bias in its LoRA layers", "modules_to_save": "whole modules beside the LoRA layers",
    "alpha_pattern": "a different alpha for some modules", "rank_pattern": "a different rank for some modules",
    "alora_invocation_tokens": "activated LoRA", "layer_replication": "repeated layers of the base", "use_bdlora": "BD-LoRA",
    "arrow_config": "Arrow", "kasa_config": "KaSA", "trainable_token_indices": "trained tokens", "use_qalora": "QALoRA", "fan_in_fan_out": "transposed layers",
}  # fmt: skip
# Ways of starting a LoRA that leave the base's own weights as they are. Others (PiSSA, OLoRA, LoftQ, CorDA) do not.
HARMLESS_STARTS = ("gaussian", "eva", "orthogonal")


@dataclass(frozen=True, slots=True)
class LoraPair:
    """One adapted layer: the base's weight is ``module``.weight, its change is scale x up @ down.

    ``down`` is (rank, inputs), ``up`` is (outputs, rank), both float32.
    """

    module: str
    down: np.ndarray
    up: np.ndarray


class Lora:
    """A LoRA adapter: its rank, its scale, and its pairs. ``base`` is the name of the base as training knew it."""

    def __init__(self, folder: Path) -> None:
        """Raises CannotConvert."""
        config = read_json(folder / CONFIG)
        _refuse(config)
        self.rank = int(_number(config, "r"))
        alpha = _number(config, "lora_alpha")
        # rsLoRA (arXiv 2312.03732) divides by the root of the rank
        self.scale = alpha / (math.sqrt(self.rank) if config.get("use_rslora") else self.rank)
        self.base = str(config.get("base_model_name_or_path") or "")
        if not (folder / TENSORS).is_file():
            raise CannotConvert(
                f"The adapter has no {TENSORS}; older forms (adapter_model.bin) are not opened, for safety."
            )
        self._weights = Weights(folder / TENSORS)
        self.modules = self._modules()

    def _modules(self) -> tuple[str, ...]:
        """The adapted modules; every one has both halves, of the right rank."""
        halves: dict[str, dict[str, tuple[int, ...]]] = {}
        for name, place in self._weights.places.items():
            found = KEY.fullmatch(name)
            if not found:
                raise CannotConvert(f"The adapter holds '{name}', which is not a LoRA layer.")
            halves.setdefault(found[1], {})[found[2]] = place.shape
        for module, shapes in halves.items():
            if set(shapes) != {"A", "B"} or any(len(shape) != 2 for shape in shapes.values()):
                raise CannotConvert(f"The adapter's layer '{module}' is not whole.")
            if (shapes["A"][0], shapes["B"][1]) != (self.rank, self.rank):
                raise CannotConvert(
                    f"The adapter says rank {self.rank}, but its layer '{module}' has {shapes['A'][0]} and {shapes['B'][1]}."
                )
        if not halves:
            raise CannotConvert("The adapter holds no layers.")
        return tuple(halves)

    def pairs(self) -> Iterator[LoraPair]:
        """The adapted layers, one at a time."""
        for module in self.modules:
            yield self.pair(module)

    def pair(self, module: str) -> LoraPair:
        """One adapted layer."""
        stem = f"base_model.model.{module}.lora_"
        return LoraPair(
            module, self._weights.tensor(f"{stem}A.weight"), self._weights.tensor(f"{stem}B.weight")
        )


def _refuse(config: Mapping[str, object]) -> None:
    if config.get("peft_type", "LORA") != "LORA":
        raise CannotConvert(
            f"The adapter is of the type {config['peft_type']}; only LoRA can be served."
        )
    for key, what in UNSUPPORTED.items():
        if config.get(key):
            raise CannotConvert(
                f"The adapter uses {what} ({key}), which model servers cannot load."
            )
    if config.get("bias", "none") != "none":
        raise CannotConvert(
            f"The adapter trains biases (bias: {config['bias']}), which model servers cannot load."
        )
    start = config.get("init_lora_weights")
    if isinstance(start, str) and start.lower() not in HARMLESS_STARTS:
        raise CannotConvert(
            f"The adapter was started with {start}, which changes the base itself; it does not fit the plain base."
        )


def _number(config: Mapping[str, object], key: str) -> float:
    value = config.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise CannotConvert(f"{CONFIG} lacks a sound '{key}'.")
    return float(value)


def read_json(path: Path) -> Mapping[str, object]:
    """A JSON file that holds an object. Raises CannotConvert."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CannotConvert(f"There is no readable {path.name} in {path.parent.name}.") from error
    except (ValueError, RecursionError) as error:
        raise CannotConvert(f"{path.name} is not JSON.") from error
    if not isinstance(held, dict):
        raise CannotConvert(f"{path.name} does not hold settings.")
    return held
