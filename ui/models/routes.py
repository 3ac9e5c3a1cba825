"""The routes of the page of models, for whoever may decide which adapter is served."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.errors import AdapterError
from adapters.evaluation.gate import LONGEST_REASON, SHORTEST_REASON
from chatbot.errors import ChatError
from chatbot.trials import canary
from ui.accounts.audit import note
from ui.accounts.page import NO_STORE, page
from ui.accounts.sign_in import caller_of
from ui.models.on_trial import trial_view
from ui.models.overview import AdapterRow, adapter_rows, trainings
from ui.models.plot import losses
from ui.models.steps import steps_to_an_adapter
from ui.models.watch import watch
from ui.models.words import score_rows, state_of, training_words, verdict_words
from ui.text.english import say
from ui.web.html import day
from ui.web.requests import CardName

if TYPE_CHECKING:
    from chatbot.assistant import Assistant

UNJUDGED = {"unjudged": "unjudged", "elsewhere": "unjudged"}  # by how it stood to the one before
Reason = Annotated[str, Form(max_length=2_000)]
Share = Annotated[int, Form(ge=1, le=100)]
Votes = Annotated[int, Form(ge=1, le=1_000_000)]
SHARE, VOTES = 10, 100  # what is proposed for the trial of an adapter
DONE = {
    "promoted": "models.done.promoted",
    "tried": "models.done.tried",
    "ended": "models.done.ended",
    "unjudged": "models.done.unjudged",
    "rolledback": "models.done.rolledback",
    "stopped": "models.done.stopped",
    "removed": "models.done.removed",
}


def model_routes(assistant: Assistant) -> APIRouter:
    """Return the routes: read, promote, try beside the served one, serve none, go back, remove a card."""
    routes = APIRouter(default_response_class=HTMLResponse)
    registry = assistant.models.registry
    shown = partial(_shown, assistant)

    def changed(request: Request, deed: str, name: str, told: str = "") -> Response:
        assistant.models.invalidate()
        note(assistant, request, f"adapter.{deed}", name)
        return RedirectResponse(f"/models?done={told or deed}", 303, NO_STORE)

    @routes.get("/models")
    def models(request: Request, done: str = "") -> Response:
        return shown(request, done)

    @routes.post("/models/roll-back")
    def roll_back(request: Request) -> Response:
        try:
            card = registry.roll_back()
        except AdapterError as error:
            return shown(request, fault=f"{error} {error.hint}", status=409)
        return changed(request, "rolledback", card.name)

    @routes.post("/models/serve-none")
    def stop(request: Request) -> Response:
        registry.stop()
        return changed(request, "stopped", "")

    @routes.post("/models/{name}/promote")
    def promote(request: Request, name: CardName, because: Reason = "") -> Response:
        try:
            made = assistant.models.promote(name, because, _who(request))
        except AdapterError as error:
            return shown(request, fault=f"{error} {error.hint}", status=409)
        if made.overridden is not None:
            note(assistant, request, "adapter.overridden", f"{name}: {made.overridden.reason}")
        return changed(request, "promoted", name, UNJUDGED.get(made.standing, ""))

    @routes.post("/models/{name}/remove")
    def remove(request: Request, name: CardName) -> Response:
        try:
            registry.remove(name)
        except AdapterError as error:
            return shown(request, fault=f"{error} {error.hint}", status=409)
        return changed(request, "removed", name)

    _try_routes(routes, assistant, shown, changed)
    return routes


def _try_routes(
    routes: APIRouter,
    assistant: Assistant,
    shown: Callable[..., Response],
    changed: Callable[[Request, str, str], Response],
) -> None:
    """Add the routes of the trial of an adapter: begin, end."""

    @routes.post("/models/{name}/try")
    def begin(request: Request, name: CardName, share: Share, most: Votes) -> Response:
        try:
            canary.begin(assistant, name, share, most)
        except (AdapterError, ChatError) as error:
            return shown(request, fault=f"{error} {error.hint}", status=409)
        return changed(request, "tried", name)

    @routes.post("/models/end-trial")
    def end(request: Request) -> Response:
        running = canary.settled(assistant, assistant.trials.running())
        if running is None or running.rivals is None:
            return shown(request, fault=say("models.trial.none"), status=409)
        assistant.trials.end(running.id)
        return changed(request, "ended", running.rivals[0].name)


def _shown(
    assistant: Assistant, request: Request, done: str = "", fault: str = "", status: int = 200
) -> Response:
    """Return the page, with what was done or what went wrong."""
    registry = assistant.models.registry
    rows = adapter_rows(assistant.models, assistant.catalog.versions_held())
    runs = trainings(registry.folder / "trained")
    serving = assistant.models.status()
    tried = trial_view(assistant)
    return page(
        "models/models.html", caller_of(request).shown, status,
        page="trials", told=say(DONE[done]) if done in DONE else "", fault=fault, serving=serving,
        rows=[(row, state_of(row), verdict_words(row.card, registry.serving())) for row in rows], shortest=SHORTEST_REASON,
        longest=LONGEST_REASON, tried=tried, share=SHARE, votes=VOTES, scores=score_rows(rows),
        names=[row.card.name for row in rows], previous=registry.previous(), notices=(*assistant.models.doubts(), *registry.faults()), day=day,
        runs=[(run, training_words(run), losses(run)) for run in runs],
        watched=watch(assistant, served) if (served := registry.serving()) else None,
        steps=steps_to_an_adapter(assistant, serving, rows, runs) if not _served(rows) else (),
    )  # fmt: skip


def _who(request: Request) -> str:
    """Return who sends a request, in words where nobody has to sign in."""
    person = caller_of(request).person
    return (person.name if person else "") or say("audit.local")


def _served(rows: tuple[AdapterRow, ...]) -> bool:
    return any(row.served and not row.fault for row in rows)
