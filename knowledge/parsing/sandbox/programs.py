"""Find and run the programs that Tandem uses where they are installed: tesseract and LibreOffice.

They run inside the reading process's group, so that whatever ends it ends them too, with limits of their own, without a
terminal, and, where the system lets us, without a network. Knows no format.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

# Where installers put them that do not add to PATH
_ELSEWHERE = {
    "tesseract": (r"C:\Program Files\Tesseract-OCR\tesseract.exe",),
    "soffice": (
        "/Applications/LibreOffice.app/Contents/MacOS/soffice",
        r"C:\Program Files\LibreOffice\program\soffice.exe",
    ),
}
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # Linux's CLONE_NEWUSER and CLONE_NEWNET


class ProgramFailed(Exception):
    """A program ran too long (``late``) or ended with a fault. Never leaves the reading process."""

    def __init__(self, said: str, late: bool = False) -> None:
        super().__init__(said)
        self.late = late


@dataclass(frozen=True, slots=True)
class ProgramRun:
    """A command and what it may cost: seconds by the clock, and MB of memory (0: as much as its starter may have)."""

    command: Sequence[str]
    seconds: float
    memory_mb: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)
    apart: bool = False  # cut off from every network, where the system allows it


def program(*names: str) -> str:
    """The path of the first of these programs that is installed, or ""."""
    for name in names:
        if found := shutil.which(name):
            return found
        for place in _ELSEWHERE.get(name, ()):
            if Path(place).is_file():
                return place
    return ""


def output_of(run: ProgramRun, stdin: bytes = b"") -> bytes:
    """What a program writes to its output. Raises ProgramFailed; then nothing of it runs any more."""
    try:
        child = subprocess.Popen(
            run.command,
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"} | dict(run.environment),
            preexec_fn=_limiter(run) if os.name == "posix" else None,
        )
    except OSError as error:
        raise ProgramFailed(f"{run.command[0]}: {error}") from error
    try:
        out, _ = child.communicate(stdin or None, timeout=run.seconds)
    except subprocess.TimeoutExpired as error:
        _end(child)
        raise ProgramFailed(f"{run.command[0]} ran longer than {run.seconds:g} s", True) from error
    if child.returncode:
        late = child.returncode == -24  # SIGXCPU
        raise ProgramFailed(f"{run.command[0]} ended with {child.returncode}", late)
    return out


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a program and whatever it has started itself."""
    for process in (*_descendants(child.pid), child.pid):
        try:
            os.kill(process, 9)
        except OSError:
            continue
    child.kill()
    if child.stdout:
        child.stdout.close()
    child.wait()


def _descendants(process: int) -> list[int]:
    """The processes below one, the lowest first; none where there is no /proc."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(told[1]), []).append(int(stat.parent.name))
    found: list[int] = []
    waiting = [process]
    while waiting:
        below = parents.get(waiting.pop(), [])
        found += below
        waiting += below
    return found[::-1]


def _limiter(run: ProgramRun) -> Callable[[], None]:
    """What the new process does before it becomes the program."""
    import resource

    memory, seconds = run.memory_mb << 20, int(run.seconds) + 1

    def limit() -> None:
        bounds = [(resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)]
        if memory:
            bounds.append((resource.RLIMIT_AS, memory))
        for what, bound in bounds:
            hard = resource.getrlimit(what)[1]
            try:
                resource.setrlimit(
                    what, (bound if hard == resource.RLIM_INFINITY else min(bound, hard), hard)
                )
            except (ValueError, OSError):  # macOS refuses some of them
                continue
        if run.apart and sys.platform == "linux":
            _without_network()

    return limit


def _without_network() -> None:
    """Enter a network of one's own that leads nowhere; a container may forbid it, and then settings must do."""
    import ctypes

    user, group = os.getuid(), os.getgid()
    system = ctypes.CDLL(None)
    if system.unshare(_NEW_USER | _NEW_NETWORK):
        return
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        try:
            Path(f"/proc/self/{name}").write_text(text, encoding="ascii")
        except OSError:
            continue


def more_seconds(seconds: float) -> None:
    """Raise this process's own limit on computing time: work that its keeper was told of has begun."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if soft == resource.RLIM_INFINITY:
        return
    wanted = soft + int(seconds)
    bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (bound, hard))
    except (ValueError, OSError):  # macOS
        return
