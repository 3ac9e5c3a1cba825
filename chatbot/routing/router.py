"""Which road a question takes, and why, in one sentence an agent understands. Pure: signals in, Route out."""

from __future__ import annotations

from dataclasses import dataclass

from chatbot.conversations.types import Mode, Route, Signals

BY_HAND = Route("documents", "You chose this section.")


@dataclass(frozen=True, slots=True)
class RouteThresholds:
    """Thresholds: ``match`` from which the manuals answer, ``choice`` from which sections are offered to choose from."""

    match: float
    choice: float = 1.0


MANUALS = "The manuals cover this."
IN_PART = "The manuals cover a part of this."
BY_PRODUCT = "Manuals of several products cover this."


def route(asked: Mode, facts: Signals, limits: RouteThresholds) -> Route:
    """The road for a question. The agent's own choice wins, and is explained too."""
    if asked != "auto":
        return _chosen(asked, facts, limits)
    answers = facts.match >= limits.match
    if not facts.adapter:
        if answers:
            return Route("documents", MANUALS)
        near = limits.choice <= facts.match
        return Route(
            "documents",
            "No section matches well enough to be sure."
            if near
            else "Nothing in the manuals matches well.",
        )
    covers = facts.covered
    if answers:
        return _with_evidence(facts, covers)
    if covers and facts.removed:
        return Route(
            "both",
            "Not clearly found in the manuals, and some that the adapter learnt from have changed; the passages decide.",
        )
    if covers:
        return Route("adapter", "Not found in the manuals; the adapter was trained on this.")
    return Route("documents", "Neither the manuals nor the adapter's training cover this.")


def out_of_date(facts: Signals | None) -> bool:
    """May what the adapter remembers of this question be out of date, so that its memory is held against the manuals?"""
    return facts is not None and facts.covered and bool(facts.unseen or facts.removed)


def cannot_tell(facts: Signals | None) -> bool:
    """Would an adapter that reads no passages answer what it was not trained on, or what may have changed since?

    While everything that it was trained on still stands in the manuals, only what is not covered is out of its reach.
    """
    return facts is not None and (not facts.covered or bool(facts.unseen and facts.removed))


def _with_evidence(facts: Signals, covers: bool) -> Route:
    if facts.unseen is None:
        return Route(
            "documents", "The manuals cover this; what the adapter was trained on is unknown."
        )
    if facts.unseen > 0:
        when = f" on {facts.changed[:10]}" if facts.changed else ""
        news = f"The manuals say something here that the adapter has not seen (published{when})"
        return (
            Route("both", f"{news}; the passages decide.")
            if covers
            else Route("documents", f"{news}.")
        )
    if covers:
        return Route(
            "both", "The manuals cover this, and the adapter was trained on the same passages."
        )
    return Route(
        "documents", "The manuals cover this; the adapter was not trained on such questions."
    )


def _chosen(asked: Mode, facts: Signals, limits: RouteThresholds) -> Route:
    if asked == "documents":
        return Route("documents", "You chose the documents.")
    if not facts.adapter:
        return Route("documents", "No fine-tuned model is running, so the manuals answer.")
    if asked == "adapter":
        doubt = " Parts of the manuals are newer than its training." if facts.unseen else ""
        if facts.coverage is not None and not facts.covered:
            doubt = " It was not trained on such a question."
        doubt = " What it was trained on is unknown." if facts.unseen is None else doubt
        return Route("adapter", f"You chose the adapter.{doubt}")
    if facts.match < limits.match:
        return Route("both", "You chose both; the manuals match only weakly.")
    return Route("both", "You chose both.")
