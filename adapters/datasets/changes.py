"""How a list of pairs differs from the one before it: what enters, what leaves, what is answered otherwise. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.datasets.pairs import TrainingPair
from adapters.datasets.store import DataSets, Manifest
from adapters.datasets.training_list import read_training
from adapters.errors import BadTrainingList
from adapters.registry import Card


@dataclass(frozen=True, slots=True)
class PairChanges:
    """The pairs that only the later list has, those that only the earlier one has, and those with another answer as
    (earlier, later), each in its list's order; ``same`` counts the others. In which split a pair stands does not matter.
    """

    entering: tuple[TrainingPair, ...]
    leaving: tuple[TrainingPair, ...]
    changed: tuple[tuple[TrainingPair, TrainingPair], ...]
    same: int


def changes(before: Sequence[TrainingPair], after: Sequence[TrainingPair]) -> PairChanges:
    """Return what a later list changes of an earlier one; a pair is the same where it asks the same, but for case and space."""
    earlier = {_asked(pair): pair for pair in before}
    later = {_asked(pair): pair for pair in after}
    both = [(earlier[key], pair) for key, pair in later.items() if key in earlier]
    changed = tuple((old, new) for old, new in both if _answered(old) != _answered(new))
    return PairChanges(
        tuple(pair for key, pair in later.items() if key not in earlier),
        tuple(pair for key, pair in earlier.items() if key not in later),
        changed,
        len(both) - len(changed),
    )


def set_behind(sets: DataSets, card: Card) -> Manifest | None:
    """Return the newest set whose questions are those that an adapter was trained on, None where none is kept."""
    asked = frozenset(card.questions)
    if not asked:
        return None
    for manifest in sets.listed():
        try:
            if frozenset(read_training(sets.path(manifest.id)).questions) == asked:
                return manifest
        except BadTrainingList:  # damaged: it says nothing of any adapter
            continue
    return None


def _asked(pair: TrainingPair) -> tuple[str, str]:
    return pair.kind, " ".join(pair.question.split()).casefold()


def _answered(pair: TrainingPair) -> str:
    return " ".join(pair.answer.split())
