"""Print pages per second and peak memory of the reading child for given files.

    python -m tests.bench.bench_read FILE...

Wall time is that of a whole ``read_file`` call; CPU and memory are the child's own, from the kernel (not on Windows).
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path

from knowledge.parsing import read_file
from knowledge.parsing.sandbox.fork_server import SERVER


def measure(path: Path) -> str:
    """One line about one file, read in a fresh process so that the peak is this file's."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    document = read_file(path, path.name)
    wall = time.perf_counter() - began
    SERVER.close()  # only what has ended is counted
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = after.ru_maxrss // (1024 if sys.platform != "darwin" else 1 << 20)
    count = len(document.pages)
    return (
        f"{path.name:34} {count:5} pages  {wall:5.2f} s wall  {cpu:5.2f} s CPU  {count / cpu:5.0f} pages/CPU-s  "
        f"{peak:4} MiB peak  {len(document.headings):5} headings  {sum(len(page.blocks) for page in document.pages):6} blocks"
    )


def main() -> None:
    paths = [Path(name) for name in sys.argv[1:]]
    for path in paths:
        if os.fork() == 0:  # ru_maxrss is the largest of all children so far
            print(measure(path), flush=True)
            os._exit(0)
        os.wait()


if __name__ == "__main__":
    main()
