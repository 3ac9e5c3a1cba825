"""What the router looks at: how well the manuals match, and what the adapter knows of the question and the evidence.

Compares hashes and words; decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from chatbot.conversations.types import COVERED, Signals
from chatbot.routing.nearness import nearness
from chatbot.routing.question_kind import in_one_sentence
from knowledge.search.languages import content_stems, stems
from knowledge.search.products.names import without_product
from knowledge.text import sentences
from knowledge.types import Evidence, SearchResult

NEAR = 0.75  # evidence from this share of the best score on is what an answer would stand on
DEEP = 3


@dataclass(frozen=True, slots=True)
class Trained:
    """What is known of an adapter's training: passage hashes and questions; None when nobody wrote them down.

    ``covered_from`` is the nearness to a trained question from which it knows the answer. ``sentences`` are those of the
    passages it was trained on, as ``plain_sentences`` gives them; ``removed`` of these passages stand in no live manual.
    """

    name: str
    hashes: frozenset[str] | None
    questions: tuple[str, ...] | None
    covered_from: float = COVERED
    sentences: frozenset[str] = frozenset()
    removed: int = 0


def signals(question: str, found: SearchResult, trained: Trained | None) -> Signals:
    """The signals of one question; without an adapter only the match counts."""
    if trained is None:
        return Signals(round(found.match, 4))
    # The adapter's own product need not be named in its training questions.
    plain = without_product(question, found.evidence[0].manual.product if found.evidence else "")
    coverage = (
        None
        if trained.questions is None
        else round(max(nearness(text, trained.questions) for text in {question, plain}), 4)
    )
    basis = standing(found.evidence)
    news = [] if trained.hashes is None else [e for e in basis if _is_news(e, plain, trained)]
    unseen = None if trained.hashes is None else round(len(news) / len(basis), 4) if basis else 0.0
    changed = max((e.manual.added for e in news), default="")
    lost = (
        None if trained.hashes is None else round(trained.removed / max(len(trained.hashes), 1), 4)
    )
    return Signals(
        round(found.match, 4), trained.name, coverage, unseen, lost, changed, trained.covered_from
    )


def standing(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence that an answer would stand on: the best passages, at most three."""
    return tuple(found for found in evidence[:DEEP] if found.score >= NEAR * evidence[0].score)


def beside(evidence: Sequence[Evidence], cited: Set[str], facts: Signals | None) -> bool:
    """Say whether an answer from memory is held by other passages than the question's own, of which some were not trained.

    ``cited`` are the hashes of the passages that hold it.
    """
    own = {found.passage.hash for found in standing(evidence)}
    return facts is not None and bool(facts.unseen) and not cited & own


def plain_sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text as they are compared: in small letters, with single blanks and no marks at the ends."""
    spans = (text[start:end] for start, end in sentences(text))
    return tuple(
        plain for one in spans if (plain := " ".join(one.split()).strip(" .,;:|*-").casefold())
    )


def _is_news(found: Evidence, question: str, trained: Trained) -> bool:
    """Say whether a passage holds something on a question that the adapter was not trained on.

    Where one sentence answers it, a passage of which another one has changed is none: of the sentences nearest to the
    question, by half of what the nearest shares with it, each is looked for among the trained ones.
    """
    assert trained.hashes is not None
    if found.passage.hash in trained.hashes:
        return False
    if not trained.sentences or not in_one_sentence(question):
        return any(one not in trained.sentences for one in plain_sentences(found.passage.text))
    language = found.passage.language
    asked = frozenset(content_stems(question, language))
    shared = {
        one: len(asked & frozenset(stems(one, language)))
        for one in plain_sentences(found.passage.text)
    }
    nearest = max(shared.values(), default=0)
    return any(one not in trained.sentences for one, n in shared.items() if 2 * n >= nearest)
