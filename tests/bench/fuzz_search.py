"""Any text is a valid question: asks many made-up ones and counts errors; prints the slowest.

python tests/bench/fuzz_search.py [COUNT]        default 100,000; the seed is fixed
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT)]

from knowledge.library import open_library  # noqa: E402
from knowledge.search.retriever import Search  # noqa: E402

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
PIECES = [
    "reset", "X200", "print head", "E04", "how do I", "NEAR(", "AND", "OR NOT", '"', "'", "*", "^", ":", "head:", "{", "}", "(", ")", "--", ";",
    "\x00", "\ud800", "\u202e", "\u00ad", "é", "ß", "漢字", "😀", "ａ", "\n", "\t", "%s", "${x}", "{{x}}", "\\", "/", "0" * 50, "a" * 300, "-1", "1e999",
]  # fmt: skip


def question(draw: random.Random) -> str:
    if draw.random() < 0.5:
        return draw.choice(["", " "]).join(draw.choice(PIECES) for _ in range(draw.randint(0, 12)))
    return "".join(
        chr(
            draw.choice([draw.randint(0, 0x7F), draw.randint(0, 0x2FFF), draw.randint(0, 0x10FFFF)])
        )
        for _ in range(draw.randint(0, 60))
    )


def main() -> None:
    library = open_library(Path(tempfile.mkdtemp()))
    for job in library.add_samples():
        library.run(job.id)
    search, draw, faults, slowest = Search(library, library.index), random.Random(1), 0, 0.0
    products = ["", "", "Aurora X200 label printer", "x' OR 1=1"]
    begun = time.perf_counter()
    for _ in range(COUNT):
        text = question(draw)
        start = time.perf_counter()
        try:
            found = search.find(text, draw.choice(products))
            assert 0 <= found.match <= 1
        except Exception as error:  # counting them is what this is for
            faults += 1
            print(f"{type(error).__name__}: {error} for {text!r}")
        slowest = max(slowest, time.perf_counter() - start)
    print(
        f"{COUNT:,} questions in {time.perf_counter() - begun:.0f} s: {faults} errors, slowest {slowest * 1e3:.0f} ms"
    )


if __name__ == "__main__":
    main()
