"""Bringing adapters into service: the demonstration, imports, promotion. Joins the library, the server and the cards.

Knows which passages an adapter has seen; nothing of questions or pages.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from adapters import demo
from adapters.errors import NoSuchCard, ServerUnreachable
from adapters.publishing import publish
from adapters.publishing.publish import PublishRequest
from adapters.registry import Card
from adapters.servers.base import ModelServer, maker
from chatbot.assistant import Assistant
from knowledge.library import Library
from knowledge.types import Manual

# Told what is being done, how much of it is done, and of how much (0: unknown).
Progress = Callable[[str, int, int], None]


def server_of(assistant: Assistant) -> ModelServer:
    """The model server of an assistant. Raises ServerUnreachable."""
    if assistant.models.servers is None:
        raise ServerUnreachable("No model server is set.")
    return assistant.models.servers.pick()


def run_demo(assistant: Assistant, progress: Progress) -> Card:
    """Adds the sample manuals, makes and publishes the demonstration models, and serves their adapter.

    Raises AdapterError: MissingPackage, TrainingFailed, ServerError; CannotCreate where no models can be made.
    """
    server = maker(server_of(assistant))  # before minutes of training, not after
    for job in assistant.library.add_samples():
        assistant.library.run(job.id)
    manual, hashes = passages_with(assistant.library, demo.sentences())
    cache = os.environ.get("TANDEM_DEMO_CACHE")
    folder = (
        Path(cache) / demo.fingerprint()[:16]
        if cache
        else assistant.settings.folder / "adapters" / "demo"
    )
    models = demo.build(folder, progress)
    card = demo.publish(
        models, server, assistant.models.registry, hashes, cut_off=manual.added[:10],
        progress=lambda step: progress(step.status, step.done, step.total),
    )  # fmt: skip
    return assistant.models.registry.serve(card.name)


def passages_with(library: Library, sentences: tuple[str, ...]) -> tuple[Manual, tuple[str, ...]]:
    """The manual that holds most of these sentences, and the hashes of its passages that hold any.

    Raises NoSuchCard when no manual holds them.
    """
    best: tuple[Manual, tuple[str, ...]] | None = None
    most = 0
    for manual in library.manuals():
        rows = library.connections.db.execute(
            "SELECT hash, body FROM passages WHERE version_id = ?", [manual.version_id]
        )
        held = {content: sum(sentence in body for sentence in sentences) for content, body in rows}
        if (count := sum(held.values())) > most:
            best, most = (
                (manual, tuple(content for content, number in held.items() if number)),
                count,
            )
    if best is None:
        raise NoSuchCard(
            "No manual holds what the demonstration adapter is trained on. Add the sample manuals."
        )
    return best


def import_adapter(
    assistant: Assistant, source: str, request: PublishRequest, training_list: Path | None
) -> Card:
    """Imports an adapter (its name on the server, a PEFT folder or a GGUF file) and writes its card."""
    return publish.import_adapter(
        source, request, server_of(assistant), assistant.models.registry, training=training_list
    )
