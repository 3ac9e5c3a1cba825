"""What a team prefers for a product, as its trials showed: Auto follows it wherever that is safe."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatbot.conversations.types import Mode, Route, Signals
from chatbot.errors import ChatError

if TYPE_CHECKING:
    from chatbot.routing.router import RouteThresholds
    from chatbot.trials.store import Trials

NAMES: Mapping[Mode, str] = {"documents": "Documents", "adapter": "Adapter", "both": "Both"}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Preference:
    """The mode that Auto prefers for a product; ``share`` (0 to 1) of the votes was for it, with bounds. ``since`` is UTC."""

    product: str
    mode: Mode
    share: float
    low: float
    high: float
    since: str = ""


def preferred(
    chosen: Route,
    trials: Callable[[], Trials],
    product: str,
    facts: Signals,
    limits: RouteThresholds,
) -> Route:
    """Return the road that a team prefers for a product, where it may be taken; ``chosen`` is the one without it.

    Only a question that the manuals answer is sent elsewhere, and only one on which the adapter was trained, with nothing
    newer in the manuals, to the adapter alone.
    """
    if not product or not facts.adapter or facts.match < limits.match:
        return chosen
    try:
        held = next((one for one in trials().preferences() if one.product == product), None)
    except ChatError as error:  # the question is answered all the same
        log.warning("what is preferred cannot be read: %s", error)
        return chosen
    if held is None or held.mode == chosen.mode:
        return chosen
    knows = facts.covered and facts.unseen == 0 and not facts.removed
    if held.mode == "adapter" and not knows:
        return chosen
    percent = f"{100 * held.share:.0f} % of the votes"
    return Route(
        held.mode,
        f"Your team prefers {NAMES[held.mode]} for the {product}: {percent} in its trials.",
    )
