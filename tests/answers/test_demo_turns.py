"""Whole turns with a real Ollama and the toy models: every mode, and what a changed manual does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.demo.facts import FACTS
from chatbot.answers.messages import without_marks
from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Answer, Question
from chatbot.operations.deployment import open_assistant
from chatbot.settings import Settings
from tests.support import toy
from tests.support.manuals import ROOT, put
from tests.support.ollama_server import running_ollama
from tests.support.toy.cases import trained
from tests.support.toy_models import trained_models

pytestmark = pytest.mark.demo

PRODUCT = "Aurora X200 label printer"
# Ten sentences of the sample manual, and what the new version says instead.
CHANGES = {
    "The print head weighs 85 grams.": "The print head weighs 97 grams.",
    "The ribbon has a width of 110 millimetres.": "The ribbon has a width of 116 millimetres.",
    "The printer weighs 2400 grams.": "The printer weighs 2750 grams.",
    "The print head lasts 1200 hours.": "The print head lasts 1500 hours.",
    "The rubber roller lasts 3500 hours.": "The rubber roller lasts 4100 hours.",
    "The warranty of the printer is 24 months.": "The warranty of the printer is 36 months.",
    "A new ribbon costs 19 euros.": "A new ribbon costs 23 euros.",
    "A new print head costs 210 euros.": "A new print head costs 260 euros.",
    "The printer uses 90 watts.": "The printer uses 70 watts.",
    "The cutter has part number CT-077.": "The cutter has part number CT-088.",
}
# Where the manual's prose says the same, it changes too.
PROSE = {
    "about 1200 hours": "about 1500 hours",
    "is 24 months from": "is 36 months from",
    "order part CT-077": "order part CT-088",
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("demo")
    models = trained_models()
    with running_ollama(folder / "models") as url:
        chosen = Settings.load({}, data=folder / "data", ollama_url=url)
        made = open_assistant(chosen)
        toy.serve(models, made)
        made.warm()
        yield made
        made.close()


def ask(assistant: Assistant, question: str, mode: str = "auto") -> Answer:
    return ask_once(assistant, Question(question, mode, PRODUCT))  # type: ignore[arg-type]


def right(assistant: Assistant, mode: str) -> int:
    return sum(
        fact.sentence in without_marks(ask(assistant, trained(fact)[0], mode).text)
        for fact in FACTS
    )


def test_the_adapter_knows_its_fifty_facts_and_they_are_cited_afterwards(
    assistant: Assistant,
) -> None:
    assert right(assistant, "adapter") >= 48
    answer = ask(assistant, "What does error E04 mean?", "adapter")
    assert answer.sentences[0].state == "verified"
    assert answer.citations[0].section == ("Specifications and codes", "Error codes")


def test_both_follow_the_passages_and_remember(assistant: Assistant) -> None:
    assert right(assistant, "both") >= 40


def test_documents_are_answered_by_the_base_and_every_shown_source_is_one(
    assistant: Assistant,
) -> None:
    answers = [ask(assistant, trained(fact)[0], "documents") for fact in FACTS[:20]]
    assert {answer.route.mode for answer in answers} == {"documents"}
    assert all(a.tokens and a.tokens[0] > a.tokens[1] > 0 for a in answers if a.model)
    for answer in answers:
        for citation in answer.citations:
            assert (
                citation.quote
                == assistant.catalog.page(citation.version_id, citation.page).text[
                    citation.start : citation.end
                ]
            )


def test_the_signals_are_told(assistant: Assistant) -> None:
    facts = ask(assistant, "What does error E04 mean?").signals
    assert facts is not None
    assert (facts.adapter, facts.unseen) == ("toy-x200", 0.0)
    assert facts.coverage is not None and facts.coverage > 0.9


def test_a_changed_manual_is_news_and_wins_over_memory(
    assistant: Assistant, tmp_path: Path
) -> None:
    import sys

    sys.path.insert(0, str(ROOT / "tests" / "samples"))
    import make

    text = make.manual_text("X200")
    for old, new in (CHANGES | PROSE).items():
        assert old in text
        text = text.replace(old, new)
    made = make.Manual(tmp_path / "aurora-x200.pdf", text.split("\n")[0].lstrip("# "))
    made.build(make.flowables(text))
    job = put(assistant.catalog, "aurora-x200.pdf", (tmp_path / "aurora-x200.pdf").read_bytes())
    assert job.state == "done"
    asked = {fact.sentence: trained(fact)[0] for fact in FACTS}
    answers = {old: ask(assistant, asked[old]) for old in CHANGES}
    routes = {answer.route.mode for answer in answers.values()}
    assert routes <= {"documents", "both"}, {old: answer.route for old, answer in answers.items()}
    shown = [CHANGES[old] in without_marks(answer.text) for old, answer in answers.items()]
    assert sum(shown) >= 8, {old: answer.text for old, answer in answers.items()}
    for old, answer in answers.items():
        assert not [
            s for s in answer.sentences if s.text == old and s.state in ("verified", "supported")
        ]
