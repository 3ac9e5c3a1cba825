"""Questions in eleven languages, each on a manual alone and on all manuals together; prints what is found and answered.

python tests/bench/bench_languages.py [LANGUAGE ...] [-v]
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT)]

from chatbot.assistant import Assistant, ask_once  # noqa: E402
from chatbot.conversations.types import Question  # noqa: E402
from chatbot.operations.deployment import open_assistant  # noqa: E402
from chatbot.settings import Settings  # noqa: E402

SAMPLES = ROOT / "tests" / "samples" / "languages"
VERBOSE = "-v" in sys.argv


def rows(name: str) -> Iterator[list[str]]:
    for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines():
        yield line.split("\t")


def assistant_on(files: Sequence[Path]) -> Assistant:
    assistant = open_assistant(Settings.load({}, data=Path(tempfile.mkdtemp())))
    for path in files:
        with path.open("rb") as stream:
            library = assistant.catalog
            library.run(library.accept(stream, path.name, name=f"manual{path.stem}").id)  # type: ignore[attr-defined]
    return assistant


def measured(assistant: Assistant, language: str) -> tuple[int, int, int, int, int]:
    """Questions, right section first, right section quoted, other questions, of those declined."""
    asked = first = quoted = 0
    for code, question, section in rows("questions.tsv"):
        if code != language:
            continue
        asked += 1
        found = assistant.search.find(question)
        best = found.evidence[0] if found.evidence else None
        right = bool(
            best and best.manual.name == f"manual{code}" and best.passage.section[-1] == section
        )
        answer = ask_once(assistant, Question(question))
        held = {(c.manual, c.section[-1]) for c in answer.citations}
        good = answer.outcome == "answered" and (f"manual{code}", section) in held
        first, quoted = first + right, quoted + good
        if VERBOSE and not (right and good):
            place = best and (best.manual.name, best.passage.section[-1])
            print(
                "  ", right, answer.outcome, round(found.match, 2), question, place, answer.notices
            )
    others = [question for code, question in rows("other.tsv") if code == language]
    declined = 0
    for question in others:
        answer = ask_once(assistant, Question(question))
        declined += answer.outcome != "answered"
        if VERBOSE and answer.outcome != "declined":
            print(
                "   other",
                answer.outcome,
                round(assistant.search.find(question).match, 2),
                question,
                answer.notices,
            )
    return asked, first, quoted, len(others), declined


def main() -> None:
    codes = [path.stem for path in sorted(SAMPLES.glob("*.md"))]
    chosen = [each for each in sys.argv[1:] if each in codes] or codes
    english = sorted((ROOT / "knowledge" / "ingestion" / "samples").glob("*.md"))
    everything = assistant_on([*english, *(SAMPLES / f"{code}.md" for code in codes)])
    print("language: alone / among all: questions, first, quoted, other, declined")
    totals = [0] * 10
    for code in chosen:
        alone = measured(assistant_on([SAMPLES / f"{code}.md"]), code)
        among = measured(everything, code)
        totals = [a + b for a, b in zip(totals, [*alone, *among], strict=True)]
        print(code, alone, among, flush=True)
    print("all", totals[:5], totals[5:])


if __name__ == "__main__":
    main()
