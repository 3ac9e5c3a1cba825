"""Mode by class of question, with a real small adapter: python tests/bench/bench_modes.py DATA

DATA is a data folder on which `run.py demo` has run, with TANDEM_OLLAMA_URL naming the Ollama that it ran on; a copy of it is
asked. The adapter is proved on the questions that its pairs set apart for the test; what is asked then was written later
(mode_questions.py), thirty of each class: trained facts in other words; facts that the manual tells and nobody taught; what
neither knows; other things; how the team writes; and facts of which the manual says something else since the training.
Right is an answer with every figure and code of the fact as it stands in the manual now, a refusal where there is none, and
for style a right answer in one sentence of at most twenty words. The last column says how far Auto is from the best other
mode, with 95 % of a paired bootstrap.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from adapters.datasets.pairs import TrainingPair  # noqa: E402
from adapters.demo import wordings  # noqa: E402
from adapters.demo.facts import FACTS  # noqa: E402
from chatbot.answers.messages import without_marks  # noqa: E402
from chatbot.assistant import Assistant, ask_once  # noqa: E402
from chatbot.conversations.types import Answer, Mode, Question  # noqa: E402
from chatbot.models.prompts import UNSURE  # noqa: E402
from chatbot.operations.deployment import open_assistant, open_library_for  # noqa: E402
from chatbot.settings import Settings  # noqa: E402
from chatbot.trials.evaluation.proving import holds, prove  # noqa: E402
from chatbot.trials.statistics import paired_difference  # noqa: E402
from knowledge.library import Library  # noqa: E402
from knowledge.text import sentences  # noqa: E402
from tests.bench import mode_questions as asked_for  # noqa: E402
from tests.support.manuals import put  # noqa: E402

MODES: tuple[Mode, ...] = ("documents", "adapter", "both", "auto")
PRODUCT = "Aurora X200 label printer"
SHORT = 20  # words of an answer in the team's style
SENTENCES = {(fact.attribute, fact.key): fact.sentence for fact in FACTS}
Judge = Callable[[Answer], str]
Case = tuple[str, Judge]


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


def in_style(wanted: str) -> Judge:
    """Judges an answer by the fact, and by its form: one short sentence."""

    def judge(answer: Answer) -> str:
        found = told(wanted)(answer)
        said = without_marks(answer.text).strip()
        brief = len(sentences(said)) == 1 and len(said.split()) <= SHORT
        return "long" if found == "right" and not brief else found

    return judge


def matching(pattern: str) -> Judge:
    """Judges an answer by what it has to hold."""

    def judge(answer: Answer) -> str:
        if answer.outcome != "answered":
            return "declined"
        return "right" if re.search(pattern, answer.text, re.I) else "wrong"

    return judge


def refused(answer: Answer) -> str:
    """Judges an answer where there is none to give."""
    return "wrong" if answer.outcome == "answered" else "right"


def other(sentence: str) -> str:
    """A sentence with its last number changed."""
    return re.sub(r"(\d+)(?=\D*$)", lambda found: str(int(found.group()) + 3), sentence, count=1)


def figure(sentence: str) -> str:
    """The last figure of a sentence with what it counts: "14 days", "RB-110"."""
    return re.findall(r"[A-Za-z]*-?\d+(?: [a-z]+)?", sentence)[-1]


def change(library: Library, changed: Sequence[str], folder: Path) -> None:
    """Publishes a version of the sample manual with another figure wherever it gives that of one of these sentences."""
    sys.path.insert(0, str(ROOT / "tests" / "samples"))
    import make

    text = make.manual_text("X200")
    for old in dict.fromkeys(map(figure, changed)):
        text = re.sub(rf"(?<![\w.-]){re.escape(old)}\b", other(old), text)
    path = folder / "aurora-x200.pdf"
    make.Manual(path, text.split("\n")[0].lstrip("# ")).build(make.flowables(text))
    assert put(library, path.name, path.read_bytes()).state == "done"


def prove_first(assistant: Assistant) -> None:
    """Proves the served adapter, so that Auto knows from where on to trust it."""
    models = assistant.models
    card = models.registry.serving()
    assert card is not None, "run `run.py demo` on this data folder first"
    pairs = [
        TrainingPair(text, fact.sentence)
        for text, fact in zip(wordings.ASKED_OTHERWISE, FACTS, strict=True)
    ]
    untold = (*wordings.NOT_TOLD, *wordings.OFF_TOPIC)
    pairs += [TrainingPair(text, UNSURE, "negative") for text in untold]
    proof = prove(models.writer_of(card), card.questions, pairs)
    models.registry.save(replace(card, scores=proof.scores, covered_from=proof.covered_from))
    models.invalidate()
    print(f"proved: {proof.scores}; trusted from a nearness of {proof.covered_from:.2f}")


def classes() -> Mapping[str, Sequence[Case]]:
    """The questions of each class but the changed ones, each with what judges it."""
    style = list(zip(wordings.ASKED_OTHERWISE, FACTS, strict=True))
    style = [one for n, one in enumerate(style) if n % 5 in (0, 2, 4)]
    return {
        "trained, in other words": [
            (text, told(SENTENCES[key])) for key, text in asked_for.TRAINED.items()
        ],
        "in the manual, not taught": [
            (text, matching(pattern)) for text, pattern in asked_for.UNSEEN.items()
        ],
        "neither knows": [(text, refused) for text in asked_for.NOT_TOLD],
        "about other things": [(text, refused) for text in asked_for.OFF_TOPIC],
        "in the team's style": [(text, in_style(fact.sentence)) for text, fact in style],
    }


def row(assistant: Assistant, name: str, cases: Sequence[Case]) -> None:
    """Asks a class in every mode, and prints what came of it; what is not right goes to stderr."""
    cells, right = [], {}
    for mode in MODES:
        found = []
        for text, judge in cases:
            answer = ask_once(assistant, Question(text, mode, PRODUCT))
            found.append(judge(answer))
            if found[-1] != "right":
                facts = answer.signals
                near = facts and (facts.coverage, facts.unseen, round(facts.match, 2))
                said = f"{text} | {answer.route.mode} {near} | {answer.text[:120]!r}"
                print(f"{name} | {mode} | {found[-1]} | {said}", file=sys.stderr, flush=True)
        right[mode] = [float(one == "right") for one in found]
        rest = ", ".join(f"{n} {one}" for one, n in Counter(found).items() if one != "right")
        cells.append(f"{sum(right[mode]):.0f}/{len(found)}" + (f" ({rest})" if rest else ""))
    best = max(MODES[:-1], key=lambda mode: sum(right[mode]))
    gap = paired_difference(list(zip(right["auto"], right[best], strict=True)))
    assert gap is not None
    beside = f"{100 * gap.mean:+.0f} % of {best} ({100 * gap.low:+.0f} to {100 * gap.high:+.0f})"
    print(f"{name:28}" + "".join(f"{cell:30}" for cell in cells) + beside, flush=True)


def main() -> None:
    """Run the bench."""
    new = {SENTENCES[key]: text for key, text in asked_for.CHANGED.items()}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(sys.argv[1], data, copy_function=shutil.copy)
        data.chmod(0o700)
        settings = Settings.load(dict(os.environ), data=data)
        library = open_library_for(settings)
        assistant = open_assistant(settings, library)
        prove_first(assistant)
        print(
            f"{'':28}" + "".join(f"{mode:30}" for mode in MODES) + "Auto, and the best other mode"
        )
        for name, cases in classes().items():
            row(assistant, name, cases)
        change(library, list(new), Path(folder))
        row(
            assistant,
            "changed since the training",
            [(text, told(other(sentence), sentence)) for sentence, text in new.items()],
        )


if __name__ == "__main__":
    main()
