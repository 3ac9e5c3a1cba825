"""A training under kills: python tests/bench/bench_training_kills.py [KILLS]

Trains a tiny base once as it should be. Then again and again, each time killed with SIGKILL at another place: while the
packages load, at each step (some of them a moment later, while the checkpoint is written), and after the last step. Each is
resumed and must end in the very same weights, with no step missing or double. Prints what became of each; the goal is that
all are the same, and the exit status is 1 where it is missed.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from adapters.training import session  # noqa: E402
from adapters.training.record import ADAPTER  # noqa: E402
from tests.support.training import chat_base, log_of, pairs_file, wish  # noqa: E402

STEPS = 9
LATER = 0.01  # seconds after a step's line, by how often that step was tried before


def weights(folder: Path) -> str:
    """The hash of an adapter's weights, "" where there is none."""
    path = folder / ADAPTER[1]
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def killed(out: Path, step: int, delay: float) -> None:
    """Start a training and kill it after a step's line, or, for step 0, after so many seconds."""
    command = [sys.executable, "-m", "adapters.training.process", str(out)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    if step:
        next((line for line in process.stdout if json.loads(line).get("step") == step), "")
    time.sleep(delay)
    process.kill()
    process.wait()


def main() -> int:
    """Print a line for each kill."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        order = wish(chat_base(folder / "base"), pairs_file(folder / "pairs.jsonl", validation=3))
        session.begin(order, folder / "whole")
        session.train(folder / "whole", lambda line: None)
        wanted, bad = weights(folder / "whole"), 0
        print(f"{'killed at':>10}  {'then':>8}  outcome")
        for n in range(kills):
            step, again = n % (STEPS + 1), n // (STEPS + 1)
            delay = 2.0 + again if step == 0 else LATER * again
            out = folder / f"killed-{n}"
            session.begin(order, out)
            killed(out, step, delay)
            ended = session.train(out, lambda line: None) is not None
            steps = [line["step"] for line in log_of(out) if "step" in line]
            same = ended and weights(out) == wanted and steps == list(range(1, STEPS + 1))
            bad += not same
            where = f"step {step}" if step else "loading"
            print(f"{where:>10}  {delay:>6.2f} s  {'the same weights' if same else 'OTHERWISE'}")
    print(f"{kills} kills, {bad} ended otherwise")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
