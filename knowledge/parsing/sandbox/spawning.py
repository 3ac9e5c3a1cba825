"""Start a Python process that runs one of our modules, and end it with all that it has started itself."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def environment(places: Mapping[str, str]) -> dict[str, str]:
    """The environment of such a process; ``places`` are variables that name folders of its own."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return os.environ | {
        "PYTHONPATH": path,
        "PYTHONIOENCODING": "utf-8",
        "OPENBLAS_NUM_THREADS": "1",
        **places,
    }


def start_child(
    module: str,
    arguments: list[str],
    stdin: int = subprocess.DEVNULL,
    places: Mapping[str, str] | None = None,
    niceness: int | None = None,
) -> subprocess.Popen[bytes]:
    """A Python process of its own group that runs one of our modules. Its error output is dropped.

    ``places`` are environment variables that name folders of its own; ``niceness`` is ours where it is not given.
    """
    command = [
        sys.executable,
        "-P",
        "-m",
        module,
        *arguments,
    ]  # -P: never import from the working folder
    child = subprocess.Popen(
        command,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(places or {}),
        # Not a session of its own: Linux shares the processors among sessions first (autogroup, man 7 sched), and
        # between two of them no niceness counts.
        process_group=0 if os.name == "posix" else None,
    )
    if niceness is not None and hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):  # it has ended, or the system lets nobody
            os.setpriority(os.PRIO_PROCESS, child.pid, niceness)
    return child


def kill_child(child: subprocess.Popen[bytes]) -> None:
    """End the child's whole group at once and reap it. Harmless on a child that has ended."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):  # it ended in between
            if os.name == "posix":
                os.killpg(child.pid, signal.SIGKILL)
            else:
                child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe:
            with contextlib.suppress(
                OSError
            ):  # what was still to be written to a dead child is lost anyway
                pipe.close()
