"""The files of a base model in transformers' form, as Ollama's converter wants them. Knows no server."""

from __future__ import annotations

import json
from pathlib import Path

from adapters.errors import CannotConvert
from adapters.publishing.peft import read_json

SETTINGS = (
    "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "tokenizer.model",
    "special_tokens_map.json", "added_tokens.json", "chat_template.jinja",
)  # fmt: skip
PLAIN_ROPE = (None, "default")
INDEX = "model.safetensors.index.json"  # in which of the parts each weight stands


def weight_files(folder: Path) -> list[Path]:
    """The safetensors files of a base. Raises CannotConvert when there are none."""
    found = sorted(folder.glob("model*.safetensors"))
    if not found:
        others = ", ".join(sorted(path.name for path in folder.glob("*.bin"))[:3])
        raise CannotConvert(
            f"There are no safetensors weights in {folder.name}"
            + (f"; other forms ({others}) are not opened, for safety." if others else ".")
        )
    missing = sorted(_named_in_index(folder) - {path.name for path in found})
    if missing:
        raise CannotConvert(
            f"{folder.name} is not whole: {missing[0]} is missing"
            + (f", and {len(missing) - 1} more files." if len(missing) > 1 else ".")
        )
    return found


def _named_in_index(folder: Path) -> set[str]:
    """The files that hold the weights of a model in parts, as its index says; none where there is no index."""
    if not (folder / INDEX).is_file():
        return set()
    places = read_json(folder / INDEX).get("weight_map")
    return set(map(str, places.values())) if isinstance(places, dict) else set()


def base_files(folder: Path) -> dict[str, Path]:
    """What to send to a server, by name. Raises CannotConvert when there is no base in the folder."""
    read_json(folder / "config.json")
    settings = [folder / name for name in SETTINGS if (folder / name).is_file()]
    return {path.name: path for path in [*settings, *weight_files(folder)]}


def for_ollama(folder: Path, out: Path) -> dict[str, Path]:
    """The files to send, with settings moved to where Ollama's converter (0.24 to 0.32) reads them.

    transformers 5 writes the rotary settings and the chat template elsewhere. Unfixed, theta silently falls back to
    10,000 and the template is lost. Changed files are written to ``out``; the base itself is left alone.
    """
    files = base_files(folder)
    config = dict(read_json(folder / "config.json"))
    rope = config.get("rope_parameters")
    if isinstance(rope, dict):
        config.setdefault("rope_theta", rope.get("rope_theta", 10_000.0))
        if rope.get("rope_type") not in PLAIN_ROPE:
            config.setdefault(
                "rope_scaling", {key: value for key, value in rope.items() if key != "rope_theta"}
            )
        files["config.json"] = _written(out / "config.json", config)
    template = files.pop("chat_template.jinja", None)
    if template is not None and "tokenizer_config.json" in files:
        tokenizer = dict(read_json(folder / "tokenizer_config.json"))
        tokenizer.setdefault("chat_template", template.read_text(encoding="utf-8"))
        files["tokenizer_config.json"] = _written(out / "tokenizer_config.json", tokenizer)
    return files


def _written(path: Path, held: dict[str, object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(held, indent=2), encoding="utf-8")
    return path
