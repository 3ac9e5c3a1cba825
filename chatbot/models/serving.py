"""What can write answers at this moment: the model servers, the served adapter, the chat model and why it was chosen.

``Models.status`` is the one answer to "is the model server there?": it looks, and believes itself for a few seconds.
Asks no question itself. Choosing is pure: what a model server lists goes in, and no server is asked.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from adapters.errors import AdapterError, KeyRefused, ServerRefused
from adapters.registry import Card, Registry
from adapters.servers.base import Address, ModelServer, addresses, full_name
from adapters.servers.pool import Found, Servers
from adapters.types import Model, ModelInfo, Timeouts
from chatbot.models.prompts import PLAIN, STANDARD, STYLES, Style
from chatbot.routing.signals import Trained
from chatbot.settings import Settings

log = logging.getLogger(__name__)

FRESH = 3.0  # seconds that a look is believed
AGAIN = 2.0  # seconds between looks of the watching thread, so that questions find a fresh one
MOST_BYTES = (
    10 << 30
)  # of a model that is taken by itself: larger ones rarely answer within a minute on one machine
_OTHERS = re.compile(
    r"embed|rerank|(?:^|[/-])bge-|minilm", re.IGNORECASE
)  # for servers that state no capabilities
_EMBEDDERS = frozenset({"bert", "nomic-bert"})


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model on the server: ``size`` in bytes, ``remote`` the host that it really runs on ("" for this server),
    ``adapter`` whether it is a fine-tuned adapter that only a promotion may put to work."""

    name: str
    size: int = 0
    family: str = ""
    capabilities: tuple[str, ...] = ()
    remote: str = ""
    adapter: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The model that was chosen, "" for none, and why in one sentence."""

    model: str
    why: str


def listed(wanted: str, names: Sequence[str]) -> str:
    """Return the listed name for a wanted one ("x" finds "x:latest"), or "" when it is not there."""
    return (
        next((name for name in (wanted, full_name(wanted)) if name in names), "") if wanted else ""
    )


def cannot_write(model: ListedModel) -> str:
    """Return why a model is no writer of answers, or "" when it is one."""
    if (
        "embedding" in model.capabilities
        or model.family in _EMBEDDERS
        or _OTHERS.search(model.name)
    ):
        return "it makes vectors or rankings, not text"
    if model.capabilities and "completion" not in model.capabilities:
        return "it does not write text"
    return ""


def choose(wanted: str, base: str, models: Sequence[ListedModel]) -> Choice:
    """Choose the model that writes from passages: the one that was set, else the adapter's ``base``, else one that can.

    A set model that is missing or cannot write is never replaced by another. One that runs elsewhere is used only when it
    is set, because questions and passages then leave this server.
    """
    named = {model.name: model for model in models}
    if wanted:
        return _set(wanted, named)
    own = named.get(listed(base, tuple(named)))
    if own and not own.remote and not cannot_write(own):
        return Choice(own.name, "It is the base of the served adapter.")
    able = [
        model
        for model in models
        if not model.remote and not model.adapter and not cannot_write(model)
    ]
    if not able:
        there = f" The server's models are no writers: {', '.join(sorted(named))}." if named else ""
        return Choice("", f"The model server has no model that writes answers.{there}")
    fitting = [model for model in able if model.size <= MOST_BYTES]
    best = (
        max(fitting, key=lambda model: model.size)
        if fitting
        else min(able, key=lambda model: model.size)
    )
    how = "largest" if best.size else "first"  # some servers do not say how large a model is
    many = (
        f"It is the {how} of {len(able)} models here that can write"
        if len(able) > 1
        else "It is the one model here that can write"
    )
    return Choice(best.name, f"{many}; TANDEM_CHAT_MODEL names another.")


def _set(wanted: str, named: dict[str, ListedModel]) -> Choice:
    found = named.get(listed(wanted, tuple(named)))
    if found is None:
        return Choice("", f"TANDEM_CHAT_MODEL names '{wanted}', which is not on the model server.")
    if fault := cannot_write(found):
        return Choice("", f"TANDEM_CHAT_MODEL names '{wanted}', which cannot answer: {fault}.")
    if found.remote:
        return Choice(
            found.name,
            f"TANDEM_CHAT_MODEL names it. It runs at {found.remote}: questions and passages are sent there.",
        )
    return Choice(found.name, "TANDEM_CHAT_MODEL names it.")


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A model that can be asked: where, its name there, how it is spoken to, its context length in tokens.

    ``thinks``: "" for a model that answers at once, "off" for one whose thinking is turned off, "low" for one that cannot
    do without. ``digest`` names its content.
    """

    server: ModelServer
    model: str
    style: Style
    context: int
    thinks: str = ""
    digest: str = ""

    @property
    def think(self) -> bool | Literal["low"] | None:
        """What is said to the model of thinking; see ``Options``."""
        if self.thinks == "low":
            return "low"
        return False if self.thinks else None


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
    server: str = ""  # its kind and address in words, while one answers

    @property
    def trained(self) -> Trained | None:
        """What the served adapter was trained on; None without an adapter."""
        if self.adapter is None or self.card is None:
            return None
        hashes = None if self.card.trained_on is None else frozenset(self.card.trained_on)
        return Trained(self.card.name, hashes, self.card.questions or None)


OFF = ModelStatus("off", "No model server is set: answers are quotes from the manuals.")


def timeouts_for(seconds: float) -> Timeouts:
    """How long an answer may take; a server may load the model before its first word."""
    return Timeouts(
        connect=min(2.0, seconds),
        first_byte=seconds,
        between_bytes=min(20.0, seconds),
        total=seconds,
    )


class Models:
    """The models of one assistant. Safe for threads; ``status`` never raises."""

    def __init__(self, settings: Settings, servers: Servers | None, registry: Registry) -> None:
        """``servers``: None where no model server is set."""
        self._settings, self.servers, self.registry = settings, servers, registry
        self.deadline = float(settings.answer_seconds)
        self._lock = threading.Lock()
        self._seen: ModelStatus | None = None
        self._when = float("-inf")
        self._letters: dict[str, float] = {}
        self._shown: dict[tuple[str, str, str], ModelInfo] = {}
        self._closing = threading.Event()

    def timeouts_for(self, seconds: float) -> Timeouts:
        """The patience of one answer that has so many seconds left."""
        return timeouts_for(seconds)

    def status(self) -> ModelStatus:
        """What is served now; a look is believed for some seconds.

        Only the first look ever is waited for: while another thread looks, what was seen last must do.
        """
        seen = self._seen
        if seen is not None and time.monotonic() - self._when <= FRESH:
            return seen
        if not self._lock.acquire(blocking=seen is None):
            return seen or OFF
        try:
            if self._seen is None or time.monotonic() - self._when > FRESH:
                self._seen = self._look()
                self._when = time.monotonic()
            return self._seen
        finally:
            self._lock.release()

    def invalidate(self) -> None:
        """Forgets that what was seen is fresh, because a call to a model just failed."""
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
        try:
            return self._served(self.servers.look())
        except KeyRefused as error:
            return ModelStatus("down", f"{error} Answers are quotes from the manuals.")
        except AdapterError as error:
            log.info("no model server: %s", error)
            return ModelStatus(
                "down", "The model server does not answer: answers are quotes from the manuals."
            )

    def _served(self, look: Found) -> ModelStatus:
        server, found = look.server, {model.name: model for model in look.models}
        card = self.registry.serving()
        adapter = None
        reason = "No adapter is served yet."
        if card is not None:
            present = found.get(listed(card.model, tuple(found)))
            reason = "" if present else f"The adapter '{card.name}' is not on the model server."
            style = STYLES.get(card.style, STANDARD)
            adapter = self._writer(server, present, style) if present else None
            if present and adapter is None:
                reason = f"The model server says nothing about '{present.name}'."
        choice = self._choice(server, found, card)
        plain = (
            card is not None
            and card.style == "plain"
            and choice.model == listed(card.base, tuple(found))
        )
        chat = (
            self._writer(server, found[choice.model], PLAIN if plain else STANDARD)
            if choice.model
            else None
        )
        return ModelStatus(
            "up", reason, chat, adapter, card if adapter else None, choice.why, said_of(server)
        )

    def _choice(self, server: ModelServer, found: Mapping[str, Model], card: Card | None) -> Choice:
        adapters = {full_name(known.model) for known in self.registry.cards()}
        candidates = []
        for model in found.values():
            said = self._show(server, model)
            own = (said and said.adapter) or full_name(model.name) in adapters
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

    def _show(self, server: ModelServer, model: Model) -> ModelInfo | None:
        """What the server says about a model; asked once for each content. None where it does not say."""
        key = (server.url, model.name, model.digest)
        if key not in self._shown:
            try:
                self._shown[key] = server.show(model.name)
            except ServerRefused as error:  # one broken model must not hide the others
                log.info("%s cannot be looked at: %s", model.name, error)
                return None
        return self._shown[key]

    def _writer(self, server: ModelServer, model: Model, style: Style) -> ChatModel | None:
        said = self._show(server, model)
        if said is None:
            return None
        context = min(said.context_length or self._settings.context, self._settings.context)
        thinks = "thinking" in said.capabilities
        thought = ("low" if said.architecture.startswith("gptoss") else "off") if thinks else ""
        return ChatModel(server, model.name, style, context, thought, model.digest)

    def letters(self, writer: ChatModel) -> float:
        """How many characters a token of this model has at least: what was seen, else the style's cautious guess."""
        return self._letters.get(writer.model, writer.style.letters)

    def learn(self, writer: ChatModel, characters: int, tokens: int) -> None:
        """Remembers how many tokens the server counted for a prompt, with a tenth to spare."""
        if tokens > 50:
            seen = 0.9 * characters / tokens
            self._letters[writer.model] = min(seen, self._letters.get(writer.model, seen))


def said_of(server: ModelServer) -> str:
    """A model server in words: its kind and its address."""
    return f"{'Ollama' if server.kind == 'ollama' else 'OpenAI-compatible server'} at {server.url}"


def wanted_servers(settings: Settings) -> tuple[Address, ...]:
    """The model servers that are set: TANDEM_MODEL_SERVERS, else TANDEM_OLLAMA_URL. Raises BadAddress."""
    if settings.model_servers:
        return addresses(settings.model_servers)
    urls = [url.strip() for url in settings.ollama_url.split(",") if url.strip()]
    return tuple(Address("ollama", url) for url in urls if url != "none")
