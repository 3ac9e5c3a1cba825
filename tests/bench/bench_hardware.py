"""Questions about parts, figures, prices and codes on four hardware manuals: python tests/bench/bench_hardware.py [-v]

Manuals and questions are invented (tests/bench/hardware): a washing machine, an electric bicycle, a coffee machine, a compressor;
147 questions that they answer, each with the sections that do and what an answer has to hold, and 53 that sound so and which
they do not answer. They were written by somebody who had not read how answers are held against the part that is asked about;
the rules were mended afterwards with them in view. -v prints each question that is not answered rightly or declined.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(ROOT := Path(__file__).parents[2]))

from chatbot.assistant import ask_once  # noqa: E402
from chatbot.conversations.types import Answer, Question  # noqa: E402
from chatbot.operations.deployment import open_assistant  # noqa: E402
from chatbot.settings import Settings  # noqa: E402

FOLDER = Path(__file__).parent / "hardware"
PRODUCTS = {
    "lavora-w8": "Lavora W8 washing machine",
    "trailo-e5": "Trailo E5 e-bike",
    "cremona-b3": "Cremona B3 coffee machine",
    "pneumax-k22": "Pneumax K22 screw compressor",
}
TOLD = ("right", "offered first", "offered", "not offered", "wrong")
NOT_TOLD = ("declined", "offered", "wrong")


def grade(answer: Answer, sections: str, told: str) -> str:
    """Where an answerable question ended: answered with what is told and from a section that tells it, or otherwise."""
    wanted = set(sections.split(";"))
    if answer.outcome == "answered":
        cited = next((one.section[-1] for one in answer.citations), "")
        return "right" if cited in wanted and told.lower() in answer.text.lower() else "wrong"
    if answer.outcome != "choose":
        return "not offered"
    offered = list(dict.fromkeys(one.passage.section[-1] for one in answer.evidence))[:3]
    if offered[:1] and offered[0] in wanted:
        return "offered first"
    return "offered" if wanted.intersection(offered) else "not offered"


def main() -> None:
    """Run the bench."""
    ends: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    with tempfile.TemporaryDirectory() as made:
        assistant = open_assistant(Settings.load({}, data=Path(made), ollama_url="none"))
        for name, product in PRODUCTS.items():
            with (FOLDER / f"{name}.md").open("rb") as stream:
                job = assistant.catalog.accept(stream, f"{name}.md", product=product)  # type: ignore[attr-defined]
                assistant.catalog.run(job.id)  # type: ignore[attr-defined]
        with (FOLDER / "questions.tsv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                asked = Question(row["question"], "documents", PRODUCTS[row["manual"]])
                answer = ask_once(assistant, asked)
                if row["sections"]:
                    end = grade(answer, row["sections"], row["told"])
                else:
                    end = {"answered": "wrong", "choose": "offered"}.get(answer.outcome, "declined")
                ends[bool(row["sections"])][end] += 1
                if "-v" in sys.argv and end not in ("right", "declined"):
                    print(f"{end:14}{row['manual']:12} {asked.text} | {answer.text[:90]!r}")
        assistant.close()
    for answerable, kinds in ((True, TOLD), (False, NOT_TOLD)):
        counts = ends[answerable]
        told = "answerable" if answerable else "not answerable"
        print(f"{told:16}{counts.total():4}  " + "  ".join(f"{k} {counts[k]}" for k in kinds))


if __name__ == "__main__":
    main()
