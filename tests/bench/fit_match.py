"""Fits the logistic model behind a search's match; prints the coefficients for knowledge/search/ranking.py, and how
well the match tells right sections from others: AUROC on sets left out of the fit, a reliability table with its ECE
(expected calibration error, Guo et al. 2017, ten bins), and what each threshold answers.

    python tests/bench/fit_match.py [CASES.jsonl:MANUALS ...]

For the form of a set see case_sets.py. A case that expects no answer is a negative, and so is every third question of
a set asked of the next set's library. Without an argument: the sets of ../shared/data.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bench")]

from case_sets import DEFAULT, CaseSet, expected, text_of  # noqa: E402

MEANING, SENTENCES = [1, 6], [8, 9]  # the signals that need the words' and the sentences' encoder
FOREIGN = 3  # of a set's questions, every so many are asked of another library
RIDGE = 0.002


@dataclass(frozen=True, slots=True)
class Row:
    """A question's signals; whether it has an answer in the library; whether the best section is a right one."""

    signals: tuple[float, ...]
    answerable: bool
    right: bool


def row(cases: CaseSet, case: dict[str, object]) -> Row:
    """A case's question asked of a library; the case may be of another one."""
    candidates, signals = cases.search.looked_at(text_of(case))
    return Row(signals, expected(case), any(cases.right(case, candidates[:1])))


def fit(rows: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Logistic regression by Newton's method; the first coefficient is the intercept."""
    design = np.hstack([np.ones((len(rows), 1)), rows])
    beta = np.zeros(design.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-design @ beta))
        gradient = design.T @ (truth - p) - RIDGE * len(rows) * np.r_[0, beta[1:]]
        hessian = (design.T * (p * (1 - p))) @ design + RIDGE * len(rows) * np.eye(len(beta))
        beta += np.linalg.solve(hessian, gradient)
    return beta


def predicted(beta: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-(beta[0] + rows @ beta[1:]))))


def auroc(p: np.ndarray, truth: np.ndarray) -> float:
    """Area under the ROC curve by ranks; equal values share theirs."""
    below = (p[truth == 1][:, None] > p[truth == 0][None, :]).mean()
    equal = (p[truth == 1][:, None] == p[truth == 0][None, :]).mean()
    return float(below + equal / 2)


def arrays(rows: Sequence[Row]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([row.signals for row in rows]), np.array([row.right for row in rows], float)


def reliability(p: np.ndarray, truth: np.ndarray) -> float:
    """Prints the table of ten bins; returns their ECE."""
    ece = 0.0
    for low in np.arange(0, 1, 0.1):
        inside = (p >= low) & (p < low + 0.1)
        if inside.any():
            said, held = p[inside].mean(), truth[inside].mean()
            ece += inside.mean() * abs(said - held)
            print(
                f"  {low:.1f}  {inside.sum():4}  said {said:.2f}  right {held:.2f}  {'#' * round(40 * held)}"
            )
    return ece


def main() -> None:
    sets = [CaseSet(argument) for argument in sys.argv[1:] or DEFAULT]
    own = {each.name: [row(each, case) for case in each.cases] for each in sets}
    foreign = [
        Row(row(after, case).signals, False, False)
        for each, after in zip(sets, [*sets[1:], sets[0]], strict=True)
        for case in each.cases[::FOREIGN]
    ]
    held_out: list[tuple[np.ndarray, Sequence[Row]]] = []
    for name, rows in own.items():
        others = [row for other, some in own.items() if other != name for row in some]
        p = predicted(fit(*arrays([*others, *foreign])), arrays(rows)[0])
        held_out.append((p, rows))
        print(f"left out {name:20} {len(rows):4} questions  AUROC {auroc(p, arrays(rows)[1]):.3f}")
    p = np.concatenate([p for p, _ in held_out])
    every = [row for _, rows in held_out for row in rows]
    answerable, truth = np.array([row.answerable for row in every]), arrays(every)[1]
    print(f"reliability, {len(every)} questions left out of the fit")
    print(f"  ECE {reliability(p, truth):.3f}")
    for low in (0.2, 0.25, 0.3, 0.4, 0.45, 0.5, 0.6):
        passed = p >= low
        print(
            f"  from {low:.2f}: {passed[answerable].mean():.2f} of the answerable, {truth[passed].mean():.2f} of them in a"
            f" right section; {passed[~answerable].mean():.2f} of the others"
        )
    signals, right = arrays([*every, *foreign])
    print("MATCH = {")
    for lacking in ([], MEANING, SENTENCES, [*MEANING, *SENTENCES]):
        some = signals.copy()
        some[:, lacking] = 0
        known = not set(MEANING) & set(lacking), not set(SENTENCES) & set(lacking)
        print(f"    {known}: {tuple(np.round(fit(some, right), 2).tolist())},")
    print("}")


if __name__ == "__main__":
    main()
