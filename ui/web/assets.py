"""What both pages put into their head: the style, the scripts with their texts, and the theme. No work at import."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ui.text.english import for_browser

if TYPE_CHECKING:
    from types import ModuleType

    from gradio.themes import Base

UI = Path(__file__).parents[1]
STYLES = (
    "web/static/style.css", "chat/static/chat.css", "reply_check/check.css", "manuals/manuals.css", "accounts/accounts.css",
    "approved/approved.css", "trials/trials.css",
    "web/static/print.css",
)  # fmt: skip
SCRIPTS = (
    "web/static/safe.js", "web/static/common.js", "chat/static/chat.js", "chat/static/conversations.js",
    "chat/static/shortcuts.js", "sources/panel.js", "reply_check/check.js", "manuals/uploads.js", "manuals/manuals.js",
    "accounts/accounts.js", "approved/approved.js", "trials/trials.js",
    "web/static/print.js",
)  # fmt: skip
# A tile with two wheels, as the sign in the bar; inline, so that no request is needed.
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Crect width='24' height='24' "
    "rx='7' fill='%232456d6'/%3E%3Cg fill='none' stroke='white' stroke-width='2'%3E%3Ccircle cx='9' cy='12' r='4.2'/%3E"
    "%3Ccircle cx='15' cy='12' r='4.2'/%3E%3C/g%3E%3C/svg%3E"
)

# The ground of both themes, before the style has been fetched: no white flash in the dark.
_GROUND = (
    "html{background:#f6f7fa}@media(prefers-color-scheme:dark){html{background:#0e121b}}"
    "html[data-theme=light]{background:#f6f7fa}html[data-theme=dark]{background:#0e121b}"
)


def head() -> str:
    """Return the HTML for the head of a page. Only our own words stand in it, never a manual's."""
    return (
        f'<meta name="color-scheme" content="light dark"><style>{_GROUND}</style><link rel="icon" href="{_ICON}">'
        f'<link rel="stylesheet" href="{address("tandem.css")}"><script src="{address("tandem.js")}"></script>'
    )


@cache
def asset(name: str) -> str:
    """Return the pages' common script ("tandem.js", with its texts) or style ("tandem.css"). Raises KeyError."""
    if name == "tandem.js":
        texts = json.dumps(for_browser(), ensure_ascii=True)
        return f"window.tandem = {{ texts: {texts} }};\n" + "\n".join(
            _read(script) for script in SCRIPTS
        )
    return "\n".join(_read(style) for style in {"tandem.css": STYLES}[name])


def address(name: str) -> str:
    """Return where a browser fetches an asset; it changes with the content, so that it can be kept for ever."""
    return f"/tandem/{hashlib.sha256(asset(name).encode()).hexdigest()[:16]}/{name}"


def _read(name: str) -> str:
    return (UI / name).read_text(encoding="utf-8")


def theme(gradio: ModuleType) -> Base:
    """Return Gradio's theme: the bundled IBM Plex Sans, so that no font is fetched from elsewhere.

    Its semi-bold file (6.31) lacks most letters, so the bold one stands in.
    """
    fonts = [
        gradio.themes.LocalFont("IBM Plex Sans", (400, 700)),
        "ui-sans-serif",
        "system-ui",
        "sans-serif",
    ]
    mono = [gradio.themes.LocalFont("IBM Plex Mono", (400,)), "ui-monospace", "monospace"]
    return gradio.themes.Base(primary_hue="blue", neutral_hue="slate", font=fonts, font_mono=mono)
