"""Puts the parts together on a data folder: library, assistant, and adapters brought into service.

Knows which passages an adapter has seen; nothing of questions or pages.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.errors import NoSuchCard, ServerUnreachable
from adapters.registry import Card, Registry
from adapters.servers.base import ModelServer, maker
from chatbot.assistant import Assistant
from chatbot.errors import ChatError
from chatbot.models.serving import Models, timeouts_for, wanted_servers
from chatbot.settings import Settings
from knowledge.catalog import Catalog
from knowledge.library import Library, open_library
from knowledge.search.ranking import SENTENCES
from knowledge.search.retriever import Search
from knowledge.types import Limits, Manual

if TYPE_CHECKING:
    from adapters.publishing.publish import PublishRequest

# Told what is being done, how much of it is done, and of how much (0: unknown).
Progress = Callable[[str, int, int], None]


def open_library_for(settings: Settings) -> Library:
    """Open, or make, the library that the settings name. Raises DataFolder, KnowledgeError."""
    limits = Limits(
        wall_seconds=settings.read_seconds,
        cpu_seconds=settings.read_seconds,
        memory_mb=settings.read_memory_mb,
        ocr_languages=settings.ocr_languages,
    )
    return open_library(
        settings.folder,
        limits=limits,
        max_upload_mb=settings.max_upload_mb,
        max_waiting=settings.max_waiting,
        index_url=settings.index,
    )


def open_models(settings: Settings) -> Models:
    """Make ready to ask the model servers that the settings name; connects to none yet. Raises BadAddress."""
    from adapters.servers.opening import open_servers

    wanted = wanted_servers(settings)
    patience = timeouts_for(float(settings.answer_seconds))
    servers = (
        open_servers(wanted, patience, at_once=settings.at_once, api_key=settings.api_key)
        if wanted
        else None
    )
    return Models(settings, servers, Registry(settings.folder / "adapters"))


def open_assistant(
    settings: Settings, library: Library | None = None, made: int = SENTENCES
) -> Assistant:
    """Open an assistant on a library, the settings' own if none is given. Raises KnowledgeError.

    ``made``: how many vectors a question waits for at most, where they are not stored yet.
    """
    library = library or open_library_for(settings)
    search = Search(library, library.index, made)
    assistant = Assistant(settings, library, search, open_models(settings))
    library.hold_back(partial(_rests_on, assistant))
    return assistant


def _rests_on(assistant: Assistant, manual: Manual) -> bool:
    """Say whether anything rests on a manual; where that cannot be read, it may."""
    from chatbot.curation.impact import in_use

    try:
        return in_use(assistant, manual)
    except ChatError:
        return True


def server_of(assistant: Assistant) -> ModelServer:
    """The model server of an assistant. Raises ServerUnreachable."""
    if assistant.models.servers is None:
        raise ServerUnreachable("No model server is set.")
    return assistant.models.servers.pick()


def run_demo(assistant: Assistant, library: Library, progress: Progress) -> Card:
    """Adds the sample manuals, trains an adapter on a real small base with fifty facts of one, publishes and serves it.

    Raises AdapterError: MissingPackage, CannotTrain, TrainingFailed, ServerError; CannotCreate where no models can be made.
    """
    from adapters.demo import real
    from adapters.demo.facts import sentences
    from adapters.training.record import Prompt
    from chatbot.models.prompts import STANDARD, UNSURE, user_text

    server = maker(server_of(assistant))  # before minutes of training, not after
    for job in library.add_samples():
        library.run(job.id)
    manual, _ = passages_with(library, sentences())
    held = library.passages_of(manual.version_id)
    places = {
        sentence: passage.hash
        for sentence in sentences()
        for passage in held
        if sentence in passage.text
    }
    cache = assistant.settings.demo_cache
    trained = real.build(
        Path(cache) if cache else assistant.settings.folder / "adapters" / "trained",
        Prompt(STANDARD.adapter, user_text("", "{question}")),
        UNSURE, places, progress, cut_off=manual.added[:10],
    )  # fmt: skip
    card = real.publish(
        trained, server, assistant.models.registry,
        progress=lambda step: progress(step.status, step.done, step.total),
    )  # fmt: skip
    return assistant.models.registry.serve(card.name)


def passages_with(catalog: Catalog, sentences: tuple[str, ...]) -> tuple[Manual, tuple[str, ...]]:
    """The manual that holds most of these sentences, and the hashes of its passages that hold any.

    Raises NoSuchCard when no manual holds them.
    """
    best: tuple[Manual, tuple[str, ...]] | None = None
    most = 0
    for manual in catalog.manuals():
        held = {
            passage.hash: sum(sentence in passage.text for sentence in sentences)
            for passage in catalog.passages_of(manual.version_id)
        }
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
    from adapters.publishing import publish

    return publish.import_adapter(
        source, request, server_of(assistant), assistant.models.registry, training=training_list
    )
