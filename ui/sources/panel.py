"""The source panel as HTML: where a quote stands, the quote, and its page with the words marked, or its section.

Pure: it is given everything it shows. Knows nothing of routes' work, databases or Gradio.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup

from knowledge.text import SOFT_HYPHEN, readable
from knowledge.types import Box, SectionText
from ui.text.english import say
from ui.web.html import attributes, day_and_time, icon, icon_button, join, text_button, where

_LINE_END = re.compile(r"[ \t]+\n")
_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class PageView:
    """One page as the panel shows it: its size in points, its boxes in fractions, and where its image is fetched.

    ``goes_on``: the quote ends on the next page.
    """

    number: int
    label: str
    pages: int
    width: float
    height: float
    image: str
    boxes: tuple[Box, ...] = ()
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """What became of the cited version, in a sentence ("" for nothing), and the address that shows it.

    ``same``: the very words stand in the version that is searched now, and the address is where. ``look`` is then the
    key of the text on its button.
    """

    text: str = ""
    url: str = ""
    same: bool = False
    look: str = "panel.moved.show"


@dataclass(frozen=True, slots=True)
class SourceView:
    """What the panel shows of one source. ``n`` is 0 for a passage without a number.

    ``cited_page`` is the page of the quote, ``page`` the one that is shown, ``section`` the text for formats without
    pages; ``start`` and ``end`` say where the quote stands in it. ``gone``: neither is stored any more.
    """

    n: int
    manual: str
    version: int
    added: str
    path: tuple[str, ...]
    label: str
    quote: str
    url: str
    cited_page: int
    page: PageView | None = None
    section: SectionText | None = None
    start: int = 0
    end: int = 0
    history: History = History()
    gone: bool = False


def panel(view: SourceView) -> Markup:
    """Return the inside of the panel for one source."""
    quote = readable(view.quote)
    copied = f"“{quote}” ({', '.join(part for part in (view.manual, where(view.path, view.label)) if part)})"
    return Markup(
        '<header class="t-panel-head">{number}<div><h2 id="panel-title" tabindex="-1">{manual}</h2>'
        '<p>{place}</p><p class="t-dim">{version}</p></div>{close}</header>'
        '<div class="t-panel-body">{notes}<figure class="t-quote"><blockquote dir="auto">{quote}</blockquote>{copy}</figure>'
        "{shown}</div>"
    ).format(
        number=Markup('<span class="t-n" aria-hidden="true">{}</span>').format(view.n)
        if view.n
        else "",
        manual=view.manual,
        place=where(view.path, view.label),
        version=say("panel.version", version=view.version, added=day_and_time(view.added)),
        close=icon_button("close", say("panel.close"), "close"),
        notes=join((_told(view.history), _notice(say("panel.gone")) if view.gone else Markup(""))),
        quote=quote,
        copy=icon_button("copy", say("panel.copy"), "copy", text=copied, count=-2),
        shown=_page(view, view.page) if view.page else _section(view),
    )


def _told(history: History) -> Markup:
    """Return what became of the version: quiet where the words are the same, a notice where they are not."""
    if not history.text:
        return Markup("")
    if history.same:
        look = text_button(say(history.look), "turn", "small", url=history.url)
        return Markup('<p class="t-same">{}<span>{}</span>{}</p>').format(
            icon("check"), history.text, look
        )
    look = (
        text_button(say("panel.changed.show"), "turn", "small", url=history.url)
        if history.url
        else Markup("")
    )
    return _notice(history.text, look)


def _notice(text: str, look: Markup = Markup("")) -> Markup:
    return Markup('<p class="t-notice">{}<span>{}</span>{}</p>').format(icon("alert"), text, look)


def _page(view: SourceView, page: PageView) -> Markup:
    label = page.label or str(page.number)
    marks = join(_mark(box) for box in page.boxes)
    missing = view.cited_page == page.number and not page.boxes
    unmarked = Markup('<p class="t-dim">{}</p>').format(say("panel.unmarked")) if missing else ""
    return Markup(
        '{bar}{unmarked}{goes_on}<div class="t-page" tabindex="0"{data}>'
        '<div class="t-sheet" style="aspect-ratio:{width:.0f}/{height:.0f}">'
        '<img src="{image}" alt="{alt}" width="{width:.0f}" height="{height:.0f}" decoding="async">{marks}</div></div>'
    ).format(
        bar=_page_bar(view, page),
        unmarked=unmarked,
        goes_on=_goes_on(view, page) if page.goes_on else "",
        width=page.width,
        height=page.height,
        data=attributes(page=page.number, large=f"{page.image}&width=1800"),
        image=page.image,
        alt=say("panel.image", page=label, manual=view.manual),
        marks=marks,
    )


def _goes_on(view: SourceView, page: PageView) -> Markup:
    """Return the line that says where the quote ends, with a button that turns there."""
    look = text_button(
        say("panel.goes_on.show"), "turn", "small", url=_turned(view, page.number + 1)
    )
    return Markup('<p class="t-same"><span>{}</span>{}</p>').format(say("panel.goes_on"), look)


def _turned(view: SourceView, number: int) -> str:
    return f"{view.url}{'&' if '?' in view.url else '?'}page={number}"


def _page_bar(view: SourceView, page: PageView) -> Markup:
    turns = []
    for name, text, number in (
        ("left", "panel.previous", page.number - 1),
        ("right", "panel.next", page.number + 1),
    ):
        if 1 <= number <= page.pages:
            turns.append(icon_button(name, say(text), "turn", url=_turned(view, number)))
    if page.number != view.cited_page:
        turns.append(icon_button("back", say("panel.back"), "turn", url=view.url))
    whole = Markup(
        '<a class="t-tool" href="{}&amp;width=1800" target="_blank" rel="noopener" title="{}" aria-label="{}">{}</a>'
    ).format(page.image, say("panel.whole"), say("panel.whole"), icon("out"))
    return Markup('<div class="t-page-bar"><span>{}</span>{}{}{}</div>').format(
        _page_name(page),
        join(turns),
        icon_button("zoom", say("panel.zoom"), "zoom"),
        whole,
    )


def _page_name(page: PageView) -> str:
    """Return "Page 8, 14 of 61" when the printed label is not the number, else "Page 14 of 61"."""
    if page.label in ("", str(page.number)):
        return say("panel.page", page=page.number, pages=page.pages)
    return say("panel.page.label", label=page.label, page=page.number, pages=page.pages)


def _mark(box: Box) -> Markup:
    """Return the box of some words as a share of the page image, in per cent."""
    return Markup(
        '<i class="t-mark" style="left:{:.3f}%;top:{:.3f}%;width:{:.3f}%;height:{:.3f}%"></i>'
    ).format(
        box.left * 100, box.top * 100, (box.right - box.left) * 100, (box.bottom - box.top) * 100
    )


def _section(view: SourceView) -> Markup:
    section = view.section
    if section is None:
        return Markup("")
    start, end = (
        min(max(at - section.start, 0), len(section.text)) for at in (view.start, view.end)
    )
    before = section.text[:start]
    title = section.section[-1] if section.section else view.manual
    first, _, rest = before.partition("\n")
    if readable(first) == title:  # most sections begin with their own heading
        before = rest.lstrip("\n")
    return Markup(
        '<section class="t-section" tabindex="0" aria-label="{}"><h3 dir="auto">{}</h3><div dir="auto">{}<mark>{}</mark>{}</div></section>'
    ).format(
        say("panel.section"),
        title,
        _lines(before),
        _lines(section.text[start:end]),
        _lines(section.text[end:]),
    )


def _lines(text: str) -> str:
    """Return section text without invisible hyphens, blanks at line ends and runs of empty lines."""
    return _EMPTY_LINES.sub("\n\n", _LINE_END.sub("\n", text.replace(SOFT_HYPHEN, "")))
