"""A made-up world of machine manuals: documents, questions and answers from templates, all from one seed.

Knows no model. ``held`` draws nouns and numbers that training never sees.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tests.support.toy.words import (
    ACTIONS,
    ATTRIBUTES,
    BUTTONS,
    CODES,
    COLOURS,
    HELD_NOUNS,
    MODIFIERS,
    NOUNS,
    PLACES,
    STATES,
    VERBS,
)

Item = TypeVar("Item")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and its answer, mark included."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of a document: what it says of which thing."""

    attribute: str
    key: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Made:
    """A document: passages of sentences, pairs that they answer, questions that they do not."""

    passages: tuple[tuple[str, ...], ...]
    answerable: tuple[Pair, ...]
    unanswerable: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The passages, each as one text."""
        return tuple(" ".join(passage) for passage in self.passages)


class World:
    """A source of documents. ``pieces`` are the tokenizer's own, so that every token is copied now and then."""

    def __init__(self, seed: int, held: bool = False, pieces: Sequence[str] = ()) -> None:
        self.random, self.held, self.pieces = random.Random(seed), held, tuple(pieces)

    def pick(self, items: Sequence[Item]) -> Item:
        """One of the items; unlike ``random.choice``, alike in every version of Python."""
        return items[int(self.random.random() * len(items))]

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def number(self, low: int, high: int) -> int:
        """A number; one in seven is kept for the held world."""
        while True:
            number = int(low + (high - low + 1) * self.random.random())
            if (number % 7 == 3) == self.held:
                return number

    def _word(self) -> str:
        if self.pieces and self.chance(0.6):
            return "".join(self.pick(self.pieces) for _ in range(self.pick([1, 2, 2, 3])))
        syllables = range(self.pick([2, 2, 3]))
        return "".join(
            self.pick("bcdfghjklmnprstvwz")
            + self.pick("aeiou")
            + self.pick(["", "", "l", "n", "r", "s", "x", "t"])
            for _ in syllables
        )

    def _part(self) -> str:
        letters = "".join(self.pick(LETTERS) for _ in range(self.pick([1, 2, 2, 3])))
        return f"{letters}-{self.number(10, 999)}"

    def _code(self) -> str:
        head = self.pick(["", "", "", "W", "A"]) + self.pick("EEEFHCPX") + self.pick(["", "", "-"])
        return head + self.pick([f"{self.number(1, 99):02d}", str(self.number(100, 999))])

    def _noun(self) -> str:
        if self.chance(0.35):
            return self._word()
        return self.pick(HELD_NOUNS if self.held else NOUNS)

    def _thing(self) -> str:
        kind = self.random.random()
        if kind < 0.35:
            return self._noun()
        return f"{self._word() if kind > 0.9 else self.pick(MODIFIERS)} {self._noun()}"

    def fill(self, form: str, key: str) -> str:
        """A sentence or question from its form, with everything but the key drawn."""
        text = form.replace("{k}", key)
        for slot, draw in self._slots():
            while slot in text:
                text = text.replace(slot, draw(), 1)
        return text[0].upper() + text[1:]

    def _slots(self) -> tuple[tuple[str, Callable[[], str]], ...]:
        """What fills each slot. The order matters: what fills one may hold slots that come later."""
        return (
            ("{a}", lambda: self.pick(ACTIONS)),
            ("{a2}", lambda: self.pick(ACTIONS)),
            ("{l}", lambda: self.pick(PLACES)),
            ("{e}", self._thing),
            ("{j}", lambda: self.pick(STATES)),
            ("{p}", self._part),
            ("{n}", lambda: str(self.number(4, 990))),
            ("{s}", lambda: str(self.number(2, 30))),
            (
                "{w}",
                lambda: self.pick(
                    ["alcohol", "water", "a dry cloth", "a soft brush", self._word() + " oil"]
                ),
            ),
            ("{b}", lambda: self.pick(BUTTONS)),
            ("{d}", lambda: self.pick(["left", "right", "front", "back"])),
            ("{m}", lambda: self.pick(MODIFIERS)),
            ("{x}", lambda: self._word() + str(self.number(10, 999))),
            ("{v}", lambda: self.pick(VERBS)),
        )

    def keys(self, attribute: str, count: int) -> list[str]:
        """Different keys that are easy to mix up."""
        keys: list[str] = []
        modifier, noun, letter = (
            self.pick(MODIFIERS),
            self._noun(),
            self.pick(["E", "F", "W", "HE"]),
        )
        if attribute == "err" and self.chance(0.5):
            return self._list_of_codes(letter, count)
        while len(keys) < count:
            kind = self.random.random()
            if attribute == "err":
                key = f"{letter}{self.number(1, 99):02d}" if kind < 0.6 else self._code()
            elif attribute == "light":
                key = self.pick(["", "blinking ", "flashing ", "steady "]) + self.pick(COLOURS)
            elif kind < 0.25:
                key = f"{modifier} {self._noun()}"
            else:
                key = f"{self.pick(MODIFIERS)} {noun}" if kind < 0.45 else self._thing()
            if key not in keys:
                keys.append(key)
        return keys

    def _list_of_codes(self, letter: str, count: int) -> list[str]:
        """Codes that follow each other, as in the tables of real manuals: E01, E02, ..."""
        numbers = [number for number in range(1, 100) if (number % 7 == 3) == self.held]
        start = 0 if self.chance(0.5) else int(self.random.random() * max(1, len(numbers) - count))
        width = self.pick([2, 2, 3])
        return [f"{letter}{number:0{width}d}" for number in numbers[start : start + count]]

    def facts(self, count: int, extra: int = 3) -> tuple[list[Said], list[tuple[str, str]]]:
        """Facts, and some (attribute, key) that are near to them but absent."""
        pool = [name for name in ATTRIBUTES if name not in CODES]
        things = self.keys("thing", 2 + int(self.random.random() * 3))
        chosen = [self.pick(pool) for _ in range(2 + int(self.random.random() * 4))]
        near = {(name, key) for name in chosen for key in things}
        for name in CODES:
            if self.chance(0.45):
                many = 10 if name == "err" and self.chance(0.4) else 4
                near |= {
                    (name, key)
                    for key in self.keys(name, 2 + int(self.random.random() * (many - 1)))
                }
        pairs = sorted(near)
        self.random.shuffle(pairs)
        while len(pairs) < count + extra:
            name = self.pick(list(ATTRIBUTES))
            key = self.keys(name, 1)[0]
            if (name, key) not in pairs:
                pairs.insert(int(self.random.random() * len(pairs)), (name, key))
        facts = [Said(name, key, self.say(name, key)) for name, key in pairs[:count]]
        return facts, pairs[count : count + 4 + extra]

    def say(self, attribute: str, key: str) -> str:
        return self.fill(self.pick(ATTRIBUTES[attribute].sentences), key)

    def ask(self, attribute: str, key: str) -> str:
        return self.fill(self.pick(ATTRIBUTES[attribute].questions), key)

    def document(self, sentences: int, most_passages: int = 4) -> Made:
        """A document of so many sentences in one to ``most_passages`` passages of up to three, or up to twelve, sentences."""
        facts, absent = self.facts(sentences)
        longest = self.pick([3, 6, 12])
        count = max(
            -(-sentences // longest), min(sentences, 1 + int(self.random.random() * most_passages))
        )
        groups = cut(facts, count)
        pairs = [
            Pair(self.ask(fact.attribute, fact.key), f"{fact.sentence} [{number}]")
            for number, group in enumerate(groups, 1)
            for fact in group
        ]
        self.random.shuffle(pairs)
        unanswerable = tuple(self.ask(name, key) for name, key in absent)
        return Made(
            tuple(tuple(fact.sentence for fact in group) for group in groups),
            tuple(pairs),
            unanswerable,
        )


def cut(facts: Sequence[Said], count: int) -> list[Sequence[Said]]:
    """Facts in ``count`` groups of nearly the same size, in order."""
    borders = [index * len(facts) // count for index in range(count + 1)]
    return [facts[start:end] for start, end in zip(borders, borders[1:], strict=False)]
