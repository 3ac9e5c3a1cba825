"""Merges a PEFT adapter into a copy of its base, for servers that do not load adapters.

Works on safetensors files, one tensor at a time: a base of any size needs the memory of its largest layer.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from adapters.errors import CannotConvert, CannotMerge
from adapters.publishing.base_files import base_files, weight_files
from adapters.publishing.peft import Lora, read_json
from adapters.publishing.safetensors_file import SIZES, Weights


def merge(adapter: Path, base: Path, out: Path) -> Path:
    """Writes base plus adapter to a folder, in the base's own form. Raises CannotMerge, with the reason.

    The change of a layer is scale x up @ down, computed in float32 and rounded to the base's type.
    """
    try:
        lora = Lora(adapter)
        if read_json(base / "config.json").get("quantization_config"):
            raise CannotMerge(
                "The base is quantized; an adapter can be merged only into full weights."
            )
        places = {name: path for path in weight_files(base) for name in Weights(path).places}
        _check(lora, places)
    except CannotConvert as error:
        raise CannotMerge(str(error)) from error
    out.mkdir(parents=True, exist_ok=True)
    for path in base_files(base).values():
        shutil.copyfile(path, out / path.name)
    opened = {path.name: Weights(out / path.name) for path in weight_files(base)}
    for pair in lora.pairs():
        name = f"{pair.module}.weight"
        weights = opened[places[name].name]
        weights.overwrite(name, weights.tensor(name) + lora.scale * (pair.up @ pair.down))
    return out


def _check(lora: Lora, places: dict[str, Path]) -> None:
    for pair in lora.pairs():
        name = f"{pair.module}.weight"
        if pair.module == "lm_head" and name not in places:
            raise CannotMerge(
                "The adapter changes lm_head, but the base's output layer is its embedding."
            )
        if name not in places:
            raise CannotMerge(f"The adapter changes '{pair.module}', which the base does not have.")
        place = Weights(places[name]).places[name]
        if place.kind not in SIZES:
            raise CannotMerge(
                f"The base's '{name}' has type {place.kind}; an adapter can be merged only into full weights."
            )
        if place.shape != (pair.up.shape[0], pair.down.shape[1]):
            raise CannotMerge(
                f"The adapter was trained on another base: '{pair.module}' has another shape."
            )
