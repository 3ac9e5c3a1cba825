"""Run a reader under limits and turn what it says, or how it dies, into a Document or one clear error.

Knows no file format.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import logging
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge import errors
from knowledge.parsing.sandbox.fork_server import SERVER, ForkedReader, forks
from knowledge.parsing.sandbox.protocol import Received, receive
from knowledge.parsing.sandbox.spawning import environment, kill_child, start_child
from knowledge.parsing.titles import shown_name
from knowledge.types import Document, Limits

if TYPE_CHECKING:
    from knowledge.ingestion.preparation import PreparedDocument

log = logging.getLogger(__name__)
CHILD = "knowledge.parsing.sandbox.child"
PLACES = ("TMPDIR", "TEMP", "TMP")  # where programs put what they write for a while
GIVES_WAY = 5  # added to the niceness of a reader, so that those who ask come first
LOOK = 0.1  # seconds between looks at the clock and at the user's wish to stop
KNOWN = {
    c.__name__: c
    for c in (
        errors.UnreadableFile,
        errors.EncryptedFile,
        errors.NoText,
        errors.PictureOnly,
        errors.ScriptedPage,
        errors.UnknownFormat,
        errors.ManualsInside,
        errors.TooLarge,
        errors.TooManyPassages,
        errors.ProgramMissing,
        errors.ReaderFailed,
    )
}
OUTSIDE = (-signal.SIGTERM, -signal.SIGINT, -getattr(signal, "SIGHUP", 1))
ENDS = 30.0  # seconds from the end of a reader's output to our hearing of its own, which comes late while the process that
# it was forked from imports something
Progress = Callable[[int, int], None]
Reader = subprocess.Popen[bytes] | ForkedReader


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who follows a reading: ``progress`` and ``slow`` are called as it goes, ``cancelled`` is asked whether to stop."""

    progress: Progress = lambda page, of: None
    cancelled: Callable[[], bool] = lambda: False
    slow: Progress = lambda step, of: None


def read_in_child(path: Path, file_name: str, limits: Limits, watcher: Watcher) -> Document:
    """See ``knowledge.parsing.read_file``."""
    document = _run(path, file_name, limits, watcher, []).document
    assert document is not None, "_run raises where there is none"
    return document


def prepare_in_child(
    path: Path, file_name: str, limits: Limits, watcher: Watcher
) -> PreparedDocument:
    """See ``knowledge.parsing.prepare_file``."""
    received = _run(path, file_name, limits, watcher, ["prepare"])
    if received.prepared is None:
        raise errors.ReaderFailed(
            f"Reading {shown_name(file_name)} broke off while it was indexed."
        )
    return received.prepared


def _run(path: Path, file_name: str, limits: Limits, watcher: Watcher, more: list[str]) -> Received:
    name = shown_name(file_name)
    arguments = [
        str(path.resolve()),
        json.dumps(file_name),
        json.dumps(dataclasses.asdict(limits)),
        *more,
    ]
    with _own_folder() as own:
        reader = _started(arguments, dict.fromkeys(PLACES, own) if own else {})
        try:
            received = _collect(reader, name, limits, watcher)
            whole = received.prepared if more else received.document
            code = _code(reader, name, whole)
        finally:
            reader.kill_group() if isinstance(reader, ForkedReader) else kill_child(reader)
    _refuse(received, code, name, limits, whole)
    return received


def _code(reader: Reader, name: str, whole: object) -> int:
    """How a reader ended that has closed its output; 0 where that is not heard in time and it has said all."""
    try:
        return reader.wait(timeout=ENDS)
    except subprocess.TimeoutExpired as error:
        if whole is not None:
            return 0
        raise errors.ReaderFailed(
            f"{name} could not be read: the reading process did not end."
        ) from error


def _started(arguments: list[str], places: Mapping[str, str]) -> Reader:
    """A reader that gives way to those who ask from its first import on."""
    niceness = os.nice(0) + GIVES_WAY if hasattr(os, "nice") else 0
    if forks():
        try:
            return SERVER.start(arguments, environment(places), niceness)
        except OSError as error:
            log.info("no reader could be forked, so one is started: %r", error)
    return start_child(CHILD, arguments, places=places, niceness=niceness)


@contextlib.contextmanager
def _own_folder() -> Iterator[str]:
    """A folder for what the child and its programs write for a while; it goes with them, however they end.

    "" where there is no room for one: most files are read without.
    """
    try:
        made = tempfile.mkdtemp(prefix="tandem-read-")
    except OSError as error:
        log.warning("no folder for what is written while a file is read: %s", error)
        made = ""
    try:
        yield made
    finally:
        if made:
            shutil.rmtree(made, ignore_errors=True)


def _collect(child: Reader, name: str, limits: Limits, watcher: Watcher) -> Received:
    """Read the child's lines until it closes its output. Raises ReaderFailed on time or size, Cancelled on request.

    Each further step of slow work that the child begins gives it time for that step and for what comes after it.
    """
    lines: queue.Queue[bytes] = queue.Queue(maxsize=64)
    stop = threading.Event()
    threading.Thread(
        target=_pump, args=(child, lines, limits.output_mb << 20, stop), daemon=True
    ).start()
    received, size, deadline = Received(), 0, time.monotonic() + limits.wall_seconds
    try:
        while True:
            if watcher.cancelled():
                raise errors.Cancelled(f"Reading {name} was stopped.")
            if time.monotonic() > deadline:
                raise errors.ReaderFailed(
                    f"{name} took longer than {limits.wall_seconds:g} seconds to read."
                )
            try:
                line = lines.get(timeout=LOOK)
            except queue.Empty:
                continue
            if not line:
                return received
            size += len(line)
            if size > limits.output_mb << 20:
                raise errors.ReaderFailed(f"{name} holds more than {limits.output_mb} MB of text.")
            before, parsed = received.progress, received.document is not None
            step = received.slow[0]
            receive(line, received)
            if received.slow[0] > step:
                allowed = limits.wall_seconds + limits.program_seconds
                deadline = max(deadline, time.monotonic() + allowed)
                watcher.slow(*received.slow)
            elif received.progress != before:
                watcher.progress(*received.progress)
            elif received.document is not None and not parsed:
                watcher.progress(len(received.pages), len(received.pages))
    except ValueError as error:
        raise errors.ReaderFailed(
            f"{name} could not be read: the reading process broke off."
        ) from error
    finally:
        stop.set()


def _pump(child: Reader, lines: queue.Queue[bytes], longest: int, stop: threading.Event) -> None:
    """Move lines from the pipe to the queue; an empty one says that the child closed it."""
    assert child.stdout is not None
    while True:
        try:
            line = child.stdout.readline(longest + 1)
        except (ValueError, OSError):  # the pipe was closed because the child was killed
            line = b""
        while not stop.is_set():
            try:
                lines.put(line, timeout=LOOK)
                break
            except queue.Full:
                continue
        if not line or stop.is_set():
            return


def _refuse(received: Received, code: int, name: str, limits: Limits, whole: object) -> None:
    """Raise what went wrong; nothing did where ``whole``, which comes last, is there, however the process ended."""
    kind, sentence, detail = received.error
    if detail:
        log.info("%s: %s", name, detail)
    if whole is not None:
        return
    if code in OUTSIDE:  # a service manager stops the whole group; that says nothing of the file
        raise errors.Cancelled(f"Reading {name} was stopped from outside.")
    if kind == "memory" or code in (
        -signal.SIGABRT,
        -signal.SIGSEGV,
        -getattr(signal, "SIGTRAP", 5),
        -signal.SIGILL,
        1,
    ):
        raise errors.ReaderFailed(
            f"Reading {name} broke off: it is damaged or needs more than {limits.memory_mb} MB of memory."
        )
    if kind:
        raise KNOWN.get(kind, errors.UnreadableFile)(sentence)
    if code == -getattr(signal, "SIGXCPU", 24):
        raise errors.ReaderFailed(
            f"{name} took more than {limits.cpu_seconds} seconds of computing to read."
        )
    log.warning("%s: the reading process ended with %s", name, code)
    raise errors.ReaderFailed(f"Reading {name} broke off: the reading process ended by itself.")
