"""What one answer costs: `run.py ask` from a cold start, and quoted answers in a running process.

    python tests/bench/bench_ask.py FOLDER [CASES]

FOLDER holds manuals; CASES has one question a line as JSON with "turns" (as for `run.py ask --batch`), else headings are asked.
Without vectors of whole sentences stored, as just after an upload, and with them.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(ROOT := Path(__file__).parents[2]))

from chatbot.assistant import Assistant, ask_once  # noqa: E402
from chatbot.conversations.suggestions import suggestions  # noqa: E402
from chatbot.conversations.types import Question  # noqa: E402
from chatbot.operations.deployment import open_assistant  # noqa: E402
from chatbot.settings import Settings  # noqa: E402
from knowledge.search import retriever  # noqa: E402
from ui.cli.installation import AT_ONCE  # noqa: E402

COLD = 5


def figures(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    return f"p50 {ordered[len(ordered) // 2]:.2f} s   p95 {ordered[int(len(ordered) * 0.95)]:.2f} s"


def run(data: Path, *words: str) -> tuple[float, float]:
    """Wall and CPU seconds of one command."""
    begun, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, str(ROOT / "run.py"), "--data", str(data), *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    return time.perf_counter() - begun, cpu


def answered(assistant: Assistant, questions: Sequence[str]) -> str:
    """Wall time of each answer, nothing being remembered of the questions before."""
    seconds = []
    for text in questions:
        if encoder := retriever.load_sentence_encoder():
            encoder.of_passage.cache_clear()
        begun = time.perf_counter()
        ask_once(assistant, Question(text, "documents"))
        seconds.append(time.perf_counter() - begun)
    return figures(seconds)


def main() -> None:
    folder = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as place:
        data = Path(place)
        run(data, "add", str(folder))
        assistant = open_assistant(Settings.load({}, data=data), made=AT_ONCE)  # as the server
        assistant.warm()
        if len(sys.argv) > 2:
            lines = Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()
            questions = [json.loads(line)["turns"][0] for line in lines if line.strip()]
        else:
            found = suggestions(assistant.catalog, assistant.search, 0.0, 50)
            questions = [suggestion.text for suggestion in found]
        print(f"{assistant.catalog.counts().passages:,} passages, {len(questions)} questions")
        print(f"quoted answer, vectors missing   {answered(assistant, questions)}")
        run(data, "reindex")
        print(f"quoted answer, vectors stored    {answered(assistant, questions)}")
        assistant.close()
        cold = [run(data, "ask", questions[0]) for _ in range(COLD)]
        wall, cpu = (sorted(values)[COLD // 2] for values in zip(*cold, strict=True))
        print(f"run.py ask, cold                 {wall:.2f} s   {cpu:.2f} s of CPU")


if __name__ == "__main__":
    main()
