"""Which way to go with a product, from its own data: manuals, the adapter or both, and how sure that is.

``advise`` is pure; ``reports`` reads what it needs and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from adapters.registry import CPU_MINUTES
from chatbot.conversations.types import Mode
from chatbot.curation.usage import Period, StageTime, usage
from chatbot.trials.preferences import Preference
from chatbot.trials.results import Contest, preference_of, results

if TYPE_CHECKING:
    from chatbot.assistant import Assistant
    from chatbot.trials.types import PairVote
    from knowledge.types import HeldVersion

DAYS = 90
STALE = 0.1  # of a product's passages new to the adapter, from which its memory cannot be relied on
OFTEN = (
    1.0  # new versions a manual in ``DAYS``, from which an adapter is out of date before it pays
)
# "sure": votes decide it; "likely": the manuals' changes or the adapter's training do; "open": nothing does yet.
Sureness = Literal["sure", "likely", "open"]
Ground = Literal["votes", "no adapter", "stale", "often", "unknown", "none"]


@dataclass(frozen=True, slots=True)
class Advice:
    """The mode to prefer (Auto: as it is), how sure that is, and what it rests on."""

    mode: Mode
    sureness: Sureness
    ground: Ground


@dataclass(frozen=True, slots=True)
class ProductReport:
    """What is known of a product, over the last ``DAYS`` days where it is counted by time.

    ``changes`` are new versions a manual; ``stale`` the share (0 to 1) of its passages that the served adapter was not trained
    on, None without an adapter or where that is unknown; ``held`` the share of sentences that the manuals hold, and ``times``
    how long an answer took, by mode. ``training`` is what the training of the served adapter took, in minutes of one processor,
    None where nobody wrote it down.
    """

    product: str
    manuals: int
    changes: float
    stale: float | None
    asked: int
    answers: Mapping[str, int]
    held: Mapping[str, Mapping[str, int]]
    times: Mapping[str, StageTime]
    contests: tuple[Contest, ...]
    kinds: tuple[Contest, ...]
    preference: Preference | None
    advice: Advice
    training: float | None = None


def advise(
    preference: Preference | None, *, adapter: bool, stale: float | None, changes: float
) -> Advice:
    """Return what to do: what votes decide comes first, then what is known of the manuals and of the adapter."""
    if preference is not None:
        return Advice(preference.mode, "sure", "votes")
    if not adapter:
        return Advice("documents", "likely", "no adapter")
    if stale is None:
        return Advice("documents", "likely", "unknown")
    if changes >= OFTEN:
        return Advice("documents", "likely", "often")
    if stale >= STALE:
        return Advice("both", "likely", "stale")
    return Advice("auto", "open", "none")


def reports(assistant: Assistant, today: date) -> tuple[ProductReport, ...]:
    """Return a report on each product with a manual, by name. Raises NotKept."""
    held = [one for one in assistant.catalog.versions_held() if one.product]
    votes = assistant.trials.votes()
    first = today - timedelta(days=DAYS - 1)
    return tuple(
        _report(assistant, product, held, votes, Period(first, today, product))
        for product in assistant.catalog.products()
    )


def _report(
    assistant: Assistant,
    product: str,
    held: Sequence[HeldVersion],
    votes: Sequence[PairVote],
    period: Period,
) -> ProductReport:
    mine = [one for one in held if one.product == product]
    live = [one for one in mine if one.live]
    new = [one for one in mine if one.added[:10] >= period.first.isoformat()]
    # The first version of a manual is no change of it
    fresh = {one.name for one in live} - {one.name for one in mine if one not in new}
    changes = max(0, len(new) - len(fresh)) / len(live) if live else 0.0
    serving = assistant.models.status()
    trained = serving.trained
    stale = _stale(live, trained.hashes if trained else None)
    found = results([vote for vote in votes if vote.product == product])
    used = usage(assistant.journal.file, period)
    preference = preference_of(found, product)
    return ProductReport(
        product,
        len(live),
        changes,
        stale,
        used.asked,
        used.modes,
        used.by_mode,
        used.mode_times,
        found.by_product,
        found.by_kind,
        preference,
        advise(preference, adapter=serving.adapter is not None, stale=stale, changes=changes),
        serving.card.scores.get(CPU_MINUTES) if serving.card else None,
    )


def _stale(live: Sequence[HeldVersion], trained: frozenset[str] | None) -> float | None:
    passages = frozenset[str]().union(*(one.hashes for one in live))
    if trained is None or not passages:
        return None
    return len(passages - trained) / len(passages)
