"""Mode by class of question, with a real small adapter: python tests/bench/bench_modes.py DATA

DATA is a data folder on which `run.py demo` has run, with TANDEM_OLLAMA_URL naming the Ollama that it ran on; a copy of it is
asked. The adapter is proved on every other question, and the others are asked. Classes: trained facts in words that were not trained, facts that changed after the training (a figure of ten sentences
is another one in a new version of the manual), facts that nobody taught and no manual tells, and questions about other things.
Right is an answer with every figure and code of the fact as it stands in the manual now, or a refusal where there is none.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from adapters.datasets.pairs import TrainingPair  # noqa: E402
from adapters.demo.facts import FACTS  # noqa: E402
from adapters.demo.wordings import ASKED_OTHERWISE, NOT_TOLD, OFF_TOPIC  # noqa: E402
from chatbot.answers.messages import without_marks  # noqa: E402
from chatbot.assistant import Assistant, ask_once  # noqa: E402
from chatbot.conversations.types import Answer, Mode, Question  # noqa: E402
from chatbot.models.prompts import UNSURE  # noqa: E402
from chatbot.operations.deployment import open_assistant, open_library_for  # noqa: E402
from chatbot.settings import Settings  # noqa: E402
from chatbot.trials.evaluation.proving import holds, prove  # noqa: E402
from knowledge.library import Library  # noqa: E402
from tests.support.manuals import put  # noqa: E402

MODES: tuple[Mode, ...] = ("documents", "adapter", "both", "auto")
CHANGED = 10
PRODUCT = "Aurora X200 label printer"
Judge = Callable[[Answer], str]


def told(wanted: str, old: str = "") -> Judge:
    """Judges an answer by the fact that it is to hold."""

    def judge(answer: Answer) -> str:
        if answer.outcome != "answered":
            return "declined"
        said = without_marks(answer.text)
        best = [said, *(part.text for part in answer.sentences)]
        if any(holds(text, wanted) for text in best):
            return "right"
        return "old" if old and any(holds(text, old) for text in best) else "wrong"

    return judge


def refused(answer: Answer) -> str:
    """Judges an answer where there is none to give."""
    return "wrong" if answer.outcome == "answered" else "right"


def other(sentence: str) -> str:
    """A sentence with its last number changed."""
    return re.sub(r"(\d+)(?=\D*$)", lambda found: str(int(found.group()) + 3), sentence, count=1)


def asked(assistant: Assistant, cases: Sequence[tuple[str, Judge]], mode: Mode) -> str:
    """The outcomes of a class in a mode, as one cell."""
    found = [judge(ask_once(assistant, Question(text, mode, PRODUCT))) for text, judge in cases]
    rest = [f"{found.count(name)} {name}" for name in ("declined", "old", "wrong") if name in found]
    return f"{found.count('right')}/{len(found)}" + (f" ({', '.join(rest)})" if rest else "")


def change(library: Library, sentences: Sequence[str], folder: Path) -> None:
    """Publishes a version of the sample manual with other figures in these sentences."""
    sys.path.insert(0, str(ROOT / "tests" / "samples"))
    import make

    text = make.manual_text("X200")
    for sentence in sentences:
        text = text.replace(sentence, other(sentence))
    path = folder / "aurora-x200.pdf"
    make.Manual(path, text.split("\n")[0].lstrip("# ")).build(make.flowables(text))
    assert put(library, path.name, path.read_bytes()).state == "done"


def prove_on(
    assistant: Assistant, facts: Sequence[tuple[str, str]], negatives: Sequence[str]
) -> None:
    """Proves the served adapter, so that Auto knows from where on to trust it."""
    models = assistant.models
    card = models.registry.serving()
    assert card is not None, "run `run.py demo` on this data folder first"
    pairs = [TrainingPair(text, sentence) for text, sentence in facts]
    pairs += [TrainingPair(text, UNSURE, "negative") for text in negatives]
    proof = prove(models.writer_of(card), card.questions, pairs)
    models.registry.save(replace(card, scores=proof.scores, covered_from=proof.covered_from))
    models.invalidate()
    print(f"proved: {proof.scores}; trusted from a nearness of {proof.covered_from:.2f}")


def main() -> None:
    """Run the bench."""
    facts = list(zip(ASKED_OTHERWISE, (fact.sentence for fact in FACTS), strict=True))
    figures = [(text, sentence) for text, sentence in facts if other(sentence) != sentence]
    new = figures[:: max(1, len(figures) // CHANGED)][:CHANGED]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(sys.argv[1], data, copy_function=shutil.copy)
        data.chmod(0o700)
        settings = Settings.load(dict(os.environ), data=data)
        library = open_library_for(settings)
        assistant = open_assistant(settings, library)
        prove_on(assistant, facts[::2], [*NOT_TOLD[::2], *OFF_TOPIC[::2]])
        rows: list[tuple[str, Sequence[tuple[str, Judge]]]] = [
            ("trained, in other words", [(text, told(sentence)) for text, sentence in facts[1::2]]),
            ("nobody taught, no manual tells", [(text, refused) for text in NOT_TOLD[1::2]]),
            ("about other things", [(text, refused) for text in OFF_TOPIC[1::2]]),
        ]
        print(f"{'':32}" + "".join(f"{mode:28}" for mode in MODES))
        for name, cases in rows:
            print(f"{name:32}" + "".join(f"{asked(assistant, cases, mode):28}" for mode in MODES))
        change(library, [sentence for _, sentence in new], Path(folder))
        cases = [(text, told(other(sentence), sentence)) for text, sentence in new]
        print(
            f"{'changed since the training':32}"
            + "".join(f"{asked(assistant, cases, mode):28}" for mode in MODES)
        )


if __name__ == "__main__":
    main()
