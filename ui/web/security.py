"""The guard in front of every page: who may call, how much they may send, and what a browser may do with the answer.

Pure ASGI, because a wrapping middleware would buffer the stream of an answer. Knows nothing of manuals or Gradio's
components; it only knows which of Gradio's own routes this product needs.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
import logging
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

from chatbot.settings import is_loopback

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

COOKIE = "tandem"
COOKIE_SECONDS = 400 * 24 * 3600  # the longest life Chromium grants a cookie
MAX_BODY = 256 * 1024  # bytes; a question and a form are far below, an upload has its own bound
UPLOAD = "/manuals/upload"
PAGES = frozenset({"/", "/admin", "/admin/", "/check", "/check/"})
_HOST = re.compile(r"(?:\[(?P<inner>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9.-]+))(?::\d{1,5})?")
READS = frozenset({"GET", "HEAD"})
WRONG_HOST = (
    "This server does not answer under this name. On its own machine it is http://127.0.0.1; other names are set"
    " with TANDEM_HOSTS."
)


def policy(scripts: Sequence[str] = ()) -> str:
    """Return the content security policy; ``scripts`` are the hashes of a page's inline scripts.

    Gradio compiles templates in the browser, hence 'unsafe-eval', and sets styles of its own, hence 'unsafe-inline' for
    these. Text becomes HTML or script only through the policies of ``safe.js``; the other names are Gradio's libraries',
    which that file puts under the same rules.
    """
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self' 'unsafe-eval'", *scripts)),
            "script-src-attr 'none'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "media-src 'none'",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types tandem default svelte-trusted-html lit-html dompurify",
        )
    )


HEADERS = {
    "content-security-policy": policy(),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
# What the pages need of Gradio: joining and reading a queue, and keeping a session. Its file, upload, proxy,
# stream and monitoring routes take paths or sizes that we do not want to vouch for.
GRADIO = ("queue/join", "queue/data", "heartbeat/", "startup-events", "app_id", "theme.css")
CLOSED = ("/monitoring", "/svelte", "/login", "/logout", "/pwa_icon", "/manifest.json", "/config")


def host_name(header: str) -> str:
    """Return the name in a Host header without its port: "[::1]:80" gives "::1"; "" where it is no host and port."""
    found = _HOST.fullmatch(header)
    return (found.group("inner") or found.group("name")) if found else ""


def load_secret(data: Path) -> bytes:
    """Return the 32 bytes that sign cookies, made on first use and readable only by the owner of the folder."""
    path = data / "cookie.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        secret = path.read_bytes()
        if len(secret) >= 32:
            return secret
        path.unlink()  # a crash between making and writing it; nothing was signed with it
        return load_secret(data)
    with os.fdopen(descriptor, "wb") as file:
        secret = secrets.token_bytes(32)
        file.write(secret)
    return secret


def sign(secret: bytes, owner: str) -> str:
    """Return the cookie value for an owner id: the id, a dot, and HMAC-SHA256 of the id."""
    return f"{owner}.{hmac.new(secret, owner.encode(), hashlib.sha256).hexdigest()}"


def owner_of(secret: bytes, cookie: str) -> str:
    """Return the owner id of a cookie value, or "" when it is missing or was not signed here."""
    owner, _, _ = cookie.partition(".")
    return (
        owner
        if owner and hmac.compare_digest(sign(secret, owner).encode(), cookie.encode())
        else ""
    )


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names under which the pages may be opened, besides this machine's own; ``addresses``: under any IP address.

    A page of somebody else's may give its own name any address (DNS rebinding), but it cannot be named by an address.
    """

    names: frozenset[str] = frozenset()
    addresses: bool = False

    def holds(self, name: str) -> bool:
        """Say whether the pages may be opened under this name."""
        return is_loopback(name) or name.lower() in self.names or (self.addresses and _is_ip(name))


LOCAL_HOSTS = Hosts()


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def refusal(
    method: str, path: str, headers: Headers, hosts: Hosts = LOCAL_HOSTS
) -> tuple[int, str] | None:
    """Return the status and the reason to refuse a request, or None when it may pass."""
    host = headers.get("host", "")
    if not hosts.holds(host_name(host)):
        return 403, WRONG_HOST
    if _closed(path):
        return 404, "There is no such page."
    if method in READS:
        return None
    origin = headers.get("origin")
    if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
        return 403, "Another site may not send this."
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return 403, "Another site may not send this."
    return None if path == UPLOAD else _too_much(headers)


def _closed(path: str) -> bool:
    inner = path.removeprefix("/admin").removeprefix("/check")
    if inner.startswith("/gradio_api/"):
        return not inner.removeprefix("/gradio_api/").startswith(GRADIO)
    return inner.startswith(CLOSED)


def _too_much(headers: Headers) -> tuple[int, str] | None:
    if "transfer-encoding" in headers:
        return 411, "State the length of what you send."
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MAX_BODY:
        return 413, f"At most {MAX_BODY:,} bytes can be sent here."
    return None


class Guard:
    """ASGI middleware: refuses what must not pass, and sets the headers of every answer."""

    def __init__(self, app: ASGIApp, hosts: Hosts = LOCAL_HOSTS) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection. Anything but HTTP and the server's own start and stop is closed."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1008})

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = refusal(scope["method"], scope["path"], Headers(scope=scope), self.hosts)
        if refused:
            return await PlainTextResponse(refused[1], refused[0])(scope, receive, guarded)
        try:
            await self.app(scope, receive, guarded)
        except asyncio.CancelledError:
            # The server stops while a page keeps a stream open; that is no fault
            log.info("%s was cut by the end of the server", scope["path"])
