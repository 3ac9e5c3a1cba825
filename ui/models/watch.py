"""What the page of models says of the served adapter in use: week by week, whether it does worse, and what it was trained on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from adapters.datasets.changes import set_behind
from adapters.datasets.store import DataSets, Manifest
from chatbot.curation.drift import Drift, Tally, drift
from chatbot.errors import NotKept
from ui.text.english import count, say
from ui.web.html import day

if TYPE_CHECKING:
    from adapters.registry import Card
    from chatbot.assistant import Assistant

FEW = 8  # weeks that the table shows


@dataclass(frozen=True, slots=True)
class WatchRow:
    """A week by its first day, with its cells in words."""

    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdapterWatch:
    """What is shown of the served adapter: sentences, the weeks (the last first), and the data set behind it."""

    name: str
    told: tuple[str, ...]
    alarms: tuple[str, ...]
    rows: tuple[WatchRow, ...]
    data_set: Manifest | None


def watch(assistant: Assistant, card: Card) -> AdapterWatch:
    """Return what is shown of an adapter that is served."""
    sets = DataSets(assistant.models.registry.folder / "datasets")
    try:
        found = drift(assistant.journal.file, card.name, datetime.now(UTC).date())
    except NotKept as error:
        return AdapterWatch(card.name, (f"{error}",), (), (), set_behind(sets, card))
    rows = tuple(
        WatchRow(day(week.first.isoformat()), _cells(week.tally))
        for week in reversed(found.weeks[-FEW:])
    )
    return AdapterWatch(card.name, _told(found), _alarms(found), rows, set_behind(sets, card))


def _told(found: Drift) -> tuple[str, ...]:
    every = found.all
    if not every.answers:
        return (say("watch.none"),)
    told = [say("watch.answers", answers=count("answers", every.answers))]
    if every.beyond:
        told.append(
            say("watch.beyond", answers=count("answers", every.beyond), n=every.beyond_wrong)
        )
    return tuple(told)


def _alarms(found: Drift) -> tuple[str, ...]:
    before, now = found.before, found.lately
    alarms = []
    if found.votes_fell:
        alarms.append(
            say(
                "watch.fell.votes",
                before=_share(before.good, before.good + before.bad),
                now=_share(now.good, now.good + now.bad),
            )
        )
    if found.held_fell:
        alarms.append(
            say(
                "watch.fell.held",
                before=_share(before.held, before.judged),
                now=_share(now.held, now.judged),
            )
        )
    return tuple(alarms)


def _cells(tally: Tally) -> tuple[str, ...]:
    voted = tally.good + tally.bad
    return (
        f"{tally.answers:,}",
        say("watch.of", n=tally.good, all=voted) if voted else "–",
        say("watch.of", n=tally.held, all=tally.judged) if tally.judged else "–",
        f"{tally.contradicted:,}",
    )


def _share(n: int, of: int) -> str:
    return f"{100 * n / of:.0f} %" if of else "–"
