"""How long it takes to say what a new version of a manual changes, and what rests on it.

python tests/bench/bench_publishing.py MANUAL [ANSWERS]
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from chatbot.assistant import Assistant
from chatbot.conversations.types import Answer, Citation, Question, Route
from chatbot.curation.impact import impact, try_kept_questions
from chatbot.operations.deployment import open_assistant
from chatbot.settings import Settings
from knowledge.library import Library
from knowledge.types import Manual, Passage
from knowledge.versions.comparison import compare


def answers(assistant: Assistant, live: Manual, passages: tuple[Passage, ...], count: int) -> None:
    """Keep answers that cite five passages each, as real ones do; every twentieth is voted good."""
    chance = random.Random(4)
    for n in range(count):
        cited = chance.sample(passages, min(5, len(passages)))
        pins = tuple(
            Citation(
                i, live.id, live.name, live.product, live.version, live.version_id, live.added, live.paged,
                p.page, p.label, p.section, p.text, p.start, p.end, p.hash,
            )
            for i, p in enumerate(cited, 1)
        )  # fmt: skip
        answer = Answer(f"{n:016x}", "text", "answered", Route("documents", ""), citations=pins)
        heading = " ".join(cited[0].section[-1:]) or "this manual"
        question = Question(f"What about {heading}?", conversation=f"{n // 10:016x}")
        assistant.journal.begin(answer, question, "bench")
        assistant.journal.finish(answer)
        if n % 20 == 0:
            assistant.journal.rate(answer.id, "bench", True)


def put_as_draft(library: Library, path: Path, live: Manual) -> Manual:
    """Store the manual again as a draft in which every thirtieth passage has other words."""
    data = io.BytesIO(path.read_bytes() + b"\n%another edition\n")
    library.run(library.accept(data, path.name, name=live.name, draft=True).id)
    db = library.connections.db
    (draft,) = library.drafts()
    db.execute(
        "UPDATE passages SET hash = hash || 'x', body = replace(body, 'the', 'each') WHERE version_id = ? AND id % 30 = 0",
        [draft.version_id],
    )
    db.execute(
        "UPDATE pages SET text = replace(text, 'the ', 'hte ') WHERE version_id = ? AND number % 30 = 0",
        [draft.version_id],
    )
    return library.version(draft.version_id)


def timed(name: str, work: Callable[[], object]) -> object:
    best, result = 1e9, None
    for _ in range(3):
        begun = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - begun)
    print(f"{name:40s} {best:8.2f} s")
    return result


def main() -> None:
    path = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    with tempfile.TemporaryDirectory() as folder:
        assistant = open_assistant(Settings.load({}, data=Path(folder), ollama_url="none"))
        library = assistant.catalog
        assert isinstance(library, Library)
        with path.open("rb") as stream:
            library.run(library.accept(stream, path.name).id)
        (live,) = library.manuals()
        answers(assistant, live, library.passages_of(live.version_id), count)
        draft = put_as_draft(library, path, live)
        print(f"{live.name}: {live.pages} pages, {live.passages} passages, {count} answers")
        compared = timed("difference", lambda: compare(library, live.version_id, draft.version_id))
        found = timed("impact", lambda: impact(assistant, live, draft.version_id))
        tried = timed(
            "kept questions", lambda: try_kept_questions(assistant, live, draft.version_id)
        )
        print(
            len(compared.changes),
            "sections differ;",
            found.affected,
            "of",
            found.answers,
            "answers;",
            len(found.places),
            "places",
        )  # type: ignore[attr-defined]
        print(tried.asked, "of", tried.kept, "questions,", len(tried.flipped), "come out otherwise")  # type: ignore[attr-defined]
        assistant.close()


if __name__ == "__main__":
    main()
