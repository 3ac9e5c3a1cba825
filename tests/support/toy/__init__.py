"""Toy models from nothing, for tests that need a model which reads: a tiny base, an adapter that knows fifty facts.

Training runs in a process of its own and needs requirements-train.txt; publishing needs neither.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.datasets.training_list import Training
from adapters.demo import facts
from adapters.errors import TrainingFailed
from adapters.publishing.publish import Progress as Publishing
from adapters.publishing.publish import PublishRequest, make_base, quiet
from adapters.publishing.publish import publish as publish_adapter
from adapters.registry import Card, Registry
from adapters.servers.base import ModelServer
from adapters.training.session import check_packages
from chatbot.assistant import Assistant
from chatbot.operations.deployment import passages_with, server_of
from tests.support.toy.cases import trained
from tests.support.toy.style import PARAMETERS, TEMPLATE

ROOT = Path(__file__).resolve().parents[3]
NEEDED = ("torch", "transformers", "peft")
# What the result depends on. The facts are among it: another manual, another adapter.
CODE = ("words", "style", "world", "circuit", "rows", "base", "cases", "lora", "train")
MADE = "made.json"
NAME, MODEL, BASE = "toy-x200", "tandem-toy-x200", "tandem-toy-base"

# Told what is being made ("base", "adapter"), how much is done, and of how much.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class ToyModels:
    """Where the trained models lie: the base in transformers' form, the adapter as PEFT saves it."""

    base: Path
    adapter: Path


def questions() -> tuple[str, ...]:
    """What the adapter was trained to be asked."""
    return tuple(question for fact in facts.FACTS for question in trained(fact))


def fingerprint() -> str:
    """A hash of everything that the models are made from, but for its layout: the same one, the same models."""
    digest = hashlib.sha256()
    for path in (*(Path(__file__).with_name(f"{name}.py") for name in CODE), Path(facts.__file__)):
        code = path.read_text(encoding="utf-8")
        digest.update(ast.unparse(ast.parse(code)).encode())
    return digest.hexdigest()


def made(folder: Path) -> ToyModels | None:
    """The models in a folder, if they are there and of this version."""
    try:
        held = json.loads((folder / MADE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = all(
        (folder / part).is_file()
        for part in ("base/model.safetensors", "adapter/adapter_model.safetensors")
    )
    if not whole or not isinstance(held, dict) or held.get("code") != fingerprint():
        return None
    return ToyModels(folder / "base", folder / "adapter")


def build(folder: Path, progress: Progress, *, python: str = sys.executable) -> ToyModels:
    """Trains both models into a folder, unless they are there; about eleven minutes of one core.

    ``python`` is the interpreter that has the training packages. When ``progress`` raises, the training ends.
    Raises MissingPackage, TrainingFailed.
    """
    if found := made(folder):
        return found
    check_packages(python, NEEDED)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder.parent) as work:
        _train(Path(work), progress, python)
        (Path(work) / MADE).write_text(json.dumps({"code": fingerprint()}), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(work, folder)
    return ToyModels(folder / "base", folder / "adapter")


def _train(folder: Path, progress: Progress, python: str) -> None:
    # offline: nothing that runs here may ask a hub for a model
    environ = os.environ | {
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }
    log = folder / "train.log"
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [python, "-m", "tests.support.toy.train", str(folder)],
            stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8", env=environ, cwd=ROOT,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("{"):
                    step = json.loads(line)
                    progress(step["what"], step["done"], step["total"])
            if process.wait() != 0:
                raise TrainingFailed(f"Training ended with an error: {_last_line(log)}")
        finally:
            process.kill()
            process.wait()


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else "without a word"


def publish(
    models: ToyModels,
    server: ModelServer,
    registry: Registry,
    trained_on: Sequence[str],
    *,
    cut_off: str = "",
    progress: Publishing = quiet,
) -> Card:
    """Puts both models on a server and writes the adapter's card; it is not served yet.

    ``trained_on`` are the content hashes of the passages that hold the facts; ``cut_off`` the manual's date.
    Raises ServerError.
    """
    base = make_base(
        BASE, models.base, server, template=TEMPLATE, parameters=PARAMETERS, progress=progress
    )
    order = PublishRequest(
        NAME, base.name, models.base, MODEL, style="plain", template=TEMPLATE, parameters=PARAMETERS,
        training=Training(tuple(trained_on), questions(), cut_off),
    )  # fmt: skip
    return publish_adapter(models.adapter, order, server, registry, progress=progress)


def serve(models: ToyModels, assistant: Assistant) -> Card:
    """Adds the sample manuals to an assistant's library, publishes both models on its server and serves the adapter."""
    library = assistant.catalog
    for job in library.add_samples():
        library.run(job.id)
    manual, hashes = passages_with(library, facts.sentences())
    registry = assistant.models.registry
    card = publish(models, server_of(assistant), registry, hashes, cut_off=manual.added[:10])
    return registry.serve(card.name)
