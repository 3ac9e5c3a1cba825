"""The routes of signing in and out, and of somebody's own account. Plain forms: they work before any script has run."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.background import BackgroundTask

from chatbot.accounts.errors import AccountError, LinkUsed, NoSuchPerson, SignInBusy, TooManyTries
from chatbot.accounts.passwords import SHORTEST
from chatbot.accounts.personal_data import kept_of
from chatbot.accounts.roles import Person
from ui.accounts.audit import note
from ui.accounts.page import NO_STORE, page
from ui.accounts.sign_in import OWN_PAGES, SESSION, caller_of, cookie, known_cookie, own_name
from ui.text.english import say
from ui.web.requests import Key
from ui.web.security import COOKIE, COOKIE_SECONDS, PAGES

if TYPE_CHECKING:
    from chatbot.assistant import Assistant

Text = Annotated[str, Form(max_length=500)]
# What has just been done, by the word that stands in the address.
PROPOSALS = 50  # of somebody's, on their page
DONE = {
    "password": "account.done.password",
    "session": "account.done.session",
    "roles": "account.done.roles",
    "removed": "account.done.removed",
}


# Why a provider let nobody in, by the word that stands in the address.
Reason = Literal["down", "refused", "taken", "first", "added", "name"]
FAILED: dict[str, str] = {
    "down": "signin.provider.down",
    "refused": "signin.provider.refused",
    "taken": "signin.provider.taken",
    "first": "signin.provider.first",
    "added": "signin.provider.added",
    "name": "signin.provider.name",
}


def sign_in_routes(assistant: Assistant) -> APIRouter:
    """Return the routes with which somebody signs in or out."""
    routes = APIRouter(default_response_class=HTMLResponse)
    provider = bool(assistant.settings.oidc_issuer)

    def form(
        goal: str, name: str = "", fault: str = "", status: int = 200, told: str = ""
    ) -> Response:
        values = {"next": goal, "name": name, "fault": fault, "told": told, "provider": provider}
        return page("accounts/sign_in.html", (), status, **values)

    def wrong(name: str) -> None:
        with suppress(NoSuchPerson):  # what else was typed there may be a password
            assistant.audit.note(assistant.accounts.person(name).name, "signin.wrong")

    @routes.get("/sign-in")
    def sign_in(request: Request, next: str = "/", failed: str = "", out: str = "") -> Response:  # noqa: A002
        if caller_of(request).person is not None:
            return RedirectResponse(inside(next), 303, NO_STORE)
        fault = (
            say("signin.provider.failed", reason=say(FAILED[failed])) if failed in FAILED else ""
        )
        return form(inside(next), fault=fault, told=say("signin.out") if out else "")

    @routes.post("/sign-in")
    def signed_in(request: Request, name: Text, password: Text, next: Text = "/") -> Response:  # noqa: A002
        try:
            person = assistant.accounts.check(
                name, password, address_of(request), request.state.known
            )
        except AccountError as error:
            status = {TooManyTries: 429, SignInBusy: 503}.get(type(error), 401)
            told = form(inside(next), name, f"{error} {error.hint}", status)
            # Its time must not tell who has an account
            told.background = BackgroundTask(wrong, name)
            return told
        return begin(assistant, request, person, inside(next))

    @routes.post("/sign-out")
    def sign_out(request: Request) -> Response:
        if token := caller_of(request).token:
            assistant.sessions.end(token)
            note(assistant, request, "signout")
        made = RedirectResponse("/sign-in", 303, NO_STORE)
        made.headers.append(
            "set-cookie", cookie(own_name(SESSION, request.scope), "", 0, request.scope)
        )
        return made

    return routes


def welcome_routes(assistant: Assistant) -> APIRouter:
    """Return the routes of a link that works once: it makes the first admin, or gives somebody a password."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.get("/welcome/{token}")
    def welcome(token: Key) -> Response:
        try:
            return _welcome(token, assistant.accounts.invited(token))
        except LinkUsed as error:
            return _used(error)

    @routes.post("/welcome/{token}")
    def accept(
        request: Request, token: Key, password: Text, again: Text, name: Text = ""
    ) -> Response:
        try:
            known = assistant.accounts.invited(token)
            if password != again:
                told = say("account.password.differs")
                return _welcome(token, known, name, told)
            person = assistant.accounts.accept(token, name, password)
        except LinkUsed as error:
            return _used(error)
        except AccountError as error:  # the link still works
            return _welcome(token, known, name, f"{error} {error.hint}")
        assistant.audit.note(person.name, "password" if known else "person.first", person.name)
        return begin(assistant, request, person, "/")

    return routes


def account_routes(assistant: Assistant) -> APIRouter:
    """Return the routes of somebody's own account: where they are signed in, and their password."""
    routes = APIRouter(default_response_class=HTMLResponse)

    def shown(request: Request, fault: str = "", status: int = 200, done: str = "") -> Response:
        caller = caller_of(request)
        assert caller.person is not None
        return page(
            "accounts/account.html", caller.shown, status,
            page="account", local=caller.local, person=caller.person, fault=fault, shortest=SHORTEST,
            told=say(DONE[done]) if done in DONE else "",
            roles=", ".join(say(f"role.{role}") for role in caller.person.roles),
            sessions=() if caller.local else assistant.sessions.of(caller.person.id, caller.token),
            proposals=() if caller.local else assistant.approved.proposed_by(caller.person.id)[:PROPOSALS],
        )  # fmt: skip

    @routes.get("/account")
    def account(request: Request, done: str = "") -> Response:
        return shown(request, done=done)

    @routes.get("/account/export")
    def export(request: Request) -> Response:
        kept = kept_of(assistant.journal.file, caller_of(request).owner)
        text = json.dumps([asdict(row) for row in kept], ensure_ascii=False, indent=1)
        headers = {"content-disposition": 'attachment; filename="my-questions.json"', **NO_STORE}
        return Response(text, media_type="application/json", headers=headers)

    @routes.post("/account/password")
    def password(request: Request, old: Text, password: Text, again: Text) -> Response:
        caller = caller_of(request)
        if password != again:
            return shown(request, say("account.password.differs"), 400)
        assert caller.person is not None
        try:
            assistant.accounts.change_password(caller.person.id, old, password, address_of(request))
        except AccountError as error:
            return shown(request, f"{error} {error.hint}", 400)
        note(assistant, request, "password", caller.person.name)
        return begin(assistant, request, caller.person, "/account?done=password")

    @routes.post("/account/sessions/{key}/end")
    def end(request: Request, key: Key) -> Response:
        assistant.sessions.end_one(caller_of(request).owner, key)
        note(assistant, request, "session.ended")
        return RedirectResponse("/account?done=session", 303, NO_STORE)

    @routes.post("/account/sessions/end-others")
    def end_others(request: Request) -> Response:
        caller = caller_of(request)
        assistant.sessions.end_others(caller.owner, caller.token)
        note(assistant, request, "session.ended")
        return RedirectResponse("/account?done=session", 303, NO_STORE)

    return routes


def begin(assistant: Assistant, request: Request, person: Person, goal: str) -> Response:
    """Sign somebody in on this browser, with a session of its own; what was asked here before is theirs from now on."""
    browser = browser_name(request.headers.get("user-agent", ""))
    caller = caller_of(request)
    token = assistant.sessions.begin(person.id, browser, address_of(request))
    if caller.token:
        assistant.sessions.end(caller.token)
    else:
        assistant.audit.note(person.name, "signin", browser)
    made = RedirectResponse(goal, 303, NO_STORE)
    # Longer than the session, which each use makes last longer
    name = own_name(SESSION, request.scope)
    made.headers.append("set-cookie", cookie(name, token, COOKIE_SECONDS, request.scope))
    made.headers.append("set-cookie", known_cookie(request, person))
    if caller.asked_here:
        assistant.journal.take_over(caller.asked_here, person.id)
        made.headers.append("set-cookie", cookie(COOKIE, "", 0, request.scope))
    return made


def failed(reason: Reason) -> str:
    """Return the address of the sign-in page that says why a provider let nobody in."""
    return f"/sign-in?failed={reason}"


def inside(goal: str) -> str:
    """Return where to go after signing in: one of our pages with what its address asks for, else the chat."""
    try:
        parts = urlsplit(goal)
    except ValueError:  # "http://["
        return "/"
    if parts.scheme or parts.netloc or parts.path not in PAGES | OWN_PAGES:
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def address_of(request: Request) -> str:
    """Return the address that a request comes from; of one by a trusted proxy, the browser's."""
    return request.client.host if request.client else ""


def browser_name(agent: str) -> str:
    """Return what a browser calls itself, in words: "Firefox on Linux"; as it is sent where that is unknown."""
    browsers = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
    systems = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux")
    named = {"Edg": "Edge", "OPR": "Opera", "Mac OS": "macOS"}
    browser = next((name for name in browsers if f"{name}/" in agent), "")
    system = next((name for name in systems if name in agent), "")
    if not browser or not system:
        return agent[:60]
    return f"{named.get(browser, browser)} on {named.get(system, system)}"


def _welcome(token: str, known: str, name: str = "", fault: str = "") -> Response:
    title = say("welcome.title", name=known) if known else say("welcome.title.first")
    return page(
        "accounts/welcome.html", (), 400 if fault else 200,
        title=title, known=known, name=name, fault=fault, action=f"/welcome/{token}", shortest=SHORTEST,
    )  # fmt: skip


def _used(error: LinkUsed) -> Response:
    told = f"{error} {error.hint}"
    return page(
        "accounts/welcome.html", (), 410, title=say("welcome.used.title"), fault=told, action=""
    )
