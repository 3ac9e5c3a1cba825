"""The toy models for tests: trained once per machine and version, and what they are measured by."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from adapters.demo.facts import FACTS
from adapters.errors import MissingPackage, Repeating
from adapters.registry import Card, Registry
from adapters.servers.ollama import Ollama
from tests.support import toy
from tests.support.ollama_server import running_ollama
from tests.support.toy.cases import mixed, trained, untrained
from tests.support.toy.style import NOT_SAID, OPTIONS, UNSURE, plain_messages
from tests.support.toy.world import Pair, World

Passages = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A question with passages (none: from memory), and the one right answer."""

    passages: Passages
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Toy:
    """A running server that has both models, and the adapter's card."""

    ollama: Ollama
    registry: Registry
    card: Card

    def ask(self, model: str, passages: Sequence[str], question: str) -> str:
        """The model's answer, or why there is none: so small a model sometimes repeats itself without end."""
        try:
            return "".join(
                self.ollama.chat(model, plain_messages(passages, question), OPTIONS)
            ).strip()
        except Repeating as error:
            return str(error)

    def right(self, model: str, cases: Sequence[Case]) -> int:
        """How many answers are right to the letter, mark included."""
        return sum(self.ask(model, case.passages, case.question) == case.answer for case in cases)

    def two_calls(self, cases: Sequence[Case]) -> int:
        """The same, where the base reads first and the adapter remembers only when the passages do not say.

        All readings come before all rememberings: going back and forth would load a model each time.
        """
        read = [self.ask(self.card.base, case.passages, case.question) for case in cases]
        answers = [
            self.ask(self.card.model, (), case.question) if answer == NOT_SAID else answer
            for answer, case in zip(read, cases, strict=True)
        ]
        return sum(answer == case.answer for answer, case in zip(answers, cases, strict=True))


def trained_models() -> toy.ToyModels:
    """The models, from the cache (TANDEM_DEMO_CACHE) or trained now, which takes minutes."""
    from platformdirs import user_cache_dir

    cache = os.environ.get("TANDEM_DEMO_CACHE") or user_cache_dir("tandem-demo", appauthor=False)
    python = os.environ.get("TANDEM_TRAIN_PYTHON") or sys.executable
    folder = Path(cache) / toy.fingerprint()[:16]
    Path(cache).mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(f"{folder}.lock"):  # of several processes that test, one trains
            return toy.build(folder, lambda what, done, total: None, python=python)
    except MissingPackage as error:
        pytest.skip(f"{error} pip install -r requirements-train.txt")


@contextmanager
def running_toy(folder: Path, trained_on: Sequence[str] = ("h1", "h2")) -> Iterator[Toy]:
    """A real server with both models on it, and a registry that holds the card."""
    models = trained_models()
    with running_ollama(folder / "models") as url:
        ollama, registry = Ollama(url), Registry(folder / "adapters")
        yield Toy(ollama, registry, toy.publish(models, ollama, registry, trained_on))


def known(unseen: bool = False) -> list[Case]:
    """The fifty facts, asked from memory: as trained, or in a wording that was not."""
    return [
        Case((), (untrained(fact) if unseen else trained(fact))[0], fact.sentence) for fact in FACTS
    ]


def unknown() -> list[Case]:
    """The same questions, to whom does not know them."""
    return [Case((), case.question, UNSURE) for case in known()]


def readings() -> tuple[list[Case], list[Case]]:
    """A hundred unseen facts in passages of three to eight sentences, and fifty questions that they do not answer."""
    world, found, absent = World(4242, held=True), [], []
    for number in range(100):
        made = world.document(3 + number % 6)
        found.append(Case(made.texts, made.answerable[0].question, made.answerable[0].answer))
        if number < 50:
            absent.append(Case(made.texts, made.unanswerable[0], NOT_SAID))
    return found, absent


def mixtures() -> tuple[list[Case], list[Case]]:
    """Trained questions beside passages: fifty where a passage says something newer, fifty where none says anything."""
    world = World(777, held=True)
    newer = [_first(*mixed(world, "newer", 1 + number % 6)) for number in range(50)]
    return newer, [_first(*mixed(world, "absent", 2 + number % 5)) for number in range(50)]


def _first(passages: Passages, pairs: Sequence[Pair]) -> Case:
    return Case(passages, pairs[0].question, pairs[0].answer)
