"""Two adapters on one manual of bolts, of which the second one may say other figures than the manual."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from adapters.registry import Card, Registry
from chatbot.assistant import Assistant
from knowledge.catalog import Catalog
from tests.support.manuals import put
from tests.support.model_server import ModelServer, assistant_with

PARTS = ("valve", "cover", "motor", "handle", "wheel", "lid", "flange", "bracket")
BOLTS = "# Mill M-7 user manual\n" + "".join(
    f"\n## {part.capitalize()}\n\nTighten the bolts of the {part} to {10 + n} Nm.\n"
    for n, part in enumerate(PARTS)
)
QUESTIONS = tuple(
    f"To how many Nm do I tighten the bolts of the {part} of the Mill M-7?" for part in PARTS
)
LISTED: list[dict[str, object]] = [
    {"name": f"{name}:latest"} for name in ("m", "desk-v1", "desk-v2")
]
Say = Callable[[dict[str, Any]], str]


def right(asked: dict[str, Any], more: int = 0) -> str:
    """What the manual says to a question, or so much more."""
    question = str(asked["messages"][-1]["content"]).rpartition("Question:")[2]
    part = next((one for one in PARTS if one in question), PARTS[0])
    return f"Tighten the bolts of the {part} to {10 + PARTS.index(part) + more} Nm."


def talking(candidate: Say) -> Say:
    """A server on which every model but the candidate says what the manual does."""
    return lambda asked: candidate(asked) if "desk-v2" in asked["model"] else right(asked)


def reworded(asked: dict[str, Any]) -> str:
    """The same fact in other words."""
    return re.sub(r"^Tighten t(.+) to (.+)\.$", r"T\1 are tightened to \2.", right(asked))


def save_rivals(registry: Registry, catalog: Catalog, *, served: str = "desk-v1") -> None:
    """Put the cards of both adapters down, each trained on the whole manual, and serve one."""
    (manual,) = (one for one in catalog.manuals() if one.product == "Mill M-7")
    hashes = tuple(passage.hash for passage in catalog.passages_of(manual.version_id))
    for name in ("desk-v1", "desk-v2"):
        model = f"{name}:latest"
        registry.save(Card(name, model, "m:latest", model, hashes, QUESTIONS))
    if served:
        registry.serve(served)


@contextmanager
def two_adapters(
    folder: Path, candidate: Say, *, served: str = "desk-v1"
) -> Iterator[tuple[Assistant, ModelServer]]:
    """An assistant with both adapters on a server, the second one saying what is given."""
    server = ModelServer(said=talking(candidate), models=LISTED)
    with assistant_with(folder, server) as assistant:
        put(assistant.catalog, "mill.md", BOLTS)  # type: ignore[arg-type]
        save_rivals(assistant.models.registry, assistant.catalog, served=served)
        assistant.models.invalidate()
        yield assistant, server
