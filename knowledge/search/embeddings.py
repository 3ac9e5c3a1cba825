"""Small local embeddings: WordLlama's 256 numbers a text, out of its wheel. Knows nothing of the index.

The files are read directly: importing the package would set up logging for the whole process, and its
loader looks for the tokenizer in a folder that its wheel does not have, then on the network.
"""

from __future__ import annotations

import importlib.util
import os
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

DIMENSIONS = 256
BATCH = 32  # small, because the tokenizer keeps what its largest batch took
_LOCK = threading.Lock()


class Encoder(Protocol):
    """Turns texts into unit vectors. ``name`` is stored with the vectors; another name means: index again."""

    name: str

    def encode(self, texts: list[str]) -> np.ndarray:
        """float32 array (len(texts), DIMENSIONS), rows of length 1 (or 0 for an empty text)."""

    def knows(self, word: str) -> bool:
        """Is this word common enough in the language to be spelt correctly?"""


class WordLlama:
    """Mean of the token vectors of L2-supercat-256 (github.com/dleemiller/WordLlama)."""

    name = "wordllama-l2-supercat-256"

    def __init__(self, folder: Path) -> None:
        # One thread: its pool would keep memory of its own, and a manual of 261 pages takes .3 s either way.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        tokenizer = next((folder / "tokenizers").glob("*.json"))
        self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._table = load_file(folder / "weights" / "l2_supercat_256.safetensors")[
            "embedding.weight"
        ]

    def encode(self, texts: list[str]) -> np.ndarray:
        out = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for first in range(0, len(texts), BATCH):
            batch = self._tokenizer.encode_batch(
                texts[first : first + BATCH], add_special_tokens=False
            )
            for row, encoding in enumerate(batch, first):
                if encoding.ids:
                    out[row] = self._table[encoding.ids].astype(np.float32).mean(axis=0)
        lengths = np.linalg.norm(out, axis=1, keepdims=True)
        return out / np.maximum(lengths, 1e-9)

    def knows(self, word: str) -> bool:
        # A word that is one token was frequent in the tokenizer's training text.
        return len(self._tokenizer.encode(word, add_special_tokens=False).ids) == 1


@lru_cache(maxsize=1)
def _load() -> Encoder | None:
    spec = importlib.util.find_spec("wordllama")
    if spec is None or spec.origin is None:
        return None
    return WordLlama(Path(spec.origin).parent)


def load_encoder() -> Encoder | None:
    """The encoder, loaded once; None where the wordllama wheel is missing (Linux arm64, Python 3.14)."""
    with _LOCK:
        return _load()


def quantise(vectors: np.ndarray) -> np.ndarray:
    """Unit vectors as int8, scaled by 127 over the row's largest value; only directions are kept."""
    peak = np.maximum(np.abs(vectors).max(axis=-1, keepdims=True), 1e-9)
    return np.rint(vectors * (127 / peak)).astype(np.int8)


def unit(stored: np.ndarray) -> np.ndarray:
    """An int8 vector, or rows of them, as float32 of length 1 again."""
    rows = stored.astype(np.float32)
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)


def signs(vectors: np.ndarray) -> np.ndarray:
    """One bit a dimension: uint8 array (n, DIMENSIONS / 8)."""
    return np.packbits(vectors > 0, axis=-1)


def cosine(query: np.ndarray, stored: np.ndarray) -> np.ndarray:
    """Cosine of one unit vector with int8 rows: float32 (n,)."""
    rows = stored.astype(np.float32)
    return rows @ query / np.maximum(np.linalg.norm(rows, axis=1), 1e-9)
