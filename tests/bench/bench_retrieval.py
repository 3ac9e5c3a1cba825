"""Quality of search and of quoted answers on the real manuals, beside LlamaIndex's splitter; prints a table.

python tests/bench/bench_retrieval.py [FOLDER with markdown/, pdf/ and html/]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bench")]

from questions import OFF_TOPIC  # noqa: E402

from chatbot.assistant import Assistant  # noqa: E402
from chatbot.operations.deployment import open_assistant  # noqa: E402
from chatbot.settings import Settings  # noqa: E402
from chatbot.trials.evaluation.evaluate import Case, evaluate, rank, read_cases  # noqa: E402
from knowledge.ingestion import preparation, worker  # noqa: E402
from knowledge.ingestion.chunking import NewPassage, Section, split  # noqa: E402
from knowledge.ingestion.meanings import fill_all  # noqa: E402
from knowledge.parsing import read_file  # noqa: E402
from knowledge.search import asking, retriever  # noqa: E402
from knowledge.search.embeddings import load_encoder  # noqa: E402
from knowledge.text import digest, readable  # noqa: E402
from knowledge.types import Document, Limits  # noqa: E402

DATA = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data"


def assistant_on(files: Sequence[Path]) -> Assistant:
    assistant = open_assistant(Settings.load({}, data=Path(tempfile.mkdtemp())))
    for path in files:
        with path.open("rb") as stream:
            assistant.catalog.run(assistant.catalog.accept(stream, path.name).id)
    return assistant


def llama_split(
    size: int,
) -> Callable[[Document], tuple[tuple[Section, ...], tuple[NewPassage, ...]]]:
    """The same sections, cut by LlamaIndex's SentenceSplitter instead of ours."""
    from llama_index.core.node_parser import SentenceSplitter

    splitter = SentenceSplitter(chunk_size=size, chunk_overlap=0)

    def cut(document: Document) -> tuple[tuple[Section, ...], tuple[NewPassage, ...]]:
        sections, drafts = split(document)[0], []
        for number, section in enumerate(sections):
            page = document.pages[section.page - 1]
            blocks = [
                b
                for b in page.blocks
                if b.kind != "heading" and section.start <= b.start < section.end
            ]
            if not blocks:
                continue
            first, last = blocks[0].start, blocks[-1].end
            position = first
            for chunk in splitter.split_text(page.text[first:last]):
                position = page.text.index(chunk, position)
                text = readable(chunk)
                drafts.append(
                    NewPassage(
                        page.number,
                        page.label,
                        number,
                        position,
                        position + len(chunk),
                        text,
                        digest(text),
                    )
                )
        return sections, tuple(drafts)

    return cut


def prepared_here(
    path: Path, name: str, limits: Limits, *_: object, **__: object
) -> preparation.PreparedDocument:
    """As ``prepare_file``, in this process, where the splitter can be exchanged."""
    document = read_file(path, name, limits)
    return preparation.prepare(document, load_encoder(), name, limits.max_passages)


def figures(ranks: Sequence[int]) -> str:
    share = [sum(0 < place <= k for place in ranks) / len(ranks) for k in (1, 5)]
    return f"R@1 {share[0]:.2f}   R@5 {share[1]:.2f}   MRR {sum(1 / place for place in ranks if place) / len(ranks):.3f}"


def ranks_of(
    assistant: Assistant,
    cases: Sequence[Case],
    product: str = "",
    reword: Callable[[str], str] = str,
) -> list[int]:
    return [
        rank(case, assistant.search.find(reword(case.question), product).evidence) for case in cases
    ]


def main() -> None:
    phone, cases = (
        DATA / "markdown/galaxy-s10.md",
        read_cases(DATA / "markdown/galaxy-s10.cases.jsonl"),
    )
    assistant = assistant_on([phone])
    print(f"S10 alone                   {figures(ranks_of(assistant, cases))}")
    report = evaluate(assistant, cases, "documents")
    print(
        f"  quoted answers            ROUGE-L F {report.rouge_l:.3f}   BLEU {report.bleu:.1f}   refused {report.abstained:.2f}"
    )
    refused = sum(
        assistant.search.find(question).match < assistant.settings.min_match
        for question in OFF_TOPIC
    )
    print(f"  {len(OFF_TOPIC)} other questions        refused {refused / len(OFF_TOPIC):.2f}")
    ours, in_child = preparation.split, worker.prepare_file
    worker.prepare_file = prepared_here
    for size in (128, 256, 512):
        preparation.split = llama_split(size)
        print(f"  SentenceSplitter {size:<8} {figures(ranks_of(assistant_on([phone]), cases))}")
    preparation.split, worker.prepare_file = ours, in_child
    everything = assistant_on(sorted((DATA / "markdown").glob("*.md")))
    print(f"33 phones, no product       {figures(ranks_of(everything, cases))}")
    print(
        f"33 phones, product named    {figures(ranks_of(everything, cases, reword=lambda q: q.rstrip(' ?') + ' on the Galaxy S10?'))}"
    )
    print(f"33 phones, product filter   {figures(ranks_of(everything, cases, 'Galaxy S10'))}")
    print(f"search, {everything.catalog.counts().passages:,} passages, CPU")
    print(f"  meaning made for it       {speed(everything, cases)}")
    fill_all(everything.catalog.connections)
    print(f"  meaning stored            {speed(everything, cases)}")
    asking.load_sentence_encoder = retriever.load_sentence_encoder = lambda: None
    print(f"  without whole sentences   {speed(everything, cases)}")


def speed(assistant: Assistant, cases: Sequence[Case]) -> str:
    """CPU time of a search, nothing being remembered of the questions before."""
    seconds = []
    for case in cases:
        if encoder := retriever.load_sentence_encoder():
            encoder.of_passage.cache_clear()
        begun = time.process_time()
        assistant.search.find(case.question)
        seconds.append(time.process_time() - begun)
    seconds.sort()
    return f"p50 {seconds[len(seconds) // 2] * 1e3:.0f} ms   p95 {seconds[int(len(seconds) * 0.95)] * 1e3:.0f} ms"


if __name__ == "__main__":
    main()
