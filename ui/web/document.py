"""A page as the browser gets it: Gradio's document with our head in it, and the policy that lets only its scripts run.

Gradio would put our head in by script, after the first paint; here it stands in the document, so that our guards are
up before Gradio's code runs. The policy names each inline script by its hash. Knows nothing of what a page shows.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.datastructures import Headers, MutableHeaders

from ui.web.assets import head
from ui.web.layout import first
from ui.web.security import PAGES, policy

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_HEAD = re.compile(rb"<head>", re.IGNORECASE)
_BODY = re.compile(rb"<body\b[^>]*>", re.IGNORECASE)
_NAMES = {"admin": "manuals", "check": "check"}  # by address


class PageDocument:
    """ASGI middleware: completes each page's HTML and states which scripts may run in it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection; all but the pages pass untouched."""
        if scope["type"] != "http" or scope["path"] not in PAGES:
            return await self.app(scope, receive, send)
        start: Message = {}
        body = b""

        async def collected(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return None
            body += message.get("body", b"")
            if message.get("more_body"):
                return None
            done = (
                complete(body, _NAMES.get(scope["path"].strip("/"), "chat"), reader_in(scope))
                if _is_page(start)
                else body
            )
            headers = MutableHeaders(raw=start["headers"])
            if _is_page(start):
                headers["content-security-policy"] = policy(script_hashes(done))
                headers["content-length"] = str(len(done) if scope["method"] != "HEAD" else 0)
            await send(start)
            return await send({"type": "http.response.body", "body": done})

        return await self.app(scope, receive, collected)


def _is_page(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return start["status"] == 200 and headers.get("content-type", "").startswith("text/html")


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a page is for: their name, "" for whoever sits at this machine, and what they may do."""

    name: str = ""
    rights: frozenset[str] = frozenset()


def reader_in(scope: Scope) -> Reader:
    """Return whom a page is for."""
    caller = scope["state"]["caller"]
    return Reader(caller.person.name if caller.person else "", caller.shown)


def complete(html: bytes, page: str, reader: Reader) -> bytes:
    """Return a page's HTML with our head at the beginning of its own, and what shows until it has been built."""
    told = Markup('<meta name="tandem-reader" content="{}" data-rights="{}">').format(
        reader.name, " ".join(sorted(reader.rights))
    )
    start = (head() + str(told)).encode()
    html = _HEAD.sub(lambda found: found.group() + start, html, count=1)
    shown = str(first(page, reader.rights)).encode()
    return _BODY.sub(lambda found: found.group() + shown, html, count=1)


def script_hashes(html: bytes) -> tuple[str, ...]:
    """Return the sources for a policy, "'sha256-…'", of each inline script in the order of a page.

    The browser hashes a script after it has made all line ends "\\n", and so does this.
    """
    scripts = (
        found.replace(b"\r\n", b"\n").replace(b"\r", b"\n") for found in _INLINE.findall(html)
    )
    digests = (base64.b64encode(hashlib.sha256(script).digest()).decode() for script in scripts)
    return tuple(f"'sha256-{digest}'" for digest in digests)
