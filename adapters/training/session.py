"""Orders a training, watches its process, stops it, goes on with it. Needs no package of the training itself."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.datasets.pairs import read_pairs
from adapters.errors import CannotTrain, MissingPackage, TrainingFailed
from adapters.training.plan import Plan, check_room, propose, room_for
from adapters.training.process import alone_in
from adapters.training.record import (
    CHECKPOINT,
    ERRORS,
    LOCK,
    ORDER,
    PAIRS,
    RESULT,
    STOP,
    BaseModel,
    Order,
    Prompt,
    TrainingResult,
    read_order,
    read_result,
    sha256_of,
    write_json,
)

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("torch", "transformers", "peft", "accelerate", "safetensors")
# Seconds that a process which is asked to stop has for its step and its checkpoint.
POLITE = 120

# Told every line of the log: {"phase"}, or {"step", "of", "loss", "rate", "remaining"} and sometimes "validation".
Progress = Callable[[Mapping[str, object]], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants trained: pairs (JSON lines), a base, the prompt it will meet, settings that are chosen."""

    pairs: Path
    base: BaseModel
    prompt: Prompt
    chosen: Mapping[str, object]
    cut_off: str = ""

    def plan(self) -> Plan:
        """The settings that it comes to. Raises CannotTrain, BadTrainingList."""
        return propose(self.base.parameters, self.count(), self.chosen)

    def count(self) -> int:
        """How many pairs are trained on. Raises CannotTrain, BadTrainingList."""
        held = read_pairs(self.pairs)
        learnt = sum(pair.split in ("", "train") for pair in held)
        if not learnt:
            raise CannotTrain(f"{self.pairs.name} holds no pair to train on.")
        return learnt


def begin(wish: Wish, folder: Path) -> Order:
    """Writes the order into a folder, once everything that can be known before is known. Raises CannotTrain and others."""
    if (folder / RESULT).exists():
        raise CannotTrain(
            f"{folder} holds a trained adapter already; choose another folder (--out)."
        )
    if under_way(folder):
        raise CannotTrain(f"{folder} is being trained in by another process.")
    if (folder / CHECKPOINT).exists():
        raise CannotTrain(
            f"{folder} holds a training that was stopped; go on with --resume, or choose another folder (--out)."
        )
    plan = wish.plan()
    base = wish.base
    check_room(room_for(plan, base.parameters, base.layers, base.width, base.inner), folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(wish.pairs, folder / PAIRS)
    except OSError as error:
        raise cannot_write(folder, error) from error
    order = Order(base, wish.prompt, plan, sha256_of(folder / PAIRS), wish.cut_off)
    write_json(folder / ORDER, order.as_record())
    return order


def cannot_write(folder: Path, error: OSError) -> CannotTrain:
    """The error for a folder that cannot be made or written to."""
    why = (
        "it is a file"
        if isinstance(error, FileExistsError | NotADirectoryError)
        else error.strerror
    )
    return CannotTrain(f"{folder} cannot be written: {why or error}.")


def under_way(folder: Path) -> bool:
    """Whether a process trains in a folder at this moment."""
    if not (folder / LOCK).exists():
        return False
    lock = alone_in(folder)
    if lock is not None:
        lock.close()
    return lock is None


def train(
    folder: Path, progress: Progress, *, python: str = sys.executable
) -> TrainingResult | None:
    """Carries out the order in a folder, from its checkpoint where there is one; None when it was asked to stop.

    The process goes on when ``progress`` is slow, and is asked to stop when it raises; the checkpoint is kept.
    Raises MissingPackage, CannotTrain, TrainingFailed.
    """
    if (folder / RESULT).exists():
        return read_result(folder)
    order = read_order(folder)
    base = order.base
    if not base.path.exists():
        raise CannotTrain(f"The base {base.name} is no longer where it was ({base.path}).")
    check_packages(python)
    check_room(room_for(order.plan, base.parameters, base.layers, base.width, base.inner), folder)
    (folder / STOP).unlink(missing_ok=True)
    resume = ["--resume"] if (folder / CHECKPOINT).exists() else []
    last = _run([python, "-m", "adapters.training.process", str(folder), *resume], folder, progress)
    if "failed" in last:
        raise CannotTrain(str(last["failed"]))
    return None if "stopped" in last else read_result(folder)


def ask_to_stop(folder: Path) -> None:
    """Lets the process that trains in a folder end after its step, with a checkpoint. Raises CannotTrain without one."""
    if (folder / RESULT).exists():
        raise CannotTrain(f"The training in {folder} is done; there is nothing to stop.")
    if os.name == "posix" and not under_way(folder):
        raise CannotTrain(
            f"Nothing is being trained in {folder} at the moment; --resume goes on with what was stopped there."
        )
    (folder / STOP).touch()


def check_packages(python: str, needed: Sequence[str] = NEEDED) -> None:
    """Raises MissingPackage, which names them, when the interpreter lacks what training needs; TrainingFailed without one."""
    if python == sys.executable:
        missing = [name for name in needed if importlib.util.find_spec(name) is None]
    else:
        code = f"import importlib.util as u; print(*[n for n in {tuple(needed)} if u.find_spec(n) is None])"
        try:
            missing = subprocess.run(
                [python, "-c", code], capture_output=True, text=True, check=True
            ).stdout.split()
        except (OSError, subprocess.CalledProcessError) as error:
            raise TrainingFailed(f"The interpreter {python} does not run.") from error
    if missing:
        raise MissingPackage(f"Training needs {', '.join(missing)}.")


def _run(command: list[str], folder: Path, progress: Progress) -> Mapping[str, object]:
    """The last line of the process. Raises TrainingFailed when it died."""
    environ = os.environ | {
        "HF_HUB_OFFLINE": "1",  # nothing that runs here may ask a hub for a model
        "TOKENIZERS_PARALLELISM": "false",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }
    errors = folder / ERRORS
    errors.write_bytes(b"")
    with errors.open("ab") as log:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8", env=environ, cwd=ROOT
        )  # fmt: skip
    last: Mapping[str, object] = {}
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("{"):
                last = json.loads(line)
                progress(last)
        code = process.wait()
    except BaseException:
        process.terminate()
        try:
            process.wait(POLITE)
        except subprocess.TimeoutExpired:
            process.kill()
        raise
    if code and "failed" not in last:
        raise TrainingFailed(
            f"The training process ended with an error: {_last_line(errors, code)}"
        )
    return last


def _last_line(log: Path, code: int) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return (
        lines[-1][:300]
        if lines
        else f"it was killed (code {code}); --resume goes on from its checkpoint"
    )
