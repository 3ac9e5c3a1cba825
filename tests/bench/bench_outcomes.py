"""How questions end: python tests/bench/bench_outcomes.py FOLDER QUESTIONS...

FOLDER holds manuals; QUESTIONS are files with a question a line, of one kind each: near misses, off-topic ones, such as the
manuals answer. Prints for each file how many are answered, offered sections, asked back or refused, and with -v each question.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(ROOT := Path(__file__).parents[2]))

from chatbot.assistant import ask_once  # noqa: E402
from chatbot.conversations.types import Question  # noqa: E402
from chatbot.operations.deployment import open_assistant  # noqa: E402
from chatbot.settings import Settings  # noqa: E402

SHOWN = ("answered", "choose", "which product", "unanswered")


def main() -> None:
    given = [Path(one) for one in sys.argv[1:] if one != "-v"]
    with tempfile.TemporaryDirectory() as made:
        assistant = open_assistant(Settings.load({}, data=Path(made), ollama_url="none"))
        for path in sorted(one for one in given[0].rglob("*") if one.is_file()):
            with path.open("rb") as stream:
                assistant.catalog.run(assistant.catalog.accept(stream, path.name).id)
        print("questions                 " + "".join(f"{name:>15}" for name in SHOWN))
        for path in given[1:]:
            asked = path.read_text(encoding="utf-8").splitlines()
            ends = {line: ask_once(assistant, Question(line)) for line in asked if line.strip()}
            counts = Counter(answer.outcome for answer in ends.values())
            print(f"{path.stem:20}{len(ends):6}" + "".join(f"{counts[name]:15}" for name in SHOWN))
            for line, answer in ends.items() if "-v" in sys.argv else ():
                cited = " > ".join(answer.citations[0].section) if answer.citations else ""
                print(f"  {answer.outcome:14}{line}  {cited}")
        assistant.close()


if __name__ == "__main__":
    main()
