"""Weights in safetensors files: read one tensor at a time, or written over in place. Needs numpy only.

The format: 8 bytes with the length of a JSON header, the header, the data. Knows no model.
"""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.errors import CannotConvert

if TYPE_CHECKING:
    import numpy as np

LONGEST_HEADER = 100 << 20
SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}
# What weights of 8 bits and fewer are kept in
QUANTIZED = frozenset({"U8", "I8", "I32", "F8_E4M3", "F8_E5M2"})


@dataclass(frozen=True, slots=True)
class TensorPlace:
    """Where a tensor stands in its file: type, shape, and bytes [start:end] of the file."""

    kind: str
    shape: tuple[int, ...]
    start: int
    end: int


class Weights:
    """The tensors of one safetensors file, by name. Reads nothing but the header until asked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.places = _header(path)

    def tensor(self, name: str) -> np.ndarray:
        """A tensor as float32. Raises CannotConvert for types other than floating point."""
        import numpy as np

        place = self.places[name]
        if place.kind not in SIZES:
            raise CannotConvert(
                f"'{name}' in {self.path.name} has type {place.kind}; only floating point can be used."
            )
        with self.path.open("rb") as file:
            file.seek(place.start)
            raw = file.read(place.end - place.start)
        if place.kind == "BF16":  # the upper half of a float32
            values = (np.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4")
        else:
            values = np.frombuffer(raw, {"F64": "<f8", "F32": "<f4", "F16": "<f2"}[place.kind])
        return values.astype(np.float32).reshape(place.shape)

    def overwrite(self, name: str, values: np.ndarray) -> None:
        """Writes a float32 tensor of the same shape over the one in the file, in the file's type."""
        import numpy as np

        place = self.places[name]
        flat = np.ascontiguousarray(values, dtype=np.float32).reshape(-1)
        if place.kind == "BF16":  # rounds to nearest, ties to even
            bits = flat.view(np.uint32)
            raw = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2").tobytes()
        else:
            raw = flat.astype({"F64": "<f8", "F32": "<f4", "F16": "<f2"}[place.kind]).tobytes()
        with self.path.open("r+b") as file:
            file.seek(place.start)
            file.write(raw)


def _header(path: Path) -> dict[str, TensorPlace]:
    try:
        with path.open("rb") as file:
            length = struct.unpack("<Q", file.read(8))[0]
            if length > LONGEST_HEADER:
                raise ValueError("its header is too long")
            held = json.loads(file.read(length))
        begin, size = 8 + length, path.stat().st_size
        places = {
            name: _place(item, begin) for name, item in held.items() if name != "__metadata__"
        }
        if any(place.end > size or not _fits(place) for place in places.values()):
            raise ValueError("it is cut off")
    except OSError as error:
        raise CannotConvert(f"{path.name} cannot be read: {error.strerror or error}.") from error
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        struct.error,
        RecursionError,
    ) as error:
        raise CannotConvert(f"{path.name} is not a sound safetensors file.") from error
    return places


def _place(item: dict[str, Any], begin: int) -> TensorPlace:
    start, end = (int(offset) for offset in item["data_offsets"])
    if not 0 <= start <= end:
        raise ValueError("offsets are out of order")
    return TensorPlace(
        str(item["dtype"]), tuple(int(side) for side in item["shape"]), begin + start, begin + end
    )


def _fits(place: TensorPlace) -> bool:
    return (
        place.kind not in SIZES
        or math.prod(place.shape) * SIZES[place.kind] == place.end - place.start
    )
