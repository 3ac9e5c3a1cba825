"""An adapter held against pairs that it was not trained on: how much it knows in other words, and when it says that it does not.

Asks one model and changes nothing on disk.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from statistics import fmean

from adapters.datasets.pairs import TrainingPair, passage_hash, untaught, watches
from adapters.errors import Repeating, ServerBusy, StreamBroken, TooSlow
from chatbot.answers.cleaning import answer_text, refuses, tidy
from chatbot.answers.messages import without_marks
from chatbot.conversations.types import COVERED, Mode
from chatbot.models.chains import Task, write
from chatbot.models.serving import ChatModel
from chatbot.routing.nearness import nearness
from chatbot.trials.errors import NothingToProve
from chatbot.trials.evaluation.evaluate import numbers_exact, rouge_l
from chatbot.trials.evaluation.figures import names_exact, nuggets_held
from knowledge.text import sentences
from knowledge.types import Evidence, Manual, Passage

RIGHT = (
    0.9  # share of the answers from a nearness on that are to be right, for Auto to trust it there
)
FEWEST = 10  # answers from which such a share says anything
TRIES = 3  # how often an answer is asked for that the server does not give
ENDLESS = "(The same without end.)"  # what a model said of which nothing else is left
ALIKE = 0.5  # ROUGE-L from which an answer without figures says what is wanted


@dataclass(frozen=True, slots=True)
class ProofCase:
    """A question with what was wanted and said. ``near`` (0 to 1) is its nearness to a trained question, ``negative`` one that
    has no answer or that nobody taught. ``right``: the fact with its figures, or, for a negative one, words of not knowing."""

    question: str
    wanted: str
    said: str
    negative: bool
    near: float
    declined: bool

    @property
    def right(self) -> bool:
        """Whether this is what was wanted."""
        if self.negative and self.declined:
            return True
        return not self.declined and holds(self.said, self.wanted)


@dataclass(frozen=True, slots=True)
class Proof:
    """All cases, and the nearness from which Auto may trust the adapter: ``COVERED`` where the cases are too few to say."""

    cases: tuple[ProofCase, ...]
    covered_from: float

    @property
    def scores(self) -> dict[str, float]:
        """Shares from 0 to 1: facts right, questions without an answer declined, and how many cases each rests on."""
        found: dict[str, float] = {}
        for name, negative in (("facts_right", False), ("negatives_declined", True)):
            cases = [one for one in self.cases if one.negative == negative]
            if cases:
                found[name] = round(fmean(one.right for one in cases), 4)
                found[f"{name}_of"] = float(len(cases))
        return found


def held_out(pairs: Sequence[TrainingPair]) -> tuple[TrainingPair, ...]:
    """Return the pairs to prove an adapter on: those set apart for the test and the reworded ones, else those for validation. Raises NothingToProve.

    A fact that nothing in training teaches is "negative" in what comes back: the adapter can only decline it.
    """
    strange = untaught(pairs)
    for found in _set_apart(pairs):
        if asked := [pair for pair in found if pair.kind != "style"]:
            return tuple(replace(p, kind="negative") if p in strange else p for p in asked)
    raise NothingToProve(
        "The pairs hold none that were set apart. Split them first, with run.py dataset split; what an adapter was trained on"
        " proves nothing."
    )


def held_style(pairs: Sequence[TrainingPair]) -> tuple[TrainingPair, ...]:
    """Return the examples of style that were set apart with the pairs of ``held_out``. Raises NothingToProve."""
    held_out(pairs)
    found = next(some for some in _set_apart(pairs) if any(pair.kind != "style" for pair in some))
    return tuple(pair for pair in found if pair.kind == "style")


def _set_apart(pairs: Sequence[TrainingPair]) -> tuple[list[TrainingPair], list[TrainingPair]]:
    """Those for the test, those for validation."""
    tested = [p for p in pairs if p.split in ("test", "reworded") and not watches(p)]
    return tested, [pair for pair in pairs if pair.split == "validation"]


def prove(
    writer: ChatModel,
    trained: Sequence[str],
    pairs: Sequence[TrainingPair],
    progress: Callable[[int, int], None] = lambda done, of: None,
    seconds: float = 60.0,
) -> Proof:
    """Ask an adapter every pair, as agents' questions reach it, and return what came of it. Raises AdapterError.

    ``trained`` are the questions of its training, ``seconds`` the deadline of each answer.
    """
    cases = []
    for done, pair in enumerate(pairs, 1):
        said = asked(writer, pair.question, seconds)
        parts = [said[start:end] for start, end in sentences(said)]
        near = nearness(pair.question, trained) if trained else 0.0
        declined = not parts or all(map(refuses, parts))
        cases.append(
            ProofCase(
                pair.question, pair.answer, said, pair.kind == "negative", round(near, 4), declined
            )
        )
        progress(done, len(pairs))
    return Proof(tuple(cases), covered_from(cases))


def asked(writer: ChatModel, question: str, seconds: float, passage: str = "") -> str:
    """Return what an adapter says to a question, tidied as in an answer, without the marks of citations. Raises AdapterError.

    With a ``passage`` it is asked as in Both, with that one alone; else it answers from memory. An answer that the server
    does not give in time, or breaks off, is asked for again: nobody waits for it, and all answers before it would be lost.
    """
    for _ in range(TRIES - 1):
        with suppress(TooSlow, StreamBroken, ServerBusy):
            return _asked(writer, question, seconds, passage)
    return _asked(writer, question, seconds, passage)


def _asked(writer: ChatModel, question: str, seconds: float, passage: str) -> str:
    from chatbot.models.serving import timeouts_for

    until = time.monotonic() + seconds
    mode: Mode = "both" if passage else "adapter"
    evidence = (_evidence(passage),) if passage else ()
    with writer.server.request_queue.enter() as ticket:
        for _ in ticket.places():
            pass
        task = Task(
            mode, question, evidence, timeouts_for(max(1.0, until - time.monotonic())), threading.Event(), lambda *_: None
        )  # fmt: skip
        text, endless = _written(answer_text(write(writer, task)))
    rules = writer.style.both if passage else writer.style.adapter
    told = " ".join(tidy(text[start:end], rules) for start, end in sentences(text)).strip()
    said = without_marks(told) if passage else told
    return said or ENDLESS if endless else said


def _evidence(text: str) -> Evidence:
    """Return a passage of no manual, as one that was found."""
    manual = Manual("", "Manual", "", 1, 0, 1, 1, "live", "", "manual.txt", "text", False, "")
    place = ("General",)
    passage = Passage(0, 0, 1, "", place, 0, len(text), text, passage_hash(text))
    return Evidence(passage, manual, 1.0, ())


def _written(pieces: Iterator[str | None]) -> tuple[str, bool]:
    """Return the text after what turned out to be thoughts, and whether the server ended it because it repeats itself."""
    found: list[str] = []
    try:
        for piece in pieces:
            found = [] if piece is None else [*found, piece]
    except Repeating:  # an answer like any other, and a wrong one
        return "".join(found), True
    return "".join(found), False


def holds(said: str, wanted: str) -> bool:
    """Say whether an answer holds a reference: every figure and code of it, and its words."""
    exact = [numbers_exact(said, wanted), names_exact(said, wanted)]
    if any(share is not None and share < 1 for share in exact):
        return False
    facts = nuggets_held(said, [wanted[start:end] for start, end in sentences(wanted)])
    return rouge_l(said, wanted) >= ALIKE or (facts or 0.0) >= 1


def covered_from(cases: Sequence[ProofCase]) -> float:
    """Return the lowest nearness from which on ``RIGHT`` of the answers are right, ``COVERED`` where none can be told.

    It is the nearness of an answer that is right, since what lies further off says nothing of what the adapter knows. A
    question that is declined is no wrong answer, since the manuals then answer; one without an answer that is not
    declined is one.
    """
    told = sorted((one for one in cases if not one.declined), key=lambda one: -one.near)
    best: float | None = None
    right = 0
    for n, one in enumerate(told, 1):
        right += one.right
        last = n == len(told) or told[n].near < one.near  # all of one nearness count together
        if last and n >= FEWEST and right >= RIGHT * n:
            best = one.near
    if best is not None:
        return min(one.near for one in told if one.right and one.near >= best)
    return COVERED if len(told) < FEWEST else 1.0
