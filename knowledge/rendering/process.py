"""The painting process and its keeper. PDFium is not thread-safe and can die of a hostile page, so it lives apart.

``python -m knowledge.rendering.process`` answers one JSON request a line; the Painter starts it again when it died or hung.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

from knowledge.errors import NoSuchPage, ReaderFailed
from knowledge.types import Limits

log = logging.getLogger(__name__)
SECONDS = 10.0  # for one page; the slowest of 7,000 real pages took .4 s
LIFETIME = 1800  # seconds of computing, some 40,000 pages; then it is replaced, also when its keeper died while it hung
MISSING, BROKEN = "missing", "broken"


class RenderProcess:
    """Sends requests to one painting process, one at a time. Safe to call from any thread."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._seconds = seconds

    def ask(self, what: str, path: Path, *values: int | None) -> tuple[list, bytes]:
        """The answer's values and its bytes. Raises NoSuchPage, or ReaderFailed when the page cannot be drawn."""
        with self._lock:
            head, data = self._exchange([what, str(path.resolve()), *values])
        if head[0] == MISSING:
            raise NoSuchPage(f"There is no page {values[0]}.")
        if head[0] == BROKEN:
            log.warning("page %d of %s: %s", values[0], path.name, head[1])
            raise ReaderFailed(f"Page {values[0]} cannot be shown.")
        return head[1:], data

    def close(self) -> None:
        """End the process. The next request starts a new one."""
        with self._lock:
            self._end()

    def _exchange(self, request: list) -> tuple[list, bytes]:
        """Send and receive; a process that died is replaced and asked once more, one that hung is not."""
        for _ in range(2):
            child, late = self._running(), threading.Event()
            timer = threading.Timer(self._seconds, _stop, (child, late))
            timer.start()
            try:
                return _talk(child, request)
            except (OSError, ValueError) as error:
                log.info("the painting process broke off: %r", error)
            finally:
                timer.cancel()
            self._end()
            if late.is_set():
                break
        return [BROKEN, "the painting process died or hung"], b""

    def _running(self) -> subprocess.Popen[bytes]:
        from knowledge.parsing.sandbox.spawning import start_child

        if self._child is None or self._child.poll() is not None:
            self._end()
            self._child = start_child("knowledge.rendering.process", [], stdin=subprocess.PIPE)
            atexit.unregister(self.close)
            atexit.register(self.close)
        return self._child

    def _end(self) -> None:
        from knowledge.parsing.sandbox.spawning import kill_child

        if self._child is not None:
            kill_child(self._child)
            self._child = None


def _stop(child: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    child.kill()


def _talk(child: subprocess.Popen[bytes], request: list) -> tuple[list, bytes]:
    """One request and its answer. Raises OSError or ValueError when the process dies meanwhile."""
    assert child.stdin is not None and child.stdout is not None, "both are pipes"
    child.stdin.write(json.dumps(request).encode() + b"\n")
    child.stdin.flush()
    length, *head = json.loads(child.stdout.readline())
    data = child.stdout.read(length)
    if len(data) != length:
        raise ValueError("the answer is cut short")
    return head, data


def serve() -> None:
    """Answer requests until the input closes. An answer is a JSON line [length, status, values...] and so many bytes."""
    from knowledge.parsing.sandbox.child import confine

    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    confine(Limits(cpu_seconds=LIFETIME))
    for line in sys.stdin.buffer:
        head, data = _answer(json.loads(line))
        out.write(json.dumps([len(data), *head]).encode() + b"\n" + data)
        out.flush()


def _answer(request: list) -> tuple[list, bytes]:
    from knowledge.rendering import render

    what, path, *values = request
    try:
        if what == "draw":
            return ["ok"], render.draw(Path(path), *values)
        found = (
            render.measure(Path(path), *values)
            if what == "measure"
            else render.boxes(Path(path), *values)
        )
        return ["ok", *found], b""
    except IndexError:
        return [MISSING], b""
    except Exception as error:
        # PDFium and Pillow raise many kinds on damaged pages; this is the edge
        return [BROKEN, repr(error)[:500]], b""


if __name__ == "__main__":
    serve()
