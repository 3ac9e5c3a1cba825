"""The routes of the page on which an admin says who may sign in, and what each may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chatbot.accounts.errors import AccountError
from chatbot.accounts.roles import LINK_DAYS, ROLES, Role
from ui.accounts.audit import note
from ui.accounts.page import NO_STORE, page
from ui.accounts.routes import DONE, Text
from ui.accounts.sign_in import caller_of
from ui.text.english import say
from ui.web.requests import Key

if TYPE_CHECKING:
    from chatbot.assistant import Assistant

Roles = Annotated[list[Role], Form(default_factory=list)]


def people_routes(assistant: Assistant) -> APIRouter:
    """Return the routes of the page of people."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.get("/people")
    def people(request: Request, done: str = "") -> Response:
        if caller_of(request).local:  # nobody has an account: that page says how to begin
            return RedirectResponse("/account", 303, NO_STORE)
        return _shown(assistant, request, told=say(DONE[done]) if done in DONE else "")

    @routes.post("/people/first")
    def first(request: Request) -> Response:
        if not caller_of(request).local:
            return RedirectResponse("/people", 303, NO_STORE)
        return RedirectResponse(f"/welcome/{assistant.accounts.first_link()}", 303, NO_STORE)

    @routes.post("/people/add")
    def add(request: Request, name: Text, role: Roles) -> Response:
        if not role:
            return _shown(assistant, request, 400, fault=say("people.roles.none"), typed=name)
        try:
            made = assistant.accounts.add(name, role)
        except AccountError as error:
            told = f"{error} {error.hint}"
            return _shown(assistant, request, 400, fault=told, typed=name, chosen=role)
        note(assistant, request, "person.added", f"{made.name}: {', '.join(made.roles)}")
        return _with_link(assistant, request, made.id, made.name)

    routes.include_router(person_routes(assistant))
    return routes


def person_routes(assistant: Assistant) -> APIRouter:
    """Return the routes of one person: roles, a new link, remove."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.post("/people/{key}/roles")
    def roles(request: Request, key: Key, role: Roles) -> Response:
        if not role:
            return _shown(assistant, request, 400, fault=say("people.roles.none"))
        try:
            assistant.accounts.set_roles(key, role)
            person = assistant.accounts.by_id(key)
        except AccountError as error:
            return _shown(assistant, request, 400, fault=f"{error} {error.hint}")
        note(assistant, request, "person.roles", f"{person.name}: {', '.join(role)}")
        # Whoever gave the role of admin up may not open this page any more
        here = "account" if key == caller_of(request).owner and "admin" not in role else "people"
        return RedirectResponse(f"/{here}?done=roles", 303, NO_STORE)

    @routes.post("/people/{key}/link")
    def link(request: Request, key: Key) -> Response:
        try:
            name = assistant.accounts.by_id(key).name
        except AccountError as error:
            return _shown(assistant, request, 404, fault=f"{error} {error.hint}")
        note(assistant, request, "person.link", name)
        return _with_link(assistant, request, key, name)

    @routes.post("/people/{key}/remove")
    def remove(request: Request, key: Key) -> Response:
        name = assistant.accounts.by_id(key).name
        try:
            assistant.accounts.remove(key)
        except AccountError as error:
            return _shown(assistant, request, 400, fault=f"{error} {error.hint}")
        note(assistant, request, "person.removed", name)
        return RedirectResponse("/people?done=removed", 303, NO_STORE)

    return routes


def _shown(assistant: Assistant, request: Request, status: int = 200, **more: object) -> Response:
    caller = caller_of(request)
    values = {
        "fault": "", "link": "", "link_for": "", "days": LINK_DAYS, "typed": "", "chosen": ("agent",), **more,
    }  # fmt: skip
    return page(
        "accounts/people.html", caller.shown, status,
        page="people", everybody=assistant.accounts.people(), me=caller.owner, every_role=ROLES, **values,
    )  # fmt: skip


def _with_link(assistant: Assistant, request: Request, person_id: str, name: str) -> Response:
    token = assistant.accounts.link_for(person_id)
    link = f"{request.url.scheme}://{request.headers['host']}/welcome/{token}"
    return _shown(assistant, request, link=link, link_for=name)
