"""Kills at named points of the pipeline: python tests/bench/bench_kill_points.py [--rounds 10] [--seed 1]

A process takes in two files, the next edition of a handbook and a manual of its own, and ends itself with SIGKILL just
before or just after one of ten steps. After each kill nothing may be visible in part; in the end every upload that was
acknowledged must have become a manual, no file may be blamed, and no bytes may be left over. Exits with 1 otherwise.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from knowledge.library import open_library  # noqa: E402
from tests.bench.bench_kills import Ledger, look, rows  # noqa: E402

STEPS = {
    "receive the bytes": "knowledge.storage.files:Files.received",
    "put them in their place": "knowledge.storage.files:Files._settle",
    "accept the upload": "knowledge.ingestion.jobs:Jobs.accept",
    "claim it": "knowledge.ingestion.jobs:Jobs.claim",
    "say how far it is": "knowledge.ingestion.jobs:Jobs.report_progress",
    "read the file": "knowledge.ingestion.worker:Ingest._read",
    "store the version": "knowledge.ingestion.publisher:Publisher._insert_version",
    "store its passages": "knowledge.ingestion.publisher:Publisher._insert_passages",
    "make it the searched one": "knowledge.ingestion.publisher:make_live",
    "close the job": "knowledge.ingestion.jobs:Jobs.close",
}


def editions(n: int) -> dict[str, bytes]:
    """The next edition of a handbook, and a manual of a machine of its own."""
    parts = (
        f"## Part {c}\n\nEdition {n if c < 3 else 0}, part {c}: turn the knob {c} times.\n\n"
        for c in range(60)
    )
    own = f"# Machine M-{n} user manual\n\n## Start\n\nPress the green button of machine M-{n} for {n} seconds.\n"
    return {
        "handbook-q100.md": ("# Handbook of the Q-100\n\n" + "".join(parts)).encode(),
        f"m-{n}.md": own.encode(),
    }


def die_at(step: str, after: bool, call: int) -> None:
    """Have this process kill itself before or after the n-th call of a step."""
    module, _, path = STEPS[step].partition(":")
    *owners, name = path.split(".")
    holder: Any = import_module(module)
    for owner in owners:
        holder = getattr(holder, owner)
    real: Callable[..., Any] = getattr(holder, name)
    calls = 0

    def dying(*given: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*given, **more)
        if calls == call and after:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(holder, name, dying)


def take_in(data: Path, n: int) -> None:
    """Take in both files; each job is told as soon as it is acknowledged."""
    library = open_library(data, max_waiting=10_000)  # those of earlier kills wait, too
    jobs = []
    for name, content in editions(n).items():
        jobs.append(library.accept(io.BytesIO(content), name, draft=False).id)
        print(jobs[-1], name, flush=True)
    for job in jobs:
        library.run(job)
    library.close()


def killed(data: Path, n: int, step: str, after: bool, call: int) -> tuple[bool, dict[int, str]]:
    """Return whether a process died at a step, and the uploads that it had acknowledged."""
    told = [str(data), str(n), step, str(int(after)), str(call)]
    ran = subprocess.run(
        [sys.executable, __file__, "--child", *told], capture_output=True, text=True
    )
    lines = [line.split(maxsplit=1) for line in ran.stdout.splitlines()]
    if ran.returncode not in (0, -signal.SIGKILL):
        raise SystemExit(ran.stderr)
    return ran.returncode != 0, {int(job): name for job, name in lines}


def main() -> int:
    """Run the bench."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--rounds", type=int, default=10)
    read.add_argument("--seed", type=int, default=1)
    chosen = read.parse_args()
    chance, ledger, kills, n = random.Random(chosen.seed), Ledger(), Counter[str](), 0
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        open_library(data).close()
        for step in STEPS:
            for after in (False, True):
                for _ in range(chosen.rounds):
                    n += 1
                    died, accepted = killed(data, n, step, after, chance.choice((1, 2)))
                    kills[f"{'after' if after else 'before'}: {step}"] += died
                    ledger.uploads |= accepted
                    look(data, ledger)
        library = open_library(data)
        library.start_worker()  # as a server that starts again
        for job in ledger.uploads:
            library.run(job)
        library.stop_worker()
        library.close()
        look(data, ledger)
        held = dict(rows(data / "knowledge.db", "SELECT id, state FROM jobs"))
        lost = [
            f"{job} {name}: {held.get(job)}"
            for job, name in ledger.uploads.items()
            if held.get(job) not in ("done", "unchanged")
        ]
        blamed = rows(
            data / "knowledge.db", "SELECT file_name, message FROM jobs WHERE attempts > 0"
        )
        left = len(list((data / "files").glob("upload-*")))
    print(
        f"{kills.total()} kills at {len(kills)} points, {len(ledger.uploads)} uploads acknowledged"
    )
    print("points at which none died:", [point for point, died in kills.items() if not died])
    print(
        f"lost: {len(lost)}; half-visible: {len(ledger.half)}; blamed: {len(blamed)}; left: {left}"
    )
    for line in [*lost, *ledger.half, *map(str, blamed)][:20]:
        print(" ", line)
    return int(bool(lost or ledger.half or blamed or left or 0 in kills.values()))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _, _, folder, n, step, after, call = sys.argv
        die_at(step, after == "1", int(call))
        take_in(Path(folder), int(n))
        sys.exit(0)
    sys.exit(main())
