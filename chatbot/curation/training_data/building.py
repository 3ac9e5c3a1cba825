"""Builds pairs from approved answers and manuals: what each source gave, what was thrown away and why.

The pairs of a passage are one group, whoever wrote them, so that training never sees what a test asks for.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from adapters.datasets.pairs import TrainingPair
from adapters.datasets.store import DataSetContent, DataSetNote
from adapters.errors import AdapterError, Stopped
from chatbot.answers.messages import SMALL_TALK
from chatbot.curation.approved.places import as_now
from chatbot.curation.training_data.negatives import negatives
from chatbot.curation.training_data.paraphrases import AskedFact, paraphrases
from chatbot.curation.training_data.passages import (
    ReadPassage,
    chosen,
    manuals_of,
    read_passages,
    said_in,
)
from chatbot.curation.training_data.statements import Statement
from chatbot.curation.training_data.teacher import NoTeacher, taught
from chatbot.curation.training_data.wordings import named, questions, reworded
from chatbot.errors import ChatError, NoManuals
from chatbot.grounding.attribution import source_of
from chatbot.grounding.verifier import Source, Verifier
from knowledge.text import readable
from knowledge.types import Evidence

if TYPE_CHECKING:
    from chatbot.assistant import Assistant
    from chatbot.curation.approved.types import ApprovedAnswer
    from chatbot.models.serving import ChatModel

log = logging.getLogger(__name__)
NEGATIVES = 0.15  # share of all pairs that is "not in the manual"
_HOLDS = ("verified", "supported", "none")
GIVE_UP = 3  # passages in a row for which the teacher fails before it is not asked any more
_COURTESIES = {
    "greeting": ("Hello", "Hi there", "Good morning"),
    "thanks": ("Thank you", "Thanks, that helped", "Great, thank you"),
    "goodbye": ("Goodbye", "Bye", "See you"),
    "how are you": ("How are you?", "How is it going?"),
    "who": ("Who are you?", "Are you a person?"),
    "what": ("What can you do?", "What can I ask you?"),
}
Progress = Callable[[str, int, int], None]  # what is being done, how much of it, of how much


def _nobody(what: str, done: int, total: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class BuildOrder:
    """What pairs are made from. ``products``: those whose manuals and answers are taken, all where none is named.

    ``wordings`` is how many questions each fact gets; ``teacher`` asks the chat model for pairs, and for other wordings of
    its own questions and of approved ones, as well. ``carried`` are pairs of an
    earlier set, which are taken over where the passage that they rest on still stands.
    """

    products: tuple[str, ...] = ()
    approved: bool = True
    passages: bool = True
    teacher: bool = False
    negatives: bool = True
    style: bool = True
    wordings: int = 5
    carried: DataSetContent | None = None


@dataclass(frozen=True, slots=True)
class BuiltPairs:
    """The pairs, the texts of their passages by hash, how many each source gave, and what was thrown away."""

    pairs: tuple[TrainingPair, ...]
    contexts: Mapping[str, str]
    sources: Mapping[str, int]
    notes: tuple[DataSetNote, ...]


class NothingBuilt(ChatError):
    hint = "Choose more sources, or a larger chat model as the teacher."


@dataclass(slots=True)
class _Build:
    assistant: Assistant
    order: BuildOrder
    stop: threading.Event
    progress: Progress
    pairs: list[TrainingPair] = field(default_factory=list)
    contexts: dict[str, str] = field(default_factory=dict)
    sources: Counter[str] = field(default_factory=Counter)
    notes: list[DataSetNote] = field(default_factory=list)

    def add(self, source: str, pair: TrainingPair) -> None:
        self.pairs.append(pair)
        self.sources[source] += 1

    @property
    def named(self) -> bool:
        """Whether questions name their product: several share the library, and the adapter."""
        return len(self.assistant.catalog.products()) > 1


def build(
    assistant: Assistant,
    order: BuildOrder,
    progress: Progress = _nobody,
    stop: threading.Event | None = None,
) -> BuiltPairs:
    """Make pairs of everything that the order names; nothing is kept.

    Raises NoManuals where there is nothing to make them of, Stopped, and AdapterError where the teacher cannot be asked.
    """
    made = _Build(assistant, order, stop or threading.Event(), progress)
    if order.approved:
        for one in assistant.approved.listed():
            _from_approved(made, one)
    read = [
        passage
        for manual in manuals_of(assistant.catalog, order.products)
        for passage in read_passages(assistant.catalog, manual)
    ]
    found: list[tuple[ReadPassage, Statement]] = []
    if order.passages:
        found = _from_passages(made, read)
    if order.teacher:
        _from_teacher(made, read)
    if order.carried:
        _carry(made, order.carried)
    if not made.pairs:
        raise _nothing(made)
    if order.style:
        _add_courtesies(made)
    if order.negatives:
        count = round(len(made.pairs) * NEGATIVES / (1 - NEGATIVES))
        for pair in negatives(found or _statements(read), read, count, made.named):
            made.add("Not in the manual", pair)
    used = {pair.passage_hash for pair in made.pairs}
    contexts = {r.passage.hash: r.passage.text for r in read if r.passage.hash in used}
    return BuiltPairs(
        tuple(made.pairs), {**made.contexts, **contexts}, dict(made.sources), tuple(made.notes)
    )


def _nothing(made: _Build) -> ChatError:
    """The reason why there is not a single pair."""
    if made.notes:
        first = made.notes[0]
        count = len(made.notes)
        return NothingBuilt(
            f"No pair is left: of {count:,} tries none held, the first in {first.where}. {first.why}"
        )
    return NoManuals("There is nothing to make pairs of: no approved answer, and no manual that says anything a template asks for.")  # fmt: skip


def _from_approved(made: _Build, one: ApprovedAnswer) -> None:
    """Take an approved answer whose sources are current, in several wordings, and as an example of how the team writes."""
    if one.state != "approved":
        return
    if made.order.products and one.product and one.product not in made.order.products:
        return
    tied = as_now(made.assistant.catalog, one.tied)
    where = f"approved answer “{one.question[:80]}”"
    if tied is None or not tied.citations:
        made.notes.append(DataSetNote("left out", where, "What it rests on has changed since."))
        return
    place = tied.citations[0]
    product = one.product or place.product
    passage = made.assistant.catalog.passage_at(place.version_id, place.page, place.start)
    if passage:
        made.contexts[passage.hash] = passage.text
    question = named(one.question, product, 0) if made.named and product else one.question
    known = {
        "group": place.hash, "passage_hash": place.hash, "manual": place.manual, "version": place.version,
        "origin": "approved", "approver": one.decided_by or "admin",
    }  # fmt: skip
    wordings = list(reworded(question, made.order.wordings))
    if made.order.teacher and passage:
        fact = AskedFact(question, one.text, passage.text, passage.language)
        wordings += _otherwise(made, fact, where)
    for wording in wordings:
        made.add("Approved answers", TrainingPair(wording, one.text, "fact", **known))  # type: ignore[arg-type]
    if made.order.style:
        quotes = " ".join(dict.fromkeys(readable(c.quote) for c in tied.citations))
        if quotes != " ".join(one.text.split()):
            asked = f"Write this as we write to customers: {quotes}"
            made.add("Approved answers", TrainingPair(asked, one.text, "style", **known))  # type: ignore[arg-type]


def _statements(read: Sequence[ReadPassage]) -> list[tuple[ReadPassage, Statement]]:
    return chosen([(one, said) for one in read if one.english for said in said_in(one)])


def _from_passages(
    made: _Build, read: Sequence[ReadPassage]
) -> list[tuple[ReadPassage, Statement]]:
    """Take what templates ask of the passages; an answer that the passage does not support is thrown away."""
    foreign = Counter(one.manual.name for one in read if not one.english)
    for name, count in foreign.items():
        why = f"{count} of its passages are not in English, which the templates need. A chat model as a teacher writes in any language."
        made.notes.append(DataSetNote("left out", f"manual “{name}”", why))
    found = _statements(read)
    judges: dict[int, Verifier] = {}
    kept = []
    for number, (one, said) in enumerate(found, 1):
        _check(made)
        if one.passage.id not in judges:
            judges = {one.passage.id: Verifier([_source(made, one)])}
        # What a cell says stands in its row word for word, which is no sentence that could be judged
        cell = said.form.startswith("cell ")
        if not cell and judges[one.passage.id].verify(said.answer).state not in _HOLDS:
            why = f"The passage does not say: “{said.answer}”"
            made.notes.append(DataSetNote("thrown away", _where(one), why))
            continue
        kept.append((one, said))
        product = one.manual.product if made.named else ""
        for question in questions(said, product, made.order.wordings):
            made.add("Templates", _pair(one, question, said.answer, "template"))
        made.progress("templates", number, len(found))
    return kept


def _from_teacher(made: _Build, read: Sequence[ReadPassage]) -> None:
    """Take what a chat model asks of the passages and answers from them. Raises AdapterError where it never answers."""
    writer = _teacher(made)
    failed = 0
    for number, one in enumerate(read, 1):
        _check(made)
        source, place = _source(made, one), _where(one)
        try:
            pairs = taught(made.assistant.models, writer, source, place, made.stop)
            failed = 0
        except Stopped:
            raise
        except AdapterError as error:
            failed += 1
            made.notes.append(DataSetNote("left out", place, f"The teacher gave nothing: {error}"))
            if failed == GIVE_UP:
                raise
            continue
        if not pairs:
            why = "The teacher wrote no pair in the form that it was asked for."
            made.notes.append(DataSetNote("left out", place, why))
        for pair in pairs:
            if pair.why:
                made.notes.append(
                    DataSetNote("thrown away", f"{place}: “{pair.question}”", pair.why)
                )
                continue
            product = one.manual.product if made.named else ""
            fact = AskedFact(pair.question, pair.answer, one.passage.text, one.passage.language)
            for n, asked in enumerate((pair.question, *_otherwise(made, fact, place))):
                question = named(asked, product, n) if product else asked
                made.add("Teacher", _pair(one, question, pair.answer, "teacher"))
        made.progress("teacher", number, len(read))


def _otherwise(made: _Build, fact: AskedFact, place: str) -> list[str]:
    """Return other wordings of a question by the teacher; what is thrown away, and why, is noted."""
    number = made.order.wordings - 1
    if number < 1:
        return []
    models = made.assistant.models
    try:
        found = paraphrases(models, _teacher(made), fact, number, made.stop)
    except Stopped:
        raise
    except AdapterError as error:
        why = f"The teacher gave no other wording: {error}"
        made.notes.append(DataSetNote("left out", f"{place}: “{fact.question[:80]}”", why))
        return []
    made.notes += [
        DataSetNote("thrown away", f"{place}: “{one.question}”", one.why)
        for one in found
        if one.why
    ]
    return [one.question for one in found if not one.why]


def _carry(made: _Build, earlier: DataSetContent) -> None:
    """Take over the pairs whose passage still stands, and those of files that rest on no passage of a manual here."""
    versions = made.assistant.catalog.versions_held()
    live = frozenset[str]().union(*(one.hashes for one in versions if one.live))
    gone = frozenset[str]().union(*(one.hashes for one in versions)) - live
    for pair in earlier.pairs:
        here = pair.origin == "teacher" or pair.passage_hash in gone
        if here and pair.passage_hash not in live:
            why = "The passage that it rests on has changed since."
            made.notes.append(DataSetNote("left out", f"“{pair.question[:80]}”", why))
            continue
        made.add("Carried over", pair)
    made.contexts.update(earlier.contexts)


def _teacher(made: _Build) -> ChatModel:
    status = made.assistant.models.status()
    if status.chat is None:
        raise NoTeacher(
            f"No chat model can be asked to write pairs. {status.reason} {status.why}".strip()
        )
    return status.chat


def _add_courtesies(made: _Build) -> None:
    """Take courtesies in the words in which Tandem answers them, so that they are not answered with facts."""
    for kind, texts in _COURTESIES.items():
        for text in texts:
            pair = TrainingPair(
                text, SMALL_TALK[kind], "style", group=f"courtesy {kind}", origin="template"
            )
            made.add("Courtesies", pair)


def _pair(one: ReadPassage, question: str, answer: str, origin: str) -> TrainingPair:
    manual, held = one.manual, one.passage.hash
    return TrainingPair(
        question, answer, "fact", group=held, passage_hash=held, manual=manual.name, version=manual.version, origin=origin,
    )  # fmt: skip


def _source(made: _Build, one: ReadPassage) -> Source:
    page = made.assistant.catalog.page(one.passage.version_id, one.passage.page)
    return source_of(Evidence(one.passage, one.manual, 1.0, ()), page)


def _where(one: ReadPassage) -> str:
    return " > ".join((one.manual.name, *one.passage.section))


def _check(made: _Build) -> None:
    if made.stop.is_set():
        raise Stopped("The building of pairs was stopped.")
