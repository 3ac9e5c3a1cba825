"""Every cell of the routing table; and the signals it looks at."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from chatbot.conversations.types import Signals
from chatbot.routing import nearness as near
from chatbot.routing.nearness import nearness
from chatbot.routing.router import RouteThresholds, route
from chatbot.routing.signals import Trained, signals
from chatbot.routing.training import TrainingNow
from knowledge.library import Library
from knowledge.search.retriever import Search
from tests.support.manuals import PUMP, only, put

LIMITS = RouteThresholds(match=0.5)
STRONG, WEAK = 0.9, 0.1
# (match, coverage, news) with an adapter -> mode and a word of the reason
AUTO = {
    (STRONG, STRONG, 0.0): ("both", "same passages"),
    (STRONG, WEAK, 0.0): ("documents", "not trained on such"),
    (STRONG, STRONG, 0.5): ("both", "has not seen"),
    (STRONG, WEAK, 0.5): ("documents", "has not seen"),
    (STRONG, STRONG, None): ("documents", "unknown"),
    (STRONG, WEAK, None): ("documents", "unknown"),
    (STRONG, None, 0.0): ("documents", "not trained on such"),
    (STRONG, None, 0.5): ("documents", "has not seen"),
    (STRONG, None, None): ("documents", "unknown"),
    (WEAK, STRONG, 0.0): ("adapter", "Not found in the manuals"),
    (WEAK, STRONG, 0.5): ("adapter", "Not found in the manuals"),
    (WEAK, STRONG, None): ("adapter", "Not found in the manuals"),
    (WEAK, WEAK, 0.0): ("documents", "Neither"),
    (WEAK, WEAK, 0.5): ("documents", "Neither"),
    (WEAK, WEAK, None): ("documents", "Neither"),
    (WEAK, None, 0.0): ("documents", "Neither"),
    (WEAK, None, 0.5): ("documents", "Neither"),
    (WEAK, None, None): ("documents", "Neither"),
}


def test_memory_alone_is_not_trusted_when_its_sources_have_changed() -> None:
    chosen = route("auto", Signals(WEAK, "desk:v1", STRONG, 0.0, removed=0.1), LIMITS)
    assert chosen.mode == "both"
    assert "have changed" in chosen.reason


def test_the_table_is_whole() -> None:
    assert set(AUTO) == set(
        itertools.product((STRONG, WEAK), (STRONG, WEAK, None), (0.0, 0.5, None))
    )


@pytest.mark.parametrize(("cell", "expected"), AUTO.items())
def test_auto(cell: tuple[float, float | None, float | None], expected: tuple[str, str]) -> None:
    match, coverage, news = cell
    chosen = route(
        "auto", Signals(match, "desk:v1", coverage, news, changed="2026-11-12T10:00:00Z"), LIMITS
    )
    assert chosen.mode == expected[0]
    assert expected[1] in chosen.reason


@pytest.mark.parametrize(
    ("match", "word"), [(STRONG, "cover this"), (WEAK, "Nothing in the manuals")]
)
def test_without_an_adapter_the_documents_answer(match: float, word: str) -> None:
    chosen = route("auto", Signals(match), LIMITS)
    assert chosen.mode == "documents"
    assert word in chosen.reason


@pytest.mark.parametrize("mode", ["documents", "adapter", "both"])
@pytest.mark.parametrize("cell", AUTO)
def test_the_agents_choice_wins_and_is_explained(
    mode: str, cell: tuple[float, float | None, float | None]
) -> None:
    chosen = route(mode, Signals(cell[0], "desk:v1", cell[1], cell[2]), LIMITS)  # type: ignore[arg-type]
    assert chosen.mode == mode
    assert chosen.reason.startswith("You chose")
    assert route(mode, Signals(cell[0]), LIMITS).mode == "documents"  # type: ignore[arg-type]


def test_news_is_what_the_adapter_has_not_seen(library: Library) -> None:
    put(library, "pump.md", PUMP)
    search = Search(library, library.index)
    found = search.find("How do I replace the seal?")
    seen = frozenset(
        e.passage.hash for e in search.find("seal filter pump motor", limit=50).evidence
    )
    assert signals("q", found, Trained("a", seen, None)).unseen == 0.0
    put(library, "pump.md", PUMP.replace("12 Nm", "14 Nm"))
    facts = signals("q", search.find("How do I replace the seal?"), Trained("a", seen, None))
    assert facts.unseen is not None and facts.unseen > 0
    assert facts.changed == only(library).added
    elsewhere = signals("q", search.find("How do I clean the filter?"), Trained("a", seen, None))
    assert elsewhere.unseen == 0.0, "a change elsewhere in the manual is no news here"


TWO_FACTS = f"{PUMP}\n## Data\n\nThe pump weighs 12 kg. The cable of the pump is 2 m long.\n"


def test_news_is_told_by_sentence(library: Library) -> None:
    put(library, "pump.md", TWO_FACTS)
    search = Search(library, library.index)
    seen = frozenset(e.passage.hash for e in search.find("pump", limit=50).evidence)
    trained = Trained("a", seen, None)
    put(library, "pump.md", TWO_FACTS.replace("12 kg", "14 kg"))
    for text, news in (
        ("How much does the pump weigh?", True),
        ("How long is the cable?", False),
        ("How do I handle the cable of the pump?", True),  # all of what is said may be needed
    ):
        facts = signals(text, search.find(text), TrainingNow(library).of(trained))
        assert bool(facts.unseen) == news, text
        assert bool(facts.changed) == news and facts.removed


def test_an_adapters_own_evaluation_says_from_where_on_it_knows(library: Library) -> None:
    put(library, "pump.md", PUMP)
    found = Search(library, library.index).find("How do I replace the seal?")
    asked = ("How is the seal of the pump to be replaced?",)
    facts = signals("How do I replace the seal?", found, Trained("a", frozenset(), asked))
    assert facts.coverage is not None and not facts.covered
    low = Trained("a", frozenset(), asked, covered_from=facts.coverage)
    assert signals("How do I replace the seal?", found, low).covered


def test_what_nobody_wrote_down_is_unknown(library: Library) -> None:
    put(library, "pump.md", PUMP)
    found = Search(library, library.index).find("How do I replace the seal?")
    assert signals("q", found, Trained("a", None, None)) == Signals(round(found.match, 4), "a")
    assert signals("q", found, None) == Signals(round(found.match, 4))


def test_nearness_tells_codes_apart() -> None:
    trained = (
        "What does error E04 mean?",
        "How do I clean the print head?",
        "How do I reset the printer?",
    )
    assert nearness("What does error E04 mean?", trained) > 0.95
    assert nearness("Please tell me: what does error E04 mean?", trained) > 0.8
    assert nearness("What does error E17 mean?", trained) < 0.8
    assert nearness("Which vaccine does my cat need?", trained) < 0.3
    assert nearness("", trained) == nearness("anything", ()) == 0.0


def test_the_training_is_read_once_and_not_for_each_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trained = tuple(f"What does error E{n:02} mean on this printer?" for n in range(40))
    read: list[int] = []

    class Counting:
        def encode(self, texts: list[str]) -> np.ndarray:
            read.append(len(texts))
            return np.ones((len(texts), 1), dtype=np.float32)

    monkeypatch.setattr(near, "load_encoder", Counting)
    near._read.cache_clear()
    for n in range(3):
        assert nearness(f"What does error E{n:02} mean on this printer?", trained) == 1
    assert nearness("What about E07?", (*trained, "What about it?")) < 1
    assert read == [40, 1, 1, 1, 41, 1], "an adapter of other questions is another one"
    near._read.cache_clear()
