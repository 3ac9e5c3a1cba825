"""The frames of the two pages as HTML: bar, rail, thread, question box, panel; figures, drop zone, list.

Pure; holds nothing from a manual except what is handed in, and that is escaped. Knows nothing of Gradio.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from knowledge.types import Counts
from ui.text.english import count, say
from ui.web.html import icon, icon_button, join, text_button

MAX_QUESTION = 2000  # characters
MODES = ("auto", "documents", "adapter", "both", "compare")
ALWAYS = ("auto", "documents")  # modes that run without an adapter


def chat() -> Markup:
    """Return the frame of the chat page; scripts fill the rail, the thread and the panel."""
    return Markup(
        '<div id="t-app">{bar}<div class="t-body">{rail}<main class="t-main" id="t-main">'
        '<div class="t-thread" id="t-thread" tabindex="-1"><div class="t-turns" id="t-turns"></div></div>{box}</main>'
        '<aside class="t-panel" id="t-panel" aria-label="{panel}" hidden>'
        '<button type="button" class="t-grip" data-do="sheet" aria-label="{sheet}"></button>'
        '<div class="t-panel-inside" id="t-panel-inside"></div></aside></div>{after}</div>'
    ).format(
        bar=bar("chat"),
        rail=_rail(),
        box=_question_box(),
        panel=say("panel.title"),
        sheet=say("panel.sheet"),
        after=after(),
    )


def bar(page: str) -> Markup:
    """Return the top bar of a page ("chat" or "manuals")."""
    middle = join((_modes(), _product_filter())) if page == "chat" else Markup("")
    menu = icon_button("menu", say("bar.rail"), "rail") if page == "chat" else Markup("")
    return Markup(
        '<header class="t-bar" data-page="{page}">{menu}'
        "{brand}{middle}"
        '{status}<nav aria-label="{name}">{links}</nav>{tools}</header>'
    ).format(
        page=page,
        menu=menu,
        brand=_brand(),
        name=say("app.name"),
        middle=middle,
        status=_status() if page == "chat" else Markup('<div class="t-status"></div>'),
        links=_links(page),
        tools=_tools(page),
    )


def first(page: str) -> Markup:
    """Return what a page ("chat", "check" or "manuals") shows until it has been built: the bar, with its links."""
    return Markup(
        '<div id="t-first"><header class="t-bar" data-page="{page}">{menu}{brand}'
        '<div class="t-status"></div><nav aria-label="{name}">{links}</nav>{tools}</header></div>'
    ).format(
        page=page,
        menu=icon_button("menu", say("bar.rail"), "rail") if page == "chat" else "",
        brand=_brand(),
        name=say("app.name"),
        links=_links(page),
        tools=_tools(page),
    )


def _tools(page: str) -> Markup:
    keys = icon_button("keys", say("bar.keys"), "keys") if page == "chat" else Markup("")
    return icon_button("theme", say("bar.theme"), "theme") + keys


def _brand() -> Markup:
    return Markup(
        '<a class="t-brand" href="/" aria-label="{name}">{logo}<span>{name}</span></a>'
    ).format(name=say("app.name"), logo=logo())


def _links(page: str) -> Markup:
    return join(
        Markup('<a href="{}"{}>{}</a>').format(
            href, Markup(' aria-current="page"') if name == page else "", say(f"app.{name}")
        )
        for name, href in (("chat", "/"), ("check", "/check/"), ("manuals", "/admin/"))
    )


def _status() -> Markup:
    """Return the place of the status line; a click tells it in full, which a phone has no room for."""
    return Markup(
        '<button type="button" class="t-status" id="t-status" data-do="status" title="{0}" aria-label="{0}"></button>'
    ).format(say("js.status.title"))


def logo() -> Markup:
    """Return Tandem's sign: two wheels that turn together."""
    return Markup(
        '<svg class="t-logo" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<rect width="24" height="24" rx="7"/><circle cx="9" cy="12" r="4.2"/><circle cx="15" cy="12" r="4.2"/></svg>'
    )


def _modes() -> Markup:
    return Markup('<div class="t-modes" role="radiogroup" aria-label="{}">{}</div>').format(
        say("bar.mode"), join(_mode(mode) for mode in MODES)
    )


def _mode(mode: str) -> Markup:
    live, chosen = mode in ALWAYS, mode == MODES[0]
    return Markup(
        '<button type="button" role="radio" data-do="mode" data-mode="{}" aria-checked="{}" tabindex="{}"{} title="{}">'
        "{}</button>"
    ).format(
        mode,
        "true" if chosen else "false",
        0 if chosen else -1,
        "" if live else Markup(' aria-disabled="true"'),
        say(f"mode.{mode}.why"),
        say(f"mode.{mode}"),
    )


def _product_filter() -> Markup:
    return Markup(
        '<label class="t-product"><span class="t-hidden">{}</span><select id="t-product">'
        '<option value="">{}</option></select></label>'
    ).format(say("bar.product"), say("bar.product.all"))


def _rail() -> Markup:
    return Markup(
        '<nav class="t-rail" id="t-rail" aria-label="{title}" hidden><div class="t-rail-head">'
        '<button type="button" class="t-button wide" data-do="new">{plus}{new}</button>'
        '<label class="t-search">{glass}<span class="t-hidden">{search}</span>'
        '<input type="search" id="t-rail-search" placeholder="{search}" autocomplete="off" maxlength="200"></label></div>'
        '<div class="t-rail-list" id="t-rail-list"></div></nav>'
    ).format(
        title=say("rail.title"),
        plus=icon("plus"),
        new=say("rail.new"),
        glass=icon("search"),
        search=say("rail.search"),
    )


def _question_box() -> Markup:
    return Markup(
        '<form class="t-ask" id="t-ask"><div class="t-ask-box"><label class="t-hidden" for="t-question">{label}</label>'
        '<textarea id="t-question" rows="1" maxlength="{limit}" placeholder="{placeholder}" autocomplete="off"></textarea>'
        '<button type="submit" class="t-send" title="{send}" aria-label="{send}">{arrow}</button>'
        '<button type="button" class="t-send stop" data-do="stop" title="{stop}" aria-label="{stop}" hidden>{square}'
        '</button></div><p class="t-hint">{hint}</p></form>'
    ).format(
        label=say("ask.label"),
        limit=MAX_QUESTION,
        placeholder=say("ask.placeholder"),
        send=say("ask.send"),
        arrow=icon("send"),
        stop=say("ask.stop"),
        square=icon("stop"),
        hint=say("ask.hint"),
    )


def after() -> Markup:
    """Return what stands behind a page: the spoken line, short messages, and the place for dialogs."""
    return Markup(
        '<div class="t-hidden" id="t-spoken" role="status" aria-live="polite"></div>'
        '<div class="t-toasts" id="t-toasts"></div><dialog class="t-dialog" id="t-dialog"></dialog>'
    )


def start(counts: Counts, suggestions: Sequence[str], note: str = "") -> Markup:
    """Return what an empty conversation shows: questions to start with, or how to get the first manual.

    ``note`` is a sentence that should be known before the first question.
    """
    if counts.manuals:
        asks = join(
            Markup(
                '<li><button type="button" data-do="ask" data-question="{0}" data-product="">{1}{0}</button></li>'
            ).format(text, icon("ask"))
            for text in suggestions
        )
        return Markup('<div class="t-start"><h1>{}</h1><p>{}</p>{}{}</div>').format(
            say("start.title"),
            say("start.lead"),
            Markup('<p class="t-note">{}{}</p>').format(icon("alert"), note) if note else "",
            Markup('<ul class="t-suggestions">{}</ul>').format(asks) if asks else "",
        )
    if counts.waiting:
        line = Markup('<p class="t-state busy" data-watch>{}</p>').format(
            say("start.reading", files=count("files", counts.waiting))
        )
    else:
        line = Markup(
            '<div class="t-choices"><a class="t-button main" href="/admin/">{}</a>{}</div>'
        ).format(say("start.empty.add"), text_button(say("start.empty.samples"), "samples"))
    return Markup('<div class="t-start">{}<h1>{}</h1><p>{}</p>{}</div>').format(
        Markup('<span class="t-start-mark">{}</span>').format(icon("book")),
        say("start.empty.title"),
        say("start.empty.lead"),
        line,
    )
