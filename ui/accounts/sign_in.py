"""Who sends a request, and whether they may: a person by their session, or whoever sits at a machine without accounts.

Pure ASGI, as ``ui.web.security``. Knows the table of addresses; nothing of what they answer.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from chatbot.accounts.roles import LOCAL, Person, Right
from chatbot.errors import ChatError
from ui.accounts.access import has_form, need_of
from ui.accounts.page import NO_STORE, told
from ui.text.english import say
from ui.web.requests import navigates
from ui.web.security import COOKIE, COOKIE_SECONDS, PAGES, READS, owner_of, sign

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from chatbot.assistant import Assistant

log = logging.getLogger(__name__)
FORWARDED = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"})
# What Gradio would take for its own address, from whoever sends it; the checked Host and uvicorn's scheme say it.
CLAIMS = frozenset({b"x-forwarded-host", b"x-forwarded-proto", b"x-gradio-server"})
SESSION = "tandem_session"  # the cookie of whoever is signed in
KNOWN = "tandem_known"  # the cookie of a browser in which somebody has signed in before
KNOWN_AS = "known-"  # before their id, so that it is nobody's cookie for conversations
OWN_PAGES = frozenset({"/account", "/approved", "/audit", "/people"})  # ours, without Gradio


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request. ``person`` is None for nobody; ``owner`` is whose conversations they see ("": no cookie yet).

    ``asked_here`` is what this browser was before anybody signed in on it.
    """

    person: Person | None
    owner: str = ""
    token: str = ""
    asked_here: str = ""

    @property
    def rights(self) -> frozenset[Right]:
        """What they may do."""
        return self.person.rights if self.person else frozenset()

    @property
    def shown(self) -> frozenset[str]:
        """What the links on a page go by: people are nobody's business yet where nobody has an account."""
        return self.rights - ({"people"} if self.local else set())

    @property
    def local(self) -> bool:
        """Whether nobody has an account yet, so that everybody at this machine may do everything."""
        return self.person is LOCAL


def caller_of(request: Request) -> Caller:
    """Return who sends a request."""
    caller: Caller = request.state.caller
    return caller


class Access:
    """ASGI middleware: names who sends a request, and refuses what they may not open as if it were not there.

    ``request.state`` then has ``caller`` and ``owner``.
    """

    def __init__(self, app: ASGIApp, assistant: Assistant, secret: bytes) -> None:
        self.app = app
        self._assistant = assistant
        self._secret = secret
        self._accounts: bool | None = None  # whether anybody can sign in, as last read

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        path, method = scope["path"], scope["method"]
        try:
            cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
            caller = self._caller(cookies, cookies.get(own_name(SESSION, scope), ""))
            known = owner_of(self._secret, cookies.get(own_name(KNOWN, scope), ""))
        except ChatError as error:
            shut = (
                told(str(error), error.hint, (), 503)
                if navigates(Headers(scope=scope))
                else JSONResponse({"error": str(error), "hint": error.hint}, 503, NO_STORE)
            )
            return await shut(scope, receive, send)
        if caller.local and not FORWARDED.isdisjoint(Headers(scope=scope).keys()):
            # Whoever stands behind a proxy is not at this machine
            return await PlainTextResponse(say("account.fault.proxy"), 403)(scope, receive, send)
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] not in CLAIMS]
        minted = ""
        if caller.local and not caller.owner and path in PAGES:
            caller = Caller(LOCAL, secrets.token_urlsafe(18))
            minted = cookie(COOKIE, sign(self._secret, caller.owner), COOKIE_SECONDS, scope)
        scope.setdefault("state", {}).update(
            owner=caller.owner,
            caller=caller,
            known=known.removeprefix(KNOWN_AS),
            secret=self._secret,
        )

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and minted:
                MutableHeaders(scope=message).append("set-cookie", minted)
            await send(message)

        refused = _refusal(caller, method, path, scope)
        return await (refused or self.app)(scope, receive, with_cookie)

    def _caller(self, cookies: Mapping[str, str], token: str) -> Caller:
        before = owner_of(self._secret, cookies.get(COOKIE, ""))
        if token and (person := self._assistant.sessions.person(token)):
            return Caller(person, person.id, token, before)
        if self._has_accounts():
            return Caller(None, "", "", before)
        return Caller(LOCAL, before, "", before)

    def _has_accounts(self) -> bool:
        """Say whether anybody can sign in: once somebody can, somebody always can (there is a last admin)."""
        if not self._accounts:
            try:
                self._accounts = self._assistant.accounts.any()
            except ChatError:
                if self._accounts is None:  # nothing is known, so nobody is let in
                    raise
        return self._accounts


def _refusal(caller: Caller, method: str, path: str, scope: Scope) -> Response | None:
    """Return what a request is told that may not pass, or None."""
    need = need_of(method, path)
    if need == "anybody":
        return None
    is_page = (path in PAGES or path in OWN_PAGES) and method in READS
    # A page or a form, whose answer is read as it is
    by_hand = is_page or navigates(Headers(scope=scope))
    if caller.person is None:
        return _signed_out(method, path, scope, is_page, by_hand)
    if need == "own" or need in caller.rights:
        if method in READS and by_hand and has_form(path):
            return RedirectResponse(_page_of(path), 303, NO_STORE)  # a form's answer, opened again
        return None
    if by_hand:
        lead = "" if caller.local else say("nothing.lead")
        return told(say("nothing.title"), lead, caller.shown, 404)
    return JSONResponse({"error": say("fault.address"), "hint": ""}, 404)


def _signed_out(method: str, path: str, scope: Scope, is_page: bool, by_hand: bool) -> Response:
    """Return what somebody is told who is signed out: a page and a form lead to where they sign in."""
    if is_page or (by_hand and method not in READS):
        query = scope["query_string"].decode("latin-1") if is_page else ""
        wanted = path if is_page else _page_of(path)
        wanted = quote(f"{wanted}?{query}" if query else wanted, safe="")
        return RedirectResponse(f"/sign-in?next={wanted}", 303, NO_STORE)
    if by_hand:
        return told(say("account.out.title"), say("account.out.lead"), (), 401, sign_in=True)
    body = {"error": say("account.fault.out"), "hint": "", "sign_in": True}
    return JSONResponse(body, 401, NO_STORE)


def _page_of(path: str) -> str:
    """Return the page on which the form of an address stands; the chat for what is none of our own pages' forms."""
    return next((own for own in OWN_PAGES if path.startswith(f"{own}/")), "/")


def own_name(name: str, scope: Scope) -> str:
    """Return what a cookie is called: over TLS so that browsers take it from this very host alone (RFC 6265bis, 4.1.3)."""
    return f"__Host-{name}" if scope.get("scheme") == "https" else name


def known_cookie(request: Request, person: Person) -> str:
    """Return the Set-Cookie header that says from now on that this person has signed in in this browser."""
    value = sign(request.state.secret, f"{KNOWN_AS}{person.id}")
    return cookie(own_name(KNOWN, request.scope), value, COOKIE_SECONDS, request.scope)


def cookie(name: str, value: str, seconds: int, scope: Scope) -> str:
    """Return a Set-Cookie header: for this site only, not for scripts, and over TLS only where the page came by it."""
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    return f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
