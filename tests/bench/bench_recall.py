"""How much of a PDF's text can be found: its words in passages against pdftotext's, as a multiset, files worst first.

    python tests/bench/bench_recall.py FOLDER_OR_FILE...

Prints for each file the share, and whether it has warnings; then the shares of files at .99 and .95, and those below
that say nothing of it. Needs poppler's pdftotext.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT)]

from knowledge.errors import KnowledgeError  # noqa: E402
from knowledge.ingestion.chunking import split  # noqa: E402
from knowledge.parsing import read_file  # noqa: E402


def words_of(text: str) -> Counter[str]:
    """The words of a text with how often each is there; a soft hyphen and small type change no word."""
    return Counter(re.findall(r"\w+", text.replace("\xad", "").casefold()))


def measured(path: Path) -> tuple[float, int] | None:
    """Share of pdftotext's words in passages or headings, and the number of warnings; None for a file refused in words."""
    told = subprocess.run(["pdftotext", "-q", str(path), "-"], capture_output=True, text=True)
    expected = words_of(told.stdout)
    try:
        document = read_file(path, path.name)
    except KnowledgeError:
        return None
    sections, passages = split(document)
    titles = [section.path[-1] for section in sections if section.path]
    held = words_of(" ".join([*titles, *(passage.text for passage in passages)]))
    total = sum(expected.values())
    return sum((expected & held).values()) / total if total else 1.0, len(document.warnings)


def main() -> None:
    paths = [
        path
        for name in map(Path, sys.argv[1:])
        for path in (sorted(name.rglob("*.pdf")) if name.is_dir() else [name])
    ]
    found = {path: measured(path) for path in paths}
    read = {path: values for path, values in found.items() if values is not None}
    for path, (share, warnings) in sorted(read.items(), key=lambda item: item[1]):
        print(f"{share:.3f}  {warnings} warnings  {path.name}")
    count = max(len(read), 1)
    for least in (0.99, 0.95):
        print(f"at least {least}: {sum(share >= least for share, _ in read.values()) / count:.2f}")
    silent = sum(share < 0.95 and not warnings for share, warnings in read.values())
    print(f"{len(read)} of {len(paths)} read; {silent} below .95 without a warning")


if __name__ == "__main__":
    main()
