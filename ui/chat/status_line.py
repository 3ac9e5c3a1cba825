"""The status line and the mode switch as values: what can be asked, who answers, what is missing, and why.

Pure: figures and what is served come in. Knows nothing of Gradio, routes, or how models are looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from adapters.demo import NAME as DEMONSTRATION
from adapters.registry import Card
from chatbot.models.serving import ModelStatus
from knowledge.types import Counts, HeldVersion
from ui.text.english import count, say
from ui.web.html import join
from ui.web.layout import ALWAYS, MODES


@dataclass(frozen=True, slots=True)
class Mode:
    """Whether a mode can be chosen now, and its explanation in words."""

    live: bool
    why: str


def newer(card: Card, held: Sequence[HeldVersion]) -> tuple[str, ...]:
    """Return the names of the live manuals that say something newer than an adapter's training.

    These hold a passage that it was not trained on, are of a product that it was trained on, and were added after its
    newest source and its making, as far as its card names these; without a date the passages alone decide.
    """
    seen = frozenset(card.trained_on or ())
    known = [version for version in held if version.hashes & seen]
    manuals, products = (
        {version.name for version in known},
        {version.product for version in known} - {""},
    )
    dates = [date for date in (card.cut_off, card.created) if date]
    return tuple(
        version.name
        for version in held
        if version.live
        and (version.name in manuals or version.product in products)
        and version.hashes - seen
        and (not dates or any(version.added[: len(date)] > date for date in dates))
    )


def demonstration(serving: ModelStatus) -> str:
    """Return the sentence that says so when the adapter of `run.py demo` is served, else ""."""
    return say("status.demo") if serving.card and serving.card.name == DEMONSTRATION else ""


def broken(fault: str) -> Markup:
    """Return the status line while the data folder is gone or unusable: one light that says so."""
    return _light("warn", say("status.broken"), fault)


def line(counts: Counts, serving: ModelStatus, later: Sequence[str] = ()) -> Markup:
    """Return the lights of the status line; ``later`` names the manuals that are newer than the adapter."""
    lights = []
    if counts.manuals:
        passages, manuals = count("passages", counts.passages), count("manuals", counts.manuals)
        lights.append(_light("good", say("status.library", passages=passages, manuals=manuals)))
    else:
        lights.append(_light("idle", say("status.empty")))
    if counts.waiting:
        lights.append(_light("busy", say("status.reading", files=count("files", counts.waiting))))
    if counts.attention:
        lights.append(
            _light("warn", say("status.attention", files=count("files", counts.attention)))
        )
    if serving.card:
        lights.append(_adapter(serving.card, later, demonstration(serving)))
    if serving.chat:
        lights.append(
            _light(
                "good",
                say("status.documents", model=serving.chat.model),
                f"{say('status.documents.why')} {serving.why}".strip(),
            )
        )
    elif counts.manuals:
        key = "status.quotes.model" if serving.state == "up" else "status.quotes"
        lights.append(
            _light(
                "idle",
                say(key),
                (serving.why or say("status.quotes.why"))
                if serving.state == "up"
                else serving.reason,
            )
        )
    return join(lights)


def search_note(note: str) -> Markup:
    """Return the light that says that searches do less than they should; ``note`` says why, "" for none."""
    return _light("warn", say("status.search"), note) if note else Markup("")


def _adapter(card: Card, later: Sequence[str], note: str) -> Markup:
    if card.trained_on is None:
        return _light(
            "warn",
            say("status.adapter.unknown", name=card.name),
            f"{say('status.adapter.unknown.why')} {note}".strip(),
        )
    if later:
        text = say("status.adapter.newer", name=card.name, manuals=count("manuals", len(later)))
        return _light(
            "warn",
            text,
            f"{say('status.adapter.newer.why', names=', '.join(later))} {note}".strip(),
        )
    return _light("good", say("status.adapter", name=card.name), note or say("status.adapter.why"))


def _light(state: str, text: str, why: str = "") -> Markup:
    return Markup('<span class="t-light {}" title="{}"><i></i>{}</span>').format(
        state, why or text, text
    )


def modes(serving: ModelStatus) -> dict[str, Mode]:
    """Return each mode of the switch: those with an adapter can be chosen only while one is served."""
    made = {}
    for mode in MODES:
        live = mode in ALWAYS or serving.adapter is not None
        made[mode] = Mode(
            live,
            f"{serving.reason} {say(f'mode.missing.{serving.state}')}"
            if not live
            else say(f"mode.{mode}.why"),
        )
    return made
