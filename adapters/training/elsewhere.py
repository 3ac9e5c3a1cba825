"""The one command of a bundle: ``python -m adapters.training.elsewhere [--base WHERE]``, in the bundle's folder.

Checks every file against the bundle's hashes, then trains as Tandem itself would, and goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

from adapters.training.process import main as train
from adapters.training.record import CHECKPOINT, ORDER, RESULT, read_order, sha256_of

HERE = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """Returns 0 when the result is there or training was stopped, 1 with one sentence on stderr."""
    made = argparse.ArgumentParser(prog="python -m adapters.training.elsewhere")
    made.add_argument("--base", type=Path, help="where the base lies, when it did not come along")
    named = made.parse_args(arguments).base
    folder = HERE / "result"
    if (folder / RESULT).exists():
        print("It is trained already; the result is in the folder result.", file=sys.stderr)
        return 0
    base = named or _along()
    fault = _fault() or ("Say where the base lies: --base WHERE." if base is None else "")
    if not fault and base is not None and hash_of(base) != read_order(folder).base.sha256:
        fault = f"{base} is not the base that this training was ordered for."
    if fault:
        print(fault, file=sys.stderr)
        return 1
    return train(folder, (folder / CHECKPOINT).exists(), base)


def _fault() -> str:
    """What of the bundle is missing or changed, as one sentence; "" when it is whole."""
    held: dict[str, str] = json.loads((HERE / "hashes.json").read_text(encoding="utf-8"))
    for name, wanted in held.items():
        path = HERE / name
        if not path.is_file() or sha256_of(path) != wanted:
            return f"{name} is missing or was changed; copy the bundle anew."
    return "" if f"result/{ORDER}" in held else "The bundle names no order."


def _along() -> Path | None:
    files = sorted((HERE / "base").iterdir()) if (HERE / "base").is_dir() else []
    ggufs = [path for path in files if path.suffix == ".gguf" or len(files) == 1]
    return ggufs[0] if ggufs else HERE / "base" if files else None


def hash_of(base: Path) -> str:
    """The hash that a base is known by: of the file, or of the weights' files in their order."""
    if base.is_file():
        return sha256_of(base)
    digest = hashlib.sha256()
    for path in sorted(base.glob("model*.safetensors")):
        digest.update(f"{path.name}:{sha256_of(path)}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
