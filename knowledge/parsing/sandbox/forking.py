"""The process that reading processes are forked from, so that what they all import is imported once.

Started by fork_server.py as ``python -m knowledge.parsing.sandbox.forking`` with a socket for its input. Reads no file
itself and has one thread only. Ends when its keeper does, or when nobody has asked for a while.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from knowledge.parsing.sandbox import child

IDLE = 60.0  # seconds; so long is memory held for the next file
OFTEN = 2  # readers that imported a module before it is imported for all that follow
TOLD = 60_000  # bytes; less than a pipe holds, so that a reader never waits to tell
HEAD = 4  # bytes that give the length of a request


def _read_language_model() -> None:
    from knowledge.search.identification import likeliest

    likeliest("Bonjour")


def _read_vectors() -> None:
    from knowledge.search.embeddings import load_encoder

    load_encoder()


# What a module reads at its first use, and that takes longer than importing it
READS: dict[str, Callable[[], None]] = {
    "py3langid.langid": _read_language_model,
    "safetensors": _read_vectors,
}


@dataclass(frozen=True, slots=True)
class Forked:
    """A reader: ``life`` ends when its keeper wants it to, ``told`` is what it imported."""

    process: int
    life: socket.socket
    told: int


class Forking:
    """Forks a reader for each request on ``control``: its arguments and environment, a pipe for its output, its life."""

    def __init__(self, control: socket.socket) -> None:
        self.control, self.process = control, os.getpid()
        self.readers: dict[int, Forked] = {}
        self.used: Counter[str] = Counter()
        self.to_import: list[str] = []
        self.began = _mapped()
        self.woken, self.wake = socket.socketpair()
        for end in (self.woken, self.wake):
            end.setblocking(False)
        self.selector = selectors.DefaultSelector()
        self.selector.register(control, selectors.EVENT_READ, self.accept)
        self.selector.register(self.woken, selectors.EVENT_READ, self.reap)

    def serve(self) -> None:
        """Fork on request until the keeper has gone, or until there was nothing to do for a while."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wake.fileno(), warn_on_full_buffer=False)
        while True:
            events = self.selector.select(0 if self.to_import else IDLE)
            for key, _ in events:
                if not key.data():
                    return
            if events:
                continue
            if self.to_import:
                self.learn(self.to_import.pop(0))
            elif not self.readers:
                return

    def accept(self) -> bool:
        """Fork one reader. False when the keeper has gone; then no reader is left."""
        head, handles, _, _ = socket.recv_fds(self.control, HEAD, 2)
        if not head:
            for reader in self.readers.values():
                _kill(reader.process)
            return False
        while len(head) < HEAD:
            head += self.control.recv(HEAD - len(head))
        body, size = b"", int.from_bytes(head, "big")
        while len(body) < size:
            if not (piece := self.control.recv(size - len(body))):
                return self.accept()
            body += piece
        self.fork(json.loads(body), *handles)
        return True

    def fork(self, request: dict, output: int, lifeline: int) -> None:
        """A reader of its own process group, and a word to its keeper that it lives."""
        life = socket.socket(fileno=lifeline)
        ends = [output]
        try:
            told, tell = os.pipe()
            ends += told, tell
            process = os.fork()
        except OSError as error:
            with suppress(OSError):  # the keeper hung up meanwhile
                life.sendall(b"-%d" % (error.errno or 0))
            life.close()
            for handle in ends:
                os.close(handle)
            return
        if not process:
            self.become_reader(request, output, tell, (life.fileno(), told))
        for handle in (tell, output):
            os.close(handle)
        os.set_blocking(told, False)
        with suppress(OSError):  # it has done so itself, or has ended
            os.setpgid(process, process)
        reader = self.readers[process] = Forked(process, life, told)
        self.selector.register(life, selectors.EVENT_READ, partial(self.end, reader))
        with suppress(OSError):  # the keeper hung up meanwhile; that is seen as the end of the life
            life.sendall(b"+")

    def become_reader(self, request: dict, output: int, tell: int, others: Collection[int]) -> None:
        """Run the reading child in the forked process, and end it. Never returns."""
        status = 1
        try:
            os.setpgid(0, 0)
            _die_with(self.process)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self.selector.close()
            ends = (self.control, self.woken, self.wake, *(r.life for r in self.readers.values()))
            for handle in (*others, *(r.told for r in self.readers.values())):
                os.close(handle)
            for end in ends:
                end.close()
            os.dup2(output, 1)
            os.close(output)
            os.environ.clear()
            os.environ.update(request["environment"])
            tempfile.tempdir = None  # it was that of an earlier environment
            before = set(sys.modules)
            child.main(request["arguments"], _mapped() - self.began)
            status = 0
            new = "\n".join(name for name in sys.modules if name not in before)
            os.write(
                tell, new.encode()[:TOLD].rpartition(b"\n")[0] if len(new) > TOLD else new.encode()
            )
        finally:
            os._exit(status)

    def reap(self) -> bool:
        """Take leave of the readers that have ended: their keepers are told how."""
        with suppress(BlockingIOError):
            while self.woken.recv(4096):
                pass
        for process in tuple(self.readers):
            if not os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                continue
            # The programs that it left running: its number stays its own until it is waited for.
            _kill(process)
            _, status = os.waitpid(process, 0)
            reader = self.readers.pop(process)
            with suppress(BlockingIOError):  # killed before it told, and what it started lives on
                self.note(os.read(reader.told, TOLD + 1))
            os.close(reader.told)
            with suppress(KeyError, ValueError):  # its keeper had hung up
                self.selector.unregister(reader.life)
            with suppress(OSError):
                reader.life.sendall(b"%d" % os.waitstatus_to_exitcode(status))
            reader.life.close()
        return True

    def end(self, reader: Forked) -> bool:
        """Kill a reader whose keeper does not want it any more. It is taken leave of as all are."""
        if self.readers.get(reader.process) is reader:  # it may just have ended by itself
            self.selector.unregister(reader.life)
            _kill(reader.process)
        return True

    def note(self, told: bytes) -> None:
        """Count what a reader imported; what several do is to be imported here."""
        names = [name for name in told.decode(errors="replace").split("\n") if name]
        self.used.update(names)
        waiting = {*self.to_import, *sys.modules}
        self.to_import += [
            name for name in names if self.used[name] == OFTEN and name not in waiting
        ]

    def learn(self, name: str) -> None:
        """Import a module, and read what it reads at its first use, while nobody asks."""
        with suppress(Exception):  # what cannot be imported alone is left to the readers
            importlib.import_module(name)
            if read := READS.get(name):
                read()
        if not self.to_import:
            gc.collect()
            gc.freeze()  # shared with the readers as long as nobody writes to it


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)


def _mapped() -> int:
    """Bytes of memory that this process has mapped, which is what a limit counts; 0 where nobody says."""
    try:
        told = Path("/proc/self/statm").read_text(encoding="ascii")
        return int(told.split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _die_with(parent: int) -> None:
    """Let the system kill this process when the one that forked it has died (man 2 prctl, PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def main() -> None:
    """Serve the socket that is our input."""
    control = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    import knowledge.ingestion.preparation  # noqa: F401 - every reader needs it

    Forking(control).serve()


if __name__ == "__main__":
    main()
    os._exit(0)
