"""The gate before serving: a candidate against what is served, rule by rule, each with its figure and its limit. Pure.

A candidate passes only if it is surely better where it was meant to be, and surely not worse anywhere else. What cannot be
told, because cases are too few or were trained, counts against it. What cannot be asked at all, of this kind of model or with
these pairs, is left out and named in the verdict; trained and unseen facts are always demanded. A person may override a verdict,
with a written reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from adapters.datasets.likeness import normalised
from adapters.datasets.pairs import TrainingPair
from adapters.datasets.splitting import leaks
from adapters.errors import AdapterError
from adapters.evaluation.cases import GATE_SETS, CaseResult, GateCase, GateSet

FEWEST = 10  # cases of a set from which anything can be said
LOSS = -0.01  # what the lower bound of a difference may fall to where nothing was to be gained
DRAWS = 10_000  # of the bootstrap
SEED = 20_240
SHORTEST_REASON, LONGEST_REASON = (
    20,
    220,
)  # characters of a reason to override, as the audit log holds
DEMANDED: frozenset[GateSet] = frozenset(
    {"trained", "unseen"}
)  # sets without which nothing is judged
NO_CASES = "the pairs hold none"
SAME_WORDS = 0.9  # likeness from which two questions are asked in the same words
LOST = 0.02  # share of answers that may have lost their form
_NAMES: Mapping[GateSet, str] = {
    "trained": "trained facts in other words",
    "unseen": "facts that were never trained",
    "changed": "facts whose passage has changed",
    "style": "style",
}


class NoReason(AdapterError):
    hint = "Write what speaks for serving it all the same; it stands in the audit log."


@dataclass(frozen=True, slots=True)
class ScoreDifference:
    """The mean difference of paired scores, candidate less served, with its 95 % bounds."""

    mean: float
    low: float
    high: float
    cases: int


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule: its figure, its limit, whether it holds, and all of that in a sentence."""

    rule: str
    holds: bool
    figure: float
    limit: float
    text: str


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """All rules, and what follows from them. ``untested`` are the sets that were left out, each with the reason."""

    rules: tuple[RuleResult, ...]
    untested: Mapping[GateSet, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether every rule holds."""
        return all(rule.holds for rule in self.rules)

    @property
    def failed(self) -> tuple[RuleResult, ...]:
        """The rules that do not hold."""
        return tuple(rule for rule in self.rules if not rule.holds)

    @property
    def words(self) -> str:
        """The verdict in words."""
        without = ", ".join(f"{_NAMES[name]} ({why})" for name, why in self.untested.items())
        left_out = f" Not tested: {without}." if without else ""
        if self.passed:
            return f"It may be served: all {len(self.rules)} rules hold.{left_out}"
        return f"Held back. {' '.join(rule.text for rule in self.failed)}{left_out}"


@dataclass(frozen=True, slots=True)
class GateOverride:
    """A verdict that somebody set aside, with the rules that were set aside and the reason."""

    by: str
    reason: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GateInput:
    """What is judged. ``base`` and ``served_base`` are digests of the base models' contents; ``trained`` the pairs that the
    candidate was trained on; ``target`` the set in which it was meant to become better; ``not_asked`` says of a set why there
    are no cases of it.
    """

    cases: Sequence[GateCase]
    candidate: Sequence[CaseResult]
    served: Sequence[CaseResult]
    base: str
    served_base: str
    trained: Sequence[TrainingPair]
    target: GateSet = "trained"
    not_asked: Mapping[GateSet, str] = field(default_factory=dict)


def judge(given: GateInput) -> GateVerdict:
    """Hold a candidate against every rule; the same input gives the same verdict."""
    ours, theirs = _by_set(given.candidate), _by_set(given.served)
    rules = [_same_base(given), _untouched(given)]
    with_cases = {case.set for case in given.cases} | DEMANDED | {given.target}
    untested: dict[GateSet, str] = {}
    for name in GATE_SETS:
        if name not in with_cases and not ours[name]:
            untested[name] = given.not_asked.get(name, NO_CASES)
            continue
        rules.append(_enough(name, given, ours[name], theirs[name]))
        paired = [
            (result.score, theirs[name][case].score)
            for case, result in ours[name].items()
            if case in theirs[name]
        ]
        if len(paired) >= FEWEST:
            rules.append(_not_worse(name, difference(paired), name == given.target))
    rules += [_numbers(given), _abstention(ours["unseen"], theirs["unseen"]), _form(given)]
    return GateVerdict(tuple(rules), untested)


def override(failed: Iterable[str], by: str, reason: str) -> GateOverride:
    """Set aside the rules that do not hold, by their names. Raises NoReason without a name or a reason in words."""
    plain = " ".join(reason.split())
    if len(plain) < SHORTEST_REASON or len(set(plain.split())) < 4:
        raise NoReason(
            f"A verdict of the gate is set aside only with a written reason: a few words, at least {SHORTEST_REASON} characters."
        )
    if len(plain) > LONGEST_REASON:
        raise NoReason(
            f"The reason is longer than the audit log holds, {LONGEST_REASON} characters."
        )
    if not by.strip():
        raise NoReason("Nobody is named who sets the verdict aside.")
    return GateOverride(by.strip(), plain, tuple(failed))


def difference(paired: Sequence[tuple[float, float]]) -> ScoreDifference:
    """The mean of first less second, with the bounds of a bootstrap over the pairs. Raises ValueError for none."""
    if not paired:
        raise ValueError("no pairs")
    gains = np.array([first - second for first, second in paired])
    drawn = np.random.default_rng(SEED).integers(0, len(gains), (DRAWS, len(gains)))
    low, high = np.percentile(gains[drawn].mean(axis=1), [2.5, 97.5])
    return ScoreDifference(float(gains.mean()), float(low), float(high), len(paired))


def _by_set(results: Iterable[CaseResult]) -> dict[GateSet, dict[str, CaseResult]]:
    found: dict[GateSet, dict[str, CaseResult]] = {name: {} for name in GATE_SETS}
    for result in results:
        found[result.set][result.case] = result
    return found


def _same_base(given: GateInput) -> RuleResult:
    same = bool(given.base) and given.base == given.served_base
    unknown = "It is not known on which base it was trained, so that nothing here can be compared."
    text = (
        "It was trained on the base that is served."
        if same
        else unknown
        if not given.base
        else "It was trained on another base than the one that is served, so that nothing here can be compared."
    )
    return RuleResult("base", same, float(same), 1.0, text)


def _untouched(given: GateInput) -> RuleResult:
    """No question of the test may have been trained: neither it, nor one in nearly the same words.

    Facts of the set "trained" are trained on purpose, so there only the words of the question count.
    """
    trained = [replace(pair, group="", split="train") for pair in given.trained]
    refusal = next((pair.answer for pair in trained if pair.kind == "negative"), "-")
    held = [
        TrainingPair(
            case.question,
            case.wanted or refusal,
            "fact" if case.wanted else "negative",
            case.id,
            split="test",
        )
        for case in given.cases
    ]
    asked = {normalised(pair.question) for pair in trained}
    same = {pair.group for pair in held if normalised(pair.question) in asked}
    unseen = {case.id for case in given.cases if case.set == "unseen"}
    near = {
        leak.pair.group
        for leak in leaks([*trained, *held])
        if leak.score >= SAME_WORDS
        or (leak.pair.group in unseen and leak.trained.kind == "negative")
    }
    touched = same | near
    count = len({normalised(case.question) for case in given.cases if case.id in touched})
    text = (
        "None of the test's questions was trained."
        if not count
        else f"{count} of the test's questions {'was' if count == 1 else 'were'} trained, so that the test says nothing."
    )
    return RuleResult("overlap", count == 0, float(count), 0.0, text)


def _enough(
    name: GateSet,
    given: GateInput,
    ours: Mapping[str, CaseResult],
    theirs: Mapping[str, CaseResult],
) -> RuleResult:
    wanted = {case.id for case in given.cases if case.set == name}
    both = wanted & ours.keys() & theirs.keys()
    holds = len(wanted) >= FEWEST and both == wanted
    text = f"{_NAMES[name].capitalize()}: {len(both)} of {len(wanted)} cases were answered by both; {FEWEST} are needed, and all."
    return RuleResult(
        f"cases {name}", holds, float(len(both)), float(max(FEWEST, len(wanted))), text
    )


def _not_worse(name: GateSet, found: ScoreDifference, target: bool) -> RuleResult:
    limit = 0.0 if target else LOSS
    holds = found.low > 0 if target else found.low >= LOSS
    wanted = "above 0" if target else f"at least {_points(LOSS)}"
    text = (
        f"{_NAMES[name].capitalize()}: {_points(found.mean)} points of a hundred against what is served, surely no less than"
        f" {_points(found.low)}; {wanted} is needed."
    )
    return RuleResult(f"difference {name}", holds, found.low, limit, text)


def _points(value: float) -> str:
    return f"{100 * value:+.1f}".replace("-", "−")


def _numbers(given: GateInput) -> RuleResult:
    ours = sum(one.number_error for one in given.candidate)
    theirs = sum(one.number_error for one in given.served)
    text = f"Wrong numbers in {_answers(ours)}, of what is served in {theirs}."
    return RuleResult("numbers", ours <= theirs, float(ours), float(theirs), text)


def _answers(count: int) -> str:
    return "1 answer" if count == 1 else f"{count} answers"


def _abstention(ours: Mapping[str, CaseResult], theirs: Mapping[str, CaseResult]) -> RuleResult:
    mine, held = (sum(one.abstained for one in each.values()) for each in (ours, theirs))
    text = f"Declined of what was never trained: {mine} of {len(ours)}, what is served {held}."
    return RuleResult("abstention", mine >= held, float(mine), float(held), text)


def _form(given: GateInput) -> RuleResult:
    ours = sum(one.form_lost for one in given.candidate)
    theirs = sum(one.form_lost for one in given.served)
    share = ours / len(given.candidate) if given.candidate else 1.0
    holds = share <= LOST and ours <= max(theirs, int(LOST * len(given.candidate)))
    text = f"The form is lost in {_answers(ours)} of {len(given.candidate)} (empty, leftovers of a template, or a loop), of what is served in {theirs}."
    return RuleResult("form", holds, share, LOST, text)
