"""The processes below another one on Linux: the one that readers are forked from, and the readers."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from knowledge.parsing.sandbox.fork_server import MODULE

PROC = Path("/proc")


def below(parent: int) -> set[int]:
    """The living processes whose parent is this one."""
    found = set()
    for stat in PROC.glob("[0-9]*/stat"):
        try:
            state, its_parent, *_ = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if state != "Z" and int(its_parent) == parent:
            found.add(int(stat.parent.name))
    return found


def server_of(parent: int) -> int:
    """The process to fork from that a process keeps; 0 where there is none."""
    for child in below(parent):
        try:
            if MODULE in (PROC / str(child) / "cmdline").read_text():
                return child
        except OSError:
            continue
    return 0


def readers_of(parent: int) -> set[int]:
    """The readers that a process follows."""
    server = server_of(parent)
    return below(server) if server else set()


def service_of(parent: int) -> set[int]:
    """A process and all that it follows: what a service manager sends a signal to."""
    found = {parent}
    while new := {child for process in found for child in below(process)} - found:
        found |= new
    return found


def send(process: int, sign: signal.Signals) -> None:
    """Send a signal to one process. Raises AssertionError for 0, the group of everything that runs the tests."""
    assert process > 0, "there is no such process"
    os.kill(process, sign)


def is_alive(process: int) -> bool:
    """Is there such a process, be it one that nobody has waited for?"""
    return (PROC / str(process)).exists()
