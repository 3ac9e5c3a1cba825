"""The pages on which case files are run through the modes: begin, watch, read case by case, score, take along."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from chatbot.answers.messages import without_marks
from chatbot.conversations.types import Arm
from chatbot.curation.approved.export import training_rows
from chatbot.curation.golden import found_good
from chatbot.errors import BadCases
from chatbot.trials.comparing import everyday_arms, running_arms
from chatbot.trials.evaluation.evaluate import Case, cases_in
from chatbot.trials.evaluation.runs import MOST, RunningEvaluations, Runs, as_rows
from ui.accounts.audit import note
from ui.accounts.page import NO_STORE, page
from ui.accounts.sign_in import caller_of
from ui.text.english import say
from ui.trials.measured import beside, measured
from ui.web.html import day_and_time
from ui.web.requests import Key

if TYPE_CHECKING:
    from chatbot.assistant import Assistant

Typed = Annotated[str, Form(max_length=200)]
Other = Annotated[str, Query(max_length=64)]


class Scored(BaseModel):
    """What a person gives an answer: 0 of no use, 1 in part, 2 fit to send."""

    place: Annotated[int, Form(ge=0, lt=1 << 31)]
    arm: Arm
    score: Annotated[int, Form(ge=0, le=2)]


def evaluation_routes(assistant: Assistant) -> APIRouter:
    """Return the routes of the list, with the form, and those of one evaluation."""
    routes = APIRouter(default_response_class=HTMLResponse)
    working = RunningEvaluations(assistant)

    @routes.get("/evaluations")
    def listed(request: Request, done: str = "") -> Response:
        told = say("evals.done.removed") if done == "removed" else ""
        return _list(assistant, working, request, told=told)

    @routes.post("/evaluations")
    def begin(
        request: Request,
        name: Typed = "",
        source: Typed = "file",
        arms: Annotated[list[Arm] | None, Form()] = None,
        file: UploadFile | None = None,
    ) -> Response:
        content = file.file.read() if file else b""
        try:
            cases = _cases(assistant, source, content, (file and file.filename) or "")
            named, chosen = _checked(assistant, name, arms or [], cases)
        except BadCases as error:
            return _list(assistant, working, request, 400, fault=f"{error}", name=name)
        key = working.start(named, cases, chosen)
        note(assistant, request, "evaluation.begun", named)
        return RedirectResponse(f"/evaluations/{key}", 303, NO_STORE)

    routes.include_router(_run_routes(assistant, working))
    return routes


def _run_routes(assistant: Assistant, working: RunningEvaluations) -> APIRouter:
    """Return the routes of one evaluation: read, take along, stop, score, remove."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.get("/evaluations/{key}")
    def shown(request: Request, key: Key, other: Other = "") -> Response:
        busy = working.works_on(key)  # before it is read: it may end in between
        runs = Runs(assistant.journal.file)
        run = runs.one(key)
        found = measured(run, runs.answers(key))
        compared = runs.one(other) if other else None
        second = measured(compared, runs.answers(other)) if compared else None
        columns = [*found.arms, *(second.arms if second else ())]
        return page(
            "trials/evaluation.html", caller_of(request).shown,
            page="trials", run=run, found=found, compared=compared, columns=columns,
            rows=beside(found, second) if second else found.rows,
            others=[one for one in runs.listed() if one.id != key and one.done], working=busy, when=day_and_time,
        )  # fmt: skip

    @routes.get("/evaluations/{key}/answers.jsonl")
    def exported(key: Key) -> Response:
        runs = Runs(assistant.journal.file)
        rows = as_rows(runs.one(key), runs.answers(key))
        text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
        headers = {"content-disposition": 'attachment; filename="evaluation.jsonl"', **NO_STORE}
        return Response(text, media_type="application/x-ndjson", headers=headers)

    @routes.post("/evaluations/{key}/stop")
    def stop(key: Key) -> Response:
        working.stop(key)
        return RedirectResponse(f"/evaluations/{key}", 303, NO_STORE)

    @routes.post("/evaluations/{key}/go-on")
    def go_on(request: Request, key: Key) -> Response:
        try:
            working.go_on(key)
        except BadCases as error:
            return _list(assistant, working, request, 409, fault=f"{error}")
        return RedirectResponse(f"/evaluations/{key}", 303, NO_STORE)

    @routes.post("/evaluations/{key}/score")
    def score(key: Key, given: Annotated[Scored, Form()]) -> Response:
        Runs(assistant.journal.file).score(key, given.place, given.arm, given.score)
        return RedirectResponse(f"/evaluations/{key}#case-{given.place}", 303, NO_STORE)

    @routes.post("/evaluations/{key}/remove")
    def remove(request: Request, key: Key) -> Response:
        working.stop(key)
        name = Runs(assistant.journal.file).one(key).name
        Runs(assistant.journal.file).remove(key)
        note(assistant, request, "evaluation.removed", name)
        return RedirectResponse("/evaluations?done=removed", 303, NO_STORE)

    return routes


def _cases(assistant: Assistant, source: str, content: bytes, name: str) -> tuple[Case, ...]:
    """Return the cases that were chosen. Raises BadCases."""
    if source == "approved":
        rows = training_rows(assistant.catalog, assistant.approved.listed())
        return tuple(
            Case(str(r["question"]), str(r["answer"]), product=str(r["product"])) for r in rows
        )
    if source == "good":
        return tuple(
            Case(one.question, without_marks(one.answer), product=one.product)
            for one in found_good(assistant.journal.file)
        )
    if source == "gaps":
        return tuple(Case(gap.question, product=gap.product) for gap in assistant.journal.gaps())
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BadCases(say("evals.fault.file")) from error
    if not content.strip():
        raise BadCases(say("evals.fault.file"))
    return cases_in(lines, name)


def _checked(
    assistant: Assistant, name: str, arms: Sequence[Arm], cases: Sequence[Case]
) -> tuple[str, tuple[Arm, ...]]:
    """Return the name and the modes of a run that can begin. Raises BadCases."""
    named = "".join(filter(str.isprintable, " ".join(name.split())))
    if not named:
        raise BadCases(say("evals.fault.name"))
    if not cases:
        raise BadCases(say("evals.fault.cases"))
    if len(cases) > MOST:
        raise BadCases(say("evals.fault.most", n=f"{len(cases):,}", most=MOST))
    there = running_arms(assistant.models.status())
    chosen = tuple(arm for arm in dict.fromkeys(arms) if arm in there)
    if not chosen:
        raise BadCases(say("evals.fault.arms"))
    return named, chosen


def _list(
    assistant: Assistant,
    working: RunningEvaluations,
    request: Request,
    status: int = 200,
    **more: object,
) -> Response:
    serving = assistant.models.status()
    usual = everyday_arms(serving)
    arms = [(arm, say(f"arm.{arm}"), arm in usual) for arm in running_arms(serving)]
    counts = {
        "approved": sum(1 for _ in training_rows(assistant.catalog, assistant.approved.listed())),
        "good": len(found_good(assistant.journal.file)),
        "gaps": len(assistant.journal.gaps()),
    }
    busy = working.at_work()  # before the list is read: one may end in between
    found = Runs(assistant.journal.file).listed()
    return page(
        "trials/evaluations.html", caller_of(request).shown, status,
        page="trials", runs=[(run, run.id in busy) for run in found], arms=arms, counts=counts,
        when=day_and_time, **{"name": "", **more},
    )  # fmt: skip
