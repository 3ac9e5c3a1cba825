"""A training as a folder to take to another machine: the order, the pairs, the code, and a small base; all with hashes.

The folder is complete but for the packages in its requirements.txt. What it makes there is imported here as if it were
trained here.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from adapters.errors import CannotTrain
from adapters.training.plan import Plan
from adapters.training.record import ORDER, PAIRS, Order, sha256_of, write_json
from adapters.training.session import ROOT, Wish, cannot_write

# What the training process is made of; nothing else of Tandem goes along.
CODE = (
    "adapters/__init__.py", "adapters/errors.py", "adapters/datasets/__init__.py", "adapters/datasets/pairs.py",
    "adapters/datasets/training_list.py", "adapters/training/__init__.py", "adapters/training/checkpoint.py",
    "adapters/training/elsewhere.py", "adapters/training/loop.py", "adapters/training/plan.py",
    "adapters/training/process.py", "adapters/training/record.py", "adapters/training/rows.py",
)  # fmt: skip
HASHES, RESULT_FOLDER, BASE_FOLDER = "hashes.json", "result", "base"
# A base of more bytes is not copied; it is named on the other machine.
LARGEST = 1 << 30
PACKAGES = ("torch", "transformers", "peft", "accelerate", "safetensors", "gguf")
README = """On a machine with a GPU (or without one):

    pip install -r requirements.txt
    python -m adapters.training.elsewhere{base}

It says its steps as JSON lines, may be stopped, and goes on when it is started again. Then copy the folder "result" back:

    python run.py import result --name NAME
"""


def export(wish: Wish, folder: Path) -> Order:
    """Writes the bundle into a new folder. Raises CannotTrain, BadTrainingList."""
    plan = wish.plan()
    try:
        if folder.exists() and any(folder.iterdir()):
            raise CannotTrain(f"{folder} is not empty; choose another folder for the bundle.")
        return _filled(wish, plan, folder)
    except OSError as error:
        raise cannot_write(folder, error) from error


def _filled(wish: Wish, plan: Plan, folder: Path) -> Order:
    result = folder / RESULT_FOLDER
    result.mkdir(parents=True)
    shutil.copyfile(wish.pairs, result / PAIRS)
    order = Order(wish.base, wish.prompt, plan, sha256_of(result / PAIRS), wish.cut_off)
    write_json(result / ORDER, order.as_record())
    for name in CODE:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    along = _copied(wish.base.path, folder / BASE_FOLDER)
    base = "" if along else f" --base WHERE_{wish.base.path.name}_LIES"
    (folder / "README.txt").write_text(README.replace("{base}", base), encoding="utf-8")
    (folder / "requirements.txt").write_text(_requirements(), encoding="utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    held = {path.relative_to(folder).as_posix(): sha256_of(path) for path in files}
    (folder / HASHES).write_text(json.dumps(held, indent=1), encoding="utf-8")
    return order


def _copied(base: Path, into: Path) -> bool:
    """Whether the base went along."""
    files = [base] if base.is_file() else sorted(path for path in base.iterdir() if path.is_file())
    if sum(path.stat().st_size for path in files) > LARGEST:
        return False
    into.mkdir()
    for path in files:
        shutil.copyfile(path, into / path.name)
    return True


def _requirements() -> str:
    lines = [
        line
        for name in ("requirements.txt", "requirements-train.txt")
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
    ]
    wanted = [line for line in lines if line.split(">")[0].split("=")[0].strip() in PACKAGES]
    return "\n".join(wanted) + "\n"
