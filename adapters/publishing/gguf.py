"""A PEFT adapter as a GGUF adapter, which is the form that Ollama loads rightly.

Ollama converts PEFT folders itself, but its converter (0.24, unchanged in 0.32) reorders the rows of q and k on the
wrong half of the pair: of fifty trained answers seventeen come out right instead of fifty. So we convert. The tensors
are bit for bit those of llama.cpp's own converter.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from adapters.errors import CannotConvert, MissingPackage
from adapters.publishing.peft import Lora, LoraPair, read_json
from adapters.types import ModelInfo

if TYPE_CHECKING:
    import numpy as np

# How transformers names what llama.cpp calls "llama", and so on.
ARCHITECTURES = {
    "LlamaForCausalLM": "llama",
    "MistralForCausalLM": "llama",
    "Qwen2ForCausalLM": "qwen2",
}
LAYER = re.compile(r"model\.layers\.(\d+)\.(.+)")
NAMES = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
}  # fmt: skip
# GGUF's own numbers of its types, and how many bytes a value of each takes.
TEXT, LIST, LONGEST_TEXT = 8, 9, 1 << 26
VALUE_BYTES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
# Architectures whose q and k rows llama.cpp keeps in another order than transformers.
PERMUTED = ("llama",)


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a base. ``tied``: its output layer is its embedding; None where nobody says."""

    architecture: str
    layers: int
    width: int
    inner: int
    heads: int
    kv_heads: int
    head_width: int
    tied: bool | None = None

    def sides(self, module: str) -> tuple[int, int]:
        """Inputs and outputs of a layer, by llama.cpp's name of it."""
        queries, keys = self.heads * self.head_width, self.kv_heads * self.head_width
        return {
            "attn_q": (self.width, queries), "attn_k": (self.width, keys), "attn_v": (self.width, keys),
            "attn_output": (queries, self.width), "ffn_gate": (self.width, self.inner),
            "ffn_up": (self.width, self.inner), "ffn_down": (self.inner, self.width),
        }[module]  # fmt: skip


def kind_of(path: Path) -> str:
    """What a GGUF file holds: "adapter", or "model" where it says nothing else. Raises CannotConvert."""
    try:
        with path.open("rb") as file:
            if file.read(4) != b"GGUF":
                raise CannotConvert(f"{path.name} is not a GGUF file.")
            _, _, count = struct.unpack("<IQQ", file.read(20))
            for _ in range(count):
                key, value = _text(file), _value(file, *struct.unpack("<I", file.read(4)))
                if key == "general.type":
                    return str(value)
                if key.startswith("adapter."):
                    return "adapter"
    except (OSError, struct.error, UnicodeDecodeError, LookupError) as error:
        raise CannotConvert(f"{path.name} is not a whole GGUF file.") from error
    return "model"


def _text(file: BinaryIO) -> str:
    (length,) = struct.unpack("<Q", file.read(8))
    if length > LONGEST_TEXT:
        raise LookupError("a text of that length")
    return file.read(length).decode("utf-8")


def _value(file: BinaryIO, kind: int) -> object:
    """One value of a GGUF header; lists are passed over."""
    if kind == TEXT:
        return _text(file)
    if kind != LIST:
        return file.read(VALUE_BYTES[kind])
    inner, count = struct.unpack("<IQ", file.read(12))
    if inner == TEXT:
        for _ in range(count):
            _text(file)
    else:
        file.seek(VALUE_BYTES[inner] * count, 1)
    return None


def shape_of_folder(base: Path) -> Shape:
    """The shape of a base in transformers' form. Raises CannotConvert."""
    config = read_json(base / "config.json")
    named = config.get("architectures")
    architecture = str(named[0]) if isinstance(named, list) and named else "unknown"
    if architecture not in ARCHITECTURES:
        raise CannotConvert(
            f"The base is a {architecture}; adapters can be converted for {', '.join(ARCHITECTURES)}."
        )

    def number(key: str, default: int = 0) -> int:
        value = config.get(key) or default
        if type(value) is not int or value <= 0:
            raise CannotConvert(f"The base's config.json lacks a sound '{key}'.")
        return value

    heads, width = number("num_attention_heads"), number("hidden_size")
    return Shape(
        ARCHITECTURES[architecture], number("num_hidden_layers"), width, number("intermediate_size"), heads,
        number("num_key_value_heads", heads), number("head_dim", width // heads), bool(config.get("tie_word_embeddings")),
    )  # fmt: skip


def shape_of_model(shown: ModelInfo) -> Shape:
    """The shape of a base that a server has. Raises CannotConvert."""
    if shown.architecture not in ARCHITECTURES.values():
        known = ", ".join(dict.fromkeys(ARCHITECTURES.values()))
        raise CannotConvert(
            f"The base is of the architecture '{shown.architecture}'; adapters can be converted for {known}."
        )
    try:
        numbers = shown.numbers
        heads, width = numbers["attention.head_count"], numbers["embedding_length"]
        return Shape(
            shown.architecture, numbers["block_count"], width, numbers["feed_forward_length"], heads,
            numbers.get("attention.head_count_kv", heads), numbers.get("attention.key_length", width // heads),
        )  # fmt: skip
    except KeyError as error:
        raise CannotConvert(f"The model server does not say the base's {error}.") from error


def permuted(up: np.ndarray, heads: int) -> np.ndarray:
    """Rows in transformers' rotary order (halves) as rows in llama.cpp's (interleaved); ``up`` is (outputs, rank)."""
    return (
        up.reshape(heads, 2, up.shape[0] // heads // 2, up.shape[1])
        .swapaxes(1, 2)
        .reshape(up.shape)
    )


def convert(adapter: Path, shape: Shape, out: Path) -> Path:
    """Writes a PEFT folder as a GGUF file. Raises CannotConvert, MissingPackage.

    The scale is folded into alpha, because a server divides alpha by the rank, whatever kind of LoRA it is.
    """
    try:
        import gguf
        import numpy as np
    except ImportError as error:
        raise MissingPackage(f"Converting adapters needs the package '{error.name}'.") from error
    lora = Lora(adapter)
    halves = [(name, half) for pair in lora.pairs() for name, half in _named(pair, shape)]
    writer = gguf.GGUFWriter(out, shape.architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_float32("adapter.lora.alpha", lora.scale * lora.rank)
    for name, half in halves:
        writer.add_tensor(name, half.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return out


def _named(pair: LoraPair, shape: Shape) -> tuple[tuple[str, np.ndarray], tuple[str, np.ndarray]]:
    """Both halves of a pair under llama.cpp's names, in its order of rows."""
    if pair.module == "lm_head":
        raise CannotConvert(_head(shape))
    found = LAYER.fullmatch(pair.module)
    if not found or found[2] not in NAMES:
        raise CannotConvert(
            f"The adapter changes '{pair.module}', which model servers cannot adapt."
        )
    if int(found[1]) >= shape.layers:
        raise CannotConvert(
            f"The adapter changes layer {found[1]}, but the base has only {shape.layers} layers."
        )
    module, up = NAMES[found[2]], pair.up
    sides = (pair.down.shape[1], up.shape[0])
    if sides != shape.sides(module):
        raise CannotConvert(
            f"The adapter was trained on another base: its '{pair.module}' is {sides[0]} x {sides[1]},"
            f" the base's {shape.sides(module)[0]} x {shape.sides(module)[1]}."
        )
    if shape.architecture in PERMUTED and module in ("attn_q", "attn_k"):
        up = permuted(up, shape.heads if module == "attn_q" else shape.kv_heads)
    stem = f"blk.{found[1]}.{module}.weight.lora_"
    return (f"{stem}a", pair.down), (f"{stem}b", up)


def _head(shape: Shape) -> str:
    if shape.tied:
        return "The adapter changes lm_head, but the base's output layer is its embedding, so servers have no such layer."
    return "The adapter changes lm_head, which model servers cannot adapt safely."
