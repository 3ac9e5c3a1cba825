"""An answer as the journal stores it: JSON with the number of its form, so that a field can be renamed later."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from chatbot.conversations.types import Answer

Json = dict[str, Any]


def _second(stored: Json) -> Json:
    """Form 2 calls the signals "news" and "gone" what they are: unseen, removed."""
    if signals := stored.get("signals"):
        signals["unseen"], signals["removed"] = signals.pop("news", None), signals.pop("gone", None)
    return stored


# What makes each form of the one before it; form 1 had no number. Append only.
_STEPS: tuple[Callable[[Json], Json], ...] = (_second,)
FORM = 1 + len(_STEPS)


@cache
def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Answer)


def dumped(answer: Answer) -> str:
    """Return an answer as text for the journal."""
    return json.dumps({"form": FORM, **_adapter().dump_python(answer, mode="json")})


def loaded(text: str) -> Answer:
    """Return the answer that a text holds, in whatever form it was stored. Raises ValueError for one that is none."""
    stored = json.loads(text)
    for step in _STEPS[stored.pop("form", 1) - 1 :]:
        stored = step(stored)
    answer: Answer = _adapter().validate_python(stored)
    return answer
