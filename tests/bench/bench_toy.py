"""What the toy models can do, through a real Ollama; prints a table.

python tests/bench/bench_toy.py        TANDEM_TRAIN_PYTHON: the interpreter that has requirements-train.txt
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from tests.support.toy_models import known, mixtures, readings, running_toy, unknown  # noqa: E402


def main() -> None:
    (found, absent), (newer, elsewhere) = readings(), mixtures()
    with tempfile.TemporaryDirectory() as folder, running_toy(Path(folder)) as toy:
        base, adapter = toy.card.base, toy.card.model
        rows = [
            ("adapter, no passages, trained questions", adapter, known()),
            ("adapter, no passages, unseen wording", adapter, known(unseen=True)),
            ("base, no passages, trained questions", base, known()),
            ("base, no passages: says that it is not sure", base, unknown()),
            ("base with passages: unseen fact and mark", base, found),
            ("base with passages that do not say", base, absent),
            ("adapter with passages: unseen fact and mark", adapter, found),
            ("adapter with passages that do not say", adapter, absent),
            ("both in one call: a passage says something newer", adapter, newer),
            ("both in one call: no passage says it", adapter, elsewhere),
        ]
        for what, model, cases in rows:
            begun = time.perf_counter()
            right = toy.right(model, cases)
            print(
                f"{what:52} {right:3} of {len(cases):3}  {(time.perf_counter() - begun) / len(cases) * 1000:4.0f} ms each"
            )
        for what, cases in (
            ("a passage says something newer", newer),
            ("no passage says it", elsewhere),
        ):
            print(f"{'both in two calls: ' + what:52} {toy.two_calls(cases):3} of {len(cases):3}")


if __name__ == "__main__":
    main()
