"""What can write answers at this moment: the model servers, the served adapter, the chat model and why it was chosen.

``Models.status`` is the one answer to "is the model server there?": it looks, and believes itself for a few seconds.
Asks no question itself.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Literal

from adapters.errors import (
    AdapterError,
    CardError,
    HeldBack,
    KeyRefused,
    ModelMissing,
    ServerRefused,
    ServerUnreachable,
)
from adapters.evaluation.standing import Standing, standing, why_held_back
from adapters.registry import Card, Registry
from adapters.servers.base import Address, ModelServer, addresses, full_name
from adapters.servers.pool import Found, Servers
from adapters.types import ChatEnd, Model, ModelInfo, Timeouts
from chatbot.conversations.types import COVERED
from chatbot.models.choice import (
    TOO_SMALL,
    Choice,
    ListedModel,
    choose,
    in_billions,
    is_small,
    listed,
)
from chatbot.models.prompts import PLAIN, STANDARD, STYLES, Style
from chatbot.routing.signals import Trained
from chatbot.settings import Settings

if TYPE_CHECKING:
    from adapters.evaluation.gate import GateOverride

log = logging.getLogger(__name__)

FRESH = 3.0  # seconds that a look is believed
PATIENCE = 8.0  # seconds that a model may take to read a prompt
SHORT = 50  # tokens of a prompt up to which it tells little
AGAIN = 2.0  # seconds between looks of the watching thread, so that questions find a fresh one


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A model that can be asked: where, its name there, how it is spoken to, its context length in tokens.

    ``thinks``: "" for a model that answers at once, "off" for one whose thinking is turned off, "low" for one that cannot
    do without. ``digest`` names its content. A ``small`` one does not answer from passages, whatever it is given; ``remote`` is the host that it
    really runs on, "" for the server itself. A ``proved`` adapter declines because it knows what it was not taught.
    """

    server: ModelServer
    model: str
    style: Style
    context: int
    thinks: str = ""
    digest: str = ""
    small: bool = False
    remote: str = ""
    proved: bool = False

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
        from_ = self.card.covered_from
        return Trained(
            self.card.name,
            hashes,
            self.card.questions or None,
            COVERED if from_ is None else from_,
        )


@dataclass(frozen=True, slots=True)
class Promotion:
    """An adapter that is served now, how it stood to the one before (``before``, "" for none), and a verdict set aside for it."""

    card: Card
    standing: Standing
    before: str
    overridden: GateOverride | None = None


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
        self._speeds: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=8))
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

    def writer_of(self, card: Card) -> ChatModel:
        """The model of an adapter, also of one that is not served. Raises AdapterError: ModelMissing where it is not there,
        CardError where it is another one by now."""
        if self.servers is None:
            raise ServerUnreachable("No model server is set.")
        look = self.servers.look()
        found = {model.name: model for model in look.models}
        present = found.get(listed(card.model, tuple(found)))
        if present is None:
            raise ModelMissing(f"The adapter '{card.name}' is not on the model server.")
        if fault := changed(card, present, look.server):
            raise CardError(fault)
        writer = self._writer(look.server, present, STYLES.get(card.style, STANDARD))
        if writer is None:
            raise ModelMissing(f"The model server says nothing about '{present.name}'.")
        return writer

    def base_of(self, card: Card) -> str:
        """What names the content of an adapter's base: its digest, the name where the server tells none, "" unknown."""
        if self.servers is None or not card.base:
            return ""
        found = {model.name: model for model in self.servers.look().models}
        present = found.get(listed(card.base, tuple(found)))
        return (present and present.digest) or full_name(card.base)

    def promote(self, name: str, because: str = "", by: str = "") -> Promotion:
        """Serve an adapter, once it is sure that the model server has the very one that was imported; the one before is
        remembered. Raises AdapterError: HeldBack where the gate held it back against the one that is served and nobody
        says why it is served all the same (``because``, by whom), NoReason where that says too little."""
        card = self.registry.card(name)
        self.writer_of(card)
        served = self.registry.serving()
        found, aside = standing(card, served), None
        if found == "held back" and card.verdict is not None:
            from adapters.evaluation.gate import override

            if not because.strip():
                raise HeldBack(why_held_back(card))
            aside = override(card.verdict.failed, by, because)
        card = self.registry.serve(name)
        self.invalidate()
        return Promotion(card, found, served.name if served else "", aside)

    def faults(self) -> dict[str, str]:
        """Why an adapter cannot be served, by its name; nothing while no model server answers."""
        if self.servers is None:
            return {}
        try:
            look = self.servers.look()
        except AdapterError:
            return {}
        found = {model.name: model for model in look.models}
        told = {}
        for card in self.registry.cards():
            present = found.get(listed(card.model, tuple(found)))
            gone = f"The adapter '{card.name}' is not on the model server."
            if fault := changed(card, present, look.server) if present else gone:
                told[card.name] = fault
        return told

    def doubts(self) -> tuple[str, ...]:
        """One sentence for each thing to know of the models that write: too small, slow by thinking, asked elsewhere."""
        seen = self.status()
        thinking = {w.model for w in (seen.chat, seen.adapter) if w and w.thinks}
        found = [
            f"{name} thinks before it answers: it is asked not to, and is slower where it cannot do without."
            for name in sorted(thinking)
        ]
        if seen.chat and seen.chat.small:
            found.append(f"{seen.chat.model} has under 1 billion parameters. {TOO_SMALL}")
        if seen.chat and seen.chat.remote:
            found.append(f"{seen.chat.model} runs at {seen.chat.remote}, outside this server.")
        return tuple(found)

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
            if present and (reason := changed(card, present, server)):
                present = None
            style = STYLES.get(card.style, STANDARD)
            adapter = self._writer(server, present, style) if present else None
            if adapter and card.covered_from is not None:
                adapter = replace(adapter, proved=True)
            if present and adapter is None:
                reason = f"The model server says nothing about '{present.name}'."
        choice = self._choice(server, found, card)
        plain = _plain(card) and choice.model == listed(card.base if card else "", tuple(found))
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
                    said is None or said.chats,
                    in_billions(model.parameters),
                )
            )
        base = card.base if card else ""
        return choose(self._settings.chat_model, base, candidates, trained=_plain(card))

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
        small = style.general and is_small(in_billions(model.parameters))
        return ChatModel(
            server, model.name, style, context, thought, model.digest, small, model.remote
        )

    def letters(self, writer: ChatModel) -> float:
        """How many characters a token of this model has at least: what was seen, else the style's cautious guess."""
        return self._letters.get(writer.model, writer.style.letters)

    def reads(self, writer: ChatModel) -> int:
        """How many tokens of a prompt this model reads in ``PATIENCE`` seconds, by the median of the last prompts; 0 unknown."""
        seen = self._speeds.get(writer.model)
        return int(PATIENCE * median(seen)) if seen else 0

    def learn(self, writer: ChatModel, characters: int, end: ChatEnd) -> None:
        """Remembers how many tokens the server counted for a prompt, with a tenth to spare, and how fast it read them."""
        if end.prompt_tokens <= SHORT:
            return
        seen = 0.9 * characters / end.prompt_tokens
        self._letters[writer.model] = min(seen, self._letters.get(writer.model, seen))
        if end.prompt_seconds > 0:
            self._speeds[writer.model].append(end.prompt_tokens / end.prompt_seconds)


def changed(card: Card, present: Model, server: ModelServer) -> str:
    """Return in a sentence that a model is not the one that was imported, "" where it is or nobody can tell."""
    if server.kind != "ollama" or not card.digest or card.digest == present.digest:
        return ""
    return f"The model '{present.name}' on the server is not the one that was imported as '{card.name}'. Import it again."


def _plain(card: Card | None) -> bool:
    """Say whether an adapter, and its base, know one prompt alone."""
    return card is not None and card.style == "plain"


def said_of(server: ModelServer) -> str:
    """A model server in words: its kind and its address."""
    return f"{'Ollama' if server.kind == 'ollama' else 'OpenAI-compatible server'} at {server.url}"


def wanted_servers(settings: Settings) -> tuple[Address, ...]:
    """The model servers that are set: TANDEM_MODEL_SERVERS, else TANDEM_OLLAMA_URL. Raises BadAddress."""
    if settings.model_servers:
        return addresses(settings.model_servers)
    urls = [url.strip() for url in settings.ollama_url.split(",") if url.strip()]
    return tuple(Address("ollama", url) for url in urls if url != "none")
