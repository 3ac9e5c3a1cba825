"""The kinds of tuning that the field names: what each needs of its data, what it gives, and whether a data set has it.

Pure. The limits are rules of thumb; what they rest on is said beside each.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from adapters.datasets.likeness import normalised, words
from adapters.datasets.pairs import PairKind, TrainingPair
from adapters.datasets.splitting import group_of

LanguageOf = Callable[[str], str]  # a text's language by its code, "" unknown
_KINDS: dict[PairKind, str] = {
    "fact": "facts",
    "negative": "“not in the manual”",
    "style": "examples of style",
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a kind of tuning needs, and what the data set has of it, in one sentence."""

    met: bool
    text: str


@dataclass(frozen=True, slots=True)
class Preset:
    """A kind of tuning: its name, what it gives, and what it is not for."""

    key: str
    name: str
    gives: str
    not_for: str


@dataclass(frozen=True, slots=True)
class PresetCheck:
    """A data set against one kind of tuning."""

    preset: Preset
    requirements: tuple[Requirement, ...]

    @property
    def fits(self) -> bool:
        """Whether nothing is missing."""
        return all(one.met for one in self.requirements)

    @property
    def missing(self) -> tuple[str, ...]:
        """What is missing, one sentence each."""
        return tuple(one.text for one in self.requirements if not one.met)


@dataclass(frozen=True, slots=True)
class DataMeasures:
    """What is counted of a data set; shares from 0 to 1. ``wordings`` is the median of questions for a fact."""

    pairs: int
    kinds: Counter[str]
    facts: int
    wordings: float
    sourced: float
    by_people: float
    openings: int
    commonest_opening: float
    even_answers: float
    test_groups: int
    language: str
    in_language: float

    def share(self, kind: PairKind) -> float:
        """The share of one kind among all pairs."""
        return self.kinds[kind] / self.pairs if self.pairs else 0.0


PRESETS = (
    Preset(
        "domain",
        "Domain knowledge",
        "The adapter answers from memory what the manuals say, also asked in other words.",
        "What changes often: passages are newer than any training.",
    ),
    Preset(
        "task",
        "One task",
        "The adapter does one thing in one form, such as naming the part number of a part.",
        "Questions of every other kind, which it may answer in the same form.",
    ),
    Preset(
        "style",
        "Style and tone",
        "Answers sound as the team writes: their length, their greeting, their words.",
        "Facts: what the examples say besides is learnt, too.",
    ),
    Preset(
        "instruction",
        "Following instructions",
        "A base model without instruction tuning does what is asked of it.",
        "Models that follow instructions already; they lose some of that.",
    ),
    Preset(
        "multi-task",
        "Several tasks at once",
        "Facts, refusals and style in one adapter, none of them forgotten for another.",
        "Sets in which one kind outweighs all others.",
    ),
    Preset(
        "few",
        "Few examples",
        "A form or a tone from a handful of good answers, in minutes.",
        "Facts: a handful is learnt by heart, and nothing else.",
    ),
    Preset(
        "language",
        "A language",
        "The adapter keeps to one language, also where the passages are in another.",
        "Languages that the base model does not know at all.",
    ),
)


def measured(pairs: Sequence[TrainingPair], language_of: LanguageOf | None = None) -> DataMeasures:
    """Count what the checks need. Without ``language_of`` no language is told."""
    by_fact: dict[tuple[str, str], int] = defaultdict(int)  # a section may hold several facts
    for pair in pairs:
        if pair.kind == "fact":
            by_fact[group_of(pair), normalised(pair.answer)] += 1
    facts = [pair for pair in pairs if pair.kind == "fact"]
    openings = Counter(" ".join(words(pair.question)[:2]) for pair in pairs)
    lengths = [len(pair.answer.split()) for pair in pairs]
    middle = median(lengths) if lengths else 0
    even = sum(middle / 2 <= length <= 2 * middle for length in lengths)
    spoken = Counter(language_of(pair.answer) for pair in pairs) if language_of else Counter[str]()
    language, count = spoken.most_common(1)[0] if spoken else ("", 0)
    tested = {group_of(pair) for pair in pairs if pair.split == "test"}
    return DataMeasures(
        pairs=len(pairs),
        kinds=Counter(pair.kind for pair in pairs),
        facts=len(by_fact),
        wordings=median(by_fact.values()) if by_fact else 0,
        sourced=_share(sum(bool(pair.passage_hash) for pair in facts), len(facts)),
        by_people=_share(
            sum(bool(pair.approver) or pair.origin == "imported" for pair in pairs), len(pairs)
        ),
        openings=len(openings),
        commonest_opening=_share(max(openings.values(), default=0), len(pairs)),
        even_answers=_share(even, len(pairs)),
        test_groups=len(tested),
        language=language,
        in_language=_share(count, len(pairs)),
    )


def check(
    pairs: Sequence[TrainingPair], language_of: LanguageOf | None = None
) -> tuple[PresetCheck, ...]:
    """Hold a data set against every kind of tuning, in the order of ``PRESETS``."""
    found = measured(pairs, language_of)
    return tuple(PresetCheck(preset, tuple(_RULES[preset.key](found))) for preset in PRESETS)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _least(has: float, least: float, what: str, why: str = "") -> Requirement:
    met = has >= least
    text = f"Needs at least {least:,.0f} {what}: has {has:,.0f}."
    return Requirement(met, text if met or not why else f"{text} {why}")


def _percent(has: float, least: float, most: float, what: str, why: str = "") -> Requirement:
    met = least <= round(has, 4) <= most
    bounds = f"{least:.0%} to {most:.0%}" if most < 1 else f"at least {least:.0%}"
    text = f"Needs {bounds} {what}: has {has:.0%}.".replace("%", " %")
    return Requirement(met, text if met or not why else f"{text} {why}")


def _tested(found: DataMeasures) -> Requirement:
    return _least(found.test_groups, 10, "groups kept for the test", "Split the set, or add facts.")


def _domain(found: DataMeasures) -> list[Requirement]:
    return [
        _least(found.facts, 50, "facts"),
        # Variations of a question are what makes a fact stick (Ovadia 2023)
        _least(found.wordings, 4, "wordings of a fact (the median counts)"),
        # New facts raise hallucination once they are learnt (Gekhman 2024)
        _percent(
            found.share("negative"), 0.1, 0.2, "“not in the manual” pairs",
            "Without them the adapter answers what it does not know; with more it declines what it knows.",
        ),
        _percent(
            found.sourced, 0.9, 1, "of the facts with their passage",
            "Only then it can be told when a manual has outrun the adapter.",
        ),
        _tested(found),
    ]  # fmt: skip


def _task(found: DataMeasures) -> list[Requirement]:
    return [
        _least(found.pairs, 100, "examples"),
        _percent(
            found.even_answers, 0.75, 1, "of the answers with about the usual length",
            "One task has answers of one form.",
        ),
        _tested(found),
    ]  # fmt: skip


def _style(found: DataMeasures) -> list[Requirement]:
    return [
        _least(found.kinds["style"], 50, "examples of style"),
        _percent(
            found.share("style"), 0.5, 1, "examples of style among all pairs",
            "Facts beside them are learnt, too.",
        ),
    ]  # fmt: skip


def _instruction(found: DataMeasures) -> list[Requirement]:
    common = found.commonest_opening
    return [
        _least(found.pairs, 500, "pairs"),
        _least(found.openings, 50, "ways in which questions begin"),
        Requirement(
            common <= 0.2,
            f"Needs questions of which at most 20 % begin with the same two words: has {common:.0%}.".replace(
                "%.", " %."
            ),
        ),
        _tested(found),
    ]


def _several(found: DataMeasures) -> list[Requirement]:
    most, count = max(((kind, found.kinds[kind]) for kind in _KINDS), key=lambda one: one[1])
    share = _share(count, found.pairs)
    return [
        *(_least(found.kinds[kind], 50, f"pairs of {name}") for kind, name in _KINDS.items()),
        Requirement(
            share <= 0.7,
            f"Needs at most 70 % of one kind: has {100 * share:.0f} % {_KINDS[most]}.",
        ),
        _tested(found),
    ]


def _few(found: DataMeasures) -> list[Requirement]:
    return [
        Requirement(8 <= found.pairs <= 50, f"Needs 8 to 50 pairs: has {found.pairs:,}."),
        _percent(
            found.by_people, 1, 1, "of the pairs written or approved by people",
            "With so few, each of them counts.",
        ),
    ]  # fmt: skip


def _language(found: DataMeasures) -> list[Requirement]:
    named = f" ({found.language})" if found.language else ""
    return [
        _least(found.pairs, 200, "pairs"),
        _percent(found.in_language, 0.95, 1, f"of the answers in one language{named}"),
        _tested(found),
    ]


_RULES: dict[str, Callable[[DataMeasures], list[Requirement]]] = {
    "domain": _domain,
    "task": _task,
    "style": _style,
    "instruction": _instruction,
    "multi-task": _several,
    "few": _few,
    "language": _language,
}
