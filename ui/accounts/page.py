"""One of our own pages, without Gradio: signing in, the account, people."""

from __future__ import annotations

from collections.abc import Collection

from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from ui.text.english import say
from ui.web.assets import head
from ui.web.templates import render

NO_STORE = {"cache-control": "no-store"}


def page(template: str, rights: Collection[str], status: int = 200, **values: object) -> Response:
    """Return a page with the links that its reader may open; what every page needs is filled in."""
    given = {"told": "", "fault": "", "page": "", **values}
    html = render(template, head=Markup(head()), rights=rights, **given)
    return HTMLResponse(str(html), status, NO_STORE)


def told(
    title: str, lead: str, rights: Collection[str], status: int, *, sign_in: bool = False
) -> Response:
    """Return a page that only says something, with a way back; for whoever is signed out, with one to sign in."""
    href, label = ("/sign-in", say("signin.title")) if sign_in else ("/", say("account.back"))
    values = {"title": title, "lead": lead, "href": href, "label": label}
    return page("accounts/told.html", rights, status, **values)
