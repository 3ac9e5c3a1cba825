"""Keeps the process that reading processes are forked from, and gives out readers that are started in milliseconds.

A Python that starts and imports what a reader needs takes half a second, as long as a small file takes forty times over.
Linux only: elsewhere forking is unsafe or not known. Knows no file format.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import IO

from knowledge.parsing.sandbox.spawning import kill_child, start_child

PATIENCE = 120.0  # seconds for the word that a reader lives, on a machine that has much to do
MODULE = "knowledge.parsing.sandbox.forking"


class _Refused(OSError):
    """The system lets no further process or file be; the server and its other readers go on."""


class ForkedReader:
    """A reader; as much of ``subprocess.Popen`` as its keeper needs."""

    stdin = None

    def __init__(self, life: socket.socket, output: int, server: subprocess.Popen[bytes]) -> None:
        self.stdout: IO[bytes] = os.fdopen(output, "rb")
        self.returncode: int | None = None
        self._life, self._server = life, server

    def wait(self, timeout: float | None = None) -> int:
        """How it ended, as of Popen. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            self._life.settimeout(timeout)
            said = b""
            try:
                while piece := self._life.recv(16):
                    said += piece
            except TimeoutError as error:
                raise subprocess.TimeoutExpired(MODULE, timeout or 0) from error
            except OSError:  # the server was killed
                said = b""
            self.returncode = int(said) if said else self._server.wait(PATIENCE)
        return self.returncode

    def kill_group(self) -> None:
        """End it and the programs that it has started, at once. Harmless when it has ended."""
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            if self.returncode is None:
                self._life.shutdown(socket.SHUT_WR)
                self.wait(PATIENCE)
        self._life.close()
        with contextlib.suppress(OSError):
            self.stdout.close()


class ForkServer:
    """One process to fork from. It is started when it is first needed, and again after it has ended. Safe in any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def start(
        self, arguments: list[str], environment: Mapping[str, str], niceness: int
    ) -> ForkedReader:
        """A reader with these arguments and this environment. Raises OSError when none can be had."""
        with self._lock:
            for attempt in (1, 2):  # it may have ended, being idle, just before it was asked
                try:
                    return self._asked(arguments, environment, niceness)
                except _Refused:
                    raise
                except OSError:
                    self._end()
                    if attempt == 2:
                        raise
        raise AssertionError("not reached")

    def close(self) -> None:
        """End the process and its readers. The next start begins anew."""
        with self._lock:
            self._end()

    def _asked(
        self, arguments: list[str], environment: Mapping[str, str], niceness: int
    ) -> ForkedReader:
        server, control = self._running(niceness)
        ours, theirs, output, write = _ends()
        try:
            request = {"arguments": arguments, "environment": dict(environment)}
            body = json.dumps(request).encode()
            control.settimeout(PATIENCE)
            socket.send_fds(control, [len(body).to_bytes(4, "big")], [write, theirs.fileno()])
            control.sendall(body)
            theirs.close()
            ours.settimeout(PATIENCE)
            if not (said := ours.recv(1)):
                raise OSError(0, "the process to fork from has ended")
            if said != b"+":
                raise _Refused(int(ours.recv(8) or 0), "no reader could be forked")
        except BaseException:
            ours.close()
            os.close(output)
            raise
        finally:
            theirs.close()
            os.close(write)
        return ForkedReader(ours, output, server)

    def _running(self, niceness: int) -> tuple[subprocess.Popen[bytes], socket.socket]:
        if self._server is None or self._control is None or self._server.poll() is not None:
            self._end()
            ours, theirs = socket.socketpair()
            with theirs:
                self._server = start_child(MODULE, [], theirs.fileno(), niceness=niceness)
            self._control = ours
            atexit.unregister(self.close)
            atexit.register(self.close)
        return self._server, self._control

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._server is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._server.wait(5)  # it ends its readers first
            kill_child(self._server)
        self._server = self._control = None


def _ends() -> tuple[socket.socket, socket.socket, int, int]:
    """The two ends of a reader's life, and those of the pipe for its output. Raises _Refused."""
    life: tuple[socket.socket, ...] = ()
    try:
        ours, theirs = life = socket.socketpair()
        return ours, theirs, *os.pipe()
    except OSError as error:
        for end in life:
            end.close()
        raise _Refused(error.errno or 0, str(error)) from error


def forks() -> bool:
    """Can readers be forked here?"""
    return sys.platform == "linux"


SERVER = ForkServer()
