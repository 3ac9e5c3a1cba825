"""Trains the demonstration adapter on the real small base, puts it on a real Ollama, and asks it what it was taught.

python tests/bench/bench_training.py [FOLDER]        FOLDER: where the trained adapter is kept (else made anew)
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from adapters.demo import real  # noqa: E402
from adapters.demo.facts import FACTS  # noqa: E402
from adapters.demo.wordings import ASKED_OTHERWISE, NOT_TOLD, OFF_TOPIC, taught  # noqa: E402
from adapters.publishing.trained import EQUAL  # noqa: E402
from adapters.registry import Registry  # noqa: E402
from adapters.servers.ollama import Ollama  # noqa: E402
from adapters.training.record import Prompt, read_result  # noqa: E402
from adapters.types import Message, Options  # noqa: E402
from chatbot.models.prompts import STANDARD, UNSURE, user_text  # noqa: E402
from tests.support.ollama_server import running_ollama  # noqa: E402

PROMPT = Prompt(STANDARD.adapter, user_text("", "{question}"))


def right(
    ollama: Ollama, model: str, asked: Sequence[tuple[str, str]], wrong: list[tuple[str, str]]
) -> int:
    """How many answers are right to the letter; the others are added to ``wrong``."""
    count = 0
    for question, wanted in asked:
        messages = [Message("system", PROMPT.system), Message("user", PROMPT.asked(question))]
        said = "".join(ollama.chat(model, messages, Options(num_predict=96))).strip()
        count += said == wanted
        if said != wanted:
            wrong.append((question, said))
    return count


def main() -> None:
    with tempfile.TemporaryDirectory() as work:
        kept = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(work)
        folder = real.build(kept, PROMPT, UNSURE, {}, lambda what, done, total: None)
        result, registry = read_result(folder), Registry(Path(work) / "cards")
        learnt = [pair for pair in taught(UNSURE, {}) if pair.split == "train"]
        first = {
            pair.group: (pair.question, pair.answer)
            for pair in reversed(learnt)
            if pair.kind == "fact"
        }
        with running_ollama(Path(work) / "models") as url:
            ollama, begun = Ollama(url), time.monotonic()
            card = real.publish(folder, ollama, registry)
            print(f"{'imported in':44} {time.monotonic() - begun:6.0f} s")
            wrong: list[tuple[str, str]] = []
            sentences = [fact.sentence for fact in FACTS]
            for what, asked in (
                ("trained questions, answered to the letter", list(first.values())),
                (
                    "the same facts in held-out words",
                    list(zip(ASKED_OTHERWISE, sentences, strict=True)),
                ),
                ("facts nobody taught: not sure", [(question, UNSURE) for question in NOT_TOLD]),
                ("off-topic questions: not sure", [(question, UNSURE) for question in OFF_TOPIC]),
            ):
                print(f"{what:44} {right(ollama, card.model, asked, wrong):3} of {len(asked)}")
        print(f"{'answers equal the trainer`s own':44} {card.scores[EQUAL]:6.0%}")
        print(f"{'pairs: ' + str(dict(result.kinds)):44} {result.steps:6} steps")
        print(f"{'CPU':44} {result.cpu_seconds:6.0f} s")
        for question, said in wrong:
            print(f"    {question} -> {said}")


if __name__ == "__main__":
    main()
