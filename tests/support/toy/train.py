"""The training process: ``python -m tests.support.toy.train FOLDER`` makes base and adapter in a folder.

Writes one JSON object per line to its standard output, as progress for whoever started it.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


class _Lines:
    """Reports progress as lines, at most five a second."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if done < total and now - self._last < 0.2:
            return
        self._last = now
        sys.stdout.write(json.dumps({"what": what, "done": done, "total": total}) + "\n")
        sys.stdout.flush()


def main(folder: Path) -> None:
    """Trains base, then adapter; a base that is there is not trained again."""
    import torch

    from tests.support.toy.base import make_base
    from tests.support.toy.lora import make_adapter

    torch.set_num_threads(1)  # each thread spins; and one thread gives the same bytes every time
    lines = _Lines()
    if not (folder / "base" / "model.safetensors").exists():
        make_base(folder / "base", lines)
    make_adapter(folder / "base", folder / "adapter", lines)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
