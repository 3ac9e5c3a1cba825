"""The values of a conversation: a question goes in, steps come out, an answer remains."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from knowledge.types import Evidence

Mode = Literal["auto", "documents", "adapter", "both"]
# What answers in a comparison: the manuals' own words, the shortest of them, a model that writes from them, the adapter, both;
# in the trial of an adapter Auto with that one, and Auto as it is.
Arm = Literal["quotes", "brief", "documents", "adapter", "both", "candidate", "served"]
SentenceState = Literal["verified", "supported", "contradicted", "unsupported", "none"]
Outcome = Literal[
    "answered",
    "choose",
    "unanswered",
    "which product",
    "smalltalk",
    "stopped",
    "interrupted",
    "failed",
]


@dataclass(frozen=True, slots=True)
class Question:
    """What an agent asks. ``product`` is the filter ("" for all); ``conversation`` is an id or "".

    ``passage`` is one of the section that the agent chose to be answered from, 0 when the manuals are searched.
    ``replaces`` is the turn of the conversation that this is another wording of, "" for a new one. ``fresh``: what was
    talked of before does not count.
    """

    text: str
    mode: Mode = "auto"
    product: str = ""
    conversation: str = ""
    passage: int = 0
    replaces: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """Which road was taken, and why in one sentence an agent understands."""

    mode: Mode
    reason: str


# Nearness from which an adapter is taken to know the answer, where its own evaluation has not said another one.
COVERED = 0.8


@dataclass(frozen=True, slots=True)
class Signals:
    """What the router looks at.

    ``match``: probability that the manuals answer. ``coverage``: nearness (0 to 1) of the question to what the adapter
    was trained on; ``unseen``: share (0 to 1) of the evidence that it was not trained on; ``removed``: share of
    what it was trained on that stands in no manual any more. None when there is no adapter or nobody knows. ``adapter`` is its name, "" for none;
    ``covered_from`` the coverage from which it is taken to know the answer.
    """

    match: float
    adapter: str = ""
    coverage: float | None = None
    unseen: float | None = None
    removed: float | None = None
    changed: str = ""
    covered_from: float = COVERED

    @property
    def covered(self) -> bool:
        """Whether the adapter was trained on such a question."""
        return self.coverage is not None and self.coverage >= self.covered_from


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a sentence stands. ``quote`` is exactly the stored page text [start:end] of that version.

    ``hash`` is the passage's content hash; ``n`` is the number of the chip.
    """

    n: int
    manual_id: str
    manual: str
    product: str
    version: int
    version_id: int
    added: str
    paged: bool
    page: int
    label: str
    section: tuple[str, ...]
    quote: str
    start: int
    end: int
    hash: str
    state: SentenceState = "verified"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer, its state, and the numbers of its citations. ``item`` marks a step of a list.

    Where nothing supports it, ``near`` is the nearest quote; ``against`` are the words in which a contradicted one
    differs from it, as (said, held by the manual). ``by`` says who found that it is supported. A ``heading`` is the
    question, or the product, that the sentences after it are about. A ``folded`` one belongs to a long list of which the
    answer's text has only a part; the page opens it in place. The ``key`` is the one that answers by itself. With a
    ``paragraph`` one begins in the manual. A ``row`` is one of a table, with " | " between its cells.
    """

    text: str
    state: SentenceState
    n: tuple[int, ...] = ()
    item: bool = False
    near: Citation | None = None
    against: tuple[tuple[str, str], ...] = ()
    by: Literal["rules", "model"] = "rules"
    heading: bool = False
    folded: bool = False
    key: bool = False
    paragraph: bool = False
    row: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two manuals that say the same with other figures: the citation numbers of both, and (here, there) of each figure."""

    n: int
    other: int
    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Quotes:
    """The manuals' own words on a question; the numbers of ``sentences`` are those of ``citations``."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it is kept. ``seconds`` holds wall time by stage: search, first, total.

    ``text`` carries the marks "[1]" of its citations at the end of each sentence. When ``outcome`` is
    "unanswered", ``evidence`` holds the nearest passages; when "choose", one of each section offered; when it is "which product", or when the manuals disagree
    (``conflicts``), ``products`` the choices; where the filter hides what the question names, ``products`` holds that.
    ``further`` has a passage of each section beside that of an answer; ``quotes`` what the manuals say themselves, where a
    model wrote the answer. ``product`` is the one product that question and answer are about, "" where they are several or what was talked of
    before was left, None where they name none. ``approved`` is the id of the approved answer that this one is, "" for others.
    ``tokens`` are those that a model read and wrote, as its server counted them, None where no model took part.
    """

    id: str
    text: str
    outcome: Outcome
    route: Route
    citations: tuple[Citation, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    notices: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    product: str | None = None
    further: tuple[Evidence, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    quotes: Quotes | None = None
    asked: str = ""
    approved: str = ""
    match: float = 0.0
    model: str = ""
    signals: Signals | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    tokens: tuple[int, int] | None = None


def about(answer: Answer) -> str | None:
    """The product that a question after this answer is about: "" where that is open, None where the answer says nothing
    of it. Answers from before products were kept say it by what they cite."""
    cited = {citation.product for citation in answer.citations} - {""}
    if answer.product is None and cited:
        return cited.pop() if len(cited) == 1 else ""
    return answer.product


@dataclass(frozen=True, slots=True)
class Rating:
    """What an agent thinks of an answer, and why ("" where no reason was given)."""

    good: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer as the conversation shows them; ``asked_at`` is UTC in ISO 8601.

    ``id`` is its answer's, also before there is one. ``earlier`` are the wordings that it replaced, oldest first;
    ``reported``: the agent said that the manuals do not answer it.
    """

    question: Question
    answer: Answer | None
    asked_at: str
    id: str = ""
    rating: Rating | None = None
    reported: bool = False
    earlier: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation in the list: id, title (the first question, or the name given), last change in UTC.

    ``shared``: colleagues may read it.
    """

    id: str
    title: str
    changed: str
    turns: int
    shared: bool = False
