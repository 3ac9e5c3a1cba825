"""Small pieces of HTML that every page uses. All text from outside is escaped here, by markupsafe: a template is
``Markup`` and whatever is formatted into it is not. Knows nothing of Gradio.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from markupsafe import Markup, escape

from ui.text.english import say

# 24 x 24 strokes, drawn for this project.
_PATHS = {
    "menu": "M4 6h16M4 12h16M4 18h10",
    "plus": "M12 5v14M5 12h14",
    "close": "M6 6l12 12M18 6L6 18",
    "search": "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.2 16.2L21 21",
    "send": "M12 19V5M5.5 11.5L12 5l6.5 6.5",
    "stop": "M7 7h10v10H7z",
    "edit": "M4 20h4L19 9l-4-4L4 16zM13.5 6.5l4 4",
    "bin": "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
    "copy": "M9 9h11v11H9zM5 15H4V4h11v1",
    "print": "M7 8V4h10v4M7 16H4V8h16v8h-3M7 13h10v7H7z",
    "quote": "M5 5h14M5 10h14M5 15h7M16 14v6M13 17h6",
    "good": "M7 11v9H4v-9zM7 11l4-7c1.6 0 2.4 1 2.2 2.5L12.7 10H19a1.6 1.6 0 0 1 1.5 2l-1.6 6.5A2 2 0 0 1 17 20H7",
    "bad": "M17 13V4h3v9zM17 13l-4 7c-1.6 0-2.4-1-2.2-2.5l.5-3.5H5a1.6 1.6 0 0 1-1.5-2l1.6-6.5A2 2 0 0 1 7 4h10",
    "book": "M4 5.5C6.5 4 9.5 4 12 5.5 14.5 4 17.5 4 20 5.5V19c-2.5-1.5-5.5-1.5-8 0-2.5-1.5-5.5-1.5-8 0zM12 5.5V19",
    "alert": "M12 4l9 16H3zM12 10v4M12 17v.5",
    "question": "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM9.7 9.5a2.4 2.4 0 1 1 3.4 2.2c-.8.4-1.1.9-1.1 1.8M12 16.5v.3",
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "left": "M14.5 6L8.5 12l6 6",
    "right": "M9.5 6l6 6-6 6",
    "down": "M6 9.5l6 6 6-6",
    "zoom": "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.2 16.2L21 21M11 8v6M8 11h6",
    "out": "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
    "theme": "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
    "keys": "M3 7h18v11H3zM7 11h.5M11 11h.5M15 11h.5M8 15h8",
    "upload": "M12 16V5M7 9.5L12 4.5l5 5M4 16v4h16v-4",
    "flag": "M6 21V4h11l-2 4 2 4H6",
    "back": "M9 7L4 12l5 5M4 12h11a5 5 0 0 1 0 10",
    "clock": "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.5l3 2",
    "link": "M10 14a4 4 0 0 0 5.7 0l3.3-3.3a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0L5 13.3A4 4 0 0 0 10.7 19l1.3-1.3",
    "person": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20a7.5 7.5 0 0 1 15 0",
    "ask": "M4 5h16v11H10l-5 4v-4H4z",
}


def icon(name: str) -> Markup:
    """Return a decorative drawing by its name; it takes the colour and the size of its text."""
    return Markup(
        '<svg class="t-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>'
    ).format(_PATHS[name])


def join(pieces: Iterable[Markup], between: str = "") -> Markup:
    """Join finished pieces of HTML; ``between`` is text and is escaped."""
    return Markup(escape(between)).join(pieces)


def in_order(name: str) -> list[tuple[int, str]]:
    """Return what names are sorted by, so that "Orion 2" comes before "Orion 10"."""
    return [
        (int(part), "") if part.isdecimal() else (0, part)
        for part in re.split(r"(\d+)", name.casefold())
    ]


def beginning(text: str, most: int) -> str:
    """Return a text on one line, cut after a word where it has more than ``most`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0]} …"


def when(moment: str) -> Markup:
    """Return a time element for a UTC moment in ISO 8601; the browser rewrites it in the reader's zone."""
    return Markup('<time datetime="{}">{}</time>').format(moment, day_and_time(moment))


def day_and_time(moment: str) -> str:
    """Return "12 Nov 2026, 14:05" for a moment in ISO 8601, in UTC; text that is no moment comes back as it is."""
    try:
        parsed = parse_time(moment)
    except ValueError:
        return moment
    return f"{parsed.day} {parsed:%b %Y, %H:%M}"


def day(moment: str) -> str:
    """Return "12 Nov 2026" for a moment in ISO 8601, in UTC."""
    return day_and_time(moment).partition(",")[0]


def parse_time(moment: str) -> datetime:
    """Parse a moment in ISO 8601, taken as UTC when it names no zone. Raises ValueError."""
    parsed = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def icon_button(name: str, label: str, action: str, **data: object) -> Markup:
    """Return a button that shows only an icon; ``action`` is what the scripts listen for, ``data`` its values."""
    return Markup(
        '<button type="button" class="t-tool" title="{}" aria-label="{}" data-do="{}"{}>{}</button>'
    ).format(label, label, action, attributes(**data), icon(name))


def tool_button(
    icon_name: str,
    words: str,
    action: str,
    label: str = "",
    *,
    pressed: bool | None = None,
    **data: object,
) -> Markup:
    """Return a quiet button with an icon and words; ``label`` is its whole name, where the words alone are too short.

    ``pressed`` makes it one that stays in: True or False, None for a plain one.
    """
    named = Markup(' title="{}" aria-label="{}"').format(label, label) if label else Markup("")
    if pressed is not None:
        named += Markup(' aria-pressed="{}"').format("true" if pressed else "false")
    return Markup(
        '<button type="button" class="t-tool worded"{} data-do="{}"{}>{}{}</button>'
    ).format(named, action, attributes(**data), icon(icon_name), words)


def text_button(label: str, action: str, kind: str = "", **data: object) -> Markup:
    """Return a button with words; ``kind`` is "" or "main" or "danger"."""
    return Markup('<button type="button" class="t-button {}" data-do="{}"{}>{}</button>').format(
        kind, action, attributes(**data), label
    )


def attributes(**data: object) -> Markup:
    """Return data attributes: ``attributes(answer="a1")`` is ' data-answer="a1"'. Markup is a value as any other here."""
    return join(
        Markup(' data-{}="{}"').format(name.replace("_", "-"), str(value))
        for name, value in data.items()
    )


def where(section: tuple[str, ...], label: str) -> str:
    """Return the place of a passage in words: "Care › Cleaning, page 3"; either part may be missing."""
    path = " › ".join(section)
    page = say("where.page", page=label) if label else ""
    return ", ".join(part for part in (path, page) if part)


def marked(text: str, spans: Iterable[tuple[int, int]], name: str) -> Markup:
    """Return a text with these stretches of it marked, with ``name`` as the class; a stretch that lies outside is not."""
    parts, at = [Markup("")], 0
    for start, end in sorted(spans):
        if at <= start < end <= len(text):
            parts += [
                escape(text[at:start]),
                Markup('<mark class="{}">{}</mark>').format(name, text[start:end]),
            ]
            at = end
    return join([*parts, escape(text[at:])])
