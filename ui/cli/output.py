"""Answers, evidence, manuals and figures in the JSON form that scripts rely on, and as lines for people. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from chatbot.conversations.types import Answer, Citation, Conflict, Sentence, SentenceState, Signals
from chatbot.grounding.entailment.comparison import differing
from chatbot.grounding.reply_check import Checked
from chatbot.grounding.verifier import Verdict
from knowledge.text import readable
from knowledge.types import Evidence, Manual

if TYPE_CHECKING:
    from chatbot.trials.evaluation.evaluate import EvaluationReport

SEPARATOR = " > "


def manual_row(manual: Manual) -> dict[str, object]:
    """A manual; ``version_id`` is what ``publish`` takes."""
    keys = (
        "id",
        "name",
        "product",
        "version",
        "version_id",
        "pages",
        "passages",
        "state",
        "added",
        "warnings",
        "languages",
    )
    return {key: getattr(manual, key) for key in keys}


def manual_line(manual: Manual) -> str:
    product = manual.product or "no product"
    passages = f"{manual.passages:,} passages" if manual.passages != 1 else "1 passage"
    noticed = len(manual.warnings)
    notes = "" if not noticed else ", 1 note" if noticed == 1 else f", {noticed} notes"
    return f"{manual.id}  {manual.name}  [{product}]  version {manual.version} ({manual.state}), {passages}{notes}"


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
    page = f", page {row['label'] or row['page']}" if found.manual.paged else ""
    return f"\n{found.score:.2f}  {row['manual']}{page}  {row['section']}\n{row['text']}"


def _citation_row(c: Citation) -> dict[str, object]:
    return {
        "n": c.n, "manual": c.manual, "product": c.product, "version": c.version, "page": c.page, "label": c.label,
        "section": SEPARATOR.join(c.section), "quote": c.quote, "start": c.start, "end": c.end, "hash": c.hash,
        "state": c.state,
    }  # fmt: skip


def _sentence_row(part: Sentence) -> dict[str, object]:
    row: dict[str, object] = {"text": part.text, "state": part.state, "n": list(part.n)}
    if part.by != "rules":
        row["by"] = part.by
    row |= {name: True for name in ("heading", "item", "folded", "key") if getattr(part, name)}
    if part.near:
        against = [list(pair) for pair in part.against]
        row |= {
            "nearest": _citation_row(part.near),
            "against": against,
            "differs": _differs(part.text, part.near.quote),
        }
    return row


def _differs(said: str, held: str) -> list[dict[str, object]]:
    """The words in which a sentence and the nearest one of a manual differ, numbers and codes first; "" where one has none."""
    found = differing(readable(said), readable(held)) if held else ()
    return [{"said": each.said, "held": each.held, "number": each.number} for each in found]


def answer_row(answer: Answer) -> dict[str, object]:
    """A whole answer."""
    return {
        "text": answer.text, "outcome": answer.outcome, "route": asdict(answer.route),
        "citations": [_citation_row(citation) for citation in answer.citations],
        "sentences": [_sentence_row(sentence) for sentence in answer.sentences],
        "conflicts": [asdict(conflict) for conflict in answer.conflicts],
        "evidence": [evidence_row(found) for found in answer.evidence], "products": answer.products,
        "product": answer.product or "", "approved": answer.approved,
        "notices": answer.notices, "asked": answer.asked, "match": answer.match, "seconds": answer.seconds,
        "model": answer.model, "signals": _signals_row(answer.signals) if answer.signals else None,
    }  # fmt: skip


def offered(answer: Answer) -> list[dict[str, str]]:
    """The sections that an answer offers to choose from: manual and heading path of each."""
    if answer.outcome != "choose":
        return []
    return [
        {"manual": found.manual.name, "section": SEPARATOR.join(found.passage.section)}
        for found in answer.evidence
    ]


def _signals_row(signals: Signals) -> dict[str, object]:
    """The signals under the names that scripts know."""
    named = {"unseen": "news", "removed": "gone"}
    return {named.get(key, key): value for key, value in asdict(signals).items()}


def answer_lines(answer: Answer) -> str:
    choices = [f"- {product}" for product in answer.products]
    if choices and answer.conflicts:
        choices = ["", "Which product is it about?", *choices]
    folded = {n for s in answer.sentences if s.folded for n in s.n}
    shown = [c for c in answer.citations if c.n not in folded]
    sources = [
        f"{' '.join(f'[{c.n}]' for c in same)} {where}" for where, same in groupby(shown, _where)
    ]
    offers = [f"- {row['manual']}, {row['section']}" for row in offered(answer)]
    notices = [f"Note: {notice}" for notice in answer.notices]
    if folded:
        notices.append(
            f"Note: {len(folded)} more sentences of the section are not shown here; the page in the browser opens them."
        )
    notices += [
        f"Not in the manuals: {s.text}{_nearest(s)}"
        for s in answer.sentences
        if s.state in ("unsupported", "contradicted")
    ]
    notices += [
        f"The manuals disagree: {_disagreement(conflict)}." for conflict in answer.conflicts
    ]
    return "\n".join(
        [
            answer.text,
            *choices,
            *offers,
            "",
            *sources,
            *notices,
            f"({answer.route.mode}: {answer.route.reason})" if answer.route.reason else "",
        ]
    )


def _nearest(part: Sentence) -> str:
    return (
        f" The manual says: “{readable(part.near.quote)}” ({_where(part.near)})"
        if part.near
        else ""
    )


def _disagreement(conflict: Conflict) -> str:
    return " and ".join(
        f"“{here}” in [{conflict.n}], “{there}” in [{conflict.other}]"
        for here, there in conflict.figures
    )


def checked_row(checked: Checked) -> dict[str, object]:
    """A checked sentence; where nothing supports it, ``nearest`` is the nearest quote of a manual, or null."""
    part = checked.sentence
    return {
        "text": part.text, "state": part.state, "by": part.by, "sources": [_place_row(c) for c in checked.sources if c.n in part.n],
        "why": why(part.state, part.against, _where(part.near or (checked.sources[0] if checked.sources else None))),
        "nearest": _place_row(part.near) if part.near else None, "differs": _differs(part.text, part.near.quote if part.near else ""),
        "others": [{**_place_row(o.citation), "figures": [list(pair) for pair in o.figures]} for o in checked.others],
        "again": checked.again,
    }  # fmt: skip


def verdict_row(text: str, verdict: Verdict, passages: Sequence[str]) -> dict[str, object]:
    """A sentence checked against given passages, which are named by their index from 0."""
    rows = [
        {
            "passage": place.source,
            "start": place.start,
            "end": place.end,
            "quote": passages[place.source][place.start : place.end],
        }
        for place in (*verdict.places, *([verdict.near] if verdict.near else []))
    ]
    held = len(verdict.places)
    against = (
        tuple((d.said, d.held) for d in verdict.against.differences) if verdict.against else ()
    )
    where = f"passage {rows[0]['passage']}" if rows else ""
    return {
        "text": text, "state": verdict.state, "sources": rows[:held], "why": why(verdict.state, against, where),
        "nearest": rows[held] if len(rows) > held else None,
        "differs": _differs(text, str(rows[held]["quote"])) if len(rows) > held else [],
    }  # fmt: skip


def checked_lines(row: dict[str, object]) -> str:
    """A checked sentence for people: its state, the sentence, and why."""
    return f"{row['state']:13} {row['text']}\n{'':13} {row['why']}"


def why(state: SentenceState, against: Sequence[tuple[str, str]], where: str) -> str:
    """Why a sentence is in its state, in one sentence; ``where`` is the place of its source, or of the nearest quote."""
    if state == "contradicted":
        differs = " and ".join(
            f"“{held}” where this says “{said}”"
            if held and said
            else "“not”"
            if held
            else f"no “{said}”"
            for said, held in against
        )
        return f"The manual says {differs} ({where})."
    if state == "unsupported":
        return (
            f"No passage says this; the nearest is in {where}."
            if where
            else "No passage says this."
        )
    return {
        "verified": f"Word for word in {where}.",
        "supported": f"In other words in {where}.",
    }.get(state, "Claims nothing about a product.")


def _where(c: Citation | None) -> str:
    return (
        ", ".join(
            part
            for part in (
                c.manual,
                f"page {c.label or c.page}" if c.paged else "",
                SEPARATOR.join(c.section),
            )
            if part
        )
        if c
        else ""
    )


def _place_row(c: Citation) -> dict[str, object]:
    keys = (
        "manual",
        "product",
        "version",
        "page",
        "label",
        "section",
        "start",
        "end",
        "quote",
        "hash",
    )
    row = _citation_row(c)
    return {key: row[key] for key in keys}


def report_row(report: EvaluationReport) -> dict[str, Any]:
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
