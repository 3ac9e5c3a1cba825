"""Put into words, in the source of a web page, what it says by its markup alone, so that it is read where it stands:

the name of a tab before the tab's page, the word of an icon, where a list begins that counts down, a margin that warns. Out
go links from a heading to itself. Looks ahead over the whole page, which the reader of its events cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from knowledge.parsing.content.web.form_fields import fields_in_words
from knowledge.parsing.content.web.letter_looks import looks_in_words

# A margin whose first words say so: "<aside><h3>Warning</h3>"
_WARNING_ASIDE = re.compile(
    r"<aside\b(?=[^>]*>\s*(?:<[^>]{1,200}>\s*){0,4}\W{0,3}(?:warning|caution|danger|hazard|attention|important|notice|warnung|vorsicht"
    r"|gefahr|achtung|avertissement|danger|advertencia|peligro|avvertenza|attenzione|pericolo)\b)",
    re.I,
)
# What a heading's link to itself and a footnote's way back are shown as
_PERMALINK = re.compile(
    r"<a\b[^>]{0,300}\bhref\s*=\s*[\"']?#[^>]{0,300}>\s*(?:¶|&para;|&#182;|§|#|🔗|\u200b|&#8203;|(?:[↩↑]|&#8617;|&#x21a9;|&uarr;)(?:\ufe0e|&#xfe0e;)?)\s*</a>",
    re.I,
)
# A mark that calls a note, as books and generators of documentation write it; what stands in "sup" is raised already
_NOTE_MARK = re.compile(
    r"(?P<raised><sup\b[^>]{0,200}>\s*(?:<[^>]{0,200}>\s*)?)?(?P<link><a\b(?=[^>]{0,300}\b(?:epub:type\s*=\s*[\"']?(?:[^\"'>]*\s)?noteref\b"
    r"|role\s*=\s*[\"']?doc-noteref\b|class\s*=\s*[\"']?(?:[^\"'>]*\s)?(?:footnote-ref|noteref)(?=[\s\"'>])))[^>]{0,400}>)"
    r"(?P<mark>\s*(?:<span\b[^>]{0,200}>\s*)?\d{1,3}\s*(?:</span>\s*)?)</a>",
    re.I,
)
# The same behind a word by the place that it leads to
_NOTE_LINK = re.compile(
    r"(?<=[^\s(>])(<a\b(?=[^>]{0,300}\bhref\s*=\s*[\"']?#_?(?:ftn|edn|fn|foot-?note|end-?note|note|cite_note)(?:[-_:.]?[\w-]{0,60})[\"'\s>])[^>]{0,400}>)"
    r"\s*(\d{1,2}|\*{1,3}|[†‡])\s*</a>",
    re.I,
)
_DRAWING = re.compile(r"<svg\b([^>]{0,1000})>((?:(?!</?svg\b)[\s\S]){1,200000}?)</svg\s*>", re.I)
_DRAWN = re.compile(r"<text\b[^>]{0,1000}>((?:(?!</?text\b)[\s\S]){1,1000}?)</text\s*>", re.I)
_UNSEEN_DRAWING = re.compile(r"display\s*:\s*none|\bhidden\b|aria-hidden\s*=\s*[\"']?true", re.I)
MOST_DRAWN = 40  # texts of a drawing; more are the scales of a curve
# What MadCap Flare shows beside a word
_POPUP = re.compile(
    r"(<span\b[^>]{0,200}\bMCTextPopupBody\b[^>]{0,200}>)\s*([^<]{1,600}?)\s*(?=</span>)"
)
_WORD_TITLE = re.compile(
    r"<p\b[^>]{0,80}\bclass\s*=\s*[\"']?MsoTitle\b[^>]{0,300}>([\s\S]{1,500}?)</p>"
)
_ICON = re.compile(r"<(i|em|span)\b([^>]{1,400})>\s*</\1>|<svg\b([^>]{1,400})>", re.I)
_ICON_NAME = re.compile(
    r"(?:^|[\s_-])(?:icon|icons|fa|fas|far|fab|glyphicon|bi|mdi|emoji)(?:$|[\s_-])", re.I
)
_ON_PAGE = re.compile(
    r"icon$|link|open|new (?:tab|window)|anchor|copy|print|edit|share|expand|collapse|close|menu|search|toggle|logo",
    re.I,
)
_AFTER = re.compile(r"(?:\s|&nbsp;|<[^>]{0,200}>){0,6}([^<]{0,60})")
_TAB = re.compile(
    r"<(button|a|li|div|span)\b([^>]{0,300}\b(?:role\s*=\s*[\"']?tab\b(?!\w)|data-(?:bs-)?toggle\s*=\s*[\"']?(?:tab|pill)\b)[^>]{0,300})>"
    r"((?:(?!</?(?:p|div|ul|table)\b)[\s\S]){1,300}?)</\1>",
    re.I,
)
_TAB_LABELS = re.compile(
    r"<div\b[^>]{0,80}\bclass\s*=\s*[\"']?tabbed-labels\b[^>]{0,80}>([\s\S]{1,2000}?)</div>", re.I
)
_LABEL = re.compile(r"<label\b([^>]{0,200})>([\s\S]{1,300}?)</label>", re.I)
_PANEL = re.compile(
    r"<(?:div|section|article)\b([^>]{0,300}(?:\brole\s*=\s*[\"']?tabpanel\b|\bclass\s*=\s*[\"']?(?:[^\"'>]*\s)?(?:tab-pane|tabbed-block)(?=[\s\"'>]))[^>]{0,300})>",
    re.I,
)
_TARGET = re.compile(
    r"\b(?:aria-controls|href|data-(?:bs-)?target)\s*=\s*[\"']?#?([\w:.-]{1,80})", re.I
)
_QUOTED = re.compile(
    r"<q(?:\s[^<>]{0,300})?>([^<>]{1,1000})</q\s*>", re.I
)  # a browser shows its marks
_REVERSED = re.compile(r"<ol\b(?=[^>]*\breversed\b)(?![^>]*\bstart\b)", re.I)
_IN_LIST = re.compile(r"<(/?)(ol|ul|menu|li)\b", re.I)


def in_words(source: str) -> str:
    """The source of a page with what its markup says in words."""
    text = _WARNING_ASIDE.sub('<aside role="doc-warning" ', source)
    text = _PERMALINK.sub("", text)
    text = _NOTE_LINK.sub(r"\1<sup>\2</sup></a>", text)
    text = looks_in_words(_NOTE_MARK.sub(_note_mark, fields_in_words(text)))
    text = _DRAWING.sub(_drawing_said, text) if "<text" in text else text
    text = _POPUP.sub(r"\1 (\2)", text)
    text = _WORD_TITLE.sub(r'<h1 class="title">\1</h1>', text, count=1)
    text = (
        _ICON.sub(_icon_said, text)
        if re.search(r"\b(?:title|aria-label)\s*=", text, re.I)
        else text
    )
    text = re.sub(r"</dt>\s*<dt\b[^>]{0,200}>", "<br>", text, flags=re.I)  # terms of one definition
    text = re.sub(r"(</label>)(?=<label\b)", r"\1 ", text, flags=re.I)
    text = _QUOTED.sub(r"“\1”", text) if "<q" in text.lower() else text
    return _with_tabs_named(_counted_down(text))


def _note_mark(found: re.Match[str]) -> str:
    """The mark that calls a note as small type: what follows a word would be a figure of it."""
    return found[0] if found["raised"] else f"{found['link']}<sup>{found['mark']}</sup></a>"


def _attribute(attributes: str, name: str) -> str:
    found = re.search(
        rf"(?:^|\s){name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", attributes, re.I
    )
    return " ".join(unescape(found[1] or found[2] or found[3] or "").split()) if found else ""


def _icon_said(found: re.Match[str]) -> str:
    """An icon with the word that it is described by, unless the page says that word behind it or it works on the page."""
    attributes = found[2] or found[3]
    word = _attribute(attributes, "aria-label") or _attribute(attributes, "title")
    icon = _attribute(attributes, "role") == "img"
    icon = icon or bool(found[2] and _ICON_NAME.search(_attribute(attributes, "class")))
    if (
        not word
        or not icon
        or _attribute(attributes, "aria-hidden") == "true"
        or _ON_PAGE.search(word)
    ):
        return found[0]
    after = _AFTER.match(found.string, found.end())
    if after and unescape(after[1]).strip().casefold().startswith(word.casefold()):
        return found[0]
    said = word.replace("&", "&amp;").replace("<", "&lt;")
    return f" {said} " if found[2] else f" {said} {found[0]}"


def _drawing_said(found: re.Match[str]) -> str:
    """A drawing, and behind it the texts in it of more than a word."""
    told = [" ".join(re.sub(r"<[^>]*>", " ", text).split()) for text in _DRAWN.findall(found[2])]
    said = list(
        dict.fromkeys(
            text for text in told if re.search(r"\S \S", text) and re.search(r"[^\W\d_]{2}", text)
        )
    )
    if not said or len(told) > MOST_DRAWN or _UNSEEN_DRAWING.search(found[1]):
        return found[0]
    return f"{found[0]}<div>{'; '.join(said)}</div>"


def _with_tabs_named(text: str) -> str:
    """Each page of tabs begins with the name of its tab: "macOS:". By ids, else as many tabs as pages behind them."""
    if not _PANEL.search(text):
        return text
    text = _TAB_LABELS.sub(lambda m: _LABEL.sub(r'<li role="tab" \1>\2</li>', m[0]), text)
    names: dict[int, str] = {}
    for tabs, panels in _runs(text):
        for at, panel in enumerate(panels):
            own, owner = (_attribute(panel[1], name) for name in ("id", "aria-labelledby"))
            told = [
                words
                for key, target, words in tabs
                if (own and target == own) or (owner and key == owner)
            ]
            if not told and len(tabs) == len(panels):
                told = [tabs[at][2]]
            if told and not _begins_with(text, panel.end(), told[0]):
                names[panel.end()] = told[0]
    out, last = [], 0
    for at, name in names.items():
        said = name.replace("&", "&amp;").replace("<", "&lt;").rstrip(":")
        out += [text[last:at], f"<p>{said}:</p>"]
        last = at
    text = "".join([*out, text[last:]])
    return (
        text
        if not names
        else re.sub(
            r"<div\b([^>]{0,80}\bclass\s*=\s*[\"']?)tabbed-labels\b",
            r'<div role="tablist" \1tabbed-labels',
            text,
        )
    )


def _runs(text: str) -> Iterator[tuple[list[tuple[str, str, str]], list[re.Match[str]]]]:
    """The tabs that stand together, as (id, id of their page, words), and the pages behind them."""
    tabs: list[tuple[str, str, str]] = []
    panels: list[re.Match[str]] = []
    found = sorted([*_TAB.finditer(text), *_PANEL.finditer(text)], key=lambda one: one.start())
    for one in found:
        if one.re is _PANEL:
            panels.append(one)
            continue
        if panels:
            yield tabs, panels
            tabs, panels = [], []
        words = " ".join(unescape(re.sub(r"<[^>]*>", " ", one[3])).split())
        target = _TARGET.search(one[2]) or _TARGET.search(one[3])
        inner = re.search(r"\bid\s*=\s*[\"']?([\w:.-]+)", one[3])
        key = _attribute(one[2], "id") or (inner[1] if inner else "")
        if words:
            tabs.append((key, target[1] if target else "", words))
    if panels:
        yield tabs, panels


def _begins_with(text: str, at: int, words: str) -> bool:
    after = _AFTER.match(text, at)
    return after is not None and unescape(after[1]).strip().casefold().startswith(words.casefold())


def _counted_down(text: str) -> str:
    """A list that counts down says where it begins."""
    out, last = [], 0
    for found in _REVERSED.finditer(text):
        depth = items = 0
        for tag in _IN_LIST.finditer(text, found.start()):
            if tag[2].lower() == "li":
                items += depth == 1 and not tag[1]
            else:
                depth += -1 if tag[1] else 1
            if depth == 0:
                break
        out += [text[last : found.end()], f' start="{items}"']
        last = found.end()
    return "".join([*out, text[last:]])
