"""Signing in through a team's identity provider: OpenID Connect's code flow with PKCE, done by Authlib.

The provider says who somebody is; what they may do here, an admin says. Knows nothing of passwords.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.middleware.sessions import SessionMiddleware

from chatbot.accounts.errors import AccountError, NameTaken, NoAdminYet, NotAdded
from chatbot.settings import names_in
from ui.accounts.page import NO_STORE
from ui.accounts.routes import Reason, begin, failed, inside

if TYPE_CHECKING:
    from chatbot.assistant import Assistant
    from chatbot.settings import Settings

log = logging.getLogger(__name__)
REASONS: dict[type[AccountError], Reason] = {
    NameTaken: "taken",
    NoAdminYet: "first",
    NotAdded: "added",
}
COOKIE, SECONDS = "tandem_provider", 600  # what the browser keeps between leaving and coming back


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a provider vouches for. ``verified``: the name is an e-mail address that it knows to be theirs."""

    issuer: str
    subject: str
    name: str
    verified: bool


def identity_in(claims: Mapping[str, Any]) -> Identity:
    """Return whom an ID token speaks of (OpenID Connect Core 1.0, 5.1)."""
    verified = claims.get("email_verified") is True and bool(claims.get("email"))
    names = (claims.get("preferred_username"), claims.get("name"), claims["sub"])
    name = claims["email"] if verified else next(name for name in names if name)
    return Identity(str(claims["iss"]), str(claims["sub"]), str(name), verified)


def may_be_new(who: Identity, domains: Collection[str]) -> bool:
    """Say whether somebody may come in whom nobody has added: by the domain of a verified address, where that is set."""
    return not domains or (who.verified and who.name.rpartition("@")[2].lower() in domains)


def add_provider(app: FastAPI, assistant: Assistant, secret: bytes) -> None:
    """Let people in through the provider that the settings name; without one nothing is added."""
    if not assistant.settings.oidc_issuer:
        return
    app.include_router(provider_routes(assistant))
    app.add_middleware(
        SessionMiddleware, secret_key=secret.hex(), session_cookie=COOKIE, max_age=SECONDS
    )


def provider_routes(assistant: Assistant) -> APIRouter:
    """Return the two routes: out to the provider, and back with its word."""
    from authlib.integrations.starlette_client import OAuthError

    routes = APIRouter()
    client = _client(assistant.settings)
    domains = names_in(assistant.settings.oidc_domains.lower())

    @routes.get("/sign-in/provider")
    async def leave(request: Request, next: str = "/") -> Response:  # noqa: A002
        back = f"{request.url.scheme}://{request.headers['host']}/sign-in/provider/back"
        request.session["next"] = inside(next)
        try:
            gone: Response = await client.authorize_redirect(request, back)
        except Exception as error:  # Authlib's, joserfc's and the client's have no base in common
            return _told(error, "down")
        return gone

    @routes.get("/sign-in/provider/back")
    async def back(request: Request) -> Response:
        goal = inside(str(request.session.get("next", "/")))
        try:
            token = await client.authorize_access_token(request)
            who = identity_in(token["userinfo"])
        except OAuthError as error:
            return _told(error, "refused")
        except Exception as error:  # as above
            return _told(error, "down")
        try:
            person = await run_in_threadpool(
                assistant.accounts.by_identity,
                who.issuer, who.subject, who.name, verified=who.verified, new=may_be_new(who, domains),
            )  # fmt: skip
        except AccountError as error:
            return _told(error, REASONS.get(type(error), "name"))
        return await run_in_threadpool(begin, assistant, request, person, goal)

    return routes


def _client(settings: Settings) -> Any:
    from authlib.integrations.starlette_client import OAuth

    address = f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration"
    return OAuth().register(
        "team",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        server_metadata_url=address,
        client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
    )


def _told(error: Exception, reason: Reason) -> Response:
    log.warning("signing in through the provider failed: %s", error)
    return RedirectResponse(failed(reason), 303, NO_STORE)
