"""What the page of one data set shows: sources, splits by kind, what was removed and why, what it is good for, examples. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from adapters.datasets.changes import PairChanges, changes
from adapters.datasets.pairs import TrainingPair
from adapters.datasets.presets import check
from adapters.datasets.splitting import counts
from adapters.datasets.store import DataSetContent, DataSets, Manifest
from adapters.errors import BadTrainingList, NoSuchDataSet
from chatbot.grounding.language import language_of
from ui.text.english import say
from ui.web.html import when

SHOWN = 100  # notes on the page
EXAMPLES = 3  # pairs that are shown of each source and kind
SPLITS = ("train", "validation", "test", "reworded", "none")
KINDS = ("fact", "negative", "style")
ORIGINS = ("approved", "template", "teacher", "imported")


@dataclass(frozen=True, slots=True)
class SplitRow:
    """How many pairs of each kind a split holds, in the order of ``KINDS``, and in how many groups."""

    name: str
    kinds: tuple[int, ...]
    groups: int


@dataclass(frozen=True, slots=True)
class ShownPair:
    """A pair as an example, with where it comes from in words."""

    pair: TrainingPair
    source: str


@dataclass(frozen=True, slots=True)
class ChangeList:
    """A kind of change with how many pairs it has; of these the first, each as (question, answer before, answer now)."""

    title: str
    count: int
    rows: tuple[tuple[str, str, str], ...]


def changes_since(
    sets: DataSets, manifest: Manifest, content: DataSetContent
) -> PairChanges | None:
    """Return what a set changes of the one that it was made anew from, None where there is none that can be read."""
    if not manifest.after:
        return None
    try:
        return changes(sets.content(manifest.after).pairs, content.pairs)
    except (NoSuchDataSet, BadTrainingList):
        return None


def data_set_values(
    manifest: Manifest, content: DataSetContent, since: PairChanges | None = None
) -> dict[str, Any]:
    """Return the values of the page's template."""
    return {
        "changes": _change_lists(since) if since else (),
        "same": since.same if since else 0,
        "one": manifest,
        "train": f"python run.py train --pairs {manifest.id}",
        "sources": sorted(manifest.sources.items(), key=lambda row: -row[1]),
        "splits": _splits(content),
        "kinds": KINDS,
        "notes": content.notes[:SHOWN],
        "more": max(0, len(content.notes) - SHOWN),
        "happened": Counter(note.what for note in content.notes).most_common(),
        "presets": check(content.pairs, language_of),
        "examples": _examples(content),
        "when": when,
    }


def _change_lists(since: PairChanges) -> tuple[ChangeList, ...]:
    entering, leaving, changed = since.entering, since.leaving, since.changed
    return (
        ChangeList(
            say("data.changes.entering", n=len(entering)),
            len(entering),
            tuple((pair.question, "", pair.answer) for pair in entering[:SHOWN]),
        ),
        ChangeList(
            say("data.changes.leaving", n=len(leaving)),
            len(leaving),
            tuple((pair.question, pair.answer, "") for pair in leaving[:SHOWN]),
        ),
        ChangeList(
            say("data.changes.changed", n=len(changed)),
            len(changed),
            tuple((new.question, old.answer, new.answer) for old, new in changed[:SHOWN]),
        ),
    )


def _splits(content: DataSetContent) -> list[SplitRow]:
    found = counts(content.pairs)
    rows = ((name, found.get("" if name == "none" else name)) for name in SPLITS)
    return [
        SplitRow(name, tuple(held.get(kind, 0) for kind in KINDS), held["groups"])
        for name, held in rows
        if held
    ]


def _examples(content: DataSetContent) -> list[ShownPair]:
    """The first pairs of each source and kind that ask for different things."""
    seen: Counter[tuple[str, str]] = Counter()
    answers: set[tuple[str, str]] = set()
    shown = []
    for pair in content.pairs:
        key = (pair.origin, pair.kind)
        if seen[key] < EXAMPLES and ((pair.group, pair.answer) not in answers):
            seen[key] += 1
            answers.add((pair.group, pair.answer))
            shown.append(ShownPair(pair, _source(pair)))
    return shown


def _source(pair: TrainingPair) -> str:
    origin = say(f"data.origin.{pair.origin if pair.origin in ORIGINS else 'none'}")
    parts = [origin, *([pair.manual] if pair.manual else [])]
    return ", ".join(parts)
