"""What can write answers at this moment: the model servers, the served adapter, the chat model, and their limits.

Looks and remembers for a few seconds; asks no question itself.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from adapters.errors import AdapterError
from adapters.ollama import Ollama
from adapters.registry import Card, Registry
from adapters.servers import Servers, open_ollama
from adapters.types import Patience
from chatbot.prompts import PLAIN, STANDARD, STYLES, Style
from chatbot.settings import Settings
from chatbot.signals import Trained

log = logging.getLogger(__name__)

FRESH = 3.0  # seconds that a look is believed
AGAIN = 2.0  # seconds between looks of the watching thread, so that questions find a fresh one
EMBEDDERS = ("bert", "nomic-bert")


@dataclass(frozen=True, slots=True)
class Writer:
    """A model that can be asked: where, its name there, how it is spoken to, its context length in tokens."""

    server: Ollama
    model: str
    style: Style
    context: int


@dataclass(frozen=True, slots=True)
class Serving:
    """What is served. ``state``: "off" (none configured), "down", "up". ``reason`` says in words what is missing."""

    state: str
    reason: str
    chat: Writer | None = None
    adapter: Writer | None = None
    card: Card | None = None

    @property
    def trained(self) -> Trained | None:
        """What the served adapter was trained on; None without an adapter."""
        if self.adapter is None or self.card is None:
            return None
        hashes = None if self.card.trained_on is None else frozenset(self.card.trained_on)
        return Trained(self.card.name, hashes, self.card.questions or None)


OFF = Serving("off", "No model server is set: answers are quotes from the manuals.")


class Models:
    """The models of one desk. Safe for threads; ``look`` never raises."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        urls = [url.strip() for url in settings.ollama_url.split(",") if url.strip() and url.strip() != "none"]
        self.deadline = float(settings.answer_seconds)
        self.servers: Servers | None = open_ollama(urls, self.patience(), at_once=settings.at_once) if urls else None
        self.registry = Registry(Path(settings.folder) / "adapters")
        self._lock = threading.Lock()
        self._seen, self._when = OFF, float("-inf")
        self._letters: dict[str, float] = {}
        self._contexts: dict[str, int] = {}
        self._closing = threading.Event()

    def patience(self) -> Patience:
        """How long an answer may take; a server may load the model before its first word."""
        return self.patience_for(self.deadline)

    def patience_for(self, seconds: float) -> Patience:
        """The patience of one answer that has so many seconds left."""
        return Patience(connect=min(2.0, seconds), first_byte=seconds, between_bytes=min(20.0, seconds), total=seconds)

    def look(self) -> Serving:
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

    def doubt(self, writer: Writer) -> None:
        """Forgets what was seen, because a call to this model just failed."""
        if self.servers is not None:
            self.servers.doubt(writer.server)
        self._when = float("-inf")

    def watch(self) -> None:
        """Looks every few seconds in a thread, so that modes light up by themselves and no question waits for a look."""

        def run() -> None:
            while not self._closing.wait(AGAIN):
                self.look()

        threading.Thread(target=run, name="models-watch", daemon=True).start()

    def close(self) -> None:
        """Ends the watching thread."""
        self._closing.set()

    def _look(self) -> Serving:
        if self.servers is None:
            return OFF
        if not any(_listens(server.url) for server in self.servers.all):
            return Serving("down", "The model server does not answer: answers are quotes from the manuals.")
        try:
            server = self.servers.pick()
            return self._served(server)
        except AdapterError as error:
            log.info("no model server: %s", error)
            return Serving("down", "The model server does not answer: answers are quotes from the manuals.")

    def _served(self, server: Ollama) -> Serving:
        found = {model.name: model for model in server.models()}
        card = self.registry.serving()
        adapter = None
        reason = "No adapter is served yet."
        if card is not None:
            present = _named(card.model, found)
            reason = "" if present else f"The adapter '{card.name}' is not on the model server."
            adapter = self._writer(server, present, STYLES.get(card.style, STANDARD)) if present else None
        base = _named(self._settings.chat_model, found) or (_named(card.base, found) if card else "")
        if not base:
            chats = [m.name for m in found.values() if m.family not in EMBEDDERS and (adapter is None or m.name != adapter.model)]
            base = chats[0] if chats else ""
        plain = card is not None and card.style == "plain" and base == _named(card.base, found)
        chat = self._writer(server, base, PLAIN if plain else STANDARD) if base else None
        return Serving("up", reason, chat, adapter, card if adapter else None)

    def _writer(self, server: Ollama, model: str, style: Style) -> Writer:
        if model not in self._contexts:
            own = server.show(model).context_length
            self._contexts[model] = min(own, self._settings.context) if own else self._settings.context
        return Writer(server, model, style, self._contexts[model])

    def letters(self, writer: Writer) -> float:
        """How many characters a token of this model has at least: what was seen, else the style's cautious guess."""
        return self._letters.get(writer.model, writer.style.letters)

    def learn(self, writer: Writer, characters: int, tokens: int) -> None:
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


def _named(wanted: str, found: dict[str, object]) -> str:
    """The listed name for a wanted one ("x" finds "x:latest"), or ""."""
    if not wanted:
        return ""
    return next((name for name in (wanted, f"{wanted}:latest") if name in found), "")
