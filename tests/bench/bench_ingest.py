"""Speed and memory of adding manuals, and of cold starts on the command line; prints a table.

python tests/bench/bench_ingest.py [PDF]        default: debian-reference.en.pdf of ../shared/data
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT)]

from knowledge.library import open_library  # noqa: E402

PDF = (
    Path(sys.argv[1])
    if len(sys.argv) > 1
    else ROOT.parent / "shared/data/pdf/debian-reference.en.pdf"
)
UPLOADS = 20


def megabytes() -> float:
    return psutil.Process().memory_info().rss / 2**20


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    library = open_library(folder)
    data = PDF.read_bytes()
    before, seconds, after_first = megabytes(), [], 0.0
    for number in range(UPLOADS):
        begun = time.perf_counter()
        # Another comment after the end makes other bytes, so that each upload is read and published anew.
        job = library.run(library.accept(io.BytesIO(data + f"\n%{number}".encode()), PDF.name).id)
        seconds.append(time.perf_counter() - begun)
        assert job.state == "done", job.message
        after_first = after_first or megabytes()
    pages = library.manuals()[0].pages
    rest = sorted(seconds[1:])
    print(
        f"{PDF.name}, {pages} pages: bytes to searchable {seconds[0]:.2f} s the first time, then {rest[len(rest) // 2]:.2f} s"
    )
    print(f"  steady state {pages / rest[len(rest) // 2]:.0f} pages a second")
    print(
        f"  memory {before:.0f} MB before, {after_first:.0f} after one upload, {megabytes():.0f} after {UPLOADS}"
    )
    library.close()
    for arguments in (
        ["ask", "How do I mount a file system?"],
        ["search", "apt cache"],
        ["--help"],
    ):
        taken = []
        for _ in range(5):
            begun = time.perf_counter()
            subprocess.run(
                [sys.executable, ROOT / "run.py", "--data", folder, *arguments],
                check=True,
                capture_output=True,
            )
            taken.append(time.perf_counter() - begun)
        print(f"run.py {arguments[0]:8} cold {min(taken):.2f} to {max(taken):.2f} s")


if __name__ == "__main__":
    main()
