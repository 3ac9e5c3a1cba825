"""How long a case file of 50 cases takes through three modes of the toy models; and what the chat feels of it.

python tests/bench/bench_evaluation.py
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from adapters.demo.facts import FACTS  # noqa: E402
from chatbot.assistant import ask_once  # noqa: E402
from chatbot.conversations.types import Arm, Question  # noqa: E402
from chatbot.operations.deployment import open_assistant  # noqa: E402
from chatbot.settings import Settings  # noqa: E402
from chatbot.trials.evaluation.evaluate import Case  # noqa: E402
from chatbot.trials.evaluation.runs import RunningEvaluations, Runs  # noqa: E402
from tests.support import toy  # noqa: E402
from tests.support.ollama_server import running_ollama  # noqa: E402
from tests.support.toy.cases import trained, untrained  # noqa: E402
from tests.support.toy_models import trained_models  # noqa: E402
from ui.trials.measured import measured  # noqa: E402

PRODUCT = "Aurora X200 label printer"
ARMS: tuple[Arm, ...] = ("documents", "adapter", "both")


def main() -> None:
    models = trained_models()
    cases = [Case(trained(fact)[0], fact.sentence, product=PRODUCT) for fact in FACTS]
    with tempfile.TemporaryDirectory() as folder, running_ollama(Path(folder) / "models") as url:
        chosen = Settings.load(
            {},
            data=Path(folder) / "data",
            ollama_url=url,
        )
        assistant = open_assistant(chosen)
        toy.serve(models, assistant)
        assistant.warm()
        question = Question(untrained(FACTS[0])[0], "documents", PRODUCT)
        alone = [_seconds(lambda: ask_once(assistant, question)) for _ in range(5)]
        runs, begun = Runs(assistant.journal.file), time.perf_counter()
        key = RunningEvaluations(assistant).start("bench", cases, ARMS)
        beside = []
        while runs.one(key).state == "running":
            beside.append(_seconds(lambda: ask_once(assistant, question)))
            time.sleep(1)
        took = time.perf_counter() - begun
        found = measured(runs.one(key), runs.answers(key))
        assistant.close()
    print(f"{len(cases)} cases x {len(ARMS)} modes: {took:.0f} s")
    print(
        f"a question in the chat: alone {sorted(alone)[2]:.2f} s, meanwhile {sorted(beside)[len(beside) // 2]:.2f} s"
    )
    print(f"| | {' | '.join(found.arms)} |\n| --- | --- | --- | --- |")
    for row in found.rows:
        print(f"| {row.name} | {' | '.join(row.cells)} |")
    print("\n".join(found.differences))


def _seconds(work: object) -> float:
    begun = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
