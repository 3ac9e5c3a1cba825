"""What reading a file gave: the good pairs, the bad rows with their reasons, and what was left out on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.datasets.pairs import TrainingPair


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that gave no pair, or not all of what it holds: where it stands, and why, in one sentence without a full stop."""

    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.where} {self.why}."


@dataclass(frozen=True, slots=True)
class ReadReport:
    """The pairs of a file in their order. ``form`` is the form that was recognised, in words.

    ``faults`` are rows without a pair; ``notes`` is what was left out of rows that did give one; ``contexts`` are the texts
    of passages by ``passage_hash``, where the file has them.
    """

    form: str
    pairs: tuple[TrainingPair, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    contexts: Mapping[str, str] = field(default_factory=dict)


class PairCollector:
    """Collects a report row by row."""

    def __init__(self, form: str) -> None:
        self.form = form
        self.pairs: list[TrainingPair] = []
        self.faults: list[Fault] = []
        self.notes: list[Fault] = []
        self.contexts: dict[str, str] = {}

    def fault(self, where: str, why: str) -> None:
        """Say why a row gives no pair."""
        self.faults.append(Fault(where, why))

    def note(self, where: str, why: str) -> None:
        """Say what of a row is not in its pair."""
        self.notes.append(Fault(where, why))

    def add(self, where: str, question: object, answer: object, **more: object) -> None:
        """Take a pair, or say why it is none."""
        for name, value in (("question", question), ("answer", answer)):
            if value is None or (isinstance(value, str) and not value.strip()):
                return self.fault(where, f"has no {name}")
            if not isinstance(value, str):
                return self.fault(where, f"has a{'n' * (name == 'answer')} {name} that is no text")
            if unwritable(value):
                return self.fault(where, f"has half a character in its {name}")
        held: dict[str, object] = {"origin": "imported", **more}
        self.pairs.append(
            TrainingPair(str(question).strip(), str(answer).strip(), **held)  # type: ignore[arg-type]
        )
        return None

    def report(self) -> ReadReport:
        """Return what was collected."""
        return ReadReport(
            self.form,
            tuple(self.pairs),
            tuple(self.faults),
            tuple(self.notes),
            self.contexts,
        )


def unwritable(text: str) -> bool:
    """Say whether a text holds half of a character (a lone surrogate), which no file can hold."""
    return any("\ud800" <= char <= "\udfff" for char in text)
