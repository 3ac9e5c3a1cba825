"""The routes of approved answers: an agent proposes one; an admin reads, edits, approves, declines, withdraws, exports."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from chatbot.curation.approved.export import training_rows
from chatbot.curation.approved.places import became
from chatbot.curation.approved.proposing import edited, proposal
from chatbot.curation.approved.ties import plain
from chatbot.curation.approved.types import LONGEST_TEXT, ApprovedAnswer, NotApproved
from ui.accounts.audit import note
from ui.accounts.page import NO_STORE, page
from ui.accounts.sign_in import caller_of
from ui.approved.rows import SHELVES, ApprovedRow, Shelf, holding, sure, tabs
from ui.text.english import say
from ui.web.requests import Key, owner_of

if TYPE_CHECKING:
    from chatbot.assistant import Assistant

Decide = Callable[[str, str], None]  # with an answer's id, and whose decision it is
SHOWN = 100  # answers on the page
LONGEST_SEARCH = 200
DONE = {
    "approved": "approved.done.approved",
    "declined": "approved.done.declined",
    "withdrawn": "approved.done.withdrawn",
    "saved": "approved.done.saved",
    "checked": "approved.done.checked",
}


class TypedAnswer(BaseModel):
    """What an admin typed; ``seen`` is when what they saw was last changed. A field without a value counts as not sent."""

    seen: str = Field(default="", max_length=200)
    question: str = Field(default="", max_length=LONGEST_TEXT + 1)
    product: str = Field(default="", max_length=200)
    text: str = Field(default="", max_length=LONGEST_TEXT + 1)


class Proposed(BaseModel):
    """The text that an agent proposes as the answer."""

    text: str = Field(min_length=1, max_length=LONGEST_TEXT)


def _proposal_routes(assistant: Assistant) -> APIRouter:
    """Return the route with which an agent proposes an answer of their own."""
    routes = APIRouter()

    @routes.post("/answers/{key}/propose", response_class=JSONResponse)
    def propose(request: Request, key: Key, body: Proposed) -> dict[str, bool]:
        owner = owner_of(request)
        turn = assistant.journal.own_turn(key, owner)
        made = assistant.approved.propose(proposal(assistant, turn, body.text), owner, key)
        note(assistant, request, "answer.proposed", made)
        return {"done": True}

    return routes


def approved_routes(assistant: Assistant) -> APIRouter:
    """Return the routes of approved answers; those of the list, and of taking them along, stand here."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.get("/approved")
    def listed(request: Request, state: str = "", done: str = "", search: str = "") -> Response:
        told = say(DONE[done]) if done in DONE else ""
        return _list(assistant, request, state, search=search[:LONGEST_SEARCH], told=told)

    @routes.get("/approved.jsonl")
    def exported(request: Request) -> Response:
        found = list(training_rows(assistant.catalog, assistant.approved.listed()))
        note(assistant, request, "answer.exported", str(len(found)))
        text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in found)
        name = 'attachment; filename="approved-answers.jsonl"'
        headers = {"content-disposition": name, **NO_STORE}
        return Response(text, media_type="application/x-ndjson", headers=headers)

    def decided(request: Request, key: str, decide: Decide, deed: str, address: str) -> Response:
        try:
            decide(key, owner_of(request))
        except NotApproved as error:
            return _list(assistant, request, "", 409, fault=f"{error} {error.hint}")
        note(assistant, request, deed, key)
        return _to(address)

    @routes.post("/approved/{key}/decline")
    def decline(request: Request, key: Key) -> Response:
        act = assistant.approved.decline
        return decided(request, key, act, "answer.declined", "/approved?done=declined")

    @routes.post("/approved/{key}/withdraw")
    def withdraw(request: Request, key: Key) -> Response:
        address = "/approved?state=approved&done=withdrawn"
        return decided(request, key, assistant.approved.withdraw, "answer.withdrawn", address)

    routes.include_router(_proposal_routes(assistant))
    routes.include_router(_editing_routes(assistant))
    return routes


def _editing_routes(assistant: Assistant) -> APIRouter:
    """Return the routes of one answer: its page, save and check, approve."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.get("/approved/{key}")
    def shown(request: Request, key: Key, done: str = "") -> Response:
        one = assistant.approved.one(key)
        return _edit(assistant, request, one, told=say(DONE[done]) if done in DONE else "")

    @routes.post("/approved/{key}/edit")
    def edit(request: Request, key: Key, typed: Annotated[TypedAnswer, Form()]) -> Response:
        return _saved(assistant, request, key, typed, "saved")

    @routes.post("/approved/{key}/approve")
    def approve(request: Request, key: Key, typed: Annotated[TypedAnswer, Form()]) -> Response:
        one = assistant.approved.one(key)
        sent = (" ".join(typed.question.split()), typed.product, plain(typed.text))
        if any(sent) and sent != (one.question, one.product, one.text):
            # What was typed beside the button: first it is checked, and its sources are looked at
            return _saved(assistant, request, key, typed, "checked")
        try:
            if _row(assistant, one).stale:
                raise NotApproved(say("approved.fault.stale"))
            assistant.approved.approve(key, owner_of(request), typed.seen)
        except NotApproved as error:
            again = assistant.approved.one(key)
            return _edit(assistant, request, again, 409, fault=f"{error} {error.hint}")
        note(assistant, request, "answer.approved", key)
        return _to("/approved?done=approved")

    return routes


def _saved(
    assistant: Assistant, request: Request, key: str, typed: TypedAnswer, done: str
) -> Response:
    """Save and check what was typed; where it cannot be saved, show it again with the reason."""
    one = assistant.approved.one(key)
    try:
        draft = edited(assistant, one, typed.question, typed.product, typed.text)
        assistant.approved.edit(key, draft, owner_of(request), typed.seen)
    except NotApproved as error:
        held = typed.model_dump(exclude={"seen"})
        return _edit(assistant, request, one, 409, fault=f"{error} {error.hint}", **held)
    note(assistant, request, "answer.edited", key)
    return _to(f"/approved/{key}?done={done}")


def _to(address: str) -> Response:
    return RedirectResponse(address, 303, NO_STORE)


def _row(assistant: Assistant, one: ApprovedAnswer) -> ApprovedRow:
    (since,) = became(assistant.catalog, [one.tied])
    return ApprovedRow(one, since)


def _list(
    assistant: Assistant,
    request: Request,
    state: str,
    status: int = 200,
    *,
    search: str = "",
    **more: object,
) -> Response:
    every = assistant.approved.listed()
    since = became(assistant.catalog, [one.tied for one in every])
    rows = holding([ApprovedRow(one, then) for one, then in zip(every, since, strict=True)], search)
    shelf: Shelf = next((one for one in SHELVES if one == state), "decide")
    here = [row for row in rows if row.shelf == shelf]
    return page(
        "approved/list.html", caller_of(request).shown, status,
        page="manuals", rows=here[:SHOWN], more=len(here) > SHOWN, shown=SHOWN, tabs=tabs(rows, shelf), shelf=shelf,
        any=bool(every), search=search, sure=sure, **more,
    )  # fmt: skip


def _edit(
    assistant: Assistant, request: Request, one: ApprovedAnswer, status: int = 200, **more: object
) -> Response:
    values = {"question": one.question, "product": one.product, "text": one.text, **more}
    products = assistant.catalog.products()
    gone = () if one.product in ("", *products) else (one.product,)
    return page(
        "approved/edit.html", caller_of(request).shown, status,
        page="manuals", row=_row(assistant, one), products=(*products, *gone), most=LONGEST_TEXT, sure=sure, **values,
    )  # fmt: skip
