"""Fits the logistic model behind a search's match, and prints the coefficients to put into knowledge/search/ranking.py.

Positives: the S10 questions and ANSWERED. Negatives: OFF_TOPIC, each against two libraries; the S10 questions
against a library without phones; ANSWERED against one with only the phone.

    python tests/bench/fit_match.py
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bench")]

from questions import ANSWERED, OFF_TOPIC  # noqa: E402

from knowledge.library import open_library  # noqa: E402
from knowledge.search.retriever import Search  # noqa: E402

DATA = ROOT.parent / "shared" / "data"


def searched(files: Iterable[Path]) -> Search:
    library = open_library(Path(tempfile.mkdtemp()))
    for path in files:
        with path.open("rb") as stream:
            library.run(library.accept(stream, path.name).id)
    return Search(library, library.index)


def fit(rows: np.ndarray, truth: np.ndarray, ridge: float = 0.02) -> np.ndarray:
    """Logistic regression by Newton's method, classes weighted equally; first coefficient is the intercept."""
    design = np.hstack([np.ones((len(rows), 1)), rows])
    weights = np.where(truth, 0.5 / truth.mean(), 0.5 / (1 - truth.mean()))
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ beta))
        gradient = design.T @ (weights * (truth - p)) - ridge * len(rows) * np.r_[0, beta[1:]] / 10
        hessian = (design.T * (weights * p * (1 - p))) @ design + ridge * len(rows) / 10 * np.eye(
            len(beta)
        )
        beta += np.linalg.solve(hessian, gradient)
    return beta


def main() -> None:
    phone = [
        json.loads(line)["question"]
        for line in (DATA / "markdown/galaxy-s10.cases.jsonl").open(encoding="utf-8")
    ]
    with_phone = searched([DATA / "markdown/galaxy-s10.md"])
    without = searched(
        [*sorted((DATA / "pdf").glob("*.pdf")), *sorted((DATA / "html").glob("*.html"))]
    )
    asked = [
        *[(with_phone, question, True) for question in phone], *[(without, question, True) for question in ANSWERED],
        *[(with_phone, question, False) for question in OFF_TOPIC + ANSWERED],
        *[(without, question, False) for question in OFF_TOPIC + phone],
    ]  # fmt: skip
    rows = np.array([search.signals(question) for search, question, _ in asked])
    truth = np.array([right for _, _, right in asked], dtype=float)
    for name, columns in (
        ("with meaning", [0, 1, 2, 3, 4, 5, 6]),
        ("words alone", [0, 2, 3, 4, 5]),
    ):
        beta = fit(rows[:, columns], truth)
        p = 1 / (1 + np.exp(-(beta[0] + rows[:, columns] @ beta[1:])))
        order = np.argsort(p)
        ranks = np.empty(len(p))
        ranks[order] = np.arange(1, len(p) + 1)
        positives = truth.sum()
        auc = (ranks[truth == 1].sum() - positives * (positives + 1) / 2) / (
            positives * (len(p) - positives)
        )
        print(f"{name}: {np.round(beta, 2)}  AUROC {auc:.3f}")
        for low in (0.3, 0.4, 0.5, 0.6):
            kept, refused = (p[truth == 1] >= low).mean(), (p[truth == 0] < low).mean()
            print(
                f"  threshold {low}: answered {kept:.3f} of answerable, refused {refused:.3f} of the others"
            )
        if "-v" in sys.argv:
            wrong = [
                (round(float(p[i]), 2), asked[i][1], np.round(rows[i], 2))
                for i in order
                if (p[i] >= 0.5) != (truth[i] == 1)
            ]
            print(*wrong, sep="\n")


if __name__ == "__main__":
    main()
