"""The list of conversations as HTML, by day. Pure; knows nothing of Gradio or the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from itertools import groupby

from markupsafe import Markup

from chatbot.conversations.types import Conversation
from ui.text.english import say
from ui.web.html import attributes, icon, icon_button, join, parse_time


def rail(
    conversations: Sequence[Conversation],
    searched: str,
    now: datetime,
    zone: int = 0,
    *,
    colleagues: bool = False,
) -> Markup:
    """Return the conversations, newest day first.

    ``now`` is an aware moment; ``zone`` is the reader's offset from UTC in minutes, which decides what "today" is.
    ``colleagues``: there are some, to whom a conversation may be given.
    """
    if not conversations:
        return Markup('<p class="t-dim t-rail-empty">{}</p>').format(
            say("rail.none" if searched else "rail.empty")
        )
    here = timezone(timedelta(minutes=zone))
    today = now.astimezone(here).date()
    days = groupby(conversations, key=lambda c: parse_time(c.changed).astimezone(here).date())
    return join(
        Markup("<section><h3>{}</h3><ul>{}</ul></section>").format(
            _day(day, today), join(_row(c, colleagues) for c in group)
        )
        for day, group in days
    )


def _day(day: date, today: date) -> str:
    if day == today:
        return say("rail.today")
    if day == today - timedelta(days=1):
        return say("rail.yesterday")
    return f"{day.day} {day:%b %Y}"


def _row(conversation: Conversation, colleagues: bool) -> Markup:
    title, key = conversation.title, conversation.id
    return Markup(
        '<li data-conversation="{}"><a href="/?c={}" data-do="open" data-id="{}" dir="auto">{}</a>{}{}{}</li>'
    ).format(
        key,
        key,
        key,
        title,
        _share(conversation) if colleagues else "",
        icon_button("edit", say("rail.rename", title=title), "rename", id=key, title=title),
        icon_button("bin", say("rail.delete", title=title), "delete", id=key, title=title),
    )


def _share(conversation: Conversation) -> Markup:
    """Return the button that gives a conversation to colleagues; it stays in while they may read it."""
    label = say("rail.share", title=conversation.title)
    return Markup(
        '<button type="button" class="t-tool" title="{}" aria-label="{}" data-do="share"{} aria-pressed="{}">{}</button>'
    ).format(
        label,
        label,
        attributes(id=conversation.id),
        "true" if conversation.shared else "false",
        icon("link"),
    )
