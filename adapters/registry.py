"""The cards of the adapters, as JSON files in one folder, and which adapter is being served.

Knows no server: that a card is there does not mean that its model still is.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from adapters.errors import CardError, NoSuchCard

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
CPU_MINUTES = "training_cpu_minutes"  # of a card's scores: what its training took
POINTER = "serving"
# How many earlier choices the pointer file remembers.
HISTORY = 20


@dataclass(frozen=True, slots=True)
class CardVerdict:
    """What the gate said of an adapter beside the one that was served: ``against`` is that one's name, ``digest`` its content.

    ``text`` is the verdict in words, ``failed`` the rules that do not hold, each with its sentence; ``at`` UTC in ISO 8601.
    """

    against: str
    digest: str
    text: str
    failed: Mapping[str, str]
    at: str

    @property
    def passed(self) -> bool:
        """Whether every rule holds."""
        return not self.failed


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of one adapter.

    ``model`` and ``base`` are names on the model server, ``digest`` is the model's content there.
    ``trained_on`` holds the content hashes of the passages it was trained on; None means that nobody wrote them down.
    ``questions`` are those it was trained on; ``cut_off`` is the date of its newest source (ISO 8601, "" unknown);
    ``covered_from`` is the nearness (0 to 1) of a question to a trained one from which it was right in its evaluation, None
    where it was not evaluated; ``scores`` figures by name; ``created`` UTC in ISO 8601; ``style`` the prompt style it understands;
    ``verdict`` what the gate said last, None where it was not asked.
    """

    name: str
    model: str
    base: str
    digest: str
    trained_on: tuple[str, ...] | None = None
    questions: tuple[str, ...] = ()
    cut_off: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)
    created: str = ""
    style: str = "standard"
    covered_from: float | None = None
    verdict: CardVerdict | None = None


class Registry:
    """The cards under one folder, which is made when the first card is saved. Safe to use from many threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.RLock()

    def cards(self) -> tuple[Card, ...]:
        """The cards that can be read, by name."""
        return self._read()[0]

    def faults(self) -> tuple[str, ...]:
        """One sentence for each file that is no card."""
        return self._read()[1]

    def _read(self) -> tuple[tuple[Card, ...], tuple[str, ...]]:
        cards, faults = [], []
        for path in sorted(self.folder.glob("*.json")):
            try:
                cards.append(_load(path))
            except CardError as error:
                faults.append(str(error))
        return tuple(cards), tuple(faults)

    def card(self, name: str) -> Card:
        """One card. Raises NoSuchCard, CardError (unreadable)."""
        path = self._path(name)
        if not path.is_file():
            raise NoSuchCard(f"There is no adapter '{name}'.")
        return _load(path)

    def check(self, name: str) -> None:
        """Raises CardError for what cannot be an adapter's name."""
        self._path(name)

    def save(self, card: Card) -> None:
        """Writes a card, over the one of the same name. After a crash the old or the new one is there, whole."""
        _write(self._path(card.name), asdict(card))

    def remove(self, name: str) -> None:
        """Forgets an adapter; when it was being served, none is afterwards. Raises NoSuchCard."""
        path = self._path(name)
        with self._lock:
            if not path.is_file():
                raise NoSuchCard(f"There is no adapter '{name}'.")
            now, before = self._pointer()
            path.unlink()
            if name in (now, *before):
                self._point("" if now == name else now, [old for old in before if old != name])

    def serving(self) -> Card | None:
        """The adapter that is being served, or None. Never raises: an unreadable pointer or card serves nothing."""
        return self._readable(self._pointer()[0])

    def serve(self, name: str) -> Card:
        """Makes this adapter the served one; the one before it is remembered. Raises NoSuchCard, CardError."""
        card = self.card(name)
        with self._lock:
            now, before = self._pointer()
            if now != name:
                self._point(name, [now, *before] if now else before)
        return card

    def stop(self) -> None:
        """Serves no adapter; the one that was is remembered."""
        with self._lock:
            now, before = self._pointer()
            self._point("", [now, *before] if now else before)

    def previous(self) -> Card | None:
        """The adapter that was served before this one and still has a card."""
        now, before = self._pointer()
        return next(
            (card for name in before if name != now and (card := self._readable(name))), None
        )

    def roll_back(self) -> Card:
        """Serves the previous adapter again. Raises NoSuchCard when there is none."""
        with self._lock:
            card = self.previous()
            if card is None:
                raise NoSuchCard("No adapter was served before this one.")
            before = self._pointer()[1]
            self._point(card.name, before[before.index(card.name) + 1 :])
        return card

    def _readable(self, name: str) -> Card | None:
        try:
            return self.card(name) if name else None
        except CardError:
            return None

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise CardError(
                f"'{name[:80]}' cannot be an adapter's name: use letters, digits, '.', '-' and '_'."
            )
        return self.folder / f"{name}.json"

    def _pointer(self) -> tuple[str, list[str]]:
        try:
            held = json.loads((self.folder / POINTER).read_text(encoding="utf-8"))
            return str(held["now"]), [str(name) for name in held["before"]]
        except (OSError, ValueError, LookupError, TypeError):
            return "", []

    def _point(self, name: str, before: list[str]) -> None:
        _write(self.folder / POINTER, {"now": name, "before": before[:HISTORY]})


def _load(path: Path) -> Card:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        card = Card(
            name=_text(held["name"]),
            model=_text(held["model"]),
            base=_text(held.get("base", "")),
            digest=_text(held.get("digest", "")),
            trained_on=_texts(held.get("trained_on")),
            questions=_texts(held.get("questions")) or (),
            cut_off=_text(held.get("cut_off", "")),
            scores={_text(key): float(value) for key, value in held.get("scores", {}).items()},
            created=_text(held.get("created", "")),
            style=_text(held.get("style", "standard")),
            covered_from=_share(held.get("covered_from")),
            verdict=_verdict(held.get("verdict")),
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise CardError(f"The card {path.name} cannot be read: {_words(error)}.") from error
    if card.name != path.stem:
        raise CardError(f"The card {path.name} is that of another adapter, '{card.name}'.")
    return card


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r:.40} should be a text")
    return value


def _share(value: object) -> float | None:
    if value is None:
        return None
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"{value!r:.40} should be a number from 0 to 1")
    return float(value)


def _verdict(value: object) -> CardVerdict | None:
    """Return a verdict, None for what is none: an adapter is then one that was not judged."""
    try:
        held: Any = value
        failed = {_text(rule): _text(why) for rule, why in held["failed"].items()}
        against, digest, text, at = (
            _text(held[key]) for key in ("against", "digest", "text", "at")
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return CardVerdict(against, digest, text, failed, at)


def _texts(value: object) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise ValueError(f"{value!r:.40} should be a list of texts")
    return tuple(map(_text, value))


def _words(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error} is missing"
    if isinstance(error, AttributeError | TypeError):
        return "it does not hold a card"
    return str(error).rstrip(".")


def _write(path: Path, content: Mapping[str, object]) -> None:
    """Writes a JSON file so that a crash leaves the old or the new one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        raise CardError(f"The card cannot be written: {error.strerror or error}.") from error
