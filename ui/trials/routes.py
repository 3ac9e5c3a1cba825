"""The routes of blind comparisons: what is said of a pair; trials, their figures, and their votes to take along."""

from __future__ import annotations

import logging
from math import comb
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from chatbot.conversations.types import Arm
from chatbot.errors import NotKept
from chatbot.trials import canary
from chatbot.trials.comparing import running_arms
from chatbot.trials.errors import BadTrial
from chatbot.trials.results import preference_of, results
from chatbot.trials.store import EVERYDAY
from chatbot.trials.types import WAYS, AnswerPair, Choice, Reason, Side, Support, Trial
from ui.accounts.audit import note
from ui.accounts.page import NO_STORE, page
from ui.accounts.sign_in import caller_of
from ui.sources import views
from ui.text.english import say
from ui.text.table import as_csv
from ui.trials.advice import advice_routes
from ui.trials.evaluations import evaluation_routes
from ui.trials.pair import revealed
from ui.trials.usage import usage_routes
from ui.trials.words import Shown, preference_words, shown
from ui.web.html import day
from ui.web.requests import Key, owner_of

if TYPE_CHECKING:
    from chatbot.assistant import Assistant

log = logging.getLogger(__name__)
DONE = {
    "begun": "trials.done.begun",
    "ended": "trials.done.ended",
    "preferred": "trials.done.preferred",
    "unpreferred": "trials.done.unpreferred",
}
Name = Annotated[str, Form(max_length=200)]
COLUMNS = (
    "trial", "asked", "question", "product", "answer A", "answer B", "vote", "reason", "sources support A",
    "sources support B", "corrected", "stretch",
)  # fmt: skip


class Voted(BaseModel):
    """Which answer is better, and what is wrong with the other one; ``correct``: an earlier vote is known, and was wrong."""

    choice: Choice
    reason: Reason = ""
    correct: bool = False


class Taken(BaseModel):
    """The answer to go on with."""

    side: Side


class Judged(BaseModel):
    """Whether the sources of an answer support it."""

    side: Side
    support: Support


class TypedTrial(BaseModel):
    """What was typed for a new trial."""

    name: str = ""
    arms: list[Arm] = []
    share: Annotated[int, Form(ge=0, le=100)] = 0
    most: Annotated[int, Form(ge=0, le=1_000_000)] = 0
    people: list[str] = []


def comparison_routes(assistant: Assistant) -> APIRouter:
    """Return all routes on how well Tandem answers: pairs, trials, evaluations, use, advice."""
    routes = APIRouter()
    for part in (pair_routes, trial_routes, evaluation_routes, usage_routes, advice_routes):
        routes.include_router(part(assistant))
    return routes


def pair_routes(assistant: Assistant) -> APIRouter:
    """Return the routes of what an agent says of two answers; each answers both, opened."""
    routes = APIRouter()

    def after(request: Request, pair: AnswerPair) -> dict[str, str]:
        turn = assistant.journal.own_turn(pair.id, owner_of(request))
        return {"html": str(revealed(pair, turn, views.since(assistant.catalog, pair.answers)))}

    @routes.post("/pairs/{key}/vote")
    def vote(request: Request, key: Key, body: Voted) -> dict[str, str]:
        owner = owner_of(request)
        pair = assistant.trials.vote(key, owner, body.choice, body.reason, correct=body.correct)
        _end_if_decided(assistant, pair.trial)
        return after(request, pair)

    @routes.post("/pairs/{key}/skip")
    def skip(request: Request, key: Key) -> dict[str, str]:
        return after(request, assistant.trials.skip(key, owner_of(request)))

    @routes.post("/pairs/{key}/take")
    def take(request: Request, key: Key, body: Taken) -> dict[str, str]:
        return after(request, assistant.trials.take(key, owner_of(request), body.side))

    @routes.post("/pairs/{key}/support")
    def support(request: Request, key: Key, body: Judged) -> dict[str, str]:
        pair = assistant.trials.judge(key, owner_of(request), body.side, body.support)
        return after(request, pair)

    return routes


def _end_if_decided(assistant: Assistant, key: str) -> None:
    """End a trial that has as many votes as it was to have, or whose differences are all sure."""
    try:
        trial = assistant.trials.one(key)
        if trial.ended or not trial.most:
            return
        contests = results(assistant.trials.votes(key)).contests
        decisive = sum(contest.rate.wins + contest.rate.losses for contest in contests)
        decided = len(contests) == comb(len(trial.arms), 2) and all(one.ahead for one in contests)
        if decisive >= trial.most or decided:
            canary.end(assistant, trial, "decided" if decided else "votes")
    except NotKept as error:  # the vote is kept all the same
        log.warning("whether a trial has ended cannot be said: %s", error)


def trial_routes(assistant: Assistant) -> APIRouter:
    """Return the routes of the page of trials."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.get("/trials")
    def listed(request: Request, done: str = "") -> Response:
        return _page(assistant, request, told=say(DONE[done]) if done in DONE else "")

    @routes.post("/trials")
    def begin(request: Request, typed: Annotated[TypedTrial, Form()]) -> Response:
        try:
            name, people = _checked(assistant, typed)
        except BadTrial as error:
            return _page(assistant, request, 400, fault=str(error), typed=typed)
        arms = tuple(dict.fromkeys(typed.arms))
        assistant.trials.begin(name, arms, typed.share, people=people, most=typed.most)
        note(assistant, request, "trial.begun", name)
        return RedirectResponse("/trials?done=begun", 303, NO_STORE)

    @routes.post("/trials/{key}/end")
    def end(request: Request, key: Key) -> Response:
        assistant.trials.end(key)
        note(assistant, request, "trial.ended", assistant.trials.one(key).name)
        return RedirectResponse("/trials?done=ended", 303, NO_STORE)

    @routes.post("/trials/{key}/prefer")
    def prefer_one(request: Request, key: Key, product: Name) -> Response:
        trial = assistant.trials.one(key)
        made = preference_of(results(assistant.trials.votes(trial.id)), product)
        if made is None:
            return _page(assistant, request, 409, fault=say("trials.fault.prefer", product=product))
        assistant.trials.prefer(made)
        note(assistant, request, "trial.preferred", f"{product}: {made.mode}")
        return RedirectResponse("/trials?done=preferred", 303, NO_STORE)

    @routes.post("/trials/prefer-no-more")
    def prefer_no_more(request: Request, product: Name) -> Response:
        assistant.trials.no_longer_prefer(product)
        note(assistant, request, "trial.unpreferred", product)
        return RedirectResponse("/trials?done=unpreferred", 303, NO_STORE)

    @routes.get("/trials/{key}/votes.csv")
    def votes(request: Request, key: Key) -> Response:
        trial = assistant.trials.one(key)
        note(assistant, request, "trial.exported", trial.name or key)
        name = 'attachment; filename="votes.csv"'
        headers = {"content-disposition": name, **NO_STORE}
        return Response(_csv(assistant, trial), media_type="text/csv", headers=headers)

    return routes


def _checked(assistant: Assistant, typed: TypedTrial) -> tuple[str, list[str]]:
    """Return name and people (ids) of a trial that can begin. Raises BadTrial."""
    name = "".join(filter(str.isprintable, " ".join(typed.name.split())))[:200]
    if not name:
        raise BadTrial(say("trials.fault.name"))
    if len(set(typed.arms)) < 2 or not set(WAYS).issuperset(typed.arms):
        raise BadTrial(say("trials.fault.arms"))
    known = {person.id for person in assistant.accounts.people()}
    if not known.issuperset(typed.people):
        raise BadTrial(say("trials.fault.people"))
    return name, typed.people


def _csv(assistant: Assistant, trial: Trial) -> str:
    """Return the votes of a trial as rows; what nobody has voted on does not say what was compared, so that it stays blind."""
    rows = (
        (
            trial.name or EVERYDAY, vote.made_at, vote.question, vote.product, *(vote.arms if vote.state else ("", "")),
            vote.state, vote.reason, *vote.support, "yes" if vote.corrected else "", vote.stratum,
        )
        for vote in assistant.trials.votes(trial.id)
    )  # fmt: skip
    return as_csv(COLUMNS, rows)


def _page(
    assistant: Assistant,
    request: Request,
    status: int = 200,
    *,
    typed: TypedTrial | None = None,
    **more: object,
) -> Response:
    every: list[Shown] = [
        shown(trial, results(assistant.trials.votes(trial.id)))
        for trial in assistant.trials.listed()
    ]
    running = running_arms(assistant.models.status())
    arms = [
        (
            arm,
            say(f"arm.{arm}") if arm in running else say("trials.arm.away", arm=say(f"arm.{arm}")),
        )
        for arm in WAYS
    ]
    people = assistant.accounts.people()
    values = typed or TypedTrial(arms=["quotes", "brief"], share=10)
    return page(
        "trials/list.html", caller_of(request).shown, status,
        page="trials", trials=every, arms=arms, people=people, typed=values, day=day,
        preferences=[preference_words(one) for one in assistant.trials.preferences()], **more,
    )  # fmt: skip
