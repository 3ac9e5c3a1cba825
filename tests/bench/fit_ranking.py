"""Fits the weights of a search's ranking by a list-wise softmax (ListNet with one right list, Cao et al. 2007): over a
question's candidates, the share of the right ones in the softmax of the weighted measures is raised. Prints, for each
set left out of the fit, how often a right section is the first and among the first three, with the weights as they
are and as fitted; then the weights fitted on all sets, for knowledge/search/ranking.py.

    python tests/bench/fit_ranking.py [CASES.jsonl:MANUALS ...]

For the form of a set see case_sets.py. Without an argument: the sets of ../shared/data.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bench")]

from case_sets import DEFAULT, CaseSet, expected, text_of  # noqa: E402

from knowledge.search.ranking import WEIGHTS, WEIGHTS_WITH_SENTENCES, measures  # noqa: E402

RIDGE, STEPS, RATE = 0.003, 400, 0.5


@dataclass(frozen=True, slots=True)
class Listed:
    """A question's candidates: measures (n, measures), which are right (n,), and the section of each."""

    measures: np.ndarray
    right: np.ndarray
    sections: tuple[tuple[int, tuple[str, ...]], ...]


def listed(cases: CaseSet) -> list[Listed]:
    """The questions of a set that expect an answer and have candidates."""
    out = []
    for case in cases.cases:
        candidates, _ = cases.search.looked_at(text_of(case))
        if expected(case) and candidates:
            right = np.array(cases.right(case, candidates))
            places = tuple((one.version_id, one.section) for one in candidates)
            out.append(Listed(np.array(measures(candidates)), right, places))
    return out


def without_sentences(questions: Sequence[Listed]) -> list[Listed]:
    """The same questions as they are measured where there is no sentence encoder."""
    return [replace(one, measures=one.measures[:, : len(WEIGHTS)]) for one in questions]


def in_use(questions: Sequence[Listed]) -> np.ndarray:
    """The weights of the measures that these questions have."""
    there = questions[0].measures.shape[1]
    return np.array(WEIGHTS if there == len(WEIGHTS) else WEIGHTS_WITH_SENTENCES)


def fit(questions: Sequence[Listed]) -> np.ndarray:
    """Weights by gradient ascent from those in use; they never fall below 0."""
    weights = 2 * in_use(questions)
    solvable = [one for one in questions if one.right.any()]
    for _ in range(STEPS):
        gradient = np.zeros_like(weights)
        for one in solvable:
            odds = np.exp(one.measures @ weights - (one.measures @ weights).max())
            wanted = odds * one.right
            gradient += one.measures.T @ (wanted / wanted.sum() - odds / odds.sum())
        weights = np.maximum(weights + RATE * (gradient / len(solvable) - RIDGE * weights), 0)
    return weights


def found(questions: Sequence[Listed], weights: np.ndarray) -> np.ndarray:
    """Share of questions with a right section first, and among the first three."""
    places = []
    for one in questions:
        order = np.argsort(-(one.measures @ weights), kind="stable")
        first = list(dict.fromkeys(one.sections[i] for i in order))[:3]
        right = {one.sections[i] for i in np.flatnonzero(one.right)}
        places.append((first[0] in right, bool(right.intersection(first))))
    return np.array(places).mean(axis=0)


def compare(sets: Mapping[str, Sequence[Listed]]) -> None:
    """Prints a row for each set, left out of the fit, and for all."""
    total, every = np.zeros((2, 2)), [one for some in sets.values() for one in some]
    for name, questions in sets.items():
        others = [one for other, some in sets.items() if other != name for one in some]
        both = np.array([found(questions, in_use(every)), found(questions, fit(others))])
        total += both * len(questions)
        told(name, len(questions), both)
    told("all", len(every), total / len(every))


def told(name: str, count: int, both: np.ndarray) -> None:
    """Prints a row: shares with the weights in use, and as fitted."""
    first, three = both[:, 0], both[:, 1]
    print(
        f"{name:20} {count:4}  first {first[0]:.3f} -> {first[1]:.3f}   in three {three[0]:.3f} -> {three[1]:.3f}"
    )


def main() -> None:
    sets = {each.name: listed(each) for each in map(CaseSet, sys.argv[1:] or DEFAULT)}
    plain = {name: without_sentences(some) for name, some in sets.items()}
    for name, each in (("WEIGHTS_WITH_SENTENCES", sets), ("WEIGHTS", plain)):
        print(name)
        compare(each)
        print(np.round(fit([one for some in each.values() for one in some]), 2).tolist())


if __name__ == "__main__":
    main()
