"""The training process: ``python -m adapters.training.process FOLDER [--resume]`` carries out the order in a folder.

Writes JSON lines to the folder's log and to its standard output: a phase, or a step with its loss; the last line says
how it ended ("done", "stopped", or "failed" with the reason).
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from adapters.datasets.pairs import read_pairs, watching
from adapters.errors import AdapterError, CannotTrain
from adapters.training.record import (
    ADAPTER,
    ANSWERS,
    CHECKPOINT,
    ERRORS,
    LOCK,
    LOG,
    PAIRS,
    STOP,
    TrainingResult,
    read_order,
    sha256_of,
    trained_passages,
    write_json,
    write_result,
)


class _Lines:
    """The log: every line to the file and to standard output. ``alone``: whoever read the latter is gone."""

    alone = False

    def __init__(self, path: Path, upto: int) -> None:
        kept = []
        if path.exists():
            # what was done after the checkpoint is done again
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
                try:
                    step = json.loads(line).get("step")
                except (ValueError, AttributeError):
                    continue  # the half line of a process that was killed
                if step is not None and step <= upto:
                    kept.append(line)
        path.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
        self._file = path.open("a", encoding="utf-8")

    def __call__(self, line: Mapping[str, object]) -> None:
        text = json.dumps(line)
        self._file.write(f"{text}\n")
        self._file.flush()
        try:
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()
        except OSError:
            self.alone = True
            sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for the rest of the process


def main(folder: Path, resume: bool, base: Path | None = None) -> int:
    """Trains, and says at the end how it went: 0 done or stopped, 1 failed. ``base``: where it lies on this machine."""
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append(1))
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # of a terminal; who started this process asks it to stop
    lock = alone_in(folder)
    if lock is None:
        sys.stdout.write(
            json.dumps({"failed": f"{folder} is being trained in by another process."}) + "\n"
        )
        return 1
    lines = _Lines(folder / LOG, _kept_step(folder) if resume else 0)
    try:
        done = _train(
            folder,
            resume,
            base,
            lines,
            lambda: bool(asked) or lines.alone or (folder / STOP).exists(),
        )
    except AdapterError as error:
        lines({"failed": str(error)})
        return 1
    lines({"done": True} if done else {"stopped": True})
    return 0


def alone_in(folder: Path) -> TextIO | None:
    """A lock on the folder, which the system lets go when this process ends however it ends; None when another has it."""
    file = (folder / LOCK).open("w", encoding="utf-8")
    try:
        import fcntl
    except ImportError:  # no such locks on this system
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return None
    return file


def _kept_step(folder: Path) -> int:
    from adapters.training.checkpoint import read

    return read(folder / CHECKPOINT).position.step


def _train(
    folder: Path, resume: bool, here: Path | None, lines: _Lines, asked_to_stop: Callable[[], bool]
) -> bool:
    import peft
    import torch
    import transformers

    from adapters.training import loop
    from adapters.training.rows import PairEncoder

    torch.set_num_threads(1)  # each thread spins; and one thread gives the same bytes every time
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    order = read_order(folder)
    pairs = read_pairs(folder / PAIRS)
    if sha256_of(folder / PAIRS) != order.pairs_sha256:
        raise CannotTrain("The pairs of this training were changed after it began.")
    lines({"phase": "reading the base"})
    base, tokenizer = loop.load(replace(order.base, path=here or order.base.path))
    encoder = PairEncoder(tokenizer, order.prompt)
    learnt = [pair for pair in pairs if pair.split in ("", "train")]
    model = loop.adapted(base, order.plan, order.base.name)
    course = loop.Course(
        model, order.plan, encoder.encoded(learnt, order.plan.length), encoder.encoded(watching(pairs), order.plan.length),
        folder, lines, asked_to_stop,
    )  # fmt: skip
    at, done = course.run(resume)
    if not done:
        return False
    spent = at.cpu_seconds - time.process_time()  # of processes that came before this one
    model.save_pretrained(folder, save_embedding_layers=False)
    _own_words(folder / ADAPTER[0], order.base.name)
    lines({"phase": "answering some questions"})
    questions = loop.held_out(pairs, ANSWERS)
    said = loop.answers(model, encoder, questions)
    write_result(folder, TrainingResult(
        order, sha256_of(folder / ADAPTER[1]), dict(Counter(pair.kind for pair in learnt)), trained_passages(learnt),
        tuple(dict.fromkeys(pair.question for pair in learnt if pair.kind == "fact")), at.step,
        tuple(at.losses), tuple(at.validation), tuple(zip(questions, said, strict=True)),
        at.step < order.plan.steps(len(learnt)), round(spent + time.process_time(), 1),
        {"torch": torch.__version__, "transformers": transformers.__version__, "peft": peft.__version__},
    ))  # fmt: skip
    (folder / CHECKPOINT).unlink(missing_ok=True)
    return True


def _own_words(path: Path, base: str) -> None:
    """The base by its name alone: where it lay on the machine that trained is nobody's business."""
    held = json.loads(path.read_text(encoding="utf-8"))
    held["base_model_name_or_path"] = base
    held["target_modules"] = sorted(held["target_modules"])  # PEFT writes a set, in any order
    write_json(path, held)


if __name__ == "__main__":
    place = Path(sys.argv[1])
    sys.stderr = (place / ERRORS).open("a", encoding="utf-8")  # noqa: SIM115 - for the whole process
    sys.exit(main(place, "--resume" in sys.argv[2:]))
