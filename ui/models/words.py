"""The page of models in words and rows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.evaluation.standing import standing
from adapters.registry import CPU_MINUTES, Card
from ui.models.overview import AdapterRow, TrainingRun
from ui.text.english import count, say
from ui.web.html import day


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A figure by its name, with a cell for each adapter."""

    name: str
    cells: tuple[str, ...]


# How a candidate stands that was not judged against what is served now.
NOT_JUDGED = {"unjudged": "models.judged.unjudged", "elsewhere": "models.judged.elsewhere"}
EQUAL = "equal_to_trainer"
# Figures whose names are told in words; others stand as their makers called them.
NAMED = {
    "facts_right": "models.score.facts",
    "negatives_declined": "models.score.declined",
    EQUAL: "models.score.trainer",
    CPU_MINUTES: "models.score.cpu",
}


def state_of(row: AdapterRow) -> str:
    """Return in a sentence whether an adapter is served, or why it cannot be."""
    if row.fault:
        return row.fault
    return say("models.state.served") if row.served else say("models.state.candidate")


def verdict_words(card: Card, served: Card | None) -> str:
    """Return what the gate said of an adapter, and whether that was beside the one that is served now; "" for nothing."""
    verdict, found = card.verdict, standing(card, served)
    told = []
    if verdict is not None:
        told.append(
            say("models.judged", name=verdict.against, day=day(verdict.at), verdict=verdict.text)
        )
    if served is not None and found in ("unjudged", "elsewhere"):
        told.append(say(NOT_JUDGED[found], name=served.name))
    return " ".join(told)


def score_rows(rows: Sequence[AdapterRow]) -> tuple[ScoreRow, ...]:
    """Return what is known of the adapters, figure by figure, "–" where one has not a figure."""
    figures = [
        ScoreRow(say("models.base"), tuple(row.card.base or "–" for row in rows)),
        ScoreRow(say("models.passages"), tuple(_count(row.card.trained_on) for row in rows)),
        ScoreRow(say("models.questions"), tuple(f"{len(row.card.questions):,}" for row in rows)),
        ScoreRow(say("models.cut.off"), tuple(row.card.cut_off or "–" for row in rows)),
        ScoreRow(say("models.covered"), tuple(_share(row.card.covered_from) for row in rows)),
    ]
    names = dict.fromkeys(
        name for row in rows for name in row.card.scores if not name.endswith("_of")
    )
    figures += [
        ScoreRow(
            say(NAMED[name]) if name in NAMED else name.replace("_", " "),
            tuple(_score(row, name) for row in rows),
        )
        for name in names
    ]
    products = dict.fromkeys(one.product for row in rows for one in row.stale or ())
    figures += [
        ScoreRow(
            say("models.stale", product=product or say("models.stale.any")),
            tuple(_stale(row, product) for row in rows),
        )
        for product in products
    ]
    return tuple(figures)


def _count(values: Sequence[str] | None) -> str:
    return say("models.unknown") if values is None else f"{len(values):,}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _score(row: AdapterRow, name: str) -> str:
    value = row.card.scores.get(name)
    if value is None:
        return "–"
    of = row.card.scores.get(f"{name}_of")
    if of:
        return say("models.score.of", n=f"{value * of:.0f}", all=f"{of:.0f}")
    if name == CPU_MINUTES:
        return f"{value:,.0f}"
    return f"{100 * value:.0f} %" if 0 <= value <= 1 else f"{value:,.2f}"


def _stale(row: AdapterRow, product: str) -> str:
    if row.stale is None:
        return say("models.unknown")
    return next((f"{100 * one.unseen:.0f} %" for one in row.stale if one.product == product), "–")


def training_words(run: TrainingRun) -> str:
    """Return how far a training is, in a sentence."""
    if run.failed:
        return say("models.run.failed", why=run.failed)
    if run.done:
        return say("models.run.done", steps=count("steps", run.step))
    far = say("models.run.step", step=f"{run.step:,}", of=f"{run.of:,}")
    if run.remaining is None:
        return far
    minutes = max(1, round(run.remaining / 60))
    return f"{far} {say('models.run.left', minutes=count('minutes', minutes))}"
