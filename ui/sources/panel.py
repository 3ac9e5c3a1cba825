"""The source panel as HTML: where a quote stands, the quote, and its page with the words marked, or its section.

Pure: it is given everything it shows. Knows nothing of routes' work, databases or Gradio.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from knowledge.parsing.content.tables import labelled_cells
from knowledge.text import SOFT_HYPHEN, readable
from knowledge.types import Box, SectionText
from ui.sources.cells import cells_of, in_words, same_table, table
from ui.text.english import say
from ui.web.html import attributes, day_and_time, icon, icon_button, join, text_button, where

_LINE_END = re.compile(r"[ \t]+\n")
Span = tuple[int, int]
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
    pages; ``start`` and ``end`` say where the quote stands in it, ``tables`` where its tables do. ``gone``: neither is stored any more.
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
    tables: tuple[tuple[int, int], ...] = ()
    history: History = History()
    gone: bool = False


def panel(view: SourceView) -> Markup:
    """Return the inside of the panel for one source."""
    quote = _quote(view)
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


def _quote(view: SourceView) -> str:
    """Return the quote as it is read, a row of a table as "Weight: 12.5 kg"."""
    quote = readable(view.quote)
    in_table = any(left <= view.start and view.end <= right for left, right in view.tables)
    cells = cells_of(quote) if in_table else labelled_cells(quote)
    return in_words(cells) if cells else quote


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
    title = section.section[-1] if section.section else view.manual
    first, _, rest = section.text.partition("\n")
    at = 0
    if (
        readable(first) == title and len(first) <= start
    ):  # most sections begin with their own heading
        at = len(section.text) - len(rest.lstrip("\n"))
    shown = []
    for left, right in sorted(view.tables):
        shown.append(_passage(section.text, (at, left - section.start), (start, end)))
        at = right - section.start
        shown.append(_rows(section.text, (left - section.start, at), (start, end)))
    shown.append(_passage(section.text, (at, len(section.text)), (start, end)))
    return Markup(
        '<section class="t-section" tabindex="0" aria-label="{}"><h3 dir="auto">{}</h3>{}</section>'
    ).format(say("panel.section"), title, join(shown))


def _passage(text: str, span: Span, quote: Span) -> Markup:
    """Return a stretch of a section's text with as much of the quote as stands in it marked."""
    left, right = span
    start, end = (min(max(at, left), right) for at in quote)
    before, said, after = text[left:start], text[start:end], text[end:right]
    if not "".join((before, said, after)).strip():
        return Markup("")
    told = Markup("<mark>{}</mark>").format(_lines(said)) if said else ""
    return Markup('<div dir="auto">{}{}{}</div>').format(_lines(before), told, _lines(after))


def _rows(text: str, span: Span, quote: Span) -> Markup:
    """Return a table of a section, each run of rows with the same heads as one, with the quoted rows marked."""
    at, lines = span[0], []
    for line in text[span[0] : span[1]].split("\n"):
        quoted = at < quote[1] and quote[0] < at + len(line)
        at += len(line) + 1
        if shown := _lines(line).strip():
            lines.append((cells_of(shown) or [("", shown)], quoted))
    runs = groupby(lines, key=lambda row: same_table(row[0]))
    return join(
        table(
            ([(head, _marked(value) if quoted else value) for head, value in cells], False)
            for cells, quoted in run
        )
        for _, run in runs
    )


def _marked(text: str) -> Markup:
    return Markup("<mark>{}</mark>").format(text)


def _lines(text: str) -> str:
    """Return section text without invisible hyphens, blanks at line ends and runs of empty lines."""
    return _EMPTY_LINES.sub("\n\n", _LINE_END.sub("\n", text.replace(SOFT_HYPHEN, "")))
