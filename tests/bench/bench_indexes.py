"""The search engines side by side on the real manuals: quality, and the time of a search; prints a table.

python tests/bench/bench_indexes.py [FOLDER with markdown/] [URL of a running Weaviate; else one is started]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bench")]

from bench_retrieval import figures  # noqa: E402

from chatbot.trials.evaluation.evaluate import Case, rank, read_cases  # noqa: E402
from knowledge.library import Library, open_library  # noqa: E402
from knowledge.search.retriever import Search  # noqa: E402
from tests.support.manuals import put  # noqa: E402
from tests.support.weaviate_server import WeaviateProcess  # noqa: E402

DATA = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data"
ROUNDS = 4


def filled(data: Path, files: Sequence[Path]) -> None:
    """Makes a library, in SQLite."""
    library = open_library(data)
    for path in files:
        put(library, path.name, path.read_bytes())
    library.close()


def reindexed(data: Path, url: str) -> tuple[Library, float]:
    """The library on an engine that holds it all, and the seconds that filling took."""
    library = open_library(data, index_url=url)
    begun = time.perf_counter()
    library.reindex()
    return library, time.perf_counter() - begun


def timed(search: Search, cases: Sequence[Case]) -> str:
    for case in cases:
        search.find(case.question)
    seconds = []
    for case in [*cases] * ROUNDS:
        begun = time.perf_counter()
        search.find(case.question)
        seconds.append(time.perf_counter() - begun)
    seconds.sort()
    p50, p95 = (seconds[int(len(seconds) * share)] * 1e3 for share in (0.5, 0.95))
    return f"p50 {p50:5.1f} ms   p95 {p95:5.1f} ms"


def main() -> None:
    work = Path(tempfile.mkdtemp())
    server = None
    if len(sys.argv) > 2:
        url = sys.argv[2]
    else:
        server = WeaviateProcess(work / "weaviate")
        url = server.start().url
    try:
        phone = DATA / "markdown/galaxy-s10.md"
        cases = read_cases(DATA / "markdown/galaxy-s10.cases.jsonl")
        filled(work / "one", [phone])
        filled(work / "all", sorted((DATA / "markdown").glob("*.md")))
        for name in ("one", "all"):
            for engine in ("sqlite:", url):
                library, took = reindexed(work / name, engine)
                search = Search(library, library.index)
                product = "" if name == "one" else "Galaxy S10"
                ranks = [rank(case, search.find(case.question, product).evidence) for case in cases]
                manuals, passages = len(library.manuals()), library.counts().passages
                print(
                    f"{library.index.name[:22]:22} {manuals:3} manuals {passages:6,} passages   {figures(ranks)}"
                    f"   {timed(search, cases)}   filled in {took:.1f} s{library.index.note()}"
                )
                library.close()
    finally:
        if server is not None:
            server.kill()


if __name__ == "__main__":
    main()
