"""Case files and the figures made of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from rouge_score.rouge_scorer import RougeScorer

from chatbot.assistant import Assistant
from chatbot.errors import BadCases
from chatbot.trials.evaluation.evaluate import evaluate, numbers_exact, read_cases, rouge_l
from tests.support.manuals import PUMP, put

PAIRS = [
    ("Close both valves. Tighten to 12 Nm.", "Tighten the screws to 12 Nm."),
    ("nothing alike", "quite different"),
    ("", "reference"),
    ("Same text, same text.", "same TEXT same text"),
]


@pytest.mark.parametrize(("answer", "reference"), PAIRS)
def test_rouge_agrees_with_the_reference_package(answer: str, reference: str) -> None:
    expected = RougeScorer(["rougeL"]).score(reference, answer)["rougeL"].fmeasure
    assert rouge_l(answer, reference) == pytest.approx(expected, abs=1e-9)


def test_numbers() -> None:
    assert numbers_exact("12 Nm at 6.5 bar", "Tighten to 12 Nm, 6.5 bar, 3 times") == pytest.approx(
        2 / 3
    )
    assert numbers_exact("anything", "no figure") is None


def test_cases_are_read_and_figures_made(assistant: Assistant, tmp_path: Path) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    file = tmp_path / "cases.jsonl"
    file.write_text(
        '{"question": "How do I replace the seal?", "answer": "Tighten the screws to 12 Nm.", "manual": "Pump P-200 user manual",'
        ' "sections": ["maintenance >replace the seal"], "unknown": 1}\n\n'
        '{"question": "Who won the cup in 1998?"}\n',
        encoding="utf-8",
    )
    report = evaluate(assistant, read_cases(file), "documents")
    assert report.cases == 2
    assert report.recall == {1: 1.0, 5: 1.0, 10: 1.0}
    assert (report.mrr, report.numbers, report.abstained) == (1.0, 1.0, 0.5)
    assert report.states == {"verified": 1.0}
    assert 0 < report.rouge_l < 1 and report.bleu > 0  # type: ignore[operator]
    assert 0 < report.seconds_p50 <= report.seconds_p95


def test_figures_without_answers_or_sections_are_left_out(
    assistant: Assistant, tmp_path: Path
) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text('{"question": "Anything?"}\n', encoding="utf-8")
    report = evaluate(assistant, read_cases(file), "documents")
    assert (report.recall, report.mrr, report.rouge_l, report.bleu, report.numbers) == (None,) * 5


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "line 1: not JSON"),
        ('{"question": "ok"}\n[]', "line 2: there is no question"),
        ('{"question": " "}', "line 1: there is no question"),
        ('{"question": "q", "sections": "A > B"}', "line 1: sections must be a list"),
        ("\n", "holds no cases"),
    ],
)
def test_bad_case_files_name_the_line(tmp_path: Path, content: str, reason: str) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BadCases, match=reason):
        read_cases(file)


def test_a_missing_case_file(tmp_path: Path) -> None:
    with pytest.raises(BadCases, match="cannot be read"):
        read_cases(tmp_path / "none.jsonl")
