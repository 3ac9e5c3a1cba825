"""What is wrong with pairs before they are trained: each removal or warning with its reason in words. Pure.

Removed is what harms whatever it is: doubles, what no training window holds, leftovers of other programs, cards and
accounts, e-mail addresses and phone numbers that people wrote. Where a person has to decide, the pair stays and is named.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Literal

from adapters.datasets.likeness import (
    alike_within,
    figures,
    grams,
    jaccard,
    likeness,
    normalised,
    words,
)
from adapters.datasets.pairs import TrainingPair
from adapters.datasets.personal_data import personal_data

FindingKind = Literal[
    "double", "near double", "contradiction", "length", "leftover", "personal data"
]

NEAR = 0.8  # Jaccard likeness of character 5-grams from which two texts count as the same
ANOTHER = 0.3  # likeness under which two answers to one question say different things
TURNED = 0.4  # likeness, but for the denial, from which two answers say the same and its opposite
LONGEST = 1_000  # words of question and answer that a training window may hold
USUAL = 60  # words up to which no answer is an outlier
FEWEST = 20  # answers from which the usual length can be told
# Borders of messages that chat templates write, and what models say of themselves.
_TEMPLATE = re.compile(
    r"<\|(?:im_start|im_end|endoftext|begin_of_text|eot_id|start_header_id|end_header_id|system|user|assistant|end)\|>"
    r"|\[/?INST\]|<</?SYS>>|</?s>|<(?:start|end)_of_turn>|<unk>|<pad>|</?think>"
    r"|^\s*#{2,3} ?(?:Instruction|Response|Input|Human|Assistant):|^\s*(?:Human|Assistant|USER|ASSISTANT): ",
    re.M,
)
_MODEL = re.compile(
    r"\bas an? (?:AI|artificial intelligence|large language|language) (?:language )?(?:model|assistant)\b"
    r"|\bI(?:'m| am) (?:just |only )?an AI\b|\bmy (?:knowledge cut-?off|training data)\b|\bI cannot browse\b",
    re.I,
)
# Words that turn an answer into its opposite; an answer may also begin with a plain no.
_DENIED = re.compile(
    r"\b(?:not|never|cannot|no longer|nicht|nie|niemals|kein\w*|ne|pas|jamais|nunca|non)\b"
    r"|n['’]t\b|^\s*(?:no|nein|non)\b",
    re.I,
)
_END = re.compile(r"[.!?]\s|[.!?]$")
_AGREES = re.compile(
    r"^\s*(?:yes|ja|oui|sí|si|sì|sim)\b|\b(?:do|does|can|is|are|must|may|should)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found. ``place`` counts the pairs from 1; ``other`` is the pair that it is about, 0 for none."""

    kind: FindingKind
    removed: bool
    place: int
    question: str
    why: str
    other: int = 0


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The pairs that stay, in their order, and what was found, in the order of the pairs."""

    kept: tuple[TrainingPair, ...]
    findings: tuple[Finding, ...]

    @property
    def removed(self) -> tuple[Finding, ...]:
        """One finding for each pair that was removed."""
        return tuple({f.place: f for f in reversed(self.findings) if f.removed}.values())[::-1]

    @property
    def warned(self) -> tuple[Finding, ...]:
        """What a person has to look at."""
        return tuple(finding for finding in self.findings if not finding.removed)


@dataclass(slots=True)
class _Work:
    pairs: Sequence[TrainingPair]
    gone: set[int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def here(self) -> list[int]:
        """The places, from 0, of the pairs that still stand."""
        return [i for i in range(len(self.pairs)) if i not in self.gone]

    def remove(self, kind: FindingKind, i: int, why: str, other: int = -1) -> None:
        self.gone.add(i)
        self._note(kind, True, i, why, other)

    def warn(self, kind: FindingKind, i: int, why: str, other: int = -1) -> None:
        self._note(kind, False, i, why, other)

    def _note(self, kind: FindingKind, removed: bool, i: int, why: str, other: int) -> None:
        self.findings.append(Finding(kind, removed, i + 1, self.pairs[i].question, why, other + 1))


def clean(pairs: Sequence[TrainingPair]) -> Cleaned:
    """Look through pairs, and leave out those that harm; nothing is rewritten."""
    work = _Work(pairs)
    for step in (_leftovers, _personal, _too_long, _doubles, _contradictions, _near, _outliers):
        step(work)
    kept = tuple(pairs[i] for i in work.here())
    return Cleaned(kept, tuple(sorted(work.findings, key=lambda finding: finding.place)))


def leftover(text: str) -> str:
    """What of a text is left over from a chat template, "" for nothing."""
    found = _TEMPLATE.search(text)
    return found[0].strip() if found else ""


def _leftovers(work: _Work) -> None:
    for i in work.here():
        pair = work.pairs[i]
        if found := leftover(f"{pair.question}\n{pair.answer}"):
            work.remove("leftover", i, f"“{found}” is left over from a chat template.")
        elif match := _MODEL.search(pair.answer):
            work.remove("leftover", i, f"“{match[0]}” is a model speaking of itself.")


def _personal(work: _Work) -> None:
    """Cards and accounts go always; addresses and numbers go where a person wrote them, and are named where a manual did."""
    for i in work.here():
        pair = work.pairs[i]
        found = personal_data(f"{pair.question}\n{pair.answer}")
        if not found:
            continue
        kind, text = next(
            (one for one in found if one[0] in ("card number", "bank account")), found[0]
        )
        named = f"{'an' if kind[0] == 'e' else 'a'} {kind}"
        printed = pair.origin in ("template", "teacher")
        if printed and kind not in ("card number", "bank account"):
            why = f"“{text}” looks like {named}; it stands in the manual."
            work.warn("personal data", i, why)
        else:
            work.remove("personal data", i, f"It holds {named} (…{text[-4:]}).")


def _too_long(work: _Work) -> None:
    for i in work.here():
        pair = work.pairs[i]
        count = len(pair.question.split()) + len(pair.answer.split())
        if count > LONGEST:
            why = f"With {count:,} words it is longer than a training window holds ({LONGEST:,})."
            work.remove("length", i, why)


def _doubles(work: _Work) -> None:
    seen: dict[tuple[str, str], int] = {}
    for i in work.here():
        pair = work.pairs[i]
        key = (normalised(pair.question), normalised(pair.answer))
        first = seen.setdefault(key, i)
        if first != i:
            better, worse = _order(work, first, i)
            seen[key] = better
            work.remove("double", worse, f"Pair {better + 1} says the same.", better)


def _order(work: _Work, i: int, j: int) -> tuple[int, int]:
    """The pair to keep, then the other: an approved one, else the one of the newer version, else the first."""

    def worth(place: int) -> tuple[bool, int, int]:
        pair = work.pairs[place]
        return bool(pair.approver), pair.version, -place

    return (i, j) if worth(i) >= worth(j) else (j, i)


def _contradictions(work: _Work) -> None:
    """The same question with two answers: what is approved, or newer of the same manual, wins; else both are named."""
    asked: dict[str, list[int]] = defaultdict(list)
    for i in work.here():
        if work.pairs[i].kind != "style":
            asked[normalised(work.pairs[i].question)].append(i)
    for places in asked.values():
        for n, i in enumerate(places):
            for j in places[n + 1 :]:
                if i not in work.gone and j not in work.gone:
                    _settle(work, i, j)


def _settle(work: _Work, i: int, j: int) -> None:
    first, second = work.pairs[i], work.pairs[j]
    if {first.kind, second.kind} == {"fact", "negative"}:
        fact, negative = (i, j) if first.kind == "fact" else (j, i)
        why = f"Pair {fact + 1} answers the question that this one declines."
        work.remove("contradiction", negative, why, fact)
        return
    differs = _differs(first.answer, second.answer)
    if not differs:
        return
    better, worse = _order(work, i, j)
    one, other = work.pairs[better], work.pairs[worse]
    said = _differs(one.answer, other.answer)
    if one.approver and not other.approver:
        why = f"Pair {better + 1}, which {one.approver} approved, answers otherwise: {said}."
        work.remove("contradiction", worse, why, better)
    elif one.manual and one.manual == other.manual and one.version > other.version:
        why = f"Pair {better + 1} is from version {one.version} and answers otherwise: {said}."
        work.remove("contradiction", worse, why, better)
    else:
        why = f"Pair {i + 1} answers the same question otherwise: {differs}. Name the product in the question, or remove one."
        work.warn("contradiction", j, why, i)


def _differs(first: str, second: str) -> str:
    """What differs between two answers to one question, in words; "" where they may both be right."""
    ours, theirs = figures(first), figures(second)
    only, others = sorted(ours - theirs), sorted(theirs - ours)
    if only and others:
        return f"“{only[0]}” and “{others[0]}”"
    if ours == theirs and _turned(first, second):
        return f"“{_short(first)}” and “{_short(second)}”"
    if not ours and not theirs and jaccard(grams(first), grams(second)) < ANOTHER:
        return f"“{_short(first)}” and “{_short(second)}”"
    return ""


def _turned(first: str, second: str) -> bool:
    """Say whether one of two answers denies what the other says in much the same words."""
    if bool(_DENIED.search(first)) == bool(_DENIED.search(second)):
        return False
    said = [{normalised(part) for part in _END.split(text)} - {""} for text in (first, second)]
    if said[0] <= said[1] or said[1] <= said[0]:  # one only says more
        return False
    rest = [_AGREES.sub(" ", _DENIED.sub(" ", text)) for text in (first, second)]
    return likeness(*rest) >= TURNED


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def _near(work: _Work) -> None:
    """Two questions in nearly the same words, with the same figures and nearly the same answer, are one."""
    alike: dict[tuple[frozenset[str], frozenset[str]], list[int]] = defaultdict(list)
    for i in work.here():
        alike[figures(work.pairs[i].question), figures(work.pairs[i].answer)].append(i)
    for places in alike.values():
        for found in alike_within([work.pairs[i].question for i in places], NEAR):
            i, j = places[found.first], places[found.second]
            if i not in work.gone and j not in work.gone:
                _drop_near(work, i, j, found.score)


def _drop_near(work: _Work, i: int, j: int, score: float) -> None:
    first, second = work.pairs[i], work.pairs[j]
    if likeness(first.answer, second.answer) < NEAR:
        return
    # Refusals are all alike: what such questions ask for is another thing in each
    if "negative" in (first.kind, second.kind) and _asks_more(first, second):
        return
    better, worse = _order(work, i, j)
    why = f"Pair {better + 1} asks for the same in nearly the same words ({score:.0%} alike)."
    work.remove("near double", worse, why, better)


def _asks_more(first: TrainingPair, second: TrainingPair) -> bool:
    """Say whether each of two questions has a word that the other one lacks."""
    ours, theirs = set(words(first.question)), set(words(second.question))
    return bool(ours - theirs) and bool(theirs - ours)


def _outliers(work: _Work) -> None:
    """Answers far longer than the others of their kind are named: a model learns their length as well."""
    lengths: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for i in work.here():
        lengths[work.pairs[i].kind].append((i, len(work.pairs[i].answer.split())))
    for found in lengths.values():
        if len(found) < FEWEST:
            continue
        lower, _, upper = quantiles([count for _, count in found], n=4)
        limit = max(upper + 3 * (upper - lower), USUAL)
        for i, count in _over(found, limit):
            why = f"The answer has {count} words; three quarters of the others have at most {upper:.0f}."
            work.warn("length", i, why)


def _over(found: Sequence[tuple[int, int]], limit: float) -> Iterator[tuple[int, int]]:
    return ((i, count) for i, count in found if count > limit)
