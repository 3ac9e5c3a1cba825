"""Which pairs are trained, which watch the training, which test it: by fact or section, and without leaks. Pure.

A group goes where the hash of its name says, so that it stays there when others come: those that are not trained test
whether an adapter declines what nobody taught it. What it was taught is tested in other words, so of some trained facts one
wording is set apart ("reworded"). A test question that training has already answered in nearly the same words says nothing; the gate finds
those and moves them into training, with their whole group where it is set apart, or leaves them out.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from adapters.datasets.likeness import alike_between, figures, grams, jaccard, normalised, words
from adapters.datasets.pairs import APART, SplitName, TrainingPair

SHARES = (80, 10, 10)  # of a hundred groups: trained, validation, test
RUN = 13  # words in a row that no test pair may share with training
ALIKE = 0.6  # Jaccard likeness of 5-grams from which two questions count as the same
REFUSED = 0.8  # the same for questions that both are declined, whose answers are alike anyway

WORDINGS = 4  # questions of a fact from which one of them can be set apart
ASIDE = 35  # of a hundred trained facts with so many, those asked in other words

LeakAction = Literal["move", "drop"]


@dataclass(frozen=True, slots=True)
class Leak:
    """A test or validation pair that training gives away. ``score`` is the likeness of the questions, 0 for a run of words."""

    pair: TrainingPair
    trained: TrainingPair
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class SplitResult:
    """The pairs with their splits, in their order, and the leaks that were closed; ``action`` says how."""

    pairs: tuple[TrainingPair, ...]
    leaks: tuple[Leak, ...]
    action: LeakAction

    def of(self, split: SplitName) -> tuple[TrainingPair, ...]:
        """The pairs of one split."""
        return tuple(pair for pair in self.pairs if pair.split == split)


def group_of(pair: TrainingPair) -> str:
    """What a pair must stay together with: its group, else its passage, else whoever asks the same."""
    if pair.group:
        return pair.group
    return pair.passage_hash or f"question {normalised(pair.question)}"


def place_of(group: str, shares: tuple[int, int, int] = SHARES) -> SplitName:
    """Where a group belongs: always the same place for the same name and shares."""
    spot = _number(group) % sum(shares)
    if spot < shares[0]:
        return "train"
    return "validation" if spot < shares[0] + shares[1] else "test"


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "replace")).digest()[:8], "big")


def split(
    pairs: Sequence[TrainingPair],
    shares: tuple[int, int, int] = SHARES,
    action: LeakAction = "move",
) -> SplitResult:
    """Split pairs by group, set wordings of trained facts apart, and close leaks. A pair of style without a group is one of its own."""
    placed = [replace(pair, split=place_of(group_of(pair), shares)) for pair in pairs]
    return close(_aside(placed) if shares[2] else placed, action)


def close(pairs: Sequence[TrainingPair], action: LeakAction = "move") -> SplitResult:
    """Close the leaks of pairs that have their splits: move what leaks into training, or leave it out."""
    placed = list(pairs)
    closed: list[Leak] = []
    while found := leaks(placed):
        closed += found
        if action == "drop":
            gone = {leak.pair for leak in found}
            placed = [pair for pair in placed if pair not in gone]
            break
        learnt = _learnt(placed)
        alone = {leak.pair for leak in found if _fact(leak.pair) in learnt}
        moved = {group_of(leak.pair) for leak in found if leak.pair not in alone}
        placed = [
            replace(pair, split="train") if pair in alone or group_of(pair) in moved else pair
            for pair in placed
        ]
    return SplitResult(tuple(placed), tuple(closed), action)


def _fact(pair: TrainingPair) -> tuple[str, str]:
    return group_of(pair), normalised(pair.answer)


def _learnt(pairs: Sequence[TrainingPair]) -> frozenset[tuple[str, str]]:
    """The facts that are trained."""
    return frozenset(_fact(pair) for pair in pairs if pair.split == "train" and pair.kind == "fact")


def _aside(pairs: Sequence[TrainingPair]) -> list[TrainingPair]:
    """Set the wording of some trained facts apart that is least like their others; by a hash, as groups are."""
    wordings: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, pair in enumerate(pairs):
        if pair.split == "train" and pair.kind == "fact":
            wordings[_fact(pair)].append(i)
    placed = list(pairs)
    for fact, places in wordings.items():
        if len(places) < WORDINGS or _number("\0".join(fact)) % 100 >= ASIDE:
            continue
        held = [grams(pairs[i].question) for i in places]
        near = [max(jaccard(one, other) for other in held if other is not one) for one in held]
        least = min(range(len(places)), key=lambda n: (near[n], n))
        if near[least] < ALIKE:
            placed[places[least]] = replace(pairs[places[least]], split="reworded")
    return placed


def leaks(pairs: Sequence[TrainingPair]) -> tuple[Leak, ...]:
    """The pairs set apart that the trained ones give away, each once.

    Two questions that are alike but ask for other figures, or have other answers, are two facts and no leak. Of a fact that
    is trained in other words only the question has to be new.
    """
    trained = [pair for pair in pairs if pair.split == "train"]
    held = [pair for pair in pairs if pair.split in APART]
    found = {leak.pair: leak for leak in _runs(held, trained)}
    shelves = _shelves(trained)
    for key, ours in _shelves(held).items():
        others = shelves.get(key, [])
        questions = [pair.question for pair in ours], [pair.question for pair in others]
        for alike in alike_between(*questions, ALIKE) if others else ():
            pair, other = ours[alike.first], others[alike.second]
            if pair not in found and _same_fact(pair, other, alike.score):
                why = f"Training asks “{other.question}”, which is {alike.score:.0%} alike and has the same answer."
                found[pair] = Leak(pair, other, alike.score, why)
    return tuple(found[pair] for pair in dict.fromkeys(held) if pair in found)


def _shelves(
    pairs: Sequence[TrainingPair],
) -> dict[tuple[frozenset[str], frozenset[str]], list[TrainingPair]]:
    """Pairs by the figures of their questions and answers: only where both are the same can one give another away."""
    made: dict[tuple[frozenset[str], frozenset[str]], list[TrainingPair]] = defaultdict(list)
    for pair in pairs:
        said = frozenset[str]() if pair.kind == "negative" else figures(pair.answer)
        made[figures(pair.question), said].append(pair)
    return made


def _same_fact(pair: TrainingPair, other: TrainingPair, score: float) -> bool:
    if figures(pair.question) != figures(other.question):
        return False
    if pair.kind == other.kind == "negative":
        return score >= REFUSED and not _asks_otherwise(pair, other)
    if figures(pair.answer) != figures(other.answer):
        return False
    return jaccard(grams(pair.answer), grams(other.answer)) >= ALIKE


def _asks_otherwise(pair: TrainingPair, other: TrainingPair) -> bool:
    ours, theirs = set(words(pair.question)), set(words(other.question))
    return bool(ours - theirs) and bool(theirs - ours)


def _runs(held: Sequence[TrainingPair], trained: Sequence[TrainingPair]) -> Iterator[Leak]:
    """Yield the pairs that share so many words in a row with one in training: in the question, or in the answer."""
    seen: dict[tuple[str, ...], TrainingPair] = {}
    learnt = _learnt(trained)
    for pair in trained:
        for run in _word_runs(pair):
            seen.setdefault(run, pair)
    for pair in held:
        if pair.kind == "negative":
            continue  # every refusal has the same words
        reworded = _fact(pair) in learnt
        hit = next((run for run in _word_runs(pair, reworded) if run in seen), None)
        if hit:
            why = f"Training has the words “{' '.join(hit)}”, too."
            yield Leak(pair, seen[hit], 0.0, why)


def _word_runs(pair: TrainingPair, reworded: bool = False) -> Iterator[tuple[str, ...]]:
    asked_alone = reworded or pair.kind == "negative"
    texts = (pair.question,) if asked_alone else (pair.question, pair.answer)
    for text in texts:
        said = words(text)
        for i in range(len(said) - RUN + 1):
            yield tuple(said[i : i + RUN])


def counts(pairs: Sequence[TrainingPair]) -> dict[str, dict[str, int]]:
    """How many pairs of each kind a split holds, and how many groups ("groups")."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    groups: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        found[pair.split][pair.kind] += 1
        groups[pair.split].add(group_of(pair))
    return {name: {**kinds, "groups": len(groups[name])} for name, kinds in found.items()}
