"""How well the sentences of an adapter are attributed afterwards, on the sample manuals; prints tables.

    python tests/bench/bench_attribution.py [--models] [--failures]

The whole product answers in adapter mode, and a server on loopback writes the sentences of ``attribution.tsv``: true and
false ones, written by hand, each with the words of the manual that it says or distorts. ``--models`` asks the real
toy adapter instead (needs ollama; trains it the first time): a sentence is true if the manual holds it.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from adapters.demo.facts import FACTS  # noqa: E402
from chatbot.assistant import Assistant, ask_once  # noqa: E402
from chatbot.conversations.types import Citation, Question  # noqa: E402
from chatbot.operations.deployment import open_assistant  # noqa: E402
from chatbot.settings import Settings  # noqa: E402
from knowledge.text import locate, readable  # noqa: E402
from tests.support import toy  # noqa: E402
from tests.support.ollama_server import running_ollama  # noqa: E402
from tests.support.toy.cases import trained, untrained  # noqa: E402
from tests.support.toy_models import trained_models  # noqa: E402
from tests.support.writing_server import serve_adapter, writing_server  # noqa: E402

ROWS = Path(__file__).with_name("attribution.tsv")
PRODUCTS = {"X200": "Aurora X200 label printer", "X100": "Aurora X100 label printer"}
HELD = ("verified", "supported")


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence that an adapter wrote; ``source`` are the manual's words that say it, "" for a false one."""

    product: str
    question: str
    sentence: str
    kind: str
    true: bool
    source: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: its state, and whether one of its citations is the right place."""

    row: Row
    state: str
    right: bool


def read_rows(path: Path = ROWS) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Row(
            PRODUCTS[row["product"]],
            row["question"],
            row["sentence"],
            row["kind"],
            row["truth"] == "true",
            row["source"],
        )
        for row in rows
    ]


def is_place(citation: Citation, row: Row) -> bool:
    """Does a citation show the words that say the sentence, in the manual of the product?"""
    shown = bool(locate(citation.quote, row.source) or locate(row.source, citation.quote))
    return shown and citation.product == row.product


def written(rows: Sequence[Row]) -> Iterator[Outcome]:
    """Each row as an answer of an adapter."""
    with tempfile.TemporaryDirectory() as folder, writing_server() as server:
        assistant = open_assistant(Settings.load({}, data=Path(folder), ollama_url=server.url))
        for job in assistant.catalog.add_samples():
            assistant.catalog.run(job.id)
        assistant.close()
        serve_adapter(Path(folder))
        assistant = open_assistant(Settings.load({}, data=Path(folder), ollama_url=server.url))
        for row in rows:
            server.write(row.sentence)
            yield outcome(assistant, row)
        assistant.close()


def outcome(assistant: Assistant, row: Row) -> Outcome:
    answer = ask_once(assistant, Question(row.question, "adapter", row.product))
    states = [part.state for part in answer.sentences]
    state = "none" if not states else states[0] if len(set(states)) == 1 else "unsupported"
    return Outcome(row, state, any(is_place(citation, row) for citation in answer.citations))


def remembered() -> Iterator[Outcome]:
    """What the toy adapter says to known questions, to others, and to those of the other product."""
    models = trained_models()
    with tempfile.TemporaryDirectory() as folder, running_ollama(Path(folder) / "models") as url:
        assistant = open_assistant(Settings.load({}, data=Path(folder) / "data", ollama_url=url))
        toy.serve(models, assistant)
        text = _text(assistant, PRODUCTS["X200"])
        asked = [
            (question, kind)
            for fact in FACTS
            for kind, forms in (("trained", trained(fact)[:2]), ("untrained", untrained(fact)))
            for question in forms
        ]
        for question, kind in asked:
            answer = ask_once(assistant, Question(question, "adapter", PRODUCTS["X200"]))
            for part in answer.sentences:
                true = locate(text, part.text) is not None
                row = Row(
                    PRODUCTS["X200"], question, part.text, kind, true, part.text if true else ""
                )
                yield Outcome(
                    row, part.state, any(is_place(citation, row) for citation in answer.citations)
                )
        assistant.close()


def _text(assistant: Assistant, product: str) -> str:
    manual = next(manual for manual in assistant.catalog.manuals() if manual.product == product)
    return "\n".join(
        readable(assistant.catalog.page(manual.version_id, number + 1).text)
        for number in range(manual.pages)
    )


def print_table(title: str, outcomes: Sequence[Outcome]) -> None:
    """Shares by kind; precision is of the attributed sentences, recall of the true ones; the place must be right."""
    print(title)
    kinds: defaultdict[tuple[bool, str], list[Outcome]] = defaultdict(list)
    for found in outcomes:
        kinds[not found.row.true, found.row.kind].append(found)
    for (false, kind), members in sorted(kinds.items()):
        states = {
            state: sum(found.state == state for found in members)
            for state in (*HELD, "contradicted", "unsupported", "none")
        }
        told = "  ".join(f"{state} {number}" for state, number in states.items() if number)
        print(f"  {'false' if false else 'true ':5s} {kind:11s} n {len(members):3d}   {told}")
    attributed = [found for found in outcomes if found.state in HELD]
    right = [found for found in attributed if found.row.true and found.right]
    true = [found for found in outcomes if found.row.true]
    print(f"  precision {_share(right, attributed)}   recall {_share(right, true)}")


def _share(some: Sequence[Outcome], of: Sequence[Outcome]) -> str:
    return f"{len(some) / len(of):.3f} ({len(some)} of {len(of)})" if of else "none"


def print_failures(outcomes: Iterable[Outcome]) -> None:
    for found in outcomes:
        held = found.state in HELD
        if held != found.row.true or (held and not found.right):
            print(
                f"{found.state:12s} {found.row.kind:10s} {found.row.sentence}\n{'':24s}{found.row.source}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", action="store_true", help="ask the toy adapter")
    parser.add_argument(
        "--failures", action="store_true", help="print each sentence that was judged wrongly"
    )
    chosen = parser.parse_args()
    outcomes = list(remembered() if chosen.models else written(read_rows()))
    print_table("toy adapter" if chosen.models else "sentences written by hand", outcomes)
    if chosen.failures:
        print_failures(outcomes)


if __name__ == "__main__":
    main()
