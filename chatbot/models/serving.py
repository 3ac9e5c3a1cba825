"""What can write answers at this moment: the model servers, the served adapter, the chat model, and their limits.

Looks and remembers for a few seconds; asks no question itself.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from adapters.errors import AdapterError, ServerRefused
from adapters.registry import Card, Registry
from adapters.servers.ollama import Ollama, full_name
from adapters.servers.pool import Servers, open_ollama
from adapters.types import Model, ModelInfo, Timeouts
from chatbot.models.chat_model import Choice, ListedModel, choose, listed
from chatbot.models.prompts import PLAIN, STANDARD, STYLES, Style
from chatbot.routing.signals import Trained
from chatbot.settings import Settings

log = logging.getLogger(__name__)

FRESH = 3.0  # seconds that a look is believed
AGAIN = 2.0  # seconds between looks of the watching thread, so that questions find a fresh one


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A model that can be asked: where, its name there, how it is spoken to, its context length in tokens.

    ``thinks``: "" for a model that answers at once, "off" for one whose thinking is turned off, "low" for one that cannot
    do without.
    """

    server: Ollama
    model: str
    style: Style
    context: int
    thinks: str = ""


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """What is served. ``state``: "off" (none configured), "down", "up". ``reason`` says in words what is missing;
    ``why`` says why this chat model answers from passages, or why none does.
    """

    state: str
    reason: str
    chat: ChatModel | None = None
    adapter: ChatModel | None = None
    card: Card | None = None
    why: str = ""

    @property
    def trained(self) -> Trained | None:
        """What the served adapter was trained on; None without an adapter."""
        if self.adapter is None or self.card is None:
            return None
        hashes = None if self.card.trained_on is None else frozenset(self.card.trained_on)
        return Trained(self.card.name, hashes, self.card.questions or None)


OFF = ModelStatus("off", "No model server is set: answers are quotes from the manuals.")


class Models:
    """The models of one assistant. Safe for threads; ``status`` never raises."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        urls = [
            url.strip()
            for url in settings.ollama_url.split(",")
            if url.strip() and url.strip() != "none"
        ]
        self.deadline = float(settings.answer_seconds)
        self.servers: Servers | None = (
            open_ollama(urls, self.timeouts(), at_once=settings.at_once) if urls else None
        )
        self.registry = Registry(Path(settings.folder) / "adapters")
        self._lock = threading.Lock()
        self._seen, self._when = OFF, float("-inf")
        self._letters: dict[str, float] = {}
        self._writers: dict[str, tuple[int, str]] = {}
        self._shown: dict[tuple[str, str], ModelInfo] = {}
        self._closing = threading.Event()

    def timeouts(self) -> Timeouts:
        """How long an answer may take; a server may load the model before its first word."""
        return self.timeouts_for(self.deadline)

    def timeouts_for(self, seconds: float) -> Timeouts:
        """The patience of one answer that has so many seconds left."""
        return Timeouts(
            connect=min(2.0, seconds),
            first_byte=seconds,
            between_bytes=min(20.0, seconds),
            total=seconds,
        )

    def status(self) -> ModelStatus:
        """What is served now; a look is believed for some seconds."""
        if time.monotonic() - self._when <= FRESH:
            return self._seen
        # While another thread looks, what was seen last must do; only the first look ever is waited for.
        if not self._lock.acquire(blocking=self._when == float("-inf")):
            return self._seen
        try:
            if time.monotonic() - self._when > FRESH:
                self._seen = self._look()
                self._when = time.monotonic()
            return self._seen
        finally:
            self._lock.release()

    def invalidate(self, writer: ChatModel) -> None:
        """Forgets what was seen, because a call to this model just failed."""
        if self.servers is not None:
            self.servers.invalidate(writer.server)
        self._when = float("-inf")

    def watch(self) -> None:
        """Looks every few seconds in a thread, so that modes light up by themselves and no question waits for a look."""

        def run() -> None:
            while not self._closing.wait(AGAIN):
                self.status()

        threading.Thread(target=run, name="models-watch", daemon=True).start()

    def close(self) -> None:
        """Ends the watching thread."""
        self._closing.set()

    def _look(self) -> ModelStatus:
        if self.servers is None:
            return OFF
        if not any(_listens(server.url) for server in self.servers.all):
            return ModelStatus(
                "down", "The model server does not answer: answers are quotes from the manuals."
            )
        try:
            server = self.servers.pick()
            return self._served(server)
        except AdapterError as error:
            log.info("no model server: %s", error)
            return ModelStatus(
                "down", "The model server does not answer: answers are quotes from the manuals."
            )

    def _served(self, server: Ollama) -> ModelStatus:
        found = {model.name: model for model in server.models()}
        card = self.registry.serving()
        adapter = None
        reason = "No adapter is served yet."
        if card is not None:
            present = listed(card.model, tuple(found))
            reason = "" if present else f"The adapter '{card.name}' is not on the model server."
            adapter = (
                self._writer(server, present, STYLES.get(card.style, STANDARD)) if present else None
            )
        choice = self._choice(server, found, card)
        plain = (
            card is not None
            and card.style == "plain"
            and choice.model == listed(card.base, tuple(found))
        )
        chat = (
            self._writer(server, choice.model, PLAIN if plain else STANDARD)
            if choice.model
            else None
        )
        return ModelStatus("up", reason, chat, adapter, card if adapter else None, choice.why)

    def _choice(self, server: Ollama, found: Mapping[str, Model], card: Card | None) -> Choice:
        adapters = {full_name(known.model) for known in self.registry.cards()}
        candidates = []
        for model in found.values():
            said = self._show(server, model)
            own = (said and said.adapter) or model.name in adapters
            candidates.append(
                ListedModel(
                    model.name,
                    model.size,
                    model.family,
                    said.capabilities if said else (),
                    model.remote,
                    bool(own),
                )
            )
        return choose(self._settings.chat_model, card.base if card else "", candidates)

    def _show(self, server: Ollama, model: Model) -> ModelInfo | None:
        """What the server says about a model; asked once for each content. None where it does not say."""
        key = (model.name, model.digest)
        if key not in self._shown:
            try:
                self._shown[key] = server.show(model.name)
            except ServerRefused as error:  # one broken model must not hide the others
                log.info("%s cannot be looked at: %s", model.name, error)
                return None
        return self._shown[key]

    def _writer(self, server: Ollama, model: str, style: Style) -> ChatModel:
        if model not in self._writers:
            said = server.show(model)
            context = min(said.context_length or self._settings.context, self._settings.context)
            thinks = "thinking" in said.capabilities
            self._writers[model] = (
                context,
                ("low" if said.architecture.startswith("gptoss") else "off") if thinks else "",
            )
        context, thought = self._writers[model]
        return ChatModel(server, model, style, context, thought)

    def letters(self, writer: ChatModel) -> float:
        """How many characters a token of this model has at least: what was seen, else the style's cautious guess."""
        return self._letters.get(writer.model, writer.style.letters)

    def learn(self, writer: ChatModel, characters: int, tokens: int) -> None:
        """Remembers how many tokens the server counted for a prompt, with a tenth to spare."""
        if tokens > 50:
            seen = 0.9 * characters / tokens
            self._letters[writer.model] = min(seen, self._letters.get(writer.model, seen))


def _listens(url: str) -> bool:
    """Does anything accept connections there? Asked first, because it costs nothing where there is no model server."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=1.0):
            return True
    except (OSError, ValueError):
        return False
