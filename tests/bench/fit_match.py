"""Fits the logistic model behind a search's match; prints the coefficients for knowledge/search/ranking.py, and how
well the match tells right sections from others: AUROC on sets left out of the fit, a reliability table with its ECE
(expected calibration error, Guo et al. 2017, ten bins), and what each threshold answers.

    python tests/bench/fit_match.py [CASES.jsonl:MANUALS ...]

For the form of a set see case_sets.py. A case that expects no answer is a negative, and so, with a tenth of the weight, is
each question asked again as if no manual had its sections: the likeliest wrong answer is the section beside the right one.
Two coefficients are given and not fitted, because large libraries hold nearly every word and figure somewhere, and small
ones do not. Without an argument: the sets of ../shared/data.
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
GONE = 0.1  # weight of a question asked without its sections
GIVEN = {2: -1.5, 7: -1.4}  # of the share of unknown words, and of a lacking figure
RIDGE = 0.002


@dataclass(frozen=True, slots=True)
class Row:
    """A question's signals; whether it has an answer in the library; whether the best section is a right one."""

    signals: tuple[float, ...]
    answerable: bool
    right: bool
    weight: float = 1.0


def rows_of(cases: CaseSet, case: dict[str, object]) -> list[Row]:
    """A case's question as it is asked, and as if its sections were nowhere."""
    candidates, signals = cases.search.looked_at(text_of(case))
    right = cases.right(case, candidates)
    rows = [Row(signals, expected(case), any(right[:1]))]
    gone = {one.section for one, is_right in zip(candidates, right, strict=True) if is_right}
    if gone:
        rows.append(Row(cases.search.looked_at(text_of(case), gone)[1], False, False, GONE))
    return rows


def fit(rows: np.ndarray, truth: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Weighted logistic regression by Newton's method; the first coefficient is the intercept."""
    design = np.hstack([np.ones((len(rows), 1)), rows])
    beta = np.zeros(design.shape[1])
    for at, value in GIVEN.items():
        beta[at + 1] = value
    free = [at for at in range(len(beta)) if at - 1 not in GIVEN]
    for _ in range(60):
        p = 1 / (1 + np.exp(-design @ beta))
        gradient = design.T @ (weight * (truth - p)) - RIDGE * len(rows) * np.r_[0, beta[1:]]
        hessian = (design.T * (weight * p * (1 - p))) @ design
        hessian += RIDGE * len(rows) * np.eye(len(beta))
        beta[free] += np.linalg.solve(hessian[np.ix_(free, free)], gradient[free])
    return beta


def predicted(beta: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-(beta[0] + rows @ beta[1:]))))


def auroc(p: np.ndarray, truth: np.ndarray) -> float:
    """Area under the ROC curve by ranks; equal values share theirs."""
    if len({*truth}) < 2:
        return float("nan")
    below = (p[truth == 1][:, None] > p[truth == 0][None, :]).mean()
    equal = (p[truth == 1][:, None] == p[truth == 0][None, :]).mean()
    return float(below + equal / 2)


def arrays(rows: Sequence[Row]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Signals (n, signals), whether the best section is right (n,), and the weights (n,)."""
    right = np.array([row.right for row in rows], float)
    return np.array([row.signals for row in rows]), right, np.array([row.weight for row in rows])


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
    own = {each.name: [row for case in each.cases for row in rows_of(each, case)] for each in sets}
    held_out: list[tuple[np.ndarray, Sequence[Row]]] = []
    for name, rows in own.items():
        others = [row for other, some in own.items() if other != name for row in some]
        asked = [row for row in rows if row.weight == 1]
        p = predicted(fit(*arrays(others)), arrays(asked)[0])
        held_out.append((p, asked))
        print(
            f"left out {name:20} {len(asked):4} questions  AUROC {auroc(p, arrays(asked)[1]):.3f}"
        )
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
    signals, right, weight = arrays([row for rows in own.values() for row in rows])
    print("MATCH = {")
    for lacking in ([], MEANING, SENTENCES, [*MEANING, *SENTENCES]):
        some = signals.copy()
        some[:, lacking] = 0
        known = not set(MEANING) & set(lacking), not set(SENTENCES) & set(lacking)
        print(f"    {known}: {tuple(np.round(fit(some, right, weight), 2).tolist())},")
    print("}")


if __name__ == "__main__":
    main()
