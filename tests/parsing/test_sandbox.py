"""The reading process: limits on time, memory and output, stopping, progress, and nothing left behind."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from knowledge import errors
from knowledge.parsing import Limits, read_file
from knowledge.parsing.sandbox.spawning import ROOT
from tests.support.files import SLOW, manual_pdf, one_page_pdf, text_content
from tests.support.processes import readers_of

linux = pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs Linux's limits")


@pytest.fixture
def slow_file(tmp_path):
    path = tmp_path / "slow"
    path.write_text(SLOW)
    return path


@linux
def test_reading_gives_way_to_those_who_ask(slow_file):
    """Also where Linux shares the processors among sessions first: between two of them no niceness counts."""
    seen = []

    def look():
        with contextlib.suppress(ProcessLookupError):
            seen.extend(
                (os.getpriority(os.PRIO_PROCESS, reader), os.getsid(reader))
                for reader in readers_of(os.getpid())
            )
        return bool(seen)

    with pytest.raises(errors.Cancelled):
        read_file(slow_file, "slow.md", cancelled=look)
    assert seen and all(
        niceness > os.nice(0) and session == os.getsid(0) for niceness, session in seen
    )


def test_wall_time(slow_file):
    with pytest.raises(errors.ReaderFailed, match="slow.md took longer than 0.5 seconds"):
        read_file(slow_file, "slow.md", Limits(wall_seconds=0.5))


@linux
def test_computing_time(slow_file):
    with pytest.raises(errors.ReaderFailed, match="slow.md took more than 1 seconds of computing"):
        read_file(slow_file, "slow.md", Limits(cpu_seconds=1))


@linux
def test_memory(slow_file):
    with pytest.raises(errors.ReaderFailed, match="more than 150 MB of memory"):
        read_file(slow_file, "slow.md", Limits(memory_mb=150))


@linux
def test_there_is_memory_left_to_say_that_there_is_none():
    """Chained pairs leave not a byte; Python then ended with a traceback or, rarely, turned in a circle until its time was up."""
    script = """
import json, os, sys
from knowledge.parsing.sandbox import child

def parse(*arguments):
    global chain
    chain = ()
    while True:
        chain = (chain,)

child.parse = parse
child.main(["x", '"x.md"', sys.argv[1]])
os._exit(0)
"""
    limits = json.dumps(dataclasses.asdict(Limits(memory_mb=150, cpu_seconds=60)))
    ended = subprocess.run(
        [sys.executable, "-c", script, limits],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout)[:2] == ["error", "memory"]


def test_output(tmp_path):
    (tmp_path / "a").write_text("word " * 400_000)
    with pytest.raises(errors.ReaderFailed, match="a.txt holds more than 1 MB of text"):
        read_file(tmp_path / "a", "a.txt", Limits(output_mb=1))


def test_stopping_is_quick(slow_file):
    """Long before the file is read, which takes half a minute."""
    stop = threading.Event()
    threading.Timer(0.4, stop.set).start()
    with pytest.raises(errors.Cancelled):
        read_file(slow_file, "slow.md", Limits(cpu_seconds=600), cancelled=stop.is_set)


@linux
def test_no_process_is_left(slow_file, tmp_path):
    before = readers_of(os.getpid())
    read_file(one_page_pdf(tmp_path / "a", text_content(["Hello."])), "a.pdf")
    with pytest.raises(errors.ReaderFailed):
        read_file(slow_file, "slow.md", Limits(wall_seconds=0.3))
    assert readers_of(os.getpid()) <= before


def test_progress_reaches_the_end(tmp_path):
    seen: list[tuple[int, int]] = []
    path = manual_pdf(tmp_path / "a", [(f"Chapter {n}", ["Some text here."]) for n in range(45)])
    read_file(path, "a.pdf", progress=lambda page, of: seen.append((page, of)))
    assert seen == sorted(seen) and seen[-1] == (45, 45) and len(seen) >= 3


def test_several_at_once(tmp_path):
    paths = [one_page_pdf(tmp_path / str(n), text_content([f"File number {n}."])) for n in range(4)]
    texts: dict[int, str] = {}
    threads = [
        threading.Thread(
            target=lambda n=n: texts.update({n: read_file(paths[n], "a.pdf").pages[0].text})
        )
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == {n: f"File number {n}." for n in range(4)}


def test_too_many_pages(tmp_path):
    path = manual_pdf(tmp_path / "a", [(f"Chapter {n}", ["text"]) for n in range(3)])
    with pytest.raises(errors.TooLarge, match="a.pdf has 3 pages; at most 2 can be read"):
        read_file(path, "a.pdf", Limits(max_pages=2))


def test_the_working_folder_is_not_imported_from(tmp_path):
    (tmp_path / "json.py").write_text("raise SystemExit(3)")
    with contextlib.chdir(tmp_path):
        assert (
            read_file(one_page_pdf(tmp_path / "a", text_content(["Hello."])), "a.pdf").pages[0].text
            == "Hello."
        )
