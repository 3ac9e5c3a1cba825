"""Runs the command line as scripts do: a process of its own, without the settings of whoever runs the tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.manuals import ROOT


def run(
    *arguments: object, data: Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("TANDEM_")}
    return subprocess.run(
        [sys.executable, ROOT / "run.py", "--data", data, *map(str, arguments)],
        capture_output=True, text=True, env={**clean, "TANDEM_OLLAMA_URL": "none", **(env or {})}, timeout=280, check=False,
    )  # fmt: skip


def out(*arguments: object, data: Path) -> Any:
    done = run(*arguments, "--json", data=data)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
