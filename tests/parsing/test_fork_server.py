"""Readers are forked from a process that has imported what they need; whatever ends it, files go on being read."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from knowledge import errors
from knowledge.parsing import Limits, prepare_file, read_file
from knowledge.parsing.sandbox import fork_server, process
from knowledge.parsing.sandbox.fork_server import MODULE, SERVER, ForkServer
from knowledge.parsing.sandbox.spawning import ROOT
from tests.support.files import SLOW, scanned_pdf
from tests.support.processes import PROC, below, is_alive, readers_of, send, server_of
from tests.support.waiting import wait_for

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="readers are forked on Linux only")


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    """Every test begins without a process to fork from, and leaves none."""
    SERVER.close()
    yield
    SERVER.close()


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page"
    path.write_text("<h1>Pump</h1><p>Close both valves before you clean the pump.</p>")
    return path


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    path = tmp_path / "slow"
    path.write_text(SLOW)
    return path


def text(path: Path) -> str:
    return read_file(path, "page.html").pages[0].text


def test_one_process_serves_many_files_and_learns_what_they_need(page: Path) -> None:
    assert {text(page) for _ in range(3)} == {text(page)}
    server = server_of(os.getpid())
    maps = PROC / str(server) / "maps"
    wait_for(lambda: "lxml/etree" in maps.read_text())
    text(page)
    assert server_of(os.getpid()) == server
    assert below(server) == set()


@pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed")
def test_a_program_installed_between_two_files_is_found_for_the_second(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader has the environment of its own request, and not that of the process it was forked from."""
    scan = scanned_pdf(tmp_path / "scan")
    with monkeypatch.context() as bare:
        bare.setenv("PATH", str(tmp_path))
        with pytest.raises(errors.NoText, match="apt install tesseract-ocr"):
            read_file(scan, "scan.pdf")
    with pytest.raises(errors.NoText) as told:
        read_file(scan, "scan.pdf")
    assert "apt install" not in str(told.value)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_a_file_is_read_after_the_server_was_killed(page: Path, sign: signal.Signals) -> None:
    before = text(page)
    first = server_of(os.getpid())
    send(first, sign)
    assert text(page) == before
    assert server_of(os.getpid()) not in (0, first)


def test_a_server_that_ends_while_it_is_asked_is_asked_anew(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = text(page)
    first = server_of(os.getpid())
    assert SERVER._server is not None
    send(first, signal.SIGKILL)
    wait_for(lambda: first not in below(os.getpid()))
    monkeypatch.setattr(SERVER._server, "poll", lambda: None)  # as it looked a moment ago
    assert text(page) == before


def test_a_server_killed_in_the_middle_of_a_file_takes_its_reader_with_it(slow: Path) -> None:
    seen: list[int] = []

    def look() -> bool:
        if not seen and (readers := readers_of(os.getpid())):
            seen.extend(readers)
            send(server_of(os.getpid()), signal.SIGKILL)
        return False

    with pytest.raises(errors.ReaderFailed, match="broke off"):
        read_file(slow, "slow.md", cancelled=look)
    wait_for(lambda: not any(map(is_alive, seen)))


def test_stopping_a_file_leaves_the_others_alone(slow: Path, page: Path) -> None:
    """One reader is ended; the process that it came from serves on."""
    with pytest.raises(errors.Cancelled):
        read_file(slow, "slow.md", cancelled=lambda: bool(readers_of(os.getpid())))
    server = server_of(os.getpid())
    assert server and below(server) == set()
    text(page)
    assert server_of(os.getpid()) == server


def test_a_file_that_no_reader_can_be_forked_for_leaves_the_others_alone(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of two that read at once meets a limit of the system's; the other's file is read all the same."""
    long = tmp_path / "long"
    long.write_text(SLOW[:400_000])
    before, ended = text(page), []

    def read_long() -> None:
        ended.append(bool(read_file(long, "long.md", Limits(cpu_seconds=600)).pages))

    reading = threading.Thread(target=read_long, daemon=True)
    reading.start()
    wait_for(lambda: readers_of(os.getpid()))

    def refuse() -> None:
        raise OSError(24, "too many open files")

    with monkeypatch.context() as full:
        full.setattr(fork_server, "os", SimpleNamespace(**{**vars(os), "pipe": refuse}))
        assert text(page) == before
    reading.join(240)
    assert ended == [True]


def test_what_was_read_counts_though_the_server_is_late_to_tell_how_the_reader_ended(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = text(page)
    server, collect = server_of(os.getpid()), process._collect

    def stand_still(*arguments: Any) -> object:
        send(server, signal.SIGSTOP)
        threading.Timer(0.6, send, (server, signal.SIGCONT)).start()
        return collect(*arguments)

    monkeypatch.setattr(process, "_collect", stand_still)
    monkeypatch.setattr(process, "ENDS", 0.1)
    assert text(page) == before


def test_what_was_imported_for_other_files_takes_no_memory_from_the_next(page: Path) -> None:
    text(page)
    status = PROC / str(server_of(os.getpid())) / "status"

    def mapped() -> int:
        """MB, of which a limit counts every one."""
        return int(status.read_text().split("VmSize:")[1].split()[0]) >> 10

    begun = mapped()
    for _ in range(3):
        prepare_file(page, "page.html")
    wait_for(lambda: mapped() > begun + 25)
    assert (
        "Close both valves"
        in read_file(page, "page.html", Limits(memory_mb=begun + 25)).pages[0].text
    )


@pytest.mark.parametrize("apart", [False, True])
def test_a_reader_that_dies_with_a_process_of_its_own_holds_nobody_up(apart: bool) -> None:
    """The process is ended with it, unless it has left the group; then at least nobody waits for it."""
    script = f"""
import os, sys, time
from {MODULE.rpartition(".")[0]} import child, forking

def dies(arguments, held):
    if not os.fork():
        {"os.setsid()" if apart else "pass"}
        os.write(1, b"%d" % os.getpid())
        os.close(1)
        time.sleep(600)
    time.sleep(1)
    os.kill(os.getpid(), 9)

child.main = dies
forking.main()
"""
    ours, theirs = socket.socketpair()
    with theirs:
        server = subprocess.Popen(
            [sys.executable, "-c", script], stdin=theirs, stdout=subprocess.DEVNULL, cwd=ROOT
        )
    keeper = ForkServer()
    keeper._server, keeper._control = server, ours
    reader = keeper.start([], os.environ, 0)
    left = int(reader.stdout.read(32) or 0)
    try:
        assert reader.wait(60) == -signal.SIGKILL
        if not apart:
            wait_for(lambda: not is_alive(left))
    finally:
        reader.kill_group()
        with contextlib.suppress(ProcessLookupError):
            send(left, signal.SIGKILL)
        keeper.close()


def test_nothing_is_left_when_tandem_is_killed(slow: Path) -> None:
    script = "import sys; from pathlib import Path; from knowledge.parsing import read_file; read_file(Path(sys.argv[1]), 'slow.md')"
    tandem = subprocess.Popen([sys.executable, "-c", script, str(slow)], cwd=ROOT)
    readers = wait_for(lambda: readers_of(tandem.pid))
    server = server_of(tandem.pid)
    tandem.kill()
    tandem.wait(60)
    wait_for(lambda: not any(map(is_alive, (server, *readers))))


def test_it_ends_when_nobody_asks() -> None:
    ours, theirs = socket.socketpair()
    script = f"from {MODULE.rpartition('.')[0]} import forking; forking.IDLE = 0.2; forking.main()"
    with ours, theirs:
        idle = subprocess.Popen([sys.executable, "-c", script], stdin=theirs, cwd=ROOT)
        assert idle.wait(120) == 0


def test_where_nothing_can_be_forked_a_reader_is_started(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forked = text(page)
    SERVER.close()
    monkeypatch.setattr(process, "forks", lambda: False)
    assert text(page) == forked
    assert not server_of(os.getpid())


def test_a_server_that_cannot_be_started_is_done_without(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(11, "no more processes")

    monkeypatch.setattr(ForkServer, "_running", refuse)
    assert "Close both valves" in text(page)


def test_limits_are_those_of_the_file_and_not_of_the_ones_before(slow: Path, page: Path) -> None:
    with pytest.raises(errors.ReaderFailed, match="more than 1 seconds of computing"):
        read_file(slow, "slow.md", Limits(cpu_seconds=1))
    with pytest.raises(errors.ReaderFailed, match="more than 150 MB of memory"):
        read_file(slow, "slow.md", Limits(memory_mb=150))
    assert "Close both valves" in text(page)
