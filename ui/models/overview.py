"""What the page of models shows, as values: adapters beside each other, how far they are behind, how trainings went.

Reads cards, manuals and the files of trainings; asks no model.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.evaluation.standing import Standing, standing
from adapters.registry import Card
from chatbot.models.serving import Models
from knowledge.types import HeldVersion

MOST = 12  # trainings that are shown, the last begun first
LINES = 20_000  # of a training's log that are read


@dataclass(frozen=True, slots=True)
class Staleness:
    """A product that an adapter was trained on: the share (0 to 1) of its searched passages that the adapter has not seen."""

    product: str
    unseen: float


@dataclass(frozen=True, slots=True)
class AdapterRow:
    """An adapter with whether it is served, what keeps it from being served ("" for nothing), and how far it is behind.

    ``stale`` is None where nobody wrote down what it was trained on; ``standing`` is how it stands to the served one.
    """

    card: Card
    served: bool
    fault: str
    stale: tuple[Staleness, ...] | None
    standing: Standing = "alone"


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """A training by its log: losses as (step, loss) of the training and of the validation, and how it stands.

    ``remaining`` is in seconds, None where it ended or says nothing; ``failed`` says why it failed, "" where it did not.
    """

    name: str
    step: int
    of: int
    losses: tuple[tuple[int, float], ...]
    validation: tuple[tuple[int, float], ...]
    remaining: float | None
    done: bool
    failed: str


def adapter_rows(models: Models, held: Sequence[HeldVersion]) -> tuple[AdapterRow, ...]:
    """Return every adapter, the served one first, then the last made."""
    serving = models.registry.serving()
    faults = models.faults()
    cards = sorted(models.registry.cards(), key=lambda card: card.created, reverse=True)
    rows = [
        AdapterRow(card, serving is not None and card.name == serving.name, faults.get(card.name, ""), staleness(card, held), standing(card, serving))
        for card in cards
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: not row.served))


def staleness(card: Card, held: Sequence[HeldVersion]) -> tuple[Staleness, ...] | None:
    """Return, by product, the share of what is searched that an adapter was not trained on."""
    if card.trained_on is None:
        return None
    seen = frozenset(card.trained_on)
    products = {version.product for version in held if version.hashes & seen}
    live: defaultdict[str, set[str]] = defaultdict(set)
    for version in held:
        if version.live and version.product in products:
            live[version.product] |= version.hashes
    return tuple(
        Staleness(product, len(live[product] - seen) / len(live[product]))
        for product in sorted(products)
        if live[product]
    )


def trainings(folder: Path) -> tuple[TrainingRun, ...]:
    """Return the trainings whose folders lie in a folder, the last written first."""
    logs = sorted(folder.glob("*/log.jsonl"), key=lambda path: path.stat().st_mtime, reverse=True)
    return tuple(_training(path) for path in logs[:MOST])


def _training(path: Path) -> TrainingRun:
    losses, validation = dict[int, float](), dict[int, float]()
    last: dict[str, object] = {}
    of, failed = 0, ""
    try:
        with path.open(encoding="utf-8") as file:
            for _, line in zip(range(LINES), file, strict=False):
                try:
                    row = json.loads(line)
                except ValueError:  # the line that is being written
                    continue
                if not isinstance(row, dict):
                    continue
                failed = str(row.get("failed") or "")
                if not isinstance(step := row.get("step"), int):
                    continue
                last, of = row, int(row.get("of") or of)
                for name, kept in (("loss", losses), ("validation", validation)):
                    if isinstance(value := row.get(name), int | float):
                        kept[step] = float(value)
    except OSError as error:
        failed = f"The log cannot be read: {error.strerror or error}."
    step = max(losses, default=0)
    remaining = last.get("remaining")
    done = (path.parent / "training.json").is_file()
    return TrainingRun(
        path.parent.name, step, of, tuple(sorted(losses.items())), tuple(sorted(validation.items())),
        float(remaining) if isinstance(remaining, int | float) and not done else None, done, failed,
    )  # fmt: skip
