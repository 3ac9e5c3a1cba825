"""Answers, evidence, manuals and figures in the JSON form that scripts rely on, and as lines for people. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from chatbot.evaluate import Report
from chatbot.types import Answer, Citation
from knowledge.types import Evidence, Manual

SEPARATOR = " > "


def manual_row(manual: Manual) -> dict[str, object]:
    """A manual; ``version_id`` is what ``publish`` takes."""
    keys = ("id", "name", "product", "version", "version_id", "pages", "passages", "state", "added", "warnings")
    return {key: getattr(manual, key) for key in keys}


def manual_line(manual: Manual) -> str:
    product = manual.product or "no product"
    return f"{manual.id}  {manual.name}  [{product}]  version {manual.version} ({manual.state}), {manual.passages:,} passages"


def evidence_row(found: Evidence) -> dict[str, object]:
    """A passage; the section is "A > B > C" without the manual's name."""
    passage = found.passage
    return {
        "id": passage.id, "text": passage.text, "score": found.score, "manual": found.manual.name,
        "product": found.manual.product, "version": found.manual.version, "page": passage.page, "label": passage.label,
        "section": SEPARATOR.join(passage.section), "start": passage.start, "end": passage.end, "hash": passage.hash,
        "found_by": found.found_by,
    }  # fmt: skip


def evidence_lines(found: Evidence) -> str:
    row = evidence_row(found)
    return f"\n{found.score:.2f}  {row['manual']}, page {row['label'] or row['page']}  {row['section']}\n{row['text']}"


def _citation_row(c: Citation) -> dict[str, object]:
    return {
        "n": c.n, "manual": c.manual, "product": c.product, "version": c.version, "page": c.page, "label": c.label,
        "section": SEPARATOR.join(c.section), "quote": c.quote, "start": c.start, "end": c.end, "hash": c.hash,
        "state": c.state,
    }  # fmt: skip


def answer_row(answer: Answer) -> dict[str, object]:
    """A whole answer."""
    return {
        "text": answer.text, "outcome": answer.outcome, "route": asdict(answer.route),
        "citations": [_citation_row(citation) for citation in answer.citations],
        "sentences": [{"text": s.text, "state": s.state, "n": list(s.n)} for s in answer.sentences],
        "evidence": [evidence_row(found) for found in answer.evidence], "products": answer.products,
        "notices": answer.notices, "asked": answer.asked, "match": answer.match, "seconds": answer.seconds,
        "model": answer.model, "signals": asdict(answer.signals) if answer.signals else None,
    }  # fmt: skip


def answer_lines(answer: Answer) -> str:
    choices = [f"- {product}" for product in answer.products]
    sources = [f"[{c.n}] {c.manual}, page {c.label or c.page}, {SEPARATOR.join(c.section)}" for c in answer.citations]
    notices = [f"Note: {notice}" for notice in answer.notices]
    return "\n".join([answer.text, *choices, "", *sources, *notices, f"({answer.route.mode}: {answer.route.reason})"])


def report_row(report: Report) -> dict[str, Any]:
    """The figures of one mode; one that no case allowed is null."""
    recall = {f"R@{k}": report.recall[k] if report.recall else None for k in (1, 5, 10)}
    return _rounded(
        {
            "retrieval": {**recall, "MRR": report.mrr}, "ROUGE-L": report.rouge_l, "BLEU": report.bleu,
            "numbers": report.numbers, "sentences": report.states, "abstention": report.abstained,
            "seconds": {"p50": report.seconds_p50, "p95": report.seconds_p95},
        }
    )  # fmt: skip


def report_lines(row: dict[str, Any]) -> list[str]:
    return [f"  {name:18} {'-' if value is None else value}" for name, value in _flat(row)]


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def _flat(row: dict[str, Any], before: str = "") -> Iterator[tuple[str, object]]:
    for key, value in row.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{key} ")
        else:
            yield f"{before}{key}", value
