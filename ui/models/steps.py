"""The way from no model to a served adapter, step by step, each with whether it is done. Reads; changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from adapters.training.session import NEEDED
from chatbot.models.serving import ModelStatus
from ui.models.overview import AdapterRow, TrainingRun
from ui.text.english import say

if TYPE_CHECKING:
    from chatbot.assistant import Assistant


@dataclass(frozen=True, slots=True)
class SetupStep:
    """A step: what is to be done, how ("" where it is done), the command for it or "", and where it is done in the browser."""

    done: bool
    title: str
    how: str
    command: str = ""
    href: str = ""


def steps_to_an_adapter(
    assistant: Assistant,
    serving: ModelStatus,
    rows: Sequence[AdapterRow],
    runs: Sequence[TrainingRun],
) -> tuple[SetupStep, ...]:
    """Return the steps in their order."""
    up = serving.state == "up"
    packages = all(find_spec(name) is not None for name in NEEDED)
    sets = assistant.models.registry.folder / "datasets"
    pairs = sets.is_dir() and any(sets.iterdir())
    trained = any(run.done for run in runs)
    return (
        SetupStep(up, say("models.step.server"), say("models.step.server.how"), "ollama serve"),
        SetupStep(
            packages,
            say("models.step.packages"),
            say("models.step.packages.how"),
            "pip install -r requirements-train.txt",
        ),
        SetupStep(
            pairs or trained,
            say("models.step.pairs"),
            say("models.step.pairs.how"),
            "python run.py dataset build",
            "/training-data",
        ),
        SetupStep(
            trained or bool(rows),
            say("models.step.train"),
            say("models.step.train.how"),
            "python run.py train --pairs SET",
        ),
        SetupStep(
            bool(rows),
            say("models.step.import"),
            say("models.step.import.how"),
            "python run.py import FOLDER",
        ),
        SetupStep(
            any(row.card.covered_from is not None for row in rows),
            say("models.step.prove"),
            say("models.step.prove.how"),
            "python run.py prove NAME --pairs SET",
        ),
        SetupStep(False, say("models.step.promote"), say("models.step.promote.how")),
    )
