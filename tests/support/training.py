"""What tests of training need: tiny bases and pairs, and whether the packages and the small model are here."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from adapters.datasets.pairs import TrainingPair, write_pairs
from adapters.errors import MissingPackage
from adapters.training.bases import find_base, wheel_file
from adapters.training.record import Prompt
from adapters.training.session import NEEDED, Wish
from tests.support.ollama_server import TEMPLATE, change_json, tiny_base

# The template of `tiny_base` in transformers' language; TEMPLATE is the same in Ollama's.
CHAT = (
    "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
RULES = Prompt("Answer shortly.", "Question: {question}")
__all__ = [
    "CHAT",
    "RULES",
    "TEMPLATE",
    "chat_base",
    "need_packages",
    "need_wheel",
    "pairs_file",
    "wish",
]


def need_packages() -> None:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"training needs {', '.join(missing)}: pip install -r requirements-train.txt")


def need_wheel() -> Path:
    """The small model's file."""
    need_packages()
    try:
        return wheel_file()
    except MissingPackage as error:
        pytest.skip(str(error))


def chat_base(folder: Path) -> Path:
    """A tiny base with a chat template."""
    change_json(tiny_base(folder) / "tokenizer_config.json", chat_template=CHAT)
    return folder


def pairs_file(path: Path, count: int = 12, validation: int = 0) -> Path:
    """Pairs that a tiny model can learn; the last ones are for validation."""
    pairs = [
        TrainingPair(
            f"How wide is part {n}?", f"Part {n} is {n + 3} mm wide.", passage_hash=f"h{n}",
            split="validation" if n >= count - validation else "train",
        )
        for n in range(count)
    ]  # fmt: skip
    write_pairs(path, pairs)
    return path


def wish(base: Path, pairs: Path, **chosen: object) -> Wish:
    """A training of few steps."""
    small = {"epochs": 3, "batch": 4, "rank": 4, "keep_every": 1, "rate": 1e-2, **chosen}
    return Wish(pairs, find_base(str(base)), RULES, small)


def log_of(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
