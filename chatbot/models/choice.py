"""Which model writes from passages, by what it can do. Pure: what a model server lists goes in, and no server is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.servers.base import full_name

MOST_BYTES = (
    10 << 30
)  # of a model that is taken by itself: larger ones rarely answer within a minute on one machine
_OTHERS = re.compile(
    r"embed|rerank|(?:^|[/-])bge-|minilm", re.IGNORECASE
)  # for servers that state no capabilities
TOO_SMALL = "Models under 1 billion parameters rarely answer from passages: what does not hold gives way to quotes."
# Measured with 135 and 270 million: none of 40 answers from passages was fit to send. A "1B" has .99 to 1.3.
FEWEST_BILLIONS = 0.9
_EMBEDDERS = frozenset({"bert", "nomic-bert"})


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model on the server: ``size`` in bytes, ``remote`` the host that it really runs on ("" for this server),
    ``adapter`` whether it is a fine-tuned adapter that only a promotion may put to work. ``chats`` is False for one whose
    template drops the rules; ``billions`` of parameters, None where the server does not say."""

    name: str
    size: int = 0
    family: str = ""
    capabilities: tuple[str, ...] = ()
    remote: str = ""
    adapter: bool = False
    chats: bool = True
    billions: float | None = None


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
    if not model.chats:
        return "its template passes on no rules, as that of a base model without instruction tuning"
    return ""


def in_billions(parameters: str) -> float | None:
    """Return a number of parameters as servers write it ("134.52M", "3.2B") in billions, None for anything else."""
    found = re.fullmatch(r"([\d.]+)\s*([KMBT])", parameters.strip(), re.IGNORECASE)
    if found is None or found.group(1).count(".") > 1 or found.group(1) == ".":
        return None
    return (
        float(found.group(1)) * {"K": 1e-6, "M": 1e-3, "B": 1.0, "T": 1e3}[found.group(2).upper()]
    )


def is_small(billions: float | None) -> bool:
    """Say whether a model is too small to answer from passages."""
    return billions is not None and billions < FEWEST_BILLIONS


def choose(
    wanted: str, base: str, models: Sequence[ListedModel], *, trained: bool = False
) -> Choice:
    """Choose the model that writes from passages: the one that was set, else the adapter's ``base``, else one that can.

    A set model that is missing or cannot write is never replaced by another. One that runs elsewhere is used only when it
    is set, because questions and passages then leave this server; so is one too small to write from passages, unless it
    is the ``base`` and was ``trained`` for that alone.
    """
    named = {model.name: model for model in models}
    if wanted:
        return _set(wanted, named)
    own = named.get(listed(base, tuple(named)))
    if own and not own.remote and not cannot_write(own) and (trained or not is_small(own.billions)):
        return Choice(own.name, "It is the base of the served adapter.")
    able = [
        model
        for model in models
        if not model.remote and not model.adapter and not cannot_write(model)
    ]
    if not able:
        there = f" The server's models are no writers: {', '.join(sorted(named))}." if named else ""
        return Choice("", f"The model server has no model that writes answers.{there}")
    large = [model for model in able if not is_small(model.billions)]
    if not large:
        names = ", ".join(sorted(model.name for model in able))
        return Choice(
            "",
            f"Too small to answer from passages (under 1 billion parameters): {names}. TANDEM_CHAT_MODEL names one all the same.",
        )
    # One that sees as well is taken only where there is no other: it is no better at reading, and slower.
    able = [model for model in large if "vision" not in model.capabilities] or large
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
    small = f" {TOO_SMALL}" if is_small(found.billions) else ""
    return Choice(found.name, f"TANDEM_CHAT_MODEL names it.{small}")
